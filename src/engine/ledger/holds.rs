//! Is a contract held because debts are overdue?

use crate::domain::day::CivilDay;
use crate::engine::error::RecordError;
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
