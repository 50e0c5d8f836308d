//! How are a caller's log and ours brought together? By the request's id: the caller's `x-request-id`, or one that is made
//! where something has to be told.

use std::sync::atomic::{AtomicU64, Ordering};

use tonic::codegen::http::header::{HeaderMap, HeaderName, HeaderValue};

/// The header.
pub const NAME: HeaderName = HeaderName::from_static("x-request-id");

/// Bytes of an id that is taken over.
const MOST_BYTES: usize = 64;

static MADE: AtomicU64 = AtomicU64::new(0);

/// The caller's id, where it is short and in plain visible ASCII; any other is as if it were not there.
pub fn stated(headers: &HeaderMap) -> Option<HeaderValue> {
    let id = headers.get(&NAME)?;
    let bytes = id.as_bytes();
    let good = !bytes.is_empty() && bytes.len() <= MOST_BYTES && bytes.iter().all(u8::is_ascii_graphic);
    good.then(|| id.clone())
}

/// An id of our own: the process, and a count.
pub fn made() -> HeaderValue {
    let count = MADE.fetch_add(1, Ordering::Relaxed);
    let text = format!("quoin-{}-{count}", std::process::id());
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("quoin"))
}

#[cfg(test)]
mod tests {
    use super::{NAME, made, stated};
    use tonic::codegen::http::header::{HeaderMap, HeaderValue};

    #[test]
    fn ids_are_taken_over_where_they_are_short_and_plain() {
        let long = "x".repeat(65);
        let cases: [(&[u8], bool); 7] = [
            (b"a-1", true),
            (&long.as_bytes()[..64], true),
            (long.as_bytes(), false),
            (b"", false),
            (b"two words", false),
            (b"tab\t", false),
            ("\u{e4}".as_bytes(), false),
        ];
        for (id, taken) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(NAME, HeaderValue::from_bytes(id).unwrap());
            assert_eq!(stated(&headers).is_some(), taken, "{id:?}");
        }
        assert_eq!(stated(&HeaderMap::new()), None);
        assert_ne!(made(), made());
    }
}
