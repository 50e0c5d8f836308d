//! What holds while clocks are changed: in an hour that they show twice, or never?
//!
//! An instant is turned into the civil time of the contract's zone once, and windows are held against that. So the second
//! pass of an hour counts as its first: a price that begins in the middle of it holds from there in either pass. A window
//! that begins in an hour that is never shown begins when clocks jump past it.

use quoin::domain::contract::Circumstances;
use quoin::domain::decimal::Micros;
use quoin::domain::time::Instant;
use quoin::engine::caller::Caller;
use quoin::engine::import::{ImportJob, Silent, Verdict};
use quoin::engine::{Engine, EngineOptions};
use quoin::exchange::source::Source;
use quoin::pricing::cart::LineStatus;
use quoin::pricing::request::{CartLine, CartRequest, Detail, SkuRef};

/// London's clocks went from 01:00 to 02:00 on 2011-03-27, and from 02:00 back to 01:00 on 2011-10-30.
const FILES: &[(&str, &str)] = &[
    ("units.csv", "unit\npiece\n"),
    ("skus.csv", "sku,base_unit\nAUTUMN,piece\nSPRING,piece\n"),
    ("price_lists.csv", "price_list,currency\nL,GBP\n"),
    ("counterparties.csv", "counterparty\nA\n"),
    ("contracts.csv", "contract,counterparty,currency,time_zone\nC,A,GBP,Europe/London\n"),
    ("access.csv", "contract,position,price_list\nC,1,L\n"),
    (
        "prices.csv",
        "price_list,sku,price,valid_from,valid_to\n\
         L,AUTUMN,1,,2011-10-30T01:30:00\nL,AUTUMN,2,2011-10-30T01:30:00,\n\
         L,SPRING,1,,2011-03-27T01:30:00\nL,SPRING,2,2011-03-27T01:30:00,\n",
    ),
];

#[test]
fn windows_that_begin_while_clocks_are_changed() {
    let folder = tempfile::tempdir().unwrap();
    let write = |(name, text): &(&str, &str)| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let sources = Source::of_paths(FILES.iter().map(write).collect::<Vec<_>>(), None).unwrap();
    let engine = Engine::open(&EngineOptions::new(folder.path().join("data"))).unwrap();
    let job = ImportJob { sources, ..ImportJob::default() };
    let report = engine.import(&Caller::operator(), &job, &Silent).unwrap();
    assert_eq!(report.verdict, Verdict::Published, "{:#?}", report.refused);
    // SKU, instant, what London's clocks show at it, and the price.
    let cases = [
        ("AUTUMN", "2011-10-30T00:29:59Z", "01:29:59, first pass", 1),
        ("AUTUMN", "2011-10-30T00:30:00Z", "01:30:00, first pass", 2),
        ("AUTUMN", "2011-10-30T00:59:59Z", "01:59:59, first pass", 2),
        ("AUTUMN", "2011-10-30T01:00:00Z", "01:00:00, second pass", 1),
        ("AUTUMN", "2011-10-30T01:29:59Z", "01:29:59, second pass", 1),
        ("AUTUMN", "2011-10-30T01:30:00Z", "01:30:00, second pass", 2),
        ("AUTUMN", "2011-10-30T02:00:00Z", "02:00:00", 2),
        ("SPRING", "2011-03-27T00:59:59Z", "00:59:59, the last before the jump", 1),
        ("SPRING", "2011-03-27T01:00:00Z", "02:00:00, the first after it", 2),
    ];
    for (sku, instant, shown, price) in cases {
        let line = CartLine { id: "", sku: SkuRef::Code(sku), quantity: Micros::ONE, unit: "" };
        let request = CartRequest {
            particulars: &quoin::pricing::request::NO_PARTICULARS,
            progress: quoin::pricing::request::ProgressWanted::default(),
            contract: "C",
            pricing_at: Some(Instant::parse(instant).unwrap()),
            publication: None,
            circumstances: Circumstances::default(),
            lines: &[line],
            detail: Detail::Basic,
        };
        let priced = engine.price_cart(&Caller::operator(), &request).unwrap();
        let found = (priced.lines[0].status, priced.lines[0].unit_price);
        assert_eq!(found, (LineStatus::Priced, Micros::whole(price).unwrap()), "{sku} at {instant}: {shown}");
    }
}
