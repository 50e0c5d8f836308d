//! Which records do a price row's names mean? Resolved against the catalogue that the same import would publish.

use crate::domain::catalogue::Catalogue;
use crate::domain::cell::{CellFlags, Target, Value};
use crate::domain::currency::Currency;
use crate::domain::decimal::Micros;
use crate::domain::ids::{BrandId, CategoryId, ListId, SkuId, UnitId};
use crate::domain::ladder::{Over, TierMode};
use crate::domain::time::Window;
use crate::exchange::fault::Refusal;
use crate::exchange::price_line::{LineValue, PriceLine, TargetName};

use super::staged::{Rich, Staged, source_of, target_key};

/// Resolves rows; remembers the last list, since files are usually grouped by it.
pub(super) struct Names<'a> {
    catalogue: &'a Catalogue,
    last: Option<(String, ListId, Currency)>,
}

impl<'a> Names<'a> {
    pub(super) fn new(catalogue: &'a Catalogue) -> Self {
        Self { catalogue, last: None }
    }

    /// The row of file number `file`, resolved.
    pub(super) fn resolve(&mut self, file: usize, line: &PriceLine<'_>) -> Result<Staged, Refusal> {
        let (list, currency) = self.list(line.list)?;
        if let Some(stated) = line.currency
            && stated != currency.code()
        {
            let reason = match Currency::parse(stated) {
                Ok(_) => format!("is not the currency of price list \"{}\", which is {currency}", line.list),
                Err(error) => error.to_string(),
            };
            return Err(Refusal::new("currency", stated, reason));
        }
        let target = self.target(line.target)?;
        let unit = self.unit(line.unit, target)?;
        let source = source_of(file, line.row);
        let plain = unit == UnitId::BASE
            && line.per == 1
            && line.mode == TierMode::Volume
            && line.over == Over::Line
            && line.lower == Micros::ZERO
            && line.upper.is_none()
            && line.window == Window::ALWAYS
            && line.flags == CellFlags::default();
        if let (LineValue::Price(price), true) = (line.value, plain) {
            return Ok(Staged { list, target: target_key(target), source, price: price.0, rich: None });
        }
        let rich = Rich {
            unit,
            per: line.per,
            mode: line.mode,
            over: line.over,
            lower: line.lower,
            upper: line.upper,
            value: self.value(line, list)?,
            window: line.window,
            flags: line.flags,
        };
        Ok(Staged { list, target: target_key(target), source, price: 0, rich: Some(Box::new(rich)) })
    }

    fn list(&mut self, code: &str) -> Result<(ListId, Currency), Refusal> {
        if let Some((known, list, currency)) = &self.last
            && known == code
        {
            return Ok((*list, *currency));
        }
        let list = self.known_list("price_list", code)?;
        let currency = self
            .catalogue
            .list(list)
            .map(|list| list.currency)
            .ok_or_else(|| Refusal::new("price_list", code, UNKNOWN_LIST))?;
        self.last = Some((code.to_owned(), list, currency));
        Ok((list, currency))
    }

    fn known_list(&self, column: &'static str, code: &str) -> Result<ListId, Refusal> {
        let number = self.catalogue.lists.number(code);
        number.map(ListId).ok_or_else(|| Refusal::new(column, code, UNKNOWN_LIST))
    }

    fn target(&self, name: TargetName<'_>) -> Result<Target, Refusal> {
        let catalogue = self.catalogue;
        match name {
            TargetName::Sku(code) => {
                catalogue.skus.number(code).map(|number| Target::Sku(SkuId(number))).ok_or_else(|| {
                    Refusal::new(
                        "sku",
                        code,
                        "is no SKU of the catalogue: import it with the kind skus first",
                    )
                })
            }
            TargetName::Category(path) => catalogue
                .categories
                .number(path)
                .map(|number| Target::Category(CategoryId(number)))
                .ok_or_else(|| Refusal::new("category", path, "is the category of no SKU: check the path")),
            TargetName::Brand(code) => catalogue
                .brands
                .number(code)
                .map(|number| Target::Brand(BrandId(number)))
                .ok_or_else(|| Refusal::new("brand", code, "is the brand of no SKU: check the name")),
        }
    }

    fn unit(&self, code: Option<&str>, target: Target) -> Result<UnitId, Refusal> {
        let Some(code) = code else { return Ok(UnitId::BASE) };
        let unit =
            self.catalogue.unit_id(code).filter(|unit| *unit != UnitId::BASE).ok_or_else(|| {
                Refusal::new("unit", code, "is no unit: import it with the kind units first")
            })?;
        let Target::Sku(sku) = target else { return Ok(unit) };
        let Some(sku) = self.catalogue.sku(sku) else { return Ok(unit) };
        if sku.base_unit == unit {
            return Ok(UnitId::BASE);
        }
        match sku.factor(unit) {
            Some(_) => Ok(unit),
            None => Err(Refusal::new(
                "unit",
                code,
                format!("is no unit of SKU \"{}\": state its factor with the kind sku_units first", sku.code),
            )),
        }
    }

    fn value(&self, line: &PriceLine<'_>, list: ListId) -> Result<Option<Value>, Refusal> {
        Ok(match line.value {
            LineValue::Remove => None,
            LineValue::Price(price) => Some(Value::Price(price)),
            LineValue::Percent { percent, of } => {
                let of_list = self.known_list("percent_of", of)?;
                if of_list == list {
                    return Err(Refusal::new("percent_of", of, "is the list itself: name another"));
                }
                Some(Value::Percent { percent, of: of_list })
            }
            LineValue::Formula { index, coefficient, premium } => {
                let known = self.catalogue.market.index(index);
                let index = known.ok_or_else(|| {
                    Refusal::new(
                        "formula",
                        index,
                        "is no price index: import its values with the kind index_values first",
                    )
                })?;
                Some(Value::Formula { index, coefficient, premium })
            }
        })
    }
}

const UNKNOWN_LIST: &str = "is no price list: import it with the kind price_lists first";
