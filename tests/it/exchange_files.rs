//! Which files are refused as a whole, and in what words?

use std::io::Write;
use std::path::PathBuf;

use quoin::exchange::fault::{Faults, RowFault};
use quoin::exchange::kind::Kind;
use quoin::exchange::prices::{ReadCounts, read_prices};
use quoin::exchange::source::{Format, Source, SourceError};

/// Writes `bytes` as the file `name` of a fresh folder.
pub fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, Source) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, Source::of_path(&path).unwrap())
}

/// What is reported of a prices file: the counts or the file's fault, and every row's fault as it is shown.
pub fn read(name: &str, bytes: &[u8]) -> (Result<ReadCounts, String>, Vec<String>) {
    let (_folder, source) = file(name, bytes);
    let mut faults = Faults::default();
    let read = read_prices(&source, &mut faults, &mut |_| {}, |_| Ok(()));
    (read.map_err(|fault| fault.to_string()), faults.kept().iter().map(RowFault::to_string).collect())
}

const PLAIN: &[u8] = b"price_list,sku,price\nL,S,1.50\n";

#[test]
fn whole_files_are_refused_in_clear_words() {
    let cases: &[(&str, &[u8], &str)] = &[
        ("empty file", b"", "is empty: a header line is needed"),
        (
            "no header",
            b"L1,S1,12.50\nL1,S2,13\n",
            "has no header line of prices: its first line is \"L1,S1,12.50\"",
        ),
        (
            "byte-order mark",
            b"\xef\xbb\xbfprice_list,sku,price\n",
            "begins with a byte-order mark: save it as UTF-8 without one",
        ),
        (
            "UTF-16",
            b"\xff\xfep\0r\0i\0c\0e\0",
            "row 1, byte 0: is not UTF-8; it looks like UTF-16: convert it to UTF-8",
        ),
        (
            "Windows-1251 in the second row of data",
            b"price_list,sku,price\nL,S,1\nL,\xf6\xe5\xec\xe5\xed\xf2,1\n",
            "row 3, byte 29: is not UTF-8; it looks like Windows-1251: convert it to UTF-8",
        ),
        (
            "Windows-1251 inside quotes",
            b"price_list,sku,price\nL,\"\xf6\xe5\xec\xe5\xed\xf2 \"\"50\"\"\",1\n",
            "row 2, byte 24: is not UTF-8; it looks like Windows-1251: convert it to UTF-8",
        ),
        (
            "bytes of no known encoding",
            b"price_list,sku,price\nL,\x80\x81\x82,1\n",
            "row 2, byte 23: is not UTF-8",
        ),
        (
            "unknown column with a known one near it",
            b"price_list,sku,prise\nL,S,1\n",
            "unknown column \"prise\" (is \"price\" meant?)",
        ),
        (
            "capitals",
            b"Price List,sku,price\n",
            "unknown column \"Price List\" (is \"price_list\" meant?); column \"price_list\" is missing",
        ),
        (
            "every fault of the header at once",
            b"sku,price,price,weight_in_kilograms\n",
            "column \"price\" is there twice; unknown column \"weight_in_kilograms\"; column \"price_list\" is missing",
        ),
        ("a column missing", b"sku,price\nS,1\n", "column \"price_list\" is missing"),
        (
            "text after a quote",
            b"price_list,sku,price\nL,\"S\"x,1\n",
            "row 2: text follows a closing quote: write a quote inside a quoted field twice",
        ),
        (
            "an open quote",
            b"price_list,sku,price\nL,\"S,1\nL,S2,1\n",
            "row 2: a quote is opened and never closed",
        ),
        (
            "tabs between the fields",
            b"price_list\tsku\tprice\nL\tS\t1\n",
            "has no header line of prices: its first line is \"price_list\tsku\tprice\"",
        ),
    ];
    for (what, bytes, message) in cases {
        let (read, rows) = read("prices.csv", bytes);
        assert_eq!(read, Err(format!("prices.csv: {message}")), "{what}");
        assert_eq!(rows, Vec::<String>::new(), "{what}");
    }
}

#[test]
fn files_of_every_shape_are_read() {
    let long = "x".repeat(300 << 10);
    let wide = format!("price_list,sku,price\nL,S,\"{long}\"\n");
    let cases: &[(&str, &[u8], u64, u64)] = &[
        ("plain", PLAIN, 1, 0),
        ("header only", b"price_list,sku,price\n", 0, 0),
        ("header only, without line end", b"price_list,sku,price", 0, 0),
        ("no line end at the end", b"price_list,sku,price\nL,S,1", 1, 0),
        ("semicolons", b"price_list;sku;price\nL;S,1;1.5\n", 1, 0),
        ("CRLF", b"price_list,sku,price\r\nL,S,1.50\r\nL,T,2\r\n", 2, 0),
        ("CRLF after quotes", b"price_list,sku,price\r\nL,S,\"1.50\"\r\n", 1, 0),
        ("quotes", b"\"price_list\",sku,price\n\"L,\"\"1\"\"\",\"S\",\"1.50\"\n", 1, 0),
        ("a quote that opens nothing", b"price_list,sku,price\nL,5\" pipe,1\n", 1, 0),
        ("blank lines", b"price_list,sku,price\n\nL,S,1\n\r\n\nL,T,1\n\n", 2, 0),
        ("a line longer than the buffer", wide.as_bytes(), 1, 1),
        ("Cyrillic in UTF-8", "price_list,sku,price\nОпт,Цемент М500,350\n".as_bytes(), 1, 0),
        ("short and long rows", b"price_list,sku,price\nL,S\nL,S,1,2\nL,S,1\n", 3, 2),
    ];
    for (what, bytes, rows, refused) in cases {
        let (counts, faults) = read("prices.csv", bytes);
        let counts = counts.unwrap();
        assert_eq!((counts.rows, counts.refused), (*rows, *refused), "{what}: {faults:?}");
        assert_eq!(counts.taken(), rows - refused, "{what}");
    }
}

