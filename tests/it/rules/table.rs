//! How is a table of cases read? Blocks of words and columns that a pricing manager can write: see `cases/README.md`.

use std::collections::BTreeMap;

use super::answer::Answer;

/// Rows of cells; the first row names the columns.
pub type Rows = Vec<Vec<String>>;

/// A story about one rule.
#[derive(Debug)]
pub struct Case {
    pub rule: String,
    pub story: String,
    pub checks: Vec<Check>,
}

/// A cart, what it comes to, and what it would come to by the other reading.
#[derive(Debug)]
pub struct Check {
    /// File and line.
    pub place: String,
    pub setting: Setting,
    pub pays: Vec<Answer>,
    /// The steps of the first line, as `list 100, contract -10`.
    pub steps: Option<String>,
    pub other: Vec<Answer>,
    /// A setting with which quoin itself takes the other reading.
    pub through: Option<Setting>,
}

/// What is imported and asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Setting {
    /// `prices` and `price_lists`, with canonical columns.
    pub tables: BTreeMap<String, Rows>,
    /// Columns of the contract.
    pub contract: BTreeMap<String, String>,
    /// The access sequence; the lists in the order of the price rows where none is stated.
    pub access: Option<Vec<String>>,
    pub at: String,
    /// Lines as `2 box of bolt`.
    pub cart: Vec<String>,
}

/// A word with what follows it.
#[derive(Debug, Clone)]
pub struct Block<'a> {
    /// Number of its line, from one.
    pub line: usize,
    pub word: &'a str,
    /// What follows the word in its line.
    pub rest: &'a str,
    /// Where that begins in its line.
    pub column: usize,
    /// Lines that stand further in, without the blanks before them.
    pub rows: Vec<&'a str>,
    /// The same as they stand.
    pub lines: Vec<&'a str>,
}

impl<'a> Block<'a> {
    /// The block that follows a word of its own kind: `through contract ...`.
    pub fn inner(&self) -> Self {
        let (word, rest) = self.rest.split_once(' ').unwrap_or((self.rest, ""));
        let blanks = rest.len() - rest.trim_start().len();
        let column = self.column + self.rest.len() - rest.len() + blanks;
        Self { word, rest: rest.trim(), column, ..self.clone() }
    }
}

/// A table of master data alone: `word  column | column` and rows below.
pub fn tables(text: &str) -> BTreeMap<String, Rows> {
    let blocks = blocks(text).into_iter().map(|block| (block.word.to_owned(), rows(&block)));
    blocks.collect()
}

/// The cases of a file.
pub fn cases(file: &str, text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut setting = Setting::default();
    for block in blocks(text) {
        let place = format!("{file}:{}", block.line);
        if is_rule(block.word) {
            setting = Setting { at: "2026-05-15T12:00:00Z".to_owned(), ..Setting::default() };
            let (rule, story) = (block.word.to_owned(), [&[block.rest], block.rows.as_slice()].concat());
            cases.push(Case { rule, story: story.join(" "), checks: Vec::new() });
            continue;
        }
        let case = cases.last_mut().unwrap_or_else(|| panic!("{place}: stands before the first rule"));
        apply(case, &mut setting, &block, &place);
    }
    for check in cases.iter().flat_map(|case| &case.checks) {
        assert!(!check.other.is_empty(), "{}: states no other reading", check.place);
        let bare = |answer: &Answer| answer.amount.is_some() && !answer.summed;
        let computed = check.through.is_some() || !check.other.iter().any(bare);
        assert!(computed, "{}: the other reading's amount needs a sum or a `through`", check.place);
    }
    cases
}

/// Does the word begin a story?
pub fn is_rule(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_ascii_uppercase())
}

fn apply(case: &mut Case, setting: &mut Setting, block: &Block<'_>, place: &str) {
    let last = case.checks.last_mut();
    let last = || last.unwrap_or_else(|| panic!("{place}: stands before the first `pays`"));
    let read = |text: &str| Answer::read_all(text).unwrap_or_else(|why| panic!("{place}: {why}"));
    match block.word {
        "pays" => case.checks.push(Check {
            place: place.to_owned(),
            setting: setting.clone(),
            pays: read(block.rest),
            steps: None,
            other: Vec::new(),
            through: None,
        }),
        "steps" => last().steps = Some(block.rest.to_owned()),
        "other" => last().other = read(block.rest),
        "through" => {
            let check = last();
            change(check.through.get_or_insert_with(|| check.setting.clone()), &block.inner(), place);
        }
        _ => change(setting, block, place),
    }
}

/// Lets a block change the setting.
pub fn change(setting: &mut Setting, block: &Block<'_>, place: &str) {
    let list = |text: &str, between: char| text.split(between).map(|part| part.trim().to_owned()).collect();
    match block.word {
        "prices" | "price_lists" => {
            setting.tables.insert(block.word.to_owned(), rows(block));
        }
        "contract" => {
            for pair in block.rest.split(',') {
                let (column, value) =
                    pair.split_once('=').unwrap_or_else(|| panic!("{place}: no `column=value` in {pair:?}"));
                setting.contract.insert(column.trim().to_owned(), value.trim().to_owned());
            }
        }
        "access" => setting.access = Some(list(block.rest, ',')),
        "at" => block.rest.clone_into(&mut setting.at),
        "cart" => setting.cart = list(block.rest, ';'),
        other => panic!("{place}: unknown word {other:?}"),
    }
}

/// The rows of a table.
pub fn rows(block: &Block<'_>) -> Rows {
    let cells = |row: &str| row.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let rows: Rows = std::iter::once(block.rest).chain(block.rows.iter().copied()).map(cells).collect();
    for row in &rows {
        assert_eq!(row.len(), rows[0].len(), "line {}: cells and columns differ: {row:?}", block.line);
    }
    rows
}

/// A block begins with its word at the margin or four blanks in; rows stand further in.
pub fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let inner = line.trim();
        if inner.is_empty() || inner.starts_with('#') {
            continue;
        }
        if line.len() - line.trim_start().len() > 4 {
            let block = blocks.last_mut().unwrap_or_else(|| panic!("line {}: a row of nothing", number + 1));
            block.rows.push(inner);
            block.lines.push(line);
            continue;
        }
        let (word, rest) = inner.split_once(' ').unwrap_or((inner, ""));
        let rest = rest.trim();
        let column = line.trim_end().len() - rest.len();
        blocks.push(Block { line: number + 1, word, rest, column, rows: Vec::new(), lines: Vec::new() });
    }
    blocks
}
