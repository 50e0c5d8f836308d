//! What is a hold to the ledger?

use crate::domain::currency::Currency;
use crate::policy::syntax::{Calendar, Hold, Period, PeriodLength, PeriodWindow};

use super::build::Build;
use super::condition::Own;
use super::matcher::{EVERYTHING, SelectionNo};
use super::rule::MeasureNo;
use super::{CompiledPolicy, place};

/// A hold, by its place in the order of ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HoldNo(pub u32);

/// A hold with names resolved.
#[derive(Debug, Clone, Copy)]
pub struct CompiledHold {
    pub(super) contracts: SelectionNo,
    pub(super) currency: Option<Currency>,
    /// The debts that it looks at.
    pub receivables: MeasureNo,
}

impl Build<'_> {
    /// Compiles the holds, which stand in the order of ids; called after the agreements.
    pub(super) fn holds(&mut self) {
        for hold in &self.policy.holds {
            let compiled = self.hold(hold);
            self.tables.holds.push(compiled);
        }
    }

    fn hold(&mut self, hold: &Hold) -> CompiledHold {
        let currency = hold.currency.or(self.policy.currency);
        // Debts have no period: any that names whose they are will do.
        let (length, window) = (PeriodLength::Month, PeriodWindow::Current);
        let period = Period { length, window, calendar: Calendar::Calendar, of: hold.of };
        let own = Own { id: &hold.id, period, goods: EVERYTHING, currency, paid: false };
        let receivables = self.receivables(&own);
        CompiledHold { contracts: self.contracts_of(&hold.contracts), currency, receivables }
    }
}

impl CompiledPolicy {
    /// The hold with this number, as it was written and as the ledger has it.
    #[must_use]
    pub fn hold(&self, number: HoldNo) -> Option<(&Hold, &CompiledHold)> {
        self.policy.holds.get(place(number.0)).zip(self.tables.holds.get(place(number.0)))
    }

    /// Those for a contract in this currency.
    pub(super) fn holds_of(&self, holds: &dyn Fn(SelectionNo) -> bool, currency: Currency) -> Vec<HoldNo> {
        let numbered = (0_u32..).map(HoldNo).zip(&self.tables.holds);
        let of_contract = numbered
            .filter(|(_, hold)| holds(hold.contracts) && hold.currency.is_none_or(|own| own == currency));
        of_contract.map(|(number, _)| number).collect()
    }
}
