//! Do the policy calls answer over gRPC what the engine answers, and refuse what is to be refused?

use quoin::api::status::of_policy;
use quoin::api::v1;
use quoin::api::v1::policy_part::Part;
use quoin::api::v1::policy_service_client::PolicyServiceClient;
use quoin::api::v1::publish_policy_request as publishing;
use quoin::engine::error::{PolicyError, StoreError, WriteError};
use tonic::transport::Channel;
use tonic::{Code, Request, Status};
use tonic_types::StatusExt;

use crate::wire::server::{Running, block_on};

use super::shop::{broken, text};

fn file(name: &str) -> Part {
    Part::File(v1::PolicyFile { name: name.to_owned(), bytes: 0 })
}

fn end(files: u32) -> Part {
    Part::End(v1::PolicyEnd { files })
}

fn part(part: Part) -> Option<v1::PolicyPart> {
    Some(v1::PolicyPart { part: Some(part) })
}

fn to_check(parts: Vec<Part>) -> tokio_stream::Iter<std::vec::IntoIter<v1::CheckPolicyRequest>> {
    let messages: Vec<_> = parts.into_iter().map(|one| v1::CheckPolicyRequest { part: part(one) }).collect();
    tokio_stream::iter(messages)
}

fn to_publish(
    header: v1::PolicyHeader,
    parts: Vec<Part>,
) -> tokio_stream::Iter<std::vec::IntoIter<v1::PublishPolicyRequest>> {
    let parts = parts.into_iter().map(|one| publishing::Part::Policy(part(one).unwrap()));
    let parts = std::iter::once(publishing::Part::Header(header)).chain(parts);
    tokio_stream::iter(parts.map(|part| v1::PublishPolicyRequest { part: Some(part) }).collect::<Vec<_>>())
}

/// A policy of one file, in chunks that cut it anywhere.
fn one_file(text: &str) -> Vec<Part> {
    let chunks = text.as_bytes().chunks(7).map(|chunk| Part::Chunk(chunk.to_vec()));
    std::iter::once(file("policy.yaml")).chain(chunks).chain([end(1)]).collect()
}

async fn publish(client: &mut PolicyServiceClient<Channel>, note: &str, text: &str) -> v1::PolicyReport {
    let header = v1::PolicyHeader { note: note.to_owned(), ..Default::default() };
    let answer = client.publish_policy(to_publish(header, one_file(text))).await.unwrap();
    answer.into_inner().report.unwrap()
}

async fn shown(client: &mut PolicyServiceClient<Channel>, version: u64) -> (v1::PolicyVersion, Vec<String>) {
    use v1::get_policy_response::Part as Shown;
    let mut parts = client.get_policy(v1::GetPolicyRequest { version }).await.unwrap().into_inner();
    let (mut head, mut texts, mut ended) = (None, Vec::new(), false);
    while let Some(message) = parts.message().await.unwrap() {
        match message.part.unwrap() {
            Shown::Version(version) => head = Some(version),
            Shown::Policy(v1::PolicyPart { part: Some(Part::File(_)) }) => texts.push(Vec::new()),
            Shown::Policy(v1::PolicyPart { part: Some(Part::Chunk(chunk)) }) => {
                texts.last_mut().unwrap().extend(chunk);
            }
            Shown::Policy(v1::PolicyPart { part: Some(Part::End(end)) }) => {
                ended = end.files == u32::try_from(texts.len()).unwrap();
            }
            Shown::Policy(other) => panic!("{other:?}"),
        }
    }
    assert!(ended);
    (head.unwrap(), texts.into_iter().map(|text| String::from_utf8(text).unwrap()).collect())
}

