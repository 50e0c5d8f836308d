//! Does the engine price as a naive model does, whatever was published in whatever order, and against any publication?
//!
//! The model walks plain maps with exact fractions and shares no code with quoin's matrix and pricing. Scenarios are drawn
//! and shrunk by proptest; a counterexample that was found stays below as a test of its own.

mod counterexamples;
mod files;
mod money;
mod naive;
mod reached;
mod scenario;
mod state;

use std::ops::ControlFlow;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::test_runner::{TestError, TestRunner};
use quoin::domain::contract::Circumstances;
use quoin::domain::decimal::Micros;
use quoin::domain::ids::{ListId, PublicationNo};
use quoin::domain::time::Instant;
use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::engine::import::{Silent, Verdict};
use quoin::engine::listing::ListRequest;
use quoin::engine::publication::ImportMode;
use quoin::pricing::cart::{LineStatus, PricedCart, PricedLine};
use quoin::pricing::request::{CartLine, CartRequest, Detail, NO_PARTICULARS, SkuRef};

use crate::import_set::engine;
use naive::{Figures, Line, Naive, Order, order};
use reached::Reached;
use scenario::{CartSpec, Scenario, UNITS, ZONES, scenario};
use state::{State, moment};

#[test]
fn the_engine_prices_as_the_model_does() {
    let reached = Reached::default();
    let outcome = TestRunner::new(crate::effort::cases(300)).run(&scenario(), |scenario| {
        check(&scenario, &reached);
        Ok(())
    });
    if let Err(TestError::Fail(why, scenario)) = outcome {
        panic!("QUOIN_SEED={}: {why}\n{scenario:#?}", crate::effort::seed());
    }
    reached.hold();
}

/// Publishes a scenario's changes one after another, and prices its carts after each.
fn check(scenario: &Scenario, reached: &Reached) {
    let folder = tempfile::tempdir().unwrap();
    let mut engine = engine(folder.path());
    let mut state = State { lists: vec![0], ..State::default() };
    state.lists.extend(&scenario.lists);
    let mut retained: Vec<(PublicationNo, State)> = Vec::new();
    for (number, spec) in scenario.publications.iter().enumerate() {
        let first = if number == 0 { scenario.skus.as_slice() } else { &[] };
        let mut set = if number == 0 { files::beginnings(&state) } else { Default::default() };
        let change = state.apply(spec, first);
        files::write(&mut set, &state, &change);
        if !set.is_empty() {
            let mode = if spec.replace { ImportMode::Replace } else { ImportMode::Delta };
            let report = set.import(&engine, mode, false);
            assert_eq!(report.verdict, Verdict::Published, "{:#?}", report.refused);
            assert_eq!(report.points, change.points, "publication {number}");
            retained.push((report.publication, state.clone()));
        }
        if spec.rebuild
            && let Some(manifest) = engine.rebuild(&Caller::operator(), &Silent).unwrap()
        {
            retained.push((manifest.number, state.clone()));
        }
        if spec.reopen {
            drop(engine);
            engine = crate::import_set::engine(folder.path());
        }
        for cart in &spec.carts {
            check_cart(&engine, &retained, cart, reached);
        }
    }
    check_listing(&engine, &retained, scenario);
    assert_eq!(engine.check().unwrap().faults, Vec::<String>::new());
}

/// The civil time in a zone, by jiff alone.
fn civil(at: Instant, zone: usize) -> jiff::civil::DateTime {
    TimeZone::get(ZONES[zone]).unwrap().to_datetime(Timestamp::from_second(at.0).unwrap())
}

fn instant((number, half_hours, seconds): (usize, i64, i64)) -> Instant {
    let utc = TimeZone::UTC.to_timestamp(moment(number)).unwrap().as_second();
    Instant(utc + half_hours * 1_800 + seconds)
}

fn check_cart(engine: &Engine, retained: &[(PublicationNo, State)], cart: &CartSpec, reached: &Reached) {
    let newest = retained.len() - 1;
    let chosen = cart.publication.map_or(newest, |number| number % retained.len());
    let (publication, state) = &retained[chosen];
    let Some(contract) = state.contracts.get(&cart.contract) else { return };
    let at = instant(cart.at);
    let units: Vec<Option<usize>> = cart.lines.iter().map(|line| unit_of(state, line)).collect();
    let orders: Vec<Result<Order, String>> = cart
        .lines
        .iter()
        .zip(&units)
        .map(|((sku, _, quantity), unit)| order(state, sku % state.skus.len(), *unit, *quantity))
        .collect();
    let naive = Naive { state, contract, at: civil(at, contract.zone), orders: &orders };
    let expected: Vec<Line> = orders
        .iter()
        .map(|order| order.as_ref().map_err(Clone::clone).and_then(|order| naive.line(order)))
        .collect();
    let codes: Vec<String> = cart.lines.iter().map(|line| State::code(line.0 % state.skus.len())).collect();
    let mut lines: Vec<CartLine<'_>> = cart
        .lines
        .iter()
        .zip(&units)
        .zip(&codes)
        .map(|(((_, _, quantity), unit), code)| CartLine {
            id: "",
            sku: SkuRef::Code(code),
            quantity: Micros(*quantity),
            unit: unit.map_or("", |unit| UNITS[unit].0),
        })
        .collect();
    let ask = |lines: &[CartLine<'_>], detail| {
        let request = CartRequest {
            particulars: &quoin::pricing::request::NO_PARTICULARS,
            progress: quoin::pricing::request::ProgressWanted::default(),
            contract: &files::contract_code(cart.contract),
            pricing_at: Some(at),
            publication: cart.publication.map(|_| *publication),
            circumstances: Circumstances::default(),
            lines,
            detail,
        };
        engine.price_cart(&Caller::operator(), &request).unwrap()
    };
    let priced = ask(&lines, Detail::Waterfall);
    assert_eq!(priced.publication, *publication);
    for (plain, line) in ask(&lines, Detail::Basic).lines.iter().zip(&priced.lines) {
        let told = PricedLine { source: line.source.clone(), steps: line.steps.clone(), ..plain.clone() };
        assert_eq!(told, *line, "reasoning changes figures: {cart:?}");
    }
    let found: Vec<Line> = priced.lines.iter().map(|line| figures(engine, line)).collect();
    assert_eq!(found, expected, "{cart:?} against publication {publication:?}: {contract:?}");
    check_totals(&priced, &expected);
    for (line, expected) in priced.lines.iter().zip(&expected) {
        reached.note(line, expected, chosen < newest);
    }
    lines.reverse();
    let reversed = ask(&lines, Detail::Explain);
    let found: Vec<Line> = reversed.lines.iter().rev().map(|line| figures(engine, line)).collect();
    assert_eq!(found, expected, "the order of lines changes figures: {cart:?}");
    for line in &reversed.lines {
        let steps = &reversed.steps[line.steps.start as usize..line.steps.end as usize];
        assert_eq!(steps.iter().map(|step| step.amount.0).sum::<i64>(), line.amount.0);
    }
}

