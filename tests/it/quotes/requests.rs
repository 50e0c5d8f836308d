//! Is the same request known again, and are quotes found?

use quoin::domain::decimal::Micros;
use quoin::engine::quotes::CreateQuote;
use quoin::quotes::asked::{AskedCart, AskedLine, AskedQuote};
use quoin::quotes::number::QuoteNo;

use super::played::{Story, play_all, story};
use super::world::{TELLER, World, clerk};

const REQUESTS: &[Story] = &[
    story(
        "the same request gets its first answer: after a change, an expiry, a restart",
        &[
            "create A bolt=5 id=r1 -> issued 1 500",
            "create A bolt=5 id=r1 -> issued 1 500",
            "price bolt=200",
            "create A bolt=5 id=r1 -> issued 1 500",
            "revise 1 bolt=6 id=r2 -> issued 2 1140",
            "create A bolt=5 id=r1 -> issued 1 500",
            "revise 1 bolt=6 id=r2 -> issued 2 1140",
            "clock 2026-06-01T00:00:00Z",
            "expire -> 1",
            "reopen",
            "create A bolt=5 id=r1 -> issued 1 500",
            "revise 1 bolt=6 id=r2 -> issued 2 1140",
            "show 2 -> ! quote Q-2 is unknown",
            "history 1 -> created revised expired",
        ],
    ),
    story(
        "other content under the same id is refused with what differs",
        &[
            "create A bolt=5 nut=1 id=r1 -> issued 1 550",
            "create A bolt=6 nut=1 id=r1 -> ! (other lines[0].quantity)",
            "create A bolt=5 id=r1 -> ! (other lines (how many))",
            "create B bolt=5 nut=1 id=r1 -> ! (other contract)",
            "create A bolt=5 nut=1 id=r1 ref=PO coupon=X draft -> ! (other coupons, customer_reference, draft)",
            "revise 1 bolt=5 nut=1 id=r1 -> ! (other call)",
            "accept 1 id=r1 -> ! request id \"r1\" was used before",
            "history 1 -> created",
        ],
    ),
    story(
        "whoever may not know of the quote is not told what differs",
        &[
            "create A bolt=5 id=r1 by=A -> issued 1 500",
            "create B bolt=5 id=r1 by=B -> ! used before for other content: use",
        ],
    ),
    story(
        "acts are repeated, too",
        &[
            "create A bolt=5 -> issued 1 500",
            "create A bolt=6 -> issued 1 600",
            "accept 1 id=a -> accepted 1 500",
            "accept 1 id=a -> accepted 1 500",
            "accept 2 id=a -> ! (other quote)",
            "decline 1 id=a -> ! (other call)",
            "accept 1 id=a why=because -> ! (other call)",
            "decline 2 id=b -> declined 1 600",
            "reopen",
            "decline 2 id=b -> declined 1 600",
            "history 1 -> created accepted",
        ],
    ),
    story(
        "a dry run leaves its id free",
        &["create A bolt=5 id=r1 dry -> issued 1 500", "create A bolt=6 id=r1 -> issued 1 600"],
    ),
    story(
        "ids are checked",
        &[
            "create A bolt=5 id=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa -> ! request id is longer than 64 bytes",
        ],
    ),
    story(
        "lines have ids of their own",
        &[
            "create A a:bolt=1 a:nut=1 -> ! lines[1].id: \"a\" is there twice",
            "create A a:bolt=1 b:bolt=1 -> issued 1 200",
        ],
    ),
    story(
        "every line without a price is named, and nothing is made",
        &[
            "create A bolt=1 rare=1 missing=2 bolt2:bolt=0.5 -> ! 3 lines have no price: \"rare\", \"missing\", \"bolt2\"",
            "list -> ",
        ],
    ),
    story(
        "no lines, no contract",
        &["create A -> ! the cart has no line", "create X bolt=1 -> ! contract \"X\" is unknown"],
    ),
    story(
        "found by contract, state and reference, the newest first",
        &[
            "create A bolt=1 -> issued 1 100",
            "create B bolt=1 ref=PO -> issued 1 100",
            "create A bolt=2 ref=PO -> issued 1 200",
            "create A bolt=3 draft -> draft 1 300",
            "list -> 4 3 / 2 1",
            "list A -> 4 3 / 1",
            "list B -> 2",
            "list A issued -> 3 1",
            "list draft -> 4",
            "list ref=PO -> 3 2",
            "list A ref=PO -> 3",
            "list by=B -> 2",
            "list A by=B -> ! contract \"A\" is unknown",
            "list X -> ! contract \"X\" is unknown",
        ],
    ),
];

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
