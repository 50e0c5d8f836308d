//! Do settings come from where the documentation says, in its order, and is everything that is wrong told at once?

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Output;

use quoin::server::config::{Config, Loaded, Shown, Stated, keys, load};
use serde_json::Value;

use crate::process::{ended, json, quoin};
use crate::sources::text;

/// `check-config` in a folder, with these variables alone.
pub fn check(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut command = quoin();
    command.env_remove("QUOIN_OPS_LISTEN").current_dir(folder).arg("check-config").args(arguments);
    // Variables of whoever runs the tests say nothing here.
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("QUOIN_")) {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied()).output().unwrap()
}

/// A setting of its answer, and where that comes from.
pub fn setting<'v>(answer: &'v Value, key: &str) -> (&'v Value, &'v str) {
    let found = answer["settings"].as_array().unwrap().iter().find(|setting| setting["key"] == key).unwrap();
    (&found["value"], found["from"].as_str().unwrap())
}

#[test]
fn the_last_layer_that_says_something_holds() {
    let folder = tempfile::tempdir().unwrap();
    let file =
        "serve:\n  listen: 127.0.0.1:1\n  workers: 3\n  drain_pause: 5s\nstore:\n  block_cache: 1GiB\n";
    std::fs::write(folder.path().join("quoin.yaml"), file).unwrap();
    let variables = [("QUOIN_CONFIG", "quoin.yaml"), ("QUOIN_WORKERS", "5"), ("QUOIN_LISTEN", "127.0.0.1:2")];
    let output = check(folder.path(), &variables, &["--json", "--listen", "127.0.0.1:3", "--data", "here"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let answer = json(&output);
    let cases = [
        ("serve.listen", "127.0.0.1:3", "--listen"),
        ("serve.workers", "5", "QUOIN_WORKERS"),
        ("serve.drain_pause", "5s", "quoin.yaml:4"),
        ("store.block_cache", "1GiB", "quoin.yaml:6"),
        ("store.data", "here", "--data"),
        ("store.shared_rows", "128MiB", "default"),
        ("serve.insecure_any_peer", "false", "default"),
    ];
    for (key, value, from) in cases {
        assert_eq!(setting(&answer, key), (&Value::from(value), from), "{key}");
    }
    let told = check(folder.path(), &variables, &[]);
    let table = String::from_utf8(told.stdout).unwrap();
    assert!(table.contains("serve.drain_pause") && table.contains("quoin.yaml:4"), "{table}");
}

#[test]
fn everything_that_is_wrong_is_told_at_once_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = "serve:\n  lisen: 127.0.0.1:1\n  workers: none\ntls:\n  key: x\nops:\n  listen: 127.0.0.1:7480\n\
                limits:\n  calls_max: 0\n  wait_target: [5ms, 6ms]\n  body_rate: &rate 0\n  wait_max: *rate\naudits:\n  folder: x\n";
    std::fs::write(folder.path().join("quoin.yaml"), file).unwrap();
    let variables = [("QUOIN_RETAIN_DAYS", "-1"), ("QUOIN_LOG", "quoin=loud")];
    let arguments =
        ["--config", "quoin.yaml", "--slow-ms", "soon", "--drain-pause", "5", "--backups", "ftp://x"];
    let (code, said) = ended(&check(folder.path(), &variables, &arguments));
    assert_eq!(code, 2, "{said}");
    let lines: Vec<&str> = said.lines().skip(1).collect();
    let expected = [
        "quoin.yaml:2: serve.lisen is unknown; serve.listen is the nearest that is known",
        "quoin.yaml:3: serve.workers: \"none\" is no whole number from 1 to 1024",
        "quoin.yaml:5: tls.cert: is missing: encrypted connections need tls.cert and tls.key",
        "quoin.yaml:9: limits.calls_max: \"0\" is no whole number from 1 to 10000000",
        "quoin.yaml:10: limits.wait_target: takes one value, and this is a list",
        "quoin.yaml:11: anchors and tags are not read here: leave it out",
        "quoin.yaml:11: limits.body_rate: \"0\" is no size from 1 to 512MiB",
        "quoin.yaml:12: aliases are not read here: write it out",
        "quoin.yaml:14: audits.folder is unknown; audit.folder is the nearest that is known",
        "QUOIN_LOG: log.filter: \"quoin=loud\"",
        "QUOIN_RETAIN_DAYS: store.retain_days: \"-1\" is no whole number from 0 to 36500",
        "--drain-pause: serve.drain_pause: \"5\" is no time from 0s to 24h: write 500ms, 20s, 5m or 1h",
        "--backups: backups.place: that is no place for backups: only folders and s3:// are known",
        "--slow-ms: log.slow_ms: \"soon\" is no whole number from 1 to 86400000",
        "quoin.yaml:7: ops.listen: 127.0.0.1:7480 is serve.listen already: choose another port",
    ];
    for expected in expected {
        assert!(lines.iter().any(|line| line.starts_with(expected)), "{expected}\n{said}");
    }
    assert_eq!(lines.len(), expected.len(), "{said}");
    let answer = json(&check(folder.path(), &variables, &[&["--json"], &arguments[..]].concat()));
    assert_eq!(answer["errors"].as_array().unwrap().len(), expected.len());
    // `serve` says the same, and does not begin.
    let mut serve = quoin();
    serve
        .env_remove("QUOIN_OPS_LISTEN")
        .current_dir(folder.path())
        .envs(variables)
        .arg("serve")
        .args(arguments);
    let (code, said) = ended(&serve.output().unwrap());
    assert!(code == 2 && lines.iter().all(|line| said.contains(line)), "{said}");
    assert!(!folder.path().join("quoin-data").exists());
}

#[test]
fn files_that_are_none_are_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bytes.yaml"), [0xff, 0xfe, 0x00]).unwrap();
    for (name, expected) in
        [("bytes.yaml", "not UTF-8"), ("none.yaml", "can't be read"), (".", "can't be read")]
    {
        let (code, said) = ended(&check(folder.path(), &[], &["--config", name]));
        assert!(code == 2 && said.contains(name) && said.contains(expected), "{said}");
    }
}

