//! Which lints are there? One file each.

mod cap_cancels;
mod currencies;
mod exchange_rates;
mod falling_tier;
mod gives_nothing;
mod guard_cancels;
mod guards_without;
mod licence_of_nobody;
mod limits;
mod matches_nothing;
mod mixed_units;
mod never_holds;
mod no_conversion;
mod no_reference_list;
mod not_eligible;
mod overflow;
mod overlap;
mod periods;
mod shadowed;
mod stopped;
mod taxes;
mod tier_gap;
mod unknown_names;
mod unreachable_tier;
mod unused;

use super::ground::Ground;
use super::report::Report;

/// A lint looks at everything, and tells what it finds.
pub(super) type Lint = fn(&Ground<'_>, &mut Report);

/// All of them. Their order does not show: findings are sorted by place.
pub(super) const LINTS: &[Lint] = &[
    // errors
    unknown_names::lint,
    currencies::lint,
    exchange_rates::lint,
    overflow::lint,
    // warnings
    cap_cancels::lint,
    falling_tier::lint,
    gives_nothing::lint,
    guard_cancels::lint,
    guards_without::lint,
    licence_of_nobody::lint,
    limits::lint,
    matches_nothing::lint,
    mixed_units::lint,
    never_holds::lint,
    no_conversion::lint,
    no_reference_list::lint,
    not_eligible::lint,
    overlap::lint,
    periods::lint,
    shadowed::lint,
    stopped::lint,
    taxes::lint,
    tier_gap::lint,
    unreachable_tier::lint,
    unused::lint,
];
