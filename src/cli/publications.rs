//! `quoin publications`: what can be priced against?

use crate::api::publication::publication_of;
use crate::api::v1;
use crate::api::v1::publication_service_client::PublicationServiceClient;

use super::arguments::{Common, Publications};
use super::{Outcome, ask, json, output, report};

/// Publications of one page.
const PAGE: u32 = 1_000;

/// Runs it.
pub fn run(common: &Common, asked: &Publications) -> Outcome {
    let found: Vec<v1::Publication> = match &asked.server {
        None => {
            let caller = ask::caller(common)?;
            let retained = ask::folder(common, false)?.known_publications(&caller)?;
            retained.iter().rev().map(publication_of).collect()
        }
        Some(address) => {
            let message = v1::ListPublicationsRequest { page_size: PAGE, page_token: String::new() };
            let request = ask::request(common, message)?;
            let answer = ask::server(common, address, |channel| async {
                Ok(PublicationServiceClient::new(channel).list_publications(request).await?.into_inner())
            })?;
            answer.publications
        }
    };
    if common.json {
        output::json(&json::publications(&found))
    } else {
        output::text(&report::publications(&found))
    }
}
