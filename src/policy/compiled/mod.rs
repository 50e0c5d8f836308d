//! What is the policy in the form that pricing works with?
//!
//! Rules are numbered in the order in which they take their turn. Which goods and contracts they are for is answered by
//! selections (`matcher`): SKUs fall into classes (`goods`), and each contract gets a program (`program`) when it
//! first asks.

mod agreement;
mod bonus_cap;
mod build;
mod build_rules;
mod build_selections;
mod buyers;
mod circumstances;
mod condition;
mod goods;
mod guard;
mod hold;
mod in_force;
mod loyalty;
mod matcher;
mod measure;
mod periods;
mod program;
mod program_of;
mod rule;
mod service;
mod shared;
mod standing;
mod words;

use std::sync::{Arc, OnceLock};

use moka::sync::Cache;
use roaring::RoaringBitmap;

use crate::domain::catalogue::Catalogue;
use crate::domain::currency::Currency;
use crate::domain::ids::{ContractId, ListId, SkuId};
use crate::eligibility::Licences;

use super::syntax::{Authority, AuthorityRole, Guard, Policy, Rule, Service, ShownPrice};

pub use agreement::{AgreementNo, CompiledAgreement, CompiledReward};
pub use bonus_cap::{BonusCapNo, CompiledBonusCap, CompiledMost};
pub use circumstances::{CartFacts, CartWhen, Unmet};
pub use condition::CompiledCondition;
pub use goods::ClassNo;
pub use guard::{CompiledGuard, CompiledTest};
pub use hold::{CompiledHold, HoldNo};
pub use in_force::PolicyInForce;
pub use loyalty::{CompiledLevel, CompiledLevels, CompiledPoints, LevelsNo, PointsNo};
pub use matcher::{CRITERIA_MAX, EVERYTHING, SelectionNo};
pub use measure::{CompiledMeasure, CompiledWhat};
pub use program::{Candidates, Program};
pub use rule::{
    CompiledBenefit, CompiledLimit, CompiledLimitOf, CompiledPart, CompiledRule, CompiledTerm,
    CompiledTermOf, CompiledTier, ExclusiveNo, MeasureNo, PercentBase, UnitRef, WhenNo,
};
pub use service::{CompiledPer, CompiledService};
pub use standing::{Applicable, Fused, LAYERS, LayerRules, Standing};

use buyers::Buyers;
use circumstances::Asked;
use goods::{Goods, Role};
use program::{RuleIndex, RuleSet};
use shared::Shared;

/// Bytes of programs that are kept, by contract.
const PROGRAM_BYTES: u64 = 512 << 20;

/// Bytes that a program takes beside the sets of what its contract may buy.
const PROGRAM_OWN_BYTES: usize = 1_024;

/// Rules for classes of contracts that are kept.
const RULE_SETS: u64 = 65_536;

/// Circumstances whose judgement is kept.
const CIRCUMSTANCES: u64 = 4_096;

/// A rule, by its place in the order in which rules take their turn: layer, priority, id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleNo(pub u32);

/// A service, by its place in the order of ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceNo(pub u32);

/// A guard, by its place in the order of ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GuardNo(pub u32);

/// A price that is shown beside the buyer's own, by its place in the order of ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShownNo(pub u32);

/// Which SKUs have a cell of their own in a list?
pub trait ListMembers {
    /// The numbers of those SKUs; empty for a list without prices.
    fn skus_of(&self, list: ListId) -> RoaringBitmap;
}

/// What is stated of eligibility, by selection.
#[derive(Debug, Clone, Copy)]
struct EligibilityFor {
    contracts: SelectionNo,
    goods: SelectionNo,
}

/// A tax, by selection.
#[derive(Debug, Clone, Copy)]
struct TaxFor {
    contracts: SelectionNo,
    goods: SelectionNo,
}

/// A policy, compiled. Everything in it is immutable; what a contract needs of it is worked out when it first asks.
#[derive(Debug)]
pub struct CompiledPolicy {
    /// Its version, from one; zero where none was ever published.
    pub version: u64,
    policy: Policy,
    tables: Tables,
    /// Rules and measures by their ids.
    rules_by_id: Vec<u32>,
    measures_by_id: Vec<u32>,
    /// By measure: the first that counts the same.
    meters: Vec<MeasureNo>,
    programs: Cache<ContractId, Arc<Program>>,
    /// By the selections that hold for contracts, and their currency.
    rule_sets: Cache<(Vec<u32>, Currency), Arc<RuleSet>>,
    /// By circumstances: a bit for each that rules ask for, are they met?
    met: Cache<Box<[u32]>, Arc<[u64]>>,
    shared: Shared,
    /// Which goods need which licences.
    licences: OnceLock<Arc<Licences>>,
}

