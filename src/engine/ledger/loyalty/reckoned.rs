//! What did a contract's documents earn in points, and what was taken of that?

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::day::CivilDay;
use crate::domain::decimal::Micros;
use crate::domain::exact::{Exact, NumberError};
use crate::domain::rounding::RoundingMode;
use crate::domain::time::{CivilSecond, DAY_SECONDS};
use crate::engine::error::{LedgerError, PriceError, RecordError};
use crate::engine::ledger::positions::Purchased;
use crate::engine::rows::Reach;
use crate::ledger::levels::Reaching;
use crate::ledger::points::{Balance, Earned, Taking, Terms, balance};
use crate::ledger::series::Series;
use crate::ledger::whose::Whose;
use crate::policy::compiled::PointsNo;
use crate::policy::syntax::{PeriodOf, PointsProgramme};

use super::book::{Book, read_book};

/// A contract's points in one programme: all that they are worked out of.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Reckoned {
    pub(in crate::engine) earned: Vec<Earned>,
    pub(in crate::engine) book: Arc<Book>,
    programme: String,
    terms: Terms,
}

/// Why points have no answer.
#[derive(Debug)]
pub(in crate::engine) enum Unreckoned {
    Records(RecordError),
    Overflow,
}

impl From<RecordError> for Unreckoned {
    fn from(error: RecordError) -> Self {
        Self::Records(error)
    }
}

impl From<NumberError> for Unreckoned {
    fn from(_: NumberError) -> Self {
        Self::Overflow
    }
}

impl From<Unreckoned> for LedgerError {
    fn from(error: Unreckoned) -> Self {
        match error {
            Unreckoned::Records(error) => Self::Records(error),
            Unreckoned::Overflow => Self::Overflow,
        }
    }
}

impl From<Unreckoned> for PriceError {
    fn from(error: Unreckoned) -> Self {
        match error {
            Unreckoned::Records(error) => Self::Records(error),
            Unreckoned::Overflow => Self::CartOverflow,
        }
    }
}

/// Does a programme take documents of a day?
pub(in crate::engine) fn takes(written: &PointsProgramme, day: CivilDay) -> bool {
    written.window.covers(CivilSecond(i64::from(day.0) * DAY_SECONDS))
}

/// What a document earns: rounded down to the step, toward nothing, so that a whole return takes off the same.
pub(in crate::engine) fn earned_by(
    value: &Exact,
    (rate, multiplier): (&Exact, &Exact),
    written: &PointsProgramme,
) -> Result<Micros, NumberError> {
    value.times(rate).times(multiplier).round(written.step, RoundingMode::Down)
}

impl Reckoned {
    /// What holds took, as of a day.
    pub(in crate::engine) fn takings(&self, day: CivilDay) -> Vec<Taking> {
        self.book.takings(&self.programme, day)
    }

    /// How points stand at the end of a day.
    pub(in crate::engine) fn balance(&self, day: CivilDay) -> Balance {
        balance(self.terms, &self.earned, &self.takings(day), day)
    }

    /// How many could be held on a day: what can be spent then, and no more than leaves every hold of later days covered.
    pub(in crate::engine) fn free(&self, day: CivilDay) -> i128 {
        let spendable = self.balance(day).spendable;
        let last = self.book.0.values().map(|hold| hold.day).max().map_or(day, |last| last.max(day));
        if last == day || spendable == 0 {
            return spendable;
        }
        // What those of later days lack once it is all gone is what it has too many.
        let mut takings = self.takings(last);
        let lacking = |takings: &[Taking]| balance(self.terms, &self.earned, takings, last).uncovered;
        let before = lacking(&takings);
        let (id, points) = (String::new(), spendable);
        takings.push(Taking { id, day, points, spent: false });
        (spendable - (lacking(&takings) - before)).max(0)
    }
}

