//! Until when may a quote be accepted, and what becomes of it then?

use super::played::{Story, play_all, story};

const EXPIRY: &[Story] = &[
    story(
        "fourteen days where nothing is said, to the end of the day in the contract's zone",
        &[
            "create A bolt=5 -> issued 1 500",
            "clock 2026-03-16T22:59:59Z",
            "show 1 -> issued 1 500",
            "accept 1 dry -> accepted 1 500",
            "clock 2026-03-16T23:00:00Z",
            "show 1 -> expired 1 500",
            "accept 1 -> ! can't be accepted: it is expired",
        ],
    ),
    story(
        "the day on which clocks go forward in Berlin ends an hour earlier",
        &[
            "create A bolt=5 through=2026-03-29 -> issued 1 500",
            "clock 2026-03-29T21:59:59Z",
            "show 1 -> issued 1 500",
            "clock 2026-03-29T22:00:00Z",
            "show 1 -> expired 1 500",
        ],
    ),
    story(
        "the day on which clocks go back in New York ends an hour later",
        &[
            "create C bolt=5 through=2026-11-01 -> issued 1 500",
            "clock 2026-11-02T04:59:59Z",
            "show 1 -> issued 1 500",
            "clock 2026-11-02T05:00:00Z",
            "show 1 -> expired 1 500",
        ],
    ),
    story(
        "in Cairo midnight is skipped: the day before ends where the gap begins",
        &[
            "create D bolt=5 through=2026-04-23 -> issued 1 500",
            "clock 2026-04-23T21:59:59Z",
            "show 1 -> issued 1 500",
            "clock 2026-04-23T22:00:00Z",
            "show 1 -> expired 1 500",
        ],
    ),
    story(
        "expiry is written once, with nobody's name, and what it is found by moves along",
        &[
            "create A bolt=5 through=2026-03-05 -> issued 1 500",
            "create A bolt=6 through=2026-03-06 -> issued 1 600",
            "create A bolt=7 -> issued 1 700",
            "expire -> 0",
            "clock 2026-03-06T10:00:00Z",
            "list expired -> 1",
            "list issued -> 3 2 /",
            "expire -> 1",
            "expire -> 0",
            "list expired -> 1",
            "history 1 -> created expired",
            "clock 2026-03-07T10:00:00Z",
            "list expired -> 2 1",
            "reopen",
            "list expired -> 2 1",
            "expire -> 1",
            "list -> 3 2 / 1",
        ],
    ),
    story(
        "a clock that jumps a day forward and back: perhaps early, never late",
        &[
            "create A bolt=5 through=2026-03-02 -> issued 1 500",
            "clock 2026-03-03T10:00:00Z",
            "create A bolt=1 -> issued 1 100",
            "clock 2026-03-02T10:00:00Z",
            "show 1 -> expired 1 500",
            "accept 1 -> ! it is expired",
            "expire -> 1",
        ],
    ),
    story(
        "a jump forward that nothing was written in changes nothing",
        &[
            "create A bolt=5 through=2026-03-02 -> issued 1 500",
            "clock 2026-03-03T10:00:00Z",
            "show 1 -> expired 1 500",
            "clock 2026-03-02T10:00:00Z",
            "accept 1 -> accepted 1 500",
        ],
    ),
    story(
        "late, where whoever may approve permits it, and it says so",
        &[
            "create A bolt=5 through=2026-03-05 -> issued 1 500",
            "clock 2026-03-06T10:00:00Z",
            "accept 1 late -> ! it is expired",
            "accept 1 by=boss -> ! it is expired",
            "accept 1 late by=boss -> accepted 1 500",
            "show 1 -> accepted 1 500 of it 500",
        ],
    ),
    story(
        "a part, late: the rest stays expired",
        &[
            "create A bolt=5 glue=10 through=2026-03-05 -> issued 1 570",
            "clock 2026-03-06T10:00:00Z",
            "accept 1 glue late by=boss -> expired 1 70",
            "expire -> 0",
            "show 1 -> expired 1 570 of it 70",
            "accept 1 late by=boss -> accepted 1 500",
            "history 1 -> created accepted accepted",
        ],
    ),
    story(
        "late, whether or not it was written down that it has expired",
        &[
            "create A bolt=5 through=2026-03-05 -> issued 1 500",
            "clock 2026-03-06T10:00:00Z",
            "expire -> 1",
            "accept 1 late by=boss -> accepted 1 500",
            "history 1 -> created expired accepted",
        ],
    ),
    story(
        "a draft that expired is not accepted late",
        &[
            "create A bolt=5 draft through=2026-03-05 -> draft 1 500",
            "clock 2026-03-06T10:00:00Z",
            "accept 1 late by=boss -> ! it is expired",
            "expire -> 1",
            "accept 1 late by=boss -> ! it is expired",
        ],
    ),
    story(
        "valid through a day that is over, or too far",
        &[
            "create A bolt=5 through=2026-03-01 -> ! 2026-03-01 is over",
            "create A bolt=5 through=2026-03-02 -> issued 1 500",
            "create A bolt=5 through=2029-03-03 -> ! is too far",
        ],
    ),
    story(
        "what was taken, declined or withdrawn does not expire",
        &[
            "create A bolt=5 -> issued 1 500",
            "create A bolt=5 -> issued 1 500",
            "create A bolt=5 -> issued 1 500",
            "accept 1 -> accepted 1 500",
            "decline 2 -> declined 1 500",
            "withdraw 3 -> withdrawn 1 500",
            "clock 2026-06-01T00:00:00Z",
            "expire -> 0",
            "list expired -> ",
            "list accepted -> 1",
        ],
    ),
];

#[test]
fn quotes_expire_at_the_end_of_their_last_day() {
    let checks = play_all(EXPIRY);
    println!("{} stories of expiry, {checks} checks", EXPIRY.len());
}
