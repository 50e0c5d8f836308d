//! What must a cart cost under a policy of the report? Worked out in whole numbers, by docs/POLICY.md and by nothing of
//! quoin's own arithmetic: what is measured must be what was meant.

use std::cmp::Reverse;

use quoin::domain::decimal::{MILLION, Micros};

use super::policies::{OF_ORDER, Policy};

/// All of something, in hundredths of a percent.
const WHOLE: i128 = 10_000;
/// What runs through the layers is in 10^-12 of the currency, percentages of it in 10^-16, and a cent is so many.
const CENT: i128 = 10_000_000_000;
const CENT_OF_SHARES: i128 = CENT * WHOLE;

/// A line at its contract price.
#[derive(Debug, Clone, Copy)]
pub struct Line<'i> {
    /// Decides ties.
    pub id: &'i str,
    /// The SKU's leaf category.
    pub leaf: u16,
    /// The price of one unit: whole hundredths of a cent.
    pub price: Micros,
    /// Whole units.
    pub quantity: Micros,
    /// The price may not be discounted.
    pub no_discount: bool,
}

/// A line on its way through the layers.
struct Running {
    amount: i128,
    discounted: bool,
}

/// The net amounts of lines, in cents. The contract has no rounding of its own and pays in euros, or in another currency,
/// in which tiers by amount don't hold.
pub fn cents(policy: &Policy<'_>, contract: u32, in_euros: bool, lines: &[Line<'_>]) -> Vec<i128> {
    let mut running = after_volume(policy, in_euros, lines);
    let parts = order_parts(lines, &running);
    for (line, part) in running.iter_mut().zip(parts) {
        line.amount -= part * CENT;
    }
    let loyalty = policy.of_loyalty(contract);
    let net = |line: &Running| {
        rounded(line.amount * if line.discounted { WHOLE - loyalty } else { WHOLE }, CENT_OF_SHARES)
    };
    running.iter().map(net).collect()
}

/// Volume discounts; groups are measured where the layer begins, goods that may not be discounted among them.
fn after_volume(policy: &Policy<'_>, in_euros: bool, lines: &[Line<'_>]) -> Vec<Running> {
    let amounts: Vec<i128> = lines.iter().map(contract_amount).collect();
    let mut groups = vec![0; policy.groups()];
    for (line, amount) in lines.iter().zip(&amounts) {
        groups[policy.group_of(line.leaf)] += amount;
    }
    let after = |(line, amount): (&Line<'_>, i128)| {
        let group = policy.group_of(line.leaf);
        let of_group = if in_euros { policy.of_group(group, groups[group]) } else { 0 };
        let left = (WHOLE - policy.of_leaf(line.leaf)) * (WHOLE - of_group);
        let discounted = !line.no_discount;
        Running { amount: amount * if discounted { left } else { WHOLE * WHOLE }, discounted }
    };
    lines.iter().zip(amounts).map(after).collect()
}

/// In 10^-4 of the currency.
fn contract_amount(line: &Line<'_>) -> i128 {
    assert_eq!((line.price.0 % 100, line.quantity.0 % MILLION), (0, 0), "{line:?}");
    i128::from(line.price.0 / 100) * i128::from(line.quantity.0 / MILLION)
}

/// What each line gets of the order's percentage, in cents: rounded once, spread by what lines run at.
fn order_parts(lines: &[Line<'_>], running: &[Running]) -> Vec<i128> {
    let weights: Vec<i128> =
        running.iter().map(|line| if line.discounted { line.amount } else { 0 }).collect();
    let sum: i128 = weights.iter().sum();
    if sum == 0 {
        return vec![0; lines.len()];
    }
    let total = rounded(sum * OF_ORDER, CENT_OF_SHARES);
    let mut parts: Vec<i128> = weights.iter().map(|weight| total * weight / sum).collect();
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|at| (Reverse(total * weights[*at] % sum), lines[*at].id, *at));
    let left = usize::try_from(total - parts.iter().sum::<i128>()).unwrap();
    for at in &order[..left] {
        parts[*at] += 1;
    }
    parts
}

/// Half up.
fn rounded(value: i128, step: i128) -> i128 {
    (value + step / 2) / step
}
