//! How is a world put in memory for pricing alone? A catalogue and packed rows, without an engine, so that much can be tried.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use quoin::domain::catalogue::Catalogue;
use quoin::domain::cell::{Cell, CellFlags, Target, Value};
use quoin::domain::contract::{AccessEntry, AccessMode, Conditions, Contract, Counterparty};
use quoin::domain::ids::{ContractId, CounterpartyId, IndexId, ListId, SkuId, UnitId};
use quoin::domain::ladder::{Ladder, Over, Tier, TierMode};
use quoin::domain::market::Market;
use quoin::domain::price_list::PriceList;
use quoin::domain::sku::Sku;
use quoin::domain::time::{CivilSecond, Window};
use quoin::domain::unit::Factor;
use quoin::matrix::build::{BuiltRow, RowBuilder};
use quoin::matrix::epoch::{CodecEpoch, SkuProfile};
use quoin::matrix::segment::{Found, Segment};
use quoin::policy::syntax::Policy;
use quoin::policy::{CompiledPolicy, ListMembers};
use quoin::pricing::request::{Detail, NOTHING_BOUGHT, ProgressWanted};
use quoin::pricing::rows::{RowSource, Unavailable};
use quoin::pricing::{PricedLines, PricingInput, price};
use roaring::RoaringBitmap;

use super::ask::{Answered, circumstances, lines, particulars};
use super::shop::{self, Answer, Cart, Line, Shop};

/// A world in memory.
pub struct Direct {
    pub catalogue: Catalogue,
    epoch: CodecEpoch,
    rows: BTreeMap<ListId, BuiltRow>,
    members: BTreeMap<ListId, RoaringBitmap>,
}

impl ListMembers for Direct {
    fn skus_of(&self, list: ListId) -> RoaringBitmap {
        self.members.get(&list).cloned().unwrap_or_default()
    }
}

/// The rows of one cart.
struct Rows<'a> {
    epoch: &'a CodecEpoch,
    segments: BTreeMap<ListId, Segment<'a>>,
    /// Lists that were asked.
    asked: RefCell<Vec<ListId>>,
}

impl RowSource for Rows<'_> {
    fn approach(&self, _: ListId, _: &[u32]) {}

    fn find(&self, list: ListId, sku: u32) -> Result<Option<Found<'_>>, Unavailable> {
        self.asked.borrow_mut().push(list);
        let Some(segment) = self.segments.get(&list) else { return Ok(None) };
        Ok(segment.find(self.epoch.position(sku)).unwrap())
    }

    fn targets(&self, list: ListId) -> Result<Option<&Segment<'_>>, Unavailable> {
        Ok(self.segments.get(&list).filter(|segment| segment.has_targets()))
    }
}

impl Direct {
    pub fn of(shop: &Shop) -> Self {
        let mut catalogue = Catalogue::default();
        for (unit, digits) in &shop.units {
            catalogue.put_unit(unit, unit, u8::try_from(*digits).unwrap());
        }
        for (code, sku) in &shop.skus {
            put_sku(&mut catalogue, code, sku);
        }
        let values = shop.indices.values().enumerate().map(|(number, value)| {
            (IndexId(u32::try_from(number).unwrap()), [(CivilSecond(i64::MIN), *value)].into())
        });
        catalogue.market = Arc::new(Market {
            indices: shop.indices.keys().cloned().collect(),
            index_values: values.collect(),
            ..Market::default()
        });
        let profiles: Vec<_> = shop.skus.keys().map(|_| SkuProfile { category: 0, base: 0 }).collect();
        let mut direct = Self {
            epoch: CodecEpoch::new(1, &profiles),
            rows: BTreeMap::new(),
            members: BTreeMap::new(),
            catalogue,
        };
        for (code, list) in &shop.lists {
            direct.put_list(code, list);
        }
        for (code, contract) in &shop.contracts {
            direct.put_contract(code, contract);
        }
        direct.catalogue.refresh_facts(&Catalogue::default());
        direct
    }

    fn put_list(&mut self, code: &str, list: &shop::List) {
        let (name, currency, gross) = (String::new(), list.currency, list.gross);
        let id = ListId(self.catalogue.lists.put(code, |number| PriceList {
            id: ListId(number),
            code: code.to_owned(),
            name,
            currency,
            gross,
            owner: None,
        }));
        let mut row = RowBuilder::new(&self.epoch);
        let mut members = RoaringBitmap::new();
        for (sku, price) in &list.prices {
            let sku = self.catalogue.skus.number(sku).unwrap();
            members.insert(sku);
            row.cells(Target::Sku(SkuId(sku)), vec![cell(price)]);
        }
        self.rows.extend(row.finish().unwrap().map(|row| (id, row)));
        self.members.insert(id, members);
    }

