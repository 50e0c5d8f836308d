//! Which price rows are refused because of what the catalogue or other rows say?

use quoin::engine::import::Verdict;

use super::Seller;

#[test]
fn names_that_nobody_knows_are_refused() {
    let seller = Seller::new();
    let cases: &[(&str, &str, &str)] = &[
        (
            "price_list,sku,price",
            "BASE,BOLTS,1",
            "sku: \"BOLTS\" is no SKU of the catalogue: import it with the kind skus first",
        ),
        (
            "price_list,sku,price",
            "BASE,bolt,1",
            "sku: \"bolt\" is no SKU of the catalogue: import it with the kind skus first",
        ),
        (
            "price_list,sku,price",
            "BASIS,BOLT,1",
            "price_list: \"BASIS\" is no price list: import it with the kind price_lists first",
        ),
        (
            "price_list,sku,unit,price",
            "BASE,BOLT,pallet,1",
            "unit: \"pallet\" is no unit: import it with the kind units first",
        ),
        (
            "price_list,sku,unit,price",
            "BASE,NUT,box,1",
            "unit: \"box\" is no unit of SKU \"NUT\": state its factor with the kind sku_units first",
        ),
        (
            "price_list,category,price",
            "BASE,Metal/Nails,1",
            "category: \"Metal/Nails\" is the category of no SKU: check the path",
        ),
        ("price_list,brand,price", "BASE,ACME,1", "brand: \"ACME\" is the brand of no SKU: check the name"),
        (
            "price_list,sku,price,currency",
            "BASE,BOLT,1,USD",
            "currency: \"USD\" is not the currency of price list \"BASE\", which is EUR",
        ),
        (
            "price_list,sku,price,currency",
            "BASE,BOLT,1,EURO",
            "currency: \"EURO\" is no ISO 4217 currency: write three capital letters, as in EUR",
        ),
        (
            "price_list,sku,percent,percent_of",
            "BASE,BOLT,5,LIST",
            "percent_of: \"LIST\" is no price list: import it with the kind price_lists first",
        ),
        (
            "price_list,sku,percent,percent_of",
            "BASE,BOLT,5,BASE",
            "percent_of: \"BASE\" is the list itself: name another",
        ),
        (
            "price_list,sku,formula",
            "BASE,BOLT,ZINC * 2",
            "formula: \"ZINC\" is no price index: import its values with the kind index_values first",
        ),
        (
            "price_list,sku,op,valid_from",
            "BASE,BOLT,remove,2026-05-01",
            "op: \"remove\" there is no such cell to remove: check list, goods, unit and window",
        ),
    ];
    for (header, row, said) in cases {
        let text = format!("{header}\n{row}\n");
        assert_eq!(seller.refused_text("prices.csv", &text), [format!("prices.csv: row 2, {said}")], "{row}");
    }
}

/// Rows of list `BASE` and SKU `BOLT`, and the sentences about them without the file's name.
fn of_cells(cases: &[(&str, &str, &[&str])]) {
    let seller = Seller::new();
    for (header, rows, expected) in cases {
        let rows: Vec<String> = rows.split(' ').map(|row| format!("BASE,BOLT,{row}\n")).collect();
        let text = format!("price_list,sku,{header}\n{}", rows.concat());
        let said = seller.refused_text("prices.csv", &text);
        let expected: Vec<String> = expected.iter().map(|words| format!("prices.csv: {words}")).collect();
        assert_eq!(said, expected, "{header}: {rows:?}");
    }
}

#[test]
fn a_cell_is_stated_once() {
    let same = "has the same list, goods, unit, window and lower bound: keep one of them";
    let row = |row: u64, other: u64| format!("row {row}: row {other} {same}");
    of_cells(&[
        ("price", "1 2", &[&row(3, 2)]),
        ("price", "1 1", &[&row(3, 2)]),
        ("price", "1 2 3", &[&row(3, 2), &row(4, 3)]),
        ("unit,price", ",1 piece,2", &[&row(3, 2)]),
        ("from,price", ",1 10,0.9 10.0,0.8", &[&row(4, 3)]),
        // One window, written in two ways.
        (
            "price,valid_from,valid_to,valid_through",
            "1,2026-05-01,2026-06-01, 2,2026-05-01T00:00:00,,2026-05-31",
            &[&row(3, 2)],
        ),
        (
            "price,valid_from,valid_through",
            "1,2026-05-01,2026-05-31 2,2026-05-01,2026-05-31T23:59:59",
            &[&row(3, 2)],
        ),
    ]);
    let seller = Seller::new();
    let (one, two): (&[u8], &[u8]) =
        (b"price_list,sku,price\nBASE,NUT,1\nBASE,BOLT,1\n", b"price_list,sku,price\nBASE,BOLT,2\n");
    assert_eq!(
        seller.refused(&[("prices-1.csv", one), ("prices-2.csv", two)]),
        [format!("prices-2.csv: row 2: row 3 of prices-1.csv {same}")]
    );
}

