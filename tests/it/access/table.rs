//! Every call: who may make it, whose it is about, and what is sent. A call of the protocol that does not stand here fails a test.

use bytes::Bytes;
use prost::Message;
use quoin::api::v1;
use quoin::domain::decimal::Micros;
use quoin::engine::caller::{Caller, Role};
use quoin::engine::ledger::limited::HoldLimits;
use quoin::engine::ledger::loyalty::HoldPoints;
use quoin::ledger::document::RuleUse;

use super::world::{
    FOREIGN, NOBODYS, OWN, POLICY, SKU, World, cart, content, limit_hold, points_hold, post, settle, shipment,
};

/// What a call is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// It names something of a contract: another's is as unknown as what is not there.
    Named,
    /// It names nothing of anybody, or lists what is the caller's.
    Listed,
    /// It touches, or tells of, all contracts: for those alone who may see all of them.
    Whole,
}

/// Whose things a call names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Own,
    Foreign,
    Nobodys,
}

pub struct Entry {
    pub path: &'static str,
    pub roles: &'static [Role],
    pub of: Of,
    pub sent: fn(&World, Whose) -> Vec<Bytes>,
}

impl Whose {
    fn contract(self) -> &'static str {
        match self {
            Self::Own => OWN,
            Self::Foreign => FOREIGN,
            Self::Nobodys => NOBODYS,
        }
    }

    /// The id of something of this kind.
    fn id(self, what: &str) -> String {
        match self {
            Self::Own => format!("own-{what}"),
            Self::Foreign => format!("foreign-{what}"),
            Self::Nobodys => format!("nobodys-{what}"),
        }
    }

    /// A quote that stays as it is.
    fn quote(self, world: &World) -> String {
        match self {
            Self::Own => world.own.quote.clone(),
            Self::Foreign => world.foreign.quote.clone(),
            Self::Nobodys => "Q-9".to_owned(),
        }
    }

    /// A quote that something is done with: a fresh one of the own.
    fn acted(
        self,
        world: &World,
        fresh: impl FnOnce(&World) -> String,
        foreign: &str,
    ) -> Option<v1::QuoteAction> {
        let number = match self {
            Self::Own => fresh(world),
            Self::Foreign => foreign.to_owned(),
            Self::Nobodys => "Q-9".to_owned(),
        };
        Some(v1::QuoteAction { number, ..v1::QuoteAction::default() })
    }

    fn statement(self, world: &World) -> u64 {
        match self {
            Self::Own => world.own.statement,
            Self::Foreign => world.foreign.statement,
            Self::Nobodys => 9,
        }
    }

    /// An id to be used: a fresh one of the own, else one that is never taken.
    fn new_id(self, world: &World) -> String {
        if self == Self::Own { world.id() } else { "never-taken".to_owned() }
    }

    /// A hold of points: a fresh one of the own.
    fn points(self, world: &World, is_spent: bool) -> String {
        if self != Self::Own {
            return self.id("points");
        }
        let (id, engine) = (world.id(), &world.running.engine);
        let hold = HoldPoints {
            id: &id,
            contract: OWN,
            programme: "bonus",
            points: Micros(1_000_000),
            day: quoin::domain::day::CivilDay::parse("2026-02-10").ok(),
        };
        engine.hold_points(&Caller::operator(), hold).unwrap();
        if is_spent {
            engine.spend_points(&Caller::operator(), &id, None).unwrap();
        }
        id
    }
}

fn one(message: impl Message) -> Vec<Bytes> {
    vec![message.encode_to_vec().into()]
}

fn parts(text: &str) -> Vec<v1::PolicyPart> {
    use v1::policy_part::Part;
    let all = [
        Part::File(v1::PolicyFile { name: "policy.yaml".to_owned(), bytes: 0 }),
        Part::Chunk(text.as_bytes().to_vec()),
        Part::End(v1::PolicyEnd { files: 1 }),
    ];
    all.map(|part| v1::PolicyPart { part: Some(part) }).into()
}

fn to_check(_: &World, _: Whose) -> Vec<Bytes> {
    let all = parts(POLICY).into_iter().map(|part| v1::CheckPolicyRequest { part: Some(part) });
    all.flat_map(one).collect()
}

fn to_publish(_: &World, _: Whose) -> Vec<Bytes> {
    use v1::publish_policy_request::Part;
    let header = v1::PolicyHeader { dry_run: true, ..v1::PolicyHeader::default() };
    let parts = std::iter::once(Part::Header(header)).chain(parts(POLICY).into_iter().map(Part::Policy));
    parts.flat_map(|part| one(v1::PublishPolicyRequest { part: Some(part) })).collect()
}

