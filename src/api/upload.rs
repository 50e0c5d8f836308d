//! Where do uploaded files wait until their stream has ended? In a folder of their own, which goes with the upload.

use std::path::PathBuf;

use tokio::fs::{self, File};
use tokio::io::{AsyncWriteExt, BufWriter};
use tonic::{Code, Status};

use crate::domain::limits;

use super::status::{Entry, Subject, Violation, violation_status};
use super::v1;

/// Files of one upload.
const FILES_MOST: usize = 1_000;

/// An upload on its way in. Dropping it removes its files.
#[derive(Debug)]
pub struct Upload {
    folder: PathBuf,
    files: Vec<(v1::ImportFile, PathBuf)>,
    open: Option<BufWriter<File>>,
    bytes: u64,
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            tracing::warn!(folder = %self.folder.display(), %error, "an upload's folder stays behind");
        }
    }
}

fn spool_status(error: &std::io::Error) -> Status {
    Entry { code: Code::Unavailable, reason: "STAGING", subject: Subject::None }
        .status(format!("staging: {error}"))
}

fn wrong(field: &str, description: &str) -> Status {
    violation_status(Violation::new(field, description))
}

impl Upload {
    /// Makes the folder.
    ///
    /// # Errors
    /// UNAVAILABLE where the disk refuses.
    pub async fn new(folder: PathBuf) -> Result<Self, Status> {
        fs::create_dir_all(&folder).await.map_err(|error| spool_status(&error))?;
        Ok(Self { folder, files: Vec::new(), open: None, bytes: 0 })
    }

    /// Begins a file.
    ///
    /// # Errors
    /// INVALID_ARGUMENT for too many files, UNAVAILABLE where the disk refuses.
    pub async fn open(&mut self, file: v1::ImportFile) -> Result<(), Status> {
        if self.files.len() >= FILES_MOST {
            return Err(wrong("file", "comes more often than 1,000 times"));
        }
        self.close().await?;
        let path = self.folder.join(self.files.len().to_string());
        let opened = File::create(&path).await.map_err(|error| spool_status(&error))?;
        self.open = Some(BufWriter::with_capacity(1 << 20, opened));
        self.files.push((file, path));
        Ok(())
    }

    /// Adds to the file begun last.
    ///
    /// # Errors
    /// INVALID_ARGUMENT where no file was begun, RESOURCE_EXHAUSTED past the limit, UNAVAILABLE where the disk refuses.
    pub async fn write(&mut self, chunk: &[u8]) -> Result<(), Status> {
        self.bytes = self.bytes.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        if self.bytes > limits::UPLOAD_BYTES {
            let entry =
                Entry { code: Code::ResourceExhausted, reason: "UPLOAD_TOO_LARGE", subject: Subject::None };
            return Err(entry.status(format!("an upload has at most {} bytes", limits::UPLOAD_BYTES)));
        }
        let file = self.open.as_mut().ok_or_else(|| wrong("chunk", "comes before a file was opened"))?;
        file.write_all(chunk).await.map_err(|error| spool_status(&error))
    }

    /// How many files were begun.
    #[must_use]
    pub fn count(&self) -> usize {
        self.files.len()
    }

    /// Ends the last file and gives all of them.
    ///
    /// # Errors
    /// UNAVAILABLE where the disk refuses.
    pub async fn finish(&mut self) -> Result<Vec<(v1::ImportFile, PathBuf)>, Status> {
        self.close().await?;
        Ok(std::mem::take(&mut self.files))
    }

    async fn close(&mut self) -> Result<(), Status> {
        if let Some(mut file) = self.open.take() {
            file.flush().await.map_err(|error| spool_status(&error))?;
        }
        Ok(())
    }
}
