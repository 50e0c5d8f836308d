//! Whose is a client's certificate? Every name that it has, as the file of callers writes them.

use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use x509_parser::extensions::GeneralName;

use super::key::digest_text;

/// A client's certificate, verified by the handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// `sha256:`, `uri:`, `dns:`, `email:` and `subject:` with what it has of each, in this order.
    pub names: Vec<String>,
    /// The last second on which it holds.
    pub not_after: i64,
}

impl Certificate {
    /// The first certificate of a PEM text; none where there is none.
    #[must_use]
    pub fn of_pem(pem: &[u8]) -> Option<Self> {
        Self::of(&CertificateDer::from_pem_slice(pem).ok()?)
    }

    /// Of its DER bytes; none where they are not read.
    #[must_use]
    pub fn of(der: &[u8]) -> Option<Self> {
        let (_, certificate) = x509_parser::parse_x509_certificate(der).ok()?;
        let mut names = vec![format!("sha256:{}", digest_text(der))];
        let others = certificate.subject_alternative_name().ok().flatten();
        let others = others.map(|found| found.value.general_names.as_slice()).unwrap_or_default();
        for kind in ["uri", "dns", "email"] {
            names.extend(others.iter().filter_map(|name| match (kind, name) {
                ("uri", GeneralName::URI(text))
                | ("dns", GeneralName::DNSName(text))
                | ("email", GeneralName::RFC822Name(text)) => Some(format!("{kind}:{text}")),
                _ => None,
            }));
        }
        let subject = certificate.subject().to_string();
        if !subject.is_empty() {
            names.push(format!("subject:{subject}"));
        }
        Some(Self { names, not_after: certificate.validity().not_after.timestamp() })
    }
}
