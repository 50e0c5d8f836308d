//! How does a statement look on paper? One HTML page that needs nothing beside it, in English or Russian.

use crate::api::v1;
use crate::cli::report::{digits, instant};
use crate::domain::decimal::Micros;
use crate::domain::language::Language;

/// Looks alike on a screen and on paper; rows are not cut in two.
const STYLE: &str = "body{font:11pt/1.4 sans-serif;margin:2em auto;max-width:60em;color:#000}\
    h1{font-size:16pt}h2{font-size:12pt;margin:1.5em 0 .3em}table{border-collapse:collapse;width:100%}\
    th,td{border-bottom:1px solid #999;padding:.2em .5em;text-align:left;vertical-align:top}\
    .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.t td{font-weight:bold}\
    @page{margin:15mm}@media print{body{margin:0;max-width:none;font-size:9pt}tr{page-break-inside:avoid}\
    thead{display:table-header-group}h2{page-break-after:avoid}}";

/// What is written on the page, in English and Russian.
const WORDS: &[(&str, &str)] = &[
    ("Statement", "Расчёт"),
    ("trial", "пробный"),
    ("Contract", "Договор"),
    ("Through", "По день"),
    ("Made", "Составлен"),
    ("Ledger position", "Позиция журнала"),
    ("Policy version", "Версия политики"),
    ("Reopens statement", "Пересматривает расчёт"),
    ("interim", "промежуточный"),
    ("final", "окончательный"),
    ("correction", "корректировка"),
    ("of statement", "расчёта"),
    ("Agreement", "Соглашение"),
    ("Entry", "Запись"),
    ("Period", "Период"),
    ("Measure", "Показатель"),
    ("Tier", "Ступень"),
    ("Basis", "База"),
    ("Entitlement", "Положено"),
    ("Earlier", "Ранее"),
    ("To pay", "К выплате"),
    ("In all", "Итого"),
    ("premium", "премия"),
    ("price correction", "изменение цены"),
    ("Condition", "Условие"),
    ("stood at", "значение"),
    ("at least", "не менее"),
    ("met", "выполнено"),
    ("not met", "не выполнено"),
    ("Documents", "Документы"),
    ("Document", "Документ"),
    ("Kind", "Вид"),
    ("Day", "День"),
    ("Counts on", "Учтён днём"),
    ("To measure", "В показатель"),
    ("To basis", "В базу"),
    ("late", "поздний"),
    ("shipment", "отгрузка"),
    ("return", "возврат"),
    ("measure", "показатель"),
    ("months", "месяцы с покупками"),
    ("growth", "рост"),
    ("growth_percent", "рост, %"),
];

/// A word in a language; as it is where the page has no other.
fn word(text: &str, language: Language) -> &str {
    let known = WORDS.iter().find(|(english, _)| *english == text);
    match (language, known) {
        (Language::Russian, Some((_, russian))) => russian,
        _ => text,
    }
}

/// Text that means nothing to a browser.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// An enum's name as words.
fn words_of(name: &str, prefix: &str) -> String {
    name.strip_prefix(prefix).unwrap_or(name).to_lowercase().replace('_', " ")
}

/// A table's row of cells; the last `numbers` stand to the right.
fn row(tag: &str, cells: &[String], numbers: usize) -> String {
    let first_number = cells.len().saturating_sub(numbers);
    let cells = cells.iter().enumerate().map(|(at, cell)| {
        let class = if at >= first_number { " class=\"n\"" } else { "" };
        format!("<{tag}{class}>{}</{tag}>", escaped(cell))
    });
    format!("<tr>{}</tr>\n", cells.collect::<String>())
}

/// A page under way.
struct Writing<'s> {
    of: &'s v1::Statement,
    language: Language,
    text: String,
}

/// A statement as a page.
#[must_use]
pub fn page(of: &v1::Statement, documents: &[v1::StatementDocument], language: Language) -> String {
    let mut page = Writing { of, language, text: String::new() };
    page.head();
    page.entries();
    for (place, entry) in (0_u32..).zip(&of.entries) {
        let below: Vec<&v1::StatementDocument> =
            documents.iter().filter(|document| document.entry == place).collect();
        page.below(entry, &below);
    }
    page.text.push_str("</body></html>\n");
    page.text
}

impl<'s> Writing<'s> {
    fn say(&self, text: &'s str) -> String {
        word(text, self.language).to_owned()
    }

    fn money(&self, micros: i64) -> String {
        Micros(micros).to_text(digits(&self.of.currency))
    }

