//! Keys of how much may be asked; docs/LIMITS.md has what clients see. What is built in is [`TrafficOptions`]' own.

use std::time::Duration;

use crate::server::traffic::options::TrafficOptions;

use super::contradictions::Contradictions;
use super::key::{Key, put, shown, shown_if_set, shown_time, whole};
use super::times::{self, DAY, LEAST, YEAR};
use super::{Config, bytes};

/// Connections, calls or callers: more than a machine could have, and fewer than any counter.
const COUNT_MOST: usize = 10_000_000;
/// Calls on one connection.
const STREAMS_MOST: u32 = 1_000_000;
/// Lines a second: an account counts in nanoseconds.
const LINES_MOST: u64 = 1_000_000_000;
/// Anything less would refuse what is right.
const SIZE_LEAST: usize = 1 << 10;
/// Four times as much is still a size for HTTP/2.
const HEADER_MOST: usize = 16 << 20;
/// gRPC has four bytes for the length of a message.
const MESSAGE_MOST: usize = 1 << 30;
/// What one connection may hold in memory.
const HELD_MOST: usize = 64 << 30;
/// At this rate a byte has two nanoseconds.
const RATE_MOST: usize = 512 << 20;

fn count(text: &str) -> Result<usize, String> {
    whole(text, 1, COUNT_MOST)
}

/// How long a connection may last or a peer be silent.
fn long(text: &str) -> Result<Duration, String> {
    times::parse(text, LEAST, YEAR)
}

/// How long somebody waits for an answer.
fn wait(text: &str) -> Result<Duration, String> {
    times::parse(text, LEAST, DAY)
}

fn header(text: &str) -> Result<u32, String> {
    bytes::between(text, SIZE_LEAST, HEADER_MOST).map(|size| u32::try_from(size).unwrap_or(u32::MAX))
}

fn rate(text: &str) -> Result<u64, String> {
    bytes::between(text, 1, RATE_MOST).map(|size| u64::try_from(size).unwrap_or(u64::MAX))
}

pub(super) fn check(config: &Config, told: &mut Contradictions) {
    let limits: &TrafficOptions = &config.limits;
    told.add_if(
        limits.wait_target > limits.wait_most,
        &["limits.wait_target", "limits.wait_max"],
        "is longer than limits.wait_max, which is the most that any call waits",
    );
    told.add_if(
        limits.message_in > limits.unread,
        &["limits.message_in_max", "limits.unread_max"],
        "is more than limits.unread_max: such a message would never be whole",
    );
}

