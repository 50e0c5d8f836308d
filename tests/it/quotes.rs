//! Is a quote what was promised, whatever comes after it?

mod crash;
mod follow;
mod kept;
mod life;
mod model;
mod negotiation;
mod negotiation_stories;
mod parts;
mod played;
mod requests;
mod stories;
mod underway;
mod world;
