//! Who is at the other end of a connection? This machine, or another.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use super::access::Certificate;

/// Who is at the other end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Where it is, for the audit log.
    pub address: String,
    /// Is it on this machine?
    pub is_loopback: bool,
    /// What the handshake verified.
    pub certificate: Option<Arc<Certificate>>,
}

impl Peer {
    /// At an address, with the certificate that it showed.
    #[must_use]
    pub fn new(at: SocketAddr, certificate: Option<Arc<Certificate>>) -> Self {
        Self { address: at.ip().to_string(), is_loopback: is_loopback(at), certificate }
    }
}

/// Is the peer on this machine? IPv4 addresses in IPv6 clothes count as what they are.
#[must_use]
pub fn is_loopback(peer: SocketAddr) -> bool {
    match peer.ip() {
        IpAddr::V4(ip) => ip.is_loopback(),
        IpAddr::V6(ip) => ip.to_ipv4_mapped().map_or(ip.is_loopback(), |ip| ip.is_loopback()),
    }
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn this_machine_in_all_its_names() {
        let cases = [
            ("127.0.0.1:80", true),
            ("127.8.8.8:80", true),
            ("[::1]:80", true),
            ("[::ffff:127.0.0.1]:80", true),
            ("10.0.0.1:80", false),
            ("[::ffff:10.0.0.1]:80", false),
            ("[2001:db8::1]:80", false),
        ];
        for (text, expected) in cases {
            assert_eq!(is_loopback(text.parse().unwrap()), expected, "{text}");
        }
    }
}
