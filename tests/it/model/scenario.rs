//! What is tried? Assortments, lists, contracts, and publications with carts after each: drawn, and shrunk, by proptest.
//!
//! Numbers that point at something are taken modulo how many there are, so that a smaller scenario stays sound.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;

/// Units with the digits that a quantity may have.
pub const UNITS: [(&str, u32); 5] = [("pc", 0), ("box", 2), ("kg", 3), ("t", 6), ("m", 1)];
/// Alternative units are so many base units.
pub const FACTORS: [(i64, i64); 6] = [(100, 1), (12, 1), (1, 2), (4_536, 10_000), (7, 3), (1, 1)];
pub const CATEGORIES: [&str; 6] = ["a", "a/b", "a/b/c", "a/d", "e", "e/f"];
pub const BRANDS: [&str; 2] = ["x", "y"];
/// The last has no rate into any other.
pub const CURRENCIES: [&str; 4] = ["EUR", "USD", "JPY", "CHF"];
pub const ZONES: [&str; 4] = ["Europe/Berlin", "UTC", "America/New_York", "Asia/Kolkata"];
/// Bounds of windows, rates and index values: bare dates and seconds, an hour that is left out, one that comes twice.
pub const MOMENTS: [&str; 7] = [
    "2026-03-29T02:30:00",
    "2026-05-01",
    "2026-05-10",
    "2026-05-10T12:00:00",
    "2026-06-01",
    "2026-10-25T02:30:00",
    "2026-11-01",
];
pub const INDICES: [&str; 2] = ["LME", "URALS"];
/// Steps of amounts and unit prices, millionths.
pub const STEPS: [i64; 5] = [1, 1_000, 10_000, 50_000, 1_000_000];

/// Rates and index values of the first publication, without which lists and formulas would be refused.
const RATES: [(usize, usize, usize, i64, i64); 6] = [
    (0, 1, 1, 1_100_000, 1),
    (1, 0, 1, 900_000, 1),
    (0, 2, 1, 163_000_000, 1),
    (2, 0, 1, 612_300, 100),
    (1, 2, 2, 147_123_456, 1),
    (2, 1, 2, 6_789, 1),
];
const INDEX_VALUES: [(usize, usize, i64); 2] = [(0, 1, 100_000_000), (1, 3, 77_123_456)];

#[derive(Debug, Clone)]
pub struct Scenario {
    pub skus: Vec<SkuSpec>,
    /// Currencies of the lists after the first, which is in EUR.
    pub lists: Vec<usize>,
    pub publications: Vec<PublicationSpec>,
}

#[derive(Debug, Clone)]
pub struct SkuSpec {
    pub base: usize,
    pub units: Vec<(usize, usize)>,
    pub category: Option<usize>,
    pub brand: Option<usize>,
    pub minimum: Option<i64>,
    pub multiple: Option<i64>,
}

#[derive(Debug, Clone)]
pub struct PublicationSpec {
    pub replace: bool,
    pub new_skus: Vec<SkuSpec>,
    /// SKUs that change category and brand.
    pub moved: Vec<(usize, Option<usize>, Option<usize>)>,
    pub contracts: Vec<ContractSpec>,
    /// From and to, since when, rate in millionths, per.
    pub rates: Vec<(usize, usize, usize, i64, i64)>,
    /// Index, since when, value in millionths.
    pub index_values: Vec<(usize, usize, i64)>,
    pub cells: Vec<CellSpec>,
    pub carts: Vec<CartSpec>,
    pub reopen: bool,
    /// Is every row packed anew afterwards? A publication that changes no price.
    pub rebuild: bool,
}

#[derive(Debug, Clone)]
pub struct ContractSpec {
    pub number: usize,
    pub currency: usize,
    pub zone: usize,
    pub lowest: bool,
    pub access: Vec<usize>,
    pub reference: Option<usize>,
    pub amount_step: Option<usize>,
    pub unit_step: Option<usize>,
    pub modes: (usize, usize),
    pub round_layer: bool,
    pub on_unit: bool,
    pub in_price_unit: bool,
}

