//! What is a contract entitled to by its retro-bonus agreements so far, and what would a cart add to it?

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::contract::Contract;
use crate::domain::currency::Currency;
use crate::domain::day::{CivilDay, Days};
use crate::domain::decimal::Micros;
use crate::domain::exact::Exact;
use crate::domain::spread::{Claim, spread};
use crate::domain::time::{CivilSecond, DAY_SECONDS, Instant};
use crate::engine::Engine;
use crate::engine::caller::{Caller, Role};
use crate::engine::clock;
use crate::engine::error::{LedgerError, PriceError, RecordError};
use crate::engine::pricing::contract_at;
use crate::engine::rows::Reach;
use crate::engine::view::View;
use crate::ledger::document::{Document, DocumentKind, DocumentLine};
use crate::ledger::metered::{Meter, Way};
use crate::ledger::retro::{Bought, Entitled, entitled, pace, whole_period};
use crate::policy::compiled::{AgreementNo, CompiledAgreement, MeasureNo};
use crate::pricing::PricedLines;
use crate::pricing::cart::{ExpectedRetro, LineStatus};
use crate::pricing::request::{BoughtOf, CartRequest};

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
    /// Its conditions: where each stands, in millionths, and whether it is met.
    pub conditions: Vec<(i128, bool)>,
    /// What it is entitled to by the documents so far, rounded.
    pub entitlement: Micros,
    /// What the measure would be at the end of the period at the pace of its days so far: a forecast.
    pub forecast_measure: i128,
    /// What it would be entitled to then: a forecast, rounded.
    pub forecast: Micros,
}

/// What was bought, with a cart as if it were a document of its day.
struct With<'a> {
    purchased: Purchased<'a>,
    cart: Option<(&'a Document, CivilDay)>,
    /// Over these days so many times as much as there is: a forecast.
    times: BTreeMap<MeasureNo, (Days, Exact)>,
    /// Why an answer would not be whole: documents had to be read and could not or might not be.
    failure: RefCell<Option<Option<RecordError>>>,
}

impl<'a> With<'a> {
    fn new(purchased: Purchased<'a>, cart: Option<(&'a Document, CivilDay)>) -> Self {
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

    fn meter(&self, number: MeasureNo) -> Option<Meter<'a>> {
        let view = self.purchased.view;
        let measure = view.policy.0.measure(number)?;
        Some(Meter { policy: &view.policy.0, catalogue: &view.catalogue, measure })
    }

    /// The entitlements; `None` where documents must be read and may not be.
    fn entitled(&self, at: CivilSecond) -> Result<Option<Vec<Entitled>>, RecordError> {
        let Purchased { view, program, .. } = self.purchased;
        let policy = &view.policy.0;
        let day = CivilDay::of(at);
        let all = entitled(policy, program, self, |number, agreement| {
            let period = self.purchased.period(agreement, number, day)?;
            Some(Days { last: day, ..period })
        });
        match self.failure.take() {
            None => Ok(Some(all)),
            Some(None) => Ok(None),
            Some(Some(error)) => Err(error),
        }
    }
}

impl Purchased<'_> {
    /// The period of an agreement that holds a day, where the agreement holds for it.
    fn period(&self, agreement: &CompiledAgreement, number: AgreementNo, day: CivilDay) -> Option<Days> {
        let period = whole_period(agreement, day, self.begins());
        let written = self.view.policy.0.agreement_written(number)?;
        let first = CivilSecond(i64::from(period.first.0) * DAY_SECONDS);
        written.window.covers(first).then_some(period)
    }
}

