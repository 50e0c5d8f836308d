//! The audit log: what stands in it, what it costs to be many, and that nobody changes it unseen.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use prost::Message;
use quoin::api::v1;
use quoin::domain::time::Instant;
use quoin::engine::caller::Role;
use quoin::engine::clock::Clock;
use quoin::server::audit::{Audit, AuditOptions, AuditSync, verify};
use serde_json::{Value, json};
use tonic::Code;

use super::raw::{Outcome, call};
use super::world::{FOREIGN, OWN, World, cart, post, shipment};
use crate::wire::server::block_on;

const POST: &str = "/quoin.v1.LedgerService/PostDocuments";

fn lines(folder: &Path) -> Vec<Value> {
    let mut files: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    let texts = files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect::<String>();
    texts.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn bytes(message: impl Message) -> Vec<Bytes> {
    vec![message.encode_to_vec().into()]
}

#[test]
fn writes_and_refusals_are_noted_and_reads_are_not() {
    let mut folder = None;
    let mut world = World::new(|of, access| {
        access.audit = Some(AuditOptions::new(of.join("audit")));
        folder = Some(of.join("audit"));
    });
    block_on(async {
        world.connect().await;
        let erp = world.token(&[Role::Post, Role::Price], json!({ "contracts": [OWN], "sub": "erp" }));
        for _ in 0..3 {
            let read = world.call(&erp, "/quoin.v1.PricingService/PriceCart", bytes(cart(OWN))).await;
            assert!(matches!(read, Outcome::Answered(_)));
        }
        let posted = world.call(&erp, POST, bytes(post(shipment("S1", OWN)))).await;
        assert!(matches!(posted, Outcome::Answered(_)), "{posted:?}");
        let refused = world.call(&erp, "/quoin.v1.QuoteService/ListQuotes", vec![Bytes::new()]).await;
        assert!(matches!(refused, Outcome::Refused(Code::PermissionDenied, ..)));
        let settle = super::world::settle("T1", FOREIGN);
        let foreign = world.call(&erp, "/quoin.v1.LedgerService/Settle", bytes(settle)).await;
        assert!(matches!(foreign, Outcome::Refused(Code::NotFound, ..)));
        let _ = world.call("no-token", POST, vec![]).await;
        let _ = call(world.channel.as_ref().unwrap(), "/quoin.v1.PricingService/Explain", &[], vec![]).await;
    });
    // Its thread ends with it.
    world.running.server.take().unwrap().stop();
    let folder = folder.unwrap();
    let all = lines(&folder);
    let text = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
    // What came of a call may stand behind what came after it.
    let (answers, others): (Vec<&Value>, Vec<&Value>) =
        all.iter().partition(|line| line["event"] == "answer");
    let told: Vec<[String; 4]> = others
        .iter()
        .map(|line| {
            let call = text(line, "call").rsplit('/').next().unwrap().to_owned();
            [text(line, "event"), call, text(line, "caller"), text(line, "reason")]
        })
        .collect();
    let expected = [
        ["opened", "", "", ""],
        ["call", "PostDocuments", "erp", ""],
        ["refused", "ListQuotes", "erp", "NOT_ALLOWED"],
        ["call", "Settle", "erp", ""],
        ["refused", "PostDocuments", "", "BAD_TOKEN"],
        ["refused", "Explain", "", "NO_TOKEN"],
    ];
    assert_eq!(told, expected.map(|line| line.map(str::to_owned)));
    let [posted, settled] = answers[..] else { panic!("{answers:?}") };
    assert_eq!((text(posted, "code"), text(settled, "code")), ("Ok".to_owned(), "NotFound".to_owned()));
    assert_eq!((&posted["of"], &settled["of"]), (&others[1]["n"], &others[3]["n"]));
    // The document is at that position of the command log.
    assert_eq!(posted["upto_position"].as_u64(), posted["after_position"].as_u64().map(|before| before + 1));
    assert_eq!(others[1]["peer"], "127.0.0.1");
    let found = verify(&folder).unwrap();
    assert_eq!((found.broken, found.first, found.last, found.lost), (None, 1, 8, 0));
}

/// A log without a server, by a clock that stands still.
fn log(options: &AuditOptions, what: impl AsyncFnOnce(&Audit)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (audit, thread) = Audit::open(options, Clock::new(|| Instant(1_790_000_000)), runtime).unwrap();
    block_on(what(&audit));
    drop(audit);
    thread.join().unwrap();
}

async fn noted(audit: &Audit, count: usize) {
    for number in 0..count {
        let line = audit.begin("erp", "10.0.0.7", &format!("/call/{number}")).await.unwrap();
        audit.safe(line).await.unwrap();
    }
}

#[test]
fn refusals_that_come_in_a_flood_are_counted_and_no_write_is_lost_among_them() {
    let folder = tempfile::tempdir().unwrap();
    log(&AuditOptions::new(folder.path()), async |audit| {
        for number in 0..10_000 {
            audit.refused(("", "10.0.0.9", "/a/B"), Code::Unauthenticated, "BAD_TOKEN");
            if number % 1_000 == 0 {
                noted(audit, 1).await;
            }
        }
    });
    let all = lines(folder.path());
    let count = |event: &str| all.iter().filter(|line| line["event"] == event).count();
    assert_eq!((count("refused"), count("call")), (20, 10));
    let counted: u64 = all
        .iter()
        .filter(|line| line["event"] == "refusals")
        .map(|line| line["count"].as_u64().unwrap())
        .sum();
    assert_eq!(counted, 10_000 - 20);
    assert_eq!(verify(folder.path()).unwrap().broken, None);
}

#[test]
fn the_chain_goes_on_over_files_and_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let options =
        AuditOptions { file_bytes: 1_000, sync: AuditSync::Second, ..AuditOptions::new(folder.path()) };
    for _ in 0..3 {
        log(&options, async |audit| noted(audit, 10).await);
    }
    let found = verify(folder.path()).unwrap();
    assert_eq!((found.broken.clone(), found.first, found.last), (None, 1, 33));
    assert!(found.files > 3, "{found:?}");
    // Two services never write the same log.
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (first, thread) = Audit::open(&options, Clock::default(), runtime()).unwrap();
    assert!(
        Audit::open(&options, Clock::default(), runtime()).err().unwrap().to_string().contains("another")
    );
    drop(first);
    thread.join().unwrap();
    // Files that were moved away from the front are not missed; one from the middle is.
    let mut files: Vec<PathBuf> =
        folder.path().read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    std::fs::remove_file(&files[0]).unwrap();
    let found = verify(folder.path()).unwrap();
    assert_eq!((found.broken, found.first > 1), (None, true));
    std::fs::remove_file(&files[2]).unwrap();
    assert!(verify(folder.path()).unwrap().broken.is_some());
}

