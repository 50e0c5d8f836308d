//! What does a document add to a measure?

use crate::domain::catalogue::Catalogue;
use crate::domain::day::CivilDay;
use crate::domain::decimal::Micros;
use crate::domain::exact::Exact;
use crate::domain::ids::{CategoryId, SkuId, UnitId};
use crate::policy::CompiledPolicy;
use crate::policy::compiled::{CompiledMeasure, CompiledWhat, UnitRef};
use crate::policy::syntax::AmountOf;

use super::by_document::ByDocument;
use super::document::{Document, DocumentLine};
use super::owed::Owed;
use super::series::{Members, Series, Sums};

/// Is a document put in or taken out again?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Put in.
    In,
    /// Taken out again, as when it is moved to another day.
    Out,
}

/// A measure of a policy, over documents.
#[derive(Debug, Clone, Copy)]
pub struct Meter<'a> {
    /// The policy.
    pub policy: &'a CompiledPolicy,
    /// What it was compiled for.
    pub catalogue: &'a Catalogue,
    /// The measure.
    pub measure: &'a CompiledMeasure,
}

impl Meter<'_> {
    /// Nothing yet.
    #[must_use]
    pub fn begin(&self) -> Series {
        match self.measure.what {
            _ if self.measure.by_document => Series::ByDocument(ByDocument::default()),
            CompiledWhat::Skus | CompiledWhat::Categories(_) => Series::Members(Members::default()),
            CompiledWhat::Receivables => Series::Owed(Owed::default()),
            _ if self.measure.paid => Series::Owed(Owed::default()),
            _ => Series::Sums(Sums::default()),
        }
    }

    /// Puts a document into a series of this measure, on the day on which it counts. What cannot be measured, as where a SKU
    /// has no such unit, counts nothing; nor does an amount in another currency.
    pub fn count(&self, document: &Document, day: CivilDay, way: Way, series: &mut Series) {
        if !self.takes(document) {
            return;
        }
        let (back, out) = (document.kind.takes_back(), way == Way::Out);
        let signed = |value: Exact| if back == out { value } else { value.negated() };
        match series {
            Series::Sums(sums) => {
                if let Some(sum) = self.of_document(document) {
                    sums.add(day, &signed(sum));
                }
            }
            Series::ByDocument(documents) => {
                if let Some(sum) = self.of_document(document) {
                    documents.add(day, &document.id, &signed(sum));
                }
            }
            Series::Members(members) => {
                for line in document.lines.iter().filter(|line| self.counts(line.sku)) {
                    let Some(member) = self.member(line.sku) else { continue };
                    if let Some(quantity) = in_unit(self.catalogue, line, UnitRef::Base) {
                        members.add(day, member, &signed(quantity));
                    }
                }
            }
            Series::Owed(owed) => {
                let value = self.of_document(document).unwrap_or(Exact::ZERO);
                owed.count(document, day, &value, (back, out));
            }
        }
    }

    /// Does the measure count such documents?
    fn takes(&self, document: &Document) -> bool {
        let CompiledMeasure { currency, channels, .. } = self.measure;
        let ordered_there = || document.channel.as_ref().is_some_and(|channel| channels.contains(channel));
        currency.is_none_or(|currency| currency == document.currency)
            && (channels.is_empty() || ordered_there())
    }

    /// What a document adds to a sum, without regard to its sign; none where nothing of it is counted.
    fn of_document(&self, document: &Document) -> Option<Exact> {
        if let CompiledWhat::Planned(measure) = &self.measure.what {
            let plan = document.plan.as_ref().filter(|plan| plan.measure == *measure)?;
            return Some(Exact::from(plan.target));
        }
        let counted = document.lines.iter().filter(|line| self.counts(line.sku));
        let values = counted.filter_map(|line| self.of_line(line));
        values.reduce(|sum, value| sum.plus(&value))
    }

    /// What a document adds to a sum, whole and with its sign.
    #[must_use]
    pub fn whole(&self, document: &Document) -> Exact {
        let counted = self.takes(document).then(|| self.of_document(document)).flatten();
        let value = counted.unwrap_or(Exact::ZERO);
        if document.kind.takes_back() { value.negated() } else { value }
    }

    /// What one line of a document adds to a sum; none where it is not counted.
    #[must_use]
    pub fn of_one(&self, document: &Document, line: &DocumentLine) -> Option<Exact> {
        let counted = (self.takes(document) && self.counts(line.sku)).then_some(line)?;
        match self.measure.what {
            CompiledWhat::Skus | CompiledWhat::Categories(_) => self.member(line.sku).map(|_| Exact::ONE),
            _ => self.of_line(counted),
        }
    }

    fn counts(&self, sku: SkuId) -> bool {
        self.policy.class_of(sku).is_some_and(|class| self.policy.holds(class, self.measure.counted()))
    }

    fn of_line(&self, line: &DocumentLine) -> Option<Exact> {
        match &self.measure.what {
            CompiledWhat::Quantity(unit) => in_unit(self.catalogue, line, *unit),
            CompiledWhat::Weight(unit) => weight(self.catalogue, line, *unit),
            CompiledWhat::Amount(AmountOf::List) => Some(Exact::from(line.list_amount)),
            CompiledWhat::Amount(AmountOf::Contract) => Some(Exact::from(line.contract_amount)),
            CompiledWhat::Amount(AmountOf::Net) => Some(Exact::from(line.net_amount)),
            CompiledWhat::Amount(AmountOf::Gross) => {
                Some(Exact::from(line.net_amount).plus(&Exact::from(line.tax_amount)))
            }
            CompiledWhat::Margin => Some(Exact::from(line.net_amount).minus(&Exact::from(line.cost?))),
            CompiledWhat::Costed => line.cost.map(|_| Exact::from(line.net_amount)),
            CompiledWhat::Skus
            | CompiledWhat::Categories(_)
            | CompiledWhat::Attribute(_)
            | CompiledWhat::Planned(_)
            | CompiledWhat::Receivables => None,
        }
    }

    /// The SKU, or its category at the measure's level, by number.
    fn member(&self, sku: SkuId) -> Option<u32> {
        match self.measure.what {
            CompiledWhat::Categories(level) => {
                let deepest = self.catalogue.facts(sku)?.category()?;
                let chain: Vec<CategoryId> = self.catalogue.category_chain(Some(deepest)).collect();
                let at = level.and_then(|level| chain.len().checked_sub(usize::from(level))).unwrap_or(0);
                chain.get(at).map(|category| category.0)
            }
            _ => Some(sku.0),
        }
    }
}

