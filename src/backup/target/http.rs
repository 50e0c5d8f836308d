//! How does the object store's client speak HTTP? Over hyper and rustls, which the server has as well: no second HTTP client, no second TLS.

use std::error::Error;
use std::pin::Pin;

use http_body_util::BodyExt;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector as MakesClients, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody,
    HttpResponse, HttpResponseBody, HttpService,
};

type Answer<'f> = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'f>>;

/// Makes clients.
#[derive(Debug)]
pub(super) struct Connector;

#[derive(Debug)]
struct Speaks(Client<HttpsConnector<HttpConnector>, HttpRequestBody>);

impl MakesClients for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let failed =
            |error: Box<dyn Error + Send + Sync>| object_store::Error::Generic { store: "S3", source: error };
        let https = HttpsConnectorBuilder::new()
            .with_native_roots()
            .map_err(|error| failed(error.into()))?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(HttpClient::new(Speaks(Client::builder(TokioExecutor::new()).build(https))))
    }
}

impl HttpService for Speaks {
    // As the macro `async_trait` has it, by which the trait is written.
    fn call<'s, 'f>(&'s self, request: HttpRequest) -> Answer<'f>
    where
        's: 'f,
        Self: 'f,
    {
        Box::pin(async move {
            let answer = self.0.request(request).await.map_err(|error| {
                let kind = if error.is_connect() { HttpErrorKind::Connect } else { HttpErrorKind::Request };
                HttpError::new(kind, error)
            })?;
            let interrupted = |error: hyper::Error| HttpError::new(HttpErrorKind::Interrupted, error);
            Ok(answer.map(|body| HttpResponseBody::new(body.map_err(interrupted))))
        })
    }
}
