//! What does a case expect of a line? An amount with what else is stated of it, a status, or a refused import.

use std::fmt;

use quoin::pricing::cart::LineStatus;

use super::arithmetic;
use crate::ratio::Ratio;

/// What is stated or found of one line; a stated answer says only what it says.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The net amount; none where the line has no price.
    pub amount: Option<Ratio>,
    /// Why there is no price, or the column and text of a refusal.
    pub status: Option<String>,
    /// `at`: the unit price.
    pub at: Option<Ratio>,
    /// `list`: the list amount.
    pub list: Option<Ratio>,
    /// `list_at`: the list price of a unit.
    pub list_at: Option<Ratio>,
    /// `from`: the price list that decided.
    pub from: Option<String>,
    /// Does a sum stand beside the amount?
    pub summed: bool,
}

impl Answer {
    /// Answers of a cart's lines, between semicolons.
    pub fn read_all(text: &str) -> Result<Vec<Self>, String> {
        if let Some(refusal) = text.strip_prefix("refused ") {
            return Ok(vec![Self { status: Some(format!("refused {}", refusal.trim())), ..Self::default() }]);
        }
        text.split(';').map(Self::read).collect()
    }

    /// `675.00 at 45 list 750 from base = 15 * 45`, or the word of a status.
    fn read(text: &str) -> Result<Self, String> {
        let (stated, sum) = text.split_once(" = ").map_or((text, None), |(stated, sum)| (stated, Some(sum)));
        let mut words = stated.split_whitespace();
        let first = words.next().ok_or("states nothing")?;
        let mut answer = Self { amount: Ratio::parse(first), ..Self::default() };
        if answer.amount.is_none() {
            answer.status = Some(first.to_owned());
        }
        while let Some(word) = words.next() {
            let value = words.next().ok_or_else(|| format!("nothing after {word:?}"))?;
            let number = || Ratio::parse(value).ok_or_else(|| format!("{value:?} is no number"));
            match word {
                "at" => answer.at = Some(number()?),
                "list" => answer.list = Some(number()?),
                "list_at" => answer.list_at = Some(number()?),
                "from" => answer.from = Some(value.to_owned()),
                _ => return Err(format!("unknown word {word:?}")),
            }
        }
        if let Some(sum) = sum {
            let value = arithmetic::value(sum)?;
            if answer.amount.as_ref() != Some(&value) {
                return Err(format!("{sum} is {value}, not {first}"));
            }
            answer.summed = true;
        }
        Ok(answer)
    }

    /// Is all that is stated here so of `found`?
    pub fn agrees_with(&self, found: &Self) -> bool {
        fn same<T: PartialEq>(stated: &Option<T>, found: &Option<T>) -> bool {
            stated.is_none() || stated == found
        }
        self.amount == found.amount
            && same_status(self.status.as_deref(), found.status.as_deref())
            && same(&self.at, &found.at)
            && same(&self.list, &found.list)
            && same(&self.list_at, &found.list_at)
            && same(&self.from, &found.from)
    }
}

/// Equal, or a refusal at the stated column whose reason holds the stated text.
fn same_status(stated: Option<&str>, found: Option<&str>) -> bool {
    let parts = |text: &str| -> Option<(String, String)> {
        let (column, reason) = text.strip_prefix("refused ")?.split_once(": ")?;
        Some((column.trim().to_owned(), reason.to_owned()))
    };
    match (stated.and_then(parts), found.and_then(parts)) {
        (Some((column, text)), Some((at, reason))) => column == at && reason.contains(&text),
        _ => stated == found,
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.status.as_deref().unwrap_or_default())?;
        if let Some(amount) = &self.amount {
            write!(f, "{amount}")?;
        }
        for (word, value) in [("at", &self.at), ("list", &self.list), ("list_at", &self.list_at)] {
            if let Some(value) = value {
                write!(f, " {word} {value}")?;
            }
        }
        self.from.as_ref().map_or(Ok(()), |from| write!(f, " from {from}"))
    }
}

/// The word of a status.
pub fn word(status: LineStatus) -> &'static str {
    match status {
        LineStatus::Priced => "priced",
        LineStatus::UnknownSku => "unknown_sku",
        LineStatus::UnknownUnit => "unknown_unit",
        LineStatus::NoPrice => "no_price",
        LineStatus::NoPriceFinal { .. } => "no_price_final",
        LineStatus::QuantityNotPositive => "quantity_not_positive",
        LineStatus::QuantityTooPrecise { .. } => "quantity_too_precise",
        LineStatus::BelowMinimum { .. } => "below_minimum",
        LineStatus::OffMultiple { .. } => "off_multiple",
        LineStatus::NoBasePrice { .. } => "no_base_price",
        LineStatus::NoExchangeRate { .. } => "no_exchange_rate",
        LineStatus::NoIndexValue { .. } => "no_index_value",
        LineStatus::PriceNotPositive { .. } => "price_not_positive",
        LineStatus::NoTaxRate { .. } => "no_tax_rate",
        LineStatus::NotEligible { .. } => "not_eligible",
        LineStatus::NoSuchService => "no_such_service",
        LineStatus::Overflow => "overflow",
    }
}
