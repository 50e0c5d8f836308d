//! Which selections hold for a SKU or a contract? Found from what is true of it, never by asking each selection.
//!
//! Everything that a selection may ask is an *atom*: this category, that value of an attribute. A description is a
//! conjunction of criteria, each met by any of its atoms. What is true of a thing marks the criteria that ask for it;
//! a description whose criteria are all marked is met. So the cost is that of the descriptions which name something
//! true, however many others there are. A group that holds is an atom of its own: groups are settled level by level.

use std::hash::Hash;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// A selection by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SelectionNo(pub u32);

/// The selection of everything.
pub const EVERYTHING: SelectionNo = SelectionNo(0);

/// Most criteria of one description.
pub const CRITERIA_MAX: usize = 32;

/// A description: each criterion is met by any of its atoms.
pub type Description<A> = Vec<Vec<A>>;

/// A selection's descriptions, and those of its exceptions.
type Key<A> = (Vec<Description<A>>, Vec<Description<A>>);

/// One criterion of one description.
#[derive(Debug, Clone, Copy)]
struct Slot {
    description: u32,
    criterion: u8,
}

#[derive(Debug, Clone, Copy)]
struct Conjunction {
    selection: u32,
    /// A bit for each criterion.
    full: u32,
    except: bool,
}

#[derive(Debug, Clone, Copy)]
struct Settled {
    /// Groups that it names are of lower levels.
    level: u32,
    /// Holds unless an exception does.
    by_default: bool,
}

/// All selections of one kind of thing.
#[derive(Debug, Clone)]
pub struct Matcher<A> {
    slots: HashMap<A, Vec<Slot>, FixedState>,
    conjunctions: Vec<Conjunction>,
    selections: Vec<Settled>,
    by_key: HashMap<Key<A>, SelectionNo, FixedState>,
    by_default: Vec<u32>,
    levels: u32,
    group: fn(SelectionNo) -> A,
}

/// How far a selection is settled.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    met: bool,
    excepted: bool,
    touched: bool,
}

/// What one evaluation works in; kept from one thing to the next.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    marks: Vec<u32>,
    marked: Vec<u32>,
    states: Vec<State>,
    /// By level: selections of which something is met.
    touched: Vec<Vec<u32>>,
}

impl<A: Clone + Ord + Hash> Matcher<A> {
    /// Without selections but [`EVERYTHING`]; `group` makes the atom of a selection that others name.
    #[must_use]
    pub fn new(group: fn(SelectionNo) -> A) -> Self {
        Self {
            slots: HashMap::with_hasher(FixedState::default()),
            conjunctions: Vec::new(),
            selections: vec![Settled { level: 0, by_default: false }],
            by_key: HashMap::with_hasher(FixedState::default()),
            by_default: Vec::new(),
            levels: 1,
            group,
        }
    }

    /// The number of a selection; the same for the same descriptions. `level` is above that of every group named.
    pub fn intern(
        &mut self,
        mut any: Vec<Description<A>>,
        mut except: Vec<Description<A>>,
        level: u32,
    ) -> SelectionNo {
        if any.is_empty() && except.is_empty() {
            return EVERYTHING;
        }
        for descriptions in [&mut any, &mut except] {
            for description in descriptions.iter_mut() {
                description.iter_mut().for_each(|atoms| {
                    atoms.sort();
                    atoms.dedup();
                });
                description.sort();
                description.dedup();
            }
            descriptions.sort();
            descriptions.dedup();
        }
        let number = u32::try_from(self.selections.len()).unwrap_or(u32::MAX);
        let key = (any, except);
        if let Some(known) = self.by_key.get(&key) {
            return *known;
        }
        let by_default = key.0.is_empty();
        for (descriptions, except) in [(&key.0, false), (&key.1, true)] {
            for description in descriptions {
                self.describe(number, description, except);
            }
        }
        self.selections.push(Settled { level, by_default });
        if by_default {
            self.by_default.push(number);
        }
        self.levels = self.levels.max(level + 1);
        self.by_key.insert(key, SelectionNo(number));
        SelectionNo(number)
    }

