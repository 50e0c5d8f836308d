//! What is sold, to whom, under what? Every record that is not a price, with look-ups by external id.
//!
//! A catalogue is a value: a publication clones it (a pointer a page), changes the clone and swaps it in.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::contract::{Contract, Counterparty};
use super::decimal::Micros;
use super::ids::{BrandId, CategoryId, ContractId, CounterpartyId, ListId, SkuId, UnitId};
use super::interner::Interner;
use super::market::Market;
use super::paged::Paged;
use super::price_list::PriceList;
use super::sku::{Brand, Category, Sku};
use super::unit::Unit;

/// What pricing needs of nearly every SKU, in half a cache line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SkuFacts {
    /// Order multiple in base units; zero where there is none.
    pub multiple: Micros,
    /// Least quantity in base units; zero where there is none.
    pub minimum: Micros,
    /// Deepest category, or `u32::MAX`.
    category: u32,
    /// Brand, or `u32::MAX`.
    brand: u32,
    /// The base unit.
    pub base_unit: UnitId,
    /// Digits after the point of a quantity in the base unit.
    pub decimals: u8,
}

impl SkuFacts {
    /// The deepest category.
    #[must_use]
    pub fn category(&self) -> Option<CategoryId> {
        (self.category != u32::MAX).then_some(CategoryId(self.category))
    }

    /// The brand.
    #[must_use]
    pub fn brand(&self) -> Option<BrandId> {
        (self.brand != u32::MAX).then_some(BrandId(self.brand))
    }
}

/// A table of records with their external ids.
#[derive(Debug, Clone)]
pub struct Named<T> {
    records: Paged<T>,
    codes: Arc<Interner>,
}

impl<T: Clone> Default for Named<T> {
    fn default() -> Self {
        Self { records: Paged::default(), codes: Arc::new(Interner::default()) }
    }
}

impl<T: Clone> Named<T> {
    /// From stored records, in the order of their numbers.
    #[must_use]
    pub fn from_pages(pages: Vec<Vec<T>>, code: impl Fn(&T) -> &str) -> Self {
        let records = Paged::from_pages(pages);
        let mut codes = Interner::with_room_for(records.len());
        for (number, record) in records.iter().enumerate() {
            codes.insert(code(record), u32::try_from(number).unwrap_or(u32::MAX));
        }
        Self { records, codes: Arc::new(codes) }
    }

    /// The number of an external id.
    #[must_use]
    #[inline]
    pub fn number(&self, code: &str) -> Option<u32> {
        self.codes.get(code)
    }

    /// The numbers of many external ids, in their order; none where there is no id.
    #[must_use]
    pub fn numbers<'c>(&self, codes: impl Iterator<Item = Option<&'c str>> + Clone) -> Vec<Option<u32>> {
        self.codes.get_all(codes)
    }

    /// The record with this number.
    #[must_use]
    #[inline]
    pub fn get(&self, number: u32) -> Option<&T> {
        self.records.get(usize::try_from(number).ok()?)
    }

    /// The record with this external id.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<&T> {
        self.get(self.number(code)?)
    }

    /// Replaces the record of `code`, or adds it: `make` is given its number. Returns the number.
    pub fn put(&mut self, code: &str, make: impl FnOnce(u32) -> T) -> u32 {
        if let Some(number) = self.codes.get(code) {
            if let Some(slot) = usize::try_from(number).ok().and_then(|index| self.records.get_mut(index)) {
                *slot = make(number);
            }
            return number;
        }
        let number = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
        self.records.push(make(number));
        Arc::make_mut(&mut self.codes).insert(code, number);
        number
    }

    /// The table itself.
    #[must_use]
    pub fn records(&self) -> &Paged<T> {
        &self.records
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// None at all?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// In the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.records.iter()
    }
}

/// Everything that is not a price.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// Units; the first record is the stand-in for [`UnitId::BASE`].
    pub units: Named<Unit>,
    /// The category tree, by path; parents come before children.
    pub categories: Named<Category>,
    /// Brands.
    pub brands: Named<Brand>,
    /// SKUs.
    pub skus: Named<Sku>,
    /// Price lists.
    pub lists: Named<PriceList>,
    /// Counterparties.
    pub counterparties: Named<Counterparty>,
    /// Contracts.
    pub contracts: Named<Contract>,
    /// Exchange rates and index values.
    pub market: Arc<Market>,
    facts: Paged<SkuFacts>,
}

