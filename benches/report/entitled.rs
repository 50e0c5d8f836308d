//! Who may buy what in the eligibility that is measured? Ten thousand statements, as text and as a plain answer.
//!
//! Each contract is in two of 500 assortments of whole product types; 6,400 exclusions of a brand in a leaf category or
//! of single SKUs are for three contracts each, 3,000 inclusions of single SKUs for one; 100 licences are for everybody.

use std::fmt::Write;

use quoin::exchange::generate::assortment::Assortment;
use quoin::exchange::generate::goods::KINDS;
use quoin::exchange::generate::lists::contract_code;
use quoin::exchange::generate::prng::Prng;

/// Contracts that statements are for.
pub const CONTRACTS: u32 = 10_000;
const ASSORTMENTS: u32 = 500;
const EXCLUSIONS: u32 = 6_400;
const INCLUSIONS: u32 = 3_000;
const LICENCES: u32 = 100;
/// Statements of all kinds.
pub const STATEMENTS: u32 = ASSORTMENTS + EXCLUSIONS + INCLUSIONS + LICENCES;
/// SKUs that a statement of single SKUs names.
const SKUS: u32 = 20;
/// Keeps the goods of statements apart from other streams of chance.
const STREAM: u64 = 1_003;
/// The day of the checks.
pub const TODAY: &str = "2026-06-17";

/// Which goods.
enum Goods {
    /// Product types, as a bit each.
    Kinds(u64),
    Leaves([u16; 2]),
    /// A brand in a leaf category.
    Brand(u16, u16),
    /// Ascending.
    Skus(Vec<u32>),
}

/// The statements, each with its goods.
pub struct Entitled<'a> {
    assortment: &'a Assortment,
    assortments: Vec<Goods>,
    exclusions: Vec<Goods>,
    inclusions: Vec<Goods>,
    licences: Vec<Goods>,
}

impl<'a> Entitled<'a> {
    /// For an assortment.
    pub fn new(assortment: &'a Assortment) -> Self {
        let draw = |kind: u64, count: u32, draw: &dyn Fn(&mut Prng) -> Goods| -> Vec<Goods> {
            let number = |at: u32| kind << 32 | u64::from(at);
            (0..count).map(|at| draw(&mut Prng::new(1, STREAM, number(at)))).collect()
        };
        let brand_or_skus = |chance: &mut Prng| match chance.below(2) {
            0 => brand(assortment, chance),
            _ => skus(assortment, chance),
        };
        Self {
            assortment,
            assortments: draw(0, ASSORTMENTS, &kinds),
            exclusions: draw(1, EXCLUSIONS, &brand_or_skus),
            inclusions: draw(2, INCLUSIONS, &|chance| skus(assortment, chance)),
            licences: draw(3, LICENCES, &|chance| {
                Goods::Leaves([leaf(assortment, chance), leaf(assortment, chance)])
            }),
        }
    }

    /// May a contract buy a SKU? Statement by statement, as docs/POLICY.md puts it.
    pub fn may_buy(&self, contract: u32, sku: u32) -> bool {
        let has = |goods: &Goods| self.has(goods, sku);
        let any = |statements: &[Goods], is_for: &dyn Fn(u32) -> bool| {
            (0..).zip(statements).any(|(at, goods)| is_for(at) && has(goods))
        };
        let held = any(&self.assortments, &|at| is_in_assortment(contract, at));
        let excluded = any(&self.exclusions, &|at| exclusion_contracts(at).contains(&contract));
        let included = any(&self.inclusions, &|at| inclusion_contract(at) == contract);
        let unlicensed =
            (0..).zip(&self.licences).any(|(at, goods)| has(goods) && !is_licensed(contract, at));
        (held && !excluded || included) && !unlicensed
    }

    /// The statements as a policy's file.
    pub fn text(&self) -> String {
        let mut text = String::from("quoin_policy: 1\neligibility:\n");
        let codes = |contracts: &mut dyn Iterator<Item = u32>| {
            let codes: Vec<String> = contracts.map(contract_code).collect();
            format!("contracts: {{ contract: [{}] }}", codes.join(", "))
        };
        let mut put = |kind: &str, statements: &[Goods], rest: &dyn Fn(u32) -> String| {
            writeln!(text, "  {kind}s:").unwrap();
            for (at, goods) in (0..).zip(statements) {
                let (goods, rest) = (self.described(goods), rest(at));
                writeln!(text, "    - {{ id: {kind}-{at}, goods: {goods}, {rest} }}").unwrap();
            }
        };
        put("assortment", &self.assortments, &|at| {
            let contracts = codes(&mut (0..CONTRACTS).filter(|contract| is_in_assortment(*contract, at)));
            format!("{contracts}, reason: Not in the range")
        });
        put("exclusion", &self.exclusions, &|at| {
            format!("{}, reason: Not for this buyer", codes(&mut exclusion_contracts(at).into_iter()))
        });
        put("inclusion", &self.inclusions, &|at| {
            format!("contracts: {{ contract: {} }}", contract_code(inclusion_contract(at)))
        });
        put("licence", &self.licences, &|at| {
            format!("attribute: {}, reason: A licence is needed", licence(at))
        });
        text
    }

