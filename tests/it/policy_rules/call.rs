//! What comes of a case where its policy file and its cart go over the wire?

use quoin::api::v1;
use quoin::api::v1::policy_part::Part;
use quoin::api::v1::policy_service_client::PolicyServiceClient;
use quoin::api::v1::pricing_service_client::PricingServiceClient;
use quoin::domain::time::Instant;
use quoin::engine::Engine;
use quoin::server::{ServeOptions, Server};
use tokio::runtime::Runtime;
use tonic::transport::Channel;

use super::ordered::Line;
use super::table::{Ask, pairs};

/// A server over an engine, and a way to it.
pub struct Counter {
    server: Option<Server>,
    runtime: Runtime,
    policies: PolicyServiceClient<Channel>,
    prices: PricingServiceClient<Channel>,
}

/// A line's status, unit price, list price of a unit, net amount and tax.
pub type Figures = (String, [i64; 4]);

impl Counter {
    pub fn open(engine: &Engine) -> Self {
        let options = ServeOptions { workers: 1, ..ServeOptions::default() };
        let server = Server::start(engine.clone(), &options).unwrap();
        let address = format!("http://{}", server.address());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let channel = runtime.block_on(Channel::from_shared(address).unwrap().connect()).unwrap();
        let (policies, prices) =
            (PolicyServiceClient::new(channel.clone()), PricingServiceClient::new(channel));
        Self { server: Some(server), runtime, policies, prices }
    }

    /// Publishes a policy of one file.
    pub fn publish(&mut self, text: &str, place: &str) {
        let file = Part::File(v1::PolicyFile { name: "policy.yaml".to_owned(), bytes: 0 });
        let parts = [file, Part::Chunk(text.as_bytes().to_vec()), Part::End(v1::PolicyEnd { files: 1 })];
        let policy = |part| v1::publish_policy_request::Part::Policy(v1::PolicyPart { part: Some(part) });
        let header = v1::publish_policy_request::Part::Header(v1::PolicyHeader::default());
        let parts = std::iter::once(header).chain(parts.into_iter().map(policy));
        let messages: Vec<_> = parts.map(|part| v1::PublishPolicyRequest { part: Some(part) }).collect();
        let answer = self.policies.publish_policy(tokio_stream::iter(messages));
        let report = self.runtime.block_on(answer).unwrap().into_inner().report.unwrap();
        assert!(report.published, "{place}: {report:?}");
    }

    /// Prices a cart, in the basic view.
    pub fn price(&mut self, ask: &Ask, contract: &str, place: &str) -> Vec<Figures> {
        let answer = self.prices.price_cart(request(ask, contract, place));
        let answer = self.runtime.block_on(answer);
        let answer = answer.unwrap_or_else(|status| panic!("{place}: {status}")).into_inner();
        let figures = |line: &v1::PricedLine| {
            let status = line.status().as_str_name().trim_start_matches("LINE_STATUS_").to_lowercase();
            let [unit, list] = [line.unit_price_micros, line.list_unit_price_micros];
            (status, [unit, list, line.amount_micros, line.tax_micros])
        };
        answer.lines.iter().map(figures).collect()
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop();
        }
    }
}

fn request(ask: &Ask, contract: &str, place: &str) -> v1::PriceCartRequest {
    let at = Instant::parse(&ask.setting.at).unwrap();
    let mut circumstances = v1::Circumstances::default();
    let mut coupons = Vec::new();
    let mut metrics = v1::Metrics::default();
    for word in &ask.with {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        let value = value.to_owned();
        match name {
            "warehouse" => circumstances.warehouse = value,
            "delivery_basis" => circumstances.delivery_basis = value,
            "channel" => circumstances.channel = value,
            "fulfilment" => circumstances.fulfilment = value,
            "payment_terms" => circumstances.payment_terms = value,
            "coupon" => coupons.push(value),
            _ => metrics.first_order = true,
        }
    }
    metrics.positions = pairs(&ask.bought, place)
        .into_iter()
        .map(|(measure, value)| {
            let (value, members) = value.split_once(" of ").unwrap_or((value, ""));
            v1::MeasurePosition {
                measure: measure.to_owned(),
                value: value.to_owned(),
                members: members.split_whitespace().map(str::to_owned).collect(),
            }
        })
        .collect();
    metrics.uses = pairs(&ask.used, place)
        .into_iter()
        .map(|(rule, used)| v1::BenefitUse { rule: rule.to_owned(), used: used.to_owned() })
        .collect();
    v1::PriceCartRequest {
        contract: contract.to_owned(),
        pricing_at: Some(prost_types::Timestamp { seconds: at.0, nanos: 0 }),
        circumstances: Some(circumstances),
        lines: Line::read_all(&ask.setting.cart, place).iter().map(line).collect(),
        coupons,
        metrics: Some(metrics),
        ..v1::PriceCartRequest::default()
    }
}

fn line(line: &Line) -> v1::CartLine {
    let details = line.details(0).map(|details| v1::LineDetails {
        attributes: details
            .attributes
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        weight_micros: details.weight.map_or(0, |(weight, _)| weight.0),
        weight_unit: details.weight.map_or(String::new(), |(_, unit)| unit.to_owned()),
        warehouse: details.warehouse.to_owned(),
        fulfilment: details.fulfilment.to_owned(),
        services: details
            .services
            .iter()
            .map(|(service, count)| v1::ServiceOrder {
                service: (*service).to_owned(),
                quantity_micros: count.0,
            })
            .collect(),
    });
    v1::CartLine {
        id: line.id.clone(),
        sku_ref: Some(v1::cart_line::SkuRef::Sku(line.sku.clone())),
        quantity_micros: line.quantity.0,
        unit: line.unit.clone(),
        details,
    }
}
