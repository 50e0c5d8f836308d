//! How much may whoever has a role concede by itself?

use std::collections::BTreeMap;

use crate::policy::syntax::{At, Authority, AuthorityRole, Policy};

use super::fields::Fields;
use super::reading::Reading;
use super::tree::Child;
use super::values;

const KEYS: &[&str] = &["role", "concession", "margin"];

pub(super) fn authority(child: &Child, r: &mut Reading<'_>) -> Option<Authority> {
    let fields = Fields::read(child, "authority", KEYS, r)?;
    let words = [AuthorityRole::Quote, AuthorityRole::Approve].map(|role| (role.word(), role));
    let role = fields.needed("role", r, |key, child, r| values::word(key, child, &words, r));
    let concession = fields.needed("concession", r, values::percent_off);
    let margin = fields.optional("margin", r, values::percent_below_100);
    Some(Authority { role: role?, concession: concession?, margin, at: child.at })
}

/// A role has one authority.
pub(super) fn check_roles(policy: &Policy, r: &mut Reading<'_>) {
    let mut roles: BTreeMap<AuthorityRole, At> = BTreeMap::new();
    for Authority { role, at, .. } in &policy.authority {
        match roles.get(role) {
            Some(there) => {
                let message = format!(
                    "authority: the role \"{}\" stands twice: before at {}",
                    role.word(),
                    r.place(*there)
                );
                r.hinted(*at, "duplicate-role", message, "write one of them");
            }
            None => {
                roles.insert(*role, *at);
            }
        }
    }
}
