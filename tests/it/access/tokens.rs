//! Which tokens are believed, and which are not, whatever they claim?

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;

use aws_lc_rs::encoding::AsDer;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use prost::Message;
use quoin::domain::time::Instant;
use quoin::engine::caller::Role;
use quoin::engine::clock::Clock;
use quoin::server::access::{Access, AccessOptions, KeysFrom, TokenOptions};
use quoin::server::peer::Peer;
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ED25519};
use serde_json::{Value, json};
use tonic::codegen::http::HeaderMap;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use super::raw::Outcome;
use super::world::{AUDIENCE, FOREIGN, ISSUER, Issuer, OWN, World, cart, claims, now, token_options, with};
use crate::wire::server::block_on;

const PRICE_CART: &str = "/quoin.v1.PricingService/PriceCart";

/// What access makes of a token, without a server.
fn asked(access: &Access, token: &str) -> Result<Arc<quoin::engine::caller::Caller>, Status> {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    let peer = Peer::new("127.0.0.1:1".parse().unwrap(), None);
    block_on(access.caller(&peer, &headers))
}

fn reason(status: &Status) -> (Code, String, String) {
    let reason = status.get_details_error_info().map(|info| info.reason).unwrap_or_default();
    (status.code(), reason, status.message().to_owned())
}

/// Access by an issuer's tokens, by a clock that the test turns.
struct Believes {
    access: Arc<Access>,
    clock: Arc<AtomicI64>,
    folder: tempfile::TempDir,
}

fn believes(jwks: &str, change: impl FnOnce(&mut TokenOptions)) -> Believes {
    let folder = tempfile::tempdir().unwrap();
    let mut options = token_options(folder.path(), jwks);
    change(&mut options);
    let clock = Arc::new(AtomicI64::new(now()));
    let told = Arc::clone(&clock);
    let access = AccessOptions { tokens: Some(options), ..AccessOptions::default() };
    let access = Access::open(&access, Clock::new(move || Instant(told.load(Ordering::Relaxed)))).unwrap();
    Believes { access, clock, folder }
}

#[test]
fn every_algorithm_that_is_accepted_is_believed() {
    let rsa = aws_lc_rs::rsa::KeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap();
    let pkcs8 = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&rsa).unwrap();
    // What stands in PKCS #8 before the key itself.
    let rsa = EncodingKey::from_rsa_der(&pkcs8.as_ref()[26..]);
    let ec =
        EncodingKey::from_ec_der(&KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap().serialize_der());
    // PKCS #8 of the first version, which has no public key: its head, and the secret.
    let secret = &KeyPair::generate_for(&PKCS_ED25519).unwrap().serialize_der()[16..48];
    let head = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    let ed = EncodingKey::from_ed_der(&[&head[..], secret].concat());
    let all = [
        ("r", Algorithm::RS256, &rsa),
        ("p", Algorithm::PS256, &rsa),
        ("e", Algorithm::ES256, &ec),
        ("d", Algorithm::EdDSA, &ed),
    ];
    let keys: Vec<Value> = all
        .iter()
        .map(|(id, algorithm, key)| {
            let mut jwk = serde_json::to_value(Jwk::from_encoding_key(key, *algorithm).unwrap()).unwrap();
            jwk["kid"] = json!(id);
            jwk.as_object_mut().unwrap().remove("alg");
            jwk
        })
        .collect();
    let accepted = believes(&json!({ "keys": keys }).to_string(), |_| {});
    let one = believes(&json!({ "keys": keys }).to_string(), |options| {
        options.algorithms = vec![quoin::server::access::Algorithm::Es256];
    });
    for (id, algorithm, key) in all {
        let header = Header { kid: Some(id.to_owned()), ..Header::new(algorithm) };
        let token = encode(&header, &with(json!({ "roles": ["price"] })), key).unwrap();
        let caller = asked(&accepted.access, &token).unwrap();
        assert_eq!((caller.name.as_str(), caller.roles.len()), ("portal", 1), "{algorithm:?}");
        assert_eq!(asked(&one.access, &token).is_ok(), algorithm == Algorithm::ES256, "{algorithm:?}");
    }
}

/// A token put together by hand: a header, claims, and whatever stands for a signature.
fn by_hand(header: &Value, claims: &Value, signature: &[u8]) -> String {
    let part = |value: &Value| base64(value.to_string().as_bytes());
    format!("{}.{}.{}", part(header), part(claims), base64(signature))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            out.push(char::from(DIGITS[(word >> (18 - 6 * place) & 63) as usize]));
        }
    }
    out
}