fn to_import(_: &World, _: Whose) -> Vec<Bytes> {
    use v1::import_request::Part;
    let file = v1::ImportFile { name: "prices.csv".to_owned(), ..v1::ImportFile::default() };
    let all = [
        Part::Header(v1::ImportHeader { dry_run: true, ..v1::ImportHeader::default() }),
        Part::File(file),
        Part::Chunk(Bytes::from_static(b"price_list,sku,price\nBASE,INS-000001,6.72\n")),
        Part::End(v1::ImportEnd { files: 1 }),
    ];
    all.into_iter().flat_map(|part| one(v1::ImportRequest { part: Some(part) })).collect()
}

const fn entry(
    path: &'static str,
    roles: &'static [Role],
    of: Of,
    sent: fn(&World, Whose) -> Vec<Bytes>,
) -> Entry {
    Entry { path, roles, of, sent }
}

const PRICE: &[Role] = &[Role::Price];
const QUOTE: &[Role] = &[Role::Quote];
const POST: &[Role] = &[Role::Post];
const PUBLISH: &[Role] = &[Role::Publish];
const OPERATE: &[Role] = &[Role::Operate];
const APPROVE: &[Role] = &[Role::Approve];
const EITHER: &[Role] = &[Role::Price, Role::Publish];

/// As of a day on which the world's documents stand.
const AT: Option<prost_types::Timestamp> = Some(prost_types::Timestamp { seconds: 1_772_000_000, nanos: 0 });

macro_rules! of_contract {
    ($path:literal, $request:ident) => {
        entry($path, PRICE, Of::Named, |_, whose| {
            let mut asked = v1::$request::default();
            (asked.contract, asked.at) = (whose.contract().to_owned(), AT);
            one(asked)
        })
    };
}

/// Of every message that does something with a quote the action is the first field, and all that is needed.
macro_rules! on_quote {
    ($path:literal, $roles:expr, $fresh:expr, $foreign:ident) => {
        entry($path, $roles, Of::Named, |world, whose| {
            one(v1::IssueQuoteRequest { action: whose.acted(world, $fresh, &world.foreign.$foreign) })
        })
    };
}

