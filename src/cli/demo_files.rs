//! Which sample data does the binary carry? The files under `data`, so that the demo runs anywhere.

use std::io;
use std::path::Path;

use crate::domain::decimal::Micros;

macro_rules! carried {
    ($name:ident, $folder:literal: $($file:literal),* $(,)?) => {
        /// Names and bytes of the files of one folder.
        const $name: &[(&str, &[u8])] = &[
            $((concat!($folder, "/", $file), include_bytes!(concat!("../../data/", $folder, "/", $file)).as_slice())),*
        ];
    };
}

carried!(
    SELLER, "demo":
    "units.csv",
    "skus.csv",
    "sku_units.csv",
    "price_lists.csv",
    "counterparties.csv",
    "contracts.csv",
    "access.csv",
    "exchange_rates.csv",
    "index_values.csv",
    "prices.csv",
);
carried!(RESALE, "resale": "price_lists.csv", "prices.csv");

/// Folders that are imported, one after the other.
pub const FOLDERS: [&str; 2] = ["demo", "resale"];
/// The seller's policy.
pub const POLICY: &str = include_str!("../../data/policy.yaml");
/// The demo's cart.
pub const CART: &[u8] = include_bytes!("../../data/cart.csv");
/// The buyer's own reference of his order.
pub const REFERENCE: &str = "PO-4711";
/// Whose cart it is.
pub const CONTRACT: &str = "C-00001";
/// What that contract bought before: the measure, or the rule whose measure it is, and how much.
pub const BOUGHT: [(&str, &str); 2] = [("last-quarter", "162500"), ("steel-tonnes", "4.2")];

/// A line of the cart that is to be cut: its SKU, the service, how many cuts.
pub const CUT: (&str, &str, Micros) = ("STL-000141", "cutting", Micros(40_000_000));

/// Writes the files into folders of a folder.
///
/// # Errors
/// The system's words.
pub fn write(folder: &Path) -> io::Result<()> {
    for of in FOLDERS {
        std::fs::create_dir_all(folder.join(of))?;
    }
    SELLER.iter().chain(RESALE).try_for_each(|(name, bytes)| std::fs::write(folder.join(name), bytes))
}
