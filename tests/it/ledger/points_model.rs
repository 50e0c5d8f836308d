//! Are points those of a model that goes from day to day and remembers nothing but what is there?

use quoin::domain::day::CivilDay;
use quoin::ledger::points::{Balance, Earned, Taking, Terms, balance};

use crate::effort::{self, Draws};

/// Points that were earned on one day.
struct Lot {
    day: CivilDay,
    left: i128,
    spendable: bool,
}

/// The day after day of the rules, as a clerk would do it.
fn model(terms: Terms, earned: &[Earned], takings: &[Taking], last: CivilDay) -> Balance {
    let mut lots: Vec<Lot> = Vec::new();
    let mut out = Balance::default();
    let first = earned.iter().map(|one| one.day).chain(takings.iter().map(|one| one.day)).min();
    let mut day = first.unwrap_or(last);
    while day <= last {
        for lot in &mut lots {
            let expires = terms.expire_months.map(|months| lot.day.plus_months(i32::from(months)));
            if expires == Some(day) && lot.left > 0 {
                out.expired += lot.left;
                match out.expiries.last_mut() {
                    Some((of, points)) if *of == day => *points += lot.left,
                    _ => out.expiries.push((day, lot.left)),
                }
                lot.left = 0;
            }
        }
        let net: i128 = earned.iter().filter(|one| one.day == day).map(|one| one.points).sum();
        out.earned += net;
        if net > 0 {
            lots.push(Lot { day, left: net, spendable: false });
        }
        for lot in &mut lots {
            if lot.day.plus(i32::from(terms.pending_days)) == day {
                lot.spendable = true;
                let paid = lot.left.min(out.owed);
                lot.left -= paid;
                out.owed -= paid;
            }
        }
        let take = |lots: &mut Vec<Lot>, mut points: i128| {
            // A point at a time: the lot of the earliest day that has one.
            while points > 0 {
                let oldest =
                    lots.iter_mut().filter(|lot| lot.spendable && lot.left > 0).min_by_key(|lot| lot.day);
                let Some(lot) = oldest else { break };
                lot.left -= 1;
                points -= 1;
            }
            points
        };
        if net < 0 {
            out.owed += take(&mut lots, -net);
        }
        let mut today: Vec<&Taking> = takings.iter().filter(|one| one.day == day).collect();
        today.sort_by(|a, b| a.id.cmp(&b.id));
        for taking in today {
            let lacking = take(&mut lots, taking.points);
            out.uncovered += lacking;
            out.owed += lacking;
            *if taking.spent { &mut out.spent } else { &mut out.held } += taking.points;
        }
        day = day.plus(1);
    }
    for lot in lots.iter().filter(|lot| lot.left > 0) {
        *if lot.spendable { &mut out.spendable } else { &mut out.pending } += lot.left;
        if let Some(months) = terms.expire_months {
            let expires = lot.day.plus_months(i32::from(months));
            match out.expiring.last_mut() {
                Some((of, points)) if *of == expires => *points += lot.left,
                _ => out.expiring.push((expires, lot.left)),
            }
        }
    }
    out
}

#[test]
fn points_are_those_of_a_clerk_who_goes_from_day_to_day() {
    let mut draws = Draws::new(31);
    let (mut owed, mut expired, mut uncovered) = (0, 0, 0);
    let rounds = effort::count(20_000);
    for round in 0..rounds {
        let below = |draws: &mut Draws, end: usize| i32::try_from(draws.below(end)).unwrap();
        let start = CivilDay::parse("2024-01-20").unwrap();
        let terms = Terms {
            pending_days: u16::try_from(draws.below(3) * draws.below(15)).unwrap(),
            expire_months: (draws.below(4) > 0).then(|| u16::try_from(1 + draws.below(3)).unwrap()),
        };
        let mut earned: Vec<Earned> = (0..draws.below(12))
            .map(|number| Earned {
                day: start.plus(below(&mut draws, 90)),
                document: number.to_string(),
                points: i128::from(below(&mut draws, 40)) - 10,
            })
            .collect();
        let mut takings: Vec<Taking> = (0..draws.below(6))
            .map(|number| Taking {
                id: number.to_string(),
                day: start.plus(below(&mut draws, 120)),
                points: i128::from(below(&mut draws, 30)),
                spent: draws.below(2) == 0,
            })
            .collect();
        let day = start.plus(below(&mut draws, 200));
        let found = balance(terms, &earned, &takings, day);
        let expected = model(terms, &earned, &takings, day);
        assert_eq!(found, expected, "round {round}: {terms:?} {earned:?} {takings:?} {day}");
        let known = found.spendable + found.pending + found.held + found.spent + found.expired - found.owed;
        assert_eq!(found.earned, known, "{found:?}");
        // In whatever order they are told.
        draws.shuffle(&mut earned);
        draws.shuffle(&mut takings);
        assert_eq!(balance(terms, &earned, &takings, day), expected);
        owed += u32::from(found.owed > 0);
        expired += u32::from(found.expired > 0);
        uncovered += u32::from(found.uncovered > 0);
    }
    println!(
        "{rounds} histories, {owed} with a debt, {expired} with expired points, {uncovered} with holds uncovered"
    );
    assert!(owed > 0 && expired > 0 && uncovered > 0);
}
