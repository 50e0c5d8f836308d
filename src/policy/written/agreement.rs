//! How is a retro-bonus agreement written?

use crate::domain::decimal::Micros;
use crate::domain::ladder::TierMode;
use crate::policy::syntax::{Agreement, AgreementTier, AmountOf, BonusCap, MostOf, PeriodOf, Reward, Settle};

use super::measure::{amount_word, measure, over_period, whom_word};
use super::selection::selection;
use super::{Keys, Writing, condition, word};

pub(super) fn keys(one: &Agreement) -> Keys {
    let Agreement {
        id,
        name,
        contracts,
        goods,
        period,
        basis_of,
        basis,
        paid,
        measure: measured,
        mode,
        tiers,
        conditions,
        minimum,
        cap,
        after,
        settle,
        supplier_percent,
        window,
        currency,
        at: _,
    } = one;
    let mut keys = Writing::default();
    keys.text("name", name, id);
    selection(&mut keys, "contracts", contracts);
    selection(&mut keys, "goods", goods);
    over_period(&mut keys, "", "period", *period);
    if *basis != AmountOf::Net {
        keys.one("basis", amount_word(*basis));
    }
    if *basis_of != PeriodOf::Contract {
        keys.one("basis_of", whom_word(*basis_of));
    }
    if *paid {
        keys.one("count", "paid");
    }
    if let Some(measured) = measured {
        measure(&mut keys, "measure.", measured);
    }
    write_tiers(&mut keys, *mode, tiers);
    condition::write(&mut keys, "", conditions);
    keys.maybe("minimum", *minimum);
    keys.maybe("cap", *cap);
    let after: Vec<String> = after.iter().map(|(id, _)| id.clone()).collect();
    keys.words("after", &after);
    if *settle == Settle::PriceCorrection {
        keys.one("settle", "price_correction");
    }
    if *supplier_percent != Micros::ZERO {
        keys.one("supplier_percent", supplier_percent);
    }
    keys.maybe("from", window.from);
    keys.maybe("to", window.to);
    keys.maybe("currency", currency.map(|currency| word(currency.code()).to_owned()));
    keys.0
}

pub(super) fn cap(one: &BonusCap) -> Keys {
    let BonusCap { id, name, agreements, most, at: _ } = one;
    let mut keys = Writing::default();
    keys.text("name", name, id);
    let agreements: Vec<String> = agreements.iter().map(|(id, _)| id.clone()).collect();
    keys.words("agreements", &agreements);
    match most {
        MostOf::Amount(most) => keys.one("most", most),
        MostOf::Percent(most) => keys.one("most_percent", most),
    }
    keys.0
}

fn reward_of(reward: Reward) -> (&'static str, Micros) {
    match reward {
        Reward::Percent(percent) => ("percent", percent),
        Reward::PerUnit(amount) => ("per_unit", amount),
        Reward::Fixed(amount) => ("fixed", amount),
    }
}

fn write_tiers(keys: &mut Writing, mode: TierMode, tiers: &[AgreementTier]) {
    let bound = match mode {
        TierMode::Volume => "from",
        TierMode::Graduated => "above",
    };
    if mode == TierMode::Graduated {
        keys.one("mode", "graduated");
    }
    for AgreementTier { lower, upper, reward, at: _ } in tiers {
        let (key, value) = reward_of(*reward);
        match (tiers.len(), lower, upper) {
            // One without tiers is written as what it gives.
            (1, &Micros::ZERO, None) if mode == TierMode::Volume => keys.one(key, value),
            (_, lower, None) => keys.one(&format!("tier {bound} {lower}"), format!("{key} {value}")),
            (_, lower, Some(upper)) => {
                keys.one(&format!("tier {bound} {lower} to {upper}"), format!("{key} {value}"));
            }
        }
    }
}
