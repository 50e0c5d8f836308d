//! May a limit be held? Asked on the writer's thread of the newest state, so that two holds never take the same remainder; and what
//! does a document use of limits, and take off a hold?

use std::collections::BTreeMap;

use crate::domain::decimal::{MAX_WHOLE, MILLION, Micros};
use crate::domain::ids::{ContractId, SequenceNo};
use crate::engine::error::RecordError;
use crate::engine::ledger::loyalty::Moved;
use crate::engine::ledger::records::stored;
use crate::engine::log::LogEntry;
use crate::engine::records::pack;
use crate::engine::view::View;
use crate::ledger::document::{Document, RuleUse};
use crate::store::{Batch, Family, Store};

use super::records::{
    LimitAct, LimitHold, LimitMove, TakenOff, hold_key, open, put_open, put_used, taken_key,
};
use super::refusal::{LimitRefusal, NotHeld, WhyNot};
use super::standing::left_of;

/// What is to be done with a hold.
pub(in crate::engine) struct LimitAsk {
    pub(in crate::engine) contract: ContractId,
    pub(in crate::engine) hold: String,
    /// What is to be held, in the order of rules' ids; nothing where it is to be given up.
    pub(in crate::engine) held: Option<Vec<RuleUse>>,
}

/// What became of it.
pub(in crate::engine) type LimitAnswer = Result<Moved, LimitRefusal>;

/// What the commands of one group wrote, which the store does not have yet.
#[derive(Default, Clone)]
pub(in crate::engine) struct LimitDesk {
    holds: BTreeMap<String, LimitHold>,
    taken: BTreeMap<(ContractId, String), TakenOff>,
}

impl LimitDesk {
    /// The group was committed, or it was not: either way the store says what there is.
    pub(in crate::engine) fn ended(&mut self) {
        self.holds.clear();
        self.taken.clear();
    }

    /// Places a hold or gives it up, or says why not. Where it fails, nothing was written.
    pub(in crate::engine) fn take(
        &mut self,
        store: &Store,
        view: &mut View,
        asked: LimitAsk,
        batch: &mut Batch,
    ) -> Result<LimitAnswer, RecordError> {
        let LimitAsk { contract, hold, held } = asked;
        let known = self.hold(store, &hold)?;
        let taken = self.taken(store, contract, &hold)?;
        let act = match (held, known) {
            (None, Some(LimitHold { released: Some(moved), .. })) => return Ok(Ok(moved)),
            (None, Some(_)) => LimitAct::Released,
            (None, None) => return Ok(Err(LimitRefusal::UnknownHold { id: hold })),
            (Some(uses), Some(known)) => {
                let same = known.contract == contract && known.uses == uses;
                return Ok(if same { Ok(known.placed) } else { Err(LimitRefusal::Reused { id: hold }) });
            }
            (Some(uses), None) => match lacking(view, (contract, &hold), &uses, &taken) {
                lacking if lacking.is_empty() => LimitAct::Held(uses),
                lacking => return Ok(Err(LimitRefusal::NotLeft(lacking))),
            },
        };
        view.position = SequenceNo(view.position.0 + 1);
        let moved = Moved { position: view.position, at: view.command_time };
        self.apply(store, view, LimitMove { contract, hold, act, moved }, batch)?;
        Ok(Ok(moved))
    }

    /// Lets a quote's hold keep these uses, in the order of rules' ids, in place of those before; with none it is given up. The
    /// quote sees to it that this is asked once.
    pub(in crate::engine) fn set(
        &mut self,
        store: &Store,
        view: &mut View,
        (contract, hold, uses): (ContractId, &str, Vec<RuleUse>),
        batch: &mut Batch,
    ) -> Result<Result<(), LimitRefusal>, RecordError> {
        let known = self.hold(store, hold)?;
        let act = if uses.is_empty() {
            if known.is_none_or(|known| known.released.is_some()) {
                return Ok(Ok(()));
            }
            LimitAct::Released
        } else {
            let taken = self.taken(store, contract, hold)?;
            let lacking = lacking(view, (contract, hold), &uses, &taken);
            if !lacking.is_empty() {
                return Ok(Err(LimitRefusal::NotLeft(lacking)));
            }
            LimitAct::Held(uses)
        };
        view.position = SequenceNo(view.position.0 + 1);
        let moved = Moved { position: view.position, at: view.command_time };
        self.apply(store, view, LimitMove { contract, hold: hold.to_owned(), act, moved }, batch)?;
        Ok(Ok(()))
    }

