//! What do portals notice while quotes are written, prices are published and a backup is taken; and is that backup what was
//! there? `cargo bench --bench report -- --mixed 10000000`.
//!
//! Everything shares the machine's processors, the client too, as the figures say: nothing is pinned.

use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::digest::{Context, SHA256};
use prost::Message;
use quoin::api::pricing_service::priced;
use quoin::api::v1;
use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::exchange::generate::Generator;
use quoin::exchange::source::Format;
use quoin::pricing::request::Detail;

use super::children;
use super::figures::Figures;
use super::half_load::HalfLoad;
use super::mix;
use super::opened::open;
use super::plan::{self, Plan};
use super::{files, imports, requests};

/// `--mixed SIZE`.
pub const ARGUMENT: &str = "--mixed";
/// The argument that makes this binary the client: `--mixed-client SIZE FOLDER`.
pub const CLIENT: &str = "--mixed-client";
/// Where the data are below the folder of a run.
const DATA: &str = "data";
const LINES: usize = 100;
const QUOTES_PER_S: u64 = 1_000;
/// Carts whose answers are compared.
const COMPARED: usize = 100_000;
const LINES_COMPARED: usize = 10;

/// Measures in a process of its own.
pub fn measure(plan: &Plan, figures: &mut Figures) {
    let folder = plan::fresh_folder("mixed");
    imports::plain(&files::of(&plan.structured, Format::Csv), &folder.join(DATA));
    let size = plan.size.to_string();
    figures.take(children::run(&[CLIENT.as_ref(), size.as_ref(), folder.as_os_str()], None));
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Measures, and prints what was found.
pub fn child(plan: &Plan, folder: &Path) {
    let mut figures = Figures::default();
    let generator = Generator::new(plan.structured.clone()).unwrap();
    let asked = Arc::new(requests::of(&generator, LINES));
    drop(generator);
    let prices = folder.join("prices.csv");
    figures.integer(
        "mixed_import_rows",
        mix::write_prices(&files::of(&plan.structured, Format::Csv), 1, 1, &prices),
    );
    let (data, backups, restored) = (folder.join(DATA), folder.join("backups"), folder.join("restored"));
    let server = mix::serve(&data, &backups, &[]);
    let carts = requests::verified(&server, &asked, |_, _| {});
    let client = HalfLoad::of(&server, carts, "mixed", &mut figures);
    client.quiet("mixed_quiet", &mut figures);
    let quotes = mix::quotes(server.address, Arc::clone(&asked), "mixed", QUOTES_PER_S);
    client.quiet("mixed_quotes", &mut figures);
    client.beside("mixed_import", mix::import(&server, &prices), &mut figures);
    let address = server.address.to_string();
    let backup = mix::aside(&["backup".as_ref(), "--server".as_ref(), address.as_ref()]);
    client.beside("mixed_backup", backup, &mut figures);
    let from = ["restore".as_ref(), "--from".as_ref(), backups.as_os_str()];
    let restore = mix::aside(&[&from[..], &["--into".as_ref(), restored.as_os_str()]].concat());
    client.beside("mixed_restore", restore, &mut figures);
    let mut made = quotes.stop();
    assert_eq!(made.failed, 0, "quotes: {:?}", made.first_failure);
    figures.integer("mixed_quotes_tried_again", made.again);
    figures.integer("mixed_quotes_per_s", made.per_second());
    figures.decimal("mixed_quote_p50_ms", made.percentile(50), 3);
    figures.decimal("mixed_quote_p99_ms", made.percentile(99), 3);
    client.quiet("mixed_after", &mut figures);
    drop(server);
    compare(&asked, &data, &restored, &mut figures);
    println!("{}", figures.json());
}

/// Are carts answered alike by what was backed up and by what came back of it, as of the newest publication that both have?
fn compare(asked: &[v1::PriceCartRequest], data: &Path, restored: &Path, figures: &mut Figures) {
    let (original, restored) = (open(data), open(restored));
    let publication = restored.view().publication.0;
    let (first, second) = (digest(&original, asked, publication), digest(&restored, asked, publication));
    assert_eq!(first, second, "what was restored answers otherwise");
    figures.integer("mixed_compared_carts", u64::try_from(COMPARED).unwrap());
    figures.text("mixed_digest", &first);
}

fn digest(engine: &Engine, asked: &[v1::PriceCartRequest], publication: u64) -> String {
    let (caller, mut digest) = (Caller::operator(), Context::new(&SHA256));
    for number in 0..COMPARED {
        let mut request = asked[number % asked.len()].clone();
        let lines = request.lines.len();
        // Other ten lines of the hundred each time that the contract comes round.
        request.lines.rotate_left(number / asked.len() % lines);
        request.lines.truncate(LINES_COMPARED);
        request.publication = publication;
        let mut answer = priced(engine, &caller, &request, Some(Detail::Basic)).unwrap();
        let priced_lines = answer.lines.iter().filter(|line| line.status() == v1::LineStatus::Priced).count();
        assert_eq!(priced_lines, LINES_COMPARED, "cart {number}");
        // The original has gone on since, and says so.
        answer.position = 0;
        digest.update(&answer.encode_to_vec());
    }
    digest.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
