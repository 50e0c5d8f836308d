//! How are figures written so that Prometheus reads them? Its text format, version 0.0.4. Seconds are written from whole
//! nanoseconds, so that no float comes in between.

use std::fmt::{Display, Write};
use std::time::Duration;

use crate::engine::counts::{BOUNDS_US, DurationCounts};

/// The content type of a page.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A page in the making.
#[derive(Debug, Default)]
pub struct Page(String);

/// A metric of a page: its samples share name, kind and help.
pub struct Metric<'p> {
    page: &'p mut String,
    name: &'static str,
}

impl Page {
    /// Begins a counter.
    pub fn counter(&mut self, name: &'static str, help: &str) -> Metric<'_> {
        self.begin(name, "counter", help)
    }

    /// Begins a gauge.
    pub fn gauge(&mut self, name: &'static str, help: &str) -> Metric<'_> {
        self.begin(name, "gauge", help)
    }

    /// Begins a histogram.
    pub fn histogram(&mut self, name: &'static str, help: &str) -> Metric<'_> {
        self.begin(name, "histogram", help)
    }

    fn begin(&mut self, name: &'static str, kind: &str, help: &str) -> Metric<'_> {
        push(&mut self.0, format_args!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
        Metric { page: &mut self.0, name }
    }

    /// The page.
    pub fn text(self) -> String {
        self.0
    }
}

impl Metric<'_> {
    /// Adds a sample without labels.
    pub fn value(&mut self, value: impl Display) -> &mut Self {
        self.of(&[], value)
    }

    /// Adds a sample.
    pub fn of(&mut self, labels: &[(&str, &str)], value: impl Display) -> &mut Self {
        self.sample("", labels, value)
    }

    /// Adds the samples of a histogram.
    pub fn durations(&mut self, labels: &[(&str, &str)], counts: &DurationCounts) -> &mut Self {
        let mut so_far = 0_u64;
        let bounds = BOUNDS_US.iter().map(|bound| seconds(Duration::from_micros(*bound)));
        let bounds = bounds.map(|bound| trimmed(&bound)).chain(["+Inf".to_owned()]);
        for (bound, count) in bounds.zip(counts.buckets) {
            so_far = so_far.wrapping_add(count);
            self.sample("_bucket", &[labels, &[("le", bound.as_str())]].concat(), so_far);
        }
        self.sample("_sum", labels, seconds(Duration::from_nanos(counts.nanos)));
        self.sample("_count", labels, so_far)
    }

    fn sample(&mut self, suffix: &str, labels: &[(&str, &str)], value: impl Display) -> &mut Self {
        push(self.page, format_args!("{}{suffix}", self.name));
        for (place, (name, value)) in labels.iter().enumerate() {
            let opening = if place == 0 { '{' } else { ',' };
            let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            push(self.page, format_args!("{opening}{name}=\"{value}\""));
        }
        if !labels.is_empty() {
            self.page.push('}');
        }
        push(self.page, format_args!(" {value}\n"));
        self
    }
}

/// A duration as a decimal number of seconds.
pub fn seconds(duration: Duration) -> String {
    format!("{}.{:09}", duration.as_secs(), duration.subsec_nanos())
}

fn trimmed(number: &str) -> String {
    number.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn push(page: &mut String, text: std::fmt::Arguments<'_>) {
    let _never_fails = page.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::Page;
    use crate::engine::counts::Durations;
    use std::time::Duration;

    #[test]
    fn pages_are_as_prometheus_reads_them() {
        let durations = Durations::default();
        durations.record(Duration::from_micros(30));
        durations.record(Duration::from_millis(1_500));
        let mut page = Page::default();
        page.gauge("a", "First.").value(7).of(&[("b", "x\"y\\"), ("c", "")], -1);
        page.histogram("d_seconds", "Second.").durations(&[("m", "M")], &durations.counted());
        let text = page.text();
        let expected = "# HELP a First.\n# TYPE a gauge\na 7\na{b=\"x\\\"y\\\\\",c=\"\"} -1\n# HELP d_seconds Second.\n\
            # TYPE d_seconds histogram\nd_seconds_bucket{m=\"M\",le=\"0.000025\"} 0\nd_seconds_bucket{m=\"M\",le=\"0.00005\"} 1\n";
        assert!(text.starts_with(expected), "{text}");
        for line in [
            "d_seconds_bucket{m=\"M\",le=\"1\"} 1\n",
            "d_seconds_bucket{m=\"M\",le=\"2.5\"} 2\n",
            "d_seconds_bucket{m=\"M\",le=\"600\"} 2\n",
            "d_seconds_bucket{m=\"M\",le=\"+Inf\"} 2\n",
            "d_seconds_sum{m=\"M\"} 1.500030000\n",
            "d_seconds_count{m=\"M\"} 2\n",
        ] {
            assert!(text.contains(line), "{line}{text}");
        }
    }
}