impl Bought for With<'_> {
    fn value(&self, measure: MeasureNo, days: &Days) -> Exact {
        let empty = || BoughtOf { value: Exact::ZERO, members: Vec::new() };
        let found = self.purchased.of(measure, days).map(|found| found.map(Some));
        let mut sum = self.kept(found).unwrap_or_else(empty);
        if let Some((document, day)) = self.cart
            && let Some(meter) = self.meter(measure)
        {
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
        let (contract, at) = contract_at(&view, caller, contract, at.unwrap_or_else(clock::now))?;
        let Some(program) = view.policy.0.program_in_force(contract, &view.catalogue) else {
            return Ok((Vec::new(), Arc::clone(&view)));
        };
        let (latest, reach) = (view.position, Reach::Disk);
        let purchased =
            Purchased { store: &self.store, view: &view, contract, program: &program, latest, reach };
        let so_far = With::new(purchased, None);
        let mut accruals = Vec::new();
        let entitled = so_far.entitled(at)?.unwrap_or_default();
        let forecasts = forecasts(purchased, &entitled, at)?;
        for (entitled, (measure, forecast)) in entitled.iter().zip(forecasts) {
            let Some(agreement) = view.policy.0.agreement(entitled.agreement) else { continue };
            let round = |amount: &Exact| rounded(amount, contract).map_err(|_| LedgerError::Overflow);
            let whole = |exact: &Exact| exact.floor_millionths().ok_or(LedgerError::Overflow);
            let conditions = entitled.conditions.iter().map(|of| Ok((whole(&of.stands)?, of.met)));
            accruals.push(Accrual {
                agreement: entitled.agreement,
                period: whole_period(agreement, CivilDay::of(at), purchased.begins()),
                measure: whole(&entitled.measure)?,
                basis: whole(&entitled.basis)?,
                tier: entitled.tier,
                conditions: conditions.collect::<Result<_, LedgerError>>()?,
                entitlement: round(&entitled.entitlement)?,
                forecast_measure: whole(&measure)?,
                forecast: round(&forecast)?,
            });
        }
        accruals.sort_by_key(|accrual| accrual.agreement);
        Ok((accruals, Arc::clone(&view)))
    }

    /// What a priced cart is expected to earn (rule X3); the inner `None` where nothing is agreed, the outer where documents
    /// must be read and may not be.
    pub(in crate::engine) fn expected_retro(
        &self,
        (view, contract, at): (&View, &Contract, CivilSecond),
        request: &CartRequest<'_>,
        priced: &PricedLines,
        reach: Reach,
    ) -> Result<Option<Option<ExpectedRetro>>, PriceError> {
        let Some(program) = view.policy.0.program_in_force(contract, &view.catalogue) else {
            return Ok(Some(None));
        };
        if program.agreements.is_empty() {
            return Ok(Some(None));
        }
        let latest = self.position(view);
        let purchased = Purchased { store: &self.store, view, contract, program: &program, latest, reach };
        let (document, positions) = as_document(view, contract, at, request, priced);
        let day = CivilDay::of(at);
        let Some(before) = With::new(purchased, None).entitled(at)? else { return Ok(None) };
        let with = With::new(purchased, Some((&document, day)));
        let Some(after) = with.entitled(at)? else { return Ok(None) };
        let mut weights = vec![Exact::ZERO; document.lines.len()];
        let mut total = Exact::ZERO;
        for (before, after) in before.iter().zip(&after) {
            let gained = after.entitlement.minus(&before.entitlement);
            total = total.plus(&gained);
            weigh(&with, after.agreement, &document, &gained, &mut weights);
        }
        let overflow = |_| PriceError::CartOverflow;
        let total = rounded(&total, contract).map_err(overflow)?;
        if total <= Micros::ZERO {
            return Ok(Some(Some(ExpectedRetro { total, lines: Vec::new() })));
        }
        let claims: Vec<Claim<'_>> = positions
            .iter()
            .zip(weights)
            .filter(|(_, weight)| weight.is_positive())
            .map(|(position, weight)| {
                let line = request.lines.get(usize::try_from(*position).unwrap_or(usize::MAX));
                Claim { weight, id: line.map_or("", |line| line.id), position: *position }
            })
            .collect();
        let step = contract.rounding.amount_step(contract.currency);
        let parts = spread(total, step, &claims).map_err(overflow)?;
        let lines = claims.iter().map(|claim| claim.position).zip(parts);
        Ok(Some(Some(ExpectedRetro { total, lines: lines.filter(|(_, part)| part.0 != 0).collect() })))
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

/// Adds to lines what they have of what an agreement gained, by its basis; by their net amounts where none is of its basis
/// and what it gained came from its measure.
fn weigh(with: &With<'_>, number: AgreementNo, document: &Document, gained: &Exact, weights: &mut [Exact]) {
    let policy = &with.purchased.view.policy.0;
    let Some(agreement) = policy.agreement(number) else { return };
    if !gained.is_positive() {
        return;
    }
    let Some(meter) = with.meter(agreement.basis) else { return };
    let mut claims: Vec<Exact> =
        document.lines.iter().map(|line| meter.of_one(document, line).unwrap_or(Exact::ZERO)).collect();
    if !claims.iter().any(Exact::is_positive)
        && let Some(measured) = with.meter(agreement.measure)
    {
        let net = |line: &DocumentLine| {
            let counts = measured.of_one(document, line).is_some_and(|of| of.is_positive());
            if counts { Exact::from(line.net_amount) } else { Exact::ZERO }
        };
        claims = document.lines.iter().map(net).collect();
    }
    let sum = claims.iter().fold(Exact::ZERO, |sum, claim| sum.plus(claim));
    for (weight, claim) in weights.iter_mut().zip(&claims) {
        if let Ok(share) = gained.times(claim).over(&sum) {
            *weight = weight.plus(&share);
        }
    }
}

fn rounded(amount: &Exact, contract: &Contract) -> Result<Micros, crate::domain::exact::NumberError> {
    amount.round(contract.rounding.amount_step(contract.currency), contract.rounding.amount_mode)
}

/// A cart as the shipment that it would become, and the position of each of its lines.
fn as_document(
    view: &View,
    contract: &Contract,
    at: CivilSecond,
    request: &CartRequest<'_>,
    priced: &PricedLines,
) -> (Document, Vec<u32>) {
    let mut details = request.particulars.details.iter().peekable();
    let (mut lines, mut positions) = (Vec::new(), Vec::new());
    for (position, line) in (0_u32..).zip(&priced.lines) {
        while details.next_if(|details| details.line < position).is_some() {}
        let (LineStatus::Priced, Some(sku)) = (line.status, line.sku) else { continue };
        let own = details.peek().filter(|details| details.line == position);
        let weight = own.and_then(|own| own.weight);
        lines.push(DocumentLine {
            sku,
            unit: line.unit,
            quantity: line.quantity,
            list_amount: line.list_amount,
            contract_amount: line.contract_amount,
            net_amount: line.amount,
            tax_amount: line.tax,
            cost: None,
            weight: weight.and_then(|(weight, unit)| Some((weight, view.catalogue.unit_id(unit)?))),
        });
        positions.push(position);
    }
    let currency: Currency = contract.currency;
    let document = Document {
        id: String::new(),
        kind: DocumentKind::Shipment,
        contract: contract.id,
        day: CivilDay::of(at),
        currency,
        reference: None,
        payer: None,
        ship_to: None,
        quote: None,
        channel: None,
        lines,
    };
    (document, positions)
}
