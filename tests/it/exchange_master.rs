//! Which rows of master data are refused, and in what words?

use quoin::domain::rounding::TaxRounding;
use quoin::exchange::fault::{Faults, RowFault};
use quoin::exchange::master::{
    AccessRow, ContractRow, CounterpartyRow, ExchangeRateRow, IndexValueRow, MasterRow, Numbered,
    PriceListRow, SkuRow, SkuUnitRow, UnitRow, read_rows,
};

use crate::exchange_files::file;

fn read<T: MasterRow>(text: &str) -> (Vec<Numbered<T>>, Vec<String>) {
    let name = format!("{}.csv", T::KIND);
    let (_folder, source) = file(&name, text.as_bytes());
    let mut faults = Faults::default();
    let rows = read_rows::<T>(&source, &mut faults).unwrap();
    let shown = faults.kept().iter().map(RowFault::to_string);
    let short = shown.map(|fault| fault.strip_prefix(&format!("{name}: ")).unwrap().to_owned());
    (rows, short.collect())
}

/// A file of one kind, the rows taken of it and the faults named.
fn check<T: MasterRow>(text: &str, taken: usize, faults: &[&str]) {
    let (rows, found) = read::<T>(text);
    assert_eq!(found, faults, "{text}");
    assert_eq!(rows.len(), taken, "{text}");
}

#[test]
fn units() {
    check::<UnitRow>("unit,name,decimals\nkg,Kilogram,3\npcs,Piece,0\nt,,\n", 3, &[]);
    let faults = [
        "row 2, unit: is empty",
        "row 3, decimals: \"7\" is not from 0 to 6",
        "row 5, unit: \"kg\" is there already, in row 4",
    ];
    check::<UnitRow>("unit,decimals\n,1\nkg,7\nkg,3\nkg,3\n", 1, &faults);
    assert_eq!(read::<UnitRow>("unit\nkg\n").0[0].record.decimals, 3);
}

#[test]
fn skus() {
    let all =
        "sku,name,base_unit,category,brand,tax_class,multiple,minimum,unit_cost,cost_currency,attributes\n";
    check::<SkuRow>(
        &format!(
            "{all}S1,\"Cement, M500\",kg,Dry mixes/Cement,Eurocement,VAT20,25,50,4.20,RUB,grade=M500;bag=50 kg\n"
        ),
        1,
        &[],
    );
    check::<SkuRow>(
        "sku,base_unit\nS1,kg\nS1,kg\nS2,\n",
        1,
        &["row 3, sku: \"S1\" is there already, in row 2", "row 4, base_unit: is empty"],
    );
    // Every fault of a row is named at once.
    check::<SkuRow>(
        &format!("{all} S1,,,A//B,,,0,-1,-4,XXX,grade\n"),
        0,
        &[
            "row 2, sku: \" S1\" begins or ends with a blank",
            "row 2, base_unit: is empty",
            "row 2, category: \"A//B\" has a level that is empty",
            "row 2, multiple: \"0\" is not above zero",
            "row 2, minimum: \"-1\" is negative",
            "row 2, unit_cost: \"-4\" is negative",
            "row 2, cost_currency: \"XXX\" is no ISO 4217 currency: write three capital letters, as in EUR",
            "row 2, attributes: \"grade\" has no = in \"grade\": write key=value;key=value",
        ],
    );
    check::<SkuRow>(
        &format!("{all}S1,,kg,,,,,,1,,a=1;a=2\nS2,,kg,,,,,,,EUR,\n"),
        0,
        &[
            "row 2, cost_currency: is empty: unit_cost needs it",
            "row 2, attributes: \"a=1;a=2\" has the key a twice",
            "row 3, unit_cost: is empty: cost_currency stands without it",
        ],
    );
    let name = "n".repeat(1_025);
    check::<SkuRow>(
        &format!("sku,base_unit,name\nS,kg,{name}\n"),
        0,
        &[&format!("row 2, name: \"{}…\" is longer than 1024 bytes", "n".repeat(63))],
    );
}

#[test]
fn sku_units() {
    let (rows, faults) = read::<SkuUnitRow>("sku,unit,numerator,denominator\nS,box,24,2\nS,t,1000,\n");
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!((rows[0].record.factor.numerator(), rows[0].record.factor.denominator()), (12, 1));
    check::<SkuUnitRow>(
        "sku,unit,numerator,denominator\nS,box,0,1\nS,t,1.5,1\nS,kg,1,0\nS,m,,1\nS,t,1,1\nS,t,2,1\n",
        1,
        &[
            "row 2, numerator: \"0\" is not from 1 to 1000000000000",
            "row 3, numerator: \"1.5\" is no whole number: write digits alone",
            "row 4, denominator: \"0\" is not from 1 to 1000000000000",
            "row 5, numerator: is empty",
            "row 7, sku: \"S, t\" is there already, in row 6",
        ],
    );
}

