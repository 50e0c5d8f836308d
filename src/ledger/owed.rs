//! What of a contract's shipments is paid, and what is past its due date? Shipments, what was credited on them and what was paid
//! for them, by the shipment's id, in whatever order they come.

use std::collections::BTreeMap;
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

use crate::domain::day::{CivilDay, Days};
use crate::domain::exact::Exact;

use super::document::Document;
use super::series::Sums;

/// Into how many parts shipments are dealt, by id: a new version of the series copies one of them.
const PARTS: u64 = 64;

/// Bytes that a shipment takes, about.
const ITEM_BYTES: usize = 320;

/// A shipment, or a document that names none, with all that names it.
#[derive(Debug, Clone, Default)]
struct Item {
    /// On which day it counts, and by when it is to be paid; none where it has not come.
    shipped: Option<(CivilDay, Option<CivilDay>)>,
    /// Millionths of money that are owed for it, less what was credited.
    gross: i128,
    /// What it adds to the measure, less what came back.
    value: Exact,
    /// The part of that which other documents added, by their days: it counts there until the shipment comes.
    others: Vec<(CivilDay, Exact)>,
    /// Millionths that were paid, by day.
    paid: BTreeMap<CivilDay, i128>,
}

impl Item {
    fn paid_by(&self, day: CivilDay) -> i128 {
        self.paid.range(..=day).map(|(_, amount)| amount).sum()
    }

    fn outstanding(&self, day: CivilDay) -> i128 {
        self.gross - self.paid_by(day)
    }

    /// The paid part of what it adds, to the millionth: parts of unlike sums have no common denominator worth carrying.
    fn paid_value(&self) -> Exact {
        self.part(self.paid.values().sum(), &self.value)
    }

    /// Of a value, the part that a payment of so much is of what is owed.
    fn part(&self, paid: i128, value: &Exact) -> Exact {
        if self.gross <= 0 || paid >= self.gross {
            return value.clone();
        }
        let share = Exact::ratio(paid.max(0), self.gross).unwrap_or(Exact::ZERO);
        value.times(&share).floor_millionths().map_or(Exact::ZERO, Exact::millionths)
    }

    /// What counts of it, on which days.
    fn counted(&self) -> Vec<(CivilDay, Exact)> {
        match self.shipped {
            Some((day, _)) => vec![(day, self.paid_value())],
            None => self.others.clone(),
        }
    }

    fn due(&self) -> Option<CivilDay> {
        self.shipped.and_then(|(_, due)| due)
    }

    /// By when it is to be paid, where it is not.
    fn open(&self) -> Option<CivilDay> {
        self.due().filter(|_| self.outstanding(CivilDay::LAST) > 0)
    }
}

/// Shipments of which something is the same.
#[derive(Debug, Clone, Default)]
struct Part {
    items: BTreeMap<String, Arc<Item>>,
    /// How many of them are not paid yet, by due date.
    open: BTreeMap<CivilDay, usize>,
}

/// What is past its due date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overdue {
    /// How much, in millionths.
    pub amount: i128,
    /// For how many days the oldest of it is.
    pub days: u32,
}

impl Overdue {
    /// Of several contracts together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self { amount: self.amount + other.amount, days: self.days.max(other.days) }
    }
}

/// What fell due within days, and what of that was paid by then, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Punctual {
    /// What fell due.
    pub due: i128,
    /// What of that was paid by its due date.
    pub paid: i128,
}

impl Punctual {
    /// Of several contracts together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self { due: self.due + other.due, paid: self.paid + other.paid }
    }
}

/// What a contract's shipments are owed, and what paid ones add to a measure.
#[derive(Debug, Clone)]
pub struct Owed {
    parts: Vec<Arc<Part>>,
    /// What counts, by day.
    counted: Sums,
    last_payment: CivilDay,
}

impl Default for Owed {
    fn default() -> Self {
        let parts = (0..PARTS).map(|_| Arc::default()).collect();
        Self { parts, counted: Sums::default(), last_payment: CivilDay::FIRST }
    }
}

impl Owed {
    /// Puts a document in on the day on which it counts, with what it adds to the measure; `sign` is -1 to take it out again,
    /// and of what came back.
    pub fn count(&mut self, document: &Document, day: CivilDay, value: &Exact, (back, out): (bool, bool)) {
        let sign = if back == out { 1 } else { -1 };
        for allocation in document.allocations.iter().filter(|allocation| !allocation.document.is_empty()) {
            let amount = sign * i128::from(allocation.amount.0);
            self.last_payment = self.last_payment.max(day);
            self.change(&allocation.document, |item| {
                let paid = item.paid.entry(day).or_insert(0);
                *paid += amount;
            });
        }
        if document.lines.is_empty() {
            return;
        }
        let value = if sign < 0 { value.negated() } else { value.clone() };
        let gross = sign * document.gross();
        self.change(document.reference.as_ref().unwrap_or(&document.id), |item| {
            item.gross += gross;
            item.value = item.value.plus(&value);
            match &document.reference {
                None => item.shipped = (!out).then_some((day, document.due)),
                Some(_) => add_to(&mut item.others, day, &value),
            }
        });
    }

