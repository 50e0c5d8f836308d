//! What do the files say of the customers? Price lists, counterparties, contracts and their access sequences.

use super::Generator;
use super::customers::class;
use super::lists::{ListKind, contract_code, is_foreign};
use super::options::Mode;
use super::tables::{Table, row};
use super::vocabulary::{FIRMS, FORMS, TRADES};

const ZONES: [&str; 6] = [
    "Europe/Berlin",
    "Europe/Warsaw",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Helsinki",
    "Europe/Istanbul",
];
const REGIONS: [&str; 4] = ["north", "east", "south", "west"];
const PAYMENT: [&str; 5] = ["prepaid", "14 days", "30 days", "45 days", "60 days"];

/// The counterparty of a contract: one in seven has two contracts.
fn counterparty(contract: u32) -> u32 {
    contract - (contract + 1) / 7
}

fn counterparty_code(counterparty: u32) -> String {
    format!("CP-{:05}", u64::from(counterparty) + 1)
}

/// Six of twenty counterparties belong to a holding of three.
fn holding(counterparty: u32) -> String {
    match counterparty % 20 {
        place @ 0..6 => format!("H-{:04}", counterparty / 20 * 2 + place / 3 + 1),
        _ => String::new(),
    }
}

fn cycle<'a>(from: &[&'a str], at: u32) -> &'a str {
    let at = usize::try_from(at).unwrap_or(0);
    from.get(at % from.len().max(1)).copied().unwrap_or_default()
}

fn firm(counterparty: u32) -> String {
    let trades = u32::try_from(TRADES.len()).unwrap_or(1);
    let firms = u32::try_from(FIRMS.len()).unwrap_or(1);
    // Steps that share no factor with the lengths go through all pairs.
    let trade = counterparty.wrapping_mul(5).wrapping_add(counterparty / (firms * trades));
    let round = counterparty / (firms * trades);
    let name = format!("{} {}", cycle(&FIRMS, counterparty + counterparty / trades), cycle(&TRADES, trade));
    match round {
        0 => format!("{name} {}", cycle(&FORMS, counterparty)),
        _ => format!("{name} {} {}", round + 1, cycle(&FORMS, counterparty)),
    }
}

impl Generator {
    pub(super) fn price_lists(&self) -> Table<'_> {
        let rows = self.lists().map(|list| {
            let owner = list.owner().map(contract_code).unwrap_or_default();
            vec![list.code, list.name, list.currency.code().to_owned(), owner]
        });
        let columns = &["price_list", "name", "currency", "contract"];
        Table { kind: "price_lists", columns, rows: Box::new(rows) }
    }

    pub(super) fn counterparties(&self) -> Table<'_> {
        let last = counterparty(self.options.contracts - 1);
        let rows = (0..=last).map(|number| vec![counterparty_code(number), firm(number), holding(number)]);
        let columns = &["counterparty", "name", "holding"];
        Table { kind: "counterparties", columns, rows: Box::new(rows) }
    }

    pub(super) fn contracts(&self) -> Table<'_> {
        let rows = (0..self.options.contracts).map(|number| match self.options.mode {
            Mode::Structured => self.contract_row(number),
            Mode::Random => {
                let mut row = vec![String::new(); COLUMNS.len()];
                let known = [
                    contract_code(number),
                    counterparty_code(counterparty(number)),
                    self.options.currency.code().to_owned(),
                    "Europe/Berlin".to_owned(),
                ];
                for (slot, text) in row.iter_mut().zip(known) {
                    *slot = text;
                }
                row
            }
        });
        Table { kind: "contracts", columns: COLUMNS, rows: Box::new(rows) }
    }

    /// Classes differ in rounding and terms of payment; every so many contracts have something of their own.
    fn contract_row(&self, number: u32) -> Vec<String> {
        let customer = self.customers.of_contract(number);
        let class = class(customer);
        let when = |holds: bool, text: &'static str| if holds { text } else { "" };
        let currency =
            if is_foreign(number) { self.options.foreign_currency() } else { self.options.currency };
        let (unit_step, discount_on) = match (class.step, number % 40) {
            (2.., _) => ("0.05", "unit"),
            (_, 9) => ("0.01", "unit"),
            _ => ("", ""),
        };
        let other = counterparty_code(counterparty(number / 14 * 14));
        row([
            &contract_code(number),
            &counterparty_code(counterparty(number)),
            currency.code(),
            cycle(&ZONES, number / 3),
            if number % 4 == 0 { "2025-01-01" } else { "2026-01-01" },
            when(number % 9 == 8, "2027-12-31"),
            when(number % 50 == 7, "lowest"),
            "BASE",
            when(customer.class == 4, "half_even"),
            unit_step,
            when(number % 17 == 5, "layer"),
            discount_on,
            when(number % 40 == 9, "price"),
            if number % 14 == 6 { &other } else { "" },
            if number % 13 == 3 { &other } else { "" },
            cycle(&PAYMENT, u32::from(customer.class)),
            when(number % 100 == 11, "overdue receivables: shipments are stopped"),
            &format!("class={};region={}", class.name, cycle(&REGIONS, number)),
        ])
    }

    pub(super) fn access(&self) -> Table<'_> {
        let rows = (0..self.options.contracts).flat_map(|number| {
            self.sequence(number).into_iter().zip(1_u32..).map(move |((kind, warehouse, channel), place)| {
                let position = (place * 10).to_string();
                row([&contract_code(number), &position, &kind.code_and_name().0, warehouse, channel])
            })
        });
        let columns = &["contract", "position", "price_list", "warehouse", "channel"];
        Table { kind: "access", columns, rows: Box::new(rows) }
    }

    /// The lists that a contract asks, each with its conditions on warehouse and channel.
    fn sequence(&self, contract: u32) -> Vec<(ListKind, &'static str, &'static str)> {
        let own = (ListKind::Individual(contract), "", "");
        if self.options.mode == Mode::Random {
            return vec![own];
        }
        let class = (ListKind::Class(self.customers.of_contract(contract).class), "", "");
        let base = (ListKind::Base, "", "");
        if contract % 50 == 7 {
            return vec![own, (ListKind::Promotion, "", ""), class, base];
        }
        let asked = |holds: bool, kind, warehouse, channel| holds.then_some((kind, warehouse, channel));
        [
            asked(contract % 10 == 3, ListKind::Samples, "", "samples"),
            asked(contract % 100 == 0, ListKind::Flash(contract / 100), "", ""),
            asked(contract % 8 == 5, ListKind::Promotion, "", ""),
            asked(contract % 4 == 1, ListKind::Warehouse, "north", ""),
            Some(own),
            asked(contract % 6 == 2, ListKind::Steel, "", ""),
            asked(contract % 5 == 0, ListKind::Import, "", ""),
            Some(class),
            Some(base),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

const COLUMNS: &[&str] = &[
    "contract",
    "counterparty",
    "currency",
    "time_zone",
    "valid_from",
    "valid_through",
    "access",
    "reference_list",
    "amount_mode",
    "unit_step",
    "round",
    "discount_on",
    "rounding_unit",
    "payer",
    "ship_to",
    "payment_terms",
    "hold",
    "attributes",
];