/// The unit that a line names: one of the SKU's own, or any.
fn unit_of(state: &State, (sku, unit, _): &(usize, Option<usize>, i64)) -> Option<usize> {
    let sku = &state.skus[sku % state.skus.len()];
    let own: Vec<usize> = std::iter::once(sku.base).chain(sku.units.keys().copied()).collect();
    unit.map(|unit| if unit < 10 { own[unit % own.len()] } else { unit % UNITS.len() })
}

fn check_totals(priced: &PricedCart, expected: &[Line]) {
    let sum = |of: fn(&Figures) -> Micros| expected.iter().flatten().map(|line| i128::from(of(line).0)).sum();
    assert_eq!((priced.total, priced.list_total), (sum(|line| line.amount), sum(|line| line.list_amount)));
}

/// A priced line in the model's words.
fn figures(engine: &Engine, line: &PricedLine) -> Line {
    let view = engine.view();
    let list = |id: ListId| {
        let code = &view.catalogue.list(id).unwrap().code;
        code.strip_prefix("list-").unwrap().parse::<usize>().unwrap()
    };
    let why = match line.status {
        LineStatus::Priced => {
            return Ok(Figures {
                unit_price: line.unit_price,
                amount: line.amount,
                list_unit_price: line.list_unit_price,
                list_amount: line.list_amount,
                list: list(line.source.as_ref().unwrap().list),
            });
        }
        LineStatus::NoPriceFinal { list: of } => format!("no_price_final {}", list(of)),
        LineStatus::NoBasePrice { list: of } => format!("no_base_price {}", list(of)),
        LineStatus::NoExchangeRate { list: of } => format!("no_exchange_rate {}", list(of)),
        LineStatus::NoIndexValue { list: of } => format!("no_index_value {}", list(of)),
        LineStatus::PriceNotPositive { list: of } => format!("price_not_positive {}", list(of)),
        LineStatus::NoPrice => "no_price".to_owned(),
        LineStatus::UnknownUnit => "unknown_unit".to_owned(),
        LineStatus::QuantityNotPositive => "quantity_not_positive".to_owned(),
        LineStatus::QuantityTooPrecise { .. } => "quantity_too_precise".to_owned(),
        LineStatus::BelowMinimum { .. } => "below_minimum".to_owned(),
        LineStatus::OffMultiple { .. } => "off_multiple".to_owned(),
        other => format!("{other:?}"),
    };
    Err(why)
}

/// The least of a SKU that may be ordered, one unit where nothing is said: multiples are tried until one may.
fn least_order(state: &State, number: usize) -> Order {
    let sku = &state.skus[number];
    let Some(least) = sku.minimum.max(sku.multiple) else {
        return order(state, number, None, 1_000_000).unwrap();
    };
    let step = sku.multiple.unwrap_or(1);
    let from = (least + step - 1) / step;
    let tried = (from..from + 1_000_000).map(|times| order(state, number, None, times * step));
    tried.flatten().next().unwrap()
}

/// A contract's whole list names the goods that the model prices at their least quantity, and those alone.
fn check_listing(engine: &Engine, retained: &[(PublicationNo, State)], scenario: &Scenario) {
    let Some(cart) = scenario.publications.iter().flat_map(|spec| &spec.carts).next() else { return };
    let Some((publication, state)) = retained.last() else { return };
    let Some(contract) = state.contracts.get(&cart.contract) else { return };
    let at = instant(cart.at);
    let mut expected = Vec::new();
    for number in 0..state.skus.len() {
        let order = least_order(state, number);
        let orders = [Ok(order.clone())];
        let naive = Naive { state, contract, at: civil(at, contract.zone), orders: &orders };
        expected.extend(naive.line(&order).ok().map(|line| (State::code(number), line.unit_price)));
    }
    let code = files::contract_code(cart.contract);
    let request = ListRequest {
        contract: &code,
        pricing_at: Some(at),
        publication: Some(*publication),
        circumstances: Circumstances::default(),
        particulars: &NO_PARTICULARS,
    };
    let mut found = Vec::new();
    let listed = engine.list_prices(&Caller::operator(), &request, &mut |view, price| {
        found.push((view.catalogue.sku(price.sku).unwrap().code.clone(), price.unit_price));
        ControlFlow::Continue(())
    });
    assert_eq!(listed.unwrap().publication, *publication);
    assert_eq!(found, expected, "the list of {code} at {at}");
}
