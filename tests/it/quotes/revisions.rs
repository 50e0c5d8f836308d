//! Does a revision take the place of the one before, which stays?

use super::played::{Story, play_all, story};

const REVISIONS: &[Story] = &[
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

#[test]
fn revisions_take_each_others_place_and_stay() {
    let checks = play_all(REVISIONS);
    println!("{} stories of revisions, {checks} checks", REVISIONS.len());
}
