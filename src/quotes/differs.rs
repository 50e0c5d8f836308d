//! In what do two requests differ that came under one id?

use super::asked::{AskedCart, AskedLine, AskedQuote};

/// Differences that are named; a caller mends the first and asks again.
const NAMED: usize = 10;

fn note<T: PartialEq>(field: &str, (before, now): (&T, &T), found: &mut Vec<String>) {
    if before != now {
        found.push(field.to_owned());
    }
}

impl AskedQuote {
    /// Names the fields in which `now` differs from what was asked before; at most ten of them.
    #[must_use]
    pub fn differences(&self, now: &Self) -> Vec<String> {
        let mut found = Vec::new();
        cart(&self.cart, &now.cart, &mut found);
        note("pricing_at", (&self.pricing_at, &now.pricing_at), &mut found);
        note("publication", (&self.publication, &now.publication), &mut found);
        note("customer_reference", (&self.customer_reference, &now.customer_reference), &mut found);
        note("text", (&self.text, &now.text), &mut found);
        note("terms", (&self.terms, &now.terms), &mut found);
        note("valid_through", (&self.valid_through, &now.valid_through), &mut found);
        note("language", (&self.language, &now.language), &mut found);
        note("draft", (&self.is_draft, &now.is_draft), &mut found);
        note("reason", (&self.reason, &now.reason), &mut found);
        found.truncate(NAMED);
        found
    }
}

fn cart(before: &AskedCart, now: &AskedCart, found: &mut Vec<String>) {
    note("contract", (&before.contract, &now.contract), found);
    note("circumstances", (&before.circumstances, &now.circumstances), found);
    note("coupons", (&before.coupons, &now.coupons), found);
    note("first_order", (&before.first_order, &now.first_order), found);
    note("take_points", (&before.take_points, &now.take_points), found);
    note("negotiated_total", (&before.negotiated_total, &now.negotiated_total), found);
    note("lines (how many)", (&before.lines.len(), &now.lines.len()), found);
    for ((number, before), now) in before.lines.iter().enumerate().zip(&now.lines) {
        if before != now {
            line(number, before, now, found);
        }
    }
}

fn line(number: usize, before: &AskedLine, now: &AskedLine, found: &mut Vec<String>) {
    let field = |name: &str| format!("lines[{number}].{name}");
    note(&field("id"), (&before.id, &now.id), found);
    note(&field("sku"), (&before.sku, &now.sku), found);
    note(&field("quantity"), (&before.quantity, &now.quantity), found);
    note(&field("unit"), (&before.unit, &now.unit), found);
    note(&field("divisible"), (&before.is_divisible, &now.is_divisible), found);
    note(&field("negotiated"), (&before.negotiated, &now.negotiated), found);
    note(&field("details"), (&before.details, &now.details), found);
}
