//! Are the rows of a large publication in memory when it is first asked for? Where those before it were, and nowhere else.

use quoin::domain::decimal::Micros;
use quoin::engine::caller::Caller;
use quoin::engine::import::Verdict;
use quoin::engine::publication::ImportMode;
use quoin::engine::{Engine, EngineOptions};
use quoin::pricing::request::{CartLine, SkuRef};

use super::request;
use super::rounds::{ASKED, SKUS, is_large, round_of_fillers, round_of_goods, round_set};

#[test]
fn the_first_cart_of_a_large_publication_does_not_wait_for_the_disk() {
    const LARGE: i64 = 5;
    assert!(is_large(LARGE));
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(&EngineOptions::new(folder.path().join("data"))).unwrap();
    let publish = |round| {
        let report = round_set(round).import(&engine, ImportMode::Delta, false);
        assert_eq!(report.verdict, Verdict::Published, "{:#?}", report.refused);
    };
    let codes: Vec<String> = (0..SKUS).map(|sku| format!("sku-{sku}")).collect();
    let line = |code| CartLine { id: "", sku: SkuRef::Code(code), quantity: Micros(7_000_000), unit: "" };
    let goods: Vec<CartLine<'_>> = codes.iter().map(|code| line(code.as_str())).collect();
    let (caller, fillers) = (Caller::operator(), &goods[..ASKED.len()]);
    publish(1);
    assert!(engine.price_cart_cached(&caller, &request("fillers", fillers, None)).unwrap().is_none());
    assert!(engine.price_cart_cached(&caller, &request("goods", &goods, None)).unwrap().is_none());
    engine.price_cart(&caller, &request("goods", &goods, None)).unwrap();
    publish(LARGE);
    let cached =
        |contract, lines| engine.price_cart_cached(&caller, &request(contract, lines, None)).unwrap();
    let priced = cached("goods", &goods).expect("its rows before were in memory");
    assert_eq!(round_of_goods(&priced), Ok(LARGE));
    assert!(cached("fillers", fillers).is_none(), "nobody had asked for them");
    let priced = engine.price_cart(&caller, &request("fillers", fillers, None)).unwrap();
    assert_eq!(round_of_fillers(&priced), Ok(LARGE));
}
