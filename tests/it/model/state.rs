//! What does the model know after each publication? Plain maps, changed the way the file formats say.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::DateTime;
use quoin::engine::publication::PointCounts;

use super::scenario::{
    BRANDS, CATEGORIES, CURRENCIES, CellSpec, ContentSpec, ContractSpec, FACTORS, KindSpec, MOMENTS,
    PublicationSpec, SkuSpec, TargetSpec,
};
use crate::ratio::Ratio;

pub type Window = (Option<DateTime>, Option<DateTime>);

/// List, goods, unit (none: the base unit of whichever SKU), window.
pub type Key = (usize, Target, Option<usize>, Window);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    Sku(usize),
    Category(String),
    Brand(usize),
}

#[derive(Debug, Clone)]
pub struct Sku {
    pub base: usize,
    /// One of each unit is so many base units.
    pub units: BTreeMap<usize, Ratio>,
    pub factors: BTreeMap<usize, (i64, i64)>,
    pub category: Option<usize>,
    pub brand: Option<usize>,
    pub minimum: Option<i64>,
    pub multiple: Option<i64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    pub per: i64,
    pub graduated: bool,
    pub over_sku: bool,
    pub is_final: bool,
    pub free: bool,
    pub tiers: Vec<Tier>,
}

/// Bounds in millionths.
#[derive(Debug, Clone, PartialEq)]
pub struct Tier {
    pub lower: i64,
    pub upper: Option<i64>,
    pub value: Value,
}

/// Figures in millionths.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    Price(i64),
    Percent(i64, usize),
    Formula(usize, i64, i64),
}

#[derive(Debug, Clone, Default)]
pub struct State {
    pub skus: Vec<Sku>,
    /// Currencies.
    pub lists: Vec<usize>,
    pub contracts: BTreeMap<usize, ContractSpec>,
    pub rates: BTreeMap<(usize, usize), BTreeMap<DateTime, Ratio>>,
    pub indices: BTreeMap<usize, BTreeMap<DateTime, Ratio>>,
    pub cells: BTreeMap<Key, Cell>,
    pub categories: BTreeSet<String>,
    pub brands: BTreeSet<usize>,
}

/// What a publication changes, as far as it is written into files.
#[derive(Debug, Default)]
pub struct Change {
    pub skus: BTreeSet<usize>,
    pub contracts: BTreeSet<usize>,
    pub rates: BTreeMap<(usize, usize, DateTime), (i64, i64)>,
    pub index_values: BTreeMap<(usize, DateTime), i64>,
    /// None removes the cell.
    pub cells: BTreeMap<Key, Option<Cell>>,
    pub points: PointCounts,
}

/// Midnight of a bare date.
pub fn moment(number: usize) -> DateTime {
    let text = MOMENTS[number];
    if text.len() == 10 { format!("{text}T00:00:00").parse().unwrap() } else { text.parse().unwrap() }
}

/// A category and those above it, the deepest first.
pub fn chain(path: &str) -> impl Iterator<Item = String> + '_ {
    let mut rest = Some(path);
    std::iter::from_fn(move || {
        let path = rest?;
        rest = path.rsplit_once('/').map(|(above, _)| above);
        Some(path.to_owned())
    })
}

impl State {
    /// Currencies with rates into each other; the last has none.
    pub fn convertible(list: usize, contract: usize) -> bool {
        let known = CURRENCIES.len() - 1;
        list == contract || (list < known && contract < known)
    }

    pub fn apply(&mut self, spec: &PublicationSpec, first: &[SkuSpec]) -> Change {
        let mut change = Change::default();
        for sku in first.iter().chain(&spec.new_skus) {
            change.skus.insert(self.skus.len());
            self.skus.push(sku_of(sku));
        }
        for (number, category, brand) in &spec.moved {
            let number = number % self.skus.len();
            (self.skus[number].category, self.skus[number].brand) = (*category, *brand);
            change.skus.insert(number);
        }
        for number in &change.skus {
            let sku = &self.skus[*number];
            self.categories.extend(sku.category.into_iter().flat_map(|path| chain(CATEGORIES[path])));
            self.brands.extend(sku.brand);
        }
        for contract in &spec.contracts {
            change.contracts.insert(contract.number);
            self.contracts.insert(contract.number, self.sound(contract));
        }
        for (from, to, at, rate, per) in &spec.rates {
            if from != to {
                let day = moment(*at).date().at(0, 0, 0, 0);
                change.rates.insert((*from, *to, day), (*rate, *per));
            }
        }
        for ((from, to, day), (rate, per)) in &change.rates {
            let rate = Ratio::new(*rate, 1_000_000) / Ratio::whole(*per);
            self.rates.entry((*from, *to)).or_default().insert(*day, rate);
        }
        for (index, at, value) in &spec.index_values {
            change.index_values.insert((*index, moment(*at)), *value);
        }
        for ((index, at), value) in &change.index_values {
            self.indices.entry(*index).or_default().insert(*at, Ratio::new(*value, 1_000_000));
        }
        self.apply_cells(spec, &mut change);
        change
    }

