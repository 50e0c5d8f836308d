//! Keys of machines: what the file of callers says holds, and changes of it hold without a restart.

use std::path::Path;
use std::time::Duration;

use prost::Message;
use quoin::server::access::{ApiKey, Callers, digest_text};
use tonic::Code;

use super::raw::Outcome;
use super::world::{FOREIGN, OWN, World, cart};
use crate::wire::server::block_on;

const PRICE_CART: &str = "/quoin.v1.PricingService/PriceCart";

async fn asked(world: &World, key: &str, contract: &str) -> Code {
    match world.call(key, PRICE_CART, vec![cart(contract).encode_to_vec().into()]).await {
        Outcome::Answered(_) => Code::Ok,
        Outcome::Refused(code, ..) => code,
    }
}

fn file_of(entries: &[(&str, &ApiKey, &str)]) -> String {
    let mut text = "callers:\n".to_owned();
    for (name, key, rest) in entries {
        text.push_str(&format!("  - {{ name: {name}, key_sha256: {}, {rest} }}\n", key.digest()));
    }
    text
}

#[test]
fn a_key_is_who_the_file_says_until_the_file_says_otherwise() {
    let [portal, holding, late, gone] = [(); 4].map(|()| ApiKey::draw().unwrap());
    let mut path = None;
    let mut world = World::new(|folder, access| {
        let file = folder.join("callers.yaml");
        let text = file_of(&[
            ("portal", &portal, "roles: [price], contracts: [C-00001]"),
            ("holding", &holding, "roles: [price], holdings: [H-0002]"),
            ("late", &late, "roles: [price], contracts: all, expires: 2020-01-01T00:00:00Z"),
            ("poster", &gone, "roles: [post], contracts: all"),
        ]);
        std::fs::write(&file, text).unwrap();
        access.callers = Some(file.clone());
        path = Some(file);
    });
    block_on(async {
        world.connect().await;
        let stranger = ApiKey::draw().unwrap();
        let cases = [
            (&portal, OWN, Code::Ok),
            (&portal, FOREIGN, Code::NotFound),
            (&holding, OWN, Code::NotFound),
            (&holding, FOREIGN, Code::Ok),
            (&late, OWN, Code::Unauthenticated),
            (&gone, OWN, Code::PermissionDenied),
            (&stranger, OWN, Code::Unauthenticated),
        ];
        for (key, contract, expected) in cases {
            assert_eq!(asked(&world, key.told(), contract).await, expected, "{contract}");
        }
        let shorter = &portal.told()[..portal.told().len() - 1];
        assert_eq!(asked(&world, shorter, OWN).await, Code::Unauthenticated);
        // A file that does not do changes nothing; one that does changes who is known.
        let path = path.unwrap();
        std::fs::write(&path, "callers: [{ name: portal }]").unwrap();
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        assert_eq!(asked(&world, portal.told(), OWN).await, Code::Ok);
        std::fs::write(&path, file_of(&[("new", &stranger, "roles: [price], contracts: all")])).unwrap();
        for _ in 0..100 {
            if asked(&world, stranger.told(), OWN).await == Code::Ok {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(asked(&world, stranger.told(), OWN).await, Code::Ok);
        assert_eq!(asked(&world, portal.told(), OWN).await, Code::Unauthenticated);
    });
}

fn faults(folder: &Path, text: &str) -> Vec<String> {
    let path = folder.join("callers.yaml");
    std::fs::write(&path, text).unwrap();
    let error = Callers::read(&path).err().map(|error| error.to_string()).unwrap_or_default();
    error.lines().map(|line| line.replace(&format!("{}:", path.display()), "")).collect()
}

#[test]
fn everything_that_is_wrong_with_a_file_of_callers_is_told_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let digest = digest_text(b"x");
    let text = format!(
        "callers:\n\
         - name: a\n  key_sha256: {digest}\n  roles: [price, king]\n  contracts: all\n\
         - name: b\n  key_sha256: 12\n  roles: [price]\n\
         - name: a\n  roles: []\n\
         - name: c\n  certificates: [portal.example, \"dns:c.example\"]\n  roles: [price]\n  until: never\n\
         - name: d\n  key_sha256: {digest}\n  roles: [price]\n  expires: tomorrow\n  sees_costs: yes\n\
         - name: e\n  key_sha256: {}\n  roles: [price]\n  contracts: all\n  holdings: [H]\n",
        digest_text(b"y"),
    );
    let told = faults(folder.path(), &text);
    let expected = [
        (4, "\"king\" is no role"),
        (7, "64 hexadecimal digits"),
        (6, "needs a key_sha256 or certificates"),
        (9, "\"a\" stands above already"),
        (9, "needs a key_sha256 or certificates"),
        (12, "\"portal.example\" is no name of a certificate"),
        (14, "\"until\" is no key of a caller"),
        (18, "expires: \"tomorrow\" is no instant"),
        (15, "sees_costs: \"yes\" is neither"),
        (20, "not both"),
    ];
    for (line, words) in expected {
        let found = told.iter().any(|told| told.starts_with(&format!("{line}: ")) && told.contains(words));
        assert!(found, "{line}: {words} is not in {told:#?}");
    }
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    let two = format!(
        "callers:\n- {{ name: a, key_sha256: {digest}, roles: [price] }}\n- {{ name: b, key_sha256: {digest}, roles: [price] }}\n"
    );
    assert_eq!(faults(folder.path(), &two), ["3: another caller is known by the same already"]);
    for (text, expected) in [
        ("", "1: the file is empty: it needs the key \"callers\""),
        ("users: []", "1: \"users\" is no key of this file: \"callers\" is"),
        ("callers: 3", "1: \"callers\" is no list"),
        ("callers:\n- [a]\n", "2: a caller is a mapping: name, key_sha256, roles and so on"),
        ("callers: &x []", "1: anchors and tags are not read here: leave it out"),
        (
            "callers: []\ncallers: []",
            "2: the key \"callers\" stands in line 1 already: leave one of them out",
        ),
        ("callers: [[[[[[[]]]]]]]", "1: lists and mappings are nested more than 6 deep"),
    ] {
        assert_eq!(faults(folder.path(), text), [expected], "{text}");
    }
    assert!(faults(folder.path(), "callers: {").first().unwrap().contains("no YAML"));
    assert_eq!(faults(folder.path(), "callers: []"), Vec::<String>::new());
}
