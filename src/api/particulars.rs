//! What does a request say beyond lines and circumstances, and is it sound? Characteristics, services, metrics.

use std::collections::BTreeSet;

use crate::domain::decimal::Micros;
use crate::domain::ids::check_external_id;
use crate::domain::limits;
use crate::pricing::request::{LineDetails, Metrics, Particulars, Position, TakePoints, Use};

use super::decimal::total_of;
use super::status::Violation;
use super::v1;

/// What few carts say, as it was sent: nothing of it is judged yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stated<'a> {
    /// Coupon codes.
    pub coupons: Vec<&'a str>,
    /// Details of lines, by line.
    pub details: Vec<LineDetails<'a>>,
    /// Positions of measures.
    pub positions: Vec<StatedPosition<'a>>,
    /// Ids of rules, and how much of each was used: a decimal.
    pub uses: Vec<(&'a str, &'a str)>,
    /// Is it the contract's first order?
    pub first_order: bool,
    /// The hold of limits that it is about.
    pub hold: &'a str,
    /// Points to be taken.
    pub take_points: Vec<TakePoints<'a>>,
}

/// The position of a measure, as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatedPosition<'a> {
    /// The measure or rule.
    pub measure: &'a str,
    /// A decimal.
    pub value: &'a str,
    /// SKUs or categories.
    pub members: Vec<&'a str>,
}

/// What a cart states.
#[must_use]
pub fn stated_by(request: &v1::PriceCartRequest) -> Stated<'_> {
    let lines = request.lines.iter().zip(0_u32..);
    let details = lines.filter_map(|(line, number)| Some(details_of(line.details.as_ref()?, number)));
    let before = stated_before(&request.coupons, request.metrics.as_ref());
    let take_points = request.take_points.iter();
    let take_points =
        take_points.map(|one| TakePoints { programme: &one.programme, points: Micros(one.points_micros) });
    Stated { details: details.collect(), hold: &request.hold, take_points: take_points.collect(), ..before }
}

/// What coupons and metrics state.
#[must_use]
pub fn stated_before<'a>(coupons: &'a [String], metrics: Option<&'a v1::Metrics>) -> Stated<'a> {
    Stated {
        coupons: coupons.iter().map(String::as_str).collect(),
        details: Vec::new(),
        positions: metrics
            .iter()
            .flat_map(|metrics| &metrics.positions)
            .map(|position| StatedPosition {
                measure: &position.measure,
                value: &position.value,
                members: position.members.iter().map(String::as_str).collect(),
            })
            .collect(),
        uses: metrics
            .iter()
            .flat_map(|metrics| &metrics.uses)
            .map(|one| (one.rule.as_str(), one.used.as_str()))
            .collect(),
        first_order: metrics.is_some_and(|metrics| metrics.first_order),
        hold: "",
        take_points: Vec::new(),
    }
}

fn details_of(details: &v1::LineDetails, line: u32) -> LineDetails<'_> {
    LineDetails {
        line,
        attributes: details.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
        weight: weight_of(Micros(details.weight_micros), &details.weight_unit),
        warehouse: &details.warehouse,
        fulfilment: &details.fulfilment,
        services: details
            .services
            .iter()
            .map(|service| (service.service.as_str(), how_many(service.quantity_micros)))
            .collect(),
    }
}

/// A weight; none where neither figure nor unit is stated.
#[must_use]
pub fn weight_of(weight: Micros, unit: &str) -> Option<(Micros, &str)> {
    (weight != Micros::ZERO || !unit.is_empty()).then_some((weight, unit))
}

/// How many of a service: one where nothing is said.
#[must_use]
pub fn how_many(quantity_micros: i64) -> Micros {
    if quantity_micros == 0 { Micros::ONE } else { Micros(quantity_micros) }
}

