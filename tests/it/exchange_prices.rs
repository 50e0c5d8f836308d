//! Which rows of a prices file are refused, and what do the others say?

use quoin::domain::cell::CellFlags;
use quoin::domain::decimal::Micros;
use quoin::domain::ladder::{Over, TierMode};
use quoin::domain::time::CivilSecond;
use quoin::exchange::fault::{Faults, Refusal};
use quoin::exchange::price_line::{LineValue, PriceLine, TargetName};
use quoin::exchange::prices::read_prices;

use crate::exchange_files::{file, read};

/// One row under a header of its columns, and what is said of it.
#[test]
fn bad_rows_are_named_with_column_value_and_reason() {
    let forty = "4".repeat(40);
    let cases: &[(&str, &str, &str)] = &[
        // Decimals.
        (
            "price",
            "\"1,234.5\"",
            "price: \"1,234.5\" has a comma or blank: write digits and one dot, without thousands separators",
        ),
        (
            "price",
            "1 234.5",
            "price: \"1 234.5\" has a comma or blank: write digits and one dot, without thousands separators",
        ),
        ("price", "1e3", "price: \"1e3\" has an exponent: write the digits out"),
        ("price", "NaN", "price: \"NaN\" is not a decimal number"),
        ("price", "inf", "price: \"inf\" is not a decimal number"),
        ("price", "1.2345678", "price: \"1.2345678\" has more than 6 digits after the point"),
        ("price", &forty, &format!("price: \"{forty}\" is beyond ±9,000,000,000,000")),
        ("price", "9000000000000.000001", "price: \"9000000000000.000001\" is beyond ±9,000,000,000,000"),
        ("price", "-1", "price: \"-1\" is negative"),
        ("price", "0", "price: \"0\" is zero: where that is meant, set the flag free"),
        ("price,flags", "0.00,final", "price: \"0.00\" is zero: where that is meant, set the flag free"),
        ("price,flags", "-1,free", "price: \"-1\" is negative"),
        // Exactly one value.
        ("price", "", "price: is empty: state one of price, percent and formula, or op remove"),
        (
            "price,percent,percent_of",
            "1,5,B",
            "percent: \"5\" stands beside price: state one of price, percent and formula",
        ),
        (
            "price,formula",
            "1,LME",
            "formula: \"LME\" stands beside another: state one of price, percent and formula",
        ),
        (
            "percent,percent_of,formula",
            "5,B,LME",
            "formula: \"LME\" stands beside another: state one of price, percent and formula",
        ),
        ("price,percent_of", "1,B", "percent_of: \"B\" stands without percent"),
        ("percent,percent_of", "5,", "percent_of: is empty: percent needs the list that it is taken off"),
        ("percent", "5", "percent_of: is empty: percent needs the list that it is taken off"),
        ("percent,percent_of", "100.000001,B", "percent: \"100.000001\" is not from -1000 to 100"),
        ("percent,percent_of", "-1000.5,B", "percent: \"-1000.5\" is not from -1000 to 100"),
        (
            "percent,percent_of",
            "100,B",
            "percent: \"100\" leaves a price of zero: where that is meant, set the flag free",
        ),
        // Formulas.
        (
            "formula",
            "LME*1.05",
            "formula: \"LME*1.05\" is no formula: write INDEX * 1.05 + 12.50, with blanks around the operators",
        ),
        ("formula", "LME * x", "formula: \"LME * x\" has a coefficient that is not a decimal number"),
        ("formula", "LME * 0", "formula: \"LME * 0\" has a coefficient that is not above zero"),
        ("formula", "LME * -1", "formula: \"LME * -1\" has a coefficient that is not above zero"),
        (
            "formula",
            "LME + 1e3",
            "formula: \"LME + 1e3\" has a premium that has an exponent: write the digits out",
        ),
        ("formula", " * 2", "formula: \" * 2\" names no index: its id is empty"),
        // Tiers.
        (
            "tier_mode,from,price",
            "graduated,11,1",
            "from: \"11\" does not go with tier_mode graduated: state above, what stays in the lower tiers",
        ),
        (
            "tier_mode,above,price",
            "volume,10,1",
            "above: \"10\" does not go with tier_mode volume: state from, the quantity at which the tier begins",
        ),
        (
            "above,price",
            "10,1",
            "above: \"10\" does not go with tier_mode volume: state from, the quantity at which the tier begins",
        ),
        ("from,above,price", "11,10,1", "above: \"10\" stands beside from: state one of them"),
        ("from,price", "-1,1", "from: \"-1\" is negative"),
        ("from,to,price", "10,9,1", "to: \"9\" ends the tier before it begins"),
        ("tier_mode,above,to,price", "graduated,10,10,1", "to: \"10\" ends the tier before it begins"),
        ("tier_mode,price", "stepped,1", "tier_mode: \"stepped\" is neither volume nor graduated"),
        ("over,price", "cart,1", "over: \"cart\" is neither line nor sku"),
        ("per,price", "0,1", "per: \"0\" is not from 1 to 1,000,000,000"),
        ("per,price", "1000000001,1", "per: \"1000000001\" is not from 1 to 1,000,000,000"),
        ("per,price", "1.5,1", "per: \"1.5\" is no whole number: write digits alone"),
        ("per,price", "-1,1", "per: \"-1\" is no whole number: write digits alone"),
        // Windows.
        (
            "valid_from,price",
            "01.05.2026,1",
            "valid_from: \"01.05.2026\" is no date-time: write 2026-05-01 or 2026-05-01T12:30:00",
        ),
        (
            "valid_to,price",
            "2026-02-30,1",
            "valid_to: \"2026-02-30\" is no date-time: write 2026-05-01 or 2026-05-01T12:30:00",
        ),
        (
            "valid_from,valid_to,price",
            "2026-05-01,2026-05-01,1",
            "valid_to: \"2026-05-01\" the window ends before or when it begins",
        ),
        (
            "valid_to,valid_through,price",
            "2026-05-01,2026-05-01,1",
            "valid_through: \"2026-05-01\" stands beside valid_to: state one of them",
        ),
        // Words.
        (
            "flags,price",
            "cheap,1",
            "flags: \"cheap\" has an unknown flag: known are no_discount, final, free, joined by +",
        ),
        ("op,price", "delete,1", "op: \"delete\" is neither set nor remove"),
        ("op,price", "remove,1", "price: \"1\" stands beside op remove, which removes the whole cell"),
        ("op,from", "remove,1", "from: \"1\" stands beside op remove, which removes the whole cell"),
        ("unit,price", " box,1", "unit: \" box\" begins or ends with a blank"),
        ("brand,price", "B,1", "brand: \"B\" stands beside another: state one of sku, category and brand"),
        (
            "category,price",
            "A/B,1",
            "category: \"A/B\" stands beside sku: state one of sku, category and brand",
        ),
    ];
    for (columns, fields, message) in cases {
        let text = format!("price_list,sku,{columns}\nL,S,{fields}\n");
        let (counts, faults) = read("prices.csv", text.as_bytes());
        assert_eq!(faults, [format!("prices.csv: row 2, {message}")], "{columns} {fields}");
        assert_eq!(counts.unwrap().taken(), 0);
    }
}

