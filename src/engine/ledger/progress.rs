//! How far is a contract from the next tiers and from its plans? What a portal's dashboard shows.

use std::sync::Arc;

use crate::domain::day::{CivilDay, Days};
use crate::domain::decimal::Micros;
use crate::domain::exact::Exact;
use crate::domain::ids::SequenceNo;
use crate::domain::ladder::TierMode;
use crate::domain::time::Instant;
use crate::engine::Engine;
use crate::engine::caller::{Caller, Role};
use crate::engine::error::LedgerError;
use crate::engine::pricing::contract_at;
use crate::engine::rows::Reach;
use crate::engine::view::View;
use crate::ledger::retro::pace;
use crate::ledger::window::days_of;
use crate::policy::RuleNo;
use crate::policy::compiled::{MeasureNo, Program};
use crate::policy::syntax::Scope;
use crate::pricing::cart::HeldBy;

use super::accepted::AcceptedQuotes;
use super::accruals::Accrual;
use super::plans::PlanStands;
use super::positions::Purchased;

/// Where a rule's ladder over a period stands, without any cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LadderStands {
    /// The rule.
    pub rule: RuleNo,
    /// What it measures.
    pub measure: MeasureNo,
    /// Which days count.
    pub days: Days,
    /// Where the measure stands, in millionths, rounded down.
    pub stands: i128,
    /// The tier reached, by its place.
    pub tier: Option<usize>,
    /// Where the next tier begins, and what is missing to it, in millionths, rounded up.
    pub next: Option<(Micros, i128)>,
}

/// What a dashboard shows of a contract.
#[derive(Debug, Clone, Default)]
pub struct ContractProgress {
    /// Its plans that hold the day, against what was bought.
    pub plans: Vec<PlanStands>,
    /// What it is entitled to so far by its agreements.
    pub accruals: Vec<Accrual>,
    /// Ladders of its rules over periods.
    pub ladders: Vec<LadderStands>,
    /// What holds it because debts are overdue.
    pub held_by: Vec<HeldBy>,
    /// What was accepted of its quotes and has not been shipped yet, as it stands now.
    pub accepted: AcceptedQuotes,
    /// The position of the log that the answer has seen.
    pub position: SequenceNo,
}

impl Engine {
    /// Where a contract's plans, period ladders and holds stand at an instant, now where absent; and the view that the answer is
    /// from.
    ///
    /// # Errors
    /// As [`Engine::accruals`].
    pub fn progress(
        &self,
        caller: &Caller,
        contract: &str,
        at: Option<Instant>,
    ) -> Result<(ContractProgress, Arc<View>), LedgerError> {
        caller.require(Role::Price)?;
        let view = self.view();
        let (contract, at) = contract_at(&view, caller, contract, at.unwrap_or_else(|| self.clock.now()))?;
        let program = view.policy.0.program(contract, &view.catalogue);
        let (store, latest, reach) = (&*self.store, view.position, Reach::Disk);
        let purchased = Purchased { store, view: &view, contract, program: &program, latest, reach };
        let day = CivilDay::of(at);
        let progress = ContractProgress {
            plans: purchased.plans(day)?,
            accruals: purchased.accruals(at)?,
            ladders: purchased.ladders(&program, day)?,
            held_by: purchased.held_by(day)?.unwrap_or_default(),
            accepted: purchased.accepted_quotes()?,
            position: latest,
        };
        Ok((progress, Arc::clone(&view)))
    }
}

impl Purchased<'_> {
    fn ladders(&self, program: &Program, day: CivilDay) -> Result<Vec<LadderStands>, LedgerError> {
        let policy = &self.view.policy.0;
        let mut found = Vec::new();
        for number in policy.period_ladders(program) {
            let Some((rule, measure)) = policy.compiled(number).and_then(|rule| Some((rule, rule.measure?)))
            else {
                continue;
            };
            let Some(Scope::Period(period)) = policy.measure(measure).map(|measure| measure.scope) else {
                continue;
            };
            let days = days_of(period, day, self.begins());
            let Some(of) = self.of(measure, &days)? else { continue };
            let graduated = rule.mode == TierMode::Graduated;
            let begun = rule.tiers.partition_point(|tier| {
                let order = Exact::from(tier.lower).compare(&of.value);
                if graduated { order.is_lt() } else { order.is_le() }
            });
            let floor = |exact: &Exact| exact.floor_millionths().ok_or(LedgerError::Overflow);
            let next = rule.tiers.get(begun).map(|tier| {
                let missing = of.value.minus(&Exact::from(tier.lower));
                Ok::<_, LedgerError>((tier.lower, floor(&missing)?.saturating_neg()))
            });
            let (tier, next) = (begun.checked_sub(1), next.transpose()?);
            found.push(LadderStands { rule: number, measure, days, stands: floor(&of.value)?, tier, next });
        }
        Ok(found)
    }
}

/// What something would come to at the end of its days if it went on as on those so far.
pub(super) fn at_this_pace(value: &Exact, days: &Days, so_far: &Days) -> Exact {
    if so_far.first > so_far.last { Exact::ZERO } else { value.times(&pace(so_far, days)) }
}
