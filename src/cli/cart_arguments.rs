//! Which options do `quoin price` and `quoin explain` take?

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// How much progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Progress {
    /// None
    None,
    /// Each ladder over more than a line
    Next,
    /// Ladders of lines as well
    Lines,
    /// All, with their whole ladders
    Ladders,
}

/// In which language texts are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Tongue {
    /// English
    En,
    /// Russian
    Ru,
}

/// `quoin price` and `quoin explain`.
#[derive(Debug, Args)]
pub struct Price {
    /// The contract
    #[arg(long)]
    pub contract: String,
    /// At this instant (2026-05-01T12:30:00Z); now where not stated
    #[arg(long, value_name = "INSTANT")]
    pub at: Option<String>,
    /// Against this publication; the newest where not stated
    #[arg(long)]
    pub publication: Option<u64>,
    /// A CSV or JSON file with sku, quantity and perhaps unit, id, attributes, weight, services (docs/CLI.md)
    #[arg(long, value_name = "FILE")]
    pub cart: Option<PathBuf>,
    /// Lines as SKU=QUANTITY, with a unit behind the quantity where it is not the base unit (BOLT-8=2.5box), and what
    /// else there is to say in braces: 'REBAR-12=3t{length=6,service:cutting=4}'
    #[arg(value_name = "SKU=QTY[UNIT][{DETAILS}]")]
    pub lines: Vec<String>,
    /// The warehouse that the goods leave from
    #[arg(long, default_value = "")]
    pub warehouse: String,
    /// The delivery basis
    #[arg(long, default_value = "")]
    pub delivery_basis: String,
    /// The channel
    #[arg(long, default_value = "")]
    pub channel: String,
    /// From stock or to order
    #[arg(long, default_value = "")]
    pub fulfilment: String,
    /// Payment terms, where others than the contract's
    #[arg(long, default_value = "")]
    pub payment_terms: String,
    /// A coupon code; may be repeated
    #[arg(long = "coupon", value_name = "CODE")]
    pub coupons: Vec<String>,
    /// It is the contract's first order
    #[arg(long)]
    pub first_order: bool,
    /// What was bought in the period of a measure or rule, and perhaps which SKUs or categories: turnover=125000,
    /// breadth=2:S-1,S-2; may be repeated
    #[arg(long, value_name = "MEASURE=VALUE[:MEMBER,...]")]
    pub bought: Vec<String>,
    /// How much of a rule's limit was used before; may be repeated
    #[arg(long, value_name = "RULE=VALUE")]
    pub used: Vec<String>,
    /// The hold of limits that the cart is about: what that keeps is there for it
    #[arg(long, value_name = "HOLD", default_value = "")]
    pub hold: String,
    /// Points that the cart is to take of a programme, as a payment or a discount; may be repeated
    #[arg(long, value_name = "PROGRAMME=POINTS")]
    pub take_points: Vec<String>,
    /// How much is shown of the way to the next tiers
    #[arg(long, value_enum, default_value_t = Progress::Next)]
    pub progress: Progress,
    /// The language of explanations and names
    #[arg(long, value_enum, default_value_t = Tongue::En)]
    pub language: Tongue,
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}
