//! What is a contract entitled to by its retro-bonus agreements so far, and what would a cart add to it?

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::contract::Contract;
use crate::domain::day::{CivilDay, Days};
use crate::domain::decimal::Micros;
use crate::domain::exact::Exact;
use crate::domain::time::{CivilSecond, DAY_SECONDS, Instant};
use crate::engine::Engine;
use crate::engine::caller::{Caller, Role};
use crate::engine::error::{LedgerError, RecordError};
use crate::engine::pricing::contract_at;
use crate::engine::rows::Reach;
use crate::engine::view::View;
use crate::ledger::condition::Bought;
use crate::ledger::document::Document;
use crate::ledger::metered::{Meter, Way};
use crate::ledger::owed::{Overdue, Punctual};
use crate::ledger::retro::{Entitled, entitled, pace, whole_period};
use crate::policy::CompiledPolicy;
use crate::policy::compiled::{AgreementNo, BonusCapNo, CompiledAgreement, CompiledMeasure, MeasureNo};
use crate::pricing::request::BoughtOf;

use super::positions::{Purchased, add};

/// What a contract is entitled to by one agreement, in the period that holds a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accrual {
    /// Which agreement.
    pub agreement: AgreementNo,
    /// The whole period.
    pub period: Days,
    /// Where its ladder's measure stands, in millionths, rounded down.
    pub measure: i128,
    /// The amount that percentages are taken of, in millionths, rounded down.
    pub basis: i128,
    /// The tier reached, by its place.
    pub tier: Option<usize>,
    /// The tier that comes next: its place, what is missing to it in millionths, rounded up, and what its rate would give on
    /// everything bought so far beyond what is owed now, rounded.
    pub next: Option<(usize, i128, Micros)>,
    /// Its conditions: where each stands, in millionths, and whether it is met.
    pub conditions: Vec<(i128, bool)>,
    /// What it is entitled to by the documents so far, rounded.
    pub entitlement: Micros,
    /// What a cap over several agreements took of it, rounded, and which.
    pub capped: Option<(BonusCapNo, Micros)>,
    /// What the measure would be at the end of the period at the pace of its days so far: a forecast.
    pub forecast_measure: i128,
    /// What it would be entitled to then: a forecast, rounded.
    pub forecast: Micros,
}

/// What was bought, with a cart as if it were a document of its day.
pub(super) struct With<'a> {
    pub(super) purchased: Purchased<'a>,
    cart: Option<(&'a Document, CivilDay)>,
    /// Over these days so many times as much as there is: a forecast.
    times: BTreeMap<MeasureNo, (Days, Exact)>,
    /// Why an answer would not be whole: documents had to be read and could not or might not be.
    failure: RefCell<Option<Option<RecordError>>>,
}

impl<'a> With<'a> {
    pub(super) fn new(purchased: Purchased<'a>, cart: Option<(&'a Document, CivilDay)>) -> Self {
        Self { purchased, cart, times: BTreeMap::new(), failure: RefCell::new(None) }
    }

    fn kept<T: Default>(&self, found: Result<Option<T>, RecordError>) -> T {
        match found {
            Ok(Some(found)) => found,
            Ok(None) => {
                self.failure.borrow_mut().get_or_insert(None);
                T::default()
            }
            Err(error) => {
                self.failure.borrow_mut().get_or_insert(Some(error));
                T::default()
            }
        }
    }

    pub(super) fn meter(&self, number: MeasureNo) -> Option<Meter<'a>> {
        let view = self.purchased.view;
        let measure = view.policy.0.measure(number)?;
        Some(Meter { policy: &view.policy.0, catalogue: &view.catalogue, measure })
    }

    /// The entitlements; `None` where documents must be read and may not be.
    pub(super) fn entitled(&self, at: CivilSecond) -> Result<Option<Vec<Entitled>>, RecordError> {
        let Purchased { view, program, .. } = self.purchased;
        let policy = &view.policy.0;
        let day = CivilDay::of(at);
        let all = entitled(policy, program, self, |number, agreement| {
            let period = self.purchased.period(agreement, number, day)?;
            Some(Days { last: day, ..period })
        });
        self.whole(all)
    }

    /// What was worked out of it; `None` where documents had to be read for that and might not be.
    pub(super) fn whole<T>(&self, worked_out: T) -> Result<Option<T>, RecordError> {
        match self.failure.take() {
            None => Ok(Some(worked_out)),
            Some(None) => Ok(None),
            Some(Some(error)) => Err(error),
        }
    }
}

