//! Which gRPC status does each error become? One table, exhaustive, with `google.rpc` details.

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::engine::error::{
    ImportError, LedgerError, OpenError, PolicyError, PriceError, RecordError, SettleRefusal, StoreError,
    WriteError,
};

use crate::engine::ledger::limited::{LimitRefusal, NotHeld};
use crate::engine::ledger::loyalty::PointsRefusal;

use super::cart_codec::read::Malformed;

/// The domain of every `google.rpc.ErrorInfo`.
pub const DOMAIN: &str = "quoin";

/// Wrong fields that a status's message tells; the rest are counted.
const IN_MESSAGE: usize = 10;
/// Wrong fields that a status's details tell. A status goes in trailers, of which many clients take 8 KiB and no more.
const IN_DETAILS: usize = 40;

/// A field of a request that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The field's path.
    pub field: String,
    /// What is wrong with it.
    pub description: String,
}

impl Violation {
    /// A violation.
    #[must_use]
    pub fn new(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self { field: field.into(), description: description.into() }
    }
}

/// What a status says besides its code and message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A field is wrong.
    Field(Violation),
    /// Several are.
    Fields(Vec<Violation>),
    /// A resource of this type and name is meant.
    Resource(&'static str, String),
    /// Nothing in particular.
    None,
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The code.
    pub code: Code,
    /// `google.rpc.ErrorInfo.reason`.
    pub reason: &'static str,
    /// What it is about.
    pub subject: Subject,
}

pub(super) fn field(
    code: Code,
    reason: &'static str,
    name: &str,
    description: &dyn std::fmt::Display,
) -> Entry {
    Entry { code, reason, subject: Subject::Field(Violation::new(name, description.to_string())) }
}

pub(super) fn resource(code: Code, reason: &'static str, kind: &'static str, name: &str) -> Entry {
    Entry { code, reason, subject: Subject::Resource(kind, name.to_owned()) }
}

pub(super) fn bare(code: Code, reason: &'static str) -> Entry {
    Entry { code, reason, subject: Subject::None }
}

/// The row of a question's error.
#[must_use]
pub fn of_price(error: &PriceError) -> Entry {
    match error {
        PriceError::UnknownContract { contract } => {
            resource(Code::NotFound, "UNKNOWN_CONTRACT", "quoin.v1.Contract", contract)
        }
        PriceError::ContractNotBegun { contract, .. } => {
            resource(Code::FailedPrecondition, "CONTRACT_NOT_BEGUN", "quoin.v1.Contract", contract)
        }
        PriceError::ContractEnded { contract, .. } => {
            resource(Code::FailedPrecondition, "CONTRACT_ENDED", "quoin.v1.Contract", contract)
        }
        PriceError::EmptyCart => field(Code::InvalidArgument, "EMPTY_CART", "lines", error),
        PriceError::CartTooLarge { .. } => field(Code::InvalidArgument, "CART_TOO_LARGE", "lines", error),
        PriceError::UnknownPublication { .. } => {
            field(Code::OutOfRange, "UNKNOWN_PUBLICATION", "publication", error)
        }
        PriceError::InstantOutOfRange => {
            field(Code::InvalidArgument, "INSTANT_OUT_OF_RANGE", "pricing_at", error)
        }
        PriceError::UnknownZone { zone } => {
            resource(Code::FailedPrecondition, "UNKNOWN_ZONE", "time zone", zone)
        }
        PriceError::UnknownMetric { .. } => field(Code::InvalidArgument, "UNKNOWN_METRIC", "metrics", error),
        PriceError::UnknownProgramme { .. } => {
            field(Code::InvalidArgument, "UNKNOWN_PROGRAMME", "take_points", error)
        }
        PriceError::Negotiation { .. } => {
            field(Code::InvalidArgument, "NEGOTIATION", "negotiated_lines", error)
        }
        PriceError::CartOverflow => field(Code::InvalidArgument, "CART_OVERFLOW", "lines", error),
        PriceError::NotAllowed { .. } => bare(Code::PermissionDenied, "NOT_ALLOWED"),
        PriceError::Corrupt { list, .. } => resource(Code::DataLoss, "CORRUPT", "quoin.v1.PriceList", list),
        PriceError::Storage(error) => of_store(error),
        PriceError::Records(error) => of_records(error),
    }
}