#[test]
fn policies_are_checked_published_told_compared_and_restored_over_the_wire() {
    let running = Running::start();
    block_on(async {
        let mut client = PolicyServiceClient::new(running.channel().await);
        let broken = broken(5);
        let found = client.check_policy(to_check(one_file(&broken))).await.unwrap().into_inner();
        let found = found.findings.unwrap();
        assert_eq!(found.errors, 1, "{found:?}");
        let first = &found.findings[0];
        assert_eq!(
            (&*first.file, first.line, first.severity()),
            ("policy.yaml", 7, v1::PolicySeverity::Error)
        );
        let refused = publish(&mut client, "", &broken).await;
        assert_eq!((refused.published, refused.version, refused.publication), (false, 0, 1));
        assert_eq!(refused.findings.unwrap(), found);

        let header = v1::PolicyHeader { dry_run: true, ..Default::default() };
        let tried = client.publish_policy(to_publish(header, one_file(&text(5)))).await.unwrap();
        let tried = tried.into_inner().report.unwrap();
        assert_eq!((tried.published, tried.dry_run, tried.version, tried.publication), (false, true, 1, 1));

        for (version, percent) in [(1, 5), (2, 6), (3, 7)] {
            let report = publish(&mut client, &format!("number {version}"), &text(percent)).await;
            assert_eq!((report.published, report.version, report.publication), (true, version, version + 1));
        }
        let (head, texts) = shown(&mut client, 2).await;
        assert_eq!((head.version, head.publication, &*head.note, texts), (2, 3, "number 2", vec![text(6)]));
        assert_eq!(shown(&mut client, 0).await.0.version, 3);

        let page = |page_token: String| v1::ListPolicyVersionsRequest { page_size: 2, page_token };
        let newest = client.list_policy_versions(page(String::new())).await.unwrap().into_inner();
        let rest = client.list_policy_versions(page(newest.next_page_token)).await.unwrap().into_inner();
        let listed = newest.versions.iter().chain(&rest.versions).map(|one| one.version);
        assert_eq!((listed.collect::<Vec<_>>(), &*rest.next_page_token), (vec![3, 2, 1], ""));

        let asked = v1::DiffPoliciesRequest { from_version: 1, ..Default::default() };
        let diff = client.diff_policies(asked).await.unwrap().into_inner();
        assert_eq!((diff.from_version, diff.to_version, diff.differences.len()), (1, 3, 1));
        let one = &diff.differences[0];
        let told = (one.section(), &*one.id, one.change());
        assert_eq!(told, (v1::PolicySection::Rule, "all", v1::PolicyChange::Changed));
        let key = &one.keys[0];
        assert_eq!(
            (&*key.key, key.before.as_deref(), key.after.as_deref()),
            ("percent", Some("5"), Some("7"))
        );

        let asked =
            v1::RollbackPolicyRequest { to_version: 1, note: "back".to_owned(), ..Default::default() };
        let restored = client.rollback_policy(asked).await.unwrap().into_inner().report.unwrap();
        assert_eq!((restored.published, restored.version, restored.restores), (true, 4, 1));
        let publication = running.engine.publications().unwrap().pop().unwrap();
        assert_eq!(quoin::api::publication::publication_of(&publication).policy_version, 4);
    });
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| format!("{}/{}", info.domain, info.reason)).unwrap_or_default()
}

