//! How do a policy's discount rules look as zen-engine's decision tables? Made from the very rules that quoin read.
//!
//! Three tables that a cart's lines go through in loop mode: rules for goods by leaf category with what else they ask for,
//! rules for groups with their tiers, and, once for the cart, rules for everything.

use quoin::domain::time::{CivilSecond, DAY_SECONDS};
use quoin::policy::syntax::{Benefit, ContractCriterion, Rule, Selection, SkuCriterion};
use serde_json::{Map, Value, json};

/// Inputs of the table of goods, by the names that lines have for them.
const OF_GOODS: [&str; 6] = ["leaf", "channel", "coupon", "payment", "contracts", "day"];
/// Inputs of the table of groups.
const OF_GROUPS: [&str; 2] = ["group", "group_cents"];
const OUTPUTS: [&str; 2] = ["rule", "percent"];

/// The decision graph of a policy's rules.
pub fn graph(rules: &[Rule]) -> Value {
    let (mut goods, mut groups, mut everything) = (Vec::new(), Vec::new(), Vec::new());
    for rule in rules {
        match described(&rule.goods) {
            None => everything.push(row(rule, 0, [])),
            Some(SkuCriterion::Category(paths)) => {
                let cells = [enumerated(paths)].into_iter().chain(asked(rule));
                goods.push(row(rule, 0, OF_GOODS.into_iter().zip(cells)));
            }
            Some(SkuCriterion::Group(names)) => {
                // The highest tier first: the first that holds is the one reached.
                for tier in (0..rule.tiers.len()).rev() {
                    let from = rule.tiers[tier].lower.0 / 10_000;
                    let cells = [enumerated(names), format!(">= {from}")];
                    groups.push(row(rule, tier, OF_GROUPS.into_iter().zip(cells)));
                }
            }
            Some(other) => panic!("{}: {other:?} has no table", rule.id),
        }
    }
    let tables = [
        table("goods", &OF_GOODS, "collect", goods, true),
        table("groups", &OF_GROUPS, "first", groups, true),
        table("everything", &[], "collect", everything, false),
    ];
    let edge = |from: &str, to: &str| json!({"id": format!("{from}-{to}"), "type": "edge", "sourceId": from, "targetId": to});
    let edges: Vec<Value> = ["goods", "groups", "everything"]
        .iter()
        .flat_map(|name| [edge("cart", name), edge(name, "given")])
        .collect();
    let [goods, groups, everything] = tables;
    let position = json!({"x": 0, "y": 0});
    json!({
        "nodes": [
            {"id": "cart", "name": "cart", "type": "inputNode", "position": position},
            goods, groups, everything,
            {"id": "given", "name": "given", "type": "outputNode", "position": position},
        ],
        "edges": edges,
    })
}

/// What is asked of a rule's goods, if anything.
fn described(goods: &Selection<SkuCriterion>) -> Option<&SkuCriterion> {
    let [all] = goods.any.as_slice() else {
        assert!(goods.is_everything(), "{goods:?}");
        return None;
    };
    let [criterion] = all.criteria.as_slice() else { panic!("{goods:?}") };
    Some(criterion)
}

/// What a rule asks of the cart and its contract, in the order of the table's inputs.
fn asked(rule: &Rule) -> [String; 5] {
    let when = &rule.when;
    let contracts = match rule.contracts.any.as_slice() {
        [] => String::new(),
        [all] => match all.criteria.as_slice() {
            [ContractCriterion::Group(names)] => enumerated(names),
            other => panic!("{}: {other:?}", rule.id),
        },
        other => panic!("{}: {other:?}", rule.id),
    };
    let day = match (when.window.from, when.window.to) {
        (None, None) => String::new(),
        (Some(from), Some(to)) => format!("[{}..{}]", day(from), day(CivilSecond(to.0 - 1))),
        other => panic!("{}: {other:?}", rule.id),
    };
    [enumerated(&when.channel), enumerated(&when.coupon), enumerated(&when.payment_terms), contracts, day]
}

/// Days since 1970, as lines have them.
pub fn day(at: CivilSecond) -> i64 {
    at.0.div_euclid(DAY_SECONDS)
}

fn enumerated(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| serde_json::to_string(name).unwrap()).collect();
    quoted.join(", ")
}

fn row<'n>(rule: &Rule, tier: usize, asked: impl IntoIterator<Item = (&'n str, String)>) -> Value {
    let Benefit::Percent(percent) = rule.tiers[tier].benefit else { panic!("{}: not a percentage", rule.id) };
    let mut cells: Map<String, Value> =
        asked.into_iter().map(|(input, cell)| (format!("in-{input}"), Value::from(cell))).collect();
    cells.insert("_id".to_owned(), format!("{}-{tier}", rule.id).into());
    cells.insert("out-rule".to_owned(), serde_json::to_string(&rule.id).unwrap().into());
    cells.insert("out-percent".to_owned(), percent.to_string().into());
    Value::Object(cells)
}

fn table(name: &str, inputs: &[&str], policy: &str, rules: Vec<Value>, each_line: bool) -> Value {
    let column =
        |kind: &str, name: &&str| json!({"id": format!("{kind}-{name}"), "name": name, "field": name});
    let inputs: Vec<Value> = inputs.iter().map(|name| column("in", name)).collect();
    let outputs: Vec<Value> = OUTPUTS.iter().map(|name| column("out", name)).collect();
    let mut content = json!({
        "hitPolicy": policy, "rules": rules, "inputs": inputs, "outputs": outputs, "passThrough": false,
        "outputPath": name, "executionMode": if each_line { "loop" } else { "single" },
    });
    if each_line {
        content["inputField"] = "lines".into();
    }
    json!({
        "id": name, "name": name, "type": "decisionTableNode", "position": {"x": 0, "y": 0}, "content": content
    })
}
