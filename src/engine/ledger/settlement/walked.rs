//! What do a contract's documents come to by a version of the policy, as of one position?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::domain::day::{CivilDay, Days};
use crate::domain::exact::Exact;
use crate::domain::ids::{ContractId, SequenceNo};
use crate::engine::error::RecordError;
use crate::engine::ledger::accounts::SeriesKey;
use crate::engine::ledger::accruals::period_of;
use crate::engine::ledger::positions::add;
use crate::engine::ledger::records::{DocumentRecord, document_key, stored};
use crate::ledger::condition::Bought;
use crate::ledger::metered::{Meter, Way};
use crate::ledger::owed::{Overdue, Owed, Punctual};
use crate::ledger::retro::{Entitled, entitled};
use crate::ledger::series::Series;
use crate::ledger::whose::Whose;
use crate::policy::compiled::{AgreementNo, CompiledAgreement, MeasureNo, Program};
use crate::policy::syntax::{Agreement, PeriodOf, Scope};
use crate::policy::{CompiledPolicy, PolicyInForce};
use crate::pricing::request::BoughtOf;

use super::standing::{Ground, OfWhom};

/// The sums of all that a contract's agreements measure.
pub(super) struct Walked<'a> {
    ground: Ground<'a>,
    policy: PolicyInForce,
    /// None where nothing was ever published.
    program: Option<Arc<Program>>,
    series: BTreeMap<(ContractId, SeriesKey), Series>,
}

/// An agreement that holds for the contract.
#[derive(Clone, Copy)]
pub(super) struct Held<'w> {
    pub(super) number: AgreementNo,
    pub(super) compiled: &'w CompiledAgreement,
    pub(super) written: &'w Agreement,
}

impl<'a> Walked<'a> {
    pub(super) fn new(ground: Ground<'a>, policy: PolicyInForce) -> Result<Self, RecordError> {
        let program = policy.0.program_in_force(ground.contract, &ground.view.catalogue);
        let mut walked = Self { ground, policy, program, series: BTreeMap::new() };
        let mut series: BTreeMap<(ContractId, SeriesKey), Series> = BTreeMap::new();
        let held: Vec<Held<'_>> = walked.held().collect();
        let of_agreements = held.iter().flat_map(|held| held.compiled.measures());
        let measures = of_agreements.chain(walked.cap_measures());
        let mut meters: BTreeMap<MeasureNo, Meter<'_>> = BTreeMap::new();
        let mut of_whom = OfWhom::new();
        let mut wanted: BTreeMap<ContractId, BTreeSet<SeriesKey>> = BTreeMap::new();
        for measure in measures {
            let Some(meter) = walked.meter(measure) else { continue };
            let (number, of) = (walked.policy.0.meter_of(measure), walked.of(measure));
            meters.entry(number).or_insert(meter);
            of_whom.insert(of);
            for (contract, whose) in ground.counted(of).iter() {
                wanted.entry(contract).or_default().insert((number, whose));
            }
        }
        ground.each(&of_whom, |standing, document| {
            let Some(day) = standing.on(ground.upto()) else { return Ok(()) };
            let of_contract = wanted.get(&document.contract).into_iter().flatten();
            for key in of_contract.filter(|(_, whose)| whose.holds(document)) {
                let Some(meter) = meters.get(&key.0) else { continue };
                let series = series.entry((document.contract, *key)).or_insert_with(|| meter.begin());
                meter.count(document, day, Way::In, series);
            }
            Ok(())
        })?;
        walked.series = series;
        Ok(walked)
    }

    /// What caps over its agreements measure.
    fn cap_measures(&self) -> impl Iterator<Item = MeasureNo> {
        let caps = self.program.iter().flat_map(|program| program.bonus_caps.iter());
        caps.filter_map(|number| self.policy().bonus_cap(*number)?.1.measure())
    }

    /// What is owed for those shipments of a contract that a measure counts, and which they are: one that counts what is paid, or
    /// receivables.
    pub(super) fn owed(&self, contract: ContractId, measure: MeasureNo) -> Option<(Whose, &Owed)> {
        let whose = self.ground.counted(self.of(measure)).of(contract)?;
        match self.series.get(&(contract, (self.policy().meter_of(measure), whose)))? {
            Series::Owed(owed) => Some((whose, owed)),
            Series::Sums(_) | Series::Members(_) | Series::ByDocument(_) => None,
        }
    }