    fn change(&mut self, id: &str, with: impl FnOnce(&mut Item)) {
        let place = usize::try_from(xxh3_64(id.as_bytes()) % PARTS).unwrap_or_default();
        let Some(part) = self.parts.get_mut(place).map(Arc::make_mut) else { return };
        let item = Arc::make_mut(part.items.entry(id.to_owned()).or_default());
        for (day, value) in item.counted() {
            self.counted.add(day, &value.negated());
        }
        if let Some(due) = item.open()
            && let Some(count) = part.open.get_mut(&due)
        {
            *count -= 1;
            if *count == 0 {
                part.open.remove(&due);
            }
        }
        with(item);
        for (day, value) in item.counted() {
            self.counted.add(day, &value);
        }
        if let Some(due) = item.open() {
            *part.open.entry(due).or_default() += 1;
        }
    }

    /// Of each shipment up to a day, with all that names it, what its paid part counts for; by day and id.
    #[must_use]
    pub fn upto(&self, last: CivilDay) -> Vec<(CivilDay, &str, Exact)> {
        let items = self.parts.iter().flat_map(|part| &part.items);
        let counted = items
            .flat_map(|(id, item)| item.counted().into_iter().map(|(day, value)| (day, id.as_str(), value)));
        let mut found: Vec<_> = counted.filter(|(day, _, value)| *day <= last && !value.is_zero()).collect();
        found.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
        found
    }

    fn item(&self, id: &str) -> Option<&Item> {
        let place = usize::try_from(xxh3_64(id.as_bytes()) % PARTS).ok()?;
        self.parts.get(place)?.items.get(id).map(|item| &**item)
    }

    /// Of what a document adds to the measure, the part that is paid.
    #[must_use]
    pub fn paid_part(&self, document: &Document, value: &Exact) -> Exact {
        let item = self.item(document.reference.as_ref().unwrap_or(&document.id));
        item.map_or(Exact::ZERO, |item| item.part(item.paid.values().sum(), value))
    }

    /// What a payment adds to the measure by itself, on those days: of each shipment that it pays, and that had come, the part
    /// that it pays.
    #[must_use]
    pub fn by_payment(
        &self,
        payment: &Document,
        days: &Days,
        had_come: impl Fn(&str) -> bool,
    ) -> Option<Exact> {
        let known = payment.allocations.iter().filter(|allocation| had_come(&allocation.document));
        let parts = known.filter_map(|allocation| {
            let item = self.item(&allocation.document)?;
            let (day, _) = item.shipped?;
            let amount = i128::from(allocation.amount.0);
            let part = item.part(amount.abs(), &item.value);
            days.hold(day).then(|| if amount < 0 { part.negated() } else { part })
        });
        parts.reduce(|sum, part| sum.plus(&part))
    }

    /// Does a payment pay a shipment that counts on those days, or is due on them?
    #[must_use]
    pub fn is_for(&self, payment: &Document, days: &Days) -> bool {
        let concerns = |item: &Item| {
            item.shipped.is_some_and(|(day, due)| days.hold(day) || due.is_some_and(|due| due <= days.last))
        };
        payment.allocations.iter().filter_map(|of| self.item(&of.document)).any(concerns)
    }

    /// What the paid part of shipments on those days comes to, whenever it was paid.
    #[must_use]
    pub fn within(&self, days: &Days) -> Exact {
        self.counted.within(days)
    }

    /// What is past its due date at the end of a day.
    #[must_use]
    pub fn overdue(&self, day: CivilDay) -> Overdue {
        // Where nothing was paid since, what is owed now was owed then.
        let is_late = |part: &&Arc<Part>| {
            let first_due = part.open.first_key_value().map(|(due, _)| *due);
            self.last_payment > day || first_due.is_some_and(|due| due < day)
        };
        let items = self.parts.iter().filter(is_late).flat_map(|part| part.items.values());
        items.fold(Overdue::default(), |sum, item| match (item.due(), item.outstanding(day)) {
            (Some(due), amount) if due < day && amount > 0 => {
                let days = u32::try_from(i64::from(day.0) - i64::from(due.0)).unwrap_or(u32::MAX);
                sum.with(Overdue { amount, days })
            }
            _ => sum,
        })
    }

    /// What fell due on those days, and was paid by then.
    #[must_use]
    pub fn punctual(&self, days: &Days) -> Punctual {
        let items = self.parts.iter().flat_map(|part| part.items.values());
        items.fold(Punctual::default(), |sum, item| match item.due() {
            Some(due) if days.hold(due) && item.gross > 0 => Punctual {
                due: sum.due + item.gross,
                paid: sum.paid + item.paid_by(due).clamp(0, item.gross),
            },
            _ => sum,
        })
    }

    /// About how much memory it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let items: usize = self.parts.iter().map(|part| part.items.len()).sum();
        self.counted.bytes() + items * ITEM_BYTES
    }
}

fn add_to(others: &mut Vec<(CivilDay, Exact)>, day: CivilDay, value: &Exact) {
    match others.iter_mut().find(|(of, _)| *of == day) {
        Some((_, sum)) => *sum = sum.plus(value),
        None => others.push((day, value.clone())),
    }
}
