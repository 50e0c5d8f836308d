//! What is a rule to pricing? Everything that was written, with names resolved and percentages as fractions.

use std::num::NonZeroU32;

use crate::domain::catalogue::Catalogue;
use crate::domain::currency::Currency;
use crate::domain::decimal::Micros;
use crate::domain::exact::Exact;
use crate::domain::ids::{IndexId, ListId, SkuId, UnitId};
use crate::domain::ladder::TierMode;
use crate::policy::syntax::{
    Base, Benefit, BenefitKind, Cap, FreeGoods, LimitOf, LineCondition, Presentation, Rule, RuleLayer, Stack,
    TermOf,
};

use super::ServiceNo;
use super::matcher::SelectionNo;

/// A measure by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MeasureNo(pub u32);

/// The circumstances of a cart that a rule asks for, by number: rules that ask the same share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WhenNo(pub u32);

/// An exclusive group by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExclusiveNo(pub u32);

/// A rule in the form that pricing works with.
#[derive(Debug, Clone)]
pub struct CompiledRule {
    /// Its layer.
    pub layer: RuleLayer,
    /// Is its benefit worked out over all its lines at once?
    pub of_cart: bool,
    /// The kind of its benefits.
    pub kind: BenefitKind,
    /// How its tiers share the measure.
    pub mode: TierMode,
    /// What it measures.
    pub measure: Option<MeasureNo>,
    /// Its tiers, ascending.
    pub tiers: Vec<CompiledTier>,
    /// The circumstances of the cart that it asks for.
    pub when: WhenNo,
    /// Warehouses, one of which the line leaves from; any where empty.
    pub warehouse: Vec<String>,
    /// Fulfilments, one of which the line has; any where empty.
    pub fulfilment: Vec<String>,
    /// Characteristics of the line that it asks for.
    pub line: Vec<LineCondition>,
    /// Parts that must be in the cart together.
    pub together: Vec<CompiledPart>,
    /// Only complete sets of them count.
    pub sets: bool,
    /// The currency of its amounts, where it has any.
    pub currency: Option<Currency>,
    /// The unit of its amounts and prices.
    pub unit: UnitRef,
    /// Units that a price is for.
    pub per: u32,
    /// The service whose price it lowers.
    pub service: Option<ServiceNo>,
    /// The characteristic that an amount per unit is multiplied by.
    pub times: Option<String>,
    /// What percentages are taken of.
    pub base: PercentBase,
    /// The exclusive group.
    pub exclusive: Option<ExclusiveNo>,
    /// It ends the layer where it gives something.
    pub stop: bool,
    /// The most that it gives.
    pub cap: Cap,
    /// How much of it there is.
    pub limit: Option<CompiledLimit>,
    /// As what it is shown.
    pub present: Presentation,
    /// Does its benefit leave a line's unit price a unit price (rule R2)?
    pub keeps_unit_price: bool,
    /// Does it tell progress: has its ladder more than one step?
    pub has_ladder: bool,
}

/// A unit that a policy names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitRef {
    /// The base unit of whichever SKU.
    Base,
    /// A unit of the catalogue.
    Unit(UnitId),
    /// The catalogue has no such unit: nothing can be measured in it.
    Unknown,
}

/// What percentages are taken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PercentBase {
    /// The running amount.
    Running,
    /// The amount that entered the layer.
    Entering,
    /// The list amount.
    List,
    /// The contract amount.
    Contract,
}

/// One tier.
#[derive(Debug, Clone)]
pub struct CompiledTier {
    /// `from` or `above`.
    pub lower: Micros,
    /// `to`, included.
    pub upper: Option<Micros>,
    /// What it gives.
    pub benefit: CompiledBenefit,
    /// Of a percentage: the share that it leaves.
    pub kept: Exact,
    /// What it gives, for people: percent, an amount or a price, rounded down to a millionth.
    pub rate: Micros,
}

/// What a tier gives.
#[derive(Debug, Clone)]
pub enum CompiledBenefit {
    /// A share of the base: 5 % is 1/20.
    Percent(Exact),
    /// An amount for each unit.
    PerUnit(Micros),
    /// An amount for the line.
    PerLine(Micros),
    /// An amount for the cart.
    PerCart(Micros),
    /// A price for one unit.
    Price(Exact),
    /// A list's price; none where the catalogue lacks the list.
    PriceOf(Option<ListId>),
    /// A price for one unit: a constant and terms, all over `per`.
    Formula {
        /// The constant.
        constant: Micros,
        /// What is added to it.
        terms: Vec<CompiledTerm>,
    },
    /// Free goods; on top, another SKU where one is named and known.
    Free(FreeGoods, Option<SkuId>),
    /// The service's price.
    ServicePrice(Micros),
    /// A share off the service's price.
    ServicePercent(Exact),
}

/// A term of a formula.
#[derive(Debug, Clone)]
pub struct CompiledTerm {
    /// Whose value.
    pub of: CompiledTermOf,
    /// Times what.
    pub times: Micros,
}

/// Where a term's value comes from.
#[derive(Debug, Clone)]
pub enum CompiledTermOf {
    /// An index; none where the catalogue lacks it.
    Index(Option<IndexId>),
    /// A characteristic of the line.
    Attribute(String),
}

