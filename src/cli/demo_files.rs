//! Which sample data does the binary carry? The files of data/demo, so that the demo runs anywhere.

use std::io;
use std::path::Path;

macro_rules! carried {
    ($($name:literal),* $(,)?) => {
        /// Names and bytes.
        const FILES: &[(&str, &[u8])] =
            &[$(($name, include_bytes!(concat!("../../data/demo/", $name)).as_slice())),*];
    };
}

carried!(
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

/// The demo's cart.
pub const CART: &[u8] = include_bytes!("../../data/cart.csv");
/// Whose cart it is.
pub const CONTRACT: &str = "C-00001";

/// Writes the files into a folder.
///
/// # Errors
/// The system's words.
pub fn write(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    FILES.iter().try_for_each(|(name, bytes)| std::fs::write(folder.join(name), bytes))
}
