//! How do sorted rows wait in a file? As what each differs by from the one before, so that a billion of them take less than half the disk.
//!
//! ```text
//! file:   blocks
//! block:  length u32 LE | records
//! record: list, less the one before varint | target varint, within a list less the one before
//!         source, less the one before signed varint | price signed varint
//!         bytes of the rest varint (0: a plain price) | postcard of the rest
//! ```

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use prost::bytes::Buf;
use prost::encoding::{decode_varint, encode_varint};

use crate::domain::ids::ListId;
use crate::matrix::bits::{unzigzag, zigzag};

use super::staged::Staged;

/// Bytes at which a block is closed.
const BLOCK_BYTES: usize = 1 << 18;

/// What the next record is held against.
#[derive(Debug, Clone, Copy, Default)]
struct Before {
    list: u32,
    target: u32,
    source: u64,
}

/// Writes records, which are sorted, into a new file.
pub(super) fn write(path: &Path, records: &[Staged]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    let (mut block, mut before) = (Vec::with_capacity(BLOCK_BYTES * 2), Before::default());
    for record in records {
        put(&mut block, &mut before, record)?;
        if block.len() >= BLOCK_BYTES {
            close(&mut file, &mut block)?;
        }
    }
    close(&mut file, &mut block)
}

fn close(file: &mut File, block: &mut Vec<u8>) -> std::io::Result<()> {
    let length = u32::try_from(block.len()).map_err(std::io::Error::other)?;
    file.write_all(&length.to_le_bytes())?;
    file.write_all(block)?;
    block.clear();
    Ok(())
}

fn put(block: &mut Vec<u8>, before: &mut Before, record: &Staged) -> std::io::Result<()> {
    let list = record.list.0;
    let lists = list.checked_sub(before.list).ok_or_else(unsorted)?;
    let target_before = if lists == 0 { before.target } else { 0 };
    encode_varint(u64::from(lists), block);
    encode_varint(u64::from(record.target.checked_sub(target_before).ok_or_else(unsorted)?), block);
    encode_varint(zigzag(record.source.wrapping_sub(before.source).cast_signed()), block);
    encode_varint(zigzag(record.price), block);
    match &record.rich {
        None => block.push(0),
        Some(rich) => {
            let bytes = postcard::to_stdvec(&**rich).map_err(std::io::Error::other)?;
            encode_varint(u64::try_from(bytes.len()).map_err(std::io::Error::other)?, block);
            block.extend(bytes);
        }
    }
    *before = Before { list, target: record.target, source: record.source };
    Ok(())
}

/// A file of sorted records that is read one by one.
#[derive(Debug)]
pub(super) struct RunFile {
    file: File,
    block: Vec<u8>,
    /// How far the block was read.
    at: usize,
    before: Before,
}

impl RunFile {
    pub(super) fn open(path: &Path) -> std::io::Result<Self> {
        Ok(Self { file: File::open(path)?, block: Vec::new(), at: 0, before: Before::default() })
    }

    /// The next record; none at the end.
    pub(super) fn next(&mut self) -> std::io::Result<Option<Staged>> {
        if self.at >= self.block.len() && !self.next_block()? {
            return Ok(None);
        }
        let mut rest = self.block.get(self.at..).unwrap_or_default();
        let left = rest.len();
        let record = take(&mut rest, &mut self.before).ok_or_else(torn)?;
        self.at += left - rest.len();
        Ok(Some(record))
    }

    fn next_block(&mut self) -> std::io::Result<bool> {
        let mut length = [0_u8; 4];
        match self.file.read_exact(&mut length) {
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(false),
            other => other?,
        }
        self.block.resize(usize::try_from(u32::from_le_bytes(length)).map_err(std::io::Error::other)?, 0);
        self.file.read_exact(&mut self.block)?;
        self.at = 0;
        Ok(!self.block.is_empty())
    }
}

/// The next record; none where the bytes are not what was written.
fn take(rest: &mut &[u8], before: &mut Before) -> Option<Staged> {
    let mut number = || decode_varint(rest).ok();
    let lists = u32::try_from(number()?).ok()?;
    let target_before = if lists == 0 { before.target } else { 0 };
    let list = before.list.checked_add(lists)?;
    let target = target_before.checked_add(u32::try_from(number()?).ok()?)?;
    let source = before.source.wrapping_add(unzigzag(number()?).cast_unsigned());
    let price = unzigzag(number()?);
    let length = usize::try_from(number()?).ok()?;
    let rich = match length {
        0 => None,
        length => Some(Box::new(postcard::from_bytes(rest.get(..length)?).ok()?)),
    };
    rest.advance(length);
    *before = Before { list, target, source };
    Some(Staged { list: ListId(list), target, source, price, rich })
}

fn torn() -> std::io::Error {
    std::io::Error::other("a staged run is torn")
}

fn unsorted() -> std::io::Error {
    std::io::Error::other("a staged run is out of order")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{RunFile, write};
    use crate::domain::cell::{CellFlags, Value};
    use crate::domain::decimal::Micros;
    use crate::domain::ids::{ListId, UnitId};
    use crate::domain::ladder::{Over, TierMode};
    use crate::domain::time::{CivilSecond, Window};
    use crate::engine::import::staged::{Rich, Staged};

    fn rich(price: i64) -> Rich {
        Rich {
            unit: UnitId(3),
            per: 100,
            mode: TierMode::Graduated,
            over: Over::Sku,
            lower: Micros(price),
            upper: Some(Micros(i64::MAX)),
            value: (price % 2 == 0).then_some(Value::Price(Micros(price))),
            window: Window { from: Some(CivilSecond(price)), to: None },
            flags: CellFlags::FINAL,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        /// Of many blocks and of none; lists and targets at both ends of their ranges.
        #[test]
        fn a_run_gives_what_it_was_given(
            records in prop::collection::vec(
                (prop_oneof![Just(0), 0..5_u32, any::<u32>()], any::<u32>(), any::<u64>(), any::<i64>(), any::<bool>()),
                0..400,
            ),
            repeated in prop_oneof![Just(1_u64), Just(80)],
        ) {
            let of = |(list, target, source, price, is_rich): &(u32, u32, u64, i64, bool), turn: u64| Staged {
                list: ListId(*list),
                target: *target,
                source: source.wrapping_add(turn),
                price: *price,
                rich: is_rich.then(|| Box::new(rich(*price))),
            };
            let mut given: Vec<Staged> =
                records.iter().flat_map(|record| (0..repeated).map(move |turn| of(record, turn))).collect();
            given.sort_by_key(|record| (record.list, record.target, record.source));
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("run");
            write(&path, &given).unwrap();
            let mut run = RunFile::open(&path).unwrap();
            for record in &given {
                let found = run.next().unwrap();
                prop_assert_eq!(found.as_ref(), Some(record));
            }
            prop_assert!(run.next().unwrap().is_none());
        }
    }
}
