//! What do rules of the line do to a line, one after another?

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::domain::exact::Exact;
use crate::matrix::cells::CellBuffer;
use crate::policy::RuleNo;
use crate::policy::compiled::{CompiledRule, Fused};
use crate::policy::syntax::RuleLayer;
use crate::pricing::asking::Trouble;
use crate::pricing::cart::{CartUse, LineNotice};
use crate::pricing::losers::RuleLoss;
use crate::pricing::waterfall::{Cause, Layer};

use super::cart::{Cart, Line, Miss, Notices};
use super::conditions::Verdicts;
use super::gain::{Gain, capped, gain};
use super::ladder::{Held, held};
use super::measured::Measures;
use super::running::Running;
use super::services::{is_of_service, lower};
use super::trace::Trace;

/// A rule that a line's list of rules no longer has, because its exclusive group had its turn.
const SPENT: RuleNo = RuleNo(u32::MAX);

/// What the layers work with, beside the lines.
pub(in crate::pricing) struct Work<'w, 'a> {
    pub(in crate::pricing) cart: &'w Cart<'a>,
    pub(in crate::pricing) measures: Measures,
    pub(in crate::pricing) verdicts: Verdicts,
    /// What holds of the ladders over more than a line, of the layer at work.
    pub(in crate::pricing) held: HashMap<RuleNo, Result<Held, RuleLoss>, FixedState>,
    pub(in crate::pricing) cells: CellBuffer,
    pub(in crate::pricing) notices: Notices,
    /// What was used of limited benefits so far.
    pub(in crate::pricing) uses: Vec<CartUse>,
}

