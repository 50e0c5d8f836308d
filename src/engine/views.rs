//! Which views are there, and who still holds one? The newest, some older ones at hand, and those that requests hold.
//!
//! A publication may be retired once nobody holds a view of it; from then on none is made.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use arc_swap::{ArcSwap, Guard};
use tokio::sync::watch;

use crate::domain::ids::{PublicationNo, SequenceNo};

use super::view::View;

/// Views of older publications that are kept at hand.
const AT_HAND: usize = 8;

/// All views of an engine.
pub(super) struct Views {
    newest: ArcSwap<View>,
    position: watch::Sender<SequenceNo>,
    older: Mutex<Older>,
}

struct Older {
    /// The oldest publication that is not retired.
    first: PublicationNo,
    at_hand: BTreeMap<PublicationNo, Arc<View>>,
    held: Vec<(PublicationNo, Weak<View>)>,
}

impl Views {
    /// Begins with the newest view; publications before `first` are retired.
    pub(super) fn new(newest: View, first: PublicationNo) -> Self {
        let older = Older { first, at_hand: BTreeMap::new(), held: Vec::new() };
        let position = watch::Sender::new(newest.position);
        Self { newest: ArcSwap::from_pointee(newest), position, older: Mutex::new(older) }
    }

    /// The newest view, borrowed for one request.
    pub(super) fn borrow(&self) -> Guard<Arc<View>> {
        self.newest.load()
    }

    /// The newest view, to keep.
    pub(super) fn newest(&self) -> Arc<View> {
        self.newest.load_full()
    }

    /// Tells the newest view's position whenever it moves.
    pub(super) fn positions(&self) -> watch::Receiver<SequenceNo> {
        self.position.subscribe()
    }

    /// Makes a view the newest.
    pub(super) fn advance(&self, view: View) {
        let position = view.position;
        let before = self.newest.swap(Arc::new(view));
        self.position.send_replace(position);
        let mut older = self.older();
        // What nobody holds any more is dropped here, on the writer's thread, and not on a request's.
        older.held.retain(|(_, view)| view.strong_count() > 0);
        older.held.push((before.publication, Arc::downgrade(&before)));
    }

    /// The view of an older publication: at hand, or made by `load`; `None` where it is retired or `load` finds none.
    pub(super) fn older_view<E>(
        &self,
        number: PublicationNo,
        load: impl FnOnce() -> Result<Option<View>, E>,
    ) -> Result<Option<Arc<View>>, E> {
        let mut older = self.older();
        if number < older.first {
            return Ok(None);
        }
        if let Some(view) = older.at_hand.get(&number) {
            return Ok(Some(Arc::clone(view)));
        }
        let Some(view) = load()? else { return Ok(None) };
        let view = Arc::new(view);
        if older.at_hand.len() >= AT_HAND {
            older.at_hand.pop_first();
        }
        older.at_hand.insert(number, Arc::clone(&view));
        older.held.push((number, Arc::downgrade(&view)));
        Ok(Some(view))
    }

    /// Retires every publication before `first`, so that no view of one is made any more; false where one is still held.
    pub(super) fn retire_before(&self, first: PublicationNo) -> bool {
        let mut older = self.older();
        older.at_hand.retain(|number, _| *number >= first);
        older.held.retain(|(_, view)| view.strong_count() > 0);
        if older.held.iter().any(|(number, _)| *number < first) {
            return false;
        }
        older.first = older.first.max(first);
        true
    }

    fn older(&self) -> MutexGuard<'_, Older> {
        self.older.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
