//! A server that is none: it has a catalogue of its own, counts what it is asked, and stalls or refuses as it is told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use quoin::api::v1;
use quoin::api::v1::catalogue_service_server::{CatalogueService, CatalogueServiceServer};
use quoin::api::v1::pricing_service_server::{PricingService, PricingServiceServer};
use tokio::sync::oneshot;
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tonic::{Request, Response, Status};

type Answer<T> = Result<Response<T>, Status>;

/// How it behaves.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// From the first cart on, after so long, it answers nobody for so long.
    pub stall: Option<(Duration, Duration)>,
    /// Every cart with a number that this divides is refused for too much.
    pub refuses: Option<usize>,
    pub contracts: usize,
}

/// What it was asked.
#[derive(Debug, Default, Clone)]
pub struct Asked {
    pub begun: Option<Instant>,
    /// Lines of each cart.
    pub sizes: Vec<usize>,
    pub by_contract: BTreeMap<String, usize>,
    pub with_deadline: usize,
}

#[derive(Clone)]
struct Fake {
    manner: Manner,
    asked: Arc<Mutex<Asked>>,
}

/// It runs until dropped.
pub struct Running {
    pub address: String,
    asked: Arc<Mutex<Asked>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Running {
    pub fn start(manner: Manner) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        listener.set_nonblocking(true).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let asked = Arc::new(Mutex::new(Asked::default()));
        let fake = Fake { manner, asked: Arc::clone(&asked) };
        let thread = std::thread::spawn(move || {
            crate::wire::server::block_on(async {
                let accepted = TcpListenerStream::new(tokio::net::TcpListener::from_std(listener).unwrap());
                tonic::transport::Server::builder()
                    .add_service(PricingServiceServer::new(fake.clone()))
                    .add_service(CatalogueServiceServer::new(fake))
                    .serve_with_incoming_shutdown(accepted, async { drop(stopped.await) })
                    .await
                    .unwrap();
            });
        });
        Self { address, asked, stop: Some(stop), thread: Some(thread) }
    }

    pub fn asked(&self) -> Asked {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        let _ended = self.thread.take().unwrap().join();
    }
}

#[tonic::async_trait]
impl PricingService for Fake {
    async fn price_cart(&self, request: Request<v1::PriceCartRequest>) -> Answer<v1::PriceCartResponse> {
        let (number, begun) = {
            let mut asked = self.asked.lock().unwrap();
            asked.with_deadline += usize::from(request.metadata().contains_key("grpc-timeout"));
            let cart = request.get_ref();
            asked.sizes.push(cart.lines.len());
            *asked.by_contract.entry(cart.contract.clone()).or_default() += 1;
            (asked.sizes.len(), *asked.begun.get_or_insert_with(Instant::now))
        };
        if self.manner.refuses.is_some_and(|nth| number % nth == 0) {
            return Err(Status::resource_exhausted("too much"));
        }
        if let Some((after, long)) = self.manner.stall {
            let over = begun + after + long;
            if begun.elapsed() >= after && Instant::now() < over {
                tokio::time::sleep_until(over.into()).await;
            }
        }
        Ok(Response::new(v1::PriceCartResponse::default()))
    }

    async fn price_carts(&self, _: Request<v1::PriceCartsRequest>) -> Answer<v1::PriceCartsResponse> {
        Err(Status::unimplemented("not asked for"))
    }

    type ListPricesStream = ReceiverStream<Result<v1::ListPricesResponse, Status>>;

    async fn list_prices(&self, _: Request<v1::ListPricesRequest>) -> Answer<Self::ListPricesStream> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn explain(&self, _: Request<v1::ExplainRequest>) -> Answer<v1::ExplainResponse> {
        Err(Status::unimplemented("not asked for"))
    }
}

#[tonic::async_trait]
impl CatalogueService for Fake {
    async fn list_contracts(
        &self,
        request: Request<v1::ListContractsRequest>,
    ) -> Answer<v1::ListContractsResponse> {
        // Three a page, so that there are several.
        let from = request.get_ref().page_token.parse::<usize>().unwrap_or(0);
        let to = (from + 3).min(self.manner.contracts);
        let contract =
            |number: usize| v1::Contract { contract: format!("C-{number}"), ..v1::Contract::default() };
        let next_page_token = if to < self.manner.contracts { to.to_string() } else { String::new() };
        let contracts = (from..to).map(contract).collect();
        Ok(Response::new(v1::ListContractsResponse { contracts, next_page_token }))
    }

    async fn list_skus(&self, _: Request<v1::ListSkusRequest>) -> Answer<v1::ListSkusResponse> {
        let sku = |number: u32| v1::Sku { sku: format!("S-{number}"), ..v1::Sku::default() };
        Ok(Response::new(v1::ListSkusResponse {
            skus: (0..50).map(sku).collect(),
            next_page_token: String::new(),
        }))
    }

    async fn get_sku(&self, _: Request<v1::GetSkuRequest>) -> Answer<v1::GetSkuResponse> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn resolve_skus(&self, _: Request<v1::ResolveSkusRequest>) -> Answer<v1::ResolveSkusResponse> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn get_contract(&self, _: Request<v1::GetContractRequest>) -> Answer<v1::GetContractResponse> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn get_price_list(&self, _: Request<v1::GetPriceListRequest>) -> Answer<v1::GetPriceListResponse> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn list_price_lists(
        &self,
        _: Request<v1::ListPriceListsRequest>,
    ) -> Answer<v1::ListPriceListsResponse> {
        Err(Status::unimplemented("not asked for"))
    }
}
