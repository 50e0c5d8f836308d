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

/// What a line is given by the rules that hold for it, in hundredths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// Off its leaf category.
    pub of_leaf: i128,
    /// Off its group, by what that comes to in the cart.
    pub of_group: i128,
    /// Off the order.
    pub of_order: i128,
    /// Off everything, last.
    pub of_loyalty: i128,
}

/// A line on its way through the layers.
struct Running {
    amount: i128,
    discounted: bool,
}

/// The net amounts of lines, in cents. The contract has no rounding of its own and pays in euros, or in another currency,
/// in which tiers by amount don't hold.
pub fn cents(policy: &Policy<'_>, contract: u32, in_euros: bool, lines: &[Line<'_>]) -> Vec<i128> {
    let groups = group_amounts(policy, lines);
    let given = |line: &Line<'_>| {
        let group = policy.group_of(line.leaf);
        Given {
            of_leaf: policy.of_leaf(line.leaf),
            of_group: if in_euros { policy.of_group(group, groups[group]) } else { 0 },
            of_order: OF_ORDER,
            of_loyalty: policy.of_loyalty(contract),
        }
    };
    cents_given(lines, &lines.iter().map(given).collect::<Vec<_>>())
}

/// What the goods of each group come to in the cart, those that may not be discounted among them; in 10^-4 of the currency.
pub fn group_amounts(policy: &Policy<'_>, lines: &[Line<'_>]) -> Vec<i128> {
    let mut groups = vec![0; policy.groups()];
    for line in lines {
        groups[policy.group_of(line.leaf)] += contract_amount(line);
    }
    groups
}

/// The net amounts of lines, in cents, where it is known what each of them is given.
pub fn cents_given(lines: &[Line<'_>], given: &[Given]) -> Vec<i128> {
    let mut running: Vec<Running> = lines.iter().zip(given).map(after_volume).collect();
    let of_order = given.first().map_or(0, |given| given.of_order);
    let parts = order_parts(of_order, lines, &running);
    for (line, part) in running.iter_mut().zip(parts) {
        line.amount -= part * CENT;
    }
    let net = |(line, given): (&Running, &Given)| {
        let left = if line.discounted { WHOLE - given.of_loyalty } else { WHOLE };
        rounded(line.amount * left, CENT_OF_SHARES)
    };
    running.iter().zip(given).map(net).collect()
}

/// Volume discounts.
fn after_volume((line, given): (&Line<'_>, &Given)) -> Running {
    let left = (WHOLE - given.of_leaf) * (WHOLE - given.of_group);
    let discounted = !line.no_discount;
    Running { amount: contract_amount(line) * if discounted { left } else { WHOLE * WHOLE }, discounted }
}

/// In 10^-4 of the currency.
fn contract_amount(line: &Line<'_>) -> i128 {
    assert_eq!((line.price.0 % 100, line.quantity.0 % MILLION), (0, 0), "{line:?}");
    i128::from(line.price.0 / 100) * i128::from(line.quantity.0 / MILLION)
}

/// What each line gets of the order's percentage, in cents: rounded once, spread by what lines run at.
fn order_parts(of_order: i128, lines: &[Line<'_>], running: &[Running]) -> Vec<i128> {
    let weights: Vec<i128> =
        running.iter().map(|line| if line.discounted { line.amount } else { 0 }).collect();
    let sum: i128 = weights.iter().sum();
    if sum == 0 {
        return vec![0; lines.len()];
    }
    let total = rounded(sum * of_order, CENT_OF_SHARES);
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