    /// Had a document come at a position?
    pub(super) fn had_come(&self, id: &str, at: SequenceNo) -> bool {
        let known: Result<Option<DocumentRecord>, _> = stored(self.ground.store, &document_key(id));
        known.ok().flatten().is_some_and(|known| known.posted.position <= at)
    }

    /// All that a measure counts of one contract or another.
    fn counted(&self, measure: MeasureNo) -> impl Iterator<Item = &Series> {
        let meter = self.policy().meter_of(measure);
        let counted: Vec<_> = self.ground.counted(self.of(measure)).iter().collect();
        counted.into_iter().filter_map(move |(contract, whose)| self.series.get(&(contract, (meter, whose))))
    }

    fn all_owed(&self, measure: MeasureNo) -> impl Iterator<Item = &Owed> {
        self.counted(measure).filter_map(|series| match series {
            Series::Owed(owed) => Some(owed),
            Series::Sums(_) | Series::Members(_) | Series::ByDocument(_) => None,
        })
    }

    pub(super) fn policy(&self) -> &CompiledPolicy {
        &self.policy.0
    }

    /// The agreements that are for the contract.
    pub(super) fn held(&self) -> impl Iterator<Item = Held<'_>> {
        let numbers = self.program.iter().flat_map(|program| program.agreements.iter());
        numbers.filter_map(|number| {
            let (compiled, written) =
                (self.policy().agreement(*number)?, self.policy().agreement_written(*number)?);
            Some(Held { number: *number, compiled, written })
        })
    }

    /// The period of an agreement that holds a day, where the agreement holds for it.
    pub(super) fn period(&self, held: Held<'_>, day: CivilDay) -> Option<Days> {
        period_of(self.policy(), (held.number, held.compiled), day, self.begins())
    }

    fn begins(&self) -> Option<CivilDay> {
        self.ground.contract.validity.from.map(CivilDay::of)
    }

    pub(super) fn meter(&self, number: MeasureNo) -> Option<Meter<'_>> {
        let measure = self.policy().measure(number)?;
        Some(Meter { policy: self.policy(), catalogue: &self.ground.view.catalogue, measure })
    }

    /// Whose documents a measure counts.
    pub(super) fn of(&self, number: MeasureNo) -> PeriodOf {
        match self.policy().measure(number).map(|measure| measure.scope) {
            Some(Scope::Period(period)) => period.of,
            _ => PeriodOf::Contract,
        }
    }

    /// Whose documents count for an agreement; the contract's own may by a cap over several.
    pub(super) fn of_whom(&self, agreement: &CompiledAgreement) -> OfWhom {
        agreement.measures().map(|measure| self.of(measure)).chain([PeriodOf::Contract]).collect()
    }

    /// What the contract is entitled to in the periods that hold a day, by the documents through that day.
    pub(super) fn entitled(&self, day: CivilDay) -> Vec<Entitled> {
        let Some(program) = &self.program else { return Vec::new() };
        entitled(self.policy(), program, self, |number, compiled| {
            let period = period_of(self.policy(), (number, compiled), day, self.begins())?;
            Some(Days { last: day, ..period })
        })
    }
}

impl Bought for Walked<'_> {
    fn value(&self, measure: MeasureNo, days: &Days) -> Exact {
        let mut sum = BoughtOf { value: Exact::ZERO, members: Vec::new() };
        self.counted(measure).for_each(|series| add(&mut sum, series, days));
        sum.value
    }

    fn months(&self, measure: MeasureNo, days: &Days) -> u32 {
        let (mut months, mut month) = (0, days.first.month());
        while month <= days.last.month() {
            let whole = month.days();
            let part = Days { first: days.first.max(whole.first), last: days.last.min(whole.last) };
            months += u32::from(self.value(measure, &part).is_positive());
            month = month.plus(1);
        }
        months
    }

    fn overdue(&self, receivables: MeasureNo, day: CivilDay) -> Overdue {
        self.all_owed(receivables).fold(Overdue::default(), |sum, owed| sum.with(owed.overdue(day)))
    }

    fn punctual(&self, receivables: MeasureNo, days: &Days) -> Punctual {
        self.all_owed(receivables).fold(Punctual::default(), |sum, owed| sum.with(owed.punctual(days)))
    }
}
