//! How long does a connection live? It must begin, be used, and go when it is old, so that others find room.

use std::hash::BuildHasher;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::link::Link;

/// Bytes of HTTP/2's preface and of the head of the frame that must follow it.
pub const GREETING_BYTES: usize = 24 + 9;
/// How often it is looked whether a connection is idle or stuck, within the time that it may be.
const LOOKS: u32 = 4;
/// Connections grow a tenth older than stated, or a tenth less old.
const AGE_PARTS: u32 = 10;
/// A connection that was told to end for nobody used it has this long to do so.
const FAREWELL: Duration = Duration::from_secs(10);

/// What is to be done with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is to take no new calls, and to end when those in flight are answered.
    Retire(&'static str),
    /// It is to be dropped.
    Close(&'static str),
}

/// A connection's.
#[derive(Debug)]
pub struct Life {
    link: Arc<Link>,
    stage: Stage,
    old_at: Instant,
}

#[derive(Debug)]
enum Stage {
    /// Nothing was said yet.
    Accepted {
        until: Instant,
    },
    Serving(Seen),
    /// It was told to end.
    Retired {
        until: Instant,
    },
}

/// What a connection was last seen to do.
#[derive(Debug, Clone, Copy)]
struct Seen {
    /// Calls that had begun, and since when no other has, nor was one in flight.
    calls: u64,
    idle: Instant,
    /// Bytes of answers that the client had taken, and since when it takes none that it should.
    sent: u64,
    stuck: Instant,
}

impl Life {
    /// It begins now.
    pub fn new(link: Arc<Link>) -> Self {
        let options = &link.traffic.options;
        let now = Instant::now();
        let tenth = options.age / AGE_PARTS;
        // A hash of nothing with a fresh key: as random as a hash table's order.
        let draw = foldhash::fast::RandomState::default().hash_one(0_u8) % u64::from(2 * AGE_PARTS);
        let share = u32::try_from(draw).unwrap_or_default();
        Self {
            stage: Stage::Accepted { until: now + options.handshake },
            old_at: now + options.age - tenth + tenth * share / AGE_PARTS,
            link,
        }
    }

    /// Waits until something is to be done. Dropping this before it is through changes nothing.
    pub async fn turn(&mut self) -> Turn {
        loop {
            match self.stage {
                Stage::Accepted { until } => {
                    sleep_until(until).await;
                    if !self.link.greeted() {
                        return Turn::Close("it did not begin in time");
                    }
                    self.stage = Stage::Serving(Seen { calls: 0, idle: until, sent: 0, stuck: until });
                }
                Stage::Serving(seen) => {
                    let options = &self.link.traffic.options;
                    let pause = (options.idle.min(options.send) / LOOKS).max(Duration::from_millis(1));
                    sleep_until((Instant::now() + pause).min(self.old_at)).await;
                    let now = Instant::now();
                    if now >= self.old_at {
                        self.stage = Stage::Retired { until: now + options.grace };
                        return Turn::Retire("it is old");
                    }
                    let seen = self.look(seen, now);
                    if now >= seen.stuck + options.send {
                        return Turn::Close("its client takes no answer");
                    }
                    self.stage = Stage::Serving(seen);
                    if now >= seen.idle + options.idle {
                        self.stage = Stage::Retired { until: now + FAREWELL.min(options.idle) };
                        return Turn::Retire("nothing was asked for too long");
                    }
                }
                Stage::Retired { until } => {
                    sleep_until(until).await;
                    return Turn::Close("it did not end when told to");
                }
            }
        }
    }

    fn look(&self, seen: Seen, now: Instant) -> Seen {
        let ((calls, open), (unsent, sent)) = (self.link.calls(), self.link.answers());
        Seen {
            calls,
            idle: if calls != seen.calls || open > 0 { now } else { seen.idle },
            sent,
            stuck: if unsent == 0 || sent != seen.sent { now } else { seen.stuck },
        }
    }
}
