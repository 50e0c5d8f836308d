//! Below what must no price fall? (Rules G1 to G4.) Guards trim discounts or ask for approval.

use crate::domain::exact::{Exact, NumberError};
use crate::domain::ids::ListId;
use crate::policy::GuardNo;
use crate::policy::compiled::{CompiledGuard, CompiledTest};
use crate::policy::syntax::{GuardAction, Presentation};
use crate::pricing::asking::Trouble;
use crate::pricing::cart::LineNotice;
use crate::pricing::losers::RuleLoss;
use crate::pricing::waterfall::{Cause, Layer};

use crate::domain::decimal::Micros;

use super::cart::{Line, Miss, unit_cost};
use super::of_line::Work;
use super::prices::price_of;
use super::running::Running;
use super::trace::Trace;

impl Work<'_, '_> {
    /// Holds a line against its guards: those that trim by id, then those that ask for approval.
    pub(in crate::pricing) fn guard<T: Trace>(
        &mut self,
        line: &mut Line<'_>,
        trace: &mut T,
    ) -> Result<(), Trouble> {
        let Some(candidates) = line.applicable.filter(|applicable| !applicable.guards.is_empty()) else {
            return Ok(());
        };
        let mut floors = Vec::new();
        for number in candidates.guards.iter() {
            let Some(guard) = self.cart.policy.compiled_guard(*number).filter(|guard| watches(guard, line))
            else {
                continue;
            };
            if let Some(floor) = self.floor(line, guard)? {
                floors.push((*number, guard.action, floor));
            }
        }
        if floors.is_empty() {
            return Ok(());
        }
        let discounted = line.before_surcharges();
        line.extra.make().discounted = Some(discounted);
        for (number, _, floor) in floors.iter().filter(|(_, action, _)| *action == GuardAction::Clamp) {
            self.clamp(line, *number, floor, trace)?;
        }
        for (number, action, floor) in floors {
            if line.amount().compare(&floor).is_ge() {
                let known = &mut line.extra.make().floor;
                if known.as_ref().is_none_or(|known| floor.compare(known).is_gt()) {
                    *known = Some(floor);
                }
                continue;
            }
            let notice = match action {
                GuardAction::Clamp => LineNotice::BelowFloor { guard: number },
                GuardAction::Approve => LineNotice::NeedsApproval { guard: number },
            };
            self.notices.push((line.position, notice));
        }
        Ok(())
    }

    /// The least amount that a guard lets the goods of a line come to; none where it cannot tell.
    fn floor(&mut self, line: &Line<'_>, guard: &CompiledGuard) -> Result<Option<Exact>, Trouble> {
        Ok(match &guard.test {
            CompiledTest::Cost { list: None, unknown_list: true, .. } => None,
            CompiledTest::Cost { times, list: None, .. } => {
                let Some(cost) = unit_cost(self.cart, line.order.sku) else { return Ok(None) };
                let units = line.order.factor.exact();
                Some(cost.times(&units).times(&line.quantity).times(times))
            }
            CompiledTest::Cost { times, list, .. } => {
                self.listed(line, *list)?.map(|amount| amount.times(times))
            }
            CompiledTest::FloorList(list) => self.listed(line, *list)?,
            CompiledTest::OfContract(share) => Some(line.contract.amount(&line.quantity).times(share)),
            CompiledTest::OfList(share) => {
                line.list.as_ref().map(|(_, list)| list.amount(&line.quantity).times(share))
            }
        })
    }

    fn listed(&mut self, line: &Line<'_>, list: Option<ListId>) -> Result<Option<Exact>, Trouble> {
        match price_of(self.cart, line, list, &mut self.cells) {
            Ok((running, _)) => Ok(Some(running.amount(&line.quantity))),
            Err(Miss::Lost(_)) => Ok(None),
            Err(Miss::Trouble(trouble)) => Err(trouble),
        }
    }

    /// Gives back what is missing of the floor, at most all discounts.
    fn clamp<T: Trace>(
        &mut self,
        line: &mut Line<'_>,
        number: GuardNo,
        floor: &Exact,
        trace: &mut T,
    ) -> Result<(), NumberError> {
        let missing = floor.minus(&line.amount());
        let discounts = discounts(line);
        let back = if missing.compare(&discounts).is_gt() { &discounts } else { &missing };
        if !back.is_positive() {
            return Ok(());
        }
        let before = line.amount();
        line.running = match &line.running {
            Running::Unit(unit) => Running::Unit(unit.plus(&back.over(&line.quantity)?)),
            Running::Amount(amount) => Running::Amount(amount.plus(back)),
        };
        let extra = line.extra.make();
        extra.given_back = extra.given_back.plus(back);
        let told = (Layer::Guard, Cause::Guard(number), Presentation::Discount);
        line.tell(self.cart.coins, told, &before, (None, Micros::ZERO), trace)?;
        self.notices.push((line.position, LineNotice::Clamped { guard: number }));
        if *back == discounts {
            for rule in std::mem::take(&mut line.given) {
                line.lose(rule, RuleLoss::TakenBack { by: number }, trace);
            }
        }
        Ok(())
    }
}

/// Is the guard for lines like this one?
fn watches(guard: &CompiledGuard, line: &Line<'_>) -> bool {
    guard.rules.is_empty() || guard.rules.iter().any(|rule| line.given.contains(rule))
}

/// What discounts of a line are left to give back.
fn discounts(line: &Line<'_>) -> Exact {
    let given = line.contract.amount(&line.quantity).minus(&line.before_surcharges());
    let given = line.extra.get().map_or(given.clone(), |extra| given.minus(&extra.given_back));
    if given.is_negative() { Exact::ZERO } else { given }
}
