//! How do plans and progress read to a person?

use crate::api::v1;
use crate::cli::cart_report::overdue_hold;
use crate::cli::table::{Side, Table};

use super::report::accruals;

/// Plans against what was bought.
#[must_use]
pub fn plans(found: &[v1::PlanStands]) -> String {
    if found.is_empty() {
        return "nothing is planned for this day\n".to_owned();
    }
    let mut table = Table::new(&[
        ("plan", Side::Left),
        ("from", Side::Left),
        ("through", Side::Left),
        ("planned", Side::Right),
        ("bought", Side::Right),
        ("%", Side::Right),
        ("at this pace", Side::Right),
        ("with accepted", Side::Right),
        ("currency", Side::Left),
    ]);
    for plan in found {
        table.row([
            plan.name.clone(),
            plan.first_day.clone(),
            plan.last_day.clone(),
            plan.target.clone(),
            plan.fact.clone(),
            plan.percent.clone(),
            plan.forecast.clone(),
            // Left out where nothing is to be shipped.
            if plan.with_accepted == plan.fact { String::new() } else { plan.with_accepted.clone() },
            plan.currency.clone(),
        ]);
    }
    table.text()
}

fn ladders(found: &[v1::LadderStands]) -> String {
    if found.is_empty() {
        return "no discount depends on a period's purchases\n".to_owned();
    }
    let mut table = Table::new(&[
        ("discount", Side::Left),
        ("from", Side::Left),
        ("through", Side::Left),
        ("stands at", Side::Right),
        ("tier", Side::Right),
        ("missing", Side::Right),
        ("to", Side::Right),
    ]);
    for ladder in found {
        let stands = ladder.stands.clone().unwrap_or_default();
        table.row([
            ladder.name.clone(),
            stands.first_day,
            stands.last_day,
            format!("{} {}", stands.value, stands.currency).trim_end().to_owned(),
            if ladder.tier == 0 { "none".to_owned() } else { ladder.tier.to_string() },
            ladder.distance.clone(),
            ladder.next_tier.clone(),
        ]);
    }
    table.text()
}

/// Quotes of which something is still to be shipped; nothing where there are none.
fn accepted(found: &v1::GetProgressResponse) -> String {
    if found.accepted_quotes.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&[
        ("accepted, not yet shipped", Side::Left),
        ("accepted", Side::Right),
        ("shipped", Side::Right),
        ("open", Side::Right),
        ("currency", Side::Left),
    ]);
    for quote in &found.accepted_quotes {
        table.row([
            quote.number.clone(),
            quote.accepted.clone(),
            quote.shipped.clone(),
            quote.open.clone(),
            quote.currency.clone(),
        ]);
    }
    let more = match found.untold_accepted_quotes {
        0 => String::new(),
        untold => format!(" and of {untold} more"),
    };
    format!("\n{}{} {} open of these{more}\n", table.text(), found.accepted_open, found.currency)
}

/// What a dashboard shows.
#[must_use]
pub fn progress(found: &v1::GetProgressResponse) -> String {
    let bonuses = v1::GetAccrualsResponse {
        accruals: found.accruals.clone(),
        currency: found.currency.clone(),
        sequence: found.sequence,
    };
    let mut text = format!("{}\n{}\n{}", plans(&found.plans), ladders(&found.ladders), accruals(&bonuses));
    text.push_str(&accepted(found));
    text.extend(found.overdue_holds.iter().map(overdue_hold));
    text
}
