//! What does the file of callers say? All that is wrong with it is told at once, each with its line, and never a key.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::api::caller::role;
use crate::domain::ids::check_external_id;
use crate::domain::time::Instant;
use crate::engine::caller::{Caller, ContractScope, Own, Role};
use crate::server::yaml::{self, Document, Node, Value, WrongLine};

use super::callers::{Callers, Credential};
use super::key::digest_of;
use super::{AccessError, read_bounded};

const KEYS: [&str; 9] = [
    "name",
    "key_sha256",
    "certificates",
    "roles",
    "contracts",
    "counterparties",
    "holdings",
    "sees_costs",
    "expires",
];

/// Kinds of names that a certificate has.
const CERTIFICATE_NAMES: [&str; 5] = ["dns:", "uri:", "email:", "subject:", "sha256:"];

/// Reads it.
pub fn read(path: &Path) -> Result<Callers, AccessError> {
    let bytes = read_bounded(path)?;
    let text = String::from_utf8(bytes).map_err(|_| AccessError::new(path, "is not UTF-8"))?;
    let mut faults = Faults::default();
    let callers = of_text(&text, &mut faults);
    if faults.0.is_empty() {
        return Ok(callers);
    }
    let told: Vec<String> =
        faults.0.iter().map(|(line, what)| format!("{}:{line}: {what}", path.display())).collect();
    Err(AccessError::of(told.join("\n")))
}

#[derive(Default)]
struct Faults(Vec<WrongLine>);

impl Faults {
    fn add(&mut self, line: usize, what: impl Into<String>) {
        self.0.push((line, what.into()));
    }
}

fn of_text(text: &str, faults: &mut Faults) -> Callers {
    let mut callers = Callers::default();
    let Document { root, wrong } = yaml::read(text);
    if !wrong.is_empty() {
        // What such a file means is not looked at: most of what could be said of that would follow from these.
        faults.0 = wrong;
        return callers;
    }
    let Some(root) = root else {
        faults.add(1, "the file is empty: it needs the key \"callers\"");
        return callers;
    };
    let Value::Mapping(entries) = &root.value else {
        faults.add(root.line, "the file needs the key \"callers\"");
        return callers;
    };
    let mut names = BTreeSet::new();
    for (key, line, node) in entries {
        match (key.as_str(), &node.value) {
            ("callers", Value::List(items)) => {
                for item in items {
                    one(item, (&mut callers, &mut names), faults);
                }
            }
            ("callers", _) => faults.add(*line, "\"callers\" is no list"),
            (other, _) => faults.add(*line, format!("{other:?} is no key of this file: \"callers\" is")),
        }
    }
    callers
}

fn one(item: &Node, (callers, names): (&mut Callers, &mut BTreeSet<String>), faults: &mut Faults) {
    let Value::Mapping(entries) = &item.value else {
        return faults.add(item.line, "a caller is a mapping: name, key_sha256, roles and so on");
    };
    let before = faults.0.len();
    for (key, line, _) in entries {
        if !KEYS.contains(&key.as_str()) {
            faults.add(*line, format!("{key:?} is no key of a caller: {}", KEYS.join(", ")));
        }
    }
    let get = |name: &str| entries.iter().find(|(key, ..)| key == name).map(|(_, _, node)| node);
    let name = get("name").and_then(|node| text(node, "name", faults));
    let Some(name) = name.filter(|name| check_external_id(name).is_ok()) else {
        return faults.add(item.line, "a caller needs a name of at most 64 bytes");
    };
    if !names.insert(name.clone()) {
        faults.add(item.line, format!("a caller {name:?} stands above already"));
    }
    let mut by: Vec<(usize, Credential)> = Vec::new();
    for (line, digest) in texts(get("key_sha256"), "key_sha256", faults) {
        match digest_of(&digest) {
            Some(digest) => by.push((line, Credential::Key(digest))),
            None => {
                faults.add(line, "key_sha256 is 64 hexadecimal digits, as `quoin access new-key` gives them")
            }
        }
    }
    for (line, name) in texts(get("certificates"), "certificates", faults) {
        match CERTIFICATE_NAMES.iter().any(|kind| name.starts_with(kind) && name.len() > kind.len()) {
            true => by.push((line, Credential::Certificate(name))),
            false => {
                let kinds = CERTIFICATE_NAMES.join(", ");
                faults.add(line, format!("{name:?} is no name of a certificate: it begins with {kinds}"));
            }
        }
    }
    if by.is_empty() {
        faults.add(item.line, format!("caller {name:?} needs a key_sha256 or certificates to be known by"));
    }
    let caller = Arc::new(granted(name, &get, item.line, faults));
    if faults.0.len() > before {
        return;
    }
    for (line, by) in by {
        if !callers.add(by, &caller) {
            faults.add(line, "another caller is known by the same already");
        }
    }
}

/// What a caller may do and see.
fn granted<'n>(
    name: String,
    get: &impl Fn(&str) -> Option<&'n Node>,
    line: usize,
    faults: &mut Faults,
) -> Caller {
    let mut roles: BTreeSet<Role> = BTreeSet::new();
    for (line, name) in texts(get("roles"), "roles", faults) {
        match role(&name) {
            Ok(role) => {
                roles.insert(role);
            }
            Err(why) => faults.add(line, why),
        }
    }
    if get("roles").is_none() {
        faults.add(line, format!("caller {name:?} has no roles"));
    }
    let mut ids = |key: &str| -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for (line, id) in texts(get(key), key, faults) {
            match check_external_id(&id) {
                Ok(()) => {
                    all.insert(id);
                }
                Err(why) => faults.add(line, format!("{key}: {id:?} {why}")),
            }
        }
        all
    };
    let (counterparties, holdings) = (ids("counterparties"), ids("holdings"));
    let is_all = matches!(get("contracts"), Some(Node { value: Value::Text(text), .. }) if text == "all");
    let contracts = match is_all {
        true if counterparties.is_empty() && holdings.is_empty() => ContractScope::All,
        true => {
            faults.add(line, "all contracts, or those of counterparties and holdings: not both");
            ContractScope::All
        }
        false => {
            let contracts = ids("contracts");
            ContractScope::Only(Own { contracts, counterparties, holdings, within: None })
        }
    };
    let sees_costs = match get("sees_costs").and_then(|node| text(node, "sees_costs", faults)).as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(other) => {
            faults.add(line, format!("sees_costs: {other:?} is neither true nor false"));
            false
        }
    };
    let until = get("expires").and_then(|node| {
        let written = text(node, "expires", faults)?;
        let instant = Instant::parse(&written);
        instant.map_err(|why| faults.add(node.line, format!("expires: {written:?} {why}"))).ok()
    });
    Caller { name, roles, sees_costs, contracts, until }
}

fn text(node: &Node, key: &str, faults: &mut Faults) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.clone()),
        Value::Nothing | Value::List(_) | Value::Mapping(_) => {
            faults.add(node.line, format!("{key} is one text"));
            None
        }
    }
}

/// A text, or a list of texts, each with its line.
fn texts(node: Option<&Node>, key: &str, faults: &mut Faults) -> Vec<(usize, String)> {
    let Some(node) = node else { return Vec::new() };
    match &node.value {
        Value::Text(text) => vec![(node.line, text.clone())],
        Value::List(items) => {
            items.iter().filter_map(|item| Some((item.line, text(item, key, faults)?))).collect()
        }
        Value::Nothing | Value::Mapping(_) => {
            faults.add(node.line, format!("{key} is a text or a list of texts"));
            Vec::new()
        }
    }
}