impl Catalogue {
    /// Derives what is kept for the hot path; to be called once the records are in place.
    pub fn refresh_facts(&mut self, before: &Self) {
        let changed: Vec<u32> = self
            .skus
            .records()
            .changed_since(before.skus.records())
            .flat_map(|(_, page)| page.iter().map(|sku| sku.id.0))
            .collect();
        let units_moved = self.units.records().changed_since(before.units.records()).next().is_some();
        let numbers: Vec<u32> =
            if units_moved { self.skus.iter().map(|sku| sku.id.0).collect() } else { changed };
        for number in numbers {
            let Some(facts) = self.skus.get(number).map(|sku| self.facts_of(sku)) else { continue };
            let index = usize::try_from(number).unwrap_or(usize::MAX);
            match self.facts.get_mut(index) {
                Some(slot) => *slot = facts,
                None => {
                    self.facts.push(facts);
                }
            }
        }
    }

    fn facts_of(&self, sku: &Sku) -> SkuFacts {
        SkuFacts {
            multiple: sku.multiple.unwrap_or_default(),
            minimum: sku.minimum.unwrap_or_default(),
            category: sku.category.map_or(u32::MAX, |id| id.0),
            brand: sku.brand.map_or(u32::MAX, |id| id.0),
            base_unit: sku.base_unit,
            decimals: self.unit(sku.base_unit).map_or(6, |unit| unit.decimals),
        }
    }

    /// The hot facts of a SKU.
    #[must_use]
    #[inline]
    pub fn facts(&self, sku: SkuId) -> Option<&SkuFacts> {
        self.facts.get(sku.index())
    }

    /// The unit with this number; none for [`UnitId::BASE`].
    #[must_use]
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        (id != UnitId::BASE).then(|| self.units.get(u32::from(id.0))).flatten()
    }

    /// The number of a unit's external id.
    #[must_use]
    pub fn unit_id(&self, code: &str) -> Option<UnitId> {
        self.units.number(code).and_then(|number| u16::try_from(number).ok()).map(UnitId)
    }

    /// The SKU with this number.
    #[must_use]
    pub fn sku(&self, id: SkuId) -> Option<&Sku> {
        self.skus.get(id.0)
    }

    /// The price list with this number.
    #[must_use]
    pub fn list(&self, id: ListId) -> Option<&PriceList> {
        self.lists.get(id.0)
    }

    /// The contract with this number.
    #[must_use]
    pub fn contract(&self, id: ContractId) -> Option<&Contract> {
        self.contracts.get(id.0)
    }

    /// The counterparty with this number.
    #[must_use]
    pub fn counterparty(&self, id: CounterpartyId) -> Option<&Counterparty> {
        self.counterparties.get(id.0)
    }

    /// A category and those above it, the deepest first.
    pub fn category_chain(&self, deepest: Option<CategoryId>) -> impl Iterator<Item = CategoryId> + '_ {
        std::iter::successors(deepest, |id| self.categories.get(id.0).and_then(|category| category.parent))
    }

    /// The category with this path, made with those above it where it is new.
    pub fn category_of_path(&mut self, path: &str) -> CategoryId {
        if let Some(number) = self.categories.number(path) {
            return CategoryId(number);
        }
        let parent = path.rsplit_once('/').map(|(above, _)| self.category_of_path(above));
        CategoryId(self.categories.put(path, |number| Category {
            id: CategoryId(number),
            path: path.to_owned(),
            parent,
        }))
    }

    /// The brand with this external id, made where it is new.
    pub fn brand_of_code(&mut self, code: &str) -> BrandId {
        match self.brands.number(code) {
            Some(number) => BrandId(number),
            None => {
                BrandId(self.brands.put(code, |number| Brand { id: BrandId(number), code: code.to_owned() }))
            }
        }
    }

    /// Adds or replaces a unit. Number 0 is taken first by the stand-in for "the base unit".
    pub fn put_unit(&mut self, code: &str, name: &str, decimals: u8) -> UnitId {
        let make = |code: &str, name: &str| {
            let (code, name) = (code.to_owned(), name.to_owned());
            move |number: u32| Unit {
                id: UnitId(u16::try_from(number).unwrap_or(u16::MAX)),
                code,
                name,
                decimals,
            }
        };
        if self.units.is_empty() {
            self.units.put("", make("", "the base unit"));
        }
        UnitId(u16::try_from(self.units.put(code, make(code, name))).unwrap_or(u16::MAX))
    }

    /// Contracts by the counterparty that buys, for listings.
    #[must_use]
    pub fn contracts_by_counterparty(&self) -> BTreeMap<CounterpartyId, Vec<ContractId>> {
        let mut found: BTreeMap<CounterpartyId, Vec<ContractId>> = BTreeMap::new();
        for contract in self.contracts.iter() {
            found.entry(contract.counterparty).or_default().push(contract.id);
        }
        found
    }
}
