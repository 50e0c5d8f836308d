//! Where does what was found stand for people to read? In BENCHMARKS.md, between the markers of the peers.

use serde_json::{Map, Value};

use super::figures::grouped;
use super::page;

const MARKERS: (&str, &str) = ("<!-- figures beside the peers -->\n", "<!-- end of the peers -->");
/// Drawn by the same run.
const PICTURE: &str = "![carts a second of each, on a scale of powers of ten](docs/pictures/peers.svg)\n";
/// Peers, in the order of the table.
pub const PEERS: [&str; 6] = ["postgresql", "redis", "medusa", "medusa_indexed", "zen", "hash_map"];

/// Replaces what stands between the markers.
pub fn rewrite(found: &Map<String, Value>) {
    let text = format!("{}\n{PICTURE}\n{}\n{}", ratios(found), sides(found), machine(found));
    if page::put(MARKERS, &text) {
        eprintln!("== BENCHMARKS.md has what was found");
    } else {
        eprintln!("== BENCHMARKS.md has no place for it, and stays as it is:\n{text}");
    }
}

/// Those of the peers that were ever measured.
pub fn peers(found: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    PEERS.iter().filter_map(|peer| found.get(*peer))
}

fn ratios(found: &Map<String, Value>) -> String {
    let mut out = String::from(
        "| quoin beside | prices | to reach | reached | with TLS and tokens |\n| --- | --- | --- | --- | --- |\n",
    );
    for peer in peers(found) {
        for ratio in peer["ratios"].as_array().unwrap() {
            let times = |key: &str| ratio[key].as_str().map_or(String::new(), |times| format!("{times} x"));
            let to_reach = Some(times("to_reach")).filter(|times| times != " x").unwrap_or_default();
            let cells = grouped(&peer["cells"].to_string());
            let (title, name) = (shown(&peer["title"]), shown(&ratio["name"]));
            let (reached, secured) = (times("reached"), times("secured"));
            out.push_str(&format!("| {title}: {name} | {cells} | {to_reach} | {reached} | {secured} |\n"));
        }
    }
    out
}

fn sides(found: &Map<String, Value>) -> String {
    let mut out = String::from(
        "| carts of 100 lines | a second | p50 us | p99 us | busy % | bytes a price | load s |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for peer in peers(found) {
        let cells = grouped(&peer["cells"].to_string());
        out.push_str(&format!("| **{}**, {cells} prices | | | | | | |\n", shown(&peer["title"])));
        for side in peer["sides"].as_array().unwrap() {
            let columns =
                ["name", "carts_per_s", "p50_us", "p99_us", "busy_percent", "bytes_a_cell", "load_s"];
            let columns = columns.map(|column| match column {
                "carts_per_s" | "p50_us" | "p99_us" => rounded(&shown(&side[column])),
                _ => shown(&side[column]),
            });
            out.push_str(&format!("| {} |\n", columns.join(" | ")));
        }
    }
    out
}

/// On what, and how busy it was before each peer.
fn machine(found: &Map<String, Value>) -> String {
    let said = |key: &str| found.get(key).map_or(String::new(), shown);
    let mut out = format!("Measured on {}, {} processors", said("machine"), said("processors"));
    out.push_str(&format!(", {} MB of memory, pinned: {}.", said("memory_mb"), said("pinned")));
    out.push_str(" Load average when each was done:");
    for (number, peer) in peers(found).enumerate() {
        let comma = if number == 0 { "" } else { "," };
        out.push_str(&format!("{comma} {} {}", shown(&peer["title"]), shown(&peer["load_average"])));
    }
    out.push_str(".\n");
    for peer in peers(found) {
        for (name, text) in peer["told"].as_object().unwrap() {
            out.push_str(&format!("{name}: {}.\n", shown(text)));
        }
    }
    out
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A decimal with as many digits after the point as a reader wants: none from a hundred on.
fn rounded(decimal: &str) -> String {
    let (whole, part) = decimal.split_once('.').unwrap();
    match whole.len() {
        1 => format!("{whole}.{}", &part[..2]),
        2 => format!("{whole}.{}", &part[..1]),
        _ => grouped(whole),
    }
}
