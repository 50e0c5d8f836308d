//! May whoever asks concede so much? Asked of the policy that is in force when it is asked.

use crate::domain::decimal::Micros;
use crate::domain::exact::Exact;
use crate::domain::negotiated::Concession;
use crate::domain::rounding::RoundingMode;
use crate::engine::view::View;
use crate::policy::syntax::Authority;
use crate::quotes::content::Content;
use crate::quotes::life::Waits;
use crate::quotes::number::QuoteNo;

use super::desk::Who;
use super::refusal::QuoteRefusal;

/// Why a concession is beyond whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beyond {
    /// More is conceded than the greatest concession.
    Concession { percent: Micros, most: Micros },
    /// The quote leaves less than the least margin, or its margin is not known.
    Margin { margin: Option<Micros>, least: Micros },
}

impl Beyond {
    /// The refusal; margins are told only to those who may see them.
    pub(super) fn refusal(self, number: QuoteNo, who: &Who) -> QuoteRefusal {
        match self {
            Self::Concession { percent, most } => QuoteRefusal::BeyondAuthority { number, percent, most },
            Self::Margin { margin, least } => {
                QuoteRefusal::BelowMargin { number, figures: who.sees_costs.then_some((margin, least)) }
            }
        }
    }
}

/// Whose approval a revision waits for that is made or issued by `who`.
pub(super) fn waits(view: &View, content: &Content, who: &Who) -> Waits {
    Waits {
        for_guard: content.needs_approval && !who.may_approve,
        for_concession: within_authority(view, content, who).is_err(),
    }
}

/// Is what a quote concedes within the authority of one of the roles of whoever asks? Where nothing is conceded it always is.
pub(super) fn within_authority(view: &View, content: &Content, who: &Who) -> Result<(), Beyond> {
    let Some(concession) = content.concession.filter(Concession::is_some) else { return Ok(()) };
    let held = || who.concedes_as.iter().filter_map(|role| view.policy.0.authority(*role));
    let far_enough = || held().filter(|authority| concession.is_within(authority.concession));
    if far_enough().any(|authority| keeps_margin(content, authority)) {
        return Ok(());
    }
    let most = held().map(|authority| authority.concession).max().unwrap_or_default();
    let least = far_enough().filter_map(|authority| authority.margin).min();
    Err(match least {
        Some(least) => Beyond::Margin { margin: margin_percent(content), least },
        None => Beyond::Concession { percent: concession.percent(), most },
    })
}

/// Does the whole quote keep the margin that an authority asks for? Where costs are not known, nobody can tell.
fn keeps_margin(content: &Content, authority: &Authority) -> bool {
    let Some(least) = authority.margin else { return true };
    let Some(cost) = content.cost else { return false };
    let total = Exact::millionths(content.total);
    let margin = total.minus(&Exact::millionths(cost));
    margin.compare(&total.times(&Exact::percent(least))).is_ge()
}

/// The margin in hundredths of a percent of the net total, rounded down.
fn margin_percent(content: &Content) -> Option<Micros> {
    let margin = content.total.checked_sub(content.cost?)?.checked_mul(100)?;
    Exact::ratio(margin, content.total).ok()?.round(Micros(10_000), RoundingMode::Down).ok()
}