#[test]
fn tiers_of_a_cell_make_a_ladder_or_are_refused() {
    let ladder = "which is a tier of the same cell";
    of_cells(&[
        (
            "from,to,price",
            "0,10,1 5,20,2",
            &["row 3, from: \"5\" begins inside the tier of row 2, which ends at 10: tiers do not overlap"],
        ),
        // The rows of a ladder may come in any order; what is wrong is told of the row that has it.
        (
            "from,to,price",
            "5,20,2 0,10,1",
            &["row 2, from: \"5\" begins inside the tier of row 3, which ends at 10: tiers do not overlap"],
        ),
        (
            "tier_mode,above,to,price",
            "graduated,0,10,1 graduated,8,,2",
            &["row 3, above: \"8\" begins inside the tier of row 2, which ends at 10: tiers do not overlap"],
        ),
        (
            "tier_mode,above,to,price",
            "graduated,0,10,1 graduated,12,,2",
            &[
                "row 3, above: \"12\" does not go on from the tier of row 2, which ends at 10: graduated tiers leave no gap",
            ],
        ),
        (
            "tier_mode,above,price",
            "graduated,10,1 graduated,20,2",
            &[
                "row 2, above: \"10\" leaves what lies below it without a price: a graduated ladder begins above 0",
            ],
        ),
        ("from,to,price", "10,5,1", &["row 2, to: \"5\" ends the tier before it begins"]),
        (
            "from,per,price",
            ",1,1 10,100,90",
            &[&format!("row 3, per: differs from row 2, {ladder}: state one")],
        ),
        (
            "over,from,price",
            "line,,1 sku,10,2",
            &[&format!("row 3, over: differs from row 2, {ladder}: state one")],
        ),
        (
            "tier_mode,above,price",
            ",,1 graduated,10,2",
            &[&format!("row 3, tier_mode: differs from row 2, {ladder}: state one")],
        ),
        (
            "from,price,flags",
            ",1,final 10,2,",
            &[&format!("row 3, flags: differs from row 2, {ladder}: state the same on every tier")],
        ),
        (
            "from,price,percent,percent_of",
            ",1,, 10,,5,OWN-A",
            &[&format!(
                "row 3: differs from row 2, {ladder}: prices, percentages, formulas and removals do not mix"
            )],
        ),
    ]);
    let many: Vec<String> = (0..65).map(|tier| format!("BASE,BOLT,{tier},1\n")).collect();
    let text = format!("price_list,sku,from,price\n{}", many.concat());
    assert_eq!(
        Seller::new().refused_text("prices.csv", &text),
        ["prices.csv: row 2, from: \"0\" has more than 64 tiers"]
    );
}

#[test]
fn the_order_of_a_ladders_rows_does_not_matter() {
    let seller = Seller::new();
    let text = b"price_list,sku,from,price\nOWN-A,BOLT,100,0.70\nOWN-A,BOLT,,0.90\nOWN-A,BOLT,10,0.80\n";
    let report = seller.import(&[("prices.csv", text)], |_| {}).unwrap();
    assert_eq!((report.verdict, report.points.changed), (Verdict::Published, 3), "{report:#?}");
    assert_eq!(seller.price("C-A", "BOLT"), "0.9");
}

/// Everything that can be wrong with a number, a name, a cell and a ladder, in one file.
#[test]
fn all_errors_of_a_file_are_told_at_once() {
    let seller = Seller::new();
    let digits = "4".repeat(40);
    let text = format!(
        "price_list,sku,tier_mode,above,to,price,flags\n\
         BASE,BOLT,,,,\"1,234.5\",\n\
         BASE,BOLT,,,,1e3,\n\
         BASE,BOLT,,,,NaN,\n\
         BASE,BOLT,,,,{digits},\n\
         BASE,BOLT,,,,-1,\n\
         BASE,BOLT,,,,0,\n\
         BASE,BOLT,,,,0,cheap\n\
         BASE,BOLTS,,,,1,\n\
         BASIS,BOLT,,,,1,\n\
         BASE,NUT,,,,1,\n\
         BASE,NUT,,,,2,\n\
         BASE,SAND,graduated,,10,x,\n\
         BASE,SAND,graduated,10,20,1,\n\
         BASE,SAND,graduated,15,,2,\n\
         OWN-A,NUT,graduated,,10,y,\n\
         OWN-A,NUT,graduated,10,,2,\n\
         BASE,BOLT\n"
    );
    let expected = [
        "row 2, price: \"1,234.5\" has a comma or blank: write digits and one dot, without thousands separators",
        "row 3, price: \"1e3\" has an exponent: write the digits out",
        "row 4, price: \"NaN\" is not a decimal number",
        &format!("row 5, price: \"{digits}\" is beyond ±9,000,000,000,000"),
        "row 6, price: \"-1\" is negative",
        "row 7, price: \"0\" is zero: where that is meant, set the flag free",
        "row 8, flags: \"cheap\" has an unknown flag: known are no_discount, final, free, joined by +",
        "row 9, sku: \"BOLTS\" is no SKU of the catalogue: import it with the kind skus first",
        "row 10, price_list: \"BASIS\" is no price list: import it with the kind price_lists first",
        "row 13, price: \"x\" is not a decimal number",
        "row 16, price: \"y\" is not a decimal number",
        "row 18: has 2 fields, the header 7",
        "row 12: row 11 has the same list, goods, unit, window and lower bound: keep one of them",
        "row 15, above: \"15\" begins inside the tier of row 14, which ends at 20: tiers do not overlap",
        // Row 17 lacks only the tier of row 16, which has been named: nothing is said of it.
    ];
    let said = seller.refused_text("prices.csv", &text);
    assert_eq!(said, expected.map(|words| format!("prices.csv: {words}")));
}