#[derive(Debug, Clone, Copy)]
pub enum TargetSpec {
    Sku(usize),
    Category(usize),
    Brand(usize),
}

#[derive(Debug, Clone)]
pub struct CellSpec {
    pub list: usize,
    pub target: TargetSpec,
    pub unit: Option<usize>,
    pub window: (Option<usize>, Option<usize>),
    /// None removes the cell.
    pub content: Option<ContentSpec>,
}

#[derive(Debug, Clone)]
pub struct ContentSpec {
    pub per: i64,
    pub graduated: bool,
    pub over_sku: bool,
    pub is_final: bool,
    pub free: bool,
    pub kind: KindSpec,
    /// Where the first tier of a volume ladder begins, in halves.
    pub first: i64,
    /// Each tier's length in halves, and its figure; whether the tier states its end.
    pub tiers: Vec<(i64, i64, bool)>,
}

#[derive(Debug, Clone, Copy)]
pub enum KindSpec {
    Price,
    Percent(usize),
    Formula(usize),
}

#[derive(Debug, Clone)]
pub struct CartSpec {
    pub contract: usize,
    /// A moment by Greenwich, half hours from it, seconds from it.
    pub at: (usize, i64, i64),
    /// Which retained publication; none is the newest.
    pub publication: Option<usize>,
    /// SKU, unit (one of the SKU's own, or past 9 any), quantity in millionths.
    pub lines: Vec<(usize, Option<usize>, i64)>,
}

fn sku() -> impl Strategy<Value = SkuSpec> {
    let rule = || weighted(0.05, prop_oneof![Just(1_000_000_i64), Just(2_500_000), Just(6_000_000)]);
    (
        0..UNITS.len(),
        vec((0..UNITS.len(), 0..FACTORS.len()), 0..3),
        weighted(0.8, 0..CATEGORIES.len()),
        weighted(0.6, 0..BRANDS.len()),
        rule(),
        rule(),
    )
        .prop_map(|(base, units, category, brand, minimum, multiple)| SkuSpec {
            base,
            units,
            category,
            brand,
            minimum,
            multiple,
        })
}

fn contract() -> impl Strategy<Value = ContractSpec> {
    let lists = (vec(any::<usize>(), 1..5), weighted(0.6, any::<usize>()), any::<bool>());
    let steps = (weighted(0.4, 0..STEPS.len()), weighted(0.4, 0..STEPS.len()), (0_usize..4, 0_usize..4));
    let rounding = (any::<bool>(), any::<bool>(), any::<bool>());
    (0_usize..3, 0_usize..3, 0..ZONES.len(), lists, steps, rounding).prop_map(
        |(number, currency, zone, (access, reference, lowest), (amount_step, unit_step, modes), rounding)| {
            let (round_layer, on_unit, in_price_unit) = rounding;
            ContractSpec {
                number,
                currency,
                zone,
                lowest,
                access,
                reference,
                amount_step,
                unit_step,
                modes,
                round_layer,
                on_unit,
                in_price_unit,
            }
        },
    )
}

/// Prices to the cent, below the cent, small and nought.
fn figure() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => (1_i64..20_000).prop_map(|cents| cents * 10_000),
        3 => 1_i64..300_000_000,
        1 => 1_i64..20_000,
        1 => Just(0_i64),
    ]
}

