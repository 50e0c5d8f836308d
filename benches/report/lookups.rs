//! How long does the bare look-up take? The row from the store's cache, its header, every line's price; or, as the
//! limit, the same from dense arrays.

use quoin::domain::cell::Value;
use quoin::domain::ids::ListId;
use quoin::engine::Engine;
use quoin::engine::view::View;
use quoin::matrix::cells::CellBuffer;
use quoin::matrix::epoch::CodecEpoch;
use quoin::matrix::segment::{Found, Segment};
use quoin::store::{Cached, Pinned, RowKey};

use super::caches::Requests;
use super::carts::{Cart, Sheet};

/// What look-ups come to: how many found something, and the sum of all prices found.
type Sums = (usize, i64);

/// An open store with everything that look-ups need.
pub struct Rows<'e> {
    engine: &'e Engine,
    view: &'e View,
    epoch: &'e CodecEpoch,
}

impl<'e> Rows<'e> {
    /// Of the newest publication, which must have been made by one import.
    pub fn new(engine: &'e Engine, view: &'e View) -> Self {
        assert_eq!(view.epochs.len(), 1, "one import makes one codec epoch");
        Self { engine, view, epoch: view.newest_epoch().unwrap() }
    }

    /// The key of a list's only segment.
    fn key(&self, list: u32) -> RowKey {
        let row = self.view.directory.get(ListId(list)).unwrap();
        assert!(row.later_segments.is_empty(), "list {list} has several segments");
        RowKey::new(row.publication.0, list, 0)
    }

    /// Brings every row into the block cache.
    pub fn warm_cache(&self) {
        for (list, row) in self.view.directory.iter() {
            for segment in 0..row.segments() {
                let segment = u16::try_from(segment).unwrap();
                let key = RowKey::new(row.publication.0, list.0, segment);
                assert!(self.engine.store().row(key).unwrap().is_some(), "row {key} is missing");
            }
        }
    }

    /// Reads what look-ups in all lists share.
    pub fn read_shared(&self) -> u64 {
        let skus = u32::try_from(self.epoch.len()).unwrap();
        (0..skus).fold(0, |sum, sku| {
            let position = self.epoch.position(sku);
            sum ^ u64::from(self.epoch.expected(position).class) ^ u64::from(position)
        })
    }

    #[inline]
    fn fetch(&self, key: RowKey, from: From) -> Pinned<'_> {
        match from {
            From::Disk => self.engine.store().row(key).unwrap().unwrap(),
            From::Cache => match self.engine.store().row_cached(key).unwrap() {
                Cached::Found(row) => row,
                Cached::Absent | Cached::NotInCache => panic!("row {key} is not in the block cache"),
            },
        }
    }

    /// The look-ups of carts, from the block cache or with leave to read the disk.
    pub fn look_ups<'r>(&'r self, carts: &'r [Cart], from: From) -> LookUps<'r> {
        let key = |list: &u32| self.key(*list);
        let keys = carts.iter().map(|cart| cart.lists.iter().map(key).collect()).collect();
        LookUps { rows: self, carts, keys, from, cells: CellBuffer::default() }
    }
}

/// Where rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// In the block cache.
    Cache,
    /// Perhaps on disk alone.
    Disk,
}

/// Carts that are looked up in rows: every SKU in every list of the cart.
pub struct LookUps<'r> {
    rows: &'r Rows<'r>,
    carts: &'r [Cart],
    keys: Vec<Vec<RowKey>>,
    from: From,
    cells: CellBuffer,
}

impl Requests for LookUps<'_> {
    type Answer = Sums;

    fn count(&self) -> usize {
        self.carts.len()
    }

    fn read_shared(&self) -> u64 {
        self.rows.read_shared()
    }

    fn read_request(&self, number: usize) -> u64 {
        self.keys[number].iter().fold(read(&self.carts[number].skus), |sum, key| sum ^ u64::from(key.list))
    }

    fn answer(&mut self, number: usize) -> Sums {
        let (mut found, mut sum) = (0, 0);
        for key in &self.keys[number] {
            let row = self.rows.fetch(*key, self.from);
            let segment = Segment::parse(&row, self.rows.epoch).unwrap();
            self.rows.epoch.approach(&self.carts[number].skus);
            segment.approach(self.carts[number].skus.len());
            for sku in &self.carts[number].skus {
                match segment.find(self.rows.epoch.position(*sku)).unwrap() {
                    None => {}
                    Some(Found::Plain(price)) => (found, sum) = (found + 1, sum + price.0),
                    Some(Found::Cells(stored)) => {
                        stored.decode(&mut self.cells).unwrap();
                        (found, sum) = (found + 1, sum + prices_of(&self.cells));
                    }
                }
            }
        }
        (found, sum)
    }

    fn check(&self, number: usize, answer: Sums) {
        agree(&self.carts[number], answer);
    }
}

fn read(skus: &[u32]) -> u64 {
    skus.iter().fold(0, |sum, sku| sum ^ u64::from(*sku))
}

fn prices_of(cells: &CellBuffer) -> i64 {
    let tiers = cells.heads().iter().flat_map(|head| cells.tiers(head));
    let price = |value: &Value| match value {
        Value::Price(price) => price.0,
        Value::Percent { .. } | Value::Formula { .. } => panic!("a contract's own list holds prices"),
    };
    tiers.map(|tier| price(&tier.value)).sum()
}

fn agree(cart: &Cart, sums: Sums) {
    assert_eq!(sums, (cart.found, cart.sum), "look-ups in lists {:?}", cart.lists);
}

/// The limit: the same carts looked up in dense arrays.
pub struct Dense<'s> {
    carts: &'s [Cart],
    prices: Vec<Vec<&'s [i64]>>,
}

impl<'s> Dense<'s> {
    /// Every cart's lists are among the sheets, which stand in the order of their lists.
    pub fn new(sheets: &'s [Sheet], carts: &'s [Cart]) -> Self {
        let of = |list: &u32| sheets.binary_search_by_key(list, |sheet| sheet.list).unwrap();
        let prices = |cart: &Cart| cart.lists.iter().map(|list| sheets[of(list)].prices.as_slice()).collect();
        Self { carts, prices: carts.iter().map(prices).collect() }
    }
}

impl Requests for Dense<'_> {
    type Answer = Sums;

    fn count(&self) -> usize {
        self.carts.len()
    }

    fn read_shared(&self) -> u64 {
        0
    }

    fn read_request(&self, number: usize) -> u64 {
        read(&self.carts[number].skus)
    }

    fn answer(&mut self, number: usize) -> Sums {
        let (mut found, mut sum) = (0, 0);
        for prices in &self.prices[number] {
            for sku in &self.carts[number].skus {
                let price = prices[usize::try_from(*sku).unwrap()];
                (found, sum) = (found + usize::from(price != 0), sum + price);
            }
        }
        (found, sum)
    }

    fn check(&self, number: usize, answer: Sums) {
        agree(&self.carts[number], answer);
    }
}
