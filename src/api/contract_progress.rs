//! How does it cross the wire how far a contract is from its plans and the next tiers?

use crate::domain::language::Language;
use crate::domain::time::Instant;
use crate::engine::Engine;
use crate::engine::caller::Caller;
use crate::engine::error::LedgerError;
use crate::engine::ledger::progress::LadderStands;
use crate::engine::ledger::{AcceptedQuote, PlanStands};
use crate::policy::CompiledPolicy;
use crate::policy::syntax::Scope;

use super::decimal::total_text;
use super::hold::hold_of;
use super::purchases::{AMOUNT_DIGITS, of_whom};
use super::retro::accrual_of;
use super::v1;

/// Millionths of a hundredth.
const HUNDREDTH: i128 = 10_000;

/// What a dashboard shows of a contract.
///
/// # Errors
/// As [`Engine::progress`].
pub fn progress(
    engine: &Engine,
    caller: &Caller,
    contract: &str,
    (at, language): (Option<Instant>, Language),
) -> Result<v1::GetProgressResponse, LedgerError> {
    let (progress, view) = engine.progress(caller, contract, at)?;
    let policy = &view.policy.0;
    let Some(of) = view.catalogue.contracts.by_code(contract) else {
        return Ok(v1::GetProgressResponse::default());
    };
    let told = (language, of.currency.digits());
    let seen = (language, caller.sees_costs);
    Ok(v1::GetProgressResponse {
        plans: progress.plans.iter().map(|plan| plan_of(plan, policy, language)).collect(),
        ladders: progress.ladders.iter().filter_map(|ladder| ladder_of(ladder, policy, language)).collect(),
        accruals: progress.accruals.iter().map(|accrual| accrual_of(accrual, policy, of, seen)).collect(),
        overdue_holds: progress.held_by.iter().filter_map(|held| hold_of(held, policy, told)).collect(),
        currency: of.currency.to_string(),
        sequence: progress.position.0,
        accepted_quotes: progress.accepted.quotes.iter().map(accepted_of).collect(),
        untold_accepted_quotes: progress.accepted.untold,
        accepted_open: total_text(progress.accepted.open, of.currency.digits()),
    })
}

fn accepted_of(quote: &AcceptedQuote) -> v1::AcceptedQuote {
    let text = |micros: i128| total_text(micros, quote.currency.digits());
    v1::AcceptedQuote {
        number: quote.number.to_string(),
        accepted: text(quote.accepted),
        shipped: text(quote.shipped),
        open: text(quote.open),
        currency: quote.currency.to_string(),
    }
}

fn plan_of(plan: &PlanStands, policy: &CompiledPolicy, language: Language) -> v1::PlanStands {
    let digits = if plan.currency.is_some() { AMOUNT_DIGITS } else { 0 };
    let text = |micros: i128| total_text(micros, digits);
    // Of a cent's parts, as of a percent's, nobody plans.
    let hundredths = |micros: i128| micros - micros.rem_euclid(HUNDREDTH);
    let ahead = |micros: i128| text(if plan.currency.is_some() { hundredths(micros) } else { micros });
    let named = policy.policy().measures.get(&plan.measure);
    v1::PlanStands {
        measure: plan.measure.clone(),
        name: named.map_or(String::new(), |named| named.name.told(language).to_owned()),
        of: of_whom(plan.of).into(),
        first_day: plan.days.first.to_string(),
        last_day: plan.days.last.to_string(),
        target: text(plan.target),
        fact: text(plan.fact),
        percent: plan.percent.map_or(String::new(), |percent| total_text(hundredths(percent), 0)),
        forecast: ahead(plan.forecast),
        with_accepted: plan.with_accepted.map_or(String::new(), ahead),
        currency: plan.currency.map_or(String::new(), |currency| currency.to_string()),
    }
}

fn ladder_of(ladder: &LadderStands, policy: &CompiledPolicy, language: Language) -> Option<v1::LadderStands> {
    let (rule, measure) = (policy.rule(ladder.rule)?, policy.measure(ladder.measure)?);
    let Scope::Period(period) = measure.scope else { return None };
    let digits = if measure.currency.is_some() { AMOUNT_DIGITS } else { 0 };
    Some(v1::LadderStands {
        rule: rule.id.clone(),
        name: rule.name.told(language).to_owned(),
        stands: Some(v1::MeasureStands {
            measure: measure.id.clone(),
            of: of_whom(period.of).into(),
            first_day: ladder.days.first.to_string(),
            last_day: ladder.days.last.to_string(),
            value: total_text(ladder.stands, digits),
            currency: measure.currency.map_or(String::new(), |currency| currency.to_string()),
        }),
        tier: ladder.tier.and_then(|tier| u32::try_from(tier + 1).ok()).unwrap_or(0),
        next_tier: ladder.next.map_or(String::new(), |(lower, _)| lower.to_string()),
        distance: ladder.next.map_or(String::new(), |(_, distance)| total_text(distance, digits)),
    })
}
