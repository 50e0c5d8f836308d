//! How does a caller's trace go on here? A span a call, handed to an OpenTelemetry collector. Only in builds with the feature
//! `otlp`; and there only where the environment names a collector, in OpenTelemetry's own variables.

use std::sync::OnceLock;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{Span, SpanKind, Status, Tracer, TracerProvider};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tonic::Code;
use tonic::codegen::http::header::{HeaderMap, HeaderValue};

/// Variables that name a collector.
const COLLECTOR: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];
/// The header by which a trace comes.
const PARENT: &str = "traceparent";
/// What is not handed over by then is dropped when the service stops.
const LAST_WORDS: Duration = Duration::from_secs(2);

static TRACER: OnceLock<SdkTracer> = OnceLock::new();

/// Hands spans over until it is dropped.
pub struct Exporting(SdkTracerProvider);

impl Drop for Exporting {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown_with_timeout(LAST_WORDS) {
            tracing::warn!(%error, "the last spans were not handed over");
        }
    }
}

/// Begins, inside a runtime that goes on until what is returned is dropped.
pub fn start() -> Option<Exporting> {
    COLLECTOR.iter().find(|name| std::env::var_os(name).is_some())?;
    let exporter = opentelemetry_otlp::SpanExporter::builder().with_tonic().build();
    let exporter = exporter.map_err(|error| tracing::warn!(%error, "spans are not handed over")).ok()?;
    let resource = opentelemetry_sdk::Resource::builder().with_service_name("quoin").build();
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
    // Several services in one process, as in tests, share the first one's.
    drop(TRACER.set(provider.tracer("quoin")));
    tracing::info!("handing spans over");
    Some(Exporting(provider))
}

/// Where a request says that it belongs.
pub fn parent(headers: &HeaderMap) -> Option<HeaderValue> {
    TRACER.get()?;
    headers.get(PARENT).cloned()
}

struct Parent<'p>(&'p HeaderValue);

impl Extractor for Parent<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == PARENT).then(|| self.0.to_str().ok()).flatten()
    }

    fn keys(&self) -> Vec<&str> {
        vec![PARENT]
    }
}

/// Tells of a call that has ended now, if it is one of those that are looked at.
pub fn tell(
    method: &str,
    (code, took): (Code, Duration),
    parent: Option<&HeaderValue>,
    id: Option<&HeaderValue>,
) {
    let Some(tracer) = TRACER.get() else { return };
    let ended = opentelemetry::time::now();
    let context = parent.map(|parent| TraceContextPropagator::new().extract(&Parent(parent)));
    let builder = tracer
        .span_builder(method.to_owned())
        .with_kind(SpanKind::Server)
        .with_start_time(ended.checked_sub(took).unwrap_or(ended));
    let mut span = tracer.build_with_context(builder, &context.unwrap_or_default());
    if span.is_recording() {
        span.set_attribute(KeyValue::new("rpc.system", "grpc"));
        span.set_attribute(KeyValue::new("rpc.method", method.to_owned()));
        span.set_attribute(KeyValue::new("rpc.grpc.status_code", i64::from(i32::from(code))));
        if let Some(id) = id.and_then(|id| id.to_str().ok()) {
            span.set_attribute(KeyValue::new("request.id", id.to_owned()));
        }
        if matches!(code, Code::Internal | Code::Unknown | Code::DataLoss) {
            span.set_status(Status::error(code.description()));
        }
    }
    span.end_with_timestamp(ended);
}
