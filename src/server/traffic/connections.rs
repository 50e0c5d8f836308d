//! How many connections are open, in all and by peer? Counted where they are accepted and where they end.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

/// Bits of an IPv6 address that tell one peer from another: who has one address of a /64 has them all.
const PEER_BITS_V6: u32 = 64;

/// What is open.
#[derive(Debug)]
pub struct Connections {
    most: usize,
    most_per_peer: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    all: usize,
    by_peer: HashMap<IpAddr, usize, foldhash::fast::RandomState>,
}

/// Why a connection is closed as soon as it is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// So many are open.
    All(usize),
    /// So many of this peer are open.
    Peer(usize),
}

/// A connection among those that are open; it counts until dropped.
#[derive(Debug)]
pub struct Counted {
    connections: Arc<Connections>,
    peer: IpAddr,
}

fn peer_of(address: SocketAddr) -> IpAddr {
    match address.ip().to_canonical() {
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << PEER_BITS_V6))),
        v4 => v4,
    }
}

impl Connections {
    /// None is open.
    pub fn new(most: usize, most_per_peer: usize) -> Self {
        Self { most, most_per_peer, open: Mutex::default() }
    }

    /// Counts a connection.
    pub fn open(self: &Arc<Self>, address: SocketAddr) -> Result<Counted, Full> {
        let peer = peer_of(address);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.all >= self.most {
            return Err(Full::All(self.most));
        }
        let of_peer = open.by_peer.entry(peer).or_default();
        if *of_peer >= self.most_per_peer {
            return Err(Full::Peer(self.most_per_peer));
        }
        *of_peer += 1;
        open.all += 1;
        Ok(Counted { connections: Arc::clone(self), peer })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = self.connections.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all = open.all.saturating_sub(1);
        if let Entry::Occupied(mut of_peer) = open.by_peer.entry(self.peer) {
            *of_peer.get_mut() -= 1;
            if *of_peer.get() == 0 {
                of_peer.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Connections, Full};
    use std::sync::Arc;

    #[test]
    fn connections_count_in_all_and_by_peer_until_they_end() {
        let connections = Arc::new(Connections::new(4, 2));
        let open = |address: &str| connections.open(address.parse().unwrap());
        let (first, _second) = (open("10.0.0.1:1").unwrap(), open("[::ffff:10.0.0.1]:2").unwrap());
        assert_eq!(open("10.0.0.1:3").unwrap_err(), Full::Peer(2));
        let _one_of_a_net = open("[2001:db8::1]:1").unwrap();
        let _other_of_it = open("[2001:db8::ffff:2]:1").unwrap();
        assert_eq!(open("10.0.0.2:1").unwrap_err(), Full::All(4));
        drop(first);
        assert_eq!(open("[2001:db8::3]:1").unwrap_err(), Full::Peer(2));
        let _again = open("10.0.0.1:4").unwrap();
        assert_eq!(connections.open.lock().unwrap().by_peer.len(), 2);
    }
}
