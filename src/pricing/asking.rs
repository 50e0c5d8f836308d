//! What does one list give for a line? An exact unit price and amount, or the reason why not.

use crate::domain::catalogue::Catalogue;
use crate::domain::cell::{Cell, CellFlags, Target, Value};
use crate::domain::contract::Contract;
use crate::domain::decimal::{MILLION, Micros};
use crate::domain::exact::{Exact, NumberError};
use crate::domain::ids::{ListId, UnitId};
use crate::domain::ladder::TierMode;
use crate::domain::rounding::{DiscountOn, RoundingMode, RoundingUnit};
use crate::domain::time::{CivilSecond, Window};
use crate::matrix::RowError;
use crate::matrix::cells::{CellBuffer, CellHead};
use crate::matrix::segment::Found;

use super::cart::{LineStatus, ListedTier, LossReason, PriceSource};
use super::choice::{Choice, Chooser, Chosen};
use super::order::Order;
use super::rows::{FetchedRow, RowSet};
use super::sums::SkuSums;
use super::tiers::{portions, reached};

/// Millionths of a percent in a hundred percent.
const HUNDRED_PERCENT: i128 = 100 * MILLION as i128;

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
}

/// What a list answers.
#[derive(Debug)]
pub(super) enum Answer {
    Hit(Quote, PriceSource),
    Miss(LossReason),
    /// A `final` cell does not cover the quantity.
    Ends(LossReason),
    /// The cell covers, but what it refers to is not to be had.
    Failed(LineStatus, LossReason),
}

/// Why a whole cart cannot go on, or a line does not fit.
#[derive(Debug)]
pub(super) enum Trouble {
    Row(RowError),
    Number,
}

impl From<RowError> for Trouble {
    fn from(error: RowError) -> Self {
        Self::Row(error)
    }
}

impl From<NumberError> for Trouble {
    fn from(_: NumberError) -> Self {
        Self::Number
    }
}

/// What every line of a cart is priced with.
#[derive(Clone, Copy)]
pub(super) struct Terms<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) contract: &'a Contract,
    pub(super) at: CivilSecond,
    pub(super) rows: &'a RowSet<'a>,
    pub(super) sums: &'a SkuSums<'a>,
    /// May a cell be a percentage? Not in a list that a percentage was taken off.
    pub(super) percentages: bool,
}

