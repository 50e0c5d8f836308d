//! What must hold of every cart? Each question tells how it does not hold for a case, if it does not.

use std::panic::{AssertUnwindSafe, catch_unwind};

use quoin::domain::rounding::TaxRounding;
use quoin::policy::CompiledPolicy;
use quoin::policy::syntax::{
    AllOf, At, ContractCriterion, PeriodWindow, Rule, RuleLayer, RuleMeasure, Scope, Selection,
};
use quoin::pricing::PricedLines;
use quoin::pricing::cart::PricedLine;
use quoin::pricing::request::Detail;

use super::case::Case;
use super::direct::Direct;
use super::interpret::interpret;
use super::measures::of_rule;
use super::shop::{Answer, Line};

/// A case that is ready to be priced.
struct Ready<'a> {
    case: &'a Case,
    direct: Direct,
    policy: CompiledPolicy,
}

impl<'a> Ready<'a> {
    fn of(case: &'a Case) -> Self {
        let direct = Direct::of(&case.shop);
        let policy = direct.compile(&case.policy);
        Self { case, direct, policy }
    }

    fn priced(&self, order: &[&Line], detail: Detail) -> PricedLines {
        self.direct.price(&self.policy, &self.case.cart, order, detail)
    }

    fn answer(&self, order: &[&Line]) -> Answer {
        self.direct.told(&self.policy, &self.priced(order, Detail::Basic), order)
    }

    /// Of all lines, in their order.
    fn whole(&self) -> Answer {
        self.answer(&self.order())
    }

    fn order(&self) -> Vec<&'a Line> {
        self.case.cart.lines.iter().collect()
    }
}

/// What a check finds, a panic included.
fn caught(check: impl FnOnce() -> Option<String>) -> Option<String> {
    catch_unwind(AssertUnwindSafe(check)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Some(format!("a panic: {}", text.unwrap_or_default()))
    })
}

fn same(found: &Answer, expected: &Answer) -> Option<String> {
    (found != expected).then(|| found.against(expected))
}

/// The compiled policy prices as the interpreter does.
pub fn differs_from_the_interpreter(case: &Case) -> Option<String> {
    caught(|| {
        let mut expected = interpret(&case.shop, &case.policy, &case.cart);
        expected.lines.values_mut().for_each(|line| line.gave.clear());
        same(&Ready::of(case).whole(), &expected)
    })
}

/// With reasoning and without, the figures are the same; the steps of a line sum to its net amount.
pub fn reasoning_changes_figures(case: &Case) -> Option<String> {
    caught(|| {
        let ready = Ready::of(case);
        let order = ready.order();
        let basic = ready.priced(&order, Detail::Basic);
        let bare = |line: &PricedLine| PricedLine { source: None, steps: 0..0, losers: 0..0, ..line.clone() };
        let figures = |priced: &PricedLines| {
            let lines: Vec<PricedLine> = priced.lines.iter().map(bare).collect();
            let totals = (priced.list_total, priced.total, priced.taxed, priced.tax_total);
            (lines, priced.notices.clone(), totals)
        };
        for detail in [Detail::Waterfall, Detail::Explain] {
            let told = ready.priced(&order, detail);
            if figures(&told) != figures(&basic) {
                return Some(format!("{detail:?}: {:?}\nBasic: {:?}", figures(&told), figures(&basic)));
            }
            for line in &told.lines {
                let steps = &told.steps[line.steps.start as usize..line.steps.end as usize];
                let mut running = 0;
                for step in steps {
                    if step.base.0 != running {
                        return Some(format!(
                            "{detail:?}: a step begins at {} instead of {running}",
                            step.base.0
                        ));
                    }
                    running += step.amount.0;
                }
                if running != line.amount.0 {
                    return Some(format!(
                        "{detail:?}: steps come to {running}, the line to {:?}",
                        line.amount
                    ));
                }
            }
        }
        None
    })
}

