//! Who asks, and what may they see and do? Nothing that is not granted here.

use std::collections::BTreeSet;

use crate::domain::catalogue::Catalogue;
use crate::domain::contract::Contract;
use crate::domain::ids::CounterpartyId;
use crate::domain::time::Instant;

use super::error::PriceError;

/// What a caller may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Ask for prices.
    Price,
    /// Make quotes.
    Quote,
    /// Post documents.
    Post,
    /// Publish prices, contracts and policy.
    Publish,
    /// Approve what exceeds another's authority.
    Approve,
    /// Run the service.
    Operate,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Price, Self::Quote, Self::Post, Self::Publish, Self::Approve, Self::Operate];

    /// The word that tokens, metadata and `--as` use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::Quote => "quote",
            Self::Post => "post",
            Self::Publish => "publish",
            Self::Approve => "approve",
            Self::Operate => "operate",
        }
    }

    /// The role with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// The contracts of some, by external ids: those of contracts themselves, of counterparties that buy under them, and of
/// holdings that these belong to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Own {
    /// These contracts.
    pub contracts: BTreeSet<String>,
    /// All contracts of these counterparties.
    pub counterparties: BTreeSet<String>,
    /// All contracts of the counterparties of these holdings.
    pub holdings: BTreeSet<String>,
    /// Of all of those only these; all of them where absent.
    pub within: Option<BTreeSet<String>>,
}

/// Whose contracts a caller may ask about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ContractScope {
    /// Everybody's.
    #[default]
    All,
    /// These.
    Only(Own),
}

impl ContractScope {
    /// The contracts with these external ids, and no others.
    pub fn of<T: Into<String>>(contracts: impl IntoIterator<Item = T>) -> Self {
        let contracts = contracts.into_iter().map(Into::into).collect();
        Self::Only(Own { contracts, ..Own::default() })
    }

    /// What is left of it where only these contracts are meant.
    #[must_use]
    pub fn narrowed(&self, to: BTreeSet<String>) -> Self {
        match self {
            Self::All => Self::of(to),
            Self::Only(own) => {
                let within = match &own.within {
                    Some(before) => before.intersection(&to).cloned().collect(),
                    None => to,
                };
                Self::Only(Own { within: Some(within), ..own.clone() })
            }
        }
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Who it is, for logs.
    pub name: String,
    /// What it may do.
    pub roles: BTreeSet<Role>,
    /// May it see costs and margins?
    pub sees_costs: bool,
    /// Whose contracts.
    pub contracts: ContractScope,
    /// Until when what it showed holds; for good where absent. What goes on for long ends then.
    pub until: Option<Instant>,
}

impl Caller {
    /// May do and see everything: the operator at the machine itself.
    #[must_use]
    pub fn operator() -> Self {
        Self {
            name: "operator".to_owned(),
            roles: Role::ALL.into_iter().collect(),
            sees_costs: true,
            contracts: ContractScope::All,
            until: None,
        }
    }

    /// Refuses where the role is missing.
    pub(super) fn require(&self, role: Role) -> Result<(), PriceError> {
        if self.roles.contains(&role) {
            return Ok(());
        }
        Err(PriceError::NotAllowed { what: format!("needs the role \"{}\"", role.name()) })
    }

    /// Refuses where the role is missing, and who is confined to contracts: what is asked touches, or tells of, all of them.
    pub(super) fn require_over_all(&self, role: Role) -> Result<(), PriceError> {
        self.require(role)?;
        if self.contracts == ContractScope::All {
            return Ok(());
        }
        Err(PriceError::NotAllowed { what: "needs the right to see all contracts".to_owned() })
    }

    /// May the caller ask about this contract?
    #[must_use]
    pub fn may_see(&self, contract: &Contract, catalogue: &Catalogue) -> bool {
        let ContractScope::Only(own) = &self.contracts else { return true };
        if own.within.as_ref().is_some_and(|within| !within.contains(&contract.code)) {
            return false;
        }
        own.contracts.contains(&contract.code) || own.has_party(contract.counterparty, catalogue)
    }

    /// The contract with this external id, where the caller may ask about it: what it may not know of is as unknown as what is
    /// not there.
    #[must_use]
    pub fn contract<'c>(&self, catalogue: &'c Catalogue, code: &str) -> Option<&'c Contract> {
        catalogue.contracts.by_code(code).filter(|contract| self.may_see(contract, catalogue))
    }

    /// May the caller name this contract: one that it may ask about, or that will be its own once it is there?
    pub(super) fn may_name(&self, catalogue: &Catalogue, code: &str) -> bool {
        match (catalogue.contracts.by_code(code), &self.contracts) {
            (_, ContractScope::All) => true,
            (Some(contract), _) => self.may_see(contract, catalogue),
            (None, ContractScope::Only(own)) => {
                own.contracts.contains(code) && own.within.as_ref().is_none_or(|within| within.contains(code))
            }
        }
    }

    /// May the caller ask about every contract of this counterparty, whichever there are and will be?
    pub(super) fn sees_all_of(&self, party: CounterpartyId, catalogue: &Catalogue) -> bool {
        match &self.contracts {
            ContractScope::All => true,
            ContractScope::Only(own) => own.within.is_none() && own.has_party(party, catalogue),
        }
    }

    /// May the caller ask about every contract of a counterparty's holding; its own where it belongs to none?
    pub(super) fn sees_holding_of(&self, party: CounterpartyId, catalogue: &Catalogue) -> bool {
        let holding = catalogue.counterparty(party).and_then(|party| party.holding.as_deref());
        match (&self.contracts, holding) {
            (ContractScope::All, _) => true,
            (_, None) => self.sees_all_of(party, catalogue),
            (ContractScope::Only(own), Some(holding)) => {
                own.within.is_none() && own.holdings.contains(holding)
            }
        }
    }
}

impl Own {
    fn has_party(&self, party: CounterpartyId, catalogue: &Catalogue) -> bool {
        if self.counterparties.is_empty() && self.holdings.is_empty() {
            return false;
        }
        catalogue.counterparty(party).is_some_and(|party| {
            self.counterparties.contains(&party.code)
                || party.holding.as_ref().is_some_and(|holding| self.holdings.contains(holding))
        })
    }
}
