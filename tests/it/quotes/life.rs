//! What may be done with a quote, in which state, and by whom?

use super::played::{Story, play_all, story};

const LIFE: &[Story] = &[
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

#[test]
fn quotes_are_made_issued_and_accepted_at_their_price() {
    let checks = play_all(LIFE);
    println!("{} stories of life, {checks} checks", LIFE.len());
}
