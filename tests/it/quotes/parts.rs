//! What may be accepted of a quote, and what does it cost then? (Rule Q1.)

use super::played::play_all;
use super::stories::PARTS;

#[test]
fn parts_are_whole_lines_or_shares_and_keep_their_thresholds() {
    let checks = play_all(PARTS);
    println!("{} stories of parts, {checks} checks", PARTS.len());
}
