//! Which level of loyalty is reached, which is held, and what is missing? Worked out of what was bought alone, so that
//! nothing of it depends on the order in which documents came.

use crate::domain::day::{CivilDay, Days};
use crate::domain::exact::Exact;
use crate::policy::compiled::{CompiledCondition, CompiledLevels};

use super::condition::{Bought, Condition, Looked, conditions};
use super::window::{days_of, year_before};

/// Where a buyer stands in a programme of levels on a day. Levels are named by their places, the lowest being zero.
#[derive(Debug, Clone)]
pub struct LevelStand {
    /// The highest level all of whose conditions hold.
    pub reached: Option<usize>,
    /// The level held: that, or a higher one which was reached on the last day of a month of the grace.
    pub held: Option<usize>,
    /// The last day on which it is held, where that is by grace.
    pub until: Option<CivilDay>,
    /// Which days conditions look at.
    pub days: Days,
    /// By level: where its conditions stand.
    pub levels: Vec<Vec<Condition>>,
}

/// A programme of levels, over what was bought.
#[derive(Clone, Copy)]
pub struct Reaching<'a> {
    /// The programme.
    pub levels: &'a CompiledLevels,
    /// What was bought.
    pub bought: &'a dyn Bought,
    /// The contract's first day.
    pub begins: Option<CivilDay>,
}

impl Reaching<'_> {
    /// Where a buyer stands on a day.
    #[must_use]
    pub fn stand(&self, day: CivilDay) -> LevelStand {
        let days = days_of(self.levels.period, day, self.begins);
        let levels: Vec<Vec<Condition>> =
            self.levels.levels.iter().map(|level| self.conditions(days, &level.conditions)).collect();
        let reached = levels.iter().rposition(|level| level.iter().all(|condition| condition.met));
        let held = self.held(day);
        LevelStand {
            reached,
            held: held.map(|(level, _)| level),
            until: held.and_then(|(_, until)| until),
            days,
            levels,
        }
    }

    /// The level held on a day, and the last day of that where it is by grace.
    #[must_use]
    pub fn held(&self, day: CivilDay) -> Option<(usize, Option<CivilDay>)> {
        let grace = i32::from(self.levels.grace_months);
        (0..self.levels.levels.len()).rev().find_map(|level| {
            if self.is_reached(level, day) {
                return Some((level, None));
            }
            let months = (1..=grace).map(|back| day.month().plus(-back));
            let mut reached = months.filter(|month| self.is_reached(level, month.days().last));
            reached.next().map(|month| (level, Some(month.plus(grace).days().last)))
        })
    }

    fn is_reached(&self, level: usize, day: CivilDay) -> bool {
        let days = days_of(self.levels.period, day, self.begins);
        let of_level = self.levels.levels.get(level).map(|level| &level.conditions);
        of_level.is_some_and(|all| self.conditions(days, all).iter().all(|condition| condition.met))
    }

    fn conditions(&self, days: Days, all: &[(CompiledCondition, Exact)]) -> Vec<Condition> {
        let CompiledLevels { period, basis, .. } = *self.levels;
        let before = year_before(period, &days);
        conditions(all, self.bought, &Looked { days, before, basis, measure: basis })
    }
}
