//! How does a row come into being? Cells are ordered by the epoch, cut into segments and frames, and packed.

use std::collections::BTreeSet;

use crate::domain::cell::{Cell, Target, Value};
use crate::domain::decimal::Micros;
use crate::domain::ids::{ListId, SkuId};

use super::bits::{TAIL_BYTES, put_signed, put_varint};
use super::epoch::{CodecEpoch, Expected};
use super::predict::{ClassTable, fit, quantum_code, step_of};
use super::segment::{FORMAT, HEADER_BYTES, checksum, target_key};
use super::shape::{prices_of, write_record};
use super::shapes_of::ShapeTable;
use super::walk::Held;
use super::{RowError, SEGMENT_BYTES_MAX, frame_of};

/// SKUs that a segment is first tried with.
const SEGMENT_SKUS: usize = 96 * 1_024;

/// What a SKU has in a row that is being built.
#[derive(Debug, Clone, Copy)]
pub(super) enum Content<'a> {
    /// One price.
    Plain(i64),
    /// Cells, sorted.
    Cells(&'a [Cell]),
}

impl Content<'_> {
    /// Its prices, in stored order.
    pub(super) fn prices(&self) -> impl Iterator<Item = i64> + '_ {
        let (plain, cells): (Option<i64>, &[Cell]) = match self {
            Self::Plain(price) => (Some(*price), &[]),
            Self::Cells(cells) => (None, cells),
        };
        plain.into_iter().chain(prices_of(cells))
    }
}

/// A SKU of a row that is being built.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) position: u32,
    pub(super) content: Content<'a>,
}

/// A row, packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltRow {
    /// First position and bytes of each segment; the first begins at position 0.
    pub segments: Vec<(u32, Vec<u8>)>,
    /// Price points.
    pub points: u64,
    /// The lists that percentages are taken off, ascending.
    pub references: Vec<ListId>,
}

enum Given {
    Plain(i64),
    Cells(Vec<Cell>),
}

/// Collects the cells of one price list.
pub struct RowBuilder<'e> {
    epoch: &'e CodecEpoch,
    given: Vec<(u32, Given)>,
    targets: Vec<(u32, Vec<Cell>)>,
}

impl<'e> RowBuilder<'e> {
    /// An empty row in the order of `epoch`.
    #[must_use]
    pub fn new(epoch: &'e CodecEpoch) -> Self {
        Self { epoch, given: Vec::new(), targets: Vec::new() }
    }

    /// A SKU with one price for one base unit. A SKU is given once, whichever way.
    pub fn plain(&mut self, sku: SkuId, price: Micros) {
        self.given.push((self.epoch.position(sku.0), Given::Plain(price.0)));
    }

    /// All the cells of a target.
    pub fn cells(&mut self, target: Target, mut cells: Vec<Cell>) {
        cells.sort_unstable_by(|a, b| (a.unit, a.window, a).cmp(&(b.unit, b.window, b)));
        match (target, target_key(target)) {
            (Target::Sku(sku), _) => {
                let given = match cells.as_slice() {
                    [] => return,
                    [cell] if cell.as_plain().is_some() => Given::Plain(cell.as_plain().map_or(0, |p| p.0)),
                    _ => Given::Cells(cells),
                };
                self.given.push((self.epoch.position(sku.0), given));
            }
            (_, Some(key)) if !cells.is_empty() => self.targets.push((key, cells)),
            _ => {}
        }
    }

    /// What a row held of a target.
    ///
    /// # Errors
    /// Where the row's bytes are not what was written.
    pub fn keep(&mut self, target: Target, held: Held<'_>) -> Result<(), RowError> {
        match (target, held) {
            (Target::Sku(sku), Held::Plain(price)) => self.plain(sku, price),
            (target, held) => self.cells(target, held.to_cells()?),
        }
        Ok(())
    }

    /// Packs the row. `None` where it has no cell.
    ///
    /// # Errors
    /// [`RowError::TooLarge`] where the layout has no room, which takes a SKU with tens of thousands of prices.
    pub fn finish(mut self) -> Result<Option<BuiltRow>, RowError> {
        if self.given.is_empty() && self.targets.is_empty() {
            return Ok(None);
        }
        // Mostly one ascending run, or two: a stable sort finds them.
        self.given.sort_by_key(|(position, _)| *position);
        self.targets.sort_unstable_by_key(|(key, _)| *key);
        let entries: Vec<Entry<'_>> = self
            .given
            .iter()
            .map(|(position, given)| Entry {
                position: *position,
                content: match given {
                    Given::Plain(price) => Content::Plain(*price),
                    Given::Cells(cells) => Content::Cells(cells),
                },
            })
            .collect();
        let count = |cells: &[Cell]| cells.iter().map(Cell::points).sum::<usize>();
        let points = entries
            .iter()
            .map(|entry| match entry.content {
                Content::Plain(_) => 1,
                Content::Cells(cells) => count(cells),
            })
            .chain(self.targets.iter().map(|(_, cells)| count(cells)))
            .sum::<usize>();
        let mut segments = Vec::new();
        if entries.is_empty() {
            segments.push((0, pack(self.epoch, &[], &self.targets)?));
        }
        for (number, chunk) in entries.chunks(SEGMENT_SKUS).enumerate() {
            let targets = if number == 0 { self.targets.as_slice() } else { &[] };
            pack_or_split(self.epoch, chunk, targets, &mut segments)?;
        }
        if let Some(first) = segments.first_mut() {
            first.0 = 0;
        }
        let references = self.references();
        Ok(Some(BuiltRow { segments, points: u64::try_from(points).unwrap_or(u64::MAX), references }))
    }
}

