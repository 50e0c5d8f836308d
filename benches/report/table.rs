//! Where do the figures stand for people to read? In BENCHMARKS.md, between the markers of their size.

use super::figures::Figures;
use super::page;

/// Figures with what is to be reached, by part of the table.
const PARTS: &[(&str, &[(&str, &str)])] = &[
    (
        "the machine and the data",
        &[
            ("machine", ""),
            ("processors", ""),
            ("last_cache_mb", ""),
            ("memory_mb", ""),
            ("kernel", ""),
            ("load_average_begin", ""),
            ("load_average_end", ""),
            ("report_s", ""),
            ("size", ""),
            ("cells", ""),
            ("skus", ""),
            ("contracts", ""),
            ("price_lists", ""),
        ],
    ),
    (
        "size",
        &[
            ("bits_per_cell_random", "25"),
            ("entropy_random", ""),
            ("bits_per_cell_structured", "8"),
            ("entropy_structured", ""),
            ("rows_random_mb", ""),
            ("rows_structured_mb", ""),
            ("disk_mb", ""),
        ],
    ),
    (
        "look-up in process, random data",
        &[
            ("lookup_100_cold_us", "5"),
            ("lookup_100_dense_us", "the limit"),
            ("lookup_100_three_lists_us", "12"),
            ("lookup_100_three_lists_dense_us", "the limit"),
            ("lookup_5000_cold_us", ""),
            ("lookup_5000_dense_us", "the limit"),
            ("lookup_100_warm_us", ""),
            ("lookup_100_disk_cold_us", ""),
            ("disk_cold_by", ""),
        ],
    ),
    (
        "look-up in process, structured data",
        &[
            ("lookup_100_cold_structured_us", "5"),
            ("lookup_5000_cold_structured_us", ""),
            ("lookup_100_warm_structured_us", ""),
        ],
    ),
    (
        "a whole cart in process",
        &[
            ("price_100_cold_us", ""),
            ("price_5000_cold_us", ""),
            ("price_100_warm_us", ""),
            ("price_100_disk_cold_us", ""),
            ("price_100_cold_structured_us", ""),
            ("price_5000_cold_structured_us", ""),
            ("price_100_warm_structured_us", ""),
        ],
    ),
    (
        "a whole cart in process, under a policy",
        &[
            ("pipeline_100_us", "10"),
            ("pipeline_5000_us", "400"),
            ("pipeline_100_rules_10000_us", ""),
            ("pipeline_100_rules_10000_percent", "120"),
            ("pipeline_5000_rules_10000_us", ""),
            ("pipeline_5000_rules_10000_percent", "120"),
            ("pipeline_100_rules_100000_us", ""),
            ("pipeline_100_rules_100000_percent", ""),
            ("pipeline_5000_rules_100000_us", ""),
            ("pipeline_5000_rules_100000_percent", ""),
            ("pipeline_100_coupons_us", ""),
            ("pipeline_100_explain_us", ""),
            ("pipeline_100_cold_us", ""),
            ("pipeline_100_rules_10000_first_us", ""),
            ("pipeline_100_rules_100000_first_us", ""),
            ("policy_read_ms", ""),
            ("policy_compile_ms", ""),
            ("policy_text_mb", ""),
        ],
    ),
    (
        "eligibility",
        &[
            ("eligibility_memory_mb", ""),
            ("eligibility_stated_mb", ""),
            ("eligibility_worked_out_mb", ""),
            ("eligibility_kept_mb", ""),
            ("eligibility_check_ns", ""),
            ("eligibility_contract_us", ""),
            ("eligibility_compile_ms", ""),
            ("eligibility_forbidden_percent", ""),
            ("eligibility_skus", ""),
            ("eligibility_contracts", ""),
            ("eligibility_statements", ""),
        ],
    ),
    (
        "ledger",
        &[
            ("ledger_lines", ""),
            ("ledger_lines_per_s", ""),
            ("ledger_post_p50_ms", ""),
            ("ledger_post_p99_ms", ""),
            ("ledger_disk_mb_per_million", ""),
            ("ledger_memory_mb_per_million", ""),
            ("ledger_accounts_mb", ""),
            ("ledger_cart_without_period_us", ""),
            ("ledger_cart_with_period_us", ""),
            ("ledger_period_percent", ""),
            ("ledger_cart_walk_us", ""),
            ("ledger_cart_next_policy_us", ""),
        ],
    ),
    (
        "quotes, over gRPC and durable",
        &[
            ("sync_ms", ""),
            ("quote_create_100_p50_ms", ""),
            ("quote_create_100_p99_ms", ""),
            ("quote_create_100_p50_syncs", "2.5"),
            ("quotes_per_s_1", ""),
            ("quotes_a_sync_1", ""),
            ("quotes_per_s_16", ""),
            ("quotes_a_sync_16", ""),
            ("quotes_per_s_64", "5,000"),
            ("quotes_a_sync_64", ""),
            ("quotes_kept", ""),
            ("quotes_made_in_process_per_s", ""),
            ("quote_expire_1000_of_few_ms", ""),
            ("quote_expire_1000_of_many_ms", ""),
        ],
    ),
    (
        "over gRPC with TLS and a token, one line",
        &[
            ("auth_overhead_us", ""),
            ("auth_plain_cpu_us", ""),
            ("auth_tls_token_cpu_us", ""),
            ("auth_overhead_p50_us", ""),
        ],
    ),
    (
        "import and opening",
        &[
            ("import_cells_per_s", "1,000,000"),
            ("import_cells_per_s_csv", ""),
            ("import_cells_per_s_parquet", ""),
            ("import_s_csv", ""),
            ("import_s_parquet", ""),
            ("import_cpu_s_csv", ""),
            ("import_cpu_s_parquet", ""),
            ("import_peak_mb_csv", ""),
            ("import_peak_mb_parquet", ""),
            ("import_files_mb_csv", ""),
            ("import_files_mb_parquet", ""),
            ("open_ms", "1,000 at 100,000,000"),
            ("open_rss_mb", ""),
        ],
    ),
    (
        "backup, restore and check",
        &[
            ("backup_ms", ""),
            ("backup_mb", ""),
            ("backup_files", ""),
            ("backup_again_ms", ""),
            ("backup_again_files_copied", ""),
            ("backup_under_load_ms", ""),
            ("restore_ms", ""),
            ("restore_under_load_ms", ""),
            ("check_ms", ""),
            ("price_100_p99_quiet_us", ""),
            ("price_100_p99_under_backup_us", ""),
        ],
    ),
    (
        "carts of 100 lines at half load, beside everything else",
        &[
            ("mixed_capacity_per_s", ""),
            ("mixed_quiet_p50_us", ""),
            ("mixed_quiet_p99_us", ""),
            ("mixed_quiet_good_per_s", ""),
            ("mixed_quiet_late_per_s", ""),
            ("mixed_quiet_refused_per_s", ""),
            ("mixed_quotes_p50_us", ""),
            ("mixed_quotes_p99_us", ""),
            ("mixed_quotes_good_per_s", ""),
            ("mixed_quotes_late_per_s", ""),
            ("mixed_quotes_refused_per_s", ""),
            ("mixed_import_p50_us", ""),
            ("mixed_import_p99_us", ""),
            ("mixed_import_good_per_s", ""),
            ("mixed_import_late_per_s", ""),
            ("mixed_import_refused_per_s", ""),
            ("mixed_backup_p50_us", ""),
            ("mixed_backup_p99_us", ""),
            ("mixed_backup_good_per_s", ""),
            ("mixed_backup_late_per_s", ""),
            ("mixed_backup_refused_per_s", ""),
            ("mixed_restore_p50_us", ""),
            ("mixed_restore_p99_us", ""),
            ("mixed_restore_good_per_s", ""),
            ("mixed_restore_late_per_s", ""),
            ("mixed_restore_refused_per_s", ""),
            ("mixed_after_p50_us", ""),
            ("mixed_after_p99_us", ""),
            ("mixed_after_good_per_s", ""),
            ("mixed_after_late_per_s", ""),
            ("mixed_after_refused_per_s", ""),
            ("mixed_import_rows", ""),
            ("mixed_import_ms", ""),
            ("mixed_backup_ms", ""),
            ("mixed_restore_ms", ""),
            ("mixed_quotes_per_s", ""),
            ("mixed_quotes_tried_again", ""),
            ("mixed_quote_p50_ms", ""),
            ("mixed_quote_p99_ms", ""),
            ("mixed_compared_carts", ""),
            ("mixed_digest", ""),
        ],
    ),
    (
        "over gRPC, 100 lines",
        &[
            ("grpc_cpu_over_echo", "1.0"),
            ("grpc_single_list_cpu_over_echo", "1.0"),
            ("grpc_columns_cpu_over_echo", ""),
            ("grpc_policy_cpu_over_echo", "1.25"),
            ("grpc_100_cpu_us", ""),
            ("grpc_single_list_100_cpu_us", ""),
            ("grpc_columns_100_cpu_us", ""),
            ("grpc_policy_100_cpu_us", ""),
            ("grpc_echo_100_cpu_us", ""),
            ("grpc_100_carts_per_s", ""),
            ("grpc_single_list_100_carts_per_s", ""),
            ("grpc_columns_100_carts_per_s", ""),
            ("grpc_policy_100_carts_per_s", ""),
            ("grpc_echo_100_per_s", ""),
            ("grpc_100_busy_percent", ""),
            ("grpc_single_list_100_busy_percent", ""),
            ("grpc_columns_100_busy_percent", ""),
            ("grpc_policy_100_busy_percent", ""),
            ("grpc_echo_100_busy_percent", ""),
            ("grpc_100_p50_us_1", ""),
            ("grpc_100_p99_us_1", ""),
            ("grpc_100_p50_us_16", ""),
            ("grpc_100_p99_us_16", ""),
            ("grpc_single_list_100_p50_us_1", ""),
            ("grpc_single_list_100_p99_us_1", ""),
            ("grpc_single_list_100_p50_us_16", ""),
            ("grpc_single_list_100_p99_us_16", ""),
            ("grpc_columns_100_p50_us_1", ""),
            ("grpc_columns_100_p99_us_1", ""),
            ("grpc_columns_100_p50_us_16", ""),
            ("grpc_columns_100_p99_us_16", ""),
            ("grpc_policy_100_p50_us_1", ""),
            ("grpc_policy_100_p99_us_1", ""),
            ("grpc_policy_100_p50_us_16", ""),
            ("grpc_policy_100_p99_us_16", ""),
            ("grpc_echo_100_p50_us_1", ""),
            ("grpc_echo_100_p99_us_1", ""),
            ("grpc_echo_100_p50_us_16", ""),
            ("grpc_echo_100_p99_us_16", ""),
            ("grpc_100_request_bytes", ""),
            ("grpc_columns_100_request_bytes", ""),
            ("grpc_100_answer_bytes", ""),
            ("grpc_single_list_100_answer_bytes", ""),
            ("grpc_columns_100_answer_bytes", ""),
            ("grpc_policy_100_answer_bytes", ""),
            ("grpc_echo_100_answer_bytes", ""),
            ("grpc_contracts", ""),
            ("grpc_pinned", ""),
            ("server_rss_mb", ""),
        ],
    ),
];

/// Replaces what stands between the markers of a size. A size without markers leaves the page as it is.
pub fn rewrite(size: u64, figures: &Figures) {
    let markers = (format!("<!-- figures of {size} -->\n"), format!("<!-- end of {size} -->"));
    match page::put((&markers.0, &markers.1), &table(figures)) {
        true => eprintln!("== BENCHMARKS.md has the figures of {size} price points"),
        false => {
            eprintln!("== BENCHMARKS.md has no place for {size} price points, and stays as it is");
        }
    }
}

/// Every figure must have its place in the table, and the table must have no place without a figure.
fn table(figures: &Figures) -> String {
    let mut out = String::from("| figure | measured | to reach |\n| --- | --- | --- |\n");
    let mut placed = Vec::new();
    for (part, rows) in PARTS {
        out.push_str(&format!("| **{part}** | | |\n"));
        for (key, to_reach) in *rows {
            let shown = figures.shown(key).unwrap_or_else(|| panic!("{key} was not measured"));
            out.push_str(&format!("| `{key}` | {shown} | {to_reach} |\n"));
            placed.push(*key);
        }
    }
    for key in figures.keys() {
        assert!(placed.contains(&key.as_str()), "{key} has no place in the table");
    }
    out
}
