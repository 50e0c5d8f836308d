//! What do the layers work on? The priced lines of a cart, and everything that is the same for all of them.

use std::borrow::Cow;

use crate::domain::decimal::Micros;
use crate::domain::exact::{Exact, NumberError};
use crate::domain::ids::{ListId, SkuId};
use crate::policy::compiled::{Applicable, CartFacts, ClassNo, PointsNo, Program, Standing, UnitRef};
use crate::policy::syntax::Presentation;
use crate::policy::syntax::Service;
use crate::policy::{CompiledPolicy, RuleNo, ServiceNo};
use crate::pricing::asking::{Terms, Trouble};
use crate::pricing::cart::LineNotice;
use crate::pricing::losers::{RuleLoser, RuleLoss};
use crate::pricing::order::Order;
use crate::pricing::points::PointsOffered;
use crate::pricing::request::LineDetails;
use crate::pricing::settle::Coins;
use crate::pricing::waterfall::{Cause, Layer, Step};

use super::before::Before;
use super::running::{Running, as_amount};
use super::trace::Trace;

/// What is the same for all lines.
pub(in crate::pricing) struct Cart<'a> {
    pub(in crate::pricing) terms: &'a Terms<'a>,
    pub(in crate::pricing) policy: &'a CompiledPolicy,
    pub(in crate::pricing) program: &'a Program,
    pub(in crate::pricing) standing: &'a Standing,
    pub(in crate::pricing) coins: &'a Coins,
    pub(in crate::pricing) facts: CartFacts<'a>,
    pub(in crate::pricing) before: Before<'a>,
    /// Points that are a discount, by programme.
    pub(in crate::pricing) points: &'a [PointsOffered],
}

/// A service that a line asks for.
#[derive(Debug)]
pub(in crate::pricing) struct Asked<'a> {
    pub(in crate::pricing) number: ServiceNo,
    pub(in crate::pricing) service: &'a Service,
    /// How many of what it is priced by.
    pub(in crate::pricing) count: Exact,
    /// What rules left of its price, one after another.
    pub(in crate::pricing) lowered: Vec<Lowered>,
    /// In whole coins, once added.
    pub(in crate::pricing) amount: Micros,
}

/// What a rule left of a service's price.
#[derive(Debug)]
pub(in crate::pricing) struct Lowered {
    pub(in crate::pricing) rule: RuleNo,
    pub(in crate::pricing) price: Exact,
    /// The rule's rate, for people.
    pub(in crate::pricing) rate: Micros,
}

impl Asked<'_> {
    /// Its price as rules left it.
    pub(in crate::pricing) fn price(&self) -> Exact {
        self.lowered.last().map_or_else(|| Exact::from(self.service.price), |by| by.price.clone())
    }
}

impl Cart<'_> {
    /// When a rule takes its turn: with its exclusive group where it is in one.
    #[inline]
    pub(in crate::pricing) fn turn(&self, number: RuleNo) -> (RuleNo, RuleNo) {
        let group = self.policy.compiled(number).and_then(|rule| rule.exclusive);
        (group.and_then(|group| self.program.turn_of(group)).unwrap_or(number), number)
    }
}

/// A line that has a contract price.
#[derive(Debug)]
pub(in crate::pricing) struct Line<'a> {
    /// Its place in the cart.
    pub(in crate::pricing) position: u32,
    /// Its id, which decides ties.
    pub(in crate::pricing) id: &'a str,
    pub(in crate::pricing) order: &'a Order,
    pub(in crate::pricing) quantity: Exact,
    pub(in crate::pricing) class: ClassNo,
    pub(in crate::pricing) applicable: Option<&'a Applicable>,
    pub(in crate::pricing) details: Option<&'a LineDetails<'a>>,
    pub(in crate::pricing) no_discount: bool,
    pub(in crate::pricing) list: Option<(ListId, Running)>,
    pub(in crate::pricing) contract: Running,
    /// What entered the layer at work.
    pub(in crate::pricing) entering: Running,
    pub(in crate::pricing) running: Running,
    /// What its unit price is rounded in, see [`Running::of_quote`].
    pub(in crate::pricing) rounded_in: Option<Exact>,
    /// Its rules of the layer at work, in their order, and how far it is in them.
    pub(in crate::pricing) rules: Cow<'a, [RuleNo]>,
    pub(in crate::pricing) next: usize,
    /// The rule that ended the layer for it.
    pub(in crate::pricing) stopped: Option<RuleNo>,
    /// Rules that gave it something, where a guard asks.
    pub(in crate::pricing) given: Vec<RuleNo>,
    /// What few lines have.
    pub(in crate::pricing) extra: Extra<'a>,
    /// It came to a figure that does not fit: it is taken out.
    pub(in crate::pricing) overflowed: bool,
}

