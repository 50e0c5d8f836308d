//! What is wrong with documents, is it told with the place and what to mend, all of it at once, and is nothing posted?

use quoin::domain::day::CivilDay;
use quoin::domain::decimal::Micros;
use quoin::domain::limits;
use quoin::engine::caller::Caller;
use quoin::engine::error::LedgerError;
use quoin::engine::ledger::PostDocuments;
use quoin::ledger::document::{Allocation, DocumentKind, Plan, RuleUse};
use quoin::ledger::draft::DocumentDraft;

use super::world::{World, document, micros};

const SOUND: &str = "S1 shipment A 2026-01-05 bolt 10 1000";

/// A sound document, spoilt, and what is said of it behind its id.
type Case = (&'static str, fn(&mut DocumentDraft), &'static [&'static str]);

const CASES: &[Case] = &[
    ("no id", |d| d.id.clear(), &["document \"\": document \"\" is empty"]),
    (
        "a long id",
        |d| d.id = "x".repeat(65),
        &[
            "document \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\": document \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\" is longer than 64 bytes",
        ],
    ),
    (
        "unknown contract",
        |d| d.contract = "nobody".into(),
        &[
            "document \"0.S1\": contract \"nobody\" is no contract that this store knows: import it first, or mend the id",
        ],
    ),
    (
        "unknown SKU",
        |d| d.lines[0].sku = "cog".into(),
        &[
            "document \"0.S1\", line 1: sku \"cog\" is no SKU that this store knows: import it first, or mend the id",
        ],
    ),
    (
        "unknown unit",
        |d| d.lines[0].unit = "yard".into(),
        &[
            "document \"0.S1\", line 1: unit \"yard\" is no unit that this store knows: import it first, or mend the id",
        ],
    ),
    (
        "a unit that the SKU lacks",
        |d| (d.lines[0].sku, d.lines[0].unit) = ("nut".into(), "box".into()),
        &[
            "document \"0.S1\", line 1: unit \"box\" is no unit of SKU \"nut\" that this store knows: import it first, or mend the id",
        ],
    ),
    (
        "unknown payer",
        |d| d.payer = "nobody".into(),
        &[
            "document \"0.S1\": payer \"nobody\" is no counterparty that this store knows: import it first, or mend the id",
        ],
    ),
    (
        "another currency than the contract's",
        |d| d.currency = "USD".into(),
        &["document \"0.S1\": currency \"USD\" is not the contract's: its documents are in EUR"],
    ),
    (
        "no currency at all",
        |d| d.currency = "euro".into(),
        &[
            "document \"0.S1\": currency \"euro\" is no ISO 4217 currency: write three capital letters, as in EUR",
        ],
    ),
    (
        "no lines",
        |d| d.lines.clear(),
        &["document \"0.S1\": lines \"\" are none: a document has at least one"],
    ),
    (
        "quantity below zero",
        |d| d.lines[0].quantity = micros("-1"),
        &[
            "document \"0.S1\", line 1: quantity \"-1\" is below zero in a shipment: what came back is a document of kind return, with positive figures",
        ],
    ),
    (
        "quantity of zero",
        |d| d.lines[0].quantity = micros("0"),
        &["document \"0.S1\", line 1: quantity \"0\" is zero: leave the line out, or send a correction"],
    ),
    (
        "a negative tax",
        |d| d.lines[0].tax_amount = micros("-0.01"),
        &[
            "document \"0.S1\", line 1: tax_amount \"-0.01\" is below zero in a shipment: what came back is a document of kind return, with positive figures",
        ],
    ),
    (
        "overflow",
        |d| d.lines[0].net_amount.0 = i64::MAX,
        &["document \"0.S1\", line 1: net_amount \"9223372036854.775807\" is beyond ±9,000,000,000,000"],
    ),
    (
        "a reference on a shipment",
        |d| d.reference = "0.S0".into(),
        &[
            "document \"0.S1\": reference \"0.S0\" stands on a shipment: only returns and corrections have one",
        ],
    ),
    (
        "a reference on a payment, with lines and nothing that it pays",
        |d| (d.kind, d.reference) = (DocumentKind::Payment, "0.S0".into()),
        &[
            "document \"0.S1\": reference \"0.S0\" stands on a payment: only returns and corrections have one",
            "document \"0.S1\": lines \"1\" stand on a payment: goods are of other kinds",
            "document \"0.S1\": allocations \"\" are none: say for which documents it is, or leave their ids empty for what is on account",
        ],
    ),
    (
        "a payment for itself, and for nothing",
        |d| {
            let pays = |document: &str, amount| Allocation { document: document.into(), amount };
            (d.kind, d.lines) = (DocumentKind::Payment, Vec::new());
            d.allocations =
                vec![pays("0.S1", micros("1")), pays("0.S0", micros("0")), pays("", Micros(i64::MAX))];
        },
        &[
            "document \"0.S1\", line 1: pays \"0.S1\" is the payment itself",
            "document \"0.S1\", line 2: amount \"0\" is zero: leave it out",
            "document \"0.S1\", line 3: amount \"9223372036854.775807\" is beyond ±9,000,000,000,000",
        ],
    ),
    (
        "allocations and a plan on a shipment, due before it was shipped",
        |d| {
            let last_day = CivilDay::parse("2026-01-04").unwrap();
            d.due = Some(last_day);
            d.allocations = vec![Allocation { document: String::new(), amount: micros("1") }];
            d.plan = Some(Plan { measure: "year".into(), last_day, target: micros("1") });
        },
        &[
            "document \"0.S1\": due \"2026-01-04\" is before the day of the shipment",
            "document \"0.S1\": allocations \"1\" stand on a shipment: they are a payment's",
            "document \"0.S1\": plan \"\" stands on a shipment: it is of kind plan",
        ],
    ),
    (
        "a due date on a return",
        |d| (d.kind, d.due) = (DocumentKind::Return, Some(d.day)),
        &["document \"0.S1\": due \"2026-01-05\" stands on a return: only shipments have one"],
    ),
    (
        "a plan of nothing",
        |d| (d.kind, d.lines) = (DocumentKind::Plan, Vec::new()),
        &["document \"0.S1\": plan \"\" is not there: say of which measure, to which day, how much"],
    ),
    (
        "a plan that ends before it begins, of a measure that is not there",
        |d| {
            let last_day = CivilDay::parse("2026-01-04").unwrap();
            (d.kind, d.lines) = (DocumentKind::Plan, Vec::new());
            d.plan = Some(Plan { measure: "nothing".into(), last_day, target: micros("0") });
        },
        &[
            "document \"0.S1\": last_day \"2026-01-04\" is before the first",
            "document \"0.S1\": target \"0\" is zero: leave it out",
            "document \"0.S1\": measure \"nothing\" is no measure over a period that the policy in force names: publish it first, or mend the id",
        ],
    ),
    (
        "several faults at once",
        |d| {
            d.payer = "nobody".into();
            d.lines[0].sku = "cog".into();
            d.lines[0].quantity = micros("-2");
        },
        &[
            "document \"0.S1\": payer \"nobody\" is no counterparty that this store knows: import it first, or mend the id",
            "document \"0.S1\", line 1: quantity \"-2\" is below zero in a shipment: what came back is a document of kind return, with positive figures",
            "document \"0.S1\", line 1: sku \"cog\" is no SKU that this store knows: import it first, or mend the id",
        ],
    ),
    (
        "uses of a limit that do not do",
        |d| {
            d.uses = vec![
                of("", "1"),
                of("a", "0"),
                of("b", "-1"),
                of("b", "2"),
                RuleUse { rule: "c".into(), used: Micros(i64::MAX) },
            ]
        },
        &[
            "document \"0.S1\", use 1: rule \"\" is empty",
            "document \"0.S1\", use 2: used \"0\" is zero: leave it out",
            "document \"0.S1\", use 3: used \"-1\" is below zero in a shipment: what is given back is in a return, above zero",
            "document \"0.S1\", use 4: rule \"b\" is there already: name each rule once, with all that was used of it",
            "document \"0.S1\", use 5: used \"9223372036854.775807\" is beyond ±9,000,000,000,000",
        ],
    ),
    (
        "a return that gives back less than nothing",
        |d| (d.kind, d.uses) = (DocumentKind::Return, vec![of("a", "-1")]),
        &[
            "document \"0.S1\", use 1: used \"-1\" is below zero in a return: what it gives back is written above zero",
        ],
    ),
    (
        "a payment that uses a limit",
        |d| {
            (d.kind, d.lines, d.uses) = (DocumentKind::Payment, Vec::new(), vec![of("a", "1")]);
            d.allocations = vec![Allocation { document: "0.S0".into(), amount: micros("1") }];
        },
        &[
            "document \"0.S1\": uses \"1\" stand on a payment: limits are used by shipments, returns and corrections",
        ],
    ),
    (
        "uses without end",
        |d| d.uses = vec![of("a", "1"); limits::DOCUMENT_USES + 1],
        &["document \"0.S1\": uses \"1001\" are more than 1000"],
    ),
    (
        "a shipment of nothing but a use",
        |d| (d.lines, d.uses) = (Vec::new(), vec![of("a", "1")]),
        &["document \"0.S1\": lines \"\" are none: a document has at least one"],
    ),
];

pub(super) fn of(rule: &str, used: &str) -> RuleUse {
    RuleUse { rule: rule.to_owned(), used: micros(used) }
}

#[test]
fn what_is_wrong_is_named_and_nothing_is_posted() {
    let world = World::of(1);
    let position = world.engine.view().position;
    let mut wrong = Vec::new();
    for (what, spoil, expected) in CASES {
        let mut spoilt = document(0, SOUND);
        spoil(&mut spoilt);
        // Sound ones beside it are not posted either.
        let report = world.post(vec![document(0, "S9 shipment A 2026-01-05 bolt 1 1"), spoilt]);
        let told: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
        if told != *expected {
            wrong.push(format!("{what}: {told:#?}"));
        }
        assert!(report.faults.iter().all(|fault| fault.place == 1), "{what}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(world.engine.view().position, position);
}

#[test]
fn days_of_the_future_are_refused_and_days_long_ago_are_taken() {
    let world = World::of(1);
    let today = CivilDay::of(quoin::domain::time::CivilSecond(world.engine.view().command_time.0));
    let of = |id: &str, day: CivilDay| {
        let mut sound = document(0, SOUND);
        (sound.id, sound.day) = (id.to_owned(), day);
        sound
    };
    let report = world.post(vec![of("later", today.plus(3))]);
    assert!(
        report.faults[0].to_string().contains("is in the future: the latest day taken is"),
        "{:?}",
        report.faults
    );
    world.posted(vec![of("tomorrow", today.plus(1)), of("long ago", today.plus_months(-12 * 40))]);
}

#[test]
fn too_much_at_once_is_refused() {
    let world = World::of(1);
    let post = |documents| {
        world
            .engine
            .post_documents(&Caller::operator(), PostDocuments { documents, ..PostDocuments::default() })
    };
    assert!(matches!(post(Vec::new()), Err(LedgerError::Nothing)));
    let mut long = document(0, SOUND);
    long.lines = vec![long.lines[0].clone(); limits::DOCUMENT_LINES + 1];
    let report = post(vec![long.clone()]).unwrap();
    assert_eq!(report.faults[0].to_string(), "document \"0.S1\": lines \"100001\" are more than 100000");
    let many = vec![long; limits::BATCH_LINES / limits::DOCUMENT_LINES];
    assert!(
        matches!(post(many), Err(LedgerError::TooLarge { what }) if what == "2000020 lines; at most 2000000 are posted together: send them in parts")
    );
}
