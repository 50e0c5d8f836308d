//! Is the same request known again, and are quotes found?

use quoin::domain::decimal::Micros;
use quoin::engine::quotes::CreateQuote;
use quoin::quotes::asked::{AskedCart, AskedLine, AskedQuote};
use quoin::quotes::number::QuoteNo;

use super::played::play_all;
use super::stories::REQUESTS;
use super::world::{TELLER, World, clerk};

#[test]
fn requests_are_answered_once_and_quotes_are_found() {
    let checks = play_all(REQUESTS);
    println!("{} stories of requests, {checks} checks", REQUESTS.len());
}

/// Whoever is first has it; the other is told what differs.
#[test]
fn one_id_for_two_carts_at_once_makes_one_quote() {
    let world = World::new();
    for turn in 0..50 {
        let asked = |quantity: i64| {
            let line = AskedLine {
                id: "1".to_owned(),
                sku: "bolt".to_owned(),
                quantity: Micros(quantity * 1_000_000),
                unit: String::new(),
                is_divisible: false,
                negotiated: None,
                details: None,
            };
            let cart = AskedCart { contract: "A".to_owned(), lines: vec![line], ..AskedCart::default() };
            let asked = AskedQuote { cart, ..AskedQuote::default() };
            CreateQuote { request_id: Some(format!("r{turn}")), asked, dry_run: false }
        };
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let callers: Vec<_> = (1..=4)
                .map(|quantity| {
                    let (engine, asked) = (world.engine().clone(), asked(quantity));
                    scope.spawn(move || engine.create_quote(&clerk(), &asked, &TELLER))
                })
                .collect();
            callers.into_iter().map(|caller| caller.join().unwrap()).collect()
        });
        let made = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(made, 1, "turn {turn}");
        for error in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
            assert!(error.to_string().contains("(other lines[0].quantity)"), "{error}");
        }
    }
    let last = world.engine().quote(&clerk(), QuoteNo(50), None).unwrap();
    assert_eq!(last.head.number, QuoteNo(50));
    assert!(world.engine().quote(&clerk(), QuoteNo(51), None).is_err(), "a number for what was refused");
}
