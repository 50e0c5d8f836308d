//! Does `quoin policy` answer at a terminal, from a folder and from a server: text, JSON, exit codes?

use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::{Value, json};

use crate::process::{Serving, ended, json, on};

use super::shop::{broken, open, stock, text};

/// A folder with files of policies and, beside them, a data folder that is not made yet.
struct Desk {
    folder: tempfile::TempDir,
    server: Option<Serving>,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), server: None }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Runs `quoin policy ...`, asking the server where there is one.
    fn policy(&self, arguments: &[&str]) -> Output {
        let address = self.server.as_ref().map(|server| server.address.clone());
        let server = address.iter().flat_map(|address| ["--server", address]);
        let arguments: Vec<&str> =
            ["policy"].into_iter().chain(arguments.iter().copied()).chain(server).collect();
        // A server has its folder to itself, so that a command that asked the folder after all would fail.
        on(&self.data(), &arguments)
    }

    fn json(&self, arguments: &[&str]) -> Value {
        json(&self.policy(&[arguments, &["--json"]].concat()))
    }
}

fn told(output: &Output) -> (i32, String) {
    (output.status.code().unwrap(), String::from_utf8(output.stdout.clone()).unwrap())
}

#[test]
fn a_check_without_a_data_folder_says_what_it_could_not_look_up() {
    let desk = Desk::new();
    let good = desk.file("good.yaml", &text(5));
    let (code, said) = told(&desk.policy(&["check", &good]));
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("were not looked up") && said.ends_with("sound\n"), "{said}");
    assert_eq!(desk.json(&["check", &good])["catalogue"], false);
    let bad = desk.file("bad.yaml", &broken(5));
    let (code, said) = told(&desk.policy(&["check", &good, &bad]));
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("bad.yaml:7:5: error: "), "{said}");
    let odd = text(5).replace("percent: 5", "percent: 0\n    goods: [{ category: Nowhere }]");
    let (code, said) = told(&desk.policy(&["check", &desk.file("odd.yaml", &odd)]));
    assert_eq!((code, said.matches("odd.yaml:").count()), (0, 1), "{said}");
    assert!(said.contains("[gives-nothing]") && said.contains("0 errors, 1 warning\n"), "{said}");
    assert!(!desk.data().exists(), "a check makes no data folder");
    let gone = desk.folder.path().join("gone.yaml");
    let (code, said) = ended(&desk.policy(&["check", gone.to_str().unwrap()]));
    assert_eq!((code, said.contains("gone.yaml")), (3, true), "{said}");
    let bytes = desk.folder.path().join("bytes.yaml");
    std::fs::write(&bytes, b"a: 1\nb: \xff\n").unwrap();
    let (code, said) = ended(&desk.policy(&["check", bytes.to_str().unwrap()]));
    assert_eq!((code, said.contains("bytes.yaml:2: is not UTF-8")), (1, true), "{said}");
    stock(&open(&desk.data()));
    let (code, said) = told(&desk.policy(&["check", &good]));
    assert_eq!((code, &*said), (0, "sound\n"));
    assert_eq!(desk.json(&["check", &good])["catalogue"], true);
}

#[test]
fn policies_are_published_shown_compared_and_restored_in_a_folder() {
    let desk = Desk::new();
    stock(&open(&desk.data()));
    story(&desk);
}

#[test]
fn policies_are_published_shown_compared_and_restored_in_a_server() {
    let mut desk = Desk::new();
    stock(&open(&desk.data()));
    desk.server = Some(Serving::start(&desk.data(), &["--workers", "1"]));
    story(&desk);
    let in_use = on(&desk.data(), &["policy", "history"]);
    assert_eq!(in_use.status.code(), Some(4));
    desk.server.take().unwrap().stop();
}

