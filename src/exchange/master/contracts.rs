//! What does a row of `contracts` say?

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::reader::MasterRow;
use super::row::Row;
use super::written::{attributes, choice, decimal, number, optional, text};
use crate::domain::contract::AccessMode;
use crate::domain::currency::Currency;
use crate::domain::decimal::Micros;
use crate::domain::rounding::{DiscountOn, RoundAt, Rounding, RoundingMode, RoundingUnit, TaxRounding};
use crate::domain::time::{TimeError, Window};
use crate::exchange::fault::Refusal;
use crate::exchange::kind::Kind;
use crate::exchange::moments::window_fields;

const ACCESS: [(&str, AccessMode); 2] = [("first", AccessMode::First), ("lowest", AccessMode::Lowest)];
const MODES: [(&str, RoundingMode); 4] = [
    ("half_up", RoundingMode::HalfUp),
    ("half_even", RoundingMode::HalfEven),
    ("up", RoundingMode::Up),
    ("down", RoundingMode::Down),
];
const ROUND: [(&str, RoundAt); 2] = [("end", RoundAt::End), ("layer", RoundAt::Layer)];
const DISCOUNT_ON: [(&str, DiscountOn); 2] = [("line", DiscountOn::Line), ("unit", DiscountOn::Unit)];
const ROUNDING_UNIT: [(&str, RoundingUnit); 2] =
    [("ordered", RoundingUnit::Ordered), ("price", RoundingUnit::Price)];
const TAX_ROUNDING: [(&str, TaxRounding); 2] =
    [("line", TaxRounding::Line), ("document", TaxRounding::Document)];

/// A contract without its access sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractRow {
    /// External id.
    pub contract: String,
    /// Who buys.
    pub counterparty: String,
    /// The currency of every figure in an answer.
    pub currency: Currency,
    /// IANA name of the zone, in the capitals of the zone's own name.
    pub time_zone: String,
    /// When it holds.
    pub validity: Window,
    /// First or lowest.
    pub access: AccessMode,
    /// The list shown as list price.
    pub reference_list: Option<String>,
    /// Rounding; `amount_step` and the columns after it.
    pub rounding: Rounding,
    /// Where tax is rounded.
    pub tax_rounding: TaxRounding,
    /// Who pays, where another.
    pub payer: Option<String>,
    /// Who receives the goods, where another.
    pub ship_to: Option<String>,
    /// Payment terms, as the ERP names them.
    pub payment_terms: Option<String>,
    /// Text of the notice that blocks orders.
    pub hold: Option<String>,
    /// Free attributes.
    pub attributes: BTreeMap<String, String>,
}

fn read_zone(row: &mut Row<'_>) -> Option<String> {
    let name = row.id("time_zone")?;
    let zone = TimeZone::get(&name).ok();
    match zone.as_ref().and_then(TimeZone::iana_name) {
        Some(name) => Some(name.to_owned()),
        None => {
            row.refuse("time_zone", TimeError::NotAZone);
            None
        }
    }
}

fn read_rounding(row: &mut Row<'_>) -> Rounding {
    Rounding {
        amount_step: row.decimal("amount_step", Micros(1), "is not above zero"),
        amount_mode: row.choice("amount_mode", &MODES),
        unit_step: row.decimal("unit_step", Micros(1), "is not above zero"),
        unit_mode: row.choice("unit_mode", &MODES),
        round_at: row.choice("round", &ROUND),
        discount_on: row.choice("discount_on", &DISCOUNT_ON),
        rounding_unit: row.choice("rounding_unit", &ROUNDING_UNIT),
    }
}

impl MasterRow for ContractRow {
    const KIND: Kind = Kind::Contracts;

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let contract = row.id("contract");
        let counterparty = row.id("counterparty");
        let currency = row.currency("currency");
        let time_zone = read_zone(row);
        let validity = row.window();
        let access = row.choice("access", &ACCESS);
        let reference_list = row.optional_id("reference_list");
        let rounding = read_rounding(row);
        let tax_rounding = row.choice("tax_rounding", &TAX_ROUNDING);
        let payer = row.optional_id("payer");
        let ship_to = row.optional_id("ship_to");
        let payment_terms = row.optional_text("payment_terms");
        let hold = row.optional_text("hold");
        let attributes = row.attributes("attributes");
        Some(Self {
            contract: contract?,
            counterparty: counterparty?,
            currency: currency?,
            time_zone: time_zone?,
            validity: validity?,
            access,
            reference_list,
            rounding,
            tax_rounding,
            payer,
            ship_to,
            payment_terms,
            hold,
            attributes,
        })
    }

    fn key(&self) -> Vec<Cow<'_, str>> {
        vec![text(&self.contract)]
    }

    fn fields(&self) -> Result<Vec<Cow<'_, str>>, Refusal> {
        let [from, to, through] = window_fields(self.validity);
        let rounding = &self.rounding;
        Ok(vec![
            text(&self.contract),
            text(&self.counterparty),
            number(self.currency),
            text(&self.time_zone),
            Cow::Owned(from),
            Cow::Owned(to),
            Cow::Owned(through),
            choice(self.access, &ACCESS),
            optional(self.reference_list.as_ref()),
            decimal(rounding.amount_step),
            choice(rounding.amount_mode, &MODES),
            decimal(rounding.unit_step),
            choice(rounding.unit_mode, &MODES),
            choice(rounding.round_at, &ROUND),
            choice(rounding.discount_on, &DISCOUNT_ON),
            choice(rounding.rounding_unit, &ROUNDING_UNIT),
            choice(self.tax_rounding, &TAX_ROUNDING),
            optional(self.payer.as_ref()),
            optional(self.ship_to.as_ref()),
            optional(self.payment_terms.as_ref()),
            optional(self.hold.as_ref()),
            attributes(&self.attributes)?,
        ])
    }
}
