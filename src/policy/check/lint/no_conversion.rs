//! Are there goods that do not convert to the unit in which a rule measures, prices or limits them? They take nothing.

use crate::policy::syntax::{At, LimitOf, ServicePer, What};

use super::super::ground::{Ground, Held};
use super::super::report::{Report, several, show};
use super::super::sets::SetNo;

pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    for held in &ground.rules {
        let rule = held.rule;
        if let Some(unit) = &rule.unit {
            tell(ground, report, &format!("rule {}", show(&rule.id)), (rule.at, unit, held.extent.goods, ""));
        }
        measure(ground, report, held);
        if let Some(LimitOf::Quantity { unit: Some(unit) }) = rule.limit.as_ref().map(|limit| &limit.of)
            && rule.unit.as_ref() != Some(unit)
        {
            tell(
                ground,
                report,
                &format!("the limit of rule {}", show(&rule.id)),
                (rule.at, unit, held.extent.goods, ""),
            );
        }
        for (part, goods) in rule.when.together.iter().zip(&held.parts) {
            if let Some(unit) = &part.unit {
                let what = format!("a part of the bundle of rule {}", show(&rule.id));
                tell(ground, report, &what, (part.goods.at, unit, *goods, ""));
            }
        }
    }
    for (service, goods) in ground.policy.services.iter().zip(&ground.service_goods) {
        if let ServicePer::Unit(Some(unit)) = &service.per {
            tell(ground, report, &format!("service {}", show(&service.id)), (service.at, unit, *goods, ""));
        }
    }
}

/// What a measure counts beyond the rule's goods may well be without the unit; what the rule is for should have it.
fn measure(ground: &Ground<'_>, report: &mut Report, held: &Held<'_>) {
    let Some(measure) = held.measure else { return };
    let (unit, but) = match &measure.what {
        What::Quantity { unit: Some(unit) } | What::Volume { unit } => (unit, ""),
        What::Weight { unit } => (unit, " unless the line states its weight"),
        _ => return,
    };
    if held.rule.unit.as_ref() != Some(unit) {
        let what = format!("the measure of rule {}", show(&held.rule.id));
        tell(ground, report, &what, (measure.at, unit, held.extent.goods, but));
    }
}

fn tell(
    ground: &Ground<'_>,
    report: &mut Report,
    what: &str,
    (at, unit, goods, but): (At, &str, SetNo, &str),
) {
    let lacking = ground.without_unit(goods, Some(unit));
    if lacking.is_empty() || ground.unit(unit).is_none() {
        return;
    }
    let all = lacking.len() == ground.goods.get(goods).len();
    let names = several(ground.goods.index.codes(&lacking), lacking.len());
    let message = if all {
        format!("{what} is in {}, and none of the goods converts to it{but}: SKU {names}", show(unit))
    } else {
        format!("{what} is in {}, to which SKU {names} cannot be converted{but}", show(unit))
    };
    report.warn(
        at,
        "no-conversion",
        message,
        "import the unit with the kind sku_units, or leave these goods out",
    );
}
