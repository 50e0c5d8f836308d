//! How does a command end that did not do what was asked? With a sentence on standard error and an exit code.

use std::fmt;

use tonic::{Code, Status};

use crate::api::backup_status::of_backup;
use crate::api::status::{Entry, of_import, of_ledger, of_open, of_policy, of_price};
use crate::backup::BackupError;
use crate::engine::error::{
    ImportError, LedgerError, OpenError, PolicyError, PriceError, RecordError, StoreOpenError,
};

/// The input was refused: rows, a line, a contract that has ended.
pub const REFUSED: u8 = 1;
/// The command was written wrongly (clap's own code as well).
pub const USAGE: u8 = 2;
/// What was asked about is not there.
pub const NOT_FOUND: u8 = 3;
/// The data folder is in use, or the server or disk does not answer.
pub const UNAVAILABLE: u8 = 4;
/// Stored bytes are not what was written.
pub const CORRUPT: u8 = 5;

/// An end that is not the one asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The exit code.
    pub code: u8,
    /// The sentence; empty where everything has been said.
    pub message: String,
}

impl Failure {
    /// A failure.
    pub fn new(code: u8, message: impl fmt::Display) -> Self {
        Self { code, message: message.to_string() }
    }

    /// The report on standard output has said it all.
    pub fn told(code: u8) -> Self {
        Self { code, message: String::new() }
    }

    /// Says it.
    pub fn tell(&self) {
        if !self.message.is_empty() {
            eprintln!("quoin: {}", self.message);
        }
    }
}

fn exit_of(code: Code) -> u8 {
    match code {
        Code::Ok => 0,
        Code::NotFound => NOT_FOUND,
        Code::DataLoss => CORRUPT,
        Code::Unavailable | Code::DeadlineExceeded | Code::ResourceExhausted | Code::Unimplemented => {
            UNAVAILABLE
        }
        Code::Cancelled
        | Code::Unknown
        | Code::InvalidArgument
        | Code::AlreadyExists
        | Code::PermissionDenied
        | Code::FailedPrecondition
        | Code::Aborted
        | Code::OutOfRange
        | Code::Internal
        | Code::Unauthenticated => REFUSED,
    }
}

fn by_entry(entry: &Entry, error: &dyn fmt::Display) -> Failure {
    Failure::new(exit_of(entry.code), error)
}

impl From<PriceError> for Failure {
    fn from(error: PriceError) -> Self {
        by_entry(&of_price(&error), &error)
    }
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        by_entry(&of_import(&error), &error)
    }
}

impl From<PolicyError> for Failure {
    fn from(error: PolicyError) -> Self {
        by_entry(&of_policy(&error), &error)
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        by_entry(&of_ledger(&error), &error)
    }
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        match &error {
            BackupError::BadPlace { .. } => Self::new(USAGE, error),
            _ => by_entry(&of_backup(&error), &error),
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        let code = match &error {
            OpenError::Store(StoreOpenError::Corrupt { .. }) => CORRUPT,
            OpenError::Store(StoreOpenError::NotAStore { .. }) => NOT_FOUND,
            OpenError::Store(
                StoreOpenError::DataFolderInUse { .. }
                | StoreOpenError::OtherFormat { .. }
                | StoreOpenError::Io { .. },
            ) => UNAVAILABLE,
            OpenError::Storage(_) | OpenError::Records(_) | OpenError::Thread(_) => {
                exit_of(of_open(&error).code)
            }
        };
        Self::new(code, error)
    }
}

impl From<RecordError> for Failure {
    fn from(error: RecordError) -> Self {
        OpenError::from(error).into()
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Self::new(exit_of(status.code()), status.message())
    }
}
