//! What becomes of points that are a discount where a price was negotiated? They come off behind it (docs/QUOTES.md, docs/POLICY.md).
//!
//! A bolt is 100 and costs 70, glue is 7, `fixed` is 20 and takes no discount. A has a hundred points, each worth 1, which may be
//! a fifth of a cart. The floor of five bolts is 350 / 0.95 = 368.43.

use super::played::{Story, play_all_under, story};
use super::world::POLICY;

const POINTS: &str = "
points:
  - { id: cut, contracts: { contract: A }, earn: { percent: 10 }, pay: { most_percent: 20 }, as: discount }
";

const BEGUN: &[&str] = &["ship S0 A - bolt=1000"];

const TAKEN: &[Story] = &[
    story(
        "off the negotiated price, and no concession",
        &[
            "create A bolt=5@95 cut=30 -> issued 1 445",
            "why 1 -> nothing 25 of 500 5%",
            "lines 1 -> 445+84.55",
            "kept 1 -> Q-1.1.0 30",
            "accept 1 -> accepted 1 445",
            "points A -> 70",
        ],
    ),
    story(
        "a fifth of the negotiated price: of 475, and not of 500",
        &[
            "create A bolt=5 cut=100 dry -> issued 1 400",
            "create A bolt=5@95 cut=100 -> issued 1 380",
            "why 1 -> nothing 25 of 500 5%",
            "kept 1 -> Q-1.1.0 95",
        ],
    ),
    story(
        "spread by what lines run at once prices are negotiated: 475 and 70",
        &[
            "create A bolt=5@95 glue=10 cut=30 -> issued 1 515",
            "lines 1 -> 448.85+85.28 66.15+0",
            "why 1 -> nothing 25 of 570 5%",
        ],
    ),
    story(
        "a negotiated total is reached before points: 541.50 less 30, as 475 and 66.50 give them",
        &[
            "create A bolt=5 glue=10 total=541.5 cut=30 -> issued 1 511.5",
            "lines 1 -> 448.68+85.25 62.82+0",
            "why 1 -> nothing 28.5 of 570 5%",
        ],
    ),
    story(
        "what takes no discount counts in the share, and gives nothing: 20 % of 575 is above the hundred",
        &[
            "create A bolt=5@95 fixed=5 cut=100 -> issued 1 475",
            "lines 1 -> 375+71.25 100+0",
            "why 1 -> nothing 25 of 600 5%",
        ],
    ),
    story(
        "behind the discount of the order, where nothing is conceded: 20 bolts are 1,900",
        &[
            "create A bolt=20@95 cut=100 -> issued 1 1800",
            "why 1 -> nothing 0 of 1900 0%",
            "kept 1 -> Q-1.1.0 100",
        ],
    ),
    story(
        "the margin of authority is what the net total keeps: 20 of 370 are less than 10 %, 80 of 430 more",
        &[
            "create A bolt=5@86 by=boss -> issued 1 430",
            "create A bolt=5@86 cut=60 by=boss -> waiting 1 370",
            "why 2 -> concession 70 of 500 14%",
            "approve 2 by=boss -> ! margin",
        ],
    ),
    story(
        "a guard asks about what they leave, and what is rejected gives them up",
        &[
            "create A bolt=5@90 cut=90 -> waiting 1 360",
            "why 1 -> guard concession 50 of 500 10%",
            "points A -> 10",
            "reject 1 by=boss -> draft 1 360",
            "points A -> 100",
        ],
    ),
    story(
        "a revision keeps points that are asked for, and prices that are stated again",
        &[
            "create A bolt=5@95 cut=30 -> issued 1 445",
            "today 1 -> 470",
            "revise 1 -> issued 2 470",
            "revise 1 bolt=5@95 -> issued 3 475",
            "kept 1 -> ",
            "revise 1 bolt=5@95 cut=100 -> issued 4 380",
            "kept 1 -> Q-1.4.0 95",
        ],
    ),
    story(
        "no part of it is taken, of a negotiated line either: points are of the whole",
        &[
            "create A bolt=5@95 glue=10 cut=30 -> issued 1 515",
            "accept 1 bolt -> ! points took something off all of it",
            "accept 1 glue -> ! points took something off all of it",
            "accept 1 -> accepted 1 515",
        ],
    ),
];

/// Where the guard trims: it gives back points first, then what was negotiated.
const TRIMMED: &[Story] = &[
    story(
        "81.57 of 90 points stay, and all of the concession",
        &[
            "create A bolt=5@90 cut=90 -> waiting 1 368.43",
            "why 1 -> concession 50 of 500 10%",
            "kept 1 -> Q-1.1.0 81.57",
        ],
    ),
    story(
        "all points are given back, and 3.43 of what was negotiated",
        &[
            "create A bolt=5@73 cut=50 -> waiting 1 368.43",
            "why 1 -> concession 131.57 of 500 26.32%",
            "kept 1 -> ",
            "points A -> 100",
        ],
    ),
    story(
        "no points are left, so that a part may be taken",
        &[
            "create A bolt=5@73 fixed=1 cut=50 by=boss -> issued 1 388.43",
            "accept 1 fixed -> issued 1 20",
            "accept 1 -> accepted 1 368.43",
        ],
    ),
];

#[test]
fn points_come_off_behind_negotiated_prices() {
    let checks = play_all_under(TAKEN, &[POLICY, POINTS].concat(), BEGUN);
    println!("{} stories of points behind negotiated prices, {checks} checks", TAKEN.len());
}

#[test]
fn guards_give_back_points_before_what_was_negotiated() {
    let trims = POLICY.replace("do: approve", "do: clamp");
    let trims = trims.replace("concession: 15, margin: 10", "concession: 30");
    let checks = play_all_under(TRIMMED, &[trims.as_str(), POINTS].concat(), BEGUN);
    println!("{} stories of points that guards give back, {checks} checks", TRIMMED.len());
}
