//! How does a contract cross the wire?

use crate::domain::catalogue::Catalogue;
use crate::domain::contract::{AccessMode, Conditions, Contract};
use crate::domain::ids::CounterpartyId;
use crate::domain::rounding::{DiscountOn, RoundAt, Rounding, RoundingMode, RoundingUnit, TaxRounding};

use super::moment::window;
use super::v1;

/// A contract.
#[must_use]
pub fn contract_of(contract: &Contract, catalogue: &Catalogue) -> v1::Contract {
    let list = |id| catalogue.list(id).map_or(String::new(), |list| list.code.clone());
    let party = |id: Option<CounterpartyId>| {
        id.and_then(|id| catalogue.counterparty(id)).map_or(String::new(), |party| party.code.clone())
    };
    v1::Contract {
        contract: contract.code.clone(),
        counterparty: catalogue.counterparty(contract.counterparty).map(|party| v1::Counterparty {
            counterparty: party.code.clone(),
            name: party.name.clone(),
            holding: party.holding.clone().unwrap_or_default(),
        }),
        currency: contract.currency.code().to_owned(),
        time_zone: contract.zone.clone(),
        validity: window(contract.validity),
        access_mode: match contract.access_mode {
            AccessMode::First => v1::AccessMode::First,
            AccessMode::Lowest => v1::AccessMode::Lowest,
        }
        .into(),
        access: contract
            .access
            .iter()
            .map(|entry| v1::AccessEntry {
                price_list: list(entry.list),
                conditions: conditions(&entry.conditions),
            })
            .collect(),
        reference_list: contract.reference_list.map_or(String::new(), list),
        payer: party(contract.payer),
        ship_to: party(contract.ship_to),
        payment_terms: contract.payment_terms.clone().unwrap_or_default(),
        hold: contract.hold.clone().unwrap_or_default(),
        rounding: Some(rounding(&contract.rounding, contract)),
        attributes: contract.attributes.clone(),
    }
}

fn conditions(asked: &Conditions) -> Option<v1::Circumstances> {
    let text = |asked: &Option<String>| asked.clone().unwrap_or_default();
    (!asked.is_empty()).then(|| v1::Circumstances {
        warehouse: text(&asked.warehouse),
        delivery_basis: text(&asked.delivery_basis),
        channel: text(&asked.channel),
        fulfilment: text(&asked.fulfilment),
        payment_terms: String::new(),
    })
}

fn mode(mode: RoundingMode) -> String {
    match mode {
        RoundingMode::HalfUp => "half_up",
        RoundingMode::HalfEven => "half_even",
        RoundingMode::Up => "up",
        RoundingMode::Down => "down",
    }
    .to_owned()
}

fn rounding(rules: &Rounding, contract: &Contract) -> v1::RoundingRules {
    v1::RoundingRules {
        amount_step_micros: rules.amount_step(contract.currency).0,
        amount_mode: mode(rules.amount_mode),
        unit_step_micros: rules.unit_step(contract.currency).0,
        unit_mode: mode(rules.unit_mode),
        round: match rules.round_at {
            RoundAt::End => "end",
            RoundAt::Layer => "layer",
        }
        .to_owned(),
        discount_on: match rules.discount_on {
            DiscountOn::Line => "line",
            DiscountOn::Unit => "unit",
        }
        .to_owned(),
        rounding_unit: match rules.rounding_unit {
            RoundingUnit::Ordered => "ordered",
            RoundingUnit::Price => "price",
        }
        .to_owned(),
        tax_rounding: match contract.tax_rounding {
            TaxRounding::Line => "line",
            TaxRounding::Document => "document",
        }
        .to_owned(),
    }
}
