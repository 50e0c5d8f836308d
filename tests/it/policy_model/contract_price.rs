//! What are list price and contract price of a line? The reference list; a rule's price, or else that of the contract's lists.

use quoin::policy::syntax::RuleLayer;

use super::benefits::is_graduated;
use super::interpret::Model;
use super::line::Running;
use super::measures::reached;
use super::meeting;
use super::shop::Sku;
use crate::ratio::Ratio;

impl Model<'_> {
    /// What a list asks for one base unit, without tax, and whether it may be discounted; an error where its prices
    /// include tax at a rate that is not known.
    pub fn list_price(&self, list: &str, code: &str, sku: &Sku) -> Result<Option<(Ratio, bool)>, String> {
        let Some(held) = self.shop.lists.get(list) else { return Ok(None) };
        let Some(price) = held.prices.get(code).filter(|_| held.currency == self.contract.currency) else {
            return Ok(None);
        };
        let mut without_tax = Ratio::from(price.price);
        if held.gross {
            let rate = self.tax_rate(sku.tax_class.as_deref()).ok_or("no_tax_rate")?;
            without_tax = without_tax / (Ratio::whole(1) + rate);
        }
        Ok(Some((without_tax, price.no_discount)))
    }

    /// Layer 1: the list amount, where there is a list price.
    pub fn listed(&self, line: &mut Running<'_>) {
        let reference = self.contract.reference.as_ref();
        let price = reference.and_then(|list| self.list_price(list, &line.line.sku, line.sku).ok().flatten());
        let Some((price, _)) = price else { return };
        let amount = price * &line.factor * &line.quantity;
        let by_unit = self
            .coins
            .by_unit
            .then(|| self.coins.unit(&(&amount / &line.quantity), &line.factor) * &line.quantity);
        line.shown_list = Some(self.coins.amount(by_unit.as_ref().unwrap_or(&amount)));
        line.list = Some(match (self.coins.every_layer, by_unit) {
            (false, _) => amount,
            (true, Some(by_unit)) => by_unit,
            (true, None) => self.coins.amount(&amount),
        });
    }

    /// Layer 2: fills in the contract amount; an error is why there is none.
    pub fn contracted(&self, line: &mut Running<'_>) -> Result<(), String> {
        if !self.by_rule(line) {
            let mut found = None;
            for list in &self.contract.access {
                found = self.list_price(list, &line.line.sku, line.sku)?;
                if found.is_some() {
                    break;
                }
            }
            let (price, no_discount) = found.ok_or("no_price")?;
            line.contract = price * &line.factor * &line.quantity;
            line.no_discount = no_discount;
            line.price_units = line.factor.clone();
            line.unit_runs = self.coins.by_unit;
        }
        let shown = self.coins.amount(&line_amount(self, line));
        line.shown_list.get_or_insert(shown);
        line.contract = line.at_layer_end(&self.coins, &line.contract);
        line.running = line.contract.clone();
        Ok(())
    }

    /// The first rule of the layer that holds, covers and comes out above zero gives the price. No other line counts yet.
    fn by_rule(&self, line: &mut Running<'_>) -> bool {
        for rule in self.rules_of(RuleLayer::Contract) {
            let holds = self.cart_meets(&rule.when, &[])
                && self.line_meets(&rule.when, line)
                && meeting::goods(self.shop, self.policy, &rule.goods, &line.line.sku);
            let Some(position) =
                holds.then(|| self.position(rule, line, std::slice::from_ref(line))).flatten()
            else {
                continue;
            };
            let reached = reached(rule, position.as_ref());
            let by_unit = self.coins.by_unit && is_graduated(rule);
            let Some(priced) = self.priced_at(rule, line, &reached, by_unit) else { continue };
            (line.contract, line.price_units) = priced;
            line.unit_runs = self.coins.by_unit && !is_graduated(rule);
            return true;
        }
        false
    }
}

/// The contract amount, its unit price rounded where it runs.
fn line_amount(model: &Model<'_>, line: &Running<'_>) -> Ratio {
    if line.unit_runs { line.rounded_by_unit(&model.coins, &line.contract) } else { line.contract.clone() }
}
