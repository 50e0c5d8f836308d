//! How is a running server asked about the policy? With files in chunks, and page after page.

use tonic::Request;
use tonic::transport::Channel;

use crate::api::policy::parts_of;
use crate::api::policy_files::PolicyFiles;
use crate::api::v1;
use crate::api::v1::policy_service_client::PolicyServiceClient;
use crate::api::v1::publish_policy_request::Part;
use crate::cli::arguments::Common;
use crate::cli::ask;
use crate::cli::failure::Failure;
use crate::engine::policy::PolicyFile;

use super::arguments::{Diff, Publish, Rollback};

/// Records of one page.
const PAGE: u32 = 1_000;
/// Findings and differences may be long.
const ANSWER_BYTES: usize = 256 << 20;

fn client(channel: Channel) -> PolicyServiceClient<Channel> {
    PolicyServiceClient::new(channel).max_decoding_message_size(ANSWER_BYTES)
}

/// What is wrong with files.
pub fn check(common: &Common, address: &str, files: Vec<PolicyFile>) -> Result<v1::PolicyFindings, Failure> {
    let parts = parts_of(files).map(|part| v1::CheckPolicyRequest { part: Some(part) });
    let request: Request<_> = ask::request(common, tokio_stream::iter(parts.collect::<Vec<_>>()))?;
    let answer = ask::server(common, address, |channel| async {
        Ok(client(channel).check_policy(request).await?.into_inner())
    })?;
    Ok(answer.findings.unwrap_or_default())
}

/// Publishes files.
pub fn publish(
    common: &Common,
    address: &str,
    asked: &Publish,
    files: Vec<PolicyFile>,
) -> Result<v1::PolicyReport, Failure> {
    let header = v1::PolicyHeader {
        note: asked.note.clone(),
        dry_run: asked.dry_run,
        request_id: asked.request_id.clone().unwrap_or_default(),
    };
    let parts = std::iter::once(Part::Header(header)).chain(parts_of(files).map(Part::Policy));
    let messages = parts.map(|part| v1::PublishPolicyRequest { part: Some(part) });
    let request = ask::request(common, tokio_stream::iter(messages.collect::<Vec<_>>()))?;
    let answer = ask::server(common, address, |channel| async {
        Ok(client(channel).publish_policy(request).await?.into_inner())
    })?;
    Ok(answer.report.unwrap_or_default())
}

/// Restores a version.
pub fn rollback(common: &Common, address: &str, asked: &Rollback) -> Result<v1::PolicyReport, Failure> {
    let message = v1::RollbackPolicyRequest {
        to_version: asked.version,
        note: asked.note.clone(),
        request_id: asked.request_id.clone().unwrap_or_default(),
    };
    let request = ask::request(common, message)?;
    let answer = ask::server(common, address, |channel| async {
        Ok(client(channel).rollback_policy(request).await?.into_inner())
    })?;
    Ok(answer.report.unwrap_or_default())
}

/// A version and its files; the newest where the number is zero.
pub fn show(
    common: &Common,
    address: &str,
    version: u64,
) -> Result<(v1::PolicyVersion, Vec<PolicyFile>), Failure> {
    use v1::get_policy_response::Part;
    let request = ask::request(common, v1::GetPolicyRequest { version })?;
    ask::server(common, address, |channel| async {
        let mut parts = client(channel).get_policy(request).await?.into_inner();
        let (mut version, mut files) = (v1::PolicyVersion::default(), PolicyFiles::default());
        while let Some(message) = parts.message().await? {
            match message.part {
                Some(Part::Version(head)) => version = head,
                Some(Part::Policy(part)) => files.take(Some(part))?,
                None => files.take(None)?,
            }
        }
        Ok((version, files.finish()?))
    })
}

/// Every version, the newest first.
pub fn history(common: &Common, address: &str) -> Result<Vec<v1::PolicyVersion>, Failure> {
    let (mut versions, mut page_token) = (Vec::new(), String::new());
    loop {
        let message = v1::ListPolicyVersionsRequest { page_size: PAGE, page_token };
        let request = ask::request(common, message)?;
        let answer = ask::server(common, address, |channel| async {
            Ok(client(channel).list_policy_versions(request).await?.into_inner())
        })?;
        versions.extend(answer.versions);
        page_token = answer.next_page_token;
        if page_token.is_empty() {
            return Ok(versions);
        }
    }
}

/// All differences of two versions.
pub fn diff(common: &Common, address: &str, asked: &Diff) -> Result<v1::DiffPoliciesResponse, Failure> {
    let mut whole = v1::DiffPoliciesResponse { to_version: asked.to.unwrap_or(0), ..Default::default() };
    loop {
        let message = v1::DiffPoliciesRequest {
            from_version: asked.from,
            to_version: whole.to_version,
            page_size: PAGE,
            page_token: std::mem::take(&mut whole.next_page_token),
        };
        let request = ask::request(common, message)?;
        let page = ask::server(common, address, |channel| async {
            Ok(client(channel).diff_policies(request).await?.into_inner())
        })?;
        let differences = std::mem::take(&mut whole.differences).into_iter().chain(page.differences);
        whole = v1::DiffPoliciesResponse { differences: differences.collect(), ..page };
        if whole.next_page_token.is_empty() {
            return Ok(whole);
        }
    }
}
