//! Which version of each page counts? Keys that end in a publication number, eight bytes big-endian, are versions of
//! what their other bytes name: the newest that is not after a publication is the one that it sees.

use rocksdb::{DBRawIterator, ReadOptions};

use super::{Family, Store, StoreError};

/// Bytes of the publication number at a key's end.
const NUMBER_BYTES: usize = 8;

impl Store {
    /// Hands `each` the newest version, not after `upto`, of everything in a family whose key begins with `prefix`, in
    /// the order of keys: what it is a version of, and the value.
    ///
    /// # Errors
    /// As [`Store::scan`], and what `each` makes of it.
    pub fn each_version<E: From<StoreError>>(
        &self,
        family: Family,
        prefix: &[u8],
        upto: u64,
        mut each: impl FnMut(&[u8], &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut raw = self.versions(family)?;
        raw.seek(prefix);
        let mut stem = Vec::new();
        while let Some(key) = current(&raw)? {
            let Some((of, _)) = key.split_last_chunk::<NUMBER_BYTES>().filter(|_| key.starts_with(prefix))
            else {
                break;
            };
            stem.clear();
            stem.extend_from_slice(of);
            raw.seek_for_prev(versioned(&stem, upto));
            if current(&raw)?.is_some_and(|key| is_version(key, &stem))
                && let Some((_, value)) = raw.item()
            {
                each(&stem, value)?;
            }
            // Nothing is ever written under the last number.
            raw.seek(versioned(&stem, u64::MAX));
        }
        Ok(())
    }

    /// The newest version of something before `before`: its number and value.
    ///
    /// # Errors
    /// As [`Store::scan`].
    pub fn version_before(
        &self,
        family: Family,
        of: &[u8],
        before: u64,
    ) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        let Some(upto) = before.checked_sub(1) else { return Ok(None) };
        let mut raw = self.versions(family)?;
        raw.seek_for_prev(versioned(of, upto));
        let Some(key) = current(&raw)?.filter(|key| is_version(key, of)) else { return Ok(None) };
        let number =
            key.split_last_chunk::<NUMBER_BYTES>().map_or(0, |(_, number)| u64::from_be_bytes(*number));
        Ok(raw.value().map(|value| (number, value.to_vec())))
    }

    fn versions(&self, family: Family) -> Result<DBRawIterator<'_>, StoreError> {
        let mut options = ReadOptions::default();
        options.fill_cache(false);
        options.set_verify_checksums(true);
        Ok(self.db.raw_iterator_cf_opt(self.handle(family)?, options))
    }
}

/// The key that the iterator is at; an error where it stopped for one.
fn current<'r>(raw: &'r DBRawIterator<'_>) -> Result<Option<&'r [u8]>, StoreError> {
    if !raw.valid() {
        raw.status().map_err(|error| StoreError::from_rocksdb("looking for a version", &error))?;
    }
    Ok(raw.key())
}

fn versioned(stem: &[u8], number: u64) -> Vec<u8> {
    [stem, &number.to_be_bytes()].concat()
}

fn is_version(key: &[u8], stem: &[u8]) -> bool {
    key.len() == stem.len() + NUMBER_BYTES && key.starts_with(stem)
}
