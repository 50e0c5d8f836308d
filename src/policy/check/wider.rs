//! Which of many may cover the goods and contracts of one? Found without a look at each pair.
//!
//! Whatever covers a set holds the set's least member. So the sets that hold that one member are the only ones compared,
//! and of things with equal goods and contracts only the first are.

use std::collections::{BTreeMap, BTreeSet};

use roaring::RoaringBitmap;

use super::ground::{Extent, Ground};
use super::sets::{Index, SetNo, Sets};

/// How many of those with equal goods and contracts are looked at.
const ALIKE_MOST: usize = 64;
/// How many larger sets that hold the least member are looked at.
const LARGER_MOST: usize = 256;

/// Numbered extents, to be asked which of them cover another.
pub(super) struct Wider<'g, 'a> {
    ground: &'g Ground<'a>,
    alike: BTreeMap<Extent, Vec<usize>>,
    goods: BTreeMap<u32, Vec<SetNo>>,
    contracts: BTreeMap<u32, Vec<SetNo>>,
}

impl<'g, 'a> Wider<'g, 'a> {
    /// `wide` come in the order in which they are wanted; `narrow` are those that will be asked for.
    pub(super) fn new(
        ground: &'g Ground<'a>,
        wide: impl Iterator<Item = (usize, Extent)>,
        narrow: impl Iterator<Item = Extent>,
    ) -> Self {
        let mut alike: BTreeMap<Extent, Vec<usize>> = BTreeMap::new();
        for (number, extent) in wide {
            let numbers = alike.entry(extent).or_default();
            if numbers.len() < ALIKE_MOST {
                numbers.push(number);
            }
        }
        let (mut goods, mut contracts) = (BTreeSet::new(), BTreeSet::new());
        for extent in narrow {
            goods.insert(extent.goods);
            contracts.insert(extent.contracts);
        }
        Self {
            ground,
            goods: holders(&ground.goods, alike.keys().map(|one| one.goods).collect(), goods),
            contracts: holders(&ground.contracts, alike.keys().map(|one| one.contracts).collect(), contracts),
            alike,
        }
    }

    /// The numbers of those that cover `narrow`; none where it is for nothing.
    pub(super) fn of(&self, narrow: Extent) -> impl Iterator<Item = usize> {
        let goods = covering(&self.ground.goods, &self.goods, narrow.goods);
        let contracts = covering(&self.ground.contracts, &self.contracts, narrow.contracts);
        let mut found = Vec::new();
        for goods in goods {
            for contracts in &contracts {
                found.extend(
                    self.alike.get(&Extent { goods, contracts: *contracts }).into_iter().flatten().copied(),
                );
            }
        }
        found.sort_unstable();
        found.into_iter()
    }
}

/// For the least member of each of `inner`: which of `outer` hold it?
fn holders<I: Index>(
    sets: &Sets<'_, I>,
    outer: BTreeSet<SetNo>,
    inner: BTreeSet<SetNo>,
) -> BTreeMap<u32, Vec<SetNo>> {
    let least: RoaringBitmap = inner.iter().filter_map(|number| sets.get(*number).min()).collect();
    let mut holders: BTreeMap<u32, Vec<SetNo>> = BTreeMap::new();
    for number in outer {
        for member in sets.get(number) & &least {
            holders.entry(member).or_default().push(number);
        }
    }
    holders
}

fn covering<I: Index>(sets: &Sets<'_, I>, holders: &BTreeMap<u32, Vec<SetNo>>, inner: SetNo) -> Vec<SetNo> {
    let set = sets.get(inner);
    let held = set.min().and_then(|least| holders.get(&least)).into_iter().flatten().copied();
    let larger = held.filter(|outer| *outer == inner || sets.get(*outer).len() > set.len());
    larger.take(LARGER_MOST).filter(|outer| sets.is_within(inner, *outer)).collect()
}
