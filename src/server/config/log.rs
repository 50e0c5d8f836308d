//! Keys of the log.

use std::time::Duration;

use tracing_subscriber::EnvFilter;

use crate::server::log::LogFormat;

use super::key::{Key, put, shown, whole, word};

/// Settings of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// How lines look.
    pub format: LogFormat,
    /// Which lines there are.
    pub filter: String,
    /// A call that takes longer is told.
    pub slow: Duration,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Plain, filter: "info".to_owned(), slow: Duration::from_millis(500) }
    }
}

fn filter(text: &str) -> Result<String, String> {
    let read = EnvFilter::try_new(text);
    read.map(|_| text.to_owned()).map_err(|error| {
        format!(
            "\"{text}\" is no filter: write error, warn, info, debug or trace, or quoin=debug,warn ({error})"
        )
    })
}

const FORMATS: [(&str, LogFormat); 2] =
    [(LogFormat::Plain.word(), LogFormat::Plain), (LogFormat::Json.word(), LogFormat::Json)];

pub(super) const KEYS: &[Key] = &[
    Key {
        path: "log.format",
        flag: "log",
        variable: "QUOIN_LOG_FORMAT",
        takes: "plain|json",
        about: "How log lines look",
        read: |config, text| put(&mut config.log.format, word(text, &FORMATS)),
        show: |config| shown(config.log.format.word()),
    },
    Key {
        path: "log.filter",
        flag: "log-filter",
        variable: "QUOIN_LOG",
        takes: "FILTER,...",
        about: "Which log lines there are: a level, or levels by part of the program",
        read: |config, text| put(&mut config.log.filter, filter(text)),
        show: |config| shown(&config.log.filter),
    },
    Key {
        path: "log.slow_ms",
        flag: "slow-ms",
        variable: "QUOIN_SLOW_MS",
        takes: "N",
        about: "A call that takes so many milliseconds is logged",
        read: |config, text| put(&mut config.log.slow, whole(text, 1, 86_400_000).map(Duration::from_millis)),
        show: |config| shown(config.log.slow.as_millis()),
    },
];
