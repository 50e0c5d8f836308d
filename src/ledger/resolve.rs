//! Does a document hold together, and what do its names mean? All that is wrong with it is told at once.

use std::fmt::Display;

use crate::domain::catalogue::Catalogue;
use crate::domain::contract::Contract;
use crate::domain::currency::Currency;
use crate::domain::day::CivilDay;
use crate::domain::decimal::Micros;
use crate::domain::ids::{CounterpartyId, SkuId, UnitId, check_external_id};

use super::content::{TOO_LARGE, check_content, is_too_large};
use super::document::{Document, DocumentKind, DocumentLine, Parties};
use super::draft::{DocumentDraft, DocumentFault, LineDraft};

/// Gathers what is wrong.
pub(super) struct Faults<'d> {
    draft: &'d DocumentDraft,
    place: u32,
    found: Vec<DocumentFault>,
}

impl Faults<'_> {
    pub(super) fn add(
        &mut self,
        line: Option<u32>,
        field: &'static str,
        value: &dyn Display,
        reason: impl Display,
    ) {
        let (document, value) = (self.draft.id.clone(), value.to_string());
        let (place, reason, unknown) = (self.place, reason.to_string(), false);
        self.found.push(DocumentFault { place, document, line, field, value, reason, unknown });
    }

    fn unknown(&mut self, line: Option<u32>, field: &'static str, value: &str, what: &str) {
        self.found.push(DocumentFault::unknown(self.draft, self.place, line, (field, value), what));
    }

    pub(super) fn id(&mut self, field: &'static str, value: &str) {
        if let Err(error) = check_external_id(value) {
            self.add(None, field, &value, error);
        }
    }
}

/// A document with its names resolved. `place` is where it stands among those sent together, `contract` the one that it names as
/// far as the sender may know of it, `latest` the last day that it may be of.
///
/// # Errors
/// Everything that is wrong with it.
pub fn resolve(
    draft: &DocumentDraft,
    place: u32,
    (catalogue, contract): (&Catalogue, Option<&Contract>),
    latest: CivilDay,
) -> Result<Document, Vec<DocumentFault>> {
    let mut faults = Faults { draft, place, found: Vec::new() };
    check_head(draft, latest, &mut faults);
    if contract.is_none() && check_external_id(&draft.contract).is_ok() {
        faults.unknown(None, "contract", &draft.contract, "contract");
    }
    let currency = contract.map(|contract| contract.currency);
    if !draft.currency.is_empty() {
        match (Currency::parse(&draft.currency), currency) {
            (Err(error), _) => faults.add(None, "currency", &draft.currency, error),
            (Ok(own), Some(needed)) if own != needed => {
                let reason = format!("is not the contract's: its documents are in {needed}");
                faults.add(None, "currency", &draft.currency, reason);
            }
            _ => {}
        }
    }
    let payer = party(catalogue, "payer", &draft.payer, &mut faults);
    let ship_to = party(catalogue, "ship_to", &draft.ship_to, &mut faults);
    let lines: Vec<DocumentLine> = (0..)
        .zip(&draft.lines)
        .filter_map(|(number, line)| resolve_line(draft.kind, number, line, catalogue, &mut faults))
        .collect();
    let (Some(contract), Some(currency), true) = (contract, currency, faults.found.is_empty()) else {
        return Err(faults.found);
    };
    let stated = |text: &String| (!text.is_empty()).then(|| text.clone());
    Ok(Document {
        id: draft.id.clone(),
        kind: draft.kind,
        contract: contract.id,
        day: draft.day,
        currency,
        reference: stated(&draft.reference),
        payer,
        ship_to,
        of_shipment: Parties::default(),
        quote: stated(&draft.quote),
        channel: stated(&draft.channel),
        due: draft.due,
        lines,
        allocations: draft.allocations.clone(),
        plan: draft.plan.clone(),
        uses: draft.uses.clone(),
    })
}

