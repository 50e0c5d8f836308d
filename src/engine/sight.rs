//! What of the catalogue may a caller know? What belongs to nobody, and what is its own.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::catalogue::Catalogue;
use crate::domain::contract::{Contract, Counterparty};
use crate::domain::ids::{ContractId, CounterpartyId, ListId};
use crate::domain::price_list::PriceList;
use crate::domain::sku::Sku;

use super::Engine;
use super::caller::{Caller, ContractScope, Role};
use super::error::PriceError;
use super::view::View;

/// The catalogue as a caller may know it. What it may not know of is as unknown as what is not there.
pub struct Sight<'c> {
    view: Arc<View>,
    caller: &'c Caller,
}

impl Engine {
    /// The newest catalogue, as the caller may know it.
    ///
    /// # Errors
    /// Where it may not ask at all.
    pub fn sight<'c>(&self, caller: &'c Caller) -> Result<Sight<'c>, PriceError> {
        caller.require(Role::Price)?;
        Ok(Sight { view: self.view(), caller })
    }
}

impl View {
    /// The contracts of a caller that is confined to some, ascending; none where it may see all of them.
    pub(super) fn own_contracts(&self, caller: &Caller) -> Option<Vec<ContractId>> {
        let ContractScope::Only(own) = &caller.contracts else { return None };
        let catalogue = &self.catalogue;
        let named = own.contracts.iter().filter_map(|code| catalogue.contracts.by_code(code)).map(|of| of.id);
        let parties = own.counterparties.iter().filter_map(|code| catalogue.counterparties.number(code));
        let of_parties = parties.flat_map(|party| self.buyers.of_counterparty(CounterpartyId(party)));
        let of_holdings = own.holdings.iter().flat_map(|holding| self.buyers.in_holding(holding));
        let all: BTreeSet<ContractId> =
            named.chain(of_parties.copied()).chain(of_holdings.copied()).collect();
        let is_own =
            |id: &ContractId| catalogue.contract(*id).is_some_and(|of| caller.may_see(of, catalogue));
        Some(all.into_iter().filter(is_own).collect())
    }
}

impl Sight<'_> {
    /// The whole of it, to look up what records name.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.view.catalogue
    }

    /// Who looks.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        self.caller
    }

    /// SKUs are everybody's.
    #[must_use]
    pub fn sku(&self, code: &str) -> Option<&Sku> {
        self.catalogue().skus.by_code(code)
    }

    /// A contract.
    #[must_use]
    pub fn contract(&self, code: &str) -> Option<&Contract> {
        self.caller.contract(self.catalogue(), code)
    }

    /// Contracts, in the order of their numbers.
    pub fn contracts(&self) -> impl Iterator<Item = &Contract> {
        let own = self.view.own_contracts(self.caller);
        let all = own.is_none().then(|| self.catalogue().contracts.iter()).into_iter().flatten();
        let own = own.into_iter().flatten().filter_map(|id| self.catalogue().contract(id));
        all.chain(own)
    }

    /// A counterparty, of which one who is confined to contracts knows where one of them is its.
    #[must_use]
    pub fn counterparty(&self, code: &str) -> Option<&Counterparty> {
        let found = self.catalogue().counterparties.by_code(code)?;
        let sees_all = self.caller.contracts == ContractScope::All;
        let known = sees_all || self.contracts().any(|contract| contract.counterparty == found.id);
        known.then_some(found)
    }

    /// A price list.
    #[must_use]
    pub fn list(&self, code: &str) -> Option<&PriceList> {
        let named = self.named_lists();
        self.catalogue().lists.by_code(code).filter(|list| self.knows_list(list, named.as_ref()))
    }

    /// Price lists, in the order of their numbers.
    pub fn lists(&self) -> impl Iterator<Item = &PriceList> {
        let named = self.named_lists();
        self.catalogue().lists.iter().filter(move |list| self.knows_list(list, named.as_ref()))
    }

    /// One who is confined to contracts knows of the lists that these own or name: others are other customers', or what prices
    /// rest on.
    fn knows_list(&self, list: &PriceList, named: Option<&BTreeSet<ListId>>) -> bool {
        let Some(named) = named else { return true };
        match list.owner.and_then(|owner| self.catalogue().contract(owner)) {
            Some(owner) => self.caller.may_see(owner, self.catalogue()),
            None => named.contains(&list.id),
        }
    }

    /// The lists that the caller's contracts name; none where it may see all of them.
    fn named_lists(&self) -> Option<BTreeSet<ListId>> {
        let own = self.view.own_contracts(self.caller)?;
        let contracts = own.into_iter().filter_map(|id| self.catalogue().contract(id));
        let named =
            contracts.flat_map(|of| of.access.iter().map(|entry| entry.list).chain(of.reference_list));
        Some(named.collect())
    }
}
