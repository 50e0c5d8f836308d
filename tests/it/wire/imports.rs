//! Do files that are uploaded come in together or not at all, and is nothing left behind by an upload?

use quoin::api::v1;
use quoin::api::v1::catalogue_service_client::CatalogueServiceClient;
use quoin::api::v1::import_request::Part;
use quoin::api::v1::publication_service_client::PublicationServiceClient;
use tonic::Code;
use tonic_types::StatusExt;

use super::calls::reason;
use super::server::{Running, block_on};

fn import(parts: Vec<Part>) -> impl tonic::IntoStreamingRequest<Message = v1::ImportRequest> {
    tokio_stream::iter(parts.into_iter().map(|part| v1::ImportRequest { part: Some(part) }))
}

fn file(name: &str, text: &'static str) -> [Part; 2] {
    let opening = v1::ImportFile { name: name.to_owned(), ..Default::default() };
    [Part::File(opening), Part::Chunk(text.as_bytes().into())]
}

#[test]
fn files_come_in_by_a_stream_and_are_published_together_or_not_at_all() {
    let running = Running::start();
    let header = || Part::Header(v1::ImportHeader::default());
    let spool = running.engine.store().staging_dir();
    block_on(async {
        let mut client = PublicationServiceClient::new(running.channel().await);
        let good = file("prices.csv", "price_list,sku,price\nBASE,INS-000001,6.72\n");
        let [opening, chunk] = good.clone();
        let end = || Part::End(v1::ImportEnd { files: 1 });
        let answer =
            client.import(import(vec![header(), opening.clone(), chunk.clone(), end()])).await.unwrap();
        let report = answer.into_inner().report.unwrap();
        assert_eq!((report.verdict(), report.publication), (v1::ImportVerdict::Published, 2), "{report:?}");
        assert_eq!(report.greatest_rise.unwrap().after_micros, 6_720_000);

        let [bad, rows] = file("prices.csv", "price_list,sku,price\nBASE,INS-000001,\"1,234.5\"\n");
        let answer = client.import(import(vec![header(), bad, rows, end()])).await.unwrap();
        let report = answer.into_inner().report.unwrap();
        assert_eq!((report.verdict(), report.rejected), (v1::ImportVerdict::Rejected, 1));
        let row = &report.rejected_rows[0];
        assert_eq!((row.row, row.column.as_str(), row.value.as_str()), (2, "price", "1,234.5"));

        let wrong: [(Vec<Part>, &str); 4] = [
            (vec![header(), end()], "end.files"),
            (vec![opening.clone()], "header"),
            (vec![header(), chunk.clone()], "chunk"),
            (vec![header(), header()], "header"),
        ];
        for (parts, field) in wrong {
            let refused = client.import(import(parts)).await.unwrap_err();
            let fields = refused.get_details_bad_request().unwrap().field_violations;
            assert_eq!((refused.code(), fields[0].field.as_str()), (Code::InvalidArgument, field));
        }
        let broken: [Vec<Part>; 3] = [vec![], vec![header()], vec![header(), opening.clone(), chunk.clone()]];
        for parts in broken {
            let refused = client.import(import(parts)).await.unwrap_err();
            assert_eq!((refused.code(), reason(&refused).as_str()), (Code::Aborted, "quoin/BROKEN_OFF"));
        }
        let [odd, rows] = file("stuff.csv", "a\n1\n");
        let refused = client.import(import(vec![header(), odd, rows, end()])).await.unwrap_err();
        assert!(refused.message().contains("files[0].kind"), "{refused}");
        let listed =
            client.list_publications(v1::ListPublicationsRequest::default()).await.unwrap().into_inner();
        let numbers: Vec<u64> = listed.publications.iter().map(|one| one.number).collect();
        assert_eq!(numbers, [2, 1]);
        let newest =
            client.get_publication(v1::GetPublicationRequest { number: 0 }).await.unwrap().into_inner();
        assert_eq!(newest.publication.unwrap().number, 2);
    });
    assert_eq!(spool.read_dir().unwrap().count(), 0, "uploads leave nothing behind");
}

#[test]
fn how_tax_is_rounded_and_which_lists_include_it_comes_in_and_is_told() {
    let running = Running::start();
    block_on(async {
        let mut client = PublicationServiceClient::new(running.channel().await);
        let [contracts, contract_rows] = file(
            "contracts.csv",
            "contract,counterparty,currency,time_zone,tax_rounding\nC-00001,CP-00001,EUR,Europe/Berlin,document\n",
        );
        let [lists, list_rows] =
            file("price_lists.csv", "price_list,currency,tax\nBASE,EUR,included\nL-C-00002,EUR,\n");
        let header = Part::Header(v1::ImportHeader::default());
        let end = Part::End(v1::ImportEnd { files: 2 });
        let parts = vec![header, contracts, contract_rows, lists, list_rows, end];
        let report = client.import(import(parts)).await.unwrap().into_inner().report.unwrap();
        assert_eq!(report.verdict(), v1::ImportVerdict::Published, "{report:?}");
        let mut catalogue = CatalogueServiceClient::new(running.channel().await);
        let mut rounding = async |contract: &str| {
            let asked = v1::GetContractRequest { contract: contract.to_owned() };
            let found = catalogue.get_contract(asked).await.unwrap().into_inner().contract.unwrap();
            found.rounding.unwrap().tax_rounding
        };
        assert_eq!(
            (rounding("C-00001").await, rounding("C-00002").await),
            ("document".to_owned(), "line".to_owned())
        );
        let asked = v1::ListPriceListsRequest::default();
        let listed = catalogue.list_price_lists(asked).await.unwrap().into_inner().price_lists;
        let included: Vec<&str> =
            listed.iter().filter(|list| list.tax_included).map(|list| list.price_list.as_str()).collect();
        assert_eq!(included, ["BASE"]);
    });
}

#[test]
fn an_upload_that_breaks_off_leaves_nothing_behind() {
    let running = Running::start();
    let spool = running.engine.store().staging_dir();
    block_on(async {
        let mut client = PublicationServiceClient::new(running.channel().await);
        let (sender, receiver) = tokio::sync::mpsc::channel(4);
        let stream = tokio_stream::wrappers::ReceiverStream::new(receiver);
        let call = tokio::spawn(async move { client.import(stream).await });
        let [opening, chunk] = file("prices.csv", "price_list,sku,price\nBASE,INS-000001,9.99\n");
        for part in [Part::Header(v1::ImportHeader::default()), opening, chunk] {
            sender.send(v1::ImportRequest { part: Some(part) }).await.unwrap();
        }
        wait_until(|| spool.read_dir().unwrap().count() == 1).await;
        call.abort();
        wait_until(|| spool.read_dir().unwrap().count() == 0).await;
    });
    assert_eq!(running.engine.view().publication.0, 1);
}

async fn wait_until(true_soon: impl Fn() -> bool) {
    for _ in 0..500 {
        if true_soon() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("waited for five seconds");
}
