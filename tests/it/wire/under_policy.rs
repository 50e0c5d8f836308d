//! What does a server answer under a policy: the demo's, and one whose margin floor bites?

use quoin::api::v1;
use quoin::api::v1::cart_line::SkuRef;
use quoin::api::v1::pricing_service_client::PricingServiceClient;
use quoin::engine::caller::Caller;
use quoin::engine::import::{ImportJob, Silent, Verdict};
use quoin::engine::policy::{PolicyFile, PublishPolicy};
use quoin::exchange::source::Source;
use tonic::Request;

use prost::Message;

use super::server::{CONTRACT, Running, block_on, listed};

const AT: prost_types::Timestamp = prost_types::Timestamp { seconds: 1_790_000_000, nanos: 0 };

fn publish(running: &Running, text: &str) {
    let files = vec![PolicyFile { name: "policy.yaml".to_owned(), text: text.to_owned() }];
    let asked = PublishPolicy { files, ..PublishPolicy::default() };
    let report = running.engine.publish_policy(&Caller::operator(), asked).unwrap();
    assert!(report.published, "{report:#?}");
}

/// The demo's goods and lists of resale under its own policy.
fn demo() -> Running {
    let running = Running::start();
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let sources = Source::of_paths([data.join("resale")], None).unwrap();
    let job = ImportJob { sources, ..ImportJob::default() };
    let report = running.engine.import(&Caller::operator(), &job, &Silent).unwrap();
    assert_eq!(report.verdict, Verdict::Published, "{:?}", report.refused);
    publish(&running, &std::fs::read_to_string(data.join("policy.yaml")).unwrap());
    running
}

fn line(id: &str, sku: &str, quantity: i64) -> v1::CartLine {
    v1::CartLine {
        id: id.to_owned(),
        sku_ref: Some(SkuRef::Sku(sku.to_owned())),
        quantity_micros: quantity * 1_000_000,
        ..v1::CartLine::default()
    }
}

fn cart(lines: Vec<v1::CartLine>) -> v1::PriceCartRequest {
    v1::PriceCartRequest { contract: CONTRACT.to_owned(), pricing_at: Some(AT), lines, ..Default::default() }
}

fn listing() -> v1::ListPricesRequest {
    v1::ListPricesRequest { contract: CONTRACT.to_owned(), pricing_at: Some(AT), ..Default::default() }
}

/// 5,000 metres of rebar with four cuts, ordered on the portal after 4.2 t in the quarter.
fn rebar() -> v1::PriceCartRequest {
    let mut rebar = line("rebar", "STL-000063", 5_000);
    let cutting = v1::ServiceOrder { service: "cutting".to_owned(), quantity_micros: 4_000_000 };
    rebar.details = Some(v1::LineDetails { services: vec![cutting], ..Default::default() });
    let position = |measure: &str, value: &str| v1::MeasurePosition {
        measure: measure.to_owned(),
        value: value.to_owned(),
        members: Vec::new(),
    };
    let positions = vec![position("steel-tonnes", "4.2"), position("last-quarter", "160000")];
    let circumstances = v1::Circumstances { channel: "portal".to_owned(), ..Default::default() };
    v1::PriceCartRequest {
        circumstances: Some(circumstances),
        metrics: Some(v1::Metrics { positions, ..Default::default() }),
        ..cart(vec![rebar])
    }
}

