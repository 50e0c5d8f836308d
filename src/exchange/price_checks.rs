//! Is a row of a prices file sound by itself? Everything that needs no other row and no catalogue.

use crate::domain::cell::CellFlags;
use crate::domain::decimal::{MILLION, Micros};
use crate::domain::ids::check_external_id;
use crate::domain::ladder::{Over, TierMode};

use super::category::check_category_path;
use super::cells::Cells;
use super::columns::At;
use super::fault::Refusal;
use super::formula::Formula;
use super::price_line::{LineValue, PriceLine, TargetName};
use super::window_memo::WindowMemo;

/// Most units that a price may be for.
const PER_MAX: u32 = 1_000_000_000;
/// 100 %, in millionths of a percent: nothing remains to be paid.
const WHOLE_PERCENT: Micros = Micros(100 * MILLION);
/// The greatest mark-up.
const LEAST_PERCENT: Micros = Micros(-1_000 * MILLION);

/// Reads and checks one row.
#[inline]
pub(super) fn read_line<'c, C: Cells>(
    cells: &'c C,
    row: u64,
    windows: &mut WindowMemo,
) -> Result<PriceLine<'c>, Refusal> {
    let list = required_id(cells, At::PriceList)?;
    let target = target(cells)?;
    let unit = optional_id(cells, At::Unit)?;
    let per = per(cells)?;
    let mode = mode(cells)?;
    let over = over(cells)?;
    let (lower, upper) = bounds(cells, mode)?;
    let flags = flags(cells)?;
    let value = match text(cells, At::Op) {
        "" | "set" => value(cells, flags)?,
        "remove" => removal(cells)?,
        other => return Err(refusal(At::Op, other, "is neither set nor remove")),
    };
    let currency = Some(text(cells, At::Currency)).filter(|code| !code.is_empty());
    let columns = [At::ValidFrom.index(), At::ValidTo.index(), At::ValidThrough.index()];
    let window = windows.window(cells, columns)?;
    Ok(PriceLine { row, list, target, unit, per, mode, over, lower, upper, value, currency, window, flags })
}

#[inline]
fn text<C: Cells>(cells: &C, at: At) -> &str {
    cells.text(at.index())
}

#[cold]
fn refusal(at: At, value: &str, reason: impl std::fmt::Display) -> Refusal {
    Refusal::new(at.name(), value, reason)
}

#[cold]
fn refuse_cell<C: Cells>(cells: &C, at: At, reason: &str) -> Refusal {
    Refusal::new(at.name(), &cells.shown(at.index()), reason)
}

#[inline]
fn required_id<C: Cells>(cells: &C, at: At) -> Result<&str, Refusal> {
    let id = text(cells, at);
    check_external_id(id).map_err(|error| refusal(at, id, error))?;
    Ok(id)
}

#[inline]
fn optional_id<C: Cells>(cells: &C, at: At) -> Result<Option<&str>, Refusal> {
    if text(cells, at).is_empty() { Ok(None) } else { required_id(cells, at).map(Some) }
}

#[inline]
fn target<C: Cells>(cells: &C) -> Result<TargetName<'_>, Refusal> {
    let category = text(cells, At::Category);
    match (text(cells, At::Sku), category, text(cells, At::Brand)) {
        (sku, "", "") if !sku.is_empty() => required_id(cells, At::Sku).map(TargetName::Sku),
        ("", path, "") if !path.is_empty() => {
            check_category_path(path).map_err(|error| refusal(At::Category, path, error))?;
            Ok(TargetName::Category(path))
        }
        ("", "", brand) if !brand.is_empty() => required_id(cells, At::Brand).map(TargetName::Brand),
        ("", "", "") => Err(refusal(At::Sku, "", "is empty: state one of sku, category and brand")),
        (_, _, "") => {
            Err(refusal(At::Category, category, "stands beside sku: state one of sku, category and brand"))
        }
        (_, _, brand) => {
            Err(refusal(At::Brand, brand, "stands beside another: state one of sku, category and brand"))
        }
    }
}

#[inline]
fn per<C: Cells>(cells: &C) -> Result<u32, Refusal> {
    match cells.whole(At::Per.index())? {
        None => Ok(1),
        Some(per) => match u32::try_from(per) {
            Ok(per @ 1..=PER_MAX) => Ok(per),
            _ => Err(refusal(At::Per, &per.to_string(), "is not from 1 to 1,000,000,000")),
        },
    }
}

#[inline]
fn mode<C: Cells>(cells: &C) -> Result<TierMode, Refusal> {
    match text(cells, At::TierMode) {
        "" | "volume" => Ok(TierMode::Volume),
        "graduated" => Ok(TierMode::Graduated),
        other => Err(refusal(At::TierMode, other, "is neither volume nor graduated")),
    }
}

#[inline]
fn over<C: Cells>(cells: &C) -> Result<Over, Refusal> {
    match text(cells, At::Over) {
        "" | "line" => Ok(Over::Line),
        "sku" => Ok(Over::Sku),
        other => Err(refusal(At::Over, other, "is neither line nor sku")),
    }
}

