//! Compiles the protocol; nothing yet.

fn main() {}
