//! Which levels does a contract hold, at a price and at a question?

use std::sync::Arc;

use crate::domain::contract::Contract;
use crate::domain::day::{CivilDay, Days};
use crate::domain::time::{CivilSecond, Instant};
use crate::engine::Engine;
use crate::engine::caller::{Caller, Role};
use crate::engine::error::{LedgerError, PriceError, RecordError};
use crate::engine::ledger::accruals::With;
use crate::engine::ledger::positions::Purchased;
use crate::engine::pricing::{Priced, contract_at};
use crate::engine::rows::Reach;
use crate::engine::view::View;
use crate::ledger::levels::{LevelStand, Reaching};
use crate::policy::compiled::LevelsNo;

/// Where a contract stands in a programme of levels. Levels are named by their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelStanding {
    /// The programme.
    pub programme: LevelsNo,
    /// Which days conditions look at.
    pub days: Days,
    /// The highest level all of whose conditions hold.
    pub reached: Option<usize>,
    /// The level held.
    pub held: Option<usize>,
    /// The last day on which it is held, where that is by grace.
    pub until: Option<CivilDay>,
    /// By level: where each condition stands, in millionths rounded down, and whether it is met.
    pub levels: Vec<Vec<(i128, bool)>>,
}

impl Purchased<'_> {
    /// Whatever is asked of a programme of levels; the outer `None` where documents must be read and may not be.
    pub(in crate::engine) fn of_levels<T>(
        &self,
        number: LevelsNo,
        ask: impl FnOnce(Reaching<'_>) -> T,
    ) -> Result<Option<Option<T>>, RecordError> {
        let Some(levels) = self.view.policy.0.levels(number) else { return Ok(Some(None)) };
        let bought = With::new(*self, None);
        let told = ask(Reaching { levels, bought: &bought, begins: self.begins() });
        Ok(bought.whole(told)?.map(Some))
    }
}

impl Engine {
    /// The ids of the levels that a contract holds, of those that rules name; `None` where documents must be read and may not
    /// be.
    pub(in crate::engine) fn levels_held<'v>(
        &self,
        (view, contract, program): Priced<'v>,
        at: CivilSecond,
        reach: Reach,
    ) -> Result<Option<Vec<&'v str>>, PriceError> {
        let policy = &view.policy.0;
        let Some(program) =
            program.filter(|program| program.levels.iter().any(|number| policy.asks_levels(*number)))
        else {
            return Ok(Some(Vec::new()));
        };
        let latest = self.position(view);
        let purchased = Purchased { store: &self.store, view, contract, program, latest, reach };
        let mut held = Vec::new();
        for number in program.levels.iter().filter(|number| policy.asks_levels(**number)) {
            let asked = purchased.of_levels(*number, |levels| levels.held(CivilDay::of(at)))?;
            let Some(found) = asked else { return Ok(None) };
            let written = policy.levels_written(*number);
            let level = found.flatten().and_then(|(level, _)| written?.levels.get(level));
            held.extend(level.map(|level| level.id.as_str()));
        }
        Ok(Some(held))
    }

    /// Where a contract stands in each of its programmes of levels, at an instant, now where absent; and the view that the
    /// answer is from.
    ///
    /// # Errors
    /// Where the caller may not know, the contract is unknown or does not hold then, or records cannot be read.
    pub fn levels(
        &self,
        caller: &Caller,
        contract: &str,
        at: Option<Instant>,
    ) -> Result<(Vec<LevelStanding>, Arc<View>), LedgerError> {
        caller.require(Role::Price)?;
        let view = self.view();
        let (contract, at) = contract_at(&view, caller, contract, at.unwrap_or_else(|| self.clock.now()))?;
        let standings = self.standings(&view, contract, CivilDay::of(at))?;
        Ok((standings, Arc::clone(&view)))
    }

    fn standings(
        &self,
        view: &View,
        contract: &Contract,
        day: CivilDay,
    ) -> Result<Vec<LevelStanding>, LedgerError> {
        let program = view.policy.0.program_in_force(contract, &view.catalogue);
        let Some(program) = program else { return Ok(Vec::new()) };
        let (latest, reach) = (view.position, Reach::Disk);
        let purchased = Purchased { store: &self.store, view, contract, program: &program, latest, reach };
        let mut standings = Vec::with_capacity(program.levels.len());
        for number in &program.levels {
            let stand = purchased.of_levels(*number, |levels| levels.stand(day))?;
            if let Some(stand) = stand.flatten() {
                standings.push(standing_of(*number, &stand)?);
            }
        }
        Ok(standings)
    }
}

fn standing_of(programme: LevelsNo, stand: &LevelStand) -> Result<LevelStanding, LedgerError> {
    let mut levels = Vec::with_capacity(stand.levels.len());
    for level in &stand.levels {
        let one = |condition: &crate::ledger::condition::Condition| {
            Ok((condition.stands.floor_millionths().ok_or(LedgerError::Overflow)?, condition.met))
        };
        levels.push(level.iter().map(one).collect::<Result<Vec<_>, LedgerError>>()?);
    }
    let LevelStand { reached, held, until, days, .. } = *stand;
    Ok(LevelStanding { programme, days, reached, held, until, levels })
}
