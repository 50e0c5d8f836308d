//! How do answers read? Imports and publications as tables and sentences.

use crate::api::v1;
use crate::domain::currency::Currency;
use crate::domain::decimal::Micros;
use crate::domain::time::Instant;

use super::table::{Side, Table, grouped};

/// Rejected rows that a terminal shows; the rest are counted.
const ROWS_SHOWN: usize = 20;

/// Digits after the point of an amount in this currency.
pub fn digits(currency: &str) -> u32 {
    Currency::parse(currency).map_or(2, |currency| currency.digits())
}

/// An instant as text.
pub fn instant(at: Option<&prost_types::Timestamp>) -> String {
    at.map_or(String::new(), |at| Instant(at.seconds).to_string())
}

/// The report of an import.
#[must_use]
pub fn import(report: &v1::ImportReport) -> String {
    let mut text = String::new();
    let mut files = Table::new(&[("file", Side::Left), ("kind", Side::Left), ("rows", Side::Right)]);
    for file in &report.files {
        files.row([file.name.clone(), file.kind.clone(), grouped(file.rows)]);
    }
    if !report.files.is_empty() {
        text.push_str(&files.text());
        text.push('\n');
    }
    text.push_str(&format!(
        "price points: {} added, {} changed, {} removed, {} as before\n",
        grouped(report.added),
        grouped(report.changed),
        grouped(report.removed),
        grouped(report.unchanged)
    ));
    for (word, moved) in [("rise", &report.greatest_rise), ("fall", &report.greatest_fall)] {
        if let Some(moved) = moved {
            text.push_str(&format!(
                "greatest {word}: {} in {}: {} to {} ({})\n",
                moved.target,
                moved.price_list,
                Micros(moved.before_micros),
                Micros(moved.after_micros),
                percent(moved.basis_points)
            ));
        }
    }
    text.push_str(&rejected(report));
    text.push_str(&verdict(report));
    text
}

/// Hundredths of a percent, with a sign.
pub fn percent(basis_points: i64) -> String {
    let value = Micros(basis_points.saturating_mul(10_000)).to_text(0);
    if basis_points > 0 { format!("+{value} %") } else { format!("{value} %") }
}

fn rejected(report: &v1::ImportReport) -> String {
    let mut text = String::new();
    if report.rejected == 0 {
        return text;
    }
    let rows = if report.rejected == 1 { "row" } else { "rows" };
    text.push_str(&format!("{} {rows} rejected:\n", grouped(report.rejected)));
    for row in report.rejected_rows.iter().take(ROWS_SHOWN) {
        text.push_str(&format!("  {}: row {}", row.file, row.row));
        if !row.column.is_empty() {
            text.push_str(&format!(", {}", row.column));
        }
        match row.value.as_str() {
            "" => text.push_str(&format!(": {}\n", row.reason)),
            value => text.push_str(&format!(": \"{value}\" {}\n", row.reason)),
        }
    }
    if report.rejected > u64::try_from(ROWS_SHOWN).unwrap_or(0) {
        text.push_str("  ... by reason:\n");
        for (reason, count) in &report.rejected_by_reason {
            text.push_str(&format!("  {:>12}  {reason}\n", grouped(*count)));
        }
    }
    text
}

fn verdict(report: &v1::ImportReport) -> String {
    let again =
        if report.repeated_request { " (this request came before: nothing new was done)" } else { "" };
    match report.verdict() {
        v1::ImportVerdict::Published => format!("published as publication {}{again}\n", report.publication),
        v1::ImportVerdict::DryRun => "dry run: nothing is published; this would have been\n".to_owned(),
        v1::ImportVerdict::Rejected => "refused: nothing is published; mend the rows above\n".to_owned(),
        v1::ImportVerdict::Implausible => format!(
            "refused: nothing is published; {} of {} price points would move too far or go: \
             look again, or --confirm\n",
            grouped(report.implausible),
            grouped(report.implausible_of)
        ),
        v1::ImportVerdict::Unspecified => "the server did not say what became of it\n".to_owned(),
    }
}

/// Publications, the newest first.
#[must_use]
pub fn publications(publications: &[v1::Publication]) -> String {
    let mut table = Table::new(&[
        ("publication", Side::Right),
        ("committed", Side::Left),
        ("price points", Side::Right),
        ("added", Side::Right),
        ("changed", Side::Right),
        ("removed", Side::Right),
        ("lists", Side::Right),
        ("policy", Side::Right),
    ]);
    for one in publications {
        table.row([
            one.number.to_string(),
            instant(one.committed_at.as_ref()),
            grouped(one.points),
            grouped(one.added),
            grouped(one.changed),
            grouped(one.removed),
            grouped(one.price_lists),
            if one.policy_version == 0 { String::new() } else { one.policy_version.to_string() },
        ]);
    }
    if publications.is_empty() { "nothing is published yet\n".to_owned() } else { table.text() }
}
