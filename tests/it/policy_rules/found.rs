//! What stands in an answer, in the words of the tables?

use std::collections::BTreeMap;

use quoin::domain::catalogue::Catalogue;
use quoin::domain::decimal::Micros;
use quoin::eligibility::Barrier;
use quoin::policy::CompiledPolicy;
use quoin::pricing::cart::{LineNotice, LineStatus, PricedCart, PricedLine, Progress};
use quoin::pricing::losers::RuleLoss;
use quoin::pricing::waterfall::{Cause, Step};

use super::call::Figures;
use crate::ratio::Ratio;
use crate::rules::answer::{Answer, word};
use crate::rules::shop::{NUMBERED, layer};

/// An answer.
#[derive(Debug)]
pub struct Found {
    pub lines: Vec<FoundLine>,
    /// `list`, `net`, and `tax` where there are taxes.
    pub totals: BTreeMap<&'static str, Ratio>,
    /// `a: clamped by floor`, sorted.
    pub told: Vec<String>,
    /// Prices shown beside the buyer's own: `a: mrc 95`, sorted.
    pub shown: Vec<String>,
    /// Rule, or rule and line, and what is said of its ladder.
    pub progress: Vec<(String, Vec<String>)>,
}

/// One line of it.
#[derive(Debug)]
pub struct FoundLine {
    pub id: String,
    pub answer: Answer,
    /// `poisons: Needs a licence.`
    pub barred: Option<String>,
    pub tax: Ratio,
    pub steps: Vec<FoundStep>,
    /// `spring: outside dates`.
    pub losers: Vec<String>,
}

/// A step.
#[derive(Debug)]
pub struct FoundStep {
    pub layer: &'static str,
    /// Rule, service, guard or list; `rounding`.
    pub cause: String,
    pub amount: Ratio,
}

/// An answer with what its numbers stand for.
pub struct Reader<'a> {
    pub catalogue: &'a Catalogue,
    pub cart: &'a PricedCart,
    /// Ids of the cart's lines.
    pub ids: &'a [String],
}

impl Found {
    /// The line of this id, or the first.
    pub fn line(&self, id: Option<&str>) -> &FoundLine {
        let line = id.map_or(self.lines.first(), |id| self.lines.iter().find(|line| line.id == id));
        line.unwrap_or_else(|| panic!("no line {id:?}"))
    }
}

impl FoundLine {
    /// As a call tells them.
    pub fn figures(&self) -> Figures {
        let status = self.answer.status.clone().unwrap_or_else(|| "priced".to_owned());
        let micros = |value: &Option<Ratio>| value.as_ref().map_or(0, |value| value.to_micros().unwrap().0);
        let Answer { at, list_at, amount, .. } = &self.answer;
        (status, [micros(at), micros(list_at), micros(amount), self.tax.to_micros().unwrap().0])
    }
}

