//! What is a cap over several agreements to the ledger?

use crate::domain::exact::Exact;
use crate::policy::syntax::{BonusCap, MostOf, Period, PeriodOf};

use super::build::{Build, count};
use super::condition::Own;
use super::matcher::EVERYTHING;
use super::measure::CompiledWhat;
use super::rule::MeasureNo;
use super::{AgreementNo, CompiledPolicy, place};

/// A cap, by its place in the order of ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BonusCapNo(pub u32);

/// A cap with names resolved.
#[derive(Debug, Clone)]
pub struct CompiledBonusCap {
    /// What it caps, ascending.
    pub agreements: Vec<AgreementNo>,
    /// How much is the most.
    pub most: CompiledMost,
}

/// How much is the most of a period.
#[derive(Debug, Clone)]
pub enum CompiledMost {
    /// An amount.
    Amount(Exact),
    /// A share of what a measure comes to.
    Share(Exact, MeasureNo),
}

impl CompiledBonusCap {
    /// What it measures, where it is a share of something.
    #[must_use]
    pub fn measure(&self) -> Option<MeasureNo> {
        match self.most {
            CompiledMost::Share(_, measure) => Some(measure),
            CompiledMost::Amount(_) => None,
        }
    }
}

impl Build<'_> {
    /// Compiles the caps, which stand in the order of ids; called after the agreements.
    pub(super) fn bonus_caps(&mut self) {
        for cap in &self.policy.bonus_caps {
            let compiled = self.bonus_cap(cap);
            self.tables.bonus_caps.push(compiled);
        }
    }

    fn bonus_cap(&mut self, cap: &BonusCap) -> CompiledBonusCap {
        let policy = self.policy;
        let place_of = |id: &String| policy.agreements.binary_search_by(|other| other.id.cmp(id)).ok();
        let mut places: Vec<usize> = cap.agreements.iter().filter_map(|(id, _)| place_of(id)).collect();
        places.sort_unstable();
        places.dedup();
        let most = match (cap.most, places.first().and_then(|place| policy.agreements.get(*place))) {
            (MostOf::Percent(percent), Some(first)) => {
                let period = Period { of: PeriodOf::Contract, ..first.period };
                let currency = first.currency.or(policy.currency);
                let own = Own { id: &cap.id, period, goods: EVERYTHING, currency, paid: false };
                let bought = own.measure(CompiledWhat::Amount(Default::default()), EVERYTHING);
                CompiledMost::Share(Exact::percent(percent), self.add_measure(bought))
            }
            (MostOf::Amount(most) | MostOf::Percent(most), _) => CompiledMost::Amount(Exact::from(most)),
        };
        let agreements = places.into_iter().map(|place| AgreementNo(count(place))).collect();
        CompiledBonusCap { agreements, most }
    }
}

impl CompiledPolicy {
    /// The cap with this number, as it was written and as the ledger has it.
    #[must_use]
    pub fn bonus_cap(&self, number: BonusCapNo) -> Option<(&BonusCap, &CompiledBonusCap)> {
        let at = place(number.0);
        self.policy.bonus_caps.get(at).zip(self.tables.bonus_caps.get(at))
    }

    /// Those over any of these agreements.
    pub(super) fn bonus_caps_of(&self, agreements: &[AgreementNo]) -> Vec<BonusCapNo> {
        let numbered = (0_u32..).map(BonusCapNo).zip(&self.tables.bonus_caps);
        let over =
            numbered.filter(|(_, cap)| cap.agreements.iter().any(|number| agreements.contains(number)));
        over.map(|(number, _)| number).collect()
    }
}