impl Terms<'_> {
    /// Asks a list.
    #[inline]
    pub(super) fn ask(
        &self,
        list: ListId,
        order: &Order<'_>,
        cells: &mut CellBuffer,
    ) -> Result<Answer, Trouble> {
        let Some(row) = self.rows.get(list) else { return Ok(Answer::Miss(LossReason::NotInList)) };
        let found = row.find(order.sku.0)?;
        if let Some(Found::Plain(price)) = found
            && order.factor.is_one()
            && self.same_currency(list)
        {
            return Ok(Answer::Hit(Quote::Plain(price), plain_source(list, Target::Sku(order.sku))));
        }
        match self.locate(row, found, (list, order), cells, &mut |cell, cells| cell.price(cells))? {
            Located::Found(answer) => Ok(answer),
            Located::Miss(why) => Ok(Answer::Miss(why)),
            Located::Ends(why) => Ok(Answer::Ends(why)),
        }
    }

    /// The tiers of the cell with which a list prices an order, each with its price for one ordered unit.
    pub(super) fn ladder(
        &self,
        list: ListId,
        order: &Order<'_>,
        cells: &mut CellBuffer,
    ) -> Result<Option<Vec<ListedTier>>, Trouble> {
        let Some(row) = self.rows.get(list) else { return Ok(None) };
        let found = row.find(order.sku.0)?;
        match self.locate(row, found, (list, order), cells, &mut |cell, cells| cell.listed(cells))? {
            Located::Found(tiers) => Ok(Some(tiers)),
            Located::Miss(_) | Located::Ends(_) => Ok(None),
        }
    }

    /// Finds the cell that covers, and hands it to `then` (rule C4).
    fn locate<T>(
        &self,
        row: &FetchedRow<'_>,
        found: Option<Found<'_>>,
        (list, order): (ListId, &Order<'_>),
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
                stored.decode(cells)?;
                true
            }
        };
        if own {
            match self.pick((list, order), Target::Sku(order.sku), cells, then)? {
                Located::Miss(reason) => why = reason,
                decided => return Ok(decided),
            }
        }
        let Some(segment) = row.targets() else { return Ok(Located::Miss(why)) };
        let categories = self.catalogue.category_chain(order.facts.category()).map(Target::Category);
        for target in categories.chain(order.facts.brand().map(Target::Brand)) {
            if segment.target(target, cells)? {
                match self.pick((list, order), target, cells, then)? {
                    Located::Miss(reason) => why = reason,
                    decided => return Ok(decided),
                }
            }
        }
        Ok(Located::Miss(why))
    }

    fn same_currency(&self, list: ListId) -> bool {
        self.catalogue.list(list).is_some_and(|list| list.currency == self.contract.currency)
    }

    /// What one target's cells come to.
    fn pick<T>(
        &self,
        (list, order): (ListId, &Order<'_>),
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

/// One chosen cell and the line it prices.
struct CellPricing<'a> {
    terms: &'a Terms<'a>,
    list: ListId,
    order: &'a Order<'a>,
    target: Target,
    head: &'a CellHead,
    chosen: &'a Chosen,
}

/// A tier's price for one ordered unit, before and after unit rounding; or why there is none.
type TierPrice = Result<(Exact, Exact), (LineStatus, LossReason)>;

impl CellPricing<'_> {
    fn price(&self, cells: &CellBuffer) -> Result<Answer, Trouble> {
        let tiers = cells.tiers(self.head);
        let measure = &self.chosen.measure;
        let quantity = Exact::from(self.order.quantity);
        let mut percent_of = None;
        let mut note = |value: &Value| {
            if let Value::Percent { of, .. } = value {
                percent_of = Some(*of);
            }
        };
        let (quote, tier) = match self.head.mode {
            TierMode::Volume => {
                let Ok((position, tier)) = reached(tiers, measure) else {
                    return Ok(Answer::Miss(LossReason::NotInList));
                };
                note(&tier.value);
                match self.unit_price(&tier.value)? {
                    Err((status, reason)) => return Ok(Answer::Failed(status, reason)),
                    Ok((unit, rounded_unit)) => {
                        let amount = unit.times(&quantity);
                        let rounded_amount = rounded_unit.times(&quantity);
                        (ExactQuote { unit, amount, rounded_unit, rounded_amount }, position)
                    }
                }
            }
            TierMode::Graduated => {
                let (mut sum, mut rounded_sum, mut last) = (Exact::ZERO, Exact::ZERO, 0);
                for (position, tier, portion) in portions(tiers, measure) {
                    note(&tier.value);
                    match self.unit_price(&tier.value)? {
                        Err((status, reason)) => return Ok(Answer::Failed(status, reason)),
                        Ok((unit, rounded)) => {
                            sum = sum.plus(&unit.times(&portion));
                            rounded_sum = rounded_sum.plus(&rounded.times(&portion));
                        }
                    }
                    last = position;
                }
                // The portions are of what is measured; the line's share of it is its quantity's (rule M4).
                let (unit, rounded_unit) = (sum.over(measure)?, rounded_sum.over(measure)?);
                let (amount, rounded_amount) = (unit.times(&quantity), rounded_unit.times(&quantity));
                (ExactQuote { unit, amount, rounded_unit, rounded_amount }, last)
            }
        };
        let source = PriceSource {
            list: self.list,
            target: self.target,
            unit: self.head.unit,
            per: self.head.per,
            window: self.head.window,
            flags: self.head.flags,
            mode: self.head.mode,
            tier: u16::try_from(tier).unwrap_or(u16::MAX),
            percent_of,
        };
        Ok(Answer::Hit(Quote::Exact(Box::new(quote)), source))
    }

    /// Every tier with its price; those that cannot be computed are left out.
    fn listed(&self, cells: &CellBuffer) -> Result<Vec<ListedTier>, Trouble> {
        let mut listed = Vec::new();
        for tier in cells.tiers(self.head) {
            if let Ok((_, price)) = self.unit_price(&tier.value)? {
                let unit_price = price.round(Micros(1), RoundingMode::HalfUp)?;
                listed.push(ListedTier { lower: tier.lower, upper: tier.upper, unit_price });
            }
        }
        Ok(listed)
    }

    fn unit_price(&self, value: &Value) -> Result<TierPrice, Trouble> {
        let rounding = &self.terms.contract.rounding;
        let to_ordered = self.order.factor.in_terms_of(self.chosen.factor)?;
        let in_cell_unit = match self.in_cell_unit(value, &to_ordered)? {
            Ok(price) if self.is_allowed(&price) => price,
            Ok(_) => {
                return Ok(Err((
                    LineStatus::PriceNotPositive { list: self.list },
                    LossReason::PriceNotPositive,
                )));
            }
            Err(failure) => return Ok(Err(failure)),
        };
        let ordered = in_cell_unit.times(&to_ordered);
        if rounding.discount_on == DiscountOn::Line {
            return Ok(Ok((ordered.clone(), ordered)));
        }
        let step = rounding.unit_step(self.terms.contract.currency);
        let rounded = match rounding.rounding_unit {
            RoundingUnit::Ordered => Exact::from(ordered.round(step, rounding.unit_mode)?),
            RoundingUnit::Price => {
                Exact::from(in_cell_unit.round(step, rounding.unit_mode)?).times(&to_ordered)
            }
        };
        Ok(Ok((ordered, rounded)))
    }

    /// Prices are above zero, or zero and meant so (rule C7); a formula may come out below.
    fn is_allowed(&self, price: &Exact) -> bool {
        match price.compare(&Exact::ZERO) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal => self.head.flags.has(CellFlags::FREE),
            std::cmp::Ordering::Less => false,
        }
    }

    /// The price of one of the cell's units, in the contract's currency, unrounded.
    fn in_cell_unit(
        &self,
        value: &Value,
        to_ordered: &Exact,
    ) -> Result<Result<Exact, (LineStatus, LossReason)>, Trouble> {
        let terms = self.terms;
        let stated = match value {
            Value::Price(price) => Exact::from(*price),
            Value::Formula { index, coefficient, premium } => match terms
                .catalogue
                .market
                .index_value(*index, terms.at)
            {
                None => {
                    return Ok(Err((LineStatus::NoIndexValue { list: self.list }, LossReason::NoIndexValue)));
                }
                Some(index) => {
                    Exact::from(index).times(&Exact::from(*coefficient)).plus(&Exact::from(*premium))
                }
            },
            Value::Percent { percent, of } => {
                let missing = (LineStatus::NoBasePrice { list: *of }, LossReason::NoBasePrice);
                let Some(base) = self.base_price(*of)? else { return Ok(Err(missing)) };
                let kept = Exact::ratio(HUNDRED_PERCENT - i128::from(percent.0), HUNDRED_PERCENT)?;
                return Ok(Ok(base.times(&kept).over(to_ordered)?));
            }
        };
        let currency = terms.catalogue.list(self.list).map_or(terms.contract.currency, |list| list.currency);
        let Some(rate) = terms.catalogue.market.rate(currency, terms.contract.currency, terms.at) else {
            return Ok(Err((LineStatus::NoExchangeRate { list: self.list }, LossReason::NoExchangeRate)));
        };
        let per = Exact::ratio(i128::from(self.head.per), 1)?;
        Ok(Ok(stated.times(&rate.exact()?).over(&per)?))
    }

    /// The named list's price of one ordered unit, at the same instant and quantity, unrounded; percentages of it do
    /// not count (rule C5: no chains).
    fn base_price(&self, of: ListId) -> Result<Option<Exact>, Trouble> {
        if !self.terms.percentages {
            return Ok(None);
        }
        let terms = Terms { percentages: false, ..*self.terms };
        match terms.ask(of, self.order, &mut CellBuffer::default())? {
            Answer::Hit(Quote::Plain(price), _) => Ok(Some(Exact::from(price))),
            Answer::Hit(Quote::Exact(quote), _) => Ok(Some(quote.unit)),
            _ => Ok(None),
        }
    }
}
