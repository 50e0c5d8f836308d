//! How much is left of the limited benefits of a contract?

use std::sync::Arc;

use crate::domain::contract::Contract;
use crate::domain::decimal::Micros;
use crate::domain::ids::ContractId;
use crate::engine::Engine;
use crate::engine::caller::{Caller, Role};
use crate::engine::error::{LedgerError, PriceError};
use crate::engine::view::View;
use crate::policy::compiled::Program;
use crate::policy::syntax::Limit;
use crate::policy::{CompiledPolicy, RuleNo};
use crate::pricing::request::Bought;

use super::uses::{Gone, Uses};

/// Where a limit stands for a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitStanding {
    /// The rule.
    pub rule: RuleNo,
    /// What is gone of it by all whom it is shared by: the contract alone, or all contracts.
    pub gone: Gone,
    /// What is gone of it by the contract itself.
    pub own: Gone,
    /// What is left.
    pub left: Micros,
}

/// What is gone of a limit for a contract, but for what a hold of its own keeps.
fn gone(uses: &Uses, (contract, rule): (ContractId, &str), limit: &Limit, hold: &str) -> i128 {
    let gone = if limit.overall { uses.overall(rule) } else { uses.of(contract, rule) };
    gone.all() - uses.open(contract, hold, rule)
}

/// What is left of a limit, the same way.
pub(super) fn left_of(uses: &Uses, of: (ContractId, &str), limit: &Limit, hold: &str) -> Micros {
    let left = (i128::from(limit.most.0) - gone(uses, of, limit, hold)).max(0);
    Micros(i64::try_from(left).unwrap_or(i64::MAX))
}

/// The limited rules of a program, by their numbers.
fn limited<'p>(
    policy: &'p CompiledPolicy,
    program: &'p Program,
) -> impl Iterator<Item = (RuleNo, &'p str, &'p Limit)> {
    program.limited().iter().filter_map(|number| {
        let rule = policy.rule(*number)?;
        Some((*number, rule.id.as_str(), rule.limit.as_ref()?))
    })
}

/// Tells pricing what is gone of the limits of a program, but for what the hold keeps that the cart is about.
pub(in crate::engine) fn tell_gone(
    uses: &Uses,
    (view, contract, program): (&View, &Contract, &Program),
    hold: &str,
    bought: &mut Bought,
) {
    for (number, rule, limit) in limited(&view.policy.0, program) {
        bought.put_used(number, gone(uses, (contract.id, rule), limit, hold));
    }
}

impl Engine {
    /// Where the limited benefits of a contract stand by the policy in force, in the order in which rules take their turn; and the
    /// view that the answer is from.
    ///
    /// # Errors
    /// Where the caller may not know, or the contract is unknown.
    pub fn limits(
        &self,
        caller: &Caller,
        contract: &str,
    ) -> Result<(Vec<LimitStanding>, Arc<View>), LedgerError> {
        caller.require(Role::Price)?;
        let view = self.view();
        let unknown = || PriceError::UnknownContract { contract: contract.to_owned() };
        let contract = caller.contract(&view.catalogue, contract).ok_or_else(unknown)?;
        let policy = &view.policy.0;
        let program = policy.program_in_force(contract, &view.catalogue);
        let stands = |(number, rule, limit): (RuleNo, &str, &Limit)| {
            let own = view.uses.of(contract.id, rule);
            let gone = if limit.overall { view.uses.overall(rule) } else { own };
            let left = left_of(&view.uses, (contract.id, rule), limit, "");
            LimitStanding { rule: number, gone, own, left }
        };
        let standings = match &program {
            Some(program) => limited(policy, program).map(stands).collect(),
            None => Vec::new(),
        };
        Ok((standings, Arc::clone(&view)))
    }
}
