//! A small policy and a cart priced under it by hand, for tests of how answers are told.

use std::sync::Arc;

use quoin::api::telling::{Audience, Telling};
use quoin::domain::catalogue::Catalogue;
use quoin::domain::currency::Currency;
use quoin::domain::decimal::Micros;
use quoin::domain::ids::{ContractId, ListId, PublicationNo, SequenceNo, SkuId, UnitId};
use quoin::domain::ladder::TierMode;
use quoin::domain::language::Language;
use quoin::domain::price_list::PriceList;
use quoin::domain::rounding::RoundingMode;
use quoin::domain::sku::Sku;
use quoin::domain::time::{CivilSecond, Instant};
use quoin::policy::syntax::{
    Assortment, At, Base, Benefit, Cap, Exclusion, FreeGoods, FreeMode, FreePer, Guard, GuardAction,
    GuardTest, Licence, Limit, LimitOf, Measure, NamedMeasure, OfAmount, Period, PeriodLength, PeriodOf,
    PeriodWindow, Policy, Presentation, Rule, RuleLayer, RuleMeasure, RuleTier, Scope, Selection, Service,
    ServicePer, Text, What, When,
};
use quoin::policy::{CompiledPolicy, GuardNo, ListMembers, PolicyInForce, RuleNo, ServiceNo};
use quoin::pricing::cart::{LineStatus, PricedCart, PricedLine};

/// In neither language may these be told to a buyer: a margin, a mark-up, a floor list and a unit cost.
pub const MARGIN: Micros = Micros(37_123_456);
pub const MARKUP: Micros = Micros(41_654_321);
pub const FLOORS: &str = "FLOORS-SECRET";
pub const COST: Micros = Micros(4_321_987_654);

pub fn micros(text: &str) -> Micros {
    Micros::parse(text).unwrap()
}

fn text(en: &str, ru: &str) -> Text {
    Text { en: en.to_owned(), ru: (!ru.is_empty()).then(|| ru.to_owned()) }
}

pub fn euro() -> Currency {
    Currency::parse("EUR").unwrap()
}

fn measure(what: What, over: Scope) -> Measure {
    Measure { what, over, goods: None, currency: None, at: At::default() }
}

fn tier(lower: &str, benefit: Benefit) -> RuleTier {
    RuleTier { lower: micros(lower), upper: None, benefit, at: At::default() }
}

/// A rule without conditions.
pub fn rule(id: &str, layer: RuleLayer, measured: Option<RuleMeasure>, tiers: Vec<RuleTier>) -> Rule {
    Rule {
        id: id.to_owned(),
        name: text("", ""),
        layer,
        goods: Selection::default(),
        contracts: Selection::default(),
        when: When::default(),
        currency: None,
        measure: measured,
        mode: TierMode::Volume,
        tiers,
        unit: None,
        per: 1,
        service: None,
        times: None,
        on: Base::Running,
        stack: None,
        priority: 0,
        best_of: None,
        stop: false,
        cap: Cap::default(),
        limit: None,
        present: Presentation::Discount,
        at: At::default(),
    }
}

