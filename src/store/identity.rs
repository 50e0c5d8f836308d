//! Which store is this? A number drawn when it is founded, which it keeps through backups and restores.

use std::fmt;

use super::{Family, Store, StoreError};

pub(super) const ID_KEY: &[u8] = b"store/id";

/// Names a store: no two have the same. Written as 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoreId(u128);

impl StoreId {
    pub(super) fn new() -> Result<Self, StoreError> {
        let mut bytes = [0; 16];
        let refused = || StoreError::Io {
            doing: "drawing a store's id",
            what: "the system gave no random bytes".to_owned(),
        };
        aws_lc_rs::rand::fill(&mut bytes).map_err(|_| refused())?;
        Ok(Self(u128::from_be_bytes(bytes)))
    }

    pub(super) fn bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }
}

impl fmt::Display for StoreId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:032x}", self.0)
    }
}

impl Store {
    /// Which store this is; none in one that was never opened since stores have ids.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`].
    pub fn id(&self) -> Result<Option<StoreId>, StoreError> {
        let Some(bytes) = self.get(Family::Meta, ID_KEY)? else { return Ok(None) };
        match <[u8; 16]>::try_from(&*bytes) {
            Ok(bytes) => Ok(Some(StoreId(u128::from_be_bytes(bytes)))),
            Err(_) => {
                let what = format!("meta: the store's id is {} bytes", bytes.len());
                Err(StoreError::Corrupt { file: None, what })
            }
        }
    }
}
