//! Which guards bite on a line, and what do they give back? (Rules G1 to G4.)

use quoin::policy::syntax::{Guard, GuardAction, GuardTest, OfAmount};

use super::interpret::Model;
use super::line::Running;
use super::meeting;
use crate::ratio::Ratio;

impl Model<'_> {
    /// Clamps by id, then tests for approval.
    pub fn guard(&self, line: &mut Running<'_>) {
        let mut guards: Vec<&Guard> = self.policy.guards.iter().collect();
        guards.sort_by_key(|guard| (guard.action, guard.id.clone()));
        // All discounts: what the amount that enters the surcharges is below the contract amount.
        let mut left = &line.contract - &line.entered;
        let mut kept: Vec<Ratio> = Vec::new();
        for guard in guards {
            if !self.guards(guard, line) {
                continue;
            }
            let Some(floor) = self.floor(guard, line) else { continue };
            let missing = &floor - &line.running;
            if missing.is_positive() && guard.action == GuardAction::Approve {
                line.priced.approvals.insert(guard.id.clone());
                continue;
            }
            let back = missing.min(left.clone());
            if back.is_positive() {
                line.priced.clamped.insert(guard.id.clone());
                line.running = &line.running + &back;
                left = left - back;
            }
            if line.running < floor {
                line.priced.below.insert(guard.id.clone());
            } else {
                kept.push(floor);
            }
        }
        line.floor = kept.into_iter().max();
    }

    /// Is the guard for this line? What was taken back by guards before was given all the same.
    fn guards(&self, guard: &Guard, line: &Running<'_>) -> bool {
        meeting::contracts(self.policy, &guard.contracts, &self.cart.contract, self.contract)
            && meeting::goods(self.shop, self.policy, &guard.goods, &line.line.sku)
            && (guard.rules.is_empty() || guard.rules.iter().any(|rule| line.priced.gave.contains_key(rule)))
    }

    /// The least that the goods may cost; none where nothing is known to test against.
    fn floor(&self, guard: &Guard, line: &Running<'_>) -> Option<Ratio> {
        let one = Ratio::whole(1);
        Some(match &guard.test {
            GuardTest::Margin { percent, cost_list } => {
                self.cost(cost_list.as_deref(), line)? / (one - Ratio::from(*percent).percent())
            }
            GuardTest::Markup { percent, cost_list } => {
                self.cost(cost_list.as_deref(), line)? * (one + Ratio::from(*percent).percent())
            }
            GuardTest::FloorList(list) => self.in_list(list, line)?,
            GuardTest::Discount { percent, of } => {
                let of = match of {
                    OfAmount::Contract => line.contract.clone(),
                    OfAmount::List => line.list.clone()?,
                };
                of * (one - Ratio::from(*percent).percent())
            }
        })
    }

    /// What the line's goods cost us.
    fn cost(&self, list: Option<&str>, line: &Running<'_>) -> Option<Ratio> {
        if let Some(list) = list {
            return self.in_list(list, line);
        }
        let (cost, _) = line.sku.unit_cost.filter(|(_, currency)| *currency == self.contract.currency)?;
        Some(Ratio::from(cost) * &line.factor * &line.quantity)
    }

    fn in_list(&self, list: &str, line: &Running<'_>) -> Option<Ratio> {
        let (price, _) = self.list_price(list, &line.line.sku, line.sku).ok()??;
        Some(price * &line.factor * &line.quantity)
    }
}
