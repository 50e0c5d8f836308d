//! Does the policy name units, price lists, indices, SKUs and categories that the catalogue does not have? These are
//! errors: nothing could be worked out with them. So are categories of which the catalogue never knew one SKU: paths
//! are made by the SKUs that stand in them and are kept when those go, so that such a path is a slip of the pen, and a
//! policy that was accepted once stays acceptable.

use crate::policy::syntax::{
    At, Benefit, Earn, GuardTest, LimitOf, Measure, RuleMeasure, ServicePer, SkuCriterion, TermOf, What,
};

use super::super::ground::Ground;
use super::super::places::Owner;
use super::super::report::{Report, show};

/// A name that is asked for, and the words around it.
struct Named<'a> {
    owner: Owner<'a>,
    at: At,
    code: &'a str,
}

pub(super) fn lint(ground: &Ground<'_>, report: &mut Report) {
    for (id, named) in &ground.policy.measures {
        measure_unit(ground, report, Owner::new("measure", id), &named.measure);
    }
    for rule in &ground.policy.rules {
        let owner = Owner::new("rule", &rule.id);
        if let Some(RuleMeasure::Own(measure)) = &rule.measure {
            measure_unit(ground, report, owner, measure);
        }
        let limit = rule.limit.as_ref().and_then(|limit| match &limit.of {
            LimitOf::Quantity { unit } => unit.as_deref(),
            LimitOf::Amount | LimitOf::Uses => None,
        });
        let parts = rule.when.together.iter().filter_map(|part| part.unit.as_deref());
        for code in rule.unit.as_deref().into_iter().chain(limit).chain(parts) {
            unit(ground, report, &Named { owner, at: rule.at, code });
        }
        for tier in &rule.tiers {
            benefit(ground, report, owner, tier.at, &tier.benefit);
        }
    }
    for agreement in &ground.policy.agreements {
        for measure in agreement.measures() {
            measure_unit(ground, report, Owner::new("agreement", &agreement.id), measure);
        }
    }
    for levels in &ground.policy.levels {
        for measure in levels.measures() {
            measure_unit(ground, report, Owner::new("programme of levels", &levels.id), measure);
        }
    }
    for points in &ground.policy.points {
        if let Earn::PerUnit { unit: Some(code), .. } = &points.earn {
            let owner = Owner::new("programme of points", &points.id);
            unit(ground, report, &Named { owner, at: points.at, code });
        }
    }
    for service in &ground.policy.services {
        if let ServicePer::Unit(Some(code)) = &service.per {
            unit(ground, report, &Named { owner: Owner::new("service", &service.id), at: service.at, code });
        }
    }
    for guard in &ground.policy.guards {
        let code = match &guard.test {
            GuardTest::FloorList(code) => Some(code),
            GuardTest::Margin { cost_list, .. } | GuardTest::Markup { cost_list, .. } => cost_list.as_ref(),
            GuardTest::Discount { .. } => None,
        };
        if let Some(code) = code {
            list(ground, report, &Named { owner: Owner::new("guard", &guard.id), at: guard.at, code });
        }
    }
    for shown in &ground.policy.shown_prices {
        let owner = Owner::new("shown price", &shown.id);
        list(ground, report, &Named { owner, at: shown.at, code: &shown.list });
    }
    selections(ground, report);
}

fn measure_unit<'a>(ground: &Ground<'a>, report: &mut Report, owner: Owner<'a>, measure: &'a Measure) {
    let code = match &measure.what {
        What::Quantity { unit } => unit.as_deref(),
        What::Weight { unit } | What::Volume { unit } => Some(unit.as_str()),
        What::Amount { .. } | What::Skus | What::Categories { .. } | What::Attribute { .. } => None,
    };
    if let Some(code) = code {
        unit(ground, report, &Named { owner, at: measure.at, code });
    }
}

fn benefit<'a>(ground: &Ground<'a>, report: &mut Report, owner: Owner<'a>, at: At, benefit: &'a Benefit) {
    match benefit {
        Benefit::PriceOf(code) => list(ground, report, &Named { owner, at, code }),
        Benefit::Formula { terms, .. } => {
            for term in terms {
                if let TermOf::Index(code) = &term.of {
                    index(ground, report, &Named { owner, at, code });
                }
            }
        }
        Benefit::Free(free) => {
            if let Some(code) =
                free.sku.as_deref().filter(|code| ground.catalogue.skus.number(code).is_none())
            {
                let message = format!("{owner} gives SKU {}, which the catalogue does not have", show(code));
                report.error(
                    at,
                    "unknown-sku",
                    message,
                    "import it with the kind skus first, or mend the id",
                );
            }
        }
        _ => {}
    }
}

fn unit(ground: &Ground<'_>, report: &mut Report, named: &Named<'_>) {
    if ground.unit(named.code).is_none() {
        let known =
            ground.catalogue.units.iter().map(|unit| unit.code.as_str()).filter(|code| !code.is_empty());
        let hint = report.suggest(named.code, known, "import it with the kind units first, or mend the id");
        let message =
            format!("{} is in unit {}, which the catalogue does not have", named.owner, show(named.code));
        report.error(named.at, "unknown-unit", message, hint);
    }
}

fn list(ground: &Ground<'_>, report: &mut Report, named: &Named<'_>) {
    if ground.catalogue.lists.number(named.code).is_none() {
        let known = ground.catalogue.lists.iter().map(|list| list.code.as_str());
        let hint =
            report.suggest(named.code, known, "import it with the kind price_lists first, or mend the id");
        let message = format!(
            "{} names price list {}, which the catalogue does not have",
            named.owner,
            show(named.code)
        );
        report.error(named.at, "unknown-list", message, hint);
    }
}

fn index(ground: &Ground<'_>, report: &mut Report, named: &Named<'_>) {
    if ground.catalogue.market.index(named.code).is_none() {
        let known = ground.catalogue.market.indices.iter().map(String::as_str);
        let hint =
            report.suggest(named.code, known, "import it with the kind index_values first, or mend the id");
        let message = format!("{} reckons with index {}, which has no value", named.owner, show(named.code));
        report.error(named.at, "unknown-index", message, hint);
    }
}

fn selections(ground: &Ground<'_>, report: &mut Report) {
    for (owner, selection) in &ground.goods_places {
        for description in selection.any.iter().chain(&selection.except) {
            for criterion in &description.criteria {
                match criterion {
                    SkuCriterion::List(codes) => {
                        for code in codes {
                            list(ground, report, &Named { owner: *owner, at: description.at, code });
                        }
                    }
                    SkuCriterion::Category(paths) => {
                        for code in paths {
                            category(ground, report, &Named { owner: *owner, at: description.at, code });
                        }
                    }
                    _ => {}
                }
            }
        }
    }
}

fn category(ground: &Ground<'_>, report: &mut Report, named: &Named<'_>) {
    if ground.catalogue.categories.number(named.code).is_none() {
        let known = ground.catalogue.categories.iter().map(|category| category.path.as_str());
        let otherwise = "no SKU ever stood there: import one first, or mend the path";
        let hint = report.suggest(named.code, known, otherwise);
        let message =
            format!("{} names category {}, which the catalogue does not have", named.owner, show(named.code));
        report.error(named.at, "unknown-category", message, hint);
    }
}
