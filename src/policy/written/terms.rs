//! How are assortments, services, guards and taxes written?

use crate::policy::syntax::{
    Assortment, Exclusion, Guard, GuardAction, GuardTest, Inclusion, Licence, OfAmount, Service, ServicePer,
    Tax,
};

use super::selection::selection;
use super::{Keys, Writing, mapping, word};

pub(super) fn assortment(one: &Assortment) -> Keys {
    let mut keys = Writing::default();
    selection(&mut keys, "contracts", &one.contracts);
    selection(&mut keys, "goods", &one.goods);
    keys.text("reason", &one.reason, "");
    keys.0
}

pub(super) fn inclusion(one: &Inclusion) -> Keys {
    let mut keys = Writing::default();
    selection(&mut keys, "contracts", &one.contracts);
    selection(&mut keys, "goods", &one.goods);
    keys.0
}

pub(super) fn exclusion(one: &Exclusion) -> Keys {
    let mut keys = Writing::default();
    selection(&mut keys, "contracts", &one.contracts);
    selection(&mut keys, "goods", &one.goods);
    keys.text("reason", &one.reason, "");
    keys.0
}

pub(super) fn licence(one: &Licence) -> Keys {
    let mut keys = Writing::default();
    selection(&mut keys, "goods", &one.goods);
    keys.one("attribute", word(&one.attribute));
    keys.text("reason", &one.reason, "");
    keys.0
}

pub(super) fn service(one: &Service) -> Keys {
    let mut keys = Writing::default();
    keys.text("name", &one.name, &one.id);
    selection(&mut keys, "goods", &one.goods);
    keys.one("price", one.price);
    match &one.per {
        ServicePer::Each => {}
        ServicePer::Unit(None) => keys.one("per", "unit"),
        ServicePer::Unit(Some(unit)) => keys.one("per", mapping([("unit", word(unit))])),
        ServicePer::Line => keys.one("per", "line"),
    }
    keys.maybe("currency", one.currency);
    keys.maybe("tax_class", one.tax_class.as_deref().map(word));
    keys.0
}

pub(super) fn guard(one: &Guard) -> Keys {
    let mut keys = Writing::default();
    keys.text("name", &one.name, &one.id);
    selection(&mut keys, "goods", &one.goods);
    selection(&mut keys, "contracts", &one.contracts);
    keys.words("rules", &one.rules);
    match &one.test {
        GuardTest::Margin { percent, cost_list } => {
            keys.one("margin", percent);
            keys.maybe("cost_list", cost_list.as_deref().map(word));
        }
        GuardTest::Markup { percent, cost_list } => {
            keys.one("markup", percent);
            keys.maybe("cost_list", cost_list.as_deref().map(word));
        }
        GuardTest::FloorList(list) => keys.one("floor_list", word(list)),
        GuardTest::Discount { percent, of } => {
            keys.one("discount", percent);
            if *of == OfAmount::List {
                keys.one("of", "list");
            }
        }
    }
    keys.one(
        "do",
        match one.action {
            GuardAction::Clamp => "clamp",
            GuardAction::Approve => "approve",
        },
    );
    keys.0
}

pub(super) fn tax(one: &Tax) -> Keys {
    let mut keys = Writing::default();
    keys.one("class", word(&one.class));
    selection(&mut keys, "contracts", &one.contracts);
    if one.priority != 0 {
        keys.one("priority", one.priority);
    }
    for rate in &one.rates {
        let since = rate.from.map_or("always".to_owned(), |from| format!("from {from}"));
        keys.one(&format!("percent {since}"), rate.percent);
    }
    keys.0
}
