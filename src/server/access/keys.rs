//! Which keys does an issuer sign with? A JWKS, of which what we do not understand is passed over.

use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm as Alg, AlgorithmFamily, DecodingKey};
use serde_json::Value;

use super::options::Algorithm;

/// Keys of one set.
const KEYS_MOST: usize = 100;
/// Least bytes of an RSA modulus: 2,048 bits.
const RSA_BYTES: usize = 256;

/// A key that tokens are signed with.
struct Key {
    id: Option<String>,
    /// The one algorithm that it is for, where it says so.
    algorithm: Option<Alg>,
    family: AlgorithmFamily,
    key: DecodingKey,
}

/// An issuer's keys.
#[derive(Default)]
pub struct Keys(Vec<Key>);

/// As the crate that verifies names it.
pub fn algorithm_of(algorithm: Algorithm) -> Alg {
    match algorithm {
        Algorithm::Rs256 => Alg::RS256,
        Algorithm::Ps256 => Alg::PS256,
        Algorithm::Es256 => Alg::ES256,
        Algorithm::EdDsa => Alg::EdDSA,
    }
}

fn family_of(algorithm: Alg) -> AlgorithmFamily {
    match algorithm {
        Alg::RS256 | Alg::RS384 | Alg::RS512 | Alg::PS256 | Alg::PS384 | Alg::PS512 => AlgorithmFamily::Rsa,
        Alg::ES256 | Alg::ES384 => AlgorithmFamily::Ec,
        Alg::EdDSA => AlgorithmFamily::Ed,
        _ => AlgorithmFamily::Hmac,
    }
}

impl Keys {
    /// Reads a JWKS.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let set: Value = serde_json::from_slice(bytes).map_err(|error| format!("is no JSON: {error}"))?;
        let Some(Value::Array(all)) = set.get("keys") else {
            return Err("is no JWKS: it has no list \"keys\"".to_owned());
        };
        if all.len() > KEYS_MOST {
            return Err(format!("has {} keys; at most {KEYS_MOST} are taken", all.len()));
        }
        let keys: Vec<Key> = all.iter().filter_map(key).collect();
        if keys.is_empty() {
            let wanted = "RSA of 2,048 bits or more, EC on P-256, or Ed25519";
            return Err(format!("has no key that tokens could be signed with: {wanted}"));
        }
        Ok(Self(keys))
    }

    /// The key that a token of this algorithm was signed with: the one that it names. One that names none is believed where there
    /// is but one key of its kind, so that no token has many keys tried on it.
    pub fn of(&self, id: Option<&str>, algorithm: Alg) -> Option<&DecodingKey> {
        let is_meant = |key: &&Key| {
            key.family == family_of(algorithm)
                && key.algorithm.is_none_or(|only| only == algorithm)
                && id.is_none_or(|id| key.id.as_deref() == Some(id))
        };
        let mut meant = self.0.iter().filter(is_meant);
        meant.next().filter(|_| meant.next().is_none()).map(|key| &key.key)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

/// A key as far as it is one of ours; secrets that an issuer would share are none.
fn key(written: &Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(written.clone()).ok()?;
    if !matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
        return None;
    }
    let key = DecodingKey::from_jwk(&jwk).ok()?;
    let family = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => {
            let jsonwebtoken::DecodingKeyKind::RsaModulusExponent { n, .. } = key.kind() else { return None };
            if n.iter().skip_while(|byte| **byte == 0).count() < RSA_BYTES {
                return None;
            }
            AlgorithmFamily::Rsa
        }
        AlgorithmParameters::EllipticCurve(of) if of.curve == jsonwebtoken::jwk::EllipticCurve::P256 => {
            AlgorithmFamily::Ec
        }
        AlgorithmParameters::OctetKeyPair(of) if of.curve == jsonwebtoken::jwk::EllipticCurve::Ed25519 => {
            AlgorithmFamily::Ed
        }
        _ => return None,
    };
    let algorithm = match written.get("alg").and_then(Value::as_str) {
        None => None,
        Some(name) => Some(name.parse::<Alg>().ok()?),
    };
    Some(Key { id: jwk.common.key_id, algorithm, family, key })
}
