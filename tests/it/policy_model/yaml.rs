//! How is a syntax tree written down, so that the reader gives it back? In the words of docs/POLICY.md.

mod node;
mod parts;
mod rules;

use quoin::policy::syntax::{Policy, Service, ServicePer, ShownPrice, Stack, Tax};

use node::{Node, list, map, plain, quoted};
use parts::{eligibility, group, guard, label, measure_keys, selection};

/// The policy as one file.
pub fn to_yaml(policy: &Policy) -> String {
    let mut keys = vec![("quoin_policy".to_owned(), plain("1"))];
    let mut add = |key: &str, node: Option<Node>| keys.extend(node.map(|node| (key.to_owned(), node)));
    add("currency", policy.currency.map(|currency| plain(currency.code())));
    add("sku_groups", groups(policy.sku_groups.iter().map(|(id, of)| (id.clone(), group(of)))));
    add("contract_groups", groups(policy.contract_groups.iter().map(|(id, of)| (id.clone(), group(of)))));
    let measures = policy.measures.iter().map(|(id, named)| {
        let mut keys = vec![("name", Some(label(&named.name)))];
        keys.extend(measure_keys(&named.measure, "attribute"));
        (id.clone(), map(keys))
    });
    add("measures", groups(measures));
    add("eligibility", eligibility(&policy.eligibility));
    let stacks = policy.stacks.iter().map(|(layer, stack)| {
        (rules::layer(*layer).to_owned(), map(vec![("stack", Some(rules::stack(*stack)))]))
    });
    add("layers", groups(stacks));
    add("services", some(policy.services.iter().map(service)));
    add("rules", some(policy.rules.iter().map(rules::rule)));
    add("guards", some(policy.guards.iter().map(guard)));
    add("taxes", some(policy.taxes.iter().map(tax)));
    add("shown_prices", some(policy.shown_prices.iter().map(shown)));
    Node::Map(keys).text()
}

fn groups(entries: impl Iterator<Item = (String, Node)>) -> Option<Node> {
    let entries: Vec<(String, Node)> = entries.collect();
    (!entries.is_empty()).then_some(Node::Map(entries))
}

fn some(items: impl Iterator<Item = Node>) -> Option<Node> {
    let items: Vec<Node> = items.collect();
    (!items.is_empty()).then_some(Node::List(items))
}

fn service(service: &Service) -> Node {
    let (per, unit) = match &service.per {
        ServicePer::Each => ("each", None),
        ServicePer::Line => ("line", None),
        ServicePer::Unit(unit) => ("unit", unit.as_ref()),
    };
    map(vec![
        ("id", Some(quoted(&service.id))),
        ("name", Some(label(&service.name))),
        ("goods", selection(&service.goods)),
        ("price", Some(plain(service.price))),
        ("per", Some(plain(per))),
        ("unit", unit.map(quoted)),
        ("currency", service.currency.map(|currency| plain(currency.code()))),
        ("tax_class", service.tax_class.as_ref().map(quoted)),
    ])
}

fn shown(shown: &ShownPrice) -> Node {
    map(vec![
        ("id", Some(quoted(&shown.id))),
        ("name", Some(label(&shown.name))),
        ("list", Some(quoted(&shown.list))),
        ("contracts", selection(&shown.contracts)),
    ])
}

fn tax(tax: &Tax) -> Node {
    let rate = |rate: &quoin::policy::syntax::TaxRate| {
        map(vec![("from", rate.from.map(plain)), ("percent", Some(plain(rate.percent)))])
    };
    map(vec![
        ("id", Some(quoted(&tax.id))),
        ("class", Some(quoted(&tax.class))),
        ("contracts", selection(&tax.contracts)),
        ("priority", (tax.priority != 0).then(|| plain(tax.priority))),
        ("rates", Some(list(tax.rates.iter().map(rate)))),
    ])
}

/// `compound` or `additive`.
pub fn stack_word(stack: Stack) -> &'static str {
    match stack {
        Stack::Compound => "compound",
        Stack::Additive => "additive",
    }
}
