//! Does the compiled policy price as a naive interpreter of its syntax tree does?
//!
//! The interpreter walks the tree with exact fractions and shares no code with quoin's compiled policy and pricing.

mod benefits;
mod conditions;
mod contract_price;
mod eligibility;
mod guards;
mod interpret;
mod layers;
mod line;
mod measures;
mod meeting;
mod rounding;
mod services;
mod shop;
mod taxes;
mod tree;
mod worked;
