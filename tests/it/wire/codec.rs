//! Is the hand-written cart codec the protocol? Random messages and random bytes, beside prost.

use proptest::collection::vec;
use proptest::prelude::*;
use prost::Message;

use quoin::api::cart::{lines_of, message_head, response_of};
use quoin::api::cart_codec::encode::{FRAME_HEADER_BYTES, basic_frame, frame_of};
use quoin::api::cart_codec::request::{read_cart, recycle};
use quoin::api::v1;
use quoin::api::v1::cart_line::SkuRef;
use quoin::domain::catalogue::Catalogue;
use quoin::domain::currency::Currency;
use quoin::domain::decimal::Micros;
use quoin::domain::ids::{ContractId, ListId, PublicationNo, SequenceNo, SkuId, UnitId};
use quoin::domain::time::{CivilSecond, Instant};
use quoin::pricing::cart::{CartLine, Detail, LineStatus, PricedCart, PricedLine};

use crate::effort::cases;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[A-Z]{3}-[0-9]{6}", "\\PC{0,70}", ".{120,140}"]
}

fn number() -> impl Strategy<Value = i64> {
    prop_oneof![
        Just(0_i64),
        0..1_000_000_i64,
        any::<i64>(),
        Just(i64::MIN),
        Just(i64::MAX),
        (0_u32..63).prop_map(|n| 1 << n)
    ]
}

fn line() -> impl Strategy<Value = v1::CartLine> {
    let sku = prop_oneof![
        Just(None),
        text().prop_map(|code| Some(SkuRef::Sku(code))),
        any::<u32>().prop_map(|handle| Some(SkuRef::SkuHandle(handle))),
    ];
    (text(), sku, number(), text()).prop_map(|(id, sku_ref, quantity_micros, unit)| v1::CartLine {
        id,
        sku_ref,
        quantity_micros,
        unit,
    })
}

fn request() -> impl Strategy<Value = v1::PriceCartRequest> {
    let at = proptest::option::of((number(), any::<i32>()));
    let circumstances = proptest::option::of((text(), text(), text(), text()));
    (text(), at, any::<u64>(), circumstances, vec(line(), 0..20), any::<i32>()).prop_map(
        |(contract, at, publication, stated, lines, view)| v1::PriceCartRequest {
            contract,
            pricing_at: at.map(|(seconds, nanos)| prost_types::Timestamp { seconds, nanos }),
            publication,
            circumstances: stated.map(|(warehouse, delivery_basis, channel, fulfilment)| v1::Circumstances {
                warehouse,
                delivery_basis,
                channel,
                fulfilment,
            }),
            lines,
            view,
        },
    )
}

/// What both readers make of some bytes must be the same, or both refuse them.
fn check_reading(bytes: &[u8]) {
    let mut lines: Vec<CartLine<'_>> = Vec::new();
    let by_hand = read_cart(bytes, &mut lines);
    match v1::PriceCartRequest::decode(bytes) {
        Err(refused) => {
            assert!(by_hand.is_err(), "prost refuses ({refused}) what is read by hand: {bytes:?}")
        }
        Ok(message) => {
            assert_eq!(by_hand.unwrap(), message_head(&message), "{bytes:?}");
            assert_eq!(lines, lines_of(&message), "{bytes:?}");
        }
    }
}

fn status() -> impl Strategy<Value = LineStatus> {
    let micros = || number().prop_map(Micros);
    prop_oneof![
        8 => Just(LineStatus::Priced),
        1 => Just(LineStatus::UnknownSku),
        1 => Just(LineStatus::Overflow),
        1 => Just(LineStatus::NoPriceFinal { list: ListId(7) }),
        1 => (0_u8..7).prop_map(|decimals| LineStatus::QuantityTooPrecise { decimals }),
        1 => micros().prop_map(|minimum| LineStatus::BelowMinimum { minimum }),
        1 => (micros(), micros()).prop_map(|(below, above)| LineStatus::OffMultiple { below, above }),
    ]
}

