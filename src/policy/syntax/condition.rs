//! What must hold of a period's purchases, so that something is given for them?

use crate::domain::decimal::Micros;

use super::{At, Measure, Selection, SkuCriterion};

/// Something that must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// What is looked at.
    pub of: ConditionOf,
    /// It is at least so much; [`ConditionOf::OverdueDays`] at most.
    pub bound: Micros,
    /// Where it stands.
    pub at: At,
}

/// What a condition looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConditionOf {
    /// A measure over the period.
    Measure(Measure),
    /// Months of the period in which anything of the basis was bought.
    Months,
    /// By how many percent the measure is above the same period of the year before.
    GrowthPercent,
    /// By how much it is above that.
    Growth,
    /// To how many percent the plans of the period are fulfilled, of the named measure with this id.
    PlanPercent(String),
    /// How many percent of the basis were ordered by these channels.
    ChannelPercent(Vec<String>),
    /// How many percent of all purchases are of these goods.
    SharePercent(Selection<SkuCriterion>),
    /// How many percent of the net amounts are left after cost, of lines that state their cost.
    MarginPercent,
    /// How many percent of what fell due in the period were paid by then.
    PunctualPercent,
    /// For how many days the oldest unpaid shipment is past its due date on the last day that counts.
    OverdueDays,
}

impl ConditionOf {
    /// The key that files write, and answers tell.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Measure(_) => "measure",
            Self::Months => "months",
            Self::GrowthPercent => "growth_percent",
            Self::Growth => "growth",
            Self::PlanPercent(_) => "plan_percent",
            Self::ChannelPercent(_) => "channel_percent",
            Self::SharePercent(_) => "share_percent",
            Self::MarginPercent => "margin_percent",
            Self::PunctualPercent => "punctual_percent",
            Self::OverdueDays => "overdue_days",
        }
    }

    /// The goods of which the share is looked at.
    #[must_use]
    pub fn goods(&self) -> Option<&Selection<SkuCriterion>> {
        match self {
            Self::SharePercent(goods) => Some(goods),
            _ => None,
        }
    }

    /// Is its bound the most that it may be, rather than the least?
    #[must_use]
    pub fn is_at_most(&self) -> bool {
        matches!(self, Self::OverdueDays)
    }
}
