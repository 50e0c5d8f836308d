//! Does reading survive what is no policy: bytes, bits of YAML in any order, good files that were damaged?

use proptest::prelude::*;

use quoin::policy::finding::{Finding, Source};
use quoin::policy::read::read;

use super::trees::EVERYTHING;
use crate::effort::cases;

/// Whatever comes in: findings in order, each inside of its file, or a policy; and the same again.
fn survives(texts: &[String]) -> Result<(), TestCaseError> {
    let files: Vec<Source<'_>> = texts.iter().map(|text| Source { name: "policy", text }).collect();
    let answer = read(&files);
    if let Err(findings) = &answer {
        prop_assert!(!findings.is_empty(), "refused without a reason");
        prop_assert!(findings.is_sorted_by_key(|finding| finding.at), "not in order");
        for Finding { at, message, .. } in findings {
            let text = &files.get(usize::from(at.file)).expect("the finding's file").text;
            let lines = text.split(['\n', '\r']).count();
            prop_assert!((1..=lines + 1).contains(&(at.line as usize)), "line {} of {lines}", at.line);
            // in bytes: the scanner counts those of directives
            prop_assert!((1..=text.len() + 2).contains(&(at.column as usize)), "{at}");
            prop_assert!(!message.is_empty() && message.len() < 2_000, "{message}");
        }
    }
    prop_assert_eq!(answer, read(&files));
    Ok(())
}

/// Bits that mean something to YAML or to policies.
const BITS: &[&str] = &[
    "quoin_policy: 1",
    "rules:",
    "- ",
    "? ",
    ": ",
    "id: a",
    "layer: order",
    "percent: 5",
    "tiers:",
    "measure:",
    "goods:",
    "any:",
    "except:",
    "{",
    "}",
    "[",
    "]",
    ", ",
    "\n",
    "\n  ",
    "\n    ",
    "\t",
    "&a ",
    "*a",
    "<<: ",
    "!!str ",
    "!",
    "---\n",
    "...\n",
    "\"",
    "'",
    "|\n",
    ">-\n",
    "#",
    " #",
    "%YAML 1.2\n",
    "%TAG ! x\n",
    "\u{feff}",
    "\u{0}",
    "\\",
    "\\u12",
    "~",
    "null",
    "1e3",
    "2026-05-01",
    "сортовой",
    "\r",
    "\r\n",
    "\u{85}",
    "\u{2028}",
    "-",
    ":",
    "?",
    "@",
    "`",
];

fn bits() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(BITS), 0..60).prop_map(|bits| bits.concat())
}

/// A part of a good file that is taken out, said twice, put elsewhere, or replaced.
fn damaged() -> impl Strategy<Value = String> {
    let one = (any::<prop::sample::Index>(), 0_usize..40, any::<prop::sample::Index>(), bits(), 0_u8..4);
    prop::collection::vec(one, 1..6).prop_map(|damages| {
        let mut text: Vec<char> = EVERYTHING.chars().collect();
        for (at, length, elsewhere, bits, what) in damages {
            let from = at.index(text.len().max(1)).min(text.len());
            let to = (from + length).min(text.len());
            let part: Vec<char> = text[from..to].to_vec();
            match what {
                0 => drop(text.drain(from..to)),
                1 => drop(text.splice(from..from, part)),
                2 => {
                    text.drain(from..to);
                    let there = elsewhere.index(text.len() + 1);
                    text.splice(there..there, part);
                }
                _ => drop(text.splice(from..to, bits.chars().take(length))),
            }
        }
        text.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(cases(20_000))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        survives(&[String::from_utf8_lossy(&bytes).into_owned()])?;
    }

    #[test]
    fn bits_of_yaml_in_any_order(first in bits(), second in bits()) {
        survives(&[first, second])?;
    }
}

proptest! {
    #![proptest_config(cases(5_000))]

    #[test]
    fn good_files_that_were_damaged(text in damaged()) {
        survives(&[text])?;
    }
}
