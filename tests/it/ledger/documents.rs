//! What is answered to documents: the first answer again, what is put aside, what came back beyond what was shipped?

use std::collections::BTreeMap;

use quoin::domain::currency::Currency;
use quoin::engine::caller::{Caller, ContractScope, Role};
use quoin::engine::error::LedgerError;
use quoin::engine::import::{ImportJob, Silent, Verdict};
use quoin::engine::ledger::purchases::{AskPurchases, MonthOfPurchases, Purchases};
use quoin::engine::ledger::{Became, PostDocuments, PostReport};
use quoin::policy::syntax::PeriodOf;

use super::world::{World, document, micros, write_files};

/// The places of lines beyond what was shipped, by document that has some.
fn beyond(report: &PostReport) -> Vec<(String, Vec<u32>)> {
    let posted = report
        .outcomes
        .iter()
        .filter_map(|outcome| Some((outcome.id.clone(), outcome.posted.clone()?.beyond)));
    posted.filter(|(_, beyond)| !beyond.is_empty()).collect()
}

#[test]
fn the_same_again_gets_the_first_answer_and_changes_nothing() {
    let world = World::of(1);
    let documents = || {
        vec![
            document(0, "S1 shipment A 2026-01-05 bolt 10 1000"),
            document(0, "R1 return A 2026-01-06 for S2 bolt 1 100"),
        ]
    };
    let first = world.posted(documents());
    assert!(first.outcomes.iter().all(|outcome| outcome.became == Became::Posted));
    assert!(first.outcomes[1].posted.as_ref().unwrap().waits);
    let position = world.engine.view().position;
    // The shipment comes meanwhile: the return counts on its day, and its first answer is still its first answer.
    world.posted(vec![document(0, "S2 shipment A 2025-12-05 bolt 10 1000")]);
    let again = world.posted(documents());
    assert!(again.outcomes.iter().all(|outcome| outcome.became == Became::Repeated));
    let answers = |report: &PostReport| {
        report.outcomes.iter().map(|outcome| outcome.posted.clone()).collect::<Vec<_>>()
    };
    assert_eq!(answers(&again), answers(&first));
    assert_eq!(world.engine.view().position.0, position.0 + 1);
    let world = world.reopened();
    assert_eq!(answers(&world.posted(documents())), answers(&first));
    let known = world.engine.document(&Caller::operator(), "0.R1").unwrap();
    assert_eq!(known.counts_on.to_string(), "2025-12-05");
    assert_eq!(known.document.day.to_string(), "2026-01-06");
    assert_eq!(Some(known.posted), first.outcomes[1].posted);
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
fn other_content_under_an_id_is_refused_whole() {
    let world = World::of(1);
    world.posted(vec![document(0, "S1 shipment A 2026-01-05 bolt 10 1000")]);
    let position = world.engine.view().position;
    let report = world.post(vec![
        document(0, "S2 shipment A 2026-01-05 bolt 10 1000"),
        document(0, "S1 shipment A 2026-01-05 bolt 10 1000.01"),
        document(0, "S3 shipment A 2026-01-05 bolt 10 1000"),
        document(0, "S3 shipment A 2026-01-05 bolt 11 1000"),
    ]);
    let told: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "document \"0.S1\": document \"0.S1\" was posted before with other content: send a correction or a return under an id of its own",
            "document \"0.S3\": document \"0.S3\" is there twice with different content: mend one of them",
        ]
    );
    assert!(report.outcomes.is_empty());
    assert_eq!(world.engine.view().position, position);
    assert!(matches!(
        world.engine.document(&Caller::operator(), "0.S2"),
        Err(LedgerError::UnknownDocument { id }) if id == "0.S2"
    ));
}

#[test]
fn what_came_back_beyond_what_was_shipped_is_flagged() {
    let world = World::of(1);
    let report = world.posted(vec![
        document(0, "S1 shipment A 2026-01-05 bolt 10 1000, nut 1 50"),
        document(0, "R1 return A 2026-01-06 bolt 10 1000"),
        document(0, "R2 return A 2026-01-07 nut 1 50, bolt 1 100"),
    ]);
    assert_eq!(beyond(&report), [("0.R2".to_owned(), vec![1])]);
    // What was shipped before the folder was opened counts, and so does a box.
    let world = world.reopened();
    let report = world.posted(vec![document(0, "R3 return A 2026-01-08 nut 1 50")]);
    assert_eq!(beyond(&report), [("0.R3".to_owned(), vec![0])]);
    let report = world.posted(vec![
        document(0, "S2 shipment A 2026-01-09 bolt 1 box 100"),
        document(0, "R4 return A 2026-01-10 bolt 99 99"),
        document(0, "R5 return A 2026-01-10 bolt 1 1"),
        document(0, "R6 return B 2026-01-10 bolt 1 1"),
    ]);
    assert_eq!(beyond(&report), [("0.R5".to_owned(), vec![0]), ("0.R6".to_owned(), vec![0])]);
}

