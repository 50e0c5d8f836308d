//! Does the reader give back what was written?

use quoin::policy::finding::Source;
use quoin::policy::read::read;
use quoin::policy::syntax::Policy;

use super::yaml::to_yaml;

/// What the reader makes of a policy that is written down.
pub fn read_back(policy: &Policy) -> Policy {
    let text = to_yaml(policy);
    read(&[Source { name: "policy.yaml", text: &text }]).unwrap_or_else(|findings| {
        let told: Vec<String> = findings.iter().map(|finding| finding.told(&["policy.yaml"])).collect();
        panic!("{}\n{text}", told.join("\n"))
    })
}

/// Is a service's price lowered in another currency than it is stated in? The reader refuses that; figures don't mind.
pub fn mixes_currencies(policy: &Policy) -> bool {
    let text = to_yaml(policy);
    let findings = read(&[Source { name: "policy.yaml", text: &text }]).err().unwrap_or_default();
    !findings.is_empty() && findings.iter().all(|finding| finding.code == "two-currencies")
}

/// The tree as text, without the places where things stand.
pub fn without_places(policy: &Policy) -> String {
    let text = format!("{policy:#?}");
    let mut kept = String::with_capacity(text.len());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim_start().ends_with("At {") {
            // Three numbers and a bracket.
            lines.nth(3);
        } else {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

#[test]
fn the_reader_gives_back_every_tree() {
    for stream in 0..u64::from(crate::effort::count(300)) {
        let (_, policies) = super::case::drawn(stream, 10, 0);
        for (policy, _) in policies {
            if mixes_currencies(&policy) {
                continue;
            }
            let (written, read) = (without_places(&policy), without_places(&read_back(&policy)));
            if written != read {
                let differing = written.lines().zip(read.lines()).find(|(written, read)| written != read);
                panic!(
                    "QUOIN_SEED={}, stream {stream}: {differing:?}\n{}",
                    crate::effort::seed(),
                    to_yaml(&policy)
                );
            }
        }
    }
}
