//! How do levels and points cross the wire?

use crate::domain::decimal::Micros;
use crate::domain::language::Language;
use crate::engine::ledger::loyalty::Moved;
use crate::engine::ledger::loyalty::{LevelStanding, Movement, MovementKind, PointsStanding};
use crate::policy::CompiledPolicy;
use crate::policy::syntax::{Level, LevelProgramme, PointsUse};
use crate::pricing::cart::{CartPoints, PricedCart};
use crate::pricing::points::{PointsLoss, PointsTaken};

use super::decimal::total_text;
use super::moment::timestamp;
use super::retro::condition_of;
use super::telling::Telling;
use super::v1;
use super::words::points_loss::phrase;

/// Days of which is told what will expire on them.
const EXPIRING_MOST: usize = 100;

/// Where a contract stands in a programme of levels.
#[must_use]
pub fn standing_of(
    standing: &LevelStanding,
    policy: &CompiledPolicy,
    language: Language,
) -> v1::LevelProgramme {
    let Some(written) = policy.levels_written(standing.programme) else {
        return v1::LevelProgramme::default();
    };
    let id = |place: Option<usize>| {
        place.and_then(|place| written.levels.get(place)).map_or(String::new(), |level| level.id.clone())
    };
    v1::LevelProgramme {
        programme: written.id.clone(),
        name: written.name.told(language).to_owned(),
        first_day: standing.days.first.to_string(),
        last_day: standing.days.last.to_string(),
        held: id(standing.held),
        reached: id(standing.reached),
        held_until: standing.until.map_or(String::new(), |until| until.to_string()),
        next: id(Some(standing.held.map_or(0, |held| held + 1))),
        levels: levels_of(standing, written, language),
    }
}

fn levels_of(standing: &LevelStanding, written: &LevelProgramme, language: Language) -> Vec<v1::Level> {
    let one = |(level, stands): (&Level, &Vec<(i128, bool)>)| v1::Level {
        level: level.id.clone(),
        name: level.name.told(language).to_owned(),
        reached: stands.iter().all(|(_, met)| *met),
        conditions: stands.iter().zip(&level.conditions).map(condition_of).collect(),
        multiplier_micros: level.multiplier.0,
    };
    written.levels.iter().zip(&standing.levels).map(one).collect()
}

/// How a contract's points stand in a programme.
#[must_use]
pub fn balance_of(
    standing: &PointsStanding,
    policy: &CompiledPolicy,
    language: Language,
) -> v1::PointsBalance {
    let written = policy.points_written(standing.programme);
    let of = &standing.balance;
    let told = |points: i128| total_text(points, 0);
    let expiring = of.expiring.iter().take(EXPIRING_MOST);
    v1::PointsBalance {
        programme: written.map_or(String::new(), |written| written.id.clone()),
        name: written.map_or(String::new(), |written| written.name.told(language).to_owned()),
        current: told(of.current()),
        spendable: told(of.spendable),
        pending: told(of.pending),
        held: told(of.held),
        owed: told(of.owed),
        spent: told(of.spent),
        expired: told(of.expired),
        earned: told(of.earned),
        expiring: expiring
            .map(|(day, points)| v1::PointsOfDay { day: day.to_string(), points: told(*points) })
            .collect(),
        worth_micros: written.map_or(0, |written| written.worth.0),
    }
}

/// A movement of points of a programme.
#[must_use]
pub fn movement_of(movement: &Movement, programme: &str) -> v1::PointsMovement {
    let kind = match movement.kind {
        MovementKind::Earned => v1::PointsMovementKind::Earned,
        MovementKind::Held => v1::PointsMovementKind::Held,
        MovementKind::Spent => v1::PointsMovementKind::Spent,
        MovementKind::Restored => v1::PointsMovementKind::Restored,
        MovementKind::Expired => v1::PointsMovementKind::Expired,
    };
    v1::PointsMovement {
        programme: programme.to_owned(),
        day: movement.day.to_string(),
        kind: kind.into(),
        id: movement.id.clone(),
        points: total_text(movement.points, 0),
    }
}

/// What was answered when something was done with points.
#[must_use]
pub fn moved_of(moved: Moved) -> v1::PointsMoved {
    v1::PointsMoved { sequence: moved.position.0, moved_at: Some(timestamp(moved.at)) }
}

/// What a cart would earn in points, and how many of them it takes.
#[must_use]
pub fn cart_points_of(cart: &PricedCart, telling: &Telling<'_>) -> Vec<v1::CartPoints> {
    let one = |of: &CartPoints| {
        let named = telling.points(of.programme);
        let used_as = telling.policy.points_written(of.programme).map(|written| written.used_as);
        let taken = of.taken.as_ref();
        v1::CartPoints {
            programme: named.id.to_owned(),
            name: named.name.to_owned(),
            earns_micros: of.earns.0,
            spendable: total_text(of.spendable, 0),
            payable_micros: of.payable.0,
            payable_amount_micros: of.amount.0,
            used_as: used_as.map_or(v1::PointsUse::Unspecified, use_of).into(),
            asked_micros: taken.map(|taken| taken.asked.0),
            taken_micros: taken.map(|taken| taken.taken.0),
            taken_amount_micros: taken.map(|taken| taken.amount.0),
            left: taken.map_or_else(Vec::new, |taken| left_of(taken, telling)),
        }
    };
    cart.points.iter().map(one).collect()
}

fn use_of(used_as: PointsUse) -> v1::PointsUse {
    match used_as {
        PointsUse::Payment => v1::PointsUse::Payment,
        PointsUse::Discount => v1::PointsUse::Discount,
    }
}

fn left_of(taken: &PointsTaken, telling: &Telling<'_>) -> Vec<v1::PointsLeft> {
    use v1::PointsLossReason as Wire;
    let one = |(loss, points): &(PointsLoss, Micros)| {
        let reason = match loss {
            PointsLoss::Spendable => Wire::Spendable,
            PointsLoss::Share => Wire::Share,
            PointsLoss::Goods => Wire::Goods,
            PointsLoss::Coins => Wire::Coins,
            PointsLoss::Guard => Wire::Guard,
        };
        let explanation = phrase(*loss).told(telling.language(), &[]);
        v1::PointsLeft { reason: reason.into(), points_micros: points.0, explanation }
    };
    taken.left.iter().map(one).collect()
}
