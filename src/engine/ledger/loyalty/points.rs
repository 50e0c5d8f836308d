//! How do a contract's points stand, and what moved them?

use std::sync::Arc;

use crate::domain::day::CivilDay;
use crate::domain::time::Instant;
use crate::engine::Engine;
use crate::engine::caller::{Caller, Role};
use crate::engine::error::LedgerError;
use crate::engine::ledger::positions::Purchased;
use crate::engine::pricing::contract_at;
use crate::engine::rows::Reach;
use crate::engine::view::View;
use crate::ledger::points::Balance;
use crate::policy::compiled::PointsNo;

use super::book::HoldState;
use super::reckoned::Reckoned;

/// What moved points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MovementKind {
    /// They expired.
    Expired,
    /// A document earned them, or took them back where they are below zero.
    Earned,
    /// They are held.
    Held,
    /// They were spent.
    Spent,
    /// They were given back.
    Restored,
}

/// What moved points. What is held or spent has a minus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// On which day.
    pub day: CivilDay,
    /// What it was.
    pub kind: MovementKind,
    /// The document, the hold, or the id under which points were given back; empty of what expired.
    pub id: String,
    /// How many, in millionths.
    pub points: i128,
}

/// How a contract's points stand in one programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsStanding {
    /// The programme.
    pub programme: PointsNo,
    /// How they stand at the end of the day.
    pub balance: Balance,
    /// What moved them up to that day, the latest first.
    pub movements: Vec<Movement>,
}

impl Engine {
    /// How a contract's points stand in each of its programmes, at the end of the day of an instant, now where absent; and the view
    /// that the answer is from.
    ///
    /// # Errors
    /// Where the caller may not know, the contract is unknown or does not hold then, a figure does not fit, or records cannot be
    /// read.
    pub fn points(
        &self,
        caller: &Caller,
        contract: &str,
        at: Option<Instant>,
    ) -> Result<(Vec<PointsStanding>, Arc<View>), LedgerError> {
        caller.require(Role::Price)?;
        let view = self.view();
        let (contract, at) = contract_at(&view, caller, contract, at.unwrap_or_else(|| self.clock.now()))?;
        let day = CivilDay::of(at);
        let Some(program) = view.policy.0.program_in_force(contract, &view.catalogue) else {
            return Ok((Vec::new(), Arc::clone(&view)));
        };
        let (latest, reach) = (view.position, Reach::Disk);
        let purchased =
            Purchased { store: &self.store, view: &view, contract, program: &program, latest, reach };
        let mut standings = Vec::with_capacity(program.points.len());
        for number in &program.points {
            let Some(reckoned) = purchased.points(*number, day)? else { continue };
            let balance = reckoned.balance(day);
            let movements = movements(&reckoned, &balance, day);
            standings.push(PointsStanding { programme: *number, balance, movements });
        }
        Ok((standings, Arc::clone(&view)))
    }
}

fn movements(reckoned: &Reckoned, balance: &Balance, day: CivilDay) -> Vec<Movement> {
    let mut movements: Vec<Movement> = Vec::new();
    for earned in &reckoned.earned {
        let (id, points) = (earned.document.clone(), earned.points);
        movements.push(Movement { day: earned.day, kind: MovementKind::Earned, id, points });
    }
    for (of, points) in &balance.expiries {
        let (kind, id) = (MovementKind::Expired, String::new());
        movements.push(Movement { day: *of, kind, id, points: -points });
    }
    let known: Vec<String> = reckoned.takings(day).into_iter().map(|taking| taking.id).collect();
    for (id, hold) in known.iter().filter_map(|id| reckoned.book.0.get_key_value(id)) {
        let kind = match hold.state {
            HoldState::Spent { .. } => MovementKind::Spent,
            HoldState::Open | HoldState::Released(_) => MovementKind::Held,
        };
        let points = -i128::from(hold.points.0);
        movements.push(Movement { day: hold.day, kind, id: id.clone(), points });
        for restored in &hold.restored {
            let (kind, id) = (MovementKind::Restored, restored.id.clone());
            movements.push(Movement { day: restored.day, kind, id, points: i128::from(restored.points.0) });
        }
    }
    movements.retain(|movement| movement.day <= day);
    movements.sort_by(|a, b| (b.day, b.kind, &b.id).cmp(&(a.day, a.kind, &a.id)));
    movements
}
