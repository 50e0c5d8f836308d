//! Does a terminal tell what happens to quotes, as it happens, and end when it should?

use std::io::{BufRead, BufReader, Lines};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::world::World;
use crate::process::{Serving, ended, on, quoin};

/// The world's folder, for servers and commands.
fn folder() -> (TempDir, PathBuf) {
    let World { folder, engine, .. } = World::new();
    drop(engine);
    let data = folder.path().join("data");
    (folder, data)
}

/// A watcher at a terminal.
struct Watcher {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Watcher {
    fn start(arguments: &[&str]) -> Self {
        let mut child =
            quoin().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    fn line(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }

    /// What else it tells, its exit code, and what it says on standard error.
    fn ended(self) -> (Vec<String>, i32, String) {
        let rest = self.lines.map(Result::unwrap).collect();
        let (code, said) = ended(&self.child.wait_with_output().unwrap());
        (rest, code, said)
    }
}

/// A line without its position and instant.
fn what(line: &str) -> &str {
    line.splitn(3, ' ').nth(2).unwrap()
}

fn done(data: &std::path::Path, address: &str, arguments: &[&str]) {
    let output = on(data, &[&["quote"], arguments, &["--server", address]].concat());
    assert_eq!(ended(&output), (0, String::new()), "{arguments:?}");
}

const LINES: [&str; 5] = [
    "A Q-1 created: revision 1, issued; by operator",
    "B Q-2 created: revision 1, draft; by operator",
    "A Q-1 accepted: revision 1, issued; 2 of line 2 at 14; by operator",
    "A Q-1 declined: revision 1, declined; by operator; the rest is too dear",
    "B Q-2 withdrawn: revision 1, withdrawn; by operator",
];

#[test]
fn a_watcher_is_told_each_event_in_a_line_as_it_happens() {
    let (_folder, data) = folder();
    let serving = Serving::start(&data, &[]);
    let address = serving.address.as_str();
    let mut all = Watcher::start(&["quote", "watch", "--server", address, "--after", "0", "--most", "5"]);
    done(&data, address, &["create", "--contract", "A", "bolt=5", "glue=2"]);
    // Told before anything else happens.
    assert_eq!(what(&all.line()), LINES[0]);
    done(&data, address, &["create", "--contract", "B", "bolt=1", "--draft"]);
    assert_eq!(what(&all.line()), LINES[1]);
    done(&data, address, &["accept", "Q-1", "--line", "2"]);
    done(&data, address, &["decline", "Q-1", "--reason", "the rest\nis too dear"]);
    done(&data, address, &["withdraw", "Q-2"]);
    let (rest, code, said) = all.ended();
    assert_eq!((rest.iter().map(|line| what(line)).collect::<Vec<_>>(), code), (LINES[2..].to_vec(), 0));
    assert_eq!(said, "");
    // Of one contract, as objects; and on from the position of one of them.
    let arguments = ["--json", "quote", "watch", "--server", address, "--after", "0", "--contract", "B"];
    let (told, code, _) = Watcher::start(&[&arguments[..], &["--most", "2"]].concat()).ended();
    let told: Vec<Value> = told.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((told.len(), code), (2, 0));
    assert_eq!((&told[0]["number"], &told[0]["change"]), (&"Q-2".into(), &"created".into()));
    let after = told[0]["position"].to_string();
    let (rest, _, _) =
        Watcher::start(&["quote", "watch", "--server", address, "--after", &after, "--most", "1"]).ended();
    assert_eq!(what(&rest[0]), LINES[2]);
    // The folder tells the same, once no server has it.
    drop(serving);
    let kept = on(&data, &["quote", "watch", "--after", "0"]);
    let kept_lines = String::from_utf8(kept.stdout.clone()).unwrap();
    assert_eq!((kept_lines.lines().map(what).collect::<Vec<_>>(), ended(&kept).0), (LINES.to_vec(), 0));
    let some = on(&data, &["quote", "watch", "--after", &after, "--contract", "A", "--most", "1"]);
    assert_eq!(what(String::from_utf8(some.stdout).unwrap().trim_end()), LINES[2]);
}

#[test]
fn a_watcher_ends_with_whoever_stops_it() {
    let (_folder, data) = folder();
    let serving = Serving::start(&data, &[]);
    let address = serving.address.clone();
    let watch = ["quote", "watch", "--server", &address, "--after", "0"];
    let (mut interrupted, mut stopped) = (Watcher::start(&watch), Watcher::start(&watch));
    let mut unread = Watcher::start(&watch);
    done(&data, &address, &["create", "--contract", "A", "bolt=5"]);
    let told = stopped.line();
    assert_eq!((interrupted.line(), unread.line()), (told.clone(), told.clone()));
    // Ctrl-C.
    let asked = Command::new("kill").args(["-INT", &interrupted.child.id().to_string()]).status().unwrap();
    assert!(asked.success());
    assert_eq!(interrupted.ended(), (Vec::new(), 0, String::new()));
    // A reader that has gone is no failure, and found out with the next event.
    let Watcher { child, lines } = unread;
    drop(lines);
    done(&data, &address, &["withdraw", "Q-1"]);
    assert_eq!(ended(&child.wait_with_output().unwrap()), (0, String::new()));
    let last = stopped.line();
    assert_eq!(what(&last), "A Q-1 withdrawn: revision 1, withdrawn; by operator");
    // A server that stops does not wait for who only watches.
    let (status, log) = serving.stop();
    assert!(status.success());
    assert!(!log.iter().any(|line| line.contains("in flight")), "{log:#?}");
    let position = last.split(' ').next().unwrap();
    let goes_on = format!("--after {position} goes on behind what was told last");
    let said = format!("quoin: {address} has ended; {goes_on}\n");
    assert_eq!(stopped.ended(), (Vec::new(), 4, said));
    // One that is killed.
    let serving = Serving::start(&data, &[]);
    let mut killed = Watcher::start(&["quote", "watch", "--server", &serving.address, "--after", "0"]);
    assert_eq!(killed.line(), told);
    let said = format!("quoin: {} has ended; {goes_on}\n", serving.address);
    drop(serving);
    assert_eq!(killed.ended(), (vec![last], 4, said));
}

#[test]
fn what_can_not_be_watched_is_refused() {
    let (_folder, data) = folder();
    let serving = Serving::start(&data, &["--workers", "1"]);
    let address = serving.address.clone();
    let cases: [(&[&str], i32, &str); 8] = [
        (&["--server", &address, "--most", "0"], 2, "0 is not in 1.."),
        (&["--server", &address, "--after", "soon"], 2, "invalid digit found in string"),
        (&["--server", &address, "--after", "-1"], 2, "error: "),
        (&["--server", &address, "--after", "99999"], 1, "99999 is beyond the newest position of the log"),
        (&["--server", &address, "--contract", "X"], 3, "contract \"X\" is unknown"),
        (&["--server", &address, "--as", "price"], 1, "needs the role \"quote\""),
        (&["--server", "127.0.0.1:1", "--most", "1"], 4, "127.0.0.1:1 does not answer"),
        (&["--after", "0"], 4, "in use"),
    ];
    for (arguments, code, why) in cases {
        let output = on(&data, &[&["quote", "watch"], arguments].concat());
        let (came, said) = ended(&output);
        assert_eq!((came, said.contains(why)), (code, true), "{arguments:?}: {said}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
    drop(serving);
    let nothing = "nothing happens in a folder that no server has open: --server ADDRESS watches a running \
                   server, --after 0 tells all that was kept";
    let output = on(&data, &["quote", "watch"]);
    assert_eq!(ended(&output), (2, format!("quoin: {nothing}\n")));
    let output = on(&data, &["quote", "watch", "--after", "0", "--contract", "X"]);
    assert_eq!(ended(&output), (3, "quoin: contract \"X\" is unknown\n".to_owned()));
    let output = on(&data, &["quote", "watch", "--after", "99999"]);
    assert_eq!(ended(&output).0, 1);
    let output = on(&data, &["quote", "watch", "--after", "0"]);
    assert_eq!((ended(&output), output.stdout.is_empty()), ((0, String::new()), true));
}
