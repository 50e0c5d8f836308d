//! How do purchases and the positions of measures cross the wire?

use std::collections::BTreeMap;

use crate::domain::currency::Currency;
use crate::domain::day::{CivilDay, Days};
use crate::engine::ledger::purchases::{MeasureStands, MonthOfPurchases, Purchases};
use crate::policy::syntax::PeriodOf;

use super::decimal::total_text;
use super::status::Violation;
use super::v1;

/// Digits after the point of amounts, at least.
pub(super) const AMOUNT_DIGITS: u32 = 2;

/// Whose purchases are asked for.
///
/// # Errors
/// Where the number stands for nobody.
pub fn whose(of: i32) -> Result<PeriodOf, Violation> {
    match v1::PurchasesOf::try_from(of) {
        Ok(v1::PurchasesOf::Unspecified | v1::PurchasesOf::Contract) => Ok(PeriodOf::Contract),
        Ok(v1::PurchasesOf::Counterparty) => Ok(PeriodOf::Counterparty),
        Ok(v1::PurchasesOf::Holding) => Ok(PeriodOf::Holding),
        Ok(v1::PurchasesOf::Payer) => Ok(PeriodOf::Payer),
        Ok(v1::PurchasesOf::ShipTo) => Ok(PeriodOf::ShipTo),
        Err(_) => Err(Violation::new("of", format!("{of} stands for nobody's purchases"))),
    }
}

/// Which days are asked for; `None` for all.
///
/// # Errors
/// Everything that is no day.
pub fn days(first: &str, last: &str) -> Result<Option<Days>, Vec<Violation>> {
    let read = |field: &str, text: &str, open: CivilDay| match text {
        "" => Ok(open),
        text => CivilDay::parse(text).map_err(|error| Violation::new(field, format!("\"{text}\" {error}"))),
    };
    let open = (CivilDay::FIRST, CivilDay(i32::MAX));
    match (read("first_day", first, open.0), read("last_day", last, open.1)) {
        (Ok(first), Ok(last)) if (first, last) == open => Ok(None),
        (Ok(first), Ok(last)) => Ok(Some(Days { first, last })),
        (first, last) => Err(first.err().into_iter().chain(last.err()).collect()),
    }
}

fn figures(figures: &MonthOfPurchases) -> v1::PurchaseFigures {
    let text = |micros: i128| total_text(micros, AMOUNT_DIGITS);
    v1::PurchaseFigures {
        list_amount: text(figures.list_amount),
        contract_amount: text(figures.contract_amount),
        net_amount: text(figures.net_amount),
        tax_amount: text(figures.tax_amount),
        shipments: figures.shipments,
        other_documents: figures.others,
        skus: figures.skus,
    }
}

/// Purchases by currency.
#[must_use]
pub fn purchases_of(purchases: &BTreeMap<Currency, Purchases>) -> Vec<v1::Purchases> {
    let of = |(currency, purchases): (&Currency, &Purchases)| v1::Purchases {
        currency: currency.to_string(),
        months: purchases
            .months
            .iter()
            .map(|(month, of)| v1::PurchaseMonth { month: month.to_string(), figures: Some(figures(of)) })
            .collect(),
        total: Some(figures(&purchases.total)),
    };
    purchases.iter().map(of).collect()
}

/// Whose purchases they are.
#[must_use]
pub fn of_whom(of: PeriodOf) -> v1::PurchasesOf {
    match of {
        PeriodOf::Contract => v1::PurchasesOf::Contract,
        PeriodOf::Counterparty => v1::PurchasesOf::Counterparty,
        PeriodOf::Holding => v1::PurchasesOf::Holding,
        PeriodOf::Payer => v1::PurchasesOf::Payer,
        PeriodOf::ShipTo => v1::PurchasesOf::ShipTo,
    }
}

/// Where a measure stands.
#[must_use]
pub fn measure_of(stands: &MeasureStands) -> v1::MeasureStands {
    v1::MeasureStands {
        measure: stands.measure.clone(),
        of: of_whom(stands.of).into(),
        first_day: stands.days.first.to_string(),
        last_day: stands.days.last.to_string(),
        value: total_text(stands.value, if stands.currency.is_some() { AMOUNT_DIGITS } else { 0 }),
        currency: stands.currency.map_or(String::new(), |currency| currency.to_string()),
    }
}