/// What is worked out of the policy and the catalogue.
#[derive(Debug, Clone)]
struct Tables {
    rules: Vec<CompiledRule>,
    measures: Vec<CompiledMeasure>,
    whens: Vec<CartWhen>,
    asked: Asked,
    exclusive_groups: Vec<String>,
    guards: Vec<CompiledGuard>,
    services: Vec<CompiledService>,
    taxes: Vec<TaxFor>,
    assortments: Vec<EligibilityFor>,
    inclusions: Vec<EligibilityFor>,
    exclusions: Vec<EligibilityFor>,
    licences: Vec<SelectionNo>,
    /// By shown price: to which contracts, from which list.
    shown: Vec<(SelectionNo, Option<ListId>)>,
    goods: Goods,
    roles: Vec<Role>,
    buyers: Buyers,
    /// In the order of ids; their measures stand behind those of rules, of which there are so many.
    agreements: Vec<CompiledAgreement>,
    rule_measures: usize,
    /// In the order of ids.
    bonus_caps: Vec<CompiledBonusCap>,
    /// In the order of ids.
    holds: Vec<CompiledHold>,
    /// In the order of ids, their measures behind those of agreements.
    levels: Vec<CompiledLevels>,
    points: Vec<CompiledPoints>,
    /// By selection of contracts; ascending.
    indices: Vec<(SelectionNo, Arc<RuleIndex>)>,
}

impl CompiledPolicy {
    /// Where nothing was ever published.
    #[must_use]
    pub fn none() -> Self {
        Self::of(0, Policy::default(), Tables::empty())
    }

    /// Compiles a policy that was checked. What it names and the catalogue lacks is passed over until it is there.
    #[must_use]
    pub fn new(version: u64, policy: Policy, catalogue: &Catalogue, lists: &dyn ListMembers) -> Self {
        let policy = build::in_order(policy);
        let tables = build::tables(&policy, catalogue, lists);
        Self::of(version, policy, tables)
    }

    /// The same, keeping at most so many bytes of what stands for classes of goods and contracts.
    #[must_use]
    pub fn keeping(self, most: usize) -> Self {
        Self { shared: Shared::keeping(most), ..self }
    }

    fn of(version: u64, policy: Policy, tables: Tables) -> Self {
        let bytes = |_: &ContractId, program: &Arc<Program>| {
            u32::try_from(program.entitlement.bytes() + PROGRAM_OWN_BYTES).unwrap_or(u32::MAX)
        };
        let programs = Cache::builder().weigher(bytes).max_capacity(PROGRAM_BYTES).build();
        Self {
            version,
            rules_by_id: by_id(policy.rules.iter().map(|rule| &rule.id)),
            measures_by_id: by_id(
                tables.measures.iter().take(tables.rule_measures).map(|measure| &measure.id),
            ),
            meters: periods::meters(&tables.measures),
            policy,
            tables,
            programs,
            rule_sets: Cache::new(RULE_SETS),
            met: Cache::new(CIRCUMSTANCES),
            shared: Shared::default(),
            licences: OnceLock::new(),
        }
    }

    /// The same policy over a catalogue that came after: SKUs that are new or changed are classified. Only where it names
    /// something that was not there before, or the prices of a list whose SKUs it names changed, is it compiled anew.
    #[must_use]
    pub fn follow(
        &self,
        before: &Catalogue,
        after: &Catalogue,
        lists: &dyn ListMembers,
        lists_changed: &dyn Fn(ListId) -> bool,
    ) -> Self {
        if self.tables.lacks() || self.tables.goods.lists().any(lists_changed) {
            return Self::of(self.version, self.policy.clone(), build::tables(&self.policy, after, lists));
        }
        let mut tables = self.tables.clone();
        tables.goods.classify_changed(before, after, &tables.roles);
        Self::of(self.version, self.policy.clone(), tables)
    }

