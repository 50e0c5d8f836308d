//! What do bad clients send? Connections that say nothing, bodies byte by byte, streams opened and reset, headers and
//! empty frames without end, and messages that are too large; each kind again and again until told to stop.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const CONTINUATION: u8 = 9;
const END_HEADERS: u8 = 4;
/// Connections of each kind that are held open.
const HELD: usize = 200;
/// Frames of one burst.
const BURST: u32 = 10_000;
/// Between two bursts: bad clients are not to take all of the processor that the good one has as well.
const PAUSE: Duration = Duration::from_millis(20);

/// They go on until this is dropped.
pub struct Abusers {
    done: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Abusers {
    /// One thread of each kind.
    pub fn start(address: SocketAddr) -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let kinds: [fn(SocketAddr, &AtomicBool); 5] = [silent, dripping, resetting, endless, too_large];
        let thread = |kind: fn(SocketAddr, &AtomicBool)| {
            let done = Arc::clone(&done);
            std::thread::spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    kind(address, &done);
                    std::thread::sleep(PAUSE);
                }
            })
        };
        let threads = kinds.map(thread).into();
        Self { done, threads }
    }
}

impl Drop for Abusers {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            thread.join().unwrap();
        }
    }
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

fn names() -> Vec<u8> {
    let mut names = vec![0x83, 0x86];
    for (name, value) in [(4, "/quoin.v1.PricingService/PriceCart"), (1, "quoin")] {
        names.extend([name, u8::try_from(value.len()).unwrap()]);
        names.extend(value.as_bytes());
    }
    names
}

fn greeted(address: SocketAddr) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_write_timeout(Some(Duration::from_secs(1))).ok()?;
    stream.write_all(&[PREFACE, &frame(SETTINGS, 0, 0, &[])].concat()).ok()?;
    Some(stream)
}

/// Many connections of which none begins.
fn silent(address: SocketAddr, done: &AtomicBool) {
    let held: Vec<_> = (0..HELD).map_while(|_| TcpStream::connect(address).ok()).collect();
    for _ in 0..50 {
        if done.load(Ordering::Relaxed) {
            break;
        }
        std::thread::sleep(PAUSE);
    }
    drop(held);
}

/// Many bodies, a byte a second each.
fn dripping(address: SocketAddr, done: &AtomicBool) {
    let mut held: Vec<_> = (0..HELD).map_while(|_| greeted(address)).collect();
    let head = [frame(HEADERS, END_HEADERS, 1, &names()), frame(DATA, 0, 1, &[0, 0, 1, 0, 0])].concat();
    held.retain_mut(|stream| stream.write_all(&head).is_ok());
    while !held.is_empty() && !done.load(Ordering::Relaxed) {
        held.retain_mut(|stream| stream.write_all(&frame(DATA, 0, 1, &[1])).is_ok());
        std::thread::sleep(Duration::from_secs(1));
    }
}

/// Streams that are opened only to be reset.
fn resetting(address: SocketAddr, _: &AtomicBool) {
    let Some(mut stream) = greeted(address) else { return };
    let names = names();
    for number in 0..BURST {
        let id = number * 2 + 1;
        let reset = frame(RST_STREAM, 0, id, &8_u32.to_be_bytes());
        if stream.write_all(&[frame(HEADERS, END_HEADERS, id, &names), reset].concat()).is_err() {
            return;
        }
    }
}

/// Headers that never end, and bodies of nothing.
fn endless(address: SocketAddr, _: &AtomicBool) {
    let more = frame(CONTINUATION, 0, 1, &[0, 1, b'x', 0].repeat(1_000));
    for (first, then) in [
        (frame(HEADERS, 0, 1, &names()), more),
        (frame(HEADERS, END_HEADERS, 1, &names()), frame(DATA, 0, 1, &[])),
    ] {
        let Some(mut stream) = greeted(address) else { return };
        let _sent = stream.write_all(&first);
        for _ in 0..BURST {
            if stream.write_all(&then).is_err() {
                break;
            }
        }
    }
}

/// A message that is said to have a gibibyte.
fn too_large(address: SocketAddr, _: &AtomicBool) {
    let Some(mut stream) = greeted(address) else { return };
    let head = frame(HEADERS, END_HEADERS, 1, &names());
    let stated = [&[0], (1_u32 << 30).to_be_bytes().as_slice()].concat();
    let _sent = stream.write_all(&[head, frame(DATA, 0, 1, &stated)].concat());
    let part = frame(DATA, 0, 1, &[7; 16_000]);
    for _ in 0..70 {
        if stream.write_all(&part).is_err() {
            return;
        }
    }
}
