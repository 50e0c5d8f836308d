//! How much may several retro-bonus agreements give together?

use crate::policy::syntax::{BonusCap, MostOf, Policy};

use super::agreement::named_agreements;
use super::fields::Fields;
use super::reading::{Noun, Reading, show};
use super::rule::{id, name};
use super::tree::Child;
use super::values;

const KEYS: &[&str] = &["id", "name", "agreements", "most", "most_percent"];

pub(super) fn bonus_cap(child: &Child, r: &mut Reading<'_>) -> Option<BonusCap> {
    let fields = Fields::of(child, "bonus cap", KEYS, r)?;
    let id = id(&fields, Noun::BonusCap, r);
    let name = name(&fields, id.as_ref(), r);
    let agreements = fields.need("agreements", r).map(|child| named_agreements("agreements", child, r));
    let most = match fields.one_of(&["most", "most_percent"], "one-most", r)? {
        "most" => fields.optional("most", r, values::positive).map(MostOf::Amount),
        _ => fields.optional("most_percent", r, values::percent_off).map(MostOf::Percent),
    };
    let (id, agreements) = (id.unwrap_or_default(), agreements?);
    Some(BonusCap { id, name, agreements, most: most?, at: child.at })
}

/// What is capped together is of one period and currency.
pub(super) fn check_periods(policy: &Policy, r: &mut Reading<'_>) {
    for cap in &policy.bonus_caps {
        let agreement = |id: &str| policy.agreements.iter().find(|agreement| agreement.id == id);
        let of = |id: &str| {
            agreement(id)
                .map(|one| (one.period.length, one.period.calendar, one.currency.or(policy.currency)))
        };
        let mut known = cap.agreements.iter().filter_map(|(id, at)| Some((id, *at, of(id)?)));
        let Some((first, _, kind)) = known.next() else { continue };
        for (other, at, _) in known.filter(|(_, _, other)| *other != kind) {
            let message = format!(
                "bonus cap {}: the agreements {} and {} have not the same periods and currency",
                show(&cap.id),
                show(first),
                show(other)
            );
            r.hinted(at, "cap-over-periods", message, "cap those of each period apart");
        }
    }
}
