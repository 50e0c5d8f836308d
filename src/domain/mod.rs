//! What do the words mean? Ids, numbers, time, units, SKUs, contracts, price lists, cells.
//!
//! Knows nothing of anything else in the house; does no I/O and reads no clock.

pub mod catalogue;
pub mod cell;
pub mod contract;
pub mod currency;
pub mod day;
pub mod decimal;
pub mod exact;
pub mod ids;
pub mod interner;
pub mod ladder;
pub mod language;
pub mod limits;
pub mod market;
pub mod negotiated;
pub mod paged;
pub mod price_list;
pub mod rounding;
pub mod sku;
pub mod spread;
pub mod time;
pub mod unit;