    fn head(&mut self) {
        let of = self.of;
        let number = if of.number == 0 { self.say("trial") } else { of.number.to_string() };
        let title = escaped(&format!("{} {number}", self.say("Statement")));
        let language = self.language.code();
        self.text.push_str(&format!(
            "<!doctype html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\"><title>{title}</title>\
             <style>{STYLE}</style></head><body>\n<h1>{title}</h1>\n<table>\n"
        ));
        let kind = words_of(of.kind().as_str_name(), "STATEMENT_KIND_");
        let mut said = vec![
            ("Contract", of.contract.clone()),
            ("Through", format!("{} ({})", of.through, word(&kind, self.language))),
            ("Made", instant(of.settled_at.as_ref())),
            ("Ledger position", of.sequence.to_string()),
            ("Policy version", of.policy_version.to_string()),
        ];
        if of.reopens > 0 {
            said.push(("Reopens statement", of.reopens.to_string()));
        }
        for (name, value) in said {
            self.text.push_str(&row("td", &[word(name, self.language).to_owned(), value], 0));
        }
        self.text.push_str("</table>\n");
    }

    fn entries(&mut self) {
        let of = self.of;
        let titles =
            ["Agreement", "Entry", "Period", "Measure", "Tier", "Basis", "Entitlement", "Earlier", "To pay"];
        let titles = titles.map(|title| self.say(title));
        self.text.push_str(&format!("<h2>{}</h2>\n<table><thead>\n", escaped(&of.currency)));
        self.text.push_str(&row("th", &titles, 6));
        self.text.push_str("</thead><tbody>\n");
        for entry in &of.entries {
            let kind = words_of(entry.kind().as_str_name(), "ENTRY_KIND_");
            let mut kind = word(&kind, self.language).to_owned();
            if entry.corrects > 0 {
                kind.push_str(&format!(" {} {}", word("of statement", self.language), entry.corrects));
            }
            let settled_as = words_of(entry.settled_as().as_str_name(), "SETTLED_AS_");
            kind.push_str(&format!(", {}", word(&settled_as, self.language)));
            let cells = [
                entry.name.clone(),
                kind,
                format!("{} – {}", entry.first_day, entry.through),
                entry.measure.clone(),
                if entry.tier == 0 { "–".to_owned() } else { entry.tier.to_string() },
                entry.basis.clone(),
                self.money(entry.entitlement_micros),
                self.money(entry.earlier_micros),
                self.money(entry.to_pay_micros),
            ];
            self.text.push_str(&row("td", &cells, 6));
        }
        let total = format!(
            "<tr class=\"t\"><td colspan=\"8\">{}</td><td class=\"n\">{} {}</td></tr>\n</tbody></table>\n",
            escaped(word("In all", self.language)),
            escaped(&of.total),
            escaped(&of.currency)
        );
        self.text.push_str(&total);
    }

    /// What stands below an entry: conditions and documents.
    fn below(&mut self, entry: &v1::StatementEntry, documents: &[&v1::StatementDocument]) {
        let language = self.language;
        if entry.conditions.is_empty() && documents.is_empty() {
            return;
        }
        let period = format!("{}: {} – {}", entry.name, entry.first_day, entry.through);
        self.text.push_str(&format!("<h2>{}</h2>\n", escaped(&period)));
        for of in &entry.conditions {
            let bound = if of.at_most.is_empty() { "at least" } else { "at most" };
            let met = if of.met { "met" } else { "not met" };
            let text = format!(
                "{}: {} – {} {}, {} {} – {}",
                word("Condition", language),
                word(&of.of, language),
                word("stood at", language),
                of.stands,
                word(bound, language),
                if of.at_most.is_empty() { &of.at_least } else { &of.at_most },
                word(met, language)
            );
            self.text.push_str(&format!("<p>{}</p>\n", escaped(&text)));
        }
        if documents.is_empty() {
            return;
        }
        let titles = ["Document", "Kind", "Contract", "Day", "Counts on", "", "To measure", "To basis"];
        self.text.push_str("<table><thead>\n");
        self.text.push_str(&row("th", &titles.map(|title| word(title, language).to_owned()), 2));
        self.text.push_str("</thead><tbody>\n");
        for document in documents {
            let kind = words_of(document.kind().as_str_name(), "DOCUMENT_KIND_");
            let cells = [
                document.id.clone(),
                word(&kind, language).to_owned(),
                document.contract.clone(),
                document.day.clone(),
                document.counts_on.clone(),
                if document.late { word("late", language).to_owned() } else { String::new() },
                document.to_measure.clone(),
                document.to_basis.clone(),
            ];
            self.text.push_str(&row("td", &cells, 2));
        }
        self.text.push_str("</tbody></table>\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_words_are_there_in_both_languages() {
        assert_eq!(escaped("<a href='x'>\"&\"</a>"), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/a&gt;");
        for (english, russian) in WORDS {
            assert_eq!(
                (word(english, Language::English), word(english, Language::Russian)),
                (*english, *russian)
            );
        }
        let kinds = [v1::EntryKind::Interim, v1::EntryKind::Final, v1::EntryKind::Correction];
        for kind in kinds {
            let english = words_of(kind.as_str_name(), "ENTRY_KIND_");
            assert_ne!(word(&english, Language::Russian), english);
        }
    }
}
