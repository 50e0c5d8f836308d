//! Which compiled policy does a view have? That of the newest version it has seen, compiled for its own catalogue and rows.

use std::sync::Arc;

use crate::domain::catalogue::{Catalogue, Named};
use crate::domain::ids::{ListId, PublicationNo};
use crate::policy::read::read;
use crate::policy::syntax::Policy;
use crate::policy::{CompiledPolicy, PolicyInForce};
use crate::store::Store;

use super::change::{Change, Compiled, DataChange};
use super::error::{PriceError, RecordError};
use super::list_skus::ListSkus;
use super::policy::{PolicyFile, records, sources};
use super::records::damaged;
use super::view::View;

/// Stands for the number of a publication that has not taken one yet.
const NO_NUMBER_YET: PublicationNo = PublicationNo(u64::MAX);

/// The policy of the view that a change will make of `before`: that of `before` as it is, where nothing that its
/// compiled form rests on has changed; else what becomes of it.
pub(super) fn follow(store: &Store, before: &View, change: &Change) -> Result<Compiled, PriceError> {
    let version = before.policy.0.version;
    let policy = match change {
        Change::Policy(change) => compile(store, before, version.saturating_add(1), change.policy.clone())?,
        Change::Data(change) if rests_on(before, change) => {
            let mut after = before.clone();
            change.apply(&mut after, NO_NUMBER_YET);
            let lists = ListSkus::new(store, &after, change.inline());
            let (old, new) = (&before.catalogue, &after.catalogue);
            let compiled = before.policy.0.follow(old, new, &lists, &|list| change.touches(list));
            lists.sound()?;
            PolicyInForce(Arc::new(compiled))
        }
        Change::Data(_) => before.policy.clone(),
    };
    Ok(Compiled { policy, data_at: before.data_at, after_version: version })
}

/// Does the compiled policy rest on anything that the change changes?
fn rests_on(before: &View, change: &DataChange) -> bool {
    let policy = &before.policy.0;
    let lists = &change.catalogue.lists;
    let mut named =
        policy.policy().lists_of_members().into_iter().filter_map(|code| lists.number(code)).map(ListId);
    policy.version > 0
        && (differs(&before.catalogue, &change.catalogue) || named.any(|list| change.touches(list)))
}

/// Is any record another, or its page written anew?
fn differs(before: &Catalogue, after: &Catalogue) -> bool {
    fn moved<T: Clone>(before: &Named<T>, after: &Named<T>) -> bool {
        after.records().changed_since(before.records()).next().is_some()
    }
    !Arc::ptr_eq(&before.market, &after.market)
        || moved(&before.units, &after.units)
        || moved(&before.categories, &after.categories)
        || moved(&before.brands, &after.brands)
        || moved(&before.skus, &after.skus)
        || moved(&before.lists, &after.lists)
        || moved(&before.counterparties, &after.counterparties)
        || moved(&before.contracts, &after.contracts)
}

fn compile(store: &Store, view: &View, version: u64, policy: Policy) -> Result<PolicyInForce, PriceError> {
    let lists = ListSkus::new(store, view, &[]);
    let compiled = CompiledPolicy::new(version, policy, &view.catalogue, &lists);
    lists.sound()?;
    Ok(PolicyInForce(Arc::new(compiled)))
}

/// The policy of a view that was just read: the newest version that is not newer than it.
pub(super) fn load(store: &Store, view: &View) -> Result<PolicyInForce, RecordError> {
    let Some(version) = records::version_at(store, view.publication)? else {
        return Ok(PolicyInForce::default());
    };
    let policy = stored(store, version.version)?;
    compile(store, view, version.version, policy).map_err(|error| match error {
        PriceError::Storage(error) => RecordError::Storage(error),
        error => damaged(&format!("of policy version {}: {error}", version.version)),
    })
}

/// An older version, compiled for the catalogue and rows of a view.
pub(super) fn of_version(store: &Store, view: &View, version: u64) -> Result<PolicyInForce, PriceError> {
    compile(store, view, version, stored(store, version)?)
}

/// What the files of a version say.
pub(super) fn stored(store: &Store, version: u64) -> Result<Policy, RecordError> {
    let files = records::files(store, version)?;
    let files: Vec<PolicyFile> = files.ok_or_else(|| damaged(&format!("of policy version {version}")))?;
    read(&sources(&files)).map_err(|findings| {
        let first = findings.first().map_or(String::new(), |finding| finding.told(&[]));
        damaged(&format!("of policy version {version}, which this quoin can't read ({first}),"))
    })
}
