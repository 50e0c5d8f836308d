//! What is published, what is held back, and what is left alone?

use quoin::engine::import::{ImportReport, Verdict};
use quoin::engine::publication::ImportMode;

use super::carts::seller_data;
use super::{Seller, sentences};
use crate::process::{ended, json, on};

fn points(report: &ImportReport) -> [u64; 4] {
    let points = report.points;
    [points.added, points.changed, points.removed, points.unchanged]
}

#[test]
fn what_the_guard_finds_implausible_is_held_back_until_confirmed() {
    let (folder, data) = seller_data();
    let file = folder.path().join("prices.csv");
    std::fs::write(&file, "price_list,sku,price\nBASE,BOLT,2.00\nBASE,NUT,2.10\n").unwrap();
    let file = file.to_str().unwrap();
    let refused = on(&data, &["import", file]);
    assert_eq!(ended(&refused).0, 1, "{refused:?}");
    let text = String::from_utf8(refused.stdout).unwrap();
    for words in [
        "price points: 0 added, 2 changed, 0 removed, 0 as before\n",
        "greatest rise: BOLT in BASE: 1 to 2 (+100 %)\n",
        "refused: nothing is published; 1 of 3 price points would move too far or go: look again, or --confirm\n",
    ] {
        assert!(text.contains(words), "{words:?} is not in\n{text}");
    }
    let listed = || json(&on(&data, &["--json", "publications"]))["publications"].as_array().unwrap().len();
    assert_eq!(listed(), 1);
    // A request id that was refused is free for what comes of it.
    for (arguments, verdict, count) in [
        (vec!["--dry-run", "--confirm"], "dry_run", 1),
        (vec!["--request-id", "r"], "implausible", 1),
        (vec!["--request-id", "r", "--confirm"], "published", 2),
    ] {
        let report = json(&on(&data, &[&["--json", "import", file], arguments.as_slice()].concat()));
        assert_eq!((report["verdict"].as_str(), listed()), (Some(verdict), count), "{report}");
    }
}

#[test]
fn the_guard_counts_what_moves_too_far_and_what_goes() {
    // Rows of a full replacement of the list BASE (BOLT 1.00, NUT 2.00, SAND 0.125), and what is implausible of three.
    let cases = [
        ("BASE,BOLT,1.00\nBASE,NUT,2.00\nBASE,SAND,0.125\n", 0),
        ("BASE,BOLT,1.50\nBASE,NUT,1.00\nBASE,SAND,0.1875\n", 0),
        ("BASE,BOLT,1.51\nBASE,NUT,2.00\nBASE,SAND,0.125\n", 1),
        ("BASE,BOLT,1.00\nBASE,NUT,0.99\nBASE,SAND,0.125\n", 1),
        ("BASE,BOLT,1.00\nBASE,NUT,2.00\n", 1),
        ("BASE,BOLT,5.00\n", 3),
    ];
    for (rows, implausible) in cases {
        let seller = Seller::new();
        let before = seller.state();
        let text = format!("price_list,sku,price\n{rows}");
        let report =
            seller.import(&[("prices.csv", text.as_bytes())], |job| job.mode = ImportMode::Replace).unwrap();
        let expected = if implausible == 0 { Verdict::Published } else { Verdict::Implausible };
        assert_eq!((report.verdict, report.implausible), (expected, (implausible, 3)), "{rows}");
        assert_eq!(seller.state() == before, implausible > 0, "{rows}");
    }
}

#[test]
fn a_dry_run_tells_all_and_changes_nothing() {
    let seller = Seller::new();
    let before = seller.state();
    let files: [(&str, &[u8]); 2] = [
        ("skus.csv", b"sku,base_unit\nNEW,piece\n"),
        ("prices.csv", b"price_list,sku,price\nBASE,NEW,7\nBASE,BOLT,1.10\nBASE,NUT,2.00\n"),
    ];
    let report = seller.import(&files, |job| job.dry_run = true).unwrap();
    assert_eq!((report.verdict, points(&report)), (Verdict::DryRun, [1, 1, 0, 1]));
    assert_eq!(report.greatest_rise.as_ref().unwrap().2.basis_points, 1_000);
    assert_eq!(seller.state(), before);
    assert_eq!(seller.price("C-B", "NEW"), "UnknownSku");
    let bad: [(&str, &[u8]); 1] = [("prices.csv", b"price_list,sku,price\nBASE,BOLT,x\n")];
    let report = seller.import(&bad, |job| job.dry_run = true).unwrap();
    assert_eq!(report.verdict, Verdict::Rejected);
    assert_eq!(sentences(&report), ["prices.csv: row 2, price: \"x\" is not a decimal number"]);
    let report = seller.import(&files, |_| {}).unwrap();
    assert_eq!((report.verdict, points(&report)), (Verdict::Published, [1, 1, 0, 1]));
}