#[test]
fn whoever_changes_the_log_is_found_at_the_first_line_that_is_not_what_was_written() {
    type Change = fn(&mut Vec<String>);
    let cases: [(&str, Change, usize); 6] = [
        ("a word is changed", |lines| lines[3] = lines[3].replace("erp", "ERP"), 5),
        ("a line is taken out", |lines| drop(lines.remove(4)), 5),
        ("two lines change places", |lines| lines.swap(2, 3), 3),
        ("a line is put in", |lines| lines.insert(5, lines[4].clone()), 6),
        ("a line is no JSON", |lines| lines[6] = "{".to_owned(), 7),
        ("the end is cut off", |lines| lines.truncate(8), 0),
    ];
    for (what, change, expected) in cases {
        let folder = tempfile::tempdir().unwrap();
        let options = AuditOptions::new(folder.path());
        log(&options, async |audit| noted(audit, 10).await);
        let path = folder.path().join("audit-00000000000000000001.jsonl");
        let mut lines: Vec<String> =
            std::fs::read_to_string(&path).unwrap().lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), 11);
        change(&mut lines);
        std::fs::write(&path, lines.join("\n") + "\n").unwrap();
        let (file, line, told) = verify(folder.path()).unwrap().broken.expect(what);
        assert_eq!((file, line), (path, expected), "{what}: {told}");
    }
    // The last line itself: no other carries its hash, but the head does.
    let folder = tempfile::tempdir().unwrap();
    log(&AuditOptions::new(folder.path()), async |audit| noted(audit, 2).await);
    let path = folder.path().join("audit-00000000000000000001.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("/call/1", "/call/7")).unwrap();
    assert!(verify(folder.path()).unwrap().broken.unwrap().2.contains("not the one that was written"));
}

#[test]
fn a_line_that_was_torn_by_a_crash_is_cut_off_and_a_lost_end_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let options = AuditOptions::new(folder.path());
    log(&options, async |audit| noted(audit, 2).await);
    let path = folder.path().join("audit-00000000000000000001.jsonl");
    let whole = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{whole}{{\"n\":4,\"at\":\"20")).unwrap();
    assert_eq!(verify(folder.path()).unwrap().broken, None);
    log(&options, async |_| {});
    let all = lines(folder.path());
    assert_eq!((all.len(), all[3]["torn_bytes"].as_u64()), (4, Some(15)));
    // The end is gone while nobody looked: the next line says so, and the numbers go on.
    std::fs::write(&path, whole.lines().take(2).map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    log(&options, async |audit| noted(audit, 1).await);
    let all = lines(folder.path());
    assert_eq!(
        (all[2]["n"].as_u64(), all[2]["lost_from"].as_u64(), all[2]["lost_through"].as_u64()),
        (Some(5), Some(3), Some(4))
    );
    let found = verify(folder.path()).unwrap();
    assert_eq!((found.broken, found.lost, found.last), (None, 2, 6));
}

#[test]
fn a_log_that_cannot_be_written_stops_writes_and_not_reads() {
    let mut folder = None;
    let mut world = World::new(|of, access| {
        // Every line begins a new file, which is not there to be made once its folder has gone.
        access.audit = Some(AuditOptions { file_bytes: 1, ..AuditOptions::new(of.join("audit")) });
        folder = Some(of.join("audit"));
    });
    block_on(async {
        world.connect().await;
        let token = world.operator();
        let posts = async |id: &str| world.call(&token, POST, bytes(post(shipment(id, OWN)))).await;
        assert!(matches!(posts("S1").await, Outcome::Answered(_)));
        let folder = folder.unwrap();
        std::fs::rename(&folder, folder.with_extension("gone")).unwrap();
        for id in ["S2", "S3"] {
            let refused = posts(id).await;
            assert!(matches!(refused, Outcome::Refused(Code::Unavailable, ..)), "{refused:?}");
            let get = v1::GetDocumentRequest { id: id.to_owned() };
            let unknown = world.call(&token, "/quoin.v1.LedgerService/GetDocument", bytes(get)).await;
            assert!(matches!(unknown, Outcome::Refused(Code::NotFound, ..)), "{unknown:?}");
        }
        let read = world.call(&token, "/quoin.v1.PricingService/PriceCart", bytes(cart(OWN))).await;
        assert!(matches!(read, Outcome::Answered(_)));
    });
}
