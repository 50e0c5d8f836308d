//! Is the audit log whole? Every line is held against the one before it, file after file, and the end against the head.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::journal::{AuditError, files, head};
use super::line::{NO_LINE, hash, place};

/// What was found of a log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// Files.
    pub files: usize,
    /// Number of the first line: above one where older files were moved away.
    pub first: u64,
    /// Number of the last line.
    pub last: u64,
    /// SHA-256 of the last line.
    pub head: String,
    /// Lines that a later line says were lost: the chain had been cut when the service started.
    pub lost: u64,
    /// Where the chain breaks first: file, line in it, and what is wrong.
    pub broken: Option<(PathBuf, usize, String)>,
}

/// Longest line.
const LINE_BYTES: usize = 1 << 20;

/// Walks over a log.
///
/// # Errors
/// Where a file cannot be read, or there is none.
pub fn verify(folder: &Path) -> Result<Verified, AuditError> {
    let all = files(folder)?;
    if all.is_empty() {
        return Err(AuditError::new(folder, "there is no audit log here"));
    }
    let mut found = Verified { files: all.len(), head: NO_LINE.to_owned(), ..Verified::default() };
    for path in &all {
        walk(path, &mut found)?;
        if found.broken.is_some() {
            return Ok(found);
        }
    }
    if let Some((number, hash)) = head(folder)? {
        let wrong = match number {
            number if number > found.last => {
                Some(format!("the chain ends at line {}, but line {number} was written", found.last))
            }
            number if number == found.last && hash != found.head => {
                Some("the last line is not the one that was written".to_owned())
            }
            _ => None,
        };
        found.broken = wrong.zip(all.last()).map(|(what, path)| (path.clone(), 0, what));
    }
    Ok(found)
}

fn walk(path: &Path, found: &mut Verified) -> Result<(), AuditError> {
    let failed = |error: std::io::Error| AuditError::new(path, error);
    let mut lines = BufReader::new(File::open(path).map_err(failed)?);
    let mut number_in_file = 0;
    loop {
        let mut bytes = Vec::new();
        let count = lines.take_until_newline(&mut bytes).map_err(failed)?;
        if count == 0 {
            return Ok(());
        }
        number_in_file += 1;
        let broken = |what: &str| Some((path.to_owned(), number_in_file, what.to_owned()));
        if bytes.pop() != Some(b'\n') {
            // A line that is being written, or was when the machine stopped.
            return Ok(());
        }
        let Some((line, (number, before))) =
            String::from_utf8(bytes).ok().and_then(|line| place(&line).map(|place| (line, place)))
        else {
            found.broken = broken("is no line of an audit log");
            return Ok(());
        };
        let is_first = found.last == 0 && found.first == 0;
        if is_first {
            found.first = number;
        } else if before != found.head {
            found.broken = broken("does not carry the hash of the line before it");
            return Ok(());
        } else if number != found.last + 1 && line.contains("\"lost_from\"") {
            found.lost += number.saturating_sub(found.last + 1);
        } else if number != found.last + 1 {
            found.broken = broken("does not have the number after that of the line before it");
            return Ok(());
        }
        if is_first && number == 1 && before != NO_LINE {
            found.broken = broken("is the first, but names one before it");
            return Ok(());
        }
        (found.last, found.head) = (number, hash(&line));
    }
}

/// Reads to the end of a line, and not beyond a bound.
trait TakeLine {
    fn take_until_newline(&mut self, into: &mut Vec<u8>) -> std::io::Result<usize>;
}

impl<R: BufRead> TakeLine for R {
    fn take_until_newline(&mut self, into: &mut Vec<u8>) -> std::io::Result<usize> {
        use std::io::Read;
        let most = u64::try_from(LINE_BYTES).unwrap_or(u64::MAX);
        self.by_ref().take(most).read_until(b'\n', into)
    }
}
