//! Does what counts by payer and ship-to come to what adding up all documents anew comes to? Documents drawn at random, in any
//! order, with random parties, while it is asked for.

use std::collections::BTreeSet;

use quoin::domain::day::{CivilDay, Days};
use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;
use quoin::ledger::document::DocumentKind;
use quoin::ledger::draft::DocumentDraft;
use quoin::ledger::window::days_of;
use quoin::policy::syntax::{Calendar, Period, PeriodLength, PeriodOf, PeriodWindow};

use super::world::{World, document};
use crate::effort::{self, Draws};

const LETTERS: [&str; 4] = ["A", "B", "H", "U"];
/// Documents, of some of which others are.
const STEPS: u32 = 400;

const POLICY: &str = "quoin_policy: 1
currency: EUR
measures:
  amount-payer:     { name: amount, what: amount, over: quarter, of_whom: payer }
  amount-ship_to:   { name: amount, what: amount, over: quarter, of_whom: ship_to }
  amount-contract:  { name: amount, what: amount, over: quarter }
  amount-holding:   { name: amount, what: amount, over: quarter, of_whom: holding }
  pieces-payer:     { name: pieces, what: quantity, unit: piece, over: quarter, of_whom: payer }
  pieces-ship_to:   { name: pieces, what: quantity, unit: piece, over: quarter, of_whom: ship_to }
  skus-payer:       { name: skus, what: skus, over: quarter, of_whom: payer }
  skus-ship_to:     { name: skus, what: skus, over: quarter, of_whom: ship_to }
rules:
";

fn policy(percent: usize) -> String {
    let names = POLICY.lines().filter_map(|line| line.strip_prefix("  ")?.split_once(':'));
    let idle = names.map(|(name, _)| {
        format!("  - {{ id: of-{name}, layer: volume, measure: {name}, mode: volume, tiers: [{{ from: 9000000000, percent: {percent} }}] }}\n")
    });
    [POLICY.to_owned(), idle.collect()].concat()
}

/// Who has a part in a document where nothing else is said.
fn buyer(contract: &str) -> &'static str {
    if contract.ends_with('H') { "0.sister" } else { "0.own" }
}

/// Everything that was posted.
struct Model(Vec<DocumentDraft>);

impl Model {
    fn shipment(&self, document: &DocumentDraft) -> Option<&DocumentDraft> {
        self.0.iter().find(|of| {
            (&of.id, &of.contract) == (&document.reference, &document.contract)
                && of.kind == DocumentKind::Shipment
        })
    }

    fn is_of(&self, document: &DocumentDraft, contract: &str, whose: &str) -> bool {
        let part: fn(&DocumentDraft) -> &String = match whose {
            "contract" => return document.contract == contract,
            "holding" => return true,
            "payer" => |of| &of.payer,
            _ => |of| &of.ship_to,
        };
        let said = [Some(document), self.shipment(document)].into_iter().flatten();
        let said = said.map(|of| part(of).as_str()).find(|party| !party.is_empty());
        said.unwrap_or(buyer(&document.contract)) == buyer(contract)
    }

    /// Where a measure of a contract stands over days.
    fn stands(&self, measure: &str, contract: &str, days: &Days) -> i128 {
        let (what, whose) = measure.split_once('-').unwrap();
        let counted = self.0.iter().filter(|document| {
            let day = self.shipment(document).map_or(document.day, |shipment| shipment.day);
            days.hold(day) && self.is_of(document, contract, whose)
        });
        let signed = |document: &DocumentDraft, figure: i64| {
            if document.kind == DocumentKind::Return { -i128::from(figure) } else { i128::from(figure) }
        };
        match what {
            "amount" => counted
                .filter(|document| !document.contract.ends_with('U'))
                .map(|document| signed(document, document.lines[0].net_amount.0))
                .sum(),
            "pieces" => counted.map(|document| signed(document, document.lines[0].quantity.0)).sum(),
            _ => {
                let counted: Vec<&DocumentDraft> = counted.collect();
                let all: BTreeSet<(&str, &str)> =
                    counted.iter().map(|of| (of.contract.as_str(), of.lines[0].sku.as_str())).collect();
                let bought = all.iter().filter(|(contract, sku)| {
                    let own =
                        counted.iter().filter(|of| (&*of.contract, &*of.lines[0].sku) == (contract, sku));
                    own.map(|of| signed(of, of.lines[0].quantity.0)).sum::<i128>() > 0
                });
                let skus: BTreeSet<&str> = bought.map(|(_, sku)| *sku).collect();
                i128::try_from(skus.len()).unwrap() * 1_000_000
            }
        }
    }
}

