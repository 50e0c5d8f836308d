//! What stands in a small YAML file? Texts, lists and mappings, each with its line. Anchors, aliases, tags, keys that stand twice
//! and depth are told, all of them at once, and whatever else there is can be looked at all the same.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

/// Deepest nesting.
const LEVELS: usize = 6;
/// Values of one file.
const VALUES: usize = 200_000;
/// After so many faults nobody reads on.
const FAULTS: usize = 100;

/// A line, and what is wrong there.
pub type WrongLine = (usize, String);

/// A value, and the line that it begins on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// From one.
    pub line: usize,
    /// What it is.
    pub value: Value,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing, `~` or `null`, and whatever is not read and was told.
    Nothing,
    /// Any scalar; numbers are texts still.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Keys, with the line of each, and values. A key that stands twice was told, and is here twice.
    Mapping(Vec<(String, usize, Node)>),
}

/// What could be read of a file, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Document {
    /// The whole; absent where the file is empty.
    pub root: Option<Node>,
    /// In the order in which it stands.
    pub wrong: Vec<WrongLine>,
}

/// Reads one document, up to where it is no YAML any more.
#[must_use]
pub fn read(text: &str) -> Document {
    let mut reader = Reader::default();
    for event in Parser::new_from_str(text) {
        let goes_on = match event {
            Ok((event, span)) => reader.take(event, span.start.line()),
            Err(error) => {
                reader.wrong(error.marker().line(), format!("this is no YAML: {}", error.info()));
                false
            }
        };
        if !goes_on || reader.document.wrong.len() >= FAULTS {
            break;
        }
    }
    while !reader.open.is_empty() {
        reader.end();
    }
    reader.document
}

/// A list or mapping whose end has not come yet.
struct Open {
    node: Node,
    /// Of a mapping, the lines of its keys.
    keys: BTreeMap<String, usize>,
    key: Key,
}

/// Which key of a mapping has the value that comes next?
enum Key {
    /// The key itself comes next.
    Awaited,
    Read(String, usize),
    /// It was none, which was told.
    Refused,
}

#[derive(Default)]
struct Reader {
    document: Document,
    open: Vec<Open>,
    /// Lists and mappings that are open within one that is passed over, with that one.
    passed_over: usize,
    values: usize,
}

impl Reader {
    fn wrong(&mut self, line: usize, what: impl Into<String>) {
        self.document.wrong.push((line, what.into()));
    }

