//! Is a guard without anything to test: rules that share no line with it, or goods without a cost?

use std::collections::BTreeMap;

use roaring::RoaringBitmap;

use crate::policy::syntax::GuardTest;

use super::super::ground::{Extent, Ground, HeldGuard};
use super::super::report::{Report, several, show};

pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    let rules: BTreeMap<&str, Extent> =
        ground.rules.iter().map(|held| (held.rule.id.as_str(), held.extent)).collect();
    let by_currency = ground.goods.index.by_cost_currency.values();
    let costed = by_currency.fold(RoaringBitmap::new(), |all, set| all | set);
    for held in &ground.guards {
        idle(ground, report, held, &rules);
        let takes_unit_cost = matches!(
            held.guard.test,
            GuardTest::Margin { cost_list: None, .. } | GuardTest::Markup { cost_list: None, .. }
        );
        let lacking = ground.goods.get(held.extent.goods) - &costed;
        if takes_unit_cost && !lacking.is_empty() {
            let names = several(ground.goods.index.codes(&lacking), lacking.len());
            let message =
                format!("guard {} cannot test what has no unit cost: SKU {names}", show(&held.guard.id));
            let hint = "import their unit_cost, name a cost_list, or leave them out of its goods";
            report.warn(held.guard.at, "no-cost", message, hint);
        }
    }
}

fn idle(ground: &Ground<'_>, report: &mut Report, held: &HeldGuard<'_>, rules: &BTreeMap<&str, Extent>) {
    let named = &held.guard.rules;
    // what matches nothing is told where it stands
    let meets = |extent: &Extent| ground.is_nothing(*extent) || ground.overlap(*extent, held.extent);
    if !named.is_empty()
        && !ground.is_nothing(held.extent)
        && !named.iter().filter_map(|id| rules.get(id.as_str())).any(meets)
    {
        let message = format!(
            "guard {} tests nothing: its goods and contracts are none that {} {} for",
            show(&held.guard.id),
            several(named.iter().map(String::as_str), u64::try_from(named.len()).unwrap_or(u64::MAX)),
            if named.len() == 1 { "is" } else { "are" }
        );
        report.warn(held.guard.at, "idle-guard", message, "mend its goods, its contracts or its rules");
    }
}
