//! And through an engine, as everybody else comes: goods from CSV, the policy from YAML files, the cart by a call?

use quoin::domain::time::Instant;
use quoin::engine::Engine;
use quoin::engine::caller::Caller;
use quoin::engine::import::Verdict;
use quoin::engine::policy::{PolicyFile, PublishPolicy};
use quoin::engine::publication::ImportMode;
use quoin::exchange::kind::Kind;
use quoin::policy::syntax::Policy;
use quoin::pricing::request::{CartRequest, Detail, ProgressWanted};

use super::ask::{Answered, circumstances, lines, particulars};
use super::case::drawn;
use super::draw::CATEGORIES;
use super::interpret::interpret;
use super::shop::{Answer, Cart, Line, Shop};
use super::yaml::to_yaml;
use crate::import_set::ImportSet;

fn pairs<'a>(of: impl Iterator<Item = (&'a String, &'a String)>) -> String {
    of.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(";")
}

fn optional(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or_default()
}

fn import(engine: &Engine, shop: &Shop) {
    let mut set = ImportSet::default();
    for (unit, digits) in &shop.units {
        set.add(Kind::Units, &[("unit", unit), ("decimals", &digits.to_string())]);
    }
    for (index, value) in &shop.indices {
        let fields = [("index", index.as_str()), ("valid_from", "2000-01-01"), ("value", &value.to_string())];
        set.add(Kind::IndexValues, &fields);
    }
    // A policy may name any category of the world's, and is refused where no SKU ever stood in it.
    for (number, category) in CATEGORIES.iter().enumerate() {
        let code = format!("of-{number}");
        set.add(Kind::Skus, &[("sku", code.as_str()), ("base_unit", "pc"), ("category", *category)]);
    }
    for (code, sku) in &shop.skus {
        let (cost, currency) = sku
            .unit_cost
            .map_or_else(Default::default, |(cost, currency)| (cost.to_string(), currency.code().to_owned()));
        let fields = [
            ("sku", code.as_str()),
            ("base_unit", &sku.base),
            ("category", optional(&sku.category)),
            ("brand", optional(&sku.brand)),
            ("tax_class", optional(&sku.tax_class)),
            ("unit_cost", &cost),
            ("cost_currency", &currency),
            ("attributes", &pairs(sku.attributes.iter())),
        ];
        set.add(Kind::Skus, &fields);
        for (unit, (numerator, denominator)) in &sku.units {
            let (numerator, denominator) = (numerator.to_string(), denominator.to_string());
            let fields = [
                ("sku", code.as_str()),
                ("unit", unit),
                ("numerator", &numerator),
                ("denominator", &denominator),
            ];
            set.add(Kind::SkuUnits, &fields);
        }
    }
    for (code, list) in &shop.lists {
        let tax = if list.gross { "included" } else { "excluded" };
        let fields = [("price_list", code.as_str()), ("currency", list.currency.code()), ("tax", tax)];
        set.add(Kind::PriceLists, &fields);
        for (sku, price) in &list.prices {
            let flags = if price.no_discount { "no_discount" } else { "" };
            let fields = [
                ("price_list", code.as_str()),
                ("sku", sku),
                ("price", &price.price.to_string()),
                ("flags", flags),
            ];
            set.add(Kind::Prices, &fields);
        }
    }
    import_contracts(&mut set, shop);
    let report = set.import(engine, ImportMode::Delta, false);
    assert_eq!(report.verdict, Verdict::Published, "{:#?}", report.refused);
}

