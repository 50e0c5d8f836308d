//! How do many rows come in? As sorted table files, written beside the database in bounded memory, then
//! taken in by name: no write-ahead log, no compaction, and invisible until a commit names their publication.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::Ordering;

use rocksdb::{IngestExternalFileOptions, Options, SstFileWriter};
use xxhash_rust::xxh3::Xxh3;

use super::family::{ROW_FILE_BYTES, bulk_row_options};
use super::{Family, RowKey, Store, StoreError};

/// Writers borrow their options, which are the same for all.
static BULK_ROWS: LazyLock<Options> = LazyLock::new(bulk_row_options);

/// Writes the rows of one publication, in ascending order of key, into files of about 256 MiB. Several may
/// write one publication side by side if their ranges of keys are disjoint. Dropped unfinished, it removes
/// its files.
pub struct RowIngest {
    publication: u64,
    stem: PathBuf,
    open: Option<SstFileWriter<'static>>,
    staged: StagedRows,
    last: Option<RowKey>,
    digest: Box<Xxh3>,
    roll_at_bytes: u64,
}

/// Files of rows, finished and not yet ingested. Dropped, they are removed.
pub struct StagedRows {
    files: Vec<PathBuf>,
    /// Rows in the files.
    pub rows: u64,
    /// Bytes of the rows, keys not counted.
    pub row_bytes: u64,
    /// Bytes of the files.
    pub file_bytes: u64,
    /// XXH3-128 over every row in order: key, length (u64, big-endian), row.
    pub digest: u128,
}

impl StagedRows {
    /// How many files there are.
    pub fn file_count(&self) -> usize {
        self.files.len()
    }
}

impl fmt::Debug for StagedRows {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "StagedRows({} rows, {} files)", self.rows, self.files.len())
    }
}

impl Drop for StagedRows {
    fn drop(&mut self) {
        for file in &self.files {
            // What can't be removed now is swept at the next opening.
            let _ = fs::remove_file(file);
        }
    }
}

impl RowIngest {
    /// Begins a new file at this size instead: for tests.
    #[doc(hidden)]
    pub fn roll_at(mut self, bytes: u64) -> Self {
        self.roll_at_bytes = bytes;
        self
    }

    /// Adds a row.
    ///
    /// # Errors
    /// [`StoreError::OutOfOrder`] and [`StoreError::WrongPublication`] for a wrong key, [`StoreError::Io`]
    /// when the disk refuses. After an error, drop it.
    pub fn add(&mut self, key: RowKey, row: &[u8]) -> Result<(), StoreError> {
        if key.publication != self.publication {
            return Err(StoreError::WrongPublication { key, publication: self.publication });
        }
        if let Some(after) = self.last
            && key <= after
        {
            return Err(StoreError::OutOfOrder { key, after });
        }
        self.last = Some(key);
        let bytes = key.encode();
        let length = u64::try_from(row.len()).unwrap_or(u64::MAX);
        self.digest.update(&bytes);
        self.digest.update(&length.to_be_bytes());
        self.digest.update(row);
        self.staged.rows = self.staged.rows.saturating_add(1);
        self.staged.row_bytes = self.staged.row_bytes.saturating_add(length);

        let mut writer = match self.open.take() {
            Some(writer) => writer,
            None => self.next_file()?,
        };
        writer.put(bytes, row).map_err(failed)?;
        let full = writer.file_size() >= self.roll_at_bytes;
        self.open = Some(writer);
        if full { self.close_file() } else { Ok(()) }
    }

    /// Ends the last file. The files are synced.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the disk refuses.
    pub fn finish(mut self) -> Result<StagedRows, StoreError> {
        self.close_file()?;
        self.staged.digest = self.digest.digest128();
        Ok(std::mem::replace(&mut self.staged, StagedRows::none()))
    }

    fn next_file(&mut self) -> Result<SstFileWriter<'static>, StoreError> {
        let mut name = self.stem.clone().into_os_string();
        name.push(format!("-{}.sst", self.staged.files.len()));
        let path = PathBuf::from(name);
        let writer = SstFileWriter::create(&BULK_ROWS);
        writer.open(&path).map_err(failed)?;
        self.staged.files.push(path);
        Ok(writer)
    }

    fn close_file(&mut self) -> Result<(), StoreError> {
        let Some(mut writer) = self.open.take() else { return Ok(()) };
        writer.finish().map_err(failed)?;
        self.staged.file_bytes = self.staged.file_bytes.saturating_add(writer.file_size());
        Ok(())
    }
}

impl fmt::Debug for RowIngest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "RowIngest(publication {}, {} rows)", self.publication, self.staged.rows)
    }
}

impl Drop for RowIngest {
    fn drop(&mut self) {
        // Close the open file before `staged` removes it.
        self.open = None;
    }
}

impl StagedRows {
    fn none() -> Self {
        Self { files: Vec::new(), rows: 0, row_bytes: 0, file_bytes: 0, digest: 0 }
    }
}

impl Store {
    /// Begins to write the rows of a publication whose number was reserved.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`], [`StoreError::Poisoned`].
    pub fn begin_ingest(&self, publication: u64) -> Result<RowIngest, StoreError> {
        self.check_writable()?;
        let number = self.staged_files.fetch_add(1, Ordering::Relaxed);
        Ok(RowIngest {
            publication,
            stem: self.staging_dir().join(format!("rows-{publication}-{number}")),
            open: None,
            staged: StagedRows::none(),
            last: None,
            digest: Box::new(Xxh3::new()),
            roll_at_bytes: ROW_FILE_BYTES,
        })
    }

    /// Takes finished files in. Durable when it returns, and still invisible: a commit must name them.
    /// Commits and reads go on meanwhile, but for the instant in which RocksDB notes the files.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the disk refuses, [`StoreError::Corrupt`] when a file is damaged; then rows
    /// may be there, and are removed as orphans at the next opening.
    pub fn ingest(&self, mut staged: StagedRows) -> Result<(), StoreError> {
        self.check_writable()?;
        if staged.files.is_empty() {
            return Ok(());
        }
        let mut options = IngestExternalFileOptions::default();
        // Linked into the database's folder, synced there, then unlinked here.
        options.set_move_files(true);
        // No request holds a snapshot: views name rows, so files need no sequence number of their own.
        options.set_snapshot_consistency(false);
        let files: Vec<&Path> = staged.files.iter().map(PathBuf::as_path).collect();
        self.db
            .ingest_external_file_cf_opts(self.handle(Family::Rows)?, &options, files)
            .map_err(|error| StoreError::from_rocksdb("ingesting rows", &error))?;
        staged.files.clear();
        Ok(())
    }
}

fn failed(error: rocksdb::Error) -> StoreError {
    StoreError::from_rocksdb("writing rows", &error)
}
