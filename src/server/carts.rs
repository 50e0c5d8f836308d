//! How is `PriceCart` answered on its quick way? On the worker's own thread where rows are at hand; the clock runs along.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use hyper::body::Incoming;
use tokio::time::timeout;
use tonic::{Code, Status};

use crate::api::price_cart::{Framed, Quick, from_cache, from_disk};
use crate::engine::Engine;
use crate::engine::caller::Caller;

use super::connection::Shared;
use super::quick::{FRAME_HEADER_BYTES, message};
use super::traffic::admitted::Admitted;
use super::traffic::clock;
use super::traffic::paced::Paced;
use super::traffic::refusal::Refusal;

/// A cart that needs the disk waits no longer for a thread that may.
const THREAD_WAIT_MOST: Duration = Duration::from_millis(500);

/// Prices the cart of a request; gives the answer's frame.
pub async fn priced(
    shared: &Shared,
    caller: &Arc<Caller>,
    admitted: Admitted,
    body: Incoming,
) -> Result<Bytes, Refusal> {
    let link = Arc::clone(&admitted.call.link);
    let options = &link.traffic.options;
    let body = Paced::new(body, false, Arc::clone(&link));
    let message = message(body, options.message_in).await.map_err(Refusal::Status)?;
    let begun = clock::now();
    admitted.admit_message(begun, message.len())?;
    let answered = match from_cache(&shared.engine, caller, &message).map_err(Refusal::Status)? {
        Quick::Answer(answered) => {
            let now = clock::now();
            link.queue.priced(now, message.len(), now.saturating_sub(begun));
            answered
        }
        Quick::Cold => {
            shared.recorder.carts_cold.fetch_add(1, Ordering::Relaxed);
            cold(&shared.engine, caller, &admitted, message).await?
        }
    };
    admitted.charge(|| u64::try_from(answered.lines).unwrap_or(u64::MAX));
    if answered.frame.len() > options.message_out.saturating_add(FRAME_HEADER_BYTES) {
        let most = format!("the answer would have more than {} bytes", options.message_out);
        return Err(Refusal::Status(Status::new(Code::OutOfRange, most)));
    }
    Ok(link.sending(answered.frame))
}

/// Waits for rows from the disk where that stalls no other cart, unless it waited too long for its turn to do so.
async fn cold(
    engine: &Engine,
    caller: &Arc<Caller>,
    admitted: &Admitted,
    message: Bytes,
) -> Result<Framed, Refusal> {
    let (engine, caller) = (engine.clone(), Arc::clone(caller));
    let (asked, deadline) = (clock::now(), admitted.deadline);
    let most = clock::nanos(THREAD_WAIT_MOST);
    // More at once would be threads that wait for the same disk, each with memory of its own.
    let places = Arc::clone(&admitted.call.link.traffic.cold);
    let place = timeout(THREAD_WAIT_MOST, places.acquire_owned()).await.map_err(|_| Refusal::Overloaded)?;
    let work = tokio::task::spawn_blocking(move || {
        let _place = place;
        if clock::now().saturating_sub(asked) > most {
            return Err(Refusal::Overloaded);
        }
        deadline.check().map_err(Refusal::Status)?;
        from_disk(&engine, &caller, &message).map_err(Refusal::Status)
    });
    let broken = |error| Refusal::Status(Status::internal(format!("pricing broke off: {error}")));
    work.await.map_err(broken)?
}
