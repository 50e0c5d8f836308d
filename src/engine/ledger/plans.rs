//! What was planned, and what of it was bought?

use std::collections::BTreeMap;

use crate::domain::currency::Currency;
use crate::domain::day::{CivilDay, Days};
use crate::domain::exact::Exact;
use crate::engine::error::LedgerError;
use crate::policy::syntax::{PeriodOf, Scope};

use super::accepted::ToShip;
use super::positions::Purchased;
use super::progress::at_this_pace;
use super::records::plans;

/// Percent of a whole.
const HUNDRED: Exact = Exact::whole(100);

/// A plan against what was bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanStands {
    /// The id of the measure that it is of.
    pub measure: String,
    /// Its days.
    pub days: Days,
    /// Whose purchases, and whose plans.
    pub of: PeriodOf,
    /// Of an amount: its currency.
    pub currency: Option<Currency>,
    /// What is planned, in millionths.
    pub target: i128,
    /// What was bought on its days so far, in millionths, rounded down.
    pub fact: i128,
    /// That in percent of the plan, in millionths of a percent, rounded down; none where nothing is planned.
    pub percent: Option<i128>,
    /// What will have been bought at the end if it goes on as on the days so far: a forecast.
    pub forecast: i128,
    /// What will have been bought if all that was accepted of quotes, and has not been shipped, is shipped on its days: a forecast.
    /// None of a measure that a quote says nothing of.
    pub with_accepted: Option<i128>,
}

impl Purchased<'_> {
    /// The plans that hold a day, by measure and days. The measure says whose purchases count, and the plans of all of these add up.
    pub(super) fn plans(&self, day: CivilDay) -> Result<Vec<PlanStands>, LedgerError> {
        let policy = &self.view.policy.0;
        let mut found = Vec::new();
        let mut to_ship = ToShip::new();
        for (id, named) in &policy.policy().measures {
            let Scope::Period(period) = named.measure.over else { continue };
            let Some((number, measure)) =
                policy.measure_by_id(id).and_then(|number| Some((number, policy.measure(number)?)))
            else {
                continue;
            };
            if measure.currency.is_some_and(|currency| currency != self.contract.currency) {
                continue;
            }
            let mut targets: BTreeMap<Days, i128> = BTreeMap::new();
            let Some(counted) = self.counted_by(period.of)? else { continue };
            for (contract, whose) in counted.iter() {
                for (first, plan, parties) in plans(self.store, contract, self.latest)? {
                    let days = Days { first, last: plan.last_day };
                    if plan.measure == *id && days.hold(day) && whose.covers(parties) {
                        *targets.entry(days).or_default() += i128::from(plan.target.0);
                    }
                }
            }
            let counted: Vec<_> = counted.iter().collect();
            for (days, target) in targets {
                let so_far = Days { last: days.last.min(day), ..days };
                let fact = self.of(number, &so_far)?.map_or(Exact::ZERO, |of| of.value);
                let floor = |exact: &Exact| exact.floor_millionths().ok_or(LedgerError::Overflow);
                let gained = self.would_gain((number, day), &counted, &mut to_ship)?;
                let percent = fact.times(&HUNDRED).over(&Exact::millionths(target));
                found.push(PlanStands {
                    measure: id.clone(),
                    days,
                    of: period.of,
                    currency: measure.currency,
                    target,
                    fact: floor(&fact)?,
                    percent: percent
                        .ok()
                        .filter(|_| target > 0)
                        .map(|percent| floor(&percent))
                        .transpose()?,
                    forecast: floor(&at_this_pace(&fact, &days, &so_far))?,
                    with_accepted: gained.map(|gained| floor(&fact.plus(&gained))).transpose()?,
                });
            }
        }
        Ok(found)
    }
}
