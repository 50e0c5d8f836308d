//! Which files are refused whole, and does nothing of the set that they came in get through?

use quoin::domain::decimal::Micros;
use quoin::exchange::price_line::PriceLine;
use quoin::exchange::source::Format;
use quoin::exchange::write::PriceWriter;

use super::Seller;

/// A sound file beside each bad one: it must not get through either.
const SOUND: (&str, &[u8]) = ("skus.csv", b"sku,base_unit\nNEW,piece\n");

#[test]
fn a_file_that_cannot_be_read_refuses_the_whole_set() {
    let seller = Seller::new();
    let cases: &[(&str, &[u8], &str)] = &[
        (
            "prices.csv",
            b"price_list,sku,prise,colour\nBASE,BOLT,1,red\n",
            "prices.csv: unknown column \"prise\" (is \"price\" meant?); unknown column \"colour\"",
        ),
        ("prices.csv", b"sku,price\nBOLT,1\n", "prices.csv: column \"price_list\" is missing"),
        (
            "contracts.csv",
            b"contract,currency\nC-C,EUR\n",
            "contracts.csv: column \"counterparty\" is missing; column \"time_zone\" is missing",
        ),
        (
            "prices.csv",
            b"\xef\xbb\xbfprice_list,sku,price\nBASE,BOLT,1\n",
            "prices.csv: begins with a byte-order mark: save it as UTF-8 without one",
        ),
        (
            "counterparties.csv",
            b"counterparty,name\nGAMMA,\xce\xce\xce \xc3\xe0\xec\xec\xe0\n",
            "counterparties.csv: row 2, byte 24: is not UTF-8; it looks like Windows-1251: convert it to UTF-8",
        ),
        ("prices.csv", b"", "prices.csv: is empty: a header line is needed"),
        ("prices.parquet", b"", "prices.parquet: is no whole Parquet file: it is empty"),
    ];
    for (name, bytes, said) in cases {
        assert_eq!(seller.refused(&[SOUND, (name, bytes)]), [*said]);
    }
}

#[test]
fn a_parquet_file_that_was_cut_off_refuses_the_whole_set() {
    let seller = Seller::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("whole.parquet");
    let mut writer = PriceWriter::create(&path, Format::Parquet).unwrap();
    for price in 1..=20_000 {
        writer.write(&PriceLine { row: 0, ..PriceLine::plain("BASE", "BOLT", Micros(price)) }).unwrap();
    }
    writer.finish().unwrap();
    let whole = std::fs::read(&path).unwrap();
    for kept in [3, 100, whole.len() / 2, whole.len() - 1] {
        let said = seller.refused(&[SOUND, ("prices.parquet", &whole[..kept])]);
        assert!(said[0].starts_with("prices.parquet: is no whole Parquet file: "), "{kept}: {said:?}");
    }
    // The footer says where columns are; what is gone from their midst is found when it is read.
    let holed = [&whole[..whole.len() / 4], &vec![0; whole.len() / 4], &whole[whole.len() / 2..]].concat();
    let said = seller.refused(&[SOUND, ("prices.parquet", &holed)]);
    assert!(said[0].starts_with("prices.parquet: is no whole Parquet file: "), "{said:?}");
}

#[test]
fn a_line_of_a_gibibyte_refuses_the_whole_set() {
    let seller = Seller::new();
    let before = seller.state();
    let said = seller.import(&[SOUND, ("prices.csv", b"price_list,sku,price\nBASE,")], |job| {
        let prices = job.sources.iter().find(|source| source.name == "prices.csv").unwrap();
        let sparse = std::fs::OpenOptions::new().append(true).open(&prices.path).unwrap();
        sparse.set_len(1 << 30).unwrap();
    });
    let words = "prices.csv: row 2: is longer than 1048576 bytes: is a closing quote missing?";
    assert_eq!(said.unwrap_err(), words);
    assert_eq!(seller.state(), before);
}
