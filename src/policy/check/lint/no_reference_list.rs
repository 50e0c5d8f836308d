//! Is something taken of the list amount for contracts that have no reference list, and so no list amount?

use crate::policy::syntax::{AmountOf, At, Base, BenefitKind, GuardTest, OfAmount, What};

use super::super::ground::Ground;
use super::super::report::{Report, several, show};
use super::super::sets::SetNo;

pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    for held in &ground.rules {
        let (rule, contracts) = (held.rule, held.extent.contracts);
        if rule.on == Base::List && (rule.kind() == BenefitKind::Percent || rule.cap.percent.is_some()) {
            let what = format!("rule {} takes percentages of the list amount", show(&rule.id));
            tell(ground, report, &what, (rule.at, contracts));
        }
        if let Some(measure) = held.measure
            && measure.what == (What::Amount { of: AmountOf::List })
        {
            let what = format!("rule {} measures the list amount", show(&rule.id));
            tell(ground, report, &what, (rule.at, contracts));
        }
    }
    for held in &ground.guards {
        if matches!(held.guard.test, GuardTest::Discount { of: OfAmount::List, .. }) {
            let what = format!("guard {} tests discounts of the list amount", show(&held.guard.id));
            tell(ground, report, &what, (held.guard.at, held.extent.contracts));
        }
    }
}

fn tell(ground: &Ground<'_>, report: &mut Report, what: &str, (at, contracts): (At, SetNo)) {
    let contracts = ground.contracts.get(contracts);
    let lacking = contracts - &ground.contracts.index.with_reference_list;
    if lacking.is_empty() {
        return;
    }
    let message = if lacking.len() == contracts.len() {
        format!("{what}, and none of its contracts has a reference list")
    } else {
        let names = several(ground.contracts.index.codes(&lacking), lacking.len());
        format!("{what}, and {names} has no reference list")
    };
    report.warn(
        at,
        "no-reference-list",
        message,
        "import their reference_list, or take it of the contract amount",
    );
}
