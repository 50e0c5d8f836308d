//! What would a cart earn in points, and how many may it take: those that can be spent, of a programme that it names?

use std::sync::Arc;

use crate::domain::day::CivilDay;
use crate::domain::decimal::Micros;
use crate::domain::exact::{Exact, NumberError};
use crate::domain::time::CivilSecond;
use crate::engine::Engine;
use crate::engine::error::{PriceError, RecordError};
use crate::engine::ledger::expected::AsShipped;
use crate::engine::ledger::positions::Purchased;
use crate::engine::pricing::Priced;
use crate::engine::rows::Reach;
use crate::ledger::metered::Meter;
use crate::policy::CompiledPolicy;
use crate::policy::compiled::{PointsNo, Program};
use crate::policy::syntax::{PointsProgramme, PointsUse};
use crate::pricing::PricedLines;
use crate::pricing::cart::CartPoints;
use crate::pricing::points::{PointsBounds, PointsOffered};
use crate::pricing::request::{CartRequest, TakePoints};
use crate::quotes::number::QuoteNo;

use super::book::{HoldState, read_book};
use super::reckoned::{earned_by, takes};

/// What a cart would earn in points and takes of them, and what is left to pay where some of them pay.
pub(in crate::engine) type PointsOfCart = (Vec<CartPoints>, Option<i128>);

/// What is left to pay while points pay, programme by programme.
struct Bill {
    /// The net total, of which programmes pay a share.
    net: Exact,
    /// With tax, less what points paid so far, in millionths.
    left: i128,
    /// Did any pay?
    is_paid: bool,
    coin: Micros,
}

impl Engine {
    /// The programmes for a contract whose points are a discount, and what a cart is to take of each; `None` where documents must
    /// be read and may not be.
    pub(in crate::engine) fn points_offered(
        &self,
        (view, contract, program): Priced<'_>,
        at: CivilSecond,
        request: &CartRequest<'_>,
        reach: Reach,
    ) -> Result<Option<Vec<PointsOffered>>, PriceError> {
        let (policy, asked) = (&view.policy.0, &request.particulars.take_points);
        if !asked.is_empty() {
            check(policy, program, asked)?;
        }
        let Some(program) = program.filter(|program| !program.points.is_empty()) else {
            return Ok(Some(Vec::new()));
        };
        let (latest, day) = (self.position(view), CivilDay::of(at));
        let purchased = Purchased { store: &self.store, view, contract, program, latest, reach };
        let mut offered = Vec::new();
        for programme in program.points.iter().copied() {
            let Some(written) = policy.points_written(programme) else { continue };
            if written.used_as == PointsUse::Discount {
                let Some(spendable) = purchased.spendable(programme, day)? else { return Ok(None) };
                let own = purchased.held_for(request.particulars.hold, &written.id)?;
                let spendable = spendable.saturating_add(own);
                offered.push(PointsOffered { programme, asked: asked_of(asked, written), spendable });
            }
        }
        Ok(Some(offered))
    }

