//! What does the cart cost? Choosing cells, layers, waterfall and rounding.
//!
//! Knows nothing of storage or of the wire: it is given borrowed rows and an instant, and reads no clock.

pub mod cart;