impl Work<'_, '_> {
    /// What of a rule's ladder holds for a line.
    pub(in crate::pricing) fn held(
        &mut self,
        lines: &[Line<'_>],
        line: &Line<'_>,
        (number, rule): (RuleNo, &CompiledRule),
    ) -> Result<Held, Miss> {
        let Some(measure) = rule.measure else { return Ok(Held::Whole(0)) };
        if let Some(known) = self.held.get(&number)
            && self.measures.is_measurable(self.cart, line, measure)
        {
            return known.clone().map_err(Miss::Lost);
        }
        let stand = self.measures.stand(self.cart, lines, line, measure);
        let found = held(rule, &stand.ok_or(Miss::Lost(RuleLoss::NotMeasurable))?)?;
        if !self.cart.policy.measure(measure).is_some_and(|measure| measure.is_of_line()) {
            self.held.insert(number, found.clone());
        }
        found.map_err(Miss::Lost)
    }

    /// What a rule would give a line now.
    pub(in crate::pricing) fn attempt(
        &mut self,
        lines: &[Line<'_>],
        line: &Line<'_>,
        (number, rule): (RuleNo, &CompiledRule),
    ) -> Result<Gain, Miss> {
        let held = self.held(lines, line, (number, rule))?;
        gain(self.cart, line, rule, &held, &mut self.cells)
    }

    /// The same within the line's caps, of a rule of the line.
    fn attempt_capped(
        &mut self,
        lines: &[Line<'_>],
        line: &Line<'_>,
        (number, rule): (RuleNo, &CompiledRule),
    ) -> Result<Gain, Miss> {
        let gain = self.attempt(lines, line, (number, rule))?;
        if gain.on_top.is_some() {
            return Ok(gain);
        }
        let by = capped(self.cart, line, rule, gain.by.clone())?;
        Ok(Gain { by, ..gain })
    }

    /// Lets the line at `at` go through its rules before the turn `until`.
    pub(in crate::pricing) fn run_line<T: Trace>(
        &mut self,
        lines: &mut [Line<'_>],
        at: usize,
        until: Option<(RuleNo, RuleNo)>,
        trace: &mut T,
    ) -> Result<(), Trouble> {
        while let Some(line) = lines.get_mut(at) {
            let Some(number) = line.rules.get(line.next).copied() else { break };
            if number != SPENT
                && until.is_some_and(|until| number == until.1 || self.cart.turn(number) >= until)
            {
                break;
            }
            line.next += 1;
            let Some(rule) = self.cart.policy.compiled(number) else { continue };
            if rule.of_cart || line.overflowed {
                continue;
            }
            if let Some(by) = line.stopped {
                line.lose(number, RuleLoss::Stopped { by }, trace);
                continue;
            }
            let chosen = match rule.exclusive {
                None if is_of_service(rule) => {
                    self.lower_services(lines, at, (number, rule), trace)?;
                    continue;
                }
                None => {
                    let Some(line) = lines.get(at) else { break };
                    match self.attempt_capped(lines, line, (number, rule)) {
                        Ok(gain) => Ok(Some((number, gain))),
                        Err(Miss::Lost(reason)) => {
                            line.lose(number, reason, trace);
                            Ok(None)
                        }
                        Err(Miss::Trouble(trouble)) => Err(trouble),
                    }
                }
                Some(_) => self.best(lines, at, trace),
            };
            let Some(line) = lines.get_mut(at) else { break };
            let applied = chosen.and_then(|chosen| match chosen {
                Some((number, gain)) => self.apply(line, number, gain, trace),
                None => Ok(()),
            });
            match applied {
                Ok(()) => {}
                Err(Trouble::Number) => line.overflowed = true,
                Err(rows) => return Err(rows),
            }
        }
        Ok(())
    }

    /// Takes off at once what the rules of the line at `at` take off that simply take percentages off: what
    /// [`Work::attempt`] and [`Work::apply`] come to for them one after another.
    pub(in crate::pricing) fn take_percentages(
        &mut self,
        lines: &mut [Line<'_>],
        at: usize,
        fused: &Fused,
    ) -> Result<(), Trouble> {
        let Some(line) = lines.get(at) else { return Ok(()) };
        let (mut running, mut overflowed) = (line.running.times(&fused.kept), false);
        for number in &fused.by_ladder {
            let Some(rule) = self.cart.policy.compiled(*number) else { continue };
            match self.held(lines, line, (*number, rule)) {
                Ok(Held::Whole(tier)) => {
                    if let Some(tier) = rule.tiers.get(tier) {
                        running = running.times(&tier.kept);
                    }
                }
                Ok(Held::Shares(_)) | Err(Miss::Lost(_)) => {}
                Err(Miss::Trouble(Trouble::Number)) => overflowed = true,
                Err(Miss::Trouble(rows)) => return Err(rows),
            }
        }
        if let Some(line) = lines.get_mut(at) {
            line.overflowed |= overflowed;
            line.running = running;
            line.next = line.rules.len();
        }
        Ok(())
    }

    /// Lets a rule lower the prices of services of the line at `at`.
    fn lower_services<T: Trace>(
        &mut self,
        lines: &mut [Line<'_>],
        at: usize,
        (number, rule): (RuleNo, &CompiledRule),
        trace: &mut T,
    ) -> Result<(), Trouble> {
        let Some(line) = lines.get(at) else { return Ok(()) };
        let held = self.held(lines, line, (number, rule));
        let Some(line) = lines.get_mut(at) else { return Ok(()) };
        match held.and_then(|held| lower(line, (number, rule), &held)) {
            Ok(()) => {
                line.gave(self.cart, number, trace);
                if rule.stop {
                    line.stopped = Some(number);
                }
            }
            Err(Miss::Lost(reason)) => line.lose(number, reason, trace),
            Err(Miss::Trouble(Trouble::Number)) => line.overflowed = true,
            Err(Miss::Trouble(rows)) => return Err(rows),
        }
        Ok(())
    }

    /// The best of the exclusive group whose first rule has its turn; all of its rules have had theirs then.
    fn best<T: Trace>(
        &mut self,
        lines: &mut [Line<'_>],
        at: usize,
        trace: &mut T,
    ) -> Result<Option<(RuleNo, Gain)>, Trouble> {
        let mut members = Vec::new();
        if let Some(line) = lines.get_mut(at) {
            let group_of = |number: RuleNo| self.cart.policy.compiled(number).and_then(|rule| rule.exclusive);
            let first = line.next.saturating_sub(1);
            let group = line.rules.get(first).and_then(|number| group_of(*number));
            for slot in line.rules.to_mut().iter_mut().skip(first).filter(|slot| group_of(**slot) == group) {
                members.push(std::mem::replace(slot, SPENT));
            }
        }
        let Some(line) = lines.get(at) else { return Ok(None) };
        let mut best: Option<(RuleNo, Gain, Exact)> = None;
        let mut gave = Vec::new();
        for number in members {
            let Some(rule) = self.cart.policy.compiled(number) else { continue };
            match self.attempt_capped(lines, line, (number, rule)) {
                Ok(gain) => {
                    let worth = gain.by.amount(&line.quantity);
                    gave.push(number);
                    if best.as_ref().is_none_or(|(_, _, most)| worth.compare(most).is_gt()) {
                        best = Some((number, gain, worth));
                    }
                }
                Err(Miss::Lost(reason)) => line.lose(number, reason, trace),
                Err(Miss::Trouble(trouble)) => return Err(trouble),
            }
        }
        let Some((by, gain, _)) = best else { return Ok(None) };
        for number in gave.into_iter().filter(|number| *number != by) {
            line.lose(number, RuleLoss::Beaten { by }, trace);
        }
        Ok(Some((by, gain)))
    }

    /// Gives a line what a rule gives it.
    pub(in crate::pricing) fn apply<T: Trace>(
        &mut self,
        line: &mut Line<'_>,
        number: RuleNo,
        gain: Gain,
        trace: &mut T,
    ) -> Result<(), Trouble> {
        let Some(rule) = self.cart.policy.compiled(number) else { return Ok(()) };
        let coins = self.cart.coins;
        let before = if T::LISTENS { line.amount() } else { Exact::ZERO };
        if let Some(on_top) = gain.on_top {
            let (sku, unit, quantity) = (on_top.sku, on_top.unit, on_top.quantity);
            self.notices.push((line.position, LineNotice::FreeGoods { rule: number, sku, unit, quantity }));
        } else {
            let adds = rule.layer == RuleLayer::Surcharge;
            let moved = |from: Exact, by: &Exact| if adds { from.plus(by) } else { from.minus(by) };
            line.running = match (&line.running, &gain.by) {
                (Running::Unit(unit), Running::Unit(by)) => Running::Unit(moved(unit.clone(), by)),
                (_, by) => Running::Amount(moved(line.rounded_amount(coins)?, &by.amount(&line.quantity))),
            };
            let told = (layer_of(rule.layer), Cause::Rule(number), rule.present);
            line.tell(coins, told, &before, (gain.taken_of.as_ref(), gain.rate), trace)?;
        }
        if let Some(lost) = gain.lost {
            let amount = coins.amount(&lost)?;
            self.notices.push((line.position, LineNotice::Lost { rule: number, amount }));
        }
        if rule.stop {
            line.stopped = Some(number);
        }
        line.gave(self.cart, number, trace);
        Ok(())
    }
}

/// The stage of the waterfall that a layer of rules is.
pub(in crate::pricing) fn layer_of(layer: RuleLayer) -> Layer {
    match layer {
        RuleLayer::Contract => Layer::Contract,
        RuleLayer::Volume => Layer::Volume,
        RuleLayer::Order => Layer::Order,
        RuleLayer::Loyalty => Layer::Loyalty,
        RuleLayer::Surcharge => Layer::Surcharge,
    }
}
