//! How does it cross the wire that a line has no price, and what would be right?

use crate::domain::ids::ListId;
use crate::eligibility::Barrier;
use crate::policy::syntax::Text;
use crate::pricing::cart::LineStatus;

use super::telling::Telling;
use super::v1;
use super::words::problem::phrase;

/// The status of a line without a price, and its problem.
#[must_use]
pub fn problem_of(status: LineStatus, telling: &Telling<'_>) -> (v1::LineStatus, v1::LineProblem) {
    use v1::LineStatus as Wire;
    let bare = v1::LineProblem::default;
    let of_list = |list: ListId| v1::LineProblem { price_list: telling.list(list).to_owned(), ..bare() };
    let (wire, problem) = match status {
        LineStatus::Priced => return (Wire::Priced, bare()),
        LineStatus::UnknownSku => (Wire::UnknownSku, bare()),
        LineStatus::UnknownUnit => (Wire::UnknownUnit, bare()),
        LineStatus::NoPrice => (Wire::NoPrice, bare()),
        LineStatus::NoPriceFinal { list } => (Wire::NoPriceFinal, of_list(list)),
        LineStatus::QuantityNotPositive => (Wire::QuantityNotPositive, bare()),
        LineStatus::QuantityTooPrecise { decimals } => {
            (Wire::QuantityTooPrecise, v1::LineProblem { decimals: decimals.into(), ..bare() })
        }
        LineStatus::BelowMinimum { minimum } => {
            (Wire::BelowMinimum, v1::LineProblem { minimum_micros: minimum.0, ..bare() })
        }
        LineStatus::OffMultiple { below, above } => {
            (Wire::OffMultiple, v1::LineProblem { below_micros: below.0, above_micros: above.0, ..bare() })
        }
        LineStatus::NoBasePrice { list } => (Wire::NoBasePrice, of_list(list)),
        LineStatus::NoExchangeRate { list } => (Wire::NoExchangeRate, of_list(list)),
        LineStatus::NoIndexValue { list } => (Wire::NoIndexValue, of_list(list)),
        LineStatus::PriceNotPositive { list } => (Wire::PriceNotPositive, of_list(list)),
        LineStatus::NoTaxRate { list } => (Wire::NoTaxRate, of_list(list)),
        LineStatus::NotEligible { by } => {
            let (barrier, reason) = barrier_of(by, telling);
            (Wire::NotEligible, v1::LineProblem { barrier, reason, ..bare() })
        }
        LineStatus::NoSuchService => (Wire::NoSuchService, bare()),
        LineStatus::Overflow => (Wire::Overflow, bare()),
    };
    let reason = match problem.reason.as_str() {
        "" => reason_of(status, &problem.price_list, telling),
        _ => problem.reason,
    };
    (wire, v1::LineProblem { reason, ..problem })
}

fn reason_of(status: LineStatus, list: &str, telling: &Telling<'_>) -> String {
    let (first, second) = match status {
        LineStatus::QuantityTooPrecise { decimals } => (decimals.to_string(), String::new()),
        LineStatus::BelowMinimum { minimum } => (minimum.to_string(), String::new()),
        LineStatus::OffMultiple { below, above } => (below.to_string(), above.to_string()),
        _ => (list.to_owned(), String::new()),
    };
    phrase(status).told(telling.language(), &[&first, &second])
}

/// Id of what forbids a purchase, and what the policy says that the buyer reads.
fn barrier_of(by: Barrier, telling: &Telling<'_>) -> (String, String) {
    let eligibility = &telling.policy.policy().eligibility;
    let at = |place: u32| usize::try_from(place).unwrap_or(usize::MAX);
    let found: Option<(&String, &Text)> = match by {
        Barrier::OutsideAssortment(place) => {
            eligibility.assortments.get(at(place)).map(|found| (&found.id, &found.reason))
        }
        Barrier::Excluded(place) => {
            eligibility.exclusions.get(at(place)).map(|found| (&found.id, &found.reason))
        }
        Barrier::Unlicensed(place) => {
            eligibility.licences.get(at(place)).map(|found| (&found.id, &found.reason))
        }
    };
    found.map_or_else(Default::default, |(id, reason)| (id.clone(), telling.text(reason).to_owned()))
}
