//! What does reading a policy's files say: all that is wrong, each with its place, or the tree of what was written?
//!
//! The tables of bad files are `policy_files/bad/*.txt`: after `==` what is wrong, then the file, `@@` with a name before each
//! further one, and after `>>` each finding as a person reads it. A file called `policy` needs no name.

mod bounds;
mod garbage;
mod trees;

use std::path::Path;

use quoin::policy::finding::{Finding, Severity, Source};
use quoin::policy::read::read;
use quoin::policy::syntax::Policy;

/// Named texts of one policy.
struct Case {
    title: String,
    files: Vec<(String, String)>,
    findings: Vec<String>,
}

fn cases(table: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in table.lines() {
        if let Some(title) = line.strip_prefix("== ") {
            let files = vec![("policy".to_owned(), String::new())];
            cases.push(Case { title: title.to_owned(), files, findings: Vec::new() });
        } else if let Some(case) = cases.last_mut() {
            if let Some(name) = line.strip_prefix("@@ ") {
                case.files.retain(|(_, text)| !text.is_empty());
                case.files.push((name.to_owned(), String::new()));
            } else if let Some(finding) = line.strip_prefix(">> ") {
                case.findings.push(finding.to_owned());
            } else if !line.is_empty() || case.findings.is_empty() {
                let (_, text) = case.files.last_mut().unwrap();
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    cases
}

fn sources(files: &[(String, String)]) -> Vec<Source<'_>> {
    files.iter().map(|(name, text)| Source { name, text }).collect()
}

fn told(findings: &[Finding], sources: &[Source<'_>]) -> Vec<String> {
    let names: Vec<&str> = sources.iter().map(|source| source.name).collect();
    findings.iter().map(|finding| finding.told(&names)).collect()
}

/// What is said of one file that is refused.
fn refused(text: &str) -> Vec<String> {
    let files = [Source { name: "policy", text }];
    told(&read(&files).expect_err("the policy is accepted"), &files)
}

/// The tree of one file that is accepted.
fn accepted(text: &str) -> Policy {
    let files = [Source { name: "policy", text }];
    read(&files).unwrap_or_else(|findings| panic!("{text}\n{}", told(&findings, &files).join("\n")))
}

#[test]
fn bad_files_are_refused_with_every_place_and_reason() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/policy_files/bad");
    let mut tables: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    tables.sort();
    let mut wrong = String::new();
    let mut told_in_all = 0;
    for table in tables {
        for case in cases(&std::fs::read_to_string(&table).unwrap()) {
            let files = sources(&case.files);
            let findings = read(&files).err().unwrap_or_default();
            assert!(findings.iter().all(|finding| finding.severity == Severity::Error), "{}", case.title);
            let told = told(&findings, &files);
            if told.is_empty() || told != case.findings {
                let name = table.file_name().unwrap().to_string_lossy();
                wrong.push_str(&format!("\n{name} == {}\n>> {}\n", case.title, told.join("\n>> ")));
            }
            told_in_all += told.len();
        }
    }
    assert!(wrong.is_empty(), "other findings than the tables have:\n{wrong}");
    assert!(told_in_all > 300, "the tables have only {told_in_all} findings");
}
