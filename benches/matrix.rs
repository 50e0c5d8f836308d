//! How fast is a row built, read and searched, everything in the processor's caches? For work on the codec:
//! `cargo bench --bench matrix`. BENCHMARKS.md has the figures that count.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement that goes wrong is to stop"
)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use quoin::domain::cell::{Cell, Target};
use quoin::exchange::generate::lists::ListKind;
use quoin::exchange::generate::{GenerateOptions, GeneratedCell, Generator, Mode};
use quoin::matrix::build::RowBuilder;
use quoin::matrix::cells::CellBuffer;
use quoin::matrix::epoch::{CodecEpoch, SkuProfile};
use quoin::matrix::segment::{Found, Segment};

const LINES: usize = 100;

/// A list's cells by target, and the epoch that orders its SKUs by category and list price.
fn list(mode: Mode) -> (CodecEpoch, Vec<(Target, Vec<Cell>)>) {
    let options =
        GenerateOptions { mode, skus: 100_000, contracts: 8, ..GenerateOptions::standard().unwrap() };
    let generator = Generator::new(options).unwrap();
    let profiles: Vec<SkuProfile<u16>> = generator
        .assortment()
        .skus
        .iter()
        .map(|sku| SkuProfile {
            category: sku.leaf,
            base: i64::from(sku.price) * 10_000 / i64::from(sku.per),
        })
        .collect();
    let largest = generator
        .lists()
        .filter(|list| matches!(list.kind, ListKind::Individual(_)))
        .map(|list| {
            let mut cells = Vec::new();
            generator.cells_of_list(list.number, &mut cells);
            cells
        })
        .max_by_key(Vec::len)
        .unwrap();
    let of_target = |cells: &[GeneratedCell]| {
        (cells.first().unwrap().target, cells.iter().map(|cell| cell.cell.clone()).collect())
    };
    let targets = largest.chunk_by(|one, next| one.target == next.target).map(of_target).collect();
    (CodecEpoch::new(1, &profiles), targets)
}

fn build(epoch: &CodecEpoch, targets: &[(Target, Vec<Cell>)]) -> Vec<u8> {
    let mut row = RowBuilder::new(epoch);
    for (target, cells) in targets {
        row.cells(*target, cells.clone());
    }
    row.finish().unwrap().unwrap().segments.swap_remove(0).1
}

/// How many of the positions have a price.
fn look_up(bytes: &[u8], epoch: &CodecEpoch, positions: &[u32], cells: &mut CellBuffer) -> usize {
    let segment = Segment::parse(bytes, epoch).unwrap();
    let mut found = 0;
    for position in positions {
        found += match segment.find(*position).unwrap() {
            None => 0,
            Some(Found::Plain(price)) => usize::from(price.0 > 0),
            Some(Found::Cells(stored)) => {
                stored.decode(cells).unwrap();
                usize::from(!cells.heads().is_empty())
            }
        };
    }
    found
}

fn rows(criterion: &mut Criterion) {
    for (name, mode) in [("structured", Mode::Structured), ("random", Mode::Random)] {
        let (epoch, targets) = list(mode);
        let bytes = build(&epoch, &targets);
        let step = targets.len() / LINES;
        let positions: Vec<u32> = targets
            .iter()
            .step_by(step)
            .take(LINES)
            .map(|(target, _)| {
                let Target::Sku(sku) = target else { panic!("a contract's own list prices SKUs") };
                epoch.position(sku.0)
            })
            .collect();
        let mut cells = CellBuffer::default();
        assert_eq!(look_up(&bytes, &epoch, &positions, &mut cells), LINES);
        criterion.bench_function(&format!("{name}: build a row of {} SKUs", targets.len()), |bench| {
            bench.iter(|| build(black_box(&epoch), black_box(&targets)));
        });
        criterion.bench_function(&format!("{name}: look up {LINES} SKUs"), |bench| {
            bench.iter(|| look_up(black_box(&bytes), &epoch, black_box(&positions), &mut cells));
        });
        criterion.bench_function(&format!("{name}: walk a row of {} SKUs", targets.len()), |bench| {
            bench.iter(|| {
                let mut points = 0;
                let segment = Segment::parse(black_box(&bytes), &epoch).unwrap();
                segment.each(&mut |_, found| points += found.heads().len()).unwrap();
                points
            });
        });
    }
}

criterion_group!(benches, rows);
criterion_main!(benches);
