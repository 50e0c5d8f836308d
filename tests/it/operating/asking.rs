//! How does a test ask the pages for operators? By HTTP/1 over a socket, as a probe does.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Status and body of a page; none where nobody listens.
pub fn asked(address: &str, request: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let sent = format!("{request} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(sent.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, body.to_owned()))
}

/// Status and body of a page that is there.
pub fn page(address: &str, path: &str) -> (u16, String) {
    asked(address, &format!("GET {path}")).unwrap_or_else(|| panic!("{address} does not answer {path}"))
}

/// The body of a page as JSON, with its status.
pub fn json(address: &str, path: &str) -> (u16, serde_json::Value) {
    let (status, body) = page(address, path);
    (status, serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}")))
}
