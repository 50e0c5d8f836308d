//! What does a round write, and of which round is a figure? Every price says it.

use quoin::domain::decimal::Micros;
use quoin::exchange::kind::Kind;
use quoin::pricing::cart::{LineStatus, PricedCart};

use crate::import_set::ImportSet;

/// Lists that price by SKU, the list that percentages are taken off, the reference list; a percentage's own list is `half`.
const LISTS: [&str; 5] = ["one", "two", "three", "whole", "reference"];
pub const SKUS: usize = 60;
/// Lists that make a publication large: together their rows pass the megabyte beyond which rows go to files.
const FILLERS: usize = 24_000;
/// Fillers that a contract of their own asks.
pub const ASKED: [usize; 3] = [0, FILLERS / 2, FILLERS - 1];
/// Rounds whose publication is large.
pub fn is_large(round: i64) -> bool {
    round == 1 || round % 10 == 5
}

/// What a list says of a SKU in a round: `round.listsku`, so that any figure tells where it is from.
fn price(list: usize, sku: usize, round: i64) -> Micros {
    Micros(round * 1_000_000 + i64::try_from(list * 100_000 + sku * 1_000).unwrap())
}

fn filler(number: usize) -> String {
    format!("filler-{number}")
}

fn master(set: &mut ImportSet) {
    set.add(Kind::Units, &[("unit", "piece")]);
    for sku in 0..SKUS {
        let fields = [("sku", &*format!("sku-{sku}")), ("base_unit", "piece"), ("category", "goods")];
        set.add(Kind::Skus, &fields);
    }
    let fillers: Vec<String> = (0..FILLERS).map(filler).collect();
    let lists = LISTS.iter().copied().chain(["half"]).chain(fillers.iter().map(String::as_str));
    for list in lists {
        set.add(Kind::PriceLists, &[("price_list", list), ("currency", "EUR")]);
    }
    set.add(Kind::Counterparties, &[("counterparty", "buyer")]);
    for (position, list) in ["one", "two", "three", "half"].iter().enumerate() {
        let fields = [("contract", "goods"), ("position", &*position.to_string()), ("price_list", list)];
        set.add(Kind::Access, &fields);
    }
    for (position, number) in ASKED.iter().enumerate() {
        let list = filler(*number);
        let fields = [("contract", "fillers"), ("position", &*position.to_string()), ("price_list", &list)];
        set.add(Kind::Access, &fields);
    }
    for sku in (3..SKUS).step_by(4) {
        let sku = format!("sku-{sku}");
        let fields = [("price_list", "half"), ("sku", &sku), ("percent", "50"), ("percent_of", "whole")];
        set.add(Kind::Prices, &fields);
    }
}

/// Everything that a round writes: the notices of both contracts, all prices, and those of the fillers where it is large.
pub fn round_set(round: i64) -> ImportSet {
    let mut set = ImportSet::default();
    if round == 1 {
        master(&mut set);
    }
    for contract in ["goods", "fillers"] {
        let notice = round.to_string();
        let fields = [
            ("contract", contract),
            ("counterparty", "buyer"),
            ("currency", "EUR"),
            ("time_zone", "UTC"),
            ("reference_list", "reference"),
            ("amount_step", "0.000001"),
            ("hold", &notice),
        ];
        set.add(Kind::Contracts, &fields);
    }
    for sku in 0..SKUS {
        for (list, name) in LISTS.iter().enumerate() {
            // Each of the first four lists has a fourth of the goods, the reference list all.
            if list == 4 || sku % 4 == list {
                write_price(&mut set, name, list, sku, round);
            }
        }
    }
    if is_large(round) {
        for number in 0..FILLERS {
            let place = ASKED.iter().position(|asked| *asked == number).unwrap_or(number % SKUS);
            write_price(&mut set, &filler(number), 0, place, round);
        }
    }
    set
}

fn write_price(set: &mut ImportSet, list: &str, number: usize, sku: usize, round: i64) {
    let (code, figure) = (format!("sku-{sku}"), price(number, sku, round).to_string());
    let fields = [("price_list", list), ("sku", &code), ("price", &figure)];
    // The second list's price stands in the second of two tiers.
    if list == "two" {
        let first = price(number, sku, round + 1_000).to_string();
        set.add(Kind::Prices, &[("price_list", list), ("sku", &code), ("from", "0"), ("price", &first)]);
        set.add(Kind::Prices, &[&fields[..], &[("from", "5")]].concat());
    } else {
        set.add(Kind::Prices, &fields);
    }
}

/// The round that an answer about the goods is of, if it is of one.
pub fn round_of_goods(cart: &PricedCart) -> Result<i64, String> {
    let round: i64 = cart.hold.as_deref().unwrap_or_default().parse().unwrap();
    for (sku, line) in cart.lines.iter().enumerate() {
        // Three quarters are priced by a list of their own, one quarter at half of what `whole` says.
        let own = price(sku % 4, sku, round);
        let own = if sku % 4 == 3 { Micros(own.0 / 2) } else { own };
        let found = (line.status, line.unit_price, line.amount, line.list_unit_price);
        let expected = (LineStatus::Priced, own, Micros(own.0 * 7), price(4, sku, round));
        if found != expected {
            return Err(format!(
                "publication {:?} is of round {round}; sku-{sku}: {found:?}",
                cart.publication
            ));
        }
    }
    Ok(round)
}

/// The same of the fillers, whose prices are those of the last large round.
pub fn round_of_fillers(cart: &PricedCart) -> Result<i64, String> {
    let round: i64 = cart.hold.as_deref().unwrap_or_default().parse().unwrap();
    let large = (1..=round).rev().find(|round| is_large(*round)).unwrap();
    for (sku, line) in cart.lines.iter().enumerate() {
        let found = (line.unit_price, line.list_unit_price);
        if found != (price(0, sku, large), price(4, sku, round)) {
            return Err(format!(
                "publication {:?} is of round {round}; sku-{sku}: {found:?}",
                cart.publication
            ));
        }
    }
    Ok(round)
}