    /// Puts a move where the log says. Where it fails, nothing was written.
    pub(in crate::engine) fn apply(
        &mut self,
        store: &Store,
        view: &mut View,
        made: LimitMove,
        batch: &mut Batch,
    ) -> Result<(), RecordError> {
        let LimitMove { contract, hold, act, moved } = &made;
        let record = match act {
            LimitAct::Held(uses) => {
                let (contract, uses) = (*contract, uses.clone());
                Some(LimitHold { contract, uses, placed: *moved, released: None })
            }
            LimitAct::Released => {
                self.hold(store, hold)?.map(|known| LimitHold { released: Some(*moved), ..known })
            }
        };
        let taken = self.taken(store, *contract, hold)?;
        if let Some(record) = record {
            batch.put(Family::Documents, &hold_key(hold), &pack(&record));
            keep(view, (hold, &record), &taken, batch);
            self.holds.insert(hold.clone(), record);
        }
        batch.put_log(moved.position.0, &pack(&LogEntry::Limit(made)));
        Ok(())
    }

    /// Counts what a document used, and takes it off the hold of the quote that it follows. What comes back is not held again.
    pub(in crate::engine) fn count(
        &mut self,
        store: &Store,
        view: &mut View,
        document: &Document,
        batch: &mut Batch,
    ) -> Result<(), RecordError> {
        if document.uses.is_empty() {
            return Ok(());
        }
        let contract = document.contract;
        for (rule, used) in document.adds_to_uses() {
            let used = view.uses.use_of(contract, rule, used);
            put_used(batch, contract, rule, used);
        }
        let Some(quote) = document.quote.as_deref().filter(|_| !document.kind.takes_back()) else {
            return Ok(());
        };
        let mut taken = self.taken(store, contract, quote)?;
        for (rule, used) in document.adds_to_uses() {
            *taken.entry(rule.to_owned()).or_default() += used;
        }
        taken.retain(|_, taken| *taken != 0);
        batch.put(Family::Documents, &taken_key(contract, quote), &pack(&taken));
        if let Some(record) = self.hold(store, quote)?.filter(|record| record.contract == contract) {
            keep(view, (quote, &record), &taken, batch);
        }
        self.taken.insert((contract, quote.to_owned()), taken);
        Ok(())
    }

    fn hold(&self, store: &Store, id: &str) -> Result<Option<LimitHold>, RecordError> {
        match self.holds.get(id) {
            Some(known) => Ok(Some(known.clone())),
            None => stored(store, &hold_key(id)),
        }
    }

    /// What documents that follow a quote took.
    fn taken(&self, store: &Store, contract: ContractId, quote: &str) -> Result<TakenOff, RecordError> {
        match self.taken.get(&(contract, quote.to_owned())) {
            Some(known) => Ok(known.clone()),
            None => Ok(stored(store, &taken_key(contract, quote))?.unwrap_or_default()),
        }
    }
}

/// Lets a hold keep what is left of it.
fn keep(view: &mut View, (id, record): (&str, &LimitHold), taken: &TakenOff, batch: &mut Batch) {
    let left = record.open(taken);
    view.uses.keep(record.contract, id, &left);
    put_open(batch, record.contract, id, &left);
}

/// The rules that stand in the way of a hold. What documents have taken under its id already need not be left any more.
fn lacking(
    view: &View,
    (contract, hold): (ContractId, &str),
    uses: &[RuleUse],
    taken: &TakenOff,
) -> Vec<NotHeld> {
    let policy = &view.policy.0;
    let contract = view.catalogue.contract(contract);
    let program = contract.and_then(|contract| policy.program_in_force(contract, &view.catalogue));
    let lacks = |of: &RuleUse| {
        let number = policy.rule_by_id(&of.rule).ok_or(WhyNot::UnknownRule)?;
        let limit = policy.rule(number).and_then(|rule| rule.limit.as_ref()).ok_or(WhyNot::NoLimit)?;
        let is_for = program.as_ref().is_some_and(|program| program.limited().contains(&number));
        let contract = contract.filter(|_| is_for).ok_or(WhyNot::NotForContract)?;
        let left = left_of(&view.uses, (contract.id, &of.rule), limit, hold);
        match open(of, taken) {
            needed if needed > i128::from(left.0) => Err(WhyNot::Left { left }),
            _ => Ok(()),
        }
    };
    let one = |(place, of): (usize, &RuleUse)| {
        let RuleUse { rule, used } = of;
        lacks(of).err().map(|why| NotHeld { place, rule: rule.clone(), asked: *used, why })
    };
    uses.iter().enumerate().filter_map(one).collect()
}

/// Rules that a document used limits of and of which the policy in force has none.
pub(in crate::engine) fn without_limit(view: &View, document: &Document) -> Vec<String> {
    let policy = &view.policy.0;
    let limited = |of: &&RuleUse| {
        let rule = policy.rule_by_id(&of.rule).and_then(|number| policy.rule(number));
        rule.is_none_or(|rule| rule.limit.is_none())
    };
    document.uses.iter().filter(limited).map(|of| of.rule.clone()).collect()
}

/// An amount that can be held.
pub(super) fn check(of: &RuleUse) -> Result<(), WhyNot> {
    match of.used {
        used if used <= Micros::ZERO => Err(WhyNot::NotPositive),
        used if used.0 / MILLION > MAX_WHOLE => Err(WhyNot::TooLarge),
        _ => Ok(()),
    }
}