#[test]
fn the_demos_policy_is_told_whole() {
    let running = demo();
    block_on(async {
        let mut client = PricingServiceClient::new(running.channel().await);
        let cart = v1::PriceCartRequest { language: "ru".to_owned(), ..rebar() };
        let explained = client.explain(v1::ExplainRequest { cart: Some(cart) }).await.unwrap().into_inner();
        let answer = explained.cart.unwrap();
        assert_eq!((answer.policy_version, answer.what_if, answer.needs_approval), (1, true, false));
        let line = &answer.lines[0];
        let steps: Vec<(&str, i64)> =
            line.steps.iter().map(|step| (step.name.as_str(), step.amount_micros / 10_000)).collect();
        assert_eq!(
            steps,
            [
                ("", 330_000),
                ("", -33_000),
                ("Опт по обороту", -5_940),
                ("Сталь по тоннам за квартал", -1_626),
                ("Заказ на портале", -2_894),
                ("Резка в размер", 500),
                ("Резка для дилеров", -100),
            ]
        );
        let sum: i64 = line.steps.iter().map(|step| step.amount_micros).sum();
        assert_eq!((line.amount_micros, sum), (2_869_400_000, 2_869_400_000));
        assert_eq!(line.steps[6].explanation, "скидка 20 % на услугу Резка в размер");
        assert_eq!(line.steps[2].explanation, "2 % от 2970.00");
        // 19 % on 2,869.40.
        assert_eq!((answer.tax_total.as_str(), answer.gross_total.as_str()), ("545.19", "3414.59"));
        assert_eq!(line.tax_micros, 545_190_000);
        let shown: Vec<_> =
            line.shown_prices.iter().map(|one| (one.name.as_str(), one.unit_price_micros)).collect();
        assert_eq!(shown, [("МРЦ", 712_800), ("РРЦ", 792_000)]);
        let losers: Vec<_> = line.rule_losers.iter().map(|one| (one.rule.as_str(), one.reason())).collect();
        assert_eq!(losers, [("small-order", v1::RuleLossReason::PastLadder)]);
        let tonnes = answer.progress.iter().find(|one| one.rule == "steel-tonnes").unwrap();
        let figures = (tonnes.position.as_str(), tonnes.before.as_str(), tonnes.tier, tonnes.next_micros);
        assert_eq!(figures, ("5.31", "4.2", 1, Some(20_000_000)));
        assert!(tonnes.explanation.starts_with("до следующей скидки: 14.69 tonne"), "{}", tonnes.explanation);
    });
}

#[test]
fn the_basic_view_has_the_figures_and_the_progress_that_is_wanted() {
    let running = demo();
    block_on(async {
        let mut client = PricingServiceClient::new(running.channel().await);
        for (wanted, expected) in [
            (v1::ProgressWanted::None, vec![]),
            (v1::ProgressWanted::Unspecified, vec!["opt", "steel-tonnes", "portal-order"]),
        ] {
            let asked = v1::PriceCartRequest { progress: wanted.into(), ..rebar() };
            let answer = client.price_cart(asked).await.unwrap().into_inner();
            let line = &answer.lines[0];
            assert_eq!((line.amount_micros, line.tax_micros), (2_869_400_000, 545_190_000));
            assert_eq!((line.steps.len(), line.shown_prices.len(), line.rule_losers.len()), (0, 0, 0));
            assert_eq!((answer.gross_total.as_str(), answer.policy_version), ("3414.59", 1));
            let told: Vec<&str> = answer.progress.iter().map(|one| one.rule.as_str()).collect();
            assert_eq!(told, expected);
        }
        let asked = v1::PriceCartRequest { progress: v1::ProgressWanted::Ladders.into(), ..rebar() };
        let answer = client.price_cart(asked).await.unwrap().into_inner();
        let ladder = &answer.progress.iter().find(|one| one.rule == "opt").unwrap().ladder;
        let tiers: Vec<_> =
            ladder.iter().map(|tier| (tier.lower_micros / 1_000_000, tier.explanation.as_str())).collect();
        assert_eq!(tiers, [(50_000, "1 %"), (150_000, "2 %"), (300_000, "3 %")]);
    });
}

/// A discount that goes below the floor of a margin, and a service that nobody sells with insulation.
const BITING: &str = "\
quoin_policy: 1
currency: EUR
rules: [{ id: too-much, layer: volume, percent: 40 }]
guards: [{ id: floor, name: Least price, margin: 12.345678 }]
services: [{ id: cutting, price: 1, per: line, goods: [{ category: Rebar and steel }] }]
eligibility: { exclusions: [{ id: banned, goods: [{ sku: INS-000002 }], reason: { en: not for sale here, ru: здесь не продаётся } }] }
";

