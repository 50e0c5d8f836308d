//! What does an open quote keep for itself: points, and limits of benefits?

use super::played::{Story, play_all_under, story};

const POLICY: &str = "
quoin_policy: 1
currency: EUR
rules:
  - { id: half, layer: volume, goods: { sku: nut }, percent: 50, limit: { quantity: 10, unit: piece, overall: true } }
points:
  - { id: bonus, contracts: { contract: A }, earn: { percent: 10 } }
  - { id: cut, contracts: { contract: A }, earn: { percent: 10 }, as: discount }
";

/// Of which A has a hundred points of each programme.
const BEGUN: &[&str] = &["ship S0 A - bolt=1000"];

const KEPT: &[Story] = &[
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
        "a part that follows the shipment of another finds what the quote held of a limit",
        &[
            "create A nut=6 bolt=5 glue=1 -> issued 1 657",
            "accept 1 nut -> issued 1 150",
            "ship S1 A Q-1 half=6",
            "left A half -> 4",
            "create B nut=4 -> issued 1 100",
            "accept 1 bolt -> issued 1 500",
            "accept 1 glue -> accepted 1 7",
        ],
    ),
    story(
        "a part that is accepted late has its limit, whoever holds that now",
        &[
            "create A nut=6 bolt=1 through=2026-03-05 -> issued 1 250",
            "clock 2026-03-06T10:00:00Z",
            "expire -> 1",
            "create B nut=10 -> issued 1 250",
            "accept 1 nut late by=boss -> expired 1 150",
        ],
    ),
    story(
        "points as a discount are of the whole: no part of it is taken, not even of what took none of them",
        &[
            "create A bolt=5 glue=10 fixed=1 cut=30 -> issued 1 560",
            "accept 1 glue -> ! quote Q-1 is taken whole or not at all: points took something off all of it",
            "accept 1 fixed -> ! taken whole or not at all",
            "accept 1 -> accepted 1 560",
            "create A bolt=5 glue=10 points=30 -> issued 1 570",
            "accept 2 glue -> issued 1 70",
        ],
    ),
    story(
        "a hold by hand under a quote's number is refused",
        &["hold Q-7 A half=1 -> ! is a quote's number"],
    ),
];

#[test]
fn an_open_quote_keeps_its_points_and_limits() {
    let checks = play_all_under(KEPT, POLICY, BEGUN);
    println!("{} stories of what is kept, {checks} checks", KEPT.len());
}
