//! What becomes of negotiated prices? The tables of stories. The policy lets whoever quotes concede 5 %, and whoever approves 15 % at a
//! margin of 10 %. A bolt is 100 and costs 70, a nut is 50 and costs 40; `fixed` is 20 and takes no discount.

use super::played::{Story, story};

pub const AUTHORITY: &[Story] = &[
    story(
        "within the clerk's authority it is issued at once",
        &[
            "create A bolt=5@95 -> issued 1 475",
            "why 1 -> nothing 25 of 500 5%",
            "lines 1 -> 475+90.25",
            "accept 1 -> accepted 1 475",
        ],
    ),
    story(
        "beyond it, it waits, and is approved by whoever may",
        &[
            "create A bolt=5@94 -> waiting 1 470",
            "why 1 -> concession 30 of 500 6%",
            "accept 1 -> ! it is waiting",
            "approve 1 -> ! needs the role \"approve\"",
            "approve 1 by=boss -> issued 1 470",
            "why 1 -> nothing 30 of 500 6%",
            "accept 1 -> accepted 1 470",
        ],
    ),
    story(
        "a coin decides, compared exactly",
        &[
            "create A bolt=3@@285 -> issued 1 285",
            "create A bolt=3@@284.99 -> waiting 1 284.99",
            "why 2 -> concession 15.01 of 300 5.01%",
        ],
    ),
    story(
        "beyond the approver's authority, too: rejected, revised, approved",
        &[
            "create A bolt=5@84 -> waiting 1 420",
            "approve 1 by=boss -> ! quote Q-1 concedes 16 %, and your authority ends at 15 %",
            "reject 1 by=boss -> draft 1 420",
            "why 1 -> nothing 80 of 500 16%",
            "issue 1 -> waiting 1 420",
            "revise 1 bolt=5@86 -> waiting 2 430",
            "approve 1 by=boss -> issued 2 430",
            "history 1 -> created rejected issued revised approved",
        ],
    ),
    story(
        "other goods beside it make a line's concession no smaller: the line may be accepted by itself",
        &[
            "create A glue=10@6 bolt=9 -> waiting 1 960",
            "why 1 -> concession 10 of 970 14.29%",
            "create A glue=10 bolt=9 total=960 -> issued 1 960",
            "why 2 -> nothing 10 of 970 1.04%",
        ],
    ),
    story(
        "the approver's own: within it is issued, beyond it waits",
        &[
            "create A bolt=5@85 by=boss -> issued 1 425",
            "create A bolt=5@84 by=boss -> waiting 1 420",
            "why 2 -> concession 80 of 500 16%",
        ],
    ),
    story(
        "the whole quote must keep the margin, which is told to those alone who may see it",
        &[
            "create A nut=10@44 by=boss -> waiting 1 440",
            "approve 1 by=boss -> ! leaves less margin than your authority asks for (9.09 % of 10 %)",
            "approve 1 by=blind -> ! leaves less margin than your authority asks for: somebody",
            "create A nut=10@44 bolt=1 by=boss -> issued 1 540",
        ],
    ),
    story(
        "where a cost is not known, nobody can tell the margin",
        &[
            "create A glue=10@6 -> waiting 1 60",
            "approve 1 by=boss -> ! costs are not known, 10 % are asked for",
            "create A glue=10@6.7 -> issued 1 67",
        ],
    ),
    story(
        "a draft that concedes too much waits when it is issued, or not by whoever may",
        &[
            "create A bolt=5@90 draft -> draft 1 450",
            "why 1 -> nothing 50 of 500 10%",
            "issue 1 by=boss -> issued 1 450",
            "create A bolt=5@90 draft -> draft 1 450",
            "issue 2 -> waiting 1 450",
        ],
    ),
    story(
        "authority is that of the policy in force when it is asked for",
        &[
            "create A bolt=5@84 -> waiting 1 420",
            "approve 1 by=boss -> ! your authority ends at 15 %",
            "authority approve 20",
            "approve 1 by=boss -> issued 1 420",
            "authority quote 0",
            "create A bolt=5@99.9 -> waiting 1 499.5",
            "create A bolt=5@100 -> issued 1 500",
        ],
    ),
    story(
        "a counter-offer by the buyer waits, whatever clerks may concede",
        &[
            "create A bolt=5 -> issued 1 500",
            "revise 1 bolt=5@99 by=A -> waiting 2 495",
            "why 1 by=A -> concession 5 of 500 1%",
            "accept 1 by=A -> ! it is waiting",
            "approve 1 by=A -> ! needs the role \"approve\"",
            "approve 1 by=boss -> issued 2 495",
            "accept 1 by=A -> accepted 2 495",
        ],
    ),
    story(
        "a counter-offer that is rejected leaves the first revision as it was",
        &[
            "create A bolt=5 -> issued 1 500",
            "revise 1 by=A total=300 -> waiting 2 300",
            "reject 1 by=boss -> draft 2 300",
            "show 1 rev=1 -> draft 2 500",
            "revise 1 bolt=5@96 -> issued 3 480",
            "accept 1 by=A -> accepted 3 480",
        ],
    ),
];

pub const GUARDED: &[Story] = &[
    story(
        "a guard and a concession are told apart",
        &[
            "create A bolt=5 coupon=DEEP -> waiting 1 300",
            "why 1 -> guard",
            "create A bolt=5@73 -> waiting 1 365",
            "why 2 -> guard concession 135 of 500 27%",
            "create A bolt=5@73 by=boss -> waiting 1 365",
            "why 3 -> concession 135 of 500 27%",
            "create A bolt=5@90 -> waiting 1 450",
            "why 4 -> concession 50 of 500 10%",
        ],
    ),
    story(
        "a guard that trims gives back some of it: 70 / 0.95, rounded up",
        &[
            "clamp",
            "create A bolt=5@70 -> waiting 1 368.43",
            "why 1 -> concession 131.57 of 500 26.32%",
            "create A bolt=5@74 -> waiting 1 370",
            "why 2 -> concession 130 of 500 26%",
        ],
    ),
    story(
        "what a guard would give back anyway is no concession",
        &["clamp", "create A bolt=5@55 coupon=DEEP -> issued 1 368.43", "why 1 -> nothing 0 of 368.42 0%"],
    ),
];

