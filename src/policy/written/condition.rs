//! How is what must hold of a period's purchases written?

use crate::policy::syntax::{Condition, ConditionOf};

use super::measure::measure;
use super::selection::selection;
use super::{Writing, list, mapping, word};

/// Each under a key that begins with `prefix`.
pub(super) fn write(keys: &mut Writing, prefix: &str, conditions: &[Condition]) {
    for Condition { of, bound, at: _ } in conditions {
        let mut inner = Writing::default();
        match of {
            ConditionOf::Measure(of) => measure(&mut inner, "", of),
            ConditionOf::PlanPercent(plan) => inner.one("plan", word(plan)),
            ConditionOf::ChannelPercent(channels) => {
                inner.one("channels", list(channels.iter().map(|channel| word(channel))));
            }
            ConditionOf::SharePercent(goods) => selection(&mut inner, "goods", goods),
            ConditionOf::Months
            | ConditionOf::GrowthPercent
            | ConditionOf::Growth
            | ConditionOf::MarginPercent
            | ConditionOf::PunctualPercent
            | ConditionOf::OverdueDays => {}
        }
        let told = inner.0.iter().map(|(key, value)| (key.as_str(), value.clone().text()));
        let told = mapping(told);
        match (of, inner.0.is_empty()) {
            (ConditionOf::Measure(_), _) => keys.one(&format!("{prefix}condition {told}"), bound),
            (of, true) => keys.one(&format!("{prefix}condition {}", of.word()), bound),
            (of, false) => keys.one(&format!("{prefix}condition {} {told}", of.word()), bound),
        }
    }
}
