//! What becomes of quotes? The tables of stories.

use super::played::Story;

const fn story(what: &'static str, steps: &'static [&'static str]) -> Story {
    Story { what, steps }
}

pub const LIFE: &[Story] = &[
    story(
        "made, shown, accepted",
        &[
            "create A bolt=5 -> issued 1 500",
            "show 1 -> issued 1 500",
            "accept 1 -> accepted 1 500",
            "show 1 -> accepted 1 500 of it 500",
            "history 1 -> created accepted",
        ],
    ),
    story(
        "the accepted price is the quoted one, whatever was published since",
        &[
            "create A bolt=20 -> issued 1 1900",
            "price bolt=130",
            "create A bolt=20 -> issued 1 2470",
            "reopen",
            "accept 1 -> accepted 1 1900",
        ],
    ),
    story(
        "numbers are given in order, without a gap for what was refused",
        &[
            "create A bolt=1 -> issued 1 100",
            "create A missing=1 -> ! 1 line has no price",
            "create A bolt=1 dry -> issued 1 100",
            "create B bolt=2 -> issued 1 200",
            "show 2 -> issued 1 200",
            "show 3 -> ! quote Q-3 is unknown",
        ],
    ),
    story(
        "a draft is issued, then accepted",
        &[
            "create A bolt=5 draft -> draft 1 500",
            "accept 1 -> ! can't be accepted: it is draft",
            "decline 1 -> ! can't be declined: it is draft",
            "issue 1 -> issued 1 500",
            "issue 1 -> ! can't be issued: it is issued",
            "accept 1 -> accepted 1 500",
            "history 1 -> created issued accepted",
        ],
    ),
    story(
        "declined",
        &[
            "create A bolt=5 -> issued 1 500",
            "decline 1 why=too_dear -> declined 1 500",
            "accept 1 -> ! can't be accepted: it is declined",
            "withdraw 1 -> ! can't be withdrawn: it is declined",
            "revise 1 bolt=4 -> ! can't be revised: it is declined",
        ],
    ),
    story(
        "withdrawn, and not accepted after",
        &[
            "create A bolt=5 -> issued 1 500",
            "withdraw 1 -> withdrawn 1 500",
            "accept 1 -> ! can't be accepted: it is withdrawn",
            "decline 1 -> ! can't be declined: it is withdrawn",
        ],
    ),
    story("a draft is withdrawn", &["create A bolt=5 draft -> draft 1 500", "withdraw 1 -> withdrawn 1 500"]),
    story(
        "accepted twice",
        &[
            "create A bolt=5 -> issued 1 500",
            "accept 1 -> accepted 1 500",
            "accept 1 -> ! can't be accepted: it is accepted",
            "show 1 -> accepted 1 500 of it 500",
        ],
    ),
    story(
        "an accepted quote is not revised, declined or withdrawn",
        &[
            "create A bolt=5 -> issued 1 500",
            "accept 1 -> accepted 1 500",
            "revise 1 bolt=6 -> ! can't be revised: it is accepted",
            "decline 1 -> ! can't be declined: it is accepted",
            "withdraw 1 -> ! can't be withdrawn: it is accepted",
        ],
    ),
    story(
        "nothing is done in a dry run",
        &[
            "create A bolt=5 dry -> issued 1 500",
            "show 1 -> ! quote Q-1 is unknown",
            "create A bolt=5 -> issued 1 500",
            "accept 1 dry -> accepted 1 500",
            "revise 1 bolt=6 dry -> issued 2 600",
            "show 1 -> issued 1 500",
            "history 1 -> created",
        ],
    ),
    story(
        "a caller of another contract knows nothing of it",
        &[
            "create A bolt=5 by=A -> issued 1 500",
            "show 1 by=B -> ! quote Q-1 is unknown",
            "accept 1 by=B -> ! quote Q-1 is unknown",
            "revise 1 bolt=6 by=B -> ! quote Q-1 is unknown",
            "history 1 by=B -> ! quote Q-1 is unknown",
            "create A bolt=5 by=B -> ! contract \"A\" is unknown",
            "accept 1 by=A -> accepted 1 500",
        ],
    ),
    story(
        "priced against a stated publication, at a stated instant",
        &[
            "price bolt=130",
            "create A bolt=1 publication=2 -> issued 1 100",
            "create A bolt=1 -> issued 1 130",
            "create A bolt=1 publication=99 -> ! publication 99 is not retained",
            "create A bolt=1 at=2025-01-01T00:00:00Z -> issued 1 130",
            "accept 1 -> accepted 1 100",
        ],
    ),
];

pub const REVISIONS: &[Story] = &[
    story(
        "a revision takes the place of the one before, which stays",
        &[
            "create A bolt=5 -> issued 1 500",
            "revise 1 bolt=6 -> issued 2 600",
            "show 1 -> issued 2 600",
            "show 1 rev=1 -> issued 2 500",
            "show 1 rev=3 -> ! has no revision 3: its newest is 2",
            "accept 1 -> accepted 2 600",
            "history 1 -> created revised accepted",
        ],
    ),
    story(
        "the same cart at today's prices",
        &[
            "create A bolt=5 -> issued 1 500",
            "price bolt=90",
            "show 1 -> issued 1 500",
            "revise 1 -> issued 2 450",
            "show 1 rev=1 -> issued 2 500",
        ],
    ),
    story(
        "the revision that is meant must be the newest",
        &[
            "create A bolt=5 -> issued 1 500",
            "revise 1 bolt=6 rev=1 -> issued 2 600",
            "accept 1 rev=1 -> ! has revision 2 since: revision 1 was meant",
            "revise 1 bolt=7 rev=1 -> ! has revision 2 since",
            "accept 1 rev=2 -> accepted 2 600",
        ],
    ),
    story(
        "a revision may make a draft of it again",
        &[
            "create A bolt=5 -> issued 1 500",
            "revise 1 bolt=6 draft -> draft 2 600",
            "accept 1 -> ! it is draft",
            "issue 1 -> issued 2 600",
        ],
    ),
    story(
        "a revision has a validity of its own",
        &[
            "create A bolt=5 through=2026-03-05 -> issued 1 500",
            "revise 1 bolt=5 through=2026-03-20 -> issued 2 500",
            "clock 2026-03-10T10:00:00Z",
            "accept 1 -> accepted 2 500",
        ],
    ),
    story(
        "what has expired is not revised: a new one is made of it",
        &[
            "create A bolt=5 through=2026-03-05 -> issued 1 500",
            "clock 2026-03-06T10:00:00Z",
            "revise 1 bolt=6 -> ! can't be revised: it is expired",
        ],
    ),
    story(
        "a draft and one that waits may be revised",
        &[
            "create A bolt=5 draft -> draft 1 500",
            "revise 1 bolt=6 -> issued 2 600",
            "create A bolt=5 coupon=DEEP -> waiting 1 300",
            "revise 2 bolt=5 -> issued 2 500",
        ],
    ),
    story(
        "the customer's reference is that of the newest revision",
        &[
            "create A bolt=5 ref=PO-1 -> issued 1 500",
            "list ref=PO-1 -> 1",
            "revise 1 bolt=5 ref=PO-2 -> issued 2 500",
            "list ref=PO-1 -> ",
            "list ref=PO-2 -> 1",
        ],
    ),
];

pub const APPROVAL: &[Story] = &[
    story(
        "below the margin it waits, and is approved",
        &[
            "create A bolt=5 coupon=DEEP -> waiting 1 300",
            "accept 1 -> ! can't be accepted: it is waiting",
            "approve 1 -> ! needs the role \"approve\"",
            "approve 1 by=boss why=old_customer -> issued 1 300",
            "accept 1 -> accepted 1 300",
            "history 1 -> created approved accepted",
        ],
    ),
    story("whoever may approve need not wait", &["create A bolt=5 coupon=DEEP by=boss -> issued 1 300"]),
    story(
        "rejected: a draft again, to be revised",
        &[
            "create A bolt=5 coupon=DEEP -> waiting 1 300",
            "reject 1 -> ! needs the role \"approve\"",
            "reject 1 by=boss -> draft 1 300",
            "issue 1 -> waiting 1 300",
            "reject 1 by=boss -> draft 1 300",
            "revise 1 bolt=5 -> issued 2 500",
        ],
    ),
    story(
        "a draft below the margin is sent for approval when it is issued",
        &[
            "create A bolt=5 coupon=DEEP draft -> draft 1 300",
            "approve 1 by=boss -> ! can't be approved: it is draft",
            "issue 1 -> waiting 1 300",
            "approve 1 by=boss -> issued 1 300",
        ],
    ),
    story(
        "a draft below the margin, issued by whoever may approve",
        &["create A bolt=5 coupon=DEEP draft -> draft 1 300", "issue 1 by=boss -> issued 1 300"],
    ),
    story(
        "what waits expires, too",
        &[
            "create A bolt=5 coupon=DEEP through=2026-03-05 -> waiting 1 300",
            "clock 2026-03-06T10:00:00Z",
            "approve 1 by=boss -> ! can't be approved: it is expired",
            "show 1 -> expired 1 300",
        ],
    ),
    story(
        "what waits is withdrawn, not declined",
        &[
            "create A bolt=5 coupon=DEEP -> waiting 1 300",
            "decline 1 -> ! can't be declined: it is waiting",
            "withdraw 1 -> withdrawn 1 300",
            "approve 1 by=boss -> ! it is withdrawn",
        ],
    ),
    story(
        "approved twice",
        &[
            "create A bolt=5 coupon=DEEP -> waiting 1 300",
            "approve 1 by=boss -> issued 1 300",
            "approve 1 by=boss -> ! can't be approved: it is issued",
            "reject 1 by=boss -> ! can't be rejected: it is issued",
        ],
    ),
];

pub const EXPIRY: &[Story] = &[
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

pub const PARTS: &[Story] = &[
    story(
        "a line, then the rest",
        &[
            "create A bolt=5 glue=10 -> issued 1 570",
            "accept 1 bolt -> issued 1 500",
            "show 1 -> issued 1 570 of it 500",
            "accept 1 bolt -> ! 0 are more than the 0 that are left",
            "accept 1 glue -> accepted 1 70",
            "show 1 -> accepted 1 570 of it 570",
            "history 1 -> created accepted accepted",
        ],
    ),
    story(
        "all that is left",
        &[
            "create A bolt=5 glue=10 -> issued 1 570",
            "accept 1 glue -> issued 1 70",
            "accept 1 -> accepted 1 500",
        ],
    ),
    story(
        "a line that is not divisible is taken whole",
        &[
            "create A bolt=5 glue=10 -> issued 1 570",
            "accept 1 bolt=4 -> ! line \"bolt\" is taken whole or not at all",
            "accept 1 bolt=5 -> issued 1 500",
        ],
    ),
    story(
        "a divisible line in parts: amount times q over Q, the last part takes the remainder",
        &[
            "create A rebar~=0.999 -> issued 1 999",
            "accept 1 rebar=0.333 -> issued 1 333",
            "accept 1 rebar=0.334 -> issued 1 334",
            "accept 1 rebar=0.332 -> accepted 1 332",
        ],
    ),
    story(
        "thirds that don't come out even",
        &["create A x:glue~=3 -> issued 1 21", "accept 1 x=1 -> issued 1 7", "accept 1 x=2 -> accepted 1 14"],
    ),
    story(
        "more than was quoted",
        &[
            "create A rebar~=0.5 -> issued 1 500",
            "accept 1 rebar=0.6 -> ! 0.6 are more than the 0.5 that are left",
            "accept 1 rebar=0.3 -> issued 1 300",
            "accept 1 rebar=0.3 -> ! 0.3 are more than the 0.2 that are left",
            "accept 1 -> accepted 1 200",
        ],
    ),
    story(
        "nothing, less than nothing, what is not there, and twice: all told at once",
        &[
            "create A bolt=5 rebar~=0.4 glue=1 -> issued 1 907",
            "accept 1 rebar=0 -> ! quantity 0 is not above zero",
            "accept 1 rebar=-1 missing bolt=2 -> ! line \"rebar\": quantity -1 is not above zero; line \"missing\" is not in the quote; line \"bolt\" is taken whole",
            "accept 1 glue glue -> ! line \"glue\" is named twice",
            "show 1 -> issued 1 907",
        ],
    ),
    story(
        "a part that breaks the order threshold needs a revision",
        &[
            "create A bolt=8 nut=10 -> issued 1 1235",
            "accept 1 bolt -> ! breaks a threshold that the price rested on, it needs a revision: line \"bolt\" was quoted at 760 and is 800 by itself",
            "accept 1 -> accepted 1 1235",
        ],
    ),
    story(
        "a part that keeps the order threshold",
        &[
            "create A bolt=12 nut=10 -> issued 1 1615",
            "accept 1 bolt -> issued 1 1140",
            "accept 1 nut -> accepted 1 475",
        ],
    ),
    story(
        "the rest is looked at with what was accepted before",
        &[
            "create A bolt=12 nut=2 glue=1 -> issued 1 1242",
            "accept 1 nut -> ! breaks a threshold",
            "accept 1 bolt -> issued 1 1140",
            "accept 1 nut -> issued 1 95",
            "accept 1 glue -> accepted 1 7",
        ],
    ),
    story(
        "a part of a line that falls below the line's own tier",
        &[
            "create A nut~=100 -> issued 1 4275",
            "accept 1 nut=50 -> ! line \"nut\" was quoted at 2137.5 and is 2375 by itself",
        ],
    ),
    story(
        "it is looked at against the publication of the quote, not today's",
        &[
            "create A bolt=5 glue=10 -> issued 1 570",
            "price bolt=500",
            "accept 1 bolt -> issued 1 500",
            "price glue=700",
            "accept 1 glue -> accepted 1 70",
        ],
    ),
    story(
        "a part of a quantity that would not be sold so",
        &[
            "create A b:bolt~=5 -> issued 1 500",
            "accept 1 b=2.5 -> ! line \"b\" is not sold by itself",
            "accept 1 b=2 -> issued 1 200",
        ],
    ),
    story(
        "a quote that was accepted in part is not revised; declined, its rest is gone",
        &[
            "create A bolt=5 glue=10 -> issued 1 570",
            "accept 1 glue -> issued 1 70",
            "revise 1 bolt=6 -> ! a part of it was accepted",
            "decline 1 -> declined 1 570",
            "show 1 -> declined 1 570 of it 70",
            "accept 1 -> ! it is declined",
        ],
    ),
    story(
        "the rest expires",
        &[
            "create A bolt=5 glue=10 through=2026-03-05 -> issued 1 570",
            "accept 1 glue -> issued 1 70",
            "clock 2026-03-06T10:00:00Z",
            "show 1 -> expired 1 570 of it 70",
            "expire -> 1",
            "show 1 -> expired 1 570 of it 70",
        ],
    ),
    story(
        "an acceptance of a part, repeated",
        &[
            "create A bolt=5 glue=10 -> issued 1 570",
            "accept 1 glue id=a1 -> issued 1 70",
            "accept 1 glue id=a1 -> issued 1 70",
            "accept 1 id=a2 -> accepted 1 500",
            "accept 1 glue id=a1 -> issued 1 70",
            "show 1 -> accepted 1 570 of it 570",
        ],
    ),
];

pub const REQUESTS: &[Story] = &[
    story(
        "the same request gets its first answer: after a change, an expiry, a restart",
        &[
            "create A bolt=5 id=r1 -> issued 1 500",
            "create A bolt=5 id=r1 -> issued 1 500",
            "price bolt=200",
            "create A bolt=5 id=r1 -> issued 1 500",
            "revise 1 bolt=6 id=r2 -> issued 2 1140",
            "create A bolt=5 id=r1 -> issued 1 500",
            "revise 1 bolt=6 id=r2 -> issued 2 1140",
            "clock 2026-06-01T00:00:00Z",
            "expire -> 1",
            "reopen",
            "create A bolt=5 id=r1 -> issued 1 500",
            "revise 1 bolt=6 id=r2 -> issued 2 1140",
            "show 2 -> ! quote Q-2 is unknown",
            "history 1 -> created revised expired",
        ],
    ),
    story(
        "other content under the same id is refused with what differs",
        &[
            "create A bolt=5 nut=1 id=r1 -> issued 1 550",
            "create A bolt=6 nut=1 id=r1 -> ! (other lines[0].quantity)",
            "create A bolt=5 id=r1 -> ! (other lines (how many))",
            "create B bolt=5 nut=1 id=r1 -> ! (other contract)",
            "create A bolt=5 nut=1 id=r1 ref=PO coupon=X draft -> ! (other coupons, customer_reference, draft)",
            "revise 1 bolt=5 nut=1 id=r1 -> ! (other call)",
            "accept 1 id=r1 -> ! request id \"r1\" was used before",
            "history 1 -> created",
        ],
    ),
    story(
        "whoever may not know of the quote is not told what differs",
        &[
            "create A bolt=5 id=r1 by=A -> issued 1 500",
            "create B bolt=5 id=r1 by=B -> ! used before for other content: use",
        ],
    ),
    story(
        "acts are repeated, too",
        &[
            "create A bolt=5 -> issued 1 500",
            "create A bolt=6 -> issued 1 600",
            "accept 1 id=a -> accepted 1 500",
            "accept 1 id=a -> accepted 1 500",
            "accept 2 id=a -> ! (other quote)",
            "decline 1 id=a -> ! (other call)",
            "accept 1 id=a why=because -> ! (other call)",
            "decline 2 id=b -> declined 1 600",
            "reopen",
            "decline 2 id=b -> declined 1 600",
            "history 1 -> created accepted",
        ],
    ),
    story(
        "a dry run leaves its id free",
        &["create A bolt=5 id=r1 dry -> issued 1 500", "create A bolt=6 id=r1 -> issued 1 600"],
    ),
    story(
        "ids are checked",
        &[
            "create A bolt=5 id=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa -> ! request id is longer than 64 bytes",
        ],
    ),
    story(
        "lines have ids of their own",
        &[
            "create A a:bolt=1 a:nut=1 -> ! lines[1].id: \"a\" is there twice",
            "create A a:bolt=1 b:bolt=1 -> issued 1 200",
        ],
    ),
    story(
        "every line without a price is named, and nothing is made",
        &[
            "create A bolt=1 rare=1 missing=2 bolt2:bolt=0.5 -> ! 3 lines have no price: \"rare\", \"missing\", \"bolt2\"",
            "list -> ",
        ],
    ),
    story(
        "no lines, no contract",
        &["create A -> ! the cart has no line", "create X bolt=1 -> ! contract \"X\" is unknown"],
    ),
    story(
        "found by contract, state and reference, the newest first",
        &[
            "create A bolt=1 -> issued 1 100",
            "create B bolt=1 ref=PO -> issued 1 100",
            "create A bolt=2 ref=PO -> issued 1 200",
            "create A bolt=3 draft -> draft 1 300",
            "list -> 4 3 / 2 1",
            "list A -> 4 3 / 1",
            "list B -> 2",
            "list A issued -> 3 1",
            "list draft -> 4",
            "list ref=PO -> 3 2",
            "list A ref=PO -> 3",
            "list by=B -> 2",
            "list A by=B -> ! contract \"A\" is unknown",
            "list X -> ! contract \"X\" is unknown",
        ],
    ),
];

/// Played under a policy with points, where 100 can be spent by A, and a limit of 10 bolts at half price over all contracts.
pub const KEPT: &[Story] = &[
    story(
        "points are held while it is open, spendable by nobody else, and given back when it is declined",
        &[
            "points A -> 100",
            "create A bolt=5 points=40 -> issued 1 500",
            "points A -> 60",
            "create A bolt=5 points=80 -> issued 1 500",
            "kept 2 -> Q-2.1.0 60",
            "points A -> 0",
            "decline 1 -> declined 1 500",
            "points A -> 40",
            "withdraw 2 -> withdrawn 1 500",
            "points A -> 100",
        ],
    ),
    story(
        "as a discount they lower the price, and are held as well",
        &[
            "create A bolt=5 cut=30 -> issued 1 470",
            "kept 1 -> Q-1.1.0 30",
            "accept 1 -> accepted 1 470",
            "kept 1 -> Q-1.1.0 30",
        ],
    ),
    story(
        "a revision has the points of the one before, and keeps what it takes itself",
        &[
            "create A bolt=5 points=90 -> issued 1 500",
            "points A -> 10",
            "revise 1 bolt=6 points=95 -> issued 2 600",
            "points A -> 5",
            "kept 1 -> Q-1.2.0 95",
            "revise 1 bolt=6 -> issued 3 600",
            "points A -> 100",
            "kept 1 -> ",
        ],
    ),
    story(
        "a draft and a dry run hold nothing; issued, it does",
        &[
            "create A bolt=5 points=40 draft -> draft 1 500",
            "points A -> 100",
            "create A bolt=5 points=40 dry -> issued 1 500",
            "points A -> 100",
            "issue 1 dry -> issued 1 500",
            "points A -> 100",
            "issue 1 -> issued 1 500",
            "points A -> 60",
        ],
    ),
    story(
        "two drafts of the same points: the second is not issued, and nothing of it is written",
        &[
            "create A bolt=5 points=80 draft -> draft 1 500",
            "create A bolt=5 points=80 draft -> draft 1 500",
            "issue 1 -> issued 1 500",
            "issue 2 -> ! 80 points are more than the 20 that can be held",
            "history 2 -> created",
            "show 2 -> draft 1 500",
            "create A bolt=1 -> issued 1 100",
        ],
    ),
    story(
        "expired, they are there again; repeated, the first answer has them still",
        &[
            "create A bolt=5 points=40 through=2026-03-05 id=r -> issued 1 500",
            "clock 2026-03-06T10:00:00Z",
            "points A -> 60",
            "expire -> 1",
            "points A -> 100",
            "kept 1 -> ",
            "create A bolt=5 points=40 through=2026-03-05 id=r -> issued 1 500",
        ],
    ),
    story(
        "accepted, points stay held until they are spent",
        &[
            "create A bolt=5 points=40 -> issued 1 500",
            "accept 1 -> accepted 1 500",
            "points A -> 60",
            "spend Q-1.1.0",
            "points A -> 60",
        ],
    ),
    story(
        "a limit is held over all contracts: the second quote has what is left",
        &[
            "create A nut=6 -> issued 1 150",
            "kept 1 -> half 6",
            "create B nut=6 -> issued 1 200",
            "kept 2 -> half 4",
            "create B nut=1 -> issued 1 50",
            "decline 1 -> declined 1 150",
            "create B nut=6 -> issued 1 150",
        ],
    ),
    story(
        "a revision of it has its own limit, and gives up what it no longer uses",
        &[
            "create A nut=10 -> issued 1 250",
            "revise 1 nut=8 -> issued 2 200",
            "kept 1 -> half 8",
            "create B nut=2 -> issued 1 50",
            "revise 1 bolt=1 -> issued 3 100",
            "kept 1 -> ",
            "create B nut=8 -> issued 1 200",
        ],
    ),
    story(
        "documents that follow the quote take off what it holds",
        &[
            "create A nut=10 -> issued 1 250",
            "accept 1 -> accepted 1 250",
            "ship S1 A Q-1 half=4",
            "left A half -> 0",
            "ship S2 A Q-1 half=6",
            "left A half -> 0",
            "create B nut=1 -> issued 1 50",
        ],
    ),
    story(
        "what the quote holds of a limit is there for a part of it, and for what it would cost today",
        &[
            "create A nut=6 bolt=5 -> issued 1 650",
            "create B nut=4 -> issued 1 100",
            "today 1 -> 650",
            "accept 1 nut -> issued 1 150",
            "accept 1 -> accepted 1 500",
        ],
    ),
    story(
        "a hold by hand under a quote's number is refused",
        &["hold Q-7 A half=1 -> ! is a quote's number"],
    ),
];