fn import_contracts(set: &mut ImportSet, shop: &Shop) {
    let mut known = std::collections::BTreeSet::new();
    for (code, contract) in &shop.contracts {
        let counterparty = contract.counterparty.as_str();
        if known.insert(counterparty) {
            let fields = [("counterparty", counterparty), ("holding", optional(&contract.holding))];
            set.add(Kind::Counterparties, &fields);
        }
        let rounding = &contract.rounding;
        let word = |of: &dyn std::fmt::Debug| {
            let name = format!("{of:?}");
            name.replace("HalfUp", "half_up").replace("HalfEven", "half_even").to_lowercase()
        };
        let step =
            |of: Option<quoin::domain::decimal::Micros>| of.map(|step| step.to_string()).unwrap_or_default();
        let fields = [
            ("contract", code.as_str()),
            ("counterparty", counterparty),
            ("currency", contract.currency.code()),
            ("time_zone", "UTC"),
            ("reference_list", optional(&contract.reference)),
            ("amount_step", &step(rounding.amount_step)),
            ("amount_mode", &word(&rounding.amount_mode)),
            ("unit_step", &step(rounding.unit_step)),
            ("unit_mode", &word(&rounding.unit_mode)),
            ("round", &word(&rounding.round_at)),
            ("discount_on", &word(&rounding.discount_on)),
            ("rounding_unit", &word(&rounding.rounding_unit)),
            ("tax_rounding", &word(&contract.tax_rounding)),
            ("payment_terms", optional(&contract.payment_terms)),
            ("attributes", &pairs(contract.attributes.iter())),
        ];
        set.add(Kind::Contracts, &fields);
        for (position, list) in contract.access.iter().enumerate() {
            let position = position.to_string();
            let fields = [("contract", code.as_str()), ("position", &position), ("price_list", list)];
            set.add(Kind::Access, &fields);
        }
    }
}

/// Publishes a policy as two files, the second with every other rule. One with amounts in a currency that none of its
/// contracts is in, or with prices of a list in one from which none of theirs has a rate, is refused, and for nothing else.
fn publish(engine: &Engine, policy: &Policy) -> bool {
    let (mut first, mut second) = (policy.clone(), Policy::default());
    second.currency = policy.currency;
    (first.rules, second.rules) = (Vec::new(), Vec::new());
    for (number, rule) in policy.rules.iter().enumerate() {
        let half = if number % 2 == 0 { &mut first } else { &mut second };
        half.rules.push(rule.clone());
    }
    let file = |name: &str, policy| PolicyFile { name: name.to_owned(), text: to_yaml(policy) };
    let asked = PublishPolicy {
        files: vec![file("second", &second), file("first", &first)],
        ..PublishPolicy::default()
    };
    let report = engine.publish_policy(&Caller::operator(), asked).unwrap();
    let errors = report.findings.iter().filter(|finding| finding.error);
    for error in errors {
        let of_currencies =
            ["currency-of-nobody", "two-currencies", "no-exchange-rate"].contains(&error.code.as_str());
        assert!(of_currencies, "{error:?}\n{}", to_yaml(policy));
    }
    report.published
}

fn answer(engine: &Engine, cart: &Cart) -> Answer {
    let order: Vec<&Line> = cart.lines.iter().collect();
    let request = CartRequest {
        contract: &cart.contract,
        pricing_at: Some(Instant(cart.at.0)),
        publication: None,
        circumstances: circumstances(cart),
        lines: &lines(&order),
        particulars: &particulars(cart, &order),
        progress: ProgressWanted::default(),
        detail: Detail::Explain,
    };
    let priced = engine.price_cart(&Caller::operator(), &request).unwrap();
    let answered = Answered {
        catalogue: &engine.view().catalogue,
        policy: &priced.policy.0,
        lines: &priced.lines,
        notices: &priced.notices,
        list_total: priced.list_total,
        total: priced.total,
        tax_total: priced.tax_total,
    };
    answered.told(&order)
}

#[test]
fn an_engine_prices_by_its_files_as_the_interpreter_does() {
    let (mut drawn_policies, mut published) = (0_u32, 0_u32);
    for stream in 0..u64::from(crate::effort::count(40)) {
        let folder = tempfile::tempdir().unwrap();
        let engine = crate::import_set::engine(folder.path());
        let (shop, policies) = drawn(1_000 + stream, 5, 4);
        import(&engine, &shop);
        for (policy, carts) in policies {
            drawn_policies += 1;
            if !publish(&engine, &policy) {
                continue;
            }
            published += 1;
            for cart in carts {
                let mut expected = interpret(&shop, &policy, &cart);
                expected.lines.values_mut().for_each(|line| line.gave.clear());
                let found = answer(&engine, &cart);
                assert!(found == expected, "{}\n{}{cart:?}", found.against(&expected), to_yaml(&policy));
            }
        }
    }
    assert!(published > drawn_policies / 2, "{published} of {drawn_policies} were published");
}
