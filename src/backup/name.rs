//! What are things called in a place of backups, and which names lead nowhere else?

use super::Digest;

pub(super) const FILES: &str = "files";
pub(super) const BACKUPS: &str = "backups";
pub(super) const LOCK: &str = "quoin-backup.lock";
/// How the name of a file begins that is not whole yet.
pub(super) const PART: &str = ".part-";
const MANIFEST_ENDING: &str = ".json";
/// Longest name of a file within a data folder.
const NAME_BYTES: usize = 512;

/// Where the bytes with this digest are.
pub(super) fn of_bytes(digest: &Digest) -> String {
    let text = digest.to_string();
    format!("{FILES}/{}/{text}", text.get(..2).unwrap_or_default())
}

/// The digest of the bytes that a name is of.
pub(super) fn digest_of(name: &str) -> Option<Digest> {
    let digest = name.rsplit('/').next().and_then(Digest::parse)?;
    (of_bytes(&digest) == name).then_some(digest)
}

/// Where a manifest is.
pub(super) fn of_manifest(id: &str, digest: &Digest) -> String {
    format!("{BACKUPS}/{id}.{digest}{MANIFEST_ENDING}")
}

/// The backup whose manifest has this name, and the manifest's digest.
pub(super) fn manifest_of(name: &str) -> Option<(&str, Digest)> {
    let stem = name.strip_prefix(BACKUPS)?.strip_prefix('/')?.strip_suffix(MANIFEST_ENDING)?;
    let (id, digest) = stem.split_once('.')?;
    Some((id, Digest::parse(digest)?))
}

/// May a file of a data folder be called so? Parts joined by slashes, none of which leads up or out.
pub(super) fn is_plain(name: &str) -> bool {
    let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
    name.len() <= NAME_BYTES && name.chars().all(|c| !c.is_control()) && name.split('/').all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_they_are_of() {
        let digest = Digest::of(b"abc");
        assert_eq!(digest_of(&of_bytes(&digest)), Some(digest));
        assert_eq!(digest_of(&format!("files/00/{digest}")), None);
        assert_eq!(
            manifest_of(&of_manifest("20261129T232346Z", &digest)),
            Some(("20261129T232346Z", digest))
        );
        assert_eq!(manifest_of("backups/readme.json"), None);
    }

    #[test]
    fn a_name_that_leads_out_is_none() {
        for plain in ["db/CURRENT", "audit.log", "db/000012.sst", "a/b/c", "...", "журнал"] {
            assert!(is_plain(plain), "{plain}");
        }
        let long = "x".repeat(513);
        for bad in
            ["", "/etc/passwd", "../x", "db/../../x", "db//x", "db/.", "c:x", "a\\b", "a\nb", "db/", &long]
        {
            assert!(!is_plain(bad), "{bad}");
        }
    }
}
