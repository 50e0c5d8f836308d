//! Does the interpreter come to the amounts that were worked out by hand? It is an oracle only as far as it does.

use std::collections::{BTreeMap, BTreeSet};

use quoin::domain::currency::Currency;
use quoin::domain::ladder::TierMode::{Graduated, Volume};
use quoin::domain::rounding::{DiscountOn, RoundAt, RoundingMode, TaxRounding};
use quoin::domain::time::CivilSecond;
use quoin::policy::syntax::RuleLayer::{
    Contract as ContractLayer, Loyalty, Order, Surcharge, Volume as VolumeLayer,
};
use quoin::policy::syntax::{
    AmountOf, At, Benefit, Cap, FreeGoods, FreeMode, FreePer, Guard, GuardAction, GuardTest, Limit, LimitOf,
    Measure, OfAmount, Part, PeriodWindow, Policy, Rule, Scope, Service, ServicePer, Stack, Tax, TaxRate,
    What, When,
};

use super::interpret::interpret;
use super::shop::{Cart, Contract, Line, List, Price, Priced, Shop, Sku};
use super::tree::{ladder, measure, micros, percent, price, quarter, rule, skus, text};

/// SKUs `a`, `b`, `c` by the piece at a price each, and a cart of some of them.
struct Try {
    shop: Shop,
    policy: Policy,
    cart: Cart,
}

impl Try {
    fn new(lines: &[(&str, &str, &str)], rules: Vec<Rule>) -> Self {
        let euro = Currency::parse("EUR").unwrap();
        let mut shop = Shop::default();
        shop.units.extend([("pc".to_owned(), 3), ("lb".to_owned(), 3), ("t".to_owned(), 3)]);
        let mut prices = BTreeMap::new();
        let mut cart = Cart {
            contract: "one".to_owned(),
            at: CivilSecond::parse("2026-05-20T12:00:00").unwrap(),
            channel: String::new(),
            warehouse: String::new(),
            delivery_basis: String::new(),
            fulfilment: String::new(),
            payment_terms: String::new(),
            coupons: Vec::new(),
            first_order: false,
            positions: BTreeMap::new(),
            uses: BTreeMap::new(),
            lines: Vec::new(),
        };
        for (number, (sku, quantity, at)) in lines.iter().enumerate() {
            prices.insert((*sku).to_owned(), Price { price: micros(at), no_discount: false });
            // A piece of 0.5 kg, 10,000 lb of 4,536 kg: a pound is 0.9072 pieces.
            let units = [("lb".to_owned(), (9_072, 10_000)), ("t".to_owned(), (1, 1))].into();
            let sku_facts = Sku {
                base: "pc".to_owned(),
                units,
                category: None,
                brand: None,
                attributes: BTreeMap::new(),
                tax_class: Some("full".to_owned()),
                unit_cost: None,
            };
            shop.skus.insert((*sku).to_owned(), sku_facts);
            let (id, sku, quantity) = (format!("l{number}"), (*sku).to_owned(), micros(quantity));
            cart.lines.push(Line { id, sku, quantity, ..Line::default() });
        }
        shop.lists.insert("base".to_owned(), List { currency: euro, gross: false, prices });
        let contract = Contract {
            counterparty: "buyer".to_owned(),
            holding: None,
            currency: euro,
            attributes: BTreeMap::new(),
            payment_terms: None,
            access: vec!["base".to_owned()],
            reference: Some("base".to_owned()),
            rounding: Default::default(),
            tax_rounding: TaxRounding::Line,
        };
        shop.contracts.insert("one".to_owned(), contract);
        Self { shop, policy: Policy { currency: Some(euro), rules, ..Policy::default() }, cart }
    }

    /// Changes something before the cart is priced.
    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    fn rounding(&mut self, change: impl FnOnce(&mut quoin::domain::rounding::Rounding)) {
        change(&mut self.shop.contracts.get_mut("one").unwrap().rounding);
    }

    fn lines(&self) -> Vec<Priced> {
        interpret(&self.shop, &self.policy, &self.cart).lines.into_values().collect()
    }

    /// The amounts of the lines, or their statuses.
    #[track_caller]
    fn comes_to(&self, expected: &[&str]) {
        let found: Vec<String> = self
            .lines()
            .iter()
            .map(|line| if line.status == "priced" { line.amount.to_text(2) } else { line.status.clone() })
            .collect();
        assert_eq!(found, expected);
    }

    /// Their taxes.
    #[track_caller]
    fn is_taxed(&self, expected: &[&str]) {
        let found: Vec<String> = self.lines().iter().map(|line| line.tax.to_text(2)).collect();
        assert_eq!(found, expected);
    }
}