/// What few lines have, kept apart so that the lines of a cart stay close together.
#[derive(Debug, Default)]
pub(in crate::pricing) struct Extra<'a>(Option<Box<Extras<'a>>>);

/// What a line has beside its goods and their discounts.
#[derive(Debug)]
pub(in crate::pricing) struct Extras<'a> {
    /// What it ran at before surcharges.
    pub(in crate::pricing) discounted: Option<Exact>,
    /// The services that it asks for.
    pub(in crate::pricing) services: Vec<Asked<'a>>,
    /// What those come to that were added so far, in whole coins.
    pub(in crate::pricing) served: Micros,
    /// What guards gave back so far.
    pub(in crate::pricing) given_back: Exact,
    /// A floor that rounding must not breach.
    pub(in crate::pricing) floor: Option<Exact>,
    /// What points took off it, by programme, in whole coins.
    pub(in crate::pricing) points: Vec<(PointsNo, Micros)>,
    /// What negotiation took off it, and of how much, in whole coins.
    pub(in crate::pricing) conceded: (Micros, Micros),
}

impl<'a> Extra<'a> {
    /// What it has, where it has anything.
    #[inline]
    pub(in crate::pricing) fn get(&self) -> Option<&Extras<'a>> {
        self.0.as_deref()
    }

    /// The same, to be changed.
    pub(in crate::pricing) fn get_mut(&mut self) -> Option<&mut Extras<'a>> {
        self.0.as_deref_mut()
    }

    /// The same, made where there is nothing yet.
    pub(in crate::pricing) fn make(&mut self) -> &mut Extras<'a> {
        self.0.get_or_insert_with(|| {
            Box::new(Extras {
                discounted: None,
                services: Vec::new(),
                served: Micros::ZERO,
                given_back: Exact::ZERO,
                floor: None,
                points: Vec::new(),
                conceded: (Micros::ZERO, Micros::ZERO),
            })
        })
    }

    /// The services that the line asks for.
    pub(in crate::pricing) fn services(&self) -> &[Asked<'a>] {
        self.get().map_or(&[], |extra| &extra.services)
    }

    /// What its services come to so far, in whole coins.
    pub(in crate::pricing) fn served(&self) -> Micros {
        self.get().map_or(Micros::ZERO, |extra| extra.served)
    }
}

/// Why a rule gives nothing, or the line cannot go on.
#[derive(Debug)]
pub(in crate::pricing) enum Miss {
    Lost(RuleLoss),
    Trouble(Trouble),
}

impl From<NumberError> for Miss {
    fn from(error: NumberError) -> Self {
        Self::Trouble(error.into())
    }
}

impl From<Trouble> for Miss {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl<'a> Line<'a> {
    /// The running amount, unrounded.
    pub(in crate::pricing) fn amount(&self) -> Exact {
        self.running.amount(&self.quantity)
    }

    /// The running amount once its unit price was rounded.
    pub(in crate::pricing) fn rounded_amount(&self, coins: &Coins) -> Result<Exact, NumberError> {
        as_amount(coins, &self.running, self.rounded_in.as_ref(), &self.quantity)
    }

    /// What it ran at before surcharges, where it has any; what it runs at otherwise.
    pub(in crate::pricing) fn before_surcharges(&self) -> Exact {
        let discounted = self.extra.get().and_then(|extra| extra.discounted.clone());
        discounted.unwrap_or_else(|| self.amount())
    }

