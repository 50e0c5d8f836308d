//! Where do limited benefits stand? What documents used and what holds keep, by rule, of each contract and of all together.
//!
//! It stands in the view: a change copies the page of its contract, the figures of that contract, and of what is by text alone
//! one of the parts into which that is dealt. So a request sees one state of all of it, and nothing is copied whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

use crate::domain::ids::ContractId;
use crate::domain::paged::Paged;

/// Into how many parts texts are dealt.
const PARTS: u64 = 256;

/// What is gone of a limit, in millionths of its unit, of the currency, or of uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gone {
    /// What documents used; below zero where more was given back than used so far.
    pub used: i128,
    /// What holds keep beside that.
    pub held: i128,
}

impl Gone {
    /// All of it. What was given back before it was used adds nothing to a limit.
    #[must_use]
    pub fn all(self) -> i128 {
        self.used.max(0) + self.held
    }

    fn plus(self, other: Self) -> Self {
        Self { used: self.used + other.used, held: self.held + other.held }
    }
}

/// By text.
type ByText<T> = BTreeMap<Arc<str>, T>;

/// A table by text, dealt into parts; there are none while nothing was ever kept.
#[derive(Debug, Clone)]
struct Dealt<T>(Arc<Vec<Arc<ByText<T>>>>);

impl<T> Default for Dealt<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

fn part_of(text: &str) -> usize {
    usize::try_from(xxh3_64(text.as_bytes()) % PARTS).unwrap_or(0)
}

impl<T: Clone> Dealt<T> {
    fn get(&self, text: &str) -> Option<&T> {
        self.0.get(part_of(text))?.get(text)
    }

    /// The text as it is kept.
    fn text(&self, text: &str) -> Option<&Arc<str>> {
        self.0.get(part_of(text))?.get_key_value(text).map(|(kept, _)| kept)
    }

    /// Keeps something under a text, or nothing any more.
    fn set(&mut self, text: &Arc<str>, kept: Option<T>) {
        let parts = Arc::make_mut(&mut self.0);
        if parts.is_empty() {
            parts.resize_with(usize::try_from(PARTS).unwrap_or(1), Arc::default);
        }
        let Some(part) = parts.get_mut(part_of(text)).map(Arc::make_mut) else { return };
        if let Some(kept) = kept {
            part.insert(Arc::clone(text), kept);
        } else {
            part.remove(text);
        }
    }
}

/// What a hold still keeps: of each rule how much, none of it zero.
#[derive(Debug, Clone)]
struct Open {
    contract: ContractId,
    of_rules: Vec<(Arc<str>, i128)>,
}

/// What is gone of every limit.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct Uses {
    /// By contract: none of those that have used and held nothing, and may be shorter than there are contracts.
    of_contracts: Paged<Option<Arc<ByText<Gone>>>>,
    /// Of all contracts together, by rule.
    overall: Dealt<Gone>,
    /// By hold.
    open: Dealt<Open>,
}

impl Uses {
    /// What is gone of a rule's limit by one contract.
    pub(in crate::engine) fn of(&self, contract: ContractId, rule: &str) -> Gone {
        let of_rules = self.of_contracts.get(contract.index()).and_then(Option::as_ref);
        of_rules.and_then(|of_rules| of_rules.get(rule)).copied().unwrap_or_default()
    }

    /// What is gone of it by all contracts.
    pub(in crate::engine) fn overall(&self, rule: &str) -> Gone {
        self.overall.get(rule).copied().unwrap_or_default()
    }

    /// How much of a rule a hold of a contract still keeps.
    pub(in crate::engine) fn open(&self, contract: ContractId, hold: &str, rule: &str) -> i128 {
        let open = self.open.get(hold).filter(|open| open.contract == contract);
        let of_rule = open.and_then(|open| open.of_rules.iter().find(|(of, _)| &**of == rule));
        of_rule.map_or(0, |(_, left)| *left)
    }

    /// Adds to what a contract used of a rule. Returns what it comes to.
    pub(super) fn use_of(&mut self, contract: ContractId, rule: &str, used: i128) -> i128 {
        let text = self.text_of(rule);
        self.add(contract, &text, Gone { used, held: 0 });
        self.of(contract, rule).used
    }

    /// Lets a hold keep this much of each rule, whatever it kept before; nothing where there is none.
    pub(super) fn keep(&mut self, contract: ContractId, hold: &str, left: &[(String, i128)]) {
        let before = self.open.get(hold).map_or_else(Vec::new, |open| open.of_rules.clone());
        for (rule, left) in before {
            self.add(contract, &rule, Gone { used: 0, held: -left });
        }
        let mut of_rules = Vec::with_capacity(left.len());
        for (rule, left) in left {
            let text = self.text_of(rule);
            self.add(contract, &text, Gone { used: 0, held: *left });
            of_rules.push((text, *left));
        }
        let hold = self.open.text(hold).map_or_else(|| Arc::from(hold), Arc::clone);
        self.open.set(&hold, (!of_rules.is_empty()).then_some(Open { contract, of_rules }));
    }

    fn text_of(&self, rule: &str) -> Arc<str> {
        self.overall.text(rule).map_or_else(|| Arc::from(rule), Arc::clone)
    }

    fn add(&mut self, contract: ContractId, rule: &Arc<str>, more: Gone) {
        let overall = self.overall(rule).plus(more);
        let own = self.of(contract, rule).plus(more);
        while self.of_contracts.len() <= contract.index() {
            self.of_contracts.push(None);
        }
        if let Some(place) = self.of_contracts.get_mut(contract.index()) {
            let of_rules = Arc::make_mut(place.get_or_insert_default());
            if own == Gone::default() {
                of_rules.remove(rule);
            } else {
                of_rules.insert(Arc::clone(rule), own);
            }
        }
        // Figures of single contracts may be there while those of all cancel out: the text stays for them.
        self.overall.set(rule, Some(overall));
    }
}
