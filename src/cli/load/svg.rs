//! How is a load drawn? Latencies by percentile, and of several runs what was served well against what was asked.

use super::arguments::Plan;
use super::chance::log2;
use super::chart::{Chart, Curve, Look, Scale, picture as drawn};
use super::report::{CURVE, Made, time};

/// Percentiles with a name on the axis, by how many of a million exceed them.
const NAMED: [(u64, &str); 7] = [
    (1_000_000, "0 %"),
    (500_000, "50 %"),
    (100_000, "90 %"),
    (10_000, "99 %"),
    (1_000, "99.9 %"),
    (100, "99.99 %"),
    (10, "99.999 %"),
];
/// The least time that has a name on the axis; each further one is ten times as long.
const DECADE_NS: u64 = 10_000;

/// All runs.
pub fn picture(runs: &[Made], plan: &Plan) -> String {
    let mut charts = vec![latencies(runs)];
    if runs.len() > 1 {
        charts.push(goodput(runs, plan));
    }
    drawn(&charts)
}

/// Time against the share of calls that took no longer, both by their logarithms.
fn latencies(runs: &[Made]) -> Chart {
    let seldom = |parts: u64| log2(1_000_000) - log2(parts);
    let curves: Vec<Vec<(u64, u64)>> = runs
        .iter()
        .map(|run| {
            let waited = &run.outcomes.waited;
            // A point that less than one call stands for says nothing.
            let told = CURVE.iter().filter(|parts| **parts * waited.count() >= 1_000_000);
            told.filter_map(|parts| Some((*parts, waited.exceeded_by(*parts)?.max(DECADE_NS)))).collect()
        })
        .collect();
    let times = || curves.iter().flatten().map(|(_, nanos)| *nanos);
    let (least, most) = (times().min().unwrap_or(DECADE_NS), times().max().unwrap_or(DECADE_NS));
    let decades = |from: u64| std::iter::successors(Some(from), |time| time.checked_mul(10));
    let from = decades(DECADE_NS).take_while(|time| *time <= least).last().unwrap_or(DECADE_NS);
    let to = decades(from.saturating_mul(10)).find(|time| *time >= most).unwrap_or(most);
    let rarest = curves.iter().flatten().map(|(parts, _)| *parts).min().unwrap_or(1_000).min(1_000);
    let named = NAMED.iter().filter(|(parts, _)| *parts >= rarest);
    let xs = named.map(|(parts, name)| (seldom(*parts), (*name).to_owned())).collect();
    let ys = decades(from).take_while(|nanos| *nanos <= to).map(|nanos| (log2(nanos), time(nanos))).collect();
    let curve = |(run, curve): (&Made, &Vec<(u64, u64)>)| Curve {
        name: format!("{}/s", run.rate),
        look: Look::Line,
        points: curve.iter().map(|(parts, nanos)| (seldom(*parts), log2(*nanos))).collect(),
    };
    Chart {
        heading: "latency by percentile, from when a call was to be made".to_owned(),
        x: Scale { from: 0, to: seldom(rarest), names: xs },
        y: Scale { from: log2(from), to: log2(to), names: ys },
        curves: runs.iter().zip(&curves).map(curve).collect(),
    }
}

/// What was answered well against what was asked.
fn goodput(runs: &[Made], plan: &Plan) -> Chart {
    let mut points: Vec<(u64, u64)> =
        runs.iter().map(|run| (run.rate, Made::per_second(run.outcomes.good, plan))).collect();
    points.sort_unstable();
    let asked = points.iter().map(|(rate, _)| *rate).max().unwrap_or(1);
    let good = points.iter().map(|(_, good)| *good).max().unwrap_or(1).max(1);
    let within = plan.deadline.map_or("", |_| " within the deadline");
    let least = asked.min(good);
    Chart {
        heading: format!("answered well{within} a second, against what was asked"),
        x: Scale {
            from: 0,
            to: asked,
            names: points.iter().map(|(rate, _)| (*rate, rate.to_string())).collect(),
        },
        y: Scale { to: good.saturating_mul(11) / 10 + 1, ..Scale::fifths(good) },
        curves: vec![
            Curve { name: String::new(), look: Look::Dashed, points: vec![(0, 0), (least, least)] },
            Curve { name: String::new(), look: Look::Points, points },
        ],
    }
}
