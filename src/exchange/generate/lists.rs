//! Which price lists are there? A base list, a few shared ones, and one for each contract.

use crate::domain::currency::Currency;

use super::options::{GenerateOptions, Mode};
use super::parameters::CLASSES;

/// What a list is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKind {
    /// Every SKU's list price: the reference.
    Base,
    /// A class's percentages by category and brand.
    Class(u8),
    /// Prices of goods that leave from the northern warehouse.
    Warehouse,
    /// Imported goods, in the other currency.
    Import,
    /// Steel, by formulas over a metal index.
    Steel,
    /// Promotions open to many.
    Promotion,
    /// Samples, free of charge.
    Samples,
    /// A price for one SKU alone.
    Flash(u32),
    /// A contract's own.
    Individual(u32),
}

/// A price list without its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPlan {
    /// Its number: the position in the generated table.
    pub number: u32,
    /// What it is for.
    pub kind: ListKind,
    /// External id.
    pub code: String,
    /// What a person reads.
    pub name: String,
    /// Currency of its prices.
    pub currency: Currency,
}

impl ListPlan {
    /// The contract that owns it, by number.
    #[must_use]
    pub fn owner(&self) -> Option<u32> {
        match self.kind {
            ListKind::Individual(contract) => Some(contract),
            _ => None,
        }
    }
}

/// Shared lists before those of one SKU.
const SHARED: [ListKind; 11] = [
    ListKind::Base,
    ListKind::Class(0),
    ListKind::Class(1),
    ListKind::Class(2),
    ListKind::Class(3),
    ListKind::Class(4),
    ListKind::Warehouse,
    ListKind::Import,
    ListKind::Steel,
    ListKind::Promotion,
    ListKind::Samples,
];

/// External id of a contract.
#[must_use]
pub fn contract_code(contract: u32) -> String {
    format!("C-{:05}", u64::from(contract) + 1)
}

/// Does this contract buy in the other currency?
#[must_use]
pub fn is_foreign(contract: u32) -> bool {
    contract % 25 == 4
}

/// The numbering of lists.
#[derive(Debug, Clone)]
pub struct Lists {
    shared: u32,
    individual: u32,
    currency: Currency,
    foreign: Currency,
    /// Random mode: nothing but individual lists, all in one currency.
    random: bool,
}

impl Lists {
    /// For these options.
    #[must_use]
    pub fn new(options: &GenerateOptions) -> Self {
        let random = options.mode == Mode::Random;
        let fixed = u32::try_from(SHARED.len()).unwrap_or(0);
        let shared = if random { 0 } else { fixed + 1 + options.contracts / 100 };
        let (currency, foreign) = (options.currency, options.foreign_currency());
        Self { shared, individual: options.contracts, currency, foreign, random }
    }

    /// How many.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.shared + self.individual
    }

    /// The number of a contract's own list.
    #[must_use]
    pub fn individual(&self, contract: u32) -> u32 {
        self.shared + contract
    }

    /// The number of a shared list.
    #[must_use]
    pub fn shared(&self, kind: ListKind) -> Option<u32> {
        (0..self.shared).find(|number| self.kind(*number) == kind)
    }

    /// What the list with this number is for.
    #[must_use]
    pub fn kind(&self, number: u32) -> ListKind {
        if number >= self.shared {
            return ListKind::Individual(number - self.shared);
        }
        let fixed = u32::try_from(SHARED.len()).unwrap_or(0);
        match usize::try_from(number).ok().and_then(|at| SHARED.get(at)) {
            Some(kind) => *kind,
            None => ListKind::Flash(number - fixed),
        }
    }

    /// The list with this number.
    #[must_use]
    pub fn plan(&self, number: u32) -> ListPlan {
        let kind = self.kind(number);
        let (code, name) = kind.code_and_name();
        let foreign = match kind {
            ListKind::Import => true,
            ListKind::Individual(contract) => !self.random && is_foreign(contract),
            _ => false,
        };
        ListPlan { number, kind, code, name, currency: if foreign { self.foreign } else { self.currency } }
    }
}

impl ListKind {
    /// External id, and what a person reads.
    #[must_use]
    pub fn code_and_name(self) -> (String, String) {
        let both = |code: &str, name: &str| (code.to_owned(), name.to_owned());
        match self {
            Self::Base => both("BASE", "Base price list"),
            Self::Class(class) => class_list(class),
            Self::Warehouse => both("NORTH", "Goods from the northern warehouse"),
            Self::Import => both("IMPORT", "Imported goods"),
            Self::Steel => both("STEEL", "Steel by the metal index"),
            Self::Promotion => both("PROMO", "Promotions"),
            Self::Samples => both("SAMPLES", "Samples, free of charge"),
            Self::Flash(at) => (format!("FLASH-{:03}", at + 1), format!("Offer of the week {}", at + 1)),
            Self::Individual(contract) => {
                let code = contract_code(contract);
                (format!("L-{code}"), format!("Prices of {code}"))
            }
        }
    }
}

fn class_list(class: u8) -> (String, String) {
    let name = CLASSES.get(usize::from(class)).map_or("", |class| class.name);
    (name.to_uppercase().replace(' ', "-"), format!("Discounts of the class {name}"))
}
