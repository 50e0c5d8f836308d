//! How do connections become encrypted ones? By certificates that are read anew when they change; a bad new one changes nothing.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{Acceptor, NoServerSessionStorage, WebPkiClientVerifier};
use tokio_rustls::rustls::{RootCertStore, ServerConfig, crypto};
use tokio_rustls::server::TlsStream;

use super::certificate::Certificate;
use super::options::TlsOptions;
use super::{AccessError, read_bounded};

/// Longest time that a handshake may take, its wait for a turn included.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Handshakes that go on at once; others wait for their turn.
const AT_ONCE: usize = 128;

/// Makes connections encrypted ones.
pub struct Handshakes {
    options: TlsOptions,
    config: ArcSwap<ServerConfig>,
    turns: Semaphore,
}

impl Handshakes {
    /// Reads the certificates.
    pub fn open(options: &TlsOptions) -> Result<Self, AccessError> {
        let config = ArcSwap::new(Arc::new(config(options)?));
        Ok(Self { options: options.clone(), config, turns: Semaphore::new(AT_ONCE) })
    }

    /// The files that they come from.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        let TlsOptions { chain, key, client_ca, .. } = &self.options;
        [Some(chain), Some(key), client_ca.as_ref()].into_iter().flatten().map(AsRef::as_ref)
    }

    /// Reads them anew, for connections to come.
    pub fn reload(&self) -> Result<(), AccessError> {
        self.config.store(Arc::new(config(&self.options)?));
        Ok(())
    }

    /// Shakes hands: the encrypted connection, and the client's certificate where it showed one.
    ///
    /// # Errors
    /// What the client did, or that it took too long.
    pub async fn shake(
        &self,
        stream: TcpStream,
    ) -> Result<(TlsStream<TcpStream>, Option<Arc<Certificate>>), String> {
        let shaken = async {
            let failed = |error: std::io::Error| error.to_string();
            // One that says nothing takes no turn.
            let hello = LazyConfigAcceptor::new(Acceptor::default(), stream).await.map_err(failed)?;
            let _turn = self.turns.acquire().await.map_err(|error| error.to_string())?;
            hello.into_stream(self.config.load_full()).await.map_err(failed)
        };
        let shaken = tokio::time::timeout(HANDSHAKE, shaken).await;
        let stream = shaken.map_err(|_| format!("no handshake within {} s", HANDSHAKE.as_secs()))??;
        let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
        let certificate = match shown {
            Some(der) => Some(Certificate::of(der).ok_or("the client's certificate is not read")?),
            None => None,
        };
        Ok((stream, certificate.map(Arc::new)))
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, AccessError> {
    let pem = read_bounded(path)?;
    let all = CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>();
    let all = all.map_err(|error| AccessError::new(path, error))?;
    if all.is_empty() {
        return Err(AccessError::new(path, "has no certificate in PEM"));
    }
    Ok(all)
}

fn config(options: &TlsOptions) -> Result<ServerConfig, AccessError> {
    let chain = certificates(&options.chain)?;
    let key = PrivateKeyDer::from_pem_slice(&read_bounded(&options.key)?)
        .map_err(|_| AccessError::new(&options.key, "has no private key in PEM"))?;
    let provider = Arc::new(crypto::aws_lc_rs::default_provider());
    let versions =
        ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let versions = versions.map_err(|error| AccessError::new(&options.chain, error))?;
    let builder = match &options.client_ca {
        None => versions.with_no_client_auth(),
        Some(path) => {
            let wrong = |error: &dyn std::fmt::Display| AccessError::new(path, error);
            let mut roots = RootCertStore::empty();
            for certificate in certificates(path)? {
                roots.add(certificate).map_err(|error| wrong(&error))?;
            }
            let mut verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            if options.client_optional {
                verifier = verifier.allow_unauthenticated();
            }
            versions.with_client_cert_verifier(verifier.build().map_err(|error| wrong(&error))?)
        }
    };
    let mut config =
        builder.with_single_cert(chain, key).map_err(|error| AccessError::new(&options.chain, error))?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    if options.client_ca.is_some() {
        // A session that is taken up again would not have its certificate looked at again.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
    }
    Ok(config)
}
