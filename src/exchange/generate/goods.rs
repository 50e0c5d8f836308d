//! What is sold? Building materials: product types with their variants, sizes, packs and usual prices.

/// The base unit of a product type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// Counted.
    Piece,
    /// Measured by length, two digits.
    Metre,
}

impl Base {
    /// The unit's external id.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Piece => "piece",
            Self::Metre => "metre",
        }
    }
}

/// A product type: the second level of the category tree.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// Which of [`TOPS`].
    pub top: usize,
    /// Plural, for the category.
    pub title: &'static str,
    /// Singular, for the article.
    pub noun: &'static str,
    /// Variants and, crossed with them, sizes.
    pub variants: &'static [&'static str],
    /// Sizes.
    pub sizes: &'static [&'static str],
    /// Usual price of one base unit in cents.
    pub median: u64,
    /// Base unit.
    pub base: Base,
    /// Base units in a box; empty: no boxes.
    pub boxes: &'static [u16],
    /// Base units on a pallet; empty: no pallets.
    pub pallets: &'static [u16],
}

impl Kind {
    /// Variant and size of the article at a place in its category, and how often they came before.
    #[must_use]
    pub fn article(&self, place: u16) -> (&'static str, &'static str, usize) {
        let (variants, sizes) = (self.variants.len().max(1), self.sizes.len().max(1));
        let place = usize::from(place);
        let variant = self.variants.get(place % variants).copied().unwrap_or_default();
        let size = self.sizes.get(place / variants % sizes).copied().unwrap_or_default();
        (variant, size, place / (variants * sizes))
    }

    /// How many half steps the size of the article at a place lies above the middle one.
    #[must_use]
    pub fn size_steps(&self, place: u16) -> i64 {
        let (variants, sizes) = (self.variants.len().max(1), self.sizes.len().max(1));
        let half_steps = |steps: usize| i64::try_from(steps).unwrap_or(0);
        half_steps(2 * (usize::from(place) / variants % sizes)) - half_steps(sizes - 1)
    }
}

/// What a metre of steel of this size weighs.
#[must_use]
pub fn grams_per_metre(size: &str) -> Option<u32> {
    Some(match size {
        "6 mm" => 222,
        "8 mm" => 395,
        "10 mm" => 617,
        "12 mm" => 888,
        "16 mm" => 1_578,
        "20 mm" => 2_466,
        "25 mm" => 3_853,
        "32 mm" => 6_313,
        "25 x 25 x 3" => 1_120,
        "40 x 40 x 4" => 2_420,
        "50 x 50 x 5" => 3_770,
        "75 x 75 x 6" => 6_850,
        "20 x 20 x 2" => 1_080,
        "40 x 40 x 3" => 3_300,
        "60 x 60 x 3" => 5_190,
        "80 x 80 x 4" => 9_220,
        _ => return None,
    })
}

/// Top of the category tree, with the prefix of its articles.
pub const TOPS: [(&str, &str); 12] = [
    ("Cement and dry mixes", "CEM"),
    ("Drywall", "DRY"),
    ("Rebar and steel", "STL"),
    ("Pipe fittings", "FIT"),
    ("Paint", "PNT"),
    ("Fasteners", "FAS"),
    ("Insulation", "INS"),
    ("Roofing", "ROF"),
    ("Timber and boards", "TIM"),
    ("Tiles", "TIL"),
    ("Electrical", "ELE"),
    ("Tools", "TOO"),
];

/// Which of [`TOPS`] is priced by formulas over a metal index.
pub const STEEL: usize = 2;

const MM: &[&str] = &["6 mm", "8 mm", "10 mm", "12 mm", "16 mm", "20 mm", "25 mm", "32 mm"];
const INCH: &[&str] = &["15 mm", "20 mm", "25 mm", "32 mm", "40 mm", "50 mm", "63 mm", "75 mm", "110 mm"];
const BAGS: &[&str] = &["5 kg", "10 kg", "20 kg", "25 kg", "40 kg"];
const TINS: &[&str] = &["0.75 l", "1 l", "2.5 l", "5 l", "10 l", "15 l"];
const PIPES: &[&str] = &["brass", "steel", "copper", "PP-R", "PVC", "press"];
const COLOURS: &[&str] =
    &["white", "ivory", "grey", "anthracite", "sand", "terracotta", "green", "blue", "black"];
const BOLTS: &[&str] = &["M6 x 40", "M8 x 60", "M8 x 80", "M10 x 80", "M10 x 100", "M12 x 120", "M16 x 140"];
const BOARDS: &[&str] = &["9 mm", "12 mm", "12.5 mm", "15 mm", "18 mm", "22 mm"];
const LENGTHS: &[&str] = &["2 m", "2.5 m", "3 m", "4 m", "6 m"];

macro_rules! kind {
    ($top:literal, $title:literal, $noun:literal, $variants:expr, $sizes:expr, $median:literal, $base:ident, $boxes:expr, $pallets:expr) => {
        Kind {
            top: $top,
            title: $title,
            noun: $noun,
            variants: $variants,
            sizes: $sizes,
            median: $median,
            base: Base::$base,
            boxes: $boxes,
            pallets: $pallets,
        }
    };
}

