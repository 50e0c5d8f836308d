//! Under which policies are carts priced? Rules by the thousand, of which twenty could touch a line and four do.
//!
//! Whatever the number of rules, each SKU has one of each kind: a percentage by leaf category for the portal, one for its
//! whole group with tiers by the group's amount in the cart, one off the order, one of loyalty; and sixteen that carts of
//! the portal dismiss. More rules are narrower ones, by brand within a leaf category where there are more than leaves.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::ops::Range;

use quoin::domain::contract::Circumstances;
use quoin::engine::policy::PolicyFile;
use quoin::exchange::generate::Generator;
use quoin::exchange::generate::assortment::Assortment;
use quoin::exchange::generate::lists::contract_code;

/// What carts state, so that of the rules for goods only those by leaf category hold.
pub const OF_PORTAL: Circumstances<'static> =
    Circumstances { warehouse: "", delivery_basis: "", channel: "portal", fulfilment: "", payment_terms: "" };
/// Rules that could touch a line and give it something.
pub const APPLY: usize = 4;
/// Rules for everybody that could touch a line, whose circumstances its cart does not meet.
pub const DISMISSED: usize = 12;
/// Tiers of a group's amount in the cart, from whole units of currency, and what each gives in hundredths of a percent.
const TIERS: [(i128, i128); 5] = [(0, 50), (500, 100), (2_500, 150), (10_000, 200), (50_000, 300)];
/// Groups of goods that have such tiers each: three top categories, so that a cart has four ladders to tell of.
const GROUPS: usize = 4;
/// Off the order, in hundredths of a percent.
pub const OF_ORDER: i128 = 200;
/// Groups of the contracts that some rules are for.
const OTHERS: usize = 40;
/// Coupon codes, and months of campaigns that are over.
const COUPONS: usize = 200;
const CAMPAIGNS: usize = 60;
/// Rules of one file.
const FILE_RULES: usize = 15_000;

/// Why a kind of rule does not hold for a cart of the portal, or for its contract.
#[derive(Debug, Clone, Copy)]
enum Asks {
    /// Nothing that is not met.
    Portal,
    Channel(&'static str),
    Coupon,
    Campaign,
    Payment(&'static str),
    /// It is for other contracts.
    Others,
}

/// The kinds of rule of which every SKU has one; further ones are for groups and for everything.
const KINDS: [Asks; 17] = [
    Asks::Portal,
    Asks::Channel("erp"),
    Asks::Channel("manager"),
    Asks::Channel("edi"),
    Asks::Channel("telephone"),
    Asks::Coupon,
    Asks::Coupon,
    Asks::Coupon,
    Asks::Campaign,
    Asks::Campaign,
    Asks::Campaign,
    Asks::Payment("90 days"),
    Asks::Payment("120 days"),
    Asks::Others,
    Asks::Others,
    Asks::Others,
    Asks::Others,
];

/// How large a policy is.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Rules for goods, for groups and for everybody.
    pub rules: usize,
    /// So many contracts have one rule more, for everything: their loyalty, in place of everybody's.
    pub own: u32,
    /// Every rule for goods asks for a coupon code or a window of its own, where it asks for one.
    pub own_circumstances: bool,
}

/// A policy for a generator's goods and contracts.
pub struct Policy<'g> {
    assortment: &'g Assortment,
    shape: Shape,
    /// Contracts that no cart is priced for.
    others: Range<u32>,
    /// By group: its top categories.
    groups: Vec<Vec<&'g str>>,
    /// By leaf.
    group_of_leaf: Vec<usize>,
    /// Leaves with the brands that they hold, in their order.
    pairs: Vec<(usize, usize)>,
    /// How many rules of each kind.
    counts: [usize; KINDS.len()],
}

