//! What does a line of the audit log look like? One JSON object: its number, its time, what happened, and the SHA-256 of the line
//! before it.

use serde_json::Value;

use crate::domain::time::Instant;
use crate::server::access::digest_text;

/// In the place of a line before the first.
pub const NO_LINE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Most characters of one text.
const CHARACTERS: usize = 200;

/// A line that has no number yet.
#[derive(Debug, Clone)]
pub struct Line {
    at: Instant,
    event: &'static str,
    fields: Vec<(&'static str, Value)>,
}

impl Line {
    /// Something that happened at an instant.
    pub fn new(event: &'static str, at: Instant) -> Self {
        Self { at, event, fields: Vec::new() }
    }

    /// With a text; what is too long is cut, and nothing stands where it is empty.
    pub fn text(mut self, name: &'static str, text: &str) -> Self {
        if !text.is_empty() {
            self.fields.push((name, Value::String(text.chars().take(CHARACTERS).collect())));
        }
        self
    }

    /// With a number.
    pub fn number(mut self, name: &'static str, number: u64) -> Self {
        self.fields.push((name, Value::from(number)));
        self
    }

    /// Its bytes, without the end of the line.
    pub fn written(&self, number: u64, before: &str) -> String {
        let text = |text: &str| Value::String(text.to_owned()).to_string();
        let mut out =
            format!("{{\"n\":{number},\"at\":{},\"event\":{}", text(&self.at.to_string()), text(self.event));
        for (name, value) in &self.fields {
            out.push_str(&format!(",{}:{value}", text(name)));
        }
        out.push_str(&format!(",\"prev\":{}}}", text(before)));
        out
    }
}

/// What the next line carries of this one.
pub fn hash(line: &str) -> String {
    digest_text(line.as_bytes())
}

/// What a line says of its place: its number, and the hash of the line before it.
pub fn place(line: &str) -> Option<(u64, String)> {
    let read: Value = serde_json::from_str(line).ok()?;
    Some((read.get("n")?.as_u64()?, read.get("prev")?.as_str()?.to_owned()))
}
