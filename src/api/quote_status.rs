//! Which gRPC status does each error about quotes become?

use tonic::Code;

use crate::engine::quotes::QuoteError;
use crate::engine::quotes::QuoteRefusal;
use crate::quotes::life::State;
use crate::quotes::number::QuoteNo;

use super::status::{Entry, bare, field, of_limits, of_points, of_price, of_records, of_write, resource};

/// The row of an error about quotes. Lines without a price are told with their reasons, see `quote`.
#[must_use]
pub fn of_quote(error: &QuoteError) -> Entry {
    match error {
        QuoteError::Refused(refusal) => of_quote_refusal(refusal),
        QuoteError::Asked(error) => of_price(error),
        QuoteError::Busy => bare(Code::Aborted, "MOVED"),
        QuoteError::Records(error) => of_records(error),
        QuoteError::Write(error) => of_write(error),
    }
}

/// The row of what is not done with quotes.
fn of_quote_refusal(refusal: &QuoteRefusal) -> Entry {
    let quote =
        |code, reason, number: &QuoteNo| resource(code, reason, "quoin.v1.Quote", &number.to_string());
    match refusal {
        QuoteRefusal::UnknownQuote { number } => quote(Code::NotFound, "UNKNOWN_QUOTE", number),
        QuoteRefusal::UnknownRevision { .. } => {
            field(Code::NotFound, "UNKNOWN_REVISION", "revision", refusal)
        }
        QuoteRefusal::BadRequestId { .. } => {
            field(Code::InvalidArgument, "BAD_REQUEST_ID", "request_id", refusal)
        }
        QuoteRefusal::Reused { id, .. } => {
            resource(Code::AlreadyExists, "REQUEST_ID_REUSED", "request id", id)
        }
        QuoteRefusal::Fields { .. } => bare(Code::InvalidArgument, "BAD_FIELD"),
        QuoteRefusal::Unpriced { .. } => field(Code::InvalidArgument, "UNPRICED", "lines", refusal),
        QuoteRefusal::Over { .. } => field(Code::InvalidArgument, "OVER", "valid_through", refusal),
        QuoteRefusal::NotInState { number, state, .. } => {
            let reason = match state {
                State::Draft => "QUOTE_DRAFT",
                State::WaitingForApproval => "QUOTE_WAITING_FOR_APPROVAL",
                State::Issued => "QUOTE_ISSUED",
                State::Accepted => "QUOTE_ACCEPTED",
                State::Declined => "QUOTE_DECLINED",
                State::Expired => "QUOTE_EXPIRED",
                State::Withdrawn => "QUOTE_WITHDRAWN",
            };
            quote(Code::FailedPrecondition, reason, number)
        }
        QuoteRefusal::Points(refusal) => of_points(refusal),
        QuoteRefusal::Limits(refusal) => of_limits(refusal),
        QuoteRefusal::PartlyAccepted { number } => quote(Code::FailedPrecondition, "PARTLY_ACCEPTED", number),
        QuoteRefusal::Superseded { number, .. } => quote(Code::FailedPrecondition, "SUPERSEDED", number),
        QuoteRefusal::OtherContract { .. } => {
            field(Code::InvalidArgument, "OTHER_CONTRACT", "contract", refusal)
        }
        QuoteRefusal::Parts { .. } => field(Code::InvalidArgument, "BAD_PARTS", "lines", refusal),
        QuoteRefusal::BreaksThreshold { .. } => {
            field(Code::FailedPrecondition, "BREAKS_THRESHOLD", "lines", refusal)
        }
        QuoteRefusal::WholeOnly { number } | QuoteRefusal::PointsOfAll { number } => {
            quote(Code::FailedPrecondition, "WHOLE_ONLY", number)
        }
        QuoteRefusal::BeyondAuthority { number, .. } => {
            quote(Code::PermissionDenied, "BEYOND_AUTHORITY", number)
        }
        QuoteRefusal::BelowMargin { number, .. } => quote(Code::PermissionDenied, "BELOW_MARGIN", number),
        QuoteRefusal::PublicationGone { .. } => {
            field(Code::FailedPrecondition, "PUBLICATION_GONE", "lines", refusal)
        }
    }
}
