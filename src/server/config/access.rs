//! Keys of who may call, besides what certificates and tokens have of their own; and all of it together.

use std::path::{Path, PathBuf};

use crate::server::access::{AccessFault, AccessOptions};

use super::Config;
use super::contradictions::Contradictions;
use super::key::{Key, path, put, shown, shown_if_set, yes_or_no};

/// Settings of who may call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Access {
    /// The file of callers.
    pub callers: Option<PathBuf>,
    /// Answer server reflection.
    pub reflection: bool,
}

impl Config {
    /// Who may call.
    #[must_use]
    pub fn access_options(&self) -> AccessOptions {
        AccessOptions {
            insecure_any_peer: self.serve.insecure_any_peer,
            callers: self.access.callers.clone(),
            tokens: self.tokens.options(),
            tls: self.tls.options(),
            reflection: self.access.reflection,
            audit: self.audit.options(&self.store.data),
        }
    }
}

/// What access itself would refuse, by the keys that say it.
pub(super) fn check(config: &Config, told: &mut Contradictions) {
    for fault in config.access_options().faults() {
        let keys: &[&str] = match fault {
            AccessFault::EveryPeerAndCallers => &["serve.insecure_any_peer", "access.callers", "tokens.jwks"],
            AccessFault::NobodyByCertificate => &["access.callers", "tls.client_ca"],
            AccessFault::NoIssuer => &["tokens.issuer", "tokens.jwks", "tokens.audience"],
            AccessFault::NoAudience => &["tokens.audience", "tokens.jwks", "tokens.issuer"],
            AccessFault::NoAlgorithm => &["tokens.algorithms"],
            AccessFault::ClocksApart => &["tokens.leeway"],
            AccessFault::TooOldTooSoon => &["tokens.jwks_age_max", "tokens.jwks_refresh"],
            AccessFault::AskedTooOften => &["tokens.jwks_refresh"],
        };
        told.add(keys, fault.to_string());
    }
}

pub(super) const KEYS: &[Key] = &[
    Key {
        path: "access.callers",
        flag: "callers",
        variable: "QUOIN_CALLERS",
        takes: "FILE",
        about: "YAML file of callers, with their keys and certificates; read anew when it changes",
        read: |config, text| put(&mut config.access.callers, path(text).map(Some)),
        show: |config| shown_if_set(config.access.callers.as_deref().map(Path::display)),
    },
    Key {
        path: "access.reflection",
        flag: "reflection",
        variable: "QUOIN_REFLECTION",
        takes: "true|false",
        about: "Answer gRPC server reflection",
        read: |config, text| put(&mut config.access.reflection, yes_or_no(text)),
        show: |config| shown(config.access.reflection),
    },
];
