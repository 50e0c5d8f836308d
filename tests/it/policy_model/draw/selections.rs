//! Which selections are tried? Broad ones mostly, from all criteria, with groups in groups and exceptions.

use std::collections::BTreeMap;

use quoin::policy::syntax::{AllOf, At, ContractCriterion, Group, Selection, SkuCriterion};

use super::dice::Dice;
use super::world::{
    BRANDS, CATEGORIES, CLASSES, CONTRACTS, GRADES, LISTS, SEGMENTS, SKUS, contract_code, sku_code,
};
use crate::policy_model::tree::text;

/// Names of the groups that may be named.
#[derive(Debug, Default)]
pub struct Groups {
    pub skus: Vec<String>,
    pub contracts: Vec<String>,
}

fn all<C>(criteria: Vec<C>) -> AllOf<C> {
    AllOf { criteria, at: At::default() }
}

/// Criteria of each kind once at most, in the order of their keys, as a mapping has them.
fn description<C>(
    dice: &mut Dice,
    most: usize,
    draw: impl Fn(&mut Dice, usize) -> C,
    kinds: &[usize],
) -> AllOf<C> {
    let count = if dice.percent(75) { 1 } else { 1 + dice.at(most) };
    let mut chosen: Vec<usize> = kinds.to_vec();
    while chosen.len() > count {
        let at = dice.at(chosen.len());
        chosen.remove(at);
    }
    all(chosen.into_iter().map(|kind| draw(dice, kind)).collect())
}

fn selection<C>(
    dice: &mut Dice,
    one: impl Fn(&mut Dice) -> AllOf<C>,
    narrow: impl Fn(&mut Dice) -> AllOf<C>,
) -> Selection<C> {
    let mut selection = Selection::default();
    if dice.percent(80) {
        selection.any.extend((0..dice.between(1, 2)).map(|_| one(dice)));
    }
    if selection.any.is_empty() || dice.percent(20) {
        selection.except.push(narrow(dice));
    }
    selection
}

/// Goods: everything half of the time.
pub fn goods(dice: &mut Dice, groups: &Groups) -> Selection<SkuCriterion> {
    if dice.percent(50) { Selection::default() } else { some_goods(dice, groups) }
}

pub fn some_goods(dice: &mut Dice, groups: &Groups) -> Selection<SkuCriterion> {
    let any: Vec<usize> =
        if groups.skus.is_empty() { vec![0, 1, 2, 3, 4, 5] } else { vec![0, 1, 2, 3, 4, 5, 6] };
    selection(
        dice,
        |dice| description(dice, 2, |dice, kind| sku_criterion(dice, kind, groups), &any),
        |dice| description(dice, 1, |dice, kind| sku_criterion(dice, kind, groups), &[0, 2, 3]),
    )
}

fn sku_criterion(dice: &mut Dice, kind: usize, groups: &Groups) -> SkuCriterion {
    match kind {
        0 => SkuCriterion::Category(dice.some(&CATEGORIES, 2)),
        1 => SkuCriterion::Brand(dice.some(&BRANDS, 2)),
        2 => {
            let values = if dice.percent(30) { Vec::new() } else { dice.some(&GRADES, 3) };
            SkuCriterion::Attribute { name: dice.word(&["grade", "grade", "length"]), values }
        }
        3 => {
            let codes: Vec<String> = (0..SKUS).map(sku_code).collect();
            let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
            SkuCriterion::Sku(dice.some(&codes, 6))
        }
        4 => SkuCriterion::List(dice.some(&LISTS, 1)),
        5 => SkuCriterion::TaxClass(dice.some(&CLASSES, 2)),
        _ => {
            let names: Vec<&str> = groups.skus.iter().map(String::as_str).collect();
            SkuCriterion::Group(dice.some(&names, 2))
        }
    }
}

/// Contracts: every one most of the time.
pub fn contracts(dice: &mut Dice, groups: &Groups, every: i64) -> Selection<ContractCriterion> {
    if dice.percent(every) {
        return Selection::default();
    }
    let any: Vec<usize> = if groups.contracts.is_empty() { vec![0, 1, 2, 3] } else { vec![0, 1, 2, 3, 4] };
    selection(
        dice,
        |dice| description(dice, 2, |dice, kind| contract_criterion(dice, kind, groups), &any),
        |dice| description(dice, 1, |dice, kind| contract_criterion(dice, kind, groups), &[0]),
    )
}

fn contract_criterion(dice: &mut Dice, kind: usize, groups: &Groups) -> ContractCriterion {
    match kind {
        0 => {
            let codes: Vec<String> = (0..CONTRACTS).map(contract_code).collect();
            let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
            ContractCriterion::Contract(dice.some(&codes, 4))
        }
        1 => ContractCriterion::Counterparty(dice.some(&["buyer0", "buyer1", "buyer2"], 2)),
        2 => ContractCriterion::Holding(dice.some(&["holding0", "holding1"], 2)),
        3 => {
            let values = if dice.percent(20) { Vec::new() } else { dice.some(&SEGMENTS, 2) };
            ContractCriterion::Attribute { name: "segment".to_owned(), values }
        }
        _ => {
            let names: Vec<&str> = groups.contracts.iter().map(String::as_str).collect();
            ContractCriterion::Group(dice.some(&names, 1))
        }
    }
}

/// Groups that name groups before them.
pub fn sku_groups(dice: &mut Dice, groups: &mut Groups) -> BTreeMap<String, Group<SkuCriterion>> {
    let mut drawn = BTreeMap::new();
    for number in 0..dice.between(0, 4) {
        let id = format!("goods {number}");
        let selection = some_goods(dice, groups);
        drawn.insert(id.clone(), Group { name: text(&id), selection, at: At::default() });
        groups.skus.push(id);
    }
    drawn
}

pub fn contract_groups(dice: &mut Dice, groups: &mut Groups) -> BTreeMap<String, Group<ContractCriterion>> {
    let mut drawn = BTreeMap::new();
    for number in 0..dice.between(0, 2) {
        let id = format!("contracts {number}");
        let selection = contracts(dice, groups, 0);
        drawn.insert(id.clone(), Group { name: text(&id), selection, at: At::default() });
        groups.contracts.push(id);
    }
    drawn
}
