//! Does this version read and write the row format that it names?
//!
//! `fixtures/row-2.hex` holds a segment of format 2 and `fixtures/row-2.epoch.hex` the codec epoch that it names, as the
//! store keeps them. They are never written anew: another layout is another format, with another number. What stands in the
//! row is stated here.

use std::collections::{BTreeMap, BTreeSet};

use quoin::domain::cell::{Cell, CellFlags, Target, Value};
use quoin::domain::decimal::Micros;
use quoin::domain::ids::{BrandId, CategoryId, IndexId, ListId, SkuId, UnitId};
use quoin::domain::ladder::{Ladder, Over, Tier, TierMode};
use quoin::domain::time::{CivilSecond, Window};
use quoin::matrix::build::RowBuilder;
use quoin::matrix::cells::CellBuffer;
use quoin::matrix::epoch::{CodecEpoch, SkuProfile};
use quoin::matrix::segment::{FORMAT, Found, Segment};

/// SKUs that the epoch knows.
const KNOWN: u32 = 120;

type Model = BTreeMap<Target, Vec<Cell>>;

fn cents(count: i64) -> Micros {
    Micros(count * 10_000)
}

fn units(count: i64) -> Micros {
    Micros(count * 1_000_000)
}

/// Base price of a known SKU in cents.
fn base(sku: u32) -> i64 {
    i64::from(sku / 3) * 137 + 250
}

/// Three categories, taken in turn, so that the epoch's order is not that of the numbers.
fn profiles() -> Vec<SkuProfile<u32>> {
    (0..KNOWN).map(|sku| SkuProfile { category: sku % 3, base: cents(base(sku)).0 }).collect()
}

fn tiers(mode: TierMode, over: Over, tiers: &[(i64, Option<i64>, Value)]) -> Ladder<Value> {
    let tier = |(lower, upper, value): &(i64, Option<i64>, Value)| Tier {
        lower: units(*lower),
        upper: upper.map(units),
        value: *value,
    };
    Ladder::new(mode, over, tiers.iter().map(tier).collect()).unwrap()
}

fn with(change: impl FnOnce(&mut Cell)) -> Cell {
    let mut cell = Cell::plain(cents(999));
    change(&mut cell);
    cell
}

fn price(count: i64) -> Value {
    Value::Price(cents(count))
}

/// Cells of each kind there is, none of them plain.
fn kinds() -> Vec<Vec<Cell>> {
    let day = |number: i64| Some(CivilSecond(number * 86_400));
    let window = |from, to| move |cell: &mut Cell| cell.window = Window { from, to };
    let percent = Value::Percent { percent: Micros(12_500_000), of: ListId(7) };
    let formula = |premium| Value::Formula {
        index: IndexId(2),
        coefficient: Micros(1_050_000),
        premium: cents(premium),
    };
    vec![
        vec![with(|cell| cell.per = 100)],
        vec![with(|cell| cell.unit = UnitId(3))],
        vec![with(|cell| cell.flags = CellFlags::NO_DISCOUNT.with(CellFlags::FINAL))],
        vec![with(|cell| {
            cell.flags = CellFlags::FREE;
            cell.ladder = Ladder::flat(price(0));
        })],
        vec![
            Cell::plain(cents(1_234)),
            with(window(day(20_600), day(20_630))),
            with(window(day(20_700), None)),
            with(window(None, day(-5))),
        ],
        vec![with(|cell| cell.ladder = Ladder::flat(percent))],
        vec![with(|cell| {
            cell.ladder =
                tiers(TierMode::Volume, Over::Line, &[(0, None, formula(1_250)), (20, None, formula(-75))]);
        })],
        vec![with(|cell| {
            let bounds = [(0, Some(10), price(500)), (10, Some(40), price(450)), (40, Some(90), price(410))];
            cell.ladder = tiers(TierMode::Graduated, Over::Sku, &bounds);
        })],
        vec![with(|cell| {
            let tier = |lower, upper, price| Tier { lower: Micros(lower), upper, value: price };
            let fractions =
                vec![tier(500_000, Some(Micros(1_250_000)), price(777)), tier(2_000_001, None, price(776))];
            cell.ladder = Ladder::new(TierMode::Volume, Over::Line, fractions).unwrap();
        })],
    ]
}

/// What stands in the row.
fn model() -> Model {
    let mut model = Model::new();
    let kinds = kinds();
    for sku in 0..KNOWN {
        // A tenth off the base price, of most known SKUs; few have a price of their own, some have tiers.
        let kept = base(sku) * 9 / 10;
        let cells = match sku % 20 {
            0 | 13 => continue,
            7 => vec![Cell::plain(cents(kept + 100_000 + i64::from(sku)))],
            1 | 4 | 10 => vec![with(|cell| {
                let lower =
                    [(0, None, price(kept)), (10, None, price(kept * 97 / 100)), (50, None, price(kept / 2))];
                cell.ladder = tiers(TierMode::Volume, Over::Line, &lower);
            })],
            15 | 16 => kinds[usize::try_from(sku / 20 * 2 + sku % 20 - 15).unwrap() % kinds.len()].clone(),
            _ => vec![Cell::plain(cents(kept))],
        };
        model.insert(Target::Sku(SkuId(sku)), cells);
    }
    for sku in 500..540 {
        // All of one shape, one after another, unknown to the epoch.
        let first = i64::from(sku) * 3;
        let bounds = [(0, Some(5), price(first)), (5, None, price(first - 100))];
        let cell = with(|cell| cell.ladder = tiers(TierMode::Graduated, Over::Line, &bounds));
        model.insert(Target::Sku(SkuId(sku)), vec![cell]);
    }
    for number in 0..30 {
        // Apart, but not so far that each would have a frame of its own.
        let price = cents(100_000 + i64::from(number * number));
        model.insert(Target::Sku(SkuId(5_000 + 211 * number)), vec![Cell::plain(price)]);
    }
    for (number, cells) in (0..).zip(&kinds[5..]) {
        model.insert(Target::Category(CategoryId(number * 3)), cells.clone());
        model.insert(Target::Brand(BrandId(number)), cells.clone());
    }
    model.insert(Target::Brand(BrandId(30)), vec![Cell::plain(Micros(7_654_321))]);
    model
}

