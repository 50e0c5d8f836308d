//! What must hold of a period's purchases, in measures?

use crate::domain::currency::Currency;
use crate::domain::exact::Exact;
use crate::policy::syntax::{Condition, ConditionOf, Measure, Period, Scope, What};

use super::build::Build;
use super::matcher::{EVERYTHING, SelectionNo};
use super::measure::{CompiledMeasure, CompiledWhat};
use super::rule::MeasureNo;

/// What a condition looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompiledCondition {
    /// A measure over the period.
    Measure(MeasureNo),
    /// Months in which anything of the basis was bought.
    Months,
    /// By what share the measure is above the same period of the year before, in percent.
    GrowthPercent,
    /// By how much it is above that.
    Growth,
    /// One measure in percent of another.
    Percent {
        /// What is compared.
        part: MeasureNo,
        /// With what.
        whole: MeasureNo,
    },
    /// Percent of what fell due that was paid by then.
    PunctualPercent(MeasureNo),
    /// Days for which the oldest of what is unpaid is overdue, at most.
    OverdueDays(MeasureNo),
}

impl CompiledCondition {
    /// What it measures of its own.
    pub(super) fn measures(self) -> impl Iterator<Item = MeasureNo> {
        let (one, other) = match self {
            Self::Measure(of) | Self::PunctualPercent(of) | Self::OverdueDays(of) => (Some(of), None),
            Self::Percent { part, whole } => (Some(part), Some(whole)),
            Self::Months | Self::GrowthPercent | Self::Growth => (None, None),
        };
        one.into_iter().chain(other)
    }
}

/// Whose conditions and measures they are, and what holds for all of those.
pub(super) struct Own<'p> {
    pub(super) id: &'p str,
    pub(super) period: Period,
    pub(super) goods: SelectionNo,
    pub(super) currency: Option<Currency>,
    /// Does only what is paid count?
    pub(super) paid: bool,
}

impl Build<'_> {
    pub(super) fn conditions(
        &mut self,
        own: &Own<'_>,
        conditions: &[Condition],
    ) -> Vec<(CompiledCondition, Exact)> {
        let one = |condition: &Condition| (self.condition(own, &condition.of), Exact::from(condition.bound));
        conditions.iter().map(one).collect()
    }

    fn condition(&mut self, own: &Own<'_>, condition: &ConditionOf) -> CompiledCondition {
        match condition {
            ConditionOf::Measure(of) => CompiledCondition::Measure(self.measured(own, of)),
            ConditionOf::Months => CompiledCondition::Months,
            ConditionOf::GrowthPercent => CompiledCondition::GrowthPercent,
            ConditionOf::Growth => CompiledCondition::Growth,
            ConditionOf::PlanPercent(plan) => self.plan_percent(own, plan),
            ConditionOf::ChannelPercent(channels) => {
                let whole = own.measure(CompiledWhat::Amount(Default::default()), own.goods);
                let part = CompiledMeasure { channels: channels.clone(), ..whole.clone() };
                self.percent(part, whole)
            }
            ConditionOf::SharePercent(goods) => {
                let goods = self.asked_goods(goods);
                let what = || CompiledWhat::Amount(Default::default());
                self.percent(own.measure(what(), goods), own.measure(what(), EVERYTHING))
            }
            ConditionOf::MarginPercent => {
                let of = |what| own.measure(what, own.goods);
                self.percent(of(CompiledWhat::Margin), of(CompiledWhat::Costed))
            }
            ConditionOf::PunctualPercent => CompiledCondition::PunctualPercent(self.receivables(own)),
            ConditionOf::OverdueDays => CompiledCondition::OverdueDays(self.receivables(own)),
        }
    }

    /// What is owed by those whose purchases count.
    pub(super) fn receivables(&mut self, own: &Own<'_>) -> MeasureNo {
        let measure = CompiledMeasure { paid: false, ..own.measure(CompiledWhat::Receivables, EVERYTHING) };
        self.add_measure(measure)
    }

    /// The named measure over the period, in percent of what was planned of it.
    fn plan_percent(&mut self, own: &Own<'_>, plan: &str) -> CompiledCondition {
        let policy = self.policy;
        let Some(named) = policy.measures.get(plan) else {
            // Names were checked when the policy was read.
            return CompiledCondition::Months;
        };
        let over = Scope::Period(own.period);
        let goods = named.measure.goods.as_ref().map_or(EVERYTHING, |goods| self.asked_goods(goods));
        let fact = CompiledMeasure {
            paid: own.paid,
            ..CompiledMeasure::new(
                own.id,
                &Measure { over, ..named.measure.clone() },
                goods,
                own.currency,
                self.catalogue,
            )
        };
        let planned = own.measure(CompiledWhat::Planned(plan.to_owned()), EVERYTHING);
        let planned = CompiledMeasure { paid: false, currency: fact.currency, ..planned };
        self.percent(fact, planned)
    }

    fn percent(&mut self, part: CompiledMeasure, whole: CompiledMeasure) -> CompiledCondition {
        CompiledCondition::Percent { part: self.add_measure(part), whole: self.add_measure(whole) }
    }

    /// A measure of an agreement's.
    pub(super) fn measured(&mut self, own: &Own<'_>, measure: &Measure) -> MeasureNo {
        let goods = match &measure.goods {
            Some(goods) => self.asked_goods(goods),
            None => own.goods,
        };
        let compiled = CompiledMeasure::new(own.id, measure, goods, own.currency, self.catalogue);
        // Distinct things are bought or not: of how much of them is paid, nothing is asked.
        let paid = own.paid && !matches!(measure.what, What::Skus | What::Categories { .. });
        self.add_measure(CompiledMeasure { paid, ..compiled })
    }
}

impl Own<'_> {
    pub(super) fn measure(&self, what: CompiledWhat, goods: SelectionNo) -> CompiledMeasure {
        let Self { id, period, currency, paid, .. } = *self;
        let (id, scope, channels) = (id.to_owned(), Scope::Period(period), Vec::new());
        let by_document = false;
        CompiledMeasure { id, what, scope, goods, currency, channels, paid, by_document }
    }
}