#[test]
fn a_variable_that_nothing_reads_is_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let output = check(
        folder.path(),
        &[("QUOIN_LISTN", "127.0.0.1:9"), ("QUOIN_SERVICE_HOST", "10.0.0.1")],
        &["--json"],
    );
    let answer = json(&output);
    assert_eq!(output.status.code(), Some(0), "{answer}");
    let warnings: Vec<_> = answer["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|warning| warning["place"].as_str().unwrap())
        .collect();
    assert_eq!(warnings, ["QUOIN_LISTN", "QUOIN_SERVICE_HOST"]);
    assert!(answer["warnings"][0]["what"].as_str().unwrap().contains("QUOIN_LISTEN"), "{answer}");
}

#[test]
fn names_follow_one_rule_and_none_is_there_twice() {
    let (mut paths, mut flags, mut variables) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for key in keys() {
        assert!(
            paths.insert(key.path) && flags.insert(key.flag) && variables.insert(key.variable),
            "{}",
            key.path
        );
        let (group, name) = key.path.split_once('.').unwrap();
        // The flag ends with the key's name, or is the group's, for the key that a group is there for.
        let is_flag = key.flag == group || key.flag.ends_with(&name.replace('_', "-"));
        assert!(is_flag, "{}: --{}", key.path, key.flag);
        // The variable is the flag in capitals; the log's are named for what people write.
        let of_flag = format!("QUOIN_{}", key.flag.replace('-', "_").to_uppercase());
        let is_log = ["log.format", "log.filter"].contains(&key.path);
        assert!(is_log || key.variable == of_flag, "{}: {} and {of_flag}", key.path, key.variable);
    }
}

#[test]
fn what_is_shown_is_read_back_as_it_was() {
    let Loaded { config, .. } = load(&Stated::default()).unwrap();
    assert_eq!(config, Config::default());
    for key in keys() {
        let Shown::Value(value) = (key.show)(&config) else { continue };
        let mut other = Config::default();
        assert_eq!((key.read)(&mut other, &value), Ok(()), "{}", key.path);
        assert_eq!(other, config, "{}", key.path);
    }
}

#[test]
fn the_documentation_has_every_key_with_its_flag_variable_and_default() {
    let page = text(Path::new("docs/CONFIGURATION.md"));
    let rows: BTreeMap<&str, &str> = page
        .lines()
        .filter(|line| line.starts_with("| `"))
        .filter_map(|line| Some((line.strip_prefix("| `")?.split('`').next()?, line)))
        .collect();
    let expected: BTreeMap<&str, String> = keys().map(|key| (key.path, row(key))).collect();
    for (path, row) in &expected {
        assert_eq!(rows.get(path), Some(&row.as_str()), "docs/CONFIGURATION.md lacks this row");
    }
    let known: Vec<&&str> = rows.keys().filter(|path| !expected.contains_key(**path)).collect();
    assert!(known.is_empty(), "keys that are not there: {known:?}");
}

fn row(key: &quoin::server::config::Key) -> String {
    let default = match (key.show)(&Config::default()) {
        Shown::Value(value) => format!("`{value}`"),
        Shown::Nothing | Shown::Secret => "none".to_owned(),
    };
    let takes = key.takes.replace('|', "\\|");
    let (path, flag, variable, about) = (key.path, key.flag, key.variable, key.about);
    format!("| `{path}` | `--{flag}` | `{variable}` | {takes} | {default} | {about} |")
}
