//! Which numbers stand for which things inside a store?
//!
//! Internal ids are dense, append-only and never reused; they are the same in every view of one store and mean
//! nothing outside it. What the outside world writes is an external id, checked by [`check_external_id`].

use serde::{Deserialize, Serialize};
use unicode_normalization::is_nfc;

/// Longest external id, in bytes of UTF-8.
pub const EXTERNAL_ID_MAX_BYTES: usize = 64;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($repr:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub $repr);

        impl $name {
            /// The id as an index into a table of its kind.
            #[must_use]
            pub fn index(self) -> usize {
                usize::try_from(self.0).unwrap_or(usize::MAX)
            }
        }
    };
}

id!(
    /// A SKU.
    SkuId(u32)
);
id!(
    /// A price list: one row of the matrix.
    ListId(u32)
);
id!(
    /// A contract.
    ContractId(u32)
);
id!(
    /// A counterparty.
    CounterpartyId(u32)
);
id!(
    /// A category: one node of the category tree.
    CategoryId(u32)
);
id!(
    /// A brand.
    BrandId(u32)
);
id!(
    /// A price index of formulas.
    IndexId(u32)
);
id!(
    /// A unit of measure; [`UnitId::BASE`] in a cell stands for the base unit of whichever SKU is priced.
    UnitId(u16)
);

impl UnitId {
    /// The base unit of the SKU in question. No unit of the catalogue has this id.
    pub const BASE: Self = Self(0);
}

/// A publication: one atomic, versioned change of prices, contracts or policy. Numbers ascend and are never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct PublicationNo(pub u64);

/// A position in the one totally ordered command log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct SequenceNo(pub u64);

/// Why a text is no external id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Nothing was written.
    #[error("is empty")]
    Empty,
    /// Over [`EXTERNAL_ID_MAX_BYTES`].
    #[error("is longer than 64 bytes")]
    TooLong,
    /// A control character stands in it.
    #[error("contains a control character")]
    Control,
    /// Blank at its begin or end.
    #[error("begins or ends with a blank")]
    Blank,
    /// Not in Unicode normal form C, so that two texts that look alike would differ.
    #[error("is not in Unicode normal form C")]
    NotNfc,
}

/// Checks a text from outside against the rules of external ids: 1 to 64 bytes of UTF-8 in NFC, case-sensitive, no
/// control characters, no blank at either end.
///
/// # Errors
/// The first rule that is broken.
pub fn check_external_id(text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.len() > EXTERNAL_ID_MAX_BYTES {
        return Err(IdError::TooLong);
    }
    if text.bytes().all(|b| (0x21..0x7f).contains(&b)) {
        return Ok(());
    }
    if text.chars().any(char::is_control) {
        return Err(IdError::Control);
    }
    if text.trim() != text {
        return Err(IdError::Blank);
    }
    if !is_nfc(text) {
        return Err(IdError::NotNfc);
    }
    Ok(())
}