#[inline]
fn flags<C: Cells>(cells: &C) -> Result<CellFlags, Refusal> {
    match text(cells, At::Flags) {
        "" => Ok(CellFlags::default()),
        text => CellFlags::parse(text).ok_or_else(|| {
            refusal(At::Flags, text, "has an unknown flag: known are no_discount, final, free, joined by +")
        }),
    }
}

/// The bounds of the tier: `from` counts from the bound itself, `above` from what lies above it (rule T2).
#[inline]
fn bounds<C: Cells>(cells: &C, mode: TierMode) -> Result<(Micros, Option<Micros>), Refusal> {
    let from = cells.decimal(At::From.index())?;
    let above = cells.decimal(At::Above.index())?;
    let upper = cells.decimal(At::To.index())?;
    let (lower, at) = match (from, above, mode) {
        (None, None, _) => (Micros::ZERO, At::From),
        (Some(_), Some(_), _) => {
            return Err(refuse_cell(cells, At::Above, "stands beside from: state one of them"));
        }
        (Some(lower), None, TierMode::Volume) => (lower, At::From),
        (None, Some(lower), TierMode::Graduated) => (lower, At::Above),
        (Some(_), None, TierMode::Graduated) => {
            let reason = "does not go with tier_mode graduated: state above, what stays in the lower tiers";
            return Err(refuse_cell(cells, At::From, reason));
        }
        (None, Some(_), TierMode::Volume) => {
            let reason =
                "does not go with tier_mode volume: state from, the quantity at which the tier begins";
            return Err(refuse_cell(cells, At::Above, reason));
        }
    };
    if lower.is_negative() {
        return Err(refuse_cell(cells, at, "is negative"));
    }
    let ends_too_soon = |end: Micros| end < lower || (end == lower && mode == TierMode::Graduated);
    if upper.is_some_and(ends_too_soon) {
        return Err(refuse_cell(cells, At::To, "ends the tier before it begins"));
    }
    Ok((lower, upper))
}

/// What the row states: exactly one of price, percentage and formula.
#[inline]
fn value<C: Cells>(cells: &C, flags: CellFlags) -> Result<LineValue<'_>, Refusal> {
    let price = cells.decimal(At::Price.index())?;
    let percent = cells.decimal(At::Percent.index())?;
    let formula = text(cells, At::Formula);
    let of = text(cells, At::PercentOf);
    if !of.is_empty() && percent.is_none() {
        return Err(refusal(At::PercentOf, of, "stands without percent"));
    }
    match (price, percent, formula) {
        (Some(price), None, "") => checked_price(cells, price, flags),
        (None, Some(percent), "") => checked_percent(cells, percent, flags),
        (None, None, "") => {
            Err(refusal(At::Price, "", "is empty: state one of price, percent and formula, or op remove"))
        }
        (None, None, formula) => match Formula::parse(formula) {
            Ok(Formula { index, coefficient, premium }) => {
                Ok(LineValue::Formula { index, coefficient, premium })
            }
            Err(error) => Err(refusal(At::Formula, formula, error)),
        },
        (_, _, "") => Err(refuse_cell(
            cells,
            At::Percent,
            "stands beside price: state one of price, percent and formula",
        )),
        (_, _, formula) => Err(refusal(
            At::Formula,
            formula,
            "stands beside another: state one of price, percent and formula",
        )),
    }
}

/// Zero needs the flag, negative prices do not exist (rule C7).
#[inline]
fn checked_price<C: Cells>(cells: &C, price: Micros, flags: CellFlags) -> Result<LineValue<'_>, Refusal> {
    if price > Micros::ZERO || (price == Micros::ZERO && flags.has(CellFlags::FREE)) {
        return Ok(LineValue::Price(price));
    }
    let reason =
        if price.is_negative() { "is negative" } else { "is zero: where that is meant, set the flag free" };
    Err(refuse_cell(cells, At::Price, reason))
}

fn checked_percent<C: Cells>(cells: &C, percent: Micros, flags: CellFlags) -> Result<LineValue<'_>, Refusal> {
    if percent > WHOLE_PERCENT || percent < LEAST_PERCENT {
        return Err(refuse_cell(cells, At::Percent, "is not from -1000 to 100"));
    }
    if percent == WHOLE_PERCENT && !flags.has(CellFlags::FREE) {
        let reason = "leaves a price of zero: where that is meant, set the flag free";
        return Err(refuse_cell(cells, At::Percent, reason));
    }
    if text(cells, At::PercentOf).is_empty() {
        return Err(refusal(At::PercentOf, "", "is empty: percent needs the list that it is taken off"));
    }
    Ok(LineValue::Percent { percent, of: required_id(cells, At::PercentOf)? })
}

/// A removal names a whole cell and nothing else.
fn removal<C: Cells>(cells: &C) -> Result<LineValue<'_>, Refusal> {
    for at in [At::Price, At::Percent, At::Formula, At::PercentOf, At::From, At::Above, At::To] {
        if !cells.shown(at.index()).is_empty() {
            return Err(refuse_cell(cells, at, "stands beside op remove, which removes the whole cell"));
        }
    }
    Ok(LineValue::Remove)
}
