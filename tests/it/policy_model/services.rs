//! What do services cost, and who sells them?

use quoin::policy::syntax::{Benefit, Rule, ServicePer};

use super::interpret::Model;
use super::line::{Ordered, Running};
use super::measures::Reached;
use super::meeting;
use crate::ratio::Ratio;

impl Model<'_> {
    /// The services that a line asks for; none where one of them is not sold with it.
    pub fn services(&self, line: &Running<'_>) -> Option<Vec<Ordered<'_>>> {
        line.line.services.iter().map(|(id, count)| self.service(line, id, (*count).into())).collect()
    }

    fn service(&self, line: &Running<'_>, id: &str, asked: Ratio) -> Option<Ordered<'_>> {
        let service = self.policy.services.iter().find(|service| service.id == id)?;
        let sold = meeting::goods(self.shop, self.policy, &service.goods, &line.line.sku)
            && self.currency_or_policys(service.currency) == Some(self.contract.currency);
        let count = match &service.per {
            ServicePer::Each => asked,
            ServicePer::Unit(unit) => line.quantity_in(unit.as_deref())?,
            ServicePer::Line => Ratio::whole(1),
        };
        sold.then(|| Ordered { service, count, price: service.price.into() })
    }

    /// The lower prices that a rule gives to services of a line, by position.
    pub fn cheaper_services(
        &self,
        rule: &Rule,
        line: &Running<'_>,
        reached: &Reached<'_>,
    ) -> Vec<(usize, Ratio)> {
        let Some((_, tier)) = reached.tiers.first() else { return Vec::new() };
        let asked = line.services.iter().enumerate();
        let of_rule = asked.filter(|(_, ordered)| Some(&ordered.service.id) == rule.service.as_ref());
        let priced = of_rule.map(|(at, ordered)| match &tier.benefit {
            Benefit::ServicePrice(price) => (at, Ratio::from(*price).min(ordered.price.clone())),
            Benefit::ServicePercent(percent) => {
                (at, &ordered.price * (Ratio::whole(1) - Ratio::from(*percent).percent()))
            }
            other => panic!("{other:?} is no price of a service"),
        });
        priced.collect()
    }
}
