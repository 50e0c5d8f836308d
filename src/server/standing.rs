//! How does the service stand: opening, serving or draining, ready for what, and alive? gRPC's health service and the pages
//! for operators both tell what is found here.

use std::sync::{Arc, OnceLock, RwLock};
use std::time::Duration;

use serde_json::{Value, json};
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

use crate::api::v1;
use crate::engine::Engine;

use super::metrics::Recorder;
use super::traffic::Traffic;

/// A worker whose runtime has not turned for so long is stuck.
const STUCK_AFTER: Duration = Duration::from_secs(30);

/// Services that price and tell: they go on whatever becomes of writes.
const READING: [&str; 4] = [
    "",
    v1::pricing_service_server::SERVICE_NAME,
    v1::catalogue_service_server::SERVICE_NAME,
    v1::backup_service_server::SERVICE_NAME,
];

/// Services that change something: not serving while nothing can be written, though they go on telling what is there.
const WRITING: [&str; 5] = [
    v1::publication_service_server::SERVICE_NAME,
    v1::policy_service_server::SERVICE_NAME,
    v1::ledger_service_server::SERVICE_NAME,
    v1::loyalty_service_server::SERVICE_NAME,
    v1::quote_service_server::SERVICE_NAME,
];

/// What the service is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Opening,
    Serving,
    Draining,
}

impl Phase {
    fn word(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Serving => "serving",
            Self::Draining => "draining",
        }
    }
}

/// What serves.
pub struct Served {
    /// The engine.
    pub engine: Engine,
    /// The workers' counters.
    pub recorders: Vec<Arc<Recorder>>,
    /// What was turned away.
    pub traffic: Arc<Traffic>,
}

/// How the service stands.
pub struct Standing {
    phase: RwLock<Phase>,
    served: OnceLock<Served>,
    /// Whom gRPC's health service asks.
    pub reporter: HealthReporter,
}

/// What the service is ready for, and why not for more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    phase: Phase,
    /// Carts are priced.
    pub reads: bool,
    /// Changes are taken.
    pub writes: bool,
    reasons: Vec<(&'static str, String)>,
}

impl Readiness {
    /// As JSON, for those who asked whether it is ready for something.
    #[must_use]
    pub fn to_json(&self, ready: bool) -> Value {
        let reasons =
            self.reasons.iter().map(|(reason, detail)| json!({ "reason": reason, "detail": detail }));
        json!({
            "ready": ready,
            "phase": self.phase.word(),
            "reads": self.reads,
            "writes": self.writes,
            "reasons": reasons.collect::<Vec<_>>(),
        })
    }
}

impl Default for Standing {
    fn default() -> Self {
        Self { phase: RwLock::new(Phase::Opening), served: OnceLock::new(), reporter: HealthReporter::new() }
    }
}

impl Standing {
    /// From now on it serves.
    pub fn serving(&self, served: Served) {
        // Nobody starts one service twice.
        drop(self.served.set(served));
        self.move_to(Phase::Serving);
    }

    /// From now on it is about to stop.
    pub fn draining(&self) {
        self.move_to(Phase::Draining);
    }

    /// What serves, once the data folder is open.
    pub fn served(&self) -> Option<&Served> {
        self.served.get()
    }

    /// What it is ready for.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        let phase = *self.phase.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut reasons = Vec::new();
        match phase {
            Phase::Opening => reasons.push(("OPENING", "the data folder is being opened".to_owned())),
            Phase::Draining => {
                reasons.push(("STOPPING", "told to stop: callers are to go elsewhere".to_owned()))
            }
            Phase::Serving => {}
        }
        if let Some(first) = self.served.get().and_then(|served| served.engine.poisoned_by()) {
            let what = format!("nothing is written until the service is started again, since: {first}");
            reasons.push(("WRITES_REFUSED", what));
        }
        let reads = phase == Phase::Serving;
        Readiness { phase, reads, writes: reads && reasons.is_empty(), reasons }
    }

    /// For how long the worker that is stuck has been so, where one is.
    #[must_use]
    pub fn stuck_for(&self) -> Option<Duration> {
        let recorders = self.served.get().map_or(&[][..], |served| &served.recorders);
        recorders.iter().map(|recorder| recorder.still_for()).max().filter(|still| *still > STUCK_AFTER)
    }

    /// Tells gRPC's health service.
    pub async fn tell(&self) {
        let readiness = self.readiness();
        let status = |serves: bool| if serves { ServingStatus::Serving } else { ServingStatus::NotServing };
        for (names, serves) in [(&READING[..], readiness.reads), (&WRITING[..], readiness.writes)] {
            for name in names {
                self.reporter.set_service_status(name, status(serves)).await;
            }
        }
    }

    fn move_to(&self, phase: Phase) {
        *self.phase.write().unwrap_or_else(std::sync::PoisonError::into_inner) = phase;
    }
}
