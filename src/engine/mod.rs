//! The use cases: price, list, import, export, check. Over everything below, and the only writer.
//!
//! Calls are synchronous and take a [`Caller`](caller::Caller). A request reads one [`View`]; a change goes through the
//! writer's thread. Knows nothing of tonic.

pub mod caller;
pub mod check;
mod clock;
pub mod error;
pub mod export;
pub mod import;
pub mod listing;
pub mod names_of;
mod pricing;
pub mod publication;
mod records;
mod rows;
pub mod view;
mod writer;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

use crate::domain::ids::PublicationNo;
use crate::domain::limits;
use crate::matrix::epoch::CodecEpoch;
use crate::store::{Store, StoreOptions};

use error::{OpenError, PriceError};
use publication::Manifest;
use view::View;
use writer::Writer;

type MatrixRow<'v> = Result<&'v CodecEpoch, PriceError>;

/// Views of older publications that are kept at hand.
const OLD_VIEWS: usize = 8;

/// How a data folder is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineOptions {
    /// The data folder.
    pub data: PathBuf,
    /// Memory for row blocks.
    pub block_cache_bytes: usize,
    /// Lines of one cart.
    pub cart_lines_max: usize,
    /// Make the folder where it is not there.
    pub create: bool,
}

impl EngineOptions {
    /// The defaults for a folder, made where it is not there.
    #[must_use]
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            block_cache_bytes: 512 << 20,
            cart_lines_max: limits::CART_LINES,
            create: true,
        }
    }
}

/// quoin's core over one data folder. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    // First, so that its thread has let go of the store before the store goes.
    writer: Writer,
    store: Arc<Store>,
    view: Arc<ArcSwap<View>>,
    old_views: Arc<Mutex<BTreeMap<PublicationNo, Arc<View>>>>,
    imports: Arc<Mutex<()>>,
    import_count: Arc<AtomicU64>,
    cart_lines_max: usize,
}

impl Engine {
    /// Opens a data folder, removes what was never committed, and starts the writer.
    ///
    /// # Errors
    /// What keeps the folder from being opened, and what to mend.
    pub fn open(options: &EngineOptions) -> Result<Self, OpenError> {
        let store_options = StoreOptions {
            block_cache_bytes: options.block_cache_bytes,
            create_if_missing: options.create,
            ..StoreOptions::default()
        };
        let store = Arc::new(Store::open(&options.data, &store_options)?);
        let retained = records::publications(&store)?;
        let live: Vec<u64> = retained.iter().map(|manifest| manifest.number.0).collect();
        store.remove_orphans(&live)?;
        let view = match retained.last() {
            None => View::empty(),
            Some(newest) => records::load(&store, newest)?,
        };
        let view = Arc::new(ArcSwap::from_pointee(view));
        let writer = Writer::start(Arc::clone(&store), Arc::clone(&view))?;
        Ok(Self {
            store,
            view,
            old_views: Arc::default(),
            writer,
            imports: Arc::default(),
            import_count: Arc::default(),
            cart_lines_max: options.cart_lines_max,
        })
    }

    /// The newest view.
    #[must_use]
    pub fn view(&self) -> Arc<View> {
        self.view.load_full()
    }

    /// The store, for reports and tests.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The publications that are retained, the oldest first.
    ///
    /// # Errors
    /// Where the store cannot be read or a record is damaged.
    pub fn publications(&self) -> Result<Vec<Manifest>, OpenError> {
        records::publications(&self.store)
    }

    /// The view of a retained publication.
    ///
    /// # Errors
    /// [`PriceError::UnknownPublication`].
    pub fn view_at(&self, number: PublicationNo) -> Result<Arc<View>, PriceError> {
        let newest = self.view();
        if newest.publication == number {
            return Ok(newest);
        }
        let mut old = self.old_views.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(view) = old.get(&number) {
            return Ok(Arc::clone(view));
        }
        let unknown = |oldest: u64| PriceError::UnknownPublication {
            number: number.0,
            oldest,
            newest: newest.publication.0,
        };
        let retained = self.publications().map_err(|_| unknown(newest.publication.0))?;
        let oldest = retained.first().map_or(0, |manifest| manifest.number.0);
        let manifest =
            retained.iter().find(|manifest| manifest.number == number).ok_or_else(|| unknown(oldest))?;
        let view = Arc::new(records::load(&self.store, manifest).map_err(|_| unknown(oldest))?);
        if old.len() >= OLD_VIEWS {
            old.pop_first();
        }
        old.insert(number, Arc::clone(&view));
        Ok(view)
    }

    fn next_import(&self) -> u64 {
        self.import_count.fetch_add(1, Ordering::Relaxed)
    }
}
