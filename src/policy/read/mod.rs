//! Stands in for the reader until it is merged.
use super::finding::{Finding, Severity, Source};
use super::syntax::{At, Policy};

/// Stub.
pub fn read(files: &[Source<'_>]) -> Result<Policy, Vec<Finding>> {
    let at = At { file: 0, line: 1, column: 1 };
    if files.iter().any(|file| file.text.contains("broken")) {
        return Err(vec![Finding {
            at,
            severity: Severity::Error,
            code: "stub",
            message: "x".into(),
            hint: String::new(),
        }]);
    }
    Ok(Policy::default())
}
