//! Which level has a buyer reached, and what are purchases worth in points? Programmes of loyalty.

use crate::domain::currency::Currency;
use crate::domain::decimal::Micros;
use crate::domain::time::Window;

use super::{
    AmountOf, At, Condition, ConditionOf, ContractCriterion, Measure, Period, Selection, SkuCriterion, Text,
};

/// A programme of levels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelProgramme {
    /// Its id.
    pub id: String,
    /// What a person reads.
    pub name: Text,
    /// Whose levels they are.
    pub contracts: Selection<ContractCriterion>,
    /// The goods that count where a condition names none.
    pub goods: Selection<SkuCriterion>,
    /// Over which days conditions look, and at whose purchases.
    pub period: Period,
    /// Months for which a level is held once it is no longer reached.
    pub grace_months: u8,
    /// Its levels, the lowest first; at least one.
    pub levels: Vec<Level>,
    /// Where it stands.
    pub at: At,
}

impl LevelProgramme {
    /// What its conditions measure beside the amount of its goods.
    pub fn measures(&self) -> impl Iterator<Item = &Measure> {
        let conditions = self.levels.iter().flat_map(|level| &level.conditions);
        conditions.filter_map(|condition| match &condition.of {
            ConditionOf::Measure(measure) => Some(measure),
            _ => None,
        })
    }
}

/// A level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// Its id, by which rules name it.
    pub id: String,
    /// What a person reads.
    pub name: Text,
    /// What must hold, all of it; at least one.
    pub conditions: Vec<Condition>,
    /// How many times the points are that its holders earn.
    pub multiplier: Micros,
    /// Where it stands.
    pub at: At,
}

/// A programme of points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsProgramme {
    /// Its id.
    pub id: String,
    /// What a person reads.
    pub name: Text,
    /// Who earns them.
    pub contracts: Selection<ContractCriterion>,
    /// What earns them.
    pub goods: Selection<SkuCriterion>,
    /// How many.
    pub earn: Earn,
    /// Does only what is paid earn?
    pub paid: bool,
    /// Days until what was earned can be spent.
    pub pending_days: u16,
    /// Months after which what was earned expires; never where absent.
    pub expire_months: Option<u16>,
    /// The most of a cart that is paid with them, in percent.
    pub most_percent: Micros,
    /// What one is worth in money.
    pub worth: Micros,
    /// What each document earns is rounded down to a multiple of this.
    pub step: Micros,
    /// The programme of levels whose multiplier counts.
    pub levels: Option<(String, At)>,
    /// As what they are used.
    pub used_as: PointsUse,
    /// Documents that count on a day within it earn.
    pub window: Window,
    /// The currency of its amounts; the policy's where absent.
    pub currency: Option<Currency>,
    /// Where it stands.
    pub at: At,
}

/// As what points are used (rule X2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PointsUse {
    /// They pay: prices are as without them.
    #[default]
    Payment,
    /// They are a discount on the goods.
    Discount,
}

/// How many points are earned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Earn {
    /// Percent of an amount.
    Percent {
        /// How many.
        percent: Micros,
        /// Of which amount.
        of: AmountOf,
    },
    /// So many for each unit.
    PerUnit {
        /// How many.
        points: Micros,
        /// In which unit; the SKU's base unit where absent.
        unit: Option<String>,
    },
}
