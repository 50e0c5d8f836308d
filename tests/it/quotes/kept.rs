//! What does an open quote keep for itself: points, and limits of benefits?

use super::played::play_all_under;
use super::stories::KEPT;

const POLICY: &str = "
quoin_policy: 1
currency: EUR
rules:
  - { id: half, layer: volume, goods: { sku: nut }, percent: 50, limit: { quantity: 10, unit: piece, overall: true } }
points:
  - { id: bonus, contracts: { contract: A }, earn: { percent: 10 } }
  - { id: cut, contracts: { contract: A }, earn: { percent: 10 }, as: discount }
";

/// Of which A has a hundred points of each programme.
const BEGUN: &[&str] = &["ship S0 A - bolt=1000"];

#[test]
fn an_open_quote_keeps_its_points_and_limits() {
    let checks = play_all_under(KEPT, POLICY, BEGUN);
    println!("{} stories of what is kept, {checks} checks", KEPT.len());
}