/// A line's quantity in a unit.
#[must_use]
pub fn in_unit(catalogue: &Catalogue, line: &DocumentLine, unit: UnitRef) -> Option<Exact> {
    converted(catalogue, line.sku, (line.quantity, line.unit), unit)
}

/// What a line weighed as stated, else its quantity in the unit.
fn weight(catalogue: &Catalogue, line: &DocumentLine, unit: UnitRef) -> Option<Exact> {
    match line.weight {
        Some((weight, stated)) if UnitRef::Unit(stated) == unit => Some(Exact::from(weight)),
        Some(weight) => converted(catalogue, line.sku, weight, unit),
        None => in_unit(catalogue, line, unit),
    }
}

fn converted(
    catalogue: &Catalogue,
    sku: SkuId,
    (quantity, from): (Micros, UnitId),
    to: UnitRef,
) -> Option<Exact> {
    let to = match to {
        UnitRef::Base => UnitId::BASE,
        UnitRef::Unit(unit) => unit,
        UnitRef::Unknown => return None,
    };
    if from == to {
        return Some(Exact::from(quantity));
    }
    let sku = catalogue.sku(sku)?;
    let times = sku.factor(from)?.in_terms_of(sku.factor(to)?).ok()?;
    Some(Exact::from(quantity).times(&times))
}
