//! What do stories of quotes do and ask beside quotes? Points, limits and documents.

use prost::Message;
use quoin::api::v1;
use quoin::domain::decimal::Micros;
use quoin::engine::caller::Caller;
use quoin::engine::ledger::PostDocuments;
use quoin::engine::ledger::limited::HoldLimits;
use quoin::ledger::document::{DocumentKind, RuleUse};
use quoin::ledger::draft::{DocumentDraft, LineDraft};
use quoin::quotes::number::QuoteNo;

use super::played::money;
use super::underway;
use super::world::{TELLER, World, boss};

/// What is asked beside quotes: points, limits and documents.
pub(super) fn kept(world: &World, verb: &str, words: &[&str]) -> String {
    let engine = world.engine();
    let operator = Caller::operator();
    match verb {
        "points" => {
            let (standings, _) = engine.points(&operator, words[0], None).unwrap();
            money(standings[0].balance.spendable)
        }
        "spend" => engine.spend_points(&operator, words[0], None).map(|_| String::new()).unwrap(),
        "today" => {
            let quoted = engine.quote(&boss(), QuoteNo(words[0].parse().unwrap()), None).unwrap();
            let told = engine.price_quoted(&boss(), &quoted, &TELLER).unwrap();
            v1::PriceCartResponse::decode(told).unwrap().total.trim_end_matches(".00").to_owned()
        }
        "kept" => {
            let head = engine.quote(&boss(), QuoteNo(words[0].parse().unwrap()), None).unwrap().head;
            let points = head.held.points.iter().map(|of| format!("{} {}", of.hold, of.points));
            let uses = head.held.uses.iter().map(|of| format!("{} {}", of.rule, of.used));
            points.chain(uses).collect::<Vec<_>>().join(", ")
        }
        "left" => {
            let (limits, _) = engine.limits(&operator, words[0]).unwrap();
            limits.iter().map(|of| of.left.to_string()).collect::<Vec<_>>().join(" ")
        }
        "hold" => {
            let (rule, used) = words[2].split_once('=').unwrap();
            let uses = [RuleUse { rule: rule.to_owned(), used: Micros::parse(used).unwrap() }];
            let asked = HoldLimits { id: words[0], contract: words[1], uses: &uses };
            engine.hold_limits(&operator, asked).map_or_else(|error| format!("! {error}"), |_| String::new())
        }
        "ship" => {
            let (name, figure) = words[3].split_once('=').unwrap();
            let figure = Micros::parse(figure).unwrap();
            let is_use = name == "half";
            let line = LineDraft {
                sku: "bolt".to_owned(),
                quantity: Micros::ONE,
                net_amount: if is_use { Micros::ONE } else { figure },
                ..LineDraft::default()
            };
            let uses =
                if is_use { vec![RuleUse { rule: name.to_owned(), used: figure }] } else { Vec::new() };
            let draft = DocumentDraft {
                quote: words[2].trim_matches('-').to_owned(),
                lines: vec![line],
                uses,
                ..underway::draft(words[0].to_owned(), DocumentKind::Shipment, words[1], "2026-03-01")
            };
            let asked = PostDocuments { documents: vec![draft], ..PostDocuments::default() };
            let report = engine.post_documents(&operator, asked).unwrap();
            assert!(report.faults.is_empty(), "{:#?}", report.faults);
            String::new()
        }
        other => panic!("no step is called {other}"),
    }
}
