//! What was to be reached, and what was? A table in BENCHMARKS.md over all that reports, sizes and peers were measured: each run puts
//! its own figures in place of its last ones and leaves the rest.

use std::collections::BTreeMap;

use super::page;
use super::plan::target;

const MARKERS: (&str, &str) = ("<!-- goals -->\n", "<!-- end of goals -->");

/// By name: the run's, then the figure's.
type Found = BTreeMap<String, String>;

/// A measure; `{name}` in the texts stands for a figure.
struct Goal {
    measure: &'static str,
    to_reach: &'static str,
    reached: &'static str,
    limit: &'static str,
}

const fn goal(
    measure: &'static str,
    to_reach: &'static str,
    reached: &'static str,
    limit: &'static str,
) -> Goal {
    Goal { measure, to_reach, reached, limit }
}

const GOALS: [Goal; 25] = [
    goal(
        "look-up of 100 lines in one list, not seen before",
        "5 us",
        "{10000000/lookup_100_cold_us} us",
        "{10000000/lookup_100_dense_us} us, a dense array",
    ),
    goal(
        "the same in three lists",
        "12 us",
        "{10000000/lookup_100_three_lists_us} us",
        "{10000000/lookup_100_three_lists_dense_us} us, dense arrays",
    ),
    goal(
        "pipeline, 1,000 rules, 100 lines",
        "10 us",
        "{10000000/pipeline_100_us} us",
        "0.4 us, arithmetic alone",
    ),
    goal(
        "pipeline, 1,000 rules, 5,000 lines",
        "400 us",
        "{10000000/pipeline_5000_us} us",
        "18 us, arithmetic alone",
    ),
    goal(
        "10,000 rules, of 1,000: 100 and 5,000 lines",
        "120 %",
        "{10000000/pipeline_100_rules_10000_percent} and {10000000/pipeline_5000_rules_10000_percent} %",
        "100 %",
    ),
    goal(
        "`PriceCart` over the echo, contracts with one list",
        "1.0 x",
        "{10000000/grpc_single_list_cpu_over_echo} x",
        "1 x, {10000000/grpc_echo_100_cpu_us} us, the echo",
    ),
    goal(
        "the same by handles and in columns",
        "1.0 x",
        "{10000000/grpc_columns_cpu_over_echo} x",
        "the echo of codes and lines",
    ),
    goal(
        "`PriceCart` over the echo, access sequences of three to eight lists",
        "1.0 x",
        "{10000000/grpc_cpu_over_echo} x",
        "1 x, the echo",
    ),
    goal(
        "`PriceCart` over the echo, 1,000 rules",
        "1.25 x",
        "{10000000/grpc_policy_cpu_over_echo} x",
        "1 x, the echo",
    ),
    goal(
        "bits a cell, random",
        "25",
        "{10000000/bits_per_cell_random}",
        "{10000000/entropy_random}, entropy",
    ),
    goal(
        "bits a cell, structured",
        "8",
        "{scale-100000000/bits_per_cell}",
        "{10000000/entropy_structured}, entropy to whom the generator's model is known",
    ),
    goal("100,000,000 cells imported from Parquet", "100 s", "{scale-100000000/import_s_parquet} s", ""),
    goal(
        "random cells imported, beside PostgreSQL's COPY, key and vacuum of the same",
        "less time",
        "{postgresql/quoin/load_s} s, PostgreSQL {postgresql/PostgreSQL/load_s} s, {postgresql/cells} of them",
        "",
    ),
    goal(
        "1,000,000,000 cells served: resident memory",
        "6,442 MB",
        "{scale-1000000000/rss_peak_mb} MB at most",
        "{scale-1000000000/rows_mb} MB of rows",
    ),
    goal("100,000,000 cells opened", "1,000 ms", "{scale-100000000/open_ms} ms", ""),
    goal(
        "carts a second beside PostgreSQL",
        "20 x",
        "{postgresql/contract prices} x over {postgresql/cells} cells; with TLS and tokens {postgresql/contract prices/secured} x",
        "",
    ),
    goal(
        "beside Redis, contract prices",
        "2 x",
        "{redis/contract prices} x; with TLS and tokens {redis/contract prices/secured} x",
        "",
    ),
    goal(
        "beside Redis, quoin under 1,000 rules",
        "1 x",
        "{redis/quoin under its policy of 1,000 rules} x; with TLS and tokens {redis/quoin under its policy of 1,000 rules/secured} x",
        "",
    ),
    goal(
        "beside Medusa as shipped",
        "1,000 x",
        "{medusa/contract prices} x; with TLS and tokens {medusa/contract prices/secured} x",
        "",
    ),
    goal(
        "beside Medusa with its missing index",
        "1,000 x",
        "{medusa_indexed/contract prices} x; with TLS and tokens {medusa_indexed/contract prices/secured} x",
        "",
    ),
    goal("beside zen-engine, all rules", "30 x", "{zen/all rules} x", ""),
    goal(
        "beside zen-engine with the rules alone that can hold",
        "30 x",
        "{zen/where zen-engine has only those that can hold} x",
        "",
    ),
    goal(
        "99 in 100 carts at half load beside an import of 10,000,000 cells",
        "5 x quiet",
        "{10000000/mixed_import_p99_us} us, quiet {10000000/mixed_quiet_p99_us} us",
        "",
    ),
    goal(
        "durable quotes, one caller",
        "2.5 syncs",
        "{10000000/quote_create_100_p50_syncs} syncs, {10000000/quote_create_100_p50_ms} ms",
        "1 sync, {10000000/sync_ms} ms",
    ),
    goal("durable quotes, 64 callers", "5,000 a second", "{10000000/quotes_per_s_64} a second", ""),
];

/// Puts a run's figures in place of its last ones, and writes the table.
pub fn put(run: &str, figures: impl IntoIterator<Item = (String, String)>) {
    let path = target().join("bench-goals.json");
    let mut found: Found = match std::fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text).unwrap(),
        Err(_) => Found::new(),
    };
    found.extend(figures.into_iter().map(|(key, shown)| (format!("{run}/{key}"), shown)));
    std::fs::write(&path, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
    let mut out = String::from("| measure | to reach | reached | the limit |\n| --- | --- | --- | --- |\n");
    for Goal { measure, to_reach, reached, limit } in &GOALS {
        let [reached, limit] = [reached, limit].map(|text| filled(text, &found));
        out.push_str(&format!("| {measure} | {to_reach} | {reached} | {limit} |\n"));
    }
    assert!(page::put(MARKERS, &out), "BENCHMARKS.md has no place for goals");
}

fn filled(text: &str, found: &Found) -> String {
    let mut pieces = text.split('{');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once('}').unwrap();
        out.push_str(found.get(name).map_or("(not measured)", String::as_str));
        out.push_str(rest);
    }
    out
}
