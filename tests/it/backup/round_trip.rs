//! Does a backup that was taken while prices, quotes and documents came in answer what the store answered then?

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use quoin::domain::day::CivilDay;
use quoin::domain::decimal::Micros;
use quoin::engine::caller::Caller;
use quoin::engine::check::check_folder;
use quoin::engine::ledger::{Became, PostDocuments};
use quoin::engine::{Engine, EngineOptions};
use quoin::ledger::document::DocumentKind;
use quoin::ledger::draft::{DocumentDraft, LineDraft};

use super::{data, did, digest, lived_in, net, restored, taken};
use crate::effort;

fn shipment(number: u64) -> DocumentDraft {
    DocumentDraft {
        id: format!("N{number}"),
        kind: DocumentKind::Shipment,
        contract: "A".to_owned(),
        day: CivilDay::parse("2026-03-03").unwrap(),
        currency: String::new(),
        reference: String::new(),
        payer: String::new(),
        ship_to: String::new(),
        quote: String::new(),
        channel: String::new(),
        due: None,
        lines: vec![LineDraft {
            sku: "bolt".to_owned(),
            quantity: Micros(1_000_000),
            net_amount: Micros(100_000_000),
            ..LineDraft::default()
        }],
        allocations: Vec::new(),
        plan: None,
        uses: Vec::new(),
    }
}

fn post(engine: &Engine, number: u64, dry_run: bool) -> (Became, Option<u64>) {
    let asked = PostDocuments { documents: vec![shipment(number)], dry_run, ..PostDocuments::default() };
    let mut report = engine.post_documents(&Caller::operator(), asked).unwrap();
    let outcome = report.outcomes.remove(0);
    (outcome.became, outcome.posted.map(|posted| posted.position.0))
}

#[test]
fn what_is_restored_answers_what_the_store_answered_at_the_backups_position() {
    let carts = effort::count(100_000);
    let mut world = lived_in();
    fs::write(data(&world).join("audit.log"), "somebody did something\n").unwrap();
    let engine = world.engine().clone();
    let (over, mut positions) = (AtomicBool::new(false), BTreeMap::new());
    let backups = world.folder.path().join("backups");
    let first = std::thread::scope(|scope| {
        let posted = scope.spawn(|| {
            let mut positions = BTreeMap::new();
            for number in 0.. {
                if over.load(Ordering::Relaxed) {
                    return positions;
                }
                positions.insert(number, post(&engine, number, false).1.unwrap());
            }
            positions
        });
        let first = taken(&engine, &backups);
        // Prices change beside the documents, too.
        for price in 100..110 {
            did(&mut world, &format!("price bolt={price}"));
        }
        let second = taken(&engine, &backups);
        over.store(true, Ordering::Relaxed);
        positions = posted.join().unwrap();
        assert!(
            second.manifest.sequence > first.manifest.sequence
                && second.manifest.publication > first.manifest.publication
        );
        first
    });
    let into = world.folder.path().join("restored");
    let found = quoin::engine::backup::restore_backup(
        &Caller::operator(),
        &super::place(&backups),
        Some(&first.manifest.id),
        &into,
    );
    let manifest = found.unwrap().manifest;
    assert_eq!(manifest, first.manifest);
    assert_eq!(check_folder(&into).unwrap().faults, Vec::<String>::new());
    assert_eq!(fs::read_to_string(into.join("audit.log")).unwrap(), "somebody did something\n");
    let again = Engine::open(&EngineOptions { clock: world.clock(), ..EngineOptions::new(&into) }).unwrap();
    assert_eq!(
        (again.view().publication.0, again.view().position.0),
        (manifest.publication, manifest.sequence)
    );
    let expected = digest(&engine, manifest.publication, carts);
    assert_eq!(digest(&again, manifest.publication, carts), expected, "of {carts} carts");
    assert_ne!(digest(&engine, engine.view().publication.0, carts), expected, "prices have changed since");
    // Documents up to the position are there, each at its place, and no other is.
    let (mut there, mut not_there) = (0, 0);
    for (number, position) in &positions {
        let (became, at) = post(&again, *number, true);
        if *position <= manifest.sequence {
            assert_eq!((became, at), (Became::Repeated, Some(*position)), "document {number}");
            there += 1;
        } else {
            assert_eq!((became, at), (Became::Posted, None), "document {number} at {position}");
            not_there += 1;
        }
    }
    assert!(not_there > 0, "documents came after the backup");
    println!("{carts} carts compared; {there} documents in the backup, {not_there} after it");
    // What was restored is a store like another, and follows the one that it was taken from.
    assert!(again.follow(&engine).unwrap() > 0);
    let newest = engine.view().publication.0;
    assert_eq!(digest(&again, newest, 300), digest(&engine, newest, 300));
    assert_eq!(net(&again, None, "A", "bolt", 1).unwrap(), net(&engine, None, "A", "bolt", 1).unwrap());
}

#[test]
fn the_newest_backup_is_restored_into_an_empty_folder() {
    let world = lived_in();
    let backups = world.folder.path().join("backups");
    taken(world.engine(), &backups);
    let second = taken(world.engine(), &backups);
    let into = world.folder.path().join("empty");
    fs::create_dir(&into).unwrap();
    assert_eq!(restored(&backups, &into).unwrap().manifest.id, second.manifest.id);
    assert_eq!(second.manifest.sequence, world.engine().view().position.0);
    let staged = fs::read_dir(data(&world).join("staging")).unwrap().count();
    assert_eq!(staged, 0, "the checkpoint is gone");
}
