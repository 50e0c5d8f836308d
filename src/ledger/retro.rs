//! What is owed for a period? Entitlements to retro-bonuses, exact and unrounded.

use crate::domain::day::{CivilDay, Days};
use crate::domain::exact::Exact;
use crate::domain::ladder::TierMode;
use crate::policy::CompiledPolicy;
use crate::policy::compiled::{
    AgreementNo, BonusCapNo, CompiledAgreement, CompiledMost, CompiledReward, Program,
};

use super::condition::{Bought, Condition, Looked, conditions};
use super::window::year_before;

/// How far the next tier is.
#[derive(Debug, Clone)]
pub struct Next {
    /// Its place.
    pub tier: usize,
    /// What is missing to it, in the measure's unit.
    pub distance: Exact,
    /// What its rate would give on everything bought so far beyond what is owed now: in volume the jump, graduated nothing.
    pub worth: Exact,
}

/// What a contract is entitled to by one agreement in one period.
#[derive(Debug, Clone)]
pub struct Entitled {
    /// The agreement.
    pub agreement: AgreementNo,
    /// The days of the period that count.
    pub days: Days,
    /// What its ladder measures.
    pub measure: Exact,
    /// The amount that percentages are taken of, less the bonuses that come first.
    pub basis: Exact,
    /// The tier reached, by its place; the highest of a graduated ladder.
    pub tier: Option<usize>,
    /// The tier that comes next.
    pub next: Option<Next>,
    /// Its conditions.
    pub conditions: Vec<Condition>,
    /// What is owed, before rounding.
    pub entitlement: Exact,
    /// What a cap over several agreements took of it, and which.
    pub capped: Option<(BonusCapNo, Exact)>,
}

/// What a contract is entitled to by all of its agreements, in the order in which they are worked out. `days_of` says which
/// days of an agreement's period count; none where the agreement does not hold then.
pub fn entitled(
    policy: &CompiledPolicy,
    program: &Program,
    bought: &dyn Bought,
    days_of: impl Fn(AgreementNo, &CompiledAgreement) -> Option<Days>,
) -> Vec<Entitled> {
    let mut all: Vec<Entitled> = Vec::with_capacity(program.agreements.len());
    for number in &program.agreements {
        let Some(agreement) = policy.agreement(*number) else { continue };
        let Some(days) = days_of(*number, agreement) else { continue };
        let first = all
            .iter()
            .filter(|other| agreement.after.contains(&other.agreement))
            .fold(Exact::ZERO, |sum, other| sum.plus(&other.entitlement));
        let basis = bought.value(agreement.basis, &days).minus(&first);
        let measure = bought.value(agreement.measure, &days);
        let looked = Looked {
            days,
            before: year_before(agreement.period, &days),
            basis: agreement.basis,
            measure: agreement.measure,
        };
        let conditions = conditions(&agreement.conditions, bought, &looked);
        let tier = reached(agreement, &measure);
        let met = conditions.iter().all(|condition| condition.met);
        let entitlement = if met { given(agreement, &measure, &basis) } else { Exact::ZERO };
        let entitlement = bounded(agreement, entitlement);
        let next = next(agreement, (&measure, &basis), met.then_some(&entitlement));
        let agreement = *number;
        let capped = None;
        all.push(Entitled { agreement, days, measure, basis, tier, next, conditions, entitlement, capped });
    }
    cap(policy, program, bought, &mut all);
    all
}

/// Caps what several give together. What is too much is taken from the last of them first.
fn cap(policy: &CompiledPolicy, program: &Program, bought: &dyn Bought, all: &mut [Entitled]) {
    for number in &program.bonus_caps {
        let Some((_, cap)) = policy.bonus_cap(*number) else { continue };
        let capped = |one: &&mut Entitled| cap.agreements.contains(&one.agreement);
        let mut together: Vec<&mut Entitled> = all.iter_mut().filter(capped).collect();
        let Some(days) = together.first().map(|first| first.days) else { continue };
        let most = match &cap.most {
            CompiledMost::Amount(most) => most.clone(),
            CompiledMost::Share(share, measure) => bought.value(*measure, &days).times(share),
        };
        let most = if most.is_negative() { Exact::ZERO } else { most };
        let sum = together.iter().fold(Exact::ZERO, |sum, one| sum.plus(&one.entitlement));
        let mut over = sum.minus(&most);
        for one in together.iter_mut().rev() {
            if !over.is_positive() {
                break;
            }
            let left = one.entitlement.minus(&over);
            let left = if left.is_negative() { Exact::ZERO } else { left };
            let taken = one.entitlement.minus(&left);
            over = over.minus(&taken);
            let before = one.capped.as_ref().map_or(Exact::ZERO, |(_, taken)| taken.clone());
            (one.entitlement, one.capped) = (left, Some((*number, before.plus(&taken))));
        }
    }
}

