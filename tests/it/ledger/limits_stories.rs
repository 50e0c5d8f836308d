//! Where do limited benefits stand? The stories that `limits` plays.

/// Rules as they are written, documents, holds that are placed and released then, documents after that, and what is told:
/// `left A first 40 5 55`, that is contract, rule, used, held and left; or `cart A bolt 80 | 7400 first=60/60`, that is contract,
/// perhaps `under` a hold, lines, the total, and what is used of how much was left. `~` stands for the story's number, so that limits
/// over all contracts are the story's own.
pub struct Story {
    pub what: &'static str,
    pub rules: &'static str,
    pub documents: &'static [&'static str],
    pub acts: &'static [&'static str],
    pub later: &'static [&'static str],
    pub told: &'static [&'static str],
}

/// Nothing is held, and nothing comes later.
const fn used(
    what: &'static str,
    rules: &'static str,
    documents: &'static [&'static str],
    told: &'static [&'static str],
) -> Story {
    Story { what, rules, documents, acts: &[], later: &[], told }
}

pub const FIRST: &str = "- { id: ~first, layer: volume, percent: 10, limit: { quantity: 100, unit: piece } }";
const SHARED: &str =
    "- { id: ~shared, layer: volume, percent: 10, limit: { quantity: 100, unit: piece, overall: true } }";