pub const TABLE: &[Entry] = &[
    entry("/quoin.v1.BackupService/TakeBackup", OPERATE, Of::Whole, |_, _| {
        one(v1::TakeBackupRequest { folder: String::new() })
    }),
    entry("/quoin.v1.BackupService/ListBackups", OPERATE, Of::Whole, |_, _| {
        one(v1::ListBackupsRequest { folder: String::new() })
    }),
    entry("/quoin.v1.BackupService/PruneBackups", OPERATE, Of::Whole, |_, _| {
        one(v1::PruneBackupsRequest { folder: String::new(), keep: 1 })
    }),
    entry("/quoin.v1.PricingService/PriceCart", PRICE, Of::Named, |_, whose| one(cart(whose.contract()))),
    entry("/quoin.v1.PricingService/PriceCarts", PRICE, Of::Named, |_, whose| {
        one(v1::PriceCartsRequest { carts: vec![cart(whose.contract())] })
    }),
    entry("/quoin.v1.PricingService/ListPrices", PRICE, Of::Named, |_, whose| {
        one(v1::ListPricesRequest { contract: whose.contract().to_owned(), ..Default::default() })
    }),
    entry("/quoin.v1.PricingService/Explain", PRICE, Of::Named, |_, whose| {
        one(v1::ExplainRequest { cart: Some(cart(whose.contract())) })
    }),
    entry("/quoin.v1.CatalogueService/GetSku", PRICE, Of::Listed, |_, _| {
        one(v1::GetSkuRequest { sku: SKU.to_owned() })
    }),
    entry("/quoin.v1.CatalogueService/ListSkus", PRICE, Of::Listed, |_, _| {
        one(v1::ListSkusRequest::default())
    }),
    entry("/quoin.v1.CatalogueService/ResolveSkus", PRICE, Of::Listed, |_, _| {
        one(v1::ResolveSkusRequest { skus: vec![SKU.to_owned()] })
    }),
    entry("/quoin.v1.CatalogueService/GetContract", PRICE, Of::Named, |_, whose| {
        one(v1::GetContractRequest { contract: whose.contract().to_owned() })
    }),
    entry("/quoin.v1.CatalogueService/ListContracts", PRICE, Of::Named, |_, whose| {
        let counterparty = match whose {
            Whose::Own => "CP-00001",
            Whose::Foreign => "CP-00004",
            Whose::Nobodys => "CP-99994",
        };
        one(v1::ListContractsRequest { counterparty: counterparty.to_owned(), ..Default::default() })
    }),
    entry("/quoin.v1.CatalogueService/GetPriceList", PRICE, Of::Named, |_, whose| {
        one(v1::GetPriceListRequest { price_list: format!("L-{}", whose.contract()) })
    }),
    entry("/quoin.v1.CatalogueService/ListPriceLists", PRICE, Of::Listed, |_, _| {
        one(v1::ListPriceListsRequest::default())
    }),
    entry("/quoin.v1.PublicationService/ListPublications", PRICE, Of::Whole, |_, _| {
        one(v1::ListPublicationsRequest::default())
    }),
    entry("/quoin.v1.PublicationService/GetPublication", PRICE, Of::Whole, |_, _| {
        one(v1::GetPublicationRequest { number: 0 })
    }),
    entry("/quoin.v1.PublicationService/Import", PUBLISH, Of::Whole, to_import),
    entry("/quoin.v1.PolicyService/CheckPolicy", EITHER, Of::Whole, to_check),
    entry("/quoin.v1.PolicyService/PublishPolicy", PUBLISH, Of::Whole, to_publish),
    entry("/quoin.v1.PolicyService/GetPolicy", EITHER, Of::Whole, |_, _| {
        one(v1::GetPolicyRequest { version: 0 })
    }),
    entry("/quoin.v1.PolicyService/ListPolicyVersions", EITHER, Of::Whole, |_, _| {
        one(v1::ListPolicyVersionsRequest::default())
    }),
    entry("/quoin.v1.PolicyService/DiffPolicies", EITHER, Of::Whole, |_, _| {
        one(v1::DiffPoliciesRequest { from_version: 1, to_version: 1, ..Default::default() })
    }),
    entry("/quoin.v1.PolicyService/RollbackPolicy", PUBLISH, Of::Whole, |_, _| {
        one(v1::RollbackPolicyRequest { to_version: 1, ..Default::default() })
    }),
    entry("/quoin.v1.LedgerService/PostDocuments", POST, Of::Named, |world, whose| {
        one(post(shipment(&whose.new_id(world), whose.contract())))
    }),
    entry("/quoin.v1.LedgerService/StreamDocuments", POST, Of::Named, |world, whose| {
        let post = Some(post(shipment(&whose.new_id(world), whose.contract())));
        one(v1::StreamDocumentsRequest { post })
    }),
    entry("/quoin.v1.LedgerService/GetDocument", PRICE, Of::Named, |_, whose| {
        one(v1::GetDocumentRequest { id: whose.id("shipment") })
    }),
    entry("/quoin.v1.LedgerService/ListParkedDocuments", POST, Of::Listed, |_, _| {
        one(v1::ListParkedDocumentsRequest::default())
    }),
    entry("/quoin.v1.LedgerService/GetPurchases", PRICE, Of::Named, |_, whose| {
        one(v1::GetPurchasesRequest { contract: whose.contract().to_owned(), ..Default::default() })
    }),
    of_contract!("/quoin.v1.LedgerService/GetMeasures", GetMeasuresRequest),
    of_contract!("/quoin.v1.LedgerService/GetAccruals", GetAccrualsRequest),
    of_contract!("/quoin.v1.LedgerService/GetProgress", GetProgressRequest),
    entry("/quoin.v1.LedgerService/Settle", POST, Of::Named, |world, whose| {
        one(settle(&whose.new_id(world), whose.contract()))
    }),
    entry("/quoin.v1.LedgerService/GetStatement", PRICE, Of::Named, |world, whose| {
        one(v1::GetStatementRequest { number: whose.statement(world), ..Default::default() })
    }),
    entry("/quoin.v1.LedgerService/ListStatements", PRICE, Of::Named, |_, whose| {
        one(v1::ListStatementsRequest { contract: whose.contract().to_owned(), ..Default::default() })
    }),
    entry("/quoin.v1.LedgerService/GetLimits", PRICE, Of::Named, |_, whose| {
        one(v1::GetLimitsRequest { contract: whose.contract().to_owned(), ..Default::default() })
    }),
    entry("/quoin.v1.LedgerService/PlaceLimitHold", POST, Of::Named, |world, whose| {
        one(limit_hold(&whose.new_id(world), whose.contract()))
    }),
    entry("/quoin.v1.LedgerService/ReleaseLimitHold", POST, Of::Named, |world, whose| {
        let mut hold = whose.id("limit");
        if whose == Whose::Own {
            hold = world.id();
            let uses = [RuleUse { rule: "first".to_owned(), used: Micros(1_000_000) }];
            let held = HoldLimits { id: &hold, contract: OWN, uses: &uses };
            world.running.engine.hold_limits(&Caller::operator(), held).unwrap();
        }
        one(v1::ReleaseLimitHoldRequest { hold })
    }),
    of_contract!("/quoin.v1.LoyaltyService/GetLevels", GetLevelsRequest),
    of_contract!("/quoin.v1.LoyaltyService/GetPoints", GetPointsRequest),
    entry("/quoin.v1.LoyaltyService/HoldPoints", POST, Of::Named, |world, whose| {
        one(points_hold(&whose.new_id(world), whose.contract()))
    }),
    entry("/quoin.v1.LoyaltyService/ReleasePoints", POST, Of::Named, |world, whose| {
        one(v1::ReleasePointsRequest { hold: whose.points(world, false) })
    }),
    entry("/quoin.v1.LoyaltyService/SpendPoints", POST, Of::Named, |world, whose| {
        one(v1::SpendPointsRequest { hold: whose.points(world, false), ..Default::default() })
    }),
    entry("/quoin.v1.LoyaltyService/RestorePoints", POST, Of::Named, |world, whose| {
        one(v1::RestorePointsRequest {
            id: whose.new_id(world),
            hold: whose.points(world, true),
            points_micros: 1_000_000,
            day: "2026-02-11".to_owned(),
        })
    }),
    entry("/quoin.v1.QuoteService/CreateQuote", QUOTE, Of::Named, |_, whose| {
        one(v1::CreateQuoteRequest { content: Some(content(whose.contract())), ..Default::default() })
    }),
    entry("/quoin.v1.QuoteService/CreateQuotes", QUOTE, Of::Named, |_, whose| {
        let asked = v1::CreateQuoteRequest { content: Some(content(whose.contract())), ..Default::default() };
        one(v1::CreateQuotesRequest { quotes: vec![asked] })
    }),
    entry("/quoin.v1.QuoteService/GetQuote", QUOTE, Of::Named, |world, whose| {
        one(v1::GetQuoteRequest { number: whose.quote(world), ..Default::default() })
    }),
    entry("/quoin.v1.QuoteService/ListQuotes", QUOTE, Of::Named, |_, whose| {
        one(v1::ListQuotesRequest { contract: whose.contract().to_owned(), ..Default::default() })
    }),
    entry("/quoin.v1.QuoteService/GetQuoteHistory", QUOTE, Of::Named, |world, whose| {
        one(v1::GetQuoteHistoryRequest { number: whose.quote(world) })
    }),
    entry("/quoin.v1.QuoteService/ReviseQuote", QUOTE, Of::Named, |world, whose| {
        let number = if whose == Whose::Own { world.quote(OWN) } else { whose.quote(world) };
        let content = Some(content(OWN));
        one(v1::ReviseQuoteRequest { number, content, ..Default::default() })
    }),
    on_quote!("/quoin.v1.QuoteService/IssueQuote", QUOTE, |world| world.draft(OWN), quote),
    on_quote!("/quoin.v1.QuoteService/ApproveQuote", APPROVE, |world| world.waiting(OWN), waiting),
    on_quote!("/quoin.v1.QuoteService/RejectQuote", APPROVE, |world| world.waiting(OWN), waiting),
    on_quote!("/quoin.v1.QuoteService/AcceptQuote", QUOTE, |world| world.quote(OWN), quote),
    entry("/quoin.v1.QuoteService/AcceptQuotes", QUOTE, Of::Named, |world, whose| {
        let action = whose.acted(world, |world| world.quote(OWN), &world.foreign.quote);
        let accept = v1::AcceptQuoteRequest { action, ..Default::default() };
        one(v1::AcceptQuotesRequest { quotes: vec![accept] })
    }),
    on_quote!("/quoin.v1.QuoteService/DeclineQuote", QUOTE, |world| world.quote(OWN), quote),
    on_quote!("/quoin.v1.QuoteService/WithdrawQuote", QUOTE, |world| world.quote(OWN), quote),
    entry("/quoin.v1.QuoteService/WatchQuotes", QUOTE, Of::Named, |_, whose| {
        let contract = whose.contract().to_owned();
        one(v1::WatchQuotesRequest { contract, after_position: Some(0) })
    }),
];
