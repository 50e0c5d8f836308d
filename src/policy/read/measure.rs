//! What is measured, over what?

use crate::domain::limits;
use crate::policy::syntax::{
    AmountOf, At, Calendar, Measure, NamedMeasure, Period, PeriodLength, PeriodOf, PeriodWindow, RuleMeasure,
    Scope, Text, What,
};

use super::fields::Fields;
use super::reading::{Named, Noun, Reading, show};
use super::selection::selection;
use super::tree::{Child, Entry, Value};
use super::values;

const KEYS: &[&str] = &[
    "what",
    "unit",
    "of",
    "level",
    "name",
    "attribute",
    "currency",
    "over",
    "window",
    "months",
    "calendar",
    "of_whom",
    "goods",
];
const PERIOD_KEYS: &[&str] = &["window", "months", "calendar", "of_whom"];
/// Longest rolling window, in months: ten years.
pub(super) const MONTHS_MOST: i64 = 120;

/// A measure that rules name.
pub(super) fn named_measure(entry: &Entry, r: &mut Reading<'_>) -> Option<NamedMeasure> {
    let id = entry.key.as_str();
    r.take_id(id, Noun::Measure, entry.key_at);
    let fields = Fields::read(&entry.value, &format!("measure {}", show(id)), KEYS, r)?;
    let name = fields.optional("name", r, values::label);
    let measure = measure(&fields, true, r)?;
    let name = name.unwrap_or_else(|| Text { en: id.to_owned(), ru: None });
    Some(NamedMeasure { name, measure, at: entry.key_at })
}

/// A rule's measure: one of its own, or the name of one.
pub(super) fn rule_measure(child: &Child, r: &mut Reading<'_>) -> Option<RuleMeasure> {
    if matches!(child.value(), Value::Text(_)) {
        let name = values::id("measure", child, r)?;
        r.mention(Named::Other(Noun::Measure), &name, child.at);
        return Some(RuleMeasure::Named(name, child.at));
    }
    let fields = Fields::read(child, "measure", KEYS, r)?;
    Some(RuleMeasure::Own(measure(&fields, false, r)?))
}

/// `is_named`: then `name` is what people read, and a characteristic is called by `attribute`.
fn measure(fields: &Fields<'_>, is_named: bool, r: &mut Reading<'_>) -> Option<Measure> {
    let what = what(fields, is_named, amount_of, r);
    let over = scope(fields, r);
    let goods = fields.optional("goods", r, selection);
    let currency = fields.optional("currency", r, values::currency);
    let (what, over) = (what?, over?);
    if matches!(what, What::Attribute { .. }) && over != Scope::Line {
        let message = format!("{}: a characteristic is one line's: it cannot be added up", fields.who);
        r.hinted(fields.place("over"), "attribute-scope", message, "write over: line");
    }
    if over == Scope::Cart {
        fields.misplaced(&["goods"], "says nothing beside over: cart, which is all lines", r);
    }
    Some(Measure { what, over, goods, currency, at: fields.at })
}

