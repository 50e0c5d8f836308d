//! How does a priced cart read? A table of lines, totals, notices, and the way to the next tiers.

use crate::api::v1;
use crate::domain::decimal::Micros;

use super::ladders;
use super::report::{digits, instant};
use super::table::{Side, Table, shorten};

/// Characters of a name that a table shows.
const NAME_CHARS: usize = 40;

/// A priced cart.
#[must_use]
pub fn cart(cart: &v1::PriceCartResponse) -> String {
    let mut text = format!(
        "contract {}  {}  {} (local time {})  publication {}",
        cart.contract,
        cart.currency,
        instant(cart.pricing_at.as_ref()),
        cart.local_time,
        cart.publication
    );
    if cart.policy_version > 0 {
        text.push_str(&format!("  policy {}", cart.policy_version));
    }
    text.push_str(&format!("\n\n{}", lines(cart)));
    text.push_str(&format!("\ntotal {} {}  (list {})\n", cart.total, cart.currency, cart.list_total));
    if !cart.gross_total.is_empty() {
        text.push_str(&format!("tax {}  with tax {} {}\n", cart.tax_total, cart.gross_total, cart.currency));
    }
    cart.points.iter().for_each(|of| text.push_str(&points(of, cart)));
    if !cart.left_to_pay.is_empty() {
        text.push_str(&format!("left to pay {} {}\n", cart.left_to_pay, cart.currency));
    }
    if let Some(bonus) = cart.retro_bonus_micros {
        let bonus = Micros(bonus).to_text(digits(&cart.currency));
        text.push_str(&format!("expected retro-bonus {bonus} {}\n", cart.currency));
    }
    for of in &cart.limit_uses {
        text.push_str(&limit_use(of, &cart.currency));
    }
    for line in cart.lines.iter().filter(|line| line.status() != v1::LineStatus::Priced) {
        text.push_str(&format!("no price: {}: {}\n", line.sku, problem(line)));
    }
    for line in &cart.lines {
        for notice in &line.notices {
            text.push_str(&format!("note: {}: {}\n", line.sku, notice.explanation));
        }
    }
    if cart.needs_approval {
        text.push_str("NEEDS APPROVAL: a quote of this cart must be approved\n");
    }
    if !cart.hold.is_empty() {
        text.push_str(&format!("ON HOLD: {}\n", cart.hold));
    }
    for hold in &cart.overdue_holds {
        text.push_str(&overdue_hold(hold));
    }
    if cart.what_if {
        text.push_str("what if: purchases and uses before this cart are as the request says\n");
    }
    if !cart.progress.is_empty() {
        text.push_str(&format!("\n{}", ladders::progress(cart)));
    }
    text
}

fn lines(cart: &v1::PriceCartResponse) -> String {
    let digits = digits(&cart.currency);
    let money = |micros: i64| Micros(micros).to_text(digits);
    let mut table = Table::new(&[
        ("line", Side::Left),
        ("sku", Side::Left),
        ("name", Side::Left),
        ("quantity", Side::Right),
        ("unit", Side::Left),
        ("list price", Side::Right),
        ("price", Side::Right),
        ("amount", Side::Right),
        ("tax", Side::Right),
        ("from list", Side::Left),
    ]);
    for line in &cart.lines {
        let priced = line.status() == v1::LineStatus::Priced;
        let figure = |micros: i64| if priced { money(micros) } else { String::new() };
        table.row([
            line.id.clone(),
            line.sku.clone(),
            shorten(&line.name, NAME_CHARS),
            Micros(line.quantity_micros).to_string(),
            line.unit.clone(),
            figure(line.list_unit_price_micros),
            figure(line.unit_price_micros),
            if priced { money(line.amount_micros) } else { "no price".to_owned() },
            if cart.tax_total.is_empty() { String::new() } else { figure(line.tax_micros) },
            line.source.as_ref().map_or(String::new(), |source| source.price_list.clone()),
        ]);
    }
    table.text()
}

/// Points that a cart was to take of a programme; nothing where it says nothing of that.
fn points(points: &v1::CartPoints, cart: &v1::PriceCartResponse) -> String {
    let (Some(asked), Some(taken)) = (points.asked_micros, points.taken_micros) else {
        return String::new();
    };
    let amount = Micros(points.taken_amount_micros.unwrap_or_default()).to_text(digits(&cart.currency));
    let does = match points.used_as() {
        v1::PointsUse::Discount => "take off",
        v1::PointsUse::Payment | v1::PointsUse::Unspecified => "pay",
    };
    let (name, taken, asked) = (&points.name, Micros(taken), Micros(asked));
    let mut text = format!("{name}: {taken} of {asked} points {does} {amount} {}\n", cart.currency);
    for left in &points.left {
        text.push_str(&format!("  {} not taken: {}\n", Micros(left.points_micros), left.explanation));
    }
    text
}

/// Why a line has no price.
pub fn problem(line: &v1::PricedLine) -> String {
    line.problem.as_ref().map_or(String::new(), |problem| problem.reason.clone())
}

/// What the cart uses of a limited benefit.
fn limit_use(of: &v1::CartUse, currency: &str) -> String {
    let figure = |micros| super::ledger::limit_figure(micros, of.kind(), (&of.unit, currency));
    format!("limited: {}: {} used of {} left\n", of.name, figure(of.used_micros), figure(of.left_micros))
}

/// What holds a contract because debts are overdue.
pub(super) fn overdue_hold(hold: &v1::OverdueHold) -> String {
    let word = if hold.blocks { "ON HOLD" } else { "OVERDUE" };
    let (amount, days) = (&hold.overdue_amount, hold.overdue_days);
    format!("{word}: {}: {amount} overdue, the oldest for {days} days\n", hold.name)
}
