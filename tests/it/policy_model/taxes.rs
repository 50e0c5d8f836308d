//! What tax is on a line? (Rule X1: by the line, or by the rate over the document.)

use std::cmp::Reverse;
use std::collections::BTreeMap;

use quoin::domain::decimal::Micros;
use quoin::domain::rounding::TaxRounding;
use quoin::policy::syntax::Tax;

use super::interpret::Model;
use super::meeting;
use crate::ratio::Ratio;

/// Part of a line's net amount, with its tax class.
pub struct Part<'a> {
    pub class: Option<&'a str>,
    pub amount: Ratio,
}

impl Model<'_> {
    /// The rate of a class as a share; none where none is known.
    pub fn tax_rate(&self, class: Option<&str>) -> Option<Ratio> {
        let percent = self.tax_percent(class)?;
        Some(Ratio::from(percent).percent())
    }

    fn tax_percent(&self, class: Option<&str>) -> Option<Micros> {
        let fits = |tax: &&Tax| {
            Some(tax.class.as_str()) == class
                && meeting::contracts(self.policy, &tax.contracts, &self.cart.contract, self.contract)
        };
        let tax = self
            .policy
            .taxes
            .iter()
            .filter(fits)
            .min_by_key(|tax| (Reverse(tax.priority), tax.id.clone()))?;
        let begun = |from: Option<_>| from.is_none_or(|from| from <= self.cart.at);
        tax.rates.iter().rfind(|rate| begun(rate.from)).map(|rate| rate.percent)
    }

    /// The tax of each line, by id, given the parts of each.
    pub fn taxes(&self, lines: &[(String, Vec<Part<'_>>)]) -> BTreeMap<String, Ratio> {
        let mut taxes: BTreeMap<String, Ratio> = BTreeMap::new();
        let mut by_rate: BTreeMap<Micros, BTreeMap<&str, Ratio>> = BTreeMap::new();
        for (id, parts) in lines {
            let mut exact = Ratio::zero();
            for part in parts {
                let Some(percent) = self.tax_percent(part.class) else { continue };
                exact = exact + Ratio::from(percent).percent() * &part.amount;
                let of_rate = by_rate.entry(percent).or_default().entry(id).or_insert_with(Ratio::zero);
                *of_rate = &*of_rate + &part.amount;
            }
            taxes.insert(id.clone(), self.coins.amount(&exact));
        }
        if self.contract.tax_rounding == TaxRounding::Line {
            return taxes;
        }
        taxes.values_mut().for_each(|tax| *tax = Ratio::zero());
        for (percent, amounts) in by_rate {
            let weights: Vec<(&str, Ratio)> =
                amounts.into_iter().filter(|(_, amount)| amount.is_positive()).collect();
            let total: Ratio = weights.iter().map(|(_, amount)| amount).sum();
            let tax = self.coins.amount(&(Ratio::from(percent).percent() * total));
            for ((id, _), part) in weights.iter().zip(self.coins.spread(&tax, &weights)) {
                taxes.entry((*id).to_owned()).and_modify(|tax| *tax = &*tax + &part);
            }
        }
        taxes
    }
}
