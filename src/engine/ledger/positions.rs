//! Where do the measures of a contract stand? From its account, and from those of its counterparty's and holding's other
//! contracts.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::contract::Contract;
use crate::domain::day::{CivilDay, Days};
use crate::domain::decimal::MILLION;
use crate::domain::exact::Exact;
use crate::domain::ids::{ContractId, SequenceNo};
use crate::engine::error::RecordError;
use crate::engine::rows::Reach;
use crate::engine::view::View;
use crate::ledger::owed::Owed;
use crate::ledger::series::Series;
use crate::ledger::whose::{Part, Whose};
use crate::ledger::window::days_of;
use crate::policy::compiled::{MeasureNo, Program};
use crate::policy::syntax::{PeriodOf, Scope};
use crate::pricing::request::{Bought, BoughtOf};
use crate::store::Store;

use super::accounts::{SeriesKey, walk};
use super::buyers::Counted;
use super::records::named_by;

/// What a contract bought, and those that are bought with it.
#[derive(Clone, Copy)]
pub(in crate::engine) struct Purchased<'a> {
    pub(in crate::engine) store: &'a Store,
    pub(in crate::engine) view: &'a View,
    pub(in crate::engine) contract: &'a Contract,
    pub(in crate::engine) program: &'a Program,
    /// Up to which position, where the view is of an older publication and keeps no accounts.
    pub(in crate::engine) latest: SequenceNo,
    /// May documents be read from disk?
    pub(in crate::engine) reach: Reach,
}

impl<'a> Purchased<'a> {
    /// The contract's first day.
    pub(in crate::engine) fn begins(&self) -> Option<CivilDay> {
        self.contract.validity.from.map(CivilDay::of)
    }

    /// What was bought by every period measure that the contract's rules name, on a day; `None` where documents must be read
    /// and may not be.
    pub(in crate::engine) fn bought(&self, day: CivilDay) -> Result<Option<Bought>, RecordError> {
        if let Some(account) = self.view.accounts.of(self.contract.id) {
            account.touch();
        }
        let mut bought = Bought::default();
        for (number, _, period) in self.view.policy.0.periods(self.program) {
            match self.of(number, &days_of(period, day, self.begins()))? {
                Some(of) => bought.put(number, of),
                None => return Ok(None),
            }
        }
        Ok(Some(bought))
    }

    /// What was bought by a measure over days, by those whose purchases it counts.
    pub(in crate::engine) fn of(
        &self,
        measure: MeasureNo,
        days: &Days,
    ) -> Result<Option<BoughtOf>, RecordError> {
        let mut sum = BoughtOf { value: Exact::ZERO, members: Vec::new() };
        let Some(counted) = self.counted(measure)? else { return Ok(None) };
        for (contract, whose) in counted.iter() {
            match self.series((contract, whose), measure)? {
                Some(series) => add(&mut sum, &series, days),
                None => return Ok(None),
            }
        }
        Ok(Some(sum))
    }

    /// In how many months of those days anything was bought by a measure.
    pub(in crate::engine) fn months(
        &self,
        measure: MeasureNo,
        days: &Days,
    ) -> Result<Option<u32>, RecordError> {
        let mut months = 0;
        let mut month = days.first.month();
        while month <= days.last.month() {
            let whole = month.days();
            let part = Days { first: days.first.max(whole.first), last: days.last.min(whole.last) };
            match self.of(measure, &part)? {
                Some(sum) => months += u32::from(sum.value.is_positive()),
                None => return Ok(None),
            }
            month = month.plus(1);
        }
        Ok(Some(months))
    }

    /// What is owed by those whose purchases a measure of receivables counts, contract by contract.
    pub(in crate::engine) fn owed<T>(
        &self,
        measure: MeasureNo,
        none: T,
        mut sum: impl FnMut(T, &Owed) -> T,
    ) -> Result<Option<T>, RecordError> {
        let mut all = none;
        let Some(counted) = self.counted(measure)? else { return Ok(None) };
        for (contract, whose) in counted.iter() {
            match self.series((contract, whose), measure)?.as_deref() {
                Some(Series::Owed(owed)) => all = sum(all, owed),
                Some(Series::Sums(_) | Series::Members(_) | Series::ByDocument(_)) => {}
                None => return Ok(None),
            }
        }
        Ok(Some(all))
    }

    /// Whose documents a measure counts; `None` where that must be read and may not be.
    fn counted(&self, measure: MeasureNo) -> Result<Option<Counted<'a>>, RecordError> {
        match self.view.policy.0.measure(measure).map(|measure| measure.scope) {
            Some(Scope::Period(period)) => self.counted_by(period.of),
            _ => Ok(Some(Counted::NOTHING)),
        }
    }

    /// Whose documents count; `None` where that must be read and may not be.
    pub(super) fn counted_by(&self, of: PeriodOf) -> Result<Option<Counted<'a>>, RecordError> {
        let counted = self.view.counted(self.contract, of);
        let Some(part) = Part::counted_by(of).filter(|_| !self.view.keeps_accounts()) else {
            return Ok(Some(counted));
        };
        if self.reach == Reach::Cache {
            return Ok(None);
        }
        let mut named = Vec::new();
        let party = part.by_contract(self.contract);
        named_by(self.store, part, Some(party), |_, contract| named.push(contract))?;
        Ok(Some(counted.naming(named)))
    }

    /// What a measure counted of one contract; `None` where documents must be read and may not be.
    pub(super) fn series(
        &self,
        (contract, whose): (ContractId, Whose),
        measure: MeasureNo,
    ) -> Result<Option<Arc<Series>>, RecordError> {
        let Self { store, view, .. } = *self;
        let key = (view.policy.0.meter_of(measure), whose);
        let account = view.accounts.of(contract);
        if let Some(known) = account.and_then(|account| account.series(key)) {
            return Ok(Some(known));
        }
        if self.reach == Reach::Cache {
            return Ok(None);
        }
        let Some(account) = account else {
            return Ok(walk(store, view, contract, &[key], self.latest)?.remove(&key));
        };
        // A plan may be of what none of the contract's rules and agreements measures.
        view.accounts.find(store, view, contract, &self.keys_of(contract, key)?)?;
        Ok(account.series(key))
    }

    /// Everything that is measured of one contract, and what is asked: it is found in one walk.
    fn keys_of(&self, contract: ContractId, asked: SeriesKey) -> Result<Vec<SeriesKey>, RecordError> {
        let policy = &self.view.policy.0;
        let mut keys = BTreeSet::from([asked]);
        for measure in policy.metered(self.program) {
            let whose = self.counted(measure)?.and_then(|counted| counted.of(contract));
            keys.extend(whose.map(|whose| (policy.meter_of(measure), whose)));
        }
        Ok(keys.into_iter().collect())
    }
}

/// Adds what a series has on those days.
pub(in crate::engine) fn add(sum: &mut BoughtOf, series: &Series, days: &Days) {
    match series {
        Series::Sums(sums) => sum.value = sum.value.plus(&sums.within(days)),
        Series::Owed(owed) => sum.value = sum.value.plus(&owed.within(days)),
        Series::ByDocument(documents) => sum.value = sum.value.plus(&documents.within(days)),
        Series::Members(members) => {
            sum.members.extend(members.within(days));
            sum.members.sort_unstable();
            sum.members.dedup();
            let count = i128::try_from(sum.members.len()).unwrap_or(i128::MAX);
            sum.value = Exact::millionths(count.saturating_mul(i128::from(MILLION)));
        }
    }
}
