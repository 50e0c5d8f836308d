//! What does a statement say of each of its periods? The entitlement, rounded, less what was said before.

use std::collections::BTreeMap;

use crate::domain::contract::Contract;
use crate::domain::decimal::Micros;
use crate::domain::exact::Exact;
use crate::engine::error::LedgerError;
use crate::engine::ledger::accruals::rounded;
use crate::ledger::retro::Entitled;
use crate::ledger::statement::{ConditionStood, EntryKind, StatementEntry};
use crate::policy::CompiledPolicy;

use super::plan::Planned;
use super::standing::OfWhom;
use super::walked::{Held, Walked};

/// A figure in millionths.
pub(super) fn millionths(exact: &Exact) -> Result<i128, LedgerError> {
    exact.floor_millionths().ok_or(LedgerError::Overflow)
}

/// What is told of each of `planned`, but of closed periods that come to what was said of them.
pub(super) fn entries(
    contract: &Contract,
    planned: Vec<Planned>,
    by_version: &BTreeMap<u64, Walked<'_>>,
) -> Result<Vec<(Planned, StatementEntry)>, LedgerError> {
    let mut entitled = BTreeMap::new();
    let mut told = Vec::with_capacity(planned.len());
    for planned in planned {
        let Some(walked) = by_version.get(&planned.version) else { continue };
        let of_day = entitled
            .entry((planned.version, planned.through))
            .or_insert_with(|| walked.entitled(planned.through));
        let held = walked.held().find(|held| {
            held.written.id == planned.agreement
                && walked.period(*held, planned.through) == Some(planned.period)
        });
        let stands = held.and_then(|held| {
            let stands = of_day.iter().find(|entitled| entitled.agreement == held.number)?;
            Some((held, walked.of_whom(held.compiled), stands))
        });
        let entry = match stands {
            Some(stands) => entry((contract, walked.policy()), &planned, stands)?,
            None => gone(&planned)?,
        };
        if planned.always || entry.to_pay != Micros::ZERO || entry.supplier_to_pay != Micros::ZERO {
            told.push((planned, entry));
        }
    }
    told.sort_by(|(_, a), (_, b)| {
        let key = |entry: &StatementEntry| (entry.kind == EntryKind::Correction, entry.period.last);
        key(a).cmp(&key(b)).then_with(|| a.agreement.cmp(&b.agreement))
    });
    Ok(told)
}

fn less(amount: Micros, earlier: Micros) -> Result<Micros, LedgerError> {
    amount.0.checked_sub(earlier.0).map(Micros).ok_or(LedgerError::Overflow)
}

fn corrects(planned: &Planned) -> Option<u64> {
    let closed_by = planned.said.as_ref().and_then(|said| said.closed_by);
    closed_by.filter(|_| planned.kind == EntryKind::Correction)
}

fn entry(
    (contract, policy): (&Contract, &CompiledPolicy),
    planned: &Planned,
    (held, of, stands): (Held<'_>, OfWhom, &Entitled),
) -> Result<StatementEntry, LedgerError> {
    let round = |amount: &Exact| rounded(amount, contract).map_err(|_| LedgerError::Overflow);
    let entitlement = round(&stands.entitlement)?;
    let share = Exact::percent(held.written.supplier_percent);
    let supplier = round(&Exact::from(entitlement).times(&share))?;
    let capped = match &stands.capped {
        Some((cap, taken)) => {
            let cap = policy.bonus_cap(*cap).map_or(String::new(), |(cap, _)| cap.id.clone());
            Some((cap, round(taken)?))
        }
        None => None,
    };
    let said = planned.said.as_ref();
    let (earlier, supplier_earlier) = said.map_or_else(Default::default, |said| (said.sum, said.supplier));
    let conditions = stands.conditions.iter().zip(&held.written.conditions).map(|(stood, written)| {
        Ok(ConditionStood {
            of: written.of.word().to_owned(),
            stands: millionths(&stood.stands)?,
            bound: written.bound,
            at_most: written.of.is_at_most(),
            met: stood.met,
        })
    });
    Ok(StatementEntry {
        agreement: planned.agreement.clone(),
        name: held.written.name.en.clone(),
        name_ru: held.written.name.ru.clone(),
        period: planned.period,
        through: planned.through,
        kind: planned.kind,
        version: planned.version,
        of,
        measure: millionths(&stands.measure)?,
        basis: millionths(&stands.basis)?,
        tier: stands.tier.and_then(|tier| u32::try_from(tier).ok()),
        conditions: conditions.collect::<Result<_, LedgerError>>()?,
        entitlement,
        capped,
        earlier,
        to_pay: less(entitlement, earlier)?,
        settle: held.written.settle,
        supplier,
        supplier_to_pay: less(supplier, supplier_earlier)?,
        corrects: corrects(planned),
        documents: 0,
    })
}

/// A period whose agreement no longer is: nothing is owed for it, and what was said is taken back.
fn gone(planned: &Planned) -> Result<StatementEntry, LedgerError> {
    let said = planned.said.clone();
    let (earlier, supplier) = said.as_ref().map_or_else(Default::default, |said| (said.sum, said.supplier));
    let name = said.as_ref().map_or_else(Default::default, |said| said.name.clone());
    Ok(StatementEntry {
        agreement: planned.agreement.clone(),
        name: name.0,
        name_ru: name.1,
        period: planned.period,
        through: planned.through,
        kind: planned.kind,
        version: planned.version,
        of: said.as_ref().map_or_else(OfWhom::default, |said| said.of.clone()),
        measure: 0,
        basis: 0,
        tier: None,
        conditions: Vec::new(),
        entitlement: Micros::ZERO,
        capped: None,
        earlier,
        to_pay: less(Micros::ZERO, earlier)?,
        settle: said.map_or_else(Default::default, |said| said.settle),
        supplier: Micros::ZERO,
        supplier_to_pay: less(Micros::ZERO, supplier)?,
        corrects: corrects(planned),
        documents: 0,
    })
}
