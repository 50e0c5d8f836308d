//! Which column of a file is which column of its kind? Resolved once, from the header.

use super::fault::ColumnFault;
use super::kind::{Column, Kind};

/// Stands for "not in this file" in [`Layout::positions`].
pub(super) const ABSENT: usize = usize::MAX;

/// Columns of a prices file, as positions in the table of [`Kind::Prices`].
#[derive(Debug, Clone, Copy)]
pub(super) enum At {
    PriceList,
    Sku,
    Category,
    Brand,
    Unit,
    Per,
    TierMode,
    Over,
    From,
    Above,
    To,
    Price,
    Percent,
    Formula,
    PercentOf,
    Currency,
    ValidFrom,
    ValidTo,
    ValidThrough,
    Flags,
    Op,
}

impl At {
    #[inline]
    pub(super) fn index(self) -> usize {
        self as usize
    }

    /// The column's name.
    pub(super) fn name(self) -> &'static str {
        Kind::Prices.columns().get(self.index()).map_or("", |column| column.name)
    }
}

/// Where each column of the kind stands in the file.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// The kind's columns.
    pub(super) columns: &'static [Column],
    /// For each of them its position in the file, or [`ABSENT`].
    pub(super) positions: Vec<usize>,
}

impl Layout {
    /// Matches the names of a header, reporting everything that is wrong with it.
    pub(super) fn resolve(kind: Kind, header: &[&str]) -> Result<Self, Vec<ColumnFault>> {
        let columns = kind.columns();
        let mut faults = Vec::new();
        let mut positions = vec![ABSENT; columns.len()];
        for (position, name) in header.iter().map(|name| name.trim()).enumerate() {
            match columns.iter().zip(&mut positions).find(|(column, _)| column.name == name) {
                Some((_, place)) if *place == ABSENT => *place = position,
                Some(_) => faults.push(ColumnFault::Duplicate { name: name.to_owned() }),
                None => faults.push(ColumnFault::Unknown {
                    name: super::fault::shorten(name),
                    nearest: nearest(columns, name),
                }),
            }
        }
        for (column, position) in columns.iter().zip(&positions) {
            if column.required && *position == ABSENT {
                faults.push(ColumnFault::Missing { name: column.name });
            }
        }
        if faults.is_empty() { Ok(Self { columns, positions }) } else { Err(faults) }
    }
}

/// The known name that a typing error away from `name`, if any.
fn nearest(columns: &[Column], name: &str) -> Option<&'static str> {
    let plain = |text: &str| text.to_lowercase().replace([' ', '-'], "_");
    let name = plain(name);
    columns
        .iter()
        .map(|column| (distance(&name, column.name), column.name))
        .filter(|(distance, known)| *distance <= 1 + known.len() / 4)
        .min()
        .map(|(_, known)| known)
}

/// Levenshtein's distance in characters.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (done, a) in left.chars().enumerate() {
        let mut diagonal = done;
        let mut before = done + 1;
        let mut next = vec![before];
        for (b, above) in right.iter().zip(row.iter().skip(1)) {
            let replaced = diagonal + usize::from(a != *b);
            before = replaced.min(before + 1).min(*above + 1);
            diagonal = *above;
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_enum_follows_the_table() {
        assert_eq!(At::Op.index() + 1, Kind::Prices.columns().len());
        for (at, name) in [
            (At::PriceList, "price_list"),
            (At::Per, "per"),
            (At::Above, "above"),
            (At::Price, "price"),
            (At::PercentOf, "percent_of"),
            (At::ValidThrough, "valid_through"),
            (At::Flags, "flags"),
            (At::Op, "op"),
        ] {
            assert_eq!(at.name(), name);
        }
    }

    #[test]
    fn distances() {
        assert_eq!(distance("price", "price"), 0);
        assert_eq!(distance("pirce", "price"), 2);
        assert_eq!(distance("", "to"), 2);
        assert_eq!(distance("prices", "price"), 1);
    }
}
