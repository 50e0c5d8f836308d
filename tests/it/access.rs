//! Who may call, and what does a caller see? Tokens, keys and certificates, every call by every role, and the audit log.

mod audit;
mod cells;
mod certificates;
mod hints;
mod keys;
mod raw;
mod secrets;
mod table;
mod terminal;
mod tokens;
mod world;
