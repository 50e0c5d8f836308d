//! What does one cell make of a line? Its price for one ordered unit and for the whole line, exactly.

use crate::domain::cell::{CellFlags, Target, Value};
use crate::domain::decimal::{MILLION, Micros};
use crate::domain::exact::Exact;
use crate::domain::ids::ListId;
use crate::domain::ladder::{Tier, TierMode};
use crate::domain::rounding::{DiscountOn, RoundingMode, RoundingUnit};
use crate::matrix::cells::{CellBuffer, CellHead};

use super::asking::{Answer, ExactQuote, Origin, Quote, Terms, Trouble};
use super::cart::{LineStatus, ListedTier, PriceSource};
use super::choice::Chosen;
use super::losers::LossReason;
use super::order::Order;
use super::tiers::{portions, reached};

/// Millionths of a percent in a hundred percent.
const HUNDRED_PERCENT: i128 = 100 * MILLION as i128;

/// One chosen cell and the line it prices.
pub(super) struct CellPricing<'a> {
    pub(super) terms: &'a Terms<'a>,
    pub(super) list: ListId,
    pub(super) order: &'a Order,
    pub(super) target: Target,
    pub(super) head: &'a CellHead,
    pub(super) chosen: &'a Chosen,
}

/// A tier's price for one ordered unit, before and after unit rounding; or why there is none.
type TierPrice = Result<(Exact, Exact), (LineStatus, LossReason)>;

