//! What waits for approval, and who may give it?

use super::played::{Story, play_all, story};

const APPROVAL: &[Story] = &[
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

#[test]
fn what_exceeds_a_guard_waits_for_approval() {
    let checks = play_all(APPROVAL);
    println!("{} stories of approval, {checks} checks", APPROVAL.len());
}
