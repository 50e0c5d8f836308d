//! Is what is written by hand what prost writes? Random answers in the basic view.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use prost::Message;

use quoin::api::cart_codec::columns::columns_frame;
use quoin::api::cart_codec::encode::{FRAME_HEADER_BYTES, basic_frame, full_frame};
use quoin::api::columns::in_columns;
use quoin::api::priced_cart::response_of;
use quoin::api::telling::{Audience, Telling};
use quoin::api::v1;
use quoin::domain::contract::Circumstances;
use quoin::domain::decimal::Micros;
use quoin::domain::ids::{ListId, PublicationNo, SequenceNo, SkuId, UnitId};
use quoin::domain::language::Language;
use quoin::eligibility::Barrier;
use quoin::policy::compiled::PointsNo;
use quoin::policy::{GuardNo, PolicyInForce, RuleNo};
use quoin::pricing::cart::{CartPoints, CartUse, LineNotice, LineStatus, PricedCart, PricedLine, Progress};
use quoin::pricing::points::{PointsLoss, PointsTaken};
use quoin::pricing::request::{CartLine, CartRequest, Detail, SkuRef};
use quoin::pricing::request::{NO_PARTICULARS, ProgressWanted};

use super::codec::{number, text};
use super::policy;
use crate::effort::cases;

fn micros() -> impl Strategy<Value = Micros> {
    number().prop_map(Micros)
}

fn total() -> impl Strategy<Value = i128> {
    prop_oneof![(i128::MIN / 4)..(i128::MAX / 4), number().prop_map(i128::from)]
}

fn status() -> impl Strategy<Value = LineStatus> {
    let barrier = prop_oneof![
        (0_u32..2).prop_map(Barrier::Excluded),
        (0_u32..2).prop_map(Barrier::OutsideAssortment),
        (0_u32..2).prop_map(Barrier::Unlicensed),
    ];
    prop_oneof![
        8 => Just(LineStatus::Priced),
        1 => Just(LineStatus::UnknownSku),
        1 => Just(LineStatus::Overflow),
        1 => Just(LineStatus::NoPriceFinal { list: ListId(7) }),
        1 => (0_u8..7).prop_map(|decimals| LineStatus::QuantityTooPrecise { decimals }),
        1 => micros().prop_map(|minimum| LineStatus::BelowMinimum { minimum }),
        1 => (micros(), micros()).prop_map(|(below, above)| LineStatus::OffMultiple { below, above }),
        1 => barrier.prop_map(|by| LineStatus::NotEligible { by }),
    ]
}

fn priced_line() -> impl Strategy<Value = PricedLine> {
    (status(), micros(), micros(), micros(), micros()).prop_map(
        |(status, unit_price, amount, list_unit_price, tax)| PricedLine {
            status,
            list_unit_price,
            unit_price,
            tax,
            ..policy::line(amount)
        },
    )
}

fn notice() -> impl Strategy<Value = LineNotice> {
    // Numbers past the end as well: what is not there is told without a name.
    let (rule, guard) = ((0_u32..12).prop_map(RuleNo), (0_u32..6).prop_map(GuardNo));
    prop_oneof![
        (rule.clone(), 0_u32..2, micros()).prop_map(|(rule, sku, quantity)| LineNotice::FreeGoods {
            rule,
            sku: SkuId(sku),
            unit: UnitId::BASE,
            quantity
        }),
        guard.clone().prop_map(|guard| LineNotice::NeedsApproval { guard }),
        guard.clone().prop_map(|guard| LineNotice::Clamped { guard }),
        guard.prop_map(|guard| LineNotice::BelowFloor { guard }),
        (rule, micros()).prop_map(|(rule, amount)| LineNotice::Lost { rule, amount }),
        Just(LineNotice::Untaxed),
    ]
}

fn progress() -> impl Strategy<Value = Progress> {
    let place = ((0_u32..12).prop_map(RuleNo), option::of(0_u32..50), option::of(0_u16..3));
    let figures = (total(), total(), total(), option::of(micros()), option::of(micros()), micros());
    (place, figures, any::<bool>()).prop_map(|((rule, line, tier), figures, whole_ladder)| {
        let (position, before, distance, next, distance_amount, worth) = figures;
        Progress { rule, line, position, before, tier, next, distance, distance_amount, worth, whole_ladder }
    })
}