#[test]
fn a_floor_bites_and_a_buyer_is_told_neither_cost_nor_margin() {
    let running = Running::start();
    publish(&running, BITING);
    // INS-000001 costs 4.5964 apiece.
    let secrets = |bytes: &[u8]| -> Vec<&'static str> {
        let varint = |micros: u64| {
            let mut out = Vec::new();
            prost::encoding::encode_varint(micros, &mut out);
            out
        };
        let searched = [
            ("margin", b"12.345678".to_vec()),
            ("margin as a number", varint(12_345_678)),
            ("cost", b"4.5964".to_vec()),
            ("cost as a number", varint(4_596_400)),
            ("cost of twelve", varint(55_156_800)),
        ];
        let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
        searched.iter().filter(|(_, part)| holds(part)).map(|(name, _)| *name).collect()
    };
    block_on(async {
        let mut client = PricingServiceClient::new(running.channel().await);
        let mut ask = async |costs: &'static str, language: &str| {
            let cart = v1::PriceCartRequest {
                language: language.to_owned(),
                ..cart(vec![line("", "INS-000001", 12), line("", "INS-000002", 1)])
            };
            let mut request = Request::new(v1::ExplainRequest { cart: Some(cart.clone()) });
            request.metadata_mut().insert("quoin-sees-costs", costs.parse().unwrap());
            let explained = client.explain(request).await.unwrap().into_inner().cart.unwrap();
            let mut request = Request::new(cart);
            request.metadata_mut().insert("quoin-sees-costs", costs.parse().unwrap());
            (explained, client.price_cart(request).await.unwrap().into_inner())
        };
        for language in ["en", "ru"] {
            let (explained, basic) = ask("false", language).await;
            assert_eq!(secrets(&explained.encode_to_vec()), Vec::<&str>::new(), "{explained:#?}");
            assert_eq!(secrets(&basic.encode_to_vec()), Vec::<&str>::new(), "{basic:#?}");
            // 12 x 4.5964 / (1 - 0.12345678) = 62.925..., rounded up.
            assert_eq!(
                (explained.lines[0].amount_micros, basic.lines[0].amount_micros),
                (62_930_000, 62_930_000)
            );
            let guard = explained.lines[0].steps.iter().find(|step| step.guard == "floor").unwrap();
            assert_eq!((guard.name.as_str(), guard.explanation.as_str()), ("Least price", ""));
            assert_eq!(explained.lines[0].notices[0].kind(), v1::NoticeKind::Clamped);
            assert!(basic.lines[0].notices.is_empty());
            let problem = basic.lines[1].problem.as_ref().unwrap();
            let reason =
                if language == "en" { "not for sale here" } else { "здесь не продаётся" };
            assert_eq!((problem.reason.as_str(), problem.barrier.as_str()), (reason, "banned"));
        }
        let (explained, _) = ask("true", "en").await;
        assert_eq!(secrets(&explained.encode_to_vec()), ["margin"]);
        let mut cut = line("", "INS-000001", 12);
        let cutting = v1::ServiceOrder { service: "cutting".to_owned(), quantity_micros: 0 };
        cut.details = Some(v1::LineDetails { services: vec![cutting], ..Default::default() });
        let answer = client.price_cart(cart(vec![cut])).await.unwrap().into_inner();
        assert_eq!(answer.lines[0].status(), v1::LineStatus::NoSuchService);
    });
}

#[test]
fn the_catalogue_shows_what_the_cart_will_cost() {
    let running = demo();
    block_on(async {
        let mut client = PricingServiceClient::new(running.channel().await);
        let asked = rebar();
        let listing = v1::ListPricesRequest {
            circumstances: asked.circumstances.clone(),
            metrics: asked.metrics.clone(),
            ..listing()
        };
        let (prices, _) = listed(&mut client, listing.clone()).await.unwrap();
        let rebar = prices.iter().find(|price| price.sku == "STL-000063").unwrap();
        // 0.594 by contract, less 2 % by last quarter's turnover: unit prices are not rounded here.
        assert_eq!((rebar.unit_price_micros, rebar.net_unit_price_micros), (594_000, 582_120));
        for price in prices.iter().step_by(7) {
            let mut alone = line("alone", &price.sku, 0);
            alone.quantity_micros = price.quantity_micros;
            let cart = v1::PriceCartRequest {
                lines: vec![alone],
                view: v1::CartView::Waterfall.into(),
                ..asked.clone()
            };
            let answer = client.price_cart(cart).await.unwrap().into_inner();
            let surcharges = answer.lines[0].steps.iter().filter(|step| step.layer() == v1::Layer::Surcharge);
            let surcharge: i64 = surcharges.map(|step| step.amount_micros).sum();
            let goods = answer.lines[0].amount_micros - surcharge;
            let by_listing =
                i128::from(price.net_unit_price_micros) * i128::from(price.quantity_micros) / 1_000_000;
            assert!((by_listing - i128::from(goods)).abs() < 10_000, "{price:?} {answer:#?}");
        }
        let wrong = v1::Metrics {
            positions: vec![v1::MeasurePosition {
                measure: "nothing".to_owned(),
                value: "1".to_owned(),
                ..Default::default()
            }],
            ..Default::default()
        };
        let refused = v1::ListPricesRequest { metrics: Some(wrong), ..listing };
        let refused = listed(&mut client, refused).await.unwrap_err();
        assert_eq!(refused.code(), tonic::Code::InvalidArgument);
    });
}

