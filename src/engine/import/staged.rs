//! Where do an import's price rows wait until all are read? In sorted runs: in memory, and in files past a budget.
//!
//! A run file holds records one after another, sorted by list, target and row:
//! `list u32 | target u32 | source u64 | price i64 | length u16 | postcard of the rest` (length 0: a plain price).

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::domain::cell::{CellFlags, Target, Value};
use crate::domain::decimal::Micros;
use crate::domain::ids::{BrandId, CategoryId, ListId, SkuId, UnitId};
use crate::domain::ladder::{Over, TierMode};
use crate::domain::time::Window;

/// Records that are held in memory before a run goes to a file (about 400 MB).
const RUN_RECORDS: usize = 12_000_000;
/// Bytes of a record's fixed part.
const FIXED_BYTES: usize = 26;
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
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&path)?);
        for record in &self.records {
            write_record(&mut out, record)?;
        }
        out.flush()?;
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
            runs.push(Run::open(path)?);
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

impl Drop for Stage {
    fn drop(&mut self) {
        if !self.files.is_empty() {
            // Opening the store empties the staging area anyway.
            let _left_for_the_next_opening = std::fs::remove_dir_all(&self.folder);
        }
    }
}

fn write_record(out: &mut impl Write, record: &Staged) -> std::io::Result<()> {
    out.write_all(&record.list.0.to_le_bytes())?;
    out.write_all(&record.target.to_le_bytes())?;
    out.write_all(&record.source.to_le_bytes())?;
    out.write_all(&record.price.to_le_bytes())?;
    match &record.rich {
        None => out.write_all(&[0, 0]),
        Some(rich) => {
            let bytes = postcard::to_stdvec(&**rich).map_err(std::io::Error::other)?;
            out.write_all(&u16::try_from(bytes.len()).map_err(std::io::Error::other)?.to_le_bytes())?;
            out.write_all(&bytes)
        }
    }
}

enum Run {
    Memory(std::vec::IntoIter<Staged>),
    File(BufReader<File>),
}

impl Run {
    fn open(path: &Path) -> std::io::Result<Self> {
        Ok(Self::File(BufReader::with_capacity(1 << 20, File::open(path)?)))
    }

    fn next(&mut self) -> std::io::Result<Option<Staged>> {
        match self {
            Self::Memory(records) => Ok(records.next()),
            Self::File(file) => read_record(file),
        }
    }
}

fn read_record(file: &mut BufReader<File>) -> std::io::Result<Option<Staged>> {
    let mut fixed = [0_u8; FIXED_BYTES];
    match file.read_exact(&mut fixed) {
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let [a, b, c, d, e, f, g, h, rest @ ..] = fixed;
    let (source, rest) = rest.split_first_chunk::<8>().ok_or_else(torn)?;
    let (price, length) = rest.split_first_chunk::<8>().ok_or_else(torn)?;
    let length = u16::from_le_bytes(*length.first_chunk::<2>().ok_or_else(torn)?);
    let rich = if length == 0 {
        None
    } else {
        let mut bytes = vec![0; usize::from(length)];
        file.read_exact(&mut bytes)?;
        Some(Box::new(postcard::from_bytes(&bytes).map_err(std::io::Error::other)?))
    };
    Ok(Some(Staged {
        list: ListId(u32::from_le_bytes([a, b, c, d])),
        target: u32::from_le_bytes([e, f, g, h]),
        source: u64::from_le_bytes(*source),
        price: i64::from_le_bytes(*price),
        rich,
    }))
}

fn torn() -> std::io::Error {
    std::io::Error::other("a staged run is torn")
}