fn rules() -> Vec<Rule> {
    use Benefit::{Free, PerCart, PerUnit, Percent, PriceOf, ServicePercent};
    let own = |what, over| Some(RuleMeasure::Own(measure(what, over)));
    let quarter = Scope::Period(Period {
        length: PeriodLength::Quarter,
        window: PeriodWindow::Current,
        calendar: quoin::policy::syntax::Calendar::Calendar,
        of: PeriodOf::Contract,
    });
    let tonnes = || What::Weight { unit: "t".to_owned() };
    let plain = |id: &str, layer, benefit| rule(id, layer, None, vec![tier("0", benefit)]);
    vec![
        Rule {
            name: text("By the tonne", "По тоннам"),
            mode: TierMode::Graduated,
            tiers: vec![
                RuleTier { upper: Some(micros("50")), ..tier("10", Percent(micros("5"))) },
                tier("50", Percent(micros("7.5"))),
            ],
            best_of: Some("X".to_owned()),
            ..rule("tonnes", RuleLayer::Volume, own(tonnes(), quarter), vec![])
        },
        Rule {
            name: text("Turnover", "Оборот"),
            ..rule(
                "turnover",
                RuleLayer::Volume,
                Some(RuleMeasure::Named("last-quarter".to_owned(), At::default())),
                vec![tier("300", Percent(micros("3")))],
            )
        },
        rule(
            "breadth",
            RuleLayer::Loyalty,
            own(What::Skus, Scope::Cart),
            vec![tier("3", PerCart(micros("10")))],
        ),
        Rule {
            unit: Some("t".to_owned()),
            times: Some("length".to_owned()),
            when: When {
                first_order: Some(true),
                line: vec![quoin::policy::syntax::LineCondition {
                    attribute: "grade".to_owned(),
                    test: quoin::policy::syntax::LineTest::OneOf(vec!["A400".to_owned()]),
                }],
                ..When::default()
            },
            ..plain("per-unit", RuleLayer::Volume, PerUnit(micros("2.5")))
        },
        Rule {
            limit: Some(Limit { of: LimitOf::Uses, most: micros("1"), overall: false }),
            ..plain("once", RuleLayer::Order, Percent(micros("1")))
        },
        plain("list-price", RuleLayer::Contract, PriceOf("PROMO".to_owned())),
        Rule {
            currency: Some(Currency::parse("RUB").unwrap()),
            ..plain("roubles", RuleLayer::Surcharge, Benefit::PerLine(micros("100")))
        },
        Rule {
            service: Some("cutting".to_owned()),
            ..plain("cheap-cutting", RuleLayer::Surcharge, ServicePercent(micros("20")))
        },
        plain(
            "gift",
            RuleLayer::Volume,
            Free(FreeGoods {
                every: micros("10"),
                give: micros("1"),
                mode: FreeMode::OnTop,
                per: FreePer::Unit,
                rounding: RoundingMode::Down,
                sku: None,
            }),
        ),
    ]
}

fn guard(id: &str, name: Text, test: GuardTest) -> Guard {
    Guard {
        id: id.to_owned(),
        name,
        goods: Selection::default(),
        contracts: Selection::default(),
        rules: Vec::new(),
        test,
        action: GuardAction::Clamp,
        at: At::default(),
    }
}

/// The policy, as it is written.
pub fn written() -> Policy {
    let (reason, at) = (text("not in your assortment", "нет в вашем ассортименте"), At::default());
    let mut policy = Policy { currency: Some(euro()), rules: rules(), ..Policy::default() };
    policy.guards = vec![
        guard("floor", text("Floor prices", "Нижние цены"), GuardTest::FloorList(FLOORS.to_owned())),
        guard("margin", text("Margin", "Маржа"), GuardTest::Margin { percent: MARGIN, cost_list: None }),
        guard("markup", text("", ""), GuardTest::Markup { percent: MARKUP, cost_list: None }),
        guard(
            "most",
            text("Greatest discount", ""),
            GuardTest::Discount { percent: micros("15"), of: OfAmount::List },
        ),
    ];
    policy.services = vec![Service {
        id: "cutting".to_owned(),
        name: text("Cutting", "Резка"),
        goods: Selection::default(),
        price: micros("30"),
        per: ServicePer::Each,
        currency: None,
        tax_class: None,
        at,
    }];
    let previous = Scope::Period(Period {
        length: PeriodLength::Quarter,
        window: PeriodWindow::Previous,
        calendar: quoin::policy::syntax::Calendar::Calendar,
        of: PeriodOf::Contract,
    });
    let net = What::Amount { of: quoin::policy::syntax::AmountOf::Net };
    policy.measures.insert(
        "last-quarter".to_owned(),
        NamedMeasure { name: text("Turnover", ""), measure: measure(net, previous), at },
    );
    let (contracts, goods) = (Selection::default(), Selection::default());
    policy.eligibility.assortments =
        vec![Assortment { id: "own".to_owned(), contracts, goods, reason: reason.clone(), at }];
    policy.eligibility.exclusions = vec![Exclusion {
        id: "banned".to_owned(),
        contracts: Selection::default(),
        goods: Selection::default(),
        reason: text("not sold in your region", ""),
        at,
    }];
    policy.eligibility.licences = vec![Licence {
        id: "chemicals".to_owned(),
        goods: Selection::default(),
        attribute: "licence".to_owned(),
        reason: text("needs a licence", "нужна лицензия"),
        at,
    }];
    policy
}

