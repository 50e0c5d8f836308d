//! Who may call? Found by a certificate, a token or a key, and by nothing else once one of these is set up.

mod callers;
mod callers_file;
mod certificate;
mod claims;
mod fetch;
mod gate;
mod key;
mod key_source;
mod keys;
mod options;
mod tls;
mod token;
mod token_cache;
mod watch;
mod watched;

pub use callers::{Callers, Credential};
pub use certificate::Certificate;
pub use gate::Access;
pub use key::{ApiKey, digest_text};
pub use options::{
    AccessError, AccessFault, AccessOptions, Algorithm, KEYS_PAUSE, KeysFrom, LEEWAY_MOST, TlsOptions,
    TokenOptions,
};
pub use tls::Handshakes;
pub use watch::start as watch;

use std::path::Path;

/// Most bytes of a file that access rests on.
const FILE_BYTES: u64 = 4 << 20;

/// The text of a file, which is no longer than such files are.
fn read_bounded(path: &Path) -> Result<Vec<u8>, AccessError> {
    use std::io::Read;
    let failed = |error: std::io::Error| AccessError::new(path, error);
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(FILE_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > FILE_BYTES {
        return Err(AccessError::new(path, format!("has more than {FILE_BYTES} bytes")));
    }
    Ok(bytes)
}