#[test]
fn bad_names_are_refused() {
    let long = "x".repeat(65);
    let cases: &[(&str, &str, &str)] = &[
        ("sku", "", "sku: is empty: state one of sku, category and brand"),
        ("sku", &long, &format!("sku: \"{}…\" is longer than 64 bytes", "x".repeat(63))),
        ("sku", "e\u{301}", "sku: \"e\u{301}\" is not in Unicode normal form C"),
        ("category", "A//B", "category: \"A//B\" has a level that is empty"),
        ("category", "A/ B", "category: \"A/ B\" has a level that begins or ends with a blank"),
        (
            "category",
            "1/2/3/4/5/6/7/8/9/10/11/12/13",
            "category: \"1/2/3/4/5/6/7/8/9/10/11/12/13\" has more than 12 levels",
        ),
    ];
    for (column, name, message) in cases {
        let (_, faults) = read("prices.csv", format!("price_list,price,{column}\nL,1,{name}\n").as_bytes());
        assert_eq!(faults, [format!("prices.csv: row 2, {message}")], "{column} {name}");
    }
    let (_, faults) = read("prices.csv", b"price_list,sku,price\n,S,1\n");
    assert_eq!(faults, ["prices.csv: row 2, price_list: is empty"]);
}

fn day(text: &str) -> Option<CivilSecond> {
    Some(CivilSecond::parse(text).unwrap())
}

