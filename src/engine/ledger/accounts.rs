//! What has each contract bought, by what the policy measures? Kept beside the view, found from the documents when it is
//! first asked for, and carried on from document to document.
//!
//! An account is as of a position of the log. A document makes a new version of its own contract's account and leaves the
//! others alone, so that a request sees one state of all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crate::domain::day::CivilDay;
use crate::domain::ids::{ContractId, SequenceNo};
use crate::domain::paged::Paged;
use crate::engine::error::RecordError;
use crate::engine::view::View;
use crate::ledger::document::Document;
use crate::ledger::metered::{Meter, Way};
use crate::ledger::series::Series;
use crate::ledger::whose::Whose;
use crate::policy::compiled::{MeasureNo, PointsNo};
use crate::policy::syntax::Scope;
use crate::store::Store;

use super::loyalty::book::{Book, PointsMove};
use super::records::each_fact;

/// Bytes of series that are kept; past that, all are found anew as they are asked for.
const KEPT_BYTES: usize = 1 << 30;

/// What is summed of a contract's documents, and of which of them.
pub(in crate::engine) type SeriesKey = (MeasureNo, Whose);

/// The series of one contract that were asked for so far.
type Known = BTreeMap<SeriesKey, Arc<Series>>;

/// By programme of points: a day, and what can be spent on it.
type Spendable = BTreeMap<PointsNo, (CivilDay, i128)>;

/// One contract's account.
#[derive(Debug)]
pub(in crate::engine) struct Account {
    position: SequenceNo,
    known: RwLock<Known>,
    /// Its holds of points, once they were asked for.
    book: RwLock<Option<Arc<Book>>>,
    /// What can be spent of its points, on the day that was asked for last.
    spendable: RwLock<Spendable>,
    /// Was a cart of the contract priced since the service was started? Then a policy that comes is made ready for it.
    touched: AtomicBool,
}

impl Account {
    fn new(position: SequenceNo, known: Known, touched: bool) -> Self {
        let (known, book, touched) = (RwLock::new(known), RwLock::default(), AtomicBool::new(touched));
        Self { position, known, book, spendable: RwLock::default(), touched }
    }

    /// The same as of a later position.
    fn carried(&self, position: SequenceNo) -> Self {
        let next = Self::new(position, self.known(), self.touched());
        if let Some(book) = self.book() {
            next.keep_book(&book);
        }
        next
    }

    /// What can be spent of a programme's points on a day, where that was worked out of this account alone.
    pub(in crate::engine) fn spendable(&self, programme: PointsNo, day: CivilDay) -> Option<i128> {
        let known = self.spendable.read().unwrap_or_else(PoisonError::into_inner).get(&programme).copied();
        known.filter(|(of, _)| *of == day).map(|(_, points)| points)
    }

    /// Keeps that, until the account is carried on.
    pub(in crate::engine) fn keep_spendable(&self, programme: PointsNo, day: CivilDay, points: i128) {
        self.spendable.write().unwrap_or_else(PoisonError::into_inner).insert(programme, (day, points));
    }

    /// As of which position.
    pub(in crate::engine) fn position(&self) -> SequenceNo {
        self.position
    }

    /// The contract's holds of points, where they were asked for before.
    pub(in crate::engine) fn book(&self) -> Option<Arc<Book>> {
        self.book.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps the contract's holds of points, as of its position.
    pub(in crate::engine) fn keep_book(&self, book: &Arc<Book>) {
        self.book.write().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| Arc::clone(book));
    }

    fn touched(&self) -> bool {
        self.touched.load(Ordering::Relaxed)
    }

    /// Notes that a cart of the contract is priced.
    pub(in crate::engine) fn touch(&self) {
        // Most carts find it noted: they leave the line of memory to each other.
        if !self.touched() {
            self.touched.store(true, Ordering::Relaxed);
        }
    }

    fn known(&self) -> Known {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A series, where it was asked for before.
    pub(in crate::engine) fn series(&self, key: SeriesKey) -> Option<Arc<Series>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(&key).map(Arc::clone)
    }
}

/// The accounts of all contracts.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct Accounts {
    by_contract: Paged<Arc<Account>>,
    bytes: Arc<AtomicUsize>,
}

impl Accounts {
    /// Nothing was asked for yet: of so many contracts, as of a position.
    pub(in crate::engine) fn fresh(contracts: usize, position: SequenceNo) -> Self {
        let mut accounts = Self::default();
        accounts.grow(contracts, position);
        accounts
    }

    /// Makes room for contracts that are new.
    pub(in crate::engine) fn grow(&mut self, contracts: usize, position: SequenceNo) {
        while self.by_contract.len() < contracts {
            self.by_contract.push(Arc::new(Account::new(position, Known::new(), false)));
        }
    }

    /// One contract's.
    pub(in crate::engine) fn of(&self, contract: ContractId) -> Option<&Arc<Account>> {
        self.by_contract.get(contract.index())
    }

    /// Do they take too much memory?
    pub(in crate::engine) fn overflow(&self) -> bool {
        self.bytes.load(Ordering::Relaxed) > KEPT_BYTES
    }