    /// False where nothing more is to be read.
    fn take(&mut self, event: Event<'_>, line: usize) -> bool {
        self.values += 1;
        if self.values > VALUES {
            self.wrong(line, format!("the file has more than {VALUES} values"));
            return false;
        }
        match event {
            Event::DocumentStart(_) if self.document.root.is_some() => {
                self.wrong(line, "a second document begins here: make one of them");
                return false;
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
            Event::Alias(_) => {
                self.wrong(line, "aliases are not read here: write it out");
                self.scalar(line, None, true);
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.bare(line, anchor > 0 || tag.is_some());
                let is_nothing = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null");
                self.scalar(line, Some(text.into_owned()), is_nothing);
            }
            Event::SequenceStart(anchor, tag) => {
                self.bare(line, anchor > 0 || tag.is_some());
                self.begin(Node { line, value: Value::List(Vec::new()) });
            }
            Event::MappingStart(anchor, tag) => {
                self.bare(line, anchor > 0 || tag.is_some());
                self.begin(Node { line, value: Value::Mapping(Vec::new()) });
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
        }
        true
    }

    fn bare(&mut self, line: usize, has_more: bool) {
        if has_more {
            self.wrong(line, "anchors and tags are not read here: leave it out");
        }
    }

    /// The mapping that is open, where its next key is to come.
    fn awaiting_key(&mut self) -> Option<&mut Open> {
        let open = self.open.last_mut()?;
        matches!((&open.node.value, &open.key), (Value::Mapping(_), Key::Awaited)).then_some(open)
    }

    /// A key or a value; an alias has no text.
    fn scalar(&mut self, line: usize, text: Option<String>, is_nothing: bool) {
        if self.passed_over > 0 {
            return;
        }
        let Some(open) = self.awaiting_key() else {
            let value = text.filter(|_| !is_nothing).map_or(Value::Nothing, Value::Text);
            return self.attach(Node { line, value });
        };
        let Some(text) = text else {
            open.key = Key::Refused;
            return;
        };
        open.key = Key::Read(text.clone(), line);
        if let Some(first) = open.keys.get(&text) {
            let what = format!("the key {text:?} stands in line {first} already: leave one of them out");
            return self.wrong(line, what);
        }
        open.keys.insert(text, line);
    }

    fn begin(&mut self, node: Node) {
        if self.passed_over > 0 {
            self.passed_over += 1;
        } else if let Some(open) = self.awaiting_key() {
            open.key = Key::Refused;
            self.passed_over = 1;
            self.wrong(node.line, "this is no key: write a text");
        } else if self.open.len() >= LEVELS {
            self.passed_over = 1;
            self.wrong(node.line, format!("lists and mappings are nested more than {LEVELS} deep"));
            self.attach(Node { line: node.line, value: Value::Nothing });
        } else {
            self.open.push(Open { node, keys: BTreeMap::new(), key: Key::Awaited });
        }
    }

    fn end(&mut self) {
        if self.passed_over > 0 {
            self.passed_over -= 1;
        } else if let Some(ended) = self.open.pop() {
            self.attach(ended.node);
        }
    }

    fn attach(&mut self, node: Node) {
        let Some(open) = self.open.last_mut() else {
            self.document.root = Some(node);
            return;
        };
        match (&mut open.node.value, std::mem::replace(&mut open.key, Key::Awaited)) {
            (Value::List(items), _) => items.push(node),
            (Value::Mapping(entries), Key::Read(key, line)) => entries.push((key, line, node)),
            (Value::Mapping(_), Key::Awaited | Key::Refused) | (Value::Nothing | Value::Text(_), _) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Document, Node, Value, read};

    fn written(node: &Node) -> String {
        match &node.value {
            Value::Nothing => "-".to_owned(),
            Value::Text(text) => text.clone(),
            Value::List(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(" ")),
            Value::Mapping(entries) => {
                let entry =
                    |(key, line, node): &(String, usize, Node)| format!("{key}@{line}={}", written(node));
                format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(" "))
            }
        }
    }

    #[test]
    fn what_is_not_read_is_told_and_the_rest_is_there() {
        let cases: [(&str, &str, &[usize]); 14] = [
            ("", "", &[]),
            ("~", "-", &[]),
            ("a: \"~\"\nb: null\nc:\n", "{a@1=~ b@2=- c@3=-}", &[]),
            ("- a\n- [1, 2]\n", "[a [1 2]]", &[]),
            ("a: &x 1\nb: *x\nc: !!str 3\n", "{a@1=1 b@2=- c@3=3}", &[1, 2, 3]),
            ("a: 1\nb: 2\na: 3\na: 4\n", "{a@1=1 b@2=2 a@3=3 a@4=4}", &[3, 4]),
            ("? [a, {b: c}]\n: {d: e}\nf: g\n", "{f@3=g}", &[1]),
            ("a: &x b\n*x : c\nd: e\n", "{a@1=b d@3=e}", &[1, 2]),
            ("a: [[[[[[1], 2]]]]]\nb: 3\n", "{a@1=[[[[[- 2]]]]] b@2=3}", &[1]),
            ("a: 1\n---\nb: 2\n", "{a@1=1}", &[2]),
            ("---\na: 1\n...\n", "{a@2=1}", &[]),
            ("a: [1, {b: 2", "{a@1=[1 {b@1=2}]}", &[2]),
            ("a: 1\nb: \"2\n", "{a@1=1}", &[2]),
            ("a:\n\tb: 1\n", "{}", &[2]),
        ];
        for (text, expected, lines) in cases {
            let Document { root, wrong } = read(text);
            assert_eq!(root.as_ref().map(written).unwrap_or_default(), expected, "{text}");
            assert_eq!(wrong.iter().map(|(line, _)| *line).collect::<Vec<_>>(), lines, "{text}: {wrong:?}");
        }
    }

    #[test]
    fn what_never_ends_is_not_read_to_its_end() {
        assert_eq!(read(&"- &x\n".repeat(1_000)).wrong.len(), 100);
        assert_eq!(read(&"- 1\n".repeat(200_001)).wrong.len(), 1);
        assert_eq!(read(&"[".repeat(5_000)).wrong.len(), 1);
    }
}
