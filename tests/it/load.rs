//! Does `quoin load` ask for what it says, when it says, and tell what a user would have waited?

mod fake;
mod runs;
