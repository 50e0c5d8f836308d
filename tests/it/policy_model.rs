//! Does the compiled policy price as a naive interpreter of its syntax tree does?
//!
//! The interpreter walks the tree with exact fractions and shares no code with quoin's compiled policy and pricing.
//! Worlds, policies and carts are drawn from a seed; what fails is shrunk and told as files that may be kept.

mod ask;
mod benefits;
mod case;
mod checks;
mod conditions;
mod contract_price;
mod direct;
mod draw;
mod eligibility;
mod guards;
mod interpret;
mod ladders;
mod layers;
mod line;
mod measures;
mod meeting;
mod reached;
mod reading;
mod rounding;
mod services;
mod shop;
mod shrink;
mod taxes;
mod through_engine;
mod tree;
mod worked;
mod yaml;

use case::{Case, hold};
use checks::{
    differs_from_the_interpreter, lines_alone_come_to_others, order_changes_figures,
    reasoning_changes_figures, rules_that_lose_matter,
};

#[test]
fn the_compiled_policy_prices_as_the_interpreter_does() {
    let reached = reached::Reached::default();
    hold(600, &|case| {
        reached.note(&case.policy, &interpret::interpret(&case.shop, &case.policy, &case.cart));
        differs_from_the_interpreter(case)
    });
    reached.hold();
}

#[test]
fn reasoning_changes_no_figure_and_steps_sum() {
    hold(300, &reasoning_changes_figures);
}

#[test]
fn order_changes_no_figure() {
    hold(300, &order_changes_figures);
}

#[test]
fn lines_without_anything_in_common_may_be_priced_alone() {
    hold(300, &lines_alone_come_to_others);
}

#[test]
fn rules_that_lost_and_rules_of_others_do_not_matter() {
    hold(300, &rules_that_lose_matter);
}

/// What once failed stays, under the name of what was wrong.
#[test]
fn kept_counterexamples_hold() {
    let checks: [fn(&Case) -> Option<String>; 5] = [
        differs_from_the_interpreter,
        reasoning_changes_figures,
        order_changes_figures,
        lines_alone_come_to_others,
        rules_that_lose_matter,
    ];
    let kept = Case::kept();
    assert!(!kept.is_empty(), "none was found");
    for (name, case) in kept {
        for check in checks {
            assert_eq!(check(&case), None, "{name}");
        }
    }
}
