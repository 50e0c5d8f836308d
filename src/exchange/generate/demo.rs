//! What stands in data/demo? A small generated set, and a cart that shows each kind of cell.

use std::path::Path;

use crate::domain::time::Window;
use crate::exchange::source::Format;

use super::assortment::GeneratedSku;
use super::folder::{WriteError, WrittenFile, write_folder};
use super::goods_tables::order_rules;
use super::options::GenerateOptions;
use super::{GeneratedCell, Generator, units};

/// The contract whose cart it is.
pub const CONTRACT: u32 = 0;

/// Writes the demo's files, the cart among them.
///
/// # Errors
/// [`WriteError`].
pub fn write_demo(folder: &Path) -> Result<Vec<WrittenFile>, WriteError> {
    let options = GenerateOptions::demo()?;
    let mut written = write_folder(folder, Format::Csv, &options, &mut |_| {})?;
    let cart = cart(&Generator::new(options)?);
    let path = folder.join("cart.csv");
    let io = |reason: csv::Error| WriteError::Io { path: path.clone(), reason: reason.to_string() };
    let mut out = csv::Writer::from_path(&path).map_err(io)?;
    out.write_record(["sku", "quantity", "unit"]).map_err(io)?;
    for line in &cart {
        out.write_record(line).map_err(io)?;
    }
    out.flush().map_err(|reason| io(reason.into()))?;
    written.push(WrittenFile { path, rows: u64::try_from(cart.len()).unwrap_or(0) });
    Ok(written)
}

/// Eight lines (SKU, quantity, unit) for the contract of the demo: tiers, a promotion, a pack's price, a price per
/// hundred, steel by the metre and by the tonne, and goods that only the class's and the base list know.
#[must_use]
pub fn cart(generator: &Generator) -> Vec<[String; 3]> {
    let mut own = Vec::new();
    generator.cells_of_list(generator.lists.individual(CONTRACT), &mut own);
    let mut cart = Cart { generator, lines: Vec::new(), taken: Vec::new() };
    let is = |number: u32, wanted: &dyn Fn(&GeneratedSku) -> bool| {
        generator.assortment.sku(number).is_some_and(wanted)
    };
    let steel = |number: u32| is(number, &|sku| generator.grams(sku).is_some());
    let of = |wanted: fn(&GeneratedCell) -> bool| {
        own.iter().filter(move |cell| wanted(cell)).filter_map(GeneratedCell::sku)
    };
    let listed: Vec<u32> = of(|_| true).collect();
    let all = || 0..generator.options.skus;

    cart.add(of(|cell| cell.cell.points() > 2 && cell.cell.per == 1), 50, "");
    cart.add(of(|cell| cell.cell.window != Window::ALWAYS), 24, "");
    cart.add(of(|cell| cell.cell.unit == units::BOX), 3, "box");
    cart.add(of(|cell| cell.cell.per == 100), 2_500, "");
    cart.add(listed.iter().copied().filter(|sku| steel(*sku)), 240, "");
    cart.add(all().filter(|sku| steel(*sku)), 2, "tonne");
    cart.add(listed.iter().rev().copied().filter(|sku| is(*sku, &|sku| sku.boxed > 0)), 2, "box");
    cart.add(all().filter(|sku| !listed.contains(sku)), 12, "");
    while cart.lines.len() < 8 && cart.add(all(), 10, "") {}
    cart.lines
}

struct Cart<'a> {
    generator: &'a Generator,
    lines: Vec<[String; 3]>,
    taken: Vec<u32>,
}

impl Cart<'_> {
    /// Adds a line of the first of these SKUs that is not in the cart; a quantity in base units (an empty unit) is
    /// raised to what may be ordered. False where there is none.
    fn add(&mut self, mut among: impl Iterator<Item = u32>, quantity: u32, unit: &str) -> bool {
        let Some(number) = among.find(|sku| !self.taken.contains(sku)) else { return false };
        let Some(sku) = self.generator.assortment.sku(number) else { return false };
        let base = self.generator.assortment.leaf_of(sku).map_or("", |leaf| leaf.kind().base.code());
        let (quantity, unit) = match (unit, order_rules(sku)) {
            ("", (multiple @ 2.., _)) => (quantity.div_ceil(multiple) * multiple, base),
            ("", (_, minimum)) => (quantity.max(minimum), base),
            _ => (quantity, unit),
        };
        self.taken.push(number);
        self.lines.push([self.generator.assortment.sku_code(number), quantity.to_string(), unit.to_owned()]);
        true
    }
}
