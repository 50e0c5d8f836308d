//! Is what is read by hand what prost reads? Random requests and random bytes.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use prost::Message;

use quoin::api::cart::{lines_of, message_head};
use quoin::api::cart_codec::request::{read_cart, recycle};
use quoin::api::particulars::{Stated, stated_by};
use quoin::api::v1;
use quoin::api::v1::cart_line::SkuRef;
use quoin::pricing::request::CartLine;

use crate::effort::cases;

pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[A-Z]{3}-[0-9]{6}", "\\PC{0,70}", ".{120,140}"]
}

pub fn number() -> impl Strategy<Value = i64> {
    prop_oneof![
        Just(0_i64),
        0..1_000_000_i64,
        any::<i64>(),
        Just(i64::MIN),
        Just(i64::MAX),
        (0_u32..63).prop_map(|n| 1 << n)
    ]
}

fn details() -> impl Strategy<Value = v1::LineDetails> {
    let service = (text(), number())
        .prop_map(|(service, quantity_micros)| v1::ServiceOrder { service, quantity_micros });
    // Few names, so that two statements of one line meet in them.
    let attributes = btree_map(prop_oneof![text(), "[ab]"], text(), 0..4);
    (attributes, number(), text(), text(), text(), vec(service, 0..3)).prop_map(
        |(attributes, weight_micros, weight_unit, warehouse, fulfilment, services)| v1::LineDetails {
            attributes,
            weight_micros,
            weight_unit,
            warehouse,
            fulfilment,
            services,
        },
    )
}

fn line() -> impl Strategy<Value = v1::CartLine> {
    let sku = prop_oneof![
        Just(None),
        text().prop_map(|code| Some(SkuRef::Sku(code))),
        any::<u32>().prop_map(|handle| Some(SkuRef::SkuHandle(handle))),
    ];
    let details = prop_oneof![3 => Just(None), 1 => details().prop_map(Some)];
    (text(), sku, number(), text(), details).prop_map(|(id, sku_ref, quantity_micros, unit, details)| {
        v1::CartLine { id, sku_ref, quantity_micros, unit, details }
    })
}

fn metrics() -> impl Strategy<Value = v1::Metrics> {
    let position = (text(), text(), vec(text(), 0..3))
        .prop_map(|(measure, value, members)| v1::MeasurePosition { measure, value, members });
    let one_use = (text(), text()).prop_map(|(rule, used)| v1::BenefitUse { rule, used });
    (vec(position, 0..3), vec(one_use, 0..3), any::<bool>())
        .prop_map(|(positions, uses, first_order)| v1::Metrics { positions, uses, first_order })
}

fn points() -> impl Strategy<Value = v1::TakePoints> {
    (text(), number()).prop_map(|(programme, points_micros)| v1::TakePoints { programme, points_micros })
}

fn circumstances() -> impl Strategy<Value = v1::Circumstances> {
    (text(), text(), text(), text(), text()).prop_map(
        |(warehouse, delivery_basis, channel, fulfilment, payment_terms)| v1::Circumstances {
            warehouse,
            delivery_basis,
            channel,
            fulfilment,
            payment_terms,
        },
    )
}

fn request() -> impl Strategy<Value = v1::PriceCartRequest> {
    let head = (text(), option::of((number(), any::<i32>())), any::<u64>(), any::<i32>());
    let further =
        (vec(text(), 0..3), option::of(metrics()), any::<i32>(), (text(), text()), vec(points(), 0..3));
    (head, option::of(circumstances()), vec(line(), 0..20), further).prop_map(
        |((contract, at, publication, view), circumstances, lines, further)| {
            let (coupons, metrics, progress, (language, hold), take_points) = further;
            v1::PriceCartRequest {
                contract,
                pricing_at: at.map(|(seconds, nanos)| prost_types::Timestamp { seconds, nanos }),
                publication,
                circumstances,
                lines,
                view,
                coupons,
                metrics,
                progress,
                language,
                hold,
                take_points,
            }
        },
    )
}

/// What both readers make of some bytes must be the same, or both refuse them.
fn check_reading(bytes: &[u8]) {
    let (mut lines, mut stated) = (Vec::<CartLine<'_>>::new(), Stated::default());
    let by_hand = read_cart(bytes, &mut lines, &mut stated);
    match v1::PriceCartRequest::decode(bytes) {
        Err(refused) => {
            assert!(by_hand.is_err(), "prost refuses ({refused}) what is read by hand: {bytes:?}")
        }
        Ok(message) => {
            assert_eq!(by_hand.unwrap(), message_head(&message), "{bytes:?}");
            assert_eq!(lines, lines_of(&message), "{bytes:?}");
            assert_eq!(stated, stated_by(&message), "{bytes:?}");
        }
    }
}

proptest! {
    #![proptest_config(cases(20_000))]

    #[test]
    fn requests_are_read_as_prost_reads_them(message in request()) {
        check_reading(&message.encode_to_vec());
    }

    #[test]
    fn what_is_stated_twice_adds_up_as_prost_has_it(
        one in request(),
        other in request(),
        halves in vec((line(), line()), 0..5),
    ) {
        let mut bytes = one.encode_to_vec();
        bytes.extend(other.encode_to_vec());
        for (first, second) in halves {
            let mut line = first.encode_to_vec();
            line.extend(second.encode_to_vec());
            prost::encoding::bytes::encode(5, &line, &mut bytes);
        }
        check_reading(&bytes);
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
}

#[test]
fn the_lines_allocation_is_kept_from_cart_to_cart() {
    let message = v1::PriceCartRequest { lines: vec![v1::CartLine::default(); 500], ..Default::default() }
        .encode_to_vec();
    let (mut lines, mut stated) = (Vec::new(), Stated::default());
    read_cart(&message, &mut lines, &mut stated).unwrap();
    let (place, room) = (lines.as_ptr() as usize, lines.capacity());
    let again: Vec<CartLine<'_>> = recycle(lines);
    assert_eq!((again.as_ptr() as usize, again.capacity(), again.len()), (place, room, 0));
}

#[test]
fn carts_without_particulars_allocate_none() {
    let line = v1::CartLine { id: "1".to_owned(), quantity_micros: 1, ..Default::default() };
    let message = v1::PriceCartRequest { lines: vec![line; 50], ..Default::default() }.encode_to_vec();
    let (mut lines, mut stated) = (Vec::new(), Stated::default());
    read_cart(&message, &mut lines, &mut stated).unwrap();
    let rooms = [stated.coupons.capacity(), stated.details.capacity(), stated.positions.capacity()];
    let further = (stated.uses.capacity(), stated.take_points.capacity());
    assert_eq!((rooms, further, lines.len()), ([0; 3], (0, 0), 50));
}
