//! How are policy files read? From YAML to the syntax tree, or to all that is wrong with them, each with its place.
//!
//! Checks everything that needs no catalogue: forms, numbers, ladders, names within the policy. Files are material from
//! outside: whatever they hold, reading ends soon, in little memory and without a panic.

mod agreement;
mod authority;
mod benefit;
mod bonus_cap;
mod characters;
mod condition;
mod eligibility;
mod fields;
mod file;
mod guard;
mod hold;
mod ladder;
mod levels;
mod measure;
mod names;
mod points;
mod reading;
mod rivals;
mod rule;
mod rule_keys;
mod selection;
mod service;
mod shown;
mod tax;
mod thresholds;
mod tree;
mod values;
mod when;

use crate::domain::limits;

use super::finding::{Finding, Source};
use super::syntax::{At, Policy};
use reading::Reading;

/// Reads the files of one policy and joins them; lists and groups add up, in the order of the files.
///
/// # Errors
/// All that is wrong, ordered by place, of severity [`Error`](super::finding::Severity::Error): the policy is not to be
/// used. Past [`limits::POLICY_FINDINGS`] they are no longer told one by one.
pub fn read(files: &[Source<'_>]) -> Result<Policy, Vec<Finding>> {
    let mut reading = Reading::new(files);
    let begin = At { file: 0, line: 1, column: 1 };
    if files.is_empty() {
        reading.error(begin, "no-files", "no file was given");
    }
    if files.len() > limits::POLICY_FILES {
        let message = format!("{} files are more than {}", files.len(), limits::POLICY_FILES);
        reading.error(begin, "too-many-files", message);
        return Err(reading.into_findings());
    }
    let mut policy = Policy::default();
    let mut all_are_read = true;
    for (number, source) in (0_u16..).zip(files) {
        match tree::tree(source.text, number, &mut reading) {
            Some(root) => file::add_file(&root, &mut policy, &mut reading),
            None => all_are_read = false,
        }
    }
    // what one file names may stand in another that could not be read
    if all_are_read {
        names::check_names(&policy, &mut reading);
        thresholds::check_thresholds(&policy, &mut reading);
        rivals::check_rivals(&policy, &mut reading);
        agreement::check_circles(&policy.agreements, &mut reading);
        condition::check_plans(&policy, &mut reading);
        bonus_cap::check_periods(&policy, &mut reading);
        hold::check_asked(&policy, &mut reading);
        authority::check_roles(&policy, &mut reading);
    }
    if reading.is_sound() { Ok(policy) } else { Err(reading.into_findings()) }
}
