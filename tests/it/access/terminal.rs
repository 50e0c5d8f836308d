//! The terminal as a client of a server that asks who calls, and the commands about keys and the audit log.

use std::path::Path;

use serde_json::Value;

use super::certificates::Authority;
use super::world::{FOREIGN, OWN};
use crate::process::{Serving, ended, json, on, quoin};

fn demo(data: &Path) {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo");
    assert!(on(data, &["import", demo.to_str().unwrap()]).status.success());
}

#[test]
fn a_key_from_new_key_opens_a_server_over_tls() {
    let folder = tempfile::tempdir().unwrap();
    let (data, at) = (folder.path().join("data"), |name: &str| folder.path().join(name));
    let text = |name: &str| at(name).to_str().unwrap().to_owned();
    demo(&data);
    let drawn = json(&on(&data, &["--json", "access", "new-key", "--name", "portal"]));
    let key = drawn["key"].as_str().unwrap();
    assert!(key.starts_with("quoin_") && key.len() == 70);
    let callers = format!(
        "callers:\n  - name: portal\n    key_sha256: {}\n    roles: [price]\n    contracts: [{OWN}]\n",
        drawn["key_sha256"].as_str().unwrap()
    );
    std::fs::write(at("callers.yaml"), &callers).unwrap();
    let (status, told) = ended(&on(&data, &["access", "check", &text("callers.yaml")]));
    assert_eq!((status, told.as_str()), (0, ""));
    let authority = Authority::new("servers");
    let signed = authority.sign(|_| {});
    std::fs::write(at("ca.pem"), authority.pem()).unwrap();
    std::fs::write(at("cert.pem"), &signed.pem).unwrap();
    std::fs::write(at("key.pem"), &signed.key).unwrap();
    std::fs::write(at("token"), format!("{key}\n")).unwrap();
    let (cert, tls_key) = (text("cert.pem"), text("key.pem"));
    let serving = Serving::start(
        &data,
        &["--callers", &text("callers.yaml"), "--tls-cert", &cert, "--tls-key", &tls_key],
    );
    let port = serving.address.rsplit(':').next().unwrap();
    let server = format!("https://localhost:{port}");
    let (ca, token) = (text("ca.pem"), text("token"));
    let healthy = on(&data, &["health", "--addr", &server, "--ca", &ca]);
    assert_eq!(ended(&healthy), (0, String::new()));
    let price = |more: &[&str], contract: &str| {
        let asked = ["price", "--server", &server, "--contract", contract, "INS-000001=12"];
        on(&data, &[&asked[..], more].concat())
    };
    let priced = price(&["--ca", &ca, "--token-file", &token], OWN);
    assert_eq!(ended(&priced), (0, String::new()));
    let (status, told) = ended(&price(&["--ca", &ca, "--token-file", &token], FOREIGN));
    assert_eq!((status, told.contains("unknown")), (3, true), "{told}");
    let (status, told) = ended(&price(&["--ca", &ca], OWN));
    assert_eq!((status, told.contains("neither a token nor a key")), (1, true), "{told}");
    // Whom nobody trusts is not spoken to.
    let (status, _) = ended(&price(&["--token-file", &token], OWN));
    assert_eq!(status, 4);
    let by_environment = quoin()
        .env("QUOIN_TOKEN", key)
        .args(["price", "--server", &server, "--ca", &ca, "--contract", OWN, "INS-000001=12"])
        .output()
        .unwrap();
    assert_eq!(ended(&by_environment), (0, String::new()));
    let (stopped, _) = serving.stop();
    assert!(stopped.success());
    // What was refused is in the audit log, which is whole until somebody changes it.
    let verified = json(&on(&data, &["--json", "audit", "verify"]));
    assert_eq!((verified["broken"].clone(), verified["first"].as_u64()), (Value::Null, Some(1)));
    let log = data.join("audit/audit-00000000000000000001.jsonl");
    let lines = std::fs::read_to_string(&log).unwrap();
    assert!(lines.contains("NO_TOKEN"), "{lines}");
    std::fs::write(&log, lines.replacen("opened", "0pened", 1)).unwrap();
    let (status, told) = ended(&on(&data, &["audit", "verify"]));
    assert_eq!(
        (status, told.contains("audit-00000000000000000001.jsonl:2: this line does not carry")),
        (5, true),
        "{told}"
    );
}

#[test]
fn what_is_written_wrongly_is_said_before_anything_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let cases: [(&[&str], i32, &str); 6] = [
        (&["access", "new-key", "--name", ""], 2, "--name"),
        (&["access", "new-key", "--name", "a", "--roles", "king"], 2, "\"king\" is no role"),
        (&["access", "check", "nowhere.yaml"], 1, "nowhere.yaml"),
        (&["audit", "verify", "nowhere"], 3, "nowhere"),
        (&["serve", "--jwks", "keys.json"], 2, "--jwks: tokens.issuer: tokens need an issuer"),
        (&["publications", "--server", "127.0.0.1:1", "--token-file", "nowhere"], 2, "nowhere"),
    ];
    for (arguments, status, words) in cases {
        let (found, told) = ended(&on(&data, arguments));
        assert_eq!((found, told.contains(words)), (status, true), "{arguments:?}: {told}");
    }
}
