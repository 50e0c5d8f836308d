//! Do quotes do what a naive model of them does: one call after another, and several callers at once?

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use quoin::domain::decimal::Micros;
use quoin::domain::ids::SequenceNo;
use quoin::domain::time::Instant;
use quoin::engine::Engine;
use quoin::engine::quotes::QuoteError;
use quoin::engine::quotes::{ActOnQuote, CreateQuote, Quoted, ReviseQuote};
use quoin::quotes::asked::{AskedCart, AskedLine, AskedQuote};
use quoin::quotes::event::Event;
use quoin::quotes::life::{Act, PartAsked, State};
use quoin::quotes::number::QuoteNo;

use super::world::{BEGINS, TELLER, World, boss, clerk};
use crate::effort::{self, Draws};

const CALLS: u32 = 20_000;
const AT_ONCE_CALLS: u32 = 12_000;
const CALLERS: u64 = 4;
const HOUR: i64 = 3_600;
/// The last valid day of every quote, by the hours that are left of it when the test begins.
const LAST_DAYS: [(&str, i64); 3] = [("2026-03-02", 13), ("2026-03-03", 37), ("2026-03-10", 205)];

/// What a caller does: any of it may be refused.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Call {
    Create { bolts: i64, glue: i64, deep: bool, draft: bool, day: usize },
    Revise { quote: u64, meant: Option<u32>, bolts: i64, glue: i64, day: usize },
    Act { quote: u64, meant: Option<u32>, act: Act, boss: bool },
}

/// A quote as anybody would note it on paper.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Noted {
    state: State,
    revision: u32,
    deep: bool,
    lines: [i64; 2],
    accepted: [bool; 2],
    over: i64,
    events: u32,
}

#[derive(Debug, Default, Clone)]
struct Paper {
    quotes: BTreeMap<u64, Noted>,
}

fn act(draws: &mut Draws) -> Act {
    match draws.below(8) {
        0 => Act::Issue,
        1 => Act::Approve,
        2 => Act::Reject,
        3 => Act::Decline,
        4 => Act::Withdraw,
        kind => {
            let line = |line: &str| PartAsked { line: line.to_owned(), quantity: None };
            let lines = match kind {
                5 => Vec::new(),
                6 => vec![line("bolt")],
                _ => vec![line("glue")],
            };
            Act::Accept { lines, allow_late: draws.below(4) == 0 }
        }
    }
}

fn call(draws: &mut Draws, quotes: u64) -> Call {
    let quantity = |draws: &mut Draws| i64::try_from(draws.below(4)).unwrap() + 1;
    let (bolts, glue, day) = (quantity(draws), quantity(draws), draws.below(LAST_DAYS.len()));
    let quote = |draws: &mut Draws| {
        let recent = draws.below(12).min(usize::try_from(quotes).unwrap());
        (quotes + 1).saturating_sub(u64::try_from(recent).unwrap())
    };
    let meant = |draws: &mut Draws| (draws.below(3) == 0).then(|| u32::try_from(draws.below(3)).unwrap() + 1);
    match draws.below(10) {
        0 | 1 => Call::Create { bolts, glue, deep: draws.below(3) == 0, draft: draws.below(3) == 0, day },
        2 => Call::Revise { quote: quote(draws), meant: meant(draws), bolts, glue, day },
        _ => {
            Call::Act { quote: quote(draws), meant: meant(draws), act: act(draws), boss: draws.below(2) == 0 }
        }
    }
}