impl CellPricing<'_> {
    /// The line's price by this cell.
    pub(super) fn price(&self, cells: &CellBuffer) -> Result<Answer, Trouble> {
        let tiers = cells.tiers(self.head);
        match self.head.mode {
            TierMode::Volume => self.by_volume(tiers),
            TierMode::Graduated => self.by_portions(tiers),
        }
    }

    fn by_volume(&self, tiers: &[Tier<Value>]) -> Result<Answer, Trouble> {
        let Ok((position, tier)) = reached(tiers, &self.chosen.measure) else {
            return Ok(Answer::Miss(LossReason::NotInList));
        };
        if let Some(price) = self.plain(&tier.value) {
            return Ok(Answer::Hit(Quote::Plain(price), self.origin(position, None)));
        }
        Ok(match self.unit_price(&tier.value)? {
            Err(failure) => self.failed(failure),
            Ok((unit, rounded_unit)) => {
                let scale = match self.terms.coins.rounding_unit {
                    RoundingUnit::Ordered => None,
                    RoundingUnit::Price => Some(self.order.factor.in_terms_of(self.chosen.factor)?),
                };
                let quote = self.times_quantity(unit, rounded_unit, scale);
                Answer::Hit(Quote::Exact(Box::new(quote)), self.origin(position, base_of(&tier.value)))
            }
        })
    }

    fn by_portions(&self, tiers: &[Tier<Value>]) -> Result<Answer, Trouble> {
        let measure = &self.chosen.measure;
        let (mut sum, mut rounded_sum, mut last, mut percent_of) = (Exact::ZERO, Exact::ZERO, 0, None);
        for (position, tier, portion) in portions(tiers, measure) {
            match self.unit_price(&tier.value)? {
                Err(failure) => return Ok(self.failed(failure)),
                Ok((unit, rounded)) => {
                    sum = sum.plus(&unit.times(&portion));
                    rounded_sum = rounded_sum.plus(&rounded.times(&portion));
                }
            }
            (last, percent_of) = (position, base_of(&tier.value));
        }
        // The portions are of what is measured; the line's share of it is its quantity's (rule M4).
        let quote = self.times_quantity(sum.over(measure)?, rounded_sum.over(measure)?, None);
        let quote = ExactQuote { in_portions: true, ..quote };
        Ok(Answer::Hit(Quote::Exact(Box::new(quote)), self.origin(last, percent_of)))
    }

    fn failed(&self, (status, reason): (LineStatus, LossReason)) -> Answer {
        Answer::Failed { status, reason, is_final: self.head.flags.has(CellFlags::FINAL) }
    }

    fn times_quantity(&self, unit: Exact, rounded_unit: Exact, rounded_in: Option<Exact>) -> ExactQuote {
        let quantity = Exact::from(self.order.quantity);
        let (amount, rounded_amount) = (unit.times(&quantity), rounded_unit.times(&quantity));
        ExactQuote { unit, amount, rounded_unit, rounded_amount, in_portions: false, rounded_in }
    }

    fn origin(&self, tier: usize, percent_of: Option<ListId>) -> Origin {
        let source = self.terms.sources.then(|| Box::new(self.source(tier, percent_of)));
        Origin { list: self.list, flags: self.head.flags, source }
    }

    fn source(&self, tier: usize, percent_of: Option<ListId>) -> PriceSource {
        PriceSource {
            list: self.list,
            target: self.target,
            unit: self.head.unit,
            per: self.head.per,
            window: self.head.window,
            flags: self.head.flags,
            mode: self.head.mode,
            tier: u16::try_from(tier).unwrap_or(u16::MAX),
            percent_of,
        }
    }

    /// The price for one ordered unit where it is a decimal of six places as it stands, which spares most lines the
    /// fractions; `None` where fractions have to be asked, and the figures are the same then.
    #[inline]
    fn plain(&self, value: &Value) -> Option<Micros> {
        let Value::Price(price) = value else { return None };
        if price.0 <= 0 || !self.terms.takes_as_is(self.list) {
            return None;
        }
        let (ordered, of_cell) = (self.order.factor, self.chosen.factor);
        let per = i64::from(self.head.per);
        if ordered == of_cell {
            return (price.0 % per == 0).then(|| Micros(price.0 / per));
        }
        let coins = self.terms.coins;
        if coins.discount_on == DiscountOn::Unit && coins.rounding_unit == RoundingUnit::Price {
            return None;
        }
        // One ordered unit is top / bottom units of the cell.
        let top = i128::from(ordered.numerator()).checked_mul(i128::from(of_cell.denominator()))?;
        let bottom = i128::from(ordered.denominator()).checked_mul(i128::from(of_cell.numerator()))?;
        let (price, bottom) = (i128::from(price.0).checked_mul(top)?, bottom.checked_mul(i128::from(per))?);
        (price % bottom == 0).then(|| i64::try_from(price / bottom).ok().map(Micros))?
    }

    /// Every tier with its price; those that cannot be computed are left out.
    pub(super) fn listed(&self, cells: &CellBuffer) -> Result<Vec<ListedTier>, Trouble> {
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
        let coins = self.terms.coins;
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
        if coins.discount_on == DiscountOn::Line {
            return Ok(Ok((ordered.clone(), ordered)));
        }
        let rounded = match coins.rounding_unit {
            RoundingUnit::Ordered => Exact::from(ordered.round(coins.unit_step, coins.unit_mode)?),
            RoundingUnit::Price => {
                Exact::from(in_cell_unit.round(coins.unit_step, coins.unit_mode)?).times(&to_ordered)
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
        let price = stated.times(&rate.exact()?).over(&per)?;
        if !terms.catalogue.list(self.list).is_some_and(|list| list.gross) {
            return Ok(Ok(price));
        }
        // Prices with tax become prices without it, exactly, when they are read (rule X1).
        let Some(percent) = terms.tax_percent(self.order.sku) else {
            return Ok(Err((LineStatus::NoTaxRate { list: self.list }, LossReason::NoTaxRate)));
        };
        let whole = Exact::ratio(HUNDRED_PERCENT + i128::from(percent.0), HUNDRED_PERCENT)?;
        Ok(Ok(price.over(&whole)?))
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

/// The list that a percentage is taken off.
fn base_of(value: &Value) -> Option<ListId> {
    match value {
        Value::Percent { of, .. } => Some(*of),
        Value::Price(_) | Value::Formula { .. } => None,
    }
}