pub const PRICES: &[Story] = &[
    story(
        "behind the discounts of the order: 20 bolts are 1,900",
        &[
            "create A bolt=20@90 -> waiting 1 1800",
            "why 1 -> concession 100 of 1900 5.27%",
            "create A bolt=20@95 -> issued 1 1900",
            "why 2 -> nothing 0 of 1900 0%",
            "create A bolt=20@96 -> ! line \"bolt\": 1920 is above the 1900 that its goods cost",
        ],
    ),
    story(
        "a total is spread to the coin, ties by line",
        &[
            "create A b:glue=1 a:glue=1 c:glue=1 total=20 -> issued 1 20",
            "lines 1 -> 6.67+0 6.66+0 6.67+0",
            "create A b:glue=1 a:glue=1 c:glue=1 total=20.99 -> issued 1 20.99",
            "lines 2 -> 7+0 6.99+0 7+0",
        ],
    ),
    story(
        "a total by what lines come to, with their tax",
        &["create A bolt=5 glue=10 total=541.5 -> issued 1 541.5", "lines 1 -> 475+90.25 66.5+0"],
    ),
    story(
        "a line without discounts takes none of it",
        &[
            "create A bolt=5 fixed=5 total=580 -> issued 1 580",
            "lines 1 -> 480+91.2 100+0",
            "why 1 -> nothing 20 of 600 3.34%",
            "create A bolt=5 fixed=5 total=99.99 -> ! lines that take no discount come to 100",
            "create A fixed=5@19 -> ! line \"fixed\": its price takes no discount: 95 can't take the place of 100",
            "create A fixed=5@20 -> issued 1 100",
        ],
    ),
    story(
        "above what it costs: all of them are named",
        &[
            "create A bolt=5@101 nut=2@51 -> ! line \"bolt\": 505 is above the 500",
            "create A bolt=5@101 nut=2@51 -> ! line \"nut\": 102 is above the 100",
            "create A bolt=5 total=500.01 -> ! the total 500.01 is above the 500",
            "create A bolt=5 total=500 -> issued 1 500",
        ],
    ),
    story(
        "prices that are none",
        &[
            "create A bolt=5@0 -> ! negotiated_lines \"bolt\": 0 is not above zero",
            "create A bolt=5 total=0 -> ! negotiated_total: 0 is not above zero",
            "create A bolt=5@@499.995 -> ! 499.995 is no whole number of 0.01",
            "create A bolt=5 total=499.995 -> ! the total 499.995 is no whole number of 0.01",
            "create A bolt=5@95 total=490 -> ! \"bolt\": stands beside negotiated_total: negotiate one of them",
            "create A bolt=5@95 missing=1 -> ! 1 line has no price: \"missing\"",
        ],
    ),
    story(
        "a unit price is multiplied and then rounded, as the contract says (`discount_on: line`)",
        &["create A bolt=5@97.495 -> issued 1 487.48", "create A bolt=3@95.006 -> issued 1 285.02"],
    ),
    story(
        "or rounded and then multiplied (`discount_on: unit`)",
        &[
            "create U bolt=5@97.495 -> issued 1 487.5",
            "create U bolt=5@97.494 -> issued 1 487.45",
            "create U b:bolt=1 a:bolt=1 c:bolt=1 total=290 -> issued 1 290",
            "lines 3 -> 96.67+18.37 96.66+18.37 96.67+18.37",
        ],
    ),
    story(
        "a part of a line that was negotiated rests on no threshold; one of another does",
        &[
            "create A bolt=8@94 nut=10 -> issued 1 1227",
            "lines 1 -> 752+142.88 475+90.25",
            "accept 1 nut -> ! line \"nut\" was quoted at 475 and is 500 by itself",
            "accept 1 bolt -> issued 1 752",
            "accept 1 nut -> accepted 1 475",
        ],
    ),
    story(
        "a divisible line in parts of its negotiated amount",
        &[
            "create A glue~=3@@20 bolt=1 -> issued 1 120",
            "accept 1 glue=1 -> issued 1 6.67",
            "accept 1 glue=1 -> issued 1 6.67",
            "accept 1 -> accepted 1 106.66",
        ],
    ),
    story(
        "a negotiated total is for all of it",
        &[
            "create A bolt=5 glue=10 total=560 -> issued 1 560",
            "accept 1 bolt -> ! is taken whole or not at all: a total was negotiated",
            "accept 1 -> accepted 1 560",
        ],
    ),
    story(
        "a revision keeps what is stated again, and nothing else",
        &[
            "create A bolt=5@95 -> issued 1 475",
            "revise 1 -> issued 2 500",
            "revise 1 total=490 -> issued 3 490",
            "revise 1 -> issued 4 500",
            "show 1 rev=3 -> issued 4 490",
        ],
    ),
    story(
        "the same request, and one with another price",
        &[
            "create A bolt=5@95 id=r -> issued 1 475",
            "create A bolt=5@95 id=r -> issued 1 475",
            "create A bolt=5@96 id=r -> ! (other lines[0].negotiated)",
            "create A bolt=5 total=475 id=r -> ! (other negotiated_total, lines[0].negotiated)",
            "reopen",
            "create A bolt=5@95 id=r -> issued 1 475",
        ],
    ),
];
