//! `quoin export`: a contract's whole price list into a file.

use std::path::Path;

use serde_json::json;

use crate::domain::contract::Circumstances;
use crate::domain::ids::PublicationNo;
use crate::engine::export::ExportError;
use crate::engine::listing::ListRequest;
use crate::exchange::source::Format;
use crate::pricing::request::NO_PARTICULARS;

use super::arguments::{Common, Export};
use super::failure::{Failure, UNAVAILABLE, USAGE};
use super::table::grouped;
use super::{Outcome, ask, cart_request, output};

/// Runs it.
pub fn run(common: &Common, asked: &Export) -> Outcome {
    let wrong = || Failure::new(USAGE, "--out: the file's name must end in .csv or .parquet");
    let format = Format::of_path(&asked.out).ok_or_else(wrong)?;
    let caller = ask::caller(common)?;
    let request = ListRequest {
        contract: &asked.contract,
        pricing_at: cart_request::instant(asked.at.as_deref())?,
        publication: asked.publication.map(PublicationNo),
        circumstances: Circumstances::default(),
        particulars: &NO_PARTICULARS,
    };
    let engine = ask::folder(common, false)?;
    let unfinished = unfinished(&asked.out);
    let (summary, rows) = engine.export(&caller, &request, &unfinished, format).map_err(|error| {
        drop(std::fs::remove_file(&unfinished));
        failure(error)
    })?;
    std::fs::rename(&unfinished, &asked.out)
        .map_err(|error| Failure::new(UNAVAILABLE, format!("{}: {error}", asked.out.display())))?;
    if common.json {
        return output::json(&json!({
            "file": asked.out.display().to_string(),
            "rows": rows,
            "skus": summary.listed,
            "currency": summary.currency.code(),
            "publication": summary.publication.0,
            "pricing_at": summary.pricing_at.to_string(),
            "local_time": summary.civil.to_string(),
        }));
    }
    output::text(&format!(
        "{}: {} rows, {} SKUs, {}, as of {} (publication {})\n",
        asked.out.display(),
        grouped(rows),
        grouped(summary.listed),
        summary.currency,
        summary.civil,
        summary.publication.0
    ))
}

/// A file that is not whole never stands under the name asked for.
fn unfinished(out: &Path) -> std::path::PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".unfinished");
    out.with_file_name(name)
}

fn failure(error: ExportError) -> Failure {
    match error {
        ExportError::Price(error) => error.into(),
        ExportError::Write(error) => Failure::new(UNAVAILABLE, error),
    }
}