fn priced_line() -> impl Strategy<Value = PricedLine> {
    (status(), number(), number(), number()).prop_map(|(status, unit_price, amount, list_unit_price)| {
        PricedLine {
            status,
            sku: Some(SkuId(1)),
            unit: UnitId::BASE,
            quantity: Micros::ONE,
            list_unit_price: Micros(list_unit_price),
            unit_price: Micros(unit_price),
            list_amount: Micros(1),
            amount: Micros(amount),
            tax: Micros::ZERO,
            source: None,
            steps: 0..0,
            losers: 0..0,
        }
    })
}

fn cart(
    lines: Vec<PricedLine>,
    (publication, position): (u64, u64),
    total: i128,
    hold: Option<String>,
) -> PricedCart {
    PricedCart {
        contract: ContractId(0),
        currency: Currency::parse("EUR").unwrap(),
        publication: PublicationNo(publication),
        position: SequenceNo(position),
        pricing_at: Instant(1_790_000_000),
        civil: CivilSecond(1_790_003_600),
        hold,
        lines,
        steps: Vec::new(),
        losers: Vec::new(),
        rule_losers: Vec::new(),
        notices: Vec::new(),
        shown: Vec::new(),
        progress: Vec::new(),
        tax_total: None,
        what_if: false,
        policy: quoin::policy::PolicyInForce::default(),
        list_total: total,
        total: total / 2,
    }
}

proptest! {
    #![proptest_config(cases(20_000))]

    #[test]
    fn requests_are_read_as_prost_reads_them(message in request()) {
        check_reading(&message.encode_to_vec());
    }

    #[test]
    fn damaged_requests_are_refused_as_prost_refuses_them(
        message in request(),
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
        shorten in any::<bool>(),
    ) {
        let mut bytes = message.encode_to_vec();
        prop_assume!(!bytes.is_empty());
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if shorten {
            bytes.truncate(cut.index(bytes.len()));
        }
        check_reading(&bytes);
    }

    #[test]
    fn bytes_without_sense_are_read_as_prost_reads_them(bytes in vec(any::<u8>(), 0..60)) {
        check_reading(&bytes);
    }

    #[test]
    fn answers_are_the_bytes_that_prost_writes(
        lines in vec((priced_line(), text()), 0..40),
        numbers in any::<(u64, u64)>(),
        total in prop_oneof![any::<i128>(), number().prop_map(i128::from)],
        hold in proptest::option::of(text()),
    ) {
        let asked: Vec<CartLine<'_>> = lines
            .iter()
            .map(|(_, id)| CartLine {
                id,
                sku: quoin::pricing::cart::SkuRef::Handle(SkuId(1)),
                quantity: Micros::ONE,
                unit: "",
            })
            .collect();
        let priced = cart(lines.iter().map(|(line, _)| line.clone()).collect(), numbers, total, hold);
        let catalogue = Catalogue::default();
        let by_hand = basic_frame(&priced, &asked, &catalogue);
        let message = response_of(&priced, &asked, &catalogue, Detail::Basic);
        prop_assert_eq!(&by_hand[FRAME_HEADER_BYTES..], message.encode_to_vec());
        prop_assert_eq!(&by_hand, &frame_of(&message));
        prop_assert_eq!(&by_hand[1..FRAME_HEADER_BYTES], u32::try_from(message.encoded_len()).unwrap().to_be_bytes());
    }
}

#[test]
fn the_lines_allocation_is_kept_from_cart_to_cart() {
    let message = v1::PriceCartRequest { lines: vec![v1::CartLine::default(); 500], ..Default::default() }
        .encode_to_vec();
    let mut lines = Vec::new();
    read_cart(&message, &mut lines).unwrap();
    let (place, room) = (lines.as_ptr() as usize, lines.capacity());
    let again: Vec<CartLine<'_>> = recycle(lines);
    assert_eq!((again.as_ptr() as usize, again.capacity(), again.len()), (place, room, 0));
}
