//! How is the service to run? Settings that are built in, then those of a file, of the environment, and of the command line:
//! the last one that says something holds. Whatever is wrong is told at once, each with its place.
//!
//! A group of keys is a file of this folder: a struct with its defaults, and a table `KEYS` of what each key is called, what
//! it takes, and how it is read and shown. A new group needs a line in [`Config`] and one in [`keys`]; flags, variables, the
//! check of the documentation and `quoin check-config` follow from the table. What contradicts other keys is said by its `check`.

mod access;
mod audit;
mod backups;
pub mod bytes;
mod contradictions;
mod file;
mod key;
mod limits;
mod load;
mod log;
mod nearest;
mod ops;
mod serve;
mod store;
pub mod times;
mod tls;
mod tokens;

pub use key::{Key, Shown};
pub use load::{Fault, Loaded, Origin, Stated, load};

pub use access::Access;
pub use audit::{Audit, AuditFolder};
pub use backups::Backups;
pub use log::Log;
pub use ops::Ops;
pub use serve::Serve;
pub use store::Store;
pub use tls::Tls;
pub use tokens::Tokens;

use super::traffic::options::TrafficOptions;

/// All settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// Where the data are, and what of them is kept in memory and for how long.
    pub store: Store,
    /// Who is served, where, and how the service stops.
    pub serve: Serve,
    /// Who may call.
    pub access: Access,
    /// Whose tokens are believed.
    pub tokens: Tokens,
    /// How connections are encrypted.
    pub tls: Tls,
    /// What is noted of who did what.
    pub audit: Audit,
    /// How much may be asked.
    pub limits: TrafficOptions,
    /// Where backups are kept.
    pub backups: Backups,
    /// Where operators ask.
    pub ops: Ops,
    /// What is logged.
    pub log: Log,
}

/// Every key, group by group.
pub fn keys() -> impl Iterator<Item = &'static Key> {
    [
        store::KEYS,
        serve::KEYS,
        access::KEYS,
        tokens::KEYS,
        tls::KEYS,
        audit::KEYS,
        limits::KEYS,
        backups::KEYS,
        ops::KEYS,
        log::KEYS,
    ]
    .into_iter()
    .flatten()
}
