//! Which SKUs have which values now? Looked through once; attributes only so far as the policy names them.

use std::collections::BTreeMap;

use roaring::RoaringBitmap;

use crate::domain::catalogue::Catalogue;
use crate::domain::currency::Currency;
use crate::domain::ids::{ListId, UnitId};
use crate::domain::sku::{Category, Sku};
use crate::policy::ListMembers;
use crate::policy::syntax::SkuCriterion;

use super::criterion::Criterion;
use super::places::Place;
use super::sets::Index;

/// SKUs by value.
pub(super) struct Goods<'a> {
    catalogue: &'a Catalogue,
    everything: RoaringBitmap,
    by_category: Vec<RoaringBitmap>,
    by_brand: Vec<RoaringBitmap>,
    by_attribute: BTreeMap<&'a str, ByValue<'a>>,
    by_tax_class: BTreeMap<&'a str, RoaringBitmap>,
    by_list: BTreeMap<ListId, RoaringBitmap>,
    /// By base unit.
    pub(super) by_base_unit: BTreeMap<UnitId, RoaringBitmap>,
    /// By every unit that they convert to.
    pub(super) by_unit: BTreeMap<UnitId, RoaringBitmap>,
    /// Those of which any quantity that may be ordered has no more digits than one in the base unit may have.
    pub(super) in_base_steps: RoaringBitmap,
    /// By the currency of their unit cost.
    pub(super) by_cost_currency: BTreeMap<Currency, RoaringBitmap>,
}

/// Things by the values of one attribute.
#[derive(Debug, Default)]
pub(super) struct ByValue<'a> {
    any: RoaringBitmap,
    values: BTreeMap<&'a str, RoaringBitmap>,
}

impl<'a> ByValue<'a> {
    /// The thing with this number has this value.
    pub(super) fn note(&mut self, value: &'a str, number: u32) {
        self.any.insert(number);
        self.values.entry(value).or_default().insert(number);
    }

    /// The things that have the value, or any where none is stated.
    pub(super) fn get(&self, value: Option<&str>) -> Option<&RoaringBitmap> {
        match value {
            None => (!self.any.is_empty()).then_some(&self.any),
            Some(value) => self.values.get(value),
        }
    }

    /// The values that things have.
    pub(super) fn values(&self) -> impl Iterator<Item = &'a str> {
        self.values.keys().copied()
    }
}

