//! What is written together? A batch is plain data: puts and deletes, made without the store, committed whole.

use std::ops::Range;

use super::{Family, RowKey, log_key};

/// What one operation does.
#[derive(Debug, Clone)]
pub(super) enum Op {
    Put { family: Family, key: Range<usize>, value: Range<usize> },
    Delete { family: Family, key: Range<usize> },
}

/// Puts and deletes that become durable together or not at all; later ones win over earlier ones.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    bytes: Vec<u8>,
    ops: Vec<Op>,
    claims_publication: bool,
    owned: Vec<(u64, bool)>,
}

impl Batch {
    /// An empty batch.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stores `value` under `key`.
    pub fn put(&mut self, family: Family, key: &[u8], value: &[u8]) {
        let key = self.push(key);
        let value = self.push(value);
        self.ops.push(Op::Put { family, key, value });
    }

    /// Removes what is under `key`, if anything.
    pub fn delete(&mut self, family: Family, key: &[u8]) {
        let key = self.push(key);
        self.ops.push(Op::Delete { family, key });
    }

    /// Stores a row segment: for small publications. Large ones go through
    /// [`Store::begin_ingest`](super::Store::begin_ingest).
    pub fn put_row(&mut self, key: RowKey, row: &[u8]) {
        self.put(Family::Rows, &key.encode(), row);
    }

    /// Removes a row segment.
    pub fn delete_row(&mut self, key: RowKey) {
        self.delete(Family::Rows, &key.encode());
    }

    /// Stores the log entry of a sequence number.
    pub fn put_log(&mut self, sequence: u64, entry: &[u8]) {
        self.put(Family::Log, &log_key(sequence), entry);
    }

    /// Says whether the rows of a publication belong to anything once the batch is committed. A reserved number's rows
    /// do not until a batch says so; what belongs to nothing is removed at the next opening.
    pub fn own_rows(&mut self, publication: u64, owned: bool) {
        self.owned.push((publication, owned));
    }

    /// How many operations it holds.
    pub fn len(&self) -> usize {
        self.ops.len()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty() && self.owned.is_empty()
    }

    /// Bytes of all keys and values.
    pub fn size_bytes(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn claim_publication(&mut self) {
        self.claims_publication = true;
    }

    pub(super) fn claims_publication(&self) -> bool {
        self.claims_publication
    }

    pub(super) fn owned(&self) -> &[(u64, bool)] {
        &self.owned
    }

    /// Each operation: the family, the key, and the value unless it is a delete.
    pub(super) fn ops(&self) -> impl Iterator<Item = (Family, &[u8], Option<&[u8]>)> {
        self.ops.iter().map(|op| match op {
            Op::Put { family, key, value } => (*family, self.slice(key), Some(self.slice(value))),
            Op::Delete { family, key } => (*family, self.slice(key), None),
        })
    }

    fn push(&mut self, part: &[u8]) -> Range<usize> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(part);
        start..self.bytes.len()
    }

    fn slice(&self, range: &Range<usize>) -> &[u8] {
        self.bytes.get(range.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_come_back_in_order() {
        let mut batch = Batch::new();
        assert!(batch.is_empty());
        batch.put(Family::Meta, b"a", b"one");
        batch.delete(Family::Requests, b"b");
        batch.put_log(1, b"");
        let ops: Vec<_> = batch.ops().collect();
        assert_eq!(
            ops,
            [
                (Family::Meta, b"a".as_slice(), Some(b"one".as_slice())),
                (Family::Requests, b"b".as_slice(), None),
                (Family::Log, [0, 0, 0, 0, 0, 0, 0, 1].as_slice(), Some(b"".as_slice())),
            ]
        );
        assert_eq!((batch.len(), batch.size_bytes()), (3, 1 + 3 + 1 + 8));
    }
}