/// Product types, one of each top category after the other.
#[rustfmt::skip]
pub const KINDS: [Kind; 48] = [
    kind!(0, "Portland cement", "Portland cement", &["CEM I 42.5", "CEM I 52.5", "CEM II 32.5",
        "CEM II 42.5"], BAGS, 690, Piece, &[], &[40, 56]),
    kind!(1, "Plasterboard", "Plasterboard", &["standard", "moisture-resistant", "fire-resistant",
        "sound-insulating"], BOARDS, 780, Piece, &[], &[50, 60]),
    kind!(2, "Rebar", "Ribbed rebar", &["B500A", "B500B", "B500C"], MM, 145, Metre, &[], &[]),
    kind!(3, "Elbows", "Elbow 90°", PIPES, INCH, 240, Piece, &[10, 20, 50], &[1_000, 2_000]),
    kind!(4, "Wall paint", "Wall paint", COLOURS, TINS, 2_450, Piece, &[2, 4], &[44, 96]),
    kind!(5, "Drywall screws", "Drywall screw", &["fine thread", "coarse thread", "self-drilling"],
        &["3.5 x 25", "3.5 x 35", "3.5 x 45", "4.2 x 70", "4.8 x 90"], 3, Piece, &[500, 1_000], &[20_000]),
    kind!(6, "Mineral wool", "Mineral wool slab", &["30 kg/m³", "45 kg/m³", "80 kg/m³", "110 kg/m³"],
        &["50 mm", "75 mm", "100 mm", "150 mm"], 1_890, Piece, &[6, 8], &[24, 48]),
    kind!(7, "Roof tiles", "Roof tile", &["natural red", "brown", "anthracite", "glazed black"], &["flat",
        "double roman", "pantile"], 165, Piece, &[], &[240, 300]),
    kind!(8, "Sawn timber", "Sawn board", &["pine C18", "pine C24", "spruce C24", "larch"], LENGTHS, 870,
        Piece, &[], &[60, 120]),
    kind!(9, "Floor tiles", "Floor tile", COLOURS, &["30 x 30 cm", "45 x 45 cm", "60 x 60 cm",
        "60 x 120 cm"], 1_290, Piece, &[4, 6, 9], &[160, 216]),
    kind!(10, "Cable", "Copper cable", &["NYM-J", "H07RN-F", "H05VV-F", "YKY"], &["3 x 1.5", "3 x 2.5",
        "5 x 1.5", "5 x 2.5", "5 x 4", "5 x 6"], 135, Metre, &[50, 100], &[2_000]),
    kind!(11, "Laser levels", "Laser level", &["cross-line", "3 x 360°", "rotary", "green beam"], &["15 m",
        "30 m", "60 m"], 18_900, Piece, &[4, 6], &[]),
    kind!(0, "Tile adhesive", "Tile adhesive", &["C1T", "C2TE", "C2TE S1", "white C2T"], BAGS, 1_150,
        Piece, &[], &[42, 48]),
    kind!(1, "Steel profiles", "Drywall profile", &["CW 50", "CW 75", "CW 100", "UW 50", "UW 75", "UW 100",
        "CD 60", "UD 28"], LENGTHS, 520, Piece, &[8, 12], &[240, 432]),
    kind!(2, "Steel angles", "Steel angle", &["S235", "S275", "S355"], &["25 x 25 x 3", "40 x 40 x 4",
        "50 x 50 x 5", "75 x 75 x 6"], 480, Metre, &[], &[]),
    kind!(3, "Tees", "Tee", PIPES, INCH, 330, Piece, &[10, 20], &[1_000]),
    kind!(4, "Facade paint", "Facade paint", COLOURS, TINS, 4_150, Piece, &[2], &[44]),
    kind!(5, "Wall plugs", "Wall plug", &["nylon", "universal", "hammer-in"], &["6 x 30", "8 x 40",
        "10 x 50", "10 x 80"], 9, Piece, &[100, 200], &[9_600]),
    kind!(6, "EPS boards", "EPS board", &["EPS 70", "EPS 100", "EPS 150", "graphite"], &["30 mm", "50 mm",
        "80 mm", "100 mm", "150 mm"], 460, Piece, &[5, 10], &[60]),
    kind!(7, "Bitumen membranes", "Bitumen membrane", &["V60 S4", "G200 S4", "PYE PV200", "self-adhesive"],
        &["5 m", "7.5 m", "10 m"], 3_950, Piece, &[], &[20, 25]),
    kind!(8, "Plywood", "Plywood", &["birch BB", "birch film-faced", "pine C+/C", "poplar"], BOARDS, 4_680,
        Piece, &[], &[30, 44]),
    kind!(9, "Wall tiles", "Wall tile", COLOURS, &["10 x 20 cm", "20 x 40 cm", "30 x 60 cm",
        "40 x 120 cm"], 940, Piece, &[8, 12, 25], &[320, 480]),
    kind!(10, "Sockets", "Wall socket", &["white", "cream", "anthracite", "with USB", "IP44"], &["single",
        "double", "triple"], 690, Piece, &[10], &[800]),
    kind!(11, "Drill bits", "Drill bit", &["SDS-plus", "SDS-max", "HSS-G", "masonry"], MM, 420, Piece, &[5,
        10], &[]),
    kind!(0, "Gypsum plaster", "Gypsum plaster", &["hand-applied", "machine-applied", "finishing",
        "light"], BAGS, 860, Piece, &[], &[40, 48]),
    kind!(1, "Joint fillers", "Joint filler", &["standard", "high-strength", "ready-mixed",
        "moisture-resistant"], BAGS, 1_320, Piece, &[], &[40, 60]),
    kind!(2, "Square tubes", "Square tube", &["S235", "S355", "galvanised"], &["20 x 20 x 2",
        "40 x 40 x 3", "60 x 60 x 3", "80 x 80 x 4"], 690, Metre, &[], &[]),
    kind!(3, "Couplings", "Coupling", PIPES, INCH, 180, Piece, &[20, 50], &[2_000]),
    kind!(4, "Primers", "Primer", &["deep-penetrating", "quartz", "metal", "adhesive"], TINS, 1_560, Piece,
        &[4, 6], &[60, 96]),
    kind!(5, "Hex bolts", "Hex bolt", &["8.8 zinc", "10.9 zinc", "A2", "A4"], BOLTS, 38, Piece, &[50, 100],
        &[8_000]),
    kind!(6, "Vapour barriers", "Vapour barrier", &["PE", "reinforced", "humidity-variable", "aluminium"],
        &["1.5 x 50 m", "2 x 50 m", "3 x 50 m"], 5_900, Piece, &[], &[30, 40]),
    kind!(7, "Gutters", "Gutter", &["PVC white", "PVC brown", "steel", "zinc"], LENGTHS, 1_180, Piece, &[5,
        10], &[]),
    kind!(8, "OSB", "OSB board", &["OSB/2", "OSB/3", "OSB/4"], BOARDS, 1_740, Piece, &[], &[48, 60]),
    kind!(9, "Grouts", "Tile grout", COLOURS, &["2 kg", "5 kg", "20 kg"], 1_090, Piece, &[4, 8], &[120]),
    kind!(10, "Switches", "Light switch", &["white", "cream", "anthracite", "IP44", "dimmer"], &["one-way",
        "two-way", "double"], 640, Piece, &[10], &[800]),
    kind!(11, "Cutting discs", "Cutting disc", &["steel", "inox", "stone", "diamond"], &["115 mm",
        "125 mm", "180 mm", "230 mm"], 310, Piece, &[10, 25], &[]),
    kind!(0, "Floor screed", "Floor screed", &["CT-C20-F4", "CT-C25-F5", "self-levelling", "rapid"], BAGS,
        980, Piece, &[], &[40, 42]),
    kind!(1, "Hangers", "Direct hanger", &["60 mm", "120 mm", "acoustic"], &["125 mm", "200 mm", "300 mm"],
        42, Piece, &[100], &[8_000]),
    kind!(2, "Welded mesh", "Welded mesh", &["Q131", "Q188", "Q257", "Q335", "R188"], &["1 x 2 m",
        "2 x 3 m", "2.3 x 6 m"], 3_250, Piece, &[], &[40, 50]),
    kind!(3, "Ball valves", "Ball valve", PIPES, INCH, 980, Piece, &[4, 8], &[480]),
    kind!(4, "Wood stains", "Wood stain", &["oak", "walnut", "pine", "teak", "grey", "colourless"], TINS,
        2_180, Piece, &[3, 6], &[96]),
    kind!(5, "Anchor bolts", "Anchor bolt", &["zinc", "A2", "A4", "seismic"], BOLTS, 145, Piece, &[20, 25,
        50], &[4_000]),
    kind!(6, "Pipe insulation", "Pipe insulation", &["PE", "rubber", "mineral wool"], INCH, 155, Metre,
        &[50, 100], &[]),
    kind!(7, "Ridge tiles", "Ridge tile", &["natural red", "brown", "anthracite", "glazed black"],
        &["half-round", "angular", "end piece"], 790, Piece, &[], &[80, 120]),
    kind!(8, "Battens", "Batten", &["spruce", "pine", "impregnated"], LENGTHS, 290, Piece, &[10, 12],
        &[300, 480]),
    kind!(9, "Tile trims", "Tile trim", &["aluminium", "stainless", "PVC white", "brass"], LENGTHS, 720,
        Piece, &[10, 20], &[]),
    kind!(10, "Circuit breakers", "Circuit breaker", &["B", "C", "D"], &["6 A", "10 A", "16 A", "20 A",
        "25 A", "32 A"], 1_120, Piece, &[6, 12], &[]),
    kind!(11, "Concrete mixers", "Concrete mixer", &["230 V", "400 V", "petrol", "forced action"],
        &["120 l", "140 l", "180 l", "250 l"], 62_900, Piece, &[], &[4, 6]),
];
