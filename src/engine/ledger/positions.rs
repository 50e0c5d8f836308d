//! Where do the period measures of a contract stand on a day? From its account, and from those of its counterparty's and
//! holding's other contracts.

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
use crate::ledger::series::Series;
use crate::ledger::window::days_of;
use crate::policy::compiled::{CompiledMeasure, MeasureNo, Program};
use crate::policy::syntax::{Period, PeriodOf};
use crate::pricing::request::{Bought, BoughtOf};
use crate::store::Store;

use super::accounts::walk;

/// Whose documents count, over which days.
pub(in crate::engine) struct Counted<'v> {
    pub(in crate::engine) number: MeasureNo,
    pub(in crate::engine) measure: &'v CompiledMeasure,
    pub(in crate::engine) period: Period,
    pub(in crate::engine) days: Days,
    contracts: Vec<ContractId>,
}

/// The period measures that a contract's rules name, on a day.
pub(in crate::engine) fn counted<'v>(
    view: &'v View,
    contract: &Contract,
    program: &'v Program,
    day: CivilDay,
) -> impl Iterator<Item = Counted<'v>> {
    let begins = contract.validity.from.map(CivilDay::of);
    let (own, party) = (contract.id, contract.counterparty);
    view.policy.0.periods(program).map(move |(number, measure, period)| {
        let contracts = match period.of {
            PeriodOf::Contract => vec![own],
            PeriodOf::Counterparty => view.buyers.of_counterparty(party).to_vec(),
            PeriodOf::Holding => view.buyers.of_holding(&view.catalogue, party).to_vec(),
        };
        Counted { number, measure, period, days: days_of(period, day, begins), contracts }
    })
}

/// What was bought by every period measure that a contract's rules name, as of the view, or of `latest` where the view is of
/// an older publication and keeps no accounts; `None` where documents must be read and may not be.
pub(in crate::engine) fn bought(
    store: &Store,
    view: &View,
    (contract, program): (&Contract, &Program),
    (day, latest): (CivilDay, SequenceNo),
    reach: Reach,
) -> Result<Option<Bought>, RecordError> {
    let mut bought = Bought::default();
    for counted in counted(view, contract, program, day) {
        let meter = view.policy.0.meter_of(counted.number);
        let mut sum = BoughtOf { value: Exact::ZERO, members: Vec::new() };
        for of in &counted.contracts {
            match series_of(store, view, (*of, meter), program, latest, reach)? {
                Some(series) => add(&mut sum, &series, &counted.days),
                None => return Ok(None),
            }
        }
        bought.put(counted.number, sum);
    }
    Ok(Some(bought))
}

fn series_of(
    store: &Store,
    view: &View,
    (contract, meter): (ContractId, MeasureNo),
    program: &Program,
    latest: SequenceNo,
    reach: Reach,
) -> Result<Option<Arc<Series>>, RecordError> {
    let account = view.accounts.of(contract);
    if let Some(known) = account.and_then(|account| account.series(meter)) {
        return Ok(Some(known));
    }
    if reach == Reach::Cache {
        return Ok(None);
    }
    let Some(account) = account else {
        return Ok(walk(store, view, contract, &[meter], latest)?.remove(&meter));
    };
    let policy = &view.policy.0;
    let meters: BTreeSet<MeasureNo> =
        policy.periods(program).map(|(number, _, _)| policy.meter_of(number)).collect();
    view.accounts.find(store, view, contract, &meters.into_iter().collect::<Vec<_>>())?;
    Ok(account.series(meter))
}

fn add(sum: &mut BoughtOf, series: &Series, days: &Days) {
    match series {
        Series::Sums(sums) => sum.value = sum.value.plus(&sums.within(days)),
        Series::Members(members) => {
            sum.members.extend(members.within(days));
            sum.members.sort_unstable();
            sum.members.dedup();
            let count = i128::try_from(sum.members.len()).unwrap_or(i128::MAX);
            sum.value = Exact::millionths(count.saturating_mul(i128::from(MILLION)));
        }
    }
}
