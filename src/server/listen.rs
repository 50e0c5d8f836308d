//! Where does the service listen? One listener a worker on one address, which the kernel spreads connections over.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};

/// Connections that wait to be accepted.
const BACKLOG: u32 = 1_024;

/// Opens a listener that shares its address with those of other workers. To be called inside a runtime.
///
/// # Errors
/// The system's words.
pub fn shared(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseport(true)?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Takes the address for this process: fails where another listens there, and finds a free port for port zero. The
/// socket holds the address, without listening, for as long as it lives.
///
/// # Errors
/// The system's words.
pub fn claim(address: SocketAddr) -> io::Result<(TcpSocket, SocketAddr)> {
    // A listener without SO_REUSEPORT is refused wherever anybody listens, also those who share.
    drop(std::net::TcpListener::bind(address)?);
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseport(true)?;
    socket.bind(address)?;
    let bound = socket.local_addr()?;
    Ok((socket, bound))
}
