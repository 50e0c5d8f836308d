//! What is wrong with documents, is it told with the place and what to mend, all of it at once, and is nothing posted?

use quoin::domain::day::CivilDay;
use quoin::domain::decimal::Micros;
use quoin::domain::limits;
use quoin::engine::caller::Caller;
use quoin::engine::error::LedgerError;
use quoin::engine::ledger::PostDocuments;
use quoin::exchange::kind::Kind;
use quoin::exchange::source::Source;
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

fn of(rule: &str, used: &str) -> RuleUse {
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

const HEADER: &str = "document,kind,contract,day,sku,unit,quantity,net_amount,reference\n";

fn file(world: &World, rows: &str) -> Vec<Source> {
    let path = world.folder.path().join("documents.csv");
    std::fs::write(&path, format!("{HEADER}{rows}")).unwrap();
    vec![Source::of_kind(&path, Kind::Documents).unwrap()]
}

#[test]
fn payments_and_plans_come_by_file() {
    let world = World::of(1);
    let header = "document,kind,contract,day,due,sku,quantity,net_amount,pays,amount,measure,last_day,target";
    let path = world.folder.path().join("documents.csv");
    let post = |rows: &str| {
        std::fs::write(&path, format!("{header}\n{rows}")).unwrap();
        let sources = vec![Source::of_kind(&path, Kind::Documents).unwrap()];
        world.engine.post_files(&Caller::operator(), &sources, (false, false)).unwrap()
    };
    let told = |rows: &str| -> Vec<String> {
        post(rows).faults.kept().iter().map(|fault| fault.to_string()).collect()
    };
    let rows = "S1,shipment,0.A,2026-01-05,2026-02-05,bolt,1,100,,,,,\n\
                P1,payment,0.A,2026-01-07,,,,,S1,60,,,\n\
                P1,payment,0.A,2026-01-07,,,,,,40,,,\n\
                L1,plan,0.A,2027-01-01,,,,,,,year,2027-12-31,5000\n";
    assert_eq!(told(rows), Vec::<String>::new());
    let known = |id| world.engine.document(&Caller::operator(), id).unwrap().document;
    let paid: Vec<(String, Micros)> =
        known("P1").allocations.into_iter().map(|of| (of.document, of.amount)).collect();
    assert_eq!(paid, [("S1".to_owned(), micros("60")), (String::new(), micros("40"))]);
    assert_eq!(known("S1").due, Some(CivilDay::parse("2026-02-05").unwrap()));
    let (measure, last_day) = ("year".to_owned(), CivilDay::parse("2027-12-31").unwrap());
    assert_eq!(known("L1").plan, Some(Plan { measure, last_day, target: micros("5000") }));
    let wrong = "S2,shipment,0.A,2026-01-05,,bolt,1,100,S1,,,,\n\
                 P2,payment,0.A,2026-01-05,,bolt,,,S1,,,,\n\
                 L2,plan,0.A,2026-01-05,,,,,,,year,,\n\
                 L3,plan,0.A,2026-01-05,,,,,,,none,2026-12-31,1\n";
    assert_eq!(
        told(wrong),
        [
            "documents.csv: row 2, pays: \"S1\" says nothing of a shipment: leave it empty",
            "documents.csv: row 3, sku: \"bolt\" says nothing of a payment: leave it empty",
            "documents.csv: row 3, amount: is empty",
            "documents.csv: row 4, last_day: is empty",
            "documents.csv: row 4, target: is empty",
        ]
    );
    let unknown = "L3,plan,0.A,2026-01-05,,,,,,,none,2026-12-31,1\n\
                   L4,plan,0.A,2026-01-05,,,,,,,year,2026-12-31,1\n\
                   L4,plan,0.A,2026-01-05,,,,,,,year,2026-12-31,2\n";
    assert_eq!(
        told(unknown),
        ["documents.csv: row 4, document: \"L4\" is a plan, which has one row: it stands in row 3 already"]
    );
    let unknown = unknown.lines().next().unwrap();
    assert_eq!(
        told(unknown),
        [
            "documents.csv: row 2, measure: \"none\" is no measure over a period that the policy in force names: publish it first, or mend the id"
        ]
    );
}

#[test]
fn uses_of_limits_come_by_file() {
    let world = World::of(1);
    let header = "document,kind,contract,day,quote,sku,quantity,net_amount,rule,used,pays,amount";
    let path = world.folder.path().join("documents.csv");
    let post = |rows: &str| {
        std::fs::write(&path, format!("{header}\n{rows}")).unwrap();
        let sources = vec![Source::of_kind(&path, Kind::Documents).unwrap()];
        world.engine.post_files(&Caller::operator(), &sources, (false, false)).unwrap()
    };
    let told = |rows: &str| -> Vec<String> {
        post(rows).faults.kept().iter().map(|fault| fault.to_string()).collect()
    };
    let rows = "S1,shipment,0.A,2026-01-05,Q1,bolt,1,100,,,,\n\
                S1,shipment,0.A,2026-01-05,Q1,,,,spring,2.5,,\n\
                S1,shipment,0.A,2026-01-05,Q1,nut,1,50,,,,\n\
                S1,shipment,0.A,2026-01-05,Q1,,,,fund,3,,\n\
                C1,correction,0.A,2026-01-06,,,,,spring,-1,,\n";
    assert_eq!(told(rows), Vec::<String>::new());
    let known = |id| world.engine.document(&Caller::operator(), id).unwrap().document;
    assert_eq!((known("S1").lines.len(), known("S1").uses), (2, vec![of("spring", "2.5"), of("fund", "3")]));
    assert_eq!((known("C1").lines.len(), known("C1").uses), (0, vec![of("spring", "-1")]));
    let wrong = "S2,shipment,0.A,2026-01-05,,bolt,1,100,spring,1,,\n\
                 S3,shipment,0.A,2026-01-05,,,,,spring,,,\n\
                 S4,shipment,0.A,2026-01-05,,,,,,1,,\n\
                 P1,payment,0.A,2026-01-05,,,,,spring,1,S1,5\n";
    let beside = "says nothing beside what was used of a limit: that has a row of its own";
    assert_eq!(
        told(wrong),
        [
            format!("documents.csv: row 2, sku: \"bolt\" {beside}"),
            format!("documents.csv: row 2, quantity: \"1\" {beside}"),
            format!("documents.csv: row 2, net_amount: \"100\" {beside}"),
            "documents.csv: row 3, used: is empty".to_owned(),
            "documents.csv: row 4, rule: is empty".to_owned(),
            "documents.csv: row 5, rule: \"spring\" says nothing of a payment: leave it empty".to_owned(),
            "documents.csv: row 5, used: \"1\" says nothing of a payment: leave it empty".to_owned(),
        ]
    );
    let wrong = "S5,shipment,0.A,2026-01-05,,,,,spring,1,,\n\
                 S5,shipment,0.A,2026-01-05,,bolt,1,100,,,,\n\
                 S5,shipment,0.A,2026-01-05,,cog,1,100,,,,\n\
                 S5,shipment,0.A,2026-01-05,,,,,spring,-1,,\n";
    assert_eq!(
        told(wrong),
        [
            "documents.csv: row 5, rule: \"spring\" is there already: name each rule once, with all that was used of it",
            "documents.csv: row 5, used: \"-1\" is below zero in a shipment: what is given back is in a return, above zero",
            "documents.csv: row 4, sku: \"cog\" is no SKU that this store knows: import it first, or mend the id",
        ]
    );
}

#[test]
fn a_payment_tells_that_what_it_pays_has_not_come() {
    let world = World::of(1);
    let report = world.posted(vec![
        document(0, "P1 payment A 2026-01-05 S1 10"),
        document(0, "S1 shipment A 2026-01-04 bolt 1 10"),
        document(0, "P2 payment A 2026-01-05 S1 10, - 5"),
    ]);
    let waits: Vec<bool> =
        report.outcomes.iter().map(|outcome| outcome.posted.as_ref().unwrap().waits).collect();
    assert_eq!(waits, [true, false, false]);
}

#[test]
fn rows_of_a_file_are_named() {
    let world = World::of(1);
    let cases: &[(&str, &[&str])] = &[
        (
            "S1,shipment,0.A,2026-01-05,cog,,1,1,\nS1,shipment,0.A,2026-01-05,bolt,,-1,1,\n",
            &[
                "documents.csv: row 2, sku: \"cog\" is no SKU that this store knows: import it first, or mend the id",
                "documents.csv: row 3, quantity: \"-1\" is below zero in a shipment: what came back is a document of kind return, with positive figures",
            ],
        ),
        (
            "S1,shipment,0.A,2026-01-05,bolt,,1,1,\nS1,shipment,0.B,2026-01-06,bolt,,1,1,\n",
            &[
                "documents.csv: row 3, contract: \"0.B\" is another than in row 2 of the same document",
                "documents.csv: row 3, day: \"2026-01-06\" is another than in row 2 of the same document",
            ],
        ),
        (
            "S1,shipment,0.A,2026-01-05,bolt,,1,1,\nS2,shipment,0.A,2026-01-05,bolt,,1,1,\nS1,shipment,0.A,2026-01-05,bolt,,1,1,\n",
            &[
                "documents.csv: row 4, document: \"S1\" is there already further up: put the rows of a document together",
            ],
        ),
        (
            "S1,sale,0.A,05.01.2026,bolt,,1;5,,\n",
            &[
                "documents.csv: row 2, kind: \"sale\" is unknown here: write one of shipment, return, correction, payment, plan",
                "documents.csv: row 2, day: \"05.01.2026\" is no date-time: write 2026-05-01 or 2026-05-01T12:30:00",
                "documents.csv: row 2, quantity: \"1;5\" is not a decimal number",
                "documents.csv: row 2, net_amount: is empty",
            ],
        ),
    ];
    for (rows, expected) in cases {
        let posted =
            world.engine.post_files(&Caller::operator(), &file(&world, rows), (false, false)).unwrap();
        let told: Vec<String> = posted.faults.kept().iter().map(ToString::to_string).collect();
        assert_eq!(told, *expected);
        assert!(posted.report.outcomes.is_empty());
    }
}

#[test]
fn one_bad_line_of_many_is_named_and_keeps_all_out() {
    let world = World::of(1);
    let rows = crate::effort::count(1_000_000);
    let bad = rows / 3;
    let row = |number: u32| {
        let sku = if number == bad { "cog" } else { "bolt" };
        format!("S{},shipment,0.A,2026-01-05,{sku},,1,1.50,\n", number / 10)
    };
    let text: String = (0..rows).map(row).collect();
    let caller = Caller::operator();
    let position = world.engine.view().position;
    let refused = world.engine.post_files(&caller, &file(&world, &text), (false, false)).unwrap();
    let told: Vec<String> = refused.faults.kept().iter().map(ToString::to_string).collect();
    let expected = format!(
        "documents.csv: row {}, sku: \"cog\" is no SKU that this store knows: import it first, or mend the id",
        bad + 2
    );
    assert_eq!(told, [expected]);
    assert_eq!(world.engine.view().position, position);
    let posted = world
        .engine
        .post_files(&caller, &file(&world, &text.replace("cog", "bolt")), (false, false))
        .unwrap();
    assert_eq!(posted.report.outcomes.len(), usize::try_from(rows.div_ceil(10)).unwrap());
    let (found, _) = world
        .engine
        .measures(&caller, "0.A", Some(quoin::domain::time::Instant::parse("2026-01-05T11:00:00Z").unwrap()))
        .unwrap();
    let month = found.iter().find(|found| found.measure == "month").unwrap();
    assert_eq!(month.value, i128::from(rows) * 1_500_000);
}
