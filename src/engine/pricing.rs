//! What does this cart cost, against which publication? Lists are resolved, and pricing is lent their rows as it asks for them.

use std::sync::Arc;

use crate::domain::contract::{AccessEntry, Circumstances, Contract};
use crate::domain::day::CivilDay;
use crate::domain::ids::{ListId, PublicationNo, SequenceNo};
use crate::domain::time::{CivilSecond, Instant};
use crate::policy::compiled::Program;
use crate::pricing::cart::{CartPoints, ExpectedRetro, HeldBy, PricedCart};
use crate::pricing::points::PointsOffered;
use crate::pricing::request::{Bought, CartRequest};
use crate::pricing::{PricedLines, PricingError, PricingInput, UnknownMetric, price};

use super::Engine;
use super::caller::{Caller, Role};
use super::cart_rows::{CartRows, Pins};
use super::error::PriceError;
use super::ledger::expected::AsShipped;
use super::ledger::holds::hold_ids;
use super::ledger::limited::tell_gone;
use super::ledger::positions::Purchased;
use super::rows::Reach;
use super::view::View;

/// What the ledger says beside a priced cart.
struct Beside {
    retro: Option<ExpectedRetro>,
    points: Vec<CartPoints>,
    left_to_pay: Option<i128>,
}

/// What the ledger says before a cart is priced.
struct Known<'v> {
    bought: Bought,
    levels: Vec<&'v str>,
    held_by: Vec<HeldBy>,
    points: Vec<PointsOffered>,
}

impl Engine {
    /// Prices a cart. Rows that are not in the cache are read from disk.
    ///
    /// # Errors
    /// Why the cart as a whole has no answer; a line's trouble is its status.
    pub fn price_cart(&self, caller: &Caller, request: &CartRequest<'_>) -> Result<PricedCart, PriceError> {
        match self.price_within(caller, request, Reach::Disk)? {
            Some(priced) => {
                self.count_cart(&priced);
                Ok(priced)
            }
            None => Err(unreachable_cold()),
        }
    }

    /// Prices a cart from rows in the cache alone; `None` where one is not there, so that the caller asks again where
    /// waiting for the disk stalls nobody else.
    ///
    /// # Errors
    /// As [`Engine::price_cart`].
    pub fn price_cart_cached(
        &self,
        caller: &Caller,
        request: &CartRequest<'_>,
    ) -> Result<Option<PricedCart>, PriceError> {
        let priced = self.price_within(caller, request, Reach::Cache)?;
        Ok(priced.inspect(|priced| self.count_cart(priced)))
    }

    /// The view of a retained publication, to price a contract against. Who may ask about it is asked of the newest one.
    pub(super) fn view_at_for(
        &self,
        caller: &Caller,
        contract: &str,
        number: PublicationNo,
    ) -> Result<Arc<View>, PriceError> {
        let unknown = || PriceError::UnknownContract { contract: contract.to_owned() };
        caller.contract(&self.views.borrow().catalogue, contract).ok_or_else(unknown)?;
        self.view_at(number)
    }

    fn check_lines(&self, count: usize) -> Result<(), PriceError> {
        match (count, self.cart_lines_max) {
            (0, _) => Err(PriceError::EmptyCart),
            (lines, limit) if lines > limit => Err(PriceError::CartTooLarge { lines, limit }),
            _ => Ok(()),
        }
    }

