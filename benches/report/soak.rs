//! Does a server stay as it is through an hour of everything? `make soak`, or `cargo bench --bench report -- --soak SECONDS`.
//!
//! A quarter of the carts that it can price, quotes and shipments that are written, a hundredth of the prices published every
//! other minute, a backup every five. Memory, open files but the store's tables, of which there are more the more it holds, and
//! latencies of the second sixth are held against those of the last: the first is for caches to fill.

use std::path::PathBuf;
use std::process::Child;
use std::sync::Arc;
use std::time::{Duration, Instant, UNIX_EPOCH};

use jiff::tz::TimeZone;
use quoin::domain::day::CivilDay;
use quoin::domain::time::Instant as DomainInstant;
use quoin::exchange::generate::Generator;
use quoin::exchange::source::Format;

use super::chart::{Chart, Curve, Look, Scale, picture};
use super::figures::{Figures, median};
use super::load::{Load, Served, run as closed_load};
use super::machine::{open_files, resident_bytes, threads};
use super::mix::{self, Paced};
use super::open_load::{OpenLoad, run as open_load};
use super::plan::{self, Plan};
use super::{files, imports, requests};

/// `--soak SECONDS`.
pub const ARGUMENT: &str = "--soak";
const CELLS: u64 = 10_000_000;
const LINES: usize = 100;
const CONNECTIONS: usize = 8;
const QUOTES_PER_S: u64 = 20;
const SHIPMENTS_PER_S: u64 = 20;
/// A sample each.
const PIECE: Duration = Duration::from_secs(10);
const IMPORT_EVERY: Duration = Duration::from_secs(120);
/// One price of so many is published.
const PRICES: usize = 100;
const BACKUP_EVERY: Duration = Duration::from_secs(300);
const BACKUPS_KEPT: &str = "3";
/// Publications that carts can be priced against, all that are older go, so that there are always as many; and caches that are
/// full before the first sixth is over, so that what grows after that is not they.
const BOUNDED: [&str; 8] =
    ["--retain-publications", "5", "--retain-days", "0", "--block-cache", "64MiB", "--shared-rows", "32MiB"];
/// What may have grown by the last sixth, in hundredths of what was there in the second.
const GROWTH_MOST: u64 = 110;
/// Latencies of a machine that others share differ more.
const SLOWER_MOST: u64 = 150;

/// At one time.
#[derive(Debug, Clone, Copy)]
struct Sample {
    at_s: u64,
    rss_mb: u64,
    tables: u64,
    files: u64,
    threads: u64,
    p50_us: u64,
    p99_us: u64,
    not_good: u64,
}

/// Runs so long; panics where something grew.
pub fn run(seconds: u64) {
    let plan = Plan::new(CELLS);
    let folder = plan::fresh_folder("soak");
    let files = files::of(&plan.structured, Format::Csv);
    imports::plain(&files, &folder.join("data"));
    let generator = Generator::new(plan.structured.clone()).unwrap();
    let asked = Arc::new(requests::of(&generator, LINES));
    drop(generator);
    let prices = [0, 1].map(|cents| {
        let into = folder.join(cents.to_string());
        std::fs::create_dir_all(&into).unwrap();
        mix::write_prices(&files, PRICES, cents, &into.join("prices.csv"));
        into.join("prices.csv")
    });
    let server = mix::serve(&folder.join("data"), &folder.join("backups"), &BOUNDED);
    let load = quarter(&server, &asked);
    let now = UNIX_EPOCH.elapsed().unwrap().as_secs();
    let now = DomainInstant(i64::try_from(now).unwrap()).civil_in(&TimeZone::UTC).unwrap();
    let today = CivilDay::of(now).to_string();
    let written = [
        mix::quotes(server.address, Arc::clone(&asked), "soak", QUOTES_PER_S),
        mix::shipments(server.address, Arc::clone(&asked), today, SHIPMENTS_PER_S),
    ];
    let (samples, published, backed_up) = soak(&server, &load, &prices, Duration::from_secs(seconds));
    let mut figures = Figures::default();
    figures.integer("soak_s", seconds);
    figures.integer("soak_carts_per_s", load.rate);
    figures.integer("soak_publications", published);
    figures.integer("soak_backups", backed_up);
    told(&samples, written, &mut figures);
    drop(server);
    std::fs::remove_dir_all(&folder).unwrap();
    println!("{}", figures.json());
    judge(&figures);
}

fn quarter(server: &Served, asked: &[quoin::api::v1::PriceCartRequest]) -> OpenLoad {
    let carts = requests::verified(server, asked, |_, _| {});
    let (address, connections) = (server.address, CONNECTIONS);
    let warm_up = Duration::from_secs(1);
    let closed = Load {
        address,
        secured: None,
        connections,
        in_flight: 8,
        warm_up,
        run: PIECE / 2,
        carts: Arc::clone(&carts),
    };
    let rate = closed_load(&closed, server.process()).per_second() / 4;
    OpenLoad { address, connections, rate, run: PIECE, deadline: Duration::from_millis(50), carts }
}

/// What goes on beside the carts, one after another.
struct Beside<'r> {
    now: Option<Child>,
    prices: &'r [PathBuf; 2],
    imports: u64,
    backups: u64,
    /// Backups of which those that are too many were removed.
    pruned: u64,
}

