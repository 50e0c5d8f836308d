//! What does a rule of the cart do? Its benefit is worked out over all its lines, rounded once, and spread. (Rules M4, R5.)

use std::collections::BTreeSet;

use crate::domain::decimal::Micros;
use crate::domain::exact::Exact;
use crate::domain::spread::{Claim, spread};
use crate::policy::RuleNo;
use crate::policy::compiled::{CompiledBenefit, CompiledRule, PercentBase};
use crate::policy::syntax::{BenefitKind, RuleLayer};
use crate::pricing::asking::Trouble;
use crate::pricing::cart::LineNotice;
use crate::pricing::losers::RuleLoss;
use crate::pricing::waterfall::Cause;

use super::cart::{Line, Miss};
use super::ladder::Held;
use super::of_line::{Work, layer_of};
use super::running::Running;
use super::totals::Share;
use super::trace::Trace;

/// What a rule of the cart would give.
#[derive(Debug)]
struct Plan {
    number: RuleNo,
    total: Exact,
    shares: Vec<Share>,
    lost: Option<Exact>,
}

impl Work<'_, '_> {
    /// Lets a rule of the cart have its turn, or the exclusive group whose first rule it is; `done` are those that had it.
    pub(in crate::pricing) fn run_cart<T: Trace>(
        &mut self,
        lines: &mut [Line<'_>],
        number: RuleNo,
        (cart_rules, done): (&[RuleNo], &mut BTreeSet<RuleNo>),
        trace: &mut T,
    ) -> Result<(), Trouble> {
        if done.contains(&number) {
            return Ok(());
        }
        if self.cart.policy.compiled(number).is_some_and(CompiledRule::gives_on_top) {
            done.insert(number);
            return self.give_on_top(lines, number, trace);
        }
        let group = self.cart.policy.compiled(number).and_then(|rule| rule.exclusive);
        let in_group = |other: &RuleNo| {
            *other == number
                || group.is_some()
                    && self.cart.policy.compiled(*other).and_then(|rule| rule.exclusive) == group
        };
        let members: Vec<RuleNo> = cart_rules.iter().copied().filter(in_group).collect();
        let mut plans: Vec<Plan> = Vec::with_capacity(members.len());
        for member in members {
            done.insert(member);
            plans.extend(self.plan(lines, member, trace)?);
        }
        let Some(best) = (0..plans.len()).reduce(|best, other| {
            let total = |at: usize| plans.get(at).map(|plan| &plan.total);
            let more = total(other).zip(total(best)).is_some_and(|(other, best)| other.compare(best).is_gt());
            if more { other } else { best }
        }) else {
            return Ok(());
        };
        let best = plans.swap_remove(best);
        for plan in &plans {
            for line in plan.shares.iter().filter_map(|share| lines.get(share.at)) {
                line.lose(plan.number, RuleLoss::Beaten { by: best.number }, trace);
            }
        }
        self.carry_out(lines, &best, trace)
    }

    /// Adds goods on top of an order, of which there is a limit: for so many carts.
    fn give_on_top<T: Trace>(
        &mut self,
        lines: &mut [Line<'_>],
        number: RuleNo,
        trace: &mut T,
    ) -> Result<(), Trouble> {
        let Some(rule) = self.cart.policy.compiled(number) else { return Ok(()) };
        let left = rule.limit.as_ref().map(|limit| self.cart.before.left(number, limit));
        let used_up =
            left.is_some_and(|left| left.is_none_or(|left| left.compare(&Exact::from(Micros::ONE)).is_lt()));
        let mut gives = false;
        for at in 0..lines.len() {
            let Some(line) = lines.get(at).filter(|line| !line.overflowed && line.rules.contains(&number))
            else {
                continue;
            };
            let gain = match line.stopped {
                Some(by) => Err(Miss::Lost(RuleLoss::Stopped { by })),
                None if used_up => Err(Miss::Lost(RuleLoss::LimitUsedUp)),
                None => self.attempt(lines, line, (number, rule)),
            };
            let Some(line) = lines.get_mut(at) else { continue };
            match gain {
                Ok(gain) => {
                    gives = true;
                    self.apply(line, number, gain, trace)?;
                }
                Err(Miss::Lost(reason)) => line.lose(number, reason, trace),
                Err(Miss::Trouble(Trouble::Number)) => line.overflowed = true,
                Err(Miss::Trouble(rows)) => return Err(rows),
            }
        }
        if gives {
            self.use_up((number, rule), (Micros::ZERO, &Exact::ZERO))?;
        }
        Ok(())
    }

    /// What a rule would give over its lines; none where it gives nothing.
    fn plan<T: Trace>(
        &mut self,
        lines: &mut [Line<'_>],
        number: RuleNo,
        trace: &mut T,
    ) -> Result<Option<Plan>, Trouble> {
        let Some(rule) = self.cart.policy.compiled(number) else { return Ok(None) };
        let mut shares = Vec::new();
        let mut overflowed = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            if line.overflowed || !line.rules.contains(&number) {
                continue;
            }
            if let Some(by) = line.stopped {
                line.lose(number, RuleLoss::Stopped { by }, trace);
                continue;
            }
            let share = self.share(lines, (at, line), (number, rule));
            match share {
                Ok(share) => shares.push(share),
                Err(Miss::Lost(reason)) => line.lose(number, reason, trace),
                Err(Miss::Trouble(Trouble::Number)) => overflowed.push(at),
                Err(Miss::Trouble(rows)) => return Err(rows),
            }
        }
        for at in overflowed {
            if let Some(line) = lines.get_mut(at) {
                line.overflowed = true;
            }
        }
        match self.total(lines, (number, rule), &mut shares) {
            Ok((total, lost)) => Ok(Some(Plan { number, total, shares, lost })),
            Err(Miss::Lost(reason)) => {
                for line in shares.iter().filter_map(|share| lines.get(share.at)) {
                    line.lose(number, reason, trace);
                }
                Ok(None)
            }
            Err(Miss::Trouble(trouble)) => Err(trouble),
        }
    }

    /// What a rule would give a line by itself; of a lump for the cart, the whole lump, to be divided.
    fn share(
        &mut self,
        lines: &[Line<'_>],
        (at, line): (usize, &Line<'_>),
        (number, rule): (RuleNo, &CompiledRule),
    ) -> Result<Share, Miss> {
        if rule.base == PercentBase::List && line.list.is_none() {
            return Err(Miss::Lost(RuleLoss::NoListPrice));
        }
        let running = line.rounded_amount(self.cart.coins)?;
        if rule.kind == BenefitKind::PerCart {
            let Held::Whole(tier) = self.held(lines, line, (number, rule))? else {
                return Err(Miss::Lost(RuleLoss::Nothing));
            };
            let tier = rule.tiers.get(tier).ok_or(Miss::Lost(RuleLoss::Nothing))?;
            if !running.is_positive() {
                return Err(Miss::Lost(RuleLoss::Nothing));
            }
            let CompiledBenefit::PerCart(amount) = tier.benefit else {
                return Err(Miss::Lost(RuleLoss::Nothing));
            };
            let (weight, rate) = (Exact::from(amount), tier.rate);
            return Ok(Share::new(at, running, weight, (None, rate)));
        }
        if let Some(percent) = rule.plain_percent_of_cart() {
            // What `attempt` comes to for such a rule, without its detours.
            let weight = running.times(percent);
            if !weight.is_positive() {
                return Err(Miss::Lost(RuleLoss::Nothing));
            }
            let rate = rule.tiers.first().map_or(Micros::ZERO, |tier| tier.rate);
            let taken_of = Some(running.clone());
            return Ok(Share::new(at, running, weight, (taken_of, rate)));
        }
        let gain = self.attempt(lines, line, (number, rule))?;
        let weight = gain.by.amount(&line.quantity);
        if !weight.is_positive() {
            return Err(Miss::Lost(RuleLoss::Nothing));
        }
        Ok(Share { lost: gain.lost, ..Share::new(at, running, weight, (gain.taken_of, gain.rate)) })
    }

    fn carry_out<T: Trace>(
        &mut self,
        lines: &mut [Line<'_>],
        plan: &Plan,
        trace: &mut T,
    ) -> Result<(), Trouble> {
        let Some(rule) = self.cart.policy.compiled(plan.number) else { return Ok(()) };
        let coins = self.cart.coins;
        let total = coins.amount(&plan.total)?;
        let claims: Vec<Claim<'_>> = plan
            .shares
            .iter()
            .filter_map(|share| {
                let line = lines.get(share.at)?;
                Some(Claim { weight: share.weight.clone(), id: line.id, position: line.position })
            })
            .collect();
        let parts = spread(total, coins.amount_step, &claims)?;
        drop(claims);
        let mut of_limit = Exact::ZERO;
        let mut gives = false;
        for (share, part) in plan.shares.iter().zip(parts) {
            let Some(line) = lines.get_mut(share.at) else { continue };
            if part == Micros::ZERO {
                line.lose(plan.number, RuleLoss::Nothing, trace);
                continue;
            }
            gives = true;
            if rule.limit.is_some() {
                of_limit = of_limit.plus(&share.of_limit);
            }
            let before = if T::LISTENS { line.amount() } else { Exact::ZERO };
            let (from, part) = (&share.running, Exact::money(part));
            let amount =
                if rule.layer == RuleLayer::Surcharge { from.plus(&part) } else { from.minus(&part) };
            line.running = Running::Amount(if amount.is_negative() { Exact::ZERO } else { amount });
            let told = (layer_of(rule.layer), Cause::Rule(plan.number), rule.present);
            line.tell(coins, told, &before, (share.taken_of.as_ref(), share.rate), trace)?;
            if rule.stop {
                line.stopped = Some(plan.number);
            }
            line.gave(self.cart, plan.number, trace);
        }
        if gives {
            self.use_up((plan.number, rule), (total, &of_limit))?;
        }
        let given = plan.shares.iter().filter_map(|share| lines.get(share.at));
        if let Some(lost) = &plan.lost
            && let Some(line) = given.min_by_key(|line| (line.id, line.position))
        {
            let notice = LineNotice::Lost { rule: plan.number, amount: coins.amount(lost)? };
            self.notices.push((line.position, notice));
        }
        Ok(())
    }
}
