//! Which things does a selection match now? Set algebra over numbers of SKUs or contracts; equal sets are kept once, so
//! that one number tells them apart.

use std::collections::{BTreeMap, BTreeSet};

use roaring::RoaringBitmap;

use crate::policy::syntax::{AllOf, Group, Selection};

use super::criterion::Criterion;

/// A set of things. Two are equal that have one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SetNo(u32);

impl SetNo {
    /// All things of the catalogue.
    pub(super) const EVERYTHING: Self = Self(0);
}

/// Which things have a value?
pub(super) trait Index {
    /// What is asked of the things.
    type Criterion: Criterion;

    /// All things.
    fn everything(&self) -> RoaringBitmap;

    /// Adds the things that meet a criterion by this value (by any where none is stated); false where there are none.
    /// Groups are not asked here.
    fn add(&self, criterion: &Self::Criterion, value: Option<&str>, into: &mut RoaringBitmap) -> bool;
}

/// Sets that were asked for.
pub(super) struct Sets<'a, I> {
    pub(super) index: I,
    sets: Vec<RoaringBitmap>,
    /// By a hash of their members.
    known: BTreeMap<u64, Vec<SetNo>>,
    groups: BTreeMap<&'a str, SetNo>,
    nothing: RoaringBitmap,
}

impl<'a, I: Index> Sets<'a, I> {
    /// Works out the groups.
    pub(super) fn new(index: I, groups: &'a BTreeMap<String, Group<I::Criterion>>) -> Self {
        let everything = index.everything();
        let mut sets = Self {
            index,
            sets: Vec::new(),
            known: BTreeMap::new(),
            groups: BTreeMap::new(),
            nothing: RoaringBitmap::new(),
        };
        sets.intern(everything);
        for name in inner_first(groups) {
            if let Some(group) = groups.get(name) {
                let number = sets.number(&group.selection);
                sets.groups.insert(name, number);
            }
        }
        sets
    }

    /// The set of a selection.
    pub(super) fn number(&mut self, selection: &Selection<I::Criterion>) -> SetNo {
        if selection.is_everything() {
            return SetNo::EVERYTHING;
        }
        if let Some([name]) = only_groups(selection).as_deref() {
            return self.groups.get(name).copied().unwrap_or_else(|| self.intern(RoaringBitmap::new()));
        }
        let set = self.matched(selection);
        self.intern(set)
    }

    /// The set with this number.
    pub(super) fn get(&self, number: SetNo) -> &RoaringBitmap {
        usize::try_from(number.0).ok().and_then(|index| self.sets.get(index)).unwrap_or(&self.nothing)
    }

    /// Is all of `inner` in `outer`?
    pub(super) fn is_within(&self, inner: SetNo, outer: SetNo) -> bool {
        inner == outer || outer == SetNo::EVERYTHING || self.get(inner).is_subset(self.get(outer))
    }

    /// Is anything in both?
    pub(super) fn overlap(&self, one: SetNo, other: SetNo) -> bool {
        !self.get(one).is_disjoint(self.get(other))
    }

    /// What meets all criteria of a description.
    pub(super) fn of_description(&self, description: &AllOf<I::Criterion>) -> RoaringBitmap {
        let mut criteria = description.criteria.iter();
        let Some(first) = criteria.next() else { return self.get(SetNo::EVERYTHING).clone() };
        criteria.fold(self.of_criterion(first), |met, criterion| met & self.of_criterion(criterion))
    }

    /// What a criterion matches by any of its values.
    pub(super) fn of_criterion(&self, criterion: &I::Criterion) -> RoaringBitmap {
        let mut set = RoaringBitmap::new();
        if criterion.is_group() {
            for number in criterion.values().iter().filter_map(|name| self.groups.get(name.as_str())) {
                set |= self.get(*number);
            }
        } else if criterion.values().is_empty() {
            self.index.add(criterion, None, &mut set);
        } else {
            for value in criterion.values() {
                self.index.add(criterion, Some(value), &mut set);
            }
        }
        set
    }

    /// What a selection matches.
    pub(super) fn matched(&self, selection: &Selection<I::Criterion>) -> RoaringBitmap {
        let union = |descriptions: &[AllOf<I::Criterion>]| {
            descriptions.iter().fold(RoaringBitmap::new(), |set, one| set | self.of_description(one))
        };
        let within = if selection.any.is_empty() {
            self.get(SetNo::EVERYTHING).clone()
        } else {
            union(&selection.any)
        };
        if selection.except.is_empty() { within } else { within - union(&selection.except) }
    }

    /// The number of a set.
    fn intern(&mut self, mut set: RoaringBitmap) -> SetNo {
        // one form for equal sets, so that they have one hash
        set.remove_run_compression();
        let mut bytes = Vec::with_capacity(set.serialized_size());
        let hash = set.serialize_into(&mut bytes).map_or(0, |()| xxhash_rust::xxh3::xxh3_64(&bytes));
        let alike = self.known.entry(hash).or_default();
        let same = |number: &&SetNo| {
            usize::try_from(number.0)
                .ok()
                .and_then(|index| self.sets.get(index))
                .is_some_and(|one| *one == set)
        };
        if let Some(known) = alike.iter().find(same) {
            return *known;
        }
        let number = SetNo(u32::try_from(self.sets.len()).unwrap_or(u32::MAX));
        alike.push(number);
        self.sets.push(set);
        number
    }
}

/// The groups that a selection is the union of, where it names groups and nothing else.
pub(super) fn only_groups<C: Criterion>(selection: &Selection<C>) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    for description in &selection.any {
        match description.criteria.as_slice() {
            [only] if only.is_group() => names.extend(only.values().iter().map(String::as_str)),
            _ => return None,
        }
    }
    (!names.is_empty() && selection.except.is_empty()).then_some(names)
}

/// The groups that a selection names anywhere.
pub(super) fn groups_named<C: Criterion>(selection: &Selection<C>) -> impl Iterator<Item = &str> {
    let criteria =
        selection.any.iter().chain(&selection.except).flat_map(|description| &description.criteria);
    criteria.filter(|criterion| criterion.is_group()).flat_map(Criterion::values).map(String::as_str)
}

/// Groups in an order in which those come first that others name. A walk and no recursion: a chain of groups may be as
/// long as a file.
fn inner_first<C: Criterion>(groups: &BTreeMap<String, Group<C>>) -> Vec<&str> {
    let mut order = Vec::with_capacity(groups.len());
    let mut begun = BTreeSet::new();
    let mut waiting: Vec<(&str, bool)> = groups.keys().rev().map(|name| (name.as_str(), false)).collect();
    while let Some((name, is_done)) = waiting.pop() {
        if is_done {
            order.push(name);
            continue;
        }
        if !begun.insert(name) {
            continue;
        }
        waiting.push((name, true));
        if let Some(group) = groups.get(name) {
            waiting.extend(groups_named(&group.selection).map(|inner| (inner, false)));
        }
    }
    order
}
