//! Statements over gRPC, and the same at a terminal: JSON, CSV and a page to print, of a folder and of a running server.

use quoin::api::v1;
use tonic_types::StatusExt;

use super::ledger::{asked, client, document, publish};
use super::server::{CONTRACT, Running, block_on, demo_engine};
use crate::process::{ended, json, on};

fn quarter(id: &str) -> v1::SettleRequest {
    v1::SettleRequest {
        id: id.to_owned(),
        contract: CONTRACT.to_owned(),
        through: "2026-03-31".to_owned(),
        kind: v1::StatementKind::Final.into(),
        language: "ru".to_owned(),
        ..Default::default()
    }
}

#[test]
fn a_quarter_is_settled_and_its_statement_told() {
    let running = Running::start();
    publish(&running);
    block_on(async {
        let mut client = client(&running).await;
        let documents = vec![
            document("S1", v1::DocumentKind::Shipment, "", 90_000_000),
            document("R1", v1::DocumentKind::Return, "S1", 30_000_000),
        ];
        client.post_documents(asked(documents)).await.unwrap();
        let tried = v1::SettleRequest { dry_run: true, ..quarter("T1") };
        let tried = client.settle(tried).await.unwrap().into_inner().statement.unwrap();
        assert_eq!((tried.number, tried.total.as_str()), (0, "6.00"));
        let answer = client.settle(quarter("T1")).await.unwrap().into_inner();
        let statement = answer.statement.clone().unwrap();
        assert_eq!((statement.number, statement.contract.as_str()), (1, CONTRACT));
        assert_eq!((statement.kind(), statement.through.as_str()), (v1::StatementKind::Final, "2026-03-31"));
        assert_eq!((statement.currency.as_str(), statement.total.as_str()), ("EUR", "6.00"));
        let entry = &statement.entries[0];
        assert_eq!(
            (entry.agreement.as_str(), entry.name.as_str(), entry.kind()),
            ("q", "Квартал", v1::EntryKind::Final)
        );
        assert_eq!((entry.first_day.as_str(), entry.last_day.as_str()), ("2026-01-01", "2026-03-31"));
        assert_eq!((entry.measure.as_str(), entry.basis.as_str(), entry.tier), ("60", "60.00", 1));
        assert_eq!(
            (entry.entitlement_micros, entry.earlier_micros, entry.to_pay_micros),
            (6_000_000, 0, 6_000_000)
        );
        assert_eq!((entry.supplier_to_pay_micros, entry.settled_as()), (2_400_000, v1::SettledAs::Premium));
        let condition = &entry.conditions[0];
        assert_eq!((condition.of.as_str(), condition.stands.as_str(), condition.met), ("months", "1", true));
        let told: Vec<(&str, &str, bool)> =
            answer.documents.iter().map(|of| (of.id.as_str(), of.to_basis.as_str(), of.late)).collect();
        assert_eq!(told, [("S1", "90", false), ("R1", "-30", false)]);
        let again = client.settle(quarter("T1")).await.unwrap().into_inner();
        assert!(again.repeated_request && !answer.repeated_request);
        assert_eq!((again.statement, again.documents), (answer.statement, answer.documents.clone()));

        // A return that comes late, and the documents page by page.
        let late = vec![document("R2", v1::DocumentKind::Return, "S1", 10_000_000)];
        client.post_documents(asked(late)).await.unwrap();
        let corrected = client.settle(quarter("T2")).await.unwrap().into_inner().statement.unwrap();
        let entry = &corrected.entries[0];
        assert_eq!((entry.kind(), entry.corrects), (v1::EntryKind::Correction, 1));
        assert_eq!((entry.to_pay_micros, corrected.total.as_str()), (-1_000_000, "-1.00"));
        assert_eq!(entry.supplier_to_pay_micros, -400_000);
        let page = |token: &str| v1::GetStatementRequest {
            number: 1,
            page_size: 1,
            page_token: token.to_owned(),
            language: "ru".to_owned(),
        };
        let first = client.get_statement(page("")).await.unwrap().into_inner();
        let second = client.get_statement(page(&first.next_page_token)).await.unwrap().into_inner();
        assert_eq!(second.next_page_token, "");
        assert_eq!([first.documents, second.documents].concat(), answer.documents);
        assert_eq!(second.statement.unwrap(), statement);
        let list = v1::ListStatementsRequest {
            contract: CONTRACT.to_owned(),
            page_size: 1,
            language: "ru".to_owned(),
            ..Default::default()
        };
        let listed = client.list_statements(list.clone()).await.unwrap().into_inner();
        assert_eq!((&listed.statements[..], listed.next_page_token.as_str()), (&[statement][..], "1"));
        let rest = v1::ListStatementsRequest { page_token: listed.next_page_token, ..list };
        let listed = client.list_statements(rest).await.unwrap().into_inner();
        assert_eq!((&listed.statements[..], listed.next_page_token.as_str()), (&[corrected][..], ""));
        // What a supplier bears is a cost.
        let mut blind = tonic::Request::new(page(""));
        blind.metadata_mut().insert("quoin-sees-costs", "false".parse().unwrap());
        let found = client.get_statement(blind).await.unwrap().into_inner().statement.unwrap();
        assert_eq!(found.entries[0].supplier_to_pay_micros, 0);
    });
}