/// Reads which amount is measured.
type ReadAmount = fn(&str, &Child, &mut Reading<'_>) -> Option<AmountOf>;

fn what(fields: &Fields<'_>, is_named: bool, amount_of: ReadAmount, r: &mut Reading<'_>) -> Option<What> {
    let words = ["quantity", "weight", "volume", "amount", "skus", "categories", "attribute"];
    let word = fields
        .needed("what", r, |key, child, r| values::word(key, child, &words.map(|word| (word, word)), r))?;
    let own: &[&str] = match word {
        "quantity" | "weight" | "volume" => &["unit"],
        "amount" => &["of", "currency"],
        "categories" => &["level"],
        "attribute" => &["attribute", "name"],
        _ => &[],
    };
    let of_others: Vec<&str> = ["unit", "of", "level", "attribute", "currency", "name"]
        .into_iter()
        .filter(|key| !(own.contains(key) || is_named && *key == "name"))
        .collect();
    fields.misplaced(&of_others, &format!("says nothing beside what: {word}"), r);
    Some(match word {
        "quantity" => What::Quantity { unit: fields.optional("unit", r, values::id) },
        "weight" => What::Weight { unit: fields.needed("unit", r, values::id)? },
        "volume" => What::Volume { unit: fields.needed("unit", r, values::id)? },
        "amount" => What::Amount { of: fields.optional("of", r, amount_of).unwrap_or_default() },
        "skus" => What::Skus,
        "categories" => {
            let most = i64::try_from(limits::CATEGORY_LEVELS).unwrap_or(i64::MAX);
            What::Categories {
                level: fields.optional("level", r, |key, child, r| values::whole(key, child, 1..=most, r)),
            }
        }
        _ => What::Attribute { name: characteristic(fields, is_named, r)? },
    })
}

fn characteristic(fields: &Fields<'_>, is_named: bool, r: &mut Reading<'_>) -> Option<String> {
    let key = match (is_named, fields.has("attribute")) {
        (true, _) => "attribute",
        (false, true) => {
            fields.misplaced(&["name"], "stands beside attribute", r);
            "attribute"
        }
        (false, false) => "name",
    };
    fields.needed(key, r, values::id)
}

/// The word for an amount.
pub(super) fn amount_of(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<AmountOf> {
    let words = [("list", AmountOf::List), ("contract", AmountOf::Contract), ("net", AmountOf::Net)];
    values::word(key, child, &words, r)
}

/// The same, of documents: these have tax too.
pub(super) fn amount_of_documents(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<AmountOf> {
    let words = [
        ("list", AmountOf::List),
        ("contract", AmountOf::Contract),
        ("net", AmountOf::Net),
        ("gross", AmountOf::Gross),
    ];
    values::word(key, child, &words, r)
}

/// What is measured over a period that stands elsewhere.
pub(super) fn period_measure(child: &Child, period: Period, r: &mut Reading<'_>) -> Option<Measure> {
    let keys = ["what", "unit", "of", "level", "currency", "goods"];
    let fields = Fields::read(child, "measure", &keys, r)?;
    let what = what(&fields, false, amount_of_documents, r)?;
    if matches!(what, What::Attribute { .. }) {
        let message = format!("{}: a characteristic is one line's: it cannot be added up", fields.who);
        r.hinted(fields.place("what"), "attribute-scope", message, "measure something else");
        return None;
    }
    let goods = fields.optional("goods", r, selection);
    let currency = fields.optional("currency", r, values::currency);
    Some(Measure { what, over: Scope::Period(period), goods, currency, at: fields.at })
}

fn scope(fields: &Fields<'_>, r: &mut Reading<'_>) -> Option<Scope> {
    /// A scope of the cart, a period of the calendar, or months up to the day.
    #[derive(Clone, Copy)]
    enum Over {
        Cart(Scope),
        Period(PeriodLength),
        Rolling,
    }
    let words = [
        ("line", Over::Cart(Scope::Line)),
        ("sku", Over::Cart(Scope::Sku)),
        ("group", Over::Cart(Scope::Group)),
        ("cart", Over::Cart(Scope::Cart)),
        ("month", Over::Period(PeriodLength::Month)),
        ("quarter", Over::Period(PeriodLength::Quarter)),
        ("half", Over::Period(PeriodLength::Half)),
        ("year", Over::Period(PeriodLength::Year)),
        ("rolling", Over::Rolling),
    ];
    let over = match fields.get("over") {
        Some(child) => values::word("over", child, &words, r)?,
        None => Over::Cart(Scope::Line),
    };
    match over {
        Over::Cart(scope) => {
            fields.misplaced(PERIOD_KEYS, "is for periods alone", r);
            Some(scope)
        }
        Over::Period(length) => {
            fields.misplaced(&["months"], "is for over: rolling alone", r);
            let window = fields.optional("window", r, window);
            let calendar = fields.optional("calendar", r, calendar);
            Some(Scope::Period(Period {
                length,
                window: window.unwrap_or_default(),
                calendar: calendar.unwrap_or_default(),
                of: fields.optional("of_whom", r, of_whom).unwrap_or_default(),
            }))
        }
        Over::Rolling => {
            fields.misplaced(&["window", "calendar"], "says nothing beside over: rolling", r);
            let months =
                fields.needed("months", r, |key, child, r| values::whole(key, child, 1..=MONTHS_MOST, r));
            let of = fields.optional("of_whom", r, of_whom).unwrap_or_default();
            Some(Scope::Period(Period {
                length: PeriodLength::Month,
                window: PeriodWindow::Rolling(months?),
                calendar: Calendar::Calendar,
                of,
            }))
        }
    }
}

/// The word for which period it is.
pub(super) fn window(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<PeriodWindow> {
    let words = [("current", PeriodWindow::Current), ("previous", PeriodWindow::Previous)];
    values::word(key, child, &words, r)
}

/// The word for from when periods are counted.
pub(super) fn calendar(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<Calendar> {
    let words = [("calendar", Calendar::Calendar), ("contract", Calendar::Contract)];
    values::word(key, child, &words, r)
}

/// The word for whose purchases count.
pub(super) fn of_whom(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<PeriodOf> {
    let words = [
        ("contract", PeriodOf::Contract),
        ("counterparty", PeriodOf::Counterparty),
        ("holding", PeriodOf::Holding),
        ("payer", PeriodOf::Payer),
        ("ship_to", PeriodOf::ShipTo),
    ];
    values::word(key, child, &words, r)
}

/// Where a rule's measure is named or stated.
pub(super) fn place_of(measure: &RuleMeasure) -> At {
    match measure {
        RuleMeasure::Own(measure) => measure.at,
        RuleMeasure::Named(_, at) => *at,
    }
}