/// One part of a bundle.
#[derive(Debug, Clone)]
pub struct CompiledPart {
    /// Which goods.
    pub goods: SelectionNo,
    /// How much makes a set.
    pub quantity: Micros,
    /// In which unit.
    pub unit: UnitRef,
}

/// How much of a benefit there is.
#[derive(Debug, Clone, Copy)]
pub struct CompiledLimit {
    /// What is limited.
    pub of: CompiledLimitOf,
    /// How much of it.
    pub most: Micros,
}

/// What is limited.
#[derive(Debug, Clone, Copy)]
pub enum CompiledLimitOf {
    /// The quantity of the rule's lines.
    Quantity(UnitRef),
    /// The amount given.
    Amount,
    /// The carts it is given to.
    Uses,
}

/// What a benefit gives, for people.
pub(super) fn rate_of(benefit: &Benefit, per: u32) -> Micros {
    match benefit {
        Benefit::Percent(rate)
        | Benefit::ServicePercent(rate)
        | Benefit::PerUnit(rate)
        | Benefit::PerLine(rate)
        | Benefit::PerCart(rate)
        | Benefit::ServicePrice(rate) => *rate,
        Benefit::Price(price) => Micros(price.0.div_euclid(i64::from(per.max(1)))),
        Benefit::PriceOf(_) | Benefit::Formula { .. } | Benefit::Free(_) => Micros::ZERO,
    }
}

/// The unit that a policy names.
#[must_use]
pub fn unit_ref(unit: Option<&str>, catalogue: &Catalogue) -> UnitRef {
    match unit {
        None => UnitRef::Base,
        Some(code) => catalogue.unit_id(code).map_or(UnitRef::Unknown, UnitRef::Unit),
    }
}

/// What a tier gives, with names resolved.
pub(super) fn benefit(benefit: &Benefit, per: u32, catalogue: &Catalogue) -> CompiledBenefit {
    match benefit {
        Benefit::Percent(percent) => CompiledBenefit::Percent(Exact::percent(*percent)),
        Benefit::PerUnit(amount) => CompiledBenefit::PerUnit(*amount),
        Benefit::PerLine(amount) => CompiledBenefit::PerLine(*amount),
        Benefit::PerCart(amount) => CompiledBenefit::PerCart(*amount),
        Benefit::Price(price) => {
            let per = Exact::fraction(1, NonZeroU32::new(per).unwrap_or(NonZeroU32::MIN).into());
            CompiledBenefit::Price(Exact::from(*price).times(&per))
        }
        Benefit::PriceOf(list) => CompiledBenefit::PriceOf(catalogue.lists.number(list).map(ListId)),
        Benefit::Formula { constant, terms } => {
            let of = |of: &TermOf| match of {
                TermOf::Index(code) => CompiledTermOf::Index(catalogue.market.index(code)),
                TermOf::Attribute(name) => CompiledTermOf::Attribute(name.clone()),
            };
            let terms = terms.iter().map(|term| CompiledTerm { of: of(&term.of), times: term.times });
            CompiledBenefit::Formula { constant: *constant, terms: terms.collect() }
        }
        Benefit::Free(free) => {
            let sku = free.sku.as_deref().and_then(|code| catalogue.skus.number(code)).map(SkuId);
            CompiledBenefit::Free(free.clone(), sku)
        }
        Benefit::ServicePrice(price) => CompiledBenefit::ServicePrice(*price),
        Benefit::ServicePercent(percent) => CompiledBenefit::ServicePercent(Exact::percent(*percent)),
    }
}

/// What percentages of a rule are taken of, given how its layer stacks.
pub(super) fn base_of(rule: &Rule, layer: Stack) -> PercentBase {
    match (rule.on, rule.stack.unwrap_or(layer)) {
        (Base::List, _) => PercentBase::List,
        (Base::Contract, _) => PercentBase::Contract,
        (Base::Running, Stack::Compound) => PercentBase::Running,
        (Base::Running, Stack::Additive) => PercentBase::Entering,
    }
}

/// Does the benefit leave a unit price a unit price?
pub(super) fn keeps_unit_price(rule: &Rule, of_cart: bool) -> bool {
    let of_unit = matches!(
        rule.kind(),
        BenefitKind::Percent
            | BenefitKind::PerUnit
            | BenefitKind::Price
            | BenefitKind::PriceOf
            | BenefitKind::Formula
    );
    of_unit && !of_cart && rule.mode == TierMode::Volume && rule.cap.line.is_none()
}

/// Has it amounts of money, so that its currency matters?
pub(super) fn has_amounts(rule: &Rule) -> bool {
    let of_money = matches!(
        rule.kind(),
        BenefitKind::PerUnit
            | BenefitKind::PerLine
            | BenefitKind::PerCart
            | BenefitKind::Price
            | BenefitKind::Formula
            | BenefitKind::ServicePrice
    );
    let limited = rule.limit.as_ref().is_some_and(|limit| limit.of == LimitOf::Amount);
    of_money || limited || rule.cap.line.is_some() || rule.cap.cart.is_some()
}

/// What a percentage leaves, exactly.
pub(super) fn kept(percent: Micros) -> Exact {
    Exact::percent(Micros(100_000_000_i64.saturating_sub(percent.0)))
}
