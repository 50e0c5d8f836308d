//! How do the first carts after a publication find their rows in memory? Where the row before was, the new one is brought there
//! before the publication is seen.

use crate::store::Cached;

use super::Engine;
use super::change::{DataChange, PreparedRows};
use super::error::PriceError;
use super::rows::{Reach, fetch, key};
use super::view::View;

impl Engine {
    /// Brings the new rows of a change into memory whose rows before are there. Those that go into the commit's batch are in
    /// memory anyway. What can't be read is told to whoever asks for it.
    pub(super) fn warm(&self, before: &View, change: &DataChange) {
        let PreparedRows::Ingested(number) = change.rows else { return };
        let mut after = before.clone();
        change.apply(&mut after, number);
        for (list, _) in &change.changes {
            let (Some(old), Some(new)) = (before.directory.get(*list), after.directory.get(*list)) else {
                continue;
            };
            let warmed = || -> Result<(), PriceError> {
                if before.is_shared(*list) {
                    if self.shared_rows.holds(*list, old) {
                        self.shared_rows.get(&self.store, &after, (*list, new), Reach::Disk)?;
                    }
                } else if matches!(self.store.row_cached(key(*list, old, 0))?, Cached::Found(_)) {
                    for segment in 0..new.segments() {
                        fetch(&self.store, &after, *list, new, segment, Reach::Disk)?;
                    }
                }
                Ok(())
            };
            if let Err(error) = warmed() {
                tracing::debug!(list = list.0, %error, "a new row was not read ahead");
            }
        }
    }
}
