//! `quoin quote watch`: what happens to quotes, told line by line until there is no more of it.

use std::pin::pin;

use tonic::Status;

use crate::api::quote_watch::kept;
use crate::api::v1;
use crate::api::v1::quote_service_client::QuoteServiceClient;
use crate::cli::arguments::Common;
use crate::cli::failure::{Failure, UNAVAILABLE, USAGE};
use crate::cli::{Outcome, ask, output};

use super::arguments::Watch;
use super::{json, report};

/// Runs it.
pub(super) fn run(common: &Common, asked: &Watch) -> Outcome {
    let message = v1::WatchQuotesRequest { contract: asked.contract.clone(), after_position: asked.after };
    let mut telling = Telling { json: common.json, left: asked.most, told: asked.after };
    match &asked.server {
        Some(address) => at_server(common, address, message, &mut telling),
        None => in_folder(common, message, &mut telling),
    }
}

/// How events are told, and how far that has come.
struct Telling {
    json: bool,
    /// How many more are to be told; all where none.
    left: Option<u64>,
    /// The position of what was told last.
    told: Option<u64>,
}

impl Telling {
    /// Tells an event at once. Is another one wanted?
    fn tell(&mut self, event: &v1::QuoteEvent) -> Result<bool, Failure> {
        let line = if self.json { format!("{}\n", json::event(event)) } else { report::event(event) };
        let heard = output::heard(&line)?;
        self.told = Some(event.position);
        self.left = self.left.map(|left| left.saturating_sub(1));
        Ok(heard && self.left != Some(0))
    }

    /// The server ended before anybody asked it to.
    fn broken_off(&self, address: &str) -> Failure {
        let rest = self.told.map(|told| format!("; --after {told} goes on behind what was told last"));
        Failure::new(UNAVAILABLE, format!("{address} has ended{}", rest.unwrap_or_default()))
    }
}

/// Tells what a folder has kept: nothing more comes while no server has it.
fn in_folder(common: &Common, mut asked: v1::WatchQuotesRequest, telling: &mut Telling) -> Outcome {
    let Some(mut after) = asked.after_position else {
        let news = "nothing happens in a folder that no server has open";
        let instead = "--server ADDRESS watches a running server, --after 0 tells all that was kept";
        return Err(Failure::new(USAGE, format!("{news}: {instead}")));
    };
    let (caller, engine) = (ask::caller(common)?, ask::folder(common, false)?);
    loop {
        let (events, upto) = kept(&engine, &caller, &asked)?;
        for event in &events {
            if !telling.tell(event)? {
                return Ok(());
            }
        }
        if upto.0 <= after {
            return Ok(());
        }
        after = upto.0;
        asked.after_position = Some(after);
    }
}

/// Tells what a server says, until it has been enough, Ctrl-C, or the server ends.
fn at_server(
    common: &Common,
    address: &str,
    message: v1::WatchQuotesRequest,
    telling: &mut Telling,
) -> Outcome {
    let request = ask::request(common, message)?;
    ask::server(common, address, |channel| async move {
        let mut client = QuoteServiceClient::new(channel);
        let mut events = client.watch_quotes(request).await?.into_inner();
        let mut interrupted = pin!(tokio::signal::ctrl_c());
        loop {
            let next = tokio::select! {
                next = events.message() => next,
                heard = &mut interrupted => {
                    return Ok(heard.map_err(|error| Failure::new(UNAVAILABLE, format!("Ctrl-C: {error}"))));
                }
            };
            let event = match next {
                Ok(next) => next.and_then(|next| next.event),
                Err(status) if is_gone(&status) => None,
                Err(status) => return Err(status),
            };
            let Some(event) = event else { return Ok(Err(telling.broken_off(address))) };
            match telling.tell(&event) {
                Ok(true) => {}
                Ok(false) => return Ok(Ok(())),
                Err(failure) => return Ok(Err(failure)),
            }
        }
    })?
}

/// Does a status come of a connection that broke, or of a server that stops, and not of what was asked?
fn is_gone(status: &Status) -> bool {
    status.code() == tonic::Code::Unavailable || std::error::Error::source(status).is_some()
}
