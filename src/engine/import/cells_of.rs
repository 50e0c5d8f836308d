//! Which cells do the rows of one target make? Tiers are put together, and every row that does not fit is named.

use std::collections::BTreeMap;

use crate::domain::cell::{Cell, CellFlags, Value};
use crate::domain::decimal::Micros;
use crate::domain::ids::UnitId;
use crate::domain::ladder::{Ladder, LadderError, Over, Tier, TierMode};
use crate::domain::time::Window;
use crate::exchange::fault::Refusal;
use crate::exchange::source::Source;

use super::staged::{Rich, Staged, place_of};

/// What names a cell inside a target.
pub(super) type CellKey = (UnitId, Window);

/// What the rows say of each cell; `None` removes it.
pub(super) type CellChanges = BTreeMap<CellKey, Option<Cell>>;

/// A refused row: its source and why.
pub(super) type Refused = (u64, Refusal);

/// What is known of the rows as a whole.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    /// The files that they are from.
    pub(super) files: &'a [&'a Source],
    /// Were all rows of the files taken? Where some were refused, a missing tier is no fault of the others.
    pub(super) complete: bool,
}

impl Rows<'_> {
    /// What a row is called in a refusal of the row `seen_from`.
    fn name(&self, source: u64, seen_from: u64) -> String {
        let ((file, row), (here, _)) = (place_of(source), place_of(seen_from));
        match self.files.get(file).filter(|_| file != here) {
            Some(file) => format!("row {row} of {}", file.name),
            None => format!("row {row}"),
        }
    }
}

/// The cell changes of one target's rows, which come in the order of the files.
pub(super) fn cells_of(rows: &[Staged], of: Rows<'_>, refused: &mut Vec<Refused>) -> CellChanges {
    let mut cells: BTreeMap<CellKey, Vec<(u64, Rich)>> = BTreeMap::new();
    for row in rows {
        let rich = row.rich.as_deref().copied().unwrap_or_else(|| plain(row.price));
        cells.entry((rich.unit, rich.window)).or_default().push((row.source, rich));
    }
    let mut changes = CellChanges::new();
    for (key, tiers) in cells {
        match cell_of(tiers, of) {
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

fn cell_of(mut rows: Vec<(u64, Rich)>, of: Rows<'_>) -> Result<Option<Cell>, Vec<Refused>> {
    rows.sort_by_key(|(source, rich)| (rich.lower, *source));
    let Some((first_source, model)) = rows.iter().min_by_key(|(source, _)| *source).copied() else {
        return Ok(None);
    };
    let mut refused: Vec<Refused> = Vec::new();
    for (source, rich) in &rows {
        if let Some((column, what)) = difference(&model, rich) {
            let first = of.name(first_source, *source);
            let reason = format!("differs from {first}, which is a tier of the same cell: {what}");
            refused.push((*source, Refusal::new(column, "", reason)));
        }
    }
    for pair in rows.windows(2) {
        if let [(before, one), (source, other)] = pair
            && one.lower == other.lower
        {
            let before = of.name(*before, *source);
            let reason =
                format!("{before} has the same list, goods, unit, window and lower bound: keep one of them");
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
    let bound = if model.mode == TierMode::Graduated { "above" } else { "from" };
    if let Some((source, first)) = rows.first()
        && model.mode == TierMode::Graduated
        && first.lower > Micros::ZERO
        && of.complete
    {
        let reason = "leaves what lies below it without a price: a graduated ladder begins above 0";
        return Err(vec![(*source, Refusal::new(bound, &first.lower.to_string(), reason))]);
    }
    match Ladder::new(model.mode, model.over, tiers) {
        Ok(ladder) => Ok(Some(Cell {
            unit: model.unit,
            per: model.per,
            window: model.window,
            flags: model.flags,
            ladder,
        })),
        Err(LadderError::Gap(_)) if !of.complete => Err(Vec::new()),
        Err(error) => Err(vec![ladder_refusal(&rows, bound, of, error)]),
    }
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

/// What is wrong with tiers that are sorted by their lower bounds, none of which is there twice.
fn ladder_refusal(rows: &[(u64, Rich)], bound: &'static str, of: Rows<'_>, error: LadderError) -> Refused {
    let at = match error {
        LadderError::Empty | LadderError::TooMany => 0,
        LadderError::Negative(at)
        | LadderError::OutOfOrder(at)
        | LadderError::EmptyTier(at)
        | LadderError::Overlap(at)
        | LadderError::Gap(at) => at,
    };
    let Some((source, tier)) = rows.get(at) else { return (0, Refusal::new("", "", error)) };
    let before = at.checked_sub(1).and_then(|before| rows.get(before));
    let ends = before.map_or(String::new(), |(before, tier)| {
        let end = tier.upper.map_or(String::new(), |end| format!(" at {end}"));
        format!("the tier of {}, which ends{end}", of.name(*before, *source))
    });
    let reason = match error {
        LadderError::Overlap(_) => format!("begins inside {ends}: tiers do not overlap"),
        LadderError::Gap(_) => format!("does not go on from {ends}: graduated tiers leave no gap"),
        other => other.to_string(),
    };
    (*source, Refusal::new(bound, &tier.lower.to_string(), reason))
}
