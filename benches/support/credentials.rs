//! How do a server and its caller come to trust one another? By a certificate and a key for tokens that are made for the run.

use std::path::Path;
use std::sync::Arc;

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::json;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

use super::frames::Secured;

/// The name that the certificate is for.
pub const NAME: &str = "localhost";
/// A token that outlives every run.
const EXPIRES: u64 = 4_102_444_800;

/// What both sides need.
pub struct Credentials {
    /// For `quoin serve`.
    pub arguments: Vec<String>,
    /// The server's own, which callers are to believe.
    pub certificate: String,
    /// `Bearer` and a token.
    pub authorization: String,
}

/// Written into a folder; the token may price the carts of these contracts, `*` being all.
pub fn make(folder: &Path, contracts: &[&str]) -> Credentials {
    let certified = rcgen::generate_simple_self_signed(vec![NAME.to_owned()]).unwrap();
    let signer = rcgen::KeyPair::generate().unwrap();
    let key = EncodingKey::from_ec_der(&signer.serialize_der());
    let jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
    let file = |name: &str, text: String| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let certificate = certified.cert.pem();
    let settings = [
        ("--tls-cert", file("cert.pem", certificate.clone())),
        ("--tls-key", file("key.pem", certified.signing_key.serialize_pem())),
        ("--jwks", file("jwks.json", json!({ "keys": [jwk] }).to_string())),
        ("--token-issuer", "bench".to_owned()),
        ("--token-audience", "quoin".to_owned()),
    ];
    let arguments = settings.into_iter().flat_map(|(name, value)| [name.to_owned(), value]).collect();
    let claims = json!({
        "iss": "bench", "aud": "quoin", "sub": "portal", "exp": EXPIRES, "roles": ["price"], "contracts": contracts
    });
    let token = encode(&Header::new(Algorithm::ES256), &claims, &key).unwrap();
    Credentials { arguments, certificate, authorization: format!("Bearer {token}") }
}

impl Credentials {
    /// For the client that loads servers.
    pub fn secured(&self) -> Secured {
        let mut believed = RootCertStore::empty();
        believed.add(CertificateDer::from_pem_slice(self.certificate.as_bytes()).unwrap()).unwrap();
        let provider = Arc::new(crypto::aws_lc_rs::default_provider());
        let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let mut tls = versions.unwrap().with_root_certificates(believed).with_no_client_auth();
        tls.alpn_protocols = vec![b"h2".to_vec()];
        let name = NAME.try_into().unwrap();
        Secured { tls: Arc::new(tls), name, authorization: self.authorization.clone() }
    }
}