impl Purchased<'_> {
    /// What a contract's documents earned in a programme up to a day, and its holds; `None` where documents must be read and may
    /// not be.
    pub(in crate::engine) fn points(
        &self,
        number: PointsNo,
        day: CivilDay,
    ) -> Result<Option<Reckoned>, Unreckoned> {
        let policy = &self.view.policy.0;
        let (Some(points), Some(written)) = (policy.points(number), policy.points_written(number)) else {
            return Ok(None);
        };
        let own = (self.contract.id, Whose::All);
        let Some(series) = self.series(own, points.measure)? else { return Ok(None) };
        let Some(book) = self.book()? else { return Ok(None) };
        let documents: Vec<(CivilDay, &str, Exact)> = match &*series {
            Series::ByDocument(documents) => documents.upto(day).collect(),
            Series::Owed(owed) => owed.upto(day),
            Series::Sums(_) | Series::Members(_) => return Ok(None),
        };
        let mut multipliers: BTreeMap<CivilDay, Exact> = BTreeMap::new();
        let mut earned = Vec::new();
        for (of, document, value) in documents.into_iter().filter(|(of, _, _)| takes(written, *of)) {
            let multiplier = match multipliers.get(&of) {
                Some(known) => known.clone(),
                None => {
                    let Some(found) = self.multiplier(number, of)? else { return Ok(None) };
                    multipliers.insert(of, found.clone());
                    found
                }
            };
            let points = earned_by(&value, (&points.rate, &multiplier), written)?;
            if points != Micros::ZERO {
                let (document, points) = (document.to_owned(), i128::from(points.0));
                earned.push(Earned { day: of, document, points });
            }
        }
        let terms = Terms { pending_days: written.pending_days, expire_months: written.expire_months };
        Ok(Some(Reckoned { earned, book, programme: written.id.clone(), terms }))
    }

    /// What can be spent on a day; `None` where documents must be read and may not be. Most carts of a contract are of one day and
    /// of one state of its account, which keeps it.
    pub(in crate::engine) fn spendable(
        &self,
        number: PointsNo,
        day: CivilDay,
    ) -> Result<Option<i128>, Unreckoned> {
        let account = self.view.accounts.of(self.contract.id).filter(|_| self.earns_by_itself(number));
        if let Some(known) = account.and_then(|account| account.spendable(number, day)) {
            return Ok(Some(known));
        }
        let Some(reckoned) = self.points(number, day)? else { return Ok(None) };
        let spendable = reckoned.balance(day).spendable;
        if let Some(account) = account {
            account.keep_spendable(number, day, spendable);
        }
        Ok(Some(spendable))
    }

    /// Is what is earned multiplied by nothing that other contracts' documents change?
    fn earns_by_itself(&self, number: PointsNo) -> bool {
        let policy = &self.view.policy.0;
        let levels = policy.points(number).and_then(|points| policy.levels(points.levels?));
        levels.is_none_or(|levels| levels.period.of == PeriodOf::Contract)
    }

    /// How many times the points are that are earned on a day, by the level held then.
    pub(in crate::engine) fn multiplier(
        &self,
        number: PointsNo,
        day: CivilDay,
    ) -> Result<Option<Exact>, RecordError> {
        let levels = self.view.policy.0.points(number).and_then(|points| points.levels);
        let Some(levels) = levels.filter(|levels| self.program.levels.contains(levels)) else {
            return Ok(Some(Exact::ONE));
        };
        let multiplier = |reaching: Reaching<'_>| {
            let level = reaching.held(day).and_then(|(level, _)| reaching.levels.levels.get(level));
            level.map_or(Exact::ONE, |level| level.multiplier.clone())
        };
        Ok(self.of_levels(levels, multiplier)?.map(|found| found.unwrap_or(Exact::ONE)))
    }

    /// The contract's holds; `None` where they must be read and may not be.
    fn book(&self) -> Result<Option<Arc<Book>>, RecordError> {
        let account = self.view.accounts.of(self.contract.id);
        if let Some(known) = account.and_then(|account| account.book()) {
            return Ok(Some(known));
        }
        if self.reach == Reach::Cache {
            return Ok(None);
        }
        let Some(account) = account else {
            return Ok(Some(Arc::new(read_book(self.store, self.contract.id, self.latest)?)));
        };
        let book = Arc::new(read_book(self.store, self.contract.id, account.position())?);
        account.keep_book(&book);
        Ok(Some(book))
    }
}