fn cell() -> impl Strategy<Value = CellSpec> {
    let target = prop_oneof![
        6 => any::<usize>().prop_map(TargetSpec::Sku),
        3 => (0..CATEGORIES.len()).prop_map(TargetSpec::Category),
        1 => (0..BRANDS.len()).prop_map(TargetSpec::Brand),
    ];
    let moment = || weighted(0.35, 0..MOMENTS.len());
    let kind = prop_oneof![
        6 => Just(KindSpec::Price),
        2 => any::<usize>().prop_map(KindSpec::Percent),
        1 => (0..INDICES.len()).prop_map(KindSpec::Formula),
    ];
    let tiers = prop_oneof![
        2 => vec((1_i64..30, figure(), Just(false)), 1..2),
        3 => vec((1_i64..30, figure(), any::<bool>()), 1..5),
    ];
    let flags = (any::<bool>(), any::<bool>(), proptest::bool::weighted(0.2), proptest::bool::weighted(0.3));
    let first = prop_oneof![4 => Just(0_i64), 1 => 0_i64..20];
    let per = prop_oneof![4 => Just(1_i64), 1 => Just(3_i64), 1 => Just(100_i64)];
    let content = (per, flags, kind, first, tiers).prop_map(
        |(per, (graduated, over_sku, is_final, free), kind, first, tiers)| ContentSpec {
            per,
            graduated,
            over_sku,
            is_final,
            free,
            kind,
            first,
            tiers,
        },
    );
    let unit = weighted(0.5, 0..UNITS.len());
    (any::<usize>(), target, unit, (moment(), moment()), weighted(0.85, content))
        .prop_map(|(list, target, unit, window, content)| CellSpec { list, target, unit, window, content })
}

fn cart() -> impl Strategy<Value = CartSpec> {
    let quantity = prop_oneof![
        8 => (1_i64..40).prop_map(|whole| whole * 1_000_000),
        4 => (1_i64..60).prop_map(|halves| halves * 500_000),
        2 => (1_i64..40).prop_map(|fifties| fifties * 50_000_000),
        2 => (1_i64..40_000).prop_map(|thousandths| thousandths * 1_000),
        1 => prop_oneof![1_i64..30_000_000, Just(0_i64)],
    ];
    let line = (any::<usize>(), weighted(0.5, 0_usize..11), quantity);
    // Mostly the moment itself in one of the zones, or the second beside it.
    let offset = prop_oneof![
        4 => proptest::sample::select(vec![-11_i64, -4, -2, 0, 8, 10]),
        1 => -26_i64..27,
    ];
    let at = (0..MOMENTS.len(), offset, -1_i64..2);
    (0_usize..3, at, weighted(0.5, any::<usize>()), vec(line, 4..24))
        .prop_map(|(contract, at, publication, lines)| CartSpec { contract, at, publication, lines })
}

fn publication() -> impl Strategy<Value = PublicationSpec> {
    let skus = (
        prop_oneof![4 => Just(Vec::new()), 1 => vec(sku(), 1..4)],
        vec((any::<usize>(), weighted(0.8, 0..CATEGORIES.len()), weighted(0.6, 0..BRANDS.len())), 0..2),
    );
    let rate =
        (0_usize..3, 0_usize..3, 0..MOMENTS.len(), 1_i64..5_000_000, prop_oneof![Just(1_i64), Just(100)]);
    let market = (vec(rate, 0..3), vec((0..INDICES.len(), 0..MOMENTS.len(), 1_i64..200_000_000), 0..3));
    let replace = proptest::bool::weighted(0.3);
    let after = (proptest::bool::weighted(0.1), proptest::bool::weighted(0.2));
    (replace, skus, vec(contract(), 0..3), market, vec(cell(), 10..120), vec(cart(), 3..10), after).prop_map(
        |(replace, (new_skus, moved), contracts, (rates, index_values), cells, carts, (reopen, rebuild))| {
            PublicationSpec {
                replace,
                new_skus,
                moved,
                contracts,
                rates,
                index_values,
                cells,
                carts,
                reopen,
                rebuild,
            }
        },
    )
}

/// Gives the first publication the rates and index values that later rows rest on.
pub fn beginning(first: &mut PublicationSpec) {
    first.rates.splice(0..0, RATES);
    first.index_values.splice(0..0, INDEX_VALUES);
}

pub fn scenario() -> impl Strategy<Value = Scenario> {
    (vec(sku(), 10..40), vec(0..CURRENCIES.len(), 2..5), vec(publication(), 1..6)).prop_map(
        |(skus, lists, mut publications)| {
            beginning(&mut publications[0]);
            Scenario { skus, lists, publications }
        },
    )
}