/// The row of the store's error.
pub(super) fn of_store(error: &StoreError) -> Entry {
    match error {
        StoreError::CommitFailed { .. } => bare(Code::Unavailable, "COMMIT_FAILED"),
        StoreError::Poisoned { .. } => bare(Code::Unavailable, "WRITES_REFUSED"),
        StoreError::ReadOnly => bare(Code::FailedPrecondition, "READ_ONLY"),
        StoreError::Corrupt { .. } => bare(Code::DataLoss, "CORRUPT"),
        StoreError::OutOfOrder { .. }
        | StoreError::WrongPublication { .. }
        | StoreError::ReservedKey { .. } => bare(Code::Internal, "STORE_CONTRACT"),
        StoreError::Io { .. } => bare(Code::Unavailable, "STORAGE"),
    }
}

/// The row of an import's error. Rejected rows are in the report, and no error.
#[must_use]
pub fn of_import(error: &ImportError) -> Entry {
    match error {
        ImportError::File(fault) => {
            field(Code::InvalidArgument, "BAD_FILE", &format!("files[{}]", fault.file), &fault.problem)
        }
        ImportError::RequestReused { request_id } => {
            resource(Code::AlreadyExists, "REQUEST_ID_REUSED", "request id", request_id)
        }
        ImportError::NothingToImport => field(Code::InvalidArgument, "NOTHING_TO_IMPORT", "files", error),
        ImportError::NotAllowed { .. } => bare(Code::PermissionDenied, "NOT_ALLOWED"),
        ImportError::Staging(_) => bare(Code::Unavailable, "STAGING"),
        ImportError::Row { list, .. } => {
            resource(Code::FailedPrecondition, "ROW", "quoin.v1.PriceList", list)
        }
        ImportError::Storage(error) => of_store(error),
        ImportError::Unreadable(error) => of_price(error),
        ImportError::Moved { .. } => bare(Code::Aborted, "MOVED"),
        ImportError::WriterGone => bare(Code::Unavailable, "WRITER_GONE"),
        ImportError::Cancelled => bare(Code::Cancelled, "CANCELLED"),
    }
}

/// The row of an error about the policy. What is wrong with a policy itself is a finding, and no error.
#[must_use]
pub fn of_policy(error: &PolicyError) -> Entry {
    match error {
        PolicyError::NotAllowed { .. } => bare(Code::PermissionDenied, "NOT_ALLOWED"),
        PolicyError::NoFile => field(Code::InvalidArgument, "NO_FILE", "files", error),
        PolicyError::SameName { .. } => field(Code::InvalidArgument, "SAME_NAME", "files", error),
        PolicyError::TooLarge { field: name, .. } => field(Code::InvalidArgument, "TOO_LARGE", name, error),
        PolicyError::NotText { name, .. } => {
            field(Code::InvalidArgument, "NOT_TEXT", &format!("files[{name}]"), error)
        }
        PolicyError::RequestReused { request_id } => {
            resource(Code::AlreadyExists, "REQUEST_ID_REUSED", "request id", request_id)
        }
        PolicyError::UnknownVersion { version, .. } => {
            resource(Code::NotFound, "UNKNOWN_VERSION", "quoin.v1.PolicyVersion", &version.to_string())
        }
        PolicyError::Records(error) => of_records(error),
        PolicyError::Unreadable(error) => of_price(error),
        PolicyError::Write(error) => of_write(error),
    }
}

/// The row of an error about the ledger. What is wrong with documents is in the report, and no error.
#[must_use]
pub fn of_ledger(error: &LedgerError) -> Entry {
    match error {
        LedgerError::NotAllowed { .. } => bare(Code::PermissionDenied, "NOT_ALLOWED"),
        LedgerError::Overflow => bare(Code::OutOfRange, "OVERFLOW"),
        LedgerError::Nothing => field(Code::InvalidArgument, "NO_DOCUMENT", "documents", error),
        LedgerError::TooLarge { .. } => field(Code::InvalidArgument, "TOO_LARGE", "documents", error),
        LedgerError::UnknownDocument { id } => {
            resource(Code::NotFound, "UNKNOWN_DOCUMENT", "quoin.v1.Document", id)
        }
        LedgerError::Points(refusal) => of_points(refusal),
        LedgerError::Limits(refusal) => of_limits(refusal),
        LedgerError::Asked(error) => of_price(error),
        LedgerError::Settle(error) => of_settlement(error),
        LedgerError::File(fault) => {
            field(Code::InvalidArgument, "BAD_FILE", &format!("files[{}]", fault.file), &fault.problem)
        }
        LedgerError::Records(error) => of_records(error),
        LedgerError::Write(error) => of_write(error),
    }
}

