//! Is every sentence there in both languages, with the same places to fill in?

use quoin::api::words::{Phrase, benefit, list_loss, notice, points_loss, problem, progress, rule_loss};
use quoin::domain::decimal::Micros;
use quoin::domain::ids::{ListId, SkuId, UnitId};
use quoin::domain::language::Language;
use quoin::eligibility::Barrier;
use quoin::policy::syntax::{BenefitKind, FreeMode, GuardTest, OfAmount, RuleLayer, ServicePer, Text};
use quoin::policy::{GuardNo, RuleNo};
use quoin::pricing::cart::{LineNotice, LineStatus};
use quoin::pricing::losers::{LossReason, RuleLoss};
use quoin::pricing::points::PointsLoss;

const ZERO: Micros = Micros::ZERO;

fn problems() -> Vec<Phrase> {
    let list = ListId(0);
    [
        LineStatus::UnknownSku,
        LineStatus::UnknownUnit,
        LineStatus::NoPrice,
        LineStatus::NoPriceFinal { list },
        LineStatus::QuantityNotPositive,
        LineStatus::QuantityTooPrecise { decimals: 0 },
        LineStatus::BelowMinimum { minimum: ZERO },
        LineStatus::OffMultiple { below: ZERO, above: ZERO },
        LineStatus::OffMultiple { below: Micros::ONE, above: ZERO },
        LineStatus::NoBasePrice { list },
        LineStatus::NoExchangeRate { list },
        LineStatus::NoIndexValue { list },
        LineStatus::PriceNotPositive { list },
        LineStatus::NoTaxRate { list },
        LineStatus::NotEligible { by: Barrier::Excluded(0) },
        LineStatus::NoSuchService,
        LineStatus::Overflow,
    ]
    .map(problem::phrase)
    .to_vec()
}

fn list_losses() -> Vec<Phrase> {
    [
        LossReason::ConditionNotMet,
        LossReason::NotInList,
        LossReason::OutsideWindow,
        LossReason::NoConversion,
        LossReason::BelowFirstTier { threshold: ZERO },
        LossReason::PastLadder { end: ZERO },
        LossReason::NoBasePrice,
        LossReason::NoExchangeRate,
        LossReason::NoIndexValue,
        LossReason::NoTaxRate,
        LossReason::PriceNotPositive,
        LossReason::EarlierListTaken,
        LossReason::HigherThan { winner: ZERO, amount: ZERO },
        LossReason::EndedByFinal,
    ]
    .map(list_loss::phrase)
    .to_vec()
}

fn rule_losses() -> Vec<Phrase> {
    let by = RuleNo(0);
    let mut phrases = [
        RuleLoss::Channel,
        RuleLoss::Warehouse,
        RuleLoss::DeliveryBasis,
        RuleLoss::Fulfilment,
        RuleLoss::PaymentTerms,
        RuleLoss::Coupon,
        RuleLoss::Level,
        RuleLoss::Held,
        RuleLoss::NotHeld,
        RuleLoss::FirstOrder,
        RuleLoss::OutsideDates,
        RuleLoss::Characteristic,
        RuleLoss::NotTogether,
        RuleLoss::OtherCurrency,
        RuleLoss::Threshold { threshold: ZERO, has: ZERO },
        RuleLoss::PastLadder { end: ZERO },
        RuleLoss::NoDiscount,
        RuleLoss::NoListPrice,
        RuleLoss::NotMeasurable,
        RuleLoss::NoValue,
        RuleLoss::NoPriceInList,
        RuleLoss::NotLower,
        RuleLoss::Beaten { by },
        RuleLoss::Stopped { by },
        RuleLoss::LimitUsedUp,
        RuleLoss::Nothing,
        RuleLoss::TakenBack { by: GuardNo(0) },
        RuleLoss::EarlierRule { by },
    ]
    .map(rule_loss::phrase)
    .to_vec();
    phrases.extend([true, false].map(rule_loss::first_order));
    phrases
}

fn notices() -> Vec<Phrase> {
    let (rule, guard) = (RuleNo(0), GuardNo(0));
    [
        LineNotice::FreeGoods { rule, sku: SkuId(0), unit: UnitId::BASE, quantity: ZERO },
        LineNotice::NeedsApproval { guard },
        LineNotice::Clamped { guard },
        LineNotice::BelowFloor { guard },
        LineNotice::Lost { rule, amount: ZERO },
        LineNotice::Untaxed,
    ]
    .map(notice::phrase)
    .to_vec()
}

