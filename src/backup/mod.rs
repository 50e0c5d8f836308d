//! How is a copy of a store kept elsewhere, and made a data folder again? As files under their digests, and one manifest a backup.
//!
//! ```text
//! files/ab/<sha256>              the bytes of a file, under their digest: several backups share it
//! backups/<id>.<sha256>.json     a manifest, under the instant of its backup and its own digest; written last
//! quoin-backup.lock              held while a backup is taken or pruned
//! ```
//! Table files never change, so that a backup copies what is new since the one before. All names end in the digest of their bytes: what is damaged
//! is known by its name, and `sha256sum` tells the same. Until its manifest is there, whole and under its name, a backup is not there; what it left is
//! taken up by the next one or goes with pruning. It knows files and numbers, never what is in them: what a store is,
//! is `store`'s, and what a publication is, `engine`'s.

mod digest;
mod error;
mod listing;
mod manifest;
mod name;
mod place;
mod restore;
mod space;
mod take;
mod target;

pub use digest::Digest;
pub use error::BackupError;
pub use listing::{Known, Pruned, Verified, list, prune, verify};
pub use manifest::{About, FORMAT, Kept, Manifest};
pub use place::Place;
pub use restore::{Restored, restore};
pub use take::{Taken, take};
pub use target::Target;
