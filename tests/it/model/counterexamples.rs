//! Which scenarios were once priced otherwise than by the model? Shrunk, they stay.

use super::check;
use super::reached::Reached;
use super::scenario::{
    CartSpec, CellSpec, ContentSpec, ContractSpec, KindSpec, PublicationSpec, Scenario, SkuSpec, TargetSpec,
    beginning,
};

/// One SKU by the kilogram, two lists in EUR; a contract that asks the first alone and rounds amounts to the cent.
fn scenario(cells: Vec<CellSpec>, change: impl FnOnce(&mut Scenario)) -> Scenario {
    let sku =
        SkuSpec { base: 2, units: Vec::new(), category: None, brand: None, minimum: None, multiple: None };
    let contract = ContractSpec {
        number: 0,
        currency: 0,
        zone: 1,
        lowest: false,
        access: vec![0],
        reference: None,
        amount_step: None,
        unit_step: None,
        modes: (0, 0),
        round_layer: false,
        on_unit: false,
        in_price_unit: false,
    };
    let cart = CartSpec { contract: 0, at: (4, 0, 0), publication: None, lines: vec![(0, None, 10_000_000)] };
    let mut first = publication(cells);
    first.contracts.push(contract);
    first.carts.push(cart);
    beginning(&mut first);
    let mut scenario = Scenario { skus: vec![sku], lists: vec![0], publications: vec![first] };
    change(&mut scenario);
    scenario
}

fn publication(cells: Vec<CellSpec>) -> PublicationSpec {
    PublicationSpec {
        replace: false,
        new_skus: Vec::new(),
        moved: Vec::new(),
        contracts: Vec::new(),
        rates: Vec::new(),
        index_values: Vec::new(),
        cells,
        carts: Vec::new(),
        reopen: false,
        rebuild: false,
    }
}

/// What a list says of the SKU in one tier; the figure in millionths.
fn cell(list: usize, kind: KindSpec, figure: i64) -> CellSpec {
    let content = ContentSpec {
        per: 1,
        graduated: false,
        over_sku: false,
        is_final: false,
        free: false,
        kind,
        first: 0,
        tiers: vec![(1, figure, false)],
    };
    CellSpec { list, target: TargetSpec::Sku(0), unit: None, window: (None, None), content: Some(content) }
}

/// 10 at 1.234: the unit price is shown as 1.23 and the amount is 12.30; the list amount was 12.34.
#[test]
fn the_list_amount_is_rounded_as_the_amount_is() {
    let cells = vec![cell(0, KindSpec::Price, 1_234_000)];
    check(&scenario(cells, |s| s.publications[0].contracts[0].on_unit = true), &Reached::default());
}

/// 1.234 and 1.228 both round to 1.23: a tie, which the second list won by what rounding takes away.
#[test]
fn lowest_compares_rounded_amounts_of_plain_prices_where_every_layer_rounds() {
    let cells = vec![cell(0, KindSpec::Price, 1_234_000), cell(1, KindSpec::Price, 1_228_000)];
    let lowest = scenario(cells, |s| {
        let contract = &mut s.publications[0].contracts[0];
        (contract.access, contract.lowest) = (vec![0, 1], true);
        (contract.on_unit, contract.round_layer) = (true, true);
    });
    check(&lowest, &Reached::default());
}

/// A formula that comes out below zero in a `final` cell: the second list was asked, and gave its price.
#[test]
fn a_final_price_that_cannot_be_computed_ends_lowest() {
    let mut first = cell(0, KindSpec::Formula(0), 1_000);
    if let Some(content) = &mut first.content {
        content.is_final = true;
    }
    let lowest = scenario(vec![first, cell(1, KindSpec::Price, 1_000_000)], |s| {
        let contract = &mut s.publications[0].contracts[0];
        (contract.access, contract.lowest) = (vec![0, 1], true);
    });
    check(&lowest, &Reached::default());
}

/// A replacement that names a cell with `remove`: its price point was counted as removed twice.
#[test]
fn a_removal_in_a_replacement_is_counted_once() {
    let removal = CellSpec { content: None, ..cell(0, KindSpec::Price, 1_000_000) };
    let replaced = scenario(vec![cell(0, KindSpec::Price, 1_000_000)], |s| {
        let carts = s.publications[0].carts.clone();
        s.publications.push(PublicationSpec { replace: true, carts, ..publication(vec![removal]) });
    });
    check(&replaced, &Reached::default());
}