fn fixture(name: &str) -> Vec<u8> {
    let path = crate::sources::root().join("tests/it/fixtures").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

fn hex(bytes: &[u8]) -> String {
    let line = |part: &[u8]| part.iter().map(|byte| format!("{byte:02x}")).collect::<String>() + "\n";
    bytes.chunks(50).map(line).collect()
}

fn epoch() -> CodecEpoch {
    postcard::from_bytes(&fixture("row-2.epoch.hex")).unwrap()
}

fn sorted(mut cells: Vec<Cell>) -> Vec<Cell> {
    cells.sort();
    cells
}

#[test]
fn a_row_of_format_2_gives_its_cells() {
    let (bytes, epoch) = (fixture("row-2.hex"), epoch());
    Segment::verify(&bytes).unwrap();
    let segment = Segment::parse(&bytes, &epoch).unwrap();
    let model: Model = model().into_iter().map(|(target, cells)| (target, sorted(cells))).collect();
    let mut found = CellBuffer::default();
    let targets = (0..40).flat_map(|id| [Target::Category(CategoryId(id)), Target::Brand(BrandId(id))]);
    for target in (0..25_000).map(|sku| Target::Sku(SkuId(sku))).chain(targets) {
        let is_there = match target {
            Target::Sku(sku) => match segment.find(epoch.position(sku.0)).unwrap() {
                None => false,
                Some(Found::Plain(price)) => {
                    found.clear();
                    found.push(&Cell::plain(price));
                    true
                }
                Some(Found::Cells(stored)) => stored.decode(&mut found).map(|()| true).unwrap(),
            },
            _ => segment.target(target, &mut found).unwrap(),
        };
        let cells = is_there.then(|| sorted(found.to_cells().unwrap()));
        assert_eq!(cells.as_ref(), model.get(&target), "{target:?}");
    }
    let mut walked = Model::new();
    segment
        .each(&mut |target, cells| {
            assert!(
                walked.insert(target, sorted(cells.to_cells().unwrap())).is_none(),
                "{target:?} comes twice"
            );
        })
        .unwrap();
    assert_eq!(walked, model);
}

#[test]
fn the_same_cells_are_written_as_the_same_bytes() {
    let epoch = CodecEpoch::new(1, &profiles());
    assert_eq!(epoch, self::epoch());
    assert_eq!(hex(&postcard::to_stdvec(&epoch).unwrap()), hex(&fixture("row-2.epoch.hex")));
    let mut row = RowBuilder::new(&epoch);
    for (target, cells) in model() {
        row.cells(target, cells);
    }
    let row = row.finish().unwrap().unwrap();
    let [(0, bytes)] = row.segments.as_slice() else { panic!("the row has one segment") };
    assert_eq!(FORMAT, 2, "a new format needs fixtures of its own");
    assert_eq!(hex(bytes), hex(&fixture("row-2.hex")), "another layout under the same format number");
    assert_eq!(row.references.as_slice(), [ListId(7)]);
}

/// By the layout as it is drawn in the modules `segment` and `frame`.
#[test]
fn the_fixture_holds_frames_of_every_kind() {
    let bytes = fixture("row-2.hex");
    let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let frames = usize::from(u16::from_le_bytes([bytes[2], bytes[3]]));
    let heads: Vec<&[u8]> = (0..frames).map(|frame| &bytes[number(28 + frame * 8 + 4)..]).collect();
    let all = |of: fn(&[u8]) -> u8| heads.iter().map(|head| of(head)).collect::<BTreeSet<u8>>();
    assert_eq!(all(|head| head[1] & 3), [0, 1, 2].into(), "run, bitmap and Elias-Fano");
    assert_eq!(all(|head| head[1] >> 4 & 3), [0, 1, 2].into(), "no shape, one shape, mixed shapes");
    assert_eq!(all(|head| head[1] >> 2 & 1), [0, 1].into(), "raw and expected prices");
    assert_eq!(all(|head| head[1] >> 3 & 1), [0, 1].into(), "without and with a base");
    assert_eq!(all(|head| u8::from(head[6] > 0)), [0, 1].into(), "without and with exceptions");
    assert_eq!(bytes[0], 2);
    for part in [16, 20, 24] {
        assert!(number(part) > 0, "shapes, classes and targets are there");
    }
}
