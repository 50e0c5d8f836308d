//! What kinds of files are there, and which columns has each? One table.

use std::fmt;

/// A kind of canonical file, in the order in which an import reads them: what is named comes before what names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Units of measure.
    Units,
    /// SKUs.
    Skus,
    /// Alternative units of SKUs.
    SkuUnits,
    /// Price lists without their prices.
    PriceLists,
    /// Counterparties.
    Counterparties,
    /// Contracts.
    Contracts,
    /// Access sequences of contracts.
    Access,
    /// Effective-dated exchange rates.
    ExchangeRates,
    /// Effective-dated index values.
    IndexValues,
    /// Prices.
    Prices,
    /// Documents of the ledger: they are posted, and no part of an import.
    Documents,
}

/// What a column holds, which decides the Parquet types that it may have. Strings are accepted everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// An id, a word of a fixed choice or free text: strings.
    Text,
    /// A decimal: decimals with a scale, or whole numbers.
    Decimal,
    /// A whole number.
    Whole,
    /// A civil date or date-time: dates, or timestamps without zone.
    Moment,
}

/// A column of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in the header.
    pub name: &'static str,
    /// Must it be there?
    pub required: bool,
    /// What it holds.
    pub holds: Holds,
}

const fn must(name: &'static str, holds: Holds) -> Column {
    Column { name, required: true, holds }
}

const fn may(name: &'static str, holds: Holds) -> Column {
    Column { name, required: false, holds }
}

use Holds::{Decimal, Moment, Text, Whole};

const UNITS: &[Column] = &[must("unit", Text), may("name", Text), may("decimals", Whole)];
const SKUS: &[Column] = &[
    must("sku", Text),
    may("name", Text),
    must("base_unit", Text),
    may("category", Text),
    may("brand", Text),
    may("tax_class", Text),
    may("multiple", Decimal),
    may("minimum", Decimal),
    may("unit_cost", Decimal),
    may("cost_currency", Text),
    may("attributes", Text),
];
const SKU_UNITS: &[Column] =
    &[must("sku", Text), must("unit", Text), must("numerator", Whole), may("denominator", Whole)];
const PRICE_LISTS: &[Column] = &[
    must("price_list", Text),
    may("name", Text),
    must("currency", Text),
    may("contract", Text),
    may("tax", Text),
];
const COUNTERPARTIES: &[Column] = &[must("counterparty", Text), may("name", Text), may("holding", Text)];
const CONTRACTS: &[Column] = &[
    must("contract", Text),
    must("counterparty", Text),
    must("currency", Text),
    must("time_zone", Text),
    may("valid_from", Moment),
    may("valid_to", Moment),
    may("valid_through", Moment),
    may("access", Text),
    may("reference_list", Text),
    may("amount_step", Decimal),
    may("amount_mode", Text),
    may("unit_step", Decimal),
    may("unit_mode", Text),
    may("round", Text),
    may("discount_on", Text),
    may("rounding_unit", Text),
    may("tax_rounding", Text),
    may("payer", Text),
    may("ship_to", Text),
    may("payment_terms", Text),
    may("hold", Text),
    may("attributes", Text),
];
const ACCESS: &[Column] = &[
    must("contract", Text),
    must("position", Whole),
    must("price_list", Text),
    may("warehouse", Text),
    may("delivery_basis", Text),
    may("channel", Text),
    may("fulfilment", Text),
];
const EXCHANGE_RATES: &[Column] = &[
    must("from", Text),
    must("to", Text),
    must("valid_from", Moment),
    must("rate", Decimal),
    may("per", Whole),
];
const INDEX_VALUES: &[Column] = &[must("index", Text), must("valid_from", Moment), must("value", Decimal)];
/// In the order of [`super::columns::At`].
const PRICES: &[Column] = &[
    must("price_list", Text),
    may("sku", Text),
    may("category", Text),
    may("brand", Text),
    may("unit", Text),
    may("per", Whole),
    may("tier_mode", Text),
    may("over", Text),
    may("from", Decimal),
    may("above", Decimal),
    may("to", Decimal),
    may("price", Decimal),
    may("percent", Decimal),
    may("formula", Text),
    may("percent_of", Text),
    may("currency", Text),
    may("valid_from", Moment),
    may("valid_to", Moment),
    may("valid_through", Moment),
    may("flags", Text),
    may("op", Text),
];

const DOCUMENTS: &[Column] = &[
    must("document", Text),
    may("kind", Text),
    must("contract", Text),
    must("day", Moment),
    may("currency", Text),
    may("reference", Text),
    may("payer", Text),
    may("ship_to", Text),
    may("quote", Text),
    may("channel", Text),
    may("due", Moment),
    // Of goods.
    may("sku", Text),
    may("unit", Text),
    may("quantity", Decimal),
    may("list_amount", Decimal),
    may("contract_amount", Decimal),
    may("net_amount", Decimal),
    may("tax_amount", Decimal),
    may("cost", Decimal),
    may("weight", Decimal),
    may("weight_unit", Text),
    // Of payments.
    may("pays", Text),
    may("amount", Decimal),
    // Of plans.
    may("measure", Text),
    may("last_day", Moment),
    may("target", Decimal),
    // Of uses of limited benefits.
    may("rule", Text),
    may("used", Decimal),
];

impl Kind {
    /// Every kind of an import, in its order.
    pub const ALL: [Self; 10] = [
        Self::Units,
        Self::Skus,
        Self::SkuUnits,
        Self::PriceLists,
        Self::Counterparties,
        Self::Contracts,
        Self::Access,
        Self::ExchangeRates,
        Self::IndexValues,
        Self::Prices,
    ];

    /// The name, as files and `--kind` write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Units => "units",
            Self::Skus => "skus",
            Self::SkuUnits => "sku_units",
            Self::PriceLists => "price_lists",
            Self::Counterparties => "counterparties",
            Self::Contracts => "contracts",
            Self::Access => "access",
            Self::ExchangeRates => "exchange_rates",
            Self::IndexValues => "index_values",
            Self::Prices => "prices",
            Self::Documents => "documents",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind that a file's name begins with: `prices-2026-05.parquet`, `price_lists.csv`, `sku-units (2).csv`. The
    /// longest name that fits wins.
    #[must_use]
    pub fn of_file_name(file: &str) -> Option<Self> {
        let file = file.to_lowercase().replace('-', "_");
        Self::ALL
            .into_iter()
            .filter(|kind| {
                file.strip_prefix(kind.name())
                    .is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphabetic()))
            })
            .max_by_key(|kind| kind.name().len())
    }

    /// The columns, in the order in which they are written.
    #[must_use]
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Units => UNITS,
            Self::Skus => SKUS,
            Self::SkuUnits => SKU_UNITS,
            Self::PriceLists => PRICE_LISTS,
            Self::Counterparties => COUNTERPARTIES,
            Self::Contracts => CONTRACTS,
            Self::Access => ACCESS,
            Self::ExchangeRates => EXCHANGE_RATES,
            Self::IndexValues => INDEX_VALUES,
            Self::Prices => PRICES,
            Self::Documents => DOCUMENTS,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
