//! How does a policy come into force, what is kept of it, and what do views see of it while others publish too?

mod among_others;
mod killed;
mod shop;
mod terminal;
mod wire;

use std::sync::Arc;

use quoin::domain::ids::PublicationNo;
use quoin::engine::caller::{Caller, ContractScope, Role};
use quoin::engine::error::PolicyError;
use quoin::engine::policy::{PolicyReport, PublishPolicy};
use quoin::policy::PolicyInForce;
use quoin::store::{Batch, Family};

use shop::{
    file, import, in_force, of, open, price, publish, publish_text, reprice, stock, text, text_of_list,
    try_publish,
};

const OPERATOR: fn() -> Caller = Caller::operator;

#[test]
fn versions_come_into_force_one_after_another_and_stay_in_the_history() {
    let folder = tempfile::tempdir().unwrap();
    let mut engine = open(folder.path());
    assert_eq!(engine.policy_versions(&OPERATOR()).unwrap(), []);
    assert!(matches!(
        engine.policy_text(&OPERATOR(), None),
        Err(PolicyError::UnknownVersion { version: 0, newest: 0 })
    ));
    assert_eq!(stock(&engine), 1);
    assert_eq!(publish(&engine, 5), (1, 2));
    let files = vec![file("a.yaml", text(6)), file("b.yaml", "quoin_policy: 1\ncurrency: EUR\n")];
    let second = try_publish(&engine, PublishPolicy { files: files.clone(), ..PublishPolicy::default() });
    assert_eq!((second.published, second.version, second.publication), (true, 2, PublicationNo(3)));
    for reopened in [false, true] {
        if reopened {
            drop(engine);
            engine = open(folder.path());
        }
        assert_eq!((in_force(&engine.view()), engine.view().publication.0), ((2, 6), 3));
        let history = engine.policy_versions(&OPERATOR()).unwrap();
        let told: Vec<_> = history.iter().map(|one| (one.version, one.publication.0, &*one.note)).collect();
        assert_eq!(told, [(2, 3, ""), (1, 2, "5 off")]);
        assert_eq!((&*history[0].by, history[0].restores), ("operator", None));
        let named: Vec<_> = history[0].files.iter().map(|file| (&*file.name, file.bytes)).collect();
        let size = |at: usize| u64::try_from(files[at].text.len()).unwrap();
        assert_eq!(named, [("a.yaml", size(0)), ("b.yaml", size(1))]);
        let (newest, texts) = engine.policy_text(&OPERATOR(), None).unwrap();
        assert_eq!((newest.version, texts), (2, files.clone()));
        let (_, first) = engine.policy_text(&OPERATOR(), Some(1)).unwrap();
        assert_eq!(first, [file("policy.yaml", text(5))]);
        let unknown = engine.policy_text(&OPERATOR(), Some(3)).unwrap_err();
        assert_eq!(unknown.to_string(), "policy version 3 is unknown; the versions are 1 to 2");
        let manifests = engine.publications().unwrap();
        let marks: Vec<_> =
            manifests.iter().map(|one| one.policy.as_ref().map(|mark| mark.version)).collect();
        assert_eq!(marks, [None, Some(1), Some(2)]);
        assert_eq!(manifests[2].files.len(), 2);
        let check = engine.check().unwrap();
        assert_eq!((check.policies, check.faults), (2, Vec::<String>::new()));
    }
}

#[test]
fn a_refused_policy_changes_nothing_and_all_its_errors_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path());
    stock(&engine);
    publish(&engine, 5);
    let state = || {
        let store = engine.store();
        (
            store.commits_synced(),
            store.next_publication(),
            engine.view().publication,
            in_force(&engine.view()),
        )
    };
    let before = state();
    let bad = "quoin_policy: 1\nrulez: 3\nrules:\n  - id: all\n    layer: volume\n    percent: 101\n";
    let id = Some("r".to_owned());
    let report = try_publish(&engine, PublishPolicy { request_id: id.clone(), ..of(bad) });
    assert!(!report.published && report.refused());
    assert_eq!((report.version, report.publication), (1, PublicationNo(2)), "what stays in force");
    let lines: Vec<_> = report.findings.iter().filter(|one| one.error).map(|one| one.line).collect();
    assert!(lines.contains(&2) && lines.contains(&6), "{report:#?}");
    assert!(report.findings.iter().all(|one| one.file == "policy.yaml" && !one.code.is_empty()));
    assert_eq!(engine.check_policy(&OPERATOR(), &of(bad).files).unwrap(), report.findings);
    let tried = try_publish(&engine, PublishPolicy { dry_run: true, request_id: id.clone(), ..of(text(6)) });
    assert_eq!((tried.published, tried.dry_run, tried.version, tried.refused()), (false, true, 2, false));
    assert_eq!(state(), before);
    let mended = try_publish(&engine, PublishPolicy { request_id: id, ..of(text(6)) });
    assert_eq!((mended.published, mended.version, mended.repeated), (true, 2, false), "the id is still free");
}

