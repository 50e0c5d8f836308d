//! What does a scrape tell? All workers' counters added up, then the engine's figures, then the process's.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::engine::Engine;
use crate::engine::counts::DurationCounts;
use crate::quotes::life::State;
use crate::server::traffic::shed::Sheds;

pub use super::exposition::CONTENT_TYPE;
use super::exposition::Page;
use super::{CODES, Recorder, of_engine, of_process};

/// What a scrape is made of.
pub struct Scraped<'s> {
    /// Is the service ready for reads?
    pub ready: bool,
    /// Does it take writes?
    pub writable: bool,
    /// The workers.
    pub recorders: &'s [Arc<Recorder>],
    /// What was turned away, once anybody is served.
    pub shed: Option<&'s Sheds>,
    /// The engine, once it is open.
    pub engine: Option<&'s Engine>,
    /// Quotes by state, as they were counted last.
    pub quotes: &'s [(State, u64)],
}

/// The page.
#[must_use]
pub fn page(of: &Scraped<'_>) -> String {
    let mut page = Page::default();
    page.gauge("quoin_build_info", "Always 1; the labels say which build runs.")
        .of(&[("version", env!("CARGO_PKG_VERSION"))], 1);
    page.gauge("quoin_ready", "1 where carts are priced, 0 while opening or draining.")
        .value(u8::from(of.ready));
    page.gauge(
        "quoin_writable",
        "1 where changes are taken, 0 while opening or draining and after a failed commit.",
    )
    .value(u8::from(of.writable));
    calls(&mut page, of.recorders);
    connections(&mut page, of.recorders, of.shed);
    if let Some(engine) = of.engine {
        of_engine::write(&mut page, engine, of.quotes);
    }
    of_process::write(&mut page);
    page.text()
}

fn calls(page: &mut Page, recorders: &[Arc<Recorder>]) {
    let Some(methods) = recorders.first().map(|recorder| &recorder.methods) else { return };
    let mut all: Vec<(&str, [u64; CODES.len()], DurationCounts)> = Vec::new();
    for number in 0..methods.count() {
        let Some(method) = methods.get(number) else { continue };
        let (mut outcomes, mut durations) = ([0_u64; CODES.len()], DurationCounts::default());
        for recorder in recorders {
            let (more, took) = recorder.of_method(number);
            outcomes.iter_mut().zip(more).for_each(|(sum, count)| *sum = sum.wrapping_add(count));
            durations.add(&took);
        }
        // A method that was never called has no series; that of carts is there from the beginning.
        if durations.count() > 0 || method.name == "PricingService/PriceCart" {
            all.push((&method.name, outcomes, durations));
        }
    }
    let mut metric = page.counter("quoin_requests_total", "Calls that have ended, by method and gRPC code.");
    for (name, outcomes, _) in &all {
        for ((_, code), count) in
            CODES.iter().zip(outcomes).filter(|((_, code), count)| **count > 0 || *code == "OK")
        {
            metric.of(&[("method", name), ("code", code)], count);
        }
    }
    let help = "From a call's headers to the end of its answer, by method; of streams, how long they lasted.";
    let mut metric = page.histogram("quoin_request_duration_seconds", help);
    for (name, _, durations) in &all {
        metric.durations(&[("method", name)], durations);
    }
    let flying: i64 = recorders.iter().map(|recorder| recorder.in_flight.load(Ordering::Relaxed)).sum();
    page.gauge("quoin_requests_in_flight", "Calls that are being answered.").value(flying);
    let cold = sum(recorders, |recorder| recorder.carts_cold.load(Ordering::Relaxed));
    page.counter("quoin_carts_cold_total", "Carts of PriceCart for which a row had to come from disk.")
        .value(cold);
}

fn connections(page: &mut Page, recorders: &[Arc<Recorder>], shed: Option<&Sheds>) {
    let open: i64 = recorders.iter().map(|recorder| recorder.connections_open.load(Ordering::Relaxed)).sum();
    page.gauge("quoin_connections_open", "Connections of callers that are open.").value(open);
    let accepted = sum(recorders, |recorder| recorder.connections_accepted.load(Ordering::Relaxed));
    page.counter("quoin_connections_accepted_total", "Connections that were accepted.").value(accepted);
    let mut metric = page.counter("quoin_shed_total", "What was turned away for being too much, by reason.");
    for (reason, count) in shed.iter().flat_map(|sheds| sheds.counts()) {
        metric.of(&[("reason", reason)], count);
    }
    let still = recorders.iter().map(|recorder| recorder.still_for()).max().unwrap_or(Duration::ZERO);
    page.gauge("quoin_workers", "Threads that answer calls.").value(recorders.len());
    let help = "For how long the worker that has been busy longest has not come round.";
    page.gauge("quoin_worker_still_seconds", help).value(super::exposition::seconds(still));
}

fn sum(recorders: &[Arc<Recorder>], of: impl Fn(&Recorder) -> u64) -> u64 {
    recorders.iter().map(|recorder| of(recorder)).fold(0, u64::wrapping_add)
}
