//! Does the ledger know what was bought, whatever the order in which documents come, and lose nothing of it?

mod carts;
mod conditions;
mod crash;
mod documents;
mod follow;
mod holds;
mod levels;
mod points;
mod points_crash;
mod points_model;
mod points_stories;
mod progress;
mod real;
mod real_statements;
mod refused;
mod retro;
mod settle_refused;
mod settled_drawn;
mod stands;
mod statement_readings;
mod statement_stories;
mod statements;
mod stories;
mod world;
