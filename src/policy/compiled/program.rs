//! Which rules can touch a line of this contract? A contract's program, and the candidates of each class of SKUs in it.
//!
//! Rules are indexed by the selection of contracts that they are for. A program is the indices of the selections that
//! hold for its contract, shared with every other program; so rules for other contracts cost it nothing, and those for
//! everybody stand in memory once.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::domain::currency::Currency;
use crate::domain::decimal::Micros;
use crate::domain::ids::ListId;
use crate::domain::time::CivilSecond;
use crate::eligibility::Entitlement;
use crate::policy::syntax::TaxRate;

use super::goods::ClassNo;
use super::hold::HoldNo;
use super::matcher::{EVERYTHING, SelectionNo};
use super::rule::{ExclusiveNo, MeasureNo};
use super::standing::{Applicable, Standing};
use super::{AgreementNo, BonusCapNo, CompiledPolicy, GuardNo, LevelsNo, PointsNo, RuleNo, ShownNo};

/// Classes of which what stands lies together.
pub(super) const PAGE: usize = 64;

/// Circumstances whose standings are kept for a class of contracts.
const STANDINGS: usize = 256;

/// Rules and guards for one selection of contracts, by the selection of goods that they are for.
#[derive(Debug, Default)]
pub(super) struct RuleIndex {
    pub(super) rules: Vec<(SelectionNo, (Option<ExclusiveNo>, RuleNo))>,
    pub(super) guards: Vec<(SelectionNo, GuardNo)>,
    /// Lists that they name.
    pub(super) lists: Vec<ListId>,
    /// What they measure, ascending.
    pub(super) measures: Vec<MeasureNo>,
    /// Those rules that are in exclusive groups.
    pub(super) exclusive: Vec<(ExclusiveNo, RuleNo)>,
    /// Those of which there is a limit.
    pub(super) limited: Vec<RuleNo>,
    /// Does a rule of the contract layer stand among them?
    pub(super) prices: bool,
}

/// A tax as a program has it.
#[derive(Debug, Clone)]
pub(super) struct ProgramTax {
    /// Holds for the SKUs of its class.
    pub(super) goods: SelectionNo,
    pub(super) class: String,
    pub(super) rates: Vec<TaxRate>,
}

/// What can touch the SKUs of one class.
#[derive(Debug, Default)]
pub struct Candidates {
    /// Rules, in the order in which they take their turn, whether or not their circumstances are met.
    pub rules: Vec<RuleNo>,
    /// Guards, by id.
    pub guards: Vec<GuardNo>,
    /// The tax, by its place in the program.
    pub(super) tax: Option<u32>,
}

/// What the rules for everybody and for some make for one class of contracts.
#[derive(Debug)]
pub(super) struct RuleSet {
    pub(super) indices: Vec<Arc<RuleIndex>>,
    /// In the order in which they are asked.
    pub(super) taxes: Vec<ProgramTax>,
    /// When each exclusive group takes its turn: where its first rule would.
    turns: BTreeMap<ExclusiveNo, RuleNo>,
    /// What its rules measure, ascending.
    measures: Box<[MeasureNo]>,
    /// Those of them that are over periods.
    pub(super) periods: Box<[MeasureNo]>,
    /// Its rules of which there is a limit, ascending.
    limited: Box<[RuleNo]>,
    /// By circumstances. A cache that counts uses would take 70 kB for every class of contracts.
    standings: RwLock<HashMap<Box<[u32]>, Arc<Standing>, FixedState>>,
}

impl RuleSet {
    /// `holds` tells the rules that hold for the currency, `is_period` the measures over periods.
    pub(super) fn new(
        indices: Vec<Arc<RuleIndex>>,
        taxes: Vec<ProgramTax>,
        holds: impl Fn(RuleNo) -> bool,
        is_period: impl Fn(&MeasureNo) -> bool,
    ) -> Self {
        let mut turns: BTreeMap<ExclusiveNo, RuleNo> = BTreeMap::new();
        for (group, rule) in
            indices.iter().flat_map(|index| &index.exclusive).filter(|(_, rule)| holds(*rule))
        {
            let first = turns.entry(*group).or_insert(*rule);
            *first = (*first).min(*rule);
        }
        let mut measures: Vec<MeasureNo> =
            indices.iter().flat_map(|index| index.measures.iter().copied()).collect();
        measures.sort_unstable();
        measures.dedup();
        let periods = measures.iter().copied().filter(is_period).collect();
        let measures = measures.into();
        let limited = indices.iter().flat_map(|index| index.limited.iter().copied());
        let mut limited: Vec<RuleNo> = limited.filter(|rule| holds(*rule)).collect();
        limited.sort_unstable();
        let limited = limited.into();
        Self { indices, taxes, turns, measures, periods, limited, standings: RwLock::default() }
    }

    fn turn_of(&self, group: Option<ExclusiveNo>) -> Option<RuleNo> {
        self.turns.get(&group?).copied()
    }

