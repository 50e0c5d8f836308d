//! Quotes at a terminal: in a folder and into a running server.

use serde_json::Value;

use super::server::{CONTRACT, demo_engine};
use crate::process::{ended, json, on};

#[test]
fn a_quote_at_a_terminal() {
    let (folder, engine) = demo_engine();
    drop(engine);
    let data = folder.path().join("data");
    let made = on(
        &data,
        &[
            "--json",
            "quote",
            "create",
            "--contract",
            CONTRACT,
            "INS-000001=3",
            "--reference",
            "PO-1",
            "--request-id",
            "r1",
            "--divisible",
            "1",
        ],
    );
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    let told = json(&made);
    assert_eq!(told["quote"]["summary"]["number"], "Q-1");
    assert_eq!(told["event"]["change"], "created");
    let total = told["quote"]["cart"]["total"].clone();
    let revised =
        on(&data, &["quote", "revise", "Q-1", "INS-000001=4", "--reference", "PO-1", "--reason", "one more"]);
    assert_eq!(revised.status.code(), Some(0), "{revised:?}");
    let text = String::from_utf8(revised.stdout).unwrap();
    assert!(text.starts_with("quote Q-1 revised: revision 2, issued\n"), "{text}");
    let shown = json(&on(&data, &["--json", "quote", "show", "Q-1", "--revision", "1", "--today"]));
    assert_eq!((&shown["quote"]["cart"]["total"], &shown["today"]["total"]), (&total, &total));
    let accepted = on(&data, &["quote", "accept", "Q-1", "--revision", "1"]);
    let (code, said) = ended(&accepted);
    assert_eq!((code, said.trim_end()), (1, "quoin: quote Q-1 has revision 2 since: revision 1 was meant"));
    let accepted = on(&data, &["--json", "quote", "accept", "Q-1", "--revision", "2"]);
    assert_eq!(json(&accepted)["event"]["state"], "accepted");
    let again = on(&data, &["quote", "again", "Q-1", "--draft"]);
    assert!(String::from_utf8(again.stdout).unwrap().starts_with("quote Q-2 created: revision 1, draft\n"));
    let listed = json(&on(&data, &["--json", "quote", "list", "--contract", CONTRACT]));
    let states: Vec<&Value> =
        listed["quotes"].as_array().unwrap().iter().map(|quote| &quote["state"]).collect();
    assert_eq!(states, ["draft", "accepted"]);
    let history = String::from_utf8(on(&data, &["quote", "history", "Q-1"]).stdout).unwrap();
    assert!(history.contains("one more") && history.contains("accepted"), "{history}");
    let (code, said) = ended(&on(&data, &["quote", "show", "Q-7"]));
    assert_eq!((code, said.trim_end()), (3, "quoin: quote Q-7 is unknown"));
    // The same at a server.
    let serving = crate::process::Serving::start(&data, &[]);
    let address = serving.address.as_str();
    for (asked, begins) in [
        (&["issue", "Q-2"][..], "quote Q-2 issued"),
        (&["withdraw", "Q-2", "--reason", "sold out"][..], "quote Q-2 withdrawn"),
        (&["list", "--state", "withdrawn"][..], "quote"),
        (&["show", "Q-2"][..], "quote Q-2, revision 1: withdrawn"),
    ] {
        let told = on(&data, &[&["quote"][..], asked, &["--server", address]].concat());
        let text = String::from_utf8(told.stdout.clone()).unwrap();
        assert!(text.starts_with(begins), "{asked:?}: {told:?}");
    }
}
