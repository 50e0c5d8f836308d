//! What is a cart expected to earn in retro-bonuses? Its contract's entitlements with it, as if it were shipped that day, less
//! those without.

use crate::domain::contract::Contract;
use crate::domain::currency::Currency;
use crate::domain::day::CivilDay;
use crate::domain::decimal::Micros;
use crate::domain::exact::Exact;
use crate::domain::ids::ContractId;
use crate::domain::spread::{Claim, spread};
use crate::domain::time::CivilSecond;
use crate::engine::Engine;
use crate::engine::error::PriceError;
use crate::engine::pricing::Priced;
use crate::engine::rows::Reach;
use crate::engine::view::View;
use crate::ledger::document::{Document, DocumentKind, DocumentLine, Parties};
use crate::policy::compiled::AgreementNo;
use crate::pricing::PricedLines;
use crate::pricing::cart::{ExpectedRetro, LineStatus};
use crate::pricing::request::CartRequest;

use super::accruals::{With, rounded};
use super::positions::Purchased;

impl Engine {
    /// What a priced cart is expected to earn (rule X3); the inner `None` where nothing is agreed, the outer where documents
    /// must be read and may not be.
    pub(in crate::engine) fn expected_retro(
        &self,
        (view, contract, program): Priced<'_>,
        at: CivilSecond,
        (request, shipped): (&CartRequest<'_>, &Option<AsShipped>),
        reach: Reach,
    ) -> Result<Option<Option<ExpectedRetro>>, PriceError> {
        let program = program.filter(|program| !program.agreements.is_empty());
        let (Some(program), Some(AsShipped { document, positions })) = (program, shipped) else {
            return Ok(Some(None));
        };
        let latest = self.position(view);
        let purchased = Purchased { store: &self.store, view, contract, program, latest, reach };
        let day = CivilDay::of(at);
        let Some(before) = With::new(purchased, None).entitled(at)? else { return Ok(None) };
        let with = With::new(purchased, Some((document, day)));
        let Some(after) = with.entitled(at)? else { return Ok(None) };
        let mut weights = vec![Exact::ZERO; document.lines.len()];
        let mut total = Exact::ZERO;
        for (before, after) in before.iter().zip(&after) {
            let gained = after.entitlement.minus(&before.entitlement);
            total = total.plus(&gained);
            weigh(&with, after.agreement, document, &gained, &mut weights);
        }
        let overflow = |_| PriceError::CartOverflow;
        let total = rounded(&total, contract).map_err(overflow)?;
        if total <= Micros::ZERO {
            return Ok(Some(Some(ExpectedRetro { total, lines: Vec::new() })));
        }
        let claims: Vec<Claim<'_>> = positions
            .iter()
            .zip(weights)
            .filter(|(_, weight)| weight.is_positive())
            .map(|(position, weight)| {
                let line = request.lines.get(usize::try_from(*position).unwrap_or(usize::MAX));
                Claim { weight, id: line.map_or("", |line| line.id), position: *position }
            })
            .collect();
        let step = contract.rounding.amount_step(contract.currency);
        let parts = spread(total, step, &claims).map_err(overflow)?;
        let lines = claims.iter().map(|claim| claim.position).zip(parts);
        Ok(Some(Some(ExpectedRetro { total, lines: lines.filter(|(_, part)| part.0 != 0).collect() })))
    }
}

/// Adds to lines what they have of what an agreement gained, by its basis; by their net amounts where none is of its basis
/// and what it gained came from its measure.
fn weigh(with: &With<'_>, number: AgreementNo, document: &Document, gained: &Exact, weights: &mut [Exact]) {
    let policy = &with.purchased.view.policy.0;
    let Some(agreement) = policy.agreement(number) else { return };
    if !gained.is_positive() {
        return;
    }
    let Some(meter) = with.meter(agreement.basis) else { return };
    let mut claims: Vec<Exact> =
        document.lines.iter().map(|line| meter.of_one(document, line).unwrap_or(Exact::ZERO)).collect();
    if !claims.iter().any(Exact::is_positive)
        && let Some(measured) = with.meter(agreement.measure)
    {
        let net = |line: &DocumentLine| {
            let counts = measured.of_one(document, line).is_some_and(|of| of.is_positive());
            if counts { Exact::from(line.net_amount) } else { Exact::ZERO }
        };
        claims = document.lines.iter().map(net).collect();
    }
    let sum = claims.iter().fold(Exact::ZERO, |sum, claim| sum.plus(claim));
    for (weight, claim) in weights.iter_mut().zip(&claims) {
        if let Ok(share) = gained.times(claim).over(&sum) {
            *weight = weight.plus(&share);
        }
    }
}

/// A priced cart as the shipment that it would become.
pub(in crate::engine) struct AsShipped {
    pub(super) document: Document,
    /// The position of each of its lines in the cart.
    positions: Vec<u32>,
}

impl AsShipped {
    /// Made where an agreement or a programme of points asks for it.
    pub(in crate::engine) fn of(
        (view, contract, program): Priced<'_>,
        at: CivilSecond,
        (request, priced): (&CartRequest<'_>, &PricedLines),
    ) -> Option<Self> {
        program.filter(|program| !program.agreements.is_empty() || !program.points.is_empty())?;
        let (document, positions) = as_document(view, contract, at, request, priced);
        Some(Self { document, positions })
    }
}

fn as_document(
    view: &View,
    contract: &Contract,
    at: CivilSecond,
    request: &CartRequest<'_>,
    priced: &PricedLines,
) -> (Document, Vec<u32>) {
    let mut details = request.particulars.details.iter().peekable();
    let (mut lines, mut positions) = (Vec::new(), Vec::new());
    for (position, line) in (0_u32..).zip(&priced.lines) {
        while details.next_if(|details| details.line < position).is_some() {}
        let (LineStatus::Priced, Some(sku)) = (line.status, line.sku) else { continue };
        let own = details.peek().filter(|details| details.line == position);
        let weight = own.and_then(|own| own.weight);
        lines.push(DocumentLine {
            sku,
            unit: line.unit,
            quantity: line.quantity,
            list_amount: line.list_amount,
            contract_amount: line.contract_amount,
            net_amount: line.amount,
            tax_amount: line.tax,
            cost: None,
            weight: weight.and_then(|(weight, unit)| Some((weight, view.catalogue.unit_id(unit)?))),
        });
        positions.push(position);
    }
    let channel = Some(request.circumstances.channel.to_owned()).filter(|channel| !channel.is_empty());
    (shipment((contract.id, contract.currency), CivilDay::of(at), channel, lines), positions)
}

/// A shipment of the contract's that was never posted.
pub(super) fn shipment(
    (contract, currency): (ContractId, Currency),
    day: CivilDay,
    channel: Option<String>,
    lines: Vec<DocumentLine>,
) -> Document {
    Document {
        id: String::new(),
        kind: DocumentKind::Shipment,
        contract,
        day,
        currency,
        reference: None,
        payer: None,
        ship_to: None,
        of_shipment: Parties::default(),
        quote: None,
        channel,
        due: None,
        lines,
        allocations: Vec::new(),
        plan: None,
        uses: Vec::new(),
    }
}
