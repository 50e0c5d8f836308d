//! Which options of `quoin serve` say how much may be asked? docs/LIMITS.md has what they mean to clients.

use std::time::Duration;

use clap::Args;

use crate::server::TrafficOptions;
use crate::server::config::bytes;
use crate::server::traffic::options::Http2;

use super::duration;

/// How much may be asked.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits (docs/LIMITS.md)")]
pub struct Traffic {
    /// Connections, over all workers
    #[arg(long, default_value_t = 10_000, value_parser = at_least_one)]
    connections_max: usize,
    /// Connections of one peer's address
    #[arg(long, default_value_t = 1_000, value_parser = at_least_one)]
    connections_per_peer: usize,
    /// Calls in flight on one connection
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..))]
    streams_max: u32,
    /// Size of one request's headers
    #[arg(long, default_value = "16KiB", value_parser = bytes::parse)]
    header_size: usize,
    /// From accepting a connection to the beginning of HTTP/2
    #[arg(long, default_value = "5s", value_parser = duration::parse)]
    handshake_timeout: Duration,
    /// A connection on which nothing is asked for so long is closed
    #[arg(long, default_value = "15m", value_parser = duration::parse)]
    idle_timeout: Duration,
    /// An older connection takes no new calls
    #[arg(long, default_value = "1h", value_parser = duration::parse)]
    connection_age: Duration,
    /// Calls in flight on an old connection may take so long
    #[arg(long, default_value = "1h", value_parser = duration::parse)]
    connection_grace: Duration,
    /// A peer that says nothing for so long is asked whether it is there
    #[arg(long, default_value = "60s", value_parser = duration::parse)]
    keep_alive: Duration,
    /// A request may keep the server waiting so long for its body, and a second more for each --body-rate of it
    #[arg(long, default_value = "20s", value_parser = duration::parse)]
    body_timeout: Duration,
    /// What must come of a body in a second, in the long run
    #[arg(long, default_value = "1KiB", value_parser = bytes::parse)]
    body_rate: usize,
    /// A client that is to take an answer and takes nothing of it for so long is gone
    #[arg(long, default_value = "60s", value_parser = duration::parse)]
    send_timeout: Duration,
    /// Requests on one connection that are not whole yet
    #[arg(long, default_value = "64MiB", value_parser = bytes::parse)]
    unread_max: usize,
    /// Answers on one connection that its client has not taken yet
    #[arg(long, default_value = "64MiB", value_parser = bytes::parse)]
    unsent_max: usize,
    /// A message of a request
    #[arg(long, default_value = "8MiB", value_parser = bytes::parse)]
    message_in_max: usize,
    /// A message of an answer
    #[arg(long, default_value = "64MiB", value_parser = bytes::parse)]
    message_out_max: usize,
    /// Calls in flight that are not single carts, over all workers; streams among them
    #[arg(long, default_value_t = 256, value_parser = at_least_one)]
    calls_max: usize,
    /// Calls that one caller has in flight
    #[arg(long, default_value_t = 2_048, value_parser = at_least_one)]
    caller_calls_max: usize,
    /// Lines of carts that one caller has priced a second; as many as it likes where not stated
    #[arg(long, value_name = "LINES", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    caller_lines_per_second: Option<u64>,
    /// Callers that are counted apart at a time
    #[arg(long, default_value_t = 10_000, value_parser = at_least_one)]
    callers_max: usize,
    /// A worker is behind where even the quickest call waits longer
    #[arg(long, default_value = "5ms", value_parser = duration::parse)]
    wait_target: Duration,
    /// No call waits longer for its worker; where calls are long, than sixteen of them take
    #[arg(long, default_value = "20ms", value_parser = duration::parse)]
    wait_max: Duration,
    /// What clients are told to wait that are refused for there being too much to do; up to twice as long
    #[arg(long, default_value = "100ms", value_parser = duration::parse)]
    retry_after: Duration,
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err("is no whole number from 1 on".to_owned()),
        Ok(count) => Ok(count),
    }
}

impl Traffic {
    /// The limits.
    pub fn options(&self) -> TrafficOptions {
        let standard = TrafficOptions::default();
        TrafficOptions {
            http2: Http2 {
                streams: self.streams_max,
                header_bytes: u32::try_from(self.header_size).unwrap_or(u32::MAX),
                keep_alive: self.keep_alive,
                ..standard.http2
            },
            connections: self.connections_max,
            connections_per_peer: self.connections_per_peer,
            handshake: self.handshake_timeout,
            idle: self.idle_timeout,
            age: self.connection_age,
            grace: self.connection_grace,
            body: self.body_timeout,
            body_rate: u64::try_from(self.body_rate).unwrap_or(u64::MAX),
            unread: self.unread_max,
            unsent: self.unsent_max,
            send: self.send_timeout,
            message_in: self.message_in_max,
            message_out: self.message_out_max,
            calls_in_flight: self.calls_max,
            caller_in_flight: self.caller_calls_max,
            caller_lines: self.caller_lines_per_second,
            callers: self.callers_max,
            wait_target: self.wait_target,
            wait_most: self.wait_max,
            retry_after: self.retry_after,
            ..standard
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::Traffic;
    use crate::server::TrafficOptions;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        traffic: Traffic,
    }

    #[test]
    fn what_is_not_stated_is_as_the_table_has_it() {
        let line = Line::parse_from(["serve"]);
        assert_eq!(line.traffic.options(), TrafficOptions::default());
    }

    #[test]
    fn limits_of_nothing_are_refused() {
        for wrong in ["--streams-max=0", "--connections-max=0", "--handshake-timeout=0s", "--calls-max=-1"] {
            assert!(Line::try_parse_from(["serve", wrong]).is_err(), "{wrong}");
        }
    }
}
