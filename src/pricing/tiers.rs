//! Which tiers does a measure reach? (Rules T1 to T4: exact comparison in the cell's own unit.)

use std::cmp::Ordering;

use crate::domain::cell::Value;
use crate::domain::decimal::Micros;
use crate::domain::exact::Exact;
use crate::domain::ladder::{Tier, TierMode};

/// A measure that the ladder does not cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Uncovered {
    /// Below the first tier, which begins there.
    Below(Micros),
    /// Past the end of a tier, and no tier takes over.
    Past(Micros),
}

/// The tier that prices the whole of `measure` in a `volume` ladder, and its position.
pub(super) fn reached<'t>(
    tiers: &'t [Tier<Value>],
    measure: &Exact,
) -> Result<(usize, &'t Tier<Value>), Uncovered> {
    let count = tiers.partition_point(|tier| Exact::from(tier.lower).compare(measure) != Ordering::Greater);
    let Some((position, tier)) = count.checked_sub(1).and_then(|at| Some((at, tiers.get(at)?))) else {
        return Err(Uncovered::Below(tiers.first().map_or(Micros::ZERO, |tier| tier.lower)));
    };
    match tier.upper {
        Some(end) if measure.compare(&Exact::from(end)) == Ordering::Greater => Err(Uncovered::Past(end)),
        _ => Ok((position, tier)),
    }
}

/// Does the ladder cover `measure`?
pub(super) fn covers(mode: TierMode, tiers: &[Tier<Value>], measure: &Exact) -> Result<(), Uncovered> {
    match mode {
        TierMode::Volume => reached(tiers, measure).map(|_| ()),
        TierMode::Graduated => {
            if let Some(first) = tiers.first().filter(|tier| tier.lower > Micros::ZERO) {
                return Err(Uncovered::Below(first.lower));
            }
            match tiers.last().and_then(|tier| tier.upper) {
                Some(end) if measure.compare(&Exact::from(end)) == Ordering::Greater => {
                    Err(Uncovered::Past(end))
                }
                _ => Ok(()),
            }
        }
    }
}

/// The portions of `measure` by tier, of a `graduated` ladder that covers it.
pub(super) fn portions<'t>(
    tiers: &'t [Tier<Value>],
    measure: &'t Exact,
) -> impl Iterator<Item = (usize, &'t Tier<Value>, Exact)> + 't {
    tiers.iter().enumerate().filter_map(move |(position, tier)| {
        let lower = Exact::from(tier.lower);
        if measure.compare(&lower) != Ordering::Greater {
            return None;
        }
        let end = tier.upper.or_else(|| tiers.get(position + 1).map(|next| next.lower)).map(Exact::from);
        let end = end.filter(|end| measure.compare(end) == Ordering::Greater);
        Some((position, tier, end.as_ref().unwrap_or(measure).minus(&lower)))
    })
}
