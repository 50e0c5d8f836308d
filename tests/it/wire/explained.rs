//! What is told of rules that gave nothing, of notices, of the way to the next tier and of what may not be bought?

use quoin::api::notice::notices_of;
use quoin::api::priced_cart::{head_of, with_tail};
use quoin::api::problem::problem_of;
use quoin::api::progress::progress_of;
use quoin::api::rule_loser::rule_losers_of;
use quoin::api::v1;
use quoin::domain::decimal::Micros;
use quoin::domain::ids::{SkuId, UnitId};
use quoin::domain::language::Language::{English, Russian};
use quoin::eligibility::Barrier;
use quoin::pricing::cart::{LineNotice, LineStatus, PricedCart, Progress};
use quoin::pricing::losers::{RuleLoser, RuleLoss};
use quoin::pricing::request::{CartLine, Detail, SkuRef};

use super::policy::{self, buyer, cart, catalogue, guard_no, line, micros, rule_no, telling};

/// A cart whose second line has these losers; the first has one of its own.
fn with_losers(losers: &[(&str, RuleLoss)]) -> PricedCart {
    let mut cart = cart(vec![line(micros("10")), line(micros("20"))]);
    let first = [(0, ("once", RuleLoss::Coupon))];
    let second = losers.iter().map(|loser| (1, *loser));
    cart.rule_losers = first
        .into_iter()
        .chain(second)
        .map(|(line, (rule, reason))| RuleLoser { line, rule: rule_no(&cart.policy, rule), reason })
        .collect();
    cart
}

