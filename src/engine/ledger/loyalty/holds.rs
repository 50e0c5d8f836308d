//! How are points held, released, spent and given back? By the caller's ids, each once.

use crate::domain::contract::Contract;
use crate::domain::day::CivilDay;
use crate::domain::decimal::{MAX_WHOLE, MILLION, Micros};
use crate::domain::ids::check_external_id;
use crate::domain::time::Instant;
use crate::engine::Engine;
use crate::engine::caller::{Caller, Role};
use crate::engine::error::{LedgerError, PriceError};
use crate::engine::ledger::latest_day;
use crate::engine::ledger::positions::Purchased;
use crate::engine::ledger::records::stored;
use crate::engine::rows::Reach;
use crate::engine::view::View;
use crate::policy::compiled::PointsNo;

use super::book::{KnownId, Moved, id_key};
use super::desk::{Act, PointsAsk};
use super::refusal::PointsRefusal;

/// Points that are to be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoldPoints<'a> {
    /// The caller's id of the hold.
    pub id: &'a str,
    /// External id of the contract.
    pub contract: &'a str,
    /// The programme's id.
    pub programme: &'a str,
    /// How many.
    pub points: Micros,
    /// On which day they are taken; today on the wall of the contract's zone where absent.
    pub day: Option<CivilDay>,
}

/// Points that are to be given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestorePoints<'a> {
    /// The caller's id of this.
    pub id: &'a str,
    /// The hold that was spent.
    pub hold: &'a str,
    /// How many.
    pub points: Micros,
    /// On which day; today where absent.
    pub day: Option<CivilDay>,
}

impl Engine {
    /// Holds points, so that nobody else spends them. The same hold again changes nothing and gets its first answer. Returns once
    /// it is durable and seen by every later request.
    ///
    /// # Errors
    /// Where the caller may not, the contract is unknown, the points are not there, or it could not be committed.
    pub fn hold_points(&self, caller: &Caller, asked: HoldPoints<'_>) -> Result<Moved, LedgerError> {
        caller.require(Role::Post)?;
        check_id(asked.id)?;
        check_points(asked.points)?;
        let view = self.view();
        let unknown = || PriceError::UnknownContract { contract: asked.contract.to_owned() };
        let contract = caller.contract(&view.catalogue, asked.contract).ok_or_else(unknown)?;
        let day = day_of((&view, self.clock.now()), contract, asked.day)?;
        self.read_ahead(&view, contract, (asked.programme, day))?;
        let (programme, points) = (asked.programme.to_owned(), asked.points);
        let act = Act::Hold { programme, points, day, day_stated: asked.day.is_some() };
        self.move_points(PointsAsk { contract: contract.id, hold: asked.id.to_owned(), act })
    }

    /// Gives a hold up.
    ///
    /// # Errors
    /// Where the caller may not, the hold is unknown or was spent, or it could not be committed.
    pub fn release_points(&self, caller: &Caller, hold: &str) -> Result<Moved, LedgerError> {
        caller.require(Role::Post)?;
        let (known, _) = self.known_hold(caller, hold)?;
        self.move_points(PointsAsk { contract: known.contract, hold: known.hold, act: Act::Release })
    }

    /// Spends what is held, perhaps on a document.
    ///
    /// # Errors
    /// Where the caller may not, the hold is unknown or was released, or it could not be committed.
    pub fn spend_points(
        &self,
        caller: &Caller,
        hold: &str,
        document: Option<&str>,
    ) -> Result<Moved, LedgerError> {
        caller.require(Role::Post)?;
        if let Some(document) = document {
            check_id(document)?;
        }
        let (known, _) = self.known_hold(caller, hold)?;
        let act = Act::Spend { document: document.map(str::to_owned) };
        self.move_points(PointsAsk { contract: known.contract, hold: known.hold, act })
    }

