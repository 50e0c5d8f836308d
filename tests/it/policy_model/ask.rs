//! How is a cart asked of quoin, and its answer put into the interpreter's words?

use std::collections::BTreeMap;

use quoin::domain::catalogue::Catalogue;
use quoin::domain::contract::Circumstances;
use quoin::eligibility::Barrier;
use quoin::policy::CompiledPolicy;
use quoin::pricing::cart::{LineNotice, LineStatus, PricedLine};
use quoin::pricing::request::{CartLine, LineDetails, Metrics, Particulars, Position, SkuRef, Use};

use super::shop::{Answer, Cart, Line, Priced};
use crate::ratio::Ratio;

/// The lines of a cart, in this order.
pub fn lines<'a>(order: &[&'a Line]) -> Vec<CartLine<'a>> {
    let line = |line: &&'a Line| CartLine {
        id: &line.id,
        sku: SkuRef::Code(&line.sku),
        quantity: line.quantity,
        unit: &line.unit,
    };
    order.iter().map(line).collect()
}

pub fn circumstances(cart: &Cart) -> Circumstances<'_> {
    Circumstances {
        warehouse: &cart.warehouse,
        delivery_basis: &cart.delivery_basis,
        channel: &cart.channel,
        fulfilment: &cart.fulfilment,
        payment_terms: &cart.payment_terms,
    }
}

pub fn particulars<'a>(cart: &'a Cart, order: &[&'a Line]) -> Particulars<'a> {
    let details = order.iter().enumerate().map(|(number, line)| LineDetails {
        line: u32::try_from(number).unwrap(),
        attributes: line.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
        weight: line.weight.as_ref().map(|(weight, unit)| (*weight, unit.as_str())),
        warehouse: &line.warehouse,
        fulfilment: &line.fulfilment,
        services: line.services.iter().map(|(id, count)| (id.as_str(), *count)).collect(),
    });
    let bare = |line: &u32| LineDetails { line: *line, ..LineDetails::default() };
    let details = details.filter(|details| *details != bare(&details.line));
    let position = |(measure, (value, members)): (&'a String, &'a (i128, _))| {
        let members: &std::collections::BTreeSet<String> = members;
        Position { measure, value: *value, members: members.iter().map(String::as_str).collect() }
    };
    Particulars {
        coupons: cart.coupons.iter().map(String::as_str).collect(),
        details: details.collect(),
        metrics: Metrics {
            positions: cart.positions.iter().map(position).collect(),
            uses: cart.uses.iter().map(|(rule, used)| Use { rule, used: *used }).collect(),
            first_order: cart.first_order,
        },
        hold: "",
        take_points: Vec::new(),
        ..Particulars::default()
    }
}

/// What quoin answered.
pub struct Answered<'a> {
    pub catalogue: &'a Catalogue,
    pub policy: &'a CompiledPolicy,
    pub lines: &'a [PricedLine],
    pub notices: &'a [(u32, LineNotice)],
    pub list_total: i128,
    pub total: i128,
    pub tax_total: Option<i128>,
}

impl Answered<'_> {
    /// In the interpreter's words; `order` are the lines as they were asked.
    pub fn told(&self, order: &[&Line]) -> Answer {
        let mut lines: BTreeMap<String, Priced> = BTreeMap::new();
        assert_eq!(order.len(), self.lines.len());
        for (line, priced) in order.iter().zip(self.lines) {
            let told = Priced {
                status: self.status(priced.status),
                list_amount: priced.list_amount,
                amount: priced.amount,
                tax: priced.tax,
                ..Priced::default()
            };
            lines.insert(line.id.clone(), told);
        }
        for (at, notice) in self.notices {
            self.note(lines.get_mut(&order[usize::try_from(*at).unwrap()].id).unwrap(), notice);
        }
        let total = |sum: i128| Ratio::new(sum, 1_000_000);
        let (list_total, tax_total) = (total(self.list_total), self.tax_total.map(total));
        Answer { lines, list_total, total: total(self.total), tax_total }
    }

    fn note(&self, line: &mut Priced, notice: &LineNotice) {
        let guard = |number| self.policy.guard(number).unwrap().id.clone();
        match notice {
            LineNotice::NeedsApproval { guard: by } => _ = line.approvals.insert(guard(*by)),
            LineNotice::Clamped { guard: by } => _ = line.clamped.insert(guard(*by)),
            LineNotice::BelowFloor { guard: by } => _ = line.below.insert(guard(*by)),
            LineNotice::FreeGoods { rule, sku, unit, quantity } => {
                let rule = self.policy.rule(*rule).unwrap().id.clone();
                let sku = self.catalogue.sku(*sku).unwrap().code.clone();
                let unit = self.catalogue.unit(*unit).unwrap().code.clone();
                line.free.insert(rule, (sku, unit, *quantity));
            }
            LineNotice::Lost { .. } | LineNotice::Untaxed => {}
        }
    }

    fn status(&self, status: LineStatus) -> String {
        let all = &self.policy.policy().eligibility;
        let at = |number: u32| usize::try_from(number).unwrap();
        match status {
            LineStatus::Priced => "priced".to_owned(),
            LineStatus::UnknownSku => "unknown_sku".to_owned(),
            LineStatus::UnknownUnit => "unknown_unit".to_owned(),
            LineStatus::QuantityNotPositive => "quantity_not_positive".to_owned(),
            LineStatus::QuantityTooPrecise { .. } => "quantity_too_precise".to_owned(),
            LineStatus::NoPrice => "no_price".to_owned(),
            LineStatus::NoTaxRate { .. } => "no_tax_rate".to_owned(),
            LineStatus::NoSuchService => "no_such_service".to_owned(),
            LineStatus::NotEligible { by } => match by {
                Barrier::OutsideAssortment(number) => {
                    format!("not_eligible outside {}", all.assortments[at(number)].id)
                }
                Barrier::Excluded(number) => {
                    format!("not_eligible excluded {}", all.exclusions[at(number)].id)
                }
                Barrier::Unlicensed(number) => {
                    format!("not_eligible unlicensed {}", all.licences[at(number)].id)
                }
            },
            other => format!("{other:?}"),
        }
    }
}