    /// The warehouse that it leaves from: its own, or the cart's.
    pub(in crate::pricing) fn warehouse(&self, cart: &Cart<'a>) -> &'a str {
        let own = self.details.map(|details| details.warehouse).filter(|own| !own.is_empty());
        own.unwrap_or(cart.facts.circumstances.warehouse)
    }

    /// Its fulfilment: its own, or the cart's.
    pub(in crate::pricing) fn fulfilment(&self, cart: &Cart<'a>) -> &'a str {
        let own = self.details.map(|details| details.fulfilment).filter(|own| !own.is_empty());
        own.unwrap_or(cart.facts.circumstances.fulfilment)
    }

    /// Must it be taken through its rules of the layer at work before `until` has its turn?
    #[inline]
    pub(in crate::pricing) fn is_due(&self, until: Option<RuleNo>) -> bool {
        self.rules.get(self.next).is_some_and(|next| Some(*next) != until)
    }

    /// Notes that a rule gave it something, where that is asked for later.
    pub(in crate::pricing) fn gave<T: Trace>(&mut self, cart: &Cart<'_>, rule: RuleNo, _trace: &T) {
        if T::LISTENS || cart.program.watches_rules {
            self.given.push(rule);
        }
    }

    /// How many of a unit one ordered unit is; none where the SKU does not convert.
    pub(in crate::pricing) fn units_of(&self, cart: &Cart<'_>, unit: UnitRef) -> Option<Exact> {
        let factor = match unit {
            UnitRef::Base => crate::domain::unit::Factor::ONE,
            UnitRef::Unit(unit) if unit == self.order.unit => return Some(Exact::ONE),
            UnitRef::Unit(unit) => cart.terms.catalogue.sku(self.order.sku)?.factor(unit)?,
            UnitRef::Unknown => return None,
        };
        self.order.factor.in_terms_of(factor).ok()
    }

    /// A characteristic: the line's own, what it weighs under the name `weight`, or the SKU's attribute.
    pub(in crate::pricing) fn characteristic(&self, cart: &Cart<'_>, name: &str) -> Option<String> {
        let own =
            self.details.and_then(|details| details.attributes.iter().find(|(known, _)| *known == name));
        if let Some((_, value)) = own {
            return Some((*value).to_owned());
        }
        if let Some((weight, _)) =
            self.details.and_then(|details| details.weight).filter(|_| name == "weight")
        {
            return Some(weight.to_string());
        }
        cart.terms.catalogue.sku(self.order.sku)?.attributes.get(name).cloned()
    }

    /// A characteristic as a number.
    pub(in crate::pricing) fn number(&self, cart: &Cart<'_>, name: &str) -> Option<Micros> {
        Micros::parse(&self.characteristic(cart, name)?).ok()
    }

    /// Tells a step from `before` to where the line runs now.
    pub(in crate::pricing) fn tell<T: Trace>(
        &self,
        coins: &Coins,
        (layer, cause, shown_as): (Layer, Cause, Presentation),
        before: &Exact,
        (taken_of, rate): (Option<&Exact>, Micros),
        trace: &mut T,
    ) -> Result<(), NumberError> {
        if !T::LISTENS {
            return Ok(());
        }
        let served = self.extra.served();
        let base = Micros(coins.amount(before)?.0.checked_add(served.0).ok_or(NumberError::Overflow)?);
        let after = coins.amount(&self.amount())?.0.checked_add(served.0).ok_or(NumberError::Overflow)?;
        let amount = Micros(after.checked_sub(base.0).ok_or(NumberError::Overflow)?);
        let taken_of = taken_of.map_or(Ok(Micros::ZERO), |base| coins.amount(base))?;
        trace.step(self.position, Step { layer, cause, base, amount, taken_of, rate, shown_as });
        Ok(())
    }

    /// Tells that a rule gave nothing.
    pub(in crate::pricing) fn lose<T: Trace>(&self, rule: RuleNo, reason: RuleLoss, trace: &mut T) {
        if T::LISTENS {
            trace.loser(RuleLoser { line: self.position, rule, reason });
        }
    }
}

/// What must be told of lines, as it is found.
pub(in crate::pricing) type Notices = Vec<(u32, LineNotice)>;

/// A SKU's own unit cost in the contract's currency, for one base unit; none where unknown or not convertible.
pub(in crate::pricing) fn unit_cost(cart: &Cart<'_>, sku: SkuId) -> Option<Exact> {
    let (cost, currency) = cart.terms.catalogue.sku(sku)?.unit_cost?;
    let rate = cart.terms.catalogue.market.rate(currency, cart.terms.contract.currency, cart.terms.at)?;
    Some(Exact::from(cost).times(&rate.exact().ok()?))
}
