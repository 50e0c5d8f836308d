//! Is the same request known again, and are quotes found?

use super::played::play_all;
use super::stories::REQUESTS;

#[test]
fn requests_are_answered_once_and_quotes_are_found() {
    let checks = play_all(REQUESTS);
    println!("{} stories of requests, {checks} checks", REQUESTS.len());
}