impl Beside<'_> {
    /// Begins what is due, unless what was due before goes on still.
    fn turn(&mut self, server: &Served, elapsed: Duration) {
        if let Some(child) = &mut self.now {
            match child.try_wait().unwrap() {
                None => return,
                Some(status) => assert!(status.success(), "{status}"),
            }
        }
        let address = server.address.to_string();
        self.now = if elapsed >= IMPORT_EVERY * u32::try_from(self.imports + 1).unwrap() {
            self.imports += 1;
            Some(mix::import(server, &self.prices[usize::try_from(self.imports % 2).unwrap()]))
        } else if elapsed >= BACKUP_EVERY * u32::try_from(self.backups + 1).unwrap() {
            self.backups += 1;
            Some(mix::aside(&["backup".as_ref(), "--server".as_ref(), address.as_ref()]))
        } else if self.pruned < self.backups {
            self.pruned = self.backups;
            let words = ["backup", "prune", "--keep", BACKUPS_KEPT, "--server", &address];
            Some(mix::aside(&words.map(AsRef::as_ref)))
        } else {
            None
        };
    }
}

/// Asks and samples until the time is over; with the samples, how often prices were published and backups taken.
fn soak(server: &Served, load: &OpenLoad, prices: &[PathBuf; 2], time: Duration) -> (Vec<Sample>, u64, u64) {
    let begun = Instant::now();
    let mut beside = Beside { now: None, prices, imports: 0, backups: 0, pruned: 0 };
    let mut samples = Vec::new();
    while begun.elapsed() < time {
        beside.turn(server, begun.elapsed());
        let told = open_load(load, server.process());
        let (tables, files) = open_files(server.process());
        let sample = Sample {
            at_s: begun.elapsed().as_secs(),
            rss_mb: resident_bytes(server.process()) / 1_000_000,
            tables,
            files,
            threads: threads(server.process()),
            p50_us: told.percentile(50) / 1_000,
            p99_us: told.percentile(99) / 1_000,
            not_good: told.late + told.refused + told.held_back,
        };
        if samples.len() % 6 == 0 {
            eprintln!("   {sample:?}");
        }
        samples.push(sample);
    }
    if let Some(mut child) = beside.now {
        assert!(child.wait().unwrap().success());
    }
    (samples, beside.imports, beside.backups)
}

type Of = fn(&Sample) -> u64;

/// What is held against each other, and how it is named.
const HELD: [(&str, Of, u64); 4] = [
    ("rss_mb", |sample| sample.rss_mb, GROWTH_MOST),
    ("files", |sample| sample.files, GROWTH_MOST),
    ("p50_us", |sample| sample.p50_us, SLOWER_MOST),
    ("p99_us", |sample| sample.p99_us, SLOWER_MOST),
];

fn told(samples: &[Sample], written: [Paced; 2], figures: &mut Figures) {
    for (name, paced) in ["quotes", "shipments"].into_iter().zip(written) {
        let mut made = paced.stop();
        assert_eq!(made.failed, 0, "{name}: {:?}", made.first_failure);
        figures.integer(&format!("soak_{name}"), u64::try_from(made.micros.len()).unwrap());
        figures.integer(&format!("soak_{name}_tried_again"), made.again);
        figures.decimal(&format!("soak_{name}_p99_ms"), made.percentile(99), 3);
    }
    let sixth = samples.len() / 6;
    for (name, of, _) in HELD {
        for (when, part) in
            [("second", &samples[sixth..2 * sixth]), ("last", &samples[samples.len() - sixth..])]
        {
            figures.integer(&format!("soak_{name}_{when}_sixth"), median(part.iter().map(of)));
        }
    }
    for (when, sample) in [("first", samples.first()), ("last", samples.last())] {
        figures.integer(&format!("soak_threads_{when}"), sample.map_or(0, |sample| sample.threads));
        figures.integer(&format!("soak_tables_{when}"), sample.map_or(0, |sample| sample.tables));
    }
    figures.integer("soak_carts_not_good", samples.iter().map(|sample| sample.not_good).sum());
    plan::draw("soak", &drawn(samples));
}

fn drawn(samples: &[Sample]) -> String {
    let seconds = samples.last().map_or(1, |sample| sample.at_s);
    let chart = |heading: &str, curves: &[(&str, Of)]| {
        let most =
            samples.iter().flat_map(|sample| curves.iter().map(|(_, of)| of(sample))).max().unwrap_or(1);
        let curve = |(name, of): &(&str, Of)| Curve {
            name: (*name).to_owned(),
            look: Look::Line,
            points: samples.iter().map(|sample| (sample.at_s, of(sample))).collect(),
        };
        Chart {
            heading: format!("{heading}, over seconds"),
            x: Scale::fifths(seconds),
            y: Scale::fifths(most.max(1)),
            curves: curves.iter().map(curve).collect(),
        }
    };
    picture(&[
        chart("resident memory, MB", &[("memory", |sample| sample.rss_mb)]),
        chart(
            "open table files of the store, other files and sockets, and threads",
            &[
                ("tables", |sample| sample.tables),
                ("others", |sample| sample.files),
                ("threads", |sample| sample.threads),
            ],
        ),
        chart(
            "carts of 100 lines, microseconds",
            &[("p50", |sample| sample.p50_us), ("p99", |sample| sample.p99_us)],
        ),
    ])
}

fn judge(figures: &Figures) {
    for (name, _, most) in HELD {
        let [second, last] = ["second", "last"].map(|when| figures.get(&format!("soak_{name}_{when}_sixth")));
        assert!(last * 100 <= second * most, "{name} grew from {second} to {last}");
    }
}