impl<'g> Policy<'g> {
    /// Of a shape; `others` are contracts that no cart is priced for.
    pub fn new(generator: &'g Generator, shape: Shape, others: Range<u32>) -> Self {
        let assortment = generator.assortment();
        let top = |path: &'g str| path.split('/').next().unwrap();
        let tops: BTreeSet<&str> = assortment.leaves.iter().map(|leaf| top(&leaf.path)).collect();
        let tops: Vec<&str> = tops.into_iter().collect();
        let groups: Vec<Vec<&str>> = tops.chunks(tops.len().div_ceil(GROUPS)).map(<[&str]>::to_vec).collect();
        let group_of = |path: &'g str| groups.iter().position(|tops| tops.contains(&top(path))).unwrap();
        let group_of_leaf = assortment.leaves.iter().map(|leaf| group_of(&leaf.path)).collect();
        let pairs: BTreeSet<(usize, usize)> =
            assortment.skus.iter().map(|sku| (sku.leaf.into(), sku.brand.into())).collect();
        let goods = shape.rules - groups.len() - 1 - usize::from(shape.own == 0);
        let of_leaves = (goods / KINDS.len()).min(assortment.leaves.len());
        let (each, more) = ((goods - of_leaves) / (KINDS.len() - 1), (goods - of_leaves) % (KINDS.len() - 1));
        let counts = std::array::from_fn(|kind| match kind {
            0 => of_leaves,
            _ => each + usize::from(kind <= more),
        });
        let pairs: Vec<_> = pairs.into_iter().collect();
        assert!(each < pairs.len(), "{} rules of a kind for {} brands in leaves", each + 1, pairs.len());
        Self { assortment, shape, others, groups, group_of_leaf, pairs, counts }
    }

    /// How many rules there are.
    pub fn rules(&self) -> usize {
        let own = usize::try_from(self.shape.own).unwrap();
        self.counts.iter().sum::<usize>() + self.groups.len() + 1 + own.max(1)
    }

    /// How many groups of goods have tiers of their own.
    pub fn groups(&self) -> usize {
        self.groups.len()
    }

    /// The group of a leaf category.
    pub fn group_of(&self, leaf: u16) -> usize {
        self.group_of_leaf[usize::from(leaf)]
    }

    /// Off the goods of a leaf category, in hundredths of a percent.
    pub fn of_leaf(&self, leaf: u16) -> i128 {
        of_part(self.part(0, leaf.into(), self.assortment.leaves.len()))
    }

    /// Off the goods of a group that come to this amount in the cart (10^-4 of the currency), in hundredths of a percent.
    pub fn of_group(&self, group: usize, amount: i128) -> i128 {
        let reached = TIERS.iter().rev().find(|(from, _)| from * 10_000 <= amount);
        reached.unwrap().1 + of_number(group)
    }

    /// Off everything, for a contract, in hundredths of a percent.
    pub fn of_loyalty(&self, contract: u32) -> i128 {
        if self.shape.own == 0 { 150 } else { 50 + i128::from(contract % 11) * 25 }
    }

    /// As files that a person might have written.
    pub fn files(&self) -> Vec<PolicyFile> {
        let rules: Vec<String> = self.for_goods().chain(self.for_groups()).collect();
        assert_eq!(rules.len(), self.rules());
        let head = |number: usize| match number {
            0 => self.head(),
            _ => "quoin_policy: 1\n".to_owned(),
        };
        let file = |(number, rules): (usize, &[String])| {
            let text = format!("{}rules:\n{}", head(number), rules.concat());
            PolicyFile { name: format!("rules-{number}.yaml"), text }
        };
        rules.chunks(FILE_RULES).enumerate().map(file).collect()
    }

    fn head(&self) -> String {
        let mut head = String::from("quoin_policy: 1\ncurrency: EUR\nsku_groups:\n");
        for (number, tops) in self.groups.iter().enumerate() {
            let tops: Vec<String> = tops.iter().map(|top| quoted(top)).collect();
            writeln!(head, "  group-{number}: {{ category: [{}] }}", tops.join(", ")).unwrap();
        }
        head.push_str("contract_groups:\n");
        for number in 0..OTHERS {
            let members = self.others.clone().skip(number).step_by(OTHERS).map(contract_code);
            let members: Vec<String> = members.collect();
            writeln!(head, "  others-{number}: {{ contract: [{}] }}", members.join(", ")).unwrap();
        }
        head
    }

    /// The rules that come by the thousand.
    fn for_goods(&self) -> impl Iterator<Item = String> {
        (0..KINDS.len()).flat_map(move |kind| {
            let goods = self.parts(kind);
            goods.into_iter().enumerate().map(move |(part, goods)| self.rule(kind, part, &goods))
        })
    }

