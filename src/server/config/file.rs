//! What stands in a configuration file? Groups of keys with a value each, in YAML, every one with its line.

use crate::server::yaml::{self, Document, Node, Value, WrongLine};

/// Bytes of a file.
const FILE_BYTES: usize = 64 << 10;

const SHAPE: &str =
    "write a group and below it, two blanks further in, its keys: `serve:` and `  listen: 127.0.0.1:7480`";

/// A key as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// `group.name`.
    pub(super) path: String,
    /// Its value as it is written; the values of a list joined by commas.
    pub(super) text: String,
    /// Is it written as a list?
    pub(super) is_list: bool,
    /// Its line.
    pub(super) line: usize,
}

/// Reads a file's text as far as it can be read.
pub(super) fn read(text: &str) -> (Vec<Entry>, Vec<WrongLine>) {
    if text.len() > FILE_BYTES {
        let what = format!("the file has {} bytes; at most {FILE_BYTES} are read", text.len());
        return (Vec::new(), vec![(1, what)]);
    }
    let Document { root, mut wrong } = yaml::read(text);
    let mut entries: Vec<Entry> = Vec::new();
    let groups = root.as_ref().map_or(&[][..], |root| below(root, &mut wrong));
    for (group, _, keys) in groups {
        for (key, line, node) in below(keys, &mut wrong) {
            let path = format!("{group}.{key}");
            // Of a key that stands twice, which was told, the first is looked at.
            let Some((text, is_list)) = value(node, &mut wrong) else { continue };
            if entries.iter().all(|entry| entry.path != path) {
                entries.push(Entry { path, text, is_list, line: *line });
            }
        }
    }
    (entries, wrong)
}

/// What stands below the whole or a group.
fn below<'n>(node: &'n Node, wrong: &mut Vec<WrongLine>) -> &'n [(String, usize, Node)] {
    match &node.value {
        Value::Mapping(entries) => return entries,
        Value::Nothing => {}
        Value::Text(_) | Value::List(_) => wrong.push((node.line, SHAPE.to_owned())),
    }
    &[]
}

/// A key's value, and whether it is a list. A key without one keeps what holds without it.
fn value(node: &Node, wrong: &mut Vec<WrongLine>) -> Option<(String, bool)> {
    match &node.value {
        Value::Nothing => None,
        Value::Text(text) => Some((text.clone(), false)),
        Value::Mapping(_) => {
            wrong.push((node.line, SHAPE.to_owned()));
            None
        }
        Value::List(items) => {
            let mut texts = Vec::new();
            for item in items {
                match &item.value {
                    Value::Text(text) if !text.contains(',') => texts.push(text.as_str()),
                    Value::Text(text) => {
                        wrong.push((item.line, format!("\"{text}\" has a comma, which parts values")))
                    }
                    Value::Nothing => wrong.push((item.line, "a value of this list is missing".to_owned())),
                    Value::List(_) | Value::Mapping(_) => {
                        wrong.push((item.line, "a list has values alone: write `[a, b]`".to_owned()));
                    }
                }
            }
            Some((texts.join(","), true))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    fn told(text: &str) -> (Vec<(String, String, usize)>, Vec<usize>) {
        let (entries, wrong) = read(text);
        let entries = entries.into_iter().map(|entry| (entry.path, entry.text, entry.line)).collect();
        (entries, wrong.into_iter().map(|(line, _)| line).collect())
    }

    #[test]
    fn keys_have_their_line_and_what_is_no_key_is_told() {
        let entry = |path: &str, text: &str, line| (path.to_owned(), text.to_owned(), line);
        let cases = [
            ("", vec![], vec![]),
            ("# nothing\n", vec![], vec![]),
            (
                "a:\n  b: 1\n  c: \"x y\" # so\nd:\ne:\n  f: [u, v]\n",
                vec![entry("a.b", "1", 2), entry("a.c", "x y", 3), entry("e.f", "u,v", 6)],
                vec![],
            ),
            ("a:\n  b: ~\n  c: 2\n", vec![entry("a.c", "2", 3)], vec![]),
            ("a:\n  b: 1\n  b: 2\n", vec![entry("a.b", "1", 2)], vec![3]),
            ("a:\n  b: 1\na:\n  c: 2\n", vec![entry("a.b", "1", 2), entry("a.c", "2", 4)], vec![3]),
            ("a: 1\nb:\n  c: 2\n", vec![entry("b.c", "2", 3)], vec![1]),
            ("a:\n  b:\n    c: 1\n  d: 2\n", vec![entry("a.d", "2", 4)], vec![3]),
            ("a:\n  b:\n    - u\n    - v,w\n    -\n    - [x]\n", vec![entry("a.b", "u", 2)], vec![4, 5, 6]),
            ("- a\n", vec![], vec![1]),
            ("words\n", vec![], vec![1]),
            (
                "a:\n  b: &x 1\n  c: *x\n  d: 3\n",
                vec![entry("a.b", "1", 2), entry("a.d", "3", 4)],
                vec![2, 3],
            ),
            ("a:\n  b: 1\n---\nc:\n  d: 2\n", vec![entry("a.b", "1", 2)], vec![3]),
            ("a:\n  b: \"1\n", vec![], vec![2]),
        ];
        for (text, entries, wrong) in cases {
            assert_eq!(told(text), (entries, wrong), "{text}");
        }
        assert_eq!(told(&"#".repeat(70_000)).1, [1]);
    }
}
