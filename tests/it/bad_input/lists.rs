//! Which contracts, lists, SKUs and rates are refused because of what others say?

use quoin::engine::import::Verdict;

use super::Seller;

/// Files by name, and what is said of them.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);

fn refused(cases: &[Case<'_>]) {
    let seller = Seller::new();
    for (files, expected) in cases {
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        assert_eq!(seller.refused(&files), *expected);
    }
}

const CONTRACTS: &str = "contract,counterparty,currency,time_zone,reference_list\n";

/// Rule C6.
#[test]
fn a_list_in_another_currency_needs_an_exchange_rate_when_it_is_assigned() {
    let pounds =
        "\"POUNDS\" is in GBP, and no exchange rate from it to the contract's EUR is known: import it first";
    refused(&[
        // The row that names the list is told, not the last of the sequence.
        (
            &[("access.csv", "contract,position,price_list\nC-B,1,POUNDS\nC-B,2,BASE\n")],
            &[&format!("access.csv: row 2, price_list: {pounds}")],
        ),
        (
            &[("contracts.csv", &format!("{CONTRACTS}C-B,BETA,EUR,Europe/Berlin,POUNDS\n"))],
            &[&format!("contracts.csv: row 2, reference_list: {pounds}")],
        ),
        // A rate the other way round is none.
        (
            &[
                ("access.csv", "contract,position,price_list\nC-B,1,POUNDS\n"),
                ("exchange_rates.csv", "from,to,valid_from,rate\nEUR,GBP,2026-01-01,0.85\n"),
            ],
            &[&format!("access.csv: row 2, price_list: {pounds}")],
        ),
        // The contract leaves the currency of the lists that it asks already.
        (
            &[("contracts.csv", &format!("{CONTRACTS}C-B,BETA,USD,Europe/Berlin,\n"))],
            &["contracts.csv: row 2, currency: \"USD\" has no exchange rate from EUR, \
               which price list \"BASE\" of the contract is in: import it first"],
        ),
    ]);
    let seller = Seller::new();
    let with_rate: [(&str, &[u8]); 2] = [
        ("access.csv", b"contract,position,price_list\nC-B,1,POUNDS\n"),
        ("exchange_rates.csv", b"from,to,valid_from,rate\nGBP,EUR,2026-01-01,1.2\n"),
    ];
    assert_eq!(seller.import(&with_rate, |_| {}).unwrap().verdict, Verdict::Published);
}

#[test]
fn an_individual_list_belongs_to_one_contract_alone() {
    let own = "\"OWN-A\" is the individual list of contract \"C-A\", and that contract's alone";
    refused(&[
        (
            &[("access.csv", "contract,position,price_list\nC-B,1,OWN-A\nC-B,2,BASE\n")],
            &[&format!("access.csv: row 2, price_list: {own}")],
        ),
        (
            &[("contracts.csv", &format!("{CONTRACTS}C-B,BETA,EUR,Europe/Berlin,OWN-A\n"))],
            &[&format!("contracts.csv: row 2, reference_list: {own}")],
        ),
        // A list that two contracts ask becomes one contract's own.
        (
            &[("price_lists.csv", "price_list,currency,contract\nBASE,EUR,C-A\n")],
            &[
                "price_lists.csv: row 2, contract: \"C-A\" cannot have the list alone: contract \"C-B\" asks it too",
            ],
        ),
        // A list is handed over, and its contract so far goes on asking it.
        (
            &[("price_lists.csv", "price_list,currency,contract\nOWN-A,EUR,C-B\n")],
            &[
                "price_lists.csv: row 2, contract: \"C-B\" cannot have the list alone: contract \"C-A\" asks it too",
            ],
        ),
    ]);
}

#[test]
fn records_name_records_that_are_there() {
    refused(&[
        (
            &[("price_lists.csv", "price_list,currency,contract\nNEW,EUR,C-X\nBASE,USD,\n")],
            &[
                "price_lists.csv: row 3, currency: \"USD\" differs from the list's currency so far, EUR: make a new list",
                "price_lists.csv: row 2, contract: \"C-X\" is no contract: import it with the kind contracts first",
            ],
        ),
        (
            &[("skus.csv", "sku,base_unit\nNEW,pallet\nBOLT,kg\n")],
            &[
                "skus.csv: row 2, base_unit: \"pallet\" is no unit: import it with the kind units first",
                "skus.csv: row 3, base_unit: \"kg\" differs from the SKU's base unit so far, \
                 which prices and documents rest on: make a new SKU",
            ],
        ),
        (
            &[("sku_units.csv", "sku,unit,numerator\nBOLTS,box,10\nBOLT,pallet,10\nBOLT,piece,1\n")],
            &[
                "sku_units.csv: row 2, sku: \"BOLTS\" is no SKU of the catalogue: import it with the kind skus first",
                "sku_units.csv: row 3, unit: \"pallet\" is no unit: import it with the kind units first",
                "sku_units.csv: row 4, unit: \"piece\" is the SKU's base unit, which is always 1",
            ],
        ),
        (
            &[(
                "contracts.csv",
                &format!("{CONTRACTS}C-C,GAMMA,EUR,Europe/Berlin,\nC-D,BETA,EUR,Europe/Berlin,X\n"),
            )],
            &[
                "contracts.csv: row 2, counterparty: \"GAMMA\" is no counterparty: import it with the kind counterparties first",
                "contracts.csv: row 3, reference_list: \"X\" is no price list: import it with the kind price_lists first",
            ],
        ),
        (
            &[("access.csv", "contract,position,price_list\nC-X,1,BASE\nC-A,1,BASIS\n")],
            &[
                "access.csv: row 2, contract: \"C-X\" is no contract: import it with the kind contracts first",
                "access.csv: row 3, price_list: \"BASIS\" is no price list: import it with the kind price_lists first",
            ],
        ),
        // Several files of a set, each with something wrong.
        (
            &[
                ("units.csv", "unit,decimals\nm,7\n"),
                ("contracts.csv", &format!("{CONTRACTS}C-C,BETA,XXX,Mars/Base,\n")),
                ("prices.csv", "price_list,sku,price\nBASE,PUTTY,1\n"),
            ],
            &[
                "units.csv: row 2, decimals: \"7\" is not from 0 to 6",
                "contracts.csv: row 2, currency: \"XXX\" is no ISO 4217 currency: write three capital letters, as in EUR",
                "contracts.csv: row 2, time_zone: \"Mars/Base\" is no time zone: write an IANA name, as in Europe/Moscow",
                "prices.csv: row 2, sku: \"PUTTY\" is no SKU of the catalogue: import it with the kind skus first",
            ],
        ),
    ]);
}