#[test]
fn rows_are_numbered_as_an_editor_shows_them() {
    let text = b"price_list,sku,price\n\nL,\"two\nlines\",1\n\r\nL,S,x\nL,S\n";
    let (_, faults) = read("prices.csv", text);
    assert_eq!(
        faults,
        [
            "prices.csv: row 3, sku: \"two\nlines\" contains a control character",
            "prices.csv: row 5, price: \"x\" is not a decimal number",
            "prices.csv: row 6: has 2 fields, the header 3",
        ]
    );
}

#[test]
fn a_line_of_a_gibibyte_is_refused_after_its_first_mebibyte() {
    let (_folder, source) = file("prices.csv", b"price_list,sku,price\nL,");
    let begun = std::time::Instant::now();
    let sparse = std::fs::OpenOptions::new().append(true).open(&source.path).unwrap();
    sparse.set_len(1 << 30).unwrap();
    let mut faults = Faults::default();
    let mut heard = 0;
    let fault = read_prices(&source, &mut faults, &mut |bytes| heard = bytes, |_| Ok(())).unwrap_err();
    assert_eq!(
        fault.to_string(),
        "prices.csv: row 2: is longer than 1048576 bytes: is a closing quote missing?"
    );
    assert!(heard < 1 << 21, "{heard} bytes were read");
    assert!(begun.elapsed().as_secs() < 2, "{:?}", begun.elapsed());
}

#[test]
fn a_quote_that_swallows_the_file_is_refused_at_the_limit() {
    let mut bytes = b"price_list,sku,price\nL,\"".to_vec();
    for row in 0..200_000 {
        writeln!(bytes, "S{row},1.50").unwrap();
    }
    let (read, _) = read("prices.csv", &bytes);
    let message = "prices.csv: row 2: is longer than 1048576 bytes: is a closing quote missing?";
    assert_eq!(read, Err(message.to_owned()));
}

#[test]
fn the_longest_line_is_accepted_and_one_byte_more_is_not() {
    let line = |bytes: usize| {
        let value = "7".repeat(bytes - "L,S,".len());
        format!("price_list,sku,price\nL,S,{value}\nL,S,1\n")
    };
    let (counts, faults) = read("prices.csv", line(1 << 20).as_bytes());
    assert_eq!(counts.unwrap().rows, 2);
    assert_eq!(
        faults,
        [format!("prices.csv: row 2, price: \"{}…\" is beyond ±9,000,000,000,000", "7".repeat(63))]
    );
    let (fault, _) = read("prices.csv", line((1 << 20) + 1).as_bytes());
    assert_eq!(
        fault,
        Err("prices.csv: row 2: is longer than 1048576 bytes: is a closing quote missing?".to_owned())
    );
}

#[test]
fn sources_are_found_by_name_and_ordered_by_kind() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["prices-2.csv", "prices-1.parquet", "SKU-units.csv", "skus.csv", "units.CSV", "notes.txt"] {
        std::fs::write(folder.path().join(name), b"x").unwrap();
    }
    let found = Source::of_paths([folder.path()], None).unwrap();
    let found: Vec<(&str, Kind, Format)> =
        found.iter().map(|source| (source.name.as_str(), source.kind, source.format)).collect();
    assert_eq!(
        found,
        [
            ("units.CSV", Kind::Units, Format::Csv),
            ("skus.csv", Kind::Skus, Format::Csv),
            ("SKU-units.csv", Kind::SkuUnits, Format::Csv),
            ("prices-1.parquet", Kind::Prices, Format::Parquet),
            ("prices-2.csv", Kind::Prices, Format::Csv),
        ]
    );
    let stray = folder.path().join("stock.csv");
    std::fs::write(&stray, b"x").unwrap();
    let unknown = SourceError::UnknownKind { file: "stock.csv".to_owned() };
    assert_eq!(Source::of_paths([folder.path()], None), Err(unknown));
    assert_eq!(Source::of_kind(&stray, Kind::Prices).unwrap().kind, Kind::Prices);
    let text = PathBuf::from("prices.txt");
    assert_eq!(Source::of_path(&text), Err(SourceError::UnknownFormat { file: "prices.txt".to_owned() }));
}

#[test]
fn a_kind_is_the_first_part_of_a_name() {
    for (name, kind) in [
        ("prices.csv", Some(Kind::Prices)),
        ("prices-2026-05.parquet", Some(Kind::Prices)),
        ("prices_2026.csv", Some(Kind::Prices)),
        ("price_lists.csv", Some(Kind::PriceLists)),
        ("price-lists 7.csv", Some(Kind::PriceLists)),
        ("sku_units.csv", Some(Kind::SkuUnits)),
        ("units.csv", Some(Kind::Units)),
        ("unitsofmeasure.csv", None),
        ("my-prices.csv", None),
        ("price.csv", None),
    ] {
        assert_eq!(Kind::of_file_name(name), kind, "{name}");
    }
}
