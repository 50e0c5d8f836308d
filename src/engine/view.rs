//! What does a request see? One publication, whole, as a struct of shared parts.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::domain::catalogue::Catalogue;
use crate::domain::contract::Contract;
use crate::domain::ids::{ContractId, ListId, PublicationNo, SequenceNo};
use crate::domain::time::Instant;
use crate::matrix::directory::RowDirectory;
use crate::matrix::epoch::CodecEpoch;
use crate::policy::PolicyInForce;

use super::ledger::accounts::{Accounts, Warmed};
use super::ledger::buyers::Buyers;
use super::ledger::limited::Uses;
use super::ledger::parties::PartyContracts;

/// A publication, complete. Cloning it costs a pointer a page.
#[derive(Debug, Clone)]
pub struct View {
    /// Which publication.
    pub publication: PublicationNo,
    /// The position of the command log that it has seen.
    pub position: SequenceNo,
    /// Command time of the last command.
    pub command_time: Instant,
    /// The last publication that changed more than the policy, as far as this process knows: two views that have the
    /// same one differ in their policy at most.
    pub(super) data_at: PublicationNo,
    /// Everything that is not a price.
    pub catalogue: Catalogue,
    /// Where each list's row is.
    pub directory: RowDirectory,
    /// The commercial policy.
    pub policy: PolicyInForce,
    /// Codec epochs by number.
    pub epochs: Arc<BTreeMap<u32, Arc<CodecEpoch>>>,
    /// What each contract has bought.
    pub(super) accounts: Accounts,
    /// What is gone of limited benefits.
    pub(super) uses: Uses,
    /// Which contracts are of the same counterparty and holding.
    pub(super) buyers: Arc<Buyers>,
    /// Which contracts have documents that name a payer or ship-to; of a view that keeps no accounts, nothing.
    pub(super) parties: PartyContracts,
    zones: Arc<BTreeMap<String, TimeZone>>,
    /// By list number: do several contracts name it?
    shared: Arc<[bool]>,
}

impl View {
    /// A store in which nothing was ever published.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            publication: PublicationNo(0),
            position: SequenceNo(0),
            command_time: Instant(0),
            data_at: PublicationNo(0),
            catalogue: Catalogue::default(),
            directory: RowDirectory::default(),
            policy: PolicyInForce::default(),
            epochs: Arc::default(),
            accounts: Accounts::default(),
            uses: Uses::default(),
            buyers: Arc::default(),
            parties: PartyContracts::default(),
            zones: Arc::default(),
            shared: Arc::new([]),
        }
    }

    /// Derives what requests need of all contracts, unless they are those of the view before; to be called once the
    /// catalogue is in place.
    pub(super) fn refresh_contracts(&mut self, before: &Self) {
        let contracts = &self.catalogue.contracts;
        if contracts.records().changed_since(before.catalogue.contracts.records()).next().is_some() {
            self.zones = Arc::new(zones(contracts.iter()));
            self.shared = shared(contracts.iter(), self.catalogue.lists.len());
        }
        let parties = self.catalogue.counterparties.records();
        let moved = |old: &Catalogue| {
            contracts.records().changed_since(old.contracts.records()).next().is_some()
                || parties.changed_since(old.counterparties.records()).next().is_some()
        };
        if moved(&before.catalogue) {
            self.buyers = Arc::new(Buyers::new(&self.catalogue));
        }
    }

    /// What contracts have bought, where a publication has taken the place of `before`: carried on where the policy is the
    /// same, else what was made for it beforehand, caught up with. What is gone of limited benefits goes by the ids of rules and stays.
    pub(super) fn follow_accounts(&mut self, before: &Self, warmed: Option<Warmed>) {
        self.uses = before.uses.clone();
        self.parties = before.parties.clone();
        let contracts = self.catalogue.contracts.len();
        if Arc::ptr_eq(&self.policy.0, &before.policy.0) {
            self.accounts.grow(contracts, self.position);
            return;
        }
        self.accounts = match warmed {
            Some(warmed) => warmed.caught_up(&before.accounts, self.position),
            None => Accounts::default(),
        };
        self.accounts.grow(contracts, self.position);
    }

    /// Is it kept up to date about what contracts have bought? Not where it was loaded for an older publication.
    pub(super) fn keeps_accounts(&self) -> bool {
        self.catalogue.contracts.is_empty() || self.accounts.of(ContractId(0)).is_some()
    }

    /// Lets go of what contracts have bought where it takes too much memory; it is found anew as it is asked for.
    pub(super) fn bound_accounts(&mut self) {
        if self.accounts.overflow() {
            self.accounts = Accounts::fresh(self.catalogue.contracts.len(), self.position);
        }
    }

    /// Is the list named by several contracts?
    #[must_use]
    #[inline]
    pub fn is_shared(&self, list: ListId) -> bool {
        self.shared.get(list.index()).copied().unwrap_or(false)
    }

    /// The zone with this name; none where the time zone database no longer has it.
    #[must_use]
    pub fn zone(&self, name: &str) -> Option<&TimeZone> {
        self.zones.get(name)
    }

    /// Price points of all rows.
    #[must_use]
    pub fn points(&self) -> u64 {
        self.directory.iter().map(|(_, row)| row.points).sum()
    }

    /// The newest codec epoch.
    #[must_use]
    pub fn newest_epoch(&self) -> Option<&Arc<CodecEpoch>> {
        self.epochs.last_key_value().map(|(_, epoch)| epoch)
    }
}

/// The zones that contracts name. A name that the time zone database no longer has is left out, and carts of its
/// contracts are refused.
fn zones<'c>(contracts: impl Iterator<Item = &'c Contract>) -> BTreeMap<String, TimeZone> {
    let mut zones = BTreeMap::new();
    for contract in contracts {
        if !zones.contains_key(&contract.zone)
            && let Ok(zone) = TimeZone::get(&contract.zone)
        {
            zones.insert(contract.zone.clone(), zone);
        }
    }
    zones
}

fn shared<'c>(contracts: impl Iterator<Item = &'c Contract>, lists: usize) -> Arc<[bool]> {
    let (mut once, mut twice) = (vec![false; lists], vec![false; lists]);
    for contract in contracts {
        let mut named: Vec<ListId> = contract.access.iter().map(|entry| entry.list).collect();
        named.extend(contract.reference_list);
        named.sort_unstable();
        named.dedup();
        for list in named {
            if let (Some(first), Some(second)) = (once.get_mut(list.index()), twice.get_mut(list.index())) {
                *second |= *first;
                *first = true;
            }
        }
    }
    twice.into()
}
