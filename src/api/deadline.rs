//! Until when does a caller wait? As `grpc-timeout` says; what cannot be done by then is not begun, and long work asks in between.

use std::time::{Duration, Instant};

use tonic::codegen::http::HeaderMap;
use tonic::{Code, Request, Status};

use super::status::{Entry, Subject};

/// The header that states it.
pub const HEADER: &str = "grpc-timeout";
/// Digits of a stated time-out.
const DIGITS_MOST: usize = 8;

/// The instant after which nobody waits for an answer; none where the caller stated none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deadline(Option<Instant>);

fn refused(code: Code, reason: &'static str, message: &str) -> Status {
    Entry { code, reason, subject: Subject::None }.status(message)
}

/// A time-out as the protocol writes it: at most eight digits, then `H`, `M`, `S`, `m`, `u` or `n`.
fn parse(text: &[u8]) -> Option<Duration> {
    let (unit, digits) = text.split_last()?;
    if digits.is_empty() || digits.len() > DIGITS_MOST || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let count = digits.iter().fold(0_u64, |sum, digit| sum * 10 + u64::from(digit - b'0'));
    Some(match unit {
        b'H' => Duration::from_secs(count * 3_600),
        b'M' => Duration::from_secs(count * 60),
        b'S' => Duration::from_secs(count),
        b'm' => Duration::from_millis(count),
        b'u' => Duration::from_micros(count),
        b'n' => Duration::from_nanos(count),
        _ => return None,
    })
}

impl Deadline {
    /// The deadline that headers state, of a request that came at this instant.
    ///
    /// # Errors
    /// INVALID_ARGUMENT for a time-out that is not written as the protocol has it.
    pub fn stated(headers: &HeaderMap, came: Instant) -> Result<Self, Status> {
        let Some(text) = headers.get(HEADER) else { return Ok(Self(None)) };
        let Some(timeout) = parse(text.as_bytes()) else {
            let message = format!("{HEADER} {text:?} is not at most 8 digits and one of H, M, S, m, u, n");
            return Err(refused(Code::InvalidArgument, "BAD_METADATA", &message));
        };
        Ok(Self(came.checked_add(timeout)))
    }

    /// The deadline of a request as the server found it.
    #[must_use]
    pub fn of_request<T>(request: &Request<T>) -> Self {
        request.extensions().get::<Self>().copied().unwrap_or_default()
    }

    /// The instant, where there is one.
    #[must_use]
    pub fn instant(self) -> Option<Instant> {
        self.0
    }

    /// Refuses what nobody waits for any more.
    ///
    /// # Errors
    /// DEADLINE_EXCEEDED.
    pub fn check(self) -> Result<(), Status> {
        match self.0 {
            Some(instant) if Instant::now() >= instant => Err(passed()),
            _ => Ok(()),
        }
    }
}

/// The status of a call whose deadline has passed.
#[must_use]
#[cold]
pub fn passed() -> Status {
    refused(Code::DeadlineExceeded, "DEADLINE_PASSED", "the call's deadline has passed")
}

/// The status of a call that was not begun because it could not have been answered in time.
#[must_use]
#[cold]
pub fn too_near() -> Status {
    let message = "not begun: it can't be answered before the call's deadline";
    refused(Code::DeadlineExceeded, "DEADLINE_TOO_NEAR", message)
}

#[cfg(test)]
mod tests {
    use super::parse;
    use std::time::Duration;

    #[test]
    fn time_outs_as_the_protocol_writes_them() {
        let cases = [
            ("1H", Some(Duration::from_secs(3_600))),
            ("2M", Some(Duration::from_secs(120))),
            ("3S", Some(Duration::from_secs(3))),
            ("250m", Some(Duration::from_millis(250))),
            ("7u", Some(Duration::from_micros(7))),
            ("99999999n", Some(Duration::from_nanos(99_999_999))),
            ("0n", Some(Duration::ZERO)),
            ("99999999H", Some(Duration::from_secs(99_999_999 * 3_600))),
            ("100000000n", None),
            ("", None),
            ("S", None),
            ("5", None),
            ("-1S", None),
            ("+1S", None),
            ("1.5S", None),
            ("1 S", None),
            ("1s", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text.as_bytes()), expected, "{text:?}");
        }
    }
}
