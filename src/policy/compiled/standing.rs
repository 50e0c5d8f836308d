//! Which of a program's rules stand in these circumstances? Judged once for all carts in like circumstances.
//!
//! Channel, coupon, dates and the like are the same for every line of a cart, and few of their combinations occur. A
//! standing is a program with the rules left out whose circumstances are not met; for each class of SKUs it keeps what is
//! left, layer by layer, so that a line's price takes no time for the others.

use std::sync::{Arc, OnceLock};

use crate::domain::exact::Exact;
use crate::domain::ladder::TierMode;
use crate::policy::syntax::{BenefitKind, FreeMode, RuleLayer};

use super::goods::ClassNo;
use super::program::{Candidates, PAGE};
use super::rule::{CompiledBenefit, CompiledRule, MeasureNo, PercentBase, WhenNo};
use super::shared::Account;
use super::{CompiledPolicy, GuardNo, Program, RuleNo};

/// The layers that rules stand in.
pub const LAYERS: [RuleLayer; 5] =
    [RuleLayer::Contract, RuleLayer::Volume, RuleLayer::Order, RuleLayer::Loyalty, RuleLayer::Surcharge];

/// A program in given circumstances.
#[derive(Debug)]
pub struct Standing {
    pages: Box<[OnceLock<Page>]>,
    /// By the circumstances that the policy's rules ask for, a bit each: are they met?
    met: Arc<[u64]>,
    account: Account,
}

type Page = Box<[OnceLock<Box<Applicable>>]>;

/// What stands for the SKUs of a class.
#[derive(Debug)]
pub struct Applicable {
    layers: [Arc<LayerRules>; 5],
    /// Guards, by id.
    pub guards: Arc<[GuardNo]>,
    /// Which of the program's sums over more than a line count it.
    pub measures: Arc<[MeasureNo]>,
    /// The tax, by its place in the program.
    pub(super) tax: Option<u32>,
}

/// What stands of a layer.
#[derive(Debug)]
pub struct LayerRules {
    /// The rules, in the order of their turns.
    pub rules: Arc<[RuleNo]>,
    /// Those of the cart among them.
    pub of_cart: Box<[RuleNo]>,
    /// Are there others?
    pub has_of_line: bool,
    /// Does one of them ask something of the line, or of other lines?
    pub conditional: bool,
    /// Those that tell progress.
    pub ladders: Box<[RuleNo]>,
    /// What they come to where each simply takes a percentage off what runs, so that their order does not matter.
    pub fused: Option<Fused>,
}

/// Rules that take percentages off, all at once.
#[derive(Debug)]
pub struct Fused {
    /// What those leave that always take the same.
    pub kept: Exact,
    /// Those that take what a ladder says.
    pub by_ladder: Box<[RuleNo]>,
}

impl Applicable {
    /// What stands of a layer.
    #[must_use]
    #[inline]
    pub fn layer(&self, layer: RuleLayer) -> &LayerRules {
        let [contract, volume, order, loyalty, surcharge] = &self.layers;
        match layer {
            RuleLayer::Contract => contract,
            RuleLayer::Volume => volume,
            RuleLayer::Order => order,
            RuleLayer::Loyalty => loyalty,
            RuleLayer::Surcharge => surcharge,
        }
    }
}

impl LayerRules {
    fn of(policy: &CompiledPolicy, rules: &Arc<[RuleNo]>) -> Self {
        let compiled = || rules.iter().filter_map(|number| policy.compiled(*number));
        let conditional = compiled().any(CompiledRule::is_conditional);
        let some = |is: fn(&CompiledRule) -> bool| -> Box<[RuleNo]> {
            let is = |number: &RuleNo| policy.compiled(*number).is_some_and(is);
            rules.iter().copied().filter(is).collect()
        };
        let fused = compiled().all(|rule| !conditional && rule.is_plain_percent()).then(|| Fused {
            kept: compiled().filter_map(CompiledRule::kept).fold(Exact::ONE, |kept, by| kept.times(by)),
            by_ladder: some(|rule| rule.kept().is_none()),
        });
        Self {
            rules: Arc::clone(rules),
            of_cart: some(|rule| rule.of_cart),
            has_of_line: compiled().any(|rule| !rule.of_cart),
            conditional,
            ladders: some(|rule| rule.has_ladder && rule.measure.is_some()),
            fused,
        }
    }
}

