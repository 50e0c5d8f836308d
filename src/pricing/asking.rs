//! What does one list give for a line? An exact unit price and amount, or the reason why not.

use crate::domain::catalogue::Catalogue;
use crate::domain::cell::{Cell, CellFlags, Target};
use crate::domain::contract::{Circumstances, Contract};
use crate::domain::decimal::Micros;
use crate::domain::exact::{Exact, NumberError};
use crate::domain::ids::{ListId, SkuId, UnitId};
use crate::domain::ladder::TierMode;
use crate::domain::time::{CivilSecond, Window};
use crate::matrix::RowError;
use crate::matrix::cells::CellBuffer;
use crate::matrix::segment::Found;
use crate::policy::CompiledPolicy;
use crate::policy::compiled::Program;

use super::PricingError;
use super::cart::{LineStatus, ListedTier, PriceSource};
use super::cell_price::CellPricing;
use super::choice::{Choice, Chooser};
use super::losers::LossReason;
use super::order::Order;
use super::rows::{RowSource, Unavailable};
use super::settle::Coins;
use super::sums::SkuSums;

/// A price for the whole line.
#[derive(Debug, Clone)]
pub(super) enum Quote {
    /// A price for one ordered unit, in the contract's currency.
    Plain(Micros),
    /// Anything else.
    Exact(Box<ExactQuote>),
}

/// Unit price and amount before any rounding, and with the unit price rounded where the contract asks for it.
#[derive(Debug, Clone)]
pub(super) struct ExactQuote {
    pub(super) unit: Exact,
    pub(super) amount: Exact,
    pub(super) rounded_unit: Exact,
    pub(super) rounded_amount: Exact,
    /// Portions at prices of their own: the amount is what counts from here on (rule R2).
    pub(super) in_portions: bool,
    /// Ordered units in one of the cell's, where the unit price is rounded in the cell's unit.
    pub(super) rounded_in: Option<Exact>,
}

/// Where a quote comes from.
#[derive(Debug)]
pub(super) struct Origin {
    pub(super) list: ListId,
    /// The cell's flags.
    pub(super) flags: CellFlags,
    /// The whole story, where it is wanted.
    pub(super) source: Option<Box<PriceSource>>,
}

/// What a list answers.
#[derive(Debug)]
pub(super) enum Answer {
    Hit(Quote, Origin),
    Miss(LossReason),
    /// A `final` cell does not cover the quantity.
    Ends(LossReason),
    /// The cell covers, but what it refers to is not to be had. A `final` one ends the search all the same.
    Failed {
        status: LineStatus,
        reason: LossReason,
        is_final: bool,
    },
}

/// Why a whole cart cannot go on, or a line does not fit.
#[derive(Debug)]
pub(super) enum Trouble {
    Rows(PricingError),
    Number,
}

impl From<Unavailable> for Trouble {
    fn from(_: Unavailable) -> Self {
        Self::Rows(PricingError::Unavailable)
    }
}

impl Trouble {
    fn of_row(list: ListId) -> impl Fn(RowError) -> Self {
        move |error| Self::Rows(PricingError::Row { list, error })
    }
}

impl From<NumberError> for Trouble {
    fn from(_: NumberError) -> Self {
        Self::Number
    }
}

/// A list that is asked for every line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) list: ListId,
    /// Are its prices without tax and in the contract's currency?
    pub(super) as_is: bool,
}

impl Asked {
    pub(super) fn of(catalogue: &Catalogue, contract: &Contract, list: ListId) -> Self {
        let known = catalogue.list(list);
        let as_is = known.is_some_and(|list| !list.gross && list.currency == contract.currency);
        Self { list, as_is }
    }
}

/// What every line of a cart is priced with.
#[derive(Clone, Copy)]
pub(super) struct Terms<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) contract: &'a Contract,
    pub(super) at: CivilSecond,
    /// The circumstances of the cart.
    pub(super) circumstances: Circumstances<'a>,
    /// The lists of the access sequence that a cart in these circumstances asks, in their order.
    pub(super) asked: &'a [Asked],
    /// The reference list.
    pub(super) reference: Option<Asked>,
    pub(super) rows: &'a dyn RowSource,
    pub(super) sums: &'a SkuSums<'a>,
    pub(super) coins: &'a Coins,
    /// What the policy says of the contract; none where it says nothing.
    pub(super) program: Option<&'a Program>,
    /// The policy.
    pub(super) policy: &'a CompiledPolicy,
    /// Is it wanted where a price comes from?
    pub(super) sources: bool,
    /// May a cell be a percentage? Not in a list that a percentage was taken off.
    pub(super) percentages: bool,
}

