//! Runs of the command, against a fake server and a real one.

use std::process::Output;
use std::time::Duration;

use serde_json::Value;

use super::fake::{Manner, Running};
use crate::process::{ended, json, quoin};
use crate::wire::server;

const PLAIN: Manner = Manner { stall: None, refuses: None, contracts: 7 };

fn load(address: &str, arguments: &[&str]) -> Output {
    let output =
        quoin().args(["--json", "load", "--server", address, "--warm-up", "0s"]).args(arguments).output();
    output.unwrap()
}

fn run(output: &Output, number: usize) -> Value {
    assert_eq!(ended(output).0, 0, "{}", ended(output).1);
    json(output)["runs"][number].clone()
}

fn count(run: &Value, outcome: &str) -> u64 {
    run["outcomes"][outcome].as_u64().unwrap_or(0)
}

#[test]
fn a_server_that_stalls_is_told_of_by_everyone_it_kept_waiting() {
    let stall = (Duration::from_millis(500), Duration::from_millis(500));
    let fake = Running::start(Manner { stall: Some(stall), ..PLAIN });
    let output = load(
        &fake.address,
        &["--rate", "400", "--arrivals", "fixed", "--duration", "2s", "--lines", "1", "--connections", "2"],
    );
    let run = run(&output, 0);
    // 799 calls were due, a quarter of them while nobody was answered: who would wait for answers before asking again
    // would have made two.
    let all = count(&run, "OK");
    assert!((795..=800).contains(&all), "{run:#}");
    let p99 = run["latency"]["p99_us"].as_u64().unwrap();
    assert!(p99 >= 450_000, "the p99 is {p99} us: {run:#}");
    let p90 = run["latency"]["p90_us"].as_u64().unwrap();
    assert!(p90 >= 250_000, "the p90 is {p90} us: {run:#}");
}

#[test]
fn what_is_refused_and_what_is_late_is_not_good() {
    let fake = Running::start(Manner { refuses: Some(4), ..PLAIN });
    let output = load(&fake.address, &["--rate", "400", "--duration", "1s", "--lines", "2"]);
    let told = run(&output, 0);
    let (ok, refused) = (count(&told, "OK"), count(&told, "RESOURCE_EXHAUSTED"));
    assert_eq!(fake.asked().sizes.len() as u64, ok + refused);
    assert!(refused * 3 <= ok && (refused + 1) * 3 >= ok, "{told:#}");
    assert_eq!((told["good"].as_u64(), told["latency"]["count"].as_u64()), (Some(ok), Some(ok)));
    assert_eq!(told["refused"]["count"].as_u64(), Some(refused));
    assert!(fake.asked().sizes.iter().all(|lines| *lines == 2));
    assert_eq!(fake.asked().with_deadline, 0);

    // Nobody is answered within the deadline while the server stalls for the whole run.
    let stall = Some((Duration::ZERO, Duration::from_secs(600)));
    let fake = Running::start(Manner { stall, ..PLAIN });
    let output = load(&fake.address, &["--rate", "100", "--duration", "1s", "--deadline", "200ms"]);
    let told = run(&output, 0);
    assert_eq!((told["good"].as_u64(), count(&told, "OK")), (Some(0), 0), "{told:#}");
    let waited = told["latency"]["count"].as_u64().unwrap();
    assert!(waited > 0 && told["latency"]["p50_us"].as_u64().unwrap() >= 190_000, "{told:#}");
    assert_eq!(fake.asked().with_deadline, fake.asked().sizes.len());
}

#[test]
fn contracts_are_asked_for_alike_or_the_first_most() {
    for (how, least, most) in [("uniform", 1, 2), ("zipf", 5, 20)] {
        let fake = Running::start(PLAIN);
        let arguments = ["--rate", "2000", "--duration", "1s", "--lines", "1", "--contracts", how];
        run(&load(&fake.address, &arguments), 0);
        let by = fake.asked().by_contract;
        assert_eq!(by.len(), 7, "{by:?}");
        // Of seven by Zipf, the first is asked for seven times as often as the last.
        let ratio = by["C-0"] / by["C-6"];
        assert!((least..most).contains(&(ratio.max(1))), "{how}: {by:?}");
    }
}