    fn price_within(
        &self,
        caller: &Caller,
        request: &CartRequest<'_>,
        reach: Reach,
    ) -> Result<Option<PricedCart>, PriceError> {
        caller.require(Role::Price)?;
        self.check_lines(request.lines.len())?;
        let (held, retained);
        let view: &View = match request.publication {
            None => {
                held = self.views.borrow();
                &held
            }
            Some(number) => {
                retained = self.view_at_for(caller, request.contract, number)?;
                &retained
            }
        };
        let pricing_at = request.pricing_at.unwrap_or_else(|| self.clock.now());
        let (contract, at) = contract_at(view, caller, request.contract, pricing_at)?;
        let program = view.policy.0.program_in_force(contract, &view.catalogue);
        let of = (view, contract, program.as_deref());
        let Some(known) = self.known(of, at, request, reach)? else { return Ok(None) };
        let lists = lists_of(of, |entry| may_be_asked(entry, request));
        let pins = Pins::new(view, &lists)?;
        let rows = CartRows::new(self, &pins, reach);
        let input = PricingInput {
            catalogue: &view.catalogue,
            contract,
            at,
            circumstances: request.circumstances,
            particulars: request.particulars,
            bought: &known.bought,
            levels: &known.levels,
            held_by: &hold_ids(of, &known.held_by),
            points: &known.points,
            policy: &view.policy.0,
            progress: request.progress,
            surcharges: true,
            rows: &rows,
            detail: request.detail,
        };
        let priced = match price(&input, request.lines) {
            Ok(priced) => priced,
            Err(PricingError::Unavailable) => return rows.failure().map_or(Ok(None), Err),
            Err(error) => return Err(why_not(error, &rows)),
        };
        let Some(beside) = self.beside(of, at, (request, &priced), reach)? else { return Ok(None) };
        Ok(Some(PricedCart {
            retro: beside.retro,
            points: beside.points,
            uses: priced.uses,
            concession: priced.concession,
            left_to_pay: beside.left_to_pay,
            contract: contract.id,
            currency: contract.currency,
            publication: view.publication,
            position: self.position(view),
            pricing_at,
            civil: at,
            hold: contract.hold.clone(),
            held_by: known.held_by,
            lines: priced.lines,
            steps: priced.steps,
            losers: priced.losers,
            rule_losers: priced.rule_losers,
            notices: priced.notices,
            shown: priced.shown,
            progress: priced.progress,
            tax_total: priced.taxed.then_some(priced.tax_total),
            what_if: !request.particulars.metrics.is_empty(),
            policy: view.policy.clone(),
            list_total: priced.list_total,
            total: priced.total,
        }))
    }
}

impl Engine {
    /// What a contract bought by the measures that its rules name, and what is gone of their limits but for what the hold of this id
    /// keeps, as of the newest document; `None` where documents must be read and may not be.
    pub(super) fn bought(
        &self,
        (view, contract, program): Priced<'_>,
        at: CivilSecond,
        hold: &str,
        reach: Reach,
    ) -> Result<Option<Bought>, PriceError> {
        let Some(program) = program else {
            if let Some(account) = view.accounts.of(contract.id) {
                account.touch();
            }
            return Ok(Some(Bought::default()));
        };
        let day = CivilDay::of(at);
        let (store, latest) = (&self.store, self.position(view));
        let purchased = Purchased { store, view, contract, program, latest, reach };
        let Some(mut bought) = purchased.bought(day)? else { return Ok(None) };
        if !program.limited().is_empty() {
            // A view that was loaded for an older publication sees today's uses.
            let newest = self.views.borrow();
            let uses = if view.keeps_accounts() { &view.uses } else { &newest.uses };
            tell_gone(uses, (view, contract, program), hold, &mut bought);
        }
        Ok(Some(bought))
    }

    /// What the ledger says before a cart is priced; `None` where documents must be read and may not be.
    fn known<'v>(
        &self,
        of: Priced<'v>,
        at: CivilSecond,
        request: &CartRequest<'_>,
        reach: Reach,
    ) -> Result<Option<Known<'v>>, PriceError> {
        let Some(bought) = self.bought(of, at, request.particulars.hold, reach)? else { return Ok(None) };
        let Some(levels) = self.levels_held(of, at, reach)? else { return Ok(None) };
        let Some(held_by) = self.held_by(of, at, reach)? else { return Ok(None) };
        let Some(points) = self.points_offered(of, at, request, reach)? else { return Ok(None) };
        Ok(Some(Known { bought, levels, held_by, points }))
    }

    /// What the ledger says beside a priced cart; `None` where documents must be read and may not be.
    fn beside(
        &self,
        of: Priced<'_>,
        at: CivilSecond,
        (request, priced): (&CartRequest<'_>, &PricedLines),
        reach: Reach,
    ) -> Result<Option<Beside>, PriceError> {
        let shipped = AsShipped::of(of, at, (request, priced));
        let Some(retro) = self.expected_retro(of, at, (request, &shipped), reach)? else { return Ok(None) };
        let asked = (request, priced, &shipped);
        let Some((points, left_to_pay)) = self.cart_points(of, at, asked, reach)? else { return Ok(None) };
        Ok(Some(Beside { retro, points, left_to_pay }))
    }

    /// The position of the log that an answer has seen: a view that was loaded for an older publication sees the newest
    /// documents.
    pub(super) fn position(&self, view: &View) -> SequenceNo {
        if view.keeps_accounts() { view.position } else { view.position.max(self.views.borrow().position) }
    }
}

