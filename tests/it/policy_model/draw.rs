//! What is tried? Worlds, policies and carts, drawn by chance from a seed.

mod carts;
mod conditions;
mod dice;
mod measures;
mod policies;
mod rules;
mod selections;
mod world;

pub use carts::cart;
pub use dice::Dice;
pub use policies::policy;
pub use world::world;
