//! Whom does a command ask? The data folder itself, or a running server; either answers with messages of the wire.

use std::future::Future;
use std::path::Path;
use std::time::Duration;

use tonic::metadata::AsciiMetadataValue;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
use tonic::{Request, Status};

use crate::api::caller::{ROLES, narrow};
use crate::engine::caller::Caller;
use crate::engine::{Engine, EngineOptions};

use super::access::arguments::ClientArguments;
use super::arguments::Common;
use super::failure::{Failure, UNAVAILABLE, USAGE};

/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Holds the key or token to show.
const TOKEN: &str = "QUOIN_TOKEN";

/// The caller that `--as` names.
pub fn caller(common: &Common) -> Result<Caller, Failure> {
    narrow(&Caller::operator(), common.roles.as_deref(), None, None)
        .map_err(|why| Failure::new(USAGE, format!("--as: {why}")))
}

/// Opens the data folder; `create` makes it where it is not there.
pub fn folder(common: &Common, create: bool) -> Result<Engine, Failure> {
    Ok(Engine::open(&EngineOptions { create, ..EngineOptions::new(&common.data) })?)
}

/// Puts `--as`, and the key or token, into a request's metadata.
pub fn request<T>(common: &Common, message: T) -> Result<Request<T>, Failure> {
    let mut request = Request::new(message);
    if let Some(roles) = &common.roles {
        caller(common)?;
        let value = AsciiMetadataValue::try_from(roles.as_str()).map_err(|why| Failure::new(USAGE, why))?;
        request.metadata_mut().insert(ROLES, value);
    }
    if let Some(secret) = secret(common)? {
        let unfit = |_| Failure::new(USAGE, "the key or token is not one line of ASCII");
        let mut value = AsciiMetadataValue::try_from(format!("Bearer {secret}")).map_err(unfit)?;
        value.set_sensitive(true);
        request.metadata_mut().insert("authorization", value);
    }
    Ok(request)
}

/// The key or token to show: what `--token-file` holds, else what the environment does.
fn secret(common: &Common) -> Result<Option<String>, Failure> {
    let Some(path) = &common.client.token_file else {
        return Ok(std::env::var(TOKEN).ok().filter(|token| !token.is_empty()));
    };
    let text = String::from_utf8(read(path)?).ok().map(|text| text.trim().to_owned());
    match text.filter(|text| !text.is_empty()) {
        Some(token) => Ok(Some(token)),
        None => Err(Failure::new(USAGE, format!("{}: holds no token", path.display()))),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::new(USAGE, format!("{}: {error}", path.display())))
}

/// What is trusted and shown where the connection is encrypted.
fn tls(client: &ClientArguments) -> Result<ClientTlsConfig, Failure> {
    let mut config = ClientTlsConfig::new();
    config = match &client.ca {
        Some(ca) => config.ca_certificate(Certificate::from_pem(read(ca)?)),
        None => config.with_native_roots(),
    };
    if let Some((certificate, key)) = client.cert.as_ref().zip(client.key.as_ref()) {
        config = config.identity(Identity::from_pem(read(certificate)?, read(key)?));
    }
    Ok(config)
}

/// Where a server is, and how it is asked: encrypted where the address says https, or certificates are named.
fn endpoint(common: &Common, address: &str) -> Result<Endpoint, Failure> {
    let client = &common.client;
    let is_tls = client.ca.is_some() || client.cert.is_some();
    let uri = match address.contains("://") {
        true => address.to_owned(),
        false => format!("{}://{address}", if is_tls { "https" } else { "http" }),
    };
    let no_address = |error| Failure::new(USAGE, format!("{address} is no address: {error}"));
    let is_https = uri.starts_with("https://");
    let endpoint = Endpoint::from_shared(uri).map_err(no_address)?;
    let endpoint = endpoint.connect_timeout(CONNECT_TIMEOUT).tcp_nodelay(true);
    if is_https { endpoint.tls_config(tls(client)?).map_err(no_address) } else { Ok(endpoint) }
}

/// Connects to `address`.
pub async fn connect(common: &Common, address: &str) -> Result<Channel, Failure> {
    endpoint(common, address)?.connect().await.map_err(|error| {
        let why = std::error::Error::source(&error).map_or(error.to_string(), ToString::to_string);
        Failure::new(UNAVAILABLE, format!("{address} does not answer: {why}"))
    })
}

/// Connects to `address` and does `ask` with it.
pub fn server<T, F>(common: &Common, address: &str, ask: impl FnOnce(Channel) -> F) -> Result<T, Failure>
where
    F: Future<Output = Result<T, Status>>,
{
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(UNAVAILABLE, error))?;
    runtime.block_on(async {
        let channel = connect(common, address).await?;
        Ok(ask(channel).await?)
    })
}