/// Which contract is priced: in a view, with what the policy says of it, which is looked up once.
pub(super) type Priced<'a> = (&'a View, &'a Contract, Option<&'a Program>);

/// What a refusal of pricing is to the asker.
pub(super) fn why_not(error: PricingError, rows: &CartRows<'_, '_>) -> PriceError {
    match error {
        PricingError::Row { list, error } => rows.corrupt(list, error),
        PricingError::Unavailable => unreachable_cold(),
        PricingError::UnknownMetric(UnknownMetric::Measure(id)) => {
            PriceError::UnknownMetric { what: "measure", id }
        }
        PricingError::UnknownMetric(UnknownMetric::Limit(id)) => {
            PriceError::UnknownMetric { what: "rule with a limit", id }
        }
        PricingError::Overflow => PriceError::CartOverflow,
        PricingError::Negotiation(faults) => PriceError::Negotiation { faults },
    }
}

/// A contract that the caller may ask about, and what its wall clock shows; it must hold then.
pub(super) fn contract_at<'v>(
    view: &'v View,
    caller: &Caller,
    code: &str,
    at: Instant,
) -> Result<(&'v Contract, CivilSecond), PriceError> {
    let unknown = || PriceError::UnknownContract { contract: code.to_owned() };
    let contract = caller.contract(&view.catalogue, code).ok_or_else(unknown)?;
    let zone =
        view.zone(&contract.zone).ok_or_else(|| PriceError::UnknownZone { zone: contract.zone.clone() })?;
    let civil = at.civil_in(zone).map_err(|_| PriceError::InstantOutOfRange)?;
    match (contract.validity.from, contract.validity.to) {
        (Some(from), _) if civil < from => {
            Err(PriceError::ContractNotBegun { contract: code.to_owned(), from })
        }
        (_, Some(to)) if civil >= to => Err(PriceError::ContractEnded { contract: code.to_owned(), to }),
        _ => Ok((contract, civil)),
    }
}

/// May an entry of the access sequence be asked for a line of the cart?
fn may_be_asked(entry: &AccessEntry, request: &CartRequest<'_>) -> bool {
    let cart = request.circumstances;
    fn own<'a>(own: &'a str, of_cart: &'a str) -> &'a str {
        if own.is_empty() { of_cart } else { own }
    }
    entry.conditions.met_by(&cart)
        || request.particulars.details.iter().any(|line| {
            entry.conditions.met_by(&Circumstances {
                warehouse: own(line.warehouse, cart.warehouse),
                fulfilment: own(line.fulfilment, cart.fulfilment),
                ..cart
            })
        })
}

/// Every list that a contract may need: its access sequence, its reference list, those that its rules and guards name, and
/// those that percentages name.
pub(super) fn lists_of(
    (view, contract, program): Priced<'_>,
    asked: impl Fn(&crate::domain::contract::AccessEntry) -> bool,
) -> Vec<ListId> {
    let mut lists: Vec<ListId> = Vec::with_capacity(contract.access.len() + 2);
    let mut add = |list: ListId| {
        if !lists.contains(&list) {
            lists.push(list);
        }
    };
    let named = contract.access.iter().filter(|entry| asked(entry)).map(|entry| entry.list);
    let of_rules = program.iter().flat_map(|program| program.lists.iter().copied());
    for list in named.chain(contract.reference_list).chain(of_rules) {
        add(list);
        if let Some(row) = view.directory.get(list) {
            row.references.iter().copied().for_each(&mut add);
        }
    }
    lists
}

/// Reading from disk never leaves a row cold.
pub(super) fn unreachable_cold() -> PriceError {
    PriceError::NotAllowed { what: "a row could not be read".to_owned() }
}
