//! What may be done with a quote, when, and by whom?

use super::played::play_all;
use super::stories::{APPROVAL, EXPIRY, LIFE, REVISIONS};

#[test]
fn quotes_are_made_issued_and_accepted_at_their_price() {
    let checks = play_all(LIFE);
    println!("{} stories of life, {checks} checks", LIFE.len());
}

#[test]
fn revisions_take_each_others_place_and_stay() {
    let checks = play_all(REVISIONS);
    println!("{} stories of revisions, {checks} checks", REVISIONS.len());
}

#[test]
fn what_exceeds_a_guard_waits_for_approval() {
    let checks = play_all(APPROVAL);
    println!("{} stories of approval, {checks} checks", APPROVAL.len());
}

#[test]
fn quotes_expire_at_the_end_of_their_last_day() {
    let checks = play_all(EXPIRY);
    println!("{} stories of expiry, {checks} checks", EXPIRY.len());
}
