//! How is a waterfall drawn in a terminal? A bar a step, from the running amount before to the one after.

use crate::api::v1;
use crate::api::v1::price_source::Target;
use crate::domain::decimal::Micros;

use super::cart_report::problem;
use super::report::digits;
use super::table::{Side, Table, pad};

/// Characters of the longest bar.
const BAR_CHARS: i64 = 40;

/// One line's waterfall, with where the price came from and what lost.
#[must_use]
pub fn line(line: &v1::PricedLine, currency: &str) -> String {
    let quantity = Micros(line.quantity_micros);
    let mut text = format!("{}  {}  {quantity} {}\n", line.sku, line.name, line.unit);
    if line.status() == v1::LineStatus::Priced {
        text.push_str(&steps(line, currency));
    } else {
        text.push_str(&format!("  no price: {}\n", problem(line)));
    }
    if let Some(source) = &line.source {
        text.push_str(&format!("  price: {}\n", source_text(source)));
    }
    for shown in &line.shown_prices {
        let price = Micros(shown.unit_price_micros).to_text(digits(currency));
        text.push_str(&format!("  {}: {price} {currency} per {}\n", shown.name, line.unit));
    }
    for notice in &line.notices {
        text.push_str(&format!("  note: {}\n", notice.explanation));
    }
    let lists = line.losers.iter().map(|loser| (&loser.price_list, &loser.explanation));
    text.push_str(&lost("asked, and not taken", lists));
    let rules = line.rule_losers.iter().map(|loser| (&loser.name, &loser.explanation));
    text.push_str(&lost("rules that gave nothing", rules));
    text
}

/// What lost, and why; nothing where nothing did.
fn lost<'a>(heading: &str, losers: impl Iterator<Item = (&'a String, &'a String)>) -> String {
    let mut table = Table::new(&[("", Side::Left), ("", Side::Left), ("", Side::Left)]);
    let mut any = false;
    for (name, explanation) in losers {
        table.row(["    ".to_owned(), name.clone(), explanation.clone()]);
        any = true;
    }
    if !any {
        return String::new();
    }
    format!("  {heading}:\n{}", table.text().strip_prefix('\n').unwrap_or_default())
}

struct Bar {
    name: String,
    /// The list, rule, service or guard.
    cause: String,
    rate: String,
    from: i64,
    to: i64,
    figure: i64,
    whole: bool,
}

fn bars(line: &v1::PricedLine) -> Vec<Bar> {
    let mut bars: Vec<Bar> = line
        .steps
        .iter()
        .map(|step| Bar {
            name: layer(step.layer()).to_owned(),
            cause: if step.name.is_empty() { step.price_list.clone() } else { step.name.clone() },
            rate: step.explanation.clone(),
            from: step.base_micros,
            to: step.base_micros.saturating_add(step.amount_micros),
            figure: step.amount_micros,
            whole: step.base_micros == 0,
        })
        .collect();
    let net = line.amount_micros;
    let sum = |name: &str, from: i64, figure: i64, whole: bool| Bar {
        name: name.to_owned(),
        cause: String::new(),
        rate: String::new(),
        from,
        to: from.saturating_add(figure),
        figure,
        whole,
    };
    bars.push(sum("net", 0, net, true));
    if line.tax_micros != 0 {
        bars.push(sum("tax", net, line.tax_micros, false));
        bars.push(sum("with tax", 0, net.saturating_add(line.tax_micros), true));
    }
    bars
}

fn layer(layer: v1::Layer) -> &'static str {
    match layer {
        v1::Layer::Unspecified => "?",
        v1::Layer::List => "list",
        v1::Layer::Contract => "contract",
        v1::Layer::Volume => "volume",
        v1::Layer::Order => "order",
        v1::Layer::Loyalty => "loyalty",
        v1::Layer::Surcharge => "surcharge",
        v1::Layer::Guard => "guard",
        v1::Layer::Rounding => "rounding",
    }
}

fn steps(line: &v1::PricedLine, currency: &str) -> String {
    let bars = bars(line);
    let digits = digits(currency);
    let figure = |bar: &Bar| {
        let sign = if !bar.whole && bar.figure > 0 { "+" } else { "" };
        format!("{sign}{}", Micros(bar.figure).to_text(digits))
    };
    let most = bars.iter().map(|bar| bar.from.max(bar.to)).max().unwrap_or(1).max(1);
    let widest =
        |text: &dyn Fn(&Bar) -> String| bars.iter().map(|bar| text(bar).chars().count()).max().unwrap_or(0);
    let (names, causes) = (widest(&|bar| bar.name.clone()), widest(&|bar| bar.cause.clone()));
    let rates = widest(&|bar| bar.rate.clone());
    let figures = widest(&figure);
    let mut text = String::new();
    for bar in &bars {
        let (low, high) = (cell(bar.from.min(bar.to), most), cell(bar.from.max(bar.to), most));
        let mark = if bar.whole { "█" } else { "▒" };
        // A step too small for a cell of its own still shows where it happened.
        let length = if bar.figure == 0 { 0 } else { (high - low).max(1) };
        let drawn = format!("{}{}", " ".repeat(low.min(39)), mark.repeat(length));
        let mut parts = vec![pad(&bar.name, Side::Left, names), pad(&bar.cause, Side::Left, causes)];
        if rates > 0 {
            parts.push(pad(&bar.rate, Side::Left, rates));
        }
        parts.extend([pad(&figure(bar), Side::Right, figures), drawn]);
        text.push_str(format!("  {}", parts.join("  ")).trim_end());
        text.push('\n');
    }
    text
}

