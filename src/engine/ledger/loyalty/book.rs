//! What was done with a contract's points? Its holds and what became of each, folded from moves in their order.
//!
//! ```text
//! documents:  20 | the caller's id                 ->  format u8 | postcard of KnownId
//!             21 | contract u32 | position u64      ->  format u8 | postcard of PointsMove
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::day::CivilDay;
use crate::domain::decimal::Micros;
use crate::domain::ids::{ContractId, SequenceNo};
use crate::domain::time::Instant;
use crate::engine::error::RecordError;
use crate::engine::records::{damaged, unpack};
use crate::ledger::points::Taking;
use crate::store::{Family, Store};

/// What was answered when something was done with points, or with a hold of limits; the same command gets the same answer whenever it
/// comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Its place in the command log.
    pub position: SequenceNo,
    /// Command time.
    pub at: Instant,
}

/// What was done with points, as the command log says it and the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointsMove {
    /// Whose points.
    pub contract: ContractId,
    /// The hold.
    pub hold: String,
    /// What was done with it.
    pub act: PointsAct,
    /// What was answered.
    pub moved: Moved,
}

/// What is done with points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PointsAct {
    /// Points are held.
    Held {
        /// Of which programme, by id.
        programme: String,
        /// How many.
        points: Micros,
        /// On which day they are taken.
        day: CivilDay,
    },
    /// The hold is given up.
    Released,
    /// What is held is spent.
    Spent {
        /// On which document, where that was stated.
        document: Option<String>,
    },
    /// Points that were spent are given back.
    Restored {
        /// The caller's id of that.
        id: String,
        /// How many.
        points: Micros,
        /// On which day.
        day: CivilDay,
    },
}

/// What became of a hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engine) enum HoldState {
    Open,
    Released(Moved),
    Spent { document: Option<String>, moved: Moved },
}

/// Points that were given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engine) struct Restored {
    pub(in crate::engine) id: String,
    pub(in crate::engine) points: Micros,
    pub(in crate::engine) day: CivilDay,
    pub(in crate::engine) moved: Moved,
}

/// A hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engine) struct Hold {
    pub(in crate::engine) programme: String,
    pub(in crate::engine) points: Micros,
    pub(in crate::engine) day: CivilDay,
    pub(in crate::engine) moved: Moved,
    pub(in crate::engine) state: HoldState,
    pub(in crate::engine) restored: Vec<Restored>,
}

/// A contract's holds, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::engine) struct Book(pub(in crate::engine) BTreeMap<String, Hold>);

impl Hold {
    /// What is left of what it took, as of a day: less what was given back by then.
    fn left(&self, day: CivilDay) -> i128 {
        let back = self.restored.iter().filter(|restored| restored.day <= day);
        i128::from(self.points.0) - back.map(|restored| i128::from(restored.points.0)).sum::<i128>()
    }
}

impl Book {
    /// Folds a move into it.
    pub(in crate::engine) fn note(&mut self, made: &PointsMove) {
        let moved = made.moved;
        if let PointsAct::Held { programme, points, day } = &made.act {
            let (programme, state) = (programme.clone(), HoldState::Open);
            let hold = Hold { programme, points: *points, day: *day, moved, state, restored: Vec::new() };
            self.0.insert(made.hold.clone(), hold);
            return;
        }
        let Some(hold) = self.0.get_mut(&made.hold) else { return };
        match &made.act {
            PointsAct::Held { .. } => {}
            PointsAct::Released => hold.state = HoldState::Released(moved),
            PointsAct::Spent { document } => {
                hold.state = HoldState::Spent { document: document.clone(), moved };
            }
            PointsAct::Restored { id, points, day } => {
                hold.restored.push(Restored { id: id.clone(), points: *points, day: *day, moved });
            }
        }
    }

    /// What holds took of a programme's points and is not given back as of a day. A hold takes on its own day, also where it
    /// is spent later, so that what is held does not expire.
    pub(in crate::engine) fn takings(&self, programme: &str, day: CivilDay) -> Vec<Taking> {
        let of_programme = self
            .0
            .iter()
            .filter(|(_, hold)| hold.programme == programme && !matches!(hold.state, HoldState::Released(_)));
        let taking = |(id, hold): (&String, &Hold)| Taking {
            id: id.clone(),
            day: hold.day,
            points: hold.left(day),
            spent: matches!(hold.state, HoldState::Spent { .. }),
        };
        of_programme.map(taking).collect()
    }
}

/// For what a caller's id stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct KnownId {
    pub(in crate::engine) contract: ContractId,
    /// The hold: its own id, or that of the hold of which points were given back.
    pub(in crate::engine) hold: String,
}

/// The key of what a caller's id stands for.
pub(in crate::engine) fn id_key(id: &str) -> Vec<u8> {
    [&[20], id.as_bytes()].concat()
}

/// The key of a move.
pub(in crate::engine) fn move_key(contract: ContractId, position: SequenceNo) -> Vec<u8> {
    [&[21][..], &contract.0.to_be_bytes(), &position.0.to_be_bytes()].concat()
}

/// A contract's book as of a position.
pub(in crate::engine) fn read_book(
    store: &Store,
    contract: ContractId,
    upto: SequenceNo,
) -> Result<Book, RecordError> {
    let mut book = Book::default();
    let prefix = [&[21][..], &contract.0.to_be_bytes()].concat();
    let mut scan = store.scan(Family::Documents, &prefix)?;
    while let Some((_, bytes)) = scan.step()? {
        let made: PointsMove = unpack(bytes).ok_or_else(|| damaged("of points"))?;
        // In the order of positions.
        if made.moved.position > upto {
            break;
        }
        book.note(&made);
    }
    Ok(book)
}