    fn has(&self, goods: &Goods, sku: u32) -> bool {
        let home = self.assortment.sku(sku).unwrap();
        match goods {
            Goods::Kinds(kinds) => kinds >> self.assortment.leaf_of(home).unwrap().kind & 1 == 1,
            Goods::Leaves(leaves) => leaves.contains(&home.leaf),
            Goods::Brand(leaf, brand) => (home.leaf, home.brand) == (*leaf, *brand),
            Goods::Skus(skus) => skus.binary_search(&sku).is_ok(),
        }
    }

    fn described(&self, goods: &Goods) -> String {
        let path = |leaf: u16| self.assortment.leaves[usize::from(leaf)].path.as_str();
        match goods {
            Goods::Kinds(kinds) => {
                let of =
                    |kind: usize| self.assortment.leaves.iter().find(|leaf| usize::from(leaf.kind) == kind);
                let type_of = |leaf: &str| leaf.split('/').take(2).collect::<Vec<_>>().join("/");
                let paths = (0..KINDS.len()).filter(|kind| kinds >> kind & 1 == 1).filter_map(of);
                let paths: Vec<String> = paths.map(|leaf| format!("{:?}", type_of(&leaf.path))).collect();
                format!("{{ category: [{}] }}", paths.join(", "))
            }
            Goods::Leaves([one, other]) => format!("{{ category: [{:?}, {:?}] }}", path(*one), path(*other)),
            Goods::Brand(leaf, brand) => {
                let brand = &self.assortment.brands[usize::from(*brand)];
                format!("{{ category: {:?}, brand: {brand:?} }}", path(*leaf))
            }
            Goods::Skus(skus) => {
                let codes: Vec<String> = skus.iter().map(|sku| self.assortment.sku_code(*sku)).collect();
                format!("{{ sku: [{}] }}", codes.join(", "))
            }
        }
    }
}

/// Five to fifteen product types, about.
fn kinds(chance: &mut Prng) -> Goods {
    let count = 5 + chance.below(11);
    let kind = |_| chance.below(u32::try_from(KINDS.len()).unwrap());
    Goods::Kinds((0..count).map(kind).fold(0, |kinds, kind| kinds | 1 << kind))
}

fn leaf(assortment: &Assortment, chance: &mut Prng) -> u16 {
    u16::try_from(chance.below(u32::try_from(assortment.leaves.len()).unwrap())).unwrap()
}

fn brand(assortment: &Assortment, chance: &mut Prng) -> Goods {
    let sku = chance.below(u32::try_from(assortment.skus.len()).unwrap());
    let sku = assortment.sku(sku).unwrap();
    Goods::Brand(sku.leaf, sku.brand)
}

fn skus(assortment: &Assortment, chance: &mut Prng) -> Goods {
    let all = u32::try_from(assortment.skus.len()).unwrap();
    let mut skus: Vec<u32> = (0..SKUS).map(|_| chance.below(all)).collect();
    skus.sort_unstable();
    skus.dedup();
    Goods::Skus(skus)
}

/// Each contract is in two.
fn is_in_assortment(contract: u32, at: u32) -> bool {
    contract % ASSORTMENTS == at || contract / (CONTRACTS / ASSORTMENTS) == at
}

fn exclusion_contracts(at: u32) -> [u32; 3] {
    [0, 1, 2].map(|member| (at * 3 + member) % CONTRACTS)
}

fn inclusion_contract(at: u32) -> u32 {
    at * 3 + 1
}

/// The attribute that a licence asks for.
pub fn licence(at: u32) -> String {
    format!("licence-{at}")
}

/// The licences of a contract: a third of all, some of them over, some until the end of the year.
pub fn licences(contract: u32) -> impl Iterator<Item = (String, &'static str)> {
    let until = move |at: u32| {
        ["2025-12-31", "2026-12-31", "yes", "yes"][usize::try_from((contract + at) / 3 % 4).unwrap()]
    };
    (0..LICENCES).filter(move |at| (contract + at).is_multiple_of(3)).map(move |at| (licence(at), until(at)))
}

fn is_licensed(contract: u32, at: u32) -> bool {
    licences(contract).any(|(name, until)| name == licence(at) && (until == "yes" || until >= TODAY))
}
