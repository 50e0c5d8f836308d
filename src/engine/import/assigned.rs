//! May each contract ask the lists that it is given? (Rule C6, and that an individual list is one contract's alone.)

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::catalogue::Catalogue;
use crate::domain::contract::Contract;
use crate::domain::ids::{ContractId, ListId};
use crate::domain::price_list::PriceList;
use crate::exchange::fault::{Faults, Refusal};

/// A file and a row of it.
pub(super) type Place = (String, u64);

/// What an import says of contracts and their lists, and where: no file can be checked by itself, since each may name
/// what another brings.
#[derive(Default)]
pub(super) struct Assigned {
    /// Contracts with a row of their own.
    pub(super) contracts: BTreeMap<ContractId, Place>,
    /// Lists that a row of an access sequence names.
    pub(super) asked: BTreeMap<(ContractId, ListId), Place>,
    /// Lists that are made a contract's individual list.
    pub(super) owned: BTreeMap<ListId, Place>,
}

/// How a contract comes by a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Asked,
    Reference,
}

enum Trouble<'a> {
    /// It is the individual list of this contract.
    Owned(&'a Contract),
    /// No exchange rate from the list's currency.
    NoRate,
}

impl Assigned {
    /// Names every list that a contract may not ask, at the row that gave it to the contract.
    pub(super) fn check(&self, catalogue: &Catalogue, faults: &mut Faults) {
        if self.contracts.is_empty() && self.asked.is_empty() && self.owned.is_empty() {
            return;
        }
        for contract in catalogue.contracts.iter() {
            let asked = contract.access.iter().map(|entry| (Role::Asked, entry.list));
            let lists: BTreeSet<(Role, ListId)> =
                asked.chain(contract.reference_list.map(|list| (Role::Reference, list))).collect();
            for (role, list) in lists {
                let Some(list) = catalogue.list(list) else { continue };
                let Some(trouble) = trouble(catalogue, contract, list) else { continue };
                if let Some(((file, row), refusal)) = self.refusal(contract, role, list, &trouble) {
                    faults.add(file, *row, refusal);
                }
            }
        }
    }

    /// The row at fault; none where nothing of it was touched by this import.
    fn refusal(
        &self,
        contract: &Contract,
        role: Role,
        list: &PriceList,
        trouble: &Trouble<'_>,
    ) -> Option<(&Place, Refusal)> {
        let (own, from, to) = (&contract.code, list.currency, contract.currency);
        let why = match trouble {
            Trouble::Owned(owner) => {
                format!("is the individual list of contract \"{}\", and that contract's alone", owner.code)
            }
            Trouble::NoRate => {
                format!(
                    "is in {from}, and no exchange rate from it to the contract's {to} is known: import it first"
                )
            }
        };
        if let (Role::Asked, Some(place)) = (role, self.asked.get(&(contract.id, list.id))) {
            return Some((place, Refusal::new("price_list", &list.code, why)));
        }
        if let Some(place) = self.contracts.get(&contract.id) {
            if role == Role::Reference {
                return Some((place, Refusal::new("reference_list", &list.code, why)));
            }
            if matches!(trouble, Trouble::NoRate) {
                let why = format!(
                    "has no exchange rate from {from}, which price list \"{}\" of the contract is in: import it first",
                    list.code
                );
                return Some((place, Refusal::new("currency", to.code(), why)));
            }
        }
        match (trouble, self.owned.get(&list.id)) {
            (Trouble::Owned(owner), Some(place)) => {
                let why = format!("cannot have the list alone: contract \"{own}\" asks it too");
                Some((place, Refusal::new("contract", &owner.code, why)))
            }
            _ => None,
        }
    }
}

fn trouble<'a>(catalogue: &'a Catalogue, contract: &Contract, list: &PriceList) -> Option<Trouble<'a>> {
    if let Some(owner) = list.owner.filter(|owner| *owner != contract.id) {
        return catalogue.contract(owner).map(Trouble::Owned);
    }
    let pair = (list.currency, contract.currency);
    (pair.0 != pair.1 && !catalogue.market.rates.contains_key(&pair)).then_some(Trouble::NoRate)
}
