//! `quoin check-config`: which settings would `quoin serve` run with, where does each come from, and what is wrong?

use serde_json::json;

use crate::server::config::{Fault, Loaded, Shown, keys, load};

use super::arguments::Common;
use super::failure::{Failure, USAGE};
use super::serve_arguments::Settings;
use super::table::{Side, Table};
use super::{Outcome, output};

/// Runs it.
pub fn run(common: &Common, asked: &Settings) -> Outcome {
    let loaded = loaded(asked);
    match (&loaded, common.json) {
        (Ok(loaded), true) => output::json(&to_json(loaded))?,
        (Ok(loaded), false) => output::text(&told(loaded))?,
        (Err(faults), true) => output::json(&json!({ "errors": faults_json(faults) }))?,
        (Err(faults), false) => return Err(failure(faults)),
    }
    loaded.map(drop).map_err(|_| Failure::told(USAGE))
}

/// The settings that flags, environment and file come to.
///
/// # Errors
/// Everything that is wrong with them.
pub fn loaded(asked: &Settings) -> Result<Loaded, Vec<Fault>> {
    load(&asked.stated())
}

/// Says everything that is wrong.
pub fn failure(faults: &[Fault]) -> Failure {
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    Failure::new(USAGE, format!("the configuration is not right:\n{}", lines.join("\n")))
}

fn told(loaded: &Loaded) -> String {
    let mut table = Table::new(&[("key", Side::Left), ("value", Side::Left), ("from", Side::Left)]);
    for key in keys() {
        let value = (key.show)(&loaded.config).text().to_owned();
        table.row([key.path.to_owned(), value, loaded.origin(key.path).to_string()]);
    }
    let warnings = loaded.warnings.iter().map(|warning| format!("warning: {warning}\n"));
    table.text() + &warnings.collect::<String>()
}

fn to_json(loaded: &Loaded) -> serde_json::Value {
    let settings = keys().map(|key| {
        let value = match (key.show)(&loaded.config) {
            Shown::Value(value) => json!(value),
            Shown::Nothing => json!(null),
            Shown::Secret => json!({ "secret": true }),
        };
        json!({ "key": key.path, "value": value, "from": loaded.origin(key.path).to_string() })
    });
    json!({ "settings": settings.collect::<Vec<_>>(), "warnings": faults_json(&loaded.warnings) })
}

fn faults_json(faults: &[Fault]) -> Vec<serde_json::Value> {
    faults.iter().map(|fault| json!({ "place": fault.place, "what": fault.what })).collect()
}
