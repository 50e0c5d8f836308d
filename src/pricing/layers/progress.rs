//! How far is the next tier, and what would it be worth on this cart?

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::domain::decimal::{MILLION, Micros};
use crate::domain::exact::{Exact, NumberError};
use crate::domain::ladder::TierMode;
use crate::domain::rounding::RoundingMode;
use crate::policy::RuleNo;
use crate::policy::compiled::{CompiledBenefit, CompiledMeasure, CompiledRule, MeasureNo};
use crate::policy::syntax::{BenefitKind, RuleLayer, Scope};
use crate::pricing::asking::Trouble;
use crate::pricing::cart::Progress;
use crate::pricing::request::ProgressWanted;

use super::cart::{Line, Miss};
use super::gain::gain;
use super::ladder::Held;
use super::measured::{Stand, counts};
use super::of_line::Work;

/// A ladder to be told of.
struct Ladder {
    rule: RuleNo,
    measure: MeasureNo,
    /// The first line that has it.
    first: usize,
    /// Does it measure that line alone?
    of_line: bool,
    /// What its lines run at together.
    amount: Exact,
}

impl Work<'_, '_> {
    /// Tells the progress of the ladders of a layer, where the layer begins.
    pub(in crate::pricing) fn progress(
        &mut self,
        lines: &[Line<'_>],
        layer: RuleLayer,
        wanted: ProgressWanted,
        told: &mut Vec<Progress>,
    ) -> Result<(), Trouble> {
        if wanted == ProgressWanted::Nothing {
            return Ok(());
        }
        let mut ladders: Vec<Ladder> = Vec::new();
        let mut known: HashMap<RuleNo, usize, FixedState> = HashMap::default();
        for (at, line) in lines.iter().enumerate() {
            let Some(applicable) = line.applicable else { continue };
            for number in applicable.layer(layer).ladders.iter().filter(|number| line.rules.contains(number))
            {
                let amount = || if line.overflowed { Exact::ZERO } else { line.amount() };
                if let Some(ladder) = known.get(number).and_then(|place| ladders.get_mut(*place)) {
                    ladder.amount = ladder.amount.plus(&amount());
                    continue;
                }
                let rule = self.cart.policy.compiled(*number);
                let Some(measure) = rule.and_then(|rule| rule.measure) else { continue };
                let of_line = self.cart.policy.measure(measure).is_some_and(|measure| measure.is_of_line());
                if !of_line {
                    known.insert(*number, ladders.len());
                } else if wanted < ProgressWanted::Lines {
                    continue;
                }
                ladders.push(Ladder { rule: *number, measure, first: at, of_line, amount: amount() });
            }
        }
        for ladder in &ladders {
            match self.of_ladder(lines, ladder) {
                Ok(Some(progress)) => told.push(progress),
                Ok(None) | Err(Miss::Lost(_) | Miss::Trouble(Trouble::Number)) => {}
                Err(Miss::Trouble(rows)) => return Err(rows),
            }
        }
        for progress in told.iter_mut() {
            progress.whole_ladder = wanted == ProgressWanted::Ladders;
        }
        Ok(())
    }

    fn of_ladder(&mut self, lines: &[Line<'_>], ladder: &Ladder) -> Result<Option<Progress>, Miss> {
        let (number, only) = (ladder.rule, ladder.of_line.then_some(ladder.first));
        let policy = self.cart.policy;
        let (Some(rule), Some(measure)) = (policy.compiled(number), policy.measure(ladder.measure)) else {
            return Ok(None);
        };
        let Some(line) = lines.get(ladder.first) else { return Ok(None) };
        let stand = match only {
            Some(_) => match self.measures.stand(self.cart, lines, line, ladder.measure) {
                Some(stand) => stand,
                None => return Ok(None),
            },
            None => self.measures.of_cart(self.cart, lines, ladder.measure, measure),
        };
        let position = stand.after();
        let graduated = rule.mode == TierMode::Graduated;
        let count = rule.tiers.partition_point(|tier| {
            let order = Exact::from(tier.lower).compare(&position);
            if graduated { order.is_lt() } else { order.is_le() }
        });
        let next = rule.tiers.get(count).map(|tier| tier.lower);
        let distance = next.map(|next| Exact::from(next).minus(&position));
        let worth = match next {
            Some(_) if !graduated => self.worth(lines, (ladder, rule), count)?,
            _ => Exact::ZERO,
        };
        let in_money = match &distance {
            Some(distance) => self.in_money(lines, (line, measure), distance, &stand)?,
            None => None,
        };
        Ok(Some(Progress {
            rule: number,
            line: only.map(|_| line.position),
            position: wide(&position, RoundingMode::Down)?,
            before: wide(&stand.before, RoundingMode::Down)?,
            tier: count.checked_sub(1).and_then(|tier| u16::try_from(tier).ok()),
            next,
            distance: distance.map_or(Ok(0), |distance| wide(&distance, RoundingMode::Up))?,
            distance_amount: in_money,
            worth: self.cart.coins.amount(&worth)?,
            whole_ladder: false,
        }))
    }

    /// What the tier at `next` would give beyond what is given now, rule by itself.
    fn worth(
        &mut self,
        lines: &[Line<'_>],
        (ladder, rule): (&Ladder, &CompiledRule),
        next: usize,
    ) -> Result<Exact, Miss> {
        if rule.kind == BenefitKind::PerCart {
            let lump = |tier: usize| match rule.tiers.get(tier).map(|tier| &tier.benefit) {
                Some(CompiledBenefit::PerCart(amount)) => Exact::from(*amount),
                _ => Exact::ZERO,
            };
            let now = next.checked_sub(1).map_or(Exact::ZERO, lump);
            return Ok(lump(next).minus(&now));
        }
        if rule.is_plain_percent() {
            // What each line would come to by itself, summed.
            let kept = |tier: usize| rule.tiers.get(tier).map(|tier| &tier.kept);
            let now = next.checked_sub(1).and_then(kept).cloned().unwrap_or(Exact::ONE);
            let more = kept(next).map_or(Exact::ZERO, |then| now.minus(then));
            return Ok(ladder.amount.times(&more));
        }
        let only = ladder.of_line.then_some(ladder.first);
        let mut worth = Exact::ZERO;
        for (at, line) in lines.iter().enumerate() {
            if only.is_some_and(|only| only != at) || line.overflowed || !line.rules.contains(&ladder.rule) {
                continue;
            }
            let mut given = |tier: usize| -> Result<Exact, Miss> {
                match gain(self.cart, line, rule, &Held::Whole(tier), &mut self.cells) {
                    Ok(gain) => Ok(gain.by.amount(&line.quantity)),
                    Err(Miss::Lost(_)) => Ok(Exact::ZERO),
                    Err(trouble) => Err(trouble),
                }
            };
            let then = given(next)?;
            let now = match next.checked_sub(1) {
                Some(tier) => given(tier)?,
                None => Exact::ZERO,
            };
            worth = worth.plus(&then.minus(&now));
        }
        Ok(worth)
    }

    /// A distance in money, at the average price of what the cart measures.
    fn in_money(
        &mut self,
        lines: &[Line<'_>],
        (line, measure): (&Line<'_>, &CompiledMeasure),
        distance: &Exact,
        stand: &Stand,
    ) -> Result<Option<Micros>, Miss> {
        if measure.currency.is_some() {
            return Ok(distance.round(self.cart.coins.amount_step, RoundingMode::Up).ok());
        }
        if !stand.added.is_positive() {
            return Ok(None);
        }
        let in_scope = |other: &&Line<'_>| match measure.scope {
            Scope::Line => other.position == line.position,
            Scope::Sku => other.order.sku == line.order.sku,
            Scope::Group | Scope::Cart | Scope::Period(_) => true,
        };
        let counted = lines.iter().filter(in_scope).filter(|line| counts(self.cart, line, measure));
        let amount = counted.fold(Exact::ZERO, |sum, line| sum.plus(&line.entering.amount(&line.quantity)));
        let price = amount.over(&stand.added)?;
        Ok(distance.times(&price).round(self.cart.coins.amount_step, RoundingMode::Up).ok())
    }
}

/// In millionths, which may pass 64 bits.
fn wide(figure: &Exact, mode: RoundingMode) -> Result<i128, NumberError> {
    if let Ok(micros) = figure.round(Micros(1), mode) {
        return Ok(i128::from(micros.0));
    }
    let whole = figure.over(&Exact::from(Micros::whole(MILLION).ok_or(NumberError::Overflow)?))?;
    Ok(i128::from(whole.round(Micros(1), mode)?.0).saturating_mul(i128::from(MILLION)))
}
