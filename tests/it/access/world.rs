//! A server that believes an issuer's tokens, over two customers' worth of things: one contract's, and another's.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use prost::Message;
use quoin::api::v1;
use quoin::engine::caller::{Caller, ContractScope, Role};
use quoin::engine::policy::{PolicyFile, PublishPolicy};
use quoin::server::access::{AccessOptions, KeysFrom, TokenOptions};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use serde_json::{Value, json};
use tempfile::TempDir;
use tonic::transport::Channel;

use super::raw::{Outcome, call};
use crate::wire::server::Running;

pub const ISSUER: &str = "https://login.example";
pub const AUDIENCE: &str = "quoin";

/// The contract that callers of the table are confined to, its counterparty, and its holding.
pub const OWN: &str = "C-00001";
pub const OWN_PARTY: &str = "CP-00001";
pub const OWN_HOLDING: &str = "H-0001";
/// A contract of another holding, and one of which there is none.
pub const FOREIGN: &str = "C-00004";
pub const NOBODYS: &str = "C-99994";
/// What only the other contract has: its counterparty's name, and what its quotes and documents say.
pub const FOREIGN_MARKS: [&str; 4] =
    ["C-00004", "Harbour Renovation", "FOREIGN-REFERENCE", "FOREIGN-CHANNEL"];

pub const SKU: &str = "INS-000001";
const MILLION: i64 = 1_000_000;

pub const POLICY: &str = "
quoin_policy: 1
currency: EUR
measures:
  turnover: { name: turnover, what: amount, over: quarter }
rules:
  - { id: first, layer: volume, percent: 1, limit: { quantity: 1000000 } }
  - { id: a, layer: volume, measure: turnover, mode: volume, tiers: [{ from: 9000000000, percent: 1 }] }
levels:
  - { id: status, name: Status, period: month, levels: [
      { id: silver, name: Silver, conditions: [{ measure: { what: amount }, at_least: 50 }] } ] }
points:
  - { id: bonus, name: Bonus, earn: { percent: 10 }, expire_months: 60, pay: { most_percent: 50 } }
agreements:
  - { id: q, name: Quarter, period: quarter, tiers: [{ from: 50, percent: 10 }] }
authority: [{ role: approve, concession: 90 }]
";

/// An issuer of tokens.
pub struct Issuer {
    key: EncodingKey,
    pub jwk: Value,
    pub id: String,
}

impl Issuer {
    /// With a key of its own.
    pub fn new(id: &str) -> Self {
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let key = EncodingKey::from_ec_der(&pair.serialize_der());
        let mut jwk = serde_json::to_value(Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap()).unwrap();
        jwk["kid"] = json!(id);
        jwk["use"] = json!("sig");
        jwk["alg"] = json!("ES256");
        Self { key, jwk, id: id.to_owned() }
    }

    /// A token of these claims.
    pub fn token(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.id.clone()), ..Header::new(Algorithm::ES256) };
        encode(&header, claims, &self.key).unwrap()
    }

    /// Its public key as a JWKS.
    pub fn jwks(&self) -> String {
        json!({ "keys": [self.jwk] }).to_string()
    }
}

pub fn now() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "tokens are of the machine's time")]
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

/// Claims that do, and grant nothing.
pub fn claims() -> Value {
    json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": "portal", "exp": now() + 600 })
}

/// The same, with more or others.
pub fn with(more: Value) -> Value {
    let mut all = claims();
    for (name, value) in more.as_object().unwrap() {
        match value {
            Value::Null => drop(all.as_object_mut().unwrap().remove(name)),
            value => all[name] = value.clone(),
        }
    }
    all
}

/// A server that believes tokens.
pub struct World {
    pub running: Running,
    pub issuer: Issuer,
    _folder: TempDir,
    pub channel: Option<Channel>,
    count: Cell<u32>,
    /// Things of the other contract.
    pub foreign: Things,
    /// Things of the callers' own.
    pub own: Things,
}

