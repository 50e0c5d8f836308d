//! What was accepted of a contract's quotes and has not been shipped yet? A forecast: nothing of it was bought.

use std::collections::BTreeMap;

use crate::domain::currency::Currency;
use crate::domain::day::CivilDay;
use crate::domain::decimal::Micros;
use crate::domain::exact::Exact;
use crate::domain::ids::{ContractId, UnitId};
use crate::domain::limits;
use crate::engine::error::RecordError;
use crate::engine::quotes::underway::{Taken, each_underway, taken};
use crate::ledger::document::{Document, DocumentLine};
use crate::ledger::metered::Meter;
use crate::ledger::whose::Whose;
use crate::policy::compiled::{CompiledWhat, MeasureNo};
use crate::policy::syntax::AmountOf;
use crate::quotes::number::QuoteNo;

use super::expected::shipment;
use super::positions::Purchased;

/// A quote of which something accepted is still to be shipped. Net amounts, in millionths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedQuote {
    /// The quote.
    pub number: QuoteNo,
    /// Of its amounts.
    pub currency: Currency,
    /// What was accepted of it.
    pub accepted: i128,
    /// What the contract's documents that follow it shipped, less what they brought back.
    pub shipped: i128,
    /// What is still to be shipped.
    pub open: i128,
}

/// What is still to be shipped of a contract's quotes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AcceptedQuotes {
    /// The newest, as many as are told.
    pub quotes: Vec<AcceptedQuote>,
    /// How many there are beyond these.
    pub untold: u64,
    /// What is still to be shipped of all that are in the contract's currency, millionths.
    pub open: i128,
}

/// Quotes as the shipments that they would become, each with the part of it that is open; by contract.
pub(super) type ToShip = BTreeMap<ContractId, Vec<(Document, Exact)>>;

impl Purchased<'_> {
    /// What is still to be shipped of the contract's quotes, as it stands now.
    pub(super) fn accepted_quotes(&self) -> Result<AcceptedQuotes, RecordError> {
        let mut found = AcceptedQuotes::default();
        each_underway(self.store, self.contract.id, |number, underway| {
            let (shipped, open) = (underway.shipped(), underway.open());
            let Some((currency, accepted)) = underway.accepted else { return };
            if currency == self.contract.currency {
                found.open += open;
            }
            if found.quotes.len() < limits::ACCEPTED_QUOTES {
                found.quotes.push(AcceptedQuote { number, currency, accepted, shipped, open });
            } else {
                found.untold += 1;
            }
        })?;
        Ok(found)
    }

    /// What a measure would gain if all that was accepted were shipped on a day, by those whose purchases it counts. None of a
    /// measure that a quote says nothing of: it promises net amounts.
    pub(super) fn would_gain(
        &self,
        (measure, day): (MeasureNo, CivilDay),
        counted: &[(ContractId, Whose)],
        to_ship: &mut ToShip,
    ) -> Result<Option<Exact>, RecordError> {
        let policy = &self.view.policy.0;
        let Some(of) = policy.measure(measure).filter(|measure| !measure.paid) else { return Ok(None) };
        if !matches!(of.what, CompiledWhat::Amount(AmountOf::Net)) {
            return Ok(None);
        }
        let meter = Meter { policy, catalogue: &self.view.catalogue, measure: of };
        let mut sum = Exact::ZERO;
        for (contract, whose) in counted {
            if !to_ship.contains_key(contract) {
                to_ship.insert(*contract, self.as_shipments(*contract, day)?);
            }
            for (document, part) in to_ship.get(contract).into_iter().flatten() {
                // A quote names no parties: they are those of its contract.
                if whose.holds(document) {
                    sum = sum.plus(&meter.whole(document).times(part));
                }
            }
        }
        Ok(Some(sum))
    }

    fn as_shipments(
        &self,
        contract: ContractId,
        day: CivilDay,
    ) -> Result<Vec<(Document, Exact)>, RecordError> {
        let mut open = Vec::new();
        each_underway(self.store, contract, |number, underway| {
            let accepted = underway.accepted.map_or(0, |(_, accepted)| accepted);
            open.push((number, Exact::ratio(underway.open(), accepted).unwrap_or(Exact::ZERO)));
        })?;
        let mut found = Vec::new();
        for (number, part) in open {
            let taken = taken(self.store, (contract, number))?;
            found.extend(taken.map(|taken| (as_shipped(contract, day, taken), part)));
        }
        Ok(found)
    }
}

/// What was accepted of a quote, as a shipment of it.
fn as_shipped(contract: ContractId, day: CivilDay, taken: Taken) -> Document {
    let Taken { currency, channel, lines } = taken;
    let line = |sku, net_amount| DocumentLine {
        sku,
        unit: UnitId::BASE,
        quantity: Micros::ZERO,
        list_amount: Micros::ZERO,
        contract_amount: Micros::ZERO,
        net_amount,
        tax_amount: Micros::ZERO,
        cost: None,
        weight: None,
    };
    let lines = lines.into_values().filter_map(|of| Some(line(of.sku?, of.net)));
    let channel = Some(channel).filter(|channel| !channel.is_empty());
    shipment((contract, currency), day, channel, lines.collect())
}
