//! What has been bought by a contract, and by those whose purchases count with its, month by month, and where do the policy's
//! period measures stand?

use std::collections::BTreeMap;

use crate::domain::contract::Contract;
use crate::domain::currency::Currency;
use crate::domain::day::{CivilDay, CivilMonth, Days};
use crate::domain::exact::Exact;
use crate::domain::ids::{SequenceNo, SkuId};
use crate::domain::time::Instant;
use crate::engine::Engine;
use crate::engine::caller::{Caller, ContractScope, Role};
use crate::engine::error::{LedgerError, PriceError};
use crate::engine::pricing::contract_at;
use crate::engine::rows::Reach;
use crate::engine::view::View;
use crate::ledger::document::DocumentKind;
use crate::ledger::metered::in_unit;
use crate::ledger::window::days_of;
use crate::policy::compiled::UnitRef;
use crate::policy::syntax::PeriodOf;

use super::records::each_fact;

/// What was bought in a month. Amounts are millionths, without tax; what came back is taken off.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MonthOfPurchases {
    /// At list prices.
    pub list_amount: i128,
    /// At the contract's prices.
    pub contract_amount: i128,
    /// What it did cost.
    pub net_amount: i128,
    /// The tax on top of that.
    pub tax_amount: i128,
    /// Shipments.
    pub shipments: u32,
    /// Returns and corrections.
    pub others: u32,
    /// Distinct SKUs that were bought and not brought back whole.
    pub skus: u32,
}

/// What was bought in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Purchases {
    /// By month.
    pub months: BTreeMap<CivilMonth, MonthOfPurchases>,
    /// Over all of the months together.
    pub total: MonthOfPurchases,
}

/// What was bought, as of a position of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPurchases {
    /// By currency.
    pub by_currency: BTreeMap<Currency, Purchases>,
    /// What the answer has seen.
    pub position: SequenceNo,
}

/// Where a measure of the policy stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasureStands {
    /// Its id: that of the named measure, or of the rule whose own it is.
    pub measure: String,
    /// Which days count.
    pub days: Days,
    /// Whose purchases.
    pub of: PeriodOf,
    /// Where it stands, in millionths of its unit or currency, rounded down from what is exact.
    pub value: i128,
    /// Of an amount: its currency.
    pub currency: Option<Currency>,
}

/// A question about purchases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskPurchases<'a> {
    /// External id of the contract.
    pub contract: &'a str,
    /// Its own, those of all contracts of its counterparty or holding, or what its payer pays for or its ship-to receives.
    pub of: PeriodOf,
    /// Which days; all where absent.
    pub days: Option<Days>,
}

/// Sums while documents are walked over.
#[derive(Default)]
struct Sum {
    figures: MonthOfPurchases,
    skus: BTreeMap<SkuId, Exact>,
}

impl Sum {
    fn end(self) -> MonthOfPurchases {
        let bought = self.skus.values().filter(|quantity| quantity.is_positive()).count();
        MonthOfPurchases { skus: u32::try_from(bought).unwrap_or(u32::MAX), ..self.figures }
    }
}

/// Refuses sums over contracts that the caller may not see, by what it may see and never by what is there: whether a holding has
/// other contracts is nothing that a refusal tells.
fn sees_whole(caller: &Caller, view: &View, contract: &Contract, of: PeriodOf) -> Result<(), LedgerError> {
    let (sees, whose) = match of {
        PeriodOf::Contract => return Ok(()),
        PeriodOf::Counterparty => {
            (caller.sees_all_of(contract.counterparty, &view.catalogue), "of the counterparty")
        }
        PeriodOf::Holding => {
            (caller.sees_holding_of(contract.counterparty, &view.catalogue), "of the holding")
        }
        // Documents of any contract may name who pays and who receives.
        PeriodOf::Payer | PeriodOf::ShipTo => (caller.contracts == ContractScope::All, "there are"),
    };
    if sees {
        return Ok(());
    }
    let what = format!("needs the right to see all contracts {whose}: ask for the contract's own purchases");
    Err(LedgerError::NotAllowed { what })
}