/// What there is of a contract.
#[derive(Default)]
pub struct Things {
    pub quote: String,
    pub waiting: String,
    pub statement: u64,
}

pub fn token_options(folder: &Path, jwks: &str) -> TokenOptions {
    let path: PathBuf = folder.join("jwks.json");
    std::fs::write(&path, jwks).unwrap();
    TokenOptions::new(KeysFrom::File(path), ISSUER, AUDIENCE)
}

impl World {
    /// With access beyond tokens as `change` has it.
    pub fn new(change: impl FnOnce(&Path, &mut AccessOptions)) -> Self {
        let (folder, issuer) = (tempfile::tempdir().unwrap(), Issuer::new("k1"));
        let mut access = AccessOptions {
            tokens: Some(token_options(folder.path(), &issuer.jwks())),
            ..AccessOptions::default()
        };
        change(folder.path(), &mut access);
        let running = Running::with(access);
        let (count, foreign, own) = (Cell::new(0), Things::default(), Things::default());
        Self { running, issuer, _folder: folder, channel: None, count, foreign, own }
    }

    /// Connects.
    pub async fn connect(&mut self) {
        self.channel = Some(self.running.channel().await);
    }

    /// Makes what the table's calls name.
    pub async fn stock(&mut self) {
        let files = vec![PolicyFile { name: "policy.yaml".to_owned(), text: POLICY.to_owned() }];
        let asked = PublishPolicy { files, ..PublishPolicy::default() };
        let report = self.running.engine.publish_policy(&Caller::operator(), asked).unwrap();
        assert!(report.published, "{:#?}", report.findings);
        self.connect().await;
        self.own = self.things(OWN, "own").await;
        self.foreign = self.things(FOREIGN, "foreign").await;
    }

    async fn things(&self, contract: &str, of: &str) -> Things {
        let ledger = "/quoin.v1.LedgerService/";
        self.must(&format!("{ledger}PostDocuments"), post(shipment(&format!("{of}-shipment"), contract)))
            .await;
        self.must(&format!("{ledger}PlaceLimitHold"), limit_hold(&format!("{of}-limit"), contract)).await;
        let hold = points_hold(&format!("{of}-points"), contract);
        self.must("/quoin.v1.LoyaltyService/HoldPoints", hold).await;
        let settled = self.must(&format!("{ledger}Settle"), settle(&format!("{of}-settle"), contract)).await;
        let settled = v1::SettleResponse::decode(settled).unwrap();
        let statement = settled.statement.unwrap().number;
        Things { quote: self.quote(contract), waiting: self.waiting(contract), statement }
    }

    /// A token of roles and other claims.
    pub fn token(&self, roles: &[Role], more: Value) -> String {
        let roles: Vec<&str> = roles.iter().map(|role| role.name()).collect();
        let mut all = with(more);
        all["roles"] = json!(roles);
        self.issuer.token(&all)
    }

    /// Of whoever may do everything.
    pub fn operator(&self) -> String {
        self.token(&Role::ALL, json!({ "contracts": "*", "sees_costs": true, "sub": "operator" }))
    }

    /// Makes a call with a token.
    pub async fn call(&self, token: &str, path: &str, sent: Vec<Bytes>) -> Outcome {
        let bearer = format!("Bearer {token}");
        call(self.channel.as_ref().unwrap(), path, &[("authorization", &bearer)], sent).await
    }

    async fn must(&self, path: &str, message: impl Message) -> Bytes {
        match self.call(&self.operator(), path, vec![message.encode_to_vec().into()]).await {
            Outcome::Answered(mut messages) => messages.remove(0),
            refused @ Outcome::Refused(..) => panic!("{path}: {refused:?}"),
        }
    }

    /// An id that was not used before.
    pub fn id(&self) -> String {
        self.count.set(self.count.get() + 1);
        format!("id-{}", self.count.get())
    }

