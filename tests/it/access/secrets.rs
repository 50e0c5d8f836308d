//! Does anything that was shown get into a log? Tokens, keys and what customers wrote are looked for in all that a server says.

use std::time::Duration;

use prost::Message;
use quoin::api::v1;
use serde_json::json;

use super::raw::{Outcome, call};
use super::world::{Issuer, OWN, content, token_options, with};
use crate::process::{Serving, on};
use crate::wire::server::block_on;

#[test]
fn no_token_key_or_word_of_a_customer_is_in_any_log() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let demo = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo");
    assert!(on(&data, &["import", demo.to_str().unwrap()]).status.success());
    let issuer = Issuer::new("k1");
    drop(token_options(folder.path(), &issuer.jwks()));
    let key = quoin::server::access::ApiKey::draw().unwrap();
    let callers = folder.path().join("callers.yaml");
    let text = format!(
        "callers:\n- {{ name: portal, key_sha256: {}, roles: [price, quote], contracts: [{OWN}] }}\n",
        key.digest()
    );
    std::fs::write(&callers, &text).unwrap();
    let jwks = folder.path().join("jwks.json");
    let arguments = [
        "--callers",
        callers.to_str().unwrap(),
        "--jwks",
        jwks.to_str().unwrap(),
        "--token-issuer",
        super::world::ISSUER,
        "--token-audience",
        super::world::AUDIENCE,
    ];
    let serving = Serving::start_loud(&data, &arguments);
    let good = issuer.token(&with(json!({ "roles": ["price", "quote"], "contracts": [OWN] })));
    let expired = issuer.token(&with(json!({ "exp": 1 })));
    let forged = Issuer::new("k1").token(&with(json!({ "roles": ["operate"] })));
    let stranger = quoin::server::access::ApiKey::draw().unwrap();
    let words =
        ["WORDS-OF-A-CUSTOMER", "TERMS-OF-A-CUSTOMER", "REFERENCE-OF-A-CUSTOMER", "REASON-OF-A-CUSTOMER"];
    block_on(async {
        let address = format!("http://{}", serving.address);
        let channel = tonic::transport::Channel::from_shared(address).unwrap().connect().await.unwrap();
        let quote = v1::CreateQuoteRequest {
            content: Some(v1::QuoteContent {
                text: words[0].to_owned(),
                terms: words[1].to_owned(),
                customer_reference: words[2].to_owned(),
                ..content(OWN)
            }),
            reason: words[3].to_owned(),
            ..Default::default()
        };
        for secret in [&good, &expired, &forged, &key.told().to_owned(), &stranger.told().to_owned()] {
            let bearer = format!("Bearer {secret}");
            let sent = vec![quote.encode_to_vec().into()];
            let path = "/quoin.v1.QuoteService/CreateQuote";
            let outcome = call(&channel, path, &[("authorization", &bearer)], sent).await;
            let is_good = secret == &good || secret == key.told();
            assert_eq!(matches!(outcome, Outcome::Answered(_)), is_good, "{outcome:?}");
            // What is no path of ours is not told either.
            let odd = format!("/{}/x", words[0]);
            let _unknown = call(&channel, &odd, &[("authorization", &bearer)], vec![]).await;
        }
        // A file of callers in which somebody wrote the key itself.
        std::fs::write(&callers, text.replace(&key.digest(), key.told())).unwrap();
        tokio::time::sleep(Duration::from_millis(2_500)).await;
    });
    let (_, log) = serving.stop();
    let log = log.join("\n");
    assert!(log.contains("refused") && log.contains("not taken"), "{log}");
    let audit = std::fs::read_dir(data.join("audit")).unwrap();
    let audit: String = audit.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    assert!(audit.contains("CreateQuote") && audit.contains("BAD_TOKEN"), "{audit}");
    for (where_, text) in [("the log", &log), ("the audit log", &audit)] {
        for secret in [&good, &expired, &forged, &key.told().to_owned(), &stranger.told().to_owned()] {
            assert!(!text.contains(secret.as_str()), "{where_} has a secret");
            for part in secret.split('.') {
                assert!(!text.contains(part), "{where_} has a part of a token");
            }
        }
        for word in words.iter().chain(&["authorization", "Bearer"]) {
            assert!(!text.to_lowercase().contains(&word.to_lowercase()), "{where_} has {word}: {text}");
        }
    }
}
