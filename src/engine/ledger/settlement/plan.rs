//! Which periods does a statement tell of? Those that its day closes or holds, and those that were closed and may come to
//! something else now.

use std::collections::BTreeMap;

use crate::domain::day::{CivilDay, Days};
use crate::engine::error::RecordError;
use crate::ledger::statement::{EntryKind, StatementKind};

use super::Settle;
use super::records::{Said, SaidOf};
use super::refusal::SettleRefusal;
use super::standing::{Ground, OfWhom};
use super::walked::Walked;

/// A period that a statement may tell of.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    /// The agreement's id.
    pub(super) agreement: String,
    /// The whole period.
    pub(super) period: Days,
    /// Through which day.
    pub(super) through: CivilDay,
    /// What its entry is.
    pub(super) kind: EntryKind,
    /// What was said of it before.
    pub(super) said: Option<Said>,
    /// By which version of the policy.
    pub(super) version: u64,
    /// Is it told even where it comes to the same?
    pub(super) always: bool,
}

/// What is asked, of whom, and what was said before.
pub(super) struct Asked<'a> {
    pub(super) settle: &'a Settle,
    pub(super) ground: Ground<'a>,
    /// By the policy in force.
    pub(super) walked: &'a Walked<'a>,
    pub(super) said: &'a [SaidOf],
}

impl Asked<'_> {
    /// Is it asked about this agreement?
    fn about(&self, agreement: &str) -> bool {
        self.settle.agreements.is_empty() || self.settle.agreements.iter().any(|id| id == agreement)
    }

    fn said_of(&self, agreement: &str, period: &Days) -> Option<&Said> {
        let same = |(id, of, _): &&SaidOf| id == agreement && of == period;
        self.said.iter().find(same).map(|(_, _, said)| said)
    }

    /// Refuses agreements that are none of the contract's.
    fn known(&self) -> Result<(), SettleRefusal> {
        let is_known = |id: &&String| {
            self.walked.held().any(|held| held.written.id == **id)
                || self.said.iter().any(|(said, _, _)| said == *id)
        };
        match self.settle.agreements.iter().find(|id| !is_known(id)) {
            None => Ok(()),
            Some(id) => Err(SettleRefusal::UnknownAgreement {
                agreement: id.clone(),
                contract: self.settle.contract.clone(),
            }),
        }
    }

    /// The periods that are open, and hold the day or end on it.
    pub(super) fn open(&self) -> Result<Vec<Planned>, SettleRefusal> {
        self.known()?;
        let through = self.settle.through;
        let held: BTreeMap<(String, Days), Option<&Said>> = self.holding(through);
        if held.is_empty() {
            let contract = self.settle.contract.clone();
            return Err(SettleRefusal::NoAgreement { contract, through });
        }
        let is_final = self.settle.kind == StatementKind::Final;
        if is_final && held.keys().all(|(_, period)| period.last != through) {
            let mut ends: BTreeMap<CivilDay, Vec<String>> = BTreeMap::new();
            for (agreement, period) in held.into_keys() {
                ends.entry(period.last).or_default().push(agreement);
            }
            return Err(SettleRefusal::NothingEnds { through, ends: ends.into_iter().collect() });
        }
        let mut planned = Vec::new();
        for ((agreement, period), said) in held {
            let closed = said.is_some_and(|said| said.closed_by.is_some());
            if closed || (is_final && period.last != through) {
                continue;
            }
            if let Some(said) = said.filter(|said| said.through > through) {
                return Err(SettleRefusal::Behind { agreement, told: said.through, by: said.last });
            }
            planned.push(Planned {
                agreement,
                period,
                through,
                kind: if is_final { EntryKind::Final } else { EntryKind::Interim },
                said: said.cloned(),
                version: self.walked.policy().version,
                always: true,
            });
        }
        Ok(planned)
    }

    /// The periods that hold a day: those of the agreements in force, and those that statements have told of, of agreements
    /// that may be gone by now.
    fn holding(&self, day: CivilDay) -> BTreeMap<(String, Days), Option<&Said>> {
        let of_policy = self.walked.held().filter_map(|held| {
            let period = self.walked.period(held, day)?;
            let id = held.written.id.clone();
            let said = self.said_of(&id, &period);
            Some(((id, period), said))
        });
        let told = self.said.iter().filter(|(_, period, _)| period.hold(day));
        let told = told.map(|(id, period, said)| ((id.clone(), *period), Some(said)));
        of_policy.chain(told).filter(|((id, _), _)| self.about(id)).collect()
    }

    /// The periods that were closed: those of the statement that is reopened, and those of which a document came, or moved,
    /// since the last statement, or a payment that may be for one of them.
    pub(super) fn closed(&self) -> Result<Vec<Planned>, RecordError> {
        let closed = self.said.iter().filter(|(id, _, said)| said.closed_by.is_some() && self.about(id));
        let mut planned: Vec<(Planned, Days, bool)> = closed
            .map(|(agreement, period, said)| {
                let reopened = self.settle.reopens.is_some() && said.closed_by == self.settle.reopens;
                let planned = Planned {
                    agreement: agreement.clone(),
                    period: *period,
                    through: period.last,
                    kind: EntryKind::Correction,
                    said: Some(said.clone()),
                    version: if reopened { self.walked.policy().version } else { said.version },
                    always: reopened,
                };
                // Growth looks at the same period of the year before.
                let days = Days { first: period.first.plus_months(-12), last: period.last };
                (planned, days, reopened)
            })
            .collect();
        let said = planned.iter().filter_map(|(planned, ..)| planned.said.as_ref());
        let of_whom: OfWhom = said.flat_map(|said| said.of.iter().copied()).collect();
        let now = self.ground.upto();
        self.ground.each(&of_whom, |standing, document| {
            // A payment touches the periods of what it pays, whenever it was made.
            let pays = !document.allocations.is_empty();
            for (planned, days, touched) in planned.iter_mut().filter(|(_, _, touched)| !touched) {
                let Some(said) = &planned.said else { continue };
                *touched = said.of.iter().any(|of| {
                    let counts = |upto| standing.counts(*of, days, upto) > 0;
                    standing.is_later_than(*of, said.position, now)
                        && (pays || counts(now) || counts(said.position))
                });
            }
            Ok(())
        })?;
        Ok(planned.into_iter().filter(|(_, _, touched)| *touched).map(|(planned, ..)| planned).collect())
    }

    /// The statement that has closed what the day holds.
    pub(super) fn closed_by(&self) -> SettleRefusal {
        let through = self.settle.through;
        let is_final = self.settle.kind == StatementKind::Final;
        let held = self.holding(through).into_iter();
        let held = held.filter(|((_, period), _)| !is_final || period.last == through);
        let by = held.filter_map(|(_, said)| said?.closed_by).max().unwrap_or(0);
        SettleRefusal::Closed { through, by }
    }
}
