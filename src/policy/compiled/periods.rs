//! Which measures are over periods, and which of them count the same things?

use std::collections::BTreeSet;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::domain::currency::Currency;
use crate::policy::syntax::{Period, Scope};

use super::matcher::SelectionNo;
use super::measure::{CompiledMeasure, CompiledWhat};
use super::program::Program;
use super::rule::MeasureNo;
use super::{CompiledAgreement, CompiledLevels, CompiledPolicy, RuleNo, place};

/// What measures count, whatever their period and whoever's purchases they are.
type Counted<'m> = (&'m CompiledWhat, SelectionNo, Option<Currency>, &'m [String], bool, bool);

/// For each measure the first that counts the same.
pub(super) fn meters(measures: &[CompiledMeasure]) -> Vec<MeasureNo> {
    let mut first: HashMap<Counted<'_>, MeasureNo, FixedState> = HashMap::default();
    let numbered = (0_u32..).map(MeasureNo).zip(measures);
    numbered
        .map(|(number, measure)| {
            let CompiledMeasure { what, currency, channels, paid, by_document, .. } = measure;
            let counted = (what, measure.counted(), *currency, channels.as_slice(), *paid, *by_document);
            *first.entry(counted).or_insert(number)
        })
        .collect()
}

impl CompiledPolicy {
    /// The measure that stands for all which count the same over whatever period: their documents are summed once.
    #[must_use]
    pub fn meter_of(&self, measure: MeasureNo) -> MeasureNo {
        self.meters.get(place(measure.0)).copied().unwrap_or(measure)
    }

    /// The measures over periods of its rules, agreements, caps, holds, levels and points.
    #[must_use]
    pub fn metered(&self, program: &Program) -> Vec<MeasureNo> {
        let of_rules = program.rules.periods.iter().copied();
        let of_agreements = program.agreements.iter().filter_map(|number| self.agreement(*number));
        let of_agreements = of_agreements.flat_map(CompiledAgreement::measures);
        let of_holds = program.holds.iter().filter_map(|number| self.hold(*number));
        let of_holds = of_holds.map(|(_, hold)| hold.receivables);
        let of_caps = program.bonus_caps.iter().filter_map(|number| self.bonus_cap(*number));
        let of_caps = of_caps.filter_map(|(_, cap)| cap.measure());
        let of_levels = program.levels.iter().filter_map(|number| self.levels(*number));
        let of_levels = of_levels.flat_map(CompiledLevels::measures);
        let of_points = program.points.iter().filter_map(|number| self.points(*number));
        let of_points = of_points.map(|points| points.measure);
        let of_debts = of_holds.chain(of_caps);
        of_rules.chain(of_agreements).chain(of_debts).chain(of_levels).chain(of_points).collect()
    }

    /// The rules of a contract whose ladders measure a period, ascending.
    #[must_use]
    pub fn period_ladders(&self, program: &Program) -> Vec<RuleNo> {
        let all = program.rules.indices.iter().flat_map(|index| &index.rules);
        let over_period = |number: &RuleNo| {
            let rule = self.compiled(*number);
            let measure = rule.filter(|rule| rule.currency.is_none_or(|own| own == program.currency));
            measure
                .and_then(|rule| rule.measure)
                .is_some_and(|measure| program.rules.periods.binary_search(&measure).is_ok())
        };
        let ladders: BTreeSet<RuleNo> = all.map(|(_, (_, number))| *number).filter(over_period).collect();
        ladders.into_iter().collect()
    }

    /// The measures over periods that a contract's rules name.
    pub fn periods<'p>(
        &'p self,
        program: &'p Program,
    ) -> impl Iterator<Item = (MeasureNo, &'p CompiledMeasure, Period)> {
        program.rules.periods.iter().filter_map(|number| {
            let measure = self.measure(*number)?;
            match measure.scope {
                Scope::Period(period) => Some((*number, measure, period)),
                Scope::Line | Scope::Sku | Scope::Group | Scope::Cart => None,
            }
        })
    }
}
