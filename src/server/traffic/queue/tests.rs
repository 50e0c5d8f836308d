//! Does a worker's limit hold off what it cannot do, and nothing else? On a clock that the tests turn.

use std::collections::VecDeque;
use std::time::Duration;

use super::{Queue, Since};
use crate::server::traffic::options::TrafficOptions;
use crate::server::traffic::refusal::Refusal;

const MS: u64 = 1_000_000;
const SECOND: u64 = 1_000 * MS;
/// Calls in flight of a caller that asks much.
const MANY: usize = 100;

fn queue() -> Queue {
    Queue::new(&TrafficOptions { wait_most: Duration::from_millis(500), ..TrafficOptions::default() })
}

fn since(queue: &Queue, came: u64, read: u64) -> Since {
    Since { came, read, stood: queue.stood() }
}

fn admitted(queue: &Queue, now: u64, waited: u64, in_flight: usize) -> bool {
    // A worker that does something now and then all the while.
    for before in (1..100).rev() {
        queue.asleep_or_a_turn_before(now.saturating_sub(before * MS / 10));
    }
    queue.admit(now, since(queue, now - waited, now), in_flight).is_ok()
}

#[test]
fn a_burst_is_worked_off() {
    let queue = queue();
    // Half of the calls wait 90 ms and half none, second after second.
    for step in 10..1_000_u64 {
        let waited = if step.is_multiple_of(2) { 90 * MS } else { 0 };
        assert!(admitted(&queue, step * 10 * MS, waited, MANY), "step {step}");
    }
}

#[test]
fn a_queue_that_stands_is_cut_to_the_target_and_may_grow_again() {
    let queue = queue();
    let mut refused = 0;
    // Everybody waits 50 ms, which is less than the most.
    for step in 10..100_u64 {
        refused += u32::from(!admitted(&queue, step * 10 * MS, 50 * MS, MANY));
    }
    assert_eq!(refused, 80, "all but those of the interval in which it came to light");
    assert!(admitted(&queue, SECOND, 4 * MS, MANY), "less than the target is never refused");
    // Nobody waits: the limit rises from 5 ms by a quarter each 100 ms, past 100 ms in 1.5 s.
    for step in 0..150_u64 {
        assert!(admitted(&queue, SECOND + step * 10 * MS, 0, MANY));
    }
    assert!(admitted(&queue, 2 * SECOND + 500 * MS, 90 * MS, MANY));
    assert!(!admitted(&queue, 2 * SECOND + 510 * MS, 501 * MS, MANY), "more than the most is always refused");
}

#[test]
fn who_asks_little_is_refused_last() {
    let queue = queue();
    for step in 10..100_u64 {
        let now = step * 10 * MS;
        let _much = admitted(&queue, now, 50 * MS, MANY);
        assert!(admitted(&queue, now, 50 * MS, 4), "step {step}");
    }
    assert!(!admitted(&queue, SECOND, 501 * MS, 1));
}

#[test]
fn a_machine_that_stood_still_is_no_queue() {
    let queue = queue();
    queue.spent(MS / 10);
    for step in 0..1_000_u64 {
        assert!(admitted(&queue, SECOND + step * MS / 10, 0, MANY));
    }
    // A wave of 64 calls is read, and a moment later the machine stands still for two seconds.
    let read = SECOND + 101 * MS;
    queue.asleep_or_a_turn_before(read);
    let wave = since(&queue, read, read);
    let now = read + 2 * SECOND;
    for call in 0..64 {
        assert!(queue.admit(now + call * MS / 10, wave, MANY).is_ok(), "call {call}");
    }
    // A worker that has so much to do is seen to do it, and nothing is taken off.
    let (now, stood) = (now + 6_400_000, queue.stood());
    for step in 0..6_000 {
        let _outcome = queue.admit(now + step * MS / 10, wave, MANY);
    }
    assert_eq!(queue.stood(), stood);
    assert!(queue.admit(now + 600 * MS, wave, 1).is_err());
}

#[test]
fn a_large_cart_is_no_machine_that_stands_still() {
    let queue = queue();
    let mut now = SECOND;
    queue.asleep_or_a_turn_before(now);
    for _ in 0..1_000 {
        now += MS / 10;
        queue.priced(now, 2_048, MS / 10);
    }
    let stood = queue.stood();
    // 400 KiB should take 20 ms, a hundred times what most carts take.
    now += 20 * MS;
    queue.priced(now, 400 << 10, 20 * MS);
    assert_eq!(queue.stood(), stood);
    // 2 KiB should not.
    now += 40 * MS;
    queue.priced(now, 2_048, 40 * MS);
    assert!(queue.stood() >= stood + 30 * MS);
}

