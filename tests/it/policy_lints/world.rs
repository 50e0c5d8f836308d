//! Against which goods, contracts and price lists are the cases of the lints held? `cases/README.md` tells them.

use std::collections::BTreeMap;
use std::sync::Arc;

use quoin::domain::catalogue::Catalogue;
use quoin::domain::contract::{AccessMode, Contract, Counterparty};
use quoin::domain::currency::Currency;
use quoin::domain::decimal::Micros;
use quoin::domain::ids::{ContractId, CounterpartyId, IndexId, ListId, SkuId};
use quoin::domain::market::{ExchangeRate, Market};
use quoin::domain::price_list::PriceList;
use quoin::domain::rounding::{Rounding, TaxRounding};
use quoin::domain::sku::Sku;
use quoin::domain::time::{CivilSecond, Window};
use quoin::domain::unit::Factor;
use quoin::policy::ListMembers;
use roaring::RoaringBitmap;

fn money(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

/// The fields of a row that has a column for each; `-` stands for nothing.
fn fields<const N: usize>(row: &str) -> [&str; N] {
    let fields: Vec<&str> =
        row.split_whitespace().map(|field| if field == "-" { "" } else { field }).collect();
    fields.try_into().unwrap_or_else(|fields: Vec<&str>| panic!("{row}: {} fields", fields.len()))
}

fn some(field: &str) -> Option<&str> {
    (!field.is_empty()).then_some(field)
}

/// `name=value` pairs with `;` between.
fn pairs(field: &str) -> BTreeMap<String, String> {
    let pairs = field.split(';').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

pub fn catalogue() -> Catalogue {
    let mut made = Catalogue::default();
    for (code, decimals) in [("pcs", 0), ("kg", 3), ("t", 3), ("m", 2), ("box", 0)] {
        made.put_unit(code, code, decimals);
    }
    for row in SKUS.lines() {
        put_sku(&mut made, row);
    }
    // known of goods that are sold no more
    made.category_of_path("Metal/Old");
    made.brand_of_code("Bygone");
    for (code, currency) in [("base", "EUR"), ("floor", "EUR"), ("dollar", "USD"), ("yen", "JPY")] {
        made.lists.put(code, |number| PriceList {
            id: ListId(number),
            code: code.to_owned(),
            name: code.to_owned(),
            currency: money(currency),
            gross: false,
            owner: None,
        });
    }
    for row in CONTRACTS.lines() {
        put_contract(&mut made, row);
    }
    made.market = Arc::new(market());
    made.refresh_facts(&Catalogue::default());
    made
}

fn market() -> Market {
    let mut market = Market { indices: vec!["LME".to_owned()], ..Market::default() };
    let since = CivilSecond::parse("2020-01-01").unwrap();
    let rate = ExchangeRate { rate: Micros::parse("0.9").unwrap(), per: 1 };
    market.rates.entry((money("USD"), money("EUR"))).or_default().insert(since, rate);
    market.index_values.entry(IndexId(0)).or_default().insert(since, Micros::ONE);
    market
}

/// Code, base unit, other units, category, brand, tax class, cost, attributes.
const SKUS: &str = "\
R-1  t   kg:1/1000;m:1/250 Metal/Long/Rebar  Norvik      standard 400:EUR  grade=A500C
R-2  t   kg:1/1000         Metal/Long/Rebar  Brightstone standard 410:EUR  grade=A400
R-3  t   -                 Metal/Long/Beams  Norvik      standard -        grade=S355
P-1  pcs t:20              Metal/Pipes       Norvik      standard 30:USD   -
B-1  pcs box:100           Fasteners         Brightstone standard 0.1:EUR  finish=zinc
B-2  pcs -                 Fasteners         Brightstone reduced  0.2:EUR  finish=black";

fn put_sku(made: &mut Catalogue, row: &str) {
    let [code, base, units, category, brand, tax, cost, attributes] = fields(row);
    let base_unit = made.unit_id(base).unwrap();
    let units = units.split(';').filter_map(|unit| unit.split_once(':')).map(|(unit, factor)| {
        let (top, bottom) = factor.split_once('/').unwrap_or((factor, "1"));
        (made.unit_id(unit).unwrap(), Factor::new(top.parse().unwrap(), bottom.parse().unwrap()).unwrap())
    });
    let units = units.collect();
    let category = Some(made.category_of_path(category));
    let brand = Some(made.brand_of_code(brand));
    let unit_cost =
        cost.split_once(':').map(|(cost, currency)| (Micros::parse(cost).unwrap(), money(currency)));
    made.skus.put(code, |number| Sku {
        id: SkuId(number),
        code: code.to_owned(),
        name: code.to_owned(),
        base_unit,
        units,
        category,
        brand,
        tax_class: some(tax).map(str::to_owned),
        multiple: None,
        minimum: None,
        unit_cost,
        attributes: pairs(attributes),
    });
}

/// Code, counterparty, holding, currency, first day, last day (outside), reference list, attributes.
const CONTRACTS: &str = "\
C-1 Alder  Grove EUR 2026-01-01 2027-01-01 base segment=dealer;region=north
C-2 Birch  -     EUR -          -          base segment=dealer;region=south
C-3 Cedar  -     EUR 2026-01-01 -          -    segment=retail;region=south
C-4 Dogwood -    USD 2026-01-01 -          base segment=export";

fn put_contract(made: &mut Catalogue, row: &str) {
    let [code, counterparty, holding, currency, from, to, list, attributes] = fields(row);
    let buyer = made.counterparties.put(counterparty, |number| Counterparty {
        id: CounterpartyId(number),
        code: counterparty.to_owned(),
        name: counterparty.to_owned(),
        holding: some(holding).map(str::to_owned),
    });
    let reference_list = some(list).map(|list| ListId(made.lists.number(list).unwrap()));
    let day = |text| some(text).map(|text| CivilSecond::parse(text).unwrap());
    made.contracts.put(code, |number| Contract {
        id: ContractId(number),
        code: code.to_owned(),
        counterparty: CounterpartyId(buyer),
        currency: money(currency),
        zone: "Europe/Berlin".to_owned(),
        validity: Window::new(day(from), day(to)).unwrap(),
        access_mode: AccessMode::First,
        access: Vec::new(),
        reference_list,
        rounding: Rounding::default(),
        payer: None,
        ship_to: None,
        payment_terms: None,
        tax_rounding: TaxRounding::Line,
        hold: None,
        attributes: pairs(attributes),
    });
}

/// Lists whose cells are these SKUs' own.
pub struct Members(BTreeMap<ListId, RoaringBitmap>);

impl Members {
    pub fn of(catalogue: &Catalogue) -> Self {
        let rows = [("base", "R-1 R-2 R-3 P-1"), ("floor", "R-1")];
        Self(BTreeMap::from(rows.map(|(list, skus)| {
            let skus = skus.split(' ').map(|sku| catalogue.skus.number(sku).unwrap());
            (ListId(catalogue.lists.number(list).unwrap()), skus.collect())
        })))
    }
}

impl ListMembers for Members {
    fn skus_of(&self, list: ListId) -> RoaringBitmap {
        self.0.get(&list).cloned().unwrap_or_default()
    }
}
