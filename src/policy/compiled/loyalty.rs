//! What are programmes of levels and of points to the ledger?

use crate::domain::currency::Currency;
use crate::domain::exact::Exact;
use crate::policy::syntax::{
    AmountOf, Calendar, Earn, LevelProgramme, Measure, Period, PeriodLength, PeriodOf, PeriodWindow,
    PointsProgramme, Scope, What,
};

use super::build::{Build, count};
use super::condition::Own;
use super::matcher::SelectionNo;
use super::measure::CompiledMeasure;
use super::rule::MeasureNo;
use super::{CompiledCondition, CompiledPolicy, place};

/// A programme of levels, by its place in the order of ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LevelsNo(pub u32);

/// A programme of points, by its place in the order of ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PointsNo(pub u32);

/// A programme of levels with names resolved.
#[derive(Debug, Clone)]
pub struct CompiledLevels {
    pub(super) contracts: SelectionNo,
    /// Does a rule name one of its levels?
    pub(super) asked: bool,
    /// Over which days conditions look.
    pub period: Period,
    /// The net amount of its goods: what months and growth are of.
    pub basis: MeasureNo,
    /// Months for which a level is held once it is no longer reached.
    pub grace_months: u8,
    /// The lowest first.
    pub levels: Vec<CompiledLevel>,
}

/// A level.
#[derive(Debug, Clone)]
pub struct CompiledLevel {
    /// What must hold, all of it, each with its bound.
    pub conditions: Vec<(CompiledCondition, Exact)>,
    /// How many times the points are that its holders earn.
    pub multiplier: Exact,
}

/// A programme of points with names resolved.
#[derive(Debug, Clone)]
pub struct CompiledPoints {
    pub(super) contracts: SelectionNo,
    /// The currency of its amounts.
    pub currency: Option<Currency>,
    /// What is counted of each document by itself.
    pub measure: MeasureNo,
    /// Points for one of that.
    pub rate: Exact,
    /// The levels whose multiplier counts.
    pub levels: Option<LevelsNo>,
}

impl CompiledLevels {
    /// Everything that it measures.
    pub(super) fn measures(&self) -> impl Iterator<Item = MeasureNo> {
        let of_levels = self.levels.iter().flat_map(|level| &level.conditions);
        let of_levels = of_levels.flat_map(|(condition, _)| condition.measures());
        std::iter::once(self.basis).chain(of_levels)
    }
}

impl Build<'_> {
    /// Compiles both kinds of programmes, which stand in the order of ids. Called behind the agreements.
    pub(super) fn loyalty(&mut self) {
        for levels in &self.policy.levels {
            let compiled = self.levels(levels);
            self.tables.levels.push(compiled);
        }
        for points in &self.policy.points {
            let compiled = self.points(points);
            self.tables.points.push(compiled);
        }
    }

    fn levels(&mut self, levels: &LevelProgramme) -> CompiledLevels {
        let goods = self.asked_goods(&levels.goods);
        let currency = self.policy.currency;
        let basis = Measure {
            what: What::Amount { of: AmountOf::Net },
            over: Scope::Period(levels.period),
            goods: None,
            currency,
            at: levels.at,
        };
        let basis = CompiledMeasure::new(&levels.id, &basis, goods, currency, self.catalogue);
        let asked = levels
            .levels
            .iter()
            .any(|level| self.policy.rules.iter().any(|rule| rule.when.level.contains(&level.id)));
        CompiledLevels {
            contracts: self.contracts_of(&levels.contracts),
            asked,
            period: levels.period,
            basis: self.add_measure(basis),
            grace_months: levels.grace_months,
            levels: levels
                .levels
                .iter()
                .map(|level| CompiledLevel {
                    conditions: self.conditions(
                        &Own { id: &level.id, period: levels.period, goods, currency, paid: false },
                        &level.conditions,
                    ),
                    multiplier: Exact::from(level.multiplier),
                })
                .collect(),
        }
    }

    fn points(&mut self, points: &PointsProgramme) -> CompiledPoints {
        let goods = self.asked_goods(&points.goods);
        let currency = points.currency.or(self.policy.currency);
        let (what, rate) = match &points.earn {
            Earn::Percent { percent, of } => (What::Amount { of: *of }, Exact::percent(*percent)),
            Earn::PerUnit { points, unit } => (What::Quantity { unit: unit.clone() }, Exact::from(*points)),
        };
        // Of the contract's own documents; the days are those of the documents.
        let period = Period {
            length: PeriodLength::Year,
            window: PeriodWindow::Current,
            calendar: Calendar::Calendar,
            of: PeriodOf::Contract,
        };
        let measure = Measure { what, over: Scope::Period(period), goods: None, currency, at: points.at };
        let mut measure = CompiledMeasure::new(&points.id, &measure, goods, currency, self.catalogue);
        (measure.by_document, measure.paid) = (!points.paid, points.paid);
        let programmes = &self.policy.levels;
        let levels = points.levels.as_ref().and_then(|(id, _)| {
            programmes.binary_search_by(|other| other.id.cmp(id)).ok().map(|at| LevelsNo(count(at)))
        });
        CompiledPoints {
            contracts: self.contracts_of(&points.contracts),
            currency,
            measure: self.add_measure(measure),
            rate,
            levels,
        }
    }
}

impl CompiledPolicy {
    /// A programme of levels as the ledger has it.
    #[must_use]
    pub fn levels(&self, number: LevelsNo) -> Option<&CompiledLevels> {
        self.tables.levels.get(place(number.0))
    }

    /// A programme of levels as it was written.
    #[must_use]
    pub fn levels_written(&self, number: LevelsNo) -> Option<&LevelProgramme> {
        self.policy.levels.get(place(number.0))
    }

    /// Does a rule name a level of this programme?
    #[must_use]
    pub fn asks_levels(&self, number: LevelsNo) -> bool {
        self.levels(number).is_some_and(|levels| levels.asked)
    }

    /// A programme of points as the ledger has it.
    #[must_use]
    pub fn points(&self, number: PointsNo) -> Option<&CompiledPoints> {
        self.tables.points.get(place(number.0))
    }

    /// A programme of points as it was written.
    #[must_use]
    pub fn points_written(&self, number: PointsNo) -> Option<&PointsProgramme> {
        self.policy.points.get(place(number.0))
    }

    /// The programmes of levels for a contract.
    pub(super) fn levels_of(&self, holds: &dyn Fn(SelectionNo) -> bool) -> Vec<LevelsNo> {
        let numbered = (0_u32..).map(LevelsNo).zip(&self.tables.levels);
        numbered.filter(|(_, levels)| holds(levels.contracts)).map(|(number, _)| number).collect()
    }

    /// The programmes of points for a contract in this currency.
    pub(super) fn points_of(&self, holds: &dyn Fn(SelectionNo) -> bool, currency: Currency) -> Vec<PointsNo> {
        let numbered = (0_u32..).map(PointsNo).zip(&self.tables.points);
        let of_contract = numbered.filter(|(_, points)| {
            holds(points.contracts) && points.currency.is_none_or(|own| own == currency)
        });
        of_contract.map(|(number, _)| number).collect()
    }
}
