//! Which cell of a list prices a line? (Rules C2 to C4.)
//!
//! Among a target's cells, the ordered unit comes before the base unit, and that before other units by their codes;
//! within a unit the winning window supplies the whole ladder, whether or not that covers the quantity.

use std::cmp::Ordering;

use crate::domain::catalogue::Catalogue;
use crate::domain::cell::CellFlags;
use crate::domain::exact::{Exact, NumberError};
use crate::domain::ids::UnitId;
use crate::domain::ladder::Over;
use crate::domain::time::CivilSecond;
use crate::domain::unit::Factor;
use crate::matrix::cells::{CellBuffer, CellHead};

use super::losers::LossReason;
use super::order::Order;
use super::sums::SkuSums;
use super::tiers::{Uncovered, covers};

/// A cell that covers instant, unit and quantity.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    /// Its number in the buffer.
    pub(super) number: usize,
    /// Base units in one of the cell's units.
    pub(super) factor: Factor,
    /// What its ladder measures, in the cell's unit.
    pub(super) measure: Exact,
}

/// What a target's cells come to.
#[derive(Debug)]
pub(super) enum Choice {
    Hit(Chosen),
    /// None covers.
    Miss(LossReason),
    /// The one that would have is `final` and does not cover the quantity: nothing else is asked.
    Ends(LossReason),
}

/// What choosing needs to know.
#[derive(Clone, Copy)]
pub(super) struct Chooser<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) at: CivilSecond,
    pub(super) order: &'a Order,
    pub(super) sums: &'a SkuSums<'a>,
}

/// Units in the order they are asked.
type Preference<'a> = (u8, &'a str);

impl<'a> Chooser<'a> {
    pub(super) fn choose(&self, cells: &CellBuffer) -> Result<Choice, NumberError> {
        let mut why = LossReason::OutsideWindow;
        let mut tried: Option<Preference<'a>> = None;
        while let Some((number, preference)) = self.next(cells, tried, &mut why) {
            tried = Some(preference);
            let Some(head) = cells.heads().get(number) else { break };
            let Some(factor) = self.factor(head.unit) else { continue };
            let measure = self.measure(head, factor)?;
            match covers(head.mode, cells.tiers(head), &measure) {
                Ok(()) => return Ok(Choice::Hit(Chosen { number, factor, measure })),
                Err(uncovered) => {
                    why = match uncovered {
                        Uncovered::Below(threshold) => LossReason::BelowFirstTier { threshold },
                        Uncovered::Past(end) => LossReason::PastLadder { end },
                    };
                    if head.flags.has(CellFlags::FINAL) {
                        return Ok(Choice::Ends(why));
                    }
                }
            }
        }
        Ok(Choice::Miss(why))
    }

    /// The winning window of the next unit after those tried.
    fn next(
        &self,
        cells: &CellBuffer,
        tried: Option<Preference<'a>>,
        why: &mut LossReason,
    ) -> Option<(usize, Preference<'a>)> {
        let mut best: Option<(usize, Preference<'a>, &CellHead)> = None;
        for (number, head) in cells.heads().iter().enumerate() {
            if !head.window.covers(self.at) {
                continue;
            }
            let preference = self.preference(head.unit);
            if tried.is_some_and(|tried| preference <= tried) {
                continue;
            }
            if self.factor(head.unit).is_none() {
                *why = LossReason::NoConversion;
                continue;
            }
            let better = best.as_ref().is_none_or(|(_, known, before)| {
                preference < *known
                    || (preference == *known && head.window.precedence(&before.window) == Ordering::Greater)
            });
            if better {
                best = Some((number, preference, head));
            }
        }
        best.map(|(number, preference, _)| (number, preference))
    }

    fn preference(&self, unit: UnitId) -> Preference<'a> {
        let unit = if unit == UnitId::BASE { self.order.facts.base_unit } else { unit };
        if unit == self.order.unit {
            (0, "")
        } else if unit == self.order.facts.base_unit {
            (1, "")
        } else {
            (2, self.catalogue.unit(unit).map_or("", |unit| unit.code.as_str()))
        }
    }

    fn factor(&self, unit: UnitId) -> Option<Factor> {
        if unit == UnitId::BASE || unit == self.order.facts.base_unit {
            return Some(Factor::ONE);
        }
        if unit == self.order.unit {
            return Some(self.order.factor);
        }
        self.catalogue.sku(self.order.sku)?.factor(unit)
    }

    /// What the ladder measures, in the cell's unit (rules T4 and T5).
    fn measure(&self, head: &CellHead, factor: Factor) -> Result<Exact, NumberError> {
        let base = match head.over {
            Over::Line => self.order.measure_in_base(),
            Over::Sku => self.sums.of(self.order.sku),
        };
        if factor.is_one() { Ok(base) } else { base.over(&factor.exact()) }
    }
}
