//! `quoin rebuild`: packs every price list anew for the catalogue of today.

use crate::api::publication::publication_of;

use super::arguments::Common;
use super::progress::Shown;
use super::table::grouped;
use super::{Outcome, ask, json, output};

/// Runs it.
pub fn run(common: &Common) -> Outcome {
    let engine = ask::folder(common, false)?;
    let manifest = engine.rebuild(&ask::caller(common)?, &Shown::new(common.json))?;
    if common.json {
        return output::json(&json::publications(&manifest.iter().map(publication_of).collect::<Vec<_>>()));
    }
    output::text(&match manifest {
        None => "nothing to rebuild: there is no price list\n".to_owned(),
        Some(manifest) => format!(
            "publication {}: {} price lists with {} price points were packed anew; no price has changed\n",
            manifest.number.0,
            grouped(manifest.lists),
            grouped(manifest.total_points)
        ),
    })
}
