//! What exactly does a line order? The SKU, the unit with its factor, and a quantity that may be ordered.

use crate::domain::catalogue::{Catalogue, SkuFacts};
use crate::domain::decimal::{MILLION, Micros};
use crate::domain::exact::Exact;
use crate::domain::ids::{SkuId, UnitId};
use crate::domain::rounding::RoundingMode;
use crate::domain::unit::Factor;

use super::cart::LineStatus;
use super::request::{CartLine, SkuRef};

/// An order line whose words are known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order {
    pub(super) sku: SkuId,
    pub(super) facts: SkuFacts,
    /// The ordered unit.
    pub(super) unit: UnitId,
    /// Base units in one ordered unit.
    pub(super) factor: Factor,
    pub(super) quantity: Micros,
}

/// What could be told of a line before anything was wrong with it.
pub(super) type Known = (Option<SkuId>, UnitId);

/// A line that can be priced, or why it cannot.
pub(super) type Resolved = Result<Order, (LineStatus, Known)>;

/// Resolves lines. Each look-up is taken for all lines before the next, so that what misses the processor's cache is
/// waited for by many lines at once.
pub(super) fn resolve(catalogue: &Catalogue, lines: &[CartLine<'_>]) -> Vec<Resolved> {
    let codes = lines.iter().map(|line| match line.sku {
        SkuRef::Handle(_) => None,
        SkuRef::Code(code) => Some(code),
    });
    let number = |(line, number): (&CartLine<'_>, Option<u32>)| match line.sku {
        SkuRef::Handle(sku) => Some(sku),
        SkuRef::Code(_) => number.map(SkuId),
    };
    let skus = lines.iter().zip(catalogue.skus.numbers(codes)).map(number);
    let known = |sku: Option<SkuId>| sku.and_then(|sku| Some((sku, *catalogue.facts(sku)?)));
    let known: Vec<Option<(SkuId, SkuFacts)>> = skus.map(known).collect();
    lines.iter().zip(known).map(|(line, known)| Order::of(catalogue, line, known)).collect()
}

impl Order {
    /// Resolves the unit, and checks the quantity.
    #[inline]
    fn of(catalogue: &Catalogue, line: &CartLine<'_>, known: Option<(SkuId, SkuFacts)>) -> Resolved {
        let (sku, facts) = known.ok_or((LineStatus::UnknownSku, (None, UnitId::BASE)))?;
        let (unit, factor, decimals) = if line.unit.is_empty() {
            (facts.base_unit, Factor::ONE, facts.decimals)
        } else {
            unit_of(catalogue, sku, &facts, line.unit)
                .ok_or((LineStatus::UnknownUnit, (Some(sku), UnitId::BASE)))?
        };
        let order = Self { sku, facts, unit, factor, quantity: line.quantity };
        order.check(decimals).map_err(|status| (status, (Some(sku), unit)))?;
        Ok(order)
    }

    #[inline]
    fn check(&self, decimals: u8) -> Result<(), LineStatus> {
        if self.quantity.0 <= 0 {
            return Err(LineStatus::QuantityNotPositive);
        }
        if self.quantity.0 % MILLION != 0 && self.quantity.places() > u32::from(decimals) {
            return Err(LineStatus::QuantityTooPrecise { decimals });
        }
        if self.facts.minimum == Micros::ZERO && self.facts.multiple == Micros::ZERO {
            return Ok(());
        }
        let (least, multiple) = (self.facts.minimum, self.facts.multiple.0.max(1));
        if self.factor.is_one() && self.quantity >= least && self.quantity.0 % multiple == 0 {
            return Ok(());
        }
        self.check_rules()
    }

    /// The same in any unit, and what would be right where it is wrong.
    #[cold]
    fn check_rules(&self) -> Result<(), LineStatus> {
        let in_base = self.measure_in_base();
        // How many ordered units make so many base units, rounded to a millionth the given way.
        let ordered = |base: &Exact, mode| {
            base.over(&self.factor.exact())
                .and_then(|units| units.round(Micros(1), mode))
                .map_err(|_| LineStatus::Overflow)
        };
        let minimum = Exact::from(self.facts.minimum);
        if in_base.compare(&minimum).is_lt() {
            return Err(LineStatus::BelowMinimum { minimum: ordered(&minimum, RoundingMode::Up)? });
        }
        if self.facts.multiple > Micros::ZERO {
            let multiple = Exact::from(self.facts.multiple);
            let times = in_base.over(&multiple).map_err(|_| LineStatus::Overflow)?;
            let whole = times.round(Micros::ONE, RoundingMode::Down).map_err(|_| LineStatus::Overflow)?;
            if times != Exact::from(whole) {
                let next = Micros(whole.0.checked_add(MILLION).ok_or(LineStatus::Overflow)?);
                let below = Exact::from(whole).times(&multiple);
                let below = if below.compare(&minimum).is_lt() { Exact::ZERO } else { below };
                let above = Exact::from(next).times(&multiple);
                return Err(LineStatus::OffMultiple {
                    below: ordered(&below, RoundingMode::Down)?,
                    above: ordered(&above, RoundingMode::Up)?,
                });
            }
        }
        Ok(())
    }

    /// The quantity in base units.
    pub(super) fn measure_in_base(&self) -> Exact {
        let quantity = Exact::from(self.quantity);
        if self.factor.is_one() { quantity } else { quantity.times(&self.factor.exact()) }
    }
}

fn unit_of(catalogue: &Catalogue, sku: SkuId, facts: &SkuFacts, code: &str) -> Option<(UnitId, Factor, u8)> {
    let unit = catalogue.unit_id(code).filter(|unit| *unit != UnitId::BASE)?;
    if unit == facts.base_unit {
        return Some((unit, Factor::ONE, facts.decimals));
    }
    let factor = catalogue.sku(sku)?.factor(unit)?;
    Some((unit, factor, catalogue.unit(unit)?.decimals))
}