fn check_head(draft: &DocumentDraft, latest: CivilDay, faults: &mut Faults<'_>) {
    faults.id("document", &draft.id);
    faults.id("contract", &draft.contract);
    for (field, value) in
        [("reference", &draft.reference), ("quote", &draft.quote), ("channel", &draft.channel)]
    {
        if !value.is_empty() {
            faults.id(field, value);
        }
    }
    // A plan is of days to come.
    if draft.day > latest && draft.kind != DocumentKind::Plan {
        faults.add(None, "day", &draft.day, format!("is in the future: the latest day taken is {latest}"));
    }
    let refers = matches!(draft.kind, DocumentKind::Return | DocumentKind::Correction);
    if !draft.reference.is_empty() && !refers {
        let reason = format!("stands on a {}: only returns and corrections have one", draft.kind.word());
        faults.add(None, "reference", &draft.reference, reason);
    }
    if !draft.reference.is_empty() && draft.reference == draft.id {
        faults.add(None, "reference", &draft.reference, "is the document itself");
    }
    if let Some(due) = draft.due {
        if draft.kind != DocumentKind::Shipment {
            let reason = format!("stands on a {}: only shipments have one", draft.kind.word());
            faults.add(None, "due", &due, reason);
        } else if due < draft.day {
            faults.add(None, "due", &due, "is before the day of the shipment");
        }
    }
    check_content(draft, faults);
}

fn party(
    catalogue: &Catalogue,
    field: &'static str,
    code: &str,
    faults: &mut Faults<'_>,
) -> Option<CounterpartyId> {
    if code.is_empty() {
        return None;
    }
    faults.id(field, code);
    let known = catalogue.counterparties.number(code).map(CounterpartyId);
    if known.is_none() {
        faults.unknown(None, field, code, "counterparty");
    }
    known
}

fn resolve_line(
    kind: DocumentKind,
    number: u32,
    line: &LineDraft,
    catalogue: &Catalogue,
    faults: &mut Faults<'_>,
) -> Option<DocumentLine> {
    check_figures(kind, number, line, faults);
    let at = Some(number);
    let Some(sku) = catalogue.skus.number(&line.sku).map(SkuId) else {
        match check_external_id(&line.sku) {
            Ok(()) => faults.unknown(at, "sku", &line.sku, "SKU"),
            Err(error) => faults.add(at, "sku", &line.sku, error),
        }
        return None;
    };
    let unit = unit_of(catalogue, sku, (at, "unit", &line.unit), faults);
    let weight = match &line.weight {
        None => Some(None),
        Some((weight, unit)) => match catalogue.unit_id(unit) {
            Some(unit) => Some(Some((*weight, unit))),
            None => {
                faults.unknown(at, "weight_unit", unit, "unit");
                None
            }
        },
    };
    let contract_amount = line.contract_amount.unwrap_or(line.net_amount);
    Some(DocumentLine {
        sku,
        unit: unit?,
        quantity: line.quantity,
        list_amount: line.list_amount.unwrap_or(contract_amount),
        contract_amount,
        net_amount: line.net_amount,
        tax_amount: line.tax_amount,
        cost: line.cost,
        weight: weight?,
    })
}

fn check_figures(kind: DocumentKind, number: u32, line: &LineDraft, faults: &mut Faults<'_>) {
    let at = Some(number);
    let figures = [
        ("quantity", Some(line.quantity)),
        ("list_amount", line.list_amount),
        ("contract_amount", line.contract_amount),
        ("net_amount", Some(line.net_amount)),
        ("tax_amount", Some(line.tax_amount)),
        ("cost", line.cost),
        ("weight", line.weight.as_ref().map(|(weight, _)| *weight)),
    ];
    for (field, figure) in figures {
        let Some(figure) = figure else { continue };
        if is_too_large(figure) {
            faults.add(at, field, &figure, TOO_LARGE);
        } else if figure.is_negative() && kind != DocumentKind::Correction {
            let reason = format!(
                "is below zero in a {}: what came back is a document of kind return, with positive figures",
                kind.word()
            );
            faults.add(at, field, &figure, reason);
        }
    }
    if line.quantity == Micros::ZERO && kind != DocumentKind::Correction {
        faults.add(at, "quantity", &line.quantity, "is zero: leave the line out, or send a correction");
    }
}

fn unit_of(
    catalogue: &Catalogue,
    sku: SkuId,
    (line, field, code): (Option<u32>, &'static str, &str),
    faults: &mut Faults<'_>,
) -> Option<UnitId> {
    if code.is_empty() {
        return Some(UnitId::BASE);
    }
    let Some(unit) = catalogue.unit_id(code) else {
        faults.unknown(line, field, code, "unit");
        return None;
    };
    let sku = catalogue.sku(sku)?;
    if sku.factor(unit).is_none() {
        faults.unknown(line, field, code, &format!("unit of SKU \"{}\"", sku.code));
        return None;
    }
    Some(if unit == sku.base_unit { UnitId::BASE } else { unit })
}
