//! What may be accepted of a quote, and what does it cost then? (Rule Q1.)

use std::time::{Duration, Instant};

use quoin::domain::ids::PublicationNo;
use quoin::engine::retention::Retention;

use super::played::{Story, play, play_all, story};
use super::world::World;

const PARTS: &[Story] = &[
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

#[test]
fn parts_are_whole_lines_or_shares_and_keep_their_thresholds() {
    let checks = play_all(PARTS);
    println!("{} stories of parts, {checks} checks", PARTS.len());
}

/// Whether a part breaks a threshold can't be told once what the quote was priced against is gone; all of it is accepted at its price.
#[test]
fn a_part_of_a_quote_whose_publication_is_gone_is_refused() {
    let mut world = World::new();
    assert_eq!(play(&mut world, "create A bolt=5 glue=10"), "issued 1 570");
    assert_eq!(play(&mut world, "create A bolt=5 glue=10"), "issued 1 570");
    world.retain(Retention { publications: 1, days: 0 });
    world.price("bolt", "500");
    world.set_clock("2026-03-02T12:00:00Z");
    let quoted_against = PublicationNo(2);
    let patience = Instant::now() + Duration::from_secs(20);
    while world.engine().view_at(quoted_against).is_ok() {
        assert!(Instant::now() < patience, "publication 2 was not retired");
        world.price("glue", "8");
        std::thread::sleep(Duration::from_millis(100));
    }
    let refused = play(&mut world, "accept 1 bolt");
    assert!(refused.contains("publication 2, against which it was priced, is no longer kept"), "{refused}");
    assert_eq!(play(&mut world, "accept 1"), "accepted 1 570");
    assert_eq!(play(&mut world, "show 2"), "issued 1 570");
}