/// In whatever order lines are asked and rules stand, the figures are the same.
pub fn order_changes_figures(case: &Case) -> Option<String> {
    caught(|| {
        let mut other = case.clone();
        let policy = &mut other.policy;
        policy.rules.reverse();
        policy.services.reverse();
        policy.guards.reverse();
        policy.taxes.reverse();
        policy.eligibility.assortments.reverse();
        policy.eligibility.exclusions.reverse();
        policy.eligibility.licences.reverse();
        other.cart.lines.reverse();
        let half = other.cart.lines.len() / 2;
        other.cart.lines.rotate_left(half);
        // Of several reasons why goods are not sold, the first that is written is told.
        let told = |case: &Case| {
            let mut answer = Ready::of(case).whole();
            let statuses = answer.lines.values_mut().map(|line| &mut line.status);
            statuses.for_each(|status| *status = status.split(' ').next().unwrap().to_owned());
            answer
        };
        same(&told(&other), &told(case))
    })
}

/// Where every measure is of its line and nothing is of the document, lines come to the same one by one.
pub fn lines_alone_come_to_others(case: &Case) -> Option<String> {
    caught(|| {
        let mut case = case.clone();
        let policy = case.policy.clone();
        let of_line = |rule: &Rule| {
            let over = of_rule(&policy, rule).map(|(_, measure, _)| measure.over);
            let alone = match over {
                None | Some(Scope::Line) => true,
                Some(Scope::Period(period)) => period.window == PeriodWindow::Previous,
                Some(Scope::Sku | Scope::Group | Scope::Cart) => false,
            };
            alone && rule.when.together.is_empty() && !rule.is_of_cart(over)
        };
        case.policy.rules.retain(of_line);
        forget_rules_that_are_gone(&mut case);
        case.shop.contracts.values_mut().for_each(|contract| contract.tax_rounding = TaxRounding::Line);
        let ready = Ready::of(&case);
        let whole = ready.whole();
        for line in &case.cart.lines {
            let alone = ready.answer(&[line]);
            if alone.lines[&line.id] != whole.lines[&line.id] {
                return Some(format!(
                    "{} alone: {}\nwhole: {}",
                    line.id, alone.lines[&line.id], whole.lines[&line.id]
                ));
            }
        }
        None
    })
}

/// Takes metrics and guards away that are of rules that the policy no longer has.
fn forget_rules_that_are_gone(case: &mut Case) {
    let Case { policy, cart, .. } = case;
    let has = |id: &String| policy.rules.iter().any(|rule| rule.id == *id);
    let own = |id: &String| {
        let rule = policy.rules.iter().find(|rule| rule.id == *id);
        rule.is_some_and(|rule| matches!(rule.measure, Some(RuleMeasure::Own(_))))
    };
    cart.uses.retain(|id, _| has(id));
    cart.positions.retain(|id, _| policy.measures.contains_key(id) || own(id));
    policy.guards.retain(|guard| guard.rules.iter().all(has));
}

/// Without the rules that gave nothing, and with rules for another contract, the figures are the same.
pub fn rules_that_lose_matter(case: &Case) -> Option<String> {
    caught(|| {
        let whole = Ready::of(case).whole();
        let answer = interpret(&case.shop, &case.policy, &case.cart);
        let gave = |rule: &Rule| answer.lines.values().any(|line| line.gave.contains_key(&rule.id));
        let guarded = |rule: &Rule| case.policy.guards.iter().any(|guard| guard.rules.contains(&rule.id));
        let mut fewer = case.clone();
        // Where the first of an exclusive group goes, the group takes another turn.
        fewer.policy.rules.retain(|rule| {
            gave(rule) || guarded(rule) || rule.best_of.is_some() || rule.layer == RuleLayer::Contract
        });
        forget_rules_that_are_gone(&mut fewer);
        let mut more = case.clone();
        let others = case.policy.rules.iter().map(|rule| Rule {
            id: format!("a{}", rule.id),
            contracts: another(case),
            priority: rule.priority + 1,
            ..rule.clone()
        });
        more.policy.rules.extend(others);
        let without = same(&Ready::of(&fewer).whole(), &whole).map(|why| format!("without losers: {why}"));
        let with = || same(&Ready::of(&more).whole(), &whole).map(|why| format!("with others' rules: {why}"));
        without.or_else(with)
    })
}

/// A contract that is not the cart's.
fn another(case: &Case) -> Selection<ContractCriterion> {
    let another = if case.cart.contract == "c0" { "c1" } else { "c0" };
    let criteria = vec![ContractCriterion::Contract(vec![another.to_owned()])];
    let any = vec![AllOf { criteria, at: At::default() }];
    Selection { any, except: Vec::new(), at: At::default() }
}
