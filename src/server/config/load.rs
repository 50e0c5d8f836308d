//! What holds in the end, where does it come from, and what is wrong? Layer over layer, and all faults together.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::nearest::nearest;
use super::{Config, Key, contradictions, file, keys};

/// The variable that names a file where no flag does.
pub const FILE_VARIABLE: &str = "QUOIN_CONFIG";

/// Where a setting comes from; what says something later is greater.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// It is built in.
    Default,
    /// A file, and the line.
    File(PathBuf, usize),
    /// A variable of the environment.
    Variable(&'static str),
    /// A flag of the command.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => out.write_str("default"),
            Self::File(path, line) => write!(out, "{}:{line}", path.display()),
            Self::Variable(name) => out.write_str(name),
            Self::Flag(name) => write!(out, "--{name}"),
        }
    }
}

/// Something that is wrong: where, and what is to be mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// File and line, variable or flag.
    pub place: String,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.place, self.what)
    }
}

/// What was stated, but for the file's own content.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stated {
    /// The file that a flag names.
    pub file: Option<PathBuf>,
    /// Flags and their values.
    pub flags: Vec<(&'static str, String)>,
    /// Variables that begin with `QUOIN_`.
    pub variables: BTreeMap<String, String>,
}

/// Settings, and where each comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// What holds.
    pub config: Config,
    /// Where each comes from, key by key.
    pub origins: Vec<(&'static str, Origin)>,
    /// What is odd, and no error: variables that nothing reads.
    pub warnings: Vec<Fault>,
}

impl Loaded {
    /// Where a key's setting comes from.
    #[must_use]
    pub fn origin(&self, path: &str) -> &Origin {
        self.origins.iter().find(|(of, _)| *of == path).map_or(&Origin::Default, |(_, origin)| origin)
    }
}

/// Puts the layers together.
///
/// # Errors
/// Everything that is wrong, in the order of the layers.
pub fn load(stated: &Stated) -> Result<Loaded, Vec<Fault>> {
    let mut loading = Loading {
        loaded: Loaded {
            config: Config::default(),
            origins: keys().map(|key| (key.path, Origin::Default)).collect(),
            warnings: Vec::new(),
        },
        faults: Vec::new(),
        unread: Vec::new(),
    };
    let file = stated.file.clone().or_else(|| stated.variables.get(FILE_VARIABLE).map(PathBuf::from));
    if let Some(path) = file {
        loading.file(&path);
    }
    loading.variables(&stated.variables);
    for (flag, text) in &stated.flags {
        if let Some(key) = keys().find(|key| key.flag == *flag) {
            loading.set(key, text, Origin::Flag(key.flag));
        }
    }
    loading.contradictions();
    if loading.faults.is_empty() { Ok(loading.loaded) } else { Err(loading.faults) }
}

struct Loading {
    loaded: Loaded,
    faults: Vec<Fault>,
    /// Keys that some layer says something about that is not right: nobody knows what they were to be.
    unread: Vec<&'static str>,
}

impl Loading {
    fn set(&mut self, key: &'static Key, text: &str, origin: Origin) {
        match (key.read)(&mut self.loaded.config, text) {
            Ok(()) => {
                if let Some((_, of)) = self.loaded.origins.iter_mut().find(|(path, _)| *path == key.path) {
                    *of = origin;
                }
            }
            Err(what) => self.wrong(key, &what, &origin),
        }
    }

    fn wrong(&mut self, key: &'static Key, what: &str, origin: &Origin) {
        self.unread.push(key.path);
        self.faults.push(Fault { place: origin.to_string(), what: format!("{}: {what}", key.path) });
    }

    /// Says what is wrong with several keys together, in the place that said something last.
    fn contradictions(&mut self) {
        for contradiction in contradictions::of(&self.loaded.config) {
            let keys = contradiction.keys;
            if keys.iter().any(|path| self.unread.contains(path)) {
                continue;
            }
            let last = keys.iter().map(|path| self.loaded.origin(path)).max().unwrap_or(&Origin::Default);
            let what = format!("{}: {}", keys.first().unwrap_or(&""), contradiction.what);
            self.faults.push(Fault { place: last.to_string(), what });
        }
    }

    fn file(&mut self, path: &Path) {
        let at = |line: usize| format!("{}:{line}", path.display());
        let text = match std::fs::read(path).map(String::from_utf8) {
            Ok(Ok(text)) => text,
            Ok(Err(_)) => {
                let what = "the file is not UTF-8".to_owned();
                return self.faults.push(Fault { place: path.display().to_string(), what });
            }
            Err(error) => {
                let what = format!("can't be read: {error}");
                return self.faults.push(Fault { place: path.display().to_string(), what });
            }
        };
        let (entries, wrong) = file::read(&text);
        let mut faults: Vec<(usize, String)> = wrong;
        for entry in entries {
            match keys().find(|key| key.path == entry.path) {
                Some(key) => {
                    let before = self.faults.len();
                    let origin = Origin::File(path.to_owned(), entry.line);
                    match entry.is_list && !key.is_list() {
                        true => self.wrong(key, "takes one value, and this is a list", &origin),
                        false => self.set(key, &entry.text, origin),
                    }
                    faults.extend(self.faults.drain(before..).map(|fault| (entry.line, fault.what)));
                }
                None => faults.push((entry.line, unknown(&entry.path, keys().map(|key| key.path)))),
            }
        }
        faults.sort_by_key(|(line, _)| *line);
        self.faults.extend(faults.into_iter().map(|(line, what)| Fault { place: at(line), what }));
    }

    fn variables(&mut self, variables: &BTreeMap<String, String>) {
        for (name, text) in variables.iter().filter(|(name, _)| *name != FILE_VARIABLE) {
            match keys().find(|key| key.variable == name) {
                Some(key) => self.set(key, text, Origin::Variable(key.variable)),
                // Not an error: a cluster sets variables by the names of its services, and this one may be called quoin.
                None => {
                    let what = unknown(name, keys().map(|key| key.variable));
                    self.loaded.warnings.push(Fault { place: name.clone(), what });
                }
            }
        }
    }
}

fn unknown<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> String {
    match nearest(name, known) {
        Some(near) => format!("{name} is unknown; {near} is the nearest that is known"),
        None => format!("{name} is unknown; docs/CONFIGURATION.md has all keys"),
    }
}
