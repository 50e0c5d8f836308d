//! Who asks, and what may they see and do?

use std::collections::BTreeSet;

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

    /// The word that metadata and `--as` use.
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

/// Whose contracts a caller may ask about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ContractScope {
    /// Everybody's.
    #[default]
    All,
    /// These, by external id.
    Only(BTreeSet<String>),
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
        }
    }

    /// Refuses where the role is missing.
    pub(super) fn require(&self, role: Role) -> Result<(), PriceError> {
        if self.roles.contains(&role) {
            return Ok(());
        }
        Err(PriceError::NotAllowed { what: format!("needs the role \"{}\"", role.name()) })
    }

    /// May the caller ask about this contract?
    #[must_use]
    pub fn may_see(&self, contract: &str) -> bool {
        match &self.contracts {
            ContractScope::All => true,
            ContractScope::Only(own) => own.contains(contract),
        }
    }
}