/// The first tier that the measure has not begun; `owed` where the conditions hold.
fn next(
    agreement: &CompiledAgreement,
    (measure, basis): (&Exact, &Exact),
    owed: Option<&Exact>,
) -> Option<Next> {
    let ahead = |lower: &Exact| match agreement.mode {
        TierMode::Volume => lower.minus(measure).is_positive(),
        TierMode::Graduated => !lower.minus(measure).is_negative(),
    };
    let (tier, (lower, _, reward)) =
        agreement.tiers.iter().enumerate().find(|(_, (lower, _, _))| ahead(lower))?;
    let worth = match (agreement.mode, owed) {
        (TierMode::Volume, Some(owed)) => bounded(agreement, of_part(reward, measure, basis)).minus(owed),
        (TierMode::Volume, None) | (TierMode::Graduated, _) => Exact::ZERO,
    };
    Some(Next { tier, distance: lower.minus(measure), worth })
}

/// The tier that a measure reaches: in volume the one that covers it, graduated the highest that it has a part in.
fn reached(agreement: &CompiledAgreement, measure: &Exact) -> Option<usize> {
    let begun = |lower: &Exact| match agreement.mode {
        TierMode::Volume => !measure.minus(lower).is_negative(),
        TierMode::Graduated => measure.minus(lower).is_positive(),
    };
    let at = agreement.tiers.iter().rposition(|(lower, _, _)| begun(lower))?;
    let (_, upper, _) = agreement.tiers.get(at)?;
    let ended = upper.as_ref().is_some_and(|upper| measure.minus(upper).is_positive());
    (agreement.mode == TierMode::Graduated || !ended).then_some(at)
}

fn given(agreement: &CompiledAgreement, measure: &Exact, basis: &Exact) -> Exact {
    match agreement.mode {
        TierMode::Volume => {
            let tier = reached(agreement, measure).and_then(|at| agreement.tiers.get(at));
            tier.map_or(Exact::ZERO, |(_, _, reward)| of_part(reward, measure, basis))
        }
        TierMode::Graduated => {
            let next = agreement.tiers.iter().skip(1).map(|(lower, _, _)| Some(lower)).chain([None]);
            agreement.tiers.iter().zip(next).fold(Exact::ZERO, |sum, ((lower, upper, reward), next)| {
                // A tier ends where it says, or else where the next begins.
                let end = match upper.as_ref().or(next) {
                    Some(end) if measure.minus(end).is_positive() => end,
                    _ => measure,
                };
                let part = end.minus(lower);
                let share = part.over(measure).unwrap_or(Exact::ZERO);
                if !part.is_positive() {
                    return sum;
                }
                sum.plus(&of_part(reward, &part, &basis.times(&share)))
            })
        }
    }
}

fn of_part(reward: &CompiledReward, measure: &Exact, basis: &Exact) -> Exact {
    match reward {
        CompiledReward::Share(share) => basis.times(share),
        CompiledReward::PerUnit(amount) => measure.times(amount),
        CompiledReward::Fixed(amount) => amount.clone(),
    }
}

/// Never below zero, nothing below the minimum, and no more than the cap.
fn bounded(agreement: &CompiledAgreement, entitlement: Exact) -> Exact {
    let below = agreement.minimum.as_ref().is_some_and(|minimum| entitlement.minus(minimum).is_negative());
    if below || !entitlement.is_positive() {
        return Exact::ZERO;
    }
    match &agreement.cap {
        Some(cap) if entitlement.minus(cap).is_positive() => cap.clone(),
        _ => entitlement,
    }
}

/// The whole period that holds a day.
#[must_use]
pub fn whole_period(agreement: &CompiledAgreement, day: CivilDay, begins: Option<CivilDay>) -> Days {
    let first = super::window::days_of(agreement.period, day, begins).first;
    let months = super::window::length_months(agreement.period.length);
    Days { first, last: first.plus_months(months).plus(-1) }
}

/// How many times its days so far a whole period is: a forecast takes purchases to go on at their pace.
#[must_use]
pub fn pace(so_far: &Days, whole: &Days) -> Exact {
    let count = |days: &Days| Exact::whole(i64::from(days.last.0) - i64::from(days.first.0) + 1);
    count(whole).over(&count(so_far)).unwrap_or(Exact::ONE)
}
