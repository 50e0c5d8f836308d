//! Does reading end soon, in little memory, whatever a file holds? Sizes, depths, aliases and counts at their bounds.

use std::fmt::Write;

use quoin::domain::limits;
use quoin::policy::finding::Source;
use quoin::policy::read::read;

use super::{accepted, refused, told};

const HEAD: &str = "quoin_policy: 1\n";

#[test]
fn a_file_of_50_mb_is_refused_unread() {
    let text = format!("{HEAD}#{}", "x".repeat(50 << 20));
    let bytes = text.len();
    assert_eq!(
        refused(&text),
        [format!(
            "policy:1:1: error: the file has {bytes} bytes, and at most 16777216 are read; make several files of it \
             [file-too-large]"
        )]
    );
    let padded = |bytes: usize| {
        let mut text = format!("{HEAD}sku_groups:\n");
        for number in 0..20 {
            writeln!(text, "  g{number}: {{ sku: x }} #{}", "x".repeat(800_000)).unwrap();
        }
        let missing = bytes - text.len() - 2;
        format!("{text}#{}\n", "x".repeat(missing))
    };
    accepted(&padded(limits::POLICY_FILE_BYTES));
    assert_eq!(refused(&padded(limits::POLICY_FILE_BYTES + 1)).len(), 1);
}

const TOO_MANY_VALUES: &str = "error: the file has more than 1000000 values, aliases included; make several files of it, or \
                               name fewer values by alias [too-many-values]";

/// Ten lines of which each names the one before nine times: 9^10 values, were they written out.
#[test]
fn an_alias_bomb_is_refused_where_it_passes_the_bound() {
    let mut bomb = format!("{HEAD}sku_groups:\n  g0: &g0 {{ sku: x }}\n");
    for level in 1..=10 {
        let before = vec![format!("*g{}", level - 1); 9].join(", ");
        writeln!(bomb, "  g{level}: &g{level} {{ any: [{before}] }}").unwrap();
    }
    // the sixth alone would have 1,195,742: its seventh alias is one too many
    assert_eq!(refused(&bomb), [format!("policy:9:49: {TOO_MANY_VALUES}")]);
}

/// A few aliases of a long list do it as well, and so does one value many times.
#[test]
fn values_behind_aliases_are_counted_wherever_they_are_named() {
    let list = vec!["x"; 99_990].join(",");
    let mut text = format!("{HEAD}sku_groups:\n  g0: {{ sku: &s [{list}] }}\n");
    for number in 1..10 {
        writeln!(text, "  g{number}: {{ sku: *s }}").unwrap();
    }
    assert_eq!(accepted(&text).sku_groups.len(), 10);
    text.push_str("  g10: { sku: *s }\n");
    assert_eq!(refused(&text), [format!("policy:13:15: {TOO_MANY_VALUES}")]);
}

#[test]
fn a_million_values_are_read_and_not_one_more() {
    // the root, the format, the groups, the group, and the list are five
    let of =
        |items: usize| format!("{HEAD}sku_groups: {{ a: {{ sku: [{}] }} }}\n", vec!["x"; items].join(","));
    accepted(&of(limits::POLICY_VALUES - 5));
    assert_eq!(refused(&of(limits::POLICY_VALUES - 4)), [format!("policy:1:1: {TOO_MANY_VALUES}")]);
}

