//! How is a running server asked about the ledger? With documents in parts, and page after page.

use prost::Message;
use tonic::transport::Channel;

use crate::api::document::sent;
use crate::api::moment::timestamp;
use crate::api::v1;
use crate::api::v1::ledger_service_client::LedgerServiceClient;
use crate::cli::arguments::Common;
use crate::cli::ask;
use crate::cli::failure::Failure;
use crate::domain::time::Instant;
use crate::engine::ledger::FiledDocuments;
use crate::exchange::fault::Faults;

use super::arguments::{Of, Post, Purchases};

/// Records of one page.
const PAGE: u32 = 1_000;
/// Bytes of documents in one request, about: a server takes 8 MiB.
const PART_BYTES: usize = 4 << 20;
/// Reports may be long.
const ANSWER_BYTES: usize = 256 << 20;

fn client(channel: Channel) -> LedgerServiceClient<Channel> {
    LedgerServiceClient::new(channel).max_decoding_message_size(ANSWER_BYTES)
}

/// Documents in parts, each with the place of its first.
fn parts(documents: Vec<v1::Document>) -> Vec<(usize, Vec<v1::Document>)> {
    let mut parts: Vec<(usize, Vec<v1::Document>)> = Vec::new();
    let mut bytes = usize::MAX;
    for (place, document) in documents.into_iter().enumerate() {
        let size = document.encoded_len();
        if bytes.saturating_add(size) > PART_BYTES {
            parts.push((place, Vec::new()));
            bytes = 0;
        }
        bytes += size;
        if let Some((_, part)) = parts.last_mut() {
            part.push(document);
        }
    }
    parts
}

/// Posts documents in parts. All parts are tried before the first is posted, so that what is wrong is told before anything is
/// written.
pub fn post(
    common: &Common,
    address: &str,
    asked: &Post,
    mut filed: FiledDocuments,
) -> Result<(v1::PostReport, Faults), Failure> {
    let documents = filed.documents.iter().map(|(_, document)| sent(&document.draft, true)).collect();
    let parts = parts(documents);
    let tries: &[bool] = if asked.dry_run { &[true] } else { &[true, false] };
    let mut report = v1::PostReport::default();
    for dry_run in tries {
        report = stream(common, address, &parts, (asked.park_unknown, *dry_run))?;
        for fault in &report.faults {
            filed.refuse((fault.place, fault.line), &fault.field, &fault.value, &fault.reason);
        }
        if filed.faults.count() > 0 {
            return Ok((v1::PostReport::default(), filed.faults));
        }
    }
    Ok((report, filed.faults))
}

fn stream(
    common: &Common,
    address: &str,
    parts: &[(usize, Vec<v1::Document>)],
    (park_unknown, dry_run): (bool, bool),
) -> Result<v1::PostReport, Failure> {
    let messages: Vec<v1::StreamDocumentsRequest> = parts
        .iter()
        .map(|(_, documents)| {
            let documents = documents.clone();
            let post = v1::PostDocumentsRequest { documents, park_unknown, dry_run };
            v1::StreamDocumentsRequest { post: Some(post) }
        })
        .collect();
    let request = ask::request(common, tokio_stream::iter(messages))?;
    let firsts: Vec<u32> = parts.iter().map(|(first, _)| u32::try_from(*first).unwrap_or(u32::MAX)).collect();
    ask::server(common, address, |channel| async move {
        let mut answers = client(channel).stream_documents(request).await?.into_inner();
        let mut all = v1::PostReport::default();
        let mut firsts = firsts.into_iter();
        while let Some(answer) = answers.message().await? {
            let mut report = answer.report.unwrap_or_default();
            let first = firsts.next().unwrap_or_default();
            report.faults.iter_mut().for_each(|fault| fault.place = fault.place.saturating_add(first));
            all.outcomes.extend(report.outcomes);
            all.faults.extend(report.faults);
            all.faults_untold += report.faults_untold;
        }
        Ok(all)
    })
}

/// A document by its id.
pub fn show(common: &Common, address: &str, id: &str) -> Result<v1::GetDocumentResponse, Failure> {
    let request = ask::request(common, v1::GetDocumentRequest { id: id.to_owned() })?;
    ask::server(common, address, |channel| async {
        Ok(client(channel).get_document(request).await?.into_inner())
    })
}

/// All that is put aside.
pub fn parked(common: &Common, address: &str) -> Result<Vec<v1::ParkedDocument>, Failure> {
    let (mut found, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ask::request(common, v1::ListParkedDocumentsRequest { page_size: PAGE, page_token })?;
        let answer = ask::server(common, address, |channel| async {
            Ok(client(channel).list_parked_documents(request).await?.into_inner())
        })?;
        found.extend(answer.documents);
        page_token = answer.next_page_token;
        if page_token.is_empty() {
            return Ok(found);
        }
    }
}

/// What was bought.
pub fn purchases(common: &Common, address: &str, asked: &Purchases) -> Result<Vec<v1::Purchases>, Failure> {
    let of = match asked.of {
        Of::Contract => v1::PurchasesOf::Contract,
        Of::Counterparty => v1::PurchasesOf::Counterparty,
        Of::Holding => v1::PurchasesOf::Holding,
        Of::Payer => v1::PurchasesOf::Payer,
        Of::ShipTo => v1::PurchasesOf::ShipTo,
    };
    let message = v1::GetPurchasesRequest {
        contract: asked.contract.clone(),
        of: of.into(),
        first_day: asked.from.clone(),
        last_day: asked.through.clone(),
    };
    let request = ask::request(common, message)?;
    let answer = ask::server(common, address, |channel| async {
        Ok(client(channel).get_purchases(request).await?.into_inner())
    })?;
    Ok(answer.purchases)
}

/// Where measures stand.
pub fn measures(
    common: &Common,
    address: &str,
    contract: &str,
    at: Option<Instant>,
) -> Result<Vec<v1::MeasureStands>, Failure> {
    let message = v1::GetMeasuresRequest { contract: contract.to_owned(), at: at.map(timestamp) };
    let request = ask::request(common, message)?;
    let answer = ask::server(common, address, |channel| async {
        Ok(client(channel).get_measures(request).await?.into_inner())
    })?;
    Ok(answer.measures)
}

/// What a dashboard shows of a contract.
pub fn progress(
    common: &Common,
    address: &str,
    contract: &str,
    at: Option<Instant>,
) -> Result<v1::GetProgressResponse, Failure> {
    let (contract, at) = (contract.to_owned(), at.map(timestamp));
    let request = ask::request(common, v1::GetProgressRequest { contract, at, language: String::new() })?;
    ask::server(common, address, |channel| async {
        Ok(client(channel).get_progress(request).await?.into_inner())
    })
}

/// What a contract is entitled to.
pub fn accruals(
    common: &Common,
    address: &str,
    contract: &str,
    at: Option<Instant>,
) -> Result<v1::GetAccrualsResponse, Failure> {
    let (contract, at) = (contract.to_owned(), at.map(timestamp));
    let request = ask::request(common, v1::GetAccrualsRequest { contract, at, language: String::new() })?;
    ask::server(common, address, |channel| async {
        Ok(client(channel).get_accruals(request).await?.into_inner())
    })
}
