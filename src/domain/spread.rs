//! How is an amount spread over lines so that the parts sum to it? (Rule R5.)

use std::cmp::Ordering;

use super::decimal::Micros;
use super::exact::{Exact, NumberError};
use super::rounding::RoundingMode;

/// One part's claim: its weight, above zero, and the id that decides ties.
#[derive(Debug, Clone)]
pub struct Claim<'a> {
    /// How large its part is, beside the other weights.
    pub weight: Exact,
    /// Decides ties.
    pub id: &'a str,
    /// Decides them where ids are equal.
    pub position: u32,
}

/// Spreads `total`, a whole number of `step`s that is not negative, in proportion to weights: the largest remainders
/// are rounded up, ties by id and then by position. Parts come in the order of the claims.
///
/// # Errors
/// [`NumberError::Overflow`] where a part does not fit.
pub fn spread(total: Micros, step: Micros, claims: &[Claim<'_>]) -> Result<Vec<Micros>, NumberError> {
    if let Some(parts) = in_whole_numbers(total, step, claims) {
        return Ok(parts);
    }
    let weights = claims.iter().fold(Exact::ZERO, |sum, claim| sum.plus(&claim.weight));
    if !weights.is_positive() {
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

/// The same where the weights have a common denominator in machine words, as they nearly always have, and sum to more than
/// nothing; none otherwise.
fn in_whole_numbers(total: Micros, step: Micros, claims: &[Claim<'_>]) -> Option<Vec<Micros>> {
    let mut common = 1_i64;
    for claim in claims {
        let (_, den) = claim.weight.in_words()?;
        if den != common && common % den != 0 {
            common = common.checked_mul(den / num_integer::gcd(common, den))?;
        }
    }
    let mut weights = Vec::with_capacity(claims.len());
    let mut sum = 0_i64;
    for claim in claims {
        let (num, den) = claim.weight.in_words()?;
        let weight = if den == common { num } else { num.checked_mul(common / den)? };
        sum = sum.checked_add(weight)?;
        weights.push(weight);
    }
    if sum <= 0 {
        return None;
    }
    let steps = total.0 / step.0;
    let (mut parts, mut remainders) = (Vec::with_capacity(claims.len()), Vec::with_capacity(claims.len()));
    let mut left = steps;
    for (place, weight) in weights.into_iter().enumerate() {
        let (part, remainder) = match weight.checked_mul(steps) {
            Some(product) => (product / sum, product % sum),
            None => {
                let (product, sum) = (i128::from(weight) * i128::from(steps), i128::from(sum));
                (i64::try_from(product / sum).ok()?, i64::try_from(product % sum).ok()?)
            }
        };
        left = left.checked_sub(part)?;
        remainders.push((remainder, place));
        parts.push(Micros(part.checked_mul(step.0)?));
    }
    let left = usize::try_from(left).ok()?;
    if left == 0 {
        return Some(parts);
    }
    let id = |place: usize| claims.get(place).map(|claim| (claim.id, claim.position));
    // Only who is among the first counts, not in which order they are.
    remainders
        .select_nth_unstable_by(left - 1, |(a, at), (b, bt)| b.cmp(a).then_with(|| id(*at).cmp(&id(*bt))));
    for (_, place) in remainders.iter().take(left) {
        let part = parts.get_mut(*place)?;
        part.0 = part.0.checked_add(step.0)?;
    }
    Some(parts)
}