    /// What was written, its rules, services, guards and taxes in the order of their numbers.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The rule with this number.
    #[must_use]
    pub fn rule(&self, number: RuleNo) -> Option<&Rule> {
        self.policy.rules.get(place(number.0))
    }

    /// The service with this number.
    #[must_use]
    pub fn service(&self, number: ServiceNo) -> Option<&Service> {
        self.policy.services.get(place(number.0))
    }

    /// The guard with this number.
    #[must_use]
    pub fn guard(&self, number: GuardNo) -> Option<&Guard> {
        self.policy.guards.get(place(number.0))
    }

    /// The shown price with this number.
    #[must_use]
    pub fn shown_price(&self, number: ShownNo) -> Option<&ShownPrice> {
        self.policy.shown_prices.get(place(number.0))
    }

    /// What a role may concede in quotes; none where nothing is stated of it.
    #[must_use]
    pub fn authority(&self, role: AuthorityRole) -> Option<&Authority> {
        self.policy.authority.iter().find(|authority| authority.role == role)
    }

    /// A rule as pricing has it.
    #[must_use]
    #[inline]
    pub fn compiled(&self, number: RuleNo) -> Option<&CompiledRule> {
        self.tables.rules.get(place(number.0))
    }

    /// A guard as pricing has it.
    #[must_use]
    pub fn compiled_guard(&self, number: GuardNo) -> Option<&CompiledGuard> {
        self.tables.guards.get(place(number.0))
    }

    /// A service as pricing has it, with its number, by id.
    #[must_use]
    pub fn service_by_id(&self, id: &str) -> Option<(ServiceNo, &Service, &CompiledService)> {
        let at = self.policy.services.binary_search_by(|service| service.id.as_str().cmp(id)).ok()?;
        let number = ServiceNo(u32::try_from(at).ok()?);
        Some((number, self.policy.services.get(at)?, self.tables.services.get(at)?))
    }

    /// A measure.
    #[must_use]
    pub fn measure(&self, number: MeasureNo) -> Option<&CompiledMeasure> {
        self.tables.measures.get(place(number.0))
    }

    /// The rule with this id.
    #[must_use]
    pub fn rule_by_id(&self, id: &str) -> Option<RuleNo> {
        let id_of = |place: usize| self.policy.rules.get(place).map_or("", |rule| &rule.id);
        found(&self.rules_by_id, id_of, id).map(RuleNo)
    }

    /// The measure with this id.
    #[must_use]
    pub fn measure_by_id(&self, id: &str) -> Option<MeasureNo> {
        let id_of = |place: usize| self.tables.measures.get(place).map_or("", |measure| &measure.id);
        found(&self.measures_by_id, id_of, id).map(MeasureNo)
    }

    /// How many different circumstances rules ask for.
    #[must_use]
    pub fn whens(&self) -> &[CartWhen] {
        &self.tables.whens
    }

    /// The name of an exclusive group.
    #[must_use]
    pub fn exclusive_group(&self, number: ExclusiveNo) -> &str {
        self.tables.exclusive_groups.get(place(number.0)).map_or("", String::as_str)
    }

    /// The class of a SKU.
    #[must_use]
    #[inline]
    pub fn class_of(&self, sku: SkuId) -> Option<ClassNo> {
        self.tables.goods.class_of(sku)
    }

    /// Is a class of SKUs in a selection that rules, measures, guards or services name?
    #[must_use]
    pub fn holds(&self, class: ClassNo, selection: SelectionNo) -> bool {
        selection == EVERYTHING || self.tables.goods.selections_of(class).binary_search(&selection.0).is_ok()
    }

    /// How many classes the SKUs fall into.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.tables.goods.classes()
    }
}

/// Places in the order of ids.
fn by_id<'p>(ids: impl Iterator<Item = &'p String>) -> Vec<u32> {
    let mut places: Vec<(&String, u32)> = ids.zip(0_u32..).collect();
    places.sort_unstable();
    places.into_iter().map(|(_, place)| place).collect()
}

/// The first of those places whose id this is.
fn found<'p>(by_id: &[u32], id_of: impl Fn(usize) -> &'p str, id: &str) -> Option<u32> {
    let at = by_id.partition_point(|number| id_of(place(*number)) < id);
    by_id.get(at).copied().filter(|number| id_of(place(*number)) == id)
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
