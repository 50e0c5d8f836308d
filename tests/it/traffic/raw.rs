//! HTTP/2 written by hand, for what no client library would send.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// A server that neither answers nor hangs up is waited for no longer.
const PATIENCE: Duration = Duration::from_secs(20);

pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RST_STREAM: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const GOAWAY: u8 = 7;
pub const CONTINUATION: u8 = 9;
pub const END_HEADERS: u8 = 4;
pub const END_STREAM: u8 = 1;

pub const NO_ERROR: u32 = 0;
pub const ENHANCE_YOUR_CALM: u32 = 11;

/// A frame as it goes over the wire.
pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// A request's names: POST and http by their place in HPACK's table, the rest as text that is not remembered.
pub fn names(path: &str) -> Vec<u8> {
    let mut names = vec![0x83, 0x86];
    for (name, value) in [(4, path), (1, "quoin"), (31, "application/grpc")] {
        if name < 15 {
            names.push(name);
        } else {
            names.extend([15, name - 15]);
        }
        names.push(u8::try_from(value.len()).unwrap());
        names.extend(value.as_bytes());
    }
    names
}

/// The same, by a caller with the role `price` alone.
pub fn names_as_portal(path: &str) -> Vec<u8> {
    let mut names = names(path);
    names.push(0);
    for text in ["quoin-roles", "price"] {
        names.push(u8::try_from(text.len()).unwrap());
        names.extend(text.as_bytes());
    }
    names
}

/// A connection.
pub struct Raw(TcpStream);

impl Raw {
    /// Connects, and says nothing.
    pub fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Self(stream)
    }

    /// Connects and begins as every client does. A server that does not want it may have hung up by then.
    pub fn greeted(address: &str) -> Self {
        let mut raw = Self::connect(address);
        let _hung_up = !(raw.send(PREFACE) && raw.send(&frame(SETTINGS, 0, 0, &[])));
        raw
    }

    /// Sends bytes; false where the server has hung up.
    pub fn send(&mut self, bytes: &[u8]) -> bool {
        match self.0.write_all(bytes) {
            Ok(()) => true,
            Err(error) if matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset) => false,
            Err(error) => panic!("the server takes nothing: {error}"),
        }
    }

    /// Sends the same again and again until the server has hung up. Panics where it takes too much.
    pub fn send_endlessly(&mut self, bytes: &[u8], most: usize) {
        let sent = (0..most.div_ceil(bytes.len())).take_while(|_| self.send(bytes)).count() * bytes.len();
        assert!(sent < most, "the server took {sent} bytes");
    }

    /// Does the server say anything before it hangs up?
    pub fn answers(&mut self) -> bool {
        match self.0.read(&mut [0; 64]) {
            Ok(came) => came > 0,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => false,
            Err(error) => panic!("the server neither answers nor hangs up: {error}"),
        }
    }

    /// Reads until a call is answered. Panics where the connection ends before.
    pub fn until_answered(&mut self, stream: u32) {
        loop {
            let mut head = [0; 9];
            self.0.read_exact(&mut head).unwrap();
            let [a, b, c, kind, _, of @ ..] = head;
            let mut payload = vec![0; usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap()];
            self.0.read_exact(&mut payload).unwrap();
            assert!(kind != GOAWAY, "the connection ends: {payload:?}");
            if kind == HEADERS && u32::from_be_bytes(of) == stream {
                return;
            }
        }
    }

    /// Reads until the server hangs up: its frames, as far as they came.
    pub fn until_hung_up(&mut self) -> Vec<(u8, Vec<u8>)> {
        let mut bytes = Vec::new();
        match self.0.read_to_end(&mut bytes) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
            Err(error) => panic!("the server does not hang up: {error}"),
        }
        let (mut frames, mut rest) = (Vec::new(), bytes.as_slice());
        while let Some(([a, b, c, kind, ..], _)) = rest.split_first_chunk::<9>() {
            let length = usize::try_from(u32::from_be_bytes([0, *a, *b, *c])).unwrap();
            let Some(payload) = rest.get(9..9 + length) else { break };
            frames.push((*kind, payload.to_vec()));
            rest = &rest[9 + length..];
        }
        frames
    }
}

/// The reasons that a server gave for ending a connection.
pub fn farewells(frames: &[(u8, Vec<u8>)]) -> Vec<u32> {
    let goaways = frames.iter().filter(|(kind, _)| *kind == GOAWAY);
    goaways.map(|(_, payload)| u32::from_be_bytes(payload[4..8].try_into().unwrap())).collect()
}