#[test]
fn a_request_that_comes_twice_is_answered_as_the_first_time_or_refused() {
    let seller = Seller::new();
    let (rows, others): (&[u8], &[u8]) =
        (b"price_list,sku,price\nBASE,BOLT,1.10\n", b"price_list,sku,price\nBASE,BOLT,1.20\n");
    let import = |rows: &[u8], mode| {
        seller.import(&[("prices.csv", rows)], |job| {
            (job.request_id, job.mode) = (Some("night-17".to_owned()), mode);
        })
    };
    let first = import(rows, ImportMode::Delta).unwrap();
    assert_eq!((first.verdict, first.publication.0, first.repeated), (Verdict::Published, 2, false));
    let after = seller.state();
    let again = import(rows, ImportMode::Delta).unwrap();
    assert_eq!(again, ImportReport { repeated: true, ..first });
    let words = "request id \"night-17\" was used before for other content; use a new one for a new import";
    for (rows, mode) in [(others, ImportMode::Delta), (rows, ImportMode::Replace)] {
        assert_eq!(import(rows, mode).unwrap_err(), words);
    }
    assert_eq!(seller.state(), after);
    assert_eq!(seller.price("C-B", "BOLT"), "1.1");
    // The first answer is given even when the price has moved since.
    seller.import(&[("prices.csv", others)], |_| {}).unwrap();
    assert_eq!(import(rows, ImportMode::Delta).unwrap(), again);
    assert_eq!(seller.price("C-B", "BOLT"), "1.2");
}

#[test]
fn a_delta_touches_only_the_cells_that_it_names() {
    let seller = Seller::new();
    let rows = b"price_list,sku,from,price,valid_from,valid_to,op\n\
        BASE,BOLT,,1.10,,,\nBASE,BOLT,100,0.95,,,\nOWN-A,NUT,,1.70,2026-06-01,2026-07-01,\nOWN-A,BOLT,,,,,remove\n";
    let report = seller.import(&[("prices.csv", rows)], |job| job.confirm = true).unwrap();
    assert_eq!((report.verdict, points(&report)), (Verdict::Published, [1, 2, 1, 0]));
    // OWN-A has lost its bolts, so that BASE answers; its nuts have a window more, and of BASE the rest is as before.
    let prices = ["BOLT", "NUT", "SAND"].map(|sku| (seller.price("C-A", sku), seller.price("C-B", sku)));
    let expected = [("1.1", "1.1"), ("1.7", "2"), ("0.125", "0.125")];
    assert_eq!(prices, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    // A cell that is named is replaced with its whole ladder: the tier from 100 goes.
    let report = seller.import(&[("prices.csv", b"price_list,sku,price\nBASE,BOLT,1.10\n")], |_| {}).unwrap();
    assert_eq!((report.verdict, points(&report)), (Verdict::Published, [0, 1, 0, 0]));
    // All rows of retained publications: five points at first, then BASE of four with OWN-A of two, then BASE of three.
    assert_eq!(seller.engine.check().unwrap().points, 5 + (4 + 2) + 3);
}

#[test]
fn a_replacement_replaces_the_lists_that_it_names_whole() {
    let seller = Seller::new();
    let rows: [(&str, &[u8]); 1] =
        [("prices.csv", b"price_list,sku,price\nOWN-A,BOLT,0.90\nOWN-A,SAND,0.1\n")];
    let replace = |confirm| {
        seller.import(&rows, |job| (job.mode, job.confirm) = (ImportMode::Replace, confirm)).unwrap()
    };
    let before = seller.state();
    let report = replace(false);
    // One point of the two that were there goes.
    assert_eq!(
        (report.verdict, points(&report), report.implausible),
        (Verdict::Implausible, [1, 0, 1, 1], (1, 2))
    );
    assert_eq!(seller.state(), before);
    assert_eq!(replace(true).verdict, Verdict::Published);
    let prices = ["BOLT", "NUT", "SAND"].map(|sku| (seller.price("C-A", sku), seller.price("C-B", sku)));
    let expected = [("0.9", "1"), ("2", "2"), ("0.1", "0.125")];
    assert_eq!(prices, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    // All rows of retained publications: five points at first, then OWN-A of two.
    assert_eq!(seller.engine.check().unwrap().points, 5 + 2);
}