#[test]
fn tokens_that_are_not_to_be_believed_are_not() {
    let (issuer, other) = (Issuer::new("k1"), Issuer::new("k1"));
    let believes = believes(&issuer.jwks(), |_| {});
    let signed = |more: Value| issuer.token(&with(more));
    let good = signed(json!({ "roles": ["price"] }));
    assert!(asked(&believes.access, &good).is_ok());
    let parts: Vec<&str> = good.split('.').collect();
    let forged = format!(
        "{}.{}.{}",
        parts[0],
        base64(with(json!({ "roles": ["operate"] })).to_string().as_bytes()),
        parts[2]
    );
    // The public key as the secret of an HMAC: who takes the algorithm from the token is fooled.
    let public = serde_json::to_string(&issuer.jwk).unwrap();
    let confused = encode(
        &Header { kid: Some("k1".to_owned()), ..Header::new(Algorithm::HS256) },
        &claims(),
        &EncodingKey::from_secret(public.as_bytes()).unwrap(),
    )
    .unwrap();
    let none = json!({ "alg": "none", "typ": "JWT" });
    let bad = "BAD_TOKEN";
    let cases: Vec<(&str, String, &str, &str)> = vec![
        ("expired", signed(json!({ "exp": now() - 61 })), "TOKEN_EXPIRED", "has expired"),
        ("not yet valid", signed(json!({ "nbf": now() + 100 })), bad, "does not hold yet"),
        ("no exp", signed(json!({ "exp": null })), bad, "has no exp"),
        ("exp is a text", signed(json!({ "exp": "2099-01-01" })), bad, "claim exp"),
        ("exp is beyond all numbers", signed(json!({ "exp": 1e300 })), bad, "claim exp"),
        ("nbf is a text", signed(json!({ "nbf": "never" })), bad, "claim nbf"),
        ("wrong issuer", signed(json!({ "iss": "https://elsewhere.example" })), bad, "another issuer"),
        ("no issuer", signed(json!({ "iss": null })), bad, "another issuer"),
        ("wrong audience", signed(json!({ "aud": ["shop", "quoin2"] })), bad, "another audience"),
        ("no audience", signed(json!({ "aud": null })), bad, "another audience"),
        ("roles is a number", signed(json!({ "roles": 7 })), bad, "claim roles"),
        ("contracts has a number", signed(json!({ "contracts": [1] })), bad, "claim contracts"),
        ("sees_costs is a text", signed(json!({ "sees_costs": "true" })), bad, "claim sees_costs"),
        ("another's key under the same id", other.token(&claims()), bad, "signature"),
        ("unknown key", Issuer::new("k2").token(&claims()), bad, "key that the issuer does not have"),
        ("forged claims", forged, bad, "signature"),
        ("no algorithm", by_hand(&none, &claims(), b""), bad, "no signed JWT"),
        ("no algorithm, signed", by_hand(&none, &claims(), b"x"), bad, "no signed JWT"),
        ("NONE", by_hand(&json!({ "alg": "NONE" }), &claims(), b""), bad, "no signed JWT"),
        ("HS256 by the public key", confused, bad, "algorithm"),
        ("two parts", "a.b".to_owned(), bad, "no signed JWT"),
        ("nothing but dots", "..".to_owned(), bad, "no signed JWT"),
        ("giant", signed(json!({ "x": "y".repeat(9_000) })), bad, "more than 8192 bytes"),
    ];
    for (what, token, expected, words) in cases {
        let refused = asked(&believes.access, &token).expect_err(what);
        let (code, reason, message) = reason(&refused);
        assert_eq!((code, reason.as_str()), (Code::Unauthenticated, expected), "{what}: {message}");
        assert!(message.contains(words), "{what}: {message}");
        assert!(!message.contains(&token) && token.len() > 1, "{what}");
    }
}

