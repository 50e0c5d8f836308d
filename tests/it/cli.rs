//! Does the binary answer at a terminal: tables, JSON, exit codes?

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

fn quoin() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quoin"));
    command.env_remove("QUOIN_DATA").env_remove("QUOIN_LOG").stdin(Stdio::null());
    command.env("QUOIN_OPS_LISTEN", "none");
    command
}

/// Runs a command line on a data folder.
fn on(data: &Path, arguments: &[&str]) -> Output {
    quoin().arg("--data").arg(data).args(arguments).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// A data folder with the demo's data.
fn demo_data() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo");
    let imported = on(&folder.path().join("data"), &["import", demo.to_str().unwrap()]);
    assert_eq!(code(&imported), 0, "{}", errors(&imported));
    assert!(out(&imported).contains("published as publication 1"), "{}", out(&imported));
    folder
}

const AT: &str = "2026-09-21T14:13:20Z";

#[test]
fn the_demo_prices_a_cart_and_shows_a_waterfall() {
    let shown = quoin().arg("demo").output().unwrap();
    assert_eq!(code(&shown), 0, "{}", errors(&shown));
    let text = out(&shown);
    for expected in ["total ", "from list", "contract ", "█", "asked, and not taken:", "where to go next:"]
    {
        assert!(text.contains(expected), "{expected:?} is not in\n{text}");
    }
    let cart = json(&quoin().args(["demo", "--json"]).output().unwrap());
    assert_eq!(cart["lines"].as_array().unwrap().len(), 8);
    assert!(cart["lines"][0]["amount"].is_string(), "decimals are strings: {cart}");
}

#[test]
fn price_explain_export_and_check_answer_from_a_folder() {
    let folder = demo_data();
    let data = folder.path().join("data");
    let priced = on(&data, &["price", "--contract", "C-00001", "--at", AT, "INS-000001=12piece"]);
    assert_eq!(code(&priced), 0, "{}", errors(&priced));
    assert!(out(&priced).contains("INS-000001"), "{}", out(&priced));
    let arguments = ["--json", "explain", "--contract", "C-00001", "--at", AT, "INS-000001=12"];
    let explained = json(&on(&data, &arguments));
    let line = &explained["lines"][0];
    let steps: Vec<&Value> = line["steps"].as_array().unwrap().iter().collect();
    assert_eq!(steps[0]["layer"], "list");
    assert_eq!(line["status"], "priced");
    assert!(!line["losers"].as_array().unwrap().is_empty());
    let file = folder.path().join("list.csv");
    let arguments = ["export", "--contract", "C-00001", "--at", AT, "--out", file.to_str().unwrap()];
    let exported = on(&data, &arguments);
    assert_eq!(code(&exported), 0, "{}", errors(&exported));
    assert!(std::fs::read_to_string(&file).unwrap().contains("INS-000001"));
    let checked = on(&data, &["check"]);
    assert_eq!((code(&checked), out(&checked).contains("sound")), (0, true));
    let listed = json(&on(&data, &["--json", "publications"]));
    assert_eq!(listed["publications"][0]["number"], 1);
}

#[test]
fn carts_say_more_than_quantities() {
    let folder = demo_data();
    let data = folder.path().join("data");
    let file = folder.path().join("cart.json");
    let lines = r#"[{"id": "seven", "sku": "INS-000001", "quantity": "12", "attributes": {"length": 6},
        "weight": "1.2", "weight_unit": "t", "warehouse": "north"}]"#;
    std::fs::write(&file, lines).unwrap();
    let price = ["--json", "price", "--contract", "C-00001", "--at", AT];
    let more = [
        "--cart",
        file.to_str().unwrap(),
        "FAS-000068=100{length=6,grade=A400,weight:2.5t}",
        "--coupon",
        "SPRING",
        "--payment-terms",
        "prepaid",
        "--first-order",
        "--progress",
        "ladders",
    ];
    let priced = on(&data, &[&price[..], &more].concat());
    assert_eq!(code(&priced), 0, "{}", errors(&priced));
    let cart = json(&priced);
    assert_eq!((cart["what_if"].as_bool(), cart["needs_approval"].as_bool()), (Some(true), Some(false)));
    assert_eq!(cart["policy_version"], 0);
    assert_eq!((&cart["lines"][0]["id"], cart["lines"].as_array().unwrap().len()), (&"seven".into(), 2));
    let text = on(&data, &[&price[1..], &["INS-000001=12", "--first-order"]].concat());
    assert!(out(&text).contains("what if: purchases"), "{}", out(&text));
    let plain = json(&on(&data, &[&price[..], &["INS-000001=12"]].concat()));
    assert_eq!(plain["what_if"], false);
    let russian = on(&data, &[&price[..], &["NOBODYS=1", "--language", "ru"]].concat());
    assert_eq!(json(&russian)["lines"][0]["problem"]["reason"], "артикула с таким кодом нет");
    assert_eq!(code(&russian), 1);
}

