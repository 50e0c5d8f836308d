//! Which documents stand below the entries of a statement, and what does each add?

use std::collections::BTreeMap;

use crate::domain::day::Days;
use crate::domain::exact::Exact;
use crate::domain::ids::SequenceNo;
use crate::engine::error::{LedgerError, RecordError};
use crate::ledger::document::Document;
use crate::ledger::metered::{Meter, Way};
use crate::ledger::series::Series;
use crate::ledger::statement::{EntryDocument, EntryKind, StatementEntry};
use crate::ledger::window::year_before;
use crate::policy::compiled::{CompiledCondition, MeasureNo};
use crate::policy::syntax::PeriodOf;

use super::entries::millionths;
use super::plan::Planned;
use super::standing::{Ground, OfWhom, Standing};
use super::walked::Walked;

/// A measure, its number, and whose documents it counts.
type Counted<'w> = (PeriodOf, Meter<'w>, MeasureNo);

/// What is looked for below one entry.
struct Listing<'w> {
    walked: &'w Walked<'w>,
    entry: u32,
    days: Days,
    /// The same period of the year before, where a condition looks at it.
    before: Option<Days>,
    measure: Counted<'w>,
    basis: Counted<'w>,
    conditions: Vec<Counted<'w>>,
    /// Below a correction: the position that the statement before had seen.
    since: Option<SequenceNo>,
    /// What an earlier statement of the period had seen, and of which days.
    told: Option<(SequenceNo, Days)>,
}

/// What a document adds, exactly.
struct Added {
    measure: Option<Exact>,
    basis: Exact,
}

impl<'w> Listing<'w> {
    fn new(
        (place, planned, entry): (u32, &Planned, &StatementEntry),
        walked: &'w Walked<'w>,
    ) -> Option<Self> {
        let held = walked.held().find(|held| held.written.id == planned.agreement)?;
        (walked.period(held, planned.through) == Some(planned.period)).then_some(())?;
        let counted = |number: MeasureNo| Some((walked.of(number), walked.meter(number)?, number));
        let agreement = held.compiled;
        let grows = |condition: &CompiledCondition| {
            matches!(condition, CompiledCondition::Growth | CompiledCondition::GrowthPercent)
        };
        let correction = entry.kind == EntryKind::Correction;
        let looks_back = correction && agreement.conditions.iter().any(|(condition, _)| grows(condition));
        let days = Days { last: planned.through, ..planned.period };
        let said = planned.said.as_ref();
        Some(Self {
            walked,
            entry: place,
            days,
            before: looks_back.then(|| year_before(agreement.period, &planned.period)),
            measure: counted(agreement.measure)?,
            basis: counted(agreement.basis)?,
            conditions: agreement.measures().skip(2).filter_map(counted).collect(),
            since: said.filter(|_| correction).map(|said| said.position),
            told: said.map(|said| (said.position, Days { last: said.through, ..planned.period })),
        })
    }

