//! Encrypted connections: who gets one, whose a client's certificate is, and what a changed file does to a running service.

use std::path::PathBuf;
use std::time::Duration;

use prost::Message;
use quoin::server::access::{Access, AccessOptions, Certificate as Names, TlsOptions};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, DnValue, IsCa, KeyPair, SanType,
    date_time_ymd,
};
use tonic::Code;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Identity};
use tonic_health::pb::HealthCheckRequest;

use super::raw::{Outcome, call};
use super::world::{FOREIGN, OWN, cart};
use crate::wire::server::{Running, block_on};

/// An authority that signs certificates.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate with its key, PEM.
pub struct Signed {
    pub pem: String,
    pub key: String,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, DnValue::Utf8String(name.to_owned()));
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub fn pem(&self) -> String {
        self.0.pem()
    }

    pub fn sign(&self, change: impl FnOnce(&mut CertificateParams)) -> Signed {
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let signed = params.signed_by(&key, &self.0).unwrap();
        Signed { pem: signed.pem(), key: key.serialize_pem() }
    }

    fn client(&self, uri: &str) -> Signed {
        self.sign(|params| {
            params.subject_alt_names = vec![SanType::URI(uri.try_into().unwrap())];
            params.distinguished_name = rcgen::DistinguishedName::new();
            params.distinguished_name.push(DnType::CommonName, "portal");
        })
    }
}

/// The files of a server's certificates.
struct Files {
    folder: tempfile::TempDir,
    authority: Authority,
    clients: Authority,
}

impl Files {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = Self { folder, authority: Authority::new("servers"), clients: Authority::new("clients") };
        files.write(&files.authority.sign(|_| {}));
        std::fs::write(files.at("clients.pem"), files.clients.pem()).unwrap();
        files
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, signed: &Signed) {
        std::fs::write(self.at("key.pem"), &signed.key).unwrap();
        std::fs::write(self.at("chain.pem"), &signed.pem).unwrap();
    }

    fn options(&self, client_optional: Option<bool>) -> AccessOptions {
        let tls = TlsOptions {
            chain: self.at("chain.pem"),
            key: self.at("key.pem"),
            client_ca: client_optional.map(|_| self.at("clients.pem")),
            client_optional: client_optional.unwrap_or_default(),
        };
        AccessOptions { tls: Some(tls), ..AccessOptions::default() }
    }

    fn callers(&self, text: &str, options: AccessOptions) -> AccessOptions {
        let path = self.at("callers.yaml");
        std::fs::write(&path, text).unwrap();
        AccessOptions { callers: Some(path), ..options }
    }
}

async fn connect(
    running: &Running,
    authority: &Authority,
    identity: Option<&Signed>,
) -> Result<Channel, String> {
    let mut tls = ClientTlsConfig::new()
        .ca_certificate(Certificate::from_pem(authority.pem()))
        .domain_name("localhost");
    if let Some(signed) = identity {
        tls = tls.identity(Identity::from_pem(&signed.pem, &signed.key));
    }
    let endpoint = Channel::from_shared(format!("https://{}", running.address())).unwrap();
    endpoint.tls_config(tls).unwrap().connect().await.map_err(|error| format!("{error:?}"))
}

/// What a call for prices comes to; a connection that breaks is no code of ours.
async fn priced(channel: &Channel, contract: &str) -> Code {
    let sent = vec![cart(contract).encode_to_vec().into()];
    match call(channel, "/quoin.v1.PricingService/PriceCart", &[], sent).await {
        Outcome::Answered(_) => Code::Ok,
        Outcome::Refused(code, ..) => code,
    }
}

async fn lives(channel: Result<Channel, String>) -> bool {
    let Ok(channel) = channel else { return false };
    let mut health = tonic_health::pb::health_client::HealthClient::new(channel);
    health.check(HealthCheckRequest::default()).await.is_ok()
}

#[test]
fn connections_are_encrypted_and_nothing_else_is_spoken_to() {
    let files = Files::new();
    let running = Running::with(files.options(None));
    block_on(async {
        let channel = connect(&running, &files.authority, None).await.unwrap();
        // Many answers at once, and long ones, through the same connection.
        let carts: Vec<_> = (0..50).map(|_| priced(&channel, OWN)).collect();
        for cart in carts {
            assert_eq!(cart.await, Code::Ok);
        }
        let mut long = cart(OWN);
        long.lines = vec![long.lines[0].clone(); 5_000];
        let sent = vec![long.encode_to_vec().into()];
        let answered = call(&channel, "/quoin.v1.PricingService/PriceCart", &[], sent).await;
        assert!(matches!(answered, Outcome::Answered(_)));
        // A client that trusts others, and one that does not encrypt.
        assert!(!lives(connect(&running, &Authority::new("others"), None).await).await);
        let plain = Channel::from_shared(format!("http://{}", running.address())).unwrap();
        assert!(!lives(plain.connect().await.map_err(|error| error.to_string())).await);
    });
}

