//! Which request do the options of `quoin price` make?

use crate::api::decimal::total_of;
use crate::api::moment::timestamp;
use crate::api::v1;
use crate::domain::decimal::Micros;
use crate::domain::language::Language;
use crate::domain::time::Instant;

use super::cart_arguments::{Price, Progress, Tongue};
use super::failure::{Failure, USAGE};
use super::{cart_file, cart_line};

/// The request.
pub fn request(asked: &Price) -> Result<v1::PriceCartRequest, Failure> {
    let (mut lines, mut take_points) = match &asked.cart {
        Some(path) => cart_file::of_file(path)?,
        None => (Vec::new(), Vec::new()),
    };
    for text in &asked.lines {
        lines.push(cart_line::of_argument(text)?);
    }
    for text in &asked.take_points {
        take_points.push(points(text)?);
    }
    if asked.cart.is_none() && lines.is_empty() {
        return Err(Failure::new(USAGE, "the cart has no line: write SKU=QUANTITY, or --cart FILE"));
    }
    Ok(v1::PriceCartRequest {
        contract: asked.contract.clone(),
        pricing_at: instant(asked.at.as_deref())?.map(timestamp),
        publication: asked.publication.unwrap_or(0),
        circumstances: Some(v1::Circumstances {
            warehouse: asked.warehouse.clone(),
            delivery_basis: asked.delivery_basis.clone(),
            channel: asked.channel.clone(),
            fulfilment: asked.fulfilment.clone(),
            payment_terms: asked.payment_terms.clone(),
        }),
        lines,
        view: v1::CartView::Waterfall.into(),
        coupons: asked.coupons.clone(),
        metrics: metrics(asked)?,
        progress: match asked.progress {
            Progress::None => v1::ProgressWanted::None,
            Progress::Next => v1::ProgressWanted::Next,
            Progress::Lines => v1::ProgressWanted::Lines,
            Progress::Ladders => v1::ProgressWanted::Ladders,
        }
        .into(),
        language: match asked.language {
            Tongue::En => Language::English,
            Tongue::Ru => Language::Russian,
        }
        .code()
        .to_owned(),
        hold: asked.hold.clone(),
        take_points,
    })
}

/// The instant that `--at` names.
pub fn instant(at: Option<&str>) -> Result<Option<Instant>, Failure> {
    let read = |text: &str| {
        Instant::parse(text).map_err(|why| Failure::new(USAGE, format!("--at: \"{text}\" {why}")))
    };
    at.map(read).transpose()
}

fn metrics(asked: &Price) -> Result<Option<v1::Metrics>, Failure> {
    let metrics = v1::Metrics {
        positions: asked.bought.iter().map(|text| position(text)).collect::<Result<_, _>>()?,
        uses: asked.used.iter().map(|text| used(text)).collect::<Result<_, _>>()?,
        first_order: asked.first_order,
    };
    Ok((metrics != v1::Metrics::default()).then_some(metrics))
}

/// A name, which may have an equals sign in it, and what is said of it.
fn split<'a>(option: &str, text: &'a str, like: &str) -> Result<(&'a str, &'a str), Failure> {
    let wrong = || Failure::new(USAGE, format!("{option}: \"{text}\": write {like}"));
    text.rsplit_once('=').filter(|(name, value)| !name.is_empty() && !value.is_empty()).ok_or_else(wrong)
}

/// Refuses what is no figure, by the option's own name.
fn check(option: &str, value: &str) -> Result<(), Failure> {
    match total_of(value) {
        Ok(_) => Ok(()),
        Err(why) => Err(Failure::new(USAGE, format!("{option}: \"{value}\" {why}"))),
    }
}

fn position(text: &str) -> Result<v1::MeasurePosition, Failure> {
    let (measure, value) = split("--bought", text, "MEASURE=VALUE, as in turnover=125000")?;
    let (value, members) = value.split_once(':').unwrap_or((value, ""));
    check(&format!("--bought {measure}"), value)?;
    Ok(v1::MeasurePosition {
        measure: measure.to_owned(),
        value: value.to_owned(),
        members: members.split(',').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect(),
    })
}

fn points(text: &str) -> Result<v1::TakePoints, Failure> {
    let (programme, value) = split("--take-points", text, "PROGRAMME=POINTS, as in bonus=100")?;
    let points = Micros::parse(value)
        .map_err(|why| Failure::new(USAGE, format!("--take-points {programme}: \"{value}\" {why}")))?;
    Ok(v1::TakePoints { programme: programme.to_owned(), points_micros: points.0 })
}

fn used(text: &str) -> Result<v1::BenefitUse, Failure> {
    let (rule, value) = split("--used", text, "RULE=VALUE, as in first-100-t=40")?;
    check(&format!("--used {rule}"), value)?;
    Ok(v1::BenefitUse { rule: rule.to_owned(), used: value.to_owned() })
}