struct NoPrices;

impl ListMembers for NoPrices {
    fn skus_of(&self, _: ListId) -> roaring::RoaringBitmap {
        roaring::RoaringBitmap::new()
    }
}

/// The policy in force, as version 7.
pub fn in_force() -> PolicyInForce {
    PolicyInForce(Arc::new(CompiledPolicy::new(7, written(), &Catalogue::default(), &NoPrices)))
}

/// A rule's number.
pub fn rule_no(policy: &PolicyInForce, id: &str) -> RuleNo {
    let place = policy.0.policy().rules.iter().position(|rule| rule.id == id);
    RuleNo(u32::try_from(place.unwrap_or_else(|| panic!("no rule {id}"))).unwrap())
}

/// A guard's number.
pub fn guard_no(policy: &PolicyInForce, id: &str) -> GuardNo {
    let place = policy.0.policy().guards.iter().position(|guard| guard.id == id);
    GuardNo(u32::try_from(place.unwrap_or_else(|| panic!("no guard {id}"))).unwrap())
}

/// The number of the only service.
pub const CUTTING: ServiceNo = ServiceNo(0);

/// One unit, one SKU with a cost, and the lists that are named.
pub fn catalogue() -> Catalogue {
    let mut catalogue = Catalogue::default();
    catalogue.put_unit("t", "Tonne", 3);
    let base_unit = catalogue.unit_id("t").unwrap();
    catalogue.skus.put("R-12", |number| Sku {
        id: SkuId(number),
        code: "R-12".to_owned(),
        name: "Rebar 12".to_owned(),
        base_unit,
        units: Vec::new(),
        category: None,
        brand: None,
        tax_class: Some("VAT".to_owned()),
        multiple: None,
        minimum: None,
        unit_cost: Some((COST, euro())),
        attributes: std::collections::BTreeMap::new(),
    });
    for code in ["BASE", FLOORS] {
        catalogue.lists.put(code, |number| PriceList {
            id: ListId(number),
            code: code.to_owned(),
            name: String::new(),
            currency: euro(),
            gross: false,
            owner: None,
        });
    }
    catalogue
}

/// A priced line of the SKU.
pub fn line(amount: Micros) -> PricedLine {
    PricedLine {
        status: LineStatus::Priced,
        sku: Some(SkuId(0)),
        unit: UnitId::BASE,
        quantity: Micros::ONE,
        list_unit_price: amount,
        unit_price: amount,
        list_amount: amount,
        contract_amount: Micros::ZERO,
        amount,
        tax: Micros::ZERO,
        source: None,
        steps: 0..0,
        losers: 0..0,
    }
}

/// A cart of these lines under the policy.
pub fn cart(lines: Vec<PricedLine>) -> PricedCart {
    let total = lines.iter().map(|line| i128::from(line.amount.0)).sum();
    PricedCart {
        contract: ContractId(0),
        currency: euro(),
        publication: PublicationNo(3),
        position: SequenceNo(4),
        pricing_at: Instant(1_790_000_000),
        civil: CivilSecond(1_790_003_600),
        held_by: Vec::new(),
        hold: None,
        lines,
        steps: Vec::new(),
        losers: Vec::new(),
        rule_losers: Vec::new(),
        notices: Vec::new(),
        shown: Vec::new(),
        progress: Vec::new(),
        retro: None,
        points: Vec::new(),
        uses: Vec::new(),
        left_to_pay: None,
        concession: None,
        list_total: total,
        total,
        tax_total: None,
        what_if: false,
        policy: in_force(),
    }
}

/// A caller that may see everything, in a language.
pub fn seller(language: Language) -> Audience {
    Audience { language, sees_costs: true }
}

/// A caller that may not see costs.
pub fn buyer(language: Language) -> Audience {
    Audience { language, sees_costs: false }
}

/// What a cart is told with.
pub fn telling<'a>(cart: &'a PricedCart, catalogue: &'a Catalogue, audience: Audience) -> Telling<'a> {
    Telling::of(cart, catalogue, audience)
}
