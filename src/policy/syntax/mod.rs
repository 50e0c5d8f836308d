//! What was written? The policy as a tree of plain values, each with the place where it stands.
//!
//! Names are as written: whether they mean anything is found out later. Numbers were read from their text and are exact.
//! docs/POLICY.md has the keys, and what each means.

mod agreement;
mod authority;
mod benefit;
mod bonus_cap;
mod condition;
mod eligibility;
mod guard;
mod hold;
mod loyalty;
mod measure;
mod rule;
mod selection;
mod service;
mod shown;
mod tax;
mod when;

pub use agreement::{Agreement, AgreementTier, Reward, Settle};
pub use authority::{Authority, AuthorityRole};
pub use benefit::{Benefit, BenefitKind, FormulaTerm, FreeGoods, FreeMode, FreePer, RuleTier, TermOf};
pub use bonus_cap::{BonusCap, MostOf};
pub use condition::{Condition, ConditionOf};
pub use eligibility::{Assortment, Eligibility, Exclusion, Inclusion, Licence};
pub use guard::{Guard, GuardAction, GuardTest, OfAmount};
pub use hold::Hold;
pub use loyalty::{Earn, Level, LevelProgramme, PointsProgramme, PointsUse};
pub use measure::{
    AmountOf, Calendar, Measure, NamedMeasure, Period, PeriodLength, PeriodOf, PeriodWindow, Scope, What,
};
pub use rule::{Base, Cap, Limit, LimitOf, Presentation, Rule, RuleLayer, RuleMeasure, Stack};
pub use selection::{AllOf, ContractCriterion, Group, Selection, SkuCriterion};
pub use service::{Service, ServicePer};
pub use shown::ShownPrice;
pub use tax::{Tax, TaxRate};
pub use when::{LineCondition, LineTest, Part, When};

use std::collections::BTreeMap;

use crate::domain::currency::Currency;
use crate::domain::language::Language;

/// Where something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct At {
    /// Position of the file among those given, from zero.
    pub file: u16,
    /// Line, from one.
    pub line: u32,
    /// Column, from one, in characters.
    pub column: u32,
}

/// A text that people read, in English and, where given, in Russian.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// English, or whatever was written where no language was named.
    pub en: String,
    /// Russian; [`Text::en`] where absent.
    pub ru: Option<String>,
}

impl Text {
    /// The text for a reader of this language.
    #[must_use]
    pub fn told(&self, language: Language) -> &str {
        match (language, &self.ru) {
            (Language::Russian, Some(text)) => text,
            _ => &self.en,
        }
    }
}

/// A whole policy: one file, or several that were joined.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// The currency of amounts, where a rule, service or guard names no other.
    pub currency: Option<Currency>,
    /// Groups of SKUs, by id.
    pub sku_groups: BTreeMap<String, Group<SkuCriterion>>,
    /// Groups of contracts, by id.
    pub contract_groups: BTreeMap<String, Group<ContractCriterion>>,
    /// Measures that several rules share, by id.
    pub measures: BTreeMap<String, NamedMeasure>,
    /// Who may buy what.
    pub eligibility: Eligibility,
    /// How each layer stacks where a rule does not say; `compound` where absent.
    pub stacks: BTreeMap<RuleLayer, Stack>,
    /// The rules.
    pub rules: Vec<Rule>,
    /// The services.
    pub services: Vec<Service>,
    /// The taxes.
    pub taxes: Vec<Tax>,
    /// The guards.
    pub guards: Vec<Guard>,
    /// Prices that are shown beside the buyer's own.
    pub shown_prices: Vec<ShownPrice>,
    /// Retro-bonus agreements.
    pub agreements: Vec<Agreement>,
    /// Caps over several of them.
    pub bonus_caps: Vec<BonusCap>,
    /// Holds while debts are overdue.
    pub holds: Vec<Hold>,
    /// Programmes of levels.
    pub levels: Vec<LevelProgramme>,
    /// Programmes of points.
    pub points: Vec<PointsProgramme>,
    /// What roles may concede in quotes.
    pub authority: Vec<Authority>,
}
