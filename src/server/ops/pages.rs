//! Which pages are there for operators? `/metrics`, `/livez`, `/readyz`, and `/readyz/writes` for those who send changes.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use serde_json::{Value, json};
use tonic::codegen::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use tonic::codegen::http::{Method, Request, Response, StatusCode};

use crate::quotes::life::State;
use crate::server::metrics::{CONTENT_TYPE as METRICS, Scraped, page};
use crate::server::standing::Standing;

/// How often quotes are counted by state, at most.
const QUOTES_EVERY: Duration = Duration::from_secs(60);

/// The pages, and what they rest on.
pub(super) struct Pages {
    standing: Arc<Standing>,
    /// One scrape at a time.
    quotes: Mutex<CountedQuotes>,
}

/// Quotes by state, and when they were counted.
#[derive(Default)]
struct CountedQuotes {
    at: Option<Instant>,
    by_state: Vec<(State, u64)>,
}

type Page = Response<Full<Bytes>>;

impl Pages {
    pub(super) fn new(standing: Arc<Standing>) -> Self {
        Self { standing, quotes: Mutex::default() }
    }

    pub(super) async fn answer<B>(self: &Arc<Self>, request: &Request<B>) -> Page {
        if request.method() != Method::GET && request.method() != Method::HEAD {
            let mut refused =
                of_json(StatusCode::METHOD_NOT_ALLOWED, &json!({ "error": "only GET is answered" }));
            refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return refused;
        }
        match request.uri().path() {
            "/metrics" => self.metrics().await,
            "/livez" => self.live(),
            "/readyz" => self.ready(false),
            "/readyz/writes" => self.ready(true),
            _ => {
                let known = "there are /metrics, /livez, /readyz and /readyz/writes";
                of_json(StatusCode::NOT_FOUND, &json!({ "error": known }))
            }
        }
    }

    fn live(&self) -> Page {
        match self.standing.stuck_for() {
            None => of_json(StatusCode::OK, &json!({ "live": true })),
            Some(still) => {
                let why = format!("a worker has not come round for {} s", still.as_secs());
                of_json(StatusCode::SERVICE_UNAVAILABLE, &json!({ "live": false, "reason": why }))
            }
        }
    }

    fn ready(&self, for_writes: bool) -> Page {
        let readiness = self.standing.readiness();
        let ready = if for_writes { readiness.writes } else { readiness.reads };
        let code = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        of_json(code, &readiness.to_json(ready))
    }

    async fn metrics(self: &Arc<Self>) -> Page {
        let pages = Arc::clone(self);
        // The store is asked for its sizes: that may wait for the disk.
        match tokio::task::spawn_blocking(move || pages.scrape()).await {
            Ok(text) => of(StatusCode::OK, METRICS, text),
            Err(error) => {
                let why = format!("the scrape broke off: {error}");
                of_json(StatusCode::INTERNAL_SERVER_ERROR, &json!({ "error": why }))
            }
        }
    }

    fn scrape(&self) -> String {
        let mut counted = self.quotes.lock().unwrap_or_else(PoisonError::into_inner);
        let served = self.standing.served();
        if let Some(served) = served
            && counted.at.is_none_or(|at| at.elapsed() >= QUOTES_EVERY)
        {
            match served.engine.quotes_by_state() {
                Ok(by_state) => *counted = CountedQuotes { at: Some(Instant::now()), by_state },
                Err(error) => tracing::warn!(%error, "quotes could not be counted"),
            }
        }
        let readiness = self.standing.readiness();
        page(&Scraped {
            ready: readiness.reads,
            writable: readiness.writes,
            recorders: served.map_or(&[][..], |served| &served.recorders),
            shed: served.map(|served| &served.traffic.refusals.sheds),
            engine: served.map(|served| &served.engine),
            quotes: &counted.by_state,
        })
    }
}

fn of_json(code: StatusCode, body: &Value) -> Page {
    of(code, "application/json", format!("{body}\n"))
}

fn of(code: StatusCode, kind: &'static str, text: String) -> Page {
    let mut page = Response::new(Full::new(Bytes::from(text)));
    *page.status_mut() = code;
    page.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    page.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    page
}
