//! Which selections hold for a contract?

use crate::domain::catalogue::Catalogue;
use crate::domain::contract::Contract;
use crate::domain::ids::{ContractId, CounterpartyId};
use crate::policy::syntax::{AllOf, ContractCriterion, Selection};

use super::matcher::{Matcher, Scratch, SelectionNo};
use super::words::Words;

/// What may be true of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum ContractAtom {
    Contract(ContractId),
    Counterparty(CounterpartyId),
    Holding(u32),
    Attribute(u32, u32),
    HasAttribute(u32),
    Group(SelectionNo),
}

/// Selections of contracts.
#[derive(Debug, Clone)]
pub(super) struct Buyers {
    matcher: Matcher<ContractAtom>,
    words: Words,
    /// Was something named that the catalogue lacks?
    pub(super) lacking: bool,
}

impl Buyers {
    pub(super) fn new() -> Self {
        Self { matcher: Matcher::new(ContractAtom::Group), words: Words::default(), lacking: false }
    }

    /// The number of a selection whose groups are known.
    pub(super) fn select(
        &mut self,
        selection: &Selection<ContractCriterion>,
        groups: &dyn Fn(&str) -> Option<SelectionNo>,
        catalogue: &Catalogue,
    ) -> SelectionNo {
        let mut level = 0;
        let mut describe = |this: &mut Self, descriptions: &[AllOf<ContractCriterion>]| {
            let describe = |description: &AllOf<ContractCriterion>| {
                let criteria = description.criteria.iter();
                criteria.map(|c| this.atoms(c, groups, catalogue, &mut level)).collect()
            };
            descriptions.iter().map(describe).collect::<Vec<Vec<Vec<ContractAtom>>>>()
        };
        let any = describe(self, &selection.any);
        let except = describe(self, &selection.except);
        self.matcher.intern(any, except, level)
    }

    fn atoms(
        &mut self,
        criterion: &ContractCriterion,
        groups: &dyn Fn(&str) -> Option<SelectionNo>,
        catalogue: &Catalogue,
        level: &mut u32,
    ) -> Vec<ContractAtom> {
        let mut lacking = false;
        let mut found = |atom: Option<ContractAtom>| {
            lacking |= atom.is_none();
            atom
        };
        let atoms = match criterion {
            ContractCriterion::Contract(codes) => {
                let of = |code: &String| catalogue.contracts.number(code).map(ContractId);
                codes.iter().filter_map(|code| found(of(code).map(ContractAtom::Contract))).collect()
            }
            ContractCriterion::Counterparty(codes) => {
                let of = |code: &String| catalogue.counterparties.number(code).map(CounterpartyId);
                codes.iter().filter_map(|code| found(of(code).map(ContractAtom::Counterparty))).collect()
            }
            ContractCriterion::Holding(codes) => {
                codes.iter().map(|code| ContractAtom::Holding(self.words.number_of(code))).collect()
            }
            ContractCriterion::Attribute { name, values } => {
                let name = self.words.number_of(name);
                let value = |value: &String| ContractAtom::Attribute(name, self.words.number_of(value));
                if values.is_empty() {
                    vec![ContractAtom::HasAttribute(name)]
                } else {
                    values.iter().map(value).collect()
                }
            }
            ContractCriterion::Group(names) => {
                let known: Vec<SelectionNo> = names.iter().filter_map(|name| groups(name)).collect();
                for group in &known {
                    *level = (*level).max(self.matcher.level(*group) + 1);
                }
                known.into_iter().map(ContractAtom::Group).collect()
            }
        };
        self.lacking |= lacking;
        atoms
    }

    /// The selections that hold for a contract, ascending.
    pub(super) fn of(&self, contract: &Contract, catalogue: &Catalogue) -> Vec<u32> {
        let mut atoms =
            vec![ContractAtom::Contract(contract.id), ContractAtom::Counterparty(contract.counterparty)];
        let holding =
            catalogue.counterparty(contract.counterparty).and_then(|party| party.holding.as_deref());
        atoms.extend(holding.and_then(|code| self.words.get(code)).map(ContractAtom::Holding));
        for (name, value) in &contract.attributes {
            let Some(name) = self.words.get(name) else { continue };
            atoms.push(ContractAtom::HasAttribute(name));
            atoms.extend(self.words.get(value).map(|value| ContractAtom::Attribute(name, value)));
        }
        let mut holding = Vec::new();
        self.matcher.holding(&atoms, &mut Scratch::default(), &mut holding);
        holding
    }
}
