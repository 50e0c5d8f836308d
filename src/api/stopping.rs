//! What is a caller told whose call would go on for ever, when the service stops? To ask again, with a reason that programs know.

use tonic::{Code, Status};

use super::status::{Entry, Subject};

/// UNAVAILABLE with the reason `STOPPING`.
#[must_use]
pub fn stopping(message: &str) -> Status {
    Entry { code: Code::Unavailable, reason: "STOPPING", subject: Subject::None }.status(message)
}
