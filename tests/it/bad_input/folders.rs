//! What does the operator read of a data folder that must not be opened, and is it left as it was?

use std::path::Path;

use quoin::store::{FORMAT, Family};

use super::carts::seller_data;
use crate::process::{Serving, ended, on};

const AT: &str = "2026-06-01T10:00:00Z";

/// Every command that opens a data folder.
fn commands(file: &str) -> Vec<Vec<&str>> {
    vec![
        vec!["serve", "--listen", "127.0.0.1:0"],
        vec!["import", file],
        vec!["price", "--contract", "C-A", "--at", AT, "BOLT=1"],
        vec!["publications"],
        vec!["check"],
    ]
}

fn last_line(text: &str) -> &str {
    text.lines().last().unwrap_or_default()
}

#[test]
fn a_data_folder_of_another_format_is_refused_by_every_command() {
    let (folder, data) = seller_data();
    set_format(&data, FORMAT + 1);
    let file = folder.path().join("files/prices.csv");
    let newer = FORMAT + 1;
    let words = format!(
        "quoin: data folder {} has format {newer}, this binary reads {FORMAT}: run the quoin that wrote it, or import into a new folder",
        data.display()
    );
    for command in commands(file.to_str().unwrap()) {
        let (code, said) = ended(&on(&data, &command));
        assert_eq!((code, last_line(&said)), (4, words.as_str()), "{command:?}");
    }
    set_format(&data, FORMAT);
    let priced = on(&data, &["price", "--contract", "C-A", "--at", AT, "BOLT=1"]);
    assert_eq!(ended(&priced), (0, String::new()), "left as it was");
}

/// Does as a later version would.
fn set_format(data: &Path, format: u32) {
    let families: Vec<&str> = Family::ALL.iter().map(|family| family.name()).chain(["default"]).collect();
    let db = rocksdb::DB::open_cf(&rocksdb::Options::default(), data.join("db"), families).unwrap();
    db.put_cf(db.cf_handle("meta").unwrap(), b"store/format", format.to_be_bytes()).unwrap();
}

#[test]
fn a_second_process_on_a_data_folder_is_told_who_has_it() {
    let (folder, data) = seller_data();
    let file = folder.path().join("files/prices.csv");
    let serving = Serving::start(&data, &["--workers", "1"]);
    let words = format!("quoin: data folder {} is in use by process {}", data.display(), serving.process());
    for command in commands(file.to_str().unwrap()) {
        let (code, said) = ended(&on(&data, &command));
        assert_eq!((code, last_line(&said)), (4, words.as_str()), "{command:?}");
    }
    assert!(serving.stop().0.success());
    assert_eq!(ended(&on(&data, &["check"])).0, 0);
}
