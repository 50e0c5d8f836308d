//! Is a quote what was promised, whatever comes after it?

mod approval;
mod beside;
mod crash;
mod expiry;
mod follow;
mod kept;
mod life;
mod model;
mod negotiated_points;
mod negotiation;
mod negotiation_stories;
mod parts;
pub mod played;
mod requests;
mod revisions;
mod steps;
mod underway;
mod watched;
pub mod world;
