//! Does what counts by payer and ship-to come to what adding up all documents anew comes to? Documents drawn at random, in any
//! order, with random parties, while it is asked for; and does a statement say the same?

use std::collections::{BTreeMap, BTreeSet};

use quoin::domain::day::{CivilDay, Days};
use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;
use quoin::engine::ledger::settlement::Settle;
use quoin::ledger::document::DocumentKind;
use quoin::ledger::draft::DocumentDraft;
use quoin::ledger::statement::StatementKind;
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
agreements:
  - { id: paid, period: quarter, count: paid, of_whom: payer, basis_of: payer, percent: 100 }
  - { id: sent, period: quarter, of_whom: ship_to, basis_of: payer, tiers: [{ from: 2000, percent: 10 }] }
rules:
";

fn policy(percent: usize) -> String {
    let measures = POLICY.lines().take_while(|line| *line != "agreements:");
    let names = measures.filter_map(|line| line.strip_prefix("  ")?.split_once(':'));
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

    fn counts_on(&self, document: &DocumentDraft) -> CivilDay {
        self.shipment(document).map_or(document.day, |shipment| shipment.day)
    }

    /// Documents of goods.
    fn goods(&self) -> impl Iterator<Item = &DocumentDraft> {
        self.0.iter().filter(|document| document.kind != DocumentKind::Payment)
    }

    /// Where a measure of a contract stands over days.
    fn stands(&self, measure: &str, contract: &str, days: &Days) -> i128 {
        let (what, whose) = measure.split_once('-').unwrap();
        let counted = self
            .goods()
            .filter(|document| days.hold(self.counts_on(document)) && self.is_of(document, contract, whose));
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

impl Model {
    /// What is paid, over days, of what a contract's counterparty is to pay under another.
    fn paid_under(&self, letter: &str, contract: &str, days: &Days) -> i128 {
        let under = format!("0.{letter}");
        let mut items: BTreeMap<&str, Item> = BTreeMap::new();
        for document in self.goods().filter(|of| of.contract == under && self.is_of(of, contract, "payer")) {
            let (refers, net) = (!document.reference.is_empty(), document.lines[0].net_amount.0);
            let item = items.entry(if refers { &document.reference } else { &document.id }).or_default();
            item.gross += signed(document, net);
            match refers {
                true => item.others.push((self.counts_on(document), signed(document, net))),
                false => item.shipped = Some(document.day),
            }
        }
        let of_item = |(id, item): (&&str, &Item)| {
            let Some(day) = item.shipped else {
                return item.others.iter().filter(|(day, _)| days.hold(*day)).map(|(_, value)| value).sum();
            };
            let payments = self.0.iter().filter(|of| of.contract == under).flat_map(|of| &of.allocations);
            let paid: i128 =
                payments.filter(|of| of.document == **id).map(|of| i128::from(of.amount.0)).sum();
            match days.hold(day) {
                true if paid < item.gross => item.gross * paid / item.gross,
                true => item.gross,
                false => 0,
            }
        };
        items.iter().map(of_item).sum()
    }

    /// What a contract is entitled to by each agreement, over days.
    fn entitled(&self, contract: &str, days: &Days) -> [i128; 2] {
        let paid: i128 =
            ["A", "B", "H"].into_iter().map(|letter| self.paid_under(letter, contract, days)).sum();
        let enough = self.stands("amount-ship_to", contract, days) >= 2_000_000_000;
        let sent = if enough { self.stands("amount-payer", contract, days) / 10 } else { 0 };
        [paid, sent].map(|micros| (micros.max(0) + 5_000) / 10_000 * 10_000)
    }
}

/// A shipment, with all that names it.
#[derive(Default)]
struct Item {
    gross: i128,
    shipped: Option<CivilDay>,
    others: Vec<(CivilDay, i128)>,
}

fn signed(document: &DocumentDraft, figure: i64) -> i128 {
    if document.kind == DocumentKind::Return { -i128::from(figure) } else { i128::from(figure) }
}

fn drawn(number: u32, steps: u32, draws: &mut Draws) -> DocumentDraft {
    let letter = LETTERS[draws.below(4)];
    let kind = ["shipment", "shipment", "return", "correction"][draws.below(4)];
    let day = CivilDay::parse("2026-01-01").unwrap().plus(i32::try_from(draws.below(240)).unwrap());
    let refers = kind != "shipment" && draws.below(4) > 0;
    // What comes later, what is another's and what never comes, too; but not the document itself.
    let other = match draws.below(usize::try_from(steps + steps / 10).unwrap()) {
        itself if u32::try_from(itself) == Ok(number) => "LOST".to_owned(),
        other => format!("D{other}"),
    };
    let reference = if refers { format!("for {other} ") } else { String::new() };
    let payer = ["", "", "payer own ", "payer sister "][draws.below(4)];
    let ship_to = ["", "", "to own ", "to sister "][draws.below(4)];
    let (sku, quantity) = (["bolt", "nut"][draws.below(2)], 1 + draws.below(20));
    let cents = 1 + draws.below(100_000);
    let amount = format!("{}.{:02}", cents / 100, cents % 100);
    if draws.below(4) == 0 {
        let text = format!("D{number} payment {letter} {day} {payer}{other} {amount}");
        return document(0, &text);
    }
    let text =
        format!("D{number} {kind} {letter} {day} {reference}{payer}{ship_to}{sku} {quantity} {amount}");
    document(0, &text)
}

/// What a statement would say of each agreement, were it made through a day.
fn told(world: &World, contract: &str, through: CivilDay) -> Vec<i128> {
    let asked = Settle {
        id: "S".to_owned(),
        contract: contract.to_owned(),
        through,
        kind: StatementKind::Interim,
        agreements: Vec::new(),
        reopens: None,
        dry_run: true,
    };
    let settled = world.engine.settle(&Caller::operator(), &asked).unwrap();
    settled.statement.entries.iter().map(|entry| i128::from(entry.entitlement.0)).collect()
}

/// Holds where a contract's measures stand on a day against the model, and what it is entitled to. How many there are.
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
    if letter != "U" {
        let expected = model.entitled(&contract, &days_of(quarter, day, None));
        let (accruals, _) = world.engine.accruals(&Caller::operator(), &contract, at).unwrap();
        let found: Vec<i128> = accruals.iter().map(|of| i128::from(of.entitlement.0)).collect();
        assert_eq!(found, expected, "{contract} on {day}: {:#?}", model.0);
        assert_eq!(told(world, &contract, day), expected, "a statement of {contract} on {day}");
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