/// The scanner reads a bracket to its end, in search of a colon, before it says anything. Where a file begins with one, it
/// is told that it is no key: JSON has no bound of its own.
#[test]
fn a_list_where_a_key_may_stand_is_not_read_without_end() {
    let items = "a,".repeat(1_200_000);
    let too_long = "error: what follows is too long to be read in one piece; give what stands in {} and [] lines of its own \
                    [too-long]";
    assert_eq!(refused(&format!("[{items}]")), [format!("policy:1:2000002: {TOO_MANY_VALUES}")]);
    assert_eq!(refused(&format!(" [{items}]")), [format!("policy:1:1: {too_long}")]);
    assert_eq!(refused(&format!("{HEAD}rules:\n- [{items}]")), [format!("policy:3:3: {too_long}")]);
    assert_eq!(refused(&format!("{HEAD}#{items}")), [format!("policy:1:15: {too_long}")]);
    let rules: Vec<String> = (0..50_000)
        .map(|number| format!(r#"{{"id": "r{number}", "layer": "order", "percent": 5}}"#))
        .collect();
    let json = format!(r#"{{"quoin_policy": 1, "rules": [{}]}}"#, rules.join(", "));
    assert!(json.len() > 2 << 20);
    let policy = accepted(&json);
    assert_eq!((policy.rules.len(), policy.rules[0].at.column), (50_000, 31));
}

#[test]
fn no_nesting_overflows_the_stack() {
    for (text, at) in [
        ("- ".repeat(1 << 20), "1:65"),
        (format!("a: {}", "[".repeat(1 << 20)), "1:259"),
        (format!("a: {}", "{a: ".repeat(250)), "1:128"),
        ("? ".repeat(1 << 20), "1:65"),
        ((0..100).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect(), "33:33"),
    ] {
        assert_eq!(
            refused(&text),
            [format!("policy:{at}: error: lists and mappings are nested more than 32 deep [too-deep]")]
        );
    }
}

/// A chain of groups is walked without recursion; names that are told of a circle are few.
#[test]
fn long_chains_and_circles_of_groups() {
    let count = 100_000;
    let mut chain = format!("{HEAD}sku_groups:\n");
    for number in 0..count {
        writeln!(chain, "  g{number:06}: g{:06}", number + 1).unwrap();
    }
    let (mut open, mut closed) = (chain.clone(), chain);
    writeln!(open, "  g{count:06}: {{ sku: x }}").unwrap();
    assert_eq!(
        refused(&open),
        ["policy:99971:3: error: group \"g099968\": groups name groups more than 32 deep [too-deep]"]
    );
    writeln!(closed, "  g{count:06}: g000000").unwrap();
    let findings = refused(&closed);
    assert_eq!(
        findings[0],
        "policy:3:3: error: groups name each other in a circle: g000000, g000001, g000002, g000003, g000004, g000005, \
         g000006, g000007, …, g000000 [circular-groups]"
    );
}

#[test]
fn files_are_64_at_most() {
    let files = |count: usize| vec![Source { name: "policy", text: HEAD }; count];
    let of = |count: usize| read(&files(count)).map_err(|findings| told(&findings, &files(count)));
    assert_eq!(of(0), Err(vec!["policy:1:1: error: no file was given [no-files]".to_owned()]));
    assert!(of(64).is_ok());
    assert_eq!(of(65), Err(vec!["policy:1:1: error: 65 files are more than 64 [too-many-files]".to_owned()]));
}

fn rules(from: usize, to: usize) -> String {
    let mut text = format!("{HEAD}rules:\n");
    for number in from..to {
        writeln!(text, "- {{ id: r{number}, layer: order, percent: 2.50 }}").unwrap();
    }
    text
}

#[test]
fn rules_are_200_000_at_most_over_all_files() {
    let (first, second, third) = (rules(0, 100_000), rules(100_000, 200_000), rules(200_000, 200_001));
    let files = [&first, &second, &third].map(|text| Source { name: "policy", text });
    assert_eq!(read(&files[..2]).unwrap().rules.len(), limits::POLICY_RULES);
    let findings = read(&files).unwrap_err();
    assert_eq!(
        told(&findings, &files),
        ["policy:3:3: error: rules: there are more than 200000 [too-many-rules]"]
    );
}

/// Ten thousand rules such as are written by hand, with groups, circumstances and ladders.
#[test]
fn ten_thousand_rules_are_read() {
    let mut text =
        format!("{HEAD}currency: EUR\nsku_groups: {{ long: {{ category: Metal/Long }} }}\nrules:\n");
    for number in 0..10_000 {
        writeln!(
            text,
            "  - id: rule-{number}
    name: {{ en: Rule {number}, ru: Правило {number} }}
    layer: volume
    goods: [long, {{ brand: [Norvik, Brightstone], attribute: {{ grade: [A500C, A400] }} }}]
    contracts: {{ contract: C-{number} }}
    when: {{ channel: portal, from: 2026-01-01, through: 2026-12-31 }}
    measure: {{ what: weight, unit: t, over: quarter }}
    mode: graduated
    tiers: [{{ above: 10, percent: 5 }}, {{ above: 50, percent: 7.5 }}]"
        )
        .unwrap();
    }
    assert_eq!(accepted(&text).rules.len(), 10_000);
}

#[test]
fn errors_past_a_thousand_are_not_told() {
    let mut text = format!("{HEAD}rules:\n");
    for number in 0..3_000 {
        writeln!(text, "- {{ id: r{number}, layer: order, percent: -1 }}").unwrap();
    }
    let findings = refused(&text);
    assert_eq!(findings.len(), 1_001);
    assert_eq!(findings[999], "policy:1002:38: error: percent: \"-1\" is negative [negative]");
    assert_eq!(
        findings[1_000],
        "policy:1002:38: error: there are more than 1000 errors; mend these first [more-errors]"
    );
}

/// Looking for what was meant has its own bound: 3,000 unknown names among 30,000 known ones.
#[test]
fn many_unknown_names_among_many_known_ones() {
    let mut text = format!("{HEAD}sku_groups:\n");
    for number in 0..30_000 {
        writeln!(text, "  group-of-goods-{number}: {{ sku: x }}").unwrap();
    }
    let named: Vec<String> = (0..3_000).map(|number| format!("grupe-of-goods-{number}")).collect();
    writeln!(text, "  all: [{}]", named.join(", ")).unwrap();
    let findings = refused(&text);
    assert_eq!(
        findings[0],
        "policy:30003:9: error: there is no group of SKUs \"grupe-of-goods-0\"; did you mean \"group-of-goods-0\"? \
         [unknown-group]"
    );
    assert_eq!(findings.len(), 1_001);
}

/// Messages repeat a value's begin alone.
#[test]
fn long_values_are_cut() {
    let (long, shown) = ("9".repeat(100_000), "9".repeat(60));
    assert_eq!(
        refused(&format!("{HEAD}rules: {{ id: a, layer: order, percent: '{long}' }}\n")),
        [format!("policy:2:40: error: percent: \"{shown}…\" is beyond ±9,000,000,000,000 [bad-number]")]
    );
    let findings = refused(&format!("{HEAD}? {long}\n: 1\n"));
    assert!(
        findings[0].starts_with(&format!("policy:2:3: error: policy has no key \"{shown}…\"; ")),
        "{findings:?}"
    );
}

/// Shapes that a reader of YAML could take long over, or much memory for.
#[test]
fn costly_shapes_are_refused() {
    let thousand = 1_000;
    for text in [
        format!(" {}{}", "[".repeat(250), "a,".repeat(300 * thousand)),
        format!(" {}{}", "{".repeat(250), "a: b, ".repeat(150 * thousand)),
        format!("a: {{{}}}", "? ".repeat(500 * thousand)),
        format!("a: [{}]", ": ,".repeat(200 * thousand)),
        "a".repeat(1_000 * thousand),
        "#\n".repeat(500 * thousand),
        format!("a: b{}c", "\n".repeat(1_000 * thousand)),
        format!("a: |\n{}", "  x\n".repeat(200 * thousand)),
        format!("a: |\n{}", " ".repeat(900 * thousand)),
        format!("a: \"{}\"", "\\u00e9".repeat(150 * thousand)),
        (0..100 * thousand).map(|number| format!("- &a{number} x\n")).collect(),
        format!("- &a x\n{}", "- *a\n".repeat(200 * thousand)),
        "- !a x\n".repeat(100 * thousand),
        "%FOO bar\n".repeat(100 * thousand),
        "---\n".repeat(100 * thousand),
        format!("{HEAD}{}", "a: 1\n".repeat(200 * thousand)),
        (0..200 * thousand).map(|number| format!("a{number}: 1\n")).collect(),
        format!("{HEAD}rules:\n{}", "- { id: a, layer: order, percent: 1 }\n".repeat(50 * thousand)),
    ] {
        assert!(!refused(&text).is_empty());
    }
}