    /// The number of a fresh quote, issued.
    pub fn quote(&self, contract: &str) -> String {
        self.quoted(&Caller::operator(), contract, false, None)
    }

    /// The number of a fresh quote, waiting for approval.
    pub fn waiting(&self, contract: &str) -> String {
        let buyer = Caller {
            roles: [Role::Quote].into(),
            contracts: ContractScope::of([contract]),
            ..Caller::operator()
        };
        self.quoted(&buyer, contract, false, Some(MILLION))
    }

    /// The number of a fresh draft.
    pub fn draft(&self, contract: &str) -> String {
        self.quoted(&Caller::operator(), contract, true, None)
    }

    fn quoted(&self, by: &Caller, contract: &str, is_draft: bool, price: Option<i64>) -> String {
        let mut content = content(contract);
        content.is_draft = is_draft;
        content.negotiated_lines = price
            .into_iter()
            .map(|price| v1::NegotiatedLine {
                line_id: "1".to_owned(),
                price: Some(v1::negotiated_line::Price::UnitPriceMicros(price)),
            })
            .collect();
        let asked = v1::CreateQuoteRequest { content: Some(content), ..v1::CreateQuoteRequest::default() };
        let made = quoin::api::quote_calls::create(&self.running.engine, by, &asked).unwrap();
        made.quote.unwrap().summary.unwrap().number
    }
}

pub fn cart(contract: &str) -> v1::PriceCartRequest {
    v1::PriceCartRequest {
        contract: contract.to_owned(),
        lines: vec![v1::CartLine {
            id: "1".to_owned(),
            sku_ref: Some(v1::cart_line::SkuRef::Sku(SKU.to_owned())),
            quantity_micros: 3 * MILLION,
            ..v1::CartLine::default()
        }],
        ..v1::PriceCartRequest::default()
    }
}

pub fn content(contract: &str) -> v1::QuoteContent {
    let reference = if contract == FOREIGN { "FOREIGN-REFERENCE" } else { "PO-7" };
    v1::QuoteContent {
        cart: Some(cart(contract)),
        customer_reference: reference.to_owned(),
        ..v1::QuoteContent::default()
    }
}

pub fn shipment(id: &str, contract: &str) -> v1::Document {
    let channel = if contract == FOREIGN { "FOREIGN-CHANNEL" } else { "portal" };
    v1::Document {
        id: id.to_owned(),
        kind: v1::DocumentKind::Shipment.into(),
        contract: contract.to_owned(),
        day: "2026-02-03".to_owned(),
        channel: channel.to_owned(),
        lines: vec![v1::DocumentLine {
            sku: SKU.to_owned(),
            quantity_micros: 2 * MILLION,
            net_amount_micros: 9_000 * MILLION,
            ..v1::DocumentLine::default()
        }],
        ..v1::Document::default()
    }
}

pub fn post(document: v1::Document) -> v1::PostDocumentsRequest {
    v1::PostDocumentsRequest { documents: vec![document], ..v1::PostDocumentsRequest::default() }
}

pub fn limit_hold(id: &str, contract: &str) -> v1::PlaceLimitHoldRequest {
    let uses = vec![v1::LimitUse { rule: "first".to_owned(), used_micros: MILLION }];
    v1::PlaceLimitHoldRequest { id: id.to_owned(), contract: contract.to_owned(), uses }
}

pub fn points_hold(id: &str, contract: &str) -> v1::HoldPointsRequest {
    v1::HoldPointsRequest {
        id: id.to_owned(),
        contract: contract.to_owned(),
        programme: "bonus".to_owned(),
        points_micros: MILLION,
        day: "2026-02-10".to_owned(),
    }
}

pub fn settle(id: &str, contract: &str) -> v1::SettleRequest {
    v1::SettleRequest {
        id: id.to_owned(),
        contract: contract.to_owned(),
        through: "2026-03-31".to_owned(),
        kind: v1::StatementKind::Interim.into(),
        ..v1::SettleRequest::default()
    }
}
