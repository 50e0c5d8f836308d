//! What do the checks find in a policy, held against a catalogue? A table of policy texts, each with all its findings.

mod large;
mod world;

use std::collections::BTreeSet;
use std::path::PathBuf;

use quoin::policy::check::check;
use quoin::policy::finding::{Finding, Severity, Source};
use quoin::policy::read::read;

const FOLDER: &str = "tests/it/policy_lints/cases";

/// A case as it stands in its file.
struct Case {
    place: String,
    text: String,
}

/// Line of the case, from one, and what is found there.
type Told = (u32, String);

fn cases() -> Vec<Case> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(crate::sources::root().join(FOLDER))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        for part in text.split("\n== ").map(|part| part.strip_prefix("== ").unwrap_or(part)) {
            let (title, policy) = part.split_once('\n').unwrap_or_else(|| panic!("{name}: {part}"));
            cases.push(Case { place: format!("{name}: {title}"), text: policy.to_owned() });
        }
    }
    cases
}

/// What the comments of a case state.
fn stated(text: &str) -> BTreeSet<Told> {
    let mut stated = BTreeSet::new();
    for (number, line) in (1..).zip(text.lines()) {
        for remark in line.split(" # ").skip(1) {
            let remark = remark.trim();
            assert!(remark.starts_with("warning ") || remark.starts_with("error "), "{remark}");
            stated.insert((number, remark.to_owned()));
        }
    }
    stated
}

fn found_in(case: &Case) -> Vec<Finding> {
    // on the first line, so that lines count as in the case; columns of that line are not looked at
    let text = format!("quoin_policy: 1\n{}", case.text);
    let files = [Source { name: "case", text: &text }];
    let policy = read(&files).unwrap_or_else(|findings| {
        let told: Vec<String> = findings.iter().map(|finding| finding.told(&["case"])).collect();
        panic!("{}: cannot be read\n{}", case.place, told.join("\n"))
    });
    let catalogue = world::catalogue();
    check(&policy, &catalogue, &world::Members::of(&catalogue))
}

fn told(finding: &Finding) -> Told {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    (finding.at.line - 1, format!("{severity} {}: {}", finding.code, finding.message))
}

#[test]
fn each_case_finds_what_it_states_and_nothing_else() {
    let cases = cases();
    assert!(cases.len() > 50, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let found: BTreeSet<Told> = found_in(case).iter().map(told).collect();
        let stated = stated(&case.text);
        let lines = |set: BTreeSet<&Told>, sign: &str| -> Vec<String> {
            set.iter().map(|(line, told)| format!("  {sign} line {line}: {told}")).collect()
        };
        let mut difference = lines(stated.difference(&found).collect(), "not found");
        difference.extend(lines(found.difference(&stated).collect(), "not stated"));
        if !difference.is_empty() {
            wrong.push(format!("{}\n{}", case.place, difference.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_finding_is_sorted_by_place_and_says_what_to_do() {
    for case in &cases() {
        let found = found_in(case);
        assert!(found.is_sorted_by_key(|finding| finding.at), "{}", case.place);
        for finding in &found {
            assert!(!finding.hint.is_empty() && finding.at.column > 0, "{}: {finding:?}", case.place);
        }
    }
}

/// The codes that lints tell, from their source: the first text after each telling.
fn codes_in_source() -> BTreeSet<String> {
    let folder = crate::sources::root().join("src/policy/check/lint");
    let mut codes = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let source = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for telling in ["report.warn(", "report.error("] {
            for rest in source.split(telling).skip(1) {
                codes.insert(rest.split('"').nth(1).unwrap().to_owned());
            }
        }
    }
    codes
}

#[test]
fn each_code_has_a_case_and_is_in_the_docs() {
    let stated: BTreeSet<Told> = cases().iter().flat_map(|case| stated(&case.text)).collect();
    let code = |told: &str| told.split([' ', ':']).nth(1).unwrap().to_owned();
    let in_cases: BTreeSet<String> = stated.iter().map(|(_, told)| code(told)).collect();
    assert_eq!(in_cases, codes_in_source());
    let docs = std::fs::read_to_string(crate::sources::root().join("docs/LINTS.md")).unwrap();
    let rows = docs.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    let in_docs = rows.flat_map(|cell| cell.split([' ', ',', '`'])).filter(|part| !part.is_empty());
    assert_eq!(in_docs.map(str::to_owned).collect::<BTreeSet<String>>(), in_cases);
}
