//! Which of a contract's documents are counted: all of them, or those that one counterparty pays for or received?

use crate::domain::contract::Contract;
use crate::domain::ids::CounterpartyId;
use crate::policy::syntax::PeriodOf;

use super::document::{Document, Parties};

/// What a counterparty has to do with a document (rule X7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// It pays.
    Payer,
    /// It received the goods.
    ShipTo,
}

impl Part {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Payer, Self::ShipTo];

    /// The part by which documents are counted; none where it is by contract.
    #[must_use]
    pub fn counted_by(of: PeriodOf) -> Option<Self> {
        match of {
            PeriodOf::Contract | PeriodOf::Counterparty | PeriodOf::Holding => None,
            PeriodOf::Payer => Some(Self::Payer),
            PeriodOf::ShipTo => Some(Self::ShipTo),
        }
    }

    /// Whose part it is in documents that do not say: that of the contract's payer or ship-to, or else its counterparty's.
    #[must_use]
    pub fn by_contract(self, contract: &Contract) -> CounterpartyId {
        let stated = match self {
            Self::Payer => contract.payer,
            Self::ShipTo => contract.ship_to,
        };
        stated.unwrap_or(contract.counterparty)
    }
}

/// Which of a contract's documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whose {
    /// All of them.
    All,
    /// Those in which a counterparty has a part.
    Party {
        /// Which part.
        part: Part,
        /// Who.
        party: CounterpartyId,
        /// Does it have that by the contract, so that it has it in documents that name nobody?
        by_contract: bool,
    },
}

impl Whose {
    /// Is a document among them? A payment is wherever what it pays may be: it has no part of its own, whoever made it.
    #[must_use]
    pub fn holds(self, document: &Document) -> bool {
        !document.allocations.is_empty() || self.covers(document.parties())
    }

    /// Is what has these parties among them?
    #[must_use]
    pub fn covers(self, parties: Parties) -> bool {
        match self {
            Self::All => true,
            Self::Party { part, party, by_contract } => {
                parties.of(part).map_or(by_contract, |named| named == party)
            }
        }
    }
}
