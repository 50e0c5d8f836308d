//! How do generated data become files? The canonical files of docs/FORMATS.md, in one folder, list by list.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::exchange::source::Format;
use crate::exchange::write::PriceWriter;

use super::options::{GenerateOptions, OptionsError};
use super::price_rows::{PriceRows, PriceSink};
use super::prices_csv::CsvPrices;
use super::tables::Table;
use super::{GeneratedCell, Generator};

/// The file of the prices; the other kinds are always CSV.
fn prices_file(format: Format) -> &'static str {
    match format {
        Format::Csv => "prices.csv",
        Format::Parquet => "prices.parquet",
    }
}

/// How far the writing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Price lists written.
    pub lists: u32,
    /// Price lists in all.
    pub lists_total: u32,
    /// Price points written.
    pub points: u64,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenFile {
    /// Where.
    pub path: PathBuf,
    /// Rows below the header.
    pub rows: u64,
}

/// Why no folder was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// An option that cannot be met.
    #[error(transparent)]
    Options(#[from] OptionsError),
    /// A file of that name is there; it would be imported together with the new ones, or lost.
    #[error("{} is there already: write into another folder, or remove it", .0.display())]
    Exists(PathBuf),
    /// The folder or a file in it cannot be written.
    #[error("{}: {reason}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

fn io_error(path: &Path) -> impl Fn(&dyn std::fmt::Display) -> WriteError + '_ {
    |reason| WriteError::Io { path: path.to_owned(), reason: reason.to_string() }
}

/// Writes everything that the options stand for into a folder, which is made where it is missing. Returns the files
/// in the order in which they name one another, prices last.
///
/// # Errors
/// [`WriteError`]; what was written till then stays.
pub fn write_folder(
    folder: &Path,
    format: Format,
    options: &GenerateOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<WrittenFile>, WriteError> {
    let generator = Generator::new(options.clone())?;
    let mut written = write_tables(folder, &generator)?;
    written.push(write_prices(folder.join(prices_file(format)), format, &generator, progress)?);
    Ok(written)
}

/// Writes everything but the prices, as [`write_folder`] does.
///
/// # Errors
/// [`WriteError`]; what was written till then stays.
pub fn write_tables(folder: &Path, generator: &Generator) -> Result<Vec<WrittenFile>, WriteError> {
    fs::create_dir_all(folder).map_err(|error| io_error(folder)(&error))?;
    let tables = generator.tables();
    let names = tables.iter().map(|table| format!("{}.csv", table.kind));
    let all = names.chain([Format::Csv, Format::Parquet].map(|format| prices_file(format).to_owned()));
    if let Some(path) = all.map(|name| folder.join(name)).find(|path| path.exists()) {
        return Err(WriteError::Exists(path));
    }
    tables.into_iter().map(|table| write_table(folder, table)).collect()
}

fn write_table(folder: &Path, table: Table<'_>) -> Result<WrittenFile, WriteError> {
    let path = folder.join(format!("{}.csv", table.kind));
    let mut rows = 0;
    let write = || -> Result<(), csv::Error> {
        let mut out = csv::WriterBuilder::new().from_writer(BufWriter::new(File::create_new(&path)?));
        out.write_record(table.columns)?;
        for row in table.rows {
            out.write_record(&row)?;
            rows += 1;
        }
        out.flush().map_err(csv::Error::from)
    };
    write().map_err(|error| io_error(&path)(&error))?;
    Ok(WrittenFile { path, rows })
}

fn write_prices(
    path: PathBuf,
    format: Format,
    generator: &Generator,
    progress: &mut dyn FnMut(Progress),
) -> Result<WrittenFile, WriteError> {
    let rows = write_rows(&path, format, generator, progress).map_err(|error| io_error(&path)(&error))?;
    Ok(WrittenFile { path, rows })
}

fn write_rows(
    path: &Path,
    format: Format,
    generator: &Generator,
    progress: &mut dyn FnMut(Progress),
) -> io::Result<u64> {
    match format {
        Format::Csv => {
            let out = BufWriter::with_capacity(1 << 20, File::create_new(path)?);
            stream_prices(generator, out, progress)
        }
        Format::Parquet => {
            let mut out = PriceWriter::create(path, format).map_err(io::Error::other)?;
            put_all(generator, &mut out, progress).map_err(io::Error::other)?;
            out.finish().map_err(io::Error::other)
        }
    }
}

fn put_all<S: PriceSink>(
    generator: &Generator,
    sink: &mut S,
    progress: &mut dyn FnMut(Progress),
) -> Result<u64, S::Error> {
    let rows = PriceRows::new(generator);
    let mut cells: Vec<GeneratedCell> = Vec::new();
    let mut done = Progress { lists_total: generator.list_count(), ..Progress::default() };
    progress(done);
    for list in generator.lists() {
        generator.cells_of_list(list.number, &mut cells);
        done.points += rows.put_list(&list.code, &cells, sink)?;
        done.lists += 1;
        progress(done);
    }
    Ok(done.points)
}

/// Writes all prices as CSV to anything: a pipe, a socket, a server's upload.
///
/// # Errors
/// What the writer reports.
pub fn stream_prices(
    generator: &Generator,
    out: impl Write,
    progress: &mut dyn FnMut(Progress),
) -> io::Result<u64> {
    let mut sink = CsvPrices::new(out, generator.options.mode)?;
    let rows = put_all(generator, &mut sink, progress)?;
    sink.finish()?;
    Ok(rows)
}