fn pieces(over: Scope) -> Measure {
    measure(What::Quantity { unit: None }, over)
}

fn net(over: Scope) -> Measure {
    measure(What::Amount { of: AmountOf::Net }, over)
}

#[test]
fn tiers_of_a_price_in_both_modes() {
    let tiers = |mode, lower: &str| {
        let tiers = [("0", "", price("50")), (lower, "", price("45"))];
        ladder("p", ContractLayer, pieces(Scope::Line), mode, &tiers)
    };
    Try::new(&[("a", "15", "60")], vec![tiers(Volume, "11")]).comes_to(&["675.00"]);
    Try::new(&[("a", "15", "60")], vec![tiers(Graduated, "10")]).comes_to(&["725.00"]);
    let ends = [("0", "10", price("50"))];
    for mode in [Volume, Graduated] {
        let past = vec![ladder("p", ContractLayer, pieces(Scope::Line), mode, &ends)];
        let no_list = |t: &mut Try| t.shop.lists.get_mut("base").unwrap().prices.clear();
        Try::new(&[("a", "10", "60")], past.clone()).comes_to(&["500.00"]);
        Try::new(&[("a", "11", "60")], past.clone()).comes_to(&["660.00"]);
        Try::new(&[("a", "11", "60")], past).with(no_list).comes_to(&["no_price"]);
    }
    let first = [("0", "", price("10")), ("11", "", price("11"))];
    let boundary = vec![ladder("p", ContractLayer, pieces(Scope::Line), Volume, &first)];
    Try::new(&[("a", "11", "60")], boundary).comes_to(&["121.00"]);
}

#[test]
fn a_discount_on_two_ladders() {
    let tiers = [("0", "1000", percent("10")), ("1000", "2500", percent("25"))];
    for (mode, value, expected) in [
        (Graduated, "2000", "1650.00"),
        (Volume, "2000", "1500.00"),
        (Graduated, "3000", "2525.00"),
        (Volume, "3000", "3000.00"),
    ] {
        let rules = vec![ladder("l", VolumeLayer, net(Scope::Line), mode, &tiers)];
        Try::new(&[("a", "1", value)], rules).comes_to(&[expected]);
    }
}

#[test]
fn percentages_stack_as_the_layer_or_the_rule_says() {
    let both = || vec![rule("1", VolumeLayer, percent("10")), rule("2", VolumeLayer, percent("20"))];
    Try::new(&[("a", "1", "100")], both()).comes_to(&["72.00"]);
    let additive = |t: &mut Try| {
        t.policy.stacks.insert(VolumeLayer, Stack::Additive);
    };
    Try::new(&[("a", "1", "100")], both()).with(additive).comes_to(&["70.00"]);
    let order = |line: &str| vec![rule("1", VolumeLayer, percent(line)), rule("2", Order, percent("2"))];
    Try::new(&[("a", "1", "100")], order("10")).comes_to(&["88.20"]);
    Try::new(&[("a", "1", "50")], order("5")).comes_to(&["46.55"]);
}

#[test]
fn a_long_chain() {
    let of = |id: &str, priority, benefit| Rule { priority, ..rule(id, VolumeLayer, benefit) };
    let best = |rule: Rule| Rule { best_of: Some("x".to_owned()), ..rule };
    let rules = [
        best(of("a", 9, percent("10"))),
        best(of("b", 8, percent("7"))),
        of("c", 7, percent("10")),
        of("d", 6, Benefit::PerLine(micros("20"))),
        of("e", 5, percent("5")),
        of("f", 4, percent("8")),
        of("g", 3, Benefit::PerLine(micros("10"))),
    ];
    for (count, expected) in
        [(2, "1408.50"), (3, "1267.65"), (4, "1247.65"), (5, "1185.27"), (6, "1090.45"), (7, "1080.45")]
    {
        Try::new(&[("a", "1", "1565")], rules[..count].to_vec()).comes_to(&[expected]);
    }
}

#[test]
fn units_that_do_not_divide_and_rounding_before_or_after() {
    let by_pound = || vec![Rule { unit: Some("lb".to_owned()), ..rule("p", ContractLayer, price("100")) }];
    Try::new(&[("a", "1", "1")], by_pound()).comes_to(&["110.23"]);
    Try::new(&[("a", "1000", "1")], by_pound()).comes_to(&["110229.28"]);
    let by_unit = |t: &mut Try| t.rounding(|rounding| rounding.discount_on = DiscountOn::Unit);
    Try::new(&[("a", "1000", "1")], by_pound()).with(by_unit).comes_to(&["110230.00"]);
    let two = || vec![rule("1", VolumeLayer, percent("5")), rule("2", Loyalty, percent("8"))];
    Try::new(&[("a", "1", "0.11")], two()).comes_to(&["0.10"]);
    let by_layer = |t: &mut Try| t.rounding(|rounding| rounding.round_at = RoundAt::Layer);
    Try::new(&[("a", "1", "0.11")], two()).with(by_layer).comes_to(&["0.09"]);
}

