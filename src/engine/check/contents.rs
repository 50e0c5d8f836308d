//! Is every record what its key says that it is? Each is read as what it would be used for.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;

use crate::domain::catalogue::Catalogue;
use crate::domain::contract::{Contract, Counterparty};
use crate::domain::day::CivilDay;
use crate::domain::market::Market;
use crate::domain::price_list::PriceList;
use crate::domain::sku::{Brand, Category, Sku};
use crate::domain::unit::Unit;
use crate::engine::import::ImportReport;
use crate::engine::ledger::limited::records as limits;
use crate::engine::ledger::loyalty::book;
use crate::engine::ledger::records as documents;
use crate::engine::ledger::settlement;
use crate::engine::log::LogEntry;
use crate::engine::policy::{PolicyFile, PolicyReport, PolicyVersion};
use crate::engine::publication::Manifest;
use crate::engine::quotes::records as quotes;
use crate::engine::records::{Kind, PageName, unpack};
use crate::ledger::document::{Document, Parties, Plan};
use crate::matrix::directory::RowRef;
use crate::matrix::epoch::CodecEpoch;
use crate::store::{FAULTS_MOST, Family, RowKey};

use super::words;

/// What was seen of a store's records.
#[derive(Default)]
pub(super) struct Contents {
    /// Every row segment that is there.
    pub(super) rows: BTreeSet<RowKey>,
    faults: Vec<String>,
    entries: u64,
    first: Option<u64>,
    last: Option<u64>,
}

impl Contents {
    /// Reads one record.
    pub(super) fn take(&mut self, family: Family, key: &[u8], value: &[u8]) {
        match family {
            Family::Rows => self.rows.extend(RowKey::decode(key)),
            Family::Log => {
                let position = key.try_into().ok().map(u64::from_be_bytes);
                self.entries = self.entries.saturating_add(1);
                self.first = self.first.into_iter().chain(position).min();
                self.last = self.last.into_iter().chain(position).max();
            }
            _ => {}
        }
        if !is_sound(family, key, value) && self.faults.len() <= FAULTS_MOST {
            let what = words::of(family, key, &Catalogue::default());
            self.faults.push(format!("{}: {what} is not what was written", family.name()));
        }
    }

    /// What was wrong. Positions of the log leave no gap; where blocks of it are damaged, that is told already.
    pub(super) fn end(&mut self, whole: bool) -> Vec<String> {
        if let (Some(first), Some(last), true) = (self.first, self.last, whole) {
            let missing = last.saturating_sub(first).saturating_add(1).saturating_sub(self.entries);
            if missing > 0 {
                self.faults.push(format!("log: {missing} of the positions {first} to {last} are missing"));
            }
        }
        std::mem::take(&mut self.faults)
    }
}

fn reads<T: DeserializeOwned>(value: &[u8]) -> bool {
    unpack::<T>(value).is_some()
}

fn is_sound(family: Family, key: &[u8], value: &[u8]) -> bool {
    match family {
        Family::Meta => is_sound_meta(key, value),
        // Its segments are read by the row checks.
        Family::Rows => RowKey::decode(key).is_some(),
        Family::Directory => key.len() == 12 && reads::<Vec<Option<RowRef>>>(value),
        Family::Records => is_sound_page(key, value),
        Family::Log => key.len() == 8 && reads::<LogEntry>(value),
        Family::Requests => is_sound_request(key, value),
        Family::Documents => is_sound_of_documents(key, value),
        Family::Facts => key.len() == documents::FACT_KEY_BYTES && reads::<Document>(value),
        Family::Statements => settlement::is_sound(key, value),
        Family::Quotes => quotes::is_sound(key, value),
    }
}

fn is_sound_meta(key: &[u8], value: &[u8]) -> bool {
    match key {
        b"store/format" => value.len() == 4,
        b"store/next_publication" => value.len() == 8,
        b"store/id" => value.len() == 16,
        _ => key.strip_prefix(b"store/unowned/").is_some_and(|number| number.len() == 8) && value.is_empty(),
    }
}

fn is_sound_page(key: &[u8], value: &[u8]) -> bool {
    const UNITS: u8 = Kind::Units as u8;
    const CATEGORIES: u8 = Kind::Categories as u8;
    const BRANDS: u8 = Kind::Brands as u8;
    const SKUS: u8 = Kind::Skus as u8;
    const LISTS: u8 = Kind::Lists as u8;
    const COUNTERPARTIES: u8 = Kind::Counterparties as u8;
    const CONTRACTS: u8 = Kind::Contracts as u8;
    const MARKET: u8 = Kind::Market as u8;
    const EPOCHS: u8 = Kind::Epochs as u8;
    const PUBLICATIONS: u8 = Kind::Publications as u8;
    const WRITTEN: u8 = Kind::Written as u8;
    const POLICIES: u8 = Kind::Policies as u8;
    const POLICY_FILES: u8 = Kind::PolicyFiles as u8;
    let Some((kind, _)) = key.split_first().filter(|(_, rest)| rest.len() == 12) else { return false };
    match *kind {
        UNITS => reads::<Vec<Unit>>(value),
        CATEGORIES => reads::<Vec<Category>>(value),
        BRANDS => reads::<Vec<Brand>>(value),
        SKUS => reads::<Vec<Sku>>(value),
        LISTS => reads::<Vec<PriceList>>(value),
        COUNTERPARTIES => reads::<Vec<Counterparty>>(value),
        CONTRACTS => reads::<Vec<Contract>>(value),
        MARKET => reads::<Market>(value),
        EPOCHS => reads::<Option<CodecEpoch>>(value),
        PUBLICATIONS => reads::<Manifest>(value),
        WRITTEN => reads::<Vec<PageName>>(value),
        POLICIES => reads::<PolicyVersion>(value),
        POLICY_FILES => reads::<Vec<PolicyFile>>(value),
        _ => false,
    }
}

fn is_sound_request(key: &[u8], value: &[u8]) -> bool {
    if key.starts_with(b"import/") {
        reads::<(u128, ImportReport)>(value)
    } else {
        key.starts_with(b"policy/") && reads::<(u128, PolicyReport)>(value)
    }
}

fn is_sound_of_documents(key: &[u8], value: &[u8]) -> bool {
    let Some((kind, rest)) = key.split_first() else { return false };
    match *kind {
        1 => reads::<documents::DocumentRecord>(value),
        2 => reads::<Vec<String>>(value),
        3 => reads::<documents::Parked>(value),
        4 => rest.len() == 12 && reads::<(CivilDay, Plan, Parties)>(value),
        7 | 8 => rest.len() == 8 && value.is_empty(),
        20 => reads::<book::KnownId>(value),
        21 => rest.len() == 12 && reads::<book::PointsMove>(value),
        30 => rest.len() >= 4 && reads::<i128>(value),
        31 => reads::<limits::LimitHold>(value),
        32 => rest.len() >= 4 && reads::<limits::TakenOff>(value),
        33 => rest.len() >= 4 && reads::<Vec<(String, i128)>>(value),
        _ => false,
    }
}