#[test]
fn rules_that_gave_nothing_say_why_with_their_figures() {
    let policy = policy::in_force();
    let by = rule_no(&policy, "turnover");
    let threshold = |threshold, has| RuleLoss::Threshold { threshold: micros(threshold), has: micros(has) };
    use v1::RuleLossReason as Wire;
    let cases = [
        (
            "tonnes",
            threshold("500", "380"),
            Wire::Threshold,
            "threshold 500 t, has 380 t",
            "порог 500 t, набрано 380 t",
        ),
        (
            "turnover",
            threshold("300", "0.5"),
            Wire::Threshold,
            "threshold 300.00 EUR, has 0.50 EUR",
            "порог 300.00 EUR, набрано 0.50 EUR",
        ),
        (
            "breadth",
            threshold("3", "1"),
            Wire::Threshold,
            "threshold 3 SKUs, has 1 SKU",
            "порог 3 артикула, набрано 1 артикул",
        ),
        ("once", threshold("3", "1"), Wire::Threshold, "threshold 3, has 1", "порог 3, набрано 1"),
        (
            "tonnes",
            RuleLoss::PastLadder { end: micros("50") },
            Wire::PastLadder,
            "past 50 t, where its tier ends",
            "больше 50 t, где кончается его ступень",
        ),
        (
            "tonnes",
            RuleLoss::Beaten { by },
            Wire::Beaten,
            "beaten in group X by Turnover",
            "в группе X больше даёт Оборот",
        ),
        (
            "once",
            RuleLoss::Stopped { by },
            Wire::Stopped,
            "stopped by Turnover",
            "остановлено правилом Оборот",
        ),
        (
            "list-price",
            RuleLoss::EarlierRule { by },
            Wire::EarlierRule,
            "Turnover gave the price before it",
            "цену до него дало правило Оборот",
        ),
        (
            "once",
            RuleLoss::TakenBack { by: guard_no(&policy, "margin") },
            Wire::Guard,
            "guard: Margin took it back",
            "ограничение: отменено из-за Маржа",
        ),
        (
            "per-unit",
            RuleLoss::FirstOrder,
            Wire::FirstOrder,
            "is for the first order alone",
            "действует только для первого заказа",
        ),
        (
            "per-unit",
            RuleLoss::Characteristic,
            Wire::Characteristic,
            "asks for other characteristics of the line: grade",
            "нужны другие характеристики строки: grade",
        ),
        (
            "roubles",
            RuleLoss::OtherCurrency,
            Wire::OtherCurrency,
            "its amounts are in RUB, the contract is in EUR",
            "его суммы в RUB, а договор в EUR",
        ),
        (
            "once",
            RuleLoss::Held,
            Wire::Held,
            "is lost while debts are overdue",
            "не действует, пока есть просроченная задолженность",
        ),
        (
            "once",
            RuleLoss::NotHeld,
            Wire::NotHeld,
            "is for overdue debts, of which there are none that count",
            "действует только при просроченной задолженности, а такой нет",
        ),
        (
            "once",
            RuleLoss::OutsideDates,
            Wire::OutsideDates,
            "outside its dates or weekdays",
            "вне срока или дней недели",
        ),
        (
            "once",
            RuleLoss::NoDiscount,
            Wire::NoDiscount,
            "no_discount price: it takes no discounts",
            "цена no_discount: скидки на неё не действуют",
        ),
    ];
    let cart = with_losers(&cases.map(|(rule, reason, ..)| (rule, reason)));
    let catalogue = catalogue();
    let told = |language| rule_losers_of(&cart, 1, &telling(&cart, &catalogue, buyer(language)));
    let (english, russian) = (told(English), told(Russian));
    assert_eq!((english.len(), russian.len()), (cases.len(), cases.len()));
    for (number, (rule, _, reason, en, ru)) in cases.into_iter().enumerate() {
        let (one, other) = (&english[number], &russian[number]);
        assert_eq!((one.rule.as_str(), one.reason(), one.explanation.as_str()), (rule, reason, en));
        assert_eq!((other.reason(), other.explanation.as_str()), (reason, ru));
    }
    let (beaten, threshold) = (&english[5], &english[0]);
    assert_eq!(
        (beaten.by.as_str(), beaten.by_name.as_str(), beaten.group.as_str()),
        ("turnover", "Turnover", "X")
    );
    assert_eq!((threshold.threshold_micros, threshold.has_micros), (500_000_000, 380_000_000));
    assert_eq!((threshold.name.as_str(), russian[0].name.as_str()), ("By the tonne", "По тоннам"));
    assert_eq!(english[6].name, "once", "a rule without a name goes by its id");
    let first = rule_losers_of(&cart, 0, &telling(&cart, &catalogue, buyer(English)));
    assert_eq!((first.len(), first[0].reason()), (1, Wire::Coupon));
    assert!(rule_losers_of(&cart, 2, &telling(&cart, &catalogue, buyer(English))).is_empty());
}

#[test]
fn notices_stand_with_their_line_and_the_basic_view_has_what_a_buyer_must_know() {
    let mut cart = cart(vec![line(micros("10")), line(micros("20")), line(micros("30"))]);
    let guard = |id: &str| guard_no(&cart.policy, id);
    let rule = rule_no(&cart.policy, "gift");
    let free = LineNotice::FreeGoods { rule, sku: SkuId(0), unit: UnitId::BASE, quantity: micros("2.5") };
    cart.notices = vec![
        (0, LineNotice::Untaxed),
        (1, free),
        (1, LineNotice::NeedsApproval { guard: guard("markup") }),
        (1, LineNotice::Clamped { guard: guard("floor") }),
        (1, LineNotice::BelowFloor { guard: guard("margin") }),
        (1, LineNotice::Lost { rule, amount: micros("1.5") }),
        (2, LineNotice::Clamped { guard: guard("most") }),
    ];
    let catalogue = catalogue();
    let told = |line: usize, detail, language| -> Vec<String> {
        let telling = telling(&cart, &catalogue, buyer(language));
        let notices = notices_of(&cart, (line, &cart.lines[line]), &telling, detail);
        notices.into_iter().map(|notice| notice.explanation).collect()
    };
    assert_eq!(told(0, Detail::Basic, English), ["no tax rate is known for tax class \"VAT\""]);
    assert_eq!(
        told(1, Detail::Basic, English),
        ["2.5 t of R-12 are added without charge: gift", "needs approval: markup"]
    );
    assert_eq!(
        told(1, Detail::Waterfall, Russian),
        [
            "без оплаты добавляется 2.5 t артикула R-12: gift",
            "нужно согласование: markup",
            "скидки урезаны: Нижние цены",
            "ниже допустимого даже без скидок: Маржа",
            "потеряно 1.50, потому что снижать больше нечего: gift",
        ]
    );
    assert_eq!(told(2, Detail::Basic, English), Vec::<String>::new());
    let telling = telling(&cart, &catalogue, buyer(English));
    let gift = &notices_of(&cart, (1, &cart.lines[1]), &telling, Detail::Basic)[0];
    assert_eq!((gift.kind(), gift.rule.as_str()), (v1::NoticeKind::FreeGoods, "gift"));
    assert_eq!((gift.sku.as_str(), gift.unit.as_str(), gift.quantity_micros), ("R-12", "t", 2_500_000));
}