impl Reader<'_> {
    pub fn found(&self) -> Found {
        let lines = self.cart.lines.iter().enumerate().map(|(at, line)| self.line(at, line)).collect();
        let mut totals = BTreeMap::from([
            ("list", Ratio::new(self.cart.list_total, 1_000_000)),
            ("net", Ratio::new(self.cart.total, 1_000_000)),
        ]);
        totals.extend(self.cart.tax_total.map(|tax| ("tax", Ratio::new(tax, 1_000_000))));
        let told =
            self.cart.notices.iter().map(|(line, told)| format!("{}: {}", self.id(*line), self.told(told)));
        let mut told: Vec<String> = told.collect();
        told.sort();
        let progress = self.cart.progress.iter().map(|progress| self.progress(progress)).collect();
        let shown = self.cart.shown.iter().map(|shown| {
            let id = &self.policy().shown_price(shown.number).unwrap().id;
            format!("{}: {id} {}", self.id(shown.line), shown.unit_price)
        });
        let mut shown: Vec<String> = shown.collect();
        shown.sort();
        Found { lines, totals, told, shown, progress }
    }

    fn policy(&self) -> &CompiledPolicy {
        &self.cart.policy.0
    }

    fn id(&self, line: u32) -> &str {
        &self.ids[line as usize]
    }

    fn line(&self, at: usize, line: &PricedLine) -> FoundLine {
        let number = |micros: Micros| Some(Ratio::from(micros));
        let answer = if line.status == LineStatus::Priced {
            let list = line.source.as_ref().map(|source| &self.catalogue.list(source.list).unwrap().code);
            Answer {
                amount: number(line.amount),
                at: number(line.unit_price),
                list: number(line.list_amount),
                list_at: number(line.list_unit_price),
                from: list.and_then(|list| Some(list.split_once(NUMBERED)?.0.to_owned())),
                ..Answer::default()
            }
        } else {
            Answer { status: Some(word(line.status).to_owned()), ..Answer::default() }
        };
        let steps = &self.cart.steps[line.steps.start as usize..line.steps.end as usize];
        let losers = self.cart.rule_losers.iter().filter(|loser| loser.line as usize == at);
        FoundLine {
            id: self.ids[at].clone(),
            answer,
            barred: self.barred(line.status),
            tax: Ratio::from(line.tax),
            steps: steps.iter().map(|step| self.step(step)).collect(),
            losers: losers
                .map(|loser| format!("{}: {}", self.rule(loser.rule), self.loss(&loser.reason)))
                .collect(),
        }
    }

    /// What forbids the goods, and the reason that the buyer reads.
    fn barred(&self, status: LineStatus) -> Option<String> {
        let eligibility = &self.policy().policy().eligibility;
        let at = |position: u32| position as usize;
        let LineStatus::NotEligible { by } = status else { return None };
        let (id, reason) = match by {
            Barrier::OutsideAssortment(number) => {
                let assortment = &eligibility.assortments[at(number)];
                (&assortment.id, &assortment.reason)
            }
            Barrier::Excluded(number) => {
                let exclusion = &eligibility.exclusions[at(number)];
                (&exclusion.id, &exclusion.reason)
            }
            Barrier::Unlicensed(number) => {
                let licence = &eligibility.licences[at(number)];
                (&licence.id, &licence.reason)
            }
        };
        Some(format!("{id}: {}", reason.en))
    }

    fn rule(&self, number: quoin::policy::RuleNo) -> &str {
        &self.policy().rule(number).unwrap().id
    }

    fn guard(&self, number: quoin::policy::GuardNo) -> &str {
        &self.policy().guard(number).unwrap().id
    }

    fn step(&self, step: &Step) -> FoundStep {
        let cause = match step.cause {
            Cause::Rounding => "rounding",
            Cause::List(list) => self.catalogue.list(list).unwrap().code.split(NUMBERED).next().unwrap(),
            Cause::Rule(rule) => self.rule(rule),
            Cause::Service(service) => &self.policy().service(service).unwrap().id,
            Cause::Guard(guard) => self.guard(guard),
            Cause::Points(programme) => &self.policy().points_written(programme).unwrap().id,
            Cause::Negotiated => "negotiated",
        };
        FoundStep { layer: layer(step.layer), cause: cause.to_owned(), amount: Ratio::from(step.amount) }
    }

    fn loss(&self, loss: &RuleLoss) -> String {
        let plain = match *loss {
            RuleLoss::Channel => "channel",
            RuleLoss::Warehouse => "warehouse",
            RuleLoss::DeliveryBasis => "delivery basis",
            RuleLoss::Fulfilment => "fulfilment",
            RuleLoss::PaymentTerms => "payment terms",
            RuleLoss::Coupon => "coupon",
            RuleLoss::Level => "level",
            RuleLoss::Held => "held",
            RuleLoss::NotHeld => "not held",
            RuleLoss::FirstOrder => "first order",
            RuleLoss::OutsideDates => "outside dates",
            RuleLoss::Characteristic => "characteristic",
            RuleLoss::NotTogether => "not together",
            RuleLoss::OtherCurrency => "other currency",
            RuleLoss::NoDiscount => "no_discount",
            RuleLoss::NoListPrice => "no list price",
            RuleLoss::NotMeasurable => "not measurable",
            RuleLoss::NoValue => "no value",
            RuleLoss::NoPriceInList => "no price in list",
            RuleLoss::NotLower => "not lower",
            RuleLoss::LimitUsedUp => "limit used up",
            RuleLoss::Nothing => "comes to nothing",
            RuleLoss::Threshold { threshold, has } => return format!("threshold {threshold}, has {has}"),
            RuleLoss::PastLadder { end } => return format!("past {end}"),
            RuleLoss::Beaten { by } => return format!("beaten by {}", self.rule(by)),
            RuleLoss::Stopped { by } => return format!("stopped by {}", self.rule(by)),
            RuleLoss::TakenBack { by } => return format!("taken back by {}", self.guard(by)),
            RuleLoss::EarlierRule { by } => return format!("after {}", self.rule(by)),
        };
        plain.to_owned()
    }

    fn told(&self, notice: &LineNotice) -> String {
        match *notice {
            LineNotice::FreeGoods { rule, sku, unit, quantity } => {
                let (sku, unit) = (self.catalogue.sku(sku).unwrap(), self.catalogue.unit(unit).unwrap());
                format!("free {quantity} {} of {} by {}", unit.code, sku.code, self.rule(rule))
            }
            LineNotice::NeedsApproval { guard } => format!("needs approval by {}", self.guard(guard)),
            LineNotice::Clamped { guard } => format!("clamped by {}", self.guard(guard)),
            LineNotice::BelowFloor { guard } => format!("below {}", self.guard(guard)),
            LineNotice::Lost { rule, amount } => format!("{amount} lost of {}", self.rule(rule)),
            LineNotice::Untaxed => "untaxed".to_owned(),
        }
    }

    fn progress(&self, progress: &Progress) -> (String, Vec<String>) {
        let rule = self.rule(progress.rule).to_owned();
        let of = progress.line.map_or(rule.clone(), |line| format!("{rule} on {}", self.id(line)));
        let millionths = |value: i128| Ratio::new(value, 1_000_000);
        let next = progress.next.map_or("none".to_owned(), |next| Ratio::from(next).to_string());
        let mut facts = vec![
            format!("at {} of {next}", millionths(progress.position)),
            format!("before {}", millionths(progress.before)),
            progress.tier.map_or("below".to_owned(), |tier| format!("tier {}", tier + 1)),
            format!("worth {}", progress.worth),
        ];
        if progress.next.is_some() {
            facts.push(format!("{} to go", millionths(progress.distance)));
        }
        facts.extend(progress.distance_amount.map(|amount| format!("costs {amount}")));
        (of, facts)
    }
}
