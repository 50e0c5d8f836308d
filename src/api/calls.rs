//! Which calls are there, who may make them at all, and which of them write? What does not stand here is refused.
//!
//! What a caller may see and do within a call is the engine's to say; this table turns away who has no business with it.

use crate::engine::caller::{Caller, Role};

/// A call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// `/package.Service/Method`.
    pub path: &'static str,
    /// The roles of which a caller needs one.
    pub roles: &'static [Role],
    /// Does it change what is stored?
    pub writes: bool,
}

const fn read(path: &'static str, roles: &'static [Role]) -> Call {
    Call { path, roles, writes: false }
}

const fn write(path: &'static str, roles: &'static [Role]) -> Call {
    Call { path, roles, writes: true }
}

const PRICE: &[Role] = &[Role::Price];
const QUOTE: &[Role] = &[Role::Quote];
const POST: &[Role] = &[Role::Post];
const PUBLISH: &[Role] = &[Role::Publish];
const APPROVE: &[Role] = &[Role::Approve];
const OPERATE: &[Role] = &[Role::Operate];
const PRICE_OR_PUBLISH: &[Role] = &[Role::Price, Role::Publish];

static PRICE_CART: Call = read("/quoin.v1.PricingService/PriceCart", PRICE);

/// All of them, by path.
pub const CALLS: &[Call] = &[
    read("/quoin.v1.BackupService/ListBackups", OPERATE),
    write("/quoin.v1.BackupService/PruneBackups", OPERATE),
    write("/quoin.v1.BackupService/TakeBackup", OPERATE),
    read("/quoin.v1.CatalogueService/GetContract", PRICE),
    read("/quoin.v1.CatalogueService/GetPriceList", PRICE),
    read("/quoin.v1.CatalogueService/GetSku", PRICE),
    read("/quoin.v1.CatalogueService/ListContracts", PRICE),
    read("/quoin.v1.CatalogueService/ListPriceLists", PRICE),
    read("/quoin.v1.CatalogueService/ListSkus", PRICE),
    read("/quoin.v1.CatalogueService/ResolveSkus", PRICE),
    read("/quoin.v1.LedgerService/GetAccruals", PRICE),
    read("/quoin.v1.LedgerService/GetDocument", PRICE),
    read("/quoin.v1.LedgerService/GetLimits", PRICE),
    read("/quoin.v1.LedgerService/GetMeasures", PRICE),
    read("/quoin.v1.LedgerService/GetProgress", PRICE),
    read("/quoin.v1.LedgerService/GetPurchases", PRICE),
    read("/quoin.v1.LedgerService/GetStatement", PRICE),
    read("/quoin.v1.LedgerService/ListParkedDocuments", POST),
    read("/quoin.v1.LedgerService/ListStatements", PRICE),
    write("/quoin.v1.LedgerService/PlaceLimitHold", POST),
    write("/quoin.v1.LedgerService/PostDocuments", POST),
    write("/quoin.v1.LedgerService/ReleaseLimitHold", POST),
    write("/quoin.v1.LedgerService/Settle", POST),
    write("/quoin.v1.LedgerService/StreamDocuments", POST),
    read("/quoin.v1.LoyaltyService/GetLevels", PRICE),
    read("/quoin.v1.LoyaltyService/GetPoints", PRICE),
    write("/quoin.v1.LoyaltyService/HoldPoints", POST),
    write("/quoin.v1.LoyaltyService/ReleasePoints", POST),
    write("/quoin.v1.LoyaltyService/RestorePoints", POST),
    write("/quoin.v1.LoyaltyService/SpendPoints", POST),
    read("/quoin.v1.PolicyService/CheckPolicy", PRICE_OR_PUBLISH),
    read("/quoin.v1.PolicyService/DiffPolicies", PRICE_OR_PUBLISH),
    read("/quoin.v1.PolicyService/GetPolicy", PRICE_OR_PUBLISH),
    read("/quoin.v1.PolicyService/ListPolicyVersions", PRICE_OR_PUBLISH),
    write("/quoin.v1.PolicyService/PublishPolicy", PUBLISH),
    write("/quoin.v1.PolicyService/RollbackPolicy", PUBLISH),
    read("/quoin.v1.PricingService/Explain", PRICE),
    read("/quoin.v1.PricingService/ListPrices", PRICE),
    read("/quoin.v1.PricingService/PriceCart", PRICE),
    read("/quoin.v1.PricingService/PriceCarts", PRICE),
    read("/quoin.v1.PublicationService/GetPublication", PRICE),
    write("/quoin.v1.PublicationService/Import", PUBLISH),
    read("/quoin.v1.PublicationService/ListPublications", PRICE),
    write("/quoin.v1.QuoteService/AcceptQuote", QUOTE),
    write("/quoin.v1.QuoteService/AcceptQuotes", QUOTE),
    write("/quoin.v1.QuoteService/ApproveQuote", APPROVE),
    write("/quoin.v1.QuoteService/CreateQuote", QUOTE),
    write("/quoin.v1.QuoteService/CreateQuotes", QUOTE),
    write("/quoin.v1.QuoteService/DeclineQuote", QUOTE),
    read("/quoin.v1.QuoteService/GetQuote", QUOTE),
    read("/quoin.v1.QuoteService/GetQuoteHistory", QUOTE),
    write("/quoin.v1.QuoteService/IssueQuote", QUOTE),
    read("/quoin.v1.QuoteService/ListQuotes", QUOTE),
    write("/quoin.v1.QuoteService/RejectQuote", APPROVE),
    write("/quoin.v1.QuoteService/ReviseQuote", QUOTE),
    read("/quoin.v1.QuoteService/WatchQuotes", QUOTE),
    write("/quoin.v1.QuoteService/WithdrawQuote", QUOTE),
];

/// The call at a path; none where there is no such call.
#[must_use]
pub fn at(path: &str) -> Option<&'static Call> {
    // Nearly every call is this one.
    if path == PRICE_CART.path {
        return Some(&PRICE_CART);
    }
    CALLS.binary_search_by(|call| call.path.cmp(path)).ok().and_then(|place| CALLS.get(place))
}

impl Call {
    /// Has the caller one of the roles?
    #[must_use]
    pub fn is_for(&self, caller: &Caller) -> bool {
        self.roles.iter().any(|role| caller.roles.contains(role))
    }

    /// What is missing, in words.
    #[must_use]
    pub fn needs(&self) -> String {
        let roles: Vec<String> = self.roles.iter().map(|role| format!("\"{}\"", role.name())).collect();
        format!("not allowed: needs the role {}", roles.join(" or "))
    }
}