/// Rows under the header of every column, and what is read of them beside the plain line.
#[test]
fn good_rows_say_what_they_say() {
    type Change = fn(&mut PriceLine<'_>);
    let plain = PriceLine { row: 2, ..PriceLine::plain("L", "S", Micros(1_500_000)) };
    let cases: &[(&str, &str, Change)] = &[
        ("price", "1.5", |_| {}),
        ("price,op,over,tier_mode,per", "1.50,set,line,volume,1", |_| {}),
        ("price,from,to", "1.5,11,20.5", |line| {
            (line.lower, line.upper) = (Micros(11_000_000), Some(Micros(20_500_000)));
        }),
        ("price,from,to", "1.5,11,11", |line| {
            (line.lower, line.upper) = (Micros(11_000_000), Some(Micros(11_000_000)));
        }),
        ("price,tier_mode,above,over", "1.5,graduated,10,sku", |line| {
            (line.mode, line.over, line.lower) = (TierMode::Graduated, Over::Sku, Micros(10_000_000));
        }),
        ("price,tier_mode", "1.5,graduated", |line| line.mode = TierMode::Graduated),
        ("price,unit,per,currency", "1.5,t,1000,EUR", |line| {
            (line.unit, line.per, line.currency) = (Some("t"), 1_000, Some("EUR"));
        }),
        ("price,flags", "0,free+final", |line| {
            line.flags = CellFlags::FREE.with(CellFlags::FINAL);
            line.value = LineValue::Price(Micros::ZERO);
        }),
        ("percent,percent_of", "15,B", |line| {
            line.value = LineValue::Percent { percent: Micros(15_000_000), of: "B" };
        }),
        ("percent,percent_of,flags", "100,B,free", |line| {
            line.flags = CellFlags::FREE;
            line.value = LineValue::Percent { percent: Micros(100_000_000), of: "B" };
        }),
        ("percent,percent_of", "-1000,B", |line| {
            line.value = LineValue::Percent { percent: Micros(-1_000_000_000), of: "B" };
        }),
        ("formula", "LME-CU", |line| line.value = formula("LME-CU", 1_000_000, 0)),
        ("formula", "LME-CU * 1.05", |line| line.value = formula("LME-CU", 1_050_000, 0)),
        ("formula", "LME CU + 12.50", |line| line.value = formula("LME CU", 1_000_000, 12_500_000)),
        ("formula", "LME * 1.05 - 3", |line| line.value = formula("LME", 1_050_000, -3_000_000)),
        ("op", "remove", |line| line.value = LineValue::Remove),
        ("price,valid_from,valid_to", "1.5,2026-05-01,2026-05-02T12:30:00", |line| {
            line.window.from = day("2026-05-01");
            line.window.to = day("2026-05-02T12:30:00");
        }),
        ("price,valid_through", "1.5,2026-05-01", |line| line.window.to = day("2026-05-02")),
        ("price,valid_through", "1.5,2026-05-01 23:59:59", |line| line.window.to = day("2026-05-02")),
    ];
    for (columns, fields, change) in cases {
        let (_folder, source) =
            file("prices.csv", format!("price_list,sku,{columns}\nL,S,{fields}\n").as_bytes());
        let mut expected = plain;
        change(&mut expected);
        let mut faults = Faults::default();
        let mut seen = 0;
        read_prices(&source, &mut faults, &mut |_| {}, |line| {
            assert_eq!(*line, expected, "{columns} {fields}");
            seen += 1;
            Ok(())
        })
        .unwrap();
        assert_eq!((seen, faults.kept()), (1, [].as_slice()), "{columns} {fields}");
    }
}

fn formula(index: &'static str, coefficient: i64, premium: i64) -> LineValue<'static> {
    LineValue::Formula { index, coefficient: Micros(coefficient), premium: Micros(premium) }
}

#[test]
fn targets_are_skus_categories_or_brands() {
    let text = "price_list,sku,category,brand,price\nL,S,,,1\nL,,A/B,,1\nL,,,X,1\n";
    let (_folder, source) = file("prices.csv", text.as_bytes());
    let mut targets = Vec::new();
    read_prices(&source, &mut Faults::default(), &mut |_| {}, |line| {
        targets.push(format!("{:?}", line.target));
        Ok(())
    })
    .unwrap();
    let expected = [TargetName::Sku("S"), TargetName::Category("A/B"), TargetName::Brand("X")];
    assert_eq!(targets, expected.map(|target| format!("{target:?}")));
}

#[test]
fn a_sink_refuses_rows_and_reading_goes_on() {
    let mut text = "price_list,sku,price\n".to_owned();
    for row in 0..2_500 {
        text.push_str(&format!("L,S{row},1\n"));
    }
    let (_folder, source) = file("prices.csv", text.as_bytes());
    let mut faults = Faults::default();
    let counts = read_prices(&source, &mut faults, &mut |_| {}, |line| {
        let TargetName::Sku(sku) = line.target else { return Ok(()) };
        if line.row % 2 == 0 { Err(Refusal::new("sku", sku, "is no SKU of ours")) } else { Ok(()) }
    })
    .unwrap();
    assert_eq!((counts.rows, counts.refused), (2_500, 1_250));
    assert_eq!((faults.count(), faults.kept().len()), (1_250, 1_000));
    assert_eq!(faults.by_reason().iter().collect::<Vec<_>>(), [(&"is no SKU of ours".to_owned(), &1_250)]);
    assert_eq!(faults.kept()[1].to_string(), "prices.csv: row 4, sku: \"S2\" is no SKU of ours");
}