    /// Gives points back that were spent, as when the goods came back: into the lots that they were taken of.
    ///
    /// # Errors
    /// Where the caller may not, the hold is unknown or was not spent, more is given back than was spent, or it could not be
    /// committed.
    pub fn restore_points(&self, caller: &Caller, asked: RestorePoints<'_>) -> Result<Moved, LedgerError> {
        caller.require(Role::Post)?;
        check_id(asked.id)?;
        check_points(asked.points)?;
        let (known, view) = self.known_hold(caller, asked.hold)?;
        let unknown = || PointsRefusal::UnknownHold { id: asked.hold.to_owned() };
        let contract = view.catalogue.contract(known.contract).ok_or_else(unknown)?;
        let day = day_of((&view, self.clock.now()), contract, asked.day)?;
        let (id, points) = (asked.id.to_owned(), asked.points);
        let act = Act::Restore { id, points, day, day_stated: asked.day.is_some() };
        self.move_points(PointsAsk { contract: known.contract, hold: known.hold, act })
    }

    /// Reads what the writer will ask for, so that it need not wait for the disk.
    fn read_ahead(
        &self,
        view: &View,
        contract: &Contract,
        (programme, day): (&str, CivilDay),
    ) -> Result<(), LedgerError> {
        let policy = &view.policy.0;
        let Some(program) = policy.program_in_force(contract, &view.catalogue) else { return Ok(()) };
        let is_named =
            |number: &&PointsNo| policy.points_written(**number).is_some_and(|of| of.id == programme);
        let Some(number) = program.points.iter().find(is_named) else { return Ok(()) };
        let (store, latest, reach) = (&self.store, view.position, Reach::Disk);
        let purchased = Purchased { store, view, contract, program: &program, latest, reach };
        purchased.points(*number, day)?;
        Ok(())
    }

    fn move_points(&self, asked: PointsAsk) -> Result<Moved, LedgerError> {
        Ok(self.writer.move_points(asked)??)
    }

    /// What is known of a hold. What the caller may not know of is as unknown as what is not there.
    fn known_hold(&self, caller: &Caller, id: &str) -> Result<(KnownId, std::sync::Arc<View>), LedgerError> {
        let unknown = || PointsRefusal::UnknownHold { id: id.to_owned() };
        let known: KnownId = stored(&self.store, &id_key(id))?.ok_or_else(unknown)?;
        let view = self.view();
        let contract = view.catalogue.contract(known.contract).ok_or_else(unknown)?;
        if known.hold != id || !caller.may_see(contract, &view.catalogue) {
            return Err(unknown().into());
        }
        Ok((known, view))
    }
}

fn check_id(id: &str) -> Result<(), PointsRefusal> {
    check_external_id(id).map_err(|why| PointsRefusal::BadId { id: id.to_owned(), why: why.to_string() })
}

fn check_points(points: Micros) -> Result<(), PointsRefusal> {
    if points <= Micros::ZERO {
        return Err(PointsRefusal::NotPositive { points });
    }
    if points.0 / MILLION > MAX_WHOLE {
        return Err(PointsRefusal::TooLarge { points });
    }
    Ok(())
}

/// The day stated, no later than tomorrow; else today on the wall of the contract's zone.
fn day_of(
    (view, now): (&View, Instant),
    contract: &Contract,
    stated: Option<CivilDay>,
) -> Result<CivilDay, LedgerError> {
    let latest = latest_day(now);
    match stated {
        Some(day) if day > latest => {
            let (day, latest) = (day.to_string(), latest.to_string());
            Err(PointsRefusal::InTheFuture { day, latest }.into())
        }
        Some(day) => Ok(day),
        None => {
            let unknown = || PriceError::UnknownZone { zone: contract.zone.clone() };
            let zone = view.zone(&contract.zone).ok_or_else(unknown)?;
            let civil = now.civil_in(zone).map_err(|_| PriceError::InstantOutOfRange)?;
            Ok(CivilDay::of(civil))
        }
    }
}
