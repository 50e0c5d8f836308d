//! How does a data folder come to have a policy? A copy of it, with the report's policy published, and its carts held
//! against what was worked out by hand from the same contracts' prices without the policy.

use std::path::Path;

use quoin::domain::cell::CellFlags;
use quoin::domain::ids::PublicationNo;
use quoin::domain::ladder::TierMode;
use quoin::domain::rounding::{DiscountOn, RoundAt, RoundingMode};
use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::engine::view::View;
use quoin::exchange::generate::Generator;
use quoin::pricing::cart::{LineStatus, PricedCart, PricedLine};
use quoin::pricing::request::{CartRequest, Detail};

use super::asked::Asked;
use super::by_hand::{self, Line};
use super::carts::sheets;
use super::folders::copy;
use super::more_contracts;
use super::opened::open;
use super::plan::Plan;
use super::policies::{OF_PORTAL, Policy, Shape};
use super::published::publish;

/// Contracts whose carts are worked out by hand, about.
const CONTRACTS: usize = 200;
const LINES: usize = 100;

/// Copies a data folder of structured data, and publishes the policy of a thousand rules into the copy.
pub fn make(plan: &Plan, data: &Path, with_policy: &Path) {
    copy(data, with_policy);
    let generator = Generator::new(plan.structured.clone()).unwrap();
    let engine = open(with_policy);
    let others = more_contracts::add(&engine, &generator);
    let before = engine.view().publication;
    let policy = Policy::new(&generator, Shape { rules: 1_000, own: 0, own_circumstances: false }, others);
    publish(&engine, &policy);
    let (mut carts, mut held) = (0, 0);
    sheets(&generator, CONTRACTS, |sheet| {
        if let Some(skus) = sheet.draw(LINES) {
            carts += 1;
            held += usize::from(hold(&engine, &policy, (&generator, before), (sheet.contract, &skus)));
        }
    });
    assert!(held * 4 > carts, "of {carts} carts only {held} could be worked out by hand");
    eprintln!("   {held} carts of {carts} come to what was worked out by hand");
}

/// Prices a cart without the policy and with it; false where the first leaves too much to be worked out by hand.
fn hold(
    engine: &Engine,
    policy: &Policy<'_>,
    (generator, before): (&Generator, PublicationNo),
    (contract, skus): (u32, &[u32]),
) -> bool {
    let asked = Asked::known(generator, (contract, skus), (OF_PORTAL, Detail::Waterfall), 0);
    let price = |request: &CartRequest<'_>| engine.price_cart(&Caller::operator(), request).unwrap();
    let alone = price(&CartRequest { publication: Some(before), ..asked.request() });
    let Some(lines) = lines(generator, &engine.view(), &alone, skus) else { return false };
    let cents = by_hand::cents(policy, contract, alone.currency.code() == "EUR", &lines);
    let with = price(&CartRequest { detail: Detail::Basic, ..asked.request() });
    let found: Vec<i128> = with.lines.iter().map(|line| i128::from(line.amount.0)).collect();
    let expected: Vec<i128> = cents.iter().map(|cents| cents * 10_000).collect();
    assert_eq!(found, expected, "contract {contract}");
    assert!(with.total < alone.total, "contract {contract}");
    true
}

/// The lines at their contract prices; none where the contract has a rounding of its own, or a line's price is not from its
/// own list, or comes from portions.
fn lines(generator: &Generator, view: &View, alone: &PricedCart, skus: &[u32]) -> Option<Vec<Line<'static>>> {
    let contract = view.catalogue.contract(alone.contract).unwrap();
    let rounding = contract.rounding;
    let usual = (DiscountOn::Line, RoundAt::End, RoundingMode::HalfUp);
    if (rounding.discount_on, rounding.round_at, rounding.amount_mode) != usual {
        return None;
    }
    let line = |(sku, line): (&u32, &PricedLine)| {
        assert_eq!(line.status, LineStatus::Priced, "contract {}, SKU {sku}", contract.code);
        let source = line.source.as_ref()?;
        let own = view.catalogue.list(source.list).unwrap().owner == Some(contract.id);
        (own && source.mode == TierMode::Volume).then(|| Line {
            id: "",
            leaf: generator.assortment().sku(*sku).unwrap().leaf,
            price: line.unit_price,
            quantity: line.quantity,
            no_discount: source.flags.has(CellFlags::NO_DISCOUNT),
        })
    };
    skus.iter().zip(&alone.lines).map(line).collect()
}
