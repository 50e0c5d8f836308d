//! Are quantities added up that are counted in different units, pieces and kilograms?

use crate::policy::syntax::{At, LimitOf, Scope, What};

use super::super::ground::{Ground, Held};
use super::super::report::{Report, several, show};
use super::super::sets::SetNo;

pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    for held in &ground.rules {
        measure(ground, report, held);
        let rule = held.rule;
        if rule.limit.as_ref().is_some_and(|limit| limit.of == LimitOf::Quantity { unit: None }) {
            told(
                ground,
                report,
                &format!("the limit of rule {}", show(&rule.id)),
                (rule.at, held.extent.goods),
            );
        }
        for (part, goods) in rule.when.together.iter().zip(&held.parts) {
            if part.unit.is_none() {
                told(
                    ground,
                    report,
                    &format!("a part of the bundle of rule {}", show(&rule.id)),
                    (part.goods.at, *goods),
                );
            }
        }
    }
}

/// A measure over a line or a SKU has one base unit at a time.
fn measure(ground: &Ground<'_>, report: &mut Report, held: &Held<'_>) {
    let Some(measure) = held.measure else { return };
    let adds_up = matches!(measure.over, Scope::Group | Scope::Cart | Scope::Period(_));
    if adds_up && measure.what == (What::Quantity { unit: None }) {
        let what = match held.named {
            Some(id) => format!("measure {}", show(id)),
            None => format!("the measure of rule {}", show(&held.rule.id)),
        };
        told(ground, report, &what, (measure.at, held.measured));
    }
}

fn told(ground: &Ground<'_>, report: &mut Report, what: &str, (at, goods): (At, SetNo)) {
    let units = ground.base_units(goods);
    if units.len() < 2 {
        return;
    }
    let codes = units.iter().filter_map(|unit| ground.catalogue.unit(*unit)).map(|unit| unit.code.as_str());
    let count = u64::try_from(units.len()).unwrap_or(u64::MAX);
    let message = format!("{what} adds up quantities in different base units: {}", several(codes, count));
    report.warn(at, "mixed-units", message, "state the unit that all are to be counted in");
}