#[test]
fn what_is_not_granted_is_not_there_and_metadata_only_take_away() {
    let mut world = World::new(|_, _| {});
    block_on(async {
        world.connect().await;
        let asks = |contract: &str| vec![cart(contract).encode_to_vec().into()];
        let code = |outcome: &Outcome| match outcome {
            Outcome::Answered(_) => Code::Ok,
            Outcome::Refused(code, ..) => *code,
        };
        let price = [Role::Price];
        // Without a word of contracts, none is granted.
        let nothing = world.token(&price, json!({}));
        assert_eq!(code(&world.call(&nothing, PRICE_CART, asks(OWN)).await), Code::NotFound);
        // Another's contract, call after call on the same connection, between calls of one's own.
        let own = world.token(&price, json!({ "contracts": [OWN] }));
        for _ in 0..20 {
            assert_eq!(code(&world.call(&own, PRICE_CART, asks(OWN)).await), Code::Ok);
            assert_eq!(code(&world.call(&own, PRICE_CART, asks(FOREIGN)).await), Code::NotFound);
        }
        let all = world.token(&price, json!({ "contracts": "*" }));
        let bearer = format!("Bearer {all}");
        type Metadata = &'static [(&'static str, &'static str)];
        let cases: [(Metadata, &str, Code); 6] = [
            (&[("quoin-contracts", OWN)], OWN, Code::Ok),
            (&[("quoin-contracts", OWN)], FOREIGN, Code::NotFound),
            (&[("quoin-contracts", "")], OWN, Code::NotFound),
            (&[("quoin-roles", "price,operate")], OWN, Code::Ok),
            (&[("quoin-roles", "operate")], OWN, Code::PermissionDenied),
            (&[("quoin-roles", "king")], OWN, Code::InvalidArgument),
        ];
        for (metadata, contract, expected) in cases {
            let headers: Vec<_> =
                metadata.iter().copied().chain([("authorization", bearer.as_str())]).collect();
            let channel = world.channel.as_ref().unwrap();
            let outcome = super::raw::call(channel, PRICE_CART, &headers, asks(contract)).await;
            assert_eq!(code(&outcome), expected, "{metadata:?} {contract}: {outcome:?}");
        }
        // What metadata name does not come on top.
        let bearer = format!("Bearer {own}");
        let headers =
            [("authorization", bearer.as_str()), ("quoin-contracts", FOREIGN), ("quoin-roles", "price")];
        for contract in [OWN, FOREIGN] {
            let outcome =
                super::raw::call(world.channel.as_ref().unwrap(), PRICE_CART, &headers, asks(contract)).await;
            assert_eq!(code(&outcome), Code::NotFound, "{contract}");
        }
        // Neither a scheme of another name, nor two headers.
        for shown in ["Basic YTpi", "Bearer", "Bearer ", "quoin_00"] {
            let outcome = super::raw::call(
                world.channel.as_ref().unwrap(),
                PRICE_CART,
                &[("authorization", shown)],
                asks(OWN),
            )
            .await;
            assert_eq!(code(&outcome), Code::Unauthenticated, "{shown}");
        }
    });
}

#[test]
fn a_token_that_was_believed_is_not_once_it_is_over_or_its_key_is_gone() {
    let issuer = Issuer::new("k1");
    let believes = believes(&issuer.jwks(), |options| options.leeway = Duration::from_secs(10));
    let exp = believes.clock.load(Ordering::Relaxed) + 100;
    let token = issuer.token(&with(json!({ "exp": exp })));
    for (at, expected) in [(0, true), (99, true), (109, true), (110, false), (1_000, false)] {
        believes.clock.store(exp - 100 + at, Ordering::Relaxed);
        assert_eq!(asked(&believes.access, &token).is_ok(), expected, "after {at} s");
    }
    // Keys of a file that is gone for too long are no longer believed, and that is not the token's fault.
    let token = issuer.token(&with(json!({ "exp": exp + 1_000_000 })));
    believes.clock.store(exp, Ordering::Relaxed);
    assert!(asked(&believes.access, &token).is_ok());
    std::fs::remove_file(believes.folder.path().join("jwks.json")).unwrap();
    believes.clock.store(exp + 86_401, Ordering::Relaxed);
    let (code, reason, _) = reason(&asked(&believes.access, &token).unwrap_err());
    assert_eq!((code, reason.as_str()), (Code::Unavailable, "KEYS_TOO_OLD"));
}

/// An issuer's address: answers every request with what `jwks` holds, and counts them.
struct Address {
    at: String,
    jwks: Arc<std::sync::Mutex<String>>,
    count: Arc<AtomicU32>,
}