impl Standing {
    pub(super) fn new(classes: usize, met: Arc<[u64]>, account: Account) -> Self {
        let pages: Box<[OnceLock<Page>]> = (0..classes.div_ceil(PAGE)).map(|_| OnceLock::new()).collect();
        account.take(size_of::<Self>() + size_of_val(&*pages));
        Self { pages, met, account }
    }

    /// What stands for a class.
    #[inline]
    pub(super) fn applicable(
        &self,
        policy: &CompiledPolicy,
        program: &Program,
        class: ClassNo,
    ) -> Option<&Applicable> {
        let number = usize::try_from(class.0).ok()?;
        let page = self.pages.get(number / PAGE)?.get_or_init(|| {
            self.account.take(PAGE * size_of::<OnceLock<Box<Applicable>>>());
            (0..PAGE).map(|_| OnceLock::new()).collect()
        });
        let slot = page.get(number % PAGE)?;
        match slot.get() {
            Some(known) => Some(known),
            None => Some(slot.get_or_init(|| Box::new(self.find(policy, program, class)))),
        }
    }

    fn find(&self, policy: &CompiledPolicy, program: &Program, class: ClassNo) -> Applicable {
        let Candidates { rules, guards, tax } = policy.candidates(program, class);
        self.account.take(size_of::<Applicable>());
        let stands = |number: &RuleNo| {
            policy.compiled(*number).is_some_and(|rule| {
                let in_currency = rule.currency.is_none_or(|own| own == program.currency);
                in_currency && self.is_met(rule.when)
            })
        };
        let of_layer = |layer: RuleLayer| {
            let of_layer =
                |number: &&RuleNo| policy.compiled(**number).is_some_and(|rule| rule.layer == layer);
            let standing: Vec<RuleNo> = rules.iter().filter(of_layer).copied().filter(stands).collect();
            policy.shared.layer(standing, |rules| LayerRules::of(policy, rules))
        };
        Applicable {
            layers: LAYERS.map(of_layer),
            guards: policy.shared.guards(guards),
            measures: policy.shared.measures(program.measures_of(policy, class)),
            tax,
        }
    }

    fn is_met(&self, when: WhenNo) -> bool {
        let bit = super::place(when.0);
        self.met.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }
}

impl CompiledRule {
    /// Does it ask something of the line, or of other lines?
    #[must_use]
    pub fn is_conditional(&self) -> bool {
        !self.warehouse.is_empty()
            || !self.fulfilment.is_empty()
            || !self.line.is_empty()
            || !self.together.is_empty()
    }

    /// Does it add goods on top of an order?
    #[must_use]
    pub fn gives_on_top(&self) -> bool {
        self.tiers.iter().any(
            |tier| matches!(&tier.benefit, CompiledBenefit::Free(free, _) if free.mode == FreeMode::OnTop),
        )
    }

    /// Does it take a percentage off what a line runs at, and nothing else?
    #[must_use]
    pub fn is_plain_percent(&self) -> bool {
        self.kind == BenefitKind::Percent
            && self.mode == TierMode::Volume
            && !self.of_cart
            && !self.stop
            && self.base == PercentBase::Running
            && self.exclusive.is_none()
            && self.cap.percent.is_none()
            && self.cap.line.is_none()
            && self.layer != RuleLayer::Surcharge
    }

    /// The share that it takes off what lines run at, where it takes one percentage off the cart.
    #[must_use]
    pub fn plain_percent_of_cart(&self) -> Option<&Exact> {
        let plain = self.of_cart
            && self.kind == BenefitKind::Percent
            && self.measure.is_none()
            && self.base == PercentBase::Running
            && self.layer != RuleLayer::Surcharge;
        match self.tiers.first().map(|tier| &tier.benefit) {
            Some(CompiledBenefit::Percent(percent)) if plain => Some(percent),
            _ => None,
        }
    }

    /// The share that it leaves of what a line runs at, where that is always the same.
    fn kept(&self) -> Option<&Exact> {
        let one_tier = self.measure.is_none() && self.is_plain_percent();
        match self.tiers.first() {
            Some(tier) if one_tier && matches!(tier.benefit, CompiledBenefit::Percent(_)) => Some(&tier.kept),
            _ => None,
        }
    }
}