#[test]
fn a_certificate_is_who_the_file_of_callers_says() {
    let files = Files::new();
    let portal = files.clients.client("spiffe://example/portal");
    let erp = files.clients.client("spiffe://example/erp");
    let names = Names::of_pem(erp.pem.as_bytes()).unwrap().names;
    assert_eq!(names[1..], ["uri:spiffe://example/erp", "subject:CN=portal"]);
    let text = format!(
        "callers:\n\
         - {{ name: portal, certificates: [\"uri:spiffe://example/portal\"], roles: [price], contracts: [{OWN}] }}\n\
         - {{ name: erp, certificates: \"{}\", roles: [post], contracts: all }}\n",
        names[0]
    );
    let running = Running::with(files.callers(&text, files.options(Some(false))));
    block_on(async {
        let connected = async |identity: Option<&Signed>| connect(&running, &files.authority, identity).await;
        let channel = connected(Some(&portal)).await.unwrap();
        assert_eq!(priced(&channel, OWN).await, Code::Ok);
        assert_eq!(priced(&channel, FOREIGN).await, Code::NotFound);
        let channel = connected(Some(&erp)).await.unwrap();
        assert_eq!(priced(&channel, OWN).await, Code::PermissionDenied);
        // Of the right authority, and nobody that the file knows.
        let stranger = files.clients.client("spiffe://example/stranger");
        let channel = connected(Some(&stranger)).await.unwrap();
        assert_eq!(priced(&channel, OWN).await, Code::Unauthenticated);
        // Of another authority; over; and none at all.
        let foreign = Authority::new("clients").client("spiffe://example/portal");
        let expired = files.clients.sign(|params| {
            params.subject_alt_names = vec![SanType::URI("spiffe://example/portal".try_into().unwrap())];
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2020, 2, 1);
        });
        for refused in [Some(&foreign), Some(&expired), None] {
            assert!(!lives(connected(refused).await).await);
        }
    });
    // Where it is not needed, one without shows nothing, and is nobody; one of another authority is refused all the same.
    let running = Running::with(files.callers(&text, files.options(Some(true))));
    block_on(async {
        let channel = connect(&running, &files.authority, None).await.unwrap();
        assert_eq!(priced(&channel, OWN).await, Code::Unauthenticated);
        let channel = connect(&running, &files.authority, Some(&portal)).await.unwrap();
        assert_eq!(priced(&channel, OWN).await, Code::Ok);
        let foreign = Authority::new("clients").client("spiffe://example/portal");
        assert!(!lives(connect(&running, &files.authority, Some(&foreign)).await).await);
    });
}

#[test]
fn a_new_certificate_is_taken_without_a_restart_and_a_bad_one_is_not() {
    let files = Files::new();
    let running = Running::with(files.options(None));
    let next = Authority::new("next");
    block_on(async {
        let before = connect(&running, &files.authority, None).await.unwrap();
        std::fs::write(files.at("chain.pem"), "-----BEGIN CERTIFICATE-----\nnot one\n").unwrap();
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        assert!(lives(connect(&running, &files.authority, None).await).await, "the old one stays");
        files.write(&next.sign(|_| {}));
        let mut taken = false;
        for _ in 0..100 {
            taken = lives(connect(&running, &next, None).await).await;
            if taken {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(taken, "the new one is taken");
        assert!(!lives(connect(&running, &files.authority, None).await).await);
        assert_eq!(priced(&before, OWN).await, Code::Ok, "connections that are open stay so");
    });
}

#[test]
fn a_peer_that_does_not_shake_hands_keeps_nobody_else_out() {
    let files = Files::new();
    let running = Running::with(files.options(None));
    let idle: Vec<_> = (0..200).map(|_| std::net::TcpStream::connect(running.address()).unwrap()).collect();
    block_on(async {
        assert!(lives(connect(&running, &files.authority, None).await).await);
    });
    drop(idle);
}

#[test]
fn settings_that_do_not_do_keep_the_service_from_starting() {
    let files = Files::new();
    let wrong = |options: &AccessOptions| {
        Access::open(options, quoin::engine::clock::Clock::default()).err().unwrap().to_string()
    };
    let told = wrong(&files.options(Some(false)));
    assert!(told.contains("no file of callers"), "{told}");
    let any_peer = AccessOptions { insecure_any_peer: true, ..AccessOptions::default() };
    let told = wrong(&files.callers("callers: []", any_peer));
    assert!(told.contains("not both"), "{told}");
    let cases: [(&str, &str, &str); 3] = [
        ("chain.pem", "", "has no certificate in PEM"),
        ("key.pem", "x", "has no private key in PEM"),
        ("clients.pem", "", "has no certificate in PEM"),
    ];
    for (name, text, expected) in cases {
        let files = Files::new();
        std::fs::write(files.at(name), text).unwrap();
        let told = wrong(&files.callers("callers: []", files.options(Some(false))));
        assert!(told.contains(expected) && told.contains(name), "{told}");
    }
    std::fs::remove_file(files.at("key.pem")).unwrap();
    let told = wrong(&files.options(None));
    assert!(told.contains("key.pem"), "{told}");
}