#[test]
fn exit_codes_say_what_kind_of_trouble_it_is() {
    let folder = demo_data();
    let data = folder.path().join("data");
    let bad = folder.path().join("prices-bad.csv");
    std::fs::write(&bad, "price_list,sku,price\nBASE,INS-000001,1e3\n").unwrap();
    let bad = bad.to_str().unwrap();
    let cases: &[(&[&str], i32, &str)] = &[
        (&["price", "--contract", "C-00001", "--at", AT, "NOBODYS=1"], 1, ""),
        (&["price", "--contract", "C-00001", "--at", "1999-01-01T00:00:00Z", "INS-000001=1"], 1, "begins"),
        (&["import", bad], 1, ""),
        (&["--as", "price", "import", bad], 1, "publish"),
        (&["price", "--contract", "C-00001"], 2, "no line"),
        (&["price", "--contract", "C-00001", "INS-000001=x"], 2, "quantity"),
        (&["price", "--contract", "C-00001", "INS-000001=1{weight:2}"], 2, "lines[0].details.weight_unit"),
        (&["price", "--contract", "C-00001", "INS-000001=1{length}"], 2, "name=value"),
        (&["price", "--contract", "C-00001", "INS-000001=1", "--bought", "turnover"], 2, "MEASURE=VALUE"),
        (&["price", "--contract", "C-00001", "INS-000001=1", "--bought", "turnover=1e3"], 2, "exponent"),
        (
            &["price", "--contract", "C-00001", "INS-000001=1", "--bought", "turnover=55.000,00"],
            2,
            "--bought turnover: \"55.000,00\"",
        ),
        (&["price", "--contract", "C-00001", "STL-000063=2,5tonne"], 2, "the quantity has a comma or blank"),
        (&["price", "--contract", "C-00001", "INS-000001=1", "--used", "=1"], 2, "RULE=VALUE"),
        (
            &["price", "--contract", "C-00001", "INS-000001=1", "--bought", "turnover=1:A,B"],
            1,
            "measure \"turnover\" is unknown",
        ),
        (
            &["price", "--contract", "C-00001", "INS-000001=1", "--used", "first=1"],
            1,
            "rule with a limit \"first\" is unknown",
        ),
        (&["price", "--contract", "C-00001", "INS-000001=1", "--language", "de"], 2, "de"),
        (&["price", "--contract", "C-00001", "--at", "soon", "INS-000001=1"], 2, "no instant"),
        (&["--as", "king", "price", "--contract", "C-00001", "INS-000001=1"], 2, "no role"),
        (&["import", "--kind", "cats", bad], 2, "no kind"),
        (&["frobnicate"], 2, "unrecognized"),
        (&["price", "--contract", "C-99999", "INS-000001=1"], 3, "unknown"),
        (&["import", "no-such-file.csv"], 3, "no-such-file.csv"),
        (&["health", "--addr", "127.0.0.1:9"], 4, "does not answer"),
    ];
    for (arguments, expected, said) in cases {
        let output = on(&data, arguments);
        assert_eq!(code(&output), *expected, "{arguments:?}: {}{}", out(&output), errors(&output));
        assert!(errors(&output).contains(said), "{arguments:?}: {}", errors(&output));
    }
    let nowhere = on(&folder.path().join("nowhere"), &["check"]);
    assert_eq!(code(&nowhere), 3, "{}", errors(&nowhere));
}

/// A serving process, ended when dropped.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_server_takes_imports_and_carts_and_ends_cleanly() {
    let folder = demo_data();
    let data = folder.path().join("data");
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let child = quoin()
        .args(["--data", data.to_str().unwrap(), "serve", "--listen", &address, "--workers", "1"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut serving = Serving(child);
    let healthy = || code(&quoin().args(["health", "--addr", &address]).output().unwrap()) == 0;
    let waited = (0..200).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        healthy()
    });
    assert!(waited, "the server does not answer");
    let second = on(&data, &["check"]);
    assert_eq!((code(&second), errors(&second).contains("in use")), (4, true), "{}", errors(&second));
    let prices = folder.path().join("prices-new.csv");
    std::fs::write(&prices, "price_list,sku,price\nBASE,INS-000001,7.01\n").unwrap();
    let imported = quoin().args(["--json", "import", "--server", &address]).arg(&prices).output().unwrap();
    let report = json(&imported);
    assert_eq!(
        (report["verdict"].as_str(), report["changed"].as_u64()),
        (Some("published"), Some(1)),
        "{report}"
    );
    let price =
        ["--json", "price", "--server", &address, "--contract", "C-00001", "--at", AT, "INS-000001=1"];
    let cart = json(&quoin().args(price).output().unwrap());
    assert_eq!(
        (cart["publication"].as_u64(), cart["lines"][0]["list_unit_price"].as_str()),
        (Some(2), Some("7.01"))
    );
    let listed = json(&quoin().args(["--json", "publications", "--server", &address]).output().unwrap());
    assert_eq!(listed["publications"].as_array().unwrap().len(), 2);
    let ended = Command::new("kill").args(["-TERM", &serving.0.id().to_string()]).status().unwrap();
    assert!(ended.success());
    assert_eq!(serving.0.wait().unwrap().code(), Some(0));
}