fn ways() -> Vec<Phrase> {
    use RuleLayer::{Contract, Loyalty, Order, Surcharge, Volume};
    let mut phrases = [Contract, Volume, Order, Loyalty, Surcharge].map(progress::way).to_vec();
    phrases.extend([progress::LAST, progress::MISSED, progress::WORTH]);
    phrases
}

fn benefits() -> Vec<Phrase> {
    use BenefitKind::{
        Formula, Free, PerCart, PerLine, PerUnit, Percent, Price, PriceOf, ServicePercent, ServicePrice,
    };
    let kinds =
        [Percent, PerUnit, PerLine, PerCart, Price, PriceOf, Formula, Free, ServicePrice, ServicePercent];
    let mut phrases = kinds.map(benefit::rate).to_vec();
    phrases.extend([FreeMode::Inside, FreeMode::OnTop].map(benefit::free));
    phrases.extend(
        [ServicePer::Each, ServicePer::Unit(None), ServicePer::Line].map(|per| benefit::service(&per)),
    );
    let percent = ZERO;
    let guards = [
        GuardTest::Margin { percent, cost_list: None },
        GuardTest::Markup { percent, cost_list: None },
        GuardTest::FloorList(String::new()),
        GuardTest::Discount { percent, of: OfAmount::Contract },
        GuardTest::Discount { percent, of: OfAmount::List },
    ];
    phrases.extend(guards.map(|test| benefit::guard(&test)));
    phrases.extend([benefit::BASE_UNIT, benefit::TIMES, benefit::PRICE_OF, benefit::FORMULA]);
    phrases.push(benefit::POINTS);
    phrases
}

fn points_losses() -> Vec<Phrase> {
    use PointsLoss::{Coins, Goods, Guard, Share, Spendable};
    [Spendable, Share, Goods, Coins, Guard].map(points_loss::phrase).to_vec()
}

fn places(text: &str) -> Vec<&str> {
    let mut places: Vec<&str> =
        text.split('{').skip(1).map(|rest| rest.split_once('}').expect("a place is closed").0).collect();
    places.sort_unstable();
    places.dedup();
    places
}

#[test]
fn every_sentence_is_there_in_both_languages_with_the_same_places() {
    let tables = [problems(), list_losses(), rule_losses(), points_losses(), notices(), ways(), benefits()];
    for phrase in tables.concat() {
        assert_eq!(places(phrase.en), places(phrase.ru), "{phrase:?}");
        let cyrillic =
            |text: &str| text.chars().any(|c| ('а'..='я').contains(&c.to_lowercase().next().unwrap()));
        assert!(!phrase.en.is_empty() && !cyrillic(phrase.en), "{phrase:?}");
        assert!(cyrillic(phrase.ru), "{phrase:?}");
        for language in Language::ALL {
            let told = phrase.told(language, &["A", "{1}", "C", "D"]);
            assert!(!told.contains("{0}") && !told.contains("{2}"), "{told}");
        }
    }
}

#[test]
fn what_is_filled_in_is_not_read_again() {
    let phrase = Phrase::new("{1} of {0}", "{0}: {1}, {2}");
    assert_eq!(phrase.told(Language::English, &["{1}", "b}"]), "b} of {1}");
    assert_eq!(phrase.told(Language::Russian, &["a", "b"]), "a: b, ");
}

#[test]
fn languages_go_by_their_letters_and_texts_fall_back_to_english() {
    assert_eq!(
        ["", "en", "ru"].map(Language::parse),
        [Some(Language::English), Some(Language::English), Some(Language::Russian)]
    );
    assert_eq!(["RU", "de", "en-GB"].map(Language::parse), [None; 3]);
    let both = Text { en: "Cutting".to_owned(), ru: Some("Резка".to_owned()) };
    let english = Text { ru: None, ..both.clone() };
    let told = |text: &Text| Language::ALL.map(|language| text.told(language).to_owned());
    assert_eq!(told(&both), ["Cutting", "Резка"]);
    assert_eq!(told(&english), ["Cutting", "Cutting"]);
}
