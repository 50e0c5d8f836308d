//! Keys of encrypted connections: our certificate, and those of clients.

use std::path::{Path, PathBuf};

use crate::server::access::TlsOptions;

use super::Config;
use super::contradictions::Contradictions;
use super::key::{Key, path, put, shown, shown_if_set, word};

/// Settings of encrypted connections.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tls {
    /// Our certificate chain.
    pub cert: Option<PathBuf>,
    /// Its private key.
    pub key: Option<PathBuf>,
    /// Who signs the certificates of clients.
    pub client_ca: Option<PathBuf>,
    /// May a client come without a certificate, though one is taken?
    pub client_optional: bool,
}

impl Tls {
    /// How connections are encrypted; none where nothing is set. A file that is not stated has no name, and cannot be read: nothing
    /// is served in the open that was to be encrypted.
    #[must_use]
    pub fn options(&self) -> Option<TlsOptions> {
        (*self != Self::default()).then(|| TlsOptions {
            chain: self.cert.clone().unwrap_or_default(),
            key: self.key.clone().unwrap_or_default(),
            client_ca: self.client_ca.clone(),
            client_optional: self.client_optional,
        })
    }
}

pub(super) fn check(config: &Config, told: &mut Contradictions) {
    let tls = &config.tls;
    let is_set = *tls != Tls::default();
    let both = "is missing: encrypted connections need tls.cert and tls.key";
    told.add_if(
        is_set && tls.cert.is_none(),
        &["tls.cert", "tls.key", "tls.client_ca", "tls.client_certificates"],
        both,
    );
    told.add_if(
        is_set && tls.key.is_none(),
        &["tls.key", "tls.cert", "tls.client_ca", "tls.client_certificates"],
        both,
    );
    told.add_if(
        tls.client_optional && tls.client_ca.is_none(),
        &["tls.client_ca", "tls.client_certificates"],
        "is missing: without it no certificates of clients are taken, optional or not",
    );
}

const CLIENT_CERTIFICATES: [(&str, bool); 2] = [("required", false), ("optional", true)];

pub(super) const KEYS: &[Key] = &[
    Key {
        path: "tls.cert",
        flag: "tls-cert",
        variable: "QUOIN_TLS_CERT",
        takes: "FILE",
        about: "Our certificate chain, PEM; read anew when it changes",
        read: |config, text| put(&mut config.tls.cert, path(text).map(Some)),
        show: |config| shown_if_set(config.tls.cert.as_deref().map(Path::display)),
    },
    Key {
        path: "tls.key",
        flag: "tls-key",
        variable: "QUOIN_TLS_KEY",
        takes: "FILE",
        about: "Its private key, PEM",
        read: |config, text| put(&mut config.tls.key, path(text).map(Some)),
        show: |config| shown_if_set(config.tls.key.as_deref().map(Path::display)),
    },
    Key {
        path: "tls.client_ca",
        flag: "client-ca",
        variable: "QUOIN_CLIENT_CA",
        takes: "FILE",
        about: "Who signs the certificates of clients, PEM",
        read: |config, text| put(&mut config.tls.client_ca, path(text).map(Some)),
        show: |config| shown_if_set(config.tls.client_ca.as_deref().map(Path::display)),
    },
    Key {
        path: "tls.client_certificates",
        flag: "client-certificates",
        variable: "QUOIN_CLIENT_CERTIFICATES",
        takes: "required|optional",
        about: "Whether clients need a certificate, where tls.client_ca takes any; who has none shows a key or a token",
        read: |config, text| put(&mut config.tls.client_optional, word(text, &CLIENT_CERTIFICATES)),
        show: |config| shown(if config.tls.client_optional { "optional" } else { "required" }),
    },
];