impl Terms<'_> {
    /// Asks a list.
    #[inline]
    pub(super) fn ask(&self, list: ListId, order: &Order, cells: &mut CellBuffer) -> Result<Answer, Trouble> {
        let as_is = match self.reference {
            Some(reference) if reference.list == list => reference.as_is,
            _ => self.takes_as_is(list),
        };
        self.ask_known(Asked { list, as_is }, order, cells)
    }

    /// Asks a list of which it is known whether its prices count as they stand.
    #[inline]
    pub(super) fn ask_known(
        &self,
        Asked { list, as_is }: Asked,
        order: &Order,
        cells: &mut CellBuffer,
    ) -> Result<Answer, Trouble> {
        let found = self.rows.find(list, order.sku.0)?;
        if let Some(Found::Plain(price)) = found
            && as_is
            && order.factor.is_one()
        {
            let source = self.sources.then(|| Box::new(plain_source(list, Target::Sku(order.sku))));
            return Ok(Answer::Hit(
                Quote::Plain(price),
                Origin { list, flags: CellFlags::default(), source },
            ));
        }
        match self.locate(found, (list, order), cells, &mut |cell, cells| cell.price(cells))? {
            Located::Found(answer) => Ok(answer),
            Located::Miss(why) => Ok(Answer::Miss(why)),
            Located::Ends(why) => Ok(Answer::Ends(why)),
        }
    }

    /// The tiers of the cell with which a list prices an order, each with its price for one ordered unit.
    pub(super) fn ladder(
        &self,
        list: ListId,
        order: &Order,
        cells: &mut CellBuffer,
    ) -> Result<Option<Vec<ListedTier>>, Trouble> {
        let found = self.rows.find(list, order.sku.0)?;
        match self.locate(found, (list, order), cells, &mut |cell, cells| cell.listed(cells))? {
            Located::Found(tiers) => Ok(Some(tiers)),
            Located::Miss(_) | Located::Ends(_) => Ok(None),
        }
    }

    /// Finds the cell that covers, and hands it to `then` (rule C4).
    fn locate<T>(
        &self,
        found: Option<Found<'_>>,
        (list, order): (ListId, &Order),
        cells: &mut CellBuffer,
        then: &mut impl FnMut(&CellPricing<'_>, &CellBuffer) -> Result<T, Trouble>,
    ) -> Result<Located<T>, Trouble> {
        let mut why = LossReason::NotInList;
        let own = match found {
            None => false,
            Some(Found::Plain(price)) => {
                cells.clear();
                cells.push(&Cell::plain(price));
                true
            }
            Some(Found::Cells(stored)) => {
                stored.decode(cells).map_err(Trouble::of_row(list))?;
                true
            }
        };
        if own {
            match self.pick((list, order), Target::Sku(order.sku), cells, then)? {
                Located::Miss(reason) => why = reason,
                decided => return Ok(decided),
            }
        }
        let Some(segment) = self.rows.targets(list)? else { return Ok(Located::Miss(why)) };
        let categories = self.catalogue.category_chain(order.facts.category()).map(Target::Category);
        for target in categories.chain(order.facts.brand().map(Target::Brand)) {
            if segment.target(target, cells).map_err(Trouble::of_row(list))? {
                match self.pick((list, order), target, cells, then)? {
                    Located::Miss(reason) => why = reason,
                    decided => return Ok(decided),
                }
            }
        }
        Ok(Located::Miss(why))
    }

    /// Are the list's prices without tax and in the contract's currency?
    pub(super) fn takes_as_is(&self, list: ListId) -> bool {
        Asked::of(self.catalogue, self.contract, list).as_is
    }

    /// Percent of tax on a SKU; none where no rate is known.
    pub(super) fn tax_percent(&self, sku: SkuId) -> Option<Micros> {
        let program = self.program?;
        self.policy.tax_percent(program, sku, self.at)
    }

    /// What one target's cells come to.
    fn pick<T>(
        &self,
        (list, order): (ListId, &Order),
        target: Target,
        cells: &CellBuffer,
        then: &mut impl FnMut(&CellPricing<'_>, &CellBuffer) -> Result<T, Trouble>,
    ) -> Result<Located<T>, Trouble> {
        let chooser = Chooser { catalogue: self.catalogue, at: self.at, order, sums: self.sums };
        let chosen = match chooser.choose(cells)? {
            Choice::Miss(reason) => return Ok(Located::Miss(reason)),
            Choice::Ends(reason) => return Ok(Located::Ends(reason)),
            Choice::Hit(chosen) => chosen,
        };
        let Some(head) = cells.heads().get(chosen.number) else {
            return Ok(Located::Miss(LossReason::NotInList));
        };
        then(&CellPricing { terms: self, list, order, target, head, chosen: &chosen }, cells)
            .map(Located::Found)
    }
}

/// What looking for a cell comes to.
enum Located<T> {
    Found(T),
    Miss(LossReason),
    Ends(LossReason),
}

fn plain_source(list: ListId, target: Target) -> PriceSource {
    PriceSource {
        list,
        target,
        unit: UnitId::BASE,
        per: 1,
        window: Window::ALWAYS,
        flags: CellFlags::default(),
        mode: TierMode::Volume,
        tier: 0,
        percent_of: None,
    }
}
