//! What do carts come to that take points under programmes alone, and with tax? The cases that `points_discount` prices.

/// A case: the programmes and what else the policy says, whose cart it is, what comes of it, and of the other reading.
pub struct Case {
    pub what: &'static str,
    pub points: &'static str,
    pub more: &'static str,
    pub letter: &'static str,
    pub lines: &'static str,
    pub take: &'static str,
    pub comes: &'static str,
    /// Nothing where there is no other.
    pub other: &'static str,
}

/// A saw at 100 under a policy of programmes alone.
const fn saw(
    what: &'static str,
    points: &'static str,
    take: &'static str,
    (comes, other): (&'static str, &'static str),
) -> Case {
    Case { what, points, more: "", letter: "P", lines: "saw 1", take, comes, other }
}

pub(super) const DISCOUNT: &str = "{ id: p, earn: { percent: 1 }, as: discount }";
pub(super) const PAYMENT: &str = "{ id: p, earn: { percent: 1 } }";
pub(super) const HALF: &str = "{ id: p, earn: { percent: 10 }, as: discount, pay: { most_percent: 50 } }";
pub(super) const TWO: &str = "{ id: p, earn: { percent: 1 }, as: discount, pay: { most_percent: 60 } }, \
                   { id: q, earn: { percent: 1 }, as: discount, pay: { most_percent: 60 } }";
const TAXES: &str = "taxes: [{ id: vat, class: full, rates: [{ percent: 20 }] }]";

pub const CASES: &[Case] = &[
    saw(
        "as a discount they lower the price",
        DISCOUNT,
        "p 30",
        ("70 | p 30>30=30", "100 | p 30>30=30 | left 70"),
    ),
    saw("as a payment they leave it", PAYMENT, "p 30", ("100 | p 30>30=30 | left 70", "70 | p 30>30=30")),
    saw("none asked", DISCOUNT, "p 0", ("100 | p 0>0=0", "")),
    saw("below zero is none", DISCOUNT, "p -30", ("100 | p 0>0=0", "130 | p -30>-30=-30")),
    saw("nothing said of the programme", DISCOUNT, "", ("100 | ", "")),
    saw("nothing said of one that pays", PAYMENT, "", ("100 | ", "")),
    saw("none asked of one that pays", PAYMENT, "p 0", ("100 | p 0>0=0 | left 100", "")),
    saw(
        "a point is worth half a euro",
        "{ id: p, earn: { percent: 1 }, as: discount, worth: 0.5 }",
        "p 30",
        ("85 | p 30>30=15", "70 | p 30>30=30"),
    ),
    saw(
        "at most the programme's share of the cart",
        "{ id: p, earn: { percent: 1 }, as: discount, pay: { most_percent: 40 } }",
        "p 50",
        ("60 | p 50>40=40 Share:10", "50 | p 50>50=50"),
    ),
    saw(
        "at most what can be spent",
        "{ id: p, earn: { percent: 0.3 }, as: discount }",
        "p 50",
        ("70 | p 50>30=30 Spendable:20", "50 | p 50>50=50"),
    ),
    saw(
        "both bounds bind, one after the other",
        "{ id: p, earn: { percent: 0.5 }, as: discount, pay: { most_percent: 40 } }",
        "p 90",
        ("60 | p 90>40=40 Spendable:40 Share:10", ""),
    ),
    saw(
        "never below zero",
        "{ id: p, earn: { percent: 10 }, as: discount }",
        "p 130.5",
        ("0 | p 130.5>100=100 Goods:30.5", ""),
    ),
    saw(
        "what waits cannot be spent",
        "{ id: p, earn: { percent: 1 }, as: discount, pending_days: 60 }",
        "p 30",
        ("100 | p 30>0=0 Spendable:30", "70 | p 30>30=30"),
    ),
    saw(
        "whole steps alone",
        "{ id: p, earn: { percent: 1 }, as: discount, step: 5 }",
        "p 12",
        ("90 | p 12>10=10 Coins:2", "88 | p 12>12=12"),
    ),
    saw(
        "a share that is no whole step",
        "{ id: p, earn: { percent: 1 }, as: discount, step: 7, pay: { most_percent: 30 } }",
        "p 35",
        ("72 | p 35>28=28 Share:7", "70 | p 35>30=30 Share:5"),
    ),
    saw(
        "points that are worth no coin are not taken",
        "{ id: p, earn: { percent: 1 }, as: discount, worth: 0.001 }",
        "p 9",
        ("100 | p 9>0=0 Coins:9", "99.99 | p 9>9=0.009"),
    ),
    // Nine would be worth 2.70, which are two whole coins; seven are enough for those.
    Case {
        what: "as few points as are worth the amount",
        points: "{ id: p, earn: { percent: 1 }, as: discount, worth: 0.3, step: 1 }",
        more: "",
        letter: "R",
        lines: "saw 1",
        take: "p 9",
        comes: "98 | p 9>7=2 Coins:2",
        other: "98 | p 9>9=2",
    },
    Case {
        what: "asked for those, it takes the same",
        points: "{ id: p, earn: { percent: 1 }, as: discount, worth: 0.3, step: 1 }",
        more: "",
        letter: "R",
        lines: "saw 1",
        take: "p 7",
        comes: "98 | p 7>7=2",
        other: "",
    },
    Case {
        what: "a payment is of whole coins as well",
        points: "{ id: p, earn: { percent: 1 }, worth: 0.3, step: 1 }",
        more: "",
        letter: "R",
        lines: "saw 1",
        take: "p 9",
        comes: "100 | p 9>7=2 Coins:2 | left 98",
        other: "100 | p 9>9=2.7 | left 97.3",
    },
    // 10 x 100 / 183.33 is 5.4546, then 2.7273 and 1.8180: the two cents that are over go to the largest remainders.
    Case {
        what: "spread over the lines by what they run at",
        points: DISCOUNT,
        more: "",
        letter: "P",
        lines: "saw 1, nail 1, oil 1",
        take: "p 10",
        comes: "94.55 47.27 31.51 | p 10>10=10",
        other: "96.67 46.67 29.99 | p 10>10=10",
    },
    Case {
        what: "a no_discount line takes none",
        points: "{ id: p, earn: { percent: 10 }, as: discount }",
        more: "",
        letter: "P",
        lines: "saw 1, gift 1",
        take: "p 200",
        comes: "0 60 | p 200>100=100 Goods:100",
        other: "0 0 | p 200>160=160 Goods:40",
    },
    Case {
        what: "and counts in the cart of which the programme takes a share",
        points: HALF,
        more: "",
        letter: "P",
        lines: "saw 1, gift 1",
        take: "p 200",
        comes: "20 60 | p 200>80=80 Share:120",
        other: "50 60 | p 200>50=50 Share:150",
    },
    Case {
        what: "a line without a price takes none and counts nowhere",
        points: HALF,
        more: "",
        letter: "P",
        lines: "saw 1, bolt 1",
        take: "p 200",
        comes: "50 0 | p 200>50=50 Share:150",
        other: "",
    },
    Case {
        what: "nor does one whose amount does not fit, and the others take them",
        points: DISCOUNT,
        more: "",
        letter: "P",
        lines: "saw 1, oil 900000000000",
        take: "p 30",
        comes: "70 0 | p 30>30=30",
        other: "",
    },
    Case {
        what: "two programmes by id, each with its share of the cart before any points",
        points: TWO,
        more: "",
        letter: "P",
        lines: "saw 1",
        take: "q 80, p 80",
        comes: "0 | p 80>60=60 Share:20; q 80>40=40 Goods:40",
        other: "16 | p 80>60=60 Share:20; q 80>24=24 Share:56",
    },
    Case {
        what: "one that is a discount, and one that pays a share of what is left",
        points: "{ id: p, earn: { percent: 1 }, as: discount }, { id: q, earn: { percent: 1 }, pay: { most_percent: 50 } }",
        more: "",
        letter: "P",
        lines: "saw 1",
        take: "p 30, q 100",
        comes: "70 | p 30>30=30; q 100>35=35 Share:65 | left 35",
        other: "70 | p 30>30=30; q 100>50=50 Share:50 | left 20",
    },
    Case {
        what: "two that pay: no more than there is to pay",
        points: "{ id: p, earn: { percent: 1 } }, { id: q, earn: { percent: 1 } }",
        more: "",
        letter: "P",
        lines: "saw 1",
        take: "p 70, q 70",
        comes: "100 | p 70>70=70; q 70>30=30 Goods:40 | left 0",
        other: "100 | p 70>70=70; q 70>70=70 | left -40",
    },
];

