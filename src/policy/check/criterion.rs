//! Which values does a criterion ask for, of goods or of contracts alike?

use crate::policy::syntax::{ContractCriterion, SkuCriterion};

use super::report::show;

/// A criterion, whichever kind of thing it is of.
pub(super) trait Criterion {
    /// What one of the things is called, and several.
    const THINGS: &'static str;

    /// The alternatives that it names; none where any value does.
    fn values(&self) -> &[String];

    /// Are they groups?
    fn is_group(&self) -> bool;

    /// The attribute whose value it asks.
    fn attribute(&self) -> Option<&str>;

    /// What a value is, for messages: `brand`.
    fn kind(&self) -> String;
}

impl Criterion for SkuCriterion {
    const THINGS: &'static str = "goods";

    fn values(&self) -> &[String] {
        match self {
            Self::Category(values)
            | Self::Brand(values)
            | Self::Attribute { values, .. }
            | Self::Sku(values)
            | Self::List(values)
            | Self::TaxClass(values)
            | Self::Group(values) => values,
        }
    }

    fn is_group(&self) -> bool {
        matches!(self, Self::Group(_))
    }

    fn attribute(&self) -> Option<&str> {
        match self {
            Self::Attribute { name, .. } => Some(name),
            _ => None,
        }
    }

    fn kind(&self) -> String {
        match self {
            Self::Category(_) => "category".to_owned(),
            Self::Brand(_) => "brand".to_owned(),
            Self::Attribute { name, .. } => format!("attribute {}", show(name)),
            Self::Sku(_) => "SKU".to_owned(),
            Self::List(_) => "price list".to_owned(),
            Self::TaxClass(_) => "tax class".to_owned(),
            Self::Group(_) => "group".to_owned(),
        }
    }
}

impl Criterion for ContractCriterion {
    const THINGS: &'static str = "contracts";

    fn values(&self) -> &[String] {
        match self {
            Self::Contract(values)
            | Self::Counterparty(values)
            | Self::Holding(values)
            | Self::Attribute { values, .. }
            | Self::Group(values) => values,
        }
    }

    fn is_group(&self) -> bool {
        matches!(self, Self::Group(_))
    }

    fn attribute(&self) -> Option<&str> {
        match self {
            Self::Attribute { name, .. } => Some(name),
            _ => None,
        }
    }

    fn kind(&self) -> String {
        match self {
            Self::Contract(_) => "contract".to_owned(),
            Self::Counterparty(_) => "counterparty".to_owned(),
            Self::Holding(_) => "holding".to_owned(),
            Self::Attribute { name, .. } => format!("attribute {}", show(name)),
            Self::Group(_) => "group".to_owned(),
        }
    }
}
