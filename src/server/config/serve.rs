//! Keys of serving: where, by how many threads, whom, and how the service stops.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use crate::domain::limits;

use super::key::{Key, address, put, shown, shown_if_set, shown_time, whole, yes_or_no};
use super::times::{self, DAY};

/// Settings of serving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serve {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Threads with a listener each; one a processor where absent.
    pub workers: Option<usize>,
    /// Lines of one cart.
    pub cart_lines_max: usize,
    /// Serve peers on other machines, without tokens.
    pub insecure_any_peer: bool,
    /// How long it goes on taking calls after SIGTERM.
    pub drain_pause: Duration,
    /// How long calls in flight may take after that.
    pub drain_timeout: Duration,
}

impl Default for Serve {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 7480)),
            workers: None,
            cart_lines_max: limits::CART_LINES,
            insecure_any_peer: false,
            drain_pause: Duration::ZERO,
            drain_timeout: Duration::from_secs(20),
        }
    }
}

pub(super) const KEYS: &[Key] = &[
    Key {
        path: "serve.listen",
        flag: "listen",
        variable: "QUOIN_LISTEN",
        takes: "ADDR",
        about: "Address and port of gRPC; port 0 finds a free one",
        read: |config, text| put(&mut config.serve.listen, address(text)),
        show: |config| shown(config.serve.listen),
    },
    Key {
        path: "serve.workers",
        flag: "workers",
        variable: "QUOIN_WORKERS",
        takes: "N",
        about: "Threads, each with a listener of its own; one a processor where not stated",
        read: |config, text| put(&mut config.serve.workers, whole(text, 1, 1_024).map(Some)),
        show: |config| shown_if_set(config.serve.workers),
    },
    Key {
        path: "serve.cart_lines_max",
        flag: "cart-lines-max",
        variable: "QUOIN_CART_LINES_MAX",
        takes: "N",
        about: "Lines of one cart",
        read: |config, text| put(&mut config.serve.cart_lines_max, whole(text, 1, 1_000_000)),
        show: |config| shown(config.serve.cart_lines_max),
    },
    Key {
        path: "serve.insecure_any_peer",
        flag: "insecure-any-peer",
        variable: "QUOIN_INSECURE_ANY_PEER",
        takes: "true|false",
        about: "Let peers on other machines do and see everything, without tokens",
        read: |config, text| put(&mut config.serve.insecure_any_peer, yes_or_no(text)),
        show: |config| shown(config.serve.insecure_any_peer),
    },
    Key {
        path: "serve.drain_pause",
        flag: "drain-pause",
        variable: "QUOIN_DRAIN_PAUSE",
        takes: "TIME",
        about: "After SIGTERM the service says that it is not ready, and goes on for so long, so that load balancers notice",
        read: |config, text| put(&mut config.serve.drain_pause, times::parse(text, Duration::ZERO, DAY)),
        show: |config| shown_time(config.serve.drain_pause),
    },
    Key {
        path: "serve.drain_timeout",
        flag: "drain-timeout",
        variable: "QUOIN_DRAIN_TIMEOUT",
        takes: "TIME",
        about: "Calls in flight may take so long after that",
        read: |config, text| put(&mut config.serve.drain_timeout, times::parse(text, Duration::ZERO, DAY)),
        show: |config| shown_time(config.serve.drain_timeout),
    },
];
