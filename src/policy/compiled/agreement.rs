//! What is a retro-bonus agreement to the ledger?

use crate::domain::currency::Currency;
use crate::domain::exact::Exact;
use crate::domain::ladder::TierMode;
use crate::policy::syntax::{Agreement, AgreementTier, Measure, Period, PeriodOf, Reward, Scope, What};

use super::build::{Build, count};
use super::condition::{CompiledCondition, Own};
use super::matcher::SelectionNo;
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
    /// What must hold beside, each with its bound.
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

impl CompiledAgreement {
    /// Everything that it measures.
    pub fn measures(&self) -> impl Iterator<Item = MeasureNo> {
        let of_conditions = self.conditions.iter().flat_map(|(condition, _)| condition.measures());
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
        let own = Own { id: &agreement.id, period: agreement.period, goods, currency, paid: agreement.paid };
        let measure = self.measured(&own, &measured);
        let basis = self.measured(&own, &basis(agreement.basis_of));
        let conditions = self.conditions(&own, &agreement.conditions);
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
