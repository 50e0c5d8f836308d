//! How are assortments, services, guards, holds, taxes, shown prices and authority written?

use crate::domain::decimal::Micros;
use crate::policy::syntax::{
    Assortment, Authority, Exclusion, Guard, GuardAction, GuardTest, Hold, Inclusion, Licence, OfAmount,
    PeriodOf, Service, ServicePer, ShownPrice, Tax, TaxRate,
};

use super::measure::whom_word;
use super::selection::selection;
use super::{Keys, Writing, mapping, word};

pub(super) fn assortment(one: &Assortment) -> Keys {
    let Assortment { id: _, contracts, goods, reason, at: _ } = one;
    let mut keys = Writing::default();
    selection(&mut keys, "contracts", contracts);
    selection(&mut keys, "goods", goods);
    keys.text("reason", reason, "");
    keys.0
}

pub(super) fn inclusion(one: &Inclusion) -> Keys {
    let Inclusion { id: _, contracts, goods, at: _ } = one;
    let mut keys = Writing::default();
    selection(&mut keys, "contracts", contracts);
    selection(&mut keys, "goods", goods);
    keys.0
}

pub(super) fn exclusion(one: &Exclusion) -> Keys {
    let Exclusion { id: _, contracts, goods, reason, at: _ } = one;
    let mut keys = Writing::default();
    selection(&mut keys, "contracts", contracts);
    selection(&mut keys, "goods", goods);
    keys.text("reason", reason, "");
    keys.0
}

pub(super) fn licence(one: &Licence) -> Keys {
    let Licence { id: _, goods, attribute, reason, at: _ } = one;
    let mut keys = Writing::default();
    selection(&mut keys, "goods", goods);
    keys.one("attribute", word(attribute));
    keys.text("reason", reason, "");
    keys.0
}

pub(super) fn service(one: &Service) -> Keys {
    let Service { id, name, goods, price, per, currency, tax_class, at: _ } = one;
    let mut keys = Writing::default();
    keys.text("name", name, id);
    selection(&mut keys, "goods", goods);
    keys.one("price", price);
    match per {
        ServicePer::Each => {}
        ServicePer::Unit(None) => keys.one("per", "unit"),
        ServicePer::Unit(Some(unit)) => keys.one("per", mapping([("unit", word(unit))])),
        ServicePer::Line => keys.one("per", "line"),
    }
    keys.maybe("currency", *currency);
    keys.maybe("tax_class", tax_class.as_deref().map(word));
    keys.0
}

pub(super) fn guard(one: &Guard) -> Keys {
    let Guard { id, name, goods, contracts, rules, test, action, at: _ } = one;
    let mut keys = Writing::default();
    keys.text("name", name, id);
    selection(&mut keys, "goods", goods);
    selection(&mut keys, "contracts", contracts);
    keys.words("rules", rules);
    match test {
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
    let action = match action {
        GuardAction::Clamp => "clamp",
        GuardAction::Approve => "approve",
    };
    keys.one("do", action);
    keys.0
}

pub(super) fn tax(one: &Tax) -> Keys {
    let Tax { id: _, class, contracts, priority, rates, at: _ } = one;
    let mut keys = Writing::default();
    keys.one("class", word(class));
    selection(&mut keys, "contracts", contracts);
    if *priority != 0 {
        keys.one("priority", priority);
    }
    for TaxRate { from, percent } in rates {
        let since = from.map_or("always".to_owned(), |from| format!("from {from}"));
        keys.one(&format!("percent {since}"), percent);
    }
    keys.0
}

pub(super) fn shown_price(one: &ShownPrice) -> Keys {
    let ShownPrice { id, name, list, contracts, at: _ } = one;
    let mut keys = Writing::default();
    keys.text("name", name, id);
    keys.one("list", word(list));
    selection(&mut keys, "contracts", contracts);
    keys.0
}

pub(super) fn hold(one: &Hold) -> Keys {
    let Hold { id, name, contracts, of, overdue_days, overdue_amount, blocks, currency, at: _ } = one;
    let mut keys = Writing::default();
    keys.text("name", name, id);
    selection(&mut keys, "contracts", contracts);
    if *of != PeriodOf::Contract {
        keys.one("of_whom", whom_word(*of));
    }
    keys.maybe("overdue_days", (*overdue_days > 0).then_some(*overdue_days));
    keys.maybe("overdue_amount", (*overdue_amount != Micros::ZERO).then_some(*overdue_amount));
    keys.one("action", if *blocks { "block" } else { "notice" });
    keys.maybe("currency", currency.map(|currency| word(currency.code()).to_owned()));
    keys.0
}

pub(super) fn authority(one: &Authority) -> Keys {
    let Authority { role: _, concession, margin, at: _ } = one;
    let mut keys = Writing::default();
    keys.one("concession", concession);
    keys.maybe("margin", *margin);
    keys.0
}