#[test]
fn price_lists_and_counterparties() {
    check::<PriceListRow>(
        "price_list,currency,contract\nL1,EUR,\nL2,eur,C1\nL3,,\nL1,USD,\n",
        1,
        &[
            "row 3, currency: \"eur\" is no ISO 4217 currency: write three capital letters, as in EUR",
            "row 4, currency: is empty",
            "row 5, price_list: \"L1\" is there already, in row 2",
        ],
    );
    let (rows, faults) = read::<PriceListRow>(
        "price_list,currency,tax\nL1,EUR,\nL2,EUR,excluded\nL3,EUR,included\nL4,EUR,gross\n",
    );
    assert_eq!(rows.iter().map(|row| row.record.gross).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(faults, ["row 5, tax: \"gross\" is unknown here: write one of excluded, included"]);
    check::<CounterpartyRow>(
        "counterparty,name,holding\nA,Alpha,H\nB,,\nA,Again,\n",
        2,
        &["row 4, counterparty: \"A\" is there already, in row 2"],
    );
}

#[test]
fn contracts() {
    let taxed = "contract,counterparty,currency,time_zone,tax_rounding\n";
    let (rows, faults) = read::<ContractRow>(&format!(
        "{taxed}C1,A,EUR,UTC,\nC2,A,EUR,UTC,line\nC3,A,EUR,UTC,document\nC4,A,EUR,UTC,rate\n"
    ));
    let found: Vec<TaxRounding> = rows.iter().map(|row| row.record.tax_rounding).collect();
    assert_eq!(found, [TaxRounding::Line, TaxRounding::Line, TaxRounding::Document]);
    assert_eq!(faults, ["row 5, tax_rounding: \"rate\" is unknown here: write one of line, document"]);
    let head =
        "contract,counterparty,currency,time_zone,access,amount_step,amount_mode,valid_from,valid_through\n";
    let (rows, faults) = read::<ContractRow>(&format!(
        "{head}C1,A,RUB,europe/moscow,lowest,0.05,half_even,2026-01-01,2026-12-31\n"
    ));
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(rows[0].record.time_zone, "Europe/Moscow");
    assert_eq!(rows[0].record.validity.to_string(), "from 2026-01-01 until 2027-01-01");
    check::<ContractRow>(
        &format!("{head}C1,,EUR,Mars/Base,best,0,nearest,2026-02-01,2026-01-01\nC2,A,EUR,,,,,,\n"),
        0,
        &[
            "row 2, counterparty: is empty",
            "row 2, time_zone: \"Mars/Base\" is no time zone: write an IANA name, as in Europe/Moscow",
            "row 2, valid_through: \"2026-01-01\" the window ends before or when it begins",
            "row 2, access: \"best\" is unknown here: write one of first, lowest",
            "row 2, amount_step: \"0\" is not above zero",
            "row 2, amount_mode: \"nearest\" is unknown here: write one of half_up, half_even, up, down",
            "row 3, time_zone: is empty",
        ],
    );
}

#[test]
fn access() {
    check::<AccessRow>(
        "contract,position,price_list,warehouse\nC,1,L1,\nC,2,L2,MSK\nC,2,L3,\nC,,L4,\nC,-1,L5,\n",
        2,
        &[
            "row 4, contract: \"C, 2\" is there already, in row 3",
            "row 5, position: is empty",
            "row 6, position: \"-1\" is no whole number: write digits alone",
        ],
    );
    let mut many = "contract,position,price_list\n".to_owned();
    for position in 0..257 {
        many.push_str(&format!("C,{position},L{position}\n"));
    }
    check::<AccessRow>(&many, 256, &["row 258, contract: \"C\" has more than 256 entries"]);
}

#[test]
fn rates_and_index_values() {
    check::<ExchangeRateRow>(
        "from,to,valid_from,rate,per\nUSD,RUB,2026-05-01,92.5,\nJPY,RUB,2026-05-01,61,100\nUSD,USD,2026-05-01,1,\n\
         USD,RUB,2026-05-01,93,\nUSD,RUB,2026-05-02T10:00:00,93,\nUSD,EUR,2026-05-02,0,0\nUSD,EUR,,,\n",
        2,
        &[
            "row 4, to: \"USD\" is the currency of from",
            "row 5, from: \"USD, RUB, 2026-05-01\" is there already, in row 2",
            "row 6, valid_from: \"2026-05-02T10:00:00\" has a time: rates hold from a date on",
            "row 7, rate: \"0\" is not above zero",
            "row 7, per: \"0\" is not from 1 to 1000000000",
            "row 8, valid_from: is empty",
            "row 8, rate: is empty",
        ],
    );
    check::<IndexValueRow>(
        "index,valid_from,value\nLME,2026-05-01,100\nA+B,2026-05-01,1\nLME,2026-05-01T00:00:00,1\nLME,x,1\n",
        1,
        &[
            "row 3, index: \"A+B\" is no formula: write INDEX * 1.05 + 12.50, with blanks around the operators",
            "row 4, index: \"LME, 2026-05-01\" is there already, in row 2",
            "row 5, valid_from: \"x\" is no date-time: write 2026-05-01 or 2026-05-01T12:30:00",
        ],
    );
}