pub const STORIES: &[Story] = &[
    used(
        "a quantity: what is left scales the benefit, and another contract has its own",
        FIRST,
        &[
            "S1 shipment A 2026-01-05 uses first=30 bolt 30 2700",
            "S2 shipment A 2026-01-06 uses first=10 bolt 10 900",
        ],
        &[
            "left A first 40 0 60",
            "left B first 0 0 100",
            "cart A bolt 10 | 900 first=10/60",
            "cart A bolt 80 | 7400 first=60/60",
            "cart B bolt 80 | 7200 first=80/100",
        ],
    ),
    used(
        "exhausted in the middle of a cart: all of its lines are scaled alike, and together use what was left",
        FIRST,
        &["S1 shipment A 2026-01-05 uses first=40 bolt 40 3600"],
        &["cart A bolt 40, nut 40 | 5550 first=60/60", "cart A nut 30, bolt 30 | 4050 first=60/60"],
    ),
    used(
        "in another unit than is ordered, exactly; what has no end after the point is rounded up",
        "- { id: ~boxes, layer: volume, percent: 10, goods: { sku: bolt }, limit: { quantity: 2, unit: box } }\n\
         - { id: ~nuts, layer: volume, percent: 10, goods: { sku: nut }, limit: { quantity: 100 } }",
        &["S1 shipment A 2026-01-05 uses boxes=0.5 bolt 50 4500"],
        &["left A boxes 0.5 0 1.5", "cart A bolt 50, nut 1 kg | 5250 boxes=0.5/1.5 nuts=16.666667/100"],
    ),
    used(
        "an amount: what is given, rounded, and no more than is left",
        "- { id: ~fund, layer: order, percent: 10, limit: { amount: 50 } }",
        &["S1 shipment A 2026-01-05 uses fund=30 bolt 3 270"],
        &["left A fund 30 0 20", "cart A bolt 1 | 90 fund=10/20", "cart A bolt 10 | 980 fund=20/20"],
    ),
    used(
        "an amount whose rest is below a coin: rounding gives the coin, and no more is used than there was",
        "- { id: ~fund, layer: order, percent: 10, limit: { amount: 50 } }",
        &["S1 shipment A 2026-01-05 uses fund=39.995 bolt 4 360"],
        &["cart A bolt 10 | 989.99 fund=10.005/10.005"],
    ),
    used(
        "uses: a cart is one, and none is left after the last",
        "- { id: ~welcome, layer: order, per_cart: 5, limit: { uses: 2 } }",
        &[
            "S1 shipment A 2026-01-05 uses welcome=1 bolt 1 95",
            "S2 shipment B 2026-01-05 uses welcome=2 bolt 1 95",
        ],
        &[
            "left A welcome 1 0 1",
            "left B welcome 2 0 0",
            "cart A bolt 1, nut 1 | 145 welcome=1/1",
            "cart B bolt 1, nut 1 | 150",
        ],
    ),
    used(
        "for all contracts together: two share one limit, and a third sees what they left",
        SHARED,
        &[
            "S1 shipment A 2026-01-05 uses shared=40 bolt 40 3600",
            "S2 shipment B 2026-01-05 uses shared=35 bolt 35 3150",
        ],
        &["left A shared 75 0 25", "left H shared 75 0 25", "cart H bolt 50 | 4750 shared=25/25"],
    ),
    used(
        "the best of a group alone uses anything; used up, it leaves the field to the next",
        "- { id: ~best, layer: volume, percent: 10, best_of: ~g, limit: { quantity: 100 } }\n\
         - { id: ~next, layer: volume, percent: 5, best_of: ~g, limit: { quantity: 100 } }",
        &["S1 shipment B 2026-01-05 uses best=100 bolt 100 9000"],
        &["cart A bolt 10 | 900 best=10/100", "cart B bolt 10 | 950 next=10/100"],
    ),
    used(
        "free goods on top are one use of a cart, whatever they come to",
        "- { id: ~gift, layer: volume, goods: { sku: bolt }, free: { every: 10, give: 1, mode: on_top, per: unit }, limit: { uses: 3 } }",
        &[
            "S1 shipment A 2026-01-05 uses gift=2 bolt 20 2000",
            "S2 shipment B 2026-01-05 uses gift=3 bolt 20 2000",
        ],
        &["cart A bolt 30 | 3000 gift=1/1", "cart A bolt 9 | 900", "cart B bolt 30 | 3000"],
    ),
    used(
        "several rules use each its own",
        "- { id: ~first, layer: volume, percent: 10, limit: { quantity: 100 } }\n\
         - { id: ~fund, layer: order, percent: 10, limit: { amount: 50 } }\n\
         - { id: ~always, layer: order, percent: 10, goods: { sku: nut } }",
        &["S1 shipment A 2026-01-05 uses first=95;fund=1 bolt 10 800"],
        &["cart A bolt 10 | 901 first=5/5 fund=49/49"],
    ),
    used(
        "a return gives back, with a shipment named or without",
        FIRST,
        &[
            "S1 shipment A 2026-01-05 uses first=60 bolt 60 5400",
            "R1 return A 2026-01-06 for S1 uses first=15 bolt 15 1350",
            "R2 return A 2026-01-07 uses first=5 bolt 5 450",
        ],
        &["left A first 40 0 60"],
    ),
    used(
        "what is given back before it was used, or more than that, adds nothing to the limit",
        FIRST,
        &["R1 return A 2026-01-06 for S1 uses first=15 bolt 15 1350"],
        &["left A first -15 0 100", "cart A bolt 200 | 19000 first=100/100"],
    ),
    used(
        "one contract's returns are no other's: over all contracts they are summed first",
        SHARED,
        &[
            "R1 return A 2026-01-06 uses shared=15 bolt 15 1350",
            "S1 shipment B 2026-01-05 uses shared=50 bolt 50 4500",
        ],
        &["left A shared 35 0 65", "left B shared 35 0 65"],
    ),
    used(
        "a correction has its sign, and needs no lines",
        FIRST,
        &[
            "S1 shipment A 2026-01-05 uses first=60 bolt 60 5400",
            "C1 correction A 2026-01-06 for S1 uses first=-20 bolt 0 1",
            "C2 correction A 2026-01-07 uses first=5",
        ],
        &["left A first 45 0 55"],
    ),
    used(
        "shipped and brought back, all is as it was",
        FIRST,
        &[
            "S1 shipment A 2026-01-05 uses first=60 bolt 60 5400",
            "R1 return A 2026-01-06 for S1 uses first=60 bolt 60 5400",
        ],
        &["left A first 0 0 100", "cart A bolt 10 | 900 first=10/100"],
    ),
    Story {
        what: "what is held is gone for others, and there for the cart that it is held for",
        rules: FIRST,
        documents: &["S1 shipment A 2026-01-05 uses first=40 bolt 40 3600"],
        acts: &["hold q A first=50"],
        later: &[],
        told: &[
            "left A first 40 50 10",
            "left B first 0 0 100",
            "cart A bolt 50 | 4900 first=10/10",
            "cart A under q bolt 50 | 4500 first=50/60",
            "cart A under other bolt 50 | 4900 first=10/10",
            "cart B under q bolt 50 | 4500 first=50/100",
        ],
    },
    Story {
        what: "released, it is as if it had never been held",
        rules: FIRST,
        documents: &[],
        acts: &["hold q A first=50", "hold p A first=50", "release q"],
        later: &[],
        told: &["left A first 0 50 50", "cart A under q bolt 80 | 7500 first=50/50"],
    },
    Story {
        what: "documents that follow the hold's quote take off it in part, and the rest stays held",
        rules: FIRST,
        documents: &[],
        acts: &["hold q A first=50"],
        later: &[
            "S1 shipment A 2026-01-05 after q uses first=20 bolt 20 1800",
            "S2 shipment A 2026-01-06 uses first=5 bolt 5 450",
        ],
        told: &["left A first 25 30 45", "cart A under q bolt 80 | 7250 first=75/75"],
    },
    Story {
        what: "documents that follow take the whole of it and more",
        rules: FIRST,
        documents: &[],
        acts: &["hold q A first=50"],
        later: &[
            "S1 shipment A 2026-01-05 after q uses first=20 bolt 20 1800",
            "S2 shipment A 2026-01-06 after q uses first=40 bolt 40 3600",
        ],
        told: &["left A first 60 0 40"],
    },
    Story {
        what: "a document that came before the hold has taken its part of it already",
        rules: FIRST,
        documents: &["S1 shipment A 2026-01-05 after q uses first=20 bolt 20 1800"],
        acts: &["hold q A first=50"],
        later: &["S2 shipment A 2026-01-06 after q uses first=10 bolt 10 900"],
        told: &["left A first 30 20 50"],
    },
    Story {
        what: "all of it came before the hold, which then needs nothing any more",
        rules: FIRST,
        documents: &["S1 shipment A 2026-01-05 after q uses first=100 bolt 100 9000"],
        acts: &["hold q A first=100"],
        later: &[],
        told: &["left A first 100 0 0", "cart A under q bolt 10 | 1000"],
    },
    Story {
        what: "what comes back is given back, and not held again",
        rules: FIRST,
        documents: &[],
        acts: &["hold q A first=50"],
        later: &[
            "S1 shipment A 2026-01-05 after q uses first=50 bolt 50 4500",
            "R1 return A 2026-01-06 for S1 after q uses first=20 bolt 20 1800",
        ],
        told: &["left A first 30 0 70"],
    },
    Story {
        what: "a correction of what a shipment took puts it back into the hold",
        rules: FIRST,
        documents: &[],
        acts: &["hold q A first=50"],
        later: &[
            "S1 shipment A 2026-01-05 after q uses first=50 bolt 50 4500",
            "C1 correction A 2026-01-06 for S1 after q uses first=-20 bolt 0 1",
            "C2 correction A 2026-01-06 after q uses first=-100",
            "C3 correction A 2026-01-06 after q uses first=100",
        ],
        told: &["left A first 30 20 50"],
    },
    Story {
        what: "documents that follow a hold which was released use, and take off nothing",
        rules: FIRST,
        documents: &[],
        acts: &["hold q A first=50", "release q"],
        later: &["S1 shipment A 2026-01-05 after q uses first=20 bolt 20 1800"],
        told: &["left A first 20 0 80"],
    },
    Story {
        what: "another contract's document takes nothing off it, nor does one that uses another rule",
        rules: "- { id: ~first, layer: volume, percent: 10, limit: { quantity: 100, overall: true } }\n\
                - { id: ~fund, layer: order, percent: 10, limit: { amount: 50 } }",
        documents: &["S1 shipment B 2026-01-05 after q uses first=10 bolt 10 900"],
        acts: &["hold q A first=50"],
        later: &[
            "S2 shipment B 2026-01-05 after q uses first=20 bolt 20 1800",
            "S3 shipment A 2026-01-05 after q uses fund=20 bolt 2 180",
        ],
        told: &["left A first 30 50 20", "left B first 30 50 20", "left A fund 20 0 30"],
    },
    Story {
        what: "of a limit for all contracts, one holds what others then lack",
        rules: SHARED,
        documents: &["S1 shipment B 2026-01-05 uses shared=10 bolt 10 900"],
        acts: &["hold q A shared=50", "hold p H shared=40"],
        later: &["S2 shipment A 2026-01-05 after q uses shared=50 bolt 50 4500"],
        told: &[
            "left A shared 60 40 0",
            "left B shared 60 40 0",
            "cart B bolt 1 | 100",
            "cart H under p bolt 40 | 3600 shared=40/40",
        ],
    },
    Story {
        what: "a hold of several rules keeps what is left of each",
        rules: "- { id: ~first, layer: volume, percent: 10, limit: { quantity: 100 } }\n\
                - { id: ~welcome, layer: order, per_cart: 5, limit: { uses: 2 } }",
        documents: &[],
        acts: &["hold q A welcome=1;first=50"],
        later: &["S1 shipment A 2026-01-05 after q uses first=20;welcome=1 bolt 20 1795"],
        told: &[
            "left A first 20 30 50",
            "left A welcome 1 0 1",
            "cart A under q bolt 30 | 2695 first=30/80 welcome=1/1",
        ],
    },
];