impl RowBuilder<'_> {
    fn references(&self) -> Vec<ListId> {
        let of_skus = self.given.iter().filter_map(|(_, given)| match given {
            Given::Plain(_) => None,
            Given::Cells(cells) => Some(cells),
        });
        let named: BTreeSet<ListId> = of_skus
            .chain(self.targets.iter().map(|(_, cells)| cells))
            .flatten()
            .flat_map(|cell| cell.ladder.tiers())
            .filter_map(|tier| match tier.value {
                Value::Percent { of, .. } => Some(of),
                _ => None,
            })
            .collect();
        named.into_iter().collect()
    }
}

fn pack_or_split(
    epoch: &CodecEpoch,
    entries: &[Entry<'_>],
    targets: &[(u32, Vec<Cell>)],
    out: &mut Vec<(u32, Vec<u8>)>,
) -> Result<(), RowError> {
    match pack(epoch, entries, targets) {
        Ok(bytes) if bytes.len() <= SEGMENT_BYTES_MAX || entries.len() < 2 => {
            out.push((entries.first().map_or(0, |entry| entry.position), bytes));
            Ok(())
        }
        Err(RowError::TooLarge(what)) if entries.len() < 2 => Err(RowError::TooLarge(what)),
        Ok(_) | Err(RowError::TooLarge(_)) => {
            let (left, right) = entries.split_at(entries.len() / 2);
            pack_or_split(epoch, left, targets, out)?;
            pack_or_split(epoch, right, &[], out)
        }
        Err(other) => Err(other),
    }
}

fn pack(
    epoch: &CodecEpoch,
    entries: &[Entry<'_>],
    targets: &[(u32, Vec<Cell>)],
) -> Result<Vec<u8>, RowError> {
    let quantum = quantum_code(entries.iter().flat_map(|entry| entry.content.prices()));
    let firsts: Vec<(Expected, i64)> = entries
        .iter()
        .filter_map(|entry| Some((epoch.expected(entry.position), entry.content.prices().next()?)))
        .collect();
    let table = fit(&firsts, quantum);
    let classes = ClassTable::parse(&table, 0)?;
    let shapes = ShapeTable::new(entries, classes.rule);
    let frames = frame_of::cut(entries);
    let mut directory = Vec::with_capacity(frames.len() * 8);
    let mut body = Vec::new();
    let mut expects = false;
    let begin = HEADER_BYTES + frames.len() * 8;
    for range in &frames {
        let members = entries.get(range.clone()).unwrap_or_default();
        let first = members.first().map_or(0, |entry| entry.position);
        directory.extend(first.to_le_bytes());
        directory.extend(offset(begin + body.len())?.to_le_bytes());
        let packer = frame_of::Packer { epoch, quantum: step_of(quantum), classes, shapes: &shapes };
        expects |= packer.pack(members, range.start, &mut body)?;
    }
    let mut bytes = vec![FORMAT, quantum];
    let count = u16::try_from(frames.len()).map_err(|_| RowError::TooLarge("frames"))?;
    bytes.extend(count.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(epoch.number().to_le_bytes());
    bytes.extend(offset(entries.len())?.to_le_bytes());
    let shapes = shapes.dictionary()?;
    let targets = pack_targets(targets)?;
    let table = if expects { table } else { Vec::new() };
    let mut at = begin + body.len();
    for part in [&shapes, &table, &targets] {
        bytes.extend(if part.is_empty() { 0 } else { offset(at)? }.to_le_bytes());
        at += part.len();
    }
    for part in [directory, body, shapes, table, targets, vec![0; TAIL_BYTES]] {
        bytes.extend(part);
    }
    let sum = checksum(&bytes).to_le_bytes();
    if let Some(slot) = bytes.get_mut(4..8) {
        slot.copy_from_slice(&sum);
    }
    Ok(bytes)
}

fn offset(at: usize) -> Result<u32, RowError> {
    u32::try_from(at).map_err(|_| RowError::TooLarge("bytes of a segment"))
}

fn pack_targets(targets: &[(u32, Vec<Cell>)]) -> Result<Vec<u8>, RowError> {
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    let count = u16::try_from(targets.len()).map_err(|_| RowError::TooLarge("categories and brands"))?;
    let mut bytes = count.to_le_bytes().to_vec();
    let mut records = Vec::new();
    let begin = 2 + targets.len() * 8;
    for (key, cells) in targets {
        bytes.extend(key.to_le_bytes());
        bytes.extend(offset(begin + records.len())?.to_le_bytes());
        let prices: Vec<i64> = prices_of(cells).collect();
        put_varint(&mut records, u64::try_from(prices.len()).unwrap_or(u64::MAX));
        for price in &prices {
            put_signed(&mut records, *price);
        }
        write_record(&mut records, cells, &vec![0; prices.len()]);
    }
    bytes.extend(records);
    Ok(bytes)
}
