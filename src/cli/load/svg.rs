//! How is a load drawn? As SVG: latencies by percentile, and of several runs what was served well against what was asked.

use super::arguments::Plan;
use super::chance::log2;
use super::report::{CURVE, Made, time};

const WIDTH: u64 = 860;
const CHART_HEIGHT: u64 = 420;
const LEFT: u64 = 90;
const RIGHT: u64 = 150;
const TOP: u64 = 46;
const BOTTOM: u64 = 56;
const COLOURS: [&str; 8] =
    ["#1b6ca8", "#c8553d", "#3a7d44", "#8e5ea2", "#b8860b", "#2f8f9d", "#7a4b3a", "#5b6770"];
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
/// Times with a name on the axis, in nanoseconds.
const DECADE_NS: u64 = 10_000;

/// A range of numbers along an axis.
#[derive(Debug, Clone, Copy)]
struct Axis {
    from: u64,
    to: u64,
    begins: u64,
    length: u64,
    /// Values grow upwards, coordinates downwards.
    upwards: bool,
}

impl Axis {
    /// Across.
    fn x(from: u64, to: u64) -> Self {
        Self { from, to, begins: LEFT, length: WIDTH - LEFT - RIGHT, upwards: false }
    }

    /// Up, of the chart that begins there.
    fn y(from: u64, to: u64, top: u64) -> Self {
        Self { from, to, begins: top + TOP, length: CHART_HEIGHT - TOP - BOTTOM, upwards: true }
    }

    /// Where a value stands, in tenths.
    fn place(self, value: u64) -> String {
        let value = value.clamp(self.from, self.to.max(self.from)) - self.from;
        let range = u128::from((self.to - self.from.min(self.to)).max(1));
        let along = u128::from(value) * u128::from(self.length) * 10 / range;
        let along = u64::try_from(along).unwrap_or(0);
        let tenths = self.begins * 10 + if self.upwards { self.length * 10 - along } else { along };
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

struct Drawing(String);

impl Drawing {
    fn text(&mut self, (x, y): (&str, &str), anchor: &str, text: &str) {
        self.0.push_str(&format!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>\n"));
    }

    fn line(&mut self, (x1, y1): (&str, &str), (x2, y2): (&str, &str), style: &str) {
        self.0.push_str(&format!("<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" {style}/>\n"));
    }

    fn curve(&mut self, points: &[(String, String)], colour: &str) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
        let points = points.join(" ");
        self.0.push_str(&format!(
            "<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n"
        ));
    }

    /// Heading, frame and the names at both axes.
    fn frame(&mut self, heading: &str, (x, y): (Axis, Axis), xs: &[(u64, String)], ys: &[(u64, String)]) {
        let (left, right) = (LEFT.to_string(), (WIDTH - RIGHT).to_string());
        let (top, bottom) = (y.begins.to_string(), (y.begins + y.length).to_string());
        self.text((&left, &(y.begins - 20).to_string()), "start", heading);
        for (value, name) in ys {
            let at = y.place(*value);
            self.line((&left, &at), (&right, &at), GRID);
            self.text((&(LEFT - 8).to_string(), &at), "end", name);
        }
        for (value, name) in xs {
            let at = x.place(*value);
            self.line((&at, &top), (&at, &bottom), GRID);
            self.text((&at, &(y.begins + y.length + 20).to_string()), "middle", name);
        }
    }
}

const GRID: &str = "stroke=\"#ddd\"";

fn colour(number: usize) -> &'static str {
    COLOURS.get(number % COLOURS.len()).copied().unwrap_or("black")
}

/// All runs.
pub fn picture(runs: &[Made], plan: &Plan) -> String {
    let charts = if runs.len() > 1 { 2 } else { 1 };
    let height = charts * CHART_HEIGHT;
    let mut drawing = Drawing(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"white\"/>\n"
    ));
    latencies(&mut drawing, runs);
    if charts > 1 {
        goodput(&mut drawing, runs, plan);
    }
    drawing.0.push_str("</svg>\n");
    drawing.0
}

/// Time against the share of calls that took no longer, both by their logarithms.
fn latencies(drawing: &mut Drawing, runs: &[Made]) {
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
    let rarest = curves.iter().flatten().map(|(parts, _)| *parts).min().unwrap_or(1_000);
    let (x, y) = (Axis::x(0, seldom(rarest.min(1_000))), Axis::y(log2(from), log2(to), 0));
    let xs: Vec<_> = NAMED
        .iter()
        .filter(|(parts, _)| *parts >= rarest.min(1_000))
        .map(|(parts, name)| (seldom(*parts), (*name).to_owned()))
        .collect();
    let ys: Vec<_> =
        decades(from).take_while(|nanos| *nanos <= to).map(|nanos| (log2(nanos), time(nanos))).collect();
    drawing.frame("latency by percentile, from when a call was to be made", (x, y), &xs, &ys);
    for (number, (run, curve)) in runs.iter().zip(&curves).enumerate() {
        let points: Vec<_> =
            curve.iter().map(|(parts, nanos)| (x.place(seldom(*parts)), y.place(log2(*nanos)))).collect();
        drawing.curve(&points, colour(number));
        let at = (TOP + 20 * u64::try_from(number).unwrap_or(0)).to_string();
        let (from, to) = ((WIDTH - RIGHT + 12).to_string(), (WIDTH - RIGHT + 32).to_string());
        drawing.line((&from, &at), (&to, &at), &format!("stroke=\"{}\" stroke-width=\"2\"", colour(number)));
        drawing.text(
            (
                &(WIDTH - RIGHT + 38).to_string(),
                &(TOP + 4 + 20 * u64::try_from(number).unwrap_or(0)).to_string(),
            ),
            "start",
            &format!("{}/s", run.rate),
        );
    }
}

/// What was answered well against what was asked.
fn goodput(drawing: &mut Drawing, runs: &[Made], plan: &Plan) {
    let mut points: Vec<(u64, u64)> =
        runs.iter().map(|run| (run.rate, Made::per_second(run.outcomes.good, plan))).collect();
    points.sort_unstable();
    let asked = points.iter().map(|(rate, _)| *rate).max().unwrap_or(1);
    let good = points.iter().map(|(_, good)| *good).max().unwrap_or(1).max(1);
    let (x, y) = (Axis::x(0, asked), Axis::y(0, good.saturating_mul(11) / 10 + 1, CHART_HEIGHT));
    let xs: Vec<_> = points.iter().map(|(rate, _)| (*rate, rate.to_string())).collect();
    let fifths = |of: u64| (0..=5).map(move |part| of * part / 5).map(|value| (value, value.to_string()));
    let within = plan.deadline.map_or(String::new(), |_| " within the deadline".to_owned());
    let heading = format!("answered well{within} a second, against what was asked");
    drawing.frame(&heading, (x, y), &xs, &fifths(good).collect::<Vec<_>>());
    let least = asked.min(good);
    let ideal = (x.place(least), y.place(least));
    let zero = (x.place(0), y.place(0));
    drawing.line((&zero.0, &zero.1), (&ideal.0, &ideal.1), "stroke=\"#999\" stroke-dasharray=\"4 4\"");
    let places: Vec<_> = points.iter().map(|(rate, good)| (x.place(*rate), y.place(*good))).collect();
    drawing.curve(&places, colour(0));
    for (x, y) in &places {
        drawing.0.push_str(&format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"4\" fill=\"{}\"/>\n", colour(0)));
    }
}
