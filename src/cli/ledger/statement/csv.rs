//! How does a statement read to a spreadsheet? A row an entry, and one a document below it.

use crate::api::v1;
use crate::cli::report::digits;
use crate::domain::decimal::Micros;

/// The columns.
const COLUMNS: &str = "row,statement,contract,currency,agreement,name,kind,corrects,first_day,last_day,through,measure,basis,tier,\
    entitlement,earlier,to_pay,settled_as,document,document_contract,document_kind,day,counts_on,to_measure,to_basis,late";

/// A word of an enum's name.
fn word(name: &str, prefix: &str) -> String {
    name.strip_prefix(prefix).unwrap_or(name).to_lowercase()
}

fn number(number: u64) -> String {
    if number == 0 { String::new() } else { number.to_string() }
}

/// A row; texts with a comma, a quote or a line break stand in quotes.
fn row(cells: &[String]) -> String {
    let cell = |cell: &String| match cell.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.clone(),
    };
    format!("{}\n", cells.iter().map(cell).collect::<Vec<_>>().join(","))
}

/// What a document's row has in common with its entry's.
fn head(kind: &str, of: &v1::Statement, entry: &v1::StatementEntry) -> Vec<String> {
    vec![
        kind.to_owned(),
        of.number.to_string(),
        of.contract.clone(),
        of.currency.clone(),
        entry.agreement.clone(),
        entry.name.clone(),
        word(entry.kind().as_str_name(), "ENTRY_KIND_"),
        number(entry.corrects),
        entry.first_day.clone(),
        entry.last_day.clone(),
        entry.through.clone(),
    ]
}

/// A statement as CSV.
#[must_use]
pub fn rows(of: &v1::Statement, documents: &[v1::StatementDocument]) -> String {
    let least = digits(&of.currency);
    let money = |micros: i64| Micros(micros).to_text(least);
    let empty = |count: usize| vec![String::new(); count];
    let mut text = format!("{COLUMNS}\n");
    for (place, entry) in (0_u32..).zip(&of.entries) {
        let figures = vec![
            entry.measure.clone(),
            entry.basis.clone(),
            number(entry.tier.into()),
            money(entry.entitlement_micros),
            money(entry.earlier_micros),
            money(entry.to_pay_micros),
            word(entry.settled_as().as_str_name(), "SETTLED_AS_"),
        ];
        text.push_str(&row(&[head("entry", of, entry), figures, empty(8)].concat()));
        for document in documents.iter().filter(|document| document.entry == place) {
            let below = vec![
                document.id.clone(),
                document.contract.clone(),
                word(document.kind().as_str_name(), "DOCUMENT_KIND_"),
                document.day.clone(),
                document.counts_on.clone(),
                document.to_measure.clone(),
                document.to_basis.clone(),
                if document.late { "true".to_owned() } else { String::new() },
            ];
            text.push_str(&row(&[head("document", of, entry), empty(7), below].concat()));
        }
    }
    text
}
