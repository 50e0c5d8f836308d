//! What is a guard to pricing?

use crate::domain::catalogue::Catalogue;
use crate::domain::exact::Exact;
use crate::domain::ids::ListId;
use crate::policy::syntax::{Guard, GuardAction, GuardTest, OfAmount};

use super::RuleNo;
use super::rule::kept;

/// A guard with names resolved.
#[derive(Debug, Clone)]
pub struct CompiledGuard {
    /// It tests lines to which one of these gave something; all lines where empty.
    pub rules: Vec<RuleNo>,
    /// What it tests.
    pub test: CompiledTest,
    /// What happens where it bites.
    pub action: GuardAction,
}

/// What a guard tests.
#[derive(Debug, Clone)]
pub enum CompiledTest {
    /// The price is at least the cost times this.
    Cost {
        /// At least one, for a margin or markup that is not negative.
        times: Exact,
        /// The list of costs; the SKU's unit cost where absent.
        list: Option<ListId>,
        /// A list is named that the catalogue lacks.
        unknown_list: bool,
    },
    /// The price is at least this list's.
    FloorList(Option<ListId>),
    /// At least this share of the contract amount is left.
    OfContract(Exact),
    /// At least this share of the list amount is left.
    OfList(Exact),
}

/// What a guard tests, with names resolved.
pub(super) fn test_of(guard: &Guard, catalogue: &Catalogue) -> CompiledTest {
    let list = |code: &str| catalogue.lists.number(code).map(ListId);
    match &guard.test {
        GuardTest::Margin { percent, cost_list } => {
            let one = Exact::ONE;
            // The reader refuses a margin of a hundred percent.
            let times = one.over(&kept(*percent)).unwrap_or(one);
            let cost = cost_list.as_deref();
            CompiledTest::Cost {
                times,
                list: cost.and_then(list),
                unknown_list: cost.is_some_and(|code| list(code).is_none()),
            }
        }
        GuardTest::Markup { percent, cost_list } => {
            let times = Exact::ONE.plus(&Exact::percent(*percent));
            let cost = cost_list.as_deref();
            CompiledTest::Cost {
                times,
                list: cost.and_then(list),
                unknown_list: cost.is_some_and(|code| list(code).is_none()),
            }
        }
        GuardTest::FloorList(code) => CompiledTest::FloorList(list(code)),
        GuardTest::Discount { percent, of: OfAmount::Contract } => CompiledTest::OfContract(kept(*percent)),
        GuardTest::Discount { percent, of: OfAmount::List } => CompiledTest::OfList(kept(*percent)),
    }
}