#[test]
fn warnings_do_not_refuse() {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path());
    stock(&engine);
    let odd = text(5).replace("    layer", "    goods: [{ brand: Nobody }]\n    layer");
    let report = try_publish(&engine, of(odd));
    assert!(report.published, "{report:#?}");
    assert!(report.findings.iter().any(|finding| !finding.error), "{report:#?}");
}

#[test]
fn a_request_id_makes_a_publication_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut engine = open(folder.path());
    stock(&engine);
    let asked = || PublishPolicy { request_id: Some("june".to_owned()), note: "n".to_owned(), ..of(text(5)) };
    let first = try_publish(&engine, asked());
    publish(&engine, 6);
    for reopened in [false, true] {
        if reopened {
            drop(engine);
            engine = open(folder.path());
        }
        let again = try_publish(&engine, asked());
        assert_eq!(again, PolicyReport { repeated: true, ..first.clone() });
        assert_eq!(in_force(&engine.view()), (2, 6));
        let others = [
            PublishPolicy { files: of(text(7)).files, ..asked() },
            PublishPolicy { files: vec![file("other.yaml", text(5))], ..asked() },
            PublishPolicy { note: "m".to_owned(), ..asked() },
            PublishPolicy { dry_run: true, ..asked() },
        ];
        for other in others {
            let refused = engine.publish_policy(&OPERATOR(), other).unwrap_err();
            assert!(matches!(refused, PolicyError::RequestReused { request_id } if request_id == "june"));
        }
        let refused = engine.rollback_policy(&OPERATOR(), 1, "n", Some("june")).unwrap_err();
        assert!(matches!(refused, PolicyError::RequestReused { .. }), "{refused}");
    }
    let restored = engine.rollback_policy(&OPERATOR(), 1, "back", Some("oops")).unwrap();
    publish(&engine, 8);
    let again = engine.rollback_policy(&OPERATOR(), 1, "back", Some("oops")).unwrap();
    assert_eq!(again, PolicyReport { repeated: true, ..restored });
    assert!(engine.rollback_policy(&OPERATOR(), 2, "back", Some("oops")).is_err());
    assert_eq!(in_force(&engine.view()), (4, 8));
}

#[test]
fn a_rollback_is_a_new_version_with_the_old_files() {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path());
    stock(&engine);
    for percent in 5..=7 {
        publish(&engine, percent);
    }
    let report = engine.rollback_policy(&OPERATOR(), 1, "too dear", None).unwrap();
    assert_eq!((report.published, report.version, report.restores), (true, 4, Some(1)));
    assert_eq!(in_force(&engine.view()), (4, 5));
    let (newest, files) = engine.policy_text(&OPERATOR(), None).unwrap();
    assert_eq!((newest.restores, &*newest.note, &*files[0].text), (Some(1), "too dear", &*text(5)));
    let same = engine.diff_policies(&OPERATOR(), 1, None).unwrap();
    assert_eq!((same.from, same.to, same.differences.len()), (1, 4, 0));
    let unknown = engine.rollback_policy(&OPERATOR(), 9, "", None).unwrap_err();
    assert!(matches!(unknown, PolicyError::UnknownVersion { version: 9, newest: 4 }));
}

#[test]
fn every_publication_has_the_policy_and_the_prices_of_its_time() {
    let folder = tempfile::tempdir().unwrap();
    let mut engine = open(folder.path());
    stock(&engine);
    assert_eq!(publish(&engine, 5), (1, 2));
    assert_eq!(reprice(&engine, "BASE", 3), 3);
    assert_eq!(publish(&engine, 6), (2, 4));
    assert_eq!(publish(&engine, 7), (3, 5));
    assert_eq!(reprice(&engine, "BASE", 6), 6);
    for reopened in [false, true] {
        if reopened {
            drop(engine);
            engine = open(folder.path());
        }
        let expected = [(0, 0), (1, 5), (1, 5), (2, 6), (3, 7), (3, 7)];
        for (number, expected) in (1..).zip(expected) {
            let view = engine.view_at(PublicationNo(number)).unwrap();
            assert_eq!(in_force(&view), expected, "publication {number}");
        }
        let prices = [(100, 100), (100, 95), (300, 285), (300, 282), (300, 279), (600, 558)];
        for (number, expected) in (1..).zip(prices) {
            assert_eq!(price(&engine, "S", Some(number)), expected, "publication {number}");
        }
    }
}

