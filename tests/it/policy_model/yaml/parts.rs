//! How are selections, measures, guards and eligibility written?

use quoin::policy::syntax::{
    AllOf, AmountOf, Calendar, ContractCriterion, Eligibility, Group, Guard, GuardAction, GuardTest, Measure,
    OfAmount, PeriodLength, PeriodOf, PeriodWindow, Scope, Selection, SkuCriterion, Text, What,
};

use super::node::{Node, list, map, plain, quoted};
use super::some;

/// Keys of a mapping, each with its value where it stands.
pub type Keys = Vec<(&'static str, Option<Node>)>;

pub fn label(text: &Text) -> Node {
    match &text.ru {
        None => quoted(&text.en),
        Some(ru) => map(vec![("en", Some(quoted(&text.en))), ("ru", Some(quoted(ru)))]),
    }
}

pub fn texts(texts: &[String]) -> Option<Node> {
    (!texts.is_empty()).then(|| list(texts.iter().map(quoted)))
}

/// What is asked under one key.
pub trait Criterion {
    fn entry(&self) -> (&'static str, Node);
}

fn attribute(name: &str, values: &[String]) -> Node {
    let values = texts(values).unwrap_or_else(|| plain("any"));
    Node::Map(vec![(name.to_owned(), values)])
}

impl Criterion for SkuCriterion {
    fn entry(&self) -> (&'static str, Node) {
        match self {
            Self::Category(paths) => ("category", texts(paths).unwrap()),
            Self::Brand(brands) => ("brand", texts(brands).unwrap()),
            Self::Attribute { name, values } => ("attribute", attribute(name, values)),
            Self::Sku(codes) => ("sku", texts(codes).unwrap()),
            Self::List(lists) => ("list", texts(lists).unwrap()),
            Self::TaxClass(classes) => ("tax_class", texts(classes).unwrap()),
            Self::Group(groups) => ("group", texts(groups).unwrap()),
        }
    }
}

impl Criterion for ContractCriterion {
    fn entry(&self) -> (&'static str, Node) {
        match self {
            Self::Contract(codes) => ("contract", texts(codes).unwrap()),
            Self::Counterparty(codes) => ("counterparty", texts(codes).unwrap()),
            Self::Holding(codes) => ("holding", texts(codes).unwrap()),
            Self::Attribute { name, values } if name == "segment" && !values.is_empty() => {
                ("segment", texts(values).unwrap())
            }
            Self::Attribute { name, values } => ("attribute", attribute(name, values)),
            Self::Group(groups) => ("group", texts(groups).unwrap()),
        }
    }
}

/// A description; the name of a group alone stands for it.
fn description<C: Criterion>(all: &AllOf<C>) -> Node {
    let mut entries: Vec<(&str, Option<Node>)> = Vec::new();
    for criterion in &all.criteria {
        let (key, node) = criterion.entry();
        entries.push((key, Some(node)));
    }
    match entries.as_slice() {
        [("group", Some(Node::Text(name)))] => Node::Text(name.clone()),
        _ => map(entries),
    }
}

/// A selection; none for everything.
pub fn selection<C: Criterion>(of: &Selection<C>) -> Option<Node> {
    let descriptions = |all: &[AllOf<C>]| (!all.is_empty()).then(|| list(all.iter().map(description)));
    match (descriptions(&of.any), descriptions(&of.except)) {
        (any, None) => any,
        (any, except) => Some(map(vec![("any", any), ("except", except)])),
    }
}

/// A group, whose name may be its id.
pub fn group<C: Criterion>(group: &Group<C>) -> Node {
    let descriptions = |all: &[AllOf<C>]| (!all.is_empty()).then(|| list(all.iter().map(description)));
    map(vec![
        ("name", Some(label(&group.name))),
        ("any", descriptions(&group.selection.any)),
        ("except", descriptions(&group.selection.except)),
    ])
}

/// A measure; `attribute` is the key of a characteristic's name.
pub fn measure_keys(measure: &Measure, attribute: &'static str) -> Keys {
    let unit = |unit: &String| ("unit", Some(quoted(unit)));
    let mut keys = match &measure.what {
        What::Quantity { unit: stated } => {
            vec![("what", Some(plain("quantity"))), ("unit", stated.as_ref().map(quoted))]
        }
        What::Weight { unit: stated } => vec![("what", Some(plain("weight"))), unit(stated)],
        What::Volume { unit: stated } => vec![("what", Some(plain("volume"))), unit(stated)],
        What::Amount { of } => {
            let of = match of {
                AmountOf::List => Some(plain("list")),
                AmountOf::Contract => Some(plain("contract")),
                AmountOf::Gross => Some(plain("gross")),
                AmountOf::Net => None,
            };
            vec![("what", Some(plain("amount"))), ("of", of)]
        }
        What::Skus => vec![("what", Some(plain("skus")))],
        What::Categories { level } => {
            vec![("what", Some(plain("categories"))), ("level", level.map(plain))]
        }
        What::Attribute { name } => {
            vec![("what", Some(plain("attribute"))), (attribute, Some(quoted(name)))]
        }
    };
    keys.extend(scope(measure.over));
    keys.push(("goods", measure.goods.as_ref().and_then(selection)));
    keys.push(("currency", measure.currency.map(|currency| plain(currency.code()))));
    keys
}

fn scope(over: Scope) -> Keys {
    let word = |word: &str| vec![("over", Some(plain(word)))];
    let period = match over {
        Scope::Line => return Vec::new(),
        Scope::Sku => return word("sku"),
        Scope::Group => return word("group"),
        Scope::Cart => return word("cart"),
        Scope::Period(period) => period,
    };
    let mut keys = match (period.window, period.length) {
        (PeriodWindow::Rolling(months), _) => {
            vec![("over", Some(plain("rolling"))), ("months", Some(plain(months)))]
        }
        (_, PeriodLength::Month) => word("month"),
        (_, PeriodLength::Quarter) => word("quarter"),
        (_, PeriodLength::Half) => word("half"),
        (_, PeriodLength::Year) => word("year"),
    };
    keys.push(("window", (period.window == PeriodWindow::Previous).then(|| plain("previous"))));
    keys.push(("calendar", (period.calendar == Calendar::Contract).then(|| plain("contract"))));
    keys.push((
        "of_whom",
        match period.of {
            PeriodOf::Contract => None,
            PeriodOf::Counterparty => Some(plain("counterparty")),
            PeriodOf::Holding => Some(plain("holding")),
            PeriodOf::Payer => Some(plain("payer")),
            PeriodOf::ShipTo => Some(plain("ship_to")),
        },
    ));
    keys
}

pub fn guard(guard: &Guard) -> Node {
    let mut keys = vec![
        ("id", Some(quoted(&guard.id))),
        ("name", Some(label(&guard.name))),
        ("goods", selection(&guard.goods)),
        ("contracts", selection(&guard.contracts)),
        ("rules", texts(&guard.rules)),
    ];
    keys.extend(match &guard.test {
        GuardTest::Margin { percent, cost_list } => {
            vec![("margin", Some(plain(percent))), ("cost_list", cost_list.as_ref().map(quoted))]
        }
        GuardTest::Markup { percent, cost_list } => {
            vec![("markup", Some(plain(percent))), ("cost_list", cost_list.as_ref().map(quoted))]
        }
        GuardTest::FloorList(list) => vec![("floor_list", Some(quoted(list)))],
        GuardTest::Discount { percent, of } => {
            let of = if *of == OfAmount::List { "list" } else { "contract" };
            vec![("discount", Some(plain(percent))), ("of", Some(plain(of)))]
        }
    });
    keys.push(("do", (guard.action == GuardAction::Approve).then(|| plain("approve"))));
    map(keys)
}

pub fn eligibility(all: &Eligibility) -> Option<Node> {
    let assortments = all.assortments.iter().map(|one| {
        map(vec![
            ("id", Some(quoted(&one.id))),
            ("contracts", selection(&one.contracts)),
            ("goods", selection(&one.goods)),
            ("reason", Some(label(&one.reason))),
        ])
    });
    let inclusions = all.inclusions.iter().map(|one| {
        let (contracts, goods) = (selection(&one.contracts), selection(&one.goods));
        map(vec![("id", Some(quoted(&one.id))), ("contracts", contracts), ("goods", goods)])
    });
    let exclusions = all.exclusions.iter().map(|one| {
        map(vec![
            ("id", Some(quoted(&one.id))),
            ("contracts", selection(&one.contracts)),
            ("goods", selection(&one.goods)),
            ("reason", Some(label(&one.reason))),
        ])
    });
    let licences = all.licences.iter().map(|one| {
        map(vec![
            ("id", Some(quoted(&one.id))),
            ("goods", selection(&one.goods)),
            ("attribute", Some(quoted(&one.attribute))),
            ("reason", Some(label(&one.reason))),
        ])
    });
    let keys = vec![
        ("assortments", some(assortments)),
        ("inclusions", some(inclusions)),
        ("exclusions", some(exclusions)),
        ("licences", some(licences)),
    ];
    keys.iter().any(|(_, node)| node.is_some()).then(|| map(keys))
}
