//! What came of a call that writes? Its answer's trailers say, or that it broke off; either way a line does.

use std::sync::Arc;

use tonic::Status;
use tonic::codegen::http::header::HeaderMap;

use crate::engine::Engine;

use super::Audit;

/// Told of a call where it broke off before it was answered.
const BROKEN_OFF: &str = "BROKEN_OFF";

/// A call that is in the log, and whose outcome is not yet: it is written when this is dropped.
pub struct Telling {
    audit: Arc<Audit>,
    engine: Engine,
    number: u64,
    after: u64,
    code: Option<String>,
}

impl Telling {
    /// Writes that a call is about to be made.
    ///
    /// # Errors
    /// As [`Audit::begin`].
    pub async fn begin(
        audit: Arc<Audit>,
        engine: &Engine,
        (caller, peer, call): (&str, &str, &str),
    ) -> Result<Self, Status> {
        let after = engine.view().position.0;
        let number = audit.begin(caller, peer, call).await?;
        Ok(Self { audit, engine: engine.clone(), number, after, code: None })
    }

    /// Returns once the call may be answered.
    ///
    /// # Errors
    /// As [`Audit::safe`].
    pub async fn safe(&self) -> Result<(), Status> {
        self.audit.safe(self.number).await
    }

    /// Takes the outcome from headers or trailers, where it stands there.
    pub fn note(&mut self, headers: &HeaderMap) {
        if let Some(code) = headers.get(Status::GRPC_STATUS).and_then(|code| code.to_str().ok()) {
            self.code = Some(format!("{:?}", tonic::Code::from_bytes(code.as_bytes())));
        }
    }
}

impl Drop for Telling {
    fn drop(&mut self) {
        let code = self.code.as_deref().unwrap_or(BROKEN_OFF);
        self.audit.end(self.number, code, (self.after, self.engine.view().position.0));
    }
}
