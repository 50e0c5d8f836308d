//! Prices proposed in quotes, over gRPC: what waits for whose approval, and which proposals do not do?

use quoin::api::quote::cart_told;
use quoin::api::v1;
use tonic::Code;
use tonic_types::StatusExt;

use super::quotes::{action, by, client, create, reason};
use super::server::{CONTRACT, Running, block_on};

fn proposing(unit_price_micros: i64) -> v1::QuoteContent {
    let price = Some(v1::negotiated_line::Price::UnitPriceMicros(unit_price_micros));
    let negotiated_lines = vec![v1::NegotiatedLine { line_id: "1".to_owned(), price }];
    v1::QuoteContent { negotiated_lines, ..create("", 3).content.unwrap() }
}

#[test]
fn a_counter_offer_waits_and_nobody_without_authority_approves_it() {
    let running = Running::start();
    block_on(async {
        let mut client = client(&running).await;
        let made = client.create_quote(create("", 3)).await.unwrap().into_inner().quote.unwrap();
        let told = cart_told(&made.cart).unwrap();
        assert_eq!((made.concession, made.negotiated_lines.len()), (None, 0));
        let offered = told.lines[0].unit_price_micros - 1_000_000;
        let revise = v1::ReviseQuoteRequest {
            number: "Q-1".to_owned(),
            content: Some(proposing(offered)),
            ..v1::ReviseQuoteRequest::default()
        };
        let revised = client.revise_quote(by(revise, "quote", CONTRACT)).await.unwrap().into_inner();
        let (quote, event) = (revised.quote.unwrap(), revised.event.unwrap());
        let summary = quote.summary.clone().unwrap();
        assert_eq!((summary.state(), summary.revision), (v1::QuoteState::WaitingForApproval, 2));
        assert_eq!(summary.approval_reasons().collect::<Vec<_>>(), [v1::ApprovalReason::Concession]);
        assert_eq!(event.approval_reasons().collect::<Vec<_>>(), [v1::ApprovalReason::Concession]);
        assert!(quote.margin.is_none() && !quote.needs_approval);
        assert_eq!(quote.negotiated_lines, proposing(offered).negotiated_lines);
        assert_eq!(quote.concession.unwrap().amount, "3.00");
        let lines = cart_told(&quote.cart).unwrap().lines;
        let steps: Vec<_> = lines[0].steps.iter().filter(|step| step.is_negotiated).collect();
        assert_eq!((steps.len(), steps[0].amount_micros), (1, -3_000_000));
        assert_eq!((steps[0].rate_micros, steps[0].name.as_str()), (offered, "negotiated price"));
        // The operator has the role, and no authority is stated for it.
        let approve = v1::ApproveQuoteRequest { action: action("Q-1", "") };
        let status = client.approve_quote(approve).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::PermissionDenied, "BEYOND_AUTHORITY"));
        assert!(status.message().contains("your authority ends at 0 %"), "{}", status.message());
        // Today is told without what was negotiated, and a revision without a cart is without it, too.
        let get = v1::GetQuoteRequest {
            number: "Q-1".to_owned(),
            with_today: true,
            ..v1::GetQuoteRequest::default()
        };
        let got = client.get_quote(get).await.unwrap().into_inner();
        assert_eq!(cart_told(&got.today).unwrap().total, told.total);
        let revise = v1::ReviseQuoteRequest { number: "Q-1".to_owned(), ..v1::ReviseQuoteRequest::default() };
        let again = client.revise_quote(revise).await.unwrap().into_inner().quote.unwrap();
        assert_eq!((again.summary.unwrap().state(), again.concession), (v1::QuoteState::Issued, None));
    });
}

#[test]
fn every_proposal_that_does_not_do_is_named() {
    let running = Running::start();
    block_on(async {
        let mut client = client(&running).await;
        let mut content = proposing(1_000_000);
        content.negotiated_lines.push(content.negotiated_lines[0].clone());
        content.negotiated_lines.push(v1::NegotiatedLine { line_id: "9".to_owned(), price: None });
        content.negotiated_total = "much".to_owned();
        let asked = |content| v1::CreateQuoteRequest { content: Some(content), ..create("", 3) };
        let status = client.create_quote(asked(content)).await.unwrap_err();
        let violations = status.get_error_details().bad_request().unwrap().field_violations.clone();
        let fields: Vec<&str> = violations.iter().map(|violation| violation.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "content.negotiated_lines[1].line_id",
                "content.negotiated_lines[2].line_id",
                "content.negotiated_total"
            ]
        );
        let status = client.create_quote(asked(proposing(1_000_000_000_000))).await.unwrap_err();
        let violations = status.get_error_details().bad_request().unwrap().field_violations.clone();
        assert_eq!((status.code(), violations.len()), (Code::InvalidArgument, 1));
        assert_eq!(violations[0].field, "content.negotiated_lines");
        assert!(violations[0].description.contains("3000000 is above the"), "{}", violations[0].description);
    });
}