fn address(jwks: String) -> Address {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = format!("http://{}/keys", listener.local_addr().unwrap());
    let (jwks, count) = (Arc::new(std::sync::Mutex::new(jwks)), Arc::new(AtomicU32::new(0)));
    let (told, counted) = (Arc::clone(&jwks), Arc::clone(&count));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut seen = Vec::new();
            let mut some = [0; 1024];
            while !seen.ends_with(b"\r\n\r\n") {
                let count = stream.read(&mut some).unwrap();
                if count == 0 {
                    break;
                }
                seen.extend_from_slice(&some[..count]);
            }
            counted.fetch_add(1, Ordering::Relaxed);
            let body = told.lock().unwrap().clone();
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    Address { at, jwks, count }
}

#[test]
fn new_keys_are_fetched_for_a_token_that_names_one_and_never_too_often() {
    let (old, new) = (Issuer::new("old"), Issuer::new("new"));
    let address = address(old.jwks());
    let keys = KeysFrom::Address { address: address.at.clone(), ca: None };
    let mut options = TokenOptions::new(keys, ISSUER, AUDIENCE);
    options.keys_pause = Duration::from_secs(2);
    options.keys_refresh = Duration::from_secs(600);
    let mut world = World::new(|_, access| access.tokens = Some(options));
    block_on(async {
        world.connect().await;
        let asks = || vec![cart(OWN).encode_to_vec().into()];
        let grant = with(json!({ "roles": ["price"], "contracts": [OWN] }));
        let believed =
            async |token: &str| matches!(world.call(token, PRICE_CART, asks()).await, Outcome::Answered(_));
        let of_old = old.token(&grant);
        for _ in 0..100 {
            if believed(&of_old).await {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(believed(&of_old).await, "keys are fetched when the service starts");
        // The issuer has a new key; the pause is over.
        *address.jwks.lock().unwrap() = new.jwks();
        tokio::time::sleep(Duration::from_millis(3_100)).await;
        assert!(believed(&new.token(&grant)).await, "a key that is not known is asked for at once");
        assert!(!believed(&of_old).await, "the old key is gone, and what it signed");
        let before = address.count.load(Ordering::Relaxed);
        for number in 0..50 {
            assert!(!believed(&Issuer::new(&format!("made-up-{number}")).token(&grant)).await);
        }
        let asked = address.count.load(Ordering::Relaxed) - before;
        assert!(asked <= 3, "{asked} requests for made-up keys");
    });
}

#[test]
fn a_stream_ends_with_the_token_that_opened_it() {
    use quoin::api::v1;
    use quoin::api::v1::quote_service_client::QuoteServiceClient;
    let world = World::new(|_, access| access.tokens.as_mut().unwrap().leeway = Duration::ZERO);
    block_on(async {
        let token = world.token(&[Role::Quote], json!({ "contracts": "*", "exp": now() + 3 }));
        let mut watch =
            tonic::Request::new(v1::WatchQuotesRequest { after_position: Some(0), ..Default::default() });
        watch.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        let mut client = QuoteServiceClient::new(world.running.channel().await);
        world.quote(OWN);
        let mut events = client.watch_quotes(watch).await.unwrap().into_inner();
        assert!(events.message().await.unwrap().is_some());
        let ended =
            tokio::time::timeout(Duration::from_secs(30), events.message()).await.unwrap().unwrap_err();
        assert_eq!(reason(&ended).1, "TOKEN_EXPIRED");
    });
}

#[test]
fn what_is_no_jwks_keeps_the_service_from_starting() {
    let cases = [
        ("", "no JSON"),
        ("[]", "no JWKS"),
        (r#"{"keys":[]}"#, "no key that tokens could be signed with"),
        // A secret that we would share with the issuer is no key of ours.
        (
            r#"{"keys":[{"kty":"oct","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0","kid":"k1"}]}"#,
            "no key that tokens",
        ),
        // RSA of 1,024 bits.
        (
            &format!(r#"{{"keys":[{{"kty":"RSA","e":"AQAB","n":"{}"}}]}}"#, "w".repeat(171)),
            "no key that tokens",
        ),
    ];
    for (jwks, expected) in cases {
        let folder = tempfile::tempdir().unwrap();
        let options = token_options(folder.path(), jwks);
        let access = AccessOptions { tokens: Some(options), ..AccessOptions::default() };
        let error = Access::open(&access, Clock::default()).err().unwrap().to_string();
        assert!(error.contains(expected) && error.contains("jwks.json"), "{jwks}: {error}");
    }
}
