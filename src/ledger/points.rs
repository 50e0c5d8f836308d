//! How do points of loyalty stand? What was earned, what was taken of it, and what expired, day after day.
//!
//! Everything follows from what was earned and what was taken, whatever the order in which it was learned. What is
//! earned on one day, less what was brought back of it, is a *lot*. On each day, first, lots expire that are too old; then
//! lots become spendable that have waited long enough, and pay what is owed; then goods that came back for no shipment
//! take their points off; then holds take theirs. Whatever is taken is taken of the oldest spendable lots, and what
//! they do not have is owed.

use std::collections::BTreeMap;

use crate::domain::day::CivilDay;

/// When points can be spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Days until a lot can be spent.
    pub pending_days: u16,
    /// Months after which a lot expires.
    pub expire_months: Option<u16>,
}

/// What one document earned, or took back where it is below zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earned {
    /// The day on which it counts.
    pub day: CivilDay,
    /// The document.
    pub document: String,
    /// Points, in millionths.
    pub points: i128,
}

/// Points that are held, or were spent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taking {
    /// Its id, which decides ties.
    pub id: String,
    /// On which day.
    pub day: CivilDay,
    /// Points, in millionths, less those that were given back.
    pub points: i128,
    /// Were they spent?
    pub spent: bool,
}

/// How points stand on a day, all in millionths. What was earned is what can be spent, is pending, is held, was spent and
/// has expired, less what is owed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Balance {
    /// What documents earned, less what came back.
    pub earned: i128,
    /// What can be spent.
    pub spendable: i128,
    /// What has to wait.
    pub pending: i128,
    /// What is held.
    pub held: i128,
    /// What was spent.
    pub spent: i128,
    /// What has expired.
    pub expired: i128,
    /// What is owed: more was taken than there was left once goods had come back.
    pub owed: i128,
    /// What holds found not covered on their days.
    pub uncovered: i128,
    /// What will expire on which day, if nothing is taken of it; ascending.
    pub expiring: Vec<(CivilDay, i128)>,
    /// What has expired on which day; ascending.
    pub expiries: Vec<(CivilDay, i128)>,
}

impl Balance {
    /// What can be spent less what is owed.
    #[must_use]
    pub fn current(&self) -> i128 {
        self.spendable - self.owed
    }
}

/// What was earned on one day.
struct Lot {
    expires: Option<CivilDay>,
    left: i128,
    state: LotState,
}

#[derive(PartialEq, Eq)]
enum LotState {
    Pending,
    Spendable,
    Expired,
}

/// What happens on a day, in the order in which it does.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Happens<'a> {
    Expires(usize),
    Spendable(usize),
    BroughtBack(i128),
    Taken(&'a str, i128),
}

/// Lots by day.
struct Lots {
    lots: Vec<Lot>,
    /// Those before it have nothing left.
    first: usize,
}

impl Lots {
    /// Takes points of the oldest spendable lots; what they do not have is left.
    fn take(&mut self, mut points: i128) -> i128 {
        for (at, lot) in self.lots.iter_mut().enumerate().skip(self.first) {
            if points == 0 || lot.state == LotState::Pending {
                break;
            }
            let part = points.min(lot.left);
            lot.left -= part;
            points -= part;
            if lot.left == 0 {
                self.first = at;
            }
        }
        points
    }
}

/// How points stand at the end of a day; `earned` and `takings` in any order.
#[must_use]
pub fn balance(terms: Terms, earned: &[Earned], takings: &[Taking], day: CivilDay) -> Balance {
    let mut by_day: BTreeMap<CivilDay, i128> = BTreeMap::new();
    for earned in earned.iter().filter(|earned| earned.day <= day) {
        *by_day.entry(earned.day).or_default() += earned.points;
    }
    let mut balance = Balance { earned: by_day.values().sum(), ..Balance::default() };
    let mut lots = Lots { lots: Vec::new(), first: 0 };
    let mut events: Vec<(CivilDay, Happens<'_>)> = Vec::with_capacity(by_day.len() * 2 + takings.len());
    for (of, points) in by_day {
        if points < 0 {
            events.push((of, Happens::BroughtBack(-points)));
            continue;
        }
        let expires = terms.expire_months.map(|months| of.plus_months(i32::from(months)));
        let number = lots.lots.len();
        events.extend(expires.map(|expires| (expires, Happens::Expires(number))));
        events.push((of.plus(i32::from(terms.pending_days)), Happens::Spendable(number)));
        lots.lots.push(Lot { expires, left: points, state: LotState::Pending });
    }
    events.extend(takings.iter().map(|taken| (taken.day, Happens::Taken(&taken.id, taken.points))));
    events.retain(|(of, _)| *of <= day);
    events.sort_unstable();
    for (of, happens) in &events {
        happen(&mut balance, &mut lots, *of, happens);
    }
    for taken in takings.iter().filter(|taken| taken.day <= day) {
        *if taken.spent { &mut balance.spent } else { &mut balance.held } += taken.points;
    }
    for lot in &lots.lots {
        match lot.state {
            LotState::Pending => balance.pending += lot.left,
            LotState::Spendable => balance.spendable += lot.left,
            LotState::Expired => continue,
        }
        if let Some(expires) = lot.expires.filter(|_| lot.left > 0) {
            add(&mut balance.expiring, expires, lot.left);
        }
    }
    balance
}

fn happen(balance: &mut Balance, lots: &mut Lots, day: CivilDay, happens: &Happens<'_>) {
    match happens {
        Happens::Expires(number) => {
            let Some(lot) = lots.lots.get_mut(*number) else { return };
            if lot.left > 0 {
                balance.expired += lot.left;
                add(&mut balance.expiries, day, lot.left);
            }
            (lot.left, lot.state) = (0, LotState::Expired);
        }
        Happens::Spendable(number) => {
            let Some(lot) = lots.lots.get_mut(*number) else { return };
            if lot.state == LotState::Pending {
                let paid = balance.owed.min(lot.left);
                balance.owed -= paid;
                lot.left -= paid;
                lot.state = LotState::Spendable;
            }
        }
        Happens::BroughtBack(points) => balance.owed += lots.take(*points),
        Happens::Taken(_, points) => {
            let lacking = lots.take(*points);
            balance.uncovered += lacking;
            balance.owed += lacking;
        }
    }
}

/// Lots of two days may expire on one.
fn add(of_days: &mut Vec<(CivilDay, i128)>, day: CivilDay, points: i128) {
    match of_days.last_mut() {
        Some((last, sum)) if *last == day => *sum += points,
        _ => of_days.push((day, points)),
    }
}
