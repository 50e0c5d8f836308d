//! What does one revision of a quote promise? What was asked, priced once and never again.

use ::bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::domain::currency::Currency;
use crate::domain::day::CivilDay;
use crate::domain::decimal::Micros;
use crate::domain::ids::{PublicationNo, SequenceNo};
use crate::domain::negotiated::Concession;
use crate::domain::rounding::RoundingMode;
use crate::domain::time::Instant;

use super::asked::AskedQuote;
use super::event::HeldUse;

/// What a line costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotedLine {
    /// Net amount, without tax.
    pub amount: Micros,
    /// Tax on it.
    pub tax: Micros,
}

/// One revision, immutable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// What was asked.
    pub asked: AskedQuote,
    /// What it was priced against.
    pub publication: PublicationNo,
    /// The version of the policy that was applied.
    pub policy_version: u64,
    /// The position of the command log that pricing had seen.
    pub position: SequenceNo,
    /// The instant of pricing.
    pub pricing_at: Instant,
    /// Of every figure.
    pub currency: Currency,
    /// The least coin that parts of lines are rounded to.
    pub amount_step: Micros,
    /// And how.
    pub amount_mode: RoundingMode,
    /// One for each line asked, in its order.
    pub lines: Vec<QuotedLine>,
    /// Sum of the net amounts, millionths.
    pub total: i128,
    /// Sum of the taxes, millionths; none where the policy has no taxes.
    pub tax_total: Option<i128>,
    /// Does a guard of the policy ask for approval?
    pub needs_approval: bool,
    /// By how much negotiation lowered the goods; none where nothing was negotiated.
    pub concession: Option<Concession>,
    /// What the goods cost the seller, millionths; none where a line's cost is not known.
    pub cost: Option<i128>,
    /// Points that it takes, by programme.
    pub points: Vec<(String, Micros)>,
    /// What it uses of limited benefits.
    pub uses: Vec<HeldUse>,
    /// The last day on which it may be accepted, in the contract's zone.
    pub valid_through: CivilDay,
    /// The first instant at which it is no longer valid.
    pub expires_at: Instant,
    /// The priced cart as it was told, waterfall and all.
    #[serde(with = "bytes")]
    pub told: Bytes,
}

/// Bytes as one run of them: serde would take each for a value of its own.
mod bytes {
    use std::fmt;

    use ::bytes::Bytes;
    use serde::de::{Error, Visitor};
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
        deserializer.deserialize_byte_buf(Run)
    }

    struct Run;

    impl Visitor<'_> for Run {
        type Value = Bytes;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("bytes")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Bytes, E> {
            Ok(Bytes::copy_from_slice(bytes))
        }

        fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Bytes, E> {
            Ok(Bytes::from(bytes))
        }
    }
}