#[test]
fn the_catalogue_leaves_out_what_the_contract_may_not_buy() {
    let running = Running::start();
    publish(&running, BITING);
    block_on(async {
        let mut client = PricingServiceClient::new(running.channel().await);
        let asked = listing();
        let (prices, _) = listed(&mut client, asked).await.unwrap();
        assert_eq!(prices.len(), 199);
        assert!(prices.iter().all(|price| price.sku != "INS-000002"));
    });
}

#[test]
fn a_sku_is_listed_at_the_least_quantity_that_may_be_ordered() {
    let running = Running::start();
    let folder = tempfile::tempdir().unwrap();
    let header = "sku,base_unit,minimum,multiple\n";
    let rows = "INS-000001,piece,25,10\nINS-000003,piece,12,\n";
    std::fs::write(folder.path().join("skus.csv"), format!("{header}{rows}")).unwrap();
    let sources = Source::of_paths([folder.path().join("skus.csv")], None).unwrap();
    let job = ImportJob { sources, ..ImportJob::default() };
    let report = running.engine.import(&Caller::operator(), &job, &Silent).unwrap();
    assert_eq!(report.verdict, Verdict::Published, "{:?}", report.refused);
    publish(&running, BITING);
    block_on(async {
        let mut client = PricingServiceClient::new(running.channel().await);
        let asked = listing();
        let (prices, _) = listed(&mut client, asked).await.unwrap();
        let quantity =
            |sku: &str| prices.iter().find(|price| price.sku == sku).map(|price| price.quantity_micros);
        let quantities = ["INS-000001", "INS-000003"].map(quantity);
        assert_eq!(quantities, [Some(30_000_000), Some(12_000_000)]);
    });
}

#[test]
fn an_unknown_measure_is_refused_where_nothing_is_listed() {
    let running = Running::start();
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("price_lists.csv", "price_list,currency\nNOTHING,EUR\n"),
        ("contracts.csv", "contract,counterparty,currency,time_zone\nC-EMPTY,CP-00001,EUR,Europe/Berlin\n"),
        ("access.csv", "contract,position,price_list\nC-EMPTY,10,NOTHING\n"),
    ];
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let sources = Source::of_paths(files.map(|(name, _)| folder.path().join(name)), None).unwrap();
    let job = ImportJob { sources, ..ImportJob::default() };
    let report = running.engine.import(&Caller::operator(), &job, &Silent).unwrap();
    assert_eq!(report.verdict, Verdict::Published, "{:?}", report.refused);
    publish(&running, BITING);
    block_on(async {
        let mut client = PricingServiceClient::new(running.channel().await);
        let asked = v1::ListPricesRequest { contract: "C-EMPTY".to_owned(), ..listing() };
        let (prices, _) = listed(&mut client, asked.clone()).await.unwrap();
        assert!(prices.is_empty());
        let position = v1::MeasurePosition { measure: "nothing".to_owned(), ..Default::default() };
        let metrics = v1::Metrics { positions: vec![position], ..Default::default() };
        let refused = listed(&mut client, v1::ListPricesRequest { metrics: Some(metrics), ..asked }).await;
        assert_eq!(refused.unwrap_err().code(), tonic::Code::InvalidArgument);
    });
}
