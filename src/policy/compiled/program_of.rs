//! How is a contract's program made, and asked? Out of the selections that hold for it.

use std::sync::Arc;

use roaring::RoaringBitmap;

use crate::domain::catalogue::Catalogue;
use crate::domain::contract::Contract;
use crate::domain::currency::Currency;
use crate::domain::decimal::Micros;
use crate::domain::ids::{ListId, SkuId};
use crate::domain::time::{CivilSecond, DAY_SECONDS};
use crate::eligibility::{Entitlement, Licences, Licensed, Stated, Statements};
use crate::policy::syntax::{Scope, Tax};

use super::circumstances::CartFacts;
use super::goods::ClassNo;
use super::matcher::{EVERYTHING, SelectionNo};
use super::program::{Candidates, Program, ProgramTax, RuleSet};
use super::standing::{Applicable, Standing};
use super::{CompiledPolicy, EligibilityFor, GuardNo, RuleNo, ShownNo, TaxFor};

impl CompiledPolicy {
    /// What can touch the SKUs of a class, for a program's contract.
    #[must_use]
    pub fn candidates(&self, program: &Program, class: ClassNo) -> Candidates {
        program.rules.candidates(self.tables.goods.selections_of(class))
    }

    /// The tax in percent of a SKU; none where no rate is known.
    #[must_use]
    pub fn tax_percent(&self, program: &Program, sku: SkuId, at: CivilSecond) -> Option<Micros> {
        program.tax_percent_of(self.tables.goods.selections_of(self.class_of(sku)?), at)
    }

    /// A program in the circumstances of a cart.
    #[must_use]
    pub fn standing(&self, program: &Program, cart: &CartFacts<'_>) -> Arc<Standing> {
        let circumstances = self.tables.asked.of_cart(cart);
        program.standing(circumstances, |circumstances| {
            let met = self.met.get_with_by_ref(circumstances, || self.judge(cart));
            Standing::new(self.classes(), met, self.shared.account())
        })
    }

    /// A bit for each of the circumstances that rules ask for.
    fn judge(&self, cart: &CartFacts<'_>) -> Arc<[u64]> {
        let mut met = vec![0_u64; self.tables.whens.len().div_ceil(64)];
        for (bit, when) in self.tables.whens.iter().enumerate() {
            if when.unmet(cart).is_none()
                && let Some(word) = met.get_mut(bit / 64)
            {
                *word |= 1 << (bit % 64);
            }
        }
        met.into()
    }

