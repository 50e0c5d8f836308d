//! How is the service to run? Settings that are built in, then those of a file, of the environment, and of the command line:
//! the last one that says something holds. Whatever is wrong is told at once, each with its place.
//!
//! A group of keys is a file of this folder: a struct with its defaults, and a table `KEYS` of what each key is called, what
//! it takes, and how it is read and shown. A new group needs a line in [`Config`] and one in [`keys`]; flags, variables, the
//! check of the documentation and `quoin check-config` follow from the table.

pub mod bytes;
mod file;
mod key;
mod load;
mod log;
mod nearest;
mod ops;
mod serve;
mod store;

pub use key::{Key, Shown};
pub use load::{Fault, Loaded, Origin, Stated, load};

pub use log::Log;
pub use ops::Ops;
pub use serve::Serve;
pub use store::Store;

/// All settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// Where the data are, and what of them is kept in memory and for how long.
    pub store: Store,
    /// Who is served, where, and how the service stops.
    pub serve: Serve,
    /// Where operators ask.
    pub ops: Ops,
    /// What is logged.
    pub log: Log,
}

/// Every key, group by group.
pub fn keys() -> impl Iterator<Item = &'static Key> {
    [store::KEYS, serve::KEYS, ops::KEYS, log::KEYS].into_iter().flatten()
}

/// What is wrong with settings that are right each by itself: the key that is to be mended, and why.
type Check = fn(&Config) -> Option<(&'static str, String)>;

const CHECKS: &[Check] = &[ops::has_an_address_of_its_own];
