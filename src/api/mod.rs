//! What may be asked over the wire, and how is it answered? One conversion file a noun, one table of errors.
//!
//! The priced cart of a quote is a message within a message on the wire, and bytes in [`v1`]: it is sent as it is kept, and read
//! by [`quote::cart_told`].

mod aside;
pub mod backup;
pub mod backup_service;
pub mod backup_status;
pub mod benefit;
pub mod caller;
pub mod calls;
pub mod cart;
pub mod cart_codec;
pub mod catalogue_service;
pub mod columns;
pub mod contract;
pub mod contract_progress;
pub mod deadline;
pub mod decimal;
pub mod document;
pub mod hold;
pub mod import;
pub mod ledger_service;
pub mod limit;
pub mod lines_priced;
pub mod loyalty;
pub mod loyalty_service;
pub mod moment;
pub mod notice;
pub mod page;
pub mod particulars;
pub mod policy;
pub mod policy_files;
pub mod policy_service;
pub mod price;
pub mod price_cart;
pub mod price_list;
pub mod priced_cart;
pub mod pricing_service;
pub mod problem;
pub mod progress;
pub mod publication;
pub mod publication_service;
pub mod purchases;
pub mod quote;
pub mod quote_calls;
pub mod quote_content;
pub mod quote_service;
pub mod quote_status;
pub mod quote_watch;
pub mod retro;
pub mod rule_loser;
pub mod shown_price;
pub mod sku;
pub mod statement;
pub mod status;
pub mod stopping;
pub mod telling;
pub mod upload;
pub mod waterfall;
pub mod words;

/// Messages and services of `proto/quoin/v1`, generated.
#[allow(
    missing_docs,
    unreachable_pub,
    rustdoc::all,
    clippy::all,
    clippy::pedantic,
    clippy::restriction,
    reason = "generated code"
)]
pub mod v1 {
    tonic::include_proto!("quoin.v1");
}

/// The protocol's descriptors, for reflection.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/quoin.binpb"));