    /// Lets go of all standings.
    pub(super) fn forget(&self) {
        self.standings.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// What can touch a class; `selections` are those that hold for it.
    pub(super) fn candidates(&self, selections: &[u32]) -> Candidates {
        let (mut rules, mut guards) = (Vec::new(), Vec::new());
        let holding =
            || std::iter::once(EVERYTHING).chain(selections.iter().map(|number| SelectionNo(*number)));
        for index in &self.indices {
            for selection in holding() {
                rules.extend(of_selection(&index.rules, selection));
                guards.extend(of_selection(&index.guards, selection));
            }
        }
        rules.sort_unstable_by_key(|(group, rule)| (self.turn_of(*group).unwrap_or(*rule), *rule));
        guards.sort_unstable();
        let rules = rules.into_iter().map(|(_, rule)| rule).collect();
        Candidates { rules, guards, tax: self.tax_of(selections) }
    }

    /// The place of the tax on a class.
    fn tax_of(&self, selections: &[u32]) -> Option<u32> {
        let holds = |goods: SelectionNo| selections.binary_search(&goods.0).is_ok();
        let place = self.taxes.iter().position(|tax| holds(tax.goods))?;
        u32::try_from(place).ok()
    }
}

fn of_selection<T: Copy>(entries: &[(SelectionNo, T)], selection: SelectionNo) -> impl Iterator<Item = T> {
    let from = entries.partition_point(|(known, _)| *known < selection);
    let entries = entries.get(from..).unwrap_or_default();
    entries.iter().take_while(move |(known, _)| *known == selection).map(|(_, entry)| *entry)
}

/// What the policy says of one contract.
#[derive(Debug)]
pub struct Program {
    pub(super) rules: Arc<RuleSet>,
    /// What it may buy.
    pub entitlement: Entitlement,
    /// Does the policy say nothing of this contract?
    pub is_empty: bool,
    /// Do rules of the contract layer stand in it?
    pub prices: bool,
    /// The contract's currency.
    pub currency: Currency,
    /// Has the policy taxes?
    pub taxed: bool,
    /// Does a guard watch for single rules?
    pub watches_rules: bool,
    /// Prices that are shown beside the buyer's own, each from its list.
    pub shown: Vec<(ShownNo, ListId)>,
    /// Lists that its rules, guards and shown prices name.
    pub lists: Vec<ListId>,
    /// Its retro-bonus agreements, in the order in which they are worked out (rule X3).
    pub agreements: Vec<AgreementNo>,
    /// Caps over them.
    pub bonus_caps: Vec<BonusCapNo>,
    /// What holds it while debts are overdue.
    pub holds: Vec<HoldNo>,
    /// Its programmes of levels.
    pub levels: Vec<LevelsNo>,
    /// Its programmes of points.
    pub points: Vec<PointsNo>,
}

impl Program {
    /// The program in given circumstances.
    pub(super) fn standing(
        &self,
        circumstances: Box<[u32]>,
        make: impl FnOnce(&Box<[u32]>) -> Standing,
    ) -> Arc<Standing> {
        let standings = &self.rules.standings;
        if let Some(known) = standings.read().unwrap_or_else(PoisonError::into_inner).get(&circumstances) {
            return Arc::clone(known);
        }
        let made = Arc::new(make(&circumstances));
        let mut standings = standings.write().unwrap_or_else(PoisonError::into_inner);
        if standings.len() >= STANDINGS {
            standings.clear();
        }
        Arc::clone(standings.entry(circumstances).or_insert(made))
    }

    /// The sums over more than a line, among what the program's rules measure, in which a class counts.
    pub(super) fn measures_of(&self, policy: &CompiledPolicy, class: ClassNo) -> Vec<MeasureNo> {
        let counts = |number: &MeasureNo| {
            policy.measure(*number).is_some_and(|measure| {
                measure.is_sum() && !measure.is_of_line() && policy.holds(class, measure.counted())
            })
        };
        self.rules.measures.iter().copied().filter(counts).collect()
    }

    /// Its rules of which there is a limit, in the order in which they take their turn.
    #[must_use]
    pub fn limited(&self) -> &[RuleNo] {
        &self.rules.limited
    }

    /// The first rule of an exclusive group: where the group takes its turn.
    #[must_use]
    pub fn turn_of(&self, group: ExclusiveNo) -> Option<RuleNo> {
        self.rules.turn_of(Some(group))
    }

    /// The tax in percent of the SKUs for which this stands.
    #[must_use]
    pub fn tax_percent(&self, applicable: &Applicable, at: CivilSecond) -> Option<Micros> {
        self.tax_at(applicable.tax?, at)
    }

    /// The same of a class, given the selections that hold for it.
    pub(super) fn tax_percent_of(&self, selections: &[u32], at: CivilSecond) -> Option<Micros> {
        self.tax_at(self.rules.tax_of(selections)?, at)
    }

    fn tax_at(&self, place: u32, at: CivilSecond) -> Option<Micros> {
        rate_at(self.rules.taxes.get(super::place(place))?, at)
    }

    /// The tax in percent of a tax class.
    #[must_use]
    pub fn tax_percent_of_class(&self, class: &str, at: CivilSecond) -> Option<Micros> {
        rate_at(self.rules.taxes.iter().find(|tax| tax.class == class)?, at)
    }
}

fn rate_at(tax: &ProgramTax, at: CivilSecond) -> Option<Micros> {
    let begun = tax.rates.iter().rev().find(|rate| rate.from.is_none_or(|from| from <= at));
    begun.map(|rate| rate.percent)
}