    /// What a priced cart would earn in each programme of points for its contract, as if it were shipped that day, what it takes
    /// of them, and what is left to pay; `None` where documents must be read and may not be.
    pub(in crate::engine) fn cart_points(
        &self,
        (view, contract, program): Priced<'_>,
        at: CivilSecond,
        (request, priced, shipped): (&CartRequest<'_>, &PricedLines, &Option<AsShipped>),
        reach: Reach,
    ) -> Result<Option<PointsOfCart>, PriceError> {
        let program = program.filter(|program| !program.points.is_empty());
        let (Some(program), Some(AsShipped { document, .. })) = (program, shipped) else {
            return Ok(Some((Vec::new(), None)));
        };
        let (policy, latest, day) = (&view.policy.0, self.position(view), CivilDay::of(at));
        let purchased = Purchased { store: &self.store, view, contract, program, latest, reach };
        let mut bill = Bill::of(priced, contract.rounding.amount_step(contract.currency));
        let mut all = Vec::with_capacity(program.points.len());
        for number in program.points.iter().copied() {
            let (Some(points), Some(written)) = (policy.points(number), policy.points_written(number)) else {
                continue;
            };
            let Some(multiplier) = purchased.multiplier(number, day)? else { return Ok(None) };
            let Some(measure) = policy.measure(points.measure) else { continue };
            let value = Meter { policy, catalogue: &view.catalogue, measure }.whole(document);
            let earns = match takes(written, day) {
                true => earned_by(&value, (&points.rate, &multiplier), written).map_err(overflow)?,
                false => Micros::ZERO,
            };
            let Some(spendable) = purchased.spendable(number, day)? else { return Ok(None) };
            let own = purchased.held_for(request.particulars.hold, &written.id)?;
            let spendable = spendable.saturating_add(own);
            let (payable, amount) = (Micros::ZERO, Micros::ZERO);
            let cart = CartPoints { programme: number, earns, spendable, payable, amount, taken: None };
            all.push(match written.used_as {
                PointsUse::Payment => {
                    let asked = asked_of(&request.particulars.take_points, written);
                    bill.paid(cart, (written, asked)).map_err(overflow)?
                }
                PointsUse::Discount => discounted(cart, priced),
            });
        }
        Ok(Some((all, bill.is_paid.then_some(bill.left))))
    }
}

impl Purchased<'_> {
    /// What a quote holds of a programme's points: they are there for the cart that is about it.
    fn held_for(&self, quote: &str, programme: &str) -> Result<i128, RecordError> {
        if QuoteNo::parse(quote).is_err() {
            return Ok(0);
        }
        let Some(account) = self.view.accounts.of(self.contract.id) else { return Ok(0) };
        let book = match account.book() {
            Some(book) => book,
            None => Arc::new(read_book(self.store, self.contract.id, account.position())?),
        };
        let of_quote = |id: &str| id.strip_prefix(quote).is_some_and(|rest| rest.starts_with('.'));
        let open = book.0.iter().filter(|(id, hold)| {
            hold.programme == programme && hold.state == HoldState::Open && of_quote(id)
        });
        Ok(open.map(|(_, hold)| i128::from(hold.points.0)).sum())
    }
}

impl Bill {
    fn of(priced: &PricedLines, coin: Micros) -> Self {
        let left = priced.total.saturating_add(if priced.taxed { priced.tax_total } else { 0 });
        Self { net: Exact::millionths(priced.total.max(0)), left, is_paid: false, coin }
    }

    /// Lets the points of a programme pay.
    fn paid(
        &mut self,
        cart: CartPoints,
        (written, asked): (&PointsProgramme, Option<Micros>),
    ) -> Result<CartPoints, NumberError> {
        let there = Exact::millionths(self.left.max(0));
        let bounds = PointsBounds {
            written,
            spendable: cart.spendable,
            whole: &self.net,
            there: &there,
            coin: self.coin,
        };
        let most = bounds.most()?;
        let taken = asked.map(|asked| bounds.take(asked)).transpose()?;
        if let Some(taken) = &taken {
            self.is_paid = true;
            self.left = self.left.saturating_sub(i128::from(taken.amount.0));
        }
        Ok(CartPoints { payable: most.points, amount: most.amount, taken, ..cart })
    }
}

/// What pricing says of points that are a discount.
fn discounted(cart: CartPoints, priced: &PricedLines) -> CartPoints {
    let found = priced.points.iter().find(|discount| discount.programme == cart.programme);
    match found.cloned() {
        Some(found) => {
            CartPoints { payable: found.most.points, amount: found.most.amount, taken: found.taken, ..cart }
        }
        None => cart,
    }
}

fn asked_of(asked: &[TakePoints<'_>], written: &PointsProgramme) -> Option<Micros> {
    asked.iter().find(|one| one.programme == written.id).map(|one| one.points.max(Micros::ZERO))
}

/// Refuses a cart that is to take points of programmes which its contract has not.
fn check(
    policy: &CompiledPolicy,
    program: Option<&Program>,
    asked: &[TakePoints<'_>],
) -> Result<(), PriceError> {
    let numbers = program.map_or(&[] as &[PointsNo], |program| &program.points);
    let known: Vec<&str> =
        numbers.iter().filter_map(|number| Some(policy.points_written(*number)?.id.as_str())).collect();
    let unknown: Vec<&str> =
        asked.iter().map(|one| one.programme).filter(|programme| !known.contains(programme)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let listed = |ids: &[&str]| match ids {
        [] => "none".to_owned(),
        ids => ids.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(", "),
    };
    Err(PriceError::UnknownProgramme { unknown: listed(&unknown), known: listed(&known) })
}

fn overflow(_: NumberError) -> PriceError {
    PriceError::CartOverflow
}
