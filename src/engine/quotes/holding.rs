//! What does an open quote keep for itself? The points that its cart takes, and what it uses of limited benefits: nobody else is
//! promised the same. A quote and what it keeps are one command: all of it is written, or nothing.

use crate::domain::day::CivilDay;
use crate::engine::error::{PriceError, WriteError};
use crate::engine::ledger::limited::desk::LimitDesk;
use crate::engine::ledger::loyalty::desk::{Act, PointsAsk, PointsDesk};
use crate::engine::view::View;
use crate::ledger::document::RuleUse;
use crate::quotes::content::Content;
use crate::quotes::event::{Change, Event, Head, Held, HeldPoints, HeldUse};
use crate::quotes::life::State;
use crate::store::{Batch, Store};

use super::records::QuoteChange;
use super::refusal::QuoteRefusal;
use super::underway::UnderwayDesk;

/// Who keeps points, limits and what is to be shipped, on the writer's thread.
pub(in crate::engine) struct Holders<'h> {
    pub(in crate::engine) limits: &'h mut LimitDesk,
    pub(in crate::engine) points: &'h mut PointsDesk,
    pub(in crate::engine) underway: &'h mut UnderwayDesk,
}

/// What they had at hand, to be put back where a quote can't have all that it takes.
pub(super) type AtHand = (LimitDesk, PointsDesk, UnderwayDesk);

/// What a quote keeps after an event, where that differs from what it kept before.
pub(super) fn held_after(event: &Event, before: Option<&Head>, content: Option<&Content>) -> Option<Held> {
    let kept = before.map(|head| head.held.clone()).unwrap_or_default();
    let after = match event.change {
        // What was accepted is kept until it is shipped and paid.
        Change::Accepted { .. } => return None,
        _ if before.is_some_and(|head| !head.accepted.is_empty()) => return None,
        _ if !matches!(event.state, State::WaitingForApproval | State::Issued) => Held::default(),
        _ if kept.revision == event.revision => return None,
        _ => content.map(|content| wanted(event, content)).unwrap_or_default(),
    };
    (after.keeps_something() || kept.keeps_something()).then_some(after)
}

/// May a quote begin to keep something by this change, so that its content must be looked at?
pub(super) fn may_begin(change: &QuoteChange, before: Option<&Head>) -> bool {
    let begins = matches!(change.event.change, Change::Issued | Change::Approved);
    let kept = before.map_or(0, |head| head.held.revision);
    change.content.is_none() && begins && kept != change.event.revision
}

fn wanted(event: &Event, content: &Content) -> Held {
    let points = (0..).zip(&content.points).map(|(place, (programme, points))| HeldPoints {
        // An id is used once: that of the event is never used by another.
        hold: format!("{}.{}.{place}", event.quote, event.number),
        programme: programme.clone(),
        points: *points,
    });
    let points: Vec<HeldPoints> = points.collect();
    Held { revision: event.revision, points, uses: content.uses.clone() }
}

impl Holders<'_> {
    pub(super) fn clone_all(&self) -> AtHand {
        (self.limits.clone(), self.points.clone(), self.underway.clone())
    }

    pub(super) fn restore(&mut self, at_hand: AtHand) {
        (*self.limits, *self.points, *self.underway) = at_hand;
    }

    /// Gives up what was kept, and keeps what is to be. Where it is refused, what was written so far must be taken back.
    pub(super) fn keep(
        &mut self,
        (store, view, batch): (&Store, &mut View, &mut Batch),
        change: &QuoteChange,
        before: &Held,
    ) -> Result<Result<(), QuoteRefusal>, WriteError> {
        let (contract, number) = (change.head.contract, change.head.number.to_string());
        let after = &change.head.held;
        for old in &before.points {
            let asked = PointsAsk { contract, hold: old.hold.clone(), act: Act::Release };
            // Somebody may have spent it, or given it up: then it is not kept any more either.
            drop(self.points.take(store, view, asked, batch)?);
        }
        if before.uses != after.uses {
            let one = |of: &HeldUse| RuleUse { rule: of.rule.clone(), used: of.used };
            let mut uses: Vec<RuleUse> = after.uses.iter().map(one).collect();
            uses.sort_by(|a, b| a.rule.cmp(&b.rule));
            if let Err(refusal) = self.limits.set(store, view, (contract, &number, uses), batch)? {
                return Ok(Err(refusal.into()));
            }
        }
        if after.points.is_empty() {
            return Ok(Ok(()));
        }
        let day = today(view, change)?;
        for new in &after.points {
            let (programme, points) = (new.programme.clone(), new.points);
            let act = Act::Hold { programme, points, day, day_stated: true };
            let asked = PointsAsk { contract, hold: new.hold.clone(), act };
            if let Err(refusal) = self.points.take(store, view, asked, batch)? {
                return Ok(Err(refusal.into()));
            }
        }
        Ok(Ok(()))
    }
}

/// The day of a change on the wall of its contract's zone.
fn today(view: &View, change: &QuoteChange) -> Result<CivilDay, WriteError> {
    let contract = view.catalogue.contract(change.head.contract);
    let zone = contract.and_then(|contract| view.zone(&contract.zone));
    let civil = zone.and_then(|zone| change.event.at.civil_in(zone).ok());
    Ok(CivilDay::of(civil.ok_or(PriceError::InstantOutOfRange)?))
}
