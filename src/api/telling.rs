//! With what is an answer told? Names from catalogue and policy, for one audience, in its language.

use crate::domain::catalogue::Catalogue;
use crate::domain::currency::Currency;
use crate::domain::decimal::Micros;
use crate::domain::ids::{ListId, SkuId, UnitId};
use crate::domain::language::Language;
use crate::policy::compiled::PointsNo;
use crate::policy::syntax::{Measure, Rule, RuleMeasure, Text};
use crate::policy::{CompiledPolicy, GuardNo, RuleNo, ServiceNo, ShownNo};
use crate::pricing::cart::PricedCart;

/// For whom an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Audience {
    /// In which language.
    pub language: Language,
    /// May costs, margins and floors be told?
    pub sees_costs: bool,
}

/// What an answer is told with.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    /// Names of what is not of the policy.
    pub catalogue: &'a Catalogue,
    /// Names of the policy.
    pub policy: &'a CompiledPolicy,
    /// Of the answer's figures.
    pub currency: Currency,
    /// For whom.
    pub audience: Audience,
}

/// A rule, service or guard, as programs and as people know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Named<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its name in the audience's language; the id where it has none.
    pub name: &'a str,
}

impl<'a> Telling<'a> {
    /// What `cart` is told with.
    #[must_use]
    pub fn of(cart: &'a PricedCart, catalogue: &'a Catalogue, audience: Audience) -> Self {
        Self { catalogue, policy: &cart.policy.0, currency: cart.currency, audience }
    }

    /// The language.
    #[must_use]
    pub fn language(&self) -> Language {
        self.audience.language
    }

    /// A list's external id.
    #[must_use]
    pub fn list(&self, list: ListId) -> &'a str {
        self.catalogue.list(list).map_or("", |list| list.code.as_str())
    }

    /// A SKU's external id.
    #[must_use]
    pub fn sku(&self, sku: SkuId) -> &'a str {
        self.catalogue.sku(sku).map_or("", |sku| sku.code.as_str())
    }

    /// The external id of a unit, which may stand for the base unit of `sku`.
    #[must_use]
    pub fn unit(&self, unit: UnitId, sku: Option<SkuId>) -> &'a str {
        let base = || sku.and_then(|id| self.catalogue.sku(id)).map(|sku| sku.base_unit);
        let unit = if unit == UnitId::BASE { base() } else { Some(unit) };
        unit.and_then(|id| self.catalogue.unit(id)).map_or("", |unit| unit.code.as_str())
    }

    /// A text of the policy.
    #[must_use]
    pub fn text(&self, text: &'a Text) -> &'a str {
        text.told(self.audience.language)
    }

    fn named(&self, id: &'a str, name: &'a Text) -> Named<'a> {
        let name = match self.text(name) {
            "" => id,
            name => name,
        };
        Named { id, name }
    }

    /// A rule of the policy.
    #[must_use]
    pub fn rule(&self, rule: RuleNo) -> Named<'a> {
        self.policy.rule(rule).map_or_else(Named::default, |rule| self.named(&rule.id, &rule.name))
    }

    /// A service of the policy.
    #[must_use]
    pub fn service(&self, service: ServiceNo) -> Named<'a> {
        let found = self.policy.service(service);
        found.map_or_else(Named::default, |service| self.named(&service.id, &service.name))
    }

    /// A guard of the policy.
    #[must_use]
    pub fn guard(&self, guard: GuardNo) -> Named<'a> {
        self.policy.guard(guard).map_or_else(Named::default, |guard| self.named(&guard.id, &guard.name))
    }

    /// A programme of points of the policy.
    #[must_use]
    pub fn points(&self, programme: PointsNo) -> Named<'a> {
        let found = self.policy.points_written(programme);
        found.map_or_else(Named::default, |written| self.named(&written.id, &written.name))
    }

    /// A price that the policy shows beside the buyer's own.
    #[must_use]
    pub fn shown(&self, shown: ShownNo) -> Named<'a> {
        let found = self.policy.shown_price(shown);
        found.map_or_else(Named::default, |shown| self.named(&shown.id, &shown.name))
    }

    /// What a rule's ladder measures; none where it has no ladder.
    #[must_use]
    pub fn measure(&self, rule: &'a Rule) -> Option<&'a Measure> {
        match rule.measure.as_ref()? {
            RuleMeasure::Own(measure) => Some(measure),
            RuleMeasure::Named(id, _) => self.policy.policy().measures.get(id).map(|named| &named.measure),
        }
    }

    /// The currency of a rule's amounts.
    #[must_use]
    pub fn currency_of(&self, rule: &Rule) -> Currency {
        rule.currency.or(self.policy.policy().currency).unwrap_or(self.currency)
    }

    /// The currency of an amount that is measured.
    #[must_use]
    pub fn currency_measured(&self, measure: &Measure) -> Currency {
        measure.currency.or(self.policy.policy().currency).unwrap_or(self.currency)
    }

    /// An amount in the answer's currency, without its letters.
    #[must_use]
    pub fn amount(&self, micros: Micros) -> String {
        micros.to_text(self.currency.digits())
    }
}
