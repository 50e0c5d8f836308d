//! Does a packed row say what was put into it? Rows of every kind against a naive map.

use std::collections::BTreeMap;

use proptest::prelude::*;
use quoin::domain::cell::{Cell, CellFlags, Target, Value};
use quoin::domain::decimal::Micros;
use quoin::domain::ids::{BrandId, CategoryId, IndexId, ListId, SkuId, UnitId};
use quoin::domain::ladder::{Ladder, Over, Tier, TierMode};
use quoin::domain::time::{CivilSecond, Window};
use quoin::matrix::build::{BuiltRow, RowBuilder};
use quoin::matrix::cells::CellBuffer;
use quoin::matrix::epoch::{CodecEpoch, SkuProfile};
use quoin::matrix::segment::{Found, Segment};
use quoin::matrix::{RowError, SEGMENT_BYTES_MAX};

type Model = BTreeMap<Target, Vec<Cell>>;

fn build(epoch: &CodecEpoch, model: &Model) -> Option<BuiltRow> {
    let mut row = RowBuilder::new(epoch);
    for (target, cells) in model {
        row.cells(*target, cells.clone());
    }
    row.finish().unwrap()
}

fn sorted(mut cells: Vec<Cell>) -> Vec<Cell> {
    cells.sort();
    cells
}

fn look_up(row: &BuiltRow, epoch: &CodecEpoch, target: Target) -> Option<Vec<Cell>> {
    let mut out = CellBuffer::default();
    if let Target::Sku(sku) = target {
        let position = epoch.position(sku.0);
        let at = row.segments.partition_point(|(first, _)| *first <= position) - 1;
        let segment = Segment::parse(&row.segments[at].1, epoch).unwrap();
        return match segment.find(position).unwrap()? {
            Found::Plain(price) => Some(vec![Cell::plain(price)]),
            Found::Cells(stored) => {
                stored.decode(&mut out).unwrap();
                Some(out.to_cells().unwrap())
            }
        };
    }
    let segment = Segment::parse(&row.segments[0].1, epoch).unwrap();
    segment.target(target, &mut out).unwrap().then(|| out.to_cells().unwrap())
}

/// One helper for every case: each target of the model is found, no other is, and a walk gives the whole.
fn check(epoch: &CodecEpoch, model: &Model, skus: u32) {
    let Some(row) = build(epoch, model) else {
        assert!(model.is_empty());
        return;
    };
    for (_, bytes) in &row.segments {
        assert!(bytes.len() <= SEGMENT_BYTES_MAX, "{} bytes", bytes.len());
        Segment::verify(bytes).unwrap();
    }
    let targets = (0..skus).map(|sku| Target::Sku(SkuId(sku)));
    let others = (0..20).flat_map(|id| [Target::Category(CategoryId(id)), Target::Brand(BrandId(id))]);
    for target in targets.chain(others) {
        let found = look_up(&row, epoch, target).map(sorted);
        assert_eq!(found, model.get(&target).cloned().map(sorted), "{target:?}");
    }
    let mut walked = Model::new();
    for (_, bytes) in &row.segments {
        let segment = Segment::parse(bytes, epoch).unwrap();
        segment
            .each(&mut |target, cells| {
                let before = walked.insert(target, sorted(cells.to_cells().unwrap()));
                assert!(before.is_none());
            })
            .unwrap();
    }
    let points: usize = model.values().flatten().map(Cell::points).sum();
    assert_eq!(row.points, points as u64);
    assert_eq!(walked, model.iter().map(|(t, c)| (*t, sorted(c.clone()))).collect());
}

fn price() -> impl Strategy<Value = Micros> {
    prop_oneof![
        6 => (1_i64..500_000).prop_map(|cents| Micros(cents * 10_000)),
        1 => (0_i64..100).prop_map(|units| Micros(units * 1_000_000)),
        1 => (0_i64..i64::MAX / 4).prop_map(Micros),
    ]
}

fn value() -> impl Strategy<Value = u8> {
    prop_oneof![8 => Just(0_u8), 1 => Just(1), 1 => Just(2)]
}

