//! Which contracts are of the same counterparty, and of the same holding?

use std::collections::BTreeMap;

use crate::domain::catalogue::Catalogue;
use crate::domain::contract::Contract;
use crate::domain::ids::{ContractId, CounterpartyId};
use crate::policy::syntax::PeriodOf;

/// Contracts by who buys.
#[derive(Debug, Default)]
pub(in crate::engine) struct Buyers {
    by_counterparty: BTreeMap<CounterpartyId, Vec<ContractId>>,
    by_holding: BTreeMap<String, Vec<ContractId>>,
}

impl Buyers {
    /// Those of a catalogue.
    pub(in crate::engine) fn new(catalogue: &Catalogue) -> Self {
        let by_counterparty = catalogue.contracts_by_counterparty();
        let mut by_holding: BTreeMap<String, Vec<ContractId>> = BTreeMap::new();
        for (party, contracts) in &by_counterparty {
            let holding = catalogue.counterparty(*party).and_then(|party| party.holding.as_ref());
            if let Some(holding) = holding {
                by_holding.entry(holding.clone()).or_default().extend(contracts);
            }
        }
        Self { by_counterparty, by_holding }
    }

    /// The contracts whose documents count for one.
    pub(in crate::engine) fn counted<'b>(
        &'b self,
        catalogue: &Catalogue,
        contract: &'b Contract,
        of: PeriodOf,
    ) -> &'b [ContractId] {
        match of {
            PeriodOf::Contract => std::slice::from_ref(&contract.id),
            PeriodOf::Counterparty => self.of_counterparty(contract.counterparty),
            PeriodOf::Holding => self.of_holding(catalogue, contract.counterparty),
        }
    }

    /// A counterparty's contracts.
    fn of_counterparty(&self, party: CounterpartyId) -> &[ContractId] {
        self.by_counterparty.get(&party).map(Vec::as_slice).unwrap_or_default()
    }

    /// The contracts of a counterparty's holding; its own where it belongs to none.
    fn of_holding(&self, catalogue: &Catalogue, party: CounterpartyId) -> &[ContractId] {
        let holding = catalogue.counterparty(party).and_then(|party| party.holding.as_ref());
        match holding.and_then(|holding| self.by_holding.get(holding)) {
            Some(contracts) => contracts,
            None => self.of_counterparty(party),
        }
    }
}