impl Purchased<'_> {
    /// The period of an agreement that holds a day, where the agreement holds for it.
    fn period(&self, agreement: &CompiledAgreement, number: AgreementNo, day: CivilDay) -> Option<Days> {
        period_of(&self.view.policy.0, (number, agreement), day, self.begins())
    }
}

/// The period of an agreement that holds a day, where the agreement holds for it; `begins` is the contract's first day.
pub(super) fn period_of(
    policy: &CompiledPolicy,
    (number, agreement): (AgreementNo, &CompiledAgreement),
    day: CivilDay,
    begins: Option<CivilDay>,
) -> Option<Days> {
    let period = whole_period(agreement, day, begins);
    let written = policy.agreement_written(number)?;
    let first = CivilSecond(i64::from(period.first.0) * DAY_SECONDS);
    written.window.covers(first).then_some(period)
}

impl Bought for With<'_> {
    fn value(&self, measure: MeasureNo, days: &Days) -> Exact {
        let empty = || BoughtOf { value: Exact::ZERO, members: Vec::new() };
        let found = self.purchased.of(measure, days).map(|found| found.map(Some));
        let mut sum = self.kept(found).unwrap_or_else(empty);
        if let Some((document, day)) = self.cart
            && let Some(meter) = self.meter(measure)
        {
            // A cart is taken to be paid.
            let posted = CompiledMeasure { paid: false, ..meter.measure.clone() };
            let meter = Meter { measure: &posted, ..meter };
            let mut series = meter.begin();
            meter.count(document, day, Way::In, &mut series);
            add(&mut sum, &series, days);
        }
        match self.times.get(&measure) {
            Some((over, times)) if over == days => sum.value.times(times),
            _ => sum.value,
        }
    }

    fn months(&self, measure: MeasureNo, days: &Days) -> u32 {
        let months = self.kept(self.purchased.months(measure, days));
        let Some((_, day)) = self.cart else { return months };
        // The cart's own month counts where nothing was bought in it before.
        let month = day.month().days();
        let part = Days { first: days.first.max(month.first), last: days.last.min(month.last) };
        let before = self.kept(self.purchased.of(measure, &part).map(|found| found.map(Some)));
        let was_bought = before.is_some_and(|sum| sum.value.is_positive());
        let is_bought = days.hold(day) && self.value(measure, &part).is_positive();
        months + u32::from(is_bought && !was_bought)
    }

    fn overdue(&self, receivables: MeasureNo, day: CivilDay) -> Overdue {
        let none = Overdue::default();
        self.kept(self.purchased.owed(receivables, none, |sum, owed| sum.with(owed.overdue(day))))
    }

    fn punctual(&self, receivables: MeasureNo, days: &Days) -> Punctual {
        self.kept(
            self.purchased.owed(receivables, Punctual::default(), |sum, owed| sum.with(owed.punctual(days))),
        )
    }
}