    /// What a document adds to the entry; none where it does not count there, or has not come to since.
    fn added(&self, standing: &Standing<'_>, document: &Document, now: SequenceNo) -> Option<Added> {
        if !document.allocations.is_empty() {
            return self.by_payment(standing, document, now);
        }
        let times = |of: PeriodOf, days: &Days| {
            let before = self.since.map_or(0, |since| standing.counts(of, days, since));
            standing.counts(of, days, now) - before
        };
        let counts = |(_, meter, _): &Counted<'_>| {
            let line_counts = |line| meter.of_one(document, line).is_some();
            let plans = document.plan.is_some() && !meter.whole(document).is_zero();
            plans || document.lines.iter().any(line_counts)
        };
        let within = self.all().any(|counted| times(counted.0, &self.days) != 0 && counts(counted));
        let grew = |days| times(self.measure.0, days) != 0 && counts(&self.measure);
        (within || self.before.as_ref().is_some_and(grew)).then(|| {
            let adds = |(of, meter, number): &Counted<'_>| {
                let value = self.value((meter, *number), document)?;
                Some(value.times(&Exact::whole(times(*of, &self.days))))
            };
            Added { measure: adds(&self.measure), basis: adds(&self.basis).unwrap_or(Exact::ZERO) }
        })
    }

    /// Everything that the agreement measures.
    fn all(&self) -> impl Iterator<Item = &Counted<'w>> {
        [&self.measure, &self.basis].into_iter().chain(&self.conditions)
    }

    /// What a payment adds that came since an earlier statement: to what had come before it. What came since itself is told with
    /// its paid part.
    fn by_payment(&self, standing: &Standing<'_>, payment: &Document, now: SequenceNo) -> Option<Added> {
        let since = self.since?;
        let owed = |(of, _, number): &Counted<'_>| {
            let (_, owed) = self.walked.owed(payment.contract, *number)?;
            standing.is_later_than(*of, since, now).then_some(owed)
        };
        let adds = |counted: &Counted<'_>| {
            owed(counted)?.by_payment(payment, &self.days, |id| self.walked.had_come(id, since))
        };
        let (measure, basis) = (adds(&self.measure), adds(&self.basis));
        let pays = |counted: &Counted<'_>| owed(counted).is_some_and(|owed| owed.is_for(payment, &self.days));
        let changes_conditions = self.conditions.iter().any(pays);
        (changes_conditions || measure.is_some() || basis.is_some())
            .then(|| Added { measure, basis: basis.unwrap_or(Exact::ZERO) })
    }

    /// What a document adds to a sum, by itself; none where distinct things are counted.
    fn value(&self, (meter, number): (&Meter<'_>, MeasureNo), document: &Document) -> Option<Exact> {
        let (day, mut series) = (document.day, meter.begin());
        meter.count(document, day, Way::In, &mut series);
        match series {
            Series::Sums(sums) => Some(sums.within(&Days { first: day, last: day })),
            Series::Members(_) | Series::ByDocument(_) => None,
            Series::Owed(_) => {
                let whole = meter.whole(document);
                let owed = self.walked.owed(document.contract, number);
                Some(match owed.filter(|(whose, _)| whose.holds(document)) {
                    Some((_, owed)) => owed.paid_part(document, &whole),
                    // It is another's now, and counted whole while it waited for its shipment.
                    None => whole,
                })
            }
        }
    }

    fn is_late(&self, standing: &Standing<'_>, now: SequenceNo) -> bool {
        let missed = |(position, days): &(SequenceNo, Days)| {
            let missed =
                |of| standing.is_later_than(of, *position, now) && standing.counts(of, days, now) > 0;
            self.all().any(|(of, _, _)| missed(*of))
        };
        self.since.is_some() || self.told.as_ref().is_some_and(missed)
    }
}

/// The documents of all entries, by entry, day and place in the log.
pub(super) fn documents(
    ground: Ground<'_>,
    entries: &[(Planned, StatementEntry)],
    by_version: &BTreeMap<u64, Walked<'_>>,
) -> Result<Vec<EntryDocument>, LedgerError> {
    let listings = (0_u32..).zip(entries).filter_map(|(place, (planned, entry))| {
        Listing::new((place, planned, entry), by_version.get(&planned.version)?)
    });
    let listings: Vec<Listing<'_>> = listings.collect();
    let of_whom: OfWhom = entries.iter().flat_map(|(_, entry)| entry.of.iter().copied()).collect();
    let now = ground.upto();
    let (mut found, mut overflow) = (Vec::new(), false);
    ground.each(&of_whom, |standing, document| {
        for listing in &listings {
            let Some(added) = listing.added(standing, document, now) else { continue };
            let to_measure = added.measure.as_ref().map(millionths).transpose();
            match (to_measure, millionths(&added.basis)) {
                (Ok(to_measure), Ok(to_basis)) => found.push(EntryDocument {
                    entry: listing.entry,
                    id: document.id.clone(),
                    contract: document.contract,
                    kind: document.kind,
                    day: document.day,
                    counts_on: standing.on(now).unwrap_or(document.day),
                    position: standing.key.position,
                    to_measure,
                    to_basis,
                    late: listing.is_late(standing, now),
                }),
                _ => overflow = true,
            }
        }
        Ok::<(), RecordError>(())
    })?;
    if overflow {
        return Err(LedgerError::Overflow);
    }
    found.sort_by_key(|document| (document.entry, document.counts_on, document.position));
    Ok(found)
}
