//! How do files get into a running server? As one stream: a header, then each file in chunks.

use std::fs::File;
use std::io::Read;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::api::v1;
use crate::api::v1::import_request::Part;
use crate::api::v1::publication_service_client::PublicationServiceClient;
use crate::engine::import::ImportProgress;
use crate::exchange::source::{Format, Source};

use super::arguments::{Common, Import, ImportMode};
use super::ask;
use super::failure::{Failure, NOT_FOUND};
use super::progress::Shown;

/// Bytes of one message.
const CHUNK_BYTES: usize = 256 << 10;
/// Messages that wait for the network.
const MESSAGES_AHEAD: usize = 8;

type Parts = mpsc::Sender<v1::ImportRequest>;

/// Sends the files and gives the report.
pub fn run(
    common: &Common,
    address: &str,
    asked: &Import,
    sources: Vec<Source>,
) -> Result<v1::ImportReport, Failure> {
    let mode = match asked.mode {
        ImportMode::Delta => v1::ImportMode::Delta,
        ImportMode::Replace => v1::ImportMode::Replace,
    };
    let header = v1::ImportHeader {
        mode: mode.into(),
        dry_run: asked.dry_run,
        confirm: asked.confirm,
        request_id: asked.request_id.clone().unwrap_or_default(),
    };
    let (sender, receiver) = mpsc::channel(MESSAGES_AHEAD);
    let quiet = common.json;
    let reading = std::thread::spawn(move || read(header, &sources, &sender, quiet));
    let request = ask::request(common, ReceiverStream::new(receiver))?;
    let answered = ask::server(common, address, |channel| async {
        Ok(PublicationServiceClient::new(channel).import(request).await?.into_inner())
    });
    let read = reading.join().map_err(|_| Failure::new(NOT_FOUND, "the files could not be read"))?;
    // A file that can't be read ends the stream early: that is what is to be told, not what the server made of it.
    read?;
    Ok(answered?.report.unwrap_or_default())
}

fn read(header: v1::ImportHeader, sources: &[Source], parts: &Parts, quiet: bool) -> Result<(), Failure> {
    let progress = Shown::new(quiet);
    if !send(parts, Part::Header(header)) {
        return Ok(());
    }
    for source in sources {
        let gone =
            |error: std::io::Error| Failure::new(NOT_FOUND, format!("{}: {error}", source.path.display()));
        let mut file = File::open(&source.path).map_err(gone)?;
        progress.begin(&format!("sending {}", source.name), file.metadata().map_or(0, |data| data.len()));
        let format = match source.format {
            Format::Csv => v1::FileFormat::Csv,
            Format::Parquet => v1::FileFormat::Parquet,
        };
        let opening = v1::ImportFile {
            name: source.name.clone(),
            kind: source.kind.name().to_owned(),
            format: format.into(),
        };
        if !send(parts, Part::File(opening)) {
            return Ok(());
        }
        let mut sent = 0;
        loop {
            let mut chunk = Vec::with_capacity(CHUNK_BYTES);
            let most = u64::try_from(CHUNK_BYTES).unwrap_or(u64::MAX);
            let count = file.by_ref().take(most).read_to_end(&mut chunk).map_err(gone)?;
            if count == 0 {
                break;
            }
            sent += u64::try_from(count).unwrap_or(0);
            if !send(parts, Part::Chunk(Bytes::from(chunk))) {
                return Ok(());
            }
            progress.advance(sent);
        }
    }
    let files = u32::try_from(sources.len()).unwrap_or(u32::MAX);
    send(parts, Part::End(v1::ImportEnd { files }));
    progress.begin("the server imports", 0);
    Ok(())
}

/// False where nobody listens any more.
fn send(parts: &Parts, part: Part) -> bool {
    parts.blocking_send(v1::ImportRequest { part: Some(part) }).is_ok()
}