impl<'a> Goods<'a> {
    /// Looks through the SKUs; `places` name the attributes and lists that are wanted.
    pub(super) fn new(
        catalogue: &'a Catalogue,
        lists: &dyn ListMembers,
        places: &[Place<'a, SkuCriterion>],
    ) -> Self {
        let mut goods = Self {
            catalogue,
            everything: RoaringBitmap::new(),
            by_category: vec![RoaringBitmap::new(); catalogue.categories.len()],
            by_brand: vec![RoaringBitmap::new(); catalogue.brands.len()],
            by_attribute: BTreeMap::new(),
            by_tax_class: BTreeMap::new(),
            by_list: BTreeMap::new(),
            by_base_unit: BTreeMap::new(),
            by_unit: BTreeMap::new(),
            in_base_steps: RoaringBitmap::new(),
            by_cost_currency: BTreeMap::new(),
        };
        goods.want(lists, places);
        for sku in catalogue.skus.iter() {
            goods.note(sku);
        }
        goods.fill_categories();
        goods
    }

    fn want(&mut self, lists: &dyn ListMembers, places: &[Place<'a, SkuCriterion>]) {
        let descriptions =
            places.iter().flat_map(|(_, selection)| selection.any.iter().chain(&selection.except));
        for criterion in descriptions.flat_map(|description| &description.criteria) {
            if let Some(name) = criterion.attribute() {
                self.by_attribute.entry(name).or_default();
            }
            let SkuCriterion::List(codes) = criterion else { continue };
            for list in codes.iter().filter_map(|code| self.catalogue.lists.number(code)).map(ListId) {
                self.by_list.entry(list).or_insert_with(|| lists.skus_of(list));
            }
        }
    }

    fn note(&mut self, sku: &'a Sku) {
        let number = sku.id.0;
        self.everything.insert(number);
        if let Some(set) = sku.category.and_then(|id| self.by_category.get_mut(id.index())) {
            set.insert(number);
        }
        if let Some(set) = sku.brand.and_then(|id| self.by_brand.get_mut(id.index())) {
            set.insert(number);
        }
        for (name, value) in &sku.attributes {
            if let Some(by_value) = self.by_attribute.get_mut(name.as_str()) {
                by_value.note(value, number);
            }
        }
        if let Some(class) = &sku.tax_class {
            self.by_tax_class.entry(class).or_default().insert(number);
        }
        if let Some((_, currency)) = sku.unit_cost {
            self.by_cost_currency.entry(currency).or_default().insert(number);
        }
        self.by_base_unit.entry(sku.base_unit).or_default().insert(number);
        self.by_unit.entry(sku.base_unit).or_default().insert(number);
        for (unit, _) in &sku.units {
            self.by_unit.entry(*unit).or_default().insert(number);
        }
        if self.keeps_base_steps(sku) {
            self.in_base_steps.insert(number);
        }
    }

    /// Is the least quantity of every unit a whole number of least quantities of the base unit?
    fn keeps_base_steps(&self, sku: &Sku) -> bool {
        let parts = |unit| self.catalogue.unit(unit).map_or(6, |unit| u32::from(unit.decimals.min(6)));
        let base = 10_u128.pow(parts(sku.base_unit));
        sku.units.iter().all(|(unit, factor)| {
            let top = u128::from(factor.numerator()) * base;
            let bottom = u128::from(factor.denominator()) * 10_u128.pow(parts(*unit));
            top % bottom == 0
        })
    }

    /// A category holds what stands below it. Parents come before children, so the last is asked first.
    fn fill_categories(&mut self) {
        let categories: Vec<&Category> = self.catalogue.categories.iter().collect();
        for category in categories.into_iter().rev() {
            let Some(parent) = category.parent else { continue };
            let below = self.by_category.get(category.id.index()).cloned().unwrap_or_default();
            if let Some(above) = self.by_category.get_mut(parent.index()) {
                *above |= below;
            }
        }
    }

    /// The tax classes that SKUs are of.
    pub(super) fn tax_classes(&self) -> impl Iterator<Item = (&'a str, &RoaringBitmap)> {
        self.by_tax_class.iter().map(|(class, set)| (*class, set))
    }

    /// The values that SKUs have of an attribute that the policy names.
    pub(super) fn attribute_values<'s>(&'s self, name: &str) -> impl Iterator<Item = &'a str> + use<'s, 'a> {
        self.by_attribute.get(name).into_iter().flat_map(ByValue::values)
    }

    /// External ids of SKUs.
    pub(super) fn codes<'s>(&'s self, set: &'s RoaringBitmap) -> impl Iterator<Item = &'s str> {
        set.iter().filter_map(|number| self.catalogue.skus.get(number)).map(|sku| sku.code.as_str())
    }

    fn find(&self, criterion: &SkuCriterion, value: Option<&str>) -> Option<&RoaringBitmap> {
        match criterion {
            SkuCriterion::Category(_) => {
                let number = self.catalogue.categories.number(value?)?;
                self.by_category.get(usize::try_from(number).ok()?)
            }
            SkuCriterion::Brand(_) => {
                let number = self.catalogue.brands.number(value?)?;
                self.by_brand.get(usize::try_from(number).ok()?)
            }
            SkuCriterion::Attribute { name, .. } => self.by_attribute.get(name.as_str())?.get(value),
            SkuCriterion::List(_) => self.by_list.get(&ListId(self.catalogue.lists.number(value?)?)),
            SkuCriterion::TaxClass(_) => self.by_tax_class.get(value?),
            SkuCriterion::Sku(_) | SkuCriterion::Group(_) => None,
        }
    }
}

impl Index for Goods<'_> {
    type Criterion = SkuCriterion;

    fn everything(&self) -> RoaringBitmap {
        self.everything.clone()
    }

    fn add(&self, criterion: &SkuCriterion, value: Option<&str>, into: &mut RoaringBitmap) -> bool {
        if let (SkuCriterion::Sku(_), Some(code)) = (criterion, value) {
            let number = self.catalogue.skus.number(code);
            return number.map(|number| into.insert(number)).is_some();
        }
        match self.find(criterion, value) {
            Some(set) if !set.is_empty() => {
                *into |= set;
                true
            }
            _ => false,
        }
    }
}
