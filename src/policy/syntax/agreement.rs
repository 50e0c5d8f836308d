//! What is paid back after a period, and for what? Retro-bonus agreements.

use serde::{Deserialize, Serialize};

use crate::domain::currency::Currency;
use crate::domain::decimal::Micros;
use crate::domain::ladder::TierMode;
use crate::domain::time::Window;

use super::{
    AmountOf, At, Condition, ConditionOf, ContractCriterion, Measure, Period, PeriodOf, Selection,
    SkuCriterion, Text,
};

/// An agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Its id.
    pub id: String,
    /// What a person reads.
    pub name: Text,
    /// Who receives it.
    pub contracts: Selection<ContractCriterion>,
    /// The goods of its basis, and of what it measures where that names none.
    pub goods: Selection<SkuCriterion>,
    /// How long its periods are, from when they are counted, and whose purchases its measures count.
    pub period: Period,
    /// Whose purchases its basis is.
    pub basis_of: PeriodOf,
    /// Which amount percentages are taken of.
    pub basis: AmountOf,
    /// Does only what is paid count, in its basis and measures?
    pub paid: bool,
    /// What its ladder measures; the basis where absent.
    pub measure: Option<Measure>,
    /// How its tiers share the measure.
    pub mode: TierMode,
    /// Its tiers, ascending; at least one.
    pub tiers: Vec<AgreementTier>,
    /// What must hold beside, all of it.
    pub conditions: Vec<Condition>,
    /// Less than that is nothing.
    pub minimum: Option<Micros>,
    /// The most of a period.
    pub cap: Option<Micros>,
    /// Agreements whose bonus is taken off its basis first (rule X3).
    pub after: Vec<(String, At)>,
    /// As what it is settled.
    pub settle: Settle,
    /// What share of it a supplier bears, in percent.
    pub supplier_percent: Micros,
    /// Periods that begin within it.
    pub window: Window,
    /// The currency of its amounts; the policy's where absent.
    pub currency: Option<Currency>,
    /// Where it stands.
    pub at: At,
}

impl Agreement {
    /// What it measures beside its basis: for its ladder, and for its conditions.
    pub fn measures(&self) -> impl Iterator<Item = &Measure> {
        let of_conditions = self.conditions.iter().filter_map(|condition| match &condition.of {
            ConditionOf::Measure(measure) => Some(measure),
            _ => None,
        });
        self.measure.iter().chain(of_conditions)
    }
}

/// A tier of an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementTier {
    /// `from` (volume: included) or `above` (graduated: excluded), in the measure's unit.
    pub lower: Micros,
    /// `to`, included; open where absent.
    pub upper: Option<Micros>,
    /// What it gives.
    pub reward: Reward,
    /// Where it stands.
    pub at: At,
}

/// What a tier of an agreement gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reward {
    /// Percent of the basis.
    Percent(Micros),
    /// An amount for each unit of the measure.
    PerUnit(Micros),
    /// An amount for the period.
    Fixed(Micros),
}

/// As what a bonus is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Settle {
    /// A premium that is paid out.
    #[default]
    Premium,
    /// A correction of the prices that were paid.
    PriceCorrection,
}