fn cell() -> impl Strategy<Value = Cell> {
    let tiers = (proptest::collection::vec((1_i64..50, price(), 1_i64..100), 1..5), value(), any::<bool>());
    let window = prop_oneof![
        3 => Just(Window::ALWAYS),
        1 => (-50_i64..50, 1_i64..50).prop_map(|(from, days)| Window {
            from: Some(CivilSecond(from * 86_400)),
            to: Some(CivilSecond((from + days) * 86_400)),
        }),
        1 => (-50_i64..50).prop_map(|from| Window { from: Some(CivilSecond(from)), to: None }),
        1 => (-50_i64..50).prop_map(|to| Window { from: None, to: Some(CivilSecond(to)) }),
    ];
    (0_u16..4, prop_oneof![4 => Just(1_u32), 1 => 2_u32..2_000], window, 0_u8..8, tiers, any::<bool>())
        .prop_map(|(unit, per, window, flags, (steps, kind, graduated), over)| {
            let mode = if graduated { TierMode::Graduated } else { TierMode::Volume };
            let mut lower = 0;
            let count = steps.len();
            let tiers = steps
                .into_iter()
                .enumerate()
                .map(|(number, (step, price, coefficient))| {
                    let value = match kind {
                        0 => Value::Price(price),
                        1 => Value::Percent { percent: Micros(coefficient * 250_000), of: ListId(7) },
                        _ => Value::Formula {
                            index: IndexId(3),
                            coefficient: Micros(coefficient),
                            premium: Micros(-coefficient),
                        },
                    };
                    let from = Micros(lower);
                    lower += step * 500_000;
                    let last = number + 1 == count;
                    let upper = (!last || step % 2 == 0).then_some(Micros(lower));
                    Tier { lower: from, upper, value }
                })
                .collect();
            let over = if over { Over::Sku } else { Over::Line };
            let ladder = Ladder::new(mode, over, tiers).unwrap();
            Cell { unit: UnitId(unit), per, window, flags: CellFlags(flags), ladder }
        })
}

fn cells() -> impl Strategy<Value = Vec<Cell>> {
    prop_oneof![
        5 => price().prop_map(|price| vec![Cell::plain(price)]),
        1 => proptest::collection::vec(cell(), 1..4),
    ]
}

fn target(skus: u32) -> impl Strategy<Value = Target> {
    prop_oneof![
        20 => (0..skus).prop_map(|sku| Target::Sku(SkuId(sku))),
        1 => (0_u32..20).prop_map(|id| Target::Category(CategoryId(id))),
        1 => (0_u32..20).prop_map(|id| Target::Brand(BrandId(id))),
    ]
}

fn epoch(skus: u32, known: u32) -> CodecEpoch {
    let profiles: Vec<SkuProfile<u32>> = (0..known.min(skus))
        .map(|sku| SkuProfile {
            category: sku.wrapping_mul(2_654_435_761) % 9,
            base: i64::from(sku.wrapping_mul(40_503) % 90_000) * 10_000,
        })
        .collect();
    CodecEpoch::new(5, &profiles)
}

proptest! {
    #![proptest_config(crate::effort::cases(1_000))]

    #[test]
    fn a_row_says_what_was_put_into_it(
        (skus, model) in (1_u32..600).prop_flat_map(|skus| {
            (Just(skus), proptest::collection::btree_map(target(skus), cells(), 0..200))
        }),
        known in 0_u32..600,
    ) {
        check(&epoch(skus, known), &model, skus);
    }

    #[test]
    fn discounted_rows_come_back_exactly(
        skus in 1_u32..2_000, keep in 10_u32..100, density in 1_u32..20, seed in any::<u32>(),
    ) {
        let epoch = epoch(skus, skus);
        let mut model = Model::new();
        for sku in 0..skus {
            let dice = sku.wrapping_mul(747_796_405).wrapping_add(seed) >> 16;
            if dice % density != 0 {
                continue;
            }
            let base = epoch.expected(epoch.position(sku)).base;
            let mut price = base / 1_000_000 * i64::from(keep) * 10_000;
            if dice % 17 == 0 {
                price += i64::from(dice % 1_000) * 10_000;
            }
            let mut cell = Cell::plain(Micros(price));
            if dice % 5 == 0 {
                let at = |lower: i64, percent: i64| Tier {
                    lower: Micros(lower),
                    upper: None,
                    value: Value::Price(Micros(price / 1_000_000 * percent * 10_000)),
                };
                let tiers = vec![at(0, 100), at(10_000_000, 97), at(50_000_000, 93)];
                cell.ladder = Ladder::new(TierMode::Volume, Over::Line, tiers).unwrap();
            }
            model.insert(Target::Sku(SkuId(sku)), vec![cell]);
        }
        check(&epoch, &model, skus);
    }
}

#[test]
fn a_list_of_many_skus_is_cut_into_segments() {
    let skus = 200_000;
    let epoch = epoch(skus, skus);
    let mut row = RowBuilder::new(&epoch);
    let price = |sku: u32| Micros(i64::from(sku.wrapping_mul(2_246_822_519) % 500_000 + 1) * 10_000);
    for sku in 0..skus {
        row.plain(SkuId(sku), price(sku));
    }
    let row = row.finish().unwrap().unwrap();
    assert!(row.segments.len() > 1);
    for (_, bytes) in &row.segments {
        assert!(bytes.len() <= SEGMENT_BYTES_MAX);
    }
    for sku in (0..skus).step_by(977) {
        let found = look_up(&row, &epoch, Target::Sku(SkuId(sku)));
        assert_eq!(found, Some(vec![Cell::plain(price(sku))]));
    }
}

