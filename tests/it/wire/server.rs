//! A server over the demo's data, in this process, for tests that call it.

use std::path::{Path, PathBuf};

use quoin::api::v1;
use quoin::api::v1::pricing_service_client::PricingServiceClient;
use quoin::backup::Place;
use quoin::engine::caller::Caller;
use quoin::engine::import::{ImportJob, Silent, Verdict};
use quoin::engine::{Engine, EngineOptions};
use quoin::exchange::source::Source;
use quoin::server::access::AccessOptions;
use quoin::server::{ServeOptions, Server, TrafficOptions};
use tempfile::TempDir;
use tonic::Status;
use tonic::transport::Channel;

/// The contract of the demo's cart.
pub const CONTRACT: &str = "C-00001";

/// The demo's files but its cart, which is no file of an import.
pub fn demo_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo");
    let mut files: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| !path.ends_with("cart.csv"));
    files.sort();
    files
}

/// An engine over a fresh folder with the demo's data, made once a test: the folder goes with the first part.
pub fn demo_engine() -> (TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    let options = EngineOptions {
        block_cache_bytes: 8 << 20,
        backups: Some(Place::Folder(folder.path().join("backups"))),
        ..EngineOptions::new(folder.path().join("data"))
    };
    let engine = Engine::open(&options).unwrap();
    let job = ImportJob { sources: Source::of_paths(demo_files(), None).unwrap(), ..ImportJob::default() };
    let report = engine.import(&Caller::operator(), &job, &Silent).unwrap();
    assert_eq!(report.verdict, Verdict::Published, "{:?}", report.refused);
    (folder, engine)
}

/// A running server and a way to it.
pub struct Running {
    pub engine: Engine,
    pub server: Option<Server>,
    _folder: TempDir,
}

impl Running {
    pub fn start() -> Self {
        Self::serving(ServeOptions::default())
    }

    /// With access set up.
    pub fn with(access: AccessOptions) -> Self {
        Self::serving(ServeOptions { access, ..ServeOptions::default() })
    }

    /// With limits of its own, and a port where operators ask.
    pub fn within(traffic: TrafficOptions) -> Self {
        let ops_listen = Some("127.0.0.1:0".parse().unwrap());
        Self::serving(ServeOptions { traffic, ops_listen, ..ServeOptions::default() })
    }

    /// As these options have it.
    pub fn serving(options: ServeOptions) -> Self {
        let (folder, engine) = demo_engine();
        let options = ServeOptions { workers: 2, ..options };
        let server = Server::start(engine.clone(), &options).unwrap();
        Self { engine, server: Some(server), _folder: folder }
    }

    pub fn address(&self) -> String {
        self.server.as_ref().unwrap().address().to_string()
    }

    pub async fn channel(&self) -> Channel {
        Channel::from_shared(format!("http://{}", self.address())).unwrap().connect().await.unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop();
        }
    }
}

/// What a listing streams, its summary held to come last.
pub async fn listed(
    client: &mut PricingServiceClient<Channel>,
    asked: v1::ListPricesRequest,
) -> Result<(Vec<v1::ListedPrice>, v1::ListPricesSummary), Status> {
    let mut stream = client.list_prices(asked).await?.into_inner();
    let (mut prices, mut summary) = (Vec::new(), None);
    while let Some(message) = stream.message().await? {
        assert!(summary.is_none(), "the summary comes last");
        prices.extend(message.prices);
        summary = message.summary;
    }
    Ok((prices, summary.unwrap()))
}

pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}
