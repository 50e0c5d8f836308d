//! What do standings have in common? The same few rules stand for the classes of many contracts: kept once, and counted.

use std::hash::Hash;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};

use super::rule::MeasureNo;
use super::standing::LayerRules;
use super::{GuardNo, RuleNo};

/// Bytes of what stands for classes of goods, contracts and circumstances that are kept at once.
const KEPT_MOST: usize = 1 << 30;

/// Bytes of what stands of a layer, its entry and its lists among them.
const LAYER_BYTES: usize = 256;

/// Entries that were met before.
type Known<T> = HashSet<Arc<[T]>, FixedState>;

/// What standings have in common.
#[derive(Debug)]
pub(super) struct Shared {
    /// By the rules that stand.
    layers: Mutex<HashMap<Arc<[RuleNo]>, Arc<LayerRules>, FixedState>>,
    guards: Mutex<Known<GuardNo>>,
    measures: Mutex<Known<MeasureNo>>,
    /// Bytes of all standings that are there, and of the layers above.
    kept: Arc<AtomicUsize>,
    most: usize,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            layers: Mutex::default(),
            guards: Mutex::default(),
            measures: Mutex::default(),
            kept: Arc::default(),
            most: KEPT_MOST,
        }
    }
}

impl Shared {
    pub(super) fn keeping(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    /// What stands of a layer, made where it never stood before.
    pub(super) fn layer(
        &self,
        rules: Vec<RuleNo>,
        make: impl FnOnce(&Arc<[RuleNo]>) -> LayerRules,
    ) -> Arc<LayerRules> {
        let mut layers = held(&self.layers);
        if let Some(known) = layers.get(rules.as_slice()) {
            return Arc::clone(known);
        }
        let rules: Arc<[RuleNo]> = rules.into();
        let made = Arc::new(make(&rules));
        layers.insert(rules, Arc::clone(&made));
        self.kept.fetch_add(LAYER_BYTES, Ordering::Relaxed);
        made
    }

    pub(super) fn guards(&self, guards: Vec<GuardNo>) -> Arc<[GuardNo]> {
        interned(&self.guards, guards)
    }

    pub(super) fn measures(&self, measures: Vec<MeasureNo>) -> Arc<[MeasureNo]> {
        interned(&self.measures, measures)
    }

    /// A count of what one standing takes, none yet.
    pub(super) fn account(&self) -> Account {
        Account { own: AtomicUsize::new(0), all: Arc::clone(&self.kept) }
    }

    /// Is more kept than should be?
    pub(super) fn overflows(&self) -> bool {
        self.kept.load(Ordering::Relaxed) > self.most
    }

    /// Forgets what standings have in common; those that are there keep their own part of it.
    pub(super) fn forget(&self) {
        let mut layers = held(&self.layers);
        self.kept.fetch_sub(layers.len() * LAYER_BYTES, Ordering::Relaxed);
        layers.clear();
        held(&self.guards).clear();
        held(&self.measures).clear();
    }
}

/// What one standing takes, in bytes: it counts among all until the standing goes.
#[derive(Debug)]
pub(super) struct Account {
    own: AtomicUsize,
    all: Arc<AtomicUsize>,
}

impl Account {
    pub(super) fn take(&self, bytes: usize) {
        self.own.fetch_add(bytes, Ordering::Relaxed);
        self.all.fetch_add(bytes, Ordering::Relaxed);
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        self.all.fetch_sub(*self.own.get_mut(), Ordering::Relaxed);
    }
}

fn interned<T: Eq + Hash>(known: &Mutex<Known<T>>, entries: Vec<T>) -> Arc<[T]> {
    let mut known = held(known);
    if let Some(known) = known.get(entries.as_slice()) {
        return Arc::clone(known);
    }
    let entries: Arc<[T]> = entries.into();
    known.insert(Arc::clone(&entries));
    entries
}

/// Whoever panicked while it was held left it whole.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