impl Engine {
    /// What a contract is entitled to by each of its agreements so far, at an instant, now where absent; and the view that the
    /// answer is from.
    ///
    /// # Errors
    /// Where the caller may not know, the contract is unknown or does not hold then, or records cannot be read.
    pub fn accruals(
        &self,
        caller: &Caller,
        contract: &str,
        at: Option<Instant>,
    ) -> Result<(Vec<Accrual>, Arc<View>), LedgerError> {
        caller.require(Role::Price)?;
        let view = self.view();
        let (contract, at) = contract_at(&view, caller, contract, at.unwrap_or_else(|| self.clock.now()))?;
        let Some(program) = view.policy.0.program_in_force(contract, &view.catalogue) else {
            return Ok((Vec::new(), Arc::clone(&view)));
        };
        let (latest, reach) = (view.position, Reach::Disk);
        let purchased =
            Purchased { store: &self.store, view: &view, contract, program: &program, latest, reach };
        Ok((purchased.accruals(at)?, Arc::clone(&view)))
    }
}

impl Purchased<'_> {
    /// What the contract is entitled to by each of its agreements so far, by id.
    pub(super) fn accruals(self, at: CivilSecond) -> Result<Vec<Accrual>, LedgerError> {
        let Self { view, contract, .. } = self;
        let so_far = With::new(self, None);
        let mut accruals = Vec::new();
        let entitled = so_far.entitled(at)?.unwrap_or_default();
        let forecasts = forecasts(self, &entitled, at)?;
        for (entitled, (measure, forecast)) in entitled.iter().zip(forecasts) {
            let Some(agreement) = view.policy.0.agreement(entitled.agreement) else { continue };
            let round = |amount: &Exact| rounded(amount, contract).map_err(|_| LedgerError::Overflow);
            let whole = |exact: &Exact| exact.floor_millionths().ok_or(LedgerError::Overflow);
            let conditions = entitled.conditions.iter().map(|of| Ok((whole(&of.stands)?, of.met)));
            accruals.push(Accrual {
                agreement: entitled.agreement,
                period: whole_period(agreement, CivilDay::of(at), self.begins()),
                measure: whole(&entitled.measure)?,
                basis: whole(&entitled.basis)?,
                tier: entitled.tier,
                next: match &entitled.next {
                    Some(next) => {
                        let missing = whole(&next.distance.negated())?.saturating_neg();
                        Some((next.tier, missing, round(&next.worth)?))
                    }
                    None => None,
                },
                conditions: conditions.collect::<Result<_, LedgerError>>()?,
                entitlement: round(&entitled.entitlement)?,
                capped: match &entitled.capped {
                    Some((cap, taken)) => Some((*cap, round(taken)?)),
                    None => None,
                },
                forecast_measure: whole(&measure)?,
                forecast: round(&forecast)?,
            });
        }
        accruals.sort_by_key(|accrual| accrual.agreement);
        Ok(accruals)
    }
}

/// What each agreement's measure and entitlement would be at the end of its period, at the pace of its days so far. What
/// conditions measure beside stands as it does now.
fn forecasts(
    purchased: Purchased<'_>,
    so_far: &[Entitled],
    at: CivilSecond,
) -> Result<Vec<(Exact, Exact)>, RecordError> {
    let policy = &purchased.view.policy.0;
    let mut with = With::new(purchased, None);
    let mut times = Vec::with_capacity(so_far.len());
    for entitled in so_far {
        let Some(agreement) = policy.agreement(entitled.agreement) else { continue };
        let whole = whole_period(agreement, CivilDay::of(at), purchased.begins());
        let by = pace(&entitled.days, &whole);
        for measure in [agreement.measure, agreement.basis] {
            with.times.insert(measure, (entitled.days, by.clone()));
        }
        times.push(by);
    }
    let all = with.entitled(at)?.unwrap_or_default();
    let forecast = |((before, after), times): ((&Entitled, Entitled), &Exact)| {
        (before.measure.times(times), after.entitlement)
    };
    Ok(so_far.iter().zip(all).zip(&times).map(forecast).collect())
}

/// Rounds what is owed as the contract rounds amounts.
pub(super) fn rounded(
    amount: &Exact,
    contract: &Contract,
) -> Result<Micros, crate::domain::exact::NumberError> {
    amount.round(contract.rounding.amount_step(contract.currency), contract.rounding.amount_mode)
}