/// The row of a refusal to settle.
fn of_settlement(error: &SettleRefusal) -> Entry {
    let bad = |name, reason| field(Code::InvalidArgument, reason, name, error);
    match error {
        SettleRefusal::BadId { .. } => bad("id", "BAD_ID"),
        SettleRefusal::IdReused { id } => {
            resource(Code::AlreadyExists, "REQUEST_ID_REUSED", "request id", id)
        }
        SettleRefusal::NotOver { .. } => field(Code::FailedPrecondition, "DAY_NOT_OVER", "through", error),
        SettleRefusal::NoAgreement { .. } => bad("through", "NO_AGREEMENT"),
        SettleRefusal::NothingEnds { .. } => bad("through", "NOTHING_ENDS"),
        SettleRefusal::Behind { .. } => bad("through", "TOLD_ALREADY"),
        SettleRefusal::Closed { by, .. } => {
            resource(Code::FailedPrecondition, "CLOSED", "quoin.v1.Statement", &by.to_string())
        }
        SettleRefusal::UnknownAgreement { .. } => bad("agreements", "UNKNOWN_AGREEMENT"),
        SettleRefusal::UnknownStatement { number } => {
            resource(Code::NotFound, "UNKNOWN_STATEMENT", "quoin.v1.Statement", &number.to_string())
        }
        SettleRefusal::ClosedNothing { .. } => bad("reopens", "CLOSED_NOTHING"),
    }
}

/// The row of what is not done with points.
pub(super) fn of_points(refusal: &PointsRefusal) -> Entry {
    let hold = |code, reason, id: &str| resource(code, reason, "hold", id);
    match refusal {
        PointsRefusal::BadId { .. } => field(Code::InvalidArgument, "BAD_ID", "id", refusal),
        PointsRefusal::NotPositive { .. } => field(Code::InvalidArgument, "NOT_POSITIVE", "points", refusal),
        PointsRefusal::TooLarge { .. } => field(Code::InvalidArgument, "TOO_LARGE", "points", refusal),
        PointsRefusal::InTheFuture { .. } => field(Code::InvalidArgument, "IN_THE_FUTURE", "day", refusal),
        PointsRefusal::UnknownProgramme { programme } => {
            resource(Code::NotFound, "UNKNOWN_PROGRAMME", "programme of points", programme)
        }
        PointsRefusal::UnknownHold { id } => hold(Code::NotFound, "UNKNOWN_HOLD", id),
        PointsRefusal::Reused { id } => hold(Code::AlreadyExists, "ID_REUSED", id),
        PointsRefusal::TooMany { .. } => {
            field(Code::FailedPrecondition, "TOO_MANY_POINTS", "points", refusal)
        }
        PointsRefusal::Released { id } => hold(Code::FailedPrecondition, "HOLD_RELEASED", id),
        PointsRefusal::Spent { id } => hold(Code::FailedPrecondition, "HOLD_SPENT", id),
        PointsRefusal::NotSpent { id } => hold(Code::FailedPrecondition, "HOLD_NOT_SPENT", id),
        PointsRefusal::MoreThanSpent { id, .. } => hold(Code::FailedPrecondition, "MORE_THAN_SPENT", id),
    }
}

/// The row of what is not done with a hold of limits.
pub(super) fn of_limits(refusal: &LimitRefusal) -> Entry {
    let fields = |code, reason, rules: &[NotHeld]| {
        let one = |of: &NotHeld| Violation::new(format!("uses[{}]", of.place), of.to_string());
        Entry { code, reason, subject: Subject::Fields(rules.iter().map(one).collect()) }
    };
    match refusal {
        LimitRefusal::BadId { .. } => field(Code::InvalidArgument, "BAD_ID", "id", refusal),
        LimitRefusal::Count { .. } => field(Code::InvalidArgument, "BAD_COUNT", "uses", refusal),
        LimitRefusal::Bad(rules) => fields(Code::InvalidArgument, "BAD_USE", rules),
        LimitRefusal::NotLeft(rules) => fields(Code::FailedPrecondition, "LIMIT_NOT_LEFT", rules),
        LimitRefusal::UnknownHold { id } => resource(Code::NotFound, "UNKNOWN_HOLD", "hold", id),
        LimitRefusal::Reused { id } => resource(Code::AlreadyExists, "ID_REUSED", "hold", id),
    }
}

