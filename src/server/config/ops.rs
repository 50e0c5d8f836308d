//! Keys of the listener for operators.

use std::net::{Ipv4Addr, SocketAddr};

use super::Config;
use super::contradictions::Contradictions;
use super::key::{Key, address, put, shown};

/// Settings of the listener for operators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ops {
    /// Where it listens; nowhere where absent.
    pub listen: Option<SocketAddr>,
}

impl Default for Ops {
    fn default() -> Self {
        Self { listen: Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 7481))) }
    }
}

fn listener(text: &str) -> Result<Option<SocketAddr>, String> {
    match text {
        "none" => Ok(None),
        address_text => address(address_text).map(Some),
    }
}

/// Both listeners on one port would be refused by the system, with less to say.
pub(super) fn check(config: &Config, told: &mut Contradictions) {
    let taken = config.ops.listen.filter(|address| address.port() != 0 && *address == config.serve.listen);
    if let Some(address) = taken {
        let what = format!("{address} is serve.listen already: choose another port");
        told.add(&["ops.listen", "serve.listen"], what);
    }
}

pub(super) const KEYS: &[Key] = &[Key {
    path: "ops.listen",
    flag: "ops-listen",
    variable: "QUOIN_OPS_LISTEN",
    takes: "ADDR|none",
    about: "Address and port of /metrics, /livez and /readyz over HTTP; none has none",
    read: |config, text| put(&mut config.ops.listen, listener(text)),
    show: |config| config.ops.listen.map_or_else(|| shown("none"), shown),
}];
