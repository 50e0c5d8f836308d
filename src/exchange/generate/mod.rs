//! Where does realistic data of any size come from? A seed: the same options give the same bytes, for ever.
//!
//! [`Generator::new`] makes the assortment and the customers; the prices of any list are then made on the spot by
//! [`Generator::cells_of_list`], in any order and on any thread. docs/GENERATOR.md describes the model and gives each
//! parameter with its reason; [`entropy`] computes how many bits of it are news.

pub mod assortment;
pub mod customers;
pub mod demo;
pub mod endings;
pub mod entropy;
pub mod folder;
pub mod goods;
pub mod goods_tables;
mod individual;
pub mod lists;
pub mod market_tables;
pub mod options;
pub mod parameters;
pub mod price_file;
mod price_rows;
mod prices_csv;
pub mod prng;
mod shared;
pub mod tables;
mod terms_tables;
mod tree;
mod vocabulary;

use crate::domain::cell::{Cell, Target};
use crate::domain::ids::UnitId;

use assortment::Assortment;
use customers::Customers;
use entropy::{Quiet, Tally};
use lists::{ListKind, ListPlan, Lists};
pub use options::{GenerateOptions, Mode, OptionsError};

/// Numbers that keep the streams of chance apart.
mod stream {
    pub(super) const ASSORTMENT: u64 = 1;
    pub(super) const CUSTOMER: u64 = 2;
    pub(super) const DISCOUNTS: u64 = 3;
    pub(super) const LIST: u64 = 4;
    pub(super) const MARKET: u64 = 5;
}

/// Numbers of the units in [`rows`](Generator), which an empty store gives them too; [`UnitId::BASE`] is 0.
pub mod units {
    use super::UnitId;

    /// Counted.
    pub const PIECE: UnitId = UnitId(1);
    /// A box of pieces or a coil of metres.
    pub const BOX: UnitId = UnitId(2);
    /// A pallet.
    pub const PALLET: UnitId = UnitId(3);
    /// A metre.
    pub const METRE: UnitId = UnitId(4);
    /// A tonne.
    pub const TONNE: UnitId = UnitId(5);
}

/// One cell of a price list. Numbers are positions in the generated tables: an empty store that imports these gives
/// the same ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedCell {
    /// What is priced.
    pub target: Target,
    /// What the list says of it.
    pub cell: Cell,
}

impl GeneratedCell {
    /// The SKU's number, unless a category or brand is priced.
    #[must_use]
    pub fn sku(&self) -> Option<u32> {
        match self.target {
            Target::Sku(sku) => Some(sku.0),
            Target::Category(_) | Target::Brand(_) => None,
        }
    }
}

/// Everything that the options stand for; prices come when asked for.
#[derive(Debug, Clone)]
pub struct Generator {
    options: GenerateOptions,
    assortment: Assortment,
    customers: Customers,
    lists: Lists,
}

impl Generator {
    /// Makes assortment and customers; prices come list by list.
    ///
    /// # Errors
    /// [`OptionsError`] names the option that cannot be met.
    pub fn new(options: GenerateOptions) -> Result<Self, OptionsError> {
        options.check()?;
        let assortment = Assortment::new(options.seed, options.skus);
        let customers = Customers::new(&options);
        let lists = Lists::new(&options);
        Ok(Self { options, assortment, customers, lists })
    }

    /// What was asked for.
    #[must_use]
    pub fn options(&self) -> &GenerateOptions {
        &self.options
    }

    /// Categories, brands, SKUs.
    #[must_use]
    pub fn assortment(&self) -> &Assortment {
        &self.assortment
    }

    /// Contracts and the terms of their classes.
    #[must_use]
    pub fn customers(&self) -> &Customers {
        &self.customers
    }

    /// The price lists, in the order of their numbers.
    pub fn lists(&self) -> impl ExactSizeIterator<Item = ListPlan> + '_ {
        (0..self.lists.count()).map(|number| self.lists.plan(number))
    }

    /// One price list; numbers past the last give an individual list that no contract owns.
    #[must_use]
    pub fn list(&self, number: u32) -> ListPlan {
        self.lists.plan(number)
    }

    /// How many price lists there are.
    #[must_use]
    pub fn list_count(&self) -> u32 {
        self.lists.count()
    }

    /// Replaces what stands in `cells` by the cells of one list: categories and brands first, then SKUs ascending,
    /// a SKU's cell for its base unit before its promotion and its pack.
    pub fn cells_of_list(&self, list: u32, cells: &mut Vec<GeneratedCell>) {
        self.cells_with(list, cells, &mut Quiet);
    }

    /// [`Generator::cells_of_list`], telling `tally` each choice made.
    pub fn cells_with(&self, list: u32, cells: &mut Vec<GeneratedCell>, tally: &mut impl Tally) {
        cells.clear();
        match (self.options.mode, self.lists.kind(list)) {
            (Mode::Random, _) => individual::random(self, list, cells, tally),
            (Mode::Structured, ListKind::Individual(contract)) => {
                individual::structured(self, list, contract, cells, tally);
            }
            (Mode::Structured, kind) => shared::cells(self, kind, cells),
        }
    }
}
