//! How does a file leave the system's page cache? `dd` asks for it with posix_fadvise, which needs no privilege.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Every file of a folder, those below left out.
pub fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_file()).collect()
}

/// Lets go of the pages of files, and says how many of their bytes stay resident all the same, where `fincore` can tell.
pub fn drop_pages(files: &[PathBuf]) -> Option<u64> {
    for file in files {
        let done = Command::new("dd")
            .arg(format!("of={}", file.display()))
            .args(["oflag=nocache", "conv=notrunc,fdatasync", "count=0", "status=none"])
            .status()
            .unwrap();
        assert!(done.success(), "dd would not drop the pages of {}", file.display());
    }
    let told = Command::new("fincore").args(["-b", "-n", "-o", "RES"]).args(files).output().ok()?;
    let text = String::from_utf8(told.stdout).ok()?;
    text.split_whitespace().map(|bytes| bytes.parse::<u64>().ok()).sum()
}
