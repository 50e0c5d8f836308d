//! Do settings of who may call, of limits and of backups hold from every layer, within bounds, and not against each other?

use std::path::Path;

use quoin::server::config::{Config, Fault, Stated, keys, load};
use serde_json::Value;

use super::configuration::{check, setting};
use crate::process::{Serving, ended, json, on};
use crate::sources::text;

/// Flags and their values.
type Flags<'t> = &'t [(&'static str, &'t str)];

/// The settings that a file, variables and flags come to, or everything that is wrong with them.
fn of(file: &str, variables: &[(&str, &str)], flags: Flags<'_>) -> Result<Config, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quoin.yaml");
    std::fs::write(&path, file).unwrap();
    let owned = |text: &&str| (*text).to_owned();
    let stated = Stated {
        file: Some(path),
        flags: flags.iter().map(|(flag, text)| (*flag, owned(text))).collect(),
        variables: variables.iter().map(|(name, text)| (owned(name), owned(text))).collect(),
    };
    let here = format!("{}/", folder.path().display());
    let told = |faults: Vec<Fault>| faults.iter().map(|fault| fault.to_string().replace(&here, "")).collect();
    load(&stated).map(|loaded| loaded.config).map_err(told)
}

/// What a key has in such settings, or the one thing that is wrong with them.
fn shown(key: &str, file: &str, variables: &[(&str, &str)], flags: Flags<'_>) -> String {
    match of(file, variables, flags) {
        Ok(config) => (keys().find(|known| known.path == key).unwrap().show)(&config).text().to_owned(),
        Err(faults) => faults.join("\n"),
    }
}

#[test]
fn every_layer_says_who_may_call_how_much_and_where_backups_are() {
    let tokens = "tokens: { jwks: k.json, issuer: i, audience: a }\n";
    let tls = "tls: { cert: c.pem, key: k.pem }\n";
    let clients = "tls: { cert: c.pem, key: k.pem, client_ca: ca.pem }\naccess: { callers: c.yaml }\n";
    // The rest of the file, the key, and what file, variable and flag say.
    let cases = [
        ("", "access.callers", "c.yaml", "d.yaml", "e.yaml"),
        ("", "access.reflection", "true", "false", "true"),
        (
            "tokens: { issuer: i, audience: a }\n",
            "tokens.jwks",
            "k.json",
            "https://login.example/keys",
            "l.json",
        ),
        (tokens, "tokens.jwks_refresh", "30s", "1m", "24h"),
        (tokens, "tokens.jwks_age_max", "5m", "8784h", "6m"),
        (tokens, "tokens.leeway", "0s", "5m", "90s"),
        (tokens, "tokens.claims", "https://quoin.example", "b", "c"),
        (tls, "tls.cert", "d.pem", "e.pem", "/etc/f.pem"),
        (clients, "tls.client_certificates", "optional", "required", "optional"),
        ("", "audit.folder", "none", "/log", "data"),
        ("", "audit.sync", "second", "call", "second"),
        ("", "backups.place", "kept", "s3://b/q", "/mnt/kept"),
        ("", "limits.connections_max", "1", "10000000", "5"),
        ("", "limits.header_size", "8KiB", "16MiB", "1KiB"),
        ("", "limits.body_rate", "1", "512MiB", "3"),
        ("", "limits.wait_max", "30ms", "1s", "24h"),
        ("", "limits.idle_timeout", "1ms", "8784h", "2m"),
        ("", "limits.caller_lines_per_second", "5", "1000000000", "7"),
    ];
    for (rest, path, by_file, by_variable, by_flag) in cases {
        let key = keys().find(|key| key.path == path).unwrap();
        let (group, name) = path.split_once('.').unwrap();
        let file = match rest.strip_prefix(&format!("{group}: {{")) {
            Some(others) => format!("{group}: {{ {name}: {by_file}, {}", without(others, name)),
            None => format!("{rest}{group}: {{ {name}: {by_file} }}\n"),
        };
        let (variables, flags) = ([(key.variable, by_variable)], [(key.flag, by_flag)]);
        assert_eq!(shown(path, &file, &[], &[]), by_file, "{file}");
        assert_eq!(shown(path, &file, &variables, &[]), by_variable, "{path}");
        assert_eq!(shown(path, &file, &variables, &flags), by_flag, "{path}");
    }
}

