//! How do documents and purchases read to a person?

use crate::api::v1;
use crate::cli::report::{digits, instant};
use crate::cli::table::{Side, Table, grouped};
use crate::domain::decimal::Micros;
use crate::exchange::fault::Faults;

/// Rejected rows and documents that a terminal shows; the rest are counted.
const SHOWN: usize = 20;

fn count(number: usize) -> String {
    grouped(u64::try_from(number).unwrap_or(u64::MAX))
}

/// What became of files.
#[must_use]
pub fn posted(report: &v1::PostReport, rows: &Faults, dry_run: bool) -> String {
    if rows.count() > 0 {
        return refused(rows, report.faults_untold);
    }
    let mut text = String::new();
    let of = |verdict| report.outcomes.iter().filter(move |outcome| outcome.verdict() == verdict);
    let parked: Vec<&v1::DocumentOutcome> = of(v1::DocumentVerdict::Parked).collect();
    let posted = of(v1::DocumentVerdict::Posted).count();
    let repeated = of(v1::DocumentVerdict::Repeated).count();
    let did = if dry_run { "would be posted" } else { "posted" };
    text.push_str(&format!(
        "documents: {} {did}, {} there before, {} put aside\n",
        count(posted),
        count(repeated),
        count(parked.len())
    ));
    for outcome in parked.iter().take(SHOWN) {
        let unknown: Vec<String> =
            outcome.unknown.iter().map(|fault| format!("{} \"{}\"", fault.field, fault.value)).collect();
        text.push_str(&format!("  {}: unknown {}\n", outcome.document, unknown.join(", ")));
    }
    if parked.len() > SHOWN {
        text.push_str(&format!("  and {} more: see `quoin ledger parked`\n", count(parked.len() - SHOWN)));
    }
    let beyond: usize = report
        .outcomes
        .iter()
        .filter_map(|outcome| outcome.posted.as_ref())
        .map(|of| of.lines_beyond_shipped.len())
        .sum();
    if beyond > 0 {
        text.push_str(&format!("lines that bring back more than was shipped: {}\n", count(beyond)));
    }
    let posted = report.outcomes.iter().filter_map(|outcome| outcome.posted.as_ref());
    let unlimited: usize = posted.map(|of| of.rules_without_limit.len()).sum();
    if unlimited > 0 {
        let count = count(unlimited);
        text.push_str(&format!(
            "uses of rules that the policy has no limit of, counted all the same: {count}\n"
        ));
    }
    let waiting = report.outcomes.iter().filter(|outcome| outcome.posted.as_ref().is_some_and(|of| of.waits));
    match waiting.count() {
        0 => {}
        waiting => text.push_str(&format!(
            "documents whose shipment has not come yet, on their own days until then: {}\n",
            count(waiting)
        )),
    }
    text
}

fn refused(rows: &Faults, untold: u64) -> String {
    let mut text = format!("{} faults; nothing was posted:\n", grouped(rows.count() + untold));
    for fault in rows.kept().iter().take(SHOWN) {
        text.push_str(&format!("  {fault}\n"));
    }
    let shown = u64::try_from(rows.kept().len().min(SHOWN)).unwrap_or(u64::MAX);
    if rows.count() + untold > shown {
        text.push_str(&format!("  and {} more\n", grouped(rows.count() + untold - shown)));
    }
    text
}

fn content(document: &v1::Document) -> String {
    let kind = document.kind().as_str_name();
    let kind = kind.strip_prefix("DOCUMENT_KIND_").unwrap_or(kind).to_lowercase();
    let mut text = format!("{kind} {} of {} under {}", document.id, document.day, document.contract);
    let more = [
        ("for", &document.reference),
        ("paid by", &document.payer),
        ("shipped to", &document.ship_to),
        ("after quote", &document.quote),
        ("ordered by", &document.channel),
        ("to be paid by", &document.due_day),
    ];
    for (word, value) in more {
        if !value.is_empty() {
            text.push_str(&format!(", {word} {value}"));
        }
    }
    text.push('\n');
    let least = digits(&document.currency);
    for allocation in &document.allocations {
        let pays = if allocation.document.is_empty() { "on account" } else { allocation.document.as_str() };
        text.push_str(&format!("{} for {pays}\n", Micros(allocation.amount_micros).to_text(least)));
    }
    if let Some(plan) = &document.plan {
        let target = Micros(plan.target_micros);
        text.push_str(&format!("{target} of {} through {}\n", plan.measure, plan.last_day));
    }
    for of in &document.uses {
        let (used, rule) = (Micros(of.used_micros), &of.rule);
        text.push_str(&format!("{used} of the limit of {rule}\n"));
    }
    if document.lines.is_empty() {
        return text;
    }
    let mut table = Table::new(&[
        ("sku", Side::Left),
        ("quantity", Side::Right),
        ("unit", Side::Left),
        ("list", Side::Right),
        ("contract", Side::Right),
        ("net", Side::Right),
        ("tax", Side::Right),
        ("cost", Side::Right),
    ]);
    let amount = |amount: Option<i64>| amount.map_or(String::new(), |amount| Micros(amount).to_text(least));
    for line in &document.lines {
        table.row([
            line.sku.clone(),
            Micros(line.quantity_micros).to_string(),
            line.unit.clone(),
            amount(line.list_amount_micros),
            amount(line.contract_amount_micros),
            amount(Some(line.net_amount_micros)),
            amount(Some(line.tax_amount_micros)),
            amount(line.cost_micros),
        ]);
    }
    text.push_str(&table.text());
    text
}

