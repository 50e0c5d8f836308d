//! How are limits held and released? By the caller's ids, each once.

use std::collections::BTreeSet;

use crate::domain::ids::check_external_id;
use crate::domain::limits;
use crate::engine::Engine;
use crate::engine::caller::{Caller, Role};
use crate::engine::error::{LedgerError, PriceError};
use crate::engine::ledger::loyalty::Moved;
use crate::engine::ledger::records::stored;
use crate::ledger::document::RuleUse;
use crate::quotes::number::QuoteNo;

use super::desk::{LimitAsk, check};
use super::records::{LimitHold, hold_key};
use super::refusal::{LimitRefusal, NotHeld, WhyNot};

/// Limits that are to be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoldLimits<'a> {
    /// The caller's id of the hold: that of the quote whose documents take off it.
    pub id: &'a str,
    /// External id of the contract.
    pub contract: &'a str,
    /// How much of which rules, each once, in any order.
    pub uses: &'a [RuleUse],
}

impl Engine {
    /// Holds what is left of limits, so that no other hold takes it: all that is asked for, or nothing. The same hold again changes
    /// nothing and gets its first answer. Returns once it is durable and seen by every later request.
    ///
    /// # Errors
    /// Where the caller may not, the contract is unknown, not enough is left, or it could not be committed.
    pub fn hold_limits(&self, caller: &Caller, asked: HoldLimits<'_>) -> Result<Moved, LedgerError> {
        caller.require(Role::Post)?;
        check_asked(asked)?;
        let view = self.view();
        let unknown = || PriceError::UnknownContract { contract: asked.contract.to_owned() };
        let contract = caller.contract(&view.catalogue, asked.contract).ok_or_else(unknown)?.id;
        let mut uses = asked.uses.to_vec();
        uses.sort_by(|a, b| a.rule.cmp(&b.rule));
        let answer =
            self.writer.hold_limits(LimitAsk { contract, hold: asked.id.to_owned(), held: Some(uses) })?;
        answer.map_err(|refusal| in_order_of(asked.uses, refusal).into())
    }

    /// Gives a hold up: what it still keeps is there for others. Releasing it again changes nothing.
    ///
    /// # Errors
    /// Where the caller may not, the hold is unknown, or it could not be committed.
    pub fn release_limits(&self, caller: &Caller, hold: &str) -> Result<Moved, LedgerError> {
        caller.require(Role::Post)?;
        let unknown = || LimitRefusal::UnknownHold { id: hold.to_owned() };
        let known: LimitHold = stored(&self.store, &hold_key(hold))?.ok_or_else(unknown)?;
        let view = self.view();
        let contract = view.catalogue.contract(known.contract).ok_or_else(unknown)?;
        if !caller.may_see(contract, &view.catalogue) {
            return Err(unknown().into());
        }
        let (contract, hold) = (known.contract, hold.to_owned());
        Ok(self.writer.hold_limits(LimitAsk { contract, hold, held: None })??)
    }
}

fn check_asked(asked: HoldLimits<'_>) -> Result<(), LimitRefusal> {
    if let Err(why) = check_external_id(asked.id) {
        return Err(LimitRefusal::BadId { id: asked.id.to_owned(), why: why.to_string() });
    }
    if QuoteNo::parse(asked.id).is_ok() {
        let why = "is a quote's number, which holds what it uses by itself: take another".to_owned();
        return Err(LimitRefusal::BadId { id: asked.id.to_owned(), why });
    }
    let (found, most) = (asked.uses.len(), limits::DOCUMENT_USES);
    if found == 0 || found > most {
        return Err(LimitRefusal::Count { found, most });
    }
    let mut named = BTreeSet::new();
    let mut bad = Vec::new();
    for (place, of) in asked.uses.iter().enumerate() {
        let rule = match check_external_id(&of.rule) {
            Err(why) => Err(WhyNot::BadId(why.to_string())),
            Ok(()) if !named.insert(&of.rule) => Err(WhyNot::Twice),
            Ok(()) => Ok(()),
        };
        for why in [rule, check(of)].into_iter().filter_map(Result::err) {
            bad.push(NotHeld { place, rule: of.rule.clone(), asked: of.used, why });
        }
    }
    if bad.is_empty() { Ok(()) } else { Err(LimitRefusal::Bad(bad)) }
}

/// Rules are named in the order in which they were asked for.
fn in_order_of(asked: &[RuleUse], refusal: LimitRefusal) -> LimitRefusal {
    let LimitRefusal::NotLeft(mut rules) = refusal else { return refusal };
    for rule in &mut rules {
        rule.place = asked.iter().position(|of| of.rule == rule.rule).unwrap_or(rule.place);
    }
    rules.sort_by_key(|rule| rule.place);
    LimitRefusal::NotLeft(rules)
}
