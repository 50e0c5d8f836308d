//! Do the conditions hold under which something is given for a period's purchases?

use crate::domain::day::{CivilDay, Days};
use crate::domain::exact::Exact;
use crate::policy::compiled::{CompiledCondition, MeasureNo};

use super::owed::{Overdue, Punctual};

/// A hundred, for percentages.
const HUNDRED: Exact = Exact::whole(100);

/// What was bought, as far as agreements ask.
pub trait Bought {
    /// What a measure comes to over days, by those whose purchases it counts.
    fn value(&self, measure: MeasureNo, days: &Days) -> Exact;

    /// In how many months of those days anything of a measure was bought.
    fn months(&self, measure: MeasureNo, days: &Days) -> u32;

    /// What they have not paid in time at the end of a day.
    fn overdue(&self, receivables: MeasureNo, day: CivilDay) -> Overdue;

    /// What they paid in time of what fell due on those days.
    fn punctual(&self, receivables: MeasureNo, days: &Days) -> Punctual;
}

/// A condition, and where it stands.
#[derive(Debug, Clone)]
pub struct Condition {
    /// Where it stands.
    pub stands: Exact,
    /// Is it met?
    pub met: bool,
}

/// Of what conditions are asked.
#[derive(Debug, Clone, Copy)]
pub struct Looked {
    /// The days of the period that count.
    pub days: Days,
    /// The same period a year before, whole.
    pub before: Days,
    /// In which months was anything of this bought?
    pub basis: MeasureNo,
    /// What is to have grown.
    pub measure: MeasureNo,
}

/// Where conditions stand, each with its bound.
pub fn conditions(
    conditions: &[(CompiledCondition, Exact)],
    bought: &dyn Bought,
    looked: &Looked,
) -> Vec<Condition> {
    let one = |(condition, bound): &(CompiledCondition, Exact)| {
        let stands = stands(*condition, bought, looked);
        let at_most = matches!(condition, CompiledCondition::OverdueDays(_));
        let met = stands.as_ref().is_some_and(|stands| {
            let above = stands.minus(bound);
            if at_most { !above.is_positive() } else { !above.is_negative() }
        });
        Condition { stands: stands.unwrap_or(Exact::ZERO), met }
    };
    conditions.iter().map(one).collect()
}

/// Where one stands; `None` where there is nothing to compare with, which meets no condition.
fn stands(condition: CompiledCondition, bought: &dyn Bought, looked: &Looked) -> Option<Exact> {
    let Looked { days, before, basis, measure } = looked;
    let percent = |part: &Exact, whole: &Exact| {
        let share = part.times(&HUNDRED).over(whole).ok();
        share.filter(|_| whole.is_positive())
    };
    match condition {
        CompiledCondition::Measure(measure) => Some(bought.value(measure, days)),
        CompiledCondition::Months => Some(Exact::whole(i64::from(bought.months(*basis, days)))),
        CompiledCondition::Growth => {
            Some(bought.value(*measure, days).minus(&bought.value(*measure, before)))
        }
        CompiledCondition::GrowthPercent => {
            let before = bought.value(*measure, before);
            percent(&bought.value(*measure, days).minus(&before), &before)
        }
        CompiledCondition::Percent { part, whole } => {
            percent(&bought.value(part, days), &bought.value(whole, days))
        }
        CompiledCondition::PunctualPercent(receivables) => {
            let Punctual { due, paid } = bought.punctual(receivables, days);
            // Where nothing fell due, nothing was late.
            if due == 0 { Some(HUNDRED) } else { percent(&Exact::millionths(paid), &Exact::millionths(due)) }
        }
        CompiledCondition::OverdueDays(receivables) => {
            Some(Exact::whole(i64::from(bought.overdue(receivables, days.last).days)))
        }
    }
}
