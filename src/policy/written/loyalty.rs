//! How are programmes of levels and of points written?

use crate::domain::decimal::{MILLION, Micros};
use crate::policy::syntax::{AmountOf, Earn, Level, LevelProgramme, PointsProgramme, PointsUse};

use super::measure::{amount_word, over_period};
use super::selection::selection;
use super::{Keys, Writing, condition, mapping, word};

/// A programme of levels: each level under its place, since their order says which is the higher.
pub(super) fn levels(one: &LevelProgramme) -> Keys {
    let LevelProgramme { id, name, contracts, goods, period, grace_months, levels, at: _ } = one;
    let mut keys = Writing::default();
    keys.text("name", name, id);
    selection(&mut keys, "contracts", contracts);
    selection(&mut keys, "goods", goods);
    over_period(&mut keys, "", "period", *period);
    if *grace_months != 0 {
        keys.one("grace", grace_months);
    }
    for (place, Level { id, name, conditions, multiplier, at: _ }) in (1..).zip(levels) {
        let prefix = format!("level {}", word(id));
        keys.one(&prefix, format!("place {place}"));
        keys.text(&format!("{prefix}.name"), name, id);
        condition::write(&mut keys, &format!("{prefix}."), conditions);
        if *multiplier != Micros::ONE {
            keys.one(&format!("{prefix}.multiplier"), multiplier);
        }
    }
    keys.0
}

/// A programme of points.
pub(super) fn points(one: &PointsProgramme) -> Keys {
    #[rustfmt::skip]
    let PointsProgramme {
        id, name, contracts, goods, earn, paid, pending_days, expire_months, most_percent, worth, step, levels, used_as, window,
        currency, at: _,
    } = one;
    let mut keys = Writing::default();
    keys.text("name", name, id);
    selection(&mut keys, "contracts", contracts);
    selection(&mut keys, "goods", goods);
    let earn = match earn {
        Earn::Percent { percent, of: AmountOf::Net } => mapping([("percent", percent.to_string())]),
        Earn::Percent { percent, of } => {
            mapping([("percent", percent.to_string()), ("of", amount_word(*of).to_owned())])
        }
        Earn::PerUnit { points, unit } => {
            let unit = unit.iter().map(|unit| ("unit", word(unit)));
            mapping([("per_unit", points.to_string())].into_iter().chain(unit))
        }
    };
    keys.one("earn", earn);
    if *paid {
        keys.one("count", "paid");
    }
    if *pending_days != 0 {
        keys.one("pending_days", pending_days);
    }
    keys.maybe("expire_months", *expire_months);
    if *most_percent != Micros(100 * MILLION) {
        keys.one("pay.most_percent", most_percent);
    }
    if *worth != Micros::ONE {
        keys.one("worth", worth);
    }
    if *step != Micros(MILLION / 100) {
        keys.one("step", step);
    }
    keys.maybe("levels", levels.as_ref().map(|(id, _)| word(id)));
    if *used_as == PointsUse::Discount {
        keys.one("as", "discount");
    }
    keys.maybe("from", window.from);
    keys.maybe("to", window.to);
    keys.maybe("currency", currency.map(|currency| word(currency.code()).to_owned()));
    keys.0
}
