//! Which limits are there, and what are they unless stated otherwise? One table; docs/LIMITS.md tells what clients see.

use std::time::Duration;

use crate::domain::limits;

/// How much may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrafficOptions {
    /// Of each connection's protocol.
    pub http2: Http2,
    /// Connections, over all workers.
    pub connections: usize,
    /// Connections of one peer's address; of one /64 where it is IPv6.
    pub connections_per_peer: usize,
    /// From accepting a connection to HTTP/2's preface and the head of the client's settings.
    pub handshake: Duration,
    /// A connection on which nothing was asked for so long is closed.
    pub idle: Duration,
    /// A connection that is older takes no new calls. A tenth more or less, so that not all go at once.
    pub age: Duration,
    /// Calls in flight on such a connection may take so long.
    pub grace: Duration,
    /// How long a client may keep the server waiting for a request's body, and a second more for each
    /// [`body_rate`](Self::body_rate) bytes that came.
    pub body: Duration,
    /// Bytes a second that a body must come at in the long run.
    pub body_rate: u64,
    /// Bytes of requests on one connection whose messages are not whole yet.
    pub unread: usize,
    /// Bytes of answers on one connection that its client has not taken; no call is begun on it until it takes them.
    pub unsent: usize,
    /// A client that is to take an answer and takes nothing for so long is gone.
    pub send: Duration,
    /// Bytes of a message that is received.
    pub message_in: usize,
    /// Bytes of a message that is sent.
    pub message_out: usize,
    /// Calls in flight that are not carts priced on their worker, over all workers; streams among them.
    pub calls_in_flight: usize,
    /// Calls that one caller has in flight.
    pub caller_in_flight: usize,
    /// Lines of carts that one caller has priced a second; as many as it likes where none is stated.
    pub caller_lines: Option<u64>,
    /// Callers of which this is remembered.
    pub callers: usize,
    /// A worker is behind where every call of [`wait_interval`](Self::wait_interval) waited longer than this.
    pub wait_target: Duration,
    /// A call that waited longer for its worker is refused, however short the bursts are; where calls are long, longer than sixteen
    /// of them take.
    pub wait_most: Duration,
    /// How often it is asked whether a worker is behind.
    pub wait_interval: Duration,
    /// Refused clients are told to come back after so long, or up to twice as long.
    pub retry_after: Duration,
}

/// Limits that HTTP/2 itself has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Http2 {
    /// Calls in flight on one connection.
    pub streams: u32,
    /// Streams that a client reset before they were looked at; more close the connection.
    pub reset_streams: usize,
    /// Streams that the server reset for a client's faults; more close the connection.
    pub error_streams: usize,
    /// Bytes of one request's headers; four times as many close the connection.
    pub header_bytes: u32,
    /// Bytes that a client's header table may have.
    pub header_table_bytes: u32,
    /// Bytes of one stream that a client may send ahead.
    pub stream_window_bytes: u32,
    /// Bytes of one connection that a client may send ahead.
    pub connection_window_bytes: u32,
    /// Bytes of one frame.
    pub frame_bytes: u32,
    /// Bytes of an answer that wait for a stream to take them, besides the part in hand.
    pub send_buffer_bytes: usize,
    /// A peer that says nothing for so long is asked whether it is there.
    pub keep_alive: Duration,
    /// And must answer within this.
    pub keep_alive_answer: Duration,
}

impl Default for Http2 {
    fn default() -> Self {
        Self {
            streams: 256,
            reset_streams: 20,
            error_streams: 128,
            header_bytes: 16 << 10,
            header_table_bytes: 4 << 10,
            stream_window_bytes: 1 << 20,
            connection_window_bytes: 8 << 20,
            frame_bytes: 16 << 10,
            send_buffer_bytes: 1 << 20,
            keep_alive: Duration::from_secs(60),
            keep_alive_answer: Duration::from_secs(20),
        }
    }
}

impl Default for TrafficOptions {
    fn default() -> Self {
        Self {
            http2: Http2::default(),
            connections: 10_000,
            connections_per_peer: 1_000,
            handshake: Duration::from_secs(5),
            idle: Duration::from_secs(15 * 60),
            age: Duration::from_secs(60 * 60),
            grace: Duration::from_secs(60 * 60),
            body: Duration::from_secs(20),
            body_rate: 1 << 10,
            unread: 64 << 20,
            unsent: 64 << 20,
            send: Duration::from_secs(60),
            message_in: limits::GRPC_MESSAGE_BYTES,
            message_out: limits::GRPC_ANSWER_BYTES,
            calls_in_flight: 256,
            caller_in_flight: 2_048,
            caller_lines: None,
            callers: 10_000,
            wait_target: Duration::from_millis(5),
            wait_most: Duration::from_millis(20),
            wait_interval: Duration::from_millis(100),
            retry_after: Duration::from_millis(100),
        }
    }
}
