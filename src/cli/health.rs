//! `quoin health`: does a server serve? For container health checks.

use serde_json::json;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use super::arguments::{Common, Health};
use super::failure::{Failure, UNAVAILABLE};
use super::{Outcome, ask, output};

/// Runs it.
pub fn run(common: &Common, asked: &Health) -> Outcome {
    let answer = ask::server(common, &asked.addr, |channel| async {
        let request = HealthCheckRequest { service: String::new() };
        Ok(HealthClient::new(channel).check(request).await?.into_inner())
    })?;
    let status = answer.status();
    let word = status.as_str_name().to_lowercase();
    if common.json {
        output::json(&json!({ "status": word }))?;
    } else {
        output::text(&format!("{word}\n"))?;
    }
    match status {
        ServingStatus::Serving => Ok(()),
        ServingStatus::Unknown | ServingStatus::NotServing | ServingStatus::ServiceUnknown => {
            Err(Failure::told(UNAVAILABLE))
        }
    }
}