#[test]
fn unknown_names_are_put_aside_and_posted_once_they_are_known() {
    let world = World::of(1);
    let new_contract = "S1 shipment A 2026-01-05 bolt 10 1000";
    let documents = || {
        vec![
            document(1, new_contract),
            document(0, "S2 shipment A 2026-01-05 cog 1 7, bolt 1 3"),
            document(0, "S3 shipment A 2026-01-05 bolt 1 5"),
        ]
    };
    let caller = Caller::operator();
    // Refused, all of them, where that was not asked for.
    let report = world.post(documents());
    let told: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "document \"1.S1\": contract \"1.A\" is no contract that this store knows: import it first, or mend the id",
            "document \"0.S2\", line 1: sku \"cog\" is no SKU that this store knows: import it first, or mend the id",
        ]
    );
    let park = |documents| {
        let asked = PostDocuments { documents, park_unknown: true, dry_run: false };
        world.engine.post_documents(&caller, asked).unwrap()
    };
    let became = |report: &PostReport| -> Vec<String> {
        report
            .outcomes
            .iter()
            .map(|outcome| format!("{:?}", outcome.became).chars().take(6).collect())
            .collect()
    };
    assert_eq!(became(&park(documents())), ["Parked", "Parked", "Posted"]);
    // Sent again they stay aside and nothing is written; mended under the same id one is taken as it is now.
    let commits = world.engine.store().commits_synced();
    assert_eq!(became(&park(documents())), ["Parked", "Parked", "Repeat"]);
    assert_eq!(world.engine.store().commits_synced(), commits);
    let parked = world.engine.parked_documents(&caller).unwrap();
    let unknown: Vec<(&str, &str)> =
        parked.iter().map(|(draft, faults)| (draft.id.as_str(), faults[0].value.as_str())).collect();
    assert_eq!(unknown, [("1.S1", "1.A"), ("0.S2", "cog")]);
    assert_eq!(became(&park(vec![document(0, "S2 shipment A 2026-01-05 nut 1 7, bolt 1 3")])), ["Posted"]);
    assert_eq!(world.engine.parked_documents(&caller).unwrap().len(), 1);
    // The contract is imported, and the document that waited for it is posted.
    let folder = tempfile::tempdir().unwrap();
    let job = ImportJob { sources: write_files(folder.path(), 2), ..ImportJob::default() };
    assert_eq!(world.engine.import(&caller, &job, &Silent).unwrap().verdict, Verdict::Published);
    assert!(world.engine.parked_documents(&caller).unwrap().is_empty());
    assert_eq!(world.engine.document(&caller, "1.S1").unwrap().document.lines[0].net_amount, micros("1000"));
    assert_eq!(became(&park(vec![document(1, new_contract)])), ["Repeat"]);
}

#[test]
fn a_dry_run_tells_what_would_become_and_writes_nothing() {
    let world = World::of(1);
    world.posted(vec![document(0, "S1 shipment A 2026-01-05 bolt 10 1000")]);
    let before = (world.engine.view().position, world.engine.store().commits_synced());
    let documents = vec![
        document(0, "S1 shipment A 2026-01-05 bolt 10 1000"),
        document(0, "S2 shipment A 2026-01-05 bolt 1 1"),
    ];
    let asked = PostDocuments { documents, park_unknown: false, dry_run: true };
    let report = world.engine.post_documents(&Caller::operator(), asked).unwrap();
    let became: Vec<&Became> = report.outcomes.iter().map(|outcome| &outcome.became).collect();
    assert_eq!(became, [&Became::Repeated, &Became::Posted]);
    assert_eq!((world.engine.view().position, world.engine.store().commits_synced()), before);
    assert!(world.engine.document(&Caller::operator(), "0.S2").is_err());
}