impl Paper {
    /// What comes of a call at an instant of command time; `None` where it is refused.
    fn note(&mut self, call: &Call, now: i64) -> Option<(u64, State, u32)> {
        let begins = Instant::parse(BEGINS).unwrap().0;
        let over = |day: usize| begins + LAST_DAYS[day].1 * HOUR;
        let (number, next) = match call {
            Call::Create { bolts, glue, deep, draft, day } => {
                let state = match (draft, deep) {
                    (true, _) => State::Draft,
                    (false, true) => State::WaitingForApproval,
                    (false, false) => State::Issued,
                };
                let over = over(*day);
                let noted = Noted {
                    state,
                    revision: 1,
                    deep: *deep,
                    lines: [*bolts, *glue],
                    accepted: [false; 2],
                    over,
                    events: 1,
                };
                (now < over).then(|| (u64::try_from(self.quotes.len()).unwrap() + 1, noted))?
            }
            Call::Revise { quote, meant, bolts, glue, day } => {
                let old = self.quotes.get(quote)?;
                let open = matches!(old.state, State::Draft | State::WaitingForApproval | State::Issued);
                let is_meant = meant.is_none_or(|meant| meant == old.revision);
                let allowed = open && now < old.over && is_meant && old.accepted == [false; 2];
                let over = over(*day);
                let noted = Noted {
                    state: State::Issued,
                    revision: old.revision + 1,
                    deep: false,
                    lines: [*bolts, *glue],
                    over,
                    events: old.events + 1,
                    ..old.clone()
                };
                (allowed && now < over).then_some((*quote, noted))?
            }
            Call::Act { quote, meant, act, boss } => {
                let mut noted = self.quotes.get(quote)?.clone();
                if meant.is_some_and(|meant| meant != noted.revision) {
                    return None;
                }
                let in_time = now < noted.over;
                noted.state = match (act, noted.state) {
                    (Act::Issue, State::Draft) if in_time => match noted.deep && !boss {
                        true => State::WaitingForApproval,
                        false => State::Issued,
                    },
                    (Act::Approve, State::WaitingForApproval) if in_time && *boss => State::Issued,
                    (Act::Reject, State::WaitingForApproval) if in_time && *boss => State::Draft,
                    (Act::Decline, State::Issued) if in_time => State::Declined,
                    (Act::Withdraw, State::Draft | State::WaitingForApproval | State::Issued) if in_time => {
                        State::Withdrawn
                    }
                    (Act::Accept { lines, allow_late }, State::Issued | State::Expired)
                        if (in_time && noted.state == State::Issued) || (*allow_late && *boss) =>
                    {
                        match noted.take(lines)? {
                            State::Issued if !in_time => State::Expired,
                            state => state,
                        }
                    }
                    _ => return None,
                };
                noted.events += 1;
                (*quote, noted)
            }
        };
        let told = (number, next.state, next.revision);
        self.quotes.insert(number, next);
        Some(told)
    }
}

impl Noted {
    fn take(&mut self, lines: &[PartAsked]) -> Option<State> {
        let named = |line: &str| lines.is_empty() || lines.iter().any(|of| of.line == line);
        for (place, line) in ["bolt", "glue"].into_iter().enumerate() {
            if named(line) && self.accepted[place] && !lines.is_empty() {
                return None;
            }
            self.accepted[place] |= named(line);
        }
        Some(if self.accepted == [true; 2] { State::Accepted } else { State::Issued })
    }

    fn total(&self) -> i128 {
        let bolt = if self.deep { 60 } else { 100 };
        i128::from(self.lines[0] * bolt + self.lines[1] * 7) * 1_000_000
    }
}

fn asked(bolts: i64, glue: i64, (deep, draft, day): (bool, bool, usize)) -> AskedQuote {
    let line = |sku: &str, quantity: i64| AskedLine {
        id: sku.to_owned(),
        sku: sku.to_owned(),
        quantity: Micros(quantity * 1_000_000),
        unit: String::new(),
        is_divisible: false,
        negotiated: None,
        details: None,
    };
    let cart = AskedCart {
        contract: "A".to_owned(),
        coupons: if deep { vec!["DEEP".to_owned()] } else { Vec::new() },
        lines: vec![line("bolt", bolts), line("glue", glue)],
        ..AskedCart::default()
    };
    let valid_through = Some(quoin::domain::day::CivilDay::parse(LAST_DAYS[day].0).unwrap());
    AskedQuote { cart, is_draft: draft, valid_through, ..AskedQuote::default() }
}

fn really(engine: &Engine, call: &Call, request_id: Option<String>) -> Result<Quoted, QuoteError> {
    match call {
        Call::Create { bolts, glue, deep, draft, day } => {
            let asked = asked(*bolts, *glue, (*deep, *draft, *day));
            engine.create_quote(&clerk(), &CreateQuote { request_id, asked, dry_run: false }, &TELLER)
        }
        Call::Revise { quote, meant, bolts, glue, day } => {
            let asked = asked(*bolts, *glue, (false, false, *day));
            let (quote, revision) = (QuoteNo(*quote), *meant);
            let revise = ReviseQuote { request_id, quote, revision, asked, dry_run: false };
            engine.revise_quote(&clerk(), &revise, &TELLER)
        }
        Call::Act { quote, meant, act, boss: by_boss } => {
            let caller = if *by_boss { boss() } else { clerk() };
            let asked = ActOnQuote {
                request_id,
                quote: QuoteNo(*quote),
                revision: *meant,
                reason: String::new(),
                act: act.clone(),
                dry_run: false,
            };
            engine.act_on_quote(&caller, &asked)
        }
    }
}

