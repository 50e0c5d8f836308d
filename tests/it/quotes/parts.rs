//! What may be accepted of a quote, and what does it cost then? (Rule Q1.)

use std::time::{Duration, Instant};

use quoin::domain::ids::PublicationNo;
use quoin::engine::retention::Retention;

use super::played::{play, play_all};
use super::stories::PARTS;
use super::world::World;

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
