//! Which rules are there, and how do they stand to one another?

use crate::domain::currency::Currency;
use crate::domain::decimal::Micros;
use crate::domain::ladder::TierMode;

use super::{
    At, BenefitKind, ContractCriterion, Measure, RuleTier, Scope, Selection, SkuCriterion, Text, When,
};

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its id; rules of equal priority go by it.
    pub id: String,
    /// What a person reads.
    pub name: Text,
    /// Which layer it belongs to.
    pub layer: RuleLayer,
    /// On which goods.
    pub goods: Selection<SkuCriterion>,
    /// For which contracts.
    pub contracts: Selection<ContractCriterion>,
    /// Under which circumstances.
    pub when: When,
    /// The currency of its amounts; the policy's where absent.
    pub currency: Option<Currency>,
    /// What its ladder measures; nothing where it has one tier only.
    pub measure: Option<RuleMeasure>,
    /// How its tiers share the measure.
    pub mode: TierMode,
    /// Its tiers, ascending; at least one.
    pub tiers: Vec<RuleTier>,
    /// The unit of `per_unit`, `price`, `formula` and free goods; the SKU's base unit where absent.
    pub unit: Option<String>,
    /// Units that a price is for.
    pub per: u32,
    /// The service that a service benefit is for.
    pub service: Option<String>,
    /// `per_unit`: times this characteristic of the line.
    pub times: Option<String>,
    /// What percentages are taken of.
    pub on: Base,
    /// Compound or additive; the layer's way where absent.
    pub stack: Option<Stack>,
    /// Higher goes first.
    pub priority: i32,
    /// The exclusive group of which only the best rule gives anything.
    pub best_of: Option<String>,
    /// Where it gives something, later rules of its layer do not.
    pub stop: bool,
    /// The most that it gives.
    pub cap: Cap,
    /// How much of it there is.
    pub limit: Option<Limit>,
    /// As what it is shown.
    pub present: Presentation,
    /// Where it stands.
    pub at: At,
}

impl Rule {
    /// The kind of its benefits.
    #[must_use]
    pub fn kind(&self) -> BenefitKind {
        self.tiers.first().map_or(BenefitKind::Percent, |tier| tier.benefit.kind())
    }

    /// Is its benefit worked out over all its lines at once, rounded once and spread? `scope` is that of its measure.
    /// Otherwise each line's is its own.
    #[must_use]
    pub fn is_of_cart(&self, scope: Option<Scope>) -> bool {
        let graduated_over_more =
            self.mode == TierMode::Graduated && scope.is_some_and(|scope| scope != Scope::Line);
        self.kind() == BenefitKind::PerCart
            || (self.layer == RuleLayer::Order && self.kind() == BenefitKind::Percent)
            || graduated_over_more
            || self.cap.cart.is_some()
            || self.limit.is_some()
            || self.when.sets
    }
}

/// A layer that rules may stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleLayer {
    /// Gives the contract price itself, in place of the access sequence.
    Contract,
    /// Volume discounts.
    Volume,
    /// Order discounts.
    Order,
    /// Loyalty.
    Loyalty,
    /// Surcharges and services.
    Surcharge,
}

/// A rule's measure: its own or a named one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleMeasure {
    /// Stated with the rule. A caller passes its position under the rule's id.
    Own(Measure),
    /// One of the policy's measures.
    Named(String, At),
}

/// What percentages are taken of, before stacking has its say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Base {
    /// The running amount (compound) or the amount that enters the layer (additive).
    #[default]
    Running,
    /// The list amount.
    List,
    /// The contract amount.
    Contract,
}

/// How percentages of one layer add up (rule L1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Stack {
    /// Each takes the running amount inside the layer.
    #[default]
    Compound,
    /// Each takes the amount that enters the layer.
    Additive,
}

/// The most that a rule gives; open where absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cap {
    /// To one line, in percent of the base that its percentages have.
    pub percent: Option<Micros>,
    /// To one line, an amount.
    pub line: Option<Micros>,
    /// To the cart, an amount; spread by what each line would have had.
    pub cart: Option<Micros>,
}

/// How much of a benefit there is, over many carts. What was used before is the ledger's to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// What is limited.
    pub of: LimitOf,
    /// How much of it.
    pub most: Micros,
    /// For all contracts together instead of each.
    pub overall: bool,
}

/// What is limited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LimitOf {
    /// The quantity of the rule's lines: "the first 100 t".
    Quantity {
        /// In this unit; the SKU's base unit where absent.
        unit: Option<String>,
    },
    /// The amount given.
    Amount,
    /// The carts it is given to.
    Uses,
}

/// As what a benefit is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Presentation {
    /// As a discount off the price before it.
    #[default]
    Discount,
    /// As the price itself.
    Price,
}