    /// How much memory their series take, about.
    pub(in crate::engine) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Finds series of a contract that were not asked for before, all in one walk over its documents.
    pub(in crate::engine) fn find(
        &self,
        store: &Store,
        view: &View,
        contract: ContractId,
        keys: &[SeriesKey],
    ) -> Result<(), RecordError> {
        let Some(account) = self.of(contract) else { return Ok(()) };
        let known = account.known();
        let missing: Vec<SeriesKey> = keys.iter().copied().filter(|key| !known.contains_key(key)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let found = walk(store, view, contract, &missing, account.position)?;
        let bytes: usize = found.values().map(|series| series.bytes()).sum();
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        account.known.write().unwrap_or_else(PoisonError::into_inner).extend(found);
        Ok(())
    }

    /// Carries a contract's account on to a position: a document counts on a day, or no longer does.
    pub(in crate::engine) fn count(
        &mut self,
        view: &View,
        position: SequenceNo,
        document: &Document,
        (day, way): (CivilDay, Way),
    ) {
        let Some(account) = self.by_contract.get_mut(document.contract.index()) else { return };
        if Arc::get_mut(account).is_none() {
            *account = Arc::new(account.carried(position));
        }
        let Some(account) = Arc::get_mut(account) else { return };
        account.position = position;
        account.spendable = RwLock::default();
        let known = account.known.get_mut().unwrap_or_else(PoisonError::into_inner);
        for ((number, whose), series) in known {
            let Some(meter) = meter_of(view, *number).filter(|_| whose.holds(document)) else { continue };
            meter.count(document, day, way, Arc::make_mut(series));
        }
    }

    /// Carries a contract's account on to a position: something was done with its points.
    pub(in crate::engine) fn note(&mut self, position: SequenceNo, made: &PointsMove) {
        let Some(account) = self.by_contract.get_mut(made.contract.index()) else { return };
        let next = account.carried(position);
        if let Some(book) = next.book.write().unwrap_or_else(PoisonError::into_inner).as_mut() {
            Arc::make_mut(book).note(made);
        }
        *account = Arc::new(next);
    }

    /// The contracts of which carts were priced.
    fn touched(&self) -> Vec<ContractId> {
        let numbered = (0_u32..).map(ContractId).zip(self.by_contract.iter());
        numbered.filter(|(_, account)| account.touched()).map(|(contract, _)| contract).collect()
    }
}

/// Accounts made for a policy before it comes into force, so that no request has to walk over documents that were walked
/// over for the policy before it.
#[derive(Debug)]
pub(in crate::engine) struct Warmed {
    accounts: Accounts,
    /// The accounts of the view from which they were made.
    began: Accounts,
}

impl Warmed {
    /// Of every contract of which carts were priced, and those whose purchases count with its; `view` is what is about to
    /// come, `began` the view before it.
    pub(in crate::engine) fn new(store: &Store, began: &View, view: &View) -> Result<Self, RecordError> {
        let accounts = Accounts::fresh(view.catalogue.contracts.len(), began.position);
        let policy = &view.policy.0;
        let mut needed: BTreeMap<ContractId, BTreeSet<SeriesKey>> = BTreeMap::new();
        for contract in began.accounts.touched() {
            if let Some(account) = accounts.of(contract) {
                account.touch();
            }
            let Some(contract) = view.catalogue.contract(contract) else { continue };
            let Some(program) = policy.program_in_force(contract, &view.catalogue) else { continue };
            for meter in policy.metered(&program) {
                let Some(Scope::Period(period)) = policy.measure(meter).map(|measure| measure.scope) else {
                    continue;
                };
                for (of, whose) in view.counted(contract, period.of).iter() {
                    needed.entry(of).or_default().insert((policy.meter_of(meter), whose));
                }
            }
        }
        for (contract, keys) in needed {
            accounts.find(store, view, contract, &keys.into_iter().collect::<Vec<_>>())?;
        }
        Ok(Self { accounts, began: began.accounts.clone() })
    }

    /// The same as of a later position: those of contracts which had documents since are to be found anew.
    pub(in crate::engine) fn caught_up(self, now: &Accounts, position: SequenceNo) -> Accounts {
        let Self { mut accounts, began } = self;
        for number in 0..now.by_contract.len() {
            let (old, new) = (began.by_contract.get(number), now.by_contract.get(number));
            if matches!((old, new), (Some(old), Some(new)) if Arc::ptr_eq(old, new)) {
                continue;
            }
            if let Some(account) = accounts.by_contract.get_mut(number) {
                *account = Arc::new(Account::new(position, Known::new(), account.touched()));
            }
        }
        accounts
    }
}

/// What series come to over a contract's documents as of a position.
pub(in crate::engine) fn walk(
    store: &Store,
    view: &View,
    contract: ContractId,
    keys: &[SeriesKey],
    upto: SequenceNo,
) -> Result<Known, RecordError> {
    let mut found: Vec<(SeriesKey, Meter<'_>, Series)> = keys
        .iter()
        .filter_map(|key| meter_of(view, key.0).map(|meter| (*key, meter, meter.begin())))
        .collect();
    each_fact(store, contract, None, upto, |key, document| {
        for ((_, whose), meter, series) in &mut found {
            if whose.holds(document) {
                meter.count(document, key.day, Way::In, series);
            }
        }
    })?;
    Ok(found.into_iter().map(|(key, _, series)| (key, Arc::new(series))).collect())
}

fn meter_of(view: &View, number: MeasureNo) -> Option<Meter<'_>> {
    let policy = &view.policy.0;
    Some(Meter { policy, catalogue: &view.catalogue, measure: policy.measure(number)? })
}