/// 10 % of 10.05 leaves 9.045 a piece. The order's 1 % is taken of what the rounded unit price makes.
#[test]
fn unit_prices_run_up_to_the_first_step_that_makes_an_amount() {
    let rules = || vec![rule("1", VolumeLayer, percent("10")), rule("2", Order, percent("1"))];
    let by_unit = |t: &mut Try| t.rounding(|rounding| rounding.discount_on = DiscountOn::Unit);
    Try::new(&[("a", "1000", "10.05")], rules()).comes_to(&["8954.55"]);
    Try::new(&[("a", "1000", "10.05")], rules()).with(by_unit).comes_to(&["8959.50"]);
}

#[test]
fn a_period_counts_what_was_bought_before() {
    let bought = |key: &'static str, value: i128| {
        move |t: &mut Try| {
            t.cart.positions.insert(key.to_owned(), (value * 1_000_000, BTreeSet::new()));
        }
    };
    let now = quarter(PeriodWindow::Current);
    let from_15 = || vec![ladder("q", VolumeLayer, pieces(now), Volume, &[("15", "", percent("10"))])];
    Try::new(&[("a", "10", "1")], from_15()).comes_to(&["10.00"]);
    Try::new(&[("a", "10", "1")], from_15()).with(bought("q", 5)).comes_to(&["9.00"]);
    let tonnes = measure(What::Weight { unit: "t".to_owned() }, now);
    let above_10 = || vec![ladder("q", VolumeLayer, tonnes.clone(), Graduated, &[("10", "", percent("5"))])];
    // 3 of 5 t are above 10 t: 3 % of 320,000 are 9,600, and half of it is of the line of 160,000 less.
    let cart = [("a", "2", "100000"), ("b", "3", "40000")];
    Try::new(&cart, above_10()).with(bought("q", 8)).comes_to(&["194000.00", "116400.00"]);
    let before = quarter(PeriodWindow::Previous);
    let turnover = || vec![ladder("q", VolumeLayer, net(before), Volume, &[("300", "", percent("10"))])];
    Try::new(&[("a", "1", "500")], turnover()).comes_to(&["500.00"]);
    Try::new(&[("a", "1", "500")], turnover()).with(bought("q", 300)).comes_to(&["450.00"]);
}

#[test]
fn sums_are_spread_to_the_last_coin() {
    let lump = || vec![rule("o", Order, Benefit::PerCart(micros("100")))];
    let three = [("a", "1", "100"), ("b", "1", "100"), ("c", "1", "100")];
    Try::new(&three, lump()).comes_to(&["66.66", "66.67", "66.67"]);
    Try::new(&three[..1], lump()).comes_to(&["0.00"]);
    let capped = || {
        let cap = Cap { cart: Some(micros("10")), ..Cap::default() };
        vec![Rule { cap, ..rule("o", Order, percent("10")) }]
    };
    Try::new(&three, capped()).comes_to(&["96.66", "96.67", "96.67"]);
    // "The first 100 pieces" of which 80 were taken: 20 of 30.
    let limited = || {
        let limit = Limit { of: LimitOf::Quantity { unit: None }, most: micros("100"), overall: true };
        vec![Rule { limit: Some(limit), ..rule("o", VolumeLayer, percent("10")) }]
    };
    let used = |t: &mut Try| {
        t.cart.uses.insert("o".to_owned(), 80_000_000);
    };
    Try::new(&[("a", "10", "10"), ("b", "20", "5")], limited()).with(used).comes_to(&["93.33", "93.34"]);
}

#[test]
fn bundles_by_the_set() {
    let part = |sku: &str, quantity| Part { goods: skus(&[sku]), quantity: micros(quantity), unit: None };
    let bundle = |sets| {
        let when = When { together: vec![part("a", "1"), part("b", "4")], sets, ..When::default() };
        vec![Rule { when, ..rule("set", VolumeLayer, percent("10")) }]
    };
    let cart = [("a", "1", "100"), ("b", "6", "10"), ("c", "1", "50")];
    // One set: all of a, 4 of 6 of b, nothing of c.
    Try::new(&cart, bundle(true)).comes_to(&["90.00", "56.00", "50.00"]);
    Try::new(&cart, bundle(false)).comes_to(&["90.00", "54.00", "45.00"]);
    Try::new(&[("a", "1", "100"), ("b", "3", "10")], bundle(false)).comes_to(&["100.00", "30.00"]);
}

