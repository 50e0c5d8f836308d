//! How does work that waits or takes its time leave the threads alone that answer carts?

use tokio::sync::Semaphore;
use tonic::Status;

/// What waits aside at once. Each keeps a thread, and with it what the allocator keeps for a thread, for good: were there as many
/// as calls, a moment in which the disk stands still would cost hundreds of megabytes.
const ASIDE_AT_ONCE: usize = 24;

static PLACES: Semaphore = Semaphore::const_new(ASIDE_AT_ONCE);

/// How much less a processor's time counts for long work: carts come first wherever both want it.
const NICENESS: i32 = 19;

/// Does work that waits for the disk off the runtime's thread. It goes on where the caller goes.
///
/// # Errors
/// INTERNAL where the work panicked.
pub(super) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Status> {
    let place = PLACES.acquire().await;
    on_a_thread(move || {
        let _place = place;
        work()
    })
    .await
}

async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Status> {
    let ended = tokio::task::spawn_blocking(work).await;
    ended.map_err(|error| Status::internal(format!("the call broke off: {error}")))
}

/// Does work that may take seconds of processors' time, on a thread that gives way to others; so do those that it starts.
///
/// # Errors
/// INTERNAL where the work panicked, or its thread did not start.
pub(super) async fn long<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Status> {
    // The runtime's own thread waits for it meanwhile, since it is these that are waited for when the service stops.
    let ended = on_a_thread(|| {
        let thread = std::thread::Builder::new().name("quoin-long".to_owned());
        let started = thread.spawn(|| {
            // Linux has a niceness for each thread. A thread that may not give way works all the same.
            if let Err(error) = rustix::process::nice(NICENESS) {
                tracing::debug!(%error, "long work does not give way");
            }
            work()
        });
        started.map(std::thread::JoinHandle::join)
    });
    match ended.await? {
        Ok(Ok(outcome)) => Ok(outcome),
        Ok(Err(_)) => Err(Status::internal("the call broke off: its thread panicked")),
        Err(error) => Err(Status::internal(format!("the call was not begun: {error}"))),
    }
}
