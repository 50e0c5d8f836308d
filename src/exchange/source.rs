//! Which files make up an import, and of what kind and format is each?

use std::path::{Path, PathBuf};

use super::kind::Kind;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Comma- or semicolon-separated text.
    Csv,
    /// Apache Parquet.
    Parquet,
}

/// A file of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What reports call it.
    pub name: String,
    /// What is in it.
    pub kind: Kind,
    /// How it is written.
    pub format: Format,
    /// Where it is.
    pub path: PathBuf,
}

/// Why a path is no source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// The name begins with no kind.
    #[error("{file}: the name begins with no kind of file: name it as in prices-2026.csv, or state the kind")]
    UnknownKind {
        /// The file's name.
        file: String,
    },
    /// Neither `.csv` nor `.parquet`.
    #[error("{file}: is neither .csv nor .parquet")]
    UnknownFormat {
        /// The file's name.
        file: String,
    },
    /// The system would not list or find it.
    #[error("{path}: {reason}")]
    Io {
        /// The path.
        path: String,
        /// The system's words.
        reason: String,
    },
    /// A folder without a file to import.
    #[error("{path}: holds no .csv or .parquet file")]
    NothingThere {
        /// The folder.
        path: String,
    },
}

impl Format {
    /// The format that a file's extension states, in capitals or not.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?;
        if extension.eq_ignore_ascii_case("csv") {
            Some(Self::Csv)
        } else if extension.eq_ignore_ascii_case("parquet") {
            Some(Self::Parquet)
        } else {
            None
        }
    }

    /// The extension.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// A cart beside the files of an import: what `quoin price` reads.
const CART: &str = "cart.csv";

impl Source {
    /// A file whose name states kind and format.
    ///
    /// # Errors
    /// What the name lacks.
    pub fn of_path(path: &Path) -> Result<Self, SourceError> {
        let file = file_name(path);
        match Kind::of_file_name(&file) {
            Some(kind) => Self::of_kind(path, kind),
            None => Err(SourceError::UnknownKind { file }),
        }
    }

    /// A file of a stated kind whose name states the format.
    ///
    /// # Errors
    /// [`SourceError::UnknownFormat`].
    pub fn of_kind(path: &Path, kind: Kind) -> Result<Self, SourceError> {
        let name = file_name(path);
        match Format::of_path(path) {
            Some(format) => Ok(Self { name, kind, format, path: path.to_owned() }),
            None => Err(SourceError::UnknownFormat { file: name }),
        }
    }

    /// Files and folders (their `.csv` and `.parquet` files, not those of folders below, and not `cart.csv`, which is
    /// there to be priced) as sources in import order: by kind, then by name.
    ///
    /// # Errors
    /// The first path that is no source.
    pub fn of_paths<P: AsRef<Path>>(
        paths: impl IntoIterator<Item = P>,
        kind: Option<Kind>,
    ) -> Result<Vec<Self>, SourceError> {
        let make = |path: &Path| match kind {
            Some(kind) => Self::of_kind(path, kind),
            None => Self::of_path(path),
        };
        let mut sources = Vec::new();
        for path in paths {
            let path = path.as_ref();
            let io = |error: std::io::Error| SourceError::Io {
                path: path.display().to_string(),
                reason: error.to_string(),
            };
            if !path.metadata().map_err(io)?.is_dir() {
                sources.push(make(path)?);
                continue;
            }
            let before = sources.len();
            for entry in path.read_dir().map_err(io)? {
                let inside = entry.map_err(io)?.path();
                if inside.is_file() && Format::of_path(&inside).is_some() && file_name(&inside) != CART {
                    sources.push(make(&inside)?);
                }
            }
            if sources.len() == before {
                return Err(SourceError::NothingThere { path: path.display().to_string() });
            }
        }
        sources.sort_by(|a, b| (a.kind, &a.name, &a.path).cmp(&(b.kind, &b.name, &b.path)));
        Ok(sources)
    }
}
