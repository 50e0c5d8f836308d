//! How much memory does eligibility take for a million SKUs, ten thousand contracts and as many statements, and how long
//! does a check take? In a process of its own.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use quoin::domain::catalogue::Catalogue;
use quoin::domain::contract::{AccessMode, Contract};
use quoin::domain::currency::Currency;
use quoin::domain::ids::{ContractId, CounterpartyId, SkuId};
use quoin::domain::rounding::{Rounding, TaxRounding};
use quoin::domain::sku::Sku;
use quoin::domain::time::{CivilSecond, Window};
use quoin::engine::policy::PolicyFile;
use quoin::exchange::generate::assortment::Assortment;
use quoin::exchange::generate::lists::contract_code;
use quoin::exchange::generate::prng::Prng;
use quoin::policy::CompiledPolicy;
use quoin::policy::compiled::Program;

use super::children;
use super::compiling::{NoLists, parsed};
use super::entitled::{CONTRACTS, Entitled, STATEMENTS, TODAY, licences};
use super::figures::{Figures, median};
use super::machine::resident_bytes;

/// The argument that makes this binary measure eligibility: `--eligibility SKUS`.
pub const ARGUMENT: &str = "--eligibility";
const SKUS: u32 = 1_000_000;
/// SKUs that each contract is asked about.
const CHECKS: u32 = 100;
/// Every so many contracts, the answers are held against statements read one by one.
const HELD_EVERY: u32 = 50;
/// Keeps the SKUs that are asked for apart from other streams of chance.
const STREAM: u64 = 1_004;

/// Measures in a process of its own.
pub fn measure(figures: &mut Figures) {
    let skus = SKUS.to_string();
    figures.take(children::run(&[ARGUMENT.as_ref(), skus.as_ref()], None));
}

/// Measures, and prints what was found.
pub fn child(skus: u32) {
    let assortment = Assortment::new(1, skus);
    let entitled = Entitled::new(&assortment);
    let files = [PolicyFile { name: "eligibility.yaml".to_owned(), text: entitled.text() }];
    let policy = parsed(&files);
    drop(files);
    let catalogue = catalogue(&assortment);
    let mut figures = Figures::default();
    figures.integer("eligibility_skus", skus.into());
    figures.integer("eligibility_contracts", CONTRACTS.into());
    figures.integer("eligibility_statements", STATEMENTS.into());
    let before = resident();
    let begun = Instant::now();
    let compiled = CompiledPolicy::new(1, policy, &catalogue, &NoLists);
    figures.decimal("eligibility_compile_ms", micros(begun), 3);
    let stated = resident().saturating_sub(before);
    let mut times = Vec::new();
    let program = |contract: &Contract| {
        let begun = Instant::now();
        let program = compiled.program(contract, &catalogue);
        times.push(u64::try_from(begun.elapsed().as_nanos()).unwrap());
        program
    };
    catalogue.contracts.iter().map(program).for_each(drop);
    let kept = resident().saturating_sub(before);
    let programs: Vec<Arc<Program>> =
        catalogue.contracts.iter().map(|contract| compiled.program(contract, &catalogue)).collect();
    let all = resident().saturating_sub(before);
    figures.text("eligibility_memory_mb", &super::megabytes(all));
    figures.text("eligibility_stated_mb", &super::megabytes(stated));
    figures.text("eligibility_kept_mb", &super::megabytes(kept));
    figures.text("eligibility_worked_out_mb", &super::megabytes(all.saturating_sub(stated)));
    figures.micros("eligibility_contract_us", median(times));
    checks(&programs, &entitled, skus, &mut figures);
    println!("{}", figures.json());
}

/// Asks every contract for SKUs at random, and holds some of the answers against the statements.
fn checks(programs: &[Arc<Program>], entitled: &Entitled<'_>, skus: u32, figures: &mut Figures) {
    let at = CivilSecond::parse(TODAY).unwrap();
    let (mut nanos, mut count, mut forbidden) = (0, 0, 0);
    for (contract, program) in (0..CONTRACTS).zip(programs) {
        let mut chance = Prng::new(1, STREAM, contract.into());
        let asked: Vec<u32> = (0..CHECKS).map(|_| chance.below(skus)).collect();
        let begun = Instant::now();
        let may = |sku: &u32| black_box(&program.entitlement).barrier(SkuId(*sku), at).is_none();
        let answers: Vec<bool> = asked.iter().map(may).collect();
        nanos += u64::try_from(begun.elapsed().as_nanos()).unwrap();
        count += u64::from(CHECKS);
        forbidden += u64::try_from(answers.iter().filter(|may| !**may).count()).unwrap();
        if contract.is_multiple_of(HELD_EVERY) {
            for (sku, may) in asked.iter().zip(answers) {
                assert_eq!(may, entitled.may_buy(contract, *sku), "contract {contract}, SKU {sku}");
            }
        }
    }
    figures.decimal("eligibility_check_ns", nanos * 10 / count, 1);
    figures.integer("eligibility_forbidden_percent", forbidden * 100 / count);
}

/// Goods of the generator's, and contracts with licences; nothing else of either.
fn catalogue(assortment: &Assortment) -> Catalogue {
    let mut catalogue = Catalogue::default();
    let piece = catalogue.put_unit("piece", "Piece", 0);
    for (number, sku) in (0_u32..).zip(&assortment.skus) {
        let code = assortment.sku_code(number);
        let category = catalogue.category_of_path(&assortment.leaf_of(sku).unwrap().path);
        let brand = catalogue.brand_of_code(&assortment.brands[usize::from(sku.brand)]);
        catalogue.skus.put(&code, |number| Sku {
            id: SkuId(number),
            code: code.clone(),
            name: String::new(),
            base_unit: piece,
            units: Vec::new(),
            category: Some(category),
            brand: Some(brand),
            tax_class: None,
            multiple: None,
            minimum: None,
            unit_cost: None,
            attributes: BTreeMap::new(),
        });
    }
    for contract in 0..CONTRACTS {
        let code = contract_code(contract);
        catalogue.contracts.put(&code, |number| Contract {
            id: ContractId(number),
            code: code.clone(),
            counterparty: CounterpartyId(0),
            currency: Currency::parse("EUR").unwrap(),
            zone: "Europe/Berlin".to_owned(),
            validity: Window::ALWAYS,
            access_mode: AccessMode::First,
            access: Vec::new(),
            reference_list: None,
            rounding: Rounding::default(),
            payer: None,
            ship_to: None,
            payment_terms: None,
            tax_rounding: TaxRounding::default(),
            hold: None,
            attributes: licences(contract).map(|(name, until)| (name, until.to_owned())).collect(),
        });
    }
    catalogue
}

fn resident() -> u64 {
    resident_bytes(std::process::id())
}

fn micros(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_micros()).unwrap()
}