/// A document.
#[must_use]
pub fn document(found: &v1::GetDocumentResponse) -> String {
    let mut text = found.document.as_ref().map_or(String::new(), content);
    if let Some(posted) = &found.posted {
        let at = instant(posted.posted_at.as_ref());
        text.push_str(&format!("posted at {at} as {}, counts on {}", posted.sequence, found.counts_on));
        if !found.payer.is_empty() {
            text.push_str(&format!(", paid by {} and shipped to {}", found.payer, found.ship_to));
        }
        text.push('\n');
        if !posted.lines_beyond_shipped.is_empty() {
            let lines: Vec<String> =
                posted.lines_beyond_shipped.iter().map(|line| line.saturating_add(1).to_string()).collect();
            text.push_str(&format!("lines beyond what was shipped: {}\n", lines.join(", ")));
        }
        if !posted.rules_without_limit.is_empty() {
            let rules = posted.rules_without_limit.join(", ");
            text.push_str(&format!("rules that the policy had no limit of: {rules}\n"));
        }
    }
    text
}

/// Documents that are put aside.
#[must_use]
pub fn parked(found: &[v1::ParkedDocument]) -> String {
    let mut table = Table::new(&[
        ("document", Side::Left),
        ("contract", Side::Left),
        ("day", Side::Left),
        ("unknown", Side::Left),
    ]);
    for parked in found {
        let document = parked.document.clone().unwrap_or_default();
        let unknown: Vec<String> =
            parked.unknown.iter().map(|fault| format!("{} \"{}\"", fault.field, fault.value)).collect();
        table.row([document.id, document.contract, document.day, unknown.join(", ")]);
    }
    if found.is_empty() { "nothing is put aside\n".to_owned() } else { table.text() }
}

/// Purchases.
#[must_use]
pub fn purchases(found: &[v1::Purchases]) -> String {
    if found.is_empty() {
        return "nothing was bought\n".to_owned();
    }
    let mut text = String::new();
    for of in found {
        let mut table = Table::new(&[
            ("month", Side::Left),
            ("list", Side::Right),
            ("contract", Side::Right),
            ("net", Side::Right),
            ("tax", Side::Right),
            ("SKUs", Side::Right),
            ("shipments", Side::Right),
            ("others", Side::Right),
        ]);
        let total = of.total.clone().unwrap_or_default();
        let months =
            of.months.iter().map(|month| (month.month.clone(), month.figures.clone().unwrap_or_default()));
        for (month, figures) in months.chain([("all".to_owned(), total)]) {
            table.row([
                month,
                figures.list_amount,
                figures.contract_amount,
                figures.net_amount,
                figures.tax_amount,
                figures.skus.to_string(),
                figures.shipments.to_string(),
                figures.other_documents.to_string(),
            ]);
        }
        text.push_str(&format!("{}\n{}", of.currency, table.text()));
    }
    text
}

/// Where measures stand.
#[must_use]
pub fn measures(found: &[v1::MeasureStands]) -> String {
    let mut table = Table::new(&[
        ("measure", Side::Left),
        ("of", Side::Left),
        ("from", Side::Left),
        ("through", Side::Left),
        ("stands at", Side::Right),
        ("currency", Side::Left),
    ]);
    for stands in found {
        let of = stands.of().as_str_name();
        table.row([
            stands.measure.clone(),
            of.strip_prefix("PURCHASES_OF_").unwrap_or(of).to_lowercase(),
            stands.first_day.clone(),
            stands.last_day.clone(),
            stands.value.clone(),
            stands.currency.clone(),
        ]);
    }
    if found.is_empty() { "no rule for this contract measures a period\n".to_owned() } else { table.text() }
}

/// What a contract is entitled to.
#[must_use]
pub fn accruals(found: &v1::GetAccrualsResponse) -> String {
    if found.accruals.is_empty() {
        return "no retro-bonus is agreed with this contract\n".to_owned();
    }
    let least = digits(&found.currency);
    let money = |micros: i64| Micros(micros).to_text(least);
    let mut table = Table::new(&[
        ("agreement", Side::Left),
        ("from", Side::Left),
        ("through", Side::Left),
        ("stands at", Side::Right),
        ("tier", Side::Right),
        ("missing", Side::Right),
        ("worth", Side::Right),
        ("basis", Side::Right),
        ("entitled to", Side::Right),
        ("forecast", Side::Right),
    ]);
    let mut unmet = String::new();
    for of in &found.accruals {
        table.row([
            of.name.clone(),
            of.first_day.clone(),
            of.last_day.clone(),
            of.measure.clone(),
            if of.tier == 0 { "none".to_owned() } else { of.tier.to_string() },
            of.distance.clone(),
            if of.distance.is_empty() { String::new() } else { money(of.worth_micros) },
            of.basis.clone(),
            money(of.entitlement_micros),
            money(of.forecast_entitlement_micros),
        ]);
        if of.capped_micros != 0 {
            let taken = money(of.capped_micros);
            unmet.push_str(&format!("{}: {taken} more, which the cap {} takes\n", of.name, of.cap));
        }
        for condition in of.conditions.iter().filter(|condition| !condition.met) {
            let bound = match condition.at_most.as_str() {
                "" => format!("must be {} at least", condition.at_least),
                most => format!("may be {most} at most"),
            };
            unmet.push_str(&format!(
                "{}: {} stands at {} and {bound}\n",
                of.name, condition.of, condition.stands
            ));
        }
    }
    format!("{}\n{}{unmet}", found.currency, table.text())
}
