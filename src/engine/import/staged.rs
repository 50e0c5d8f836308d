//! Where do an import's price rows wait until all are read? In sorted runs: in memory, and in files past a budget.
//!
//! A run file holds records sorted by list, target and row, each as what it differs by from the one before (module `runs`).

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::domain::cell::{CellFlags, Target, Value};
use crate::domain::decimal::Micros;
use crate::domain::ids::{BrandId, CategoryId, ListId, SkuId, UnitId};
use crate::domain::ladder::{Over, TierMode};
use crate::domain::time::Window;

use super::runs::{self, RunFile};

/// Records that are held in memory before a run goes to a file (about 400 MB).
const RUN_RECORDS: usize = 12_000_000;
const TARGET_BITS: u32 = 30;

/// Everything of a row that a plain price does not need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rich {
    pub(super) unit: UnitId,
    pub(super) per: u32,
    pub(super) mode: TierMode,
    pub(super) over: Over,
    pub(super) lower: Micros,
    pub(super) upper: Option<Micros>,
    /// `None` removes the cell.
    pub(super) value: Option<Value>,
    pub(super) window: Window,
    pub(super) flags: CellFlags,
}

/// A row whose names are resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Staged {
    pub(super) list: ListId,
    /// See [`target_key`].
    pub(super) target: u32,
    /// File number and row, see [`source_of`].
    pub(super) source: u64,
    /// The price of a plain row, millionths.
    pub(super) price: i64,
    pub(super) rich: Option<Box<Rich>>,
}

impl Staged {
    fn key(&self) -> (ListId, u32, u64) {
        (self.list, self.target, self.source)
    }
}

/// A target as a number whose order is: SKUs, categories, brands.
pub(super) fn target_key(target: Target) -> u32 {
    match target {
        Target::Sku(id) => id.0,
        Target::Category(id) => id.0 | 1 << TARGET_BITS,
        Target::Brand(id) => id.0 | 2 << TARGET_BITS,
    }
}

/// The way back from [`target_key`].
pub(super) fn target_of(key: u32) -> Target {
    let id = key & ((1 << TARGET_BITS) - 1);
    match key >> TARGET_BITS {
        0 => Target::Sku(SkuId(id)),
        1 => Target::Category(CategoryId(id)),
        _ => Target::Brand(BrandId(id)),
    }
}

/// File number and row in one number.
pub(super) fn source_of(file: usize, row: u64) -> u64 {
    (u64::try_from(file).unwrap_or(u64::MAX) << 48) | (row & ((1 << 48) - 1))
}

/// The way back from [`source_of`].
pub(super) fn place_of(source: u64) -> (usize, u64) {
    (usize::try_from(source >> 48).unwrap_or(usize::MAX), source & ((1 << 48) - 1))
}

/// Collects rows into runs.
pub(super) struct Stage {
    folder: PathBuf,
    records: Vec<Staged>,
    files: Vec<PathBuf>,
    rows: u64,
}

impl Stage {
    /// Runs go below `folder`, which is the importer's own and is removed with it.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, records: Vec::new(), files: Vec::new(), rows: 0 }
    }

    pub(super) fn push(&mut self, record: Staged) -> std::io::Result<()> {
        self.records.push(record);
        self.rows += 1;
        if self.records.len() >= RUN_RECORDS { self.spill() } else { Ok(()) }
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    fn sort(&mut self) {
        if !self.records.is_sorted_by_key(Staged::key) {
            self.records.sort_unstable_by_key(Staged::key);
        }
    }

    fn spill(&mut self) -> std::io::Result<()> {
        self.sort();
        std::fs::create_dir_all(&self.folder)?;
        let path = self.folder.join(format!("run-{}", self.files.len()));
        runs::write(&path, &self.records)?;
        self.files.push(path);
        self.records.clear();
        Ok(())
    }

    /// Hands all rows to `each` in the order of lists, targets and rows.
    pub(super) fn merge<E: From<std::io::Error>>(
        mut self,
        mut each: impl FnMut(Staged) -> Result<(), E>,
    ) -> Result<(), E> {
        self.sort();
        let records = std::mem::take(&mut self.records);
        if self.files.is_empty() {
            return records.into_iter().try_for_each(each);
        }
        let mut runs: Vec<Run> = vec![Run::Memory(records.into_iter())];
        for path in &self.files {
            runs.push(Run::File(RunFile::open(path)?));
        }
        let mut heads: Vec<Option<Staged>> = Vec::with_capacity(runs.len());
        let mut heap = BinaryHeap::new();
        for (number, run) in runs.iter_mut().enumerate() {
            let head = run.next()?;
            heap.extend(head.as_ref().map(|head| Reverse((head.key(), number))));
            heads.push(head);
        }
        while let Some(Reverse((_, number))) = heap.pop() {
            let (Some(run), Some(slot)) = (runs.get_mut(number), heads.get_mut(number)) else { continue };
            let Some(record) = std::mem::replace(slot, run.next()?) else { continue };
            heap.extend(slot.as_ref().map(|head| Reverse((head.key(), number))));
            each(record)?;
        }
        Ok(())
    }
}

/// Records in their order.
enum Run {
    Memory(std::vec::IntoIter<Staged>),
    File(RunFile),
}

impl Run {
    fn next(&mut self) -> std::io::Result<Option<Staged>> {
        match self {
            Self::Memory(records) => Ok(records.next()),
            Self::File(file) => file.next(),
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if !self.files.is_empty() {
            // Opening the store empties the staging area anyway.
            let _left_for_the_next_opening = std::fs::remove_dir_all(&self.folder);
        }
    }
}