/// The same with tax: what the tax comes to, and what is to be paid with it.
pub const TAXED: &[(Case, &str)] = &[
    (
        Case {
            what: "a discount lowers what is taxed",
            points: DISCOUNT,
            more: TAXES,
            letter: "P",
            lines: "saw 1",
            take: "p 40",
            comes: "60 | p 40>40=40",
            other: "",
        },
        "tax 12, with tax 72",
    ),
    (
        Case {
            what: "a payment does not: 80 are left of 120",
            points: PAYMENT,
            more: TAXES,
            letter: "P",
            lines: "saw 1",
            take: "p 40",
            comes: "100 | p 40>40=40 | left 80",
            other: "",
        },
        "tax 20, with tax 120",
    ),
    (
        Case {
            what: "a list with tax: points are worth what they are of the price without",
            points: DISCOUNT,
            more: TAXES,
            letter: "G",
            lines: "saw 1",
            take: "p 40",
            comes: "60 | p 40>40=40",
            other: "",
        },
        "tax 12, with tax 72",
    ),
    (
        Case {
            what: "points pay a share of the net total, and none of the tax where that is all of it",
            points: "{ id: p, earn: { percent: 10 } }",
            more: TAXES,
            letter: "P",
            lines: "saw 1",
            take: "p 200",
            comes: "100 | p 200>100=100 Share:100 | left 20",
            other: "100 | p 200>120=120 Goods:80 | left 0",
        },
        "tax 20, with tax 120",
    ),
    // Twice 99.97: by the line twice 19.99.
    (
        Case {
            what: "tax over the document",
            points: DISCOUNT,
            more: TAXES,
            letter: "D",
            lines: "saw 1, nail 2",
            take: "p 0.06",
            comes: "99.97 99.97 | p 0.06>0.06=0.06",
            other: "",
        },
        "tax 39.99, with tax 239.93",
    ),
];