fn notices() -> impl Strategy<Value = Vec<(u32, LineNotice)>> {
    let some = vec((0_u32..40, notice()), 0..10).prop_map(|mut notices| {
        notices.sort_by_key(|(line, _)| *line);
        notices
    });
    prop_oneof![Just(Vec::new()), some]
}

fn points() -> impl Strategy<Value = CartPoints> {
    use PointsLoss::{Coins, Goods, Guard, Share, Spendable};
    let loss = prop_oneof![Just(Spendable), Just(Share), Just(Goods), Just(Coins), Just(Guard)];
    let taken = (micros(), micros(), micros(), vec((loss, micros()), 0..4))
        .prop_map(|(asked, taken, amount, left)| PointsTaken { asked, taken, amount, left });
    let figures = (micros(), total(), micros(), micros());
    ((0_u32..3).prop_map(PointsNo), figures, option::of(taken)).prop_map(|(programme, figures, taken)| {
        let (earns, spendable, payable, amount) = figures;
        CartPoints { programme, earns, spendable, payable, amount, taken }
    })
}

fn cart() -> impl Strategy<Value = PricedCart> {
    let head = (any::<(u64, u64)>(), total(), option::of(text()), option::of(total()), any::<bool>());
    let progress = prop_oneof![Just(Vec::new()), vec(progress(), 0..4)];
    let one_use = (0..9_u32, number(), number());
    let uses = vec(
        one_use.prop_map(|(rule, used, left)| CartUse {
            rule: RuleNo(rule),
            used: Micros(used),
            left: Micros(left),
        }),
        0..3,
    );
    let points = (vec(points(), 0..3), option::of(total()));
    (vec(priced_line(), 0..40), head, notices(), (progress, uses), any::<bool>(), points).prop_map(
        |(lines, head, notices, (progress, uses), has_policy, (points, left_to_pay))| {
            let ((publication, position), total, hold, tax_total, what_if) = head;
            PricedCart {
                publication: PublicationNo(publication),
                position: SequenceNo(position),
                hold,
                notices,
                progress,
                uses,
                list_total: total,
                total: total / 2,
                tax_total,
                points,
                left_to_pay,
                what_if,
                policy: if has_policy { policy::in_force() } else { PolicyInForce::default() },
                ..policy::cart(lines)
            }
        },
    )
}

proptest! {
    #![proptest_config(cases(20_000))]

    #[test]
    fn answers_are_the_bytes_that_prost_writes(
        cart in cart(),
        ids in vec(text(), 40),
        russian in any::<bool>(),
        sees_costs in any::<bool>(),
    ) {
        let asked: Vec<CartLine<'_>> = cart
            .lines
            .iter()
            .zip(&ids)
            .map(|(_, id)| CartLine { id, sku: SkuRef::Handle(SkuId(0)), quantity: Micros::ONE, unit: "" })
            .collect();
        let request = CartRequest {
            contract: "C",
            pricing_at: None,
            publication: None,
            circumstances: Circumstances::default(),
            lines: &asked,
            particulars: &NO_PARTICULARS,
            progress: ProgressWanted::default(),
            detail: Detail::Basic,
        };
        let language = if russian { Language::Russian } else { Language::English };
        let catalogue = policy::catalogue();
        let telling = Telling::of(&cart, &catalogue, Audience { language, sees_costs });
        let by_hand = basic_frame(&cart, &asked, &telling);
        let message = response_of(&cart, &request, &telling);
        prop_assert_eq!(&by_hand[FRAME_HEADER_BYTES..], message.encode_to_vec());
        let full = full_frame(&cart, &request, &telling);
        prop_assert_eq!(&v1::PriceCartResponse::decode(&full[FRAME_HEADER_BYTES..]).unwrap(), &message);
        prop_assert_eq!(&full[..FRAME_HEADER_BYTES], &by_hand[..FRAME_HEADER_BYTES]);
        let length = u32::try_from(message.encoded_len()).unwrap();
        prop_assert_eq!(&by_hand[1..FRAME_HEADER_BYTES], length.to_be_bytes());
        let columns = columns_frame(&cart, &asked, &telling);
        let length = u32::try_from(columns.len() - FRAME_HEADER_BYTES).unwrap();
        prop_assert_eq!(&columns[1..FRAME_HEADER_BYTES], length.to_be_bytes());
        let columns = v1::PriceCartResponse::decode(&columns[FRAME_HEADER_BYTES..]).unwrap();
        prop_assert_eq!(columns, in_columns(message));
    }
}