/// Where in the picture an amount stands.
fn cell(amount: i64, most: i64) -> usize {
    let cells = i128::from(amount.max(0)) * i128::from(BAR_CHARS) / i128::from(most);
    usize::try_from(cells).unwrap_or(0)
}

fn source_text(source: &v1::PriceSource) -> String {
    let target = match &source.target {
        Some(Target::Sku(_)) | None => "its own price".to_owned(),
        Some(Target::Category(path)) => format!("the price of category {path}"),
        Some(Target::Brand(brand)) => format!("the price of brand {brand}"),
    };
    let mut text = format!("{target} in list {}", source.price_list);
    let mode = match source.tier_mode() {
        v1::TierMode::Graduated => ", graduated tiers up to number ",
        v1::TierMode::Volume | v1::TierMode::Unspecified => ", tier ",
    };
    text.push_str(&format!("{mode}{}", source.tier));
    if source.per > 1 || !source.unit.is_empty() {
        let per = if source.per > 1 { format!("{} ", source.per) } else { String::new() };
        text.push_str(&format!(", per {per}{}", source.unit));
    }
    if !source.percent_of.is_empty() {
        text.push_str(&format!(", a percentage off list {}", source.percent_of));
    }
    if let Some(window) = &source.window {
        match (window.valid_from.as_str(), window.valid_to.as_str()) {
            (from, "") => text.push_str(&format!(", from {from}")),
            ("", to) => text.push_str(&format!(", until {to}")),
            (from, to) => text.push_str(&format!(", from {from} until {to}")),
        }
    }
    if !source.flags.is_empty() {
        text.push_str(&format!(", {}", source.flags));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::line;
    use crate::api::v1;

    #[test]
    fn rules_stand_with_their_rates_and_taxes_behind_the_net_amount() {
        let step = |layer: v1::Layer, name: &str, base_micros, amount_micros, explanation: &str| v1::Step {
            layer: layer.into(),
            name: name.to_owned(),
            base_micros,
            amount_micros,
            explanation: explanation.to_owned(),
            ..v1::Step::default()
        };
        let lost = |name: &str, explanation: &str| v1::RuleLoser {
            name: name.to_owned(),
            explanation: explanation.to_owned(),
            ..v1::RuleLoser::default()
        };
        let mut list = step(v1::Layer::List, "", 0, 40_000_000, "");
        list.price_list = "BASE".to_owned();
        let priced = v1::PricedLine {
            status: v1::LineStatus::Priced.into(),
            sku: "R-12".to_owned(),
            name: "Rebar".to_owned(),
            quantity_micros: 3_000_000,
            unit: "t".to_owned(),
            amount_micros: 30_000_000,
            tax_micros: 6_000_000,
            steps: vec![
                list,
                step(v1::Layer::Volume, "By the tonne", 40_000_000, -10_000_000, "25 % of 40.00"),
            ],
            notices: vec![v1::Notice {
                explanation: "needs approval: Margin".to_owned(),
                ..v1::Notice::default()
            }],
            rule_losers: vec![
                lost("Spring", "outside its dates"),
                lost("Turnover", "threshold 5 t, has 3 t"),
            ],
            ..v1::PricedLine::default()
        };
        let bar =
            |before: usize, mark: &str, cells: usize| format!("{}{}", " ".repeat(before), mark.repeat(cells));
        let expected = [
            "R-12  Rebar  3 t".to_owned(),
            format!("  list      BASE                          40.00  {}", bar(0, "█", 40)),
            format!("  volume    By the tonne  25 % of 40.00  -10.00  {}", bar(30, "▒", 10)),
            format!("  net                                     30.00  {}", bar(0, "█", 30)),
            format!("  tax                                     +6.00  {}", bar(30, "▒", 6)),
            format!("  with tax                                36.00  {}", bar(0, "█", 36)),
            "  note: needs approval: Margin".to_owned(),
            "  rules that gave nothing:".to_owned(),
            "      Spring    outside its dates".to_owned(),
            "      Turnover  threshold 5 t, has 3 t".to_owned(),
        ];
        assert_eq!(line(&priced, "EUR").lines().collect::<Vec<_>>(), expected);
    }
}
