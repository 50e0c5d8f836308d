//! Who buys? Contracts in classes, which buy broadly or narrowly, and the discounts of each class.

use super::goods::KINDS;
use super::options::GenerateOptions;
use super::parameters as p;
use super::prng::{Chance, Prng};
use super::stream;
use super::tree::index;

/// What chance decided of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Customer {
    /// Position in [`p::CLASSES`].
    pub class: u8,
    /// Position in [`p::BREADTH`].
    pub breadth: u8,
}

/// The contracts and what their classes get.
#[derive(Debug, Clone)]
pub struct Customers {
    contracts: Vec<Customer>,
    /// Per mille, by class and product type.
    discounts: Vec<u32>,
    /// How likely a contract buys in a category, by breadth.
    buys: [Chance; 5],
    /// Share of a bought category where a list holds nearly everything.
    everywhere: Option<Chance>,
}

impl Customers {
    /// For these options.
    #[must_use]
    pub fn new(options: &GenerateOptions) -> Self {
        let mut rng = Prng::new(options.seed, stream::CUSTOMER, 0);
        let contracts = (0..options.contracts)
            .map(|_| Customer {
                class: position(rng.weighted(p::CLASSES.iter().map(|class| class.weight))),
                breadth: position(rng.weighted(p::BREADTH.iter().map(|(weight, _)| *weight))),
            })
            .collect();
        let mut rng = Prng::new(options.seed, stream::DISCOUNTS, 0);
        let discounts = p::CLASSES
            .iter()
            .flat_map(|class| KINDS.iter().map(move |_| class.discount))
            .map(|usual| {
                let steps = rng.below(2 * p::TYPE_DISCOUNT_STEPS + 1);
                usual + steps * p::TYPE_DISCOUNT_STEP - p::TYPE_DISCOUNT_STEPS * p::TYPE_DISCOUNT_STEP
            })
            .collect();
        let presence = options.presence();
        let everywhere =
            (presence.raw() > Chance::per_mille(p::PRESENCE_EVERYWHERE).raw()).then_some(presence);
        Self { contracts, discounts, buys: buys(presence), everywhere }
    }

    /// The customer behind a contract; those past the last are small and narrow.
    #[must_use]
    pub fn of_contract(&self, contract: u32) -> Customer {
        self.contracts.get(index(contract)).copied().unwrap_or(Customer { class: 0, breadth: 0 })
    }

    /// What a class gets off a product type, per mille.
    #[must_use]
    pub fn discount(&self, class: u8, kind: u16) -> u32 {
        self.discounts.get(usize::from(class) * KINDS.len() + usize::from(kind)).copied().unwrap_or(0)
    }

    /// How likely a customer buys in a category.
    #[must_use]
    pub fn buys(&self, customer: Customer) -> Chance {
        match self.everywhere {
            Some(_) => Chance::per_mille(1_000),
            None => self.buys.get(usize::from(customer.breadth)).copied().unwrap_or(Chance::per_mille(0)),
        }
    }

    /// The share of every category, where lists hold nearly everything.
    #[must_use]
    pub fn everywhere(&self) -> Option<Chance> {
        self.everywhere
    }
}

/// The class of a customer.
#[must_use]
pub fn class(customer: Customer) -> &'static p::Class {
    p::CLASSES.get(usize::from(customer.class)).unwrap_or(&p::CLASSES[0])
}

fn position(at: usize) -> u8 {
    u8::try_from(at).unwrap_or(0)
}

/// By bisection: the usual chance to buy in a category with which all breadths together give the presence, none being
/// able to buy more than everything.
fn buys(presence: Chance) -> [Chance; 5] {
    let of = |usual: u64| p::BREADTH.map(|(_, percent)| Chance::ratio(usual, 1 << 32).times_percent(percent));
    let weights = || p::BREADTH.iter().map(|(weight, _)| u64::from(*weight));
    let share = |usual: u64| {
        let hundredfold: u64 =
            of(usual).iter().zip(weights()).map(|(chance, weight)| chance.raw() * weight).sum();
        hundredfold / 100 * u64::from(p::COVERAGE_MEAN) / 1_000
    };
    let (mut low, mut high) = (0_u64, 1_u64 << 32);
    while low + 1 < high {
        let middle = low.midpoint(high);
        if share(middle) <= presence.raw() { low = middle } else { high = middle }
    }
    of(high)
}
