//! Whose documents count for a contract: of which contracts, and which of theirs?

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::domain::catalogue::Catalogue;
use crate::domain::contract::Contract;
use crate::domain::ids::{ContractId, CounterpartyId};
use crate::engine::view::View;
use crate::ledger::whose::{Part, Whose};
use crate::policy::syntax::PeriodOf;

/// Contracts by who buys, pays and receives.
#[derive(Debug, Default)]
pub(in crate::engine) struct Buyers {
    by_counterparty: BTreeMap<CounterpartyId, Vec<ContractId>>,
    by_holding: BTreeMap<String, Vec<ContractId>>,
    by_payer: BTreeMap<CounterpartyId, Vec<ContractId>>,
    by_ship_to: BTreeMap<CounterpartyId, Vec<ContractId>>,
}

/// The contracts whose documents count, and which of theirs.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Counted<'v> {
    /// Ascending where documents are told apart.
    contracts: &'v [ContractId],
    whose: Whose,
    /// Contracts whose documents name the counterparty; those of the others may be among them.
    named: Cow<'v, [ContractId]>,
    by_name: Whose,
}

impl<'v> Counted<'v> {
    /// Nobody's.
    pub(in crate::engine) const NOTHING: Self =
        Counted { contracts: &[], whose: Whose::All, named: Cow::Borrowed(&[]), by_name: Whose::All };

    /// Each contract, with which of its documents count.
    pub(in crate::engine) fn iter(&self) -> impl Iterator<Item = (ContractId, Whose)> {
        let by_contract = self.contracts.iter().map(|contract| (*contract, self.whose));
        let others = self.named.iter().filter(|contract| self.contracts.binary_search(contract).is_err());
        by_contract.chain(others.map(|contract| (*contract, self.by_name)))
    }

    /// Which of a contract's documents count; none where none do.
    pub(in crate::engine) fn of(&self, contract: ContractId) -> Option<Whose> {
        if self.contracts.contains(&contract) {
            return Some(self.whose);
        }
        self.named.binary_search(&contract).ok().map(|_| self.by_name)
    }

    /// The same, with the contracts whose documents name the counterparty, where these had to be looked for.
    pub(in crate::engine) fn naming(self, contracts: Vec<ContractId>) -> Self {
        Self { named: Cow::Owned(contracts), ..self }
    }
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
        let by_part = |part: Part| {
            let mut found: BTreeMap<CounterpartyId, Vec<ContractId>> = BTreeMap::new();
            for contract in catalogue.contracts.iter() {
                found.entry(part.by_contract(contract)).or_default().push(contract.id);
            }
            found
        };
        let (by_payer, by_ship_to) = (by_part(Part::Payer), by_part(Part::ShipTo));
        Self { by_counterparty, by_holding, by_payer, by_ship_to }
    }

    /// The contracts of the counterparties of a holding.
    pub(in crate::engine) fn in_holding(&self, holding: &str) -> &[ContractId] {
        self.by_holding.get(holding).map(Vec::as_slice).unwrap_or_default()
    }

    /// A counterparty's contracts.
    pub(in crate::engine) fn of_counterparty(&self, party: CounterpartyId) -> &[ContractId] {
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

    /// The contracts in whose documents a counterparty has a part unless they name another.
    fn of_part(&self, part: Part, party: CounterpartyId) -> &[ContractId] {
        let contracts = match part {
            Part::Payer => &self.by_payer,
            Part::ShipTo => &self.by_ship_to,
        };
        contracts.get(&party).map(Vec::as_slice).unwrap_or_default()
    }
}

impl View {
    /// Whose documents count for a contract. By payer or ship-to as far as the view knows which documents name one: a view that
    /// keeps no accounts does not.
    pub(in crate::engine) fn counted<'v>(&'v self, contract: &'v Contract, of: PeriodOf) -> Counted<'v> {
        let buyers = &*self.buyers;
        let all = |contracts| Counted { contracts, ..Counted::NOTHING };
        let part = match of {
            PeriodOf::Contract => return all(std::slice::from_ref(&contract.id)),
            PeriodOf::Counterparty => return all(buyers.of_counterparty(contract.counterparty)),
            PeriodOf::Holding => return all(buyers.of_holding(&self.catalogue, contract.counterparty)),
            PeriodOf::Payer => Part::Payer,
            PeriodOf::ShipTo => Part::ShipTo,
        };
        let party = part.by_contract(contract);
        let whose = |by_contract| Whose::Party { part, party, by_contract };
        Counted {
            contracts: buyers.of_part(part, party),
            whose: whose(true),
            named: Cow::Borrowed(self.parties.of(part, party)),
            by_name: whose(false),
        }
    }
}
