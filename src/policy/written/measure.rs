//! How is a measure written?

use crate::policy::syntax::{
    AmountOf, Calendar, Measure, NamedMeasure, Period, PeriodLength, PeriodOf, PeriodWindow, Scope, What,
};

use super::selection::selection;
use super::{Keys, Writing, word};

/// A measure that rules refer to.
pub(super) fn named(id: &str, named: &NamedMeasure) -> Keys {
    let mut keys = Writing::default();
    keys.text("name", &named.name, id);
    measure(&mut keys, "", &named.measure);
    keys.0
}

/// A measure under keys that begin with `prefix`.
pub(super) fn measure(keys: &mut Writing, prefix: &str, measure: &Measure) {
    let key = |name: &str| format!("{prefix}{name}");
    let (what, unit) = match &measure.what {
        What::Quantity { unit } => ("quantity", unit.as_ref()),
        What::Weight { unit } => ("weight", Some(unit)),
        What::Volume { unit } => ("volume", Some(unit)),
        What::Amount { .. } => ("amount", None),
        What::Skus => ("skus", None),
        What::Categories { .. } => ("categories", None),
        What::Attribute { .. } => ("attribute", None),
    };
    keys.one(&key("what"), what);
    keys.maybe(&key("unit"), unit.map(|unit| word(unit)));
    match &measure.what {
        What::Amount { of } => keys.one(&key("of"), amount_word(*of)),
        What::Categories { level } => keys.maybe(&key("level"), *level),
        What::Attribute { name } => keys.one(&key("name"), word(name)),
        What::Quantity { .. } | What::Weight { .. } | What::Volume { .. } | What::Skus => {}
    }
    match measure.over {
        Scope::Line => keys.one(&key("over"), "line"),
        Scope::Sku => keys.one(&key("over"), "sku"),
        Scope::Group => keys.one(&key("over"), "group"),
        Scope::Cart => keys.one(&key("over"), "cart"),
        Scope::Period(period) => over_period(keys, prefix, "over", period),
    }
    keys.maybe(&key("currency"), measure.currency);
    if let Some(goods) = &measure.goods {
        if goods.is_everything() {
            keys.one(&key("goods"), "everything");
        }
        selection(keys, &key("goods"), goods);
    }
}

pub(super) fn amount_word(of: AmountOf) -> &'static str {
    match of {
        AmountOf::List => "list",
        AmountOf::Contract => "contract",
        AmountOf::Net => "net",
        AmountOf::Gross => "gross",
    }
}

/// A period, whose length stands under `over`.
pub(super) fn over_period(keys: &mut Writing, prefix: &str, over: &str, period: Period) {
    let key = |name: &str| format!("{prefix}{name}");
    let length = match period.length {
        PeriodLength::Month => "month",
        PeriodLength::Quarter => "quarter",
        PeriodLength::Half => "half",
        PeriodLength::Year => "year",
    };
    match period.window {
        PeriodWindow::Rolling(months) => {
            keys.one(&key(over), "rolling");
            keys.one(&key("months"), months);
        }
        PeriodWindow::Current => keys.one(&key(over), length),
        PeriodWindow::Previous => {
            keys.one(&key(over), length);
            keys.one(&key("window"), "previous");
        }
    }
    if period.calendar == Calendar::Contract {
        keys.one(&key("calendar"), "contract");
    }
    if period.of != PeriodOf::Contract {
        keys.one(&key("of_whom"), whom_word(period.of));
    }
}

pub(super) fn whom_word(of: PeriodOf) -> &'static str {
    match of {
        PeriodOf::Contract => "contract",
        PeriodOf::Counterparty => "counterparty",
        PeriodOf::Holding => "holding",
        PeriodOf::Payer => "payer",
        PeriodOf::ShipTo => "ship_to",
    }
}