#[test]
fn a_small_run_against_a_real_server_draws_what_it_found() {
    let running = server::Running::start();
    let folder = tempfile::tempdir().unwrap();
    let svg = folder.path().join("load.svg");
    let demo = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo");
    let arguments = ["--rate", "100", "--rates", "0.5x,2x", "--duration", "1s", "--deadline", "10s", "--svg"];
    let mut arguments = arguments.to_vec();
    arguments.push(svg.to_str().unwrap());
    for files in [None, Some(demo.to_str().unwrap())] {
        let mut arguments = arguments.clone();
        arguments.extend(files.map(|folder| ["--files", folder]).into_iter().flatten());
        let output = load(&running.address(), &arguments);
        for (number, rate) in [(0, 50), (1, 200)] {
            let run = run(&output, number);
            assert_eq!(run["offered_per_second"].as_u64(), Some(rate));
            // By chance it is a few more or less.
            assert!((rate / 2..rate * 2).contains(&count(&run, "OK")), "{run:#}");
            assert_eq!(run["good"].as_u64(), Some(count(&run, "OK")), "{run:#}");
        }
        let drawn = std::fs::read_to_string(&svg).unwrap();
        assert_eq!(drawn.matches("<polyline").count(), 4, "two curves, the goodput and the best: {drawn}");
        assert_eq!(drawn.matches("<circle").count(), 2);
        assert!(drawn.starts_with("<svg ") && drawn.ends_with("</svg>\n") && drawn.contains("99 %"));
    }
    let mut command = quoin();
    command.args(["load", "--server", &running.address(), "--rate", "50", "--duration", "1s"]);
    let plain = plain_output(&mut command);
    for expected in ["offered/s", "p99.9", "late p99", "50/s: OK "] {
        assert!(plain.contains(expected), "{expected} is not in\n{plain}");
    }
}

fn plain_output(command: &mut std::process::Command) -> String {
    let output = command.args(["--warm-up", "100ms"]).output().unwrap();
    assert_eq!(ended(&output).0, 0, "{}", ended(&output).1);
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let wrong = [
        ("--rate=0", "--rate: \"0\" is no whole number"),
        ("--rates=5y,1.2345x", "--rates: \"5y\""),
        ("--duration=10", "--duration: \"10\" is no time from 1ms to 8784h"),
        ("--warm-up=-1s", "--warm-up: \"-1s\""),
        ("--lines=20001", "--lines: \"20001\" is no whole number from 1 to 20000"),
        ("--deadline=soon", "--deadline: \"soon\""),
        ("--connections=0", "--connections: \"0\""),
        ("--threads=many", "--threads: \"many\""),
        ("--in-flight-max=0", "--in-flight-max: \"0\""),
    ];
    let mut command = quoin();
    command.args(["load", "--server", "127.0.0.1:9"]).args(wrong.map(|(argument, _)| argument));
    let output = command.output().unwrap();
    let (code, said) = ended(&output);
    assert_eq!(code, 2, "{said}");
    for (_, expected) in wrong {
        assert!(said.contains(expected), "{expected} is not in\n{said}");
    }
    assert!(said.contains("--rates: \"1.2345x\" is no multiple"), "{said}");
    let (code, said) = ended(&load("127.0.0.1:9", &["--threads", "3", "--connections", "2"]));
    assert!(code == 2 && said.contains("3 threads with 2 connections"), "{code}: {said}");
    let (code, said) = ended(&load("127.0.0.1:9", &[]));
    assert!(code == 4 && said.contains("does not answer"), "{code}: {said}");
    let (code, said) = ended(&load("127.0.0.1:9", &["--files", "no-such-folder"]));
    assert!(code == 3 && said.contains("contracts.csv") && said.contains("skus.csv"), "{code}: {said}");
}
