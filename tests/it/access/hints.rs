//! Is there a hint of what is another's beside the calls' own refusals? In faults, flags, pages, request ids and lists.

use bytes::Bytes;
use prost::Message;
use quoin::api::v1;
use quoin::engine::caller::Role;
use serde_json::json;

use super::raw::Outcome;
use super::world::{FOREIGN, NOBODYS, OWN, World, content, post, shipment};
use crate::wire::server::block_on;

const POST: &str = "/quoin.v1.LedgerService/PostDocuments";

fn bytes(message: impl Message) -> Vec<Bytes> {
    vec![message.encode_to_vec().into()]
}

/// A world in which there is something of both contracts, and a token of the own one.
fn asked(what: impl AsyncFnOnce(&World, &str)) {
    let mut world = World::new(|_, _| {});
    block_on(async {
        world.stock().await;
        let token = world.token(&[Role::Price, Role::Quote, Role::Post], json!({ "contracts": [OWN] }));
        what(&world, &token).await;
    });
}

async fn answered<T: Message + Default>(world: &World, token: &str, path: &str, message: impl Message) -> T {
    match world.call(token, path, bytes(message)).await {
        Outcome::Answered(messages) => T::decode(messages[0].clone()).unwrap(),
        refused @ Outcome::Refused(..) => panic!("{path}: {refused:?}"),
    }
}

#[test]
fn what_is_wrong_with_a_document_does_not_tell_that_its_contract_is_there() {
    asked(async |world, token| {
        let mut told = Vec::new();
        for contract in [FOREIGN, NOBODYS] {
            // The other contract is in euros.
            let document = v1::Document { currency: "USD".to_owned(), ..shipment("never-taken", contract) };
            let park = v1::PostDocumentsRequest { park_unknown: true, ..post(document) };
            let answer: v1::PostDocumentsResponse = answered(world, token, POST, park).await;
            let report = answer.report.unwrap();
            assert!(report.outcomes.is_empty(), "{report:?}");
            told.push(format!("{report:?}").replace(contract, "*"));
        }
        assert_eq!(told[0], told[1]);
    });
}

#[test]
fn what_a_document_names_of_anothers_has_not_come() {
    asked(async |world, token| {
        for (id, reference, waits) in [
            ("R1", "foreign-shipment", true),
            ("R2", "nobodys-shipment", true),
            ("R3", "own-shipment", false),
        ] {
            let back = v1::Document {
                kind: v1::DocumentKind::Return.into(),
                reference: reference.to_owned(),
                ..shipment(id, OWN)
            };
            let answer: v1::PostDocumentsResponse = answered(world, token, POST, post(back.clone())).await;
            assert_eq!(
                answer.report.unwrap().outcomes[0].posted.as_ref().unwrap().waits,
                waits,
                "{reference}"
            );
            let again: v1::PostDocumentsResponse = answered(world, token, POST, post(back)).await;
            assert_eq!(
                again.report.unwrap().outcomes[0].posted.as_ref().unwrap().waits,
                waits,
                "{reference}"
            );
            let get = v1::GetDocumentRequest { id: id.to_owned() };
            let path = "/quoin.v1.LedgerService/GetDocument";
            let known: v1::GetDocumentResponse = answered(world, token, path, get.clone()).await;
            assert_eq!(known.posted.unwrap().waits, waits, "{reference}");
            // Whoever may see both is told what is so.
            let known: v1::GetDocumentResponse = answered(world, &world.operator(), path, get).await;
            assert_eq!(known.posted.unwrap().waits, reference == "nobodys-shipment", "{reference}");
        }
    });
}

#[test]
fn pages_of_quotes_end_where_the_own_ones_do() {
    asked(async |world, token| {
        let own: Vec<String> = [world.quote(OWN), world.own.waiting.clone(), world.own.quote.clone()].into();
        for _ in 0..3 {
            world.quote(FOREIGN);
        }
        let (mut found, mut page_token) = (Vec::new(), String::new());
        loop {
            let page = v1::ListQuotesRequest { page_size: 1, page_token, ..Default::default() };
            let answer: v1::ListQuotesResponse =
                answered(world, token, "/quoin.v1.QuoteService/ListQuotes", page).await;
            assert_eq!(answer.quotes.len(), 1);
            found.extend(answer.quotes.into_iter().map(|quote| quote.number));
            page_token = answer.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(found, own);
        let by_reference = v1::ListQuotesRequest {
            customer_reference: "FOREIGN-REFERENCE".to_owned(),
            ..Default::default()
        };
        let none: v1::ListQuotesResponse =
            answered(world, token, "/quoin.v1.QuoteService/ListQuotes", by_reference).await;
        assert_eq!((none.quotes.len(), none.next_page_token.as_str()), (0, ""));
    });
}

#[test]
fn a_request_id_of_anothers_quote_does_not_tell_its_number() {
    asked(async |world, token| {
        let create = |id: &str, contract: &str| v1::CreateQuoteRequest {
            request_id: id.to_owned(),
            content: Some(content(contract)),
            ..Default::default()
        };
        let path = "/quoin.v1.QuoteService/CreateQuote";
        let _: v1::CreateQuoteResponse =
            answered(world, &world.operator(), path, create("request-1", FOREIGN)).await;
        let unpriced = |id: &str| {
            let mut asked = create(id, OWN);
            let cart = asked.content.as_mut().unwrap().cart.as_mut().unwrap();
            cart.lines[0].sku_ref = Some(v1::cart_line::SkuRef::Sku("NOBODYS".to_owned()));
            asked
        };
        let taken = world.call(token, path, bytes(unpriced("request-1"))).await;
        let fresh = world.call(token, path, bytes(unpriced("request-2"))).await;
        assert_eq!(taken, fresh);
        // That the id is taken is told where it matters, and nothing of what took it.
        let Outcome::Refused(_, message, _) = world.call(token, path, bytes(create("request-1", OWN))).await
        else {
            panic!("the id is taken");
        };
        assert!(
            message.contains("request-1") && !message.contains("Q-") && !message.contains(FOREIGN),
            "{message}"
        );
    });
}

#[test]
fn price_lists_of_others_and_of_no_contract_of_ones_own_are_unknown() {
    asked(async |world, token| {
        let path = "/quoin.v1.CatalogueService/ListPriceLists";
        let lists = async |token: &str| {
            let all: v1::ListPriceListsResponse =
                answered(world, token, path, v1::ListPriceListsRequest::default()).await;
            let mut names: Vec<String> = all.price_lists.into_iter().map(|list| list.price_list).collect();
            names.sort();
            names
        };
        assert_eq!(lists(token).await, ["BASE", "DEALER", "FLASH-001", "IMPORT", "L-C-00001"]);
        assert!(lists(&world.operator()).await.len() > 10);
        let get = |name: &str| bytes(v1::GetPriceListRequest { price_list: name.to_owned() });
        let path = "/quoin.v1.CatalogueService/GetPriceList";
        let other = world.call(token, path, get("CONTRACTOR")).await;
        assert!(matches!(other, Outcome::Refused(tonic::Code::NotFound, ..)), "{other:?}");
    });
}
