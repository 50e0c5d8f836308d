//! What does this price list say for this SKU, quantity and date? The compressed heart of quoin.
//!
//! A *row* is a price list: one or more *segments* of at most 256 KiB, each readable by itself. A segment holds the
//! cells of SKUs in *frames* of at most 256 SKUs, in the order of a codec epoch (category, then list price), and the
//! cells of categories and brands in a list of their own. A look-up is a binary search over the frames' first
//! positions, a rank inside one frame and one packed number; nothing is decoded that is not asked for.
//!
//! Knows nothing of files, network, storage or clocks. The byte layout is drawn in [`segment`].

pub(crate) mod bits;
pub mod build;
pub mod cells;
mod dictionary;
pub mod directory;
pub mod epoch;
mod frame;
mod frame_of;
mod predict;
mod presence;
mod processor;
pub mod segment;
mod shape;
mod shapes_of;
mod values;
pub mod walk;

/// Most bytes of a segment.
pub const SEGMENT_BYTES_MAX: usize = 256 * 1024;

/// Why bytes are no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// Written by another version of quoin.
    #[error("row format {0} is not the one that this quoin reads")]
    OtherFormat(u8),
    /// The checksum does not match: a bit was flipped.
    #[error("row checksum {found:08x} where {stated:08x} was stated")]
    Checksum {
        /// Of the bytes as they are.
        found: u32,
        /// In the header.
        stated: u32,
    },
    /// The bytes end too early or contradict themselves.
    #[error("row bytes are torn")]
    Torn,
    /// The row names another codec epoch than the one given.
    #[error("row is of codec epoch {0}")]
    OtherEpoch(u32),
    /// A row cannot be written: more cells, tiers or bytes than the layout has room for.
    #[error("row does not fit its layout: {0}")]
    TooLarge(&'static str),
}