#[test]
fn sparse_and_tiny_rows_do_not_pay_for_what_is_not_there() {
    let profiles = vec![SkuProfile { category: 0, base: 1_000_000 }; 200_000];
    let epoch = CodecEpoch::new(1, &profiles);
    // One SKU in so many, and the most bits that one may take, its share of the headers included.
    for (one_in, most_bits) in [(5_u32, 6), (50, 9), (500, 13), (5_000, 28), (100_000, 400)] {
        let mut row = RowBuilder::new(&epoch);
        (0..200_000).step_by(one_in as usize).for_each(|sku| row.plain(SkuId(sku), Micros(1_000_000)));
        let row = row.finish().unwrap().unwrap();
        let bytes: usize = row.segments.iter().map(|(_, bytes)| bytes.len()).sum();
        let bits = bytes * 8 / usize::try_from(row.points).unwrap();
        assert!(bits <= most_bits, "one in {one_in}: {bits} bits a cell");
    }
}

#[test]
fn a_flipped_bit_is_found_and_never_a_panic() {
    let epoch = epoch(300, 300);
    let mut row = RowBuilder::new(&epoch);
    for sku in (0..300).step_by(3) {
        row.plain(SkuId(sku), Micros(i64::from(sku + 1) * 990_000));
    }
    let bytes = row.finish().unwrap().unwrap().segments.remove(0).1;
    for bit in 64..bytes.len() * 8 {
        let mut broken = bytes.clone();
        broken[bit / 8] ^= 1 << (bit % 8);
        assert!(matches!(Segment::verify(&broken), Err(RowError::Checksum { .. })), "bit {bit}");
        if let Ok(segment) = Segment::parse(&broken, &epoch) {
            for position in 0..300 {
                let _any_answer_but_a_panic = segment.find(position);
            }
        }
    }
}

#[test]
fn another_format_and_another_epoch_are_refused() {
    let epoch = epoch(10, 10);
    let mut row = RowBuilder::new(&epoch);
    row.plain(SkuId(1), Micros::ONE);
    let mut bytes = row.finish().unwrap().unwrap().segments.remove(0).1;
    let other = CodecEpoch::new(6, &[] as &[SkuProfile<u32>]);
    assert_eq!(Segment::parse(&bytes, &other).unwrap_err(), RowError::OtherEpoch(5));
    bytes[0] = 1;
    assert_eq!(Segment::parse(&bytes, &epoch).unwrap_err(), RowError::OtherFormat(1));
}

/// More shapes than offsets are held for, more tiers than a cell's byte counts, records too long for a byte, windows in days
/// and in seconds, shares with a short form and without.
#[test]
fn shapes_of_every_size_come_back() {
    let units = |count: i64| Micros(count * 1_000_000);
    let stepped = |tiers: i64, by: i64, price: i64| {
        let tier = |number: i64| Tier {
            lower: units(number * by),
            upper: None,
            value: Value::Price(Micros((price - number) * 10_000)),
        };
        let ladder = Ladder::new(TierMode::Volume, Over::Line, (0..tiers).map(tier).collect()).unwrap();
        Cell { ladder, ..Cell::plain(Micros::ONE) }
    };
    let window = |from: Option<i64>, to: Option<i64>| Cell {
        window: Window { from: from.map(CivilSecond), to: to.map(CivilSecond) },
        ..Cell::plain(Micros(770_000))
    };
    let windows = [
        (Some(-86_400), Some(0)),
        (Some(86_399), Some(172_800)),
        (Some(20_600 * 86_400), None),
        (None, Some(-1)),
        (Some(i64::MIN), Some(i64::MAX)),
    ]
    .map(|(from, to)| window(from, to));
    for longest in [31, 32, 33, 64] {
        let mut model = Model::new();
        for sku in 0..200_u32 {
            let number = i64::from(sku);
            let cells = match sku % 4 {
                0 => vec![stepped(2 + number % longest, 1 + number, 10_000 + number * 37)],
                1 => vec![
                    stepped(3, 5, 9_000 + number),
                    windows[usize::try_from(sku / 4).unwrap() % windows.len()].clone(),
                ],
                2 => vec![Cell { unit: UnitId(2), per: 1 + sku, ..Cell::plain(Micros(990_000)) }],
                _ => vec![Cell::plain(units(number + 1))],
            };
            model.insert(Target::Sku(SkuId(sku)), cells);
        }
        // Of the last, only the record of many windows does not fit a byte.
        if longest == 64 {
            let cells = (0..60).map(|day| window(Some(day * 86_400 + 1), Some(day * 86_400 + 9)));
            model.insert(Target::Sku(SkuId(200)), cells.collect());
        }
        check(&epoch(150, 10), &model, 210);
    }
}
