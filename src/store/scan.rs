//! What is there, in order of key? Scans for opening, export and checks.
//!
//! A scan sees the store as it was when it began, and leaves the block cache to the requests.

use rocksdb::{DBRawIterator, PrefixRange, ReadOptions};

use super::{Family, RowKey, Store, StoreError};

/// Read ahead of a scan: one seek for many blocks.
const READ_AHEAD_BYTES: usize = 1024 * 1024;

/// A key and its value, lent.
pub type Entry<'e> = (&'e [u8], &'e [u8]);

/// A walk through one family. [`Scan::step`] lends each entry until the next step.
pub struct Scan<'s> {
    raw: DBRawIterator<'s>,
    begun: bool,
    downwards: bool,
}

impl Scan<'_> {
    /// The next key and value, or `None` at the end.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where a block fails its checksum: the scan is over then.
    pub fn step(&mut self) -> Result<Option<Entry<'_>>, StoreError> {
        // The first entry was sought when the scan was made; past the end, `next` must not be called.
        if self.begun && self.raw.valid() {
            match self.downwards {
                true => self.raw.prev(),
                false => self.raw.next(),
            }
        }
        self.begun = true;
        if !self.raw.valid() {
            self.raw.status().map_err(|error| StoreError::from_rocksdb("scanning", &error))?;
        }
        Ok(self.raw.item())
    }
}

/// A walk through rows.
pub struct RowScan<'s>(Scan<'s>);

impl RowScan<'_> {
    /// The next row segment, or `None` at the end.
    ///
    /// # Errors
    /// As [`Scan::step`].
    pub fn step(&mut self) -> Result<Option<(RowKey, &[u8])>, StoreError> {
        let Some((key, row)) = self.0.step()? else { return Ok(None) };
        let key = RowKey::decode(key).ok_or_else(|| foreign_key(Family::Rows, key))?;
        Ok(Some((key, row)))
    }
}

/// A walk through the log.
pub struct LogScan<'s>(Scan<'s>);

impl LogScan<'_> {
    /// The next sequence number and entry, or `None` at the end.
    ///
    /// # Errors
    /// As [`Scan::step`].
    pub fn step(&mut self) -> Result<Option<(u64, &[u8])>, StoreError> {
        let Some((key, entry)) = self.0.step()? else { return Ok(None) };
        Ok(Some((log_sequence(key)?, entry)))
    }
}

/// The key of a log entry: its sequence number, big-endian.
pub(super) fn log_key(sequence: u64) -> [u8; 8] {
    sequence.to_be_bytes()
}

fn log_sequence(key: &[u8]) -> Result<u64, StoreError> {
    let bytes = <[u8; 8]>::try_from(key).map_err(|_| foreign_key(Family::Log, key))?;
    Ok(u64::from_be_bytes(bytes))
}

fn foreign_key(family: Family, key: &[u8]) -> StoreError {
    StoreError::Corrupt { file: None, what: format!("{} holds a key of {} bytes", family.name(), key.len()) }
}

impl Store {
    /// Every key of a family that begins with `prefix`, with its value.
    ///
    /// # Errors
    /// As [`Scan::step`].
    pub fn scan(&self, family: Family, prefix: &[u8]) -> Result<Scan<'_>, StoreError> {
        let mut options = scan_options();
        if !prefix.is_empty() {
            options.set_iterate_range(PrefixRange(prefix));
        }
        self.scan_from(family, prefix, options)
    }

    /// Keys of a family that begin with `prefix`, from `from` on, with their values.
    ///
    /// # Errors
    /// As [`Scan::step`].
    pub fn scan_within(&self, family: Family, prefix: &[u8], from: &[u8]) -> Result<Scan<'_>, StoreError> {
        let mut options = scan_options();
        options.set_iterate_range(PrefixRange(prefix));
        self.scan_from(family, from, options)
    }

    /// Keys of a family that begin with `prefix` and are below `before`, the greatest first, with their values.
    ///
    /// # Errors
    /// As [`Scan::step`].
    pub fn scan_down(&self, family: Family, prefix: &[u8], before: &[u8]) -> Result<Scan<'_>, StoreError> {
        let mut options = scan_options();
        options.set_iterate_range(PrefixRange(prefix));
        options.set_iterate_upper_bound(before);
        let mut raw = self.db.raw_iterator_cf_opt(self.handle(family)?, options);
        raw.seek_to_last();
        Ok(Scan { raw, begun: false, downwards: true })
    }

    /// Pages of the directory whose key begins with `prefix`.
    ///
    /// # Errors
    /// As [`Scan::step`].
    pub fn scan_directory(&self, prefix: &[u8]) -> Result<Scan<'_>, StoreError> {
        self.scan(Family::Directory, prefix)
    }

    /// Records whose key begins with `prefix`.
    ///
    /// # Errors
    /// As [`Scan::step`].
    pub fn scan_records(&self, prefix: &[u8]) -> Result<Scan<'_>, StoreError> {
        self.scan(Family::Records, prefix)
    }

    /// Log entries from a sequence number on.
    ///
    /// # Errors
    /// As [`Scan::step`].
    pub fn scan_log(&self, from_sequence: u64) -> Result<LogScan<'_>, StoreError> {
        self.scan_from(Family::Log, &log_key(from_sequence), scan_options()).map(LogScan)
    }

    /// The sequence number of the last log entry, if there is any.
    ///
    /// # Errors
    /// As [`Scan::step`].
    pub fn last_log_sequence(&self) -> Result<Option<u64>, StoreError> {
        let mut raw = self.db.raw_iterator_cf_opt(self.handle(Family::Log)?, scan_options());
        raw.seek_to_last();
        raw.status().map_err(|error| StoreError::from_rocksdb("reading the end of the log", &error))?;
        raw.key().map(log_sequence).transpose()
    }

    /// Row segments from `from` to `to`, both included.
    ///
    /// # Errors
    /// As [`Scan::step`].
    pub fn scan_rows(&self, from: RowKey, to: RowKey) -> Result<RowScan<'_>, StoreError> {
        let mut options = scan_options();
        let mut end = to.encode().to_vec();
        end.push(0);
        options.set_iterate_upper_bound(end);
        self.scan_from(Family::Rows, &from.encode(), options).map(RowScan)
    }

    fn scan_from(&self, family: Family, from: &[u8], options: ReadOptions) -> Result<Scan<'_>, StoreError> {
        let mut raw = self.db.raw_iterator_cf_opt(self.handle(family)?, options);
        raw.seek(from);
        Ok(Scan { raw, begun: false, downwards: false })
    }
}

fn scan_options() -> ReadOptions {
    let mut options = ReadOptions::default();
    options.fill_cache(false);
    options.set_verify_checksums(true);
    options.set_readahead_size(READ_AHEAD_BYTES);
    options
}