#[test]
fn what_cannot_be_settled_has_its_status() {
    let running = Running::start();
    publish(&running);
    block_on(async {
        let mut client = client(&running).await;
        client.settle(quarter("T1")).await.unwrap();
        let settle = |change: fn(&mut v1::SettleRequest)| {
            let mut request = quarter("T2");
            change(&mut request);
            request
        };
        use tonic::Code;
        let cases = [
            (settle(|of| of.contract = "C".to_owned()), Code::NotFound, "UNKNOWN_CONTRACT"),
            (settle(|of| of.id.clear()), Code::InvalidArgument, "BAD_ID"),
            (settle(|of| of.through = "9999-01-01".to_owned()), Code::FailedPrecondition, "DAY_NOT_OVER"),
            (settle(|of| of.through = "31.03.2026".to_owned()), Code::InvalidArgument, "BAD_FIELD"),
            (settle(|of| of.kind = 9), Code::InvalidArgument, "BAD_FIELD"),
            (settle(|of| of.language = "de".to_owned()), Code::InvalidArgument, "BAD_FIELD"),
            (settle(|of| of.through = "2026-03-30".to_owned()), Code::InvalidArgument, "NOTHING_ENDS"),
            (settle(|_| {}), Code::FailedPrecondition, "CLOSED"),
            (settle(|of| of.agreements = vec!["z".to_owned()]), Code::InvalidArgument, "UNKNOWN_AGREEMENT"),
            (settle(|of| of.reopens = 7), Code::NotFound, "UNKNOWN_STATEMENT"),
            (
                settle(|of| (of.id, of.through) = ("T1".to_owned(), "2026-06-30".to_owned())),
                Code::AlreadyExists,
                "REQUEST_ID_REUSED",
            ),
        ];
        for (request, code, reason) in cases {
            let status = client.settle(request).await.unwrap_err();
            let info = status.get_details_error_info().unwrap();
            assert_eq!((status.code(), info.reason.as_str()), (code, reason), "{status}");
        }
        let unknown = client.get_statement(v1::GetStatementRequest { number: 2, ..Default::default() });
        let unknown = unknown.await.unwrap_err();
        assert_eq!((unknown.code(), unknown.message()), (Code::NotFound, "statement 2 is unknown"));
        let mut priced = tonic::Request::new(quarter("T3"));
        priced.metadata_mut().insert("quoin-roles", "price".parse().unwrap());
        assert_eq!(client.settle(priced).await.unwrap_err().code(), Code::PermissionDenied);
        let mut other = tonic::Request::new(v1::GetStatementRequest { number: 1, ..Default::default() });
        other.metadata_mut().insert("quoin-contracts", "C-00002".parse().unwrap());
        assert_eq!(client.get_statement(other).await.unwrap_err().code(), Code::NotFound);
    });
}

const AGREEMENT: &str = "quoin_policy: 1\ncurrency: EUR\nagreements:\n  - { id: q, name: { en: \"Quarter <b>&\", ru: \"Квартал <b>&\" }, period: quarter, \
    percent: 10, settle: price_correction, conditions: [{ months: 1 }] }\n";

const DOCUMENTS: &str = "document,kind,contract,day,sku,quantity,net_amount\n\
    \"S,<1>\",shipment,C-00001,2026-02-03,INS-000001,10,100.50\nR1,return,C-00001,2026-02-05,INS-000001,1,10.05\n";

