//! Do the dependencies of `src/` run one way?
//!
//! domain <- matrix, eligibility <- policy <- pricing, ledger, quotes <- store, exchange <- backup <- engine <- api, console
//! <- server <- cli. What is below `store` does no I/O and reads no clock; only `store` knows RocksDB.

use std::collections::BTreeSet;
use std::path::Path;

use crate::sources::{code, text, with_extension};

/// A folder may name folders of lower rows only.
const HOUSE: &[&[&str]] = &[
    &["domain"],
    &["matrix", "eligibility"],
    &["policy"],
    &["pricing", "ledger", "quotes"],
    &["store", "exchange"],
    &["backup"],
    &["engine"],
    &["api", "console"],
    &["server"],
    &["cli"],
];

/// Invariants of absence beyond the order: folder, and what its code never says.
const ABSENT: &[(&str, &[&str])] = &[
    ("store", &["tonic"]),
    ("exchange", &["tonic"]),
    ("backup", &["tonic"]),
    ("engine", &["tonic", "rocksdb"]),
    ("api", &["crate::store"]),
    ("server", &["crate::store", "crate::pricing"]),
    ("cli", &["crate::store"]),
];

const NO_IO_NO_CLOCK: &[&str] =
    &["tokio", "tonic", "std::fs", "std::net", "SystemTime", "Instant::now", "Timestamp::now", "Zoned::now"];

fn rank(folder: &str) -> Option<usize> {
    HOUSE.iter().position(|row| row.contains(&folder))
}

/// `src/store/rows.rs` and `src/store.rs` belong to `store`; `lib.rs` and `main.rs` to nothing.
fn folder_of(path: &Path) -> Option<String> {
    let first = path.strip_prefix("src").ok()?.components().next()?;
    let name = first.as_os_str().to_str().unwrap().trim_end_matches(".rs");
    (name != "lib" && name != "main").then(|| name.to_owned())
}

/// The first segments of every `crate::a`, `crate::{a::.., b}` and of every `super::` chain that climbs to the root.
fn named(code: &str, depth: usize) -> BTreeSet<String> {
    let climb = "super::".repeat(depth);
    let mut found = BTreeSet::new();
    for prefix in ["crate::", climb.as_str()] {
        for (at, _) in code.match_indices(prefix) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$')
                || code[..at].ends_with("super::")
            {
                continue;
            }
            let names = first_segments(&code[at + prefix.len()..]);
            // inside an inline module one `super::` fewer climbs: only a name of the house counts there
            found.extend(names.into_iter().filter(|name| prefix == "crate::" || rank(name).is_some()));
        }
    }
    found
}

fn first_segments(rest: &str) -> Vec<String> {
    let Some(group) = rest.strip_prefix('{') else { return identifier(rest).into_iter().collect() };
    let mut depth = 0;
    let mut wants_name = true;
    let mut names = Vec::new();
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => wants_name = true,
            _ if wants_name && depth == 0 && !c.is_whitespace() => {
                names.extend(identifier(&group[at..]));
                wants_name = false;
            }
            _ => {}
        }
    }
    names
}

/// The identifier that begins here, unless it is a macro's name.
fn identifier(rest: &str) -> Option<String> {
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    (end > 0 && !rest[end..].starts_with('!')).then(|| rest[..end].to_owned())
}

fn says(code: &str, word: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        !code[..at].chars().next_back().is_some_and(part_of_word)
            && !code[at + word.len()..].chars().next().is_some_and(part_of_word)
    })
}

#[test]
fn dependencies_run_one_way() {
    let mut broken = Vec::new();
    for path in with_extension("rs") {
        let Some(folder) = folder_of(&path) else { continue };
        let Some(own) = rank(&folder) else {
            broken.push(format!("{}: `{folder}` has no place in the house", path.display()));
            continue;
        };
        let depth = path.components().count() - 1 - usize::from(path.ends_with("mod.rs"));
        for name in named(&code(&text(&path)), depth) {
            let allowed = name == folder || rank(&name).is_some_and(|other| other < own);
            if !allowed {
                broken.push(format!("{}: names `crate::{name}`", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "against the order of the house:\n{}", broken.join("\n"));
}

#[test]
fn what_a_folder_must_never_know() {
    let store = rank("store").unwrap();
    let mut broken = Vec::new();
    for path in with_extension("rs") {
        let Some(folder) = folder_of(&path) else { continue };
        let mut words: Vec<&str> =
            ABSENT.iter().filter(|(f, _)| *f == folder).flat_map(|(_, w)| w.iter().copied()).collect();
        if folder != "store" {
            words.push("rocksdb");
        }
        if rank(&folder).is_some_and(|own| own < store) {
            words.extend(NO_IO_NO_CLOCK);
        }
        let code = code(&text(&path));
        broken.extend(
            words.iter().filter(|w| says(&code, w)).map(|w| format!("{}: says `{w}`", path.display())),
        );
    }
    assert!(broken.is_empty(), "invariants of absence broken:\n{}", broken.join("\n"));
}

#[test]
fn the_parser_sees_every_way_to_name_a_folder() {
    let cases: &[(&str, usize, &[&str])] = &[
        ("use crate::domain::Micros;", 2, &["domain"]),
        (
            "use crate::{domain::{SkuId, units::Unit}, store, pricing as p};",
            2,
            &["domain", "pricing", "store"],
        ),
        ("let x = crate::engine::price(); crate::bail!(x)", 2, &["engine"]),
        ("pub(crate) use super::super::store::Rows;", 2, &["store"]),
        ("use super::rows::Row; use super::super::Rows;", 2, &[]),
        ("use my_crate::store;", 2, &[]),
    ];
    for (code, depth, expected) in cases {
        assert_eq!(named(code, *depth), expected.iter().map(|&s| s.to_owned()).collect(), "{code}");
    }
    assert!(says("use rocksdb::DB;", "rocksdb") && !says("let my_rocksdb2 = 1;", "rocksdb"));
}
