//! Where do the figures of all sizes stand for people to read? In BENCHMARKS.md, a column for each size, and in a picture.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::super::chart::{Chart, Curve, Look, Scale, picture};
use super::super::figures::{Figures, grouped};
use super::super::page;
use super::super::plan::{draw, target};

const MARKERS: (&str, &str) = ("<!-- figures by size -->\n", "<!-- end of sizes -->");
/// Figures in their order, with what is to be reached.
const ROWS: [(&str, &str); 73] = [
    ("machine", ""),
    ("processors", ""),
    ("memory_mb", ""),
    ("kernel", ""),
    ("last_cache_mb", ""),
    ("load_average", ""),
    ("cells", ""),
    ("contracts", ""),
    ("price_lists", ""),
    ("generate_ms", ""),
    ("import_s_parquet", "100 at 100,000,000"),
    ("import_cells_per_s_parquet", ""),
    ("import_cpu_s_parquet", ""),
    ("import_peak_mb_parquet", ""),
    ("import_files_mb_parquet", ""),
    ("rows_mb", ""),
    ("disk_mb", ""),
    ("bits_per_cell", ""),
    ("open_ms", "1,000 at 100,000,000"),
    ("open_rss_mb", ""),
    ("rss_mb", ""),
    ("uniform_carts_per_s", ""),
    ("uniform_p50_us", ""),
    ("uniform_p99_us", ""),
    ("uniform_refused", ""),
    ("skewed_carts_per_s", ""),
    ("skewed_p50_us", ""),
    ("skewed_p99_us", ""),
    ("skewed_refused", ""),
    ("half_capacity_per_s", ""),
    ("before_p50_us", ""),
    ("before_p99_us", ""),
    ("before_good_per_s", ""),
    ("before_late_per_s", ""),
    ("before_refused_per_s", ""),
    ("few_rows", ""),
    ("few_lists", ""),
    ("few_ms", ""),
    ("few_p50_us", ""),
    ("few_p99_us", ""),
    ("few_good_per_s", ""),
    ("few_late_per_s", ""),
    ("few_refused_per_s", ""),
    ("after_few_p50_us", ""),
    ("after_few_p99_us", ""),
    ("after_few_good_per_s", ""),
    ("after_few_late_per_s", ""),
    ("after_few_refused_per_s", ""),
    ("spread_rows", ""),
    ("spread_lists", ""),
    ("spread_ms", ""),
    ("spread_p50_us", ""),
    ("spread_p99_us", ""),
    ("spread_good_per_s", ""),
    ("spread_late_per_s", ""),
    ("spread_refused_per_s", ""),
    ("after_spread_p50_us", ""),
    ("after_spread_p99_us", ""),
    ("after_spread_good_per_s", ""),
    ("after_spread_late_per_s", ""),
    ("after_spread_refused_per_s", ""),
    ("rss_after_mb", ""),
    ("rss_peak_mb", "6,442 at 1,000,000,000"),
    ("small_cache_mb", ""),
    ("small_cache_uniform_carts_per_s", ""),
    ("small_cache_uniform_p50_us", ""),
    ("small_cache_uniform_p99_us", ""),
    ("small_cache_uniform_refused", ""),
    ("small_cache_skewed_carts_per_s", ""),
    ("small_cache_skewed_p50_us", ""),
    ("small_cache_skewed_p99_us", ""),
    ("small_cache_skewed_refused", ""),
    ("small_cache_rss_mb", ""),
];

/// By size: what was found, as it is shown.
type Sizes = BTreeMap<u64, BTreeMap<String, String>>;

/// Puts a size beside those that were measured before, and writes all of them.
pub fn rewrite(size: u64, figures: &Figures) {
    let path: PathBuf = target().join("bench-scale.json");
    let mut sizes: Sizes = match std::fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text).unwrap(),
        Err(_) => Sizes::new(),
    };
    sizes.insert(size, figures.all_shown().collect());
    std::fs::write(&path, serde_json::to_string_pretty(&sizes).unwrap() + "\n").unwrap();
    assert!(page::put(MARKERS, &table(&sizes)), "BENCHMARKS.md has no place for sizes");
    draw("scale", &drawn(&sizes));
}

/// Every figure must have its place in the table.
fn table(sizes: &Sizes) -> String {
    let columns = |texts: Vec<String>| format!("| {} |\n", texts.join(" | "));
    let head = sizes.keys().map(|size| grouped(&size.to_string()));
    let head = std::iter::once("prices, about".to_owned()).chain(head).chain(["to reach".to_owned()]);
    let mut out = columns(head.collect());
    out.push_str(&columns(vec!["---".to_owned(); sizes.len() + 2]));
    for (key, to_reach) in ROWS {
        let of_sizes = sizes.values().map(|found| found.get(key).cloned().unwrap_or_default());
        let row = std::iter::once(format!("`{key}`")).chain(of_sizes).chain([to_reach.to_owned()]);
        out.push_str(&columns(row.collect()));
    }
    for key in sizes.values().flat_map(BTreeMap::keys) {
        assert!(ROWS.iter().any(|(row, _)| row == key), "{key} has no place in the table");
    }
    out
}

/// Carts a second, and latencies around publications.
fn drawn(sizes: &Sizes) -> String {
    let names = (1_u64..).zip(sizes.keys()).map(|(at, size)| (at, grouped(&size.to_string()))).collect();
    let x = Scale { from: 0, to: u64::try_from(sizes.len()).unwrap() + 1, names };
    let chart = |heading: &str, curves: &[(&str, &str)]| {
        let curve = |(name, key): &(&str, &str)| Curve {
            name: (*name).to_owned(),
            look: Look::Points,
            points: (1_u64..).zip(sizes.values()).map(|(at, found)| (at, whole(&found[*key]))).collect(),
        };
        let curves: Vec<Curve> = curves.iter().map(curve).collect();
        let most = curves.iter().flat_map(|curve| &curve.points).map(|(_, up)| *up).max().unwrap_or(1);
        Chart { heading: heading.to_owned(), x: x.clone(), y: Scale::fifths(most.max(1)), curves }
    };
    picture(&[
        chart(
            "carts of 100 lines a second, by prices held",
            &[
                ("all alike", "uniform_carts_per_s"),
                ("few often", "skewed_carts_per_s"),
                ("small cache, alike", "small_cache_uniform_carts_per_s"),
                ("small cache, few", "small_cache_skewed_carts_per_s"),
            ],
        ),
        chart(
            "99 in 100 carts at half load took, microseconds",
            &[
                ("quiet", "before_p99_us"),
                ("1 % in few lists", "few_p99_us"),
                ("1 % in all lists", "spread_p99_us"),
                ("after", "after_spread_p99_us"),
            ],
        ),
        chart(
            "megabytes",
            &[
                ("rows on disk", "rows_mb"),
                ("server, at most", "rss_peak_mb"),
                ("when opened", "open_rss_mb"),
            ],
        ),
    ])
}

/// What stands before the point.
fn whole(shown: &str) -> u64 {
    shown.split('.').next().unwrap().replace(',', "").parse().unwrap()
}