    /// A contract whose lists it may ask.
    fn sound(&self, spec: &ContractSpec) -> ContractSpec {
        let usable = |number: &usize| {
            let list = number % self.lists.len();
            Self::convertible(self.lists[list], spec.currency).then_some(list)
        };
        let mut access: Vec<usize> = spec.access.iter().filter_map(usable).collect();
        if access.is_empty() {
            access.push(0);
        }
        ContractSpec { access, reference: spec.reference.as_ref().and_then(usable), ..spec.clone() }
    }

    fn apply_cells(&mut self, spec: &PublicationSpec, change: &mut Change) {
        for cell in &spec.cells {
            if let Some(key) = self.key(cell) {
                let content = cell.content.as_ref().map(|content| self.cell(content, key.0));
                if content.is_some() || self.cells.contains_key(&key) {
                    change.cells.insert(key, content);
                }
            }
        }
        let count = |cell: &Cell| u64::try_from(cell.tiers.len()).unwrap();
        let points = &mut change.points;
        for (key, now) in &change.cells {
            match (self.cells.get(key), now) {
                (None, Some(now)) => points.added += count(now),
                (Some(before), Some(now)) if before == now => points.unchanged += count(now),
                (Some(_), Some(now)) => points.changed += count(now),
                (before, None) => points.removed += before.map_or(0, count),
            }
        }
        if spec.replace {
            let named: BTreeSet<usize> = change.cells.keys().map(|key| key.0).collect();
            for (key, before) in &self.cells {
                if named.contains(&key.0) && !change.cells.contains_key(key) {
                    points.removed += count(before);
                }
            }
            self.cells.retain(|key, _| !named.contains(&key.0));
        }
        for (key, now) in &change.cells {
            match now {
                Some(now) => self.cells.insert(key.clone(), now.clone()),
                None => self.cells.remove(key),
            };
        }
    }

    /// None where the file's row would name what is not there.
    fn key(&self, spec: &CellSpec) -> Option<Key> {
        let list = spec.list % self.lists.len();
        let (target, unit) = match spec.target {
            TargetSpec::Sku(number) => {
                let number = number % self.skus.len();
                let sku = &self.skus[number];
                let unit = spec.unit.filter(|unit| *unit != sku.base);
                if unit.is_some_and(|unit| !sku.units.contains_key(&unit)) {
                    return None;
                }
                (Target::Sku(number), unit)
            }
            TargetSpec::Category(path) => {
                let path = self.categories.get(CATEGORIES[path])?;
                (Target::Category(path.clone()), spec.unit)
            }
            TargetSpec::Brand(number) => (Target::Brand(*self.brands.get(&number)?), spec.unit),
        };
        let window = match spec.window {
            (Some(from), Some(to)) if from > to => (Some(moment(to)), Some(moment(from))),
            (from, to) if from == to => (from.map(moment), None),
            (from, to) => (from.map(moment), to.map(moment)),
        };
        Some((list, target, unit, window))
    }

    fn cell(&self, spec: &ContentSpec, list: usize) -> Cell {
        let mut lower = if spec.graduated { 0 } else { spec.first * 500_000 };
        let mut tiers = Vec::new();
        for (halves, figure, ends) in &spec.tiers {
            let next = lower + halves * 500_000;
            // A volume tier may end before the next begins.
            let hole = if spec.graduated || halves % 3 != 0 { 0 } else { 250_000 };
            let value = self.value(spec, list, *figure);
            tiers.push(Tier { lower, upper: ends.then_some(next - hole), value });
            lower = next;
        }
        Cell {
            per: spec.per,
            graduated: spec.graduated,
            over_sku: spec.over_sku,
            is_final: spec.is_final,
            free: spec.free,
            tiers,
        }
    }

    fn value(&self, spec: &ContentSpec, list: usize, figure: i64) -> Value {
        match spec.kind {
            KindSpec::Price if figure == 0 && !spec.free => Value::Price(1),
            KindSpec::Price => Value::Price(figure),
            KindSpec::Percent(of) => {
                let of = of % self.lists.len();
                let of = if of == list { (of + 1) % self.lists.len() } else { of };
                let percent = 100_000_000 - figure % 150_000_000;
                Value::Percent(if percent == 100_000_000 && !spec.free { 50_000_000 } else { percent }, of)
            }
            KindSpec::Formula(index) => {
                Value::Formula(index, figure % 3_000_000 + 1, figure % 170_000_000 - 100_000_000)
            }
        }
    }

    pub fn code(number: usize) -> String {
        format!("sku-{number}")
    }

    pub fn list_code(number: usize) -> String {
        format!("list-{number}")
    }

    pub fn brand(number: usize) -> &'static str {
        BRANDS[number]
    }
}

fn sku_of(spec: &SkuSpec) -> Sku {
    let factors: BTreeMap<usize, (i64, i64)> = spec
        .units
        .iter()
        .filter(|(unit, _)| *unit != spec.base)
        .map(|(unit, f)| (*unit, FACTORS[*f]))
        .collect();
    Sku {
        base: spec.base,
        units: factors.iter().map(|(unit, (num, den))| (*unit, Ratio::new(*num, *den))).collect(),
        factors,
        category: spec.category,
        brand: spec.brand,
        minimum: spec.minimum,
        multiple: spec.multiple,
    }
}
