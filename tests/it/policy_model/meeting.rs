//! Which SKUs, which contracts does a selection mean? Descriptions are held against one of them, word by word.

use quoin::policy::syntax::{AllOf, ContractCriterion, Policy, Selection, SkuCriterion};

use super::shop::{Contract, Shop};

/// Is the SKU among these goods?
pub fn goods(shop: &Shop, policy: &Policy, of: &Selection<SkuCriterion>, sku: &str) -> bool {
    selected(of, &|criterion| sku_meets(shop, policy, criterion, sku))
}

/// Is the contract among these?
pub fn contracts(
    policy: &Policy,
    of: &Selection<ContractCriterion>,
    code: &str,
    contract: &Contract,
) -> bool {
    selected(of, &|criterion| contract_meets(policy, criterion, code, contract))
}

fn selected<C>(of: &Selection<C>, meets: &impl Fn(&C) -> bool) -> bool {
    let met = |all: &AllOf<C>| all.criteria.iter().all(meets);
    (of.any.is_empty() || of.any.iter().any(met)) && !of.except.iter().any(met)
}

fn sku_meets(shop: &Shop, policy: &Policy, criterion: &SkuCriterion, code: &str) -> bool {
    let sku = &shop.skus[code];
    let among =
        |value: &Option<String>, values: &[String]| value.as_ref().is_some_and(|v| values.contains(v));
    match criterion {
        SkuCriterion::Category(paths) => sku
            .category
            .as_ref()
            .is_some_and(|own| paths.iter().any(|path| own == path || own.starts_with(&format!("{path}/")))),
        SkuCriterion::Brand(brands) => among(&sku.brand, brands),
        SkuCriterion::Attribute { name, values } => {
            sku.attributes.get(name).is_some_and(|own| values.is_empty() || values.contains(own))
        }
        SkuCriterion::Sku(codes) => codes.iter().any(|one| one == code),
        SkuCriterion::List(lists) => {
            lists.iter().any(|list| shop.lists.get(list).is_some_and(|list| list.prices.contains_key(code)))
        }
        SkuCriterion::TaxClass(classes) => among(&sku.tax_class, classes),
        SkuCriterion::Group(groups) => groups.iter().any(|group| {
            policy.sku_groups.get(group).is_some_and(|group| goods(shop, policy, &group.selection, code))
        }),
    }
}

fn contract_meets(policy: &Policy, criterion: &ContractCriterion, code: &str, contract: &Contract) -> bool {
    match criterion {
        ContractCriterion::Contract(codes) => codes.iter().any(|one| one == code),
        ContractCriterion::Counterparty(codes) => codes.contains(&contract.counterparty),
        ContractCriterion::Holding(holdings) => {
            contract.holding.as_ref().is_some_and(|own| holdings.contains(own))
        }
        ContractCriterion::Attribute { name, values } => {
            contract.attributes.get(name).is_some_and(|own| values.is_empty() || values.contains(own))
        }
        ContractCriterion::Group(groups) => groups.iter().any(|group| {
            policy
                .contract_groups
                .get(group)
                .is_some_and(|group| contracts(policy, &group.selection, code, contract))
        }),
    }
}