fn drawn(number: u32, steps: u32, draws: &mut Draws) -> DocumentDraft {
    let letter = LETTERS[draws.below(4)];
    let kind = ["shipment", "shipment", "return", "correction"][draws.below(4)];
    let day = CivilDay::parse("2026-01-01").unwrap().plus(i32::try_from(draws.below(240)).unwrap());
    let refers = kind != "shipment" && draws.below(4) > 0;
    // What comes later, what is another's and what never comes, too.
    let far = usize::try_from(steps + steps / 10).unwrap();
    let reference = if refers { format!("for D{} ", draws.below(far)) } else { String::new() };
    let payer = ["", "", "payer own ", "payer sister "][draws.below(4)];
    let ship_to = ["", "", "to own ", "to sister "][draws.below(4)];
    let (sku, quantity) = (["bolt", "nut"][draws.below(2)], 1 + draws.below(20));
    let cents = draws.below(100_000);
    let reference = if reference == format!("for D{number} ") { String::new() } else { reference };
    let text = format!(
        "D{number} {kind} {letter} {day} {reference}{payer}{ship_to}{sku} {quantity} {}.{:02}",
        cents / 100,
        cents % 100
    );
    document(0, &text)
}

/// Holds where a contract's measures stand on a day against the model. How many there are.
fn hold(world: &World, model: &Model, (letter, day): (&str, CivilDay)) -> usize {
    let contract = format!("0.{letter}");
    let at = Some(Instant::parse(&format!("{day}T11:00:00Z")).unwrap());
    let (stands, _) = world.engine.measures(&Caller::operator(), &contract, at).unwrap();
    let quarter = Period {
        length: PeriodLength::Quarter,
        window: PeriodWindow::Current,
        calendar: Calendar::Calendar,
        of: PeriodOf::Contract,
    };
    for found in &stands {
        let expected = model.stands(&found.measure, &contract, &days_of(quarter, day, None));
        assert_eq!(found.value, expected, "{} of {contract} on {day}: {:#?}", found.measure, model.0);
    }
    stands.len()
}

#[test]
fn what_counts_by_payer_and_ship_to_is_what_all_documents_come_to() {
    let mut draws = Draws::new(73);
    let mut world = World::of(1);
    world.publish(&policy(1));
    let mut model = Model(Vec::new());
    let mut checks = 0;
    let steps = effort::count(STEPS);
    for number in 0..steps {
        let drawn = drawn(number, steps, &mut draws);
        world.posted(vec![drawn.clone()]);
        model.0.push(drawn);
        match draws.below(40) {
            0 => world = world.reopened(),
            1 => world.publish(&policy(1 + draws.below(5))),
            _ => {}
        }
        let day = CivilDay::parse("2026-01-01").unwrap().plus(i32::try_from(draws.below(300)).unwrap());
        checks += hold(&world, &model, (LETTERS[draws.below(4)], day));
    }
    world = world.reopened();
    for letter in LETTERS {
        for day in ["2026-03-31", "2026-06-30", "2026-08-31"] {
            checks += hold(&world, &model, (letter, CivilDay::parse(day).unwrap()));
        }
    }
    println!("{steps} documents, {checks} positions");
    assert!(checks > 100);
}
