//! Do documents come by file, and are rows that do not do named, with the place and what to mend?

use quoin::domain::day::CivilDay;
use quoin::domain::decimal::Micros;
use quoin::engine::caller::Caller;
use quoin::exchange::kind::Kind;
use quoin::exchange::source::Source;
use quoin::ledger::document::Plan;

use super::refused::of;
use super::world::{World, micros};

const HEADER: &str = "document,kind,contract,day,sku,unit,quantity,net_amount,reference";

fn file(world: &World, header: &str, rows: &str) -> Vec<Source> {
    let path = world.folder.path().join("documents.csv");
    std::fs::write(&path, format!("{header}\n{rows}")).unwrap();
    vec![Source::of_kind(&path, Kind::Documents).unwrap()]
}

/// Posts a file, and says what is wrong with it.
fn faults(world: &World, header: &str, rows: &str) -> Vec<String> {
    let sources = file(world, header, rows);
    let posted = world.engine.post_files(&Caller::operator(), &sources, (false, false)).unwrap();
    posted.faults.kept().iter().map(|fault| fault.to_string()).collect()
}

#[test]
fn payments_and_plans_come_by_file() {
    let world = World::of(1);
    let header = "document,kind,contract,day,due,sku,quantity,net_amount,pays,amount,measure,last_day,target";
    let told = |rows: &str| faults(&world, header, rows);
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
    let told = |rows: &str| faults(&world, header, rows);
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
        let posted = world
            .engine
            .post_files(&Caller::operator(), &file(&world, HEADER, rows), (false, false))
            .unwrap();
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
    let refused = world.engine.post_files(&caller, &file(&world, HEADER, &text), (false, false)).unwrap();
    let told: Vec<String> = refused.faults.kept().iter().map(ToString::to_string).collect();
    let expected = format!(
        "documents.csv: row {}, sku: \"cog\" is no SKU that this store knows: import it first, or mend the id",
        bad + 2
    );
    assert_eq!(told, [expected]);
    assert_eq!(world.engine.view().position, position);
    let posted = world
        .engine
        .post_files(&caller, &file(&world, HEADER, &text.replace("cog", "bolt")), (false, false))
        .unwrap();
    assert_eq!(posted.report.outcomes.len(), usize::try_from(rows.div_ceil(10)).unwrap());
    let (found, _) = world
        .engine
        .measures(&caller, "0.A", Some(quoin::domain::time::Instant::parse("2026-01-05T11:00:00Z").unwrap()))
        .unwrap();
    let month = found.iter().find(|found| found.measure == "month").unwrap();
    assert_eq!(month.value, i128::from(rows) * 1_500_000);
}
