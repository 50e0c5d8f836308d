//! How do figures get onto BENCHMARKS.md? Between two markers, in place of what stands there.

use super::plan::root;

/// Puts a text between a marker's line and another marker; false where the page does not have them, and stays as it is.
pub fn put((begin, end): (&str, &str), text: &str) -> bool {
    let path = root().join("BENCHMARKS.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let Some((before, rest)) = page.split_once(begin) else { return false };
    let (_, after) = rest.split_once(end).unwrap();
    std::fs::write(&path, format!("{before}{begin}{text}{end}{after}")).unwrap();
    true
}
