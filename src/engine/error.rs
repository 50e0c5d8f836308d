//! What can go wrong with a question, and what is the asker to do about it?

pub use super::ledger::settlement::SettleRefusal;
use crate::domain::time::CivilSecond;
use crate::engine::ledger::limited::LimitRefusal;
use crate::engine::ledger::loyalty::PointsRefusal;
use crate::exchange::fault::FileFault;
use crate::matrix::RowError;
use crate::pricing::negotiation::NegotiationFault;
pub use crate::store::{OpenError as StoreOpenError, StoreError};

/// Why a question about prices has no answer. A line's trouble is its status, never one of these.
#[derive(Debug, thiserror::Error)]
pub enum PriceError {
    /// No contract has this external id, or the caller may not know of it.
    #[error("contract \"{contract}\" is unknown")]
    UnknownContract {
        /// As asked.
        contract: String,
    },
    /// Before its first day.
    #[error("contract \"{contract}\" begins {from}")]
    ContractNotBegun {
        /// As asked.
        contract: String,
        /// In its own zone.
        from: CivilSecond,
    },
    /// After its last day.
    #[error("contract \"{contract}\" ended {to}")]
    ContractEnded {
        /// As asked.
        contract: String,
        /// The first second after it, in its own zone.
        to: CivilSecond,
    },
    /// No line at all.
    #[error("the cart has no line")]
    EmptyCart,
    /// More lines than are accepted.
    #[error("the cart has {lines} lines; at most {limit} are priced in one call")]
    CartTooLarge {
        /// As asked.
        lines: usize,
        /// The limit in force.
        limit: usize,
    },
    /// Not retained, or not yet made.
    #[error("publication {number} is not retained; the retained ones are {oldest} to {newest}")]
    UnknownPublication {
        /// As asked.
        number: u64,
        /// The oldest retained.
        oldest: u64,
        /// The newest.
        newest: u64,
    },
    /// The instant is outside the calendar.
    #[error("the instant of pricing is outside the years 1 to 9999")]
    InstantOutOfRange,
    /// The contract's zone is not in the time zone database of this build.
    #[error("time zone \"{zone}\" is unknown to this build; give the contract another")]
    UnknownZone {
        /// As the contract has it.
        zone: String,
    },
    /// What was said to be bought or used before names nothing that the policy has.
    #[error("{what} \"{id}\" is unknown to the policy in force")]
    UnknownMetric {
        /// What it should have been: a measure, or a rule with a limit.
        what: &'static str,
        /// As asked.
        id: String,
    },
    /// The cart is to take points of programmes that its contract has not.
    #[error("the contract has no programme of points {unknown}; it has {known}")]
    UnknownProgramme {
        /// As asked, each in quotes.
        unknown: String,
        /// Those that it has, the same; or none.
        known: String,
    },
    /// Prices that were negotiated don't do.
    #[error("{}", every(faults))]
    Negotiation {
        /// Every one, with what is wrong with it.
        faults: Vec<NegotiationFault>,
    },
    /// The tax of the whole document does not fit.
    #[error("the tax of the cart is beyond ±9,223,372,036,854")]
    CartOverflow,
    /// The caller's roles or contracts do not cover it.
    #[error("not allowed: {what}")]
    NotAllowed {
        /// What is missing.
        what: String,
    },
    /// Stored bytes are not what was written.
    #[error(
        "price list \"{list}\" of publication {publication}: {error}; run `quoin check` and restore from a backup"
    )]
    Corrupt {
        /// The list's external id.
        list: String,
        /// The publication of its row.
        publication: u64,
        /// What was found.
        error: RowError,
    },
    /// The store did not answer.
    #[error(transparent)]
    Storage(#[from] StoreError),
    /// The records of an older publication can't be read.
    #[error(transparent)]
    Records(#[from] RecordError),
}

fn every(faults: &[NegotiationFault]) -> String {
    faults.iter().map(NegotiationFault::to_string).collect::<Vec<_>>().join("; ")
}

/// Why the records of a publication can't be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The store did not answer.
    #[error(transparent)]
    Storage(#[from] StoreError),
    /// A record is not what was written.
    #[error("record {what} is damaged; restore from a backup")]
    Damaged {
        /// Which one.
        what: String,
    },
}

/// Why a data folder does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store's own reasons.
    #[error(transparent)]
    Store(#[from] StoreOpenError),
    /// The store opened, but could not be read.
    #[error(transparent)]
    Storage(#[from] StoreError),
    /// Its newest publication could not be read.
    #[error(transparent)]
    Records(#[from] RecordError),
    /// The writer's thread did not start.
    #[error("the writer did not start: {0}")]
    Thread(std::io::Error),
}

/// Why a prepared change was not committed.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The store refused.
    #[error(transparent)]
    Storage(#[from] StoreError),
    /// Another change of the data landed while this one was prepared.
    #[error("publication {base} was current when this one was begun and {now} is now: try again")]
    Moved {
        /// What it was prepared from.
        base: u64,
        /// What is current.
        now: u64,
    },
    /// The writer has stopped after a failed write.
    #[error("the writer has stopped; reopen the data folder")]
    WriterGone,
    /// The policy could not be compiled: a price list that it names can't be read.
    #[error(transparent)]
    Unreadable(#[from] PriceError),
    /// What is known of documents can't be read.
    #[error(transparent)]
    Records(#[from] RecordError),
}

/// Why an import is not published. A file's bad rows are in the report, not here.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file can't be read to its end.
    #[error(transparent)]
    File(#[from] FileFault),
    /// The same request id came with other content before.
    #[error("request id \"{request_id}\" was used before for other content; use a new one for a new import")]
    RequestReused {
        /// As given.
        request_id: String,
    },
    /// No file at all.
    #[error("nothing to import")]
    NothingToImport,
    /// The caller may not publish.
    #[error("not allowed: {what}")]
    NotAllowed {
        /// What is missing.
        what: String,
    },
    /// A file of the staging area.
    #[error("staging: {0}")]
    Staging(#[from] std::io::Error),
    /// A price list does not fit the row layout, or an old row is damaged.
    #[error("price list \"{list}\": {error}")]
    Row {
        /// The list's external id.
        list: String,
        /// What is wrong.
        error: RowError,
    },
    /// The store refused.
    #[error(transparent)]
    Storage(#[from] StoreError),
    /// Another publication landed while this one was prepared.
    #[error("publication {base} was current when the import began and {now} is now: import again")]
    Moved {
        /// What the import was prepared from.
        base: u64,
        /// What is current.
        now: u64,
    },
    /// The writer has stopped after a failed write.
    #[error("the writer has stopped; reopen the data folder")]
    WriterGone,
    /// An old row can't be read.
    #[error(transparent)]
    Unreadable(#[from] PriceError),
    /// The caller gave up.
    #[error("cancelled")]
    Cancelled,
}

impl From<WriteError> for ImportError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Storage(error) => Self::Storage(error),
            WriteError::Moved { base, now } => Self::Moved { base, now },
            WriteError::WriterGone => Self::WriterGone,
            WriteError::Unreadable(error) => Self::Unreadable(error),
            WriteError::Records(error) => Self::Unreadable(error.into()),
        }
    }
}

/// Why a call about the ledger has no answer. What is wrong with documents is in the report, not here.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The caller may not.
    #[error("not allowed: {what}")]
    NotAllowed {
        /// What is missing.
        what: String,
    },
    /// No document at all.
    #[error("no document was sent")]
    Nothing,
    /// More than is posted together.
    #[error("{what}")]
    TooLarge {
        /// What is too large, and what the limit is.
        what: String,
    },
    /// A figure does not fit.
    #[error("a figure is beyond ±9,223,372,036,854")]
    Overflow,
    /// No document has this id, or the caller may not know of it.
    #[error("document \"{id}\" is unknown")]
    UnknownDocument {
        /// As asked.
        id: String,
    },
    /// Nothing was done with points.
    #[error(transparent)]
    Points(#[from] PointsRefusal),
    /// Nothing was done with a hold of limits.
    #[error(transparent)]
    Limits(#[from] LimitRefusal),
    /// The contract, or the instant, does not do.
    #[error(transparent)]
    Asked(#[from] PriceError),
    /// A period is not settled.
    #[error(transparent)]
    Settle(#[from] SettleRefusal),
    /// A file can't be read to its end.
    #[error(transparent)]
    File(#[from] FileFault),
    /// Records can't be read.
    #[error(transparent)]
    Records(#[from] RecordError),
    /// It was not committed.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl From<StoreError> for LedgerError {
    fn from(error: StoreError) -> Self {
        Self::Records(error.into())
    }
}

/// Why a store cannot follow another.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The leader's log has a gap, or begins behind this one's end.
    #[error("the leader's log lacks position {lacking}: begin from a newer checkpoint")]
    Gap {
        /// The first position that is not there.
        lacking: u64,
    },
    /// The leader no longer has what a publication wrote.
    #[error("publication {number} is no longer retained: begin from a newer checkpoint")]
    Retired {
        /// Which one.
        number: u64,
    },
    /// Records can't be read.
    #[error(transparent)]
    Records(#[from] RecordError),
    /// It was not committed.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl From<StoreError> for FollowError {
    fn from(error: StoreError) -> Self {
        Self::Records(error.into())
    }
}

/// Why a call about the policy has no answer. What is wrong with a policy itself is a finding, not one of these.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The caller may not.
    #[error("not allowed: {what}")]
    NotAllowed {
        /// What is missing.
        what: String,
    },
    /// No file at all.
    #[error("a policy has at least one file")]
    NoFile,
    /// Two files have the same name.
    #[error("two files are named \"{name}\"; findings would not say which is meant")]
    SameName {
        /// The name.
        name: String,
    },
    /// More than is accepted.
    #[error("{what}")]
    TooLarge {
        /// The field.
        field: String,
        /// What is too large, and what the limit is.
        what: String,
    },
    /// A file's bytes are no text.
    #[error("{name}:{line}: is not UTF-8; save the file as UTF-8")]
    NotText {
        /// The file.
        name: String,
        /// The first line that is not.
        line: usize,
    },
    /// The same request id came with other content before.
    #[error("request id \"{request_id}\" was used before for other content; use a new one for a new policy")]
    RequestReused {
        /// As given.
        request_id: String,
    },
    /// No such version.
    #[error("{}", unknown_version(*version, *newest))]
    UnknownVersion {
        /// As asked.
        version: u64,
        /// The newest; zero where nothing was ever published.
        newest: u64,
    },
    /// Records can't be read.
    #[error(transparent)]
    Records(#[from] RecordError),
    /// A price list that the policy names can't be read.
    #[error(transparent)]
    Unreadable(#[from] PriceError),
    /// It was not committed.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl From<StoreError> for PolicyError {
    fn from(error: StoreError) -> Self {
        Self::Records(error.into())
    }
}

fn unknown_version(version: u64, newest: u64) -> String {
    match newest {
        0 => "no policy was ever published".to_owned(),
        _ => format!("policy version {version} is unknown; the versions are 1 to {newest}"),
    }
}