impl Engine {
    /// What was bought, by currency and month.
    ///
    /// # Errors
    /// Where the caller may not know, the contract is unknown, or records cannot be read.
    pub fn purchases(
        &self,
        caller: &Caller,
        asked: &AskPurchases<'_>,
    ) -> Result<FoundPurchases, LedgerError> {
        caller.require(Role::Price)?;
        let view = self.view();
        let unknown = || PriceError::UnknownContract { contract: asked.contract.to_owned() };
        let contract = caller.contract(&view.catalogue, asked.contract).ok_or_else(unknown)?;
        sees_whole(caller, &view, contract, asked.of)?;
        let counted = view.counted(contract, asked.of);
        let mut sums: BTreeMap<Currency, (Sum, BTreeMap<CivilMonth, Sum>)> = BTreeMap::new();
        for (contract, whose) in counted.iter() {
            each_fact(&self.store, contract, asked.days, view.position, |key, document| {
                if document.lines.is_empty() || !whose.holds(document) {
                    return;
                }
                let (total, months) = sums.entry(document.currency).or_default();
                let month = months.entry(key.day.month()).or_default();
                for sum in [total, month] {
                    match document.kind {
                        DocumentKind::Shipment => sum.figures.shipments += 1,
                        _ => sum.figures.others += 1,
                    }
                    let sign = if document.kind.takes_back() { -1 } else { 1 };
                    for line in &document.lines {
                        let figures = &mut sum.figures;
                        figures.list_amount += sign * i128::from(line.list_amount.0);
                        figures.contract_amount += sign * i128::from(line.contract_amount.0);
                        figures.net_amount += sign * i128::from(line.net_amount.0);
                        figures.tax_amount += sign * i128::from(line.tax_amount.0);
                        let Some(quantity) = in_unit(&view.catalogue, line, UnitRef::Base) else { continue };
                        let net = sum.skus.entry(line.sku).or_insert(Exact::ZERO);
                        *net = if sign < 0 { net.minus(&quantity) } else { net.plus(&quantity) };
                    }
                }
            })?;
        }
        let ended = sums.into_iter().map(|(currency, (total, months))| {
            let months = months.into_iter().map(|(month, sum)| (month, sum.end())).collect();
            (currency, Purchases { months, total: total.end() })
        });
        Ok(FoundPurchases { by_currency: ended.collect(), position: view.position })
    }

    /// Where every period measure stands that the rules of a contract name, at an instant, now where absent; and what the
    /// answer has seen.
    ///
    /// # Errors
    /// As [`Engine::purchases`], and where the contract does not hold then.
    pub fn measures(
        &self,
        caller: &Caller,
        contract: &str,
        at: Option<Instant>,
    ) -> Result<(Vec<MeasureStands>, SequenceNo), LedgerError> {
        caller.require(Role::Price)?;
        let view = self.view();
        let (contract, at) = contract_at(&view, caller, contract, at.unwrap_or_else(|| self.clock.now()))?;
        let Some(program) = view.policy.0.program_in_force(contract, &view.catalogue) else {
            return Ok((Vec::new(), view.position));
        };
        let bought = self.bought((&view, contract, Some(&program)), at, "", Reach::Disk)?.unwrap_or_default();
        let begins = contract.validity.from.map(CivilDay::of);
        let policy = &view.policy.0;
        let stands = policy.periods(&program).filter_map(|(number, measure, period)| {
            let value = bought.of(number)?.value.floor_millionths()?;
            let days = days_of(period, CivilDay::of(at), begins);
            let (of, currency, measure) = (period.of, measure.currency, measure.id.clone());
            Some(MeasureStands { measure, days, of, value, currency })
        });
        Ok((stands.collect(), view.position))
    }
}
