//! Which cells do the rows of one target make? Tiers are put together, and every row that does not fit is named.

use std::collections::BTreeMap;

use crate::domain::cell::{Cell, CellFlags, Value};
use crate::domain::decimal::Micros;
use crate::domain::ids::UnitId;
use crate::domain::ladder::{Ladder, LadderError, Over, Tier, TierMode};
use crate::domain::time::Window;
use crate::exchange::fault::Refusal;

use super::staged::{Rich, Staged, place_of};

/// What names a cell inside a target.
pub(super) type CellKey = (UnitId, Window);

/// What the rows say of each cell; `None` removes it.
pub(super) type CellChanges = BTreeMap<CellKey, Option<Cell>>;

/// A refused row: its source and why.
pub(super) type Refused = (u64, Refusal);

/// The cell changes of one target's rows, which come in the order of the files.
pub(super) fn cells_of(rows: &[Staged], refused: &mut Vec<Refused>) -> CellChanges {
    let mut cells: BTreeMap<CellKey, Vec<(u64, Rich)>> = BTreeMap::new();
    for row in rows {
        let rich = row.rich.as_deref().copied().unwrap_or_else(|| plain(row.price));
        cells.entry((rich.unit, rich.window)).or_default().push((row.source, rich));
    }
    let mut changes = CellChanges::new();
    for (key, tiers) in cells {
        match cell_of(tiers) {
            Ok(cell) => {
                changes.insert(key, cell);
            }
            Err(refusals) => refused.extend(refusals),
        }
    }
    changes
}

fn plain(price: i64) -> Rich {
    Rich {
        unit: UnitId::BASE,
        per: 1,
        mode: TierMode::Volume,
        over: Over::Line,
        lower: Micros::ZERO,
        upper: None,
        value: Some(Value::Price(Micros(price))),
        window: Window::ALWAYS,
        flags: CellFlags::default(),
    }
}

fn cell_of(mut rows: Vec<(u64, Rich)>) -> Result<Option<Cell>, Vec<Refused>> {
    rows.sort_by_key(|(source, rich)| (rich.lower, *source));
    let Some((first_source, model)) = rows.iter().min_by_key(|(source, _)| *source).copied() else {
        return Ok(None);
    };
    let first_row = place_of(first_source).1;
    let mut refused: Vec<Refused> = Vec::new();
    for (source, rich) in &rows {
        if let Some((column, what)) = difference(&model, rich) {
            let reason = format!("differs from row {first_row}, which is a tier of the same cell: {what}");
            refused.push((*source, Refusal::new(column, "", reason)));
        }
    }
    for pair in rows.windows(2) {
        if let [(before, one), (source, other)] = pair
            && one.lower == other.lower
        {
            let reason = format!(
                "row {} has the same list, goods, unit, window and lower bound: keep one of them",
                place_of(*before).1
            );
            refused.push((*source, Refusal::new("", "", reason)));
        }
    }
    if !refused.is_empty() {
        return Err(refused);
    }
    if model.value.is_none() {
        return Ok(None);
    }
    let tiers: Vec<Tier<Value>> = rows
        .iter()
        .filter_map(|(_, rich)| Some(Tier { lower: rich.lower, upper: rich.upper, value: rich.value? }))
        .collect();
    if model.mode == TierMode::Graduated
        && let Some((source, first)) = rows.first().filter(|(_, first)| first.lower > Micros::ZERO)
    {
        let reason =
            format!("the first {} units have no price: a graduated ladder begins above 0", first.lower);
        return Err(vec![(*source, Refusal::new("above", &first.lower.to_string(), reason))]);
    }
    let ladder = Ladder::new(model.mode, model.over, tiers)
        .map_err(|error| vec![ladder_refusal(&rows, model.mode, error)])?;
    Ok(Some(Cell { unit: model.unit, per: model.per, window: model.window, flags: model.flags, ladder }))
}

/// The first column in which a tier differs from its cell's first row, where tiers must agree.
fn difference(model: &Rich, other: &Rich) -> Option<(&'static str, &'static str)> {
    let kind = |rich: &Rich| match rich.value {
        None => (0, None),
        Some(Value::Price(_)) => (1, None),
        Some(Value::Percent { of, .. }) => (2, Some(of)),
        Some(Value::Formula { .. }) => (3, None),
    };
    if kind(model).0 != kind(other).0 {
        return Some(("", "prices, percentages, formulas and removals do not mix"));
    }
    if kind(model) != kind(other) {
        return Some(("percent_of", "name one list"));
    }
    if model.per != other.per {
        return Some(("per", "state one"));
    }
    if model.mode != other.mode {
        return Some(("tier_mode", "state one"));
    }
    if model.over != other.over {
        return Some(("over", "state one"));
    }
    (model.flags != other.flags).then_some(("flags", "state the same on every tier"))
}

fn ladder_refusal(rows: &[(u64, Rich)], mode: TierMode, error: LadderError) -> Refused {
    let at = match error {
        LadderError::Empty | LadderError::TooMany => 0,
        LadderError::Negative(at)
        | LadderError::OutOfOrder(at)
        | LadderError::EmptyTier(at)
        | LadderError::Overlap(at)
        | LadderError::Gap(at) => at,
    };
    let column = match (error, mode) {
        (LadderError::EmptyTier(_), _) => "to",
        (_, TierMode::Volume) => "from",
        (_, TierMode::Graduated) => "above",
    };
    let (source, value) =
        rows.get(at).map_or((0, String::new()), |(source, rich)| (*source, rich.lower.to_string()));
    (source, Refusal::new(column, &value, format!("of the cell's tiers, counted from 0, {error}")))
}