#[test]
fn streams_out_of_turn_and_callers_that_may_not_are_refused() {
    let running = Running::start();
    block_on(async {
        let mut client = PolicyServiceClient::new(running.channel().await);
        let large = Part::Chunk(vec![b' '; 7 << 20]);
        let too_much = std::iter::once(file("a")).chain(std::iter::repeat_n(large, 10)).collect();
        let cases: Vec<(Vec<Part>, Code, &str)> = vec![
            (vec![], Code::Aborted, "quoin/BROKEN_OFF"),
            (vec![file("a"), Part::Chunk(b"x".to_vec())], Code::Aborted, "quoin/BROKEN_OFF"),
            (vec![Part::Chunk(b"x".to_vec()), end(0)], Code::InvalidArgument, "quoin/BAD_FIELD"),
            (vec![file("a"), end(2)], Code::InvalidArgument, "quoin/BAD_FIELD"),
            (vec![end(0), file("a")], Code::InvalidArgument, "quoin/BAD_FIELD"),
            (vec![end(0)], Code::InvalidArgument, "quoin/NO_FILE"),
            (vec![file("a"), file("a"), end(2)], Code::InvalidArgument, "quoin/SAME_NAME"),
            (vec![file("a"), Part::Chunk(vec![0xff]), end(1)], Code::InvalidArgument, "quoin/NOT_TEXT"),
            (
                (0..65).map(|number| file(&number.to_string())).collect(),
                Code::InvalidArgument,
                "quoin/BAD_FIELD",
            ),
            (too_much, Code::InvalidArgument, "quoin/BAD_FIELD"),
        ];
        for (parts, code, expected) in cases {
            let count = parts.len();
            let checked = client.check_policy(to_check(parts.clone())).await.unwrap_err();
            assert_eq!((checked.code(), &*reason(&checked)), (code, expected), "{count} parts: {checked}");
            let header = v1::PolicyHeader::default();
            let published = client.publish_policy(to_publish(header, parts)).await.unwrap_err();
            assert_eq!(
                (published.code(), &*reason(&published)),
                (code, expected),
                "{count} parts: {published}"
            );
        }
        let unknown = client.get_policy(v1::GetPolicyRequest { version: 3 }).await.map(drop).unwrap_err();
        assert_eq!((unknown.code(), &*reason(&unknown)), (Code::NotFound, "quoin/UNKNOWN_VERSION"));

        fn buyer<T>(message: T) -> Request<T> {
            let mut request = Request::new(message);
            request.metadata_mut().insert("quoin-roles", "price".parse().unwrap());
            request.metadata_mut().insert("quoin-sees-costs", "false".parse().unwrap());
            request
        }
        let denied = [
            client.check_policy(buyer(to_check(one_file("x")))).await.map(drop).unwrap_err(),
            client
                .publish_policy(buyer(to_publish(v1::PolicyHeader::default(), one_file("x"))))
                .await
                .map(drop)
                .unwrap_err(),
            client.get_policy(buyer(v1::GetPolicyRequest::default())).await.map(drop).unwrap_err(),
            client.diff_policies(buyer(v1::DiffPoliciesRequest::default())).await.map(drop).unwrap_err(),
            client.rollback_policy(buyer(v1::RollbackPolicyRequest::default())).await.map(drop).unwrap_err(),
        ];
        for status in denied {
            assert_eq!((status.code(), &*reason(&status)), (Code::PermissionDenied, "quoin/NOT_ALLOWED"));
        }
        client.list_policy_versions(buyer(v1::ListPolicyVersionsRequest::default())).await.unwrap();
    });
    assert_eq!(running.engine.view().publication.0, 1);
}

#[test]
fn every_policy_error_has_its_code_and_reason() {
    let (name, what) = (|| "a".to_owned(), || "x".to_owned());
    let cases = [
        (PolicyError::NotAllowed { what: what() }, Code::PermissionDenied, "NOT_ALLOWED"),
        (PolicyError::NoFile, Code::InvalidArgument, "NO_FILE"),
        (PolicyError::SameName { name: name() }, Code::InvalidArgument, "SAME_NAME"),
        (PolicyError::TooLarge { field: name(), what: what() }, Code::InvalidArgument, "TOO_LARGE"),
        (PolicyError::NotText { name: name(), line: 1 }, Code::InvalidArgument, "NOT_TEXT"),
        (PolicyError::RequestReused { request_id: what() }, Code::AlreadyExists, "REQUEST_ID_REUSED"),
        (PolicyError::UnknownVersion { version: 3, newest: 2 }, Code::NotFound, "UNKNOWN_VERSION"),
        (WriteError::WriterGone.into(), Code::Unavailable, "WRITER_GONE"),
        (WriteError::Moved { base: 1, now: 2 }.into(), Code::Aborted, "MOVED"),
        (
            WriteError::Storage(StoreError::Poisoned { first: what() }).into(),
            Code::Unavailable,
            "WRITES_REFUSED",
        ),
        (StoreError::Corrupt { file: None, what: what() }.into(), Code::DataLoss, "CORRUPT"),
    ];
    for (error, code, reason) in cases {
        let entry = of_policy(&error);
        assert_eq!((entry.code, entry.reason), (code, reason), "{error}");
    }
}
