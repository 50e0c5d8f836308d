//! What does plain tonic cost for the same messages? A service that decodes a cart, builds a ready-made answer of as
//! many lines, and encodes it.
//!
//! It runs as quoin runs: the same allocator (the bench binary's), a current-thread runtime and SO_REUSEPORT listener a
//! worker, TCP_NODELAY and windows as the server has them. It has no quick way: tonic's server, router and prost codec.

use std::net::SocketAddr;
use std::time::Duration;

use quoin::api::v1;
use quoin::api::v1::pricing_service_server::{PricingService, PricingServiceServer};
use quoin::server::listen;
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tonic::{Request, Response, Status};

/// The argument that turns the bench binary into this service: `--echo-server ADDR WORKERS`.
pub const ARGUMENT: &str = "--echo-server";

/// Figures of a line as large as real ones.
const UNIT_PRICE_MICROS: i64 = 1_234_560_000;
const LIST_UNIT_PRICE_MICROS: i64 = 1_345_670_000;

/// The service.
#[derive(Debug, Clone, Copy, Default)]
pub struct Echo;

fn answer(request: &v1::PriceCartRequest) -> v1::PriceCartResponse {
    v1::PriceCartResponse {
        publication: 1,
        position: 1,
        currency: "EUR".to_owned(),
        pricing_at: Some(prost_types::Timestamp { seconds: 1_790_000_000, nanos: 0 }),
        total: "123456.00".to_owned(),
        list_total: "134567.00".to_owned(),
        lines: request
            .lines
            .iter()
            .map(|line| v1::PricedLine {
                id: line.id.clone(),
                status: v1::LineStatus::Priced.into(),
                unit_price_micros: UNIT_PRICE_MICROS,
                amount_micros: UNIT_PRICE_MICROS.saturating_mul(line.quantity_micros / 1_000_000),
                list_unit_price_micros: LIST_UNIT_PRICE_MICROS,
                ..v1::PricedLine::default()
            })
            .collect(),
        ..v1::PriceCartResponse::default()
    }
}

#[tonic::async_trait]
impl PricingService for Echo {
    async fn price_cart(
        &self,
        request: Request<v1::PriceCartRequest>,
    ) -> Result<Response<v1::PriceCartResponse>, Status> {
        Ok(Response::new(answer(request.get_ref())))
    }

    async fn price_carts(
        &self,
        _: Request<v1::PriceCartsRequest>,
    ) -> Result<Response<v1::PriceCartsResponse>, Status> {
        Err(Status::unimplemented("the echo answers PriceCart alone"))
    }

    type ListPricesStream = ReceiverStream<Result<v1::ListPricesResponse, Status>>;

    async fn list_prices(
        &self,
        _: Request<v1::ListPricesRequest>,
    ) -> Result<Response<Self::ListPricesStream>, Status> {
        Err(Status::unimplemented("the echo answers PriceCart alone"))
    }

    async fn explain(&self, _: Request<v1::ExplainRequest>) -> Result<Response<v1::ExplainResponse>, Status> {
        Err(Status::unimplemented("the echo answers PriceCart alone"))
    }
}

/// Serves until the process is ended. Prints `serving` once every worker listens.
pub fn serve(address: SocketAddr, workers: usize) {
    let (ready, started) = std::sync::mpsc::channel();
    let threads: Vec<_> = (0..workers.max(1))
        .map(|_| {
            let ready = ready.clone();
            std::thread::spawn(move || work(address, &ready))
        })
        .collect();
    for _ in &threads {
        started.recv().unwrap();
    }
    println!("serving");
    for thread in threads {
        thread.join().unwrap();
    }
}

fn work(address: SocketAddr, ready: &std::sync::mpsc::Sender<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = listen::shared(address).unwrap();
        ready.send(()).unwrap();
        let accepted = at_once::nodelay(TcpListenerStream::new(listener));
        tonic::transport::Server::builder()
            .initial_stream_window_size(1 << 20)
            .initial_connection_window_size(8 << 20)
            .max_concurrent_streams(1_024)
            .http2_keepalive_interval(Some(Duration::from_secs(60)))
            .add_service(PricingServiceServer::new(Echo).max_decoding_message_size(8 << 20))
            .serve_with_incoming(accepted)
            .await
            .unwrap();
    });
}

mod at_once {
    //! Sets TCP_NODELAY on what a listener accepts.

    use std::io;

    use tokio::net::TcpStream;
    use tokio_stream::{Stream, StreamExt};

    pub(super) fn nodelay(
        accepted: impl Stream<Item = io::Result<TcpStream>>,
    ) -> impl Stream<Item = io::Result<TcpStream>> {
        accepted.map(|stream| {
            let stream = stream?;
            stream.set_nodelay(true)?;
            Ok(stream)
        })
    }
}