    fn rule(&self, kind: usize, part: usize, goods: &str) -> String {
        let layer = ["volume", "loyalty", "order"][if kind == 0 { 0 } else { kind % 3 }];
        let percent = if kind == 0 { percent(of_part(part)) } else { "3.5".to_owned() };
        let at = |most: usize| match self.shape.own_circumstances {
            true => part * KINDS.len() + kind,
            false => (part * KINDS.len() + kind) % most,
        };
        let asks = match KINDS[kind] {
            Asks::Portal => "when: { channel: portal }".to_owned(),
            Asks::Channel(channel) => format!("when: {{ channel: {channel} }}"),
            Asks::Coupon => format!("when: {{ coupon: K-{} }}", at(COUPONS)),
            Asks::Campaign => format!("when: {{ {} }}", campaign(at(CAMPAIGNS))),
            Asks::Payment(terms) => format!("when: {{ payment_terms: {terms} }}"),
            // Kinds differ in the remainder, so that no two rules are for the same goods and contracts.
            Asks::Others => format!("contracts: others-{}", (part * 4 + kind % 4) % OTHERS),
        };
        format!(
            "  - {{ id: goods-{kind}-{part}, layer: {layer}, goods: {goods}, {asks}, percent: {percent} }}\n"
        )
    }

    /// The rules for groups of goods, and for everything.
    fn for_groups(&self) -> impl Iterator<Item = String> {
        let group = |number: usize| {
            let tier = |(from, gives)| {
                format!("{{ from: {from}, percent: {} }}", percent(gives + of_number(number)))
            };
            let tiers = TIERS.map(tier).join(", ");
            format!(
                "  - {{ id: group-{number}, layer: volume, goods: group-{number}, \
                 measure: {{ what: amount, over: group }}, tiers: [{tiers}] }}\n"
            )
        };
        let order = format!("  - {{ id: order, layer: order, percent: {} }}\n", percent(OF_ORDER));
        let everybody = match self.shape.own {
            0 => Some(format!(
                "  - {{ id: loyalty, layer: loyalty, percent: {} }}\n",
                percent(self.of_loyalty(0))
            )),
            _ => None,
        };
        let own = |contract: u32| {
            let (code, percent) = (contract_code(contract), percent(self.of_loyalty(contract)));
            format!(
                "  - {{ id: loyalty-{code}, layer: loyalty, contracts: {{ contract: {code} }}, percent: {percent} }}\n"
            )
        };
        (0..self.groups.len()).map(group).chain([order]).chain(everybody).chain((0..self.shape.own).map(own))
    }

    /// Which rule of a kind holds for the goods at a place among `places`. Kinds are cut at different places.
    fn part(&self, kind: usize, place: usize, places: usize) -> usize {
        let count = self.counts[kind];
        (place * count + kind * places / KINDS.len()) / places % count
    }

    /// By rule of a kind: the goods that it is for.
    fn parts(&self, kind: usize) -> Vec<String> {
        let leaves = &self.assortment.leaves;
        let mut parts = vec![Vec::new(); self.counts[kind]];
        if self.counts[kind] <= leaves.len() {
            for (place, leaf) in leaves.iter().enumerate() {
                parts[self.part(kind, place, leaves.len())].push(quoted(&leaf.path));
            }
            return parts.iter().map(|paths| format!("{{ category: [{}] }}", paths.join(", "))).collect();
        }
        for (place, (leaf, brand)) in self.pairs.iter().enumerate() {
            let (path, brand) = (quoted(&leaves[*leaf].path), quoted(&self.assortment.brands[*brand]));
            let described = format!("{{ category: {path}, brand: {brand} }}");
            parts[self.part(kind, place, self.pairs.len())].push(described);
        }
        parts.iter().map(|described| format!("[{}]", described.join(", "))).collect()
    }
}

fn of_part(part: usize) -> i128 {
    100 + i128::try_from(part % 17).unwrap() * 25
}

fn of_number(group: usize) -> i128 {
    i128::try_from(group).unwrap() * 5
}

/// A month before the carts' instant; a day of an earlier year where every rule has its own.
fn campaign(number: usize) -> String {
    if number < CAMPAIGNS {
        let (year, month) = (2021 + number / 12, 1 + number % 12);
        return format!("from: {year}-{month:02}-01, through: {year}-{month:02}-28");
    }
    let (year, month, day) = (number / 336, number / 28 % 12 + 1, number % 28 + 1);
    let date = format!("{}-{month:02}-{day:02}", 1000 + year);
    format!("from: {date}, through: {date}")
}

/// Hundredths of a percent, written out.
fn percent(hundredths: i128) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}