/// What pricing is given of it.
///
/// # Errors
/// The field that is wrong.
pub fn particulars_of(stated: Stated<'_>) -> Result<Particulars<'_>, Violation> {
    at_most("coupons", stated.coupons.len(), limits::COUPONS)?;
    for details in &stated.details {
        check_details(details)?;
    }
    let metrics = if stated.positions.is_empty() && stated.uses.is_empty() {
        Metrics { first_order: stated.first_order, ..Metrics::default() }
    } else {
        metrics_of(&stated)?
    };
    check_points(&stated.take_points)?;
    let Stated { coupons, details, hold, take_points, .. } = stated;
    if !hold.is_empty()
        && let Err(why) = check_external_id(hold)
    {
        return Err(Violation::new("hold", format!("\"{hold}\" {why}")));
    }
    Ok(Particulars { coupons, details, metrics, hold, take_points, ..Particulars::default() })
}

fn at_most(field: &str, found: usize, most: usize) -> Result<(), Violation> {
    if found <= most {
        return Ok(());
    }
    Err(Violation::new(field, format!("has {found} entries; at most {most} are taken")))
}

fn check_details(details: &LineDetails<'_>) -> Result<(), Violation> {
    let field = |name: &str| format!("lines[{}].details.{name}", details.line);
    at_most(&field("attributes"), details.attributes.len(), limits::ATTRIBUTES)?;
    at_most(&field("services"), details.services.len(), limits::LINE_SERVICES)?;
    match details.weight {
        Some((weight, _)) if weight <= Micros::ZERO => {
            return Err(Violation::new(field("weight_micros"), "is not above zero"));
        }
        Some((_, "")) => return Err(Violation::new(field("weight_unit"), "is missing: name the unit")),
        _ => {}
    }
    let mut seen = BTreeSet::new();
    for (number, (service, quantity)) in details.services.iter().enumerate() {
        if *quantity < Micros::ZERO {
            let place = field(&format!("services[{number}].quantity_micros"));
            return Err(Violation::new(place, "is below zero"));
        }
        if !seen.insert(*service) {
            let place = field(&format!("services[{number}].service"));
            return Err(Violation::new(place, format!("names \"{service}\" again: say once how many")));
        }
    }
    Ok(())
}

fn check_points(take_points: &[TakePoints<'_>]) -> Result<(), Violation> {
    at_most("take_points", take_points.len(), limits::TAKE_POINTS)?;
    let mut seen = BTreeSet::new();
    for (number, one) in take_points.iter().enumerate() {
        let field = |name: &str| format!("take_points[{number}].{name}");
        if !seen.insert(one.programme) {
            return Err(again(field("programme"), one.programme));
        }
        if one.points < Micros::ZERO {
            return Err(Violation::new(field("points_micros"), "is below zero"));
        }
    }
    Ok(())
}

fn metrics_of<'a>(stated: &Stated<'a>) -> Result<Metrics<'a>, Violation> {
    at_most("metrics.positions", stated.positions.len(), limits::METRICS)?;
    at_most("metrics.uses", stated.uses.len(), limits::METRICS)?;
    let mut seen = BTreeSet::new();
    let mut positions = Vec::with_capacity(stated.positions.len());
    for (number, position) in stated.positions.iter().enumerate() {
        let field = |name: &str| format!("metrics.positions[{number}].{name}");
        if !seen.insert(position.measure) {
            return Err(again(field("measure"), position.measure));
        }
        let value = figure(field("value"), position.value)?;
        positions.push(Position { measure: position.measure, value, members: position.members.clone() });
    }
    seen.clear();
    let mut uses = Vec::with_capacity(stated.uses.len());
    for (number, (rule, used)) in stated.uses.iter().enumerate() {
        let field = |name: &str| format!("metrics.uses[{number}].{name}");
        if !seen.insert(*rule) {
            return Err(again(field("rule"), rule));
        }
        let amount = figure(field("used"), used)?;
        if amount < 0 {
            return Err(Violation::new(field("used"), format!("\"{used}\" is below zero")));
        }
        uses.push(Use { rule, used: amount });
    }
    Ok(Metrics { positions, uses, first_order: stated.first_order })
}

fn again(field: String, name: &str) -> Violation {
    Violation::new(field, format!("names \"{name}\" again"))
}

fn figure(field: String, text: &str) -> Result<i128, Violation> {
    if text.is_empty() {
        return Ok(0);
    }
    total_of(text).map_err(|why| Violation::new(field, format!("\"{text}\" {why}")))
}