/// The keys of a group, but for one.
fn without(keys: &str, name: &str) -> String {
    let is_other = |key: &&str| !key.trim_start().starts_with(&format!("{name}:"));
    keys.split(',').filter(is_other).collect::<Vec<_>>().join(",")
}

#[test]
fn a_list_is_of_one_layer_however_it_is_written() {
    let of_file = |list: &str| format!("tokens:\n  jwks: k.json\n  issuer: i\n  audience: {list}\n");
    let variable = [("QUOIN_TOKEN_AUDIENCE", "c, d")];
    let flag = [("token-audience", "e,f")];
    let cases: [(&str, &[_], &[_], &str); 8] = [
        ("a", &[], &[], "a"),
        ("[a, 'b c']", &[], &[], "a,b c"),
        ("a,b", &[], &[], "a,b"),
        ("\n  - a\n  - b", &[], &[], "a,b"),
        ("[a, b]", &variable, &[], "c,d"),
        ("[a, b]", &variable, &flag, "e,f"),
        ("['a,b', c]", &[], &[], "quoin.yaml:4: \"a,b\" has a comma, which parts values"),
        ("[]", &variable, &[], "quoin.yaml:4: tokens.audience: nothing is written there"),
    ];
    for (list, variables, flags, expected) in cases {
        assert_eq!(shown("tokens.audience", &of_file(list), variables, flags), expected, "{list}");
    }
    let algorithms = |list: &str| format!("{}  algorithms: {list}\n", of_file("a"));
    for (list, expected) in [
        ("[ES256, EdDSA]", "ES256,EdDSA"),
        (
            "[ES256, HS256]",
            "quoin.yaml:5: tokens.algorithms: \"HS256\" is none of RS256, PS256, ES256, EdDSA",
        ),
        ("none", "quoin.yaml:5: tokens.algorithms: \"none\" is none of RS256, PS256, ES256, EdDSA"),
    ] {
        assert_eq!(shown("tokens.algorithms", &algorithms(list), &[], &[]), expected);
    }
    // At a terminal a flag may stand several times.
    let folder = tempfile::tempdir().unwrap();
    let arguments =
        ["--json", "--jwks", "k", "--token-issuer", "i", "--token-audience", "a", "--token-audience=b,c"];
    let answer = json(&check(folder.path(), &[], &arguments));
    assert_eq!(setting(&answer, "tokens.audience"), (&Value::from("a,b,c"), "--token-audience"));
}

#[test]
fn limits_and_times_have_bounds() {
    for key in keys().filter(|key| key.path.starts_with("limits.")) {
        for bad in ["0", "0s", "-1", "", "1.5", "99999999999999999999", "many", "8785h", "65GiB"] {
            assert!((key.read)(&mut Config::default(), bad).is_err(), "{}: {bad}", key.path);
        }
    }
    let cases = [
        ("streams-max", "1000001", "is no whole number from 1 to 1000000"),
        ("message-in-max", "1025MiB", "is no size from 1KiB to 1GiB"),
        ("header-size", "17MiB", "is no size from 1KiB to 16MiB"),
        ("wait-target", "25h", "is no time from 1ms to 24h"),
        ("jwks-refresh", "29s", "is no time from 30s to 8784h"),
        ("token-leeway", "301s", "is no time from 0s to 5m"),
        ("client-certificates", "maybe", "is none of required, optional"),
        ("audit-sync", "never", "is none of call, second"),
    ];
    for (flag, text, expected) in cases {
        let told = of("", &[], &[(flag, text)]).unwrap_err();
        assert!(told.len() == 1 && told[0].contains(expected), "{told:?}");
    }
}

