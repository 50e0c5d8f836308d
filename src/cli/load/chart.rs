//! How are charts drawn? As SVG: curves between two scales, one chart below the other.

const WIDTH: u64 = 860;
const HEIGHT: u64 = 420;
const LEFT: u64 = 90;
const RIGHT: u64 = 150;
const TOP: u64 = 46;
const BOTTOM: u64 = 56;
/// From one name beside a chart to the next.
const NAME_HEIGHT: u64 = 20;
const GRID: &str = "stroke=\"#ddd\"";
const COLOURS: [&str; 8] =
    ["#1b6ca8", "#c8553d", "#3a7d44", "#8e5ea2", "#b8860b", "#2f8f9d", "#7a4b3a", "#5b6770"];

/// What stands along an axis.
#[derive(Debug, Clone)]
pub(super) struct Scale {
    /// Its beginning.
    pub(super) from: u64,
    /// Its end.
    pub(super) to: u64,
    /// Values that have a name there.
    pub(super) names: Vec<(u64, String)>,
}

impl Scale {
    /// From nothing, with every fifth of it named.
    pub(super) fn fifths(to: u64) -> Self {
        let names = (0..=5).map(|part| to * part / 5).map(|value| (value, value.to_string())).collect();
        Self { from: 0, to, names }
    }

    /// How far along a value stands, of a length, in tenths.
    fn along(&self, value: u64, length: u64) -> u64 {
        let range = u128::from(self.to.saturating_sub(self.from).max(1));
        let value = value.clamp(self.from, self.to.max(self.from)) - self.from;
        u64::try_from(u128::from(value) * u128::from(length) * 10 / range).unwrap_or(0)
    }
}

/// How a curve looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// A line.
    Line,
    /// A line with its points.
    Points,
    /// Grey and dashed: what would be best.
    Dashed,
}

/// A curve.
#[derive(Debug, Clone)]
pub(super) struct Curve {
    /// Beside the chart; none where empty.
    pub(super) name: String,
    /// How it looks.
    pub(super) look: Look,
    /// Across, and up.
    pub(super) points: Vec<(u64, u64)>,
}

/// A chart.
#[derive(Debug, Clone)]
pub(super) struct Chart {
    /// Above it.
    pub(super) heading: String,
    /// Across.
    pub(super) x: Scale,
    /// Up.
    pub(super) y: Scale,
    /// Over both.
    pub(super) curves: Vec<Curve>,
}

/// Charts, the first at the top.
pub(super) fn picture(charts: &[Chart]) -> String {
    let mut drawing = Drawing(String::new());
    let mut top = 0;
    for chart in charts {
        drawing.chart(chart, top);
        top += HEIGHT;
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {top}\" font-family=\"sans-serif\" \
         font-size=\"13\">\n<rect width=\"{WIDTH}\" height=\"{top}\" fill=\"white\"/>\n{}</svg>\n",
        drawing.0
    )
}

struct Drawing(String);

impl Drawing {
    fn text(&mut self, (x, y): (&str, &str), anchor: &str, text: &str) {
        self.0.push_str(&format!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>\n"));
    }

    fn line(&mut self, (x1, y1): (&str, &str), (x2, y2): (&str, &str), style: &str) {
        self.0.push_str(&format!("<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" {style}/>\n"));
    }

    fn chart(&mut self, chart: &Chart, top: u64) {
        let (width, height) = (WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM);
        let (highest, lowest) = (top + TOP, top + TOP + height);
        let across = |value: u64| tenths(LEFT * 10 + chart.x.along(value, width));
        let up = |value: u64| tenths(lowest * 10 - chart.y.along(value, height));
        self.text((&LEFT.to_string(), &(highest - 20).to_string()), "start", &chart.heading);
        for (value, name) in &chart.y.names {
            let at = up(*value);
            self.line((&LEFT.to_string(), &at), (&(WIDTH - RIGHT).to_string(), &at), GRID);
            self.text((&(LEFT - 8).to_string(), &at), "end", name);
        }
        for (value, name) in &chart.x.names {
            let at = across(*value);
            self.line((&at, &highest.to_string()), (&at, &lowest.to_string()), GRID);
            self.text((&at, &(lowest + 20).to_string()), "middle", name);
        }
        let mut beside = highest;
        let coloured = chart.curves.iter().filter(|curve| curve.look != Look::Dashed);
        let colours: Vec<&str> = COLOURS.iter().copied().cycle().take(coloured.count()).collect();
        let mut colours = colours.into_iter();
        for curve in &chart.curves {
            let points: Vec<_> = curve.points.iter().map(|(x, y)| (across(*x), up(*y))).collect();
            let colour = if curve.look == Look::Dashed { "#999" } else { colours.next().unwrap_or("black") };
            self.curve(&points, colour, curve.look);
            if !curve.name.is_empty() {
                self.name(&curve.name, colour, beside);
                beside += NAME_HEIGHT;
            }
        }
    }

    fn curve(&mut self, points: &[(String, String)], colour: &str, look: Look) {
        let along: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
        let style = match look {
            Look::Dashed => "stroke-dasharray=\"4 4\"",
            Look::Line | Look::Points => "stroke-width=\"2\"",
        };
        let along = along.join(" ");
        self.0
            .push_str(&format!("<polyline points=\"{along}\" fill=\"none\" stroke=\"{colour}\" {style}/>\n"));
        if look == Look::Points {
            for (x, y) in points {
                self.0.push_str(&format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"4\" fill=\"{colour}\"/>\n"));
            }
        }
    }

    fn name(&mut self, name: &str, colour: &str, at: u64) {
        let [from, to, text] = [12, 32, 38].map(|right| (WIDTH - RIGHT + right).to_string());
        let style = format!("stroke=\"{colour}\" stroke-width=\"2\"");
        self.line((&from, &at.to_string()), (&to, &at.to_string()), &style);
        self.text((&text, &(at + 4).to_string()), "start", name);
    }
}

fn tenths(value: u64) -> String {
    format!("{}.{}", value / 10, value % 10)
}
