//! What do the parts of a rule of the cart come to: divided, of complete sets, limited, capped?

use crate::domain::decimal::Micros;
use crate::domain::exact::{Exact, NumberError};
use crate::domain::rounding::RoundingMode;
use crate::policy::RuleNo;
use crate::policy::compiled::{CompiledLimitOf, CompiledRule};
use crate::policy::syntax::{BenefitKind, RuleLayer};
use crate::pricing::cart::CartUse;
use crate::pricing::losers::RuleLoss;

use super::cart::{Line, Miss};
use super::gain::capped;
use super::of_line::Work;
use super::running::Running;

/// One line's part in a plan.
#[derive(Debug)]
pub(super) struct Share {
    /// Its place among the lines.
    pub(super) at: usize,
    /// What it runs at, its unit price rounded.
    pub(super) running: Exact,
    /// What it would have.
    pub(super) weight: Exact,
    /// What of that is lost, because nothing more is there to take it off.
    pub(super) lost: Option<Exact>,
    pub(super) taken_of: Option<Exact>,
    pub(super) rate: Micros,
    /// What of a limited quantity it takes.
    pub(super) of_limit: Exact,
}

impl Share {
    /// Nothing of it is lost or limited.
    pub(super) fn new(
        at: usize,
        running: Exact,
        weight: Exact,
        (taken_of, rate): (Option<Exact>, Micros),
    ) -> Self {
        Self { at, running, weight, lost: None, taken_of, rate, of_limit: Exact::ZERO }
    }
}

fn sum(shares: &[Share]) -> Exact {
    shares.iter().fold(Exact::ZERO, |sum, share| sum.plus(&share.weight))
}

impl Work<'_, '_> {
    /// Divides lumps for the cart by what lines run at, at most what is there.
    fn divide(rule: &CompiledRule, shares: &mut Vec<Share>) -> Result<(), Miss> {
        let sum = shares.iter().fold(Exact::ZERO, |sum, share| sum.plus(&share.running));
        for share in shares.iter_mut() {
            let part = share.weight.times(&share.running).over(&sum)?;
            share.weight = if rule.layer != RuleLayer::Surcharge && part.compare(&share.running).is_gt() {
                share.lost = Some(part.minus(&share.running));
                share.running.clone()
            } else {
                part
            };
        }
        shares.retain(|share| share.weight.is_positive());
        Ok(())
    }

    /// What the lines' shares come to: of complete sets, limited, capped; and what of it is lost.
    pub(super) fn total(
        &mut self,
        lines: &[Line<'_>],
        (number, rule): (RuleNo, &CompiledRule),
        shares: &mut Vec<Share>,
    ) -> Result<(Exact, Option<Exact>), Miss> {
        if rule.kind == BenefitKind::PerCart {
            Self::divide(rule, shares)?;
        }
        if rule.sets {
            for share in shares.iter_mut() {
                let line = lines.get(share.at);
                let of_sets =
                    line.and_then(|line| self.verdicts.share_of_sets(self.cart, lines, line, (number, rule)));
                share.weight = of_sets.map_or(Exact::ZERO, |of_sets| share.weight.times(&of_sets));
            }
            shares.retain(|share| share.weight.is_positive());
        }
        if rule.limit.is_some() {
            self.limit(lines, (number, rule), shares)?;
            shares.retain(|share| share.weight.is_positive());
        }
        if rule.cap.percent.is_some() || rule.cap.line.is_some() {
            self.cap(lines, rule, shares)?;
        }
        let mut total = sum(shares);
        if let Some(most) = rule.cap.cart.map(Exact::from).filter(|most| total.compare(most).is_gt()) {
            total = most;
        }
        if shares.is_empty() {
            return Err(Miss::Lost(RuleLoss::Nothing));
        }
        let lost = shares.iter().filter_map(|share| share.lost.as_ref());
        Ok((total, lost.cloned().reduce(|sum, lost| sum.plus(&lost))))
    }

    /// Leaves what the rule's caps of the line leave.
    fn cap(&self, lines: &[Line<'_>], rule: &CompiledRule, shares: &mut Vec<Share>) -> Result<(), Miss> {
        for share in shares.iter_mut() {
            let Some(line) = lines.get(share.at) else { continue };
            share.weight = match capped(self.cart, line, rule, Running::Amount(share.weight.clone())) {
                Ok(by) => by.amount(&line.quantity),
                Err(Miss::Lost(_)) => Exact::ZERO,
                Err(trouble) => return Err(trouble),
            };
        }
        shares.retain(|share| share.weight.is_positive());
        Ok(())
    }

    /// Leaves what the rule's limit leaves.
    fn limit(
        &self,
        lines: &[Line<'_>],
        (number, rule): (RuleNo, &CompiledRule),
        shares: &mut Vec<Share>,
    ) -> Result<(), Miss> {
        let Some(limit) = &rule.limit else { return Ok(()) };
        let left = self.cart.before.left(number, limit).ok_or(Miss::Lost(RuleLoss::LimitUsedUp))?;
        let factor = match limit.of {
            CompiledLimitOf::Quantity(unit) => {
                let units = |share: &Share| {
                    let line = lines.get(share.at)?;
                    Some(line.quantity.times(&line.units_of(self.cart, unit)?))
                };
                shares.retain(|share| units(share).is_some());
                let taken = shares.iter().filter_map(units).fold(Exact::ZERO, |sum, q| sum.plus(&q));
                let factor = if left.compare(&taken).is_ge() { Exact::ONE } else { left.over(&taken)? };
                for share in shares.iter_mut() {
                    share.of_limit = units(share).map_or(Exact::ZERO, |units| units.times(&factor));
                }
                factor
            }
            CompiledLimitOf::Amount => {
                let sum = sum(shares);
                if left.compare(&sum).is_ge() {
                    return Ok(());
                }
                left.over(&sum)?
            }
            CompiledLimitOf::Uses if left.compare(&Exact::from(Micros::ONE)).is_lt() => {
                return Err(Miss::Lost(RuleLoss::LimitUsedUp));
            }
            CompiledLimitOf::Uses => return Ok(()),
        };
        for share in shares.iter_mut() {
            share.weight = share.weight.times(&factor);
        }
        Ok(())
    }

    /// Notes what a rule uses of its limit that gave so much, over so much of a limited quantity. What a guard takes back later is
    /// not given back to the limit (rule G2).
    pub(super) fn use_up(
        &mut self,
        (number, rule): (RuleNo, &CompiledRule),
        (given, quantity): (Micros, &Exact),
    ) -> Result<(), NumberError> {
        let Some(limit) = &rule.limit else { return Ok(()) };
        let left = self.cart.before.left(number, limit).and_then(|left| left.to_micros());
        let left = left.unwrap_or_default();
        let used = match limit.of {
            CompiledLimitOf::Quantity(_) if quantity.compare(&Exact::from(left)).is_ge() => left,
            CompiledLimitOf::Quantity(_) => quantity.round(Micros(1), RoundingMode::Up)?,
            CompiledLimitOf::Amount => given,
            CompiledLimitOf::Uses => Micros::ONE,
        };
        self.uses.push(CartUse { rule: number, used: used.min(left), left });
        Ok(())
    }
}