#[test]
fn callers_post_and_see_what_is_theirs() {
    let world = World::of(1);
    world.posted(vec![
        document(0, "S1 shipment A 2026-01-05 bolt 10 1000"),
        document(0, "S2 shipment H 2026-01-05 bolt 10 1000"),
    ]);
    let only = |contract: &str, role| Caller {
        roles: [role].into(),
        contracts: ContractScope::of([contract]),
        ..Caller::operator()
    };
    let (posts, asks) = (only("0.A", Role::Post), only("0.A", Role::Price));
    // Another's contract is as unknown as one that is not there, and so is its document.
    let asked = |text| PostDocuments { documents: vec![document(0, text)], ..PostDocuments::default() };
    let report = world.engine.post_documents(&posts, asked("S3 shipment B 2026-01-05 bolt 1 1")).unwrap();
    assert_eq!(
        report.faults[0].to_string(),
        "document \"0.S3\": contract \"0.B\" is no contract that this store knows: import it first, or mend the id"
    );
    assert!(
        !world.engine.post_documents(&posts, asked("S3 shipment A 2026-01-05 bolt 1 1")).unwrap().refused()
    );
    assert!(matches!(
        world.engine.post_documents(&asks, asked("S4 shipment A 2026-01-05 bolt 1 1")),
        Err(LedgerError::NotAllowed { .. })
    ));
    assert!(world.engine.document(&asks, "0.S1").is_ok());
    assert!(matches!(world.engine.document(&asks, "0.S2"), Err(LedgerError::UnknownDocument { .. })));
    let purchases = |of| world.engine.purchases(&asks, &AskPurchases { contract: "0.A", of, days: None });
    assert!(purchases(PeriodOf::Contract).is_ok());
    assert!(matches!(purchases(PeriodOf::Holding), Err(LedgerError::NotAllowed { .. })));
    let foreign = AskPurchases { contract: "0.H", of: PeriodOf::Contract, days: None };
    assert!(matches!(world.engine.purchases(&asks, &foreign), Err(LedgerError::Asked(_))));
}

#[test]
fn purchases_are_told_by_month_and_currency() {
    let world = World::of(1);
    world.posted(vec![
        document(0, "S1 shipment A 2026-01-05 bolt 10 900 list=1000 contract=950, nut 1 50"),
        document(0, "S2 shipment B 2026-01-31 bolt 1 90"),
        document(0, "S3 shipment A 2026-03-01 rebar 1 800"),
        document(0, "R1 return A 2026-03-02 for S1 bolt 10 900 list=1000 contract=950"),
        document(0, "S4 shipment U 2026-03-02 bolt 1 110"),
    ]);
    let found = |of, days| {
        let asked = AskPurchases { contract: "0.A", of, days };
        world.engine.purchases(&Caller::operator(), &asked).unwrap().by_currency
    };
    let told = |found: BTreeMap<Currency, Purchases>| -> Vec<String> {
        let one = |(month, of): (String, MonthOfPurchases)| {
            let amount = |micros: i128| quoin::api::decimal::total_text(micros, 0);
            format!(
                "{month}: {} {} {} {}+{} {}",
                amount(of.list_amount),
                amount(of.contract_amount),
                amount(of.net_amount),
                of.shipments,
                of.others,
                of.skus
            )
        };
        found
            .into_iter()
            .flat_map(|(currency, of)| {
                let months = of.months.into_iter().map(|(month, of)| (month.to_string(), of));
                months.chain([(currency.to_string(), of.total)]).map(one).collect::<Vec<_>>()
            })
            .collect()
    };
    assert_eq!(
        told(found(PeriodOf::Contract, None)),
        ["2026-01: 50 50 50 1+1 1", "2026-03: 800 800 800 1+0 1", "EUR: 850 850 850 2+1 2"]
    );
    assert_eq!(
        told(found(PeriodOf::Counterparty, None)),
        [
            "2026-01: 140 140 140 2+1 2",
            "2026-03: 800 800 800 1+0 1",
            "EUR: 940 940 940 3+1 3",
            "2026-03: 110 110 110 1+0 1",
            "USD: 110 110 110 1+0 1"
        ]
    );
    let days = quoin::api::purchases::days("2026-01-06", "2026-03-01").unwrap();
    assert_eq!(
        told(found(PeriodOf::Holding, days)),
        ["2026-01: 90 90 90 1+0 1", "2026-03: 800 800 800 1+0 1", "EUR: 890 890 890 2+0 2"]
    );
}
