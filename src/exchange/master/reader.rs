//! How is a file of master data read? All rows, typed, with their numbers; equal keys are a fault.

use std::borrow::Cow;
use std::collections::BTreeMap;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::exchange::cells::Cells;
use crate::exchange::fault::{Faults, FileFault, Refusal};
use crate::exchange::kind::Kind;
use crate::exchange::rows::{RowFaults, Visitor, visit};
use crate::exchange::source::Source;

use super::row::Row;

/// Stands between the parts of a key; no id has a control character.
const BETWEEN: char = '\t';

/// A record and the row it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered<T> {
    /// The row; see [`RowFault::row`](crate::exchange::fault::RowFault::row).
    pub row: u64,
    /// What it says.
    pub record: T,
}

/// A row of one kind of master data.
pub trait MasterRow: Sized {
    /// The kind of file that holds it.
    const KIND: Kind;

    /// Reads a row; what is wrong with it is left in `row`, and `None` stands where no record can be made of it.
    fn read(row: &mut Row<'_>) -> Option<Self>;

    /// What no two rows of a file may share, part by part.
    fn key(&self) -> Vec<Cow<'_, str>>;

    /// The fields, in the order of [`Kind::columns`].
    ///
    /// # Errors
    /// What can't be written so that it reads back as it is.
    fn fields(&self) -> Result<Vec<Cow<'_, str>>, Refusal>;
}

struct MasterVisitor<T> {
    rows: Vec<Numbered<T>>,
    keys: HashMap<String, u64, FixedState>,
    per_contract: BTreeMap<String, usize>,
}

impl<T: MasterRow> Visitor for MasterVisitor<T> {
    fn row<C: Cells>(&mut self, number: u64, cells: &C, faults: &mut RowFaults<'_>) -> Result<(), Refusal> {
        let mut row = Row::new(cells, T::KIND);
        let record = T::read(&mut row);
        let refusals = row.into_refusals();
        let sound = refusals.is_empty();
        for refusal in refusals {
            faults.add(number, refusal);
        }
        let Some(record) = record.filter(|_| sound) else { return Ok(()) };
        let parts = record.key();
        let key = parts.join(BETWEEN.to_string().as_str());
        if let Some(before) = self.keys.get(&key) {
            let column = T::KIND.columns().first().map_or("", |column| column.name);
            return Err(Refusal::new(
                column,
                &parts.join(", "),
                format!("is there already, in row {before}"),
            ));
        }
        if T::KIND == Kind::Access {
            let contract = parts.first().map(|contract| contract.to_string()).unwrap_or_default();
            let entries = self.per_contract.entry(contract).or_default();
            *entries += 1;
            if *entries > crate::domain::limits::ACCESS_ENTRIES {
                let reason = format!("has more than {} entries", crate::domain::limits::ACCESS_ENTRIES);
                return Err(Refusal::new("contract", parts.first().map_or("", AsRef::as_ref), reason));
            }
        }
        self.keys.insert(key, number);
        self.rows.push(Numbered { row: number, record });
        Ok(())
    }
}

/// Reads a file of master data whole. Every fault of every row is recorded; rows with faults are not in the answer.
///
/// # Errors
/// What keeps the file from being read to its end.
pub fn read_rows<T: MasterRow>(source: &Source, faults: &mut Faults) -> Result<Vec<Numbered<T>>, FileFault> {
    let mut visitor =
        MasterVisitor { rows: Vec::new(), keys: HashMap::default(), per_contract: BTreeMap::new() };
    visit(source, faults, &mut |_| {}, &mut visitor)?;
    Ok(visitor.rows)
}
