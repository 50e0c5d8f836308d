//! Does the ledger know what was bought, whatever the order in which documents come, and lose nothing of it?

mod carts;
mod conditions;
mod crash;
mod documents;
mod follow;
mod holds;
mod progress;
mod real;
mod refused;
mod retro;
mod stands;
mod stories;
mod world;
