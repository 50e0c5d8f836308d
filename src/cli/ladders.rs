//! How is the way to the next tiers drawn? A bar a ladder, and its tiers where they are wanted.

use crate::api::decimal::total_of;
use crate::api::v1;
use crate::domain::decimal::Micros;

use super::report::digits;
use super::table::{Side, Table, shorten};

/// Characters of a bar.
const BAR_CHARS: i128 = 20;
/// Characters of a name that is shown.
const NAME_CHARS: usize = 40;

/// The progress of a cart.
#[must_use]
pub fn progress(cart: &v1::PriceCartResponse) -> String {
    let mut table = Table::new(&[
        ("on the way", Side::Left),
        ("line", Side::Left),
        ("", Side::Left),
        ("stands at", Side::Right),
        ("next", Side::Right),
        ("", Side::Left),
        ("in money", Side::Right),
        ("", Side::Left),
    ]);
    let money = digits(&cart.currency);
    for one in &cart.progress {
        let of_line = match (one.line, one.line_id.as_str()) {
            (None, _) => String::new(),
            (Some(position), "") => (u64::from(position) + 1).to_string(),
            (Some(_), id) => id.to_owned(),
        };
        let figures = if one.currency.is_empty() { 0 } else { digits(&one.currency) };
        table.row([
            shorten(&one.name, NAME_CHARS),
            of_line,
            bar(one),
            one.position.clone(),
            one.next_micros.map_or(String::new(), |next| Micros(next).to_text(figures)),
            measured_in(one),
            // Where money is measured, the distance is in money already.
            match one.distance_amount_micros {
                Some(amount) if one.currency.is_empty() => Micros(amount).to_text(money),
                _ => String::new(),
            },
            one.explanation.clone(),
        ]);
    }
    let mut text = table.text();
    for one in cart.progress.iter().filter(|one| !one.ladder.is_empty()) {
        text.push_str(&ladder(one));
    }
    text
}

fn measured_in(one: &v1::Progress) -> String {
    [&one.unit, &one.currency, &one.attribute]
        .into_iter()
        .find(|text| !text.is_empty())
        .cloned()
        .unwrap_or_default()
}

/// How far the measure has come to the next tier; full in the last.
fn bar(one: &v1::Progress) -> String {
    let filled = match one.next_micros.map(i128::from) {
        Some(next) if next > 0 => {
            let position = total_of(&one.position).unwrap_or(0).clamp(0, next);
            position.saturating_mul(BAR_CHARS) / next
        }
        _ => BAR_CHARS,
    };
    let cells = |count: i128| usize::try_from(count).unwrap_or(0);
    format!("{}{}", "█".repeat(cells(filled)), "░".repeat(cells(BAR_CHARS - filled)))
}

/// The tiers of a ladder, the one that is reached with a mark.
fn ladder(one: &v1::Progress) -> String {
    let word = match one.tier_mode() {
        v1::TierMode::Graduated => "above",
        v1::TierMode::Volume | v1::TierMode::Unspecified => "from",
    };
    let mut table = Table::new(&[
        ("", Side::Left),
        ("", Side::Left),
        ("", Side::Right),
        ("", Side::Left),
        ("", Side::Left),
    ]);
    for (tier, number) in one.ladder.iter().zip(1_u32..) {
        let mark = if number == one.tier { "  ▸" } else { "   " };
        let upper = tier.upper_micros.map_or(String::new(), |upper| format!("to {}", Micros(upper)));
        table.row([
            mark.to_owned(),
            word.to_owned(),
            Micros(tier.lower_micros).to_string(),
            format!("{upper} {}", measured_in(one)).trim().to_owned(),
            tier.explanation.clone(),
        ]);
    }
    let tiers = table.text();
    format!("\n{}:\n{}", one.name, tiers.strip_prefix('\n').unwrap_or(&tiers))
}

#[cfg(test)]
mod tests {
    use super::progress;
    use crate::api::v1;

    #[test]
    fn a_bar_shows_how_far_it_is_and_the_ladder_what_is_reached() {
        let one = v1::Progress {
            name: "By the tonne".to_owned(),
            unit: "t".to_owned(),
            position: "8.8".to_owned(),
            tier: 1,
            next_micros: Some(10_000_000),
            explanation: "1.2 t to the next discount, worth 120.00 EUR".to_owned(),
            ladder: vec![
                v1::LadderTier { explanation: "3 %".to_owned(), ..v1::LadderTier::default() },
                v1::LadderTier {
                    lower_micros: 10_000_000,
                    explanation: "5 %".to_owned(),
                    ..v1::LadderTier::default()
                },
            ],
            ..v1::Progress::default()
        };
        let last = v1::Progress { name: "Turnover".to_owned(), position: "7".to_owned(), ..one.clone() };
        let last = v1::Progress { next_micros: None, ladder: Vec::new(), explanation: String::new(), ..last };
        let cart = v1::PriceCartResponse {
            currency: "EUR".to_owned(),
            progress: vec![one, last],
            ..v1::PriceCartResponse::default()
        };
        assert_eq!(
            progress(&cart),
            "on the way                          stands at  next\n\
             By the tonne  █████████████████░░░        8.8    10  t  \
             1.2 t to the next discount, worth 120.00 EUR\n\
             Turnover      ████████████████████          7        t\n\
             \n\
             By the tonne:\n  ▸  from   0  t  3 %\n     from  10  t  5 %\n"
        );
    }
}
