//! Keys of tokens: whose are believed, and where the keys are that they are signed with.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::server::access::{Algorithm, KEYS_PAUSE, KeysFrom, LEEWAY_MOST, TokenOptions};

use super::Config;
use super::contradictions::Contradictions;
use super::key::{Key, Shown, filled, list, path, put, shown, shown_if_set, shown_time, word};
use super::times::{self, YEAR};

/// Settings of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// Where the keys are that they are signed with.
    pub jwks: Option<KeysFrom>,
    /// Certificates to trust there.
    pub jwks_ca: Option<PathBuf>,
    /// All else. Issuer and audiences are empty until they are stated; where the keys are is not said here.
    pub like: TokenOptions,
}

impl Default for Tokens {
    fn default() -> Self {
        let nowhere = KeysFrom::File(PathBuf::new());
        let like = TokenOptions { audiences: Vec::new(), ..TokenOptions::new(nowhere, "", "") };
        Self { jwks: None, jwks_ca: None, like }
    }
}

impl Tokens {
    /// What tokens are to be like; none is believed where nothing is set. Keys whose place is not stated cannot be read.
    #[must_use]
    pub fn options(&self) -> Option<TokenOptions> {
        (*self != Self::default()).then(|| {
            let keys = match &self.jwks {
                Some(KeysFrom::Address { address, .. }) => {
                    KeysFrom::Address { address: address.clone(), ca: self.jwks_ca.clone() }
                }
                Some(KeysFrom::File(path)) => KeysFrom::File(path.clone()),
                None => self.like.keys.clone(),
            };
            TokenOptions { keys, ..self.like.clone() }
        })
    }
}

pub(super) fn check(config: &Config, told: &mut Contradictions) {
    let tokens = &config.tokens;
    told.add_if(
        tokens.jwks.is_none() && *tokens != Tokens::default(),
        &[
            "tokens.jwks",
            "tokens.jwks_ca",
            "tokens.jwks_refresh",
            "tokens.jwks_age_max",
            "tokens.issuer",
            "tokens.audience",
            "tokens.algorithms",
            "tokens.leeway",
            "tokens.claims",
        ],
        "is missing: without the issuer's keys no token can be believed",
    );
    let is_https = |keys: &KeysFrom| matches!(keys, KeysFrom::Address { address, .. } if address.starts_with("https://"));
    told.add_if(
        tokens.jwks_ca.is_some() && tokens.jwks.as_ref().is_some_and(|keys| !is_https(keys)),
        &["tokens.jwks_ca", "tokens.jwks"],
        "there is nothing to trust: tokens.jwks is no https address",
    );
}

fn algorithm(text: &str) -> Result<Algorithm, String> {
    word(text, &Algorithm::ALL.map(|algorithm| (algorithm.name(), algorithm)))
}

fn names(algorithms: &[Algorithm]) -> String {
    algorithms.iter().map(|algorithm| algorithm.name()).collect::<Vec<_>>().join(",")
}

fn shown_if_filled(text: &str) -> Shown {
    shown_if_set((!text.is_empty()).then_some(text))
}

pub(super) const KEYS: &[Key] = &[
    Key {
        path: "tokens.jwks",
        flag: "jwks",
        variable: "QUOIN_JWKS",
        takes: "FILE|URL",
        about: "Keys that tokens are signed with: a JWKS file, or its http(s) address",
        read: |config, text| put(&mut config.tokens.jwks, KeysFrom::parse(text).map(Some)),
        show: |config| shown_if_set(config.tokens.jwks.as_ref()),
    },
    Key {
        path: "tokens.jwks_ca",
        flag: "jwks-ca",
        variable: "QUOIN_JWKS_CA",
        takes: "FILE",
        about: "Certificates to trust at that address, PEM; the system's where not stated",
        read: |config, text| put(&mut config.tokens.jwks_ca, path(text).map(Some)),
        show: |config| shown_if_set(config.tokens.jwks_ca.as_deref().map(Path::display)),
    },
    Key {
        path: "tokens.jwks_refresh",
        flag: "jwks-refresh",
        variable: "QUOIN_JWKS_REFRESH",
        takes: "TIME",
        about: "Keys are asked for anew when they are so old",
        read: |config, text| put(&mut config.tokens.like.keys_refresh, times::parse(text, KEYS_PAUSE, YEAR)),
        show: |config| shown_time(config.tokens.like.keys_refresh),
    },
    Key {
        path: "tokens.jwks_age_max",
        flag: "jwks-age-max",
        variable: "QUOIN_JWKS_AGE_MAX",
        takes: "TIME",
        about: "Keys that could not be asked for anew for so long are no longer believed",
        read: |config, text| put(&mut config.tokens.like.keys_age_most, times::parse(text, KEYS_PAUSE, YEAR)),
        show: |config| shown_time(config.tokens.like.keys_age_most),
    },
    Key {
        path: "tokens.issuer",
        flag: "token-issuer",
        variable: "QUOIN_TOKEN_ISSUER",
        takes: "NAME",
        about: "The iss of tokens",
        read: |config, text| put(&mut config.tokens.like.issuer, filled(text)),
        show: |config| shown_if_filled(&config.tokens.like.issuer),
    },
    Key {
        path: "tokens.audience",
        flag: "token-audience",
        variable: "QUOIN_TOKEN_AUDIENCE",
        takes: "NAME,...",
        about: "The aud of tokens: one of these",
        read: |config, text| put(&mut config.tokens.like.audiences, list(text, filled)),
        show: |config| shown_if_filled(&config.tokens.like.audiences.join(",")),
    },
    Key {
        path: "tokens.algorithms",
        flag: "token-algorithms",
        variable: "QUOIN_TOKEN_ALGORITHMS",
        takes: "NAME,...",
        about: "How tokens may be signed",
        read: |config, text| put(&mut config.tokens.like.algorithms, list(text, algorithm)),
        show: |config| shown(names(&config.tokens.like.algorithms)),
    },
    Key {
        path: "tokens.leeway",
        flag: "token-leeway",
        variable: "QUOIN_TOKEN_LEEWAY",
        takes: "TIME",
        about: "Our clock and the issuer's may be so far apart; at most 5m",
        read: |config, text| {
            put(&mut config.tokens.like.leeway, times::parse(text, Duration::ZERO, LEEWAY_MOST))
        },
        show: |config| shown_time(config.tokens.like.leeway),
    },
    Key {
        path: "tokens.claims",
        flag: "token-claims",
        variable: "QUOIN_TOKEN_CLAIMS",
        takes: "NAME",
        about: "The claim, an object, in which roles and contracts stand; at the top where not stated",
        read: |config, text| put(&mut config.tokens.like.claims, filled(text).map(Some)),
        show: |config| shown_if_set(config.tokens.like.claims.as_ref()),
    },
];
