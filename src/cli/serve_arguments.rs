//! Which flags has `quoin serve`? Those of the table of settings; none is written down a second time.

use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::server::config::{self, Key, Shown, Stated};

/// The prefix of all variables.
const PREFIX: &str = "QUOIN_";

/// A flag that every command has, and so is not added again.
const COMMON: &str = "data";

/// What the flags of `serve` and `check-config` say: texts, each read by its key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    file: Option<PathBuf>,
    flags: Vec<(&'static str, String)>,
}

impl Settings {
    /// These, and the variables of this process's environment.
    pub fn stated(&self) -> Stated {
        let text = |word: std::ffi::OsString| word.to_string_lossy().into_owned();
        let variables = std::env::vars_os().map(|(name, value)| (text(name), text(value)));
        Stated {
            file: self.file.clone(),
            flags: self.flags.clone(),
            variables: variables.filter(|(name, _)| name.starts_with(PREFIX)).collect(),
        }
    }
}

fn flag_of(key: &'static Key) -> Arg {
    let default = match (key.show)(&config::Config::default()) {
        Shown::Value(value) => format!(" [default: {value}]"),
        Shown::Nothing | Shown::Secret => String::new(),
    };
    let flag = Arg::new(key.flag)
        .long(key.flag)
        .value_name(key.takes)
        .help_heading(key.group())
        .help(format!("{}{default} [env: {}]", key.about, key.variable));
    match key.takes {
        "true|false" => flag.num_args(0..=1).require_equals(true).default_missing_value("true"),
        _ if key.is_list() => flag.action(ArgAction::Append),
        _ => flag,
    }
}

impl clap::Args for Settings {
    fn augment_args(command: Command) -> Command {
        let file = Arg::new("config")
            .long("config")
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .help("Read settings from a file (docs/CONFIGURATION.md) [env: QUOIN_CONFIG]");
        let flags = config::keys().filter(|key| key.flag != COMMON).map(flag_of);
        command.arg(file).args(flags)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl clap::FromArgMatches for Settings {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let said = |flag: &str| matches.value_source(flag) == Some(ValueSource::CommandLine);
        let mut flags = Vec::new();
        for key in config::keys().filter(|key| said(key.flag)) {
            let text = match key.flag {
                COMMON => matches.get_one::<PathBuf>(COMMON).map(|path| path.to_string_lossy().into_owned()),
                flag => {
                    matches.get_many::<String>(flag).map(|texts| texts.cloned().collect::<Vec<_>>().join(","))
                }
            };
            flags.extend(text.map(|text| (key.flag, text)));
        }
        Ok(Self { file: matches.get_one::<PathBuf>("config").cloned(), flags })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
