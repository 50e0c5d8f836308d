//! How is a load told? A row a run, and what became of its calls; or JSON, with decimals as strings.

use std::time::Duration;

use serde_json::{Map, Value, json};
use tonic::Code;

use crate::cli::table::{Side, Table};

use super::arguments::Plan;
use super::outcome::{Outcomes, Times, name};

/// Percentiles that are told, by how many of a million exceed them.
const TOLD: [(&str, u64); 5] =
    [("p50", 500_000), ("p90", 100_000), ("p99", 10_000), ("p99.9", 1_000), ("max", 0)];
/// The curve's: how many of a million exceed each point.
pub const CURVE: [u64; 19] = [
    1_000_000, 750_000, 500_000, 250_000, 100_000, 50_000, 25_000, 10_000, 5_000, 2_500, 1_000, 500, 250,
    100, 50, 25, 10, 5, 1,
];
/// A generator that makes one call in a hundred later than this measures itself.
const LATE: Duration = Duration::from_millis(1);
const MICRO_NS: u64 = 1_000;

/// A run that was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// Calls a second that were to be made.
    pub rate: u64,
    /// What became of them.
    pub outcomes: Outcomes,
}

/// A time for people.
pub fn time(nanos: u64) -> String {
    let parts = |unit: u64| format!("{}.{:02}", nanos / unit, nanos % unit / (unit / 100));
    match nanos {
        ..1_000_000 => format!("{} µs", nanos / MICRO_NS),
        1_000_000..1_000_000_000 => format!("{} ms", parts(1_000_000)),
        _ => format!("{} s", parts(1_000_000_000)),
    }
}

impl Made {
    /// So many calls, by second.
    pub fn per_second(calls: u64, plan: &Plan) -> u64 {
        let millis = plan.duration.as_millis().max(1);
        u64::try_from(u128::from(calls) * 1_000 / millis).unwrap_or(u64::MAX)
    }

    /// Calls that were answered, however.
    fn answered(&self) -> u64 {
        let unanswered = [super::outcome::NOT_MADE, super::outcome::NOT_ANSWERED];
        self.outcomes.calls() - unanswered.map(|outcome| self.outcomes.count(outcome)).iter().sum::<u64>()
    }

    fn refused(&self) -> u64 {
        self.outcomes.count(name(Code::ResourceExhausted))
    }

    fn failed(&self) -> u64 {
        self.outcomes.calls() - self.refused() - self.outcomes.count(name(Code::Ok))
    }
}

/// All runs as a table.
pub fn text(runs: &[Made], plan: &Plan) -> String {
    let right = |name| (name, Side::Right);
    let mut columns = vec![right("offered/s"), right("answered/s"), right("good/s")];
    columns.extend(TOLD.iter().map(|(name, _)| right(*name)));
    columns.extend(["refused", "failed", "late p99"].map(right));
    let mut table = Table::new(&columns);
    for run in runs {
        let outcomes = &run.outcomes;
        let per_second = |calls| Made::per_second(calls, plan).to_string();
        let at = |times: &Times, parts| times.exceeded_by(parts).map_or("-".to_owned(), time);
        let mut cells = vec![run.rate.to_string(), per_second(run.answered()), per_second(outcomes.good)];
        cells.extend(TOLD.iter().map(|(_, parts)| at(&outcomes.waited, *parts)));
        cells.extend([run.refused().to_string(), run.failed().to_string(), at(&outcomes.late, 10_000)]);
        table.row(cells);
    }
    let mut text = table.text();
    text.push('\n');
    for run in runs {
        let counts: Vec<String> =
            run.outcomes.counts.iter().map(|(outcome, count)| format!("{outcome} {count}")).collect();
        text.push_str(&format!("{}/s: {}\n", run.rate, counts.join(", ")));
        let late = run.outcomes.late.exceeded_by(10_000).unwrap_or(0);
        if late > u64::try_from(LATE.as_nanos()).unwrap_or(u64::MAX) {
            text.push_str(&format!(
                "  one call in a hundred was made {} late: that is the generator's own delay (--threads), and is in the figures\n",
                time(late)
            ));
        }
    }
    text
}

fn times(times: &Times) -> Value {
    let mut told = Map::new();
    for (name, parts) in TOLD {
        let micros = times.exceeded_by(parts).map(|nanos| nanos / MICRO_NS);
        told.insert(format!("{}_us", name.replace('.', "_")), micros.into());
    }
    told.insert("count".to_owned(), times.count().into());
    told.into()
}

/// All runs as JSON.
pub fn json(runs: &[Made], plan: &Plan) -> Value {
    let run = |run: &Made| {
        let outcomes = &run.outcomes;
        let curve: Vec<Value> = CURVE
            .iter()
            .filter_map(|parts| Some((parts, outcomes.waited.exceeded_by(*parts)?)))
            .map(|(parts, nanos)| json!({ "exceeded_by_ppm": parts, "us": nanos / MICRO_NS }))
            .collect();
        json!({
            "offered_per_second": run.rate,
            "answered_per_second": Made::per_second(run.answered(), plan),
            "good_per_second": Made::per_second(outcomes.good, plan),
            "outcomes": outcomes.counts,
            "good": outcomes.good,
            "latency": times(&outcomes.waited),
            "refused": times(&outcomes.refused),
            "late": times(&outcomes.late),
            "curve": curve,
        })
    };
    json!({
        "duration_ms": u64::try_from(plan.duration.as_millis()).unwrap_or(u64::MAX),
        "deadline_us": plan.deadline.map(|time| u64::try_from(time.as_micros()).unwrap_or(u64::MAX)),
        "connections": plan.connections,
        "threads": plan.threads,
        "runs": runs.iter().map(run).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn times_for_people() {
        let cases = [
            (0, "0 µs"),
            (63_900, "63 µs"),
            (1_234_567, "1.23 ms"),
            (999_999_999, "999.99 ms"),
            (61_050_000_000, "61.05 s"),
        ];
        for (nanos, text) in cases {
            assert_eq!(time(nanos), text);
        }
    }
}
