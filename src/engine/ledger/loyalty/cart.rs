//! What would a cart earn in points, and how much of it could be paid with them?

use crate::domain::day::CivilDay;
use crate::domain::decimal::Micros;
use crate::domain::exact::Exact;
use crate::domain::rounding::RoundingMode;
use crate::domain::time::CivilSecond;
use crate::engine::Engine;
use crate::engine::error::PriceError;
use crate::engine::ledger::expected::AsShipped;
use crate::engine::ledger::positions::Purchased;
use crate::engine::pricing::Priced;
use crate::engine::rows::Reach;
use crate::ledger::metered::Meter;
use crate::pricing::cart::CartPoints;

use super::reckoned::{Unreckoned, earned_by, takes};

impl Engine {
    /// What a priced cart would earn in each programme of points for its contract, as if it were shipped that day, and the most of
    /// it that could be paid with points now; `None` where documents must be read and may not be.
    pub(in crate::engine) fn cart_points(
        &self,
        (view, contract, program): Priced<'_>,
        at: CivilSecond,
        (total, shipped): (i128, &Option<AsShipped>),
        reach: Reach,
    ) -> Result<Option<Vec<CartPoints>>, PriceError> {
        let program = program.filter(|program| !program.points.is_empty());
        let (Some(program), Some(AsShipped { document, .. })) = (program, shipped) else {
            return Ok(Some(Vec::new()));
        };
        let (policy, latest, day) = (&view.policy.0, self.position(view), CivilDay::of(at));
        let purchased = Purchased { store: &self.store, view, contract, program, latest, reach };
        let overflow = |_| PriceError::CartOverflow;
        let mut all = Vec::with_capacity(program.points.len());
        for number in &program.points {
            let (Some(points), Some(written)) = (policy.points(*number), policy.points_written(*number))
            else {
                continue;
            };
            let Some(multiplier) = purchased.multiplier(*number, day)? else { return Ok(None) };
            let Some(measure) = policy.measure(points.measure) else { continue };
            let value = Meter { policy, catalogue: &view.catalogue, measure }.whole(document);
            let earns = match takes(written, day) {
                true => earned_by(&value, (&points.rate, &multiplier), written).map_err(overflow)?,
                false => Micros::ZERO,
            };
            let Some(spendable) = purchased.spendable(*number, day)? else { return Ok(None) };
            let total = Exact::millionths(total.max(0)).times(&Exact::percent(written.most_percent));
            let worth = Exact::from(written.worth);
            let most = total.over(&worth).map_err(overflow)?;
            let there = Exact::millionths(spendable);
            let most = if most.compare(&there).is_gt() { there } else { most };
            let payable = most.round(written.step, RoundingMode::Down).map_err(Unreckoned::from)?;
            let amount = Exact::from(payable).times(&worth);
            let amount = amount.round(Micros(1), RoundingMode::Down).map_err(overflow)?;
            all.push(CartPoints { programme: *number, earns, spendable, payable, amount });
        }
        Ok(Some(all))
    }
}
