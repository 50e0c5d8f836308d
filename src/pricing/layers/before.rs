//! What was bought and used before this cart? The caller's word where there is one, else the ledger's.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::catalogue::Catalogue;
use crate::domain::decimal::MILLION;
use crate::domain::exact::Exact;
use crate::domain::ids::SkuId;
use crate::policy::compiled::{CompiledLimit, MeasureNo};
use crate::policy::{CompiledPolicy, RuleNo};
use crate::pricing::request::{Bought, Metrics};

/// Where a measure stood before.
#[derive(Debug, Clone)]
struct Stood<'a> {
    /// The position, T.
    value: Exact,
    /// What of distinct things was bought.
    members: BTreeSet<&'a str>,
}

/// What was bought and used before.
#[derive(Debug)]
pub(in crate::pricing) struct Before<'a> {
    bought: &'a Bought,
    positions: BTreeMap<MeasureNo, Stood<'a>>,
    used: BTreeMap<RuleNo, Exact>,
}

/// A name that the policy does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnknownMetric {
    /// No measure has this id.
    Measure(String),
    /// No rule with a limit has this id.
    Limit(String),
}

impl<'a> Before<'a> {
    /// Resolves names; the first that the policy lacks is an error.
    pub(in crate::pricing) fn new(
        policy: &CompiledPolicy,
        metrics: &Metrics<'a>,
        bought: &'a Bought,
    ) -> Result<Self, UnknownMetric> {
        let mut before = Self { bought, positions: BTreeMap::new(), used: BTreeMap::new() };
        for position in &metrics.positions {
            let number = policy
                .measure_by_id(position.measure)
                .ok_or_else(|| UnknownMetric::Measure(position.measure.to_owned()))?;
            let members: BTreeSet<&str> = position.members.iter().copied().collect();
            let counted =
                i128::try_from(members.len()).unwrap_or(i128::MAX).saturating_mul(i128::from(MILLION));
            let value = if members.is_empty() { position.value } else { position.value.max(counted) };
            let value = Exact::millionths(value);
            before.positions.insert(number, Stood { value, members });
        }
        for used in &metrics.uses {
            let limited = |number: &RuleNo| policy.compiled(*number).is_some_and(|rule| rule.limit.is_some());
            let number = policy.rule_by_id(used.rule).filter(limited);
            let number = number.ok_or_else(|| UnknownMetric::Limit(used.rule.to_owned()))?;
            before.used.insert(number, Exact::millionths(used.used));
        }
        Ok(before)
    }

    /// Where a measure stood: zero where nobody said.
    pub(in crate::pricing) fn position(&self, measure: MeasureNo) -> Exact {
        match self.positions.get(&measure) {
            Some(stood) => stood.value.clone(),
            None => self.bought.of(measure).map_or(Exact::ZERO, |bought| bought.value.clone()),
        }
    }

    /// Was this SKU bought before?
    pub(in crate::pricing) fn has_sku(&self, measure: MeasureNo, sku: SkuId, catalogue: &Catalogue) -> bool {
        match self.positions.get(&measure) {
            Some(stood) => catalogue.sku(sku).is_some_and(|sku| stood.members.contains(sku.code.as_str())),
            None => self.was_bought(measure, sku.0),
        }
    }

    /// Was something of the category with this path bought before?
    pub(in crate::pricing) fn has_category(
        &self,
        measure: MeasureNo,
        path: &str,
        catalogue: &Catalogue,
    ) -> bool {
        match self.positions.get(&measure) {
            Some(stood) => stood.members.contains(path),
            None => catalogue.categories.number(path).is_some_and(|number| self.was_bought(measure, number)),
        }
    }

    fn was_bought(&self, measure: MeasureNo, member: u32) -> bool {
        self.bought.of(measure).is_some_and(|bought| bought.members.binary_search(&member).is_ok())
    }

    /// What is left of a rule's limit; none where nothing is.
    pub(in crate::pricing) fn left(&self, rule: RuleNo, limit: &CompiledLimit) -> Option<Exact> {
        let most = Exact::from(limit.most);
        let left = match (self.used.get(&rule), self.bought.used(rule)) {
            (Some(stated), _) => most.minus(stated),
            (None, Some(gone)) => most.minus(&Exact::millionths(gone)),
            (None, None) => most,
        };
        left.is_positive().then_some(left)
    }
}
