//! Where the rules leave two readings open, which one does the interpreter take? One switch each.

/// All of them.
const READ: bool = true;

/// A line that is among a part's goods and cannot be measured in its unit is of no set, as with measures. Otherwise it
/// takes the share of the lines that can.
pub const SETS_ARE_OF_WHAT_COUNTS: bool = READ;

/// In a previous period too, a line that cannot be measured takes nothing. Otherwise it does, since nothing is added.
pub const PREVIOUS_PERIODS_MEASURE_LINES: bool = READ;

/// A measure's own goods matter over a line and a SKU as well: other goods count nothing. Otherwise they count there.
pub const GOODS_MATTER_OVER_LINES: bool = READ;

/// A graduated price's portions are rounded by unit where the unit price still runs. Otherwise all prices are, in every
/// ladder, once it does not.
pub const UNIT_PRICES_END_WITH_THE_FIRST_AMOUNT: bool = READ;

/// What a clamp may give back is what was taken. Otherwise all that what runs has come
/// below the contract amount, with the rounding of unit prices and layers.
pub const CLAMPS_GIVE_BACK_WHAT_WAS_TAKEN: bool = READ;

/// A cap is no lump: with unit prices, a capped percentage leaves a unit price.
pub const CAPS_ARE_NO_LUMPS: bool = READ;
