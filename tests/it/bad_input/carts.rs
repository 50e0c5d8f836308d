//! What does the asker read of a cart that can't be priced, or of a line of it?

use std::path::PathBuf;

use tempfile::TempDir;

use super::{seller_files, write};
use crate::process::{Serving, ended, on, quoin};

const AT: &str = "2026-06-01T10:00:00Z";

/// The seller's data in a folder that the binary may open.
pub fn seller_data() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (files, data) = (folder.path().join("files"), folder.path().join("data"));
    std::fs::create_dir(&files).unwrap();
    write(&files, &seller_files());
    let imported = on(&data, &["import", files.to_str().unwrap()]);
    assert_eq!(ended(&imported).0, 0, "{imported:?}");
    (folder, data)
}

fn out(output: &std::process::Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_line_that_cannot_be_priced_says_why_and_the_others_are_priced() {
    let (_folder, data) = seller_data();
    let cases = [
        ("BOLT=0", "BOLT: the quantity is zero or below"),
        ("BOLT=-1", "BOLT: the quantity is zero or below"),
        ("BOLT=1.5", "BOLT: the unit allows 0 digits after the point"),
        ("BOLT=0.5box", "BOLT: the unit allows 0 digits after the point"),
        ("SAND=0.1234", "SAND: the unit allows 3 digits after the point"),
        ("BOLT=1pallet", "BOLT: the SKU is not sold in this unit"),
        ("NUT=1box", "NUT: the SKU is not sold in this unit"),
        ("bolt=1", "bolt: no SKU has this id"),
        ("GLUE=1", "GLUE: no list of the contract has a price at this instant, in this unit and quantity"),
    ];
    for (line, why) in cases {
        let priced = on(&data, &["price", "--contract", "C-A", "--at", AT, line, "SAND=8"]);
        assert_eq!(ended(&priced), (1, String::new()), "{line}");
        let text = out(&priced);
        assert!(text.contains(&format!("no price: {why}\n")), "{line}: {text}");
        assert!(text.contains("total 1.00 EUR"), "{line}: 8 kg of sand are priced all the same: {text}");
    }
}

#[test]
fn a_cart_that_cannot_be_priced_says_why() {
    let (folder, data) = seller_data();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let lines = |count: usize| format!("sku,quantity\n{}", "BOLT,1\n".repeat(count));
    let (none, many, most) =
        (file("none.csv", &lines(0)), file("many.csv", &lines(5_000)), file("most.csv", &lines(20_001)));
    let cases: &[(&str, &[&str], i32, &str)] = &[
        ("C-X", &["--at", AT, "BOLT=1"], 3, "contract \"C-X\" is unknown"),
        ("c-a", &["--at", AT, "BOLT=1"], 3, "contract \"c-a\" is unknown"),
        // Berlin's midnight, and the second before it.
        ("C-A", &["--at", "2025-12-31T23:00:00Z", "BOLT=1"], 0, ""),
        ("C-A", &["--at", "2025-12-31T22:59:59Z", "BOLT=1"], 1, "contract \"C-A\" begins 2026-01-01"),
        ("C-A", &["--at", "2026-12-31T22:59:59Z", "BOLT=1"], 0, ""),
        ("C-A", &["--at", "2026-12-31T23:00:00Z", "BOLT=1"], 1, "contract \"C-A\" ended 2027-01-01"),
        ("C-A", &["--at", AT, "--cart", &none], 1, "the cart has no line"),
        ("C-A", &["--at", AT, "--cart", &many], 0, ""),
        (
            "C-A",
            &["--at", AT, "--cart", &most],
            1,
            "the cart has 20001 lines; at most 20000 are priced in one call",
        ),
        (
            "C-A",
            &["--at", AT, "--publication", "9", "BOLT=1"],
            1,
            "publication 9 is not retained; the retained ones are 1 to 1",
        ),
    ];
    for (contract, arguments, code, words) in cases {
        let priced = on(&data, &[&["price", "--contract", contract], *arguments].concat());
        let said = if words.is_empty() { String::new() } else { format!("quoin: {words}\n") };
        assert_eq!(ended(&priced), (*code, said), "{contract} {arguments:?}");
    }
}

#[test]
fn the_limit_of_lines_is_the_operators_to_set() {
    let (_folder, data) = seller_data();
    let serving = Serving::start(&data, &["--cart-lines-max", "3", "--workers", "1"]);
    let ask = |count: usize| {
        let lines = ["BOLT=1"].repeat(count);
        let options = ["price", "--server", &serving.address, "--contract", "C-A", "--at", AT];
        ended(&quoin().args(options).args(lines).output().unwrap())
    };
    assert_eq!(ask(3), (0, String::new()));
    let words = "quoin: the cart has 4 lines; at most 3 are priced in one call\n";
    assert_eq!(ask(4), (1, words.to_owned()));
    assert!(serving.stop().0.success());
}