    fn describe(&mut self, selection: u32, description: &Description<A>, except: bool) {
        let number = u32::try_from(self.conjunctions.len()).unwrap_or(u32::MAX);
        // More criteria than there are bits can never all be marked: the reader refuses them.
        let full = u32::MAX >> (CRITERIA_MAX - description.len().clamp(1, CRITERIA_MAX));
        self.conjunctions.push(Conjunction { selection, full, except });
        for (criterion, atoms) in description.iter().enumerate() {
            let Ok(criterion) = u8::try_from(criterion) else { return };
            for atom in atoms {
                self.slots.entry(atom.clone()).or_default().push(Slot { description: number, criterion });
            }
        }
    }

    /// The level of a selection.
    #[must_use]
    pub fn level(&self, selection: SelectionNo) -> u32 {
        self.selections.get(index(selection.0)).map_or(0, |settled| settled.level)
    }

    /// How many selections there are, [`EVERYTHING`] included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.selections.len()
    }

    /// Adds to `holding` the selections but [`EVERYTHING`] that hold for a thing of which `atoms` are true, ascending.
    pub fn holding(&self, atoms: &[A], scratch: &mut Scratch, holding: &mut Vec<u32>) {
        scratch.marks.resize(self.conjunctions.len(), 0);
        scratch.states.resize(self.selections.len(), State::default());
        scratch.touched.resize(index(self.levels), Vec::new());
        let from = holding.len();
        for atom in atoms {
            self.mark(atom, scratch);
        }
        for selection in &self.by_default {
            self.touch(*selection, scratch);
        }
        for level in 0..index(self.levels) {
            let mut touched = scratch.touched.get_mut(level).map(std::mem::take).unwrap_or_default();
            for selection in touched.drain(..) {
                let Some(state) = scratch.states.get_mut(index(selection)).map(std::mem::take) else {
                    continue;
                };
                let by_default = self.selections.get(index(selection)).is_some_and(|s| s.by_default);
                if (state.met || by_default) && !state.excepted {
                    holding.push(selection);
                    self.mark(&(self.group)(SelectionNo(selection)), scratch);
                }
            }
            if let Some(slot) = scratch.touched.get_mut(level) {
                *slot = touched;
            }
        }
        for description in scratch.marked.drain(..) {
            if let Some(mark) = scratch.marks.get_mut(index(description)) {
                *mark = 0;
            }
        }
        if let Some(found) = holding.get_mut(from..) {
            found.sort_unstable();
        }
    }

    fn touch(&self, selection: u32, scratch: &mut Scratch) {
        let Some(state) = scratch.states.get_mut(index(selection)) else { return };
        if std::mem::replace(&mut state.touched, true) {
            return;
        }
        let level = self.selections.get(index(selection)).map_or(0, |settled| index(settled.level));
        if let Some(touched) = scratch.touched.get_mut(level) {
            touched.push(selection);
        }
    }

    fn mark(&self, atom: &A, scratch: &mut Scratch) {
        let Some(slots) = self.slots.get(atom) else { return };
        for slot in slots {
            let Some(conjunction) = self.conjunctions.get(index(slot.description)) else { continue };
            let Some(mark) = scratch.marks.get_mut(index(slot.description)) else { continue };
            let before = *mark;
            *mark |= 1 << slot.criterion;
            if before == 0 {
                scratch.marked.push(slot.description);
            }
            if *mark != conjunction.full || before == conjunction.full {
                continue;
            }
            let Some(state) = scratch.states.get_mut(index(conjunction.selection)) else { continue };
            if conjunction.except {
                state.excepted = true;
            } else {
                state.met = true;
            }
            self.touch(conjunction.selection, scratch);
        }
    }
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
