//! What is a retro-bonus agreement to the ledger?

use crate::domain::currency::Currency;
use crate::domain::exact::Exact;
use crate::domain::ladder::TierMode;
use crate::policy::syntax::{
    Agreement, AgreementTier, ConditionOf, Measure, Period, PeriodOf, Reward, Scope, What,
};

use super::build::{Build, count};
use super::matcher::SelectionNo;
use super::measure::CompiledMeasure;
use super::rule::MeasureNo;
use super::{CompiledPolicy, place};

/// An agreement, by its place in the order of ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgreementNo(pub u32);

/// An agreement with names resolved and percentages as fractions.
#[derive(Debug, Clone)]
pub struct CompiledAgreement {
    pub(super) contracts: SelectionNo,
    /// The currency of its amounts.
    pub currency: Option<Currency>,
    /// Its periods.
    pub period: Period,
    /// The amount that percentages are taken of.
    pub basis: MeasureNo,
    /// What its ladder measures.
    pub measure: MeasureNo,
    /// How its tiers share the measure.
    pub mode: TierMode,
    /// Its tiers, ascending: lower bound, upper bound, and what it gives.
    pub tiers: Vec<(Exact, Option<Exact>, CompiledReward)>,
    /// What must hold beside, each with the least that it must be.
    pub conditions: Vec<(CompiledCondition, Exact)>,
    /// Less than that is nothing.
    pub minimum: Option<Exact>,
    /// The most of a period.
    pub cap: Option<Exact>,
    /// Those whose bonus is taken off its basis first.
    pub after: Vec<AgreementNo>,
}

/// What a tier gives.
#[derive(Debug, Clone)]
pub enum CompiledReward {
    /// A share of the basis.
    Share(Exact),
    /// An amount for each unit of the measure.
    PerUnit(Exact),
    /// An amount.
    Fixed(Exact),
}

/// What a condition looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompiledCondition {
    /// A measure over the agreement's period.
    Measure(MeasureNo),
    /// Months in which anything of the basis was bought.
    Months,
    /// By what share the measure is above the same period of the year before, in percent.
    GrowthPercent,
    /// By how much it is above that.
    Growth,
}

impl CompiledAgreement {
    /// Everything that it measures.
    pub(super) fn measures(&self) -> impl Iterator<Item = MeasureNo> {
        let of_conditions = self.conditions.iter().filter_map(|(condition, _)| match condition {
            CompiledCondition::Measure(measure) => Some(*measure),
            CompiledCondition::Months | CompiledCondition::GrowthPercent | CompiledCondition::Growth => None,
        });
        [self.basis, self.measure].into_iter().chain(of_conditions)
    }
}

impl Build<'_> {
    /// Compiles the agreements, which stand in the order of ids. Called last: their measures stand behind those of rules.
    pub(super) fn agreements(&mut self) {
        self.tables.rule_measures = self.tables.measures.len();
        for agreement in &self.policy.agreements {
            let compiled = self.agreement(agreement);
            self.tables.agreements.push(compiled);
        }
    }

    fn agreement(&mut self, agreement: &Agreement) -> CompiledAgreement {
        let goods = self.asked_goods(&agreement.goods);
        let currency = agreement.currency.or(self.policy.currency);
        let basis = |of: PeriodOf| Measure {
            what: What::Amount { of: agreement.basis },
            over: Scope::Period(Period { of, ..agreement.period }),
            goods: None,
            currency,
            at: agreement.at,
        };
        let measured = agreement.measure.clone().unwrap_or_else(|| basis(agreement.period.of));
        let measure = self.measured(agreement, &measured, goods, currency);
        let basis = self.measured(agreement, &basis(agreement.basis_of), goods, currency);
        let conditions = agreement.conditions.iter().map(|condition| {
            let of = match &condition.of {
                ConditionOf::Measure(of) => {
                    CompiledCondition::Measure(self.measured(agreement, of, goods, currency))
                }
                ConditionOf::Months => CompiledCondition::Months,
                ConditionOf::GrowthPercent => CompiledCondition::GrowthPercent,
                ConditionOf::Growth => CompiledCondition::Growth,
            };
            (of, Exact::from(condition.at_least))
        });
        let conditions = conditions.collect();
        let agreements = &self.policy.agreements;
        let after = agreement.after.iter().filter_map(|(id, _)| {
            agreements.binary_search_by(|other| other.id.cmp(id)).ok().map(|at| AgreementNo(count(at)))
        });
        let after = after.collect();
        CompiledAgreement {
            contracts: self.contracts_of(&agreement.contracts),
            currency,
            period: agreement.period,
            basis,
            measure,
            mode: agreement.mode,
            tiers: agreement.tiers.iter().map(tier).collect(),
            conditions,
            minimum: agreement.minimum.map(Exact::from),
            cap: agreement.cap.map(Exact::from),
            after,
        }
    }

    fn measured(
        &mut self,
        agreement: &Agreement,
        measure: &Measure,
        goods: SelectionNo,
        currency: Option<Currency>,
    ) -> MeasureNo {
        let goods = match &measure.goods {
            Some(own) => self.asked_goods(own),
            None => goods,
        };
        let compiled = CompiledMeasure::new(&agreement.id, measure, goods, currency, self.catalogue);
        self.add_measure(compiled)
    }
}

fn tier(tier: &AgreementTier) -> (Exact, Option<Exact>, CompiledReward) {
    let reward = match tier.reward {
        Reward::Percent(percent) => CompiledReward::Share(Exact::percent(percent)),
        Reward::PerUnit(amount) => CompiledReward::PerUnit(Exact::from(amount)),
        Reward::Fixed(amount) => CompiledReward::Fixed(Exact::from(amount)),
    };
    (Exact::from(tier.lower), tier.upper.map(Exact::from), reward)
}

impl CompiledPolicy {
    /// An agreement as the ledger has it.
    #[must_use]
    pub fn agreement(&self, number: AgreementNo) -> Option<&CompiledAgreement> {
        self.tables.agreements.get(place(number.0))
    }

    /// An agreement as it was written.
    #[must_use]
    pub fn agreement_written(&self, number: AgreementNo) -> Option<&Agreement> {
        self.policy.agreements.get(place(number.0))
    }

    /// Those for a contract in this currency, each behind those that it comes after.
    pub(super) fn agreements_of(
        &self,
        holds: &dyn Fn(SelectionNo) -> bool,
        currency: Currency,
    ) -> Vec<AgreementNo> {
        let numbered = (0_u32..).map(AgreementNo).zip(&self.tables.agreements);
        let of_contract = numbered.filter(|(_, agreement)| {
            holds(agreement.contracts) && agreement.currency.is_none_or(|own| own == currency)
        });
        let mut waiting: Vec<AgreementNo> = of_contract.map(|(number, _)| number).collect();
        let mut order = Vec::with_capacity(waiting.len());
        // There are no circles, so that each round takes at least one.
        while !waiting.is_empty() {
            let is_free = |number: &AgreementNo| {
                let after = self.agreement(*number).map(|agreement| agreement.after.as_slice());
                !after.unwrap_or_default().iter().any(|other| waiting.contains(other))
            };
            let (free, rest): (Vec<_>, Vec<_>) = waiting.iter().copied().partition(is_free);
            if free.is_empty() {
                break;
            }
            order.extend(free);
            waiting = rest;
        }
        order
    }
}