pub(super) const KEYS: &[Key] = &[
    Key {
        path: "limits.connections_max",
        flag: "connections-max",
        variable: "QUOIN_CONNECTIONS_MAX",
        takes: "N",
        about: "Connections, over all workers",
        read: |config, text| put(&mut config.limits.connections, count(text)),
        show: |config| shown(config.limits.connections),
    },
    Key {
        path: "limits.connections_per_peer",
        flag: "connections-per-peer",
        variable: "QUOIN_CONNECTIONS_PER_PEER",
        takes: "N",
        about: "Connections of one peer's address",
        read: |config, text| put(&mut config.limits.connections_per_peer, count(text)),
        show: |config| shown(config.limits.connections_per_peer),
    },
    Key {
        path: "limits.streams_max",
        flag: "streams-max",
        variable: "QUOIN_STREAMS_MAX",
        takes: "N",
        about: "Calls in flight on one connection",
        read: |config, text| put(&mut config.limits.http2.streams, whole(text, 1, STREAMS_MOST)),
        show: |config| shown(config.limits.http2.streams),
    },
    Key {
        path: "limits.header_size",
        flag: "header-size",
        variable: "QUOIN_HEADER_SIZE",
        takes: "SIZE",
        about: "Headers of one request",
        read: |config, text| put(&mut config.limits.http2.header_bytes, header(text)),
        show: |config| {
            shown(bytes::text(usize::try_from(config.limits.http2.header_bytes).unwrap_or(usize::MAX)))
        },
    },
    Key {
        path: "limits.handshake_timeout",
        flag: "handshake-timeout",
        variable: "QUOIN_HANDSHAKE_TIMEOUT",
        takes: "TIME",
        about: "From accepting a connection to the beginning of HTTP/2",
        read: |config, text| put(&mut config.limits.handshake, long(text)),
        show: |config| shown_time(config.limits.handshake),
    },
    Key {
        path: "limits.idle_timeout",
        flag: "idle-timeout",
        variable: "QUOIN_IDLE_TIMEOUT",
        takes: "TIME",
        about: "A connection on which nothing is asked for so long is closed",
        read: |config, text| put(&mut config.limits.idle, long(text)),
        show: |config| shown_time(config.limits.idle),
    },
    Key {
        path: "limits.connection_age",
        flag: "connection-age",
        variable: "QUOIN_CONNECTION_AGE",
        takes: "TIME",
        about: "An older connection takes no new calls",
        read: |config, text| put(&mut config.limits.age, long(text)),
        show: |config| shown_time(config.limits.age),
    },
    Key {
        path: "limits.connection_grace",
        flag: "connection-grace",
        variable: "QUOIN_CONNECTION_GRACE",
        takes: "TIME",
        about: "Calls in flight on an old connection may take so long",
        read: |config, text| put(&mut config.limits.grace, long(text)),
        show: |config| shown_time(config.limits.grace),
    },
    Key {
        path: "limits.keep_alive",
        flag: "keep-alive",
        variable: "QUOIN_KEEP_ALIVE",
        takes: "TIME",
        about: "A peer that says nothing for so long is asked whether it is there",
        read: |config, text| put(&mut config.limits.http2.keep_alive, long(text)),
        show: |config| shown_time(config.limits.http2.keep_alive),
    },
    Key {
        path: "limits.body_timeout",
        flag: "body-timeout",
        variable: "QUOIN_BODY_TIMEOUT",
        takes: "TIME",
        about: "A request may keep the server waiting so long for its body, and a second more for each limits.body_rate of it",
        read: |config, text| put(&mut config.limits.body, long(text)),
        show: |config| shown_time(config.limits.body),
    },
    Key {
        path: "limits.body_rate",
        flag: "body-rate",
        variable: "QUOIN_BODY_RATE",
        takes: "SIZE",
        about: "What must come of a body in a second, in the long run",
        read: |config, text| put(&mut config.limits.body_rate, rate(text)),
        show: |config| shown(bytes::text(usize::try_from(config.limits.body_rate).unwrap_or(usize::MAX))),
    },
    Key {
        path: "limits.send_timeout",
        flag: "send-timeout",
        variable: "QUOIN_SEND_TIMEOUT",
        takes: "TIME",
        about: "A client that is to take an answer and takes nothing of it for so long is gone",
        read: |config, text| put(&mut config.limits.send, long(text)),
        show: |config| shown_time(config.limits.send),
    },
    Key {
        path: "limits.unread_max",
        flag: "unread-max",
        variable: "QUOIN_UNREAD_MAX",
        takes: "SIZE",
        about: "Requests on one connection that are not whole yet",
        read: |config, text| put(&mut config.limits.unread, bytes::between(text, SIZE_LEAST, HELD_MOST)),
        show: |config| shown(bytes::text(config.limits.unread)),
    },
    Key {
        path: "limits.unsent_max",
        flag: "unsent-max",
        variable: "QUOIN_UNSENT_MAX",
        takes: "SIZE",
        about: "Answers on one connection that its client has not taken yet",
        read: |config, text| put(&mut config.limits.unsent, bytes::between(text, SIZE_LEAST, HELD_MOST)),
        show: |config| shown(bytes::text(config.limits.unsent)),
    },
    Key {
        path: "limits.message_in_max",
        flag: "message-in-max",
        variable: "QUOIN_MESSAGE_IN_MAX",
        takes: "SIZE",
        about: "A message of a request",
        read: |config, text| {
            put(&mut config.limits.message_in, bytes::between(text, SIZE_LEAST, MESSAGE_MOST))
        },
        show: |config| shown(bytes::text(config.limits.message_in)),
    },
    Key {
        path: "limits.message_out_max",
        flag: "message-out-max",
        variable: "QUOIN_MESSAGE_OUT_MAX",
        takes: "SIZE",
        about: "A message of an answer",
        read: |config, text| {
            put(&mut config.limits.message_out, bytes::between(text, SIZE_LEAST, MESSAGE_MOST))
        },
        show: |config| shown(bytes::text(config.limits.message_out)),
    },
    Key {
        path: "limits.calls_max",
        flag: "calls-max",
        variable: "QUOIN_CALLS_MAX",
        takes: "N",
        about: "Calls in flight that are not single carts, over all workers; streams among them",
        read: |config, text| put(&mut config.limits.calls_in_flight, count(text)),
        show: |config| shown(config.limits.calls_in_flight),
    },
    Key {
        path: "limits.caller_calls_max",
        flag: "caller-calls-max",
        variable: "QUOIN_CALLER_CALLS_MAX",
        takes: "N",
        about: "Calls that one caller has in flight",
        read: |config, text| put(&mut config.limits.caller_in_flight, count(text)),
        show: |config| shown(config.limits.caller_in_flight),
    },
    Key {
        path: "limits.caller_lines_per_second",
        flag: "caller-lines-per-second",
        variable: "QUOIN_CALLER_LINES_PER_SECOND",
        takes: "N",
        about: "Lines of carts that one caller has priced a second; as many as it likes where not stated",
        read: |config, text| put(&mut config.limits.caller_lines, whole(text, 1, LINES_MOST).map(Some)),
        show: |config| shown_if_set(config.limits.caller_lines),
    },
    Key {
        path: "limits.callers_max",
        flag: "callers-max",
        variable: "QUOIN_CALLERS_MAX",
        takes: "N",
        about: "Callers that are counted apart at a time",
        read: |config, text| put(&mut config.limits.callers, count(text)),
        show: |config| shown(config.limits.callers),
    },
    Key {
        path: "limits.wait_target",
        flag: "wait-target",
        variable: "QUOIN_WAIT_TARGET",
        takes: "TIME",
        about: "A worker is behind where even the quickest call waits longer",
        read: |config, text| put(&mut config.limits.wait_target, wait(text)),
        show: |config| shown_time(config.limits.wait_target),
    },
    Key {
        path: "limits.wait_max",
        flag: "wait-max",
        variable: "QUOIN_WAIT_MAX",
        takes: "TIME",
        about: "No call waits longer for its worker; where calls are long, than sixteen of them take",
        read: |config, text| put(&mut config.limits.wait_most, wait(text)),
        show: |config| shown_time(config.limits.wait_most),
    },
    Key {
        path: "limits.retry_after",
        flag: "retry-after",
        variable: "QUOIN_RETRY_AFTER",
        takes: "TIME",
        about: "What clients are told to wait that are refused for there being too much to do; up to twice as long",
        read: |config, text| put(&mut config.limits.retry_after, wait(text)),
        show: |config| shown_time(config.limits.retry_after),
    },
];
