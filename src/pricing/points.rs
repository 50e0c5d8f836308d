//! How many points of loyalty does a cart take, and what are they worth to it? (Rule X2.)

use crate::domain::decimal::{MAX_WHOLE, MILLION, Micros};
use crate::domain::exact::{Exact, NumberError};
use crate::domain::rounding::RoundingMode;
use crate::policy::compiled::PointsNo;
use crate::policy::syntax::PointsProgramme;

/// The most points, and the greatest amount, of which anything is worked out.
const MOST: Micros = Micros(MAX_WHOLE * MILLION);

/// A programme whose points are a discount, and what a cart may take of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PointsOffered {
    /// The programme.
    pub programme: PointsNo,
    /// How many the cart is to take; none where it says nothing of the programme.
    pub asked: Option<Micros>,
    /// What can be spent, in millionths.
    pub spendable: i128,
}

/// So many points, and what they are worth in whole coins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PointsWorth {
    /// How many: as few as are worth the amount, in whole steps of the programme.
    pub points: Micros,
    /// The amount.
    pub amount: Micros,
}

/// Why points that a cart was to take are not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PointsLoss {
    /// No more can be spent.
    Spendable,
    /// No more of a cart is discounted or paid with points of the programme.
    Share,
    /// Nothing more is there to take them off, or to pay.
    Goods,
    /// They are worth no whole coin more, or are no whole step of the programme.
    Coins,
    /// A guard gave back what they took off.
    Guard,
}

/// What came of the points that a cart was to take: those that it takes and those that it does not are all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PointsTaken {
    /// How many it was to take.
    pub asked: Micros,
    /// How many it takes.
    pub taken: Micros,
    /// What those take off the goods, or pay.
    pub amount: Micros,
    /// How many it does not take, and why.
    pub left: Vec<(PointsLoss, Micros)>,
}

/// What came of points that are a discount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsDiscount {
    /// The programme.
    pub programme: PointsNo,
    /// The most that the cart could take, before guards.
    pub most: PointsWorth,
    /// What it takes, where it was to take any.
    pub taken: Option<PointsTaken>,
}

/// What bounds the points of a programme at a cart.
#[derive(Debug, Clone, Copy)]
pub struct PointsBounds<'a> {
    /// The programme, as it was written.
    pub written: &'a PointsProgramme,
    /// What can be spent, in millionths.
    pub spendable: i128,
    /// The amount of which the programme takes or pays a share.
    pub whole: &'a Exact,
    /// The amount that is there to take them off, or to be paid.
    pub there: &'a Exact,
    /// What amounts are whole numbers of.
    pub coin: Micros,
}

impl PointsBounds<'_> {
    /// The most points that the cart can take.
    ///
    /// # Errors
    /// A figure that does not fit.
    pub fn most(&self) -> Result<PointsWorth, NumberError> {
        Ok(self.within(MOST)?.0)
    }

    /// What comes of the points that the cart is to take.
    ///
    /// # Errors
    /// A figure that does not fit.
    pub fn take(&self, asked: Micros) -> Result<PointsTaken, NumberError> {
        let (PointsWorth { points, amount }, left) = self.within(asked)?;
        Ok(PointsTaken { asked, taken: points, amount, left })
    }

    /// As many of so many as every bound leaves, in whole steps and coins; and what each bound cost.
    fn within(&self, asked: Micros) -> Result<(PointsWorth, Vec<(PointsLoss, Micros)>), NumberError> {
        let worth = Exact::from(self.written.worth);
        let share = self.whole.times(&Exact::percent(self.written.most_percent));
        let most = Exact::from(MOST);
        let there = if self.there.compare(&most).is_gt() { &most } else { self.there };
        let money = match share.compare(there).is_lt() {
            true => (PointsLoss::Share, share.over(&worth)?),
            false => (PointsLoss::Goods, there.over(&worth)?),
        };
        let bounds = [(PointsLoss::Spendable, Exact::millionths(self.spendable)), money];
        let (mut points, mut left) = (asked, Vec::new());
        for (loss, most) in bounds {
            if most.compare(&Exact::from(points)).is_lt() {
                let most = if most.is_negative() { Micros::ZERO } else { self.in_steps(&most)? };
                left.push((loss, less(points, most)));
                points = most;
            }
        }
        let whole = self.in_steps(&Exact::from(points))?;
        let amount = Exact::from(whole).times(&worth).round(self.coin, RoundingMode::Down)?;
        let fewest = Exact::from(amount).over(&worth)?.round(self.written.step, RoundingMode::Up)?;
        if fewest < points {
            left.push((PointsLoss::Coins, less(points, fewest)));
        }
        Ok((PointsWorth { points: fewest, amount }, left))
    }

    fn in_steps(&self, points: &Exact) -> Result<Micros, NumberError> {
        points.round(self.written.step, RoundingMode::Down)
    }
}

impl PointsTaken {
    /// Leaves those points whose amount is left of what they took off: whole steps of them, so that none is taken for
    /// nothing. The others are not taken, for one reason.
    ///
    /// # Errors
    /// A figure that does not fit.
    pub fn keep(
        &mut self,
        amount: Micros,
        written: &PointsProgramme,
        loss: PointsLoss,
    ) -> Result<(), NumberError> {
        if amount >= self.amount {
            return Ok(());
        }
        let points =
            Exact::from(amount).over(&Exact::from(written.worth))?.round(written.step, RoundingMode::Down)?;
        let points = points.min(self.taken);
        let back = less(self.taken, points);
        if back > Micros::ZERO {
            match self.left.iter_mut().find(|(known, _)| *known == loss) {
                Some((_, known)) => known.0 = known.0.saturating_add(back.0),
                None => self.left.push((loss, back)),
            }
        }
        (self.taken, self.amount) = (points, amount);
        Ok(())
    }
}

fn less(from: Micros, by: Micros) -> Micros {
    Micros(from.0.saturating_sub(by.0))
}