#[test]
fn totals_and_approval_are_told_of_the_cart() {
    let mut cart = cart(vec![line(micros("100"))]);
    let catalogue = catalogue();
    let tail =
        |cart: &PricedCart| with_tail(head_of(cart), cart, &[], &telling(cart, &catalogue, buyer(English)));
    let plain = tail(&cart);
    assert_eq!((plain.tax_total.as_str(), plain.gross_total.as_str()), ("", ""));
    assert_eq!((plain.needs_approval, plain.what_if, plain.policy_version), (false, false, 7));
    cart.tax_total = Some(0);
    cart.what_if = true;
    cart.notices = vec![(0, LineNotice::Clamped { guard: guard_no(&cart.policy, "most") })];
    let taxed = tail(&cart);
    assert_eq!((taxed.tax_total.as_str(), taxed.gross_total.as_str()), ("0.00", "100.00"));
    assert_eq!((taxed.needs_approval, taxed.what_if), (false, true));
    cart.tax_total = Some(19_000_000);
    cart.notices.push((0, LineNotice::NeedsApproval { guard: guard_no(&cart.policy, "margin") }));
    let approved = tail(&cart);
    assert_eq!((approved.tax_total.as_str(), approved.gross_total.as_str()), ("19.00", "119.00"));
    assert!(approved.needs_approval);
}

/// Progress of a rule that stands at 8.8 with 8 bought before, 1.2 before 10.
fn on_the_way(cart: &PricedCart, rule: &str) -> Progress {
    Progress {
        rule: rule_no(&cart.policy, rule),
        line: None,
        position: 8_800_000,
        before: 8_000_000,
        tier: None,
        next: Some(micros("10")),
        distance: 1_200_000,
        distance_amount: Some(micros("840")),
        worth: micros("120"),
        whole_ladder: false,
    }
}

