//! Policy calls: check, publish, read, compare, restore.

use std::pin::Pin;

use tokio_stream::Stream;
use tonic::{Request, Response, Status, Streaming};

use crate::engine::Engine;
use crate::engine::caller::Role;
use crate::engine::error::PolicyError;
use crate::engine::policy::{PolicyReport, PublishPolicy};

use super::caller::{of_request, require};
use super::page::Page;
use super::policy::{difference_of, findings_of, parts_of, report_of, version_of};
use super::policy_files::PolicyFiles;
use super::status::{Violation, policy_status, violation_status};
use super::v1;
use super::v1::publish_policy_request::Part;

/// The service.
#[derive(Clone)]
pub struct Policies {
    /// Whom it asks.
    pub engine: Engine,
}

type Answer<T> = Result<Response<T>, Status>;

/// Does work that may read the disk off the runtime's thread.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PolicyError> + Send + 'static,
) -> Result<T, Status> {
    super::aside::aside(work).await?.map_err(|error| policy_status(&error))
}

/// Does work that may take its time, and gives way to carts.
async fn long<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PolicyError> + Send + 'static,
) -> Result<T, Status> {
    super::aside::long(work).await?.map_err(|error| policy_status(&error))
}

fn request_id(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn told(report: &PolicyReport) -> v1::PolicyReport {
    tracing::info!(
        published = report.published,
        version = report.version,
        publication = report.publication.0,
        findings = report.findings.len(),
        "policy"
    );
    report_of(report)
}

#[tonic::async_trait]
impl v1::policy_service_server::PolicyService for Policies {
    async fn check_policy(
        &self,
        request: Request<Streaming<v1::CheckPolicyRequest>>,
    ) -> Answer<v1::CheckPolicyResponse> {
        let caller = of_request(&request)?;
        let mut parts = request.into_inner();
        let mut files = PolicyFiles::default();
        while let Some(message) = parts.message().await? {
            files.take(message.part)?;
        }
        let (engine, files) = (self.engine.clone(), files.finish()?);
        let findings = long(move || engine.check_policy(&caller, &files)).await?;
        Ok(Response::new(v1::CheckPolicyResponse { findings: Some(findings_of(&findings)) }))
    }

    async fn publish_policy(
        &self,
        request: Request<Streaming<v1::PublishPolicyRequest>>,
    ) -> Answer<v1::PublishPolicyResponse> {
        let caller = of_request(&request)?;
        require(&caller, Role::Publish)?;
        let wrong = |description: &str| violation_status(Violation::new("header", description));
        let mut parts = request.into_inner();
        let (mut header, mut files) = (None, PolicyFiles::default());
        while let Some(message) = parts.message().await? {
            match (message.part, &header) {
                (Some(Part::Header(first)), None) => header = Some(first),
                (Some(Part::Header(_)), Some(_)) => return Err(wrong("comes twice")),
                (Some(Part::Policy(_)), None) => return Err(wrong("must come first")),
                (Some(Part::Policy(part)), Some(_)) => files.take(Some(part))?,
                (None, _) => files.take(None)?,
            }
        }
        let files = files.finish()?;
        let header = header.unwrap_or_default();
        let (note, request_id) = (header.note, request_id(header.request_id));
        let asked = PublishPolicy { files, note, request_id, dry_run: header.dry_run };
        let engine = self.engine.clone();
        let report = long(move || engine.publish_policy(&caller, asked)).await?;
        Ok(Response::new(v1::PublishPolicyResponse { report: Some(told(&report)) }))
    }

    type GetPolicyStream = Pin<Box<dyn Stream<Item = Result<v1::GetPolicyResponse, Status>> + Send>>;

    async fn get_policy(&self, request: Request<v1::GetPolicyRequest>) -> Answer<Self::GetPolicyStream> {
        use v1::get_policy_response::Part;
        let caller = of_request(&request)?;
        let asked = request.get_ref().version;
        let engine = self.engine.clone();
        let (version, files) = aside(move || engine.policy_text(&caller, stated(asked))).await?;
        let head = std::iter::once(Part::Version(version_of(&version)));
        let parts = head.chain(parts_of(files).map(Part::Policy));
        let messages = parts.map(|part| Ok(v1::GetPolicyResponse { part: Some(part) }));
        Ok(Response::new(Box::pin(tokio_stream::iter(messages))))
    }

    async fn list_policy_versions(
        &self,
        request: Request<v1::ListPolicyVersionsRequest>,
    ) -> Answer<v1::ListPolicyVersionsResponse> {
        let caller = of_request(&request)?;
        let page = Page::of(request.get_ref().page_size, &request.get_ref().page_token)?;
        let engine = self.engine.clone();
        let found = aside(move || engine.policy_versions(&caller)).await?;
        let (versions, next_page_token) = page.cut(found.iter(), version_of);
        Ok(Response::new(v1::ListPolicyVersionsResponse { versions, next_page_token }))
    }

    async fn diff_policies(
        &self,
        request: Request<v1::DiffPoliciesRequest>,
    ) -> Answer<v1::DiffPoliciesResponse> {
        let caller = of_request(&request)?;
        let asked = request.into_inner();
        let page = Page::of(asked.page_size, &asked.page_token)?;
        let engine = self.engine.clone();
        let diff = aside(move || engine.diff_policies(&caller, asked.from_version, stated(asked.to_version)))
            .await?;
        let (differences, next_page_token) = page.cut(diff.differences.iter(), difference_of);
        let (from_version, to_version) = (diff.from, diff.to);
        Ok(Response::new(v1::DiffPoliciesResponse { from_version, to_version, differences, next_page_token }))
    }

    async fn rollback_policy(
        &self,
        request: Request<v1::RollbackPolicyRequest>,
    ) -> Answer<v1::RollbackPolicyResponse> {
        let caller = of_request(&request)?;
        let asked = request.into_inner();
        let engine = self.engine.clone();
        let report = long(move || {
            let request_id = request_id(asked.request_id);
            engine.rollback_policy(&caller, asked.to_version, &asked.note, request_id.as_deref())
        });
        Ok(Response::new(v1::RollbackPolicyResponse { report: Some(told(&report.await?)) }))
    }
}

/// Zero stands for the newest.
fn stated(version: u64) -> Option<u64> {
    (version != 0).then_some(version)
}