pub(super) fn of_write(error: &WriteError) -> Entry {
    match error {
        WriteError::Storage(error) => of_store(error),
        WriteError::Moved { .. } => bare(Code::Aborted, "MOVED"),
        WriteError::WriterGone => bare(Code::Unavailable, "WRITER_GONE"),
        WriteError::Unreadable(error) => of_price(error),
        WriteError::Records(error) => of_records(error),
    }
}

impl Entry {
    /// The status with this row's details.
    #[must_use]
    pub fn status(self, message: impl Into<String>) -> Status {
        let message = message.into();
        let mut details = ErrorDetails::new();
        details.set_error_info(self.reason, DOMAIN, []);
        match self.subject {
            Subject::Field(violation) => {
                details.add_bad_request_violation(violation.field, violation.description);
            }
            Subject::Fields(violations) => {
                for violation in violations {
                    details.add_bad_request_violation(violation.field, violation.description);
                }
            }
            Subject::Resource(kind, name) => {
                details.set_resource_info(kind, name, "", message.as_str());
            }
            Subject::None => {}
        }
        Status::with_error_details(self.code, message, details)
    }
}

/// The status of a question's error.
#[must_use]
#[cold]
pub fn price_status(error: &PriceError) -> Status {
    of_price(error).status(error.to_string())
}

/// The status of an import's error.
#[must_use]
#[cold]
pub fn import_status(error: &ImportError) -> Status {
    of_import(error).status(error.to_string())
}

/// The status of an error about the policy.
#[must_use]
#[cold]
pub fn policy_status(error: &PolicyError) -> Status {
    of_policy(error).status(error.to_string())
}

/// The status of an error about the ledger.
#[must_use]
#[cold]
pub fn ledger_status(error: &LedgerError) -> Status {
    of_ledger(error).status(error.to_string())
}

/// The row of an error that kept a data folder from opening.
#[must_use]
pub fn of_open(error: &OpenError) -> Entry {
    match error {
        OpenError::Store(_) | OpenError::Thread(_) => bare(Code::Unavailable, "STORAGE"),
        OpenError::Storage(error) => of_store(error),
        OpenError::Records(error) => of_records(error),
    }
}

pub(super) fn of_records(error: &RecordError) -> Entry {
    match error {
        RecordError::Storage(error) => of_store(error),
        RecordError::Damaged { .. } => bare(Code::DataLoss, "CORRUPT"),
    }
}

/// The status of a wrong field.
#[must_use]
#[cold]
pub fn violation_status(violation: Violation) -> Status {
    let message = format!("{}: {}", violation.field, violation.description);
    Entry { code: Code::InvalidArgument, reason: "BAD_FIELD", subject: Subject::Field(violation) }
        .status(message)
}

/// The status of several wrong fields, told together.
#[must_use]
#[cold]
pub fn violations_status(violations: Vec<Violation>) -> Status {
    let told = |violation: &Violation| format!("{}: {}", violation.field, violation.description);
    let mut message = violations.iter().take(IN_MESSAGE).map(told).collect::<Vec<_>>().join("; ");
    let more = violations.len().saturating_sub(IN_MESSAGE);
    if more > 0 {
        message.push_str(&format!("; and {more} more"));
    }
    let mut details = ErrorDetails::new();
    details.set_error_info("BAD_FIELD", DOMAIN, []);
    for violation in violations.into_iter().take(IN_DETAILS) {
        details.add_bad_request_violation(violation.field, violation.description);
    }
    Status::with_error_details(Code::InvalidArgument, message, details)
}

/// The status of a message that can't be read.
#[must_use]
#[cold]
pub fn malformed_status(error: Malformed) -> Status {
    bare(Code::InvalidArgument, "MALFORMED").status(error.to_string())
}

/// The status of a resource that is not there, or that the caller may not know of.
#[must_use]
#[cold]
pub fn not_found(kind: &'static str, name: &str) -> Status {
    let noun = kind.rsplit('.').next().unwrap_or(kind).to_lowercase();
    resource(Code::NotFound, "NOT_FOUND", kind, name).status(format!("{noun} \"{name}\" is unknown"))
}