#[test]
fn the_way_to_the_next_tier_is_told_in_its_unit_and_in_money() {
    let mut cart = cart(vec![line(micros("10"))]);
    let way = on_the_way(&cart, "tonnes");
    let breadth = on_the_way(&cart, "breadth");
    cart.progress = vec![
        Progress { whole_ladder: true, ..way.clone() },
        Progress { worth: Micros::ZERO, distance_amount: None, line: Some(0), ..way.clone() },
        Progress { tier: Some(1), next: None, distance: 0, ..way },
        Progress { position: 10_i128.pow(25), distance: 1_190_001, ..on_the_way(&cart, "turnover") },
        Progress { distance: 21_000_000, ..breadth.clone() },
        Progress { distance: 12_000_000, ..breadth.clone() },
        Progress { distance: 1_000_000, ..breadth },
    ];
    let catalogue = catalogue();
    let lines = [CartLine { id: "seven", sku: SkuRef::Code("R-12"), quantity: Micros::ONE, unit: "" }];
    let told = |language| progress_of(&cart, &lines, &telling(&cart, &catalogue, buyer(language)));
    let (english, russian) = (told(English), told(Russian));
    let words = |told: &[v1::Progress]| told.iter().map(|one| one.explanation.clone()).collect::<Vec<_>>();
    assert_eq!(
        words(&english),
        [
            "1.2 t to the next discount, worth 120.00 EUR",
            "1.2 t to the next discount",
            "the last tier is reached",
            "1.20 EUR was missing to the next tier in the previous period",
            "21 SKUs to the next discount, worth 120.00 EUR",
            "12 SKUs to the next discount, worth 120.00 EUR",
            "1 SKU to the next discount, worth 120.00 EUR",
        ]
    );
    assert_eq!(
        words(&russian),
        [
            "до следующей скидки: 1.2 t, это даст 120.00 EUR",
            "до следующей скидки: 1.2 t",
            "достигнута последняя ступень",
            "в прошлом периоде до следующей ступени не хватило 1.20 EUR",
            "до следующей скидки: 21 артикул, это даст 120.00 EUR",
            "до следующей скидки: 12 артикулов, это даст 120.00 EUR",
            "до следующей скидки: 1 артикул, это даст 120.00 EUR",
        ]
    );
    let first = &english[0];
    assert_eq!(
        (first.rule.as_str(), first.name.as_str(), first.unit.as_str()),
        ("tonnes", "By the tonne", "t")
    );
    assert_eq!((first.what(), first.over()), (v1::MeasureKind::Weight, v1::MeasureScope::Quarter));
    assert_eq!(
        (first.position.as_str(), first.before.as_str(), first.distance.as_str()),
        ("8.8", "8", "1.2")
    );
    assert_eq!(
        (first.tier, first.next_micros, first.distance_amount_micros),
        (0, Some(10_000_000), Some(840_000_000))
    );
    let ladder: Vec<_> = first
        .ladder
        .iter()
        .map(|tier| (tier.lower_micros, tier.upper_micros, tier.rate_micros, tier.explanation.as_str()))
        .collect();
    let fifty = 50_000_000;
    assert_eq!(ladder, [(10_000_000, Some(fifty), 5_000_000, "5 %"), (fifty, None, 7_500_000, "7.5 %")]);
    assert_eq!(
        (english[1].line, english[1].line_id.as_str(), english[1].ladder.len()),
        (Some(0), "seven", 0)
    );
    assert_eq!((english[2].tier, english[2].next_micros, english[2].distance.as_str()), (2, None, ""));
    let turnover = &english[3];
    assert_eq!((turnover.currency.as_str(), turnover.previous_period), ("EUR", true));
    assert_eq!(turnover.position, "10000000000000000000.00");
}

#[test]
fn what_may_not_be_bought_says_what_the_policy_says() {
    let cart = cart(vec![]);
    let catalogue = catalogue();
    let told = |by, language| {
        let status = LineStatus::NotEligible { by };
        let (status, problem) = problem_of(status, &telling(&cart, &catalogue, buyer(language)));
        assert_eq!(status, v1::LineStatus::NotEligible);
        (problem.barrier, problem.reason)
    };
    let cases = [
        (Barrier::OutsideAssortment(0), "own", "not in your assortment", "нет в вашем ассортименте"),
        (Barrier::Excluded(0), "banned", "not sold in your region", "not sold in your region"),
        (Barrier::Unlicensed(0), "chemicals", "needs a licence", "нужна лицензия"),
        (Barrier::Excluded(9), "", "the contract may not buy it", "по договору это купить нельзя"),
    ];
    for (by, barrier, en, ru) in cases {
        assert_eq!(told(by, English), (barrier.to_owned(), en.to_owned()));
        assert_eq!(told(by, Russian), (barrier.to_owned(), ru.to_owned()));
    }
}
