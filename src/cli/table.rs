//! How does a table look in a terminal? Columns as wide as their widest text, numbers to the right.

/// Where a column's texts stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Texts.
    Left,
    /// Numbers.
    Right,
}

/// Rows below a heading.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<(&'static str, Side)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns.
    #[must_use]
    pub fn new(columns: &[(&'static str, Side)]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The table as text; columns with nothing in them are left out.
    #[must_use]
    pub fn text(&self) -> String {
        let widths: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(at, (name, _))| {
                let widest = self.rows.iter().filter_map(|row| row.get(at)).map(|cell| width(cell)).max();
                match widest.unwrap_or(0) {
                    0 => 0,
                    widest => widest.max(width(name)),
                }
            })
            .collect();
        let names: Vec<String> = self.columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        let mut text = String::new();
        for row in std::iter::once(&names).chain(&self.rows) {
            let cells = row.iter().zip(&self.columns).zip(&widths).filter(|(_, width)| **width > 0);
            let padded: Vec<String> =
                cells.map(|((cell, (_, side)), width)| pad(cell, *side, *width)).collect();
            text.push_str(padded.join("  ").trim_end());
            text.push('\n');
        }
        text
    }
}

/// Columns of a terminal that a text takes, nearly: one a character.
fn width(text: &str) -> usize {
    text.chars().count()
}

/// `text` with blanks on the other side.
#[must_use]
pub fn pad(text: &str, side: Side, to: usize) -> String {
    let blanks = " ".repeat(to.saturating_sub(width(text)));
    match side {
        Side::Left => format!("{text}{blanks}"),
        Side::Right => format!("{blanks}{text}"),
    }
}

/// At most `most` characters of a text.
#[must_use]
pub fn shorten(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// A count with thin groups of three, as people read it.
#[must_use]
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Side, Table, grouped, shorten};

    #[test]
    fn columns_line_up_and_empty_ones_go() {
        let mut table = Table::new(&[("sku", Side::Left), ("note", Side::Left), ("amount", Side::Right)]);
        table.row(["ГОСТ-1".to_owned(), String::new(), "9.50".to_owned()]);
        table.row(["B".to_owned(), String::new(), "1250.00".to_owned()]);
        assert_eq!(table.text(), "sku      amount\nГОСТ-1     9.50\nB       1250.00\n");
        assert_eq!(shorten("Mineral wool", 8), "Mineral…");
        assert_eq!([grouped(7), grouped(1_234), grouped(1_234_567)], ["7", "1,234", "1,234,567"]);
    }
}