#[test]
fn what_contradicts_itself_is_told_at_once_where_it_was_said_last() {
    let cases: [(&str, Flags<'_>, &[&str]); 11] = [
        ("tls: { cert: c.pem }", &[], &["quoin.yaml:1: tls.key: is missing"]),
        (
            "tls: { client_ca: ca.pem }",
            &[],
            &[
                "quoin.yaml:1: access.callers: client certificates are taken, but there is no file of callers",
                "quoin.yaml:1: tls.cert: is missing",
                "quoin.yaml:1: tls.key: is missing",
            ],
        ),
        (
            "tls: { cert: c.pem, key: k.pem }",
            &[("client-certificates", "optional")],
            &["--client-certificates: tls.client_ca: is missing"],
        ),
        (
            "tokens: { jwks: k.json }",
            &[],
            &[
                "quoin.yaml:1: tokens.issuer: tokens need an issuer",
                "quoin.yaml:1: tokens.audience: tokens need an audience",
            ],
        ),
        (
            "tokens: { issuer: i, audience: a, algorithms: ES256 }",
            &[("jwks-ca", "ca.pem")],
            &["--jwks-ca: tokens.jwks: is missing"],
        ),
        (
            "tokens: { jwks: k.json, issuer: i, audience: a, jwks_ca: ca.pem, jwks_age_max: 1m }",
            &[],
            &[
                "quoin.yaml:1: tokens.jwks_age_max: keys would be too old",
                "quoin.yaml:1: tokens.jwks_ca: there is nothing to trust",
            ],
        ),
        (
            "access: { callers: c.yaml }",
            &[("insecure-any-peer", "true")],
            &["--insecure-any-peer: serve.insecure_any_peer: every peer may do everything, or callers"],
        ),
        (
            "limits:\n  wait_max: 4ms\n  unread_max: 7MiB\n",
            &[],
            &[
                "quoin.yaml:2: limits.wait_target: is longer than limits.wait_max",
                "quoin.yaml:3: limits.message_in_max: is more than limits.unread_max",
            ],
        ),
        (
            "audit: { folder: d/staging/log }\nbackups: { place: d/kept }",
            &[("data", "d")],
            &[
                "--data: audit.folder: d/staging/log is the store's",
                "--data: backups.place: d/kept lies within store.data",
            ],
        ),
        (
            "backups: { place: /srv }\nstore: { data: /srv/data }",
            &[],
            &["quoin.yaml:2: backups.place: /srv has store.data"],
        ),
        ("ops: { listen: none }", &[("listen", "127.0.0.1:7481")], &[]),
    ];
    for (file, flags, expected) in cases {
        let told = of(file, &[], flags).err().unwrap_or_default();
        assert_eq!(told.len(), expected.len(), "{file}: {told:#?}");
        for expected in expected {
            assert!(told.iter().any(|told| told.starts_with(expected)), "{expected}\n{told:#?}");
        }
    }
    let taken = of("", &[], &[("listen", "127.0.0.1:7481")]).unwrap_err();
    assert_eq!(taken, ["--listen: ops.listen: 127.0.0.1:7481 is serve.listen already: choose another port"]);
    // What could not be read contradicts nothing.
    assert_eq!(of("limits: { wait_max: soon, wait_target: 1h }", &[], &[]).unwrap_err().len(), 1);
}

#[test]
fn a_password_in_an_address_is_refused_and_never_told() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = [
        "https://us:SECRET@login.example/keys",
        "https://SECRET@login.example",
        "ftp://SECRET",
        "https://SECRET host/",
    ];
    for address in secrets {
        let variables = [("QUOIN_JWKS", address), ("QUOIN_BACKUPS", "s3://KEY:SECRET@bucket/x")];
        for arguments in [&["--json"][..], &[]] {
            let output = check(folder.path(), &variables, arguments);
            let told = format!("{output:?}");
            assert!(output.status.code() == Some(2) && !told.contains("SECRET"), "{told}");
            assert!(told.contains("QUOIN_JWKS") && told.contains("QUOIN_BACKUPS"), "{told}");
        }
    }
}

#[test]
fn the_example_in_the_documentation_is_a_configuration() {
    let page = text(Path::new("docs/CONFIGURATION.md"));
    let example = page.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    let access = of(example, &[], &[]).unwrap().access_options();
    assert_eq!(access.tokens.unwrap().audiences, ["quoin", "portal"]);
}

#[test]
fn a_server_runs_with_what_its_file_says() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (data, kept) = (at("data"), at("kept"));
    let file = format!(
        "audit:\n  folder: none\nbackups:\n  place: {}\nlimits:\n  message_in_max: 1KiB\n",
        kept.display()
    );
    std::fs::write(at("quoin.yaml"), file).unwrap();
    let serving = Serving::start(&data, &["--config", at("quoin.yaml").to_str().unwrap()]);
    let asked =
        |arguments: &[&str]| ended(&on(&data, &[arguments, &["--server", &serving.address]].concat()));
    assert_eq!(asked(&["backup"]).0, 0);
    assert!(kept.join("backups").is_dir() && !data.join("audit").exists());
    let lines: Vec<String> = (0..100).map(|number| format!("SKU-NUMBER-{number}=1")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let (_, said) = asked(&[&["price", "--contract", "C"], &lines[..]].concat());
    assert!(said.contains("1024"), "{said}");
    assert!(serving.stop().0.success());
}
