//! Which contracts have which values now? Looked through once; attributes only so far as the policy names them.

use std::collections::BTreeMap;

use roaring::RoaringBitmap;

use crate::domain::catalogue::Catalogue;
use crate::domain::contract::Contract;
use crate::domain::currency::Currency;
use crate::policy::syntax::ContractCriterion;

use super::criterion::Criterion;
use super::goods::ByValue;
use super::places::Place;
use super::sets::Index;

/// Contracts by value.
pub(super) struct Contracts<'a> {
    catalogue: &'a Catalogue,
    everything: RoaringBitmap,
    by_counterparty: BTreeMap<&'a str, RoaringBitmap>,
    by_holding: BTreeMap<&'a str, RoaringBitmap>,
    by_attribute: BTreeMap<&'a str, ByValue<'a>>,
    /// By currency.
    pub(super) by_currency: BTreeMap<Currency, RoaringBitmap>,
    /// Those that have a reference list.
    pub(super) with_reference_list: RoaringBitmap,
    /// Those whose counterparty belongs to a holding.
    pub(super) with_holding: RoaringBitmap,
    /// Those that have a first day.
    pub(super) with_first_day: RoaringBitmap,
}

impl<'a> Contracts<'a> {
    /// Looks through the contracts; `places` and `also` name the attributes that are wanted.
    pub(super) fn new(
        catalogue: &'a Catalogue,
        places: &[Place<'a, ContractCriterion>],
        also: impl Iterator<Item = &'a str>,
    ) -> Self {
        let descriptions =
            places.iter().flat_map(|(_, selection)| selection.any.iter().chain(&selection.except));
        let named = descriptions.flat_map(|one| &one.criteria).filter_map(Criterion::attribute);
        let mut contracts = Self {
            catalogue,
            everything: RoaringBitmap::new(),
            by_counterparty: BTreeMap::new(),
            by_holding: BTreeMap::new(),
            by_attribute: named.chain(also).map(|name| (name, ByValue::default())).collect(),
            by_currency: BTreeMap::new(),
            with_reference_list: RoaringBitmap::new(),
            with_holding: RoaringBitmap::new(),
            with_first_day: RoaringBitmap::new(),
        };
        for contract in catalogue.contracts.iter() {
            contracts.note(contract);
        }
        contracts
    }

    fn note(&mut self, contract: &'a Contract) {
        let number = contract.id.0;
        self.everything.insert(number);
        if let Some(counterparty) = self.catalogue.counterparty(contract.counterparty) {
            self.by_counterparty.entry(&counterparty.code).or_default().insert(number);
            if let Some(holding) = &counterparty.holding {
                self.by_holding.entry(holding).or_default().insert(number);
                self.with_holding.insert(number);
            }
        }
        for (name, value) in &contract.attributes {
            if let Some(by_value) = self.by_attribute.get_mut(name.as_str()) {
                by_value.note(value, number);
            }
        }
        self.by_currency.entry(contract.currency).or_default().insert(number);
        if contract.reference_list.is_some() {
            self.with_reference_list.insert(number);
        }
        if contract.validity.from.is_some() {
            self.with_first_day.insert(number);
        }
    }

    /// The values that contracts have of an attribute that the policy names.
    pub(super) fn attribute_values<'s>(&'s self, name: &str) -> impl Iterator<Item = &'a str> + use<'s, 'a> {
        self.by_attribute.get(name).into_iter().flat_map(ByValue::values)
    }

    /// External ids of contracts.
    pub(super) fn codes<'s>(&'s self, set: &'s RoaringBitmap) -> impl Iterator<Item = &'s str> {
        set.iter()
            .filter_map(|number| self.catalogue.contracts.get(number))
            .map(|contract| contract.code.as_str())
    }
}

impl Index for Contracts<'_> {
    type Criterion = ContractCriterion;

    fn everything(&self) -> RoaringBitmap {
        self.everything.clone()
    }

    fn add(&self, criterion: &ContractCriterion, value: Option<&str>, into: &mut RoaringBitmap) -> bool {
        let set = match (criterion, value) {
            (ContractCriterion::Contract(_), Some(code)) => {
                let number = self.catalogue.contracts.number(code);
                return number.map(|number| into.insert(number)).is_some();
            }
            (ContractCriterion::Counterparty(_), Some(code)) => self.by_counterparty.get(code),
            (ContractCriterion::Holding(_), Some(code)) => self.by_holding.get(code),
            (ContractCriterion::Attribute { name, .. }, value) => {
                self.by_attribute.get(name.as_str()).and_then(|by_value| by_value.get(value))
            }
            _ => None,
        };
        if let Some(set) = set {
            *into |= set;
        }
        set.is_some()
    }
}
