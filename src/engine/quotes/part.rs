//! May a part be accepted by itself? Only where it would have been priced no higher without the rest (rule Q1).

use crate::domain::decimal::Micros;
use crate::engine::Engine;
use crate::engine::caller::{Caller, ContractScope};
use crate::engine::error::PriceError;
use crate::engine::quotes::QuoteError;
use crate::engine::view::View;
use crate::policy::CompiledPolicy;
use crate::policy::compiled::PointsNo;
use crate::policy::syntax::PointsUse;
use crate::pricing::cart::LineStatus;
use crate::pricing::request::{CartRequest, Detail, ProgressWanted, Use};
use crate::quotes::asked::{AskedCart, AskedLine};
use crate::quotes::content::Content;
use crate::quotes::event::{HeldUse, Part};
use crate::quotes::life::PartAsked;
use crate::quotes::number::QuoteNo;
use crate::quotes::part::{is_whole, parts_of};

use super::desk::Checked;
use super::pricing::{circumstances_of, lines_of, particulars_of};
use super::refusal::{Dearer, QuoteRefusal};

/// What is accepted of a line, in all.
struct Taken {
    line: u32,
    quantity: Micros,
    amount: Micros,
}

impl Engine {
    /// Sees whether a part, with what was accepted before, would have had its price by itself. Returns what was looked at; none
    /// where all is accepted, or the desk says what is wrong. Lines with a negotiated price of their own rest on no threshold.
    pub(super) fn check_part(
        &self,
        caller: &Caller,
        number: QuoteNo,
        asked: &[PartAsked],
    ) -> Result<Option<Checked>, QuoteError> {
        let (head, _) = self.head_of(caller, number)?;
        let content = self.content_of(number, head.revision)?;
        let Ok(parts) = parts_of(&content, &head.accepted, asked) else { return Ok(None) };
        if is_whole(&content, &head.accepted, &parts) {
            return Ok(None);
        }
        if content.asked.cart.negotiated_total.is_some() {
            return Err(QuoteRefusal::WholeOnly { number }.into());
        }
        let view = self.view_at(content.publication).map_err(gone)?;
        if takes_points_off(&content, &view.policy.0) {
            return Err(QuoteRefusal::PointsOfAll { number }.into());
        }
        let all: Vec<Part> = head.accepted.iter().chain(&parts).cloned().collect();
        let dearer = self.dearer(caller, (&view, &content), &taken(&all))?;
        if dearer.is_empty() {
            return Ok(Some(Checked { revision: head.revision, accepted: head.accepted.len() }));
        }
        Err(QuoteRefusal::BreaksThreshold { lines: dearer }.into())
    }

    /// The lines that would cost more if nothing but these parts had been asked for.
    fn dearer(
        &self,
        caller: &Caller,
        (view, content): (&View, &Content),
        taken: &[Taken],
    ) -> Result<Vec<Dearer>, QuoteError> {
        let cart = cart_of(content, taken);
        let (lines, mut particulars) = (lines_of(&cart), particulars_of(&cart, ""));
        particulars.metrics.uses = gone_of_limits(content, &view.policy.0);
        let request = CartRequest {
            contract: &cart.contract,
            pricing_at: Some(content.pricing_at),
            publication: Some(content.publication),
            circumstances: circumstances_of(&cart),
            lines: &lines,
            particulars: &particulars,
            progress: ProgressWanted::Nothing,
            detail: Detail::Basic,
        };
        let everywhere = Caller { contracts: ContractScope::All, ..caller.clone() };
        // The view is held: its publication stays.
        let priced = self.price_cart_to_quote(&everywhere, &request)?;
        // What is spread over lines may fall a coin differently on them.
        let dearer = taken.iter().zip(&cart.lines).zip(&priced.lines).filter_map(|((taken, asked), line)| {
            let alone = (line.status == LineStatus::Priced).then_some(line.amount);
            let most = taken.amount.0.saturating_add(content.amount_step.0);
            let is_dearer = alone.is_none_or(|alone| alone.0 > most);
            (is_dearer && !is_negotiated(content, taken)).then(|| Dearer {
                line: asked.id.clone(),
                quoted: taken.amount,
                alone,
            })
        });
        Ok(dearer.collect())
    }
}

/// What it was priced against is no longer kept.
fn gone(error: PriceError) -> QuoteError {
    match error {
        PriceError::UnknownPublication { number, .. } => {
            QuoteRefusal::PublicationGone { publication: number }.into()
        }
        error => error.into(),
    }
}

/// Did points take something off? They are taken by the whole cart, and held as one.
fn takes_points_off(content: &Content, policy: &CompiledPolicy) -> bool {
    let mut programmes = (0..).map_while(|number| policy.points_written(PointsNo(number)));
    programmes.any(|of| {
        of.used_as == PointsUse::Discount && content.points.iter().any(|(taken, _)| *taken == of.id)
    })
}

/// What is gone of limits for a part: of each it finds what the quote found and used, whatever was shipped or given up since.
fn gone_of_limits<'c>(content: &'c Content, policy: &CompiledPolicy) -> Vec<Use<'c>> {
    let gone = content.uses.iter().filter_map(|HeldUse { rule, used }| {
        let limit = policy.rule(policy.rule_by_id(rule)?)?.limit.as_ref()?;
        Some(Use { rule, used: i128::from(limit.most.0) - i128::from(used.0) })
    });
    gone.collect()
}

fn taken(parts: &[Part]) -> Vec<Taken> {
    let mut all: Vec<Taken> = Vec::new();
    let mut parts: Vec<&Part> = parts.iter().collect();
    parts.sort_by_key(|part| part.line);
    for Part { line, quantity, amount, .. } in parts {
        let (line, quantity, amount) = (*line, *quantity, *amount);
        match all.last_mut().filter(|last| last.line == line) {
            Some(last) => {
                // Together they are at most what was quoted.
                last.quantity = Micros(last.quantity.0.saturating_add(quantity.0));
                last.amount = Micros(last.amount.0.saturating_add(amount.0));
            }
            None => all.push(Taken { line, quantity, amount }),
        }
    }
    all
}

fn is_negotiated(content: &Content, taken: &Taken) -> bool {
    let line = usize::try_from(taken.line).ok().and_then(|line| content.asked.cart.lines.get(line));
    line.is_some_and(|line| line.negotiated.is_some())
}

/// The cart that would have been asked for, without negotiated prices.
fn cart_of(content: &Content, taken: &[Taken]) -> AskedCart {
    let lines = taken.iter().filter_map(|taken| {
        let asked = content.asked.cart.lines.get(usize::try_from(taken.line).ok()?)?;
        Some(AskedLine { quantity: taken.quantity, ..asked.clone() })
    });
    // Points that pay leave prices alone.
    AskedCart { lines: lines.collect(), take_points: Vec::new(), ..content.asked.cart.clone() }
        .without_negotiation()
}
