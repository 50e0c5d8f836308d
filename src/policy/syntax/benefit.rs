//! What does a rule give, or in the surcharge layer take?

use crate::domain::decimal::Micros;
use crate::domain::rounding::RoundingMode;

use super::At;

/// One tier of a rule's ladder. A rule without a measure has one, from zero, open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleTier {
    /// `from` (volume: included) or `above` (graduated: excluded), in the measure's unit.
    pub lower: Micros,
    /// `to`, included; open where absent.
    pub upper: Option<Micros>,
    /// What holds there.
    pub benefit: Benefit,
    /// Where it stands.
    pub at: At,
}

/// What a tier gives. All tiers of a rule give the same kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Benefit {
    /// Percent of the base: off it, or on it in the surcharge layer.
    Percent(Micros),
    /// An amount for each of the rule's units.
    PerUnit(Micros),
    /// An amount for each line.
    PerLine(Micros),
    /// An amount for the cart, spread over the rule's lines (rule R5).
    PerCart(Micros),
    /// A price for `per` of the rule's units, in place of the running one where that is higher.
    Price(Micros),
    /// The price of this list, at the same instant and quantity.
    PriceOf(String),
    /// A price for `per` of the rule's units: a constant and terms.
    Formula {
        /// The constant.
        constant: Micros,
        /// What is added to it.
        terms: Vec<FormulaTerm>,
    },
    /// Goods without charge.
    Free(FreeGoods),
    /// The price of the rule's service, for one of what the service is priced by.
    ServicePrice(Micros),
    /// Percent off the price of the rule's service.
    ServicePercent(Micros),
}

/// The kinds of benefit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BenefitKind {
    /// [`Benefit::Percent`]
    Percent,
    /// [`Benefit::PerUnit`]
    PerUnit,
    /// [`Benefit::PerLine`]
    PerLine,
    /// [`Benefit::PerCart`]
    PerCart,
    /// [`Benefit::Price`]
    Price,
    /// [`Benefit::PriceOf`]
    PriceOf,
    /// [`Benefit::Formula`]
    Formula,
    /// [`Benefit::Free`]
    Free,
    /// [`Benefit::ServicePrice`]
    ServicePrice,
    /// [`Benefit::ServicePercent`]
    ServicePercent,
}

impl Benefit {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> BenefitKind {
        match self {
            Self::Percent(_) => BenefitKind::Percent,
            Self::PerUnit(_) => BenefitKind::PerUnit,
            Self::PerLine(_) => BenefitKind::PerLine,
            Self::PerCart(_) => BenefitKind::PerCart,
            Self::Price(_) => BenefitKind::Price,
            Self::PriceOf(_) => BenefitKind::PriceOf,
            Self::Formula { .. } => BenefitKind::Formula,
            Self::Free(_) => BenefitKind::Free,
            Self::ServicePrice(_) => BenefitKind::ServicePrice,
            Self::ServicePercent(_) => BenefitKind::ServicePercent,
        }
    }
}

/// A term of a formula: a value times a factor, which may be negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormulaTerm {
    /// Whose value.
    pub of: TermOf,
    /// Times what.
    pub times: Micros,
}

/// Where a term's value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TermOf {
    /// An index, in force at the instant of pricing.
    Index(String),
    /// A characteristic of the line, as a number; the SKU's attribute of that name where the line has none.
    Attribute(String),
}

/// Goods without charge (rule L7): of every `every` ordered units, or for them, `give`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeGoods {
    /// Of, or per, so many of the rule's units.
    pub every: Micros,
    /// So many.
    pub give: Micros,
    /// Inside what is ordered or on top of it.
    pub mode: FreeMode,
    /// Whether parts of `every` count.
    pub per: FreePer,
    /// In proportion: how the number of free units is rounded to whole units of the rule.
    pub rounding: RoundingMode,
    /// On top: another SKU than the line's, counted in its base unit.
    pub sku: Option<String>,
}

/// Inside or on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FreeMode {
    /// Of every `every` ordered, `give` are free.
    Inside,
    /// Per `every` paid, `give` are added.
    OnTop,
}

/// Whether parts of `every` count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FreePer {
    /// In proportion: quantity times give over every, rounded as the rule says.
    Proportional,
    /// Once for each full `every`.
    Unit,
    /// In proportion, and only where the quantity is a whole multiple of `every`.
    Whole,
}