#[test]
fn the_history_outlives_publications_that_are_retired() {
    let folder = tempfile::tempdir().unwrap();
    let engine = shop::open_retaining(folder.path(), 2);
    stock(&engine);
    for percent in 5..=9 {
        publish(&engine, percent);
    }
    reprice(&engine, "BASE", 7);
    reprice(&engine, "BASE", 8);
    let retained = || engine.publications().unwrap().iter().map(|one| one.number.0).collect::<Vec<_>>();
    let patience = std::time::Instant::now();
    while retained() != [7, 8] {
        assert!(patience.elapsed().as_secs() < 20, "{:?}", retained());
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let sound = |engine: &quoin::engine::Engine| {
        assert_eq!(in_force(&engine.view()), (5, 9));
        assert_eq!(in_force(&engine.view_at(PublicationNo(7)).unwrap()), (5, 9));
        assert_eq!(engine.policy_versions(&OPERATOR()).unwrap().len(), 5);
        for (version, percent) in (1..).zip(5..=9) {
            assert_eq!(engine.policy_text(&OPERATOR(), Some(version)).unwrap().1[0].text, text(percent));
        }
        assert_eq!(engine.check().unwrap().faults, Vec::<String>::new());
    };
    sound(&engine);
    drop(engine);
    let engine = open(folder.path());
    sound(&engine);
    let restored = engine.rollback_policy(&OPERATOR(), 2, "", None).unwrap();
    assert_eq!((restored.version, in_force(&engine.view())), (6, (6, 6)));
}

#[test]
fn a_view_compiles_its_policy_anew_only_where_it_rests_on_what_changed() {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path());
    stock(&engine);
    assert!(try_publish(&engine, of(text_of_list("PROMO", 5))).published);
    let policy = || PolicyInForce::clone(&engine.view().policy).0;
    type Step = (&'static str, fn(&quoin::engine::Engine) -> u64, bool);
    let steps: [Step; 6] = [
        ("a price of another list", |engine| reprice(engine, "BASE", 2), false),
        ("a price of the list named", |engine| reprice(engine, "PROMO", 3), true),
        (
            "a category of a SKU",
            |engine| import(engine, &[("skus.csv", "sku,base_unit,category\nS,pc,Other\n")]),
            true,
        ),
        (
            "a contract",
            |engine| {
                let row = "contract,counterparty,currency,time_zone\nD,P,EUR,UTC\n";
                import(engine, &[("contracts.csv", row)])
            },
            true,
        ),
        (
            "all rows packed anew",
            |engine| {
                let manifest = engine.rebuild(&OPERATOR(), &quoin::engine::import::Silent).unwrap();
                manifest.unwrap().number.0
            },
            true,
        ),
        ("another policy", |engine| publish(engine, 6).1, true),
    ];
    for (what, step, anew) in steps {
        let before = policy();
        assert_eq!(step(&engine), engine.view().publication.0);
        assert_eq!(!Arc::ptr_eq(&before, &policy()), anew, "{what}");
    }
    assert_eq!(in_force(&engine.view()), (2, 6));
}

#[test]
fn what_a_policy_says_of_lists_and_goods_follows_later_imports() {
    let folder = tempfile::tempdir().unwrap();
    let mut engine = open(folder.path());
    stock(&engine);
    // T stands in PROMO, S does not yet.
    publish_text(&engine, "", text_of_list("PROMO", 50));
    let goods = "price_list,sku,price\nBASE,T,2.00\n";
    assert_eq!(import(&engine, &[("prices.csv", goods)]), 3);
    assert_eq!(reprice(&engine, "PROMO", 9), 4);
    let gone = "price_list,sku,op\nPROMO,T,remove\n";
    assert_eq!(import(&engine, &[("prices.csv", gone)]), 5);
    for reopened in [false, true] {
        if reopened {
            drop(engine);
            engine = open(folder.path());
        }
        let of = |sku| [3, 4, 5].map(|publication| price(&engine, sku, Some(publication)).1);
        assert_eq!((of("S"), of("T")), ([100, 50, 50], [100, 100, 200]));
    }
}

#[test]
fn callers_see_and_do_what_they_may() {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path());
    stock(&engine);
    publish(&engine, 5);
    publish(&engine, 6);
    let caller = |roles: &[Role], sees_costs, contracts| Caller {
        name: "x".to_owned(),
        roles: roles.iter().copied().collect(),
        sees_costs,
        contracts,
        until: None,
    };
    let own = ContractScope::of(["C"]);
    // Who, and may they list, read and publish?
    let cases = [
        (caller(&[Role::Publish], false, ContractScope::All), [true, true, true]),
        (caller(&[Role::Price], true, ContractScope::All), [true, true, false]),
        (caller(&[Role::Price], false, ContractScope::All), [true, false, false]),
        (caller(&[Role::Price], true, own.clone()), [false, false, false]),
        (caller(&[Role::Publish], true, own), [false, false, false]),
        (caller(&[Role::Operate, Role::Post], true, ContractScope::All), [false, false, false]),
    ];
    for (caller, [list, read, publish]) in cases {
        let denied = |error: PolicyError| assert!(matches!(error, PolicyError::NotAllowed { .. }), "{error}");
        let holds = |what: &str, may: bool, outcome: Result<(), PolicyError>| {
            assert_eq!(outcome.is_ok(), may, "{what}: {caller:?}");
            outcome.map_or_else(denied, drop);
        };
        holds("list", list, engine.policy_versions(&caller).map(drop));
        holds("text", read, engine.policy_text(&caller, Some(1)).map(drop));
        holds("diff", read, engine.diff_policies(&caller, 1, Some(2)).map(drop));
        holds("check", read, engine.check_policy(&caller, &of(text(5)).files).map(drop));
        holds("publish", publish, engine.publish_policy(&caller, of(text(7))).map(drop));
        holds("rollback", publish, engine.rollback_policy(&caller, 1, "", None).map(drop));
    }
}

