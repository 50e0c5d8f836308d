//! Are the words the same at a terminal, whether a folder or a running server is asked?

use crate::process::{Serving, json, on, quoin};

use super::carts::seller_data;

/// A file's name and bytes, the exit code, and what is said on standard output and standard error.
type Case<'a> = (&'a str, &'a [u8], i32, &'a str, &'a str);

const ROWS: &str = "2 rows rejected:
  prices.csv: row 2, sku: \"BOLTS\" is no SKU of the catalogue: import it with the kind skus first
  prices.csv: row 4: row 3 has the same list, goods, unit, window and lower bound: keep one of them
refused: nothing is published; mend the rows above
";

const CASES: &[Case<'_>] = &[
    ("prices.csv", b"price_list,sku,price\nBASE,BOLTS,1\nBASE,NUT,1\nBASE,NUT,2\n", 1, ROWS, ""),
    (
        "prices.csv",
        b"price_list,sku,prise\n",
        1,
        "",
        "prices.csv: unknown column \"prise\" (is \"price\" meant?)\n",
    ),
    (
        "prices.csv",
        b"price_list,sku,price\nBASE,\xc1\xce\xcb\xd2,1\n",
        1,
        "",
        "prices.csv: row 2, byte 26: is not UTF-8; it looks like Windows-1251: convert it to UTF-8\n",
    ),
    ("prices.parquet", b"PAR1", 1, "", "prices.parquet: is no whole Parquet file: "),
];

#[test]
fn folder_and_server_say_the_same() {
    let (folder, data) = seller_data();
    let publications = || json(&on(&data, &["--json", "publications"]))["publications"].clone();
    let before = publications();
    let files: Vec<_> = CASES
        .iter()
        .enumerate()
        .map(|(number, (name, bytes, ..))| {
            let place = folder.path().join(number.to_string());
            std::fs::create_dir(&place).unwrap();
            std::fs::write(place.join(name), bytes).unwrap();
            place.join(name)
        })
        .collect();
    let check = |asked: &str, output: &std::process::Output, (name, _, code, out, err): &Case<'_>| {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let (said_out, said_err) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(*code), "{asked}, {name}: {said_out}{said_err}");
        assert!(
            said_out.ends_with(out) && said_out.is_empty() == out.is_empty(),
            "{asked}, {name}: {said_out}"
        );
        assert!(said_err.contains(err), "{asked}, {name}: {said_err}");
    };
    for (file, case) in files.iter().zip(CASES) {
        check("the folder", &on(&data, &["import", file.to_str().unwrap()]), case);
    }
    let serving = Serving::start(&data, &["--workers", "1"]);
    for (file, case) in files.iter().zip(CASES) {
        let asked = quoin().args(["import", "--server", &serving.address]).arg(file).output().unwrap();
        check("the server", &asked, case);
    }
    assert!(serving.stop().0.success());
    assert_eq!(publications(), before);
}
