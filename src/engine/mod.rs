//! The use cases: price, list, import, export, check. Over everything below, and the only writer.
//!
//! Calls are synchronous and take a [`Caller`]. A request reads one [`View`]; a change goes through the
//! writer's thread. Knows nothing of tonic.

pub mod backup;
pub mod caller;
mod cart_rows;
mod change;
pub mod check;
pub mod clock;
pub mod counts;
pub mod error;
pub mod export;
pub mod figures;
mod follow;
pub mod import;
mod land;
pub mod ledger;
mod list_skus;
pub mod listing;
pub mod log;
pub mod names_of;
pub mod policy;
mod policy_of_view;
mod pricing;
pub mod publication;
pub mod quotes;
mod records;
pub mod retention;
mod rows;
mod shared_rows;
pub mod sight;
mod validate;
pub mod view;
mod views;
mod warm;
mod writer;

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::backup::Place;
use crate::domain::ids::PublicationNo;
use crate::domain::limits;
use crate::store::{Store, StoreOptions};

use backup::Backups;
use caller::{Caller, Role};
use clock::Clock;
use counts::Counts;
use error::{OpenError, PriceError, RecordError};
use ledger::accounts::Accounts;
use ledger::limited;
use ledger::parties::PartyContracts;
use ledger::settlement::past_policies::PastPolicies;
use publication::Manifest;
use retention::{Retained, Retention};
use shared_rows::SharedRows;
use view::View;
use views::Views;
use writer::Writer;

/// How a data folder is opened.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// The data folder.
    pub data: PathBuf,
    /// Memory for row blocks.
    pub block_cache_bytes: usize,
    /// Memory for rows that several contracts share.
    pub shared_rows_bytes: u64,
    /// Lines of one cart.
    pub cart_lines_max: usize,
    /// Make the folder where it is not there.
    pub create: bool,
    /// Which publications stay; all of them where absent.
    pub retention: Option<Retention>,
    /// Where backups that are asked for by call are kept.
    pub backups: Option<Place>,
    /// What tells the time.
    pub clock: Clock,
}

impl EngineOptions {
    /// The defaults for a folder, made where it is not there.
    #[must_use]
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            block_cache_bytes: 512 << 20,
            shared_rows_bytes: 128 << 20,
            cart_lines_max: limits::CART_LINES,
            create: true,
            retention: None,
            backups: None,
            clock: Clock::default(),
        }
    }
}

/// quoin's core over one data folder. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    // First, so that its thread has let go of the store before the store goes.
    writer: Writer,
    store: Arc<Store>,
    views: Arc<Views>,
    shared_rows: Arc<SharedRows>,
    imports: Arc<Mutex<()>>,
    policies: Arc<Mutex<()>>,
    backups: Arc<Backups>,
    past_policies: Arc<PastPolicies>,
    import_count: Arc<AtomicU64>,
    cart_lines_max: usize,
    clock: Clock,
    counts: Arc<Counts>,
    /// Up to which instant every quote that is over has expired.
    expired_through: Arc<AtomicI64>,
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
        store.remove_orphans()?;
        let manifests = records::publications(&store)?;
        let mut view = match manifests.last() {
            None => View::empty(),
            Some(newest) => records::load(&store, newest)?,
        };
        if let Some((position, command_time)) = log::end(&store)? {
            (view.position, view.command_time) = (position, command_time);
        }
        view.uses = limited::records::load(&store)?;
        view.accounts = Accounts::fresh(view.catalogue.contracts.len(), view.position);
        view.parties = PartyContracts::load(&store)?;
        let first = manifests.first().map_or(view.publication, |oldest| oldest.number);
        let views = Arc::new(Views::new(view, first));
        let retained = Retained::new(options.retention, &manifests);
        let clock = options.clock.clone();
        let counts = Arc::new(Counts::default());
        let beside = (clock.clone(), Arc::clone(&counts));
        let writer = Writer::start(Arc::clone(&store), Arc::clone(&views), retained, beside)?;
        Ok(Self {
            store,
            views,
            writer,
            shared_rows: Arc::new(SharedRows::new(options.shared_rows_bytes, Arc::clone(&counts))),
            imports: Arc::default(),
            policies: Arc::default(),
            backups: Arc::new(Backups::in_place(options.backups.clone())),
            past_policies: Arc::default(),
            import_count: Arc::default(),
            cart_lines_max: options.cart_lines_max,
            clock,
            counts,
            expired_through: Arc::new(AtomicI64::new(i64::MIN)),
        })
    }

    /// The newest view.
    #[must_use]
    pub fn view(&self) -> Arc<View> {
        self.views.newest()
    }

    /// What tells the time.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock.clone()
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
    pub fn publications(&self) -> Result<Vec<Manifest>, RecordError> {
        records::publications(&self.store)
    }

    /// The publications that are retained, the oldest first, for whoever may know what all contracts together have: their counts
    /// tell that something changed for somebody.
    ///
    /// # Errors
    /// Where the caller may not, or the store cannot be read.
    pub fn known_publications(&self, caller: &Caller) -> Result<Vec<Manifest>, PriceError> {
        caller.require_over_all(Role::Price)?;
        Ok(self.publications()?)
    }

    /// The view of a retained publication.
    ///
    /// # Errors
    /// [`PriceError::UnknownPublication`], and where its records can't be read.
    pub fn view_at(&self, number: PublicationNo) -> Result<Arc<View>, PriceError> {
        let newest = self.view();
        if newest.publication == number {
            return Ok(newest);
        }
        let unknown = |oldest: u64| PriceError::UnknownPublication {
            number: number.0,
            oldest,
            newest: newest.publication.0,
        };
        let load = || -> Result<_, RecordError> {
            match records::publication(&self.store, number)? {
                Some(manifest) => records::load(&self.store, &manifest).map(Some),
                None => Ok(None),
            }
        };
        let view = self.views.older_view(number, load)?;
        view.ok_or_else(|| {
            let retained = self.publications().unwrap_or_default();
            unknown(retained.first().map_or(0, |manifest| manifest.number.0))
        })
    }

    fn next_import(&self) -> u64 {
        self.import_count.fetch_add(1, Ordering::Relaxed)
    }
}
