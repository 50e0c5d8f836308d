//! Which rows does a cell come to? One for each tier, with every number turned into its external id.

use crate::domain::cell::{Target, Value};
use crate::exchange::price_line::{LineValue, PriceLine, TargetName};
use crate::exchange::write::{PriceWriter, WriteFault};

use super::goods_tables::Names;
use super::lists::ListKind;
use super::market_tables::INDEX;
use super::{GeneratedCell, Generator};

/// Takes rows.
pub(super) trait PriceSink {
    /// Why a row could not be taken.
    type Error;
    /// One row.
    fn put(&mut self, row: &PriceLine<'_>) -> Result<(), Self::Error>;
}

impl PriceSink for PriceWriter {
    type Error = WriteFault;

    fn put(&mut self, row: &PriceLine<'_>) -> Result<(), WriteFault> {
        self.write(row)
    }
}

/// What turns cells into rows.
pub(super) struct PriceRows<'a> {
    generator: &'a Generator,
    names: Names,
    base: String,
}

impl<'a> PriceRows<'a> {
    pub(super) fn new(generator: &'a Generator) -> Self {
        Self { generator, names: Names::new(generator), base: ListKind::Base.code_and_name().0 }
    }

    /// Hands the rows of a list's cells to the sink; returns how many.
    pub(super) fn put_list<S: PriceSink>(
        &self,
        list: &str,
        cells: &[GeneratedCell],
        sink: &mut S,
    ) -> Result<u64, S::Error> {
        let mut count = 0;
        for GeneratedCell { target, cell } in cells {
            let unit = self.names.units.get(cell.unit.index()).copied().filter(|unit| !unit.is_empty());
            for tier in cell.ladder.tiers() {
                sink.put(&PriceLine {
                    row: 0,
                    list,
                    target: self.target(*target),
                    unit,
                    per: cell.per,
                    mode: cell.ladder.mode(),
                    over: cell.ladder.over(),
                    lower: tier.lower,
                    upper: tier.upper,
                    value: self.value(tier.value),
                    currency: None,
                    window: cell.window,
                    flags: cell.flags,
                })?;
                count += 1;
            }
        }
        Ok(count)
    }

    fn target(&self, target: Target) -> TargetName<'_> {
        let assortment = &self.generator.assortment;
        let code = |codes: &'a [String], at: usize| codes.get(at).map_or("", String::as_str);
        match target {
            Target::Sku(id) => TargetName::Sku(self.names.sku(id.0)),
            Target::Category(id) => TargetName::Category(code(&assortment.categories, id.index())),
            Target::Brand(id) => TargetName::Brand(code(&assortment.brands, id.index())),
        }
    }

    /// All percentages are off the base list, all formulas over the one index.
    fn value(&self, value: Value) -> LineValue<'_> {
        match value {
            Value::Price(price) => LineValue::Price(price),
            Value::Percent { percent, .. } => LineValue::Percent { percent, of: &self.base },
            Value::Formula { coefficient, premium, .. } => {
                LineValue::Formula { index: INDEX, coefficient, premium }
            }
        }
    }
}
