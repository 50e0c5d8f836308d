//! Keys of the data: where they are, what of them is kept in memory, and for how long.

use std::path::PathBuf;

use crate::engine::EngineOptions;
use crate::engine::retention::Retention;

use super::bytes;
use super::key::{Key, path, put, shown, whole};

/// Settings of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// The data folder.
    pub data: PathBuf,
    /// Memory for blocks of price rows.
    pub block_cache_bytes: usize,
    /// Memory for price lists that several contracts share.
    pub shared_rows_bytes: usize,
    /// Which publications stay.
    pub retention: Retention,
}

impl Default for Store {
    fn default() -> Self {
        Self {
            data: PathBuf::from("quoin-data"),
            block_cache_bytes: 512 << 20,
            shared_rows_bytes: 128 << 20,
            retention: Retention::default(),
        }
    }
}

impl Store {
    /// How the engine is opened.
    #[must_use]
    pub fn engine_options(&self) -> EngineOptions {
        EngineOptions {
            block_cache_bytes: self.block_cache_bytes,
            shared_rows_bytes: u64::try_from(self.shared_rows_bytes).unwrap_or(u64::MAX),
            create: true,
            retention: Some(self.retention),
            ..EngineOptions::new(&self.data)
        }
    }
}

pub(super) const KEYS: &[Key] = &[
    Key {
        path: "store.data",
        flag: "data",
        variable: "QUOIN_DATA",
        takes: "DIR",
        about: "The data folder",
        read: |config, text| put(&mut config.store.data, path(text)),
        show: |config| shown(config.store.data.display()),
    },
    Key {
        path: "store.block_cache",
        flag: "block-cache",
        variable: "QUOIN_BLOCK_CACHE",
        takes: "SIZE",
        about: "Memory for blocks of price rows",
        read: |config, text| put(&mut config.store.block_cache_bytes, bytes::parse(text)),
        show: |config| shown(bytes::text(config.store.block_cache_bytes)),
    },
    Key {
        path: "store.shared_rows",
        flag: "shared-rows",
        variable: "QUOIN_SHARED_ROWS",
        takes: "SIZE",
        about: "Memory for price lists that several contracts share",
        read: |config, text| put(&mut config.store.shared_rows_bytes, bytes::parse(text)),
        show: |config| shown(bytes::text(config.store.shared_rows_bytes)),
    },
    Key {
        path: "store.retain_publications",
        flag: "retain-publications",
        variable: "QUOIN_RETAIN_PUBLICATIONS",
        takes: "N",
        about: "So many of the newest publications stay, whatever their age",
        read: |config, text| put(&mut config.store.retention.publications, whole(text, 1, 100_000)),
        show: |config| shown(config.store.retention.publications),
    },
    Key {
        path: "store.retain_days",
        flag: "retain-days",
        variable: "QUOIN_RETAIN_DAYS",
        takes: "N",
        about: "A publication stays for so many days after the next one took its place",
        read: |config, text| put(&mut config.store.retention.days, whole(text, 0, 36_500)),
        show: |config| shown(config.store.retention.days),
    },
];