#[test]
fn free_goods_inside_and_on_top() {
    let free = |mode, per| {
        let (every, give, rounding) = (micros("10"), micros("1"), RoundingMode::Down);
        let free = FreeGoods { every, give, mode, per, rounding, sku: None };
        vec![rule("f", VolumeLayer, Benefit::Free(free))]
    };
    for (per, expected) in
        [(FreePer::Unit, "230.00"), (FreePer::Proportional, "230.00"), (FreePer::Whole, "250.00")]
    {
        Try::new(&[("a", "25", "10")], free(FreeMode::Inside, per)).comes_to(&[expected]);
    }
    let on_top = Try::new(&[("a", "25", "10")], free(FreeMode::OnTop, FreePer::Unit));
    on_top.comes_to(&["250.00"]);
    assert_eq!(on_top.lines()[0].free["f"], ("a".to_owned(), "pc".to_owned(), micros("2")));
}

#[test]
fn guards_give_back_what_is_missing() {
    let guard = |test, action| Guard {
        id: "g".to_owned(),
        name: text("g"),
        goods: Default::default(),
        contracts: Default::default(),
        rules: Vec::new(),
        test,
        action,
        at: At::default(),
    };
    let guarded = |cost: &'static str, discount: &str, action| {
        let margin = GuardTest::Margin { percent: micros("20"), cost_list: None };
        Try::new(&[("a", "1", "100")], vec![rule("d", VolumeLayer, percent(discount))]).with(|t| {
            t.shop.skus.get_mut("a").unwrap().unit_cost =
                Some((micros(cost), Currency::parse("EUR").unwrap()));
            t.policy.guards.push(guard(margin, action));
        })
    };
    // 60 at a margin of 20 % are 75; 62.137 are 77.67125, which rounding would miss.
    guarded("60", "30", GuardAction::Clamp).comes_to(&["75.00"]);
    guarded("62.137", "30", GuardAction::Clamp).comes_to(&["77.68"]);
    guarded("90", "30", GuardAction::Clamp).comes_to(&["100.00"]);
    let approve = guarded("60", "30", GuardAction::Approve);
    approve.comes_to(&["70.00"]);
    assert!(approve.lines()[0].approvals.contains("g"));
    let most = GuardTest::Discount { percent: micros("10"), of: OfAmount::Contract };
    Try::new(&[("a", "1", "99.99")], vec![rule("d", VolumeLayer, percent("30"))])
        .with(|t| t.policy.guards.push(guard(most, GuardAction::Clamp)))
        .comes_to(&["90.00"]);
}

#[test]
fn services_and_taxes() {
    let cutting = Service {
        id: "cut".to_owned(),
        name: text("cut"),
        goods: Default::default(),
        price: micros("3"),
        per: ServicePer::Each,
        currency: None,
        tax_class: Some("low".to_owned()),
        at: At::default(),
    };
    let tax = |id: &str, class: &str, percent| Tax {
        id: id.to_owned(),
        class: class.to_owned(),
        contracts: Default::default(),
        priority: 0,
        rates: vec![TaxRate { from: None, percent: micros(percent) }],
        at: At::default(),
    };
    let cheaper = Rule {
        service: Some("cut".to_owned()),
        ..rule("s", Surcharge, Benefit::ServicePercent(micros("50")))
    };
    let small = rule("small", Surcharge, Benefit::PerLine(micros("5")));
    let of = |lines: &[(&str, &str, &str)]| {
        Try::new(lines, vec![cheaper.clone(), small.clone()]).with(|t| {
            t.policy.taxes = vec![tax("1", "full", "20"), tax("2", "low", "10")];
            t.policy.services.push(cutting.clone());
        })
    };
    let cut =
        of(&[("a", "1", "10")]).with(|t| t.cart.lines[0].services.push(("cut".to_owned(), micros("4"))));
    cut.comes_to(&["21.00"]);
    cut.is_taxed(&["3.60"]);
    let unknown =
        of(&[("a", "1", "10")]).with(|t| t.cart.lines[0].services.push(("bend".to_owned(), micros("1"))));
    unknown.comes_to(&["no_such_service"]);
    // Thirds of a coin: 0.066 each are 0.07, and 0.198 together are 0.20.
    let cents = Try::new(&[("a", "1", "0.33"), ("b", "1", "0.33"), ("c", "1", "0.33")], Vec::new())
        .with(|t| t.policy.taxes = vec![tax("1", "full", "20")]);
    cents.is_taxed(&["0.07", "0.07", "0.07"]);
    cents
        .with(|t| t.shop.contracts.get_mut("one").unwrap().tax_rounding = TaxRounding::Document)
        .is_taxed(&["0.07", "0.07", "0.06"]);
}
