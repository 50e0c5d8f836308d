//! What is stored under this key? In words that an operator and a manager know: lists, pages, documents, quotes.

use crate::domain::catalogue::Catalogue;
use crate::domain::ids::{ContractId, ListId};
use crate::store::{Family, RowKey};

/// What a key names. Lists and contracts are named by their external ids where the catalogue has them.
pub(super) fn of(family: Family, key: &[u8], catalogue: &Catalogue) -> String {
    let named = match family {
        Family::Meta => {
            std::str::from_utf8(key).ok().filter(|key| !key.contains(char::is_control)).map(str::to_owned)
        }
        Family::Rows => RowKey::decode(key).map(|key| row(key, catalogue)),
        Family::Directory => {
            numbers(key, &[4, 8]).map(|at| format!("page {} of the directory, publication {}", at[0], at[1]))
        }
        Family::Records => page(key),
        Family::Log => numbers(key, &[8]).map(|at| format!("position {}", at[0])),
        Family::Requests => std::str::from_utf8(key).ok().map(|id| format!("the answer to request \"{id}\"")),
        Family::Documents => document(key, catalogue),
        Family::Facts => numbers(key, &[4, 4, 8])
            .map(|at| format!("the document at position {} of {}", at[2], contract(at[0], catalogue))),
        Family::Statements => statement(key, catalogue),
        Family::Quotes => quote(key, catalogue),
    };
    named.unwrap_or_else(|| format!("key {}", key.escape_ascii()))
}

fn row(key: RowKey, catalogue: &Catalogue) -> String {
    let list = match catalogue.list(ListId(key.list)) {
        Some(list) => format!("price list \"{}\"", list.code),
        None => format!("price list no. {}", key.list),
    };
    format!("{list} of publication {}, segment {}", key.publication, key.segment)
}

fn contract(number: u64, catalogue: &Catalogue) -> String {
    let id = u32::try_from(number).ok().map(ContractId);
    match id.and_then(|id| catalogue.contracts.get(id.0)) {
        Some(contract) => format!("contract \"{}\"", contract.code),
        None => format!("contract no. {number}"),
    }
}

fn page(key: &[u8]) -> Option<String> {
    let at = numbers(key, &[1, 4, 8])?;
    let of = match at.first()? {
        1 => "units",
        2 => "categories",
        3 => "brands",
        4 => "SKUs",
        5 => "price lists",
        6 => "counterparties",
        7 => "contracts",
        8 => "exchange rates and index values",
        9 => return Some(format!("codec epoch {}, publication {}", at[1], at[2])),
        10 => return Some(format!("the manifest of publication {}", at[2])),
        11 => return Some(format!("which pages publication {} wrote", at[2])),
        12 => return Some(format!("policy version {}", at[1])),
        13 => return Some(format!("the files of policy version {}", at[1])),
        _ => return None,
    };
    Some(format!("page {} of {of}, publication {}", at[1], at[2]))
}

fn document(key: &[u8], catalogue: &Catalogue) -> Option<String> {
    let (kind, rest) = key.split_first()?;
    let of_contract = |what: &str| {
        let (number, id) = rest.split_first_chunk::<4>()?;
        let of = contract(u32::from_be_bytes(*number).into(), catalogue);
        Some(format!("{what} \"{}\" of {of}", text(id)))
    };
    Some(match kind {
        1 => format!("document \"{}\"", text(rest)),
        2 => format!("what waits for document \"{}\"", text(rest)),
        3 => format!("parked document \"{}\"", text(rest)),
        4 => numbers(rest, &[4, 8])
            .map(|at| format!("the plan at position {} of {}", at[1], contract(at[0], catalogue)))?,
        7 => numbers(rest, &[4, 4])
            .map(|at| format!("payer no. {} of {}", at[0], contract(at[1], catalogue)))?,
        8 => numbers(rest, &[4, 4])
            .map(|at| format!("ship-to no. {} of {}", at[0], contract(at[1], catalogue)))?,
        20 => format!("hold of points \"{}\"", text(rest)),
        21 => numbers(rest, &[4, 8])
            .map(|at| format!("points at position {} of {}", at[1], contract(at[0], catalogue)))?,
        30 => of_contract("uses of rule")?,
        31 => format!("hold of limits \"{}\"", text(rest)),
        32 => of_contract("what documents took of quote")?,
        33 => of_contract("what is open of hold")?,
        _ => return None,
    })
}

fn statement(key: &[u8], catalogue: &Catalogue) -> Option<String> {
    let (kind, rest) = key.split_first()?;
    Some(match kind {
        1 => format!("statement {}", numbers(rest, &[8])?[0]),
        2 => format!("the documents of statement {}", numbers(rest, &[8, 4])?[0]),
        3 => format!(
            "that {} has statement {}",
            contract(numbers(rest, &[4, 8])?[0], catalogue),
            numbers(rest, &[4, 8])?[1]
        ),
        4 => format!("the last statement of {}", contract(numbers(rest, &[4])?[0], catalogue)),
        5 => format!("the answer to request \"{}\"", text(rest)),
        6 => {
            let number = u32::from_be_bytes(*rest.first_chunk::<4>()?);
            let agreement = rest.get(12..)?;
            format!("what was said of \"{}\" of {}", text(agreement), contract(number.into(), catalogue))
        }
        7 => "the last number".to_owned(),
        _ => return None,
    })
}

fn quote(key: &[u8], catalogue: &Catalogue) -> Option<String> {
    let (kind, rest) = key.split_first()?;
    let by_contract = |what: &str| {
        let at = numbers(rest, &[4, 8])?;
        Some(format!("{what} quote {} of {}", at[1], contract(at[0], catalogue)))
    };
    Some(match kind {
        1 => format!("quote {}", numbers(rest, &[8])?[0]),
        2 => format!("revision {} of quote {}", numbers(rest, &[8, 4])?[1], numbers(rest, &[8, 4])?[0]),
        3 => format!("event {} of quote {}", numbers(rest, &[8, 4])?[1], numbers(rest, &[8, 4])?[0]),
        4 => format!("the answer to request \"{}\"", text(rest)),
        5 => format!("when quote {} expires", numbers(rest, &[8, 8])?[1]),
        6 => by_contract("that there is")?,
        7 => format!("the state of quote {}", numbers(rest, &[1, 8])?[1]),
        8 => format!("the customer's reference \"{}\"", text(rest.get(..rest.len().checked_sub(9)?)?)),
        9 => "the last number".to_owned(),
        10 => format!("the event at position {}", numbers(rest, &[8])?[0]),
        11 | 12 => by_contract("what is underway of")?,
        13 => by_contract("what was accepted of")?,
        _ => return None,
    })
}

/// The big-endian numbers that bytes are made of, if they are of these lengths and nothing else.
fn numbers<const N: usize>(bytes: &[u8], lengths: &[usize; N]) -> Option<[u64; N]> {
    let mut rest = bytes;
    let mut found = [0; N];
    for (number, length) in found.iter_mut().zip(lengths) {
        let (part, behind) = rest.split_at_checked(*length)?;
        *number = part.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
        rest = behind;
    }
    rest.is_empty().then_some(found)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).escape_debug().to_string()
}
