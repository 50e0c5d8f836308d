//! Every call by every role, about the caller's own contract and about another's: allowed cells answer, all others refuse, and none
//! tells that another's contract, quote or document is there.

use std::collections::BTreeSet;

use prost::Message;
use quoin::api::calls::{self, CALLS};
use quoin::api::{DESCRIPTORS, v1};
use quoin::engine::caller::Role;
use serde_json::{Value, json};
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;

use super::raw::Outcome;
use super::table::{Entry, Of, TABLE, Whose};
use super::world::{FOREIGN, FOREIGN_MARKS, NOBODYS, OWN, OWN_HOLDING, OWN_PARTY, World};
use crate::wire::server::block_on;

/// Calls times seven callers (each role alone, and none) times the own and the foreign contract, and times all contracts.
const CELLS: usize = 57 * 7 * (2 + 1);

/// Each role alone, and none.
fn callers() -> Vec<Vec<Role>> {
    std::iter::once(Vec::new()).chain(Role::ALL.map(|role| vec![role])).collect()
}

/// The ways in which a token confines to the own contract, in turn.
fn scope(turn: usize) -> Value {
    match turn % 3 {
        0 => json!({ "contracts": [OWN] }),
        1 => json!({ "counterparties": [OWN_PARTY] }),
        _ => json!({ "holdings": [OWN_HOLDING], "contracts": [] }),
    }
}

#[test]
fn no_call_of_the_protocol_is_without_an_entry() {
    let set = prost_types::FileDescriptorSet::decode(DESCRIPTORS).unwrap();
    let mut paths = BTreeSet::new();
    for file in &set.file {
        for service in &file.service {
            for method in &service.method {
                paths.insert(format!("/{}.{}/{}", file.package(), service.name(), method.name()));
            }
        }
    }
    let of = |paths: &mut dyn Iterator<Item = &str>| paths.map(str::to_owned).collect::<BTreeSet<String>>();
    assert_eq!(of(&mut TABLE.iter().map(|entry| entry.path)), paths, "the table of this test");
    assert_eq!(of(&mut CALLS.iter().map(|call| call.path)), paths, "the table of the service");
    assert_eq!(TABLE.len(), paths.len(), "an entry stands twice");
    for entry in TABLE {
        let call = calls::at(entry.path).unwrap();
        assert_eq!((call.path, call.roles), (entry.path, entry.roles));
    }
    let services: BTreeSet<&str> = paths.iter().filter_map(|path| path.split('/').nth(1)).collect();
    assert_eq!(services.len(), 8);
    assert_eq!(calls::at("/quoin.v1.PricingService/Guess"), None);
}

/// What was told, with the name that was asked for taken out.
fn unnamed(path: &str, outcome: &Outcome, world: &World, whose: Whose) -> Vec<u8> {
    let statement = world.foreign.statement.to_string();
    let (quote, waiting) = (&world.foreign.quote, &world.foreign.waiting);
    let mut names: Vec<&str> = match whose {
        Whose::Foreign => vec![FOREIGN, "foreign-", quote, waiting, "CP-00004"],
        _ => vec![NOBODYS, "nobodys-", "Q-9", "Q-9", "CP-99994"],
    };
    if path.ends_with("/GetStatement") {
        names.push(if whose == Whose::Foreign { &statement } else { "9" });
    }
    let mut told = outcome.told();
    for name in names {
        let mut at = 0;
        while let Some(found) = told[at..].windows(name.len()).position(|part| part == name.as_bytes()) {
            told[at + found..at + found + name.len()].fill(b'*');
            at += found + name.len();
        }
    }
    told
}

fn is_denied(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Refused(Code::PermissionDenied, ..))
}

/// Answered, and not with an error in the place of a result.
fn is_answered(path: &str, outcome: &Outcome) -> bool {
    let Outcome::Answered(messages) = outcome else { return false };
    let first = || messages[0].clone();
    match path.rsplit('/').next().unwrap() {
        "CreateQuotes" => {
            use v1::create_quote_result::Result;
            let results = v1::CreateQuotesResponse::decode(first()).unwrap().results;
            matches!(results[0].result, Some(Result::Quote(_)))
        }
        "AcceptQuotes" => {
            use v1::accept_quote_result::Result;
            let results = v1::AcceptQuotesResponse::decode(first()).unwrap().results;
            matches!(results[0].result, Some(Result::Quote(_)))
        }
        "PriceCarts" => {
            use v1::cart_result::Result;
            let results = v1::PriceCartsResponse::decode(first()).unwrap().results;
            matches!(results[0].result, Some(Result::Cart(_)))
        }
        "PostDocuments" => {
            v1::PostDocumentsResponse::decode(first()).unwrap().report.unwrap().faults.is_empty()
        }
        "StreamDocuments" => {
            v1::StreamDocumentsResponse::decode(first()).unwrap().report.unwrap().faults.is_empty()
        }
        _ => !messages.is_empty(),
    }
}

