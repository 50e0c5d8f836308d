//! Do the fields of a request about quotes hold together? All that is wrong is told at once.

use std::collections::BTreeSet;

use crate::domain::day::CivilDay;
use crate::domain::decimal::Micros;
use crate::domain::ids::check_external_id;
use crate::domain::limits;
use crate::quotes::asked::AskedQuote;

use super::refusal::QuoteRefusal;

/// Wrong fields, each with what is wrong with it.
#[derive(Default)]
struct Faults(Vec<(String, String)>);

impl Faults {
    fn add(&mut self, field: impl Into<String>, why: impl Into<String>) {
        if self.0.len() < limits::QUOTE_FAULTS {
            self.0.push((field.into(), why.into()));
        }
    }

    fn text(&mut self, field: &str, text: &str, most: usize) {
        if text.len() > most {
            self.add(field, format!("has {} bytes: at most {most} are kept", text.len()));
        }
        if text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')) {
            self.add(field, "has a control character");
        }
    }

    fn end(self) -> Result<(), QuoteRefusal> {
        if self.0.is_empty() { Ok(()) } else { Err(QuoteRefusal::Fields { faults: self.0 }) }
    }
}

/// Checks the caller's id of a request.
pub(super) fn check_request(id: Option<&str>) -> Result<(), QuoteRefusal> {
    let checked = id.map_or(Ok(()), check_external_id);
    checked.map_err(|error| QuoteRefusal::BadRequestId { why: error.to_string() })
}

/// Checks why something is done.
pub(super) fn check_reason(reason: &str) -> Result<(), QuoteRefusal> {
    let mut faults = Faults::default();
    faults.text("reason", reason, limits::TEXT_BYTES);
    faults.end()
}

/// Checks what is asked for in a quote. `today` is the day in the contract's zone.
pub(super) fn check_asked(asked: &AskedQuote, today: CivilDay) -> Result<(), QuoteRefusal> {
    let mut faults = Faults::default();
    faults.text("reason", &asked.reason, limits::TEXT_BYTES);
    faults.text("text", &asked.text, limits::QUOTE_TEXT_BYTES);
    faults.text("terms", &asked.terms, limits::QUOTE_TEXT_BYTES);
    if !asked.customer_reference.is_empty()
        && let Err(error) = check_external_id(&asked.customer_reference)
    {
        faults.add("customer_reference", error.to_string());
    }
    if let Some(day) = asked.valid_through {
        let last = today.plus(limits::QUOTE_DAYS);
        if day < today {
            faults.add("valid_through", format!("{day} is over: today is {today} in the contract's zone"));
        } else if day > last {
            faults.add("valid_through", format!("{day} is too far: {last} is the last day that is taken"));
        }
    }
    let total = asked.cart.negotiated_total;
    if let Some(total) = total.filter(|total| *total <= Micros::ZERO) {
        faults.add("negotiated_total", format!("{total} is not above zero"));
    }
    let mut ids = BTreeSet::new();
    for (number, line) in asked.cart.lines.iter().enumerate() {
        if let Err(error) = check_external_id(&line.id) {
            faults.add(format!("lines[{number}].id"), format!("{error}: a quote's lines are named"));
        } else if !ids.insert(line.id.as_str()) {
            faults.add(format!("lines[{number}].id"), format!("\"{}\" is there twice", line.id));
        }
        if let Some(proposed) = line.negotiated {
            let field = || format!("negotiated_lines \"{}\"", line.id);
            if proposed.figure() <= Micros::ZERO {
                faults.add(field(), format!("{} is not above zero", proposed.figure()));
            }
            if total.is_some() {
                faults.add(field(), "stands beside negotiated_total: negotiate one of them");
            }
        }
    }
    faults.end()
}
