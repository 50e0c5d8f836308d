//! How is an amount spread over lines so that the parts sum to it? (Rule R5.)

use std::cmp::Ordering;

use crate::domain::decimal::Micros;
use crate::domain::exact::{Exact, NumberError};
use crate::domain::rounding::RoundingMode;

/// One part's claim: its weight, above zero, and the id that decides ties.
#[derive(Debug, Clone)]
pub(in crate::pricing) struct Claim<'a> {
    pub(in crate::pricing) weight: Exact,
    pub(in crate::pricing) id: &'a str,
    pub(in crate::pricing) position: u32,
}

/// Spreads `total`, a whole number of `step`s that is not negative, in proportion to weights: the largest remainders
/// are rounded up, ties by id and then by position. Parts come in the order of the claims.
pub(in crate::pricing) fn spread(
    total: Micros,
    step: Micros,
    claims: &[Claim<'_>],
) -> Result<Vec<Micros>, NumberError> {
    let weights = claims.iter().fold(Exact::ZERO, |sum, claim| sum.plus(&claim.weight));
    if claims.is_empty() || weights.compare(&Exact::ZERO).is_le() {
        return Ok(vec![Micros::ZERO; claims.len()]);
    }
    let total_exact = Exact::from(total);
    let mut parts = Vec::with_capacity(claims.len());
    let mut remainders = Vec::with_capacity(claims.len());
    let mut spent = 0_i64;
    for (place, claim) in claims.iter().enumerate() {
        let exact = total_exact.times(&claim.weight).over(&weights)?;
        let part = exact.round(step, RoundingMode::Down)?;
        spent = spent.checked_add(part.0).ok_or(NumberError::Overflow)?;
        remainders.push((exact.minus(&Exact::from(part)), place));
        parts.push(part);
    }
    let order = |(a, at): &(Exact, usize), (b, bt): &(Exact, usize)| {
        let id = |place: &usize| claims.get(*place).map(|claim| (claim.id, claim.position));
        b.compare(a).then_with(|| id(at).cmp(&id(bt))).then(Ordering::Equal)
    };
    remainders.sort_by(order);
    let left = (total.0.checked_sub(spent).ok_or(NumberError::Overflow)?) / step.0.max(1);
    for (_, place) in remainders.iter().take(usize::try_from(left).unwrap_or(0)) {
        if let Some(part) = parts.get_mut(*place) {
            part.0 = part.0.checked_add(step.0).ok_or(NumberError::Overflow)?;
        }
    }
    Ok(parts)
}