/// One who is confined asks about another's contract.
async fn foreign_cell(world: &World, entry: &Entry, roles: &[Role], turn: usize) {
    let token = world.token(roles, scope(turn));
    let who = format!("{} by {roles:?} of {}", entry.path, scope(turn));
    let foreign = world.call(&token, entry.path, (entry.sent)(world, Whose::Foreign)).await;
    let nobodys = world.call(&token, entry.path, (entry.sent)(world, Whose::Nobodys)).await;
    let told = unnamed(entry.path, &foreign, world, Whose::Foreign);
    assert_eq!(
        told,
        unnamed(entry.path, &nobodys, world, Whose::Nobodys),
        "{who}: {foreign:?} and {nobodys:?}"
    );
    let text = String::from_utf8_lossy(&told);
    for mark in FOREIGN_MARKS {
        assert!(!text.contains(mark), "{who} tells {mark}: {text}");
    }
    let may = entry.roles.iter().any(|role| roles.contains(role)) && entry.of != Of::Whole;
    assert_eq!(is_denied(&foreign), !may, "{who}: {foreign:?}");
    if may && entry.of == Of::Named {
        assert!(!is_answered(entry.path, &foreign), "{who}: {foreign:?}");
    }
}

/// One who is confined, or not, asks about the own contract.
async fn own_cell(world: &World, entry: &Entry, roles: &[Role], more: Value) {
    let is_confined = more["contracts"] != "*";
    let token = world.token(roles, more.clone());
    let may = entry.roles.iter().any(|role| roles.contains(role)) && !(is_confined && entry.of == Of::Whole);
    // What is refused changes nothing, so that nothing fresh is needed for it.
    let whose = if may { Whose::Own } else { Whose::Nobodys };
    let outcome = world.call(&token, entry.path, (entry.sent)(world, whose)).await;
    let who = format!("{} by {roles:?} of {more}", entry.path);
    assert_eq!(is_answered(entry.path, &outcome), may, "{who}: {outcome:?}");
    assert_eq!(is_denied(&outcome), !may, "{who}: {outcome:?}");
    if is_confined {
        let told = outcome.told();
        for mark in FOREIGN_MARKS {
            let leaks = told.windows(mark.len()).any(|part| part == mark.as_bytes());
            assert!(!leaks, "{who} tells {mark}");
        }
    }
}

#[test]
fn every_call_by_every_role_about_the_own_contract_and_anothers() {
    let mut world = World::new(|_, _| {});
    block_on(async {
        world.stock().await;
        let mut cells = 0;
        for entry in TABLE {
            for roles in callers() {
                foreign_cell(&world, entry, &roles, cells).await;
                cells += 1;
            }
        }
        for entry in TABLE {
            for roles in callers() {
                own_cell(&world, entry, &roles, scope(cells)).await;
                own_cell(&world, entry, &roles, json!({ "contracts": "*", "sees_costs": true })).await;
                cells += 2;
            }
        }
        assert_eq!(cells, CELLS);
    });
}

#[test]
fn health_is_for_everybody_and_nothing_else_is_for_nobody() {
    let mut world = World::new(|_, _| {});
    block_on(async {
        world.connect().await;
        let channel = world.channel.clone().unwrap();
        let check = HealthCheckRequest { service: String::new() }.encode_to_vec();
        let health = "/grpc.health.v1.Health/Check";
        let answered = super::raw::call(&channel, health, &[], vec![check.into()]).await;
        assert!(matches!(answered, Outcome::Answered(_)), "{answered:?}");
        for entry in TABLE {
            let sent = (entry.sent)(&world, Whose::Nobodys);
            let outcome = super::raw::call(&channel, entry.path, &[], sent).await;
            assert!(
                matches!(outcome, Outcome::Refused(Code::Unauthenticated, ..)),
                "{}: {outcome:?}",
                entry.path
            );
        }
        // A call that is not in the table is nobody's, whoever asks.
        let unknown = world.call(&world.operator(), "/quoin.v1.PricingService/Guess", vec![]).await;
        assert!(matches!(unknown, Outcome::Refused(Code::Unimplemented, ..)), "{unknown:?}");
    });
}
