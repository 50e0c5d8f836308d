//! Is a contract held because debts are overdue?

use crate::domain::day::CivilDay;
use crate::domain::time::CivilSecond;
use crate::engine::Engine;
use crate::engine::error::{PriceError, RecordError};
use crate::engine::pricing::Priced;
use crate::engine::rows::Reach;
use crate::ledger::owed::Overdue;
use crate::pricing::cart::HeldBy;

use super::positions::Purchased;

impl Purchased<'_> {
    /// The holds of the policy that hold the contract on a day; `None` where documents must be read and may not be.
    pub(in crate::engine) fn held_by(&self, day: CivilDay) -> Result<Option<Vec<HeldBy>>, RecordError> {
        let mut found = Vec::new();
        for number in &self.program.holds {
            let Some((hold, compiled)) = self.view.policy.0.hold(*number) else { continue };
            let sum = |sum: Overdue, owed: &crate::ledger::owed::Owed| sum.with(owed.overdue(day));
            let overdue = self.owed(compiled.receivables, Overdue::default(), sum)?;
            let Some(Overdue { amount, days }) = overdue else { return Ok(None) };
            if days > hold.overdue_days && amount > i128::from(hold.overdue_amount.0) {
                found.push(HeldBy { hold: *number, overdue_amount: amount, overdue_days: days });
            }
        }
        Ok(Some(found))
    }
}

impl Engine {
    /// What holds a contract because debts are overdue; `None` where documents must be read and may not be.
    pub(in crate::engine) fn held_by(
        &self,
        (view, contract, program): Priced<'_>,
        at: CivilSecond,
        reach: Reach,
    ) -> Result<Option<Vec<HeldBy>>, PriceError> {
        let Some(program) = program.filter(|program| !program.holds.is_empty()) else {
            return Ok(Some(Vec::new()));
        };
        let (store, latest) = (&self.store, self.position(view));
        Ok(Purchased { store, view, contract, program, latest, reach }.held_by(CivilDay::of(at))?)
    }
}

/// The ids of what holds a contract because debts are overdue.
pub(in crate::engine) fn hold_ids<'v>((view, _, _): Priced<'v>, held_by: &[HeldBy]) -> Vec<&'v str> {
    let id = |held: &HeldBy| Some(view.policy.0.hold(held.hold)?.0.id.as_str());
    held_by.iter().filter_map(id).collect()
}