#[test]
fn where_calls_are_long_some_may_wait() {
    let queue = queue();
    for _ in 0..200 {
        queue.spent(10 * MS);
    }
    // The target of 5 ms would let no second call wait while a first one runs.
    for step in 10..100_u64 {
        assert!(admitted(&queue, step * 10 * MS, 35 * MS, MANY), "step {step}");
    }
}

#[test]
fn what_cannot_be_answered_in_time_is_not_begun() {
    let queue = queue();
    let reason = |outcome: Result<(), Refusal>| match outcome {
        Ok(()) => "begun".to_owned(),
        Err(Refusal::Status(status)) => status.message().to_owned(),
        Err(other) => format!("{other:?}"),
    };
    let late = "the call's deadline has passed";
    let near = "not begun: it can't be answered before the call's deadline";
    // A kilobyte of a cart takes 1 ms.
    for _ in 0..100 {
        queue.priced(SECOND, 2_048, 2 * MS);
    }
    // Now, when it came, its bytes, its deadline: all of ms but the bytes.
    let cases = [
        (100, 100, 1_024, 102, "begun"),
        (100, 100, 10_240, 102, near),
        (100, 100, 10_240, 111, "begun"),
        // It takes as long to get out as it took to get in.
        (100, 90, 1_024, 109, near),
        (100, 90, 1_024, 112, "begun"),
        (100, 90, 1_024, 100, late),
        (100, 90, 1_024, 95, late),
    ];
    for (now, came, bytes, deadline, expected) in cases {
        let outcome = queue.in_time(now * MS, came * MS, bytes, deadline * MS);
        assert_eq!(reason(outcome), expected, "{now} {came} {bytes} {deadline}");
    }
}

/// A worker that takes what came in order, at a load that is so many hundredths of what it can do: how many calls a
/// hundred that it could have served are served, and the longest wait of one of these.
fn run(load_percent: u64, call: u64, refusal: u64) -> (u64, u64) {
    let queue = queue();
    let gap = call * 100 / load_percent;
    let mut waiting: VecDeque<u64> = VecDeque::new();
    let (mut now, mut next, mut served, mut longest) = (SECOND, SECOND, 0, 0);
    let (begin, end) = (4 * SECOND, 14 * SECOND);
    while now < end {
        while next <= now {
            waiting.push_back(next);
            next += gap;
        }
        let Some(came) = waiting.pop_front() else {
            now = next;
            continue;
        };
        if queue.admit(now, since(&queue, came, now), MANY).is_ok() {
            queue.spent(call);
            if now >= begin {
                served += 1;
                longest = longest.max(now - came);
            }
            now += call;
        } else {
            now += refusal;
        }
    }
    (served * 100 / ((end - begin) / call), longest)
}

#[test]
fn what_a_worker_can_do_it_does_however_much_is_asked() {
    for call in [15_000, 500_000, 8 * MS] {
        for load in [50, 90, 100, 120, 200, 500] {
            let (served, longest) = run(load, call, call / 50);
            let possible = load.min(100);
            // Five times the load is 4 refusals of a fiftieth for each call that is served: 8 in 100.
            assert!(served * 100 >= possible * 88, "{call} ns at {load} %: {served} % served");
            let bound = (5 * MS).max(4 * call) * 2;
            assert!(longest <= bound, "{call} ns at {load} %: waited {} us", longest / 1_000);
        }
    }
}

#[test]
fn waves_are_cut_though_the_first_of_each_waits_for_nothing() {
    for (call, most) in [(68_000, 20 * MS), (1_400_000, 16 * 1_400_000)] {
        let queue = Queue::new(&TrafficOptions::default());
        queue.spent(call);
        let (mut now, mut longest, mut served) = (SECOND, 0, 0_u64);
        for _ in 0..50 {
            // Clients with 2,048 calls in flight ask anew once all are answered.
            let came = now;
            for _ in 0..2_048 {
                if queue.admit(now, since(&queue, came, now), MANY).is_ok() {
                    queue.spent(call);
                    (longest, served) = (longest.max(now - came), served + 1);
                    now += call;
                } else {
                    now += call / 50;
                }
            }
        }
        assert!(longest <= most, "{call} ns: waited {} us", longest / 1_000);
        assert!(served >= 50 * 16, "{call} ns: {served} served");
    }
}
