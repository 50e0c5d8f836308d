//! How are a publication's changes written? As rows of canonical files, in the words of docs/FORMATS.md.

use jiff::civil::DateTime;
use quoin::domain::decimal::Micros;
use quoin::exchange::kind::Kind;

use super::scenario::{CATEGORIES, CURRENCIES, INDICES, STEPS, UNITS, ZONES};
use super::state::{Cell, Change, Key, State, Target, Value};
use crate::import_set::ImportSet;

const MODES: [&str; 4] = ["half_up", "half_even", "up", "down"];

fn decimal(millionths: i64) -> String {
    Micros(millionths).to_string()
}

/// Units, the one counterparty and the price lists: what stands before the first publication.
pub fn beginnings(state: &State) -> ImportSet {
    let mut set = ImportSet::default();
    for (unit, decimals) in UNITS {
        set.add(Kind::Units, &[("unit", unit), ("decimals", &decimals.to_string())]);
    }
    set.add(Kind::Counterparties, &[("counterparty", "buyer")]);
    for (number, currency) in state.lists.iter().enumerate() {
        let code = State::list_code(number);
        set.add(Kind::PriceLists, &[("price_list", &code), ("currency", CURRENCIES[*currency])]);
    }
    set
}

/// Adds the rows of a change after which `state` holds.
pub fn write(set: &mut ImportSet, state: &State, change: &Change) {
    for number in &change.skus {
        write_sku(set, state, *number);
    }
    for number in &change.contracts {
        write_contract(set, state, *number);
    }
    for ((from, to, day), (rate, per)) in &change.rates {
        let fields = [
            ("from", CURRENCIES[*from]),
            ("to", CURRENCIES[*to]),
            ("valid_from", &day.date().to_string()),
            ("rate", &decimal(*rate)),
            ("per", &per.to_string()),
        ];
        set.add(Kind::ExchangeRates, &fields);
    }
    for ((index, at), value) in &change.index_values {
        let fields =
            [("index", INDICES[*index]), ("valid_from", &at.to_string()), ("value", &decimal(*value))];
        set.add(Kind::IndexValues, &fields);
    }
    for (key, cell) in &change.cells {
        write_cell(set, key, cell.as_ref());
    }
}

fn write_sku(set: &mut ImportSet, state: &State, number: usize) {
    let sku = &state.skus[number];
    let rule = |stated: Option<i64>| stated.map(decimal).unwrap_or_default();
    let code = State::code(number);
    let fields = [
        ("sku", code.as_str()),
        ("base_unit", UNITS[sku.base].0),
        ("category", sku.category.map_or("", |path| CATEGORIES[path])),
        ("brand", sku.brand.map_or("", State::brand)),
        ("minimum", &rule(sku.minimum)),
        ("multiple", &rule(sku.multiple)),
    ];
    set.add(Kind::Skus, &fields);
    for (unit, (numerator, denominator)) in &sku.factors {
        let fields = [
            ("sku", code.as_str()),
            ("unit", UNITS[*unit].0),
            ("numerator", &numerator.to_string()),
            ("denominator", &denominator.to_string()),
        ];
        set.add(Kind::SkuUnits, &fields);
    }
}

pub fn contract_code(number: usize) -> String {
    format!("contract-{number}")
}

fn write_contract(set: &mut ImportSet, state: &State, number: usize) {
    let contract = &state.contracts[&number];
    let code = contract_code(number);
    let word = |is: bool, yes: &'static str, no: &'static str| if is { yes } else { no };
    let step = |step: Option<usize>| step.map(|step| decimal(STEPS[step])).unwrap_or_default();
    let fields = [
        ("contract", code.as_str()),
        ("counterparty", "buyer"),
        ("currency", CURRENCIES[contract.currency]),
        ("time_zone", ZONES[contract.zone]),
        ("access", word(contract.lowest, "lowest", "first")),
        ("reference_list", &contract.reference.map(State::list_code).unwrap_or_default()),
        ("amount_step", &step(contract.amount_step)),
        ("amount_mode", MODES[contract.modes.0]),
        ("unit_step", &step(contract.unit_step)),
        ("unit_mode", MODES[contract.modes.1]),
        ("round", word(contract.round_layer, "layer", "end")),
        ("discount_on", word(contract.on_unit, "unit", "line")),
        ("rounding_unit", word(contract.in_price_unit, "price", "ordered")),
    ];
    set.add(Kind::Contracts, &fields);
    for (position, list) in contract.access.iter().enumerate() {
        let fields = [
            ("contract", code.as_str()),
            ("position", &position.to_string()),
            ("price_list", &State::list_code(*list)),
        ];
        set.add(Kind::Access, &fields);
    }
}

fn write_cell(set: &mut ImportSet, (list, target, unit, window): &Key, cell: Option<&Cell>) {
    let sku;
    let target = match target {
        Target::Sku(number) => {
            sku = State::code(*number);
            ("sku", sku.as_str())
        }
        Target::Category(path) => ("category", path.as_str()),
        Target::Brand(number) => ("brand", State::brand(*number)),
    };
    let list = State::list_code(*list);
    let bound = |at: Option<DateTime>| at.map(|at| at.to_string()).unwrap_or_default();
    let (from, to) = (bound(window.0), bound(window.1));
    let unit = unit.map_or("", |unit| UNITS[unit].0);
    let place =
        [("price_list", list.as_str()), target, ("unit", unit), ("valid_from", &from), ("valid_to", &to)];
    let Some(cell) = cell else {
        set.add(Kind::Prices, &[&place[..], &[("op", "remove")]].concat());
        return;
    };
    let flags = [(cell.is_final, "final"), (cell.free, "free")];
    let flags: Vec<&str> = flags.iter().filter(|(set, _)| *set).map(|(_, name)| *name).collect();
    for tier in &cell.tiers {
        let (column, figure, of) = match tier.value {
            Value::Price(price) => ("price", decimal(price), String::new()),
            Value::Percent(percent, of) => ("percent", decimal(percent), State::list_code(of)),
            Value::Formula(index, coefficient, premium) => {
                let sign = if premium < 0 { "-" } else { "+" };
                let (coefficient, premium) = (decimal(coefficient), decimal(premium.abs()));
                let text = format!("{} * {coefficient} {sign} {premium}", INDICES[index]);
                ("formula", text, String::new())
            }
        };
        let lower = if cell.graduated { "above" } else { "from" };
        let fields = [
            ("per", cell.per.to_string()),
            ("tier_mode", if cell.graduated { "graduated" } else { "volume" }.to_owned()),
            ("over", if cell.over_sku { "sku" } else { "line" }.to_owned()),
            (lower, decimal(tier.lower)),
            ("to", tier.upper.map(decimal).unwrap_or_default()),
            (column, figure),
            ("percent_of", of),
            ("flags", flags.join("+")),
        ];
        let fields = fields.iter().map(|(name, value)| (*name, value.as_str()));
        set.add(Kind::Prices, &place.iter().copied().chain(fields).collect::<Vec<_>>());
    }
}
