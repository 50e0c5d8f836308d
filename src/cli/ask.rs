//! Whom does a command ask? The data folder itself, or a running server; either answers with messages of the wire.

use std::future::Future;
use std::time::Duration;

use tonic::metadata::AsciiMetadataValue;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};

use crate::api::caller::{ROLES, named};
use crate::engine::caller::Caller;
use crate::engine::{Engine, EngineOptions};

use super::arguments::Common;
use super::failure::{Failure, UNAVAILABLE, USAGE};

/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The caller that `--as` names.
pub fn caller(common: &Common) -> Result<Caller, Failure> {
    named(common.roles.as_deref(), None, None).map_err(|why| Failure::new(USAGE, format!("--as: {why}")))
}

/// Opens the data folder; `create` makes it where it is not there.
pub fn folder(common: &Common, create: bool) -> Result<Engine, Failure> {
    Ok(Engine::open(&EngineOptions { create, ..EngineOptions::new(&common.data) })?)
}

/// Puts `--as` into a request's metadata.
pub fn request<T>(common: &Common, message: T) -> Result<Request<T>, Failure> {
    let mut request = Request::new(message);
    if let Some(roles) = &common.roles {
        caller(common)?;
        let value = AsciiMetadataValue::try_from(roles.as_str()).map_err(|why| Failure::new(USAGE, why))?;
        request.metadata_mut().insert(ROLES, value);
    }
    Ok(request)
}

/// Connects to `address`.
pub async fn connect(address: &str) -> Result<Channel, Failure> {
    let uri = if address.contains("://") { address.to_owned() } else { format!("http://{address}") };
    let endpoint = Endpoint::from_shared(uri)
        .map_err(|error| Failure::new(USAGE, format!("{address} is no address: {error}")))?
        .connect_timeout(CONNECT_TIMEOUT)
        .tcp_nodelay(true);
    endpoint.connect().await.map_err(|error| {
        let why = std::error::Error::source(&error).map_or(error.to_string(), ToString::to_string);
        Failure::new(UNAVAILABLE, format!("{address} does not answer: {why}"))
    })
}

/// Connects to `address` and does `ask` with it.
pub fn server<T, F>(address: &str, ask: impl FnOnce(Channel) -> F) -> Result<T, Failure>
where
    F: Future<Output = Result<T, Status>>,
{
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(UNAVAILABLE, error))?;
    runtime.block_on(async {
        let channel = connect(address).await?;
        Ok(ask(channel).await?)
    })
}
