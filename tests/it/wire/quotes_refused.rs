//! Which quote calls are refused, with which code and reason, and is nothing written then?

use quoin::api::v1;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use super::quotes::{action, cart, client, create, line, reason};
use super::server::{Running, block_on};

#[test]
fn refusals_have_their_code_and_reason() {
    let running = Running::start();
    block_on(async {
        let mut client = client(&running).await;
        client.create_quote(create("", 3)).await.unwrap();
        let refused = |status: Status, code: Code, why: &str| {
            assert_eq!((status.code(), reason(&status).as_str()), (code, why), "{}", status.message());
            status
        };
        let get = |number: &str| v1::GetQuoteRequest {
            number: number.to_owned(),
            ..v1::GetQuoteRequest::default()
        };
        refused(client.get_quote(get("Q-9")).await.unwrap_err(), Code::NotFound, "UNKNOWN_QUOTE");
        refused(client.get_quote(get("9")).await.unwrap_err(), Code::InvalidArgument, "BAD_FIELD");
        refused(client.get_quote(get("Q-01")).await.unwrap_err(), Code::InvalidArgument, "BAD_FIELD");
        let approve = v1::ApproveQuoteRequest { action: action("Q-1", "") };
        refused(client.approve_quote(approve).await.unwrap_err(), Code::FailedPrecondition, "QUOTE_ISSUED");
        let issue = v1::IssueQuoteRequest { action: None };
        refused(client.issue_quote(issue).await.unwrap_err(), Code::InvalidArgument, "BAD_FIELD");
        let long = create(&"x".repeat(10_000), 3);
        refused(client.create_quote(long).await.unwrap_err(), Code::InvalidArgument, "BAD_REQUEST_ID");
        let nothing = v1::CreateQuoteRequest::default();
        refused(client.create_quote(nothing).await.unwrap_err(), Code::InvalidArgument, "BAD_FIELD");
        // Every one of 5,000 lines is told with its reason.
        let lines = (0..5_000).map(|number| line(&number.to_string(), "NO-SUCH", 1)).collect();
        let content = Some(v1::QuoteContent { cart: Some(cart(lines)), ..v1::QuoteContent::default() });
        let bad = v1::CreateQuoteRequest { content, ..v1::CreateQuoteRequest::default() };
        let status = client.create_quote(bad).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        let told = running.engine.view().position;
        let violations = status.get_error_details().bad_request().unwrap().field_violations.clone();
        assert_eq!(violations.len(), 40, "as many as fit into trailers; the message counts the rest");
        assert_eq!(violations[39].field, "content.cart.lines[39]");
        assert!(status.message().ends_with("; and 4990 more"), "{}", status.message());
        assert_eq!(told, running.engine.view().position, "nothing was written");
        // What-if is no promise, and fields that don't do are told together.
        let mut content = create("", 1).content.unwrap();
        content.valid_through = "tomorrow".to_owned();
        content.divisible_lines = vec!["1".to_owned(), "7".to_owned()];
        let asked =
            v1::CreateQuoteRequest { content: Some(content.clone()), ..v1::CreateQuoteRequest::default() };
        let status = client.create_quote(asked).await.unwrap_err();
        assert_eq!(status.get_error_details().bad_request().unwrap().field_violations.len(), 2);
        let uses = vec![v1::BenefitUse { rule: "r".to_owned(), used: "1".to_owned() }];
        content = create("", 1).content.unwrap();
        content.cart.as_mut().unwrap().metrics = Some(v1::Metrics { uses, ..v1::Metrics::default() });
        let asked = v1::CreateQuoteRequest { content: Some(content), ..v1::CreateQuoteRequest::default() };
        let status =
            refused(client.create_quote(asked).await.unwrap_err(), Code::InvalidArgument, "BAD_FIELD");
        assert!(status.message().contains("what-if"), "{}", status.message());
    });
}
