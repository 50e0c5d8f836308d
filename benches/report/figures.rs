//! What was found? Figures by name: integers, and decimals as strings.

use serde_json::{Map, Value};

/// The figures so far. Each is told as it comes.
#[derive(Debug, Default)]
pub struct Figures(Map<String, Value>);

impl Figures {
    /// A whole number.
    pub fn integer(&mut self, key: &str, value: u64) {
        self.put(key, Value::from(value));
    }

    /// `value` x 10^-places.
    pub fn decimal(&mut self, key: &str, value: u64, places: u32) {
        self.put(key, Value::from(scaled(value, places)));
    }

    /// Words, or a decimal that is written already.
    pub fn text(&mut self, key: &str, text: &str) {
        self.put(key, Value::from(text));
    }

    /// Nanoseconds as microseconds.
    pub fn micros(&mut self, key: &str, nanos: u64) {
        self.decimal(key, nanos, 3);
    }

    /// Everything that another process found.
    pub fn take(&mut self, others: Map<String, Value>) {
        self.0.extend(others);
    }

    /// As the report writes it.
    pub fn shown(&self, key: &str) -> Option<String> {
        Some(match self.0.get(key)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => grouped(&number.as_u64().unwrap().to_string()),
            other => other.to_string(),
        })
    }

    /// All of them, as the report writes them.
    pub fn all_shown(&self) -> impl Iterator<Item = (String, String)> {
        self.keys().map(|key| (key.clone(), self.shown(key).unwrap()))
    }

    /// A whole number that was put before.
    pub fn get(&self, key: &str) -> u64 {
        self.0[key].as_u64().unwrap()
    }

    /// Their names.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }

    /// All of them, as JSON.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(&self.0).unwrap() + "\n"
    }

    fn put(&mut self, key: &str, value: Value) {
        eprintln!("   {key}: {value}");
        let before = self.0.insert(key.to_owned(), value);
        assert!(before.is_none(), "{key} was measured twice");
    }
}

/// `value` x 10^-places, written out.
pub fn scaled(value: u64, places: u32) -> String {
    let one = 10_u64.pow(places);
    format!("{}.{:0width$}", value / one, value % one, width = usize::try_from(places).unwrap())
}

/// Bytes as megabytes of a million, with one digit after the point.
pub fn megabytes(bytes: u64) -> String {
    scaled(bytes / 100_000, 1)
}

/// Digits in threes.
pub fn grouped(digits: &str) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The middle one; the upper of two.
pub fn median(values: impl IntoIterator<Item = u64>) -> u64 {
    let mut values: Vec<u64> = values.into_iter().collect();
    values.sort_unstable();
    values[values.len() / 2]
}
