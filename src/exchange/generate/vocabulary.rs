//! What are ranges, brands and firms called?

/// Ranges: the third level of the tree, where a product type has several.
pub const RANGES: [&str; 12] = [
    "Standard",
    "Professional",
    "Economy",
    "Premium",
    "Industrial",
    "Classic",
    "Heavy duty",
    "Renovation",
    "Outdoor",
    "Compact",
    "Eco",
    "Express",
];

/// Brands; with more than these, a number follows.
pub const BRANDS: [&str; 36] = [
    "Norvik",
    "Kelmar",
    "Halden",
    "Brightstone",
    "Tavora",
    "Ostrand",
    "Fenwick",
    "Carrow",
    "Lindqvist",
    "Meridor",
    "Alpenbau",
    "Drava",
    "Solvik",
    "Karsten",
    "Redmoor",
    "Valtis",
    "Ironleaf",
    "Bergholt",
    "Pellworm",
    "Castano",
    "Ulmaria",
    "Stavik",
    "Greyfell",
    "Montero",
    "Elbrook",
    "Wexhall",
    "Tornio",
    "Quarrel",
    "Sandhurst",
    "Orlitz",
    "Havel",
    "Juniper",
    "Kestrel",
    "Larkhill",
    "Nordmark",
    "Zephyra",
];

/// First part of a counterparty's name.
pub const FIRMS: [&str; 24] = [
    "Oakridge",
    "Riverside",
    "Northgate",
    "Harbour",
    "Summit",
    "Millstone",
    "Westfield",
    "Bluewater",
    "Granite",
    "Elmwood",
    "Kingsway",
    "Lakeside",
    "Redbrick",
    "Silverline",
    "Stonebridge",
    "Thornhill",
    "Valley",
    "Whitmore",
    "Castle",
    "Beacon",
    "Ashford",
    "Birchwood",
    "Copperfield",
    "Drummond",
];

/// Second part.
pub const TRADES: [&str; 12] = [
    "Builders",
    "Construction",
    "Interiors",
    "Renovation",
    "Roofing",
    "Plumbing",
    "Trade Centre",
    "Supplies",
    "Contractors",
    "Housing",
    "Developments",
    "Merchants",
];

/// Third part.
pub const FORMS: [&str; 4] = ["Ltd", "GmbH", "S.A.", "LLC"];