fn story(desk: &Desk) {
    let (one, two) = (desk.file("p.yaml", &text(5)), desk.file("q.yaml", &text(6)));
    let (code, said) = told(&desk.policy(&["publish", &one, "--note", "the first"]));
    assert_eq!((code, &*said), (0, "published as policy version 1, publication 2\n"));
    let (code, said) = told(&desk.policy(&["publish", &two, "--dry-run"]));
    let tried = "dry run: nothing is published; this would have been policy version 2\n";
    assert_eq!((code, &*said), (0, tried));
    let bad = desk.file("bad.yaml", &broken(6));
    let (code, said) = told(&desk.policy(&["publish", &bad]));
    assert_eq!(code, 1, "{said}");
    let refused = "refused: nothing is published; mend the errors above; version 1 stays in force\n";
    assert!(said.starts_with("bad.yaml:7:5: error: ") && said.ends_with(refused), "{said}");
    let report = desk.json(&["publish", &bad]);
    assert_eq!((&report["published"], &report["version"]), (&json!(false), &json!(1)));
    assert!(report["errors"].as_u64().unwrap() > 0, "{report}");

    let second = || desk.policy(&["publish", &two, "--request-id", "june"]);
    assert_eq!(told(&second()).1, "published as policy version 2, publication 3\n");
    let again = told(&second()).1;
    assert!(again.ends_with("(this request came before: nothing new was done)\n"), "{again}");
    let (code, said) = ended(&desk.policy(&["publish", &one, "--request-id", "june"]));
    assert_eq!((code, said.contains("used before")), (1, true), "{said}");

    let (code, said) = told(&desk.policy(&["show", "1"]));
    assert_eq!(code, 0);
    let [head, note, rest] = said.splitn(3, '\n').collect::<Vec<_>>()[..] else { panic!("{said}") };
    assert!(head.starts_with("# policy version 1, publication 2, published 2"), "{head}");
    assert_eq!((note, rest), ("# the first", &*format!("# file p.yaml\n{}", text(5))));
    assert_eq!(desk.json(&["show"])["files"], json!([{ "name": "q.yaml", "text": text(6) }]));
    let (code, said) = ended(&desk.policy(&["show", "7"]));
    assert_eq!((code, said.contains("the versions are 1 to 2")), (3, true), "{said}");

    let (code, said) = told(&desk.policy(&["diff", "1"]));
    assert_eq!((code, &*said), (0, "~ rule all\n    percent: 5 -> 6\n"));
    let diff = desk.json(&["diff", "2", "1"]);
    assert_eq!(
        diff,
        json!({
            "from_version": 2,
            "to_version": 1,
            "differences": [{
                "section": "rule",
                "id": "all",
                "change": "changed",
                "keys": [{ "key": "percent", "before": "6", "after": "5" }],
            }],
        })
    );
    let (code, said) = told(&desk.policy(&["rollback", "1", "--note", "too dear"]));
    let restored = "published as policy version 3, which restores version 1, publication 4\n";
    assert_eq!((code, &*said), (0, restored));
    assert_eq!(told(&desk.policy(&["diff", "1", "3"])).1, "versions 1 and 3 say the same\n");
    let (code, said) = told(&desk.policy(&["history"]));
    assert_eq!(code, 0);
    let lines: Vec<Vec<&str>> = said.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["version", "publication", "published", "by", "restores", "files", "note"]);
    assert_eq!((lines[1][0], lines[1][1], lines[1][4]), ("3", "4", "1"));
    assert_eq!(lines.len(), 4);
    let versions = desk.json(&["history"]);
    assert_eq!(versions["versions"][2]["note"], "the first");
    assert_eq!(
        (&versions["versions"][0]["restores"], &versions["versions"][1]["restores"]),
        (&json!(1), &Value::Null)
    );
    let denied = on_as(desk, "price", &["publish", &one]);
    assert_eq!(denied.0, 1, "{}", denied.1);
    assert!(denied.1.contains("publish"), "{}", denied.1);
}

fn on_as(desk: &Desk, roles: &str, arguments: &[&str]) -> (i32, String) {
    ended(&desk.policy(&[&["--as", roles], arguments].concat()))
}

#[test]
fn a_policy_may_come_before_any_goods() {
    let desk = Desk::new();
    let file = desk.file("p.yaml", &text(5));
    assert_eq!(told(&desk.policy(&["publish", &file])).1, "published as policy version 1, publication 1\n");
    let listed = json(&on(&desk.data(), &["--json", "publications"]));
    assert_eq!(listed["publications"][0]["policy_version"], 1);
    let (_, table) = told(&on(Path::new(&desk.data()), &["publications"]));
    assert!(table.lines().next().unwrap().ends_with("policy"), "{table}");
}
