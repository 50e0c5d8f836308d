//! How is what a ladder measures said? Figures with their units, SKUs and categories counted.

use crate::api::decimal::total_text;
use crate::domain::currency::Currency;
use crate::domain::decimal::MILLION;
use crate::domain::language::Language;
use crate::policy::syntax::{Measure, What};

use super::Phrase;

const SKUS: [Phrase; 3] = [
    Phrase::new("{0} SKU", "{0} артикул"),
    Phrase::new("{0} SKUs", "{0} артикула"),
    Phrase::new("{0} SKUs", "{0} артикулов"),
];
const CATEGORIES: [Phrase; 3] = [
    Phrase::new("{0} category", "{0} категория"),
    Phrase::new("{0} categories", "{0} категории"),
    Phrase::new("{0} categories", "{0} категорий"),
];
const IN_UNIT: Phrase = Phrase::new("{0} {1}", "{0} {1}");
const CHARACTERISTIC: Phrase = Phrase::new("{1} {0}", "{1} {0}");

/// A figure of a measure; amounts are in `currency`.
#[must_use]
pub fn figure(micros: i128, measure: &Measure, currency: Currency, language: Language) -> String {
    let plain = total_text(micros, 0);
    match &measure.what {
        What::Quantity { unit: None } => plain,
        What::Quantity { unit: Some(unit) } | What::Weight { unit } | What::Volume { unit } => {
            IN_UNIT.told(language, &[&plain, unit])
        }
        What::Amount { .. } => {
            IN_UNIT.told(language, &[&total_text(micros, currency.digits()), currency.code()])
        }
        What::Skus => counted(micros, &SKUS, language).told(language, &[&plain]),
        What::Categories { .. } => counted(micros, &CATEGORIES, language).told(language, &[&plain]),
        What::Attribute { name } => CHARACTERISTIC.told(language, &[&plain, name]),
    }
}

/// The form for one, for a few and for many.
fn counted(micros: i128, [one, few, many]: &[Phrase; 3], language: Language) -> Phrase {
    let million = i128::from(MILLION);
    let (whole, last, teens) = (micros / million, micros / million % 10, micros / million % 100);
    if micros % million != 0 {
        return *few;
    }
    match language {
        Language::English if whole == 1 => *one,
        Language::English => *few,
        Language::Russian if (11..=14).contains(&teens) => *many,
        Language::Russian if last == 1 => *one,
        Language::Russian if (2..=4).contains(&last) => *few,
        Language::Russian => *many,
    }
}
