//! Where do answers go? To standard output, whole; a reader that has gone (`| head`) is no failure.

use std::io::Write;

use super::failure::{Failure, UNAVAILABLE};

/// Writes text as it is.
pub fn text(text: &str) -> Result<(), Failure> {
    heard(text).map(drop)
}

/// Writes text as it is. Is anybody there who reads it?
pub fn heard(text: &str) -> Result<bool, Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::new(UNAVAILABLE, format!("standard output: {error}"))),
    }
}

/// Writes a JSON value over several lines.
pub fn json(value: &serde_json::Value) -> Result<(), Failure> {
    text(&format!("{value:#}\n"))
}
