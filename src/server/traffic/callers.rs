//! What does one caller ask? Calls in flight and lines a second, over all workers, for as many callers as are remembered.
//!
//! Lines are counted when they have been priced, so that nobody counts them beforehand: a caller may go beyond its rate
//! by what it has in flight, and waits until that is made up. It is a bucket of one second's lines that fills steadily,
//! kept as the instant at which it would be full again ("generic cell rate algorithm", ITU-T I.371).

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hashbrown::HashMap;

use super::options::TrafficOptions;
use super::refusal::Refusal;

const SECOND_NS: u64 = 1_000_000_000;
/// The name under which callers are counted together that can't be remembered apart.
const OTHERS: &str = "";

/// What callers ask.
#[derive(Debug)]
pub struct Callers {
    in_flight: usize,
    lines: Option<u64>,
    most: usize,
    accounts: Mutex<HashMap<Arc<str>, Arc<Account>, foldhash::fast::RandomState>>,
}

/// One caller's.
#[derive(Debug)]
pub struct Account {
    name: Arc<str>,
    in_flight: AtomicUsize,
    /// When the bucket of lines is full again.
    full_at: AtomicU64,
}

impl Account {
    fn new(name: &str) -> Self {
        Self { name: name.into(), in_flight: AtomicUsize::new(0), full_at: AtomicU64::new(0) }
    }

    /// The caller's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Nothing would be lost if it were forgotten.
    fn at_rest(&self, now: u64) -> bool {
        self.in_flight.load(Ordering::Relaxed) == 0 && self.full_at.load(Ordering::Relaxed) <= now
    }
}

/// A call of a caller; it is in flight until dropped.
#[derive(Debug)]
pub struct Asked {
    account: Arc<Account>,
    /// Calls of this caller in flight, this one included.
    pub in_flight: usize,
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.account.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Callers {
    /// Nobody has asked yet.
    pub fn new(options: &TrafficOptions) -> Self {
        Self {
            in_flight: options.caller_in_flight,
            lines: options.caller_lines.map(|lines| lines.clamp(1, SECOND_NS)),
            most: options.callers.max(1),
            accounts: Mutex::default(),
        }
    }

    /// The account of a caller. Where too many are remembered, those at rest are forgotten; where none is, the caller
    /// shares one account with others.
    pub fn account(&self, name: &str) -> Arc<Account> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(account) = accounts.get(name) {
            return Arc::clone(account);
        }
        if accounts.len() >= self.most {
            let now = super::clock::now();
            accounts.retain(|name, account| &**name == OTHERS || !account.at_rest(now));
        }
        let name = if accounts.len() >= self.most { OTHERS } else { name };
        let fresh = Arc::new(Account::new(name));
        Arc::clone(accounts.entry(Arc::clone(&fresh.name)).or_insert(fresh))
    }

    /// Counts a call.
    pub fn ask(&self, account: Arc<Account>, now: u64) -> Result<Asked, Refusal> {
        if let Some(rate) = self.lines {
            let full_at = account.full_at.load(Ordering::Relaxed);
            let empty_until = full_at.saturating_sub(SECOND_NS);
            if empty_until > now {
                return Err(Refusal::CallerLines(rate, Duration::from_nanos(empty_until - now)));
            }
        }
        let in_flight = account.in_flight.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        // Made before it is judged: dropping it takes it back.
        let asked = Asked { account, in_flight };
        if in_flight > self.in_flight {
            return Err(Refusal::CallerInFlight(self.in_flight));
        }
        Ok(asked)
    }

    /// Are lines bounded at all?
    pub fn count_lines(&self) -> bool {
        self.lines.is_some()
    }

    /// A call had so many lines priced.
    pub fn charge(&self, asked: &Asked, lines: u64, now: u64) {
        let Some(rate) = self.lines else { return };
        let whole = u128::from(lines) * u128::from(SECOND_NS) / u128::from(rate);
        let takes = u64::try_from(whole).unwrap_or(u64::MAX);
        let later = |full_at: u64| Some(full_at.max(now).saturating_add(takes));
        let _before = asked.account.full_at.fetch_update(Ordering::Relaxed, Ordering::Relaxed, later);
    }
}

#[cfg(test)]
mod tests {
    use super::{Callers, OTHERS, SECOND_NS};
    use crate::server::traffic::options::TrafficOptions;
    use crate::server::traffic::refusal::Refusal;

    fn callers(change: impl FnOnce(&mut TrafficOptions)) -> Callers {
        let mut options = TrafficOptions::default();
        change(&mut options);
        Callers::new(&options)
    }

    #[test]
    fn a_caller_has_so_many_calls_in_flight_and_another_its_own() {
        let callers = callers(|options| options.caller_in_flight = 2);
        let ask = |name: &str| callers.ask(callers.account(name), 0);
        let (first, second) = (ask("portal").unwrap(), ask("portal").unwrap());
        assert_eq!((first.in_flight, second.in_flight), (1, 2));
        assert!(matches!(ask("portal"), Err(Refusal::CallerInFlight(2))));
        assert_eq!(ask("erp").unwrap().in_flight, 1);
        drop(first);
        assert_eq!(ask("portal").unwrap().in_flight, 2);
    }

    #[test]
    fn lines_come_back_steadily_and_debts_are_made_up() {
        let callers = callers(|options| options.caller_lines = Some(1_000));
        let start = 5 * SECOND_NS;
        let ask = |now| callers.ask(callers.account("portal"), now);
        // A second's lines may come at once; the next call is still taken, and its lines are owed.
        let call = ask(start).unwrap();
        callers.charge(&call, 1_000, start);
        let call = ask(start).unwrap();
        callers.charge(&call, 500, start);
        match ask(start) {
            Err(Refusal::CallerLines(1_000, wait)) => assert_eq!(wait.as_millis(), 500),
            other => panic!("{other:?}"),
        }
        assert!(matches!(ask(start + SECOND_NS / 2 - 1), Err(Refusal::CallerLines(..))));
        assert!(ask(start + SECOND_NS / 2).is_ok());
        assert!(callers.ask(callers.account("erp"), start).is_ok());
    }

    #[test]
    fn who_is_at_rest_is_forgotten_and_the_rest_share_an_account() {
        let callers = callers(|options| options.callers = 2);
        let _portal = callers.ask(callers.account("portal"), 0).unwrap();
        let erp = callers.ask(callers.account("erp"), 0).unwrap();
        assert_eq!(callers.account("shop").name(), OTHERS);
        assert_eq!(callers.account("mail").name(), OTHERS);
        drop(erp);
        callers.accounts.lock().unwrap().remove(OTHERS);
        assert_eq!(callers.account("shop").name(), "shop");
        assert_eq!(callers.account("portal").name(), "portal");
    }
}