    fn put_contract(&mut self, code: &str, contract: &shop::Contract) {
        let catalogue = &mut self.catalogue;
        let buyer = &contract.counterparty;
        let counterparty = CounterpartyId(catalogue.counterparties.put(buyer, |number| Counterparty {
            id: CounterpartyId(number),
            code: buyer.clone(),
            name: String::new(),
            holding: contract.holding.clone(),
        }));
        let list = |code: &String| ListId(catalogue.lists.number(code).unwrap());
        let access = contract.access.iter();
        let access = access.map(|code| AccessEntry { list: list(code), conditions: Conditions::default() });
        let (access, reference_list) = (access.collect(), contract.reference.as_ref().map(list));
        catalogue.contracts.put(code, |number| Contract {
            id: ContractId(number),
            code: code.to_owned(),
            counterparty,
            currency: contract.currency,
            zone: "UTC".to_owned(),
            validity: Window::ALWAYS,
            access_mode: AccessMode::First,
            access,
            reference_list,
            rounding: contract.rounding,
            payer: None,
            ship_to: None,
            payment_terms: contract.payment_terms.clone(),
            tax_rounding: contract.tax_rounding,
            hold: None,
            attributes: contract.attributes.clone(),
        });
    }

    pub fn compile(&self, policy: &Policy) -> CompiledPolicy {
        // So little is kept that what was worked out is forgotten from cart to cart.
        CompiledPolicy::new(1, policy.clone(), &self.catalogue, self).keeping(3)
    }

    /// Prices lines of a cart in this order.
    pub fn price(
        &self,
        policy: &CompiledPolicy,
        cart: &Cart,
        order: &[&Line],
        detail: Detail,
    ) -> PricedLines {
        let segments = self.rows.iter().map(|(list, row)| {
            let segment = Segment::parse(&row.segments[0].1, &self.epoch).unwrap();
            (*list, segment)
        });
        let rows = Rows { epoch: &self.epoch, segments: segments.collect(), asked: RefCell::default() };
        let input = PricingInput {
            levels: &[],
            held_by: &[],
            bought: &NOTHING_BOUGHT,
            points: &[],
            surcharges: true,
            catalogue: &self.catalogue,
            contract: self.catalogue.contracts.by_code(&cart.contract).unwrap(),
            at: cart.at,
            circumstances: circumstances(cart),
            particulars: &particulars(cart, order),
            policy,
            progress: ProgressWanted::default(),
            rows: &rows,
            detail,
        };
        price(&input, &lines(order)).unwrap()
    }

    /// The same in the interpreter's words.
    pub fn told(&self, policy: &CompiledPolicy, priced: &PricedLines, order: &[&Line]) -> Answer {
        let answered = Answered {
            catalogue: &self.catalogue,
            policy,
            lines: &priced.lines,
            notices: &priced.notices,
            list_total: priced.list_total,
            total: priced.total,
            tax_total: priced.taxed.then_some(priced.tax_total),
        };
        answered.told(order)
    }
}

fn put_sku(catalogue: &mut Catalogue, code: &str, sku: &shop::Sku) {
    let unit = |catalogue: &Catalogue, code: &str| catalogue.unit_id(code).unwrap();
    let base_unit = unit(catalogue, &sku.base);
    let units: Vec<(UnitId, Factor)> = sku
        .units
        .iter()
        .map(|(code, (num, den))| (unit(catalogue, code), Factor::new(*num, *den).unwrap()))
        .collect();
    let category = sku.category.as_ref().map(|path| catalogue.category_of_path(path));
    let brand = sku.brand.as_ref().map(|code| catalogue.brand_of_code(code));
    catalogue.skus.put(code, |number| Sku {
        id: SkuId(number),
        code: code.to_owned(),
        name: String::new(),
        base_unit,
        units,
        category,
        brand,
        tax_class: sku.tax_class.clone(),
        multiple: None,
        minimum: None,
        unit_cost: sku.unit_cost,
        attributes: sku.attributes.clone(),
    });
}

fn cell(price: &shop::Price) -> Cell {
    let flags = if price.no_discount { CellFlags::NO_DISCOUNT } else { CellFlags::default() };
    let tier =
        Tier { lower: quoin::domain::decimal::Micros::ZERO, upper: None, value: Value::Price(price.price) };
    Cell {
        unit: UnitId::BASE,
        per: 1,
        window: Window::ALWAYS,
        flags,
        ladder: Ladder::new(TierMode::Volume, Over::Line, vec![tier]).unwrap(),
    }
}