/// Settles at a terminal, and reads the statement in every way.
fn told(data: &std::path::Path, files: (&str, &str), server: &[&str]) {
    let run = |arguments: &[&str]| on(data, &[arguments, server].concat());
    let ok = |arguments: &[&str]| {
        let output = run(arguments);
        assert_eq!(ended(&output), (0, String::new()), "{arguments:?}");
        output
    };
    let text = |arguments: &[&str]| String::from_utf8(ok(arguments).stdout).unwrap();
    ok(&["policy", "publish", files.0]);
    ok(&["ledger", "post", files.1]);
    let quarter = ["settle", "--contract", "C-00001", "--through", "2026-03-31", "--id", "T1"];
    let as_json = |arguments: &[&str]| json(&ok(&[&["--json", "ledger"], arguments].concat()));
    let tried = as_json(&[&quarter[..], &["--dry-run"]].concat());
    assert_eq!(tried["statement"]["total"], "9.05");
    assert_eq!(tried["statement"].get("statement"), None);
    let settled = as_json(&quarter);
    assert_eq!((&settled["repeated"], &settled["statement"]["statement"]), (&false.into(), &1.into()));
    assert_eq!(as_json(&quarter)["repeated"], true);
    let interim = ["settle", "--contract", "C-00001", "--through", "2026-05-01", "--id", "T2", "--interim"];
    let interim = text(&[&["ledger"], &interim[..], &["--agreement", "q"]].concat());
    assert!(interim.starts_with("statement 2 for C-00001 through 2026-05-01"), "{interim}");
    let refused =
        run(&["ledger", "settle", "--contract", "C-00001", "--through", "2026-05-01", "--id", "T3"]);
    assert_eq!(ended(&refused).0, 1);
    assert!(ended(&refused).1.contains("no period ends on 2026-05-01"), "{refused:?}");
    assert_eq!(ended(&run(&["ledger", "statement", "9"])).0, 3);

    let found = json(&ok(&["--json", "ledger", "statement", "1"]));
    let entry = &found["entries"][0];
    assert_eq!((&entry["entitlement"], &entry["settled_as"]), (&"9.05".into(), &"price_correction".into()));
    assert_eq!(
        (&entry["documents"][0]["document"], &entry["documents"][0]["to_basis"]),
        (&"S,<1>".into(), &"100.5".into())
    );
    assert_eq!(entry["conditions"][0]["of"], "months");

    let csv = text(&["ledger", "statement", "1", "--csv"]);
    let rows: Vec<&str> = csv.lines().collect();
    let columns = rows[0].split(',').count();
    assert_eq!((rows.len(), columns), (4, 26));
    assert!(rows[1].starts_with("entry,1,C-00001,EUR,q,Quarter <b>&,final,,2026-01-01,2026-03-31,2026-03-31,90.45,90.45,1,9.05,0.00,9.05,price_correction,"), "{csv}");
    assert!(rows[2].contains(",\"S,<1>\",C-00001,shipment,2026-02-03,2026-02-03,100.5,100.5,"), "{csv}");
    assert_eq!(rows[3].split(',').count(), columns);

    for (language, words) in
        [("en", ["To pay", "shipment", "Condition"]), ("ru", ["К выплате", "отгрузка", "Условие"])]
    {
        let page = text(&["ledger", "statement", "1", "--page", "--language", language]);
        assert!(page.starts_with(&format!("<!doctype html>\n<html lang=\"{language}\">")), "{page}");
        for word in words.iter().chain(&["S,&lt;1&gt;", "&lt;b&gt;&amp;", "9.05", "@media print"]) {
            assert!(page.contains(word), "{word}: {page}");
        }
        assert!(!page.contains("<b>") && !page.contains("http"), "{page}");
    }
    let listed = json(&ok(&["--json", "ledger", "statements", "--contract", "C-00001"]));
    assert_eq!(listed["statements"].as_array().unwrap().len(), 2);
    let listed = text(&["ledger", "statements", "--contract", "C-00001"]);
    assert!(listed.contains("interim") && listed.contains("9.05"), "{listed}");
}

#[test]
fn statements_are_made_and_read_at_a_terminal_in_a_folder_and_in_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (policy, documents) = (write("policy.yaml", AGREEMENT), write("documents.csv", DOCUMENTS));
    let (own, engine) = demo_engine();
    drop(engine);
    told(&own.path().join("data"), (&policy, &documents), &[]);
    let running = Running::start();
    told(folder.path(), (&policy, &documents), &["--server", &running.address()]);
}