#[test]
fn what_is_no_policy_at_all_is_an_error_and_no_finding() {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path());
    let files = |names: &[&str]| names.iter().map(|name| file(name, text(5))).collect::<Vec<_>>();
    let many: Vec<String> = (0..65).map(|number| format!("{number}.yaml")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let cases = [
        (vec![], "at least one file"),
        (files(&["a.yaml", "a.yaml"]), "two files are named \"a.yaml\""),
        (files(&many), "65 files"),
        (files(&["a\nb.yaml"]), "on one line"),
        (vec![file("big.yaml", " ".repeat((16 << 20) + 1))], "big.yaml: 16777217 bytes"),
        ((0..5).map(|n| file(&n.to_string(), " ".repeat(15 << 20))).collect(), "in all files"),
    ];
    for (files, said) in cases {
        let refused = engine.check_policy(&OPERATOR(), &files).unwrap_err().to_string();
        assert!(refused.contains(said), "{refused}");
        let asked = PublishPolicy { files, ..PublishPolicy::default() };
        assert!(engine.publish_policy(&OPERATOR(), asked).unwrap_err().to_string().contains(said));
    }
    let asked = PublishPolicy { note: "x".repeat(1_025), ..of(text(5)) };
    assert!(engine.publish_policy(&OPERATOR(), asked).unwrap_err().to_string().contains("1025 bytes"));
    assert_eq!(engine.view().publication.0, 0);
}

#[test]
fn damaged_files_of_a_version_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path());
    publish(&engine, 5);
    publish(&engine, 6);
    let mut scan = engine.store().scan(Family::Records, &[13]).unwrap();
    let (key, bytes) = scan.step().unwrap().map(|(key, bytes)| (key.to_vec(), bytes.to_vec())).unwrap();
    drop(scan);
    let mut batch = Batch::new();
    let five = bytes.iter().rposition(|byte| *byte == b'5').unwrap();
    let mut other = bytes.clone();
    other[five] = b'4';
    batch.put(Family::Records, &key, &other);
    engine.store().commit(&batch).unwrap();
    assert_eq!(engine.check().unwrap().faults, ["policy version 1: its files are not what was published"]);
    let mut batch = Batch::new();
    batch.put(Family::Records, &key, &bytes[..9]);
    engine.store().commit(&batch).unwrap();
    let faults = engine.check().unwrap().faults;
    assert_eq!(faults[0], "records: the files of policy version 1 is not what was written");
    assert!(faults.iter().all(|fault| fault.contains("policy version 1")), "{faults:?}");
    let torn = engine.policy_text(&OPERATOR(), Some(1)).unwrap_err();
    assert!(torn.to_string().contains("policy version 1"), "{torn}");
    assert_eq!(in_force(&engine.view()), (2, 6));
}
