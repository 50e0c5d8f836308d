//! Does a buyer learn of costs, margins or floors? The whole encoded answer is searched for them.

use prost::Message;
use quoin::api::cart_codec::encode::basic_frame;
use quoin::api::priced_cart::response_of;
use quoin::api::telling::Audience;
use quoin::domain::contract::Circumstances;
use quoin::domain::decimal::Micros;
use quoin::domain::language::Language;
use quoin::policy::syntax::Presentation;
use quoin::pricing::cart::{LineNotice, PricedCart};
use quoin::pricing::losers::{RuleLoser, RuleLoss};
use quoin::pricing::request::{CartLine, CartRequest, Detail, SkuRef};
use quoin::pricing::request::{NO_PARTICULARS, ProgressWanted};
use quoin::pricing::waterfall::{Cause, Layer, Step};

use super::policy::{
    COST, FLOORS, MARGIN, MARKUP, buyer, cart, catalogue, guard_no, line, micros, rule_no, seller, telling,
};

/// What a floor came to: no figure that a buyer sees.
const FLOOR: Micros = Micros(6_912_345_678);

/// A cart in which every guard bit, in every way that an answer can say so.
fn guarded() -> PricedCart {
    let mut cart = cart(vec![line(micros("100"))]);
    let rates = [("floor", FLOOR), ("margin", MARGIN), ("markup", MARKUP), ("most", micros("15.123456"))];
    for (guard, rate) in rates {
        let guard = guard_no(&cart.policy, guard);
        cart.steps.push(Step {
            layer: Layer::Guard,
            cause: Cause::Guard(guard),
            base: micros("90"),
            amount: micros("10"),
            taken_of: COST,
            rate,
            shown_as: Presentation::Discount,
        });
        cart.notices.extend([
            (0, LineNotice::NeedsApproval { guard }),
            (0, LineNotice::Clamped { guard }),
            (0, LineNotice::BelowFloor { guard }),
        ]);
        let rule = rule_no(&cart.policy, "once");
        cart.rule_losers.push(RuleLoser { line: 0, rule, reason: RuleLoss::TakenBack { by: guard } });
    }
    cart.lines[0].steps = 0..4;
    cart
}

fn encoded(cart: &PricedCart, detail: Detail, audience: Audience) -> Vec<u8> {
    let lines = [CartLine { id: "1", sku: SkuRef::Code("R-12"), quantity: Micros::ONE, unit: "" }];
    let request = CartRequest {
        contract: "C",
        pricing_at: None,
        publication: None,
        circumstances: Circumstances::default(),
        lines: &lines,
        particulars: &NO_PARTICULARS,
        progress: ProgressWanted::Ladders,
        detail,
    };
    let catalogue = catalogue();
    let telling = telling(cart, &catalogue, audience);
    let mut bytes = response_of(cart, &request, &telling).encode_to_vec();
    if detail == Detail::Basic {
        bytes.extend(basic_frame(cart, &lines, &telling));
    }
    bytes
}

/// Every way in which a figure or name may stand in an encoded answer.
fn secrets() -> Vec<(String, Vec<u8>)> {
    let mut secrets = vec![(FLOORS.to_owned(), FLOORS.as_bytes().to_vec())];
    for figure in [MARGIN, MARKUP, COST, FLOOR, micros("15.123456")] {
        let mut varint = Vec::new();
        prost::encoding::encode_varint(figure.0.cast_unsigned(), &mut varint);
        secrets.push((format!("{figure} as a number"), varint));
        secrets.push((format!("{figure} as a text"), figure.to_string().into_bytes()));
    }
    // What the guard of the greatest discount states.
    secrets.push(("15 %".to_owned(), b"15 %".to_vec()));
    secrets
}

fn found(bytes: &[u8]) -> Vec<String> {
    let holds = |secret: &[u8]| bytes.windows(secret.len()).any(|window| window == secret);
    secrets().into_iter().filter(|(_, secret)| holds(secret)).map(|(name, _)| name).collect()
}

#[test]
fn no_answer_to_a_buyer_has_a_cost_a_margin_or_a_floor() {
    let cart = guarded();
    for detail in [Detail::Basic, Detail::Waterfall, Detail::Explain] {
        for language in Language::ALL {
            let answer = encoded(&cart, detail, buyer(language));
            assert_eq!(found(&answer), Vec::<String>::new(), "{detail:?} {language:?}");
        }
    }
    // Guards are named all the same.
    let answer = encoded(&cart, Detail::Explain, buyer(Language::English));
    for name in ["Floor prices", "Margin", "markup", "Greatest discount"] {
        assert!(answer.windows(name.len()).any(|window| window == name.as_bytes()), "{name} is not named");
    }
}

#[test]
fn the_search_finds_what_those_are_told_who_may_see_costs() {
    let answer = encoded(&guarded(), Detail::Explain, seller(Language::English));
    let told = found(&answer);
    for expected in
        [FLOORS, "37.123456 as a text", "37.123456 as a number", "4321.987654 as a number", "15 %"]
    {
        assert!(told.iter().any(|name| name == expected), "{expected} is not among {told:?}");
    }
}