    /// What stands for the SKUs of a class.
    #[must_use]
    #[inline]
    pub fn applicable<'s>(
        &self,
        standing: &'s Standing,
        program: &Program,
        class: ClassNo,
    ) -> Option<&'s Applicable> {
        standing.applicable(self, program, class)
    }

    /// What the policy says of a contract, where there is a policy.
    #[must_use]
    pub fn program_in_force(&self, contract: &Contract, catalogue: &Catalogue) -> Option<Arc<Program>> {
        (self.version > 0).then(|| self.program(contract, catalogue))
    }

    /// What the policy says of a contract.
    #[must_use]
    pub fn program(&self, contract: &Contract, catalogue: &Catalogue) -> Arc<Program> {
        if self.shared.overflows() {
            self.forget_standings();
        }
        self.programs.get_with(contract.id, || Arc::new(self.make_program(contract, catalogue)))
    }

    /// Lets go of what stands for any class, so that it is found anew when it is asked for. Programs stay, and with them
    /// what contracts may buy.
    fn forget_standings(&self) {
        let of_programs = self.programs.iter().map(|(_, program)| Arc::clone(&program.rules));
        for rules in self.rule_sets.iter().map(|(_, rules)| rules).chain(of_programs) {
            rules.forget();
        }
        self.shared.forget();
    }

    fn make_program(&self, contract: &Contract, catalogue: &Catalogue) -> Program {
        let holding = self.tables.buyers.of(contract, catalogue);
        let holds =
            |selection: SelectionNo| selection == EVERYTHING || holding.binary_search(&selection.0).is_ok();
        let currency = contract.currency;
        let key = (holding.clone(), currency);
        let rules = self.rule_sets.get_with(key, || Arc::new(self.rule_set(&holds, currency)));
        let entitlement = Entitlement::new(self.statements(contract, &holds));
        let mut lists: Vec<ListId> =
            rules.indices.iter().flat_map(|index| index.lists.iter().copied()).collect();
        let shown: Vec<(ShownNo, ListId)> = (0_u32..)
            .zip(&self.tables.shown)
            .filter(|(_, (contracts, _))| holds(*contracts))
            .filter_map(|(number, (_, list))| Some((ShownNo(number), (*list)?)))
            .collect();
        lists.extend(shown.iter().map(|(_, list)| *list));
        lists.sort_unstable();
        lists.dedup();
        let taxed = !self.policy.taxes.is_empty();
        let idle = rules.indices.iter().all(|index| index.rules.is_empty() && index.guards.is_empty());
        let agreements = self.agreements_of(&holds, currency);
        let bonus_caps = self.bonus_caps_of(&agreements);
        let held_by = self.holds_of(&holds, currency);
        let (levels, points) = (self.levels_of(&holds), self.points_of(&holds, currency));
        let is_empty = idle
            && agreements.is_empty()
            && held_by.is_empty()
            && points.is_empty()
            && !taxed
            && self.policy.services.is_empty()
            && shown.is_empty()
            && entitlement.is_unlimited();
        let prices = rules.indices.iter().any(|index| index.prices);
        let guards = rules.indices.iter().flat_map(|index| &index.guards);
        let watched =
            |number: GuardNo| self.compiled_guard(number).is_some_and(|guard| !guard.rules.is_empty());
        let watches_rules = guards.clone().any(|(_, number)| watched(*number));
        Program {
            rules,
            entitlement,
            is_empty,
            prices,
            taxed,
            shown,
            lists,
            currency,
            watches_rules,
            agreements,
            bonus_caps,
            holds: held_by,
            levels,
            points,
        }
    }

    fn rule_set(&self, holds: &dyn Fn(SelectionNo) -> bool, currency: Currency) -> RuleSet {
        let in_currency = |rule: RuleNo| {
            self.compiled(rule).is_some_and(|rule| rule.currency.is_none_or(|own| own == currency))
        };
        let indices = self.tables.indices.iter().filter(|(selection, _)| holds(*selection));
        let mut taxes: Vec<(&Tax, &TaxFor)> =
            self.policy.taxes.iter().zip(&self.tables.taxes).filter(|(_, of)| holds(of.contracts)).collect();
        taxes.sort_by_key(|(tax, _)| std::cmp::Reverse(tax.priority));
        let tax = |(tax, of): (&Tax, &TaxFor)| ProgramTax {
            goods: of.goods,
            class: tax.class.clone(),
            rates: tax.rates.clone(),
        };
        RuleSet::new(
            indices.map(|(_, index)| Arc::clone(index)).collect(),
            taxes.into_iter().map(tax).collect(),
            in_currency,
            |number| self.measure(*number).is_some_and(|measure| matches!(measure.scope, Scope::Period(_))),
        )
    }

    fn needed_licences(&self) -> Licences {
        let goods: Vec<Arc<RoaringBitmap>> =
            self.tables.licences.iter().map(|goods| self.tables.goods.bitmap(*goods)).collect();
        Licences::new(goods.iter().map(|goods| &**goods))
    }

    fn statements(&self, contract: &Contract, holds: &dyn Fn(SelectionNo) -> bool) -> Statements {
        let stated = |of: &[EligibilityFor]| -> Vec<Stated> {
            (0_u32..)
                .zip(of)
                .filter(|(_, of)| holds(of.contracts))
                .map(|(number, of)| (number, self.tables.goods.bitmap(of.goods)))
                .collect()
        };
        let licences = (0_u32..).zip(&self.policy.eligibility.licences);
        let licensed = licences.filter_map(|(number, licence)| {
            let until = match contract.attributes.get(&licence.attribute) {
                None => None,
                // A value that is no date is a licence without end.
                Some(value) => Some(last_second(value)?),
            };
            Some(Licensed { number, until })
        });
        Statements {
            assortments: stated(&self.tables.assortments),
            inclusions: stated(&self.tables.inclusions),
            exclusions: stated(&self.tables.exclusions),
            licences: licensed.collect(),
            needed: Arc::clone(self.licences.get_or_init(|| Arc::new(self.needed_licences()))),
        }
    }
}

/// The first second after the day that a licence names.
fn last_second(value: &str) -> Option<CivilSecond> {
    let (at, bare) = CivilSecond::parse_with_precision(value).ok()?;
    Some(CivilSecond(at.0.saturating_add(if bare { DAY_SECONDS } else { 1 })))
}