/// Every quote as it is stored, against what is on the paper.
fn compare(engine: &Engine, paper: &Paper, now: i64) {
    for (number, noted) in &paper.quotes {
        let quoted = engine.quote(&boss(), QuoteNo(*number), None).unwrap();
        let open = matches!(noted.state, State::Draft | State::WaitingForApproval | State::Issued);
        let state = if open && now >= noted.over { State::Expired } else { noted.state };
        let taken = |line: u32| quoted.head.accepted.iter().any(|part| part.line == line);
        assert_eq!(quoted.head.state, state, "Q-{number}");
        assert_eq!((quoted.head.revision, quoted.head.events), (noted.revision, noted.events), "Q-{number}");
        assert_eq!([taken(0), taken(1)], noted.accepted, "Q-{number}");
        assert_eq!(quoted.content.total, noted.total(), "Q-{number}");
    }
    let next = QuoteNo(u64::try_from(paper.quotes.len()).unwrap() + 1);
    assert!(engine.quote(&boss(), next, None).is_err(), "a quote too many");
}

#[test]
fn one_call_after_another_does_what_is_noted_on_paper() {
    let mut world = World::new();
    let mut paper = Paper::default();
    let mut draws = Draws::new(51);
    let begins = Instant::parse(BEGINS).unwrap().0;
    let (mut clock, mut command_time) = (begins, begins);
    let calls = effort::count(CALLS);
    let mut done = 0;
    for number in 0..calls {
        match draws.below(400) {
            // Forward and back, around the ends of the days.
            0..3 => {
                clock = command_time + i64::try_from(draws.below(6)).unwrap() * HOUR - 2 * HOUR;
                world.set_clock(&Instant(clock).to_string());
            }
            3 => world.reopen(),
            4 => {
                clock = begins;
                (world, paper) = (World::new(), Paper::default());
                command_time = begins;
            }
            _ => {}
        }
        let call = call(&mut draws, u64::try_from(paper.quotes.len()).unwrap());
        let now = clock.max(command_time);
        let syncs = world.engine().store().commits_synced();
        let expected = paper.note(&call, now);
        let came = really(world.engine(), &call, None);
        let told =
            came.as_ref().ok().map(|quoted| (quoted.head.number.0, quoted.head.state, quoted.head.revision));
        assert_eq!(told, expected, "call {number}: {call:?}: {came:?}");
        let synced = world.engine().store().commits_synced() - syncs;
        assert_eq!(synced, u64::from(expected.is_some()), "an answer is one sync, a refusal none");
        if expected.is_some() {
            command_time = now;
            done += 1;
        }
        if number % 50 == 0 {
            compare(world.engine(), &paper, clock.max(command_time));
        }
    }
    compare(world.engine(), &paper, clock.max(command_time));
    println!("{calls} calls, {done} of them done");
}

/// What a caller was told of a call that was done.
type Done = (SequenceNo, Call, Event);

#[test]
fn several_callers_at_once_do_what_the_log_notes_in_order() {
    let world = World::new();
    let calls = effort::count(AT_ONCE_CALLS) / u32::try_from(CALLERS).unwrap();
    let all: Arc<Mutex<Vec<Done>>> = Arc::default();
    let syncs = world.engine().store().commits_synced();
    std::thread::scope(|scope| {
        for caller in 0..CALLERS {
            let (engine, all) = (world.engine().clone(), Arc::clone(&all));
            scope.spawn(move || {
                let mut draws = Draws::new(60 + caller);
                let mut quotes = 0;
                for number in 0..calls {
                    let call = call(&mut draws, quotes);
                    // Some requests are sent twice, by whoever is first: the second gets the first answer.
                    let id = (draws.below(5) == 0).then(|| format!("{caller}-{number}"));
                    let Ok(quoted) = really(&engine, &call, id.clone()) else { continue };
                    if id.is_some() {
                        let again = really(&engine, &call, id).unwrap();
                        assert_eq!((&again.event, &again.head), (&quoted.event, &quoted.head));
                    }
                    quotes = quotes.max(quoted.head.number.0);
                    all.lock().unwrap().push((quoted.event.position, call, quoted.event));
                }
            });
        }
    });
    let mut all = std::mem::take(&mut *all.lock().unwrap());
    let synced = world.engine().store().commits_synced() - syncs;
    let done = u64::try_from(all.len()).unwrap();
    assert!(synced <= done && synced * 64 >= done, "{done} answers in {synced} syncs");
    all.sort_by_key(|(position, ..)| *position);
    let mut paper = Paper::default();
    let begins = Instant::parse(BEGINS).unwrap().0;
    for (position, call, event) in &all {
        let noted = paper.note(call, begins);
        let told = Some((event.quote.0, event.state, event.revision));
        assert_eq!(told, noted, "position {}: {call:?}", position.0);
    }
    compare(world.engine(), &paper, begins);
    let (told, _) = world.engine().quote_events(&boss(), SequenceNo(0), None).unwrap();
    let first: Vec<&Event> = all.iter().map(|(.., event)| event).take(told.len()).collect();
    assert_eq!(told.iter().map(|(event, _)| event).collect::<Vec<_>>(), first, "what a watcher is told");
    println!("{CALLERS} callers at once, {done} calls done in {synced} syncs");
}
