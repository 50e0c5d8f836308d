//! How does a policy of the report come into force? As a pricing manager's would, and nothing may be wrong with it.

use std::time::Instant;

use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::engine::policy::PublishPolicy;

use super::policies::Policy;

/// Publishes a policy.
pub fn publish(engine: &Engine, policy: &Policy<'_>) {
    let files = policy.files();
    let begun = Instant::now();
    let asked = PublishPolicy { files, ..PublishPolicy::default() };
    let report = engine.publish_policy(&Caller::operator(), asked).unwrap();
    assert!(report.published, "{:#?}", report.findings.iter().take(3).collect::<Vec<_>>());
    let rules = engine.view().policy.0.policy().rules.len();
    assert_eq!(rules, policy.rules(), "rules in force and generated");
    let (millis, findings) = (begun.elapsed().as_millis(), report.findings.len());
    eprintln!("   a policy of {rules} rules published in {millis} ms, {findings} findings");
}
