//! What stands in a configuration file? Groups of keys with a value each, in YAML, every one with its line.

use saphyr_parser::{Event, Parser, ScalarStyle};

/// Bytes of a file.
const FILE_BYTES: usize = 64 << 10;

/// A key as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// `group.name`.
    pub(super) path: String,
    /// Its value as it is written; the values of a list joined by commas.
    pub(super) text: String,
    /// Its line.
    pub(super) line: usize,
}

/// A line, and what is wrong with it.
pub(super) type WrongLine = (usize, String);

/// Reads a file's text as far as it can be read.
pub(super) fn read(text: &str) -> (Vec<Entry>, Vec<WrongLine>) {
    let mut reader = Reader::default();
    if text.len() > FILE_BYTES {
        return (
            Vec::new(),
            vec![(1, format!("the file has {} bytes; at most {FILE_BYTES} are read", text.len()))],
        );
    }
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => {
                if !reader.take(event, span.start.line()) {
                    break;
                }
            }
            Err(error) => {
                reader.wrong(error.marker().line(), format!("this is no YAML: {}", error.info()));
                break;
            }
        }
    }
    (reader.entries, reader.wrong)
}

const SHAPE: &str =
    "write a group and below it, two blanks further in, its keys: `serve:` and `  listen: 127.0.0.1:7480`";

#[derive(Default)]
struct Reader {
    entries: Vec<Entry>,
    wrong: Vec<WrongLine>,
    /// Mappings and lists that are open.
    depth: usize,
    /// Below which mapping or list everything is passed over, because it has no place there.
    skipped: Option<usize>,
    group: Option<(String, usize)>,
    key: Option<(String, usize)>,
    /// The values of a list.
    list: Option<Vec<String>>,
    documents: usize,
}

impl Reader {
    fn wrong(&mut self, line: usize, what: impl Into<String>) {
        self.wrong.push((line, what.into()));
    }

    /// False where nothing more is to be read.
    fn take(&mut self, event: Event<'_>, line: usize) -> bool {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.wrong(line, "a second document begins here: make one of both");
                    return false;
                }
            }
            Event::Alias(_) => {
                self.wrong(line, "an alias stands here: write the value itself");
                if self.skipped.is_none() && self.list.is_none() {
                    self.value(line, None);
                }
            }
            Event::MappingStart(_, tag) | Event::SequenceStart(_, tag) if tag.is_some() => {
                self.wrong(line, "a tag stands here: leave it out");
                return false;
            }
            Event::MappingStart(..) => self.begin_mapping(line),
            Event::SequenceStart(..) => self.begin_list(line),
            Event::MappingEnd | Event::SequenceEnd => self.end(),
            Event::Scalar(text, style, _, _) => {
                let is_nothing = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null");
                self.scalar(line, text.into_owned(), is_nothing);
            }
        }
        true
    }

    fn begin_mapping(&mut self, line: usize) {
        self.depth += 1;
        // The whole, and a group in it, are mappings.
        let has_place = self.depth == 1 || (self.depth == 2 && self.group.is_some());
        if self.skipped.is_none() && !has_place {
            self.wrong(line, SHAPE);
            self.skipped = Some(self.depth);
        }
    }

    fn begin_list(&mut self, line: usize) {
        self.depth += 1;
        if self.skipped.is_some() {
            return;
        }
        if self.depth == 3 && self.key.is_some() && self.list.is_none() {
            self.list = Some(Vec::new());
        } else {
            self.wrong(line, SHAPE);
            self.skipped = Some(self.depth);
        }
    }

    fn end(&mut self) {
        let ended = self.depth;
        self.depth = self.depth.saturating_sub(1);
        match self.skipped {
            Some(skipped) if skipped == ended => {
                self.skipped = None;
                // What was passed over was the value of a group or key.
                if ended == 3 {
                    (self.key, self.list) = (None, None);
                }
                if ended == 2 {
                    self.group = None;
                }
            }
            Some(_) => {}
            None if ended == 3 => {
                let values = self.list.take();
                let line = self.key.as_ref().map_or(0, |(_, line)| *line);
                self.value(line, values.map(|values| values.join(",")));
            }
            None if ended == 2 => self.group = None,
            None => {}
        }
    }

    fn scalar(&mut self, line: usize, text: String, is_nothing: bool) {
        if self.skipped.is_some() {
            return;
        }
        match (self.depth, &mut self.list) {
            // A file with nothing in it is one.
            (0, _) if is_nothing => {}
            (0, _) => self.wrong(line, SHAPE),
            (1, _) if self.group.is_none() => self.group = Some((text, line)),
            // A group with nothing below it.
            (1, _) if is_nothing => self.group = None,
            (1, _) => {
                self.wrong(line, SHAPE);
                self.group = None;
            }
            (3, Some(list)) => list.push(text),
            (2, _) if self.key.is_none() => self.key = Some((text, line)),
            _ => self.value(line, (!is_nothing).then_some(text)),
        }
    }

    fn value(&mut self, line: usize, text: Option<String>) {
        let Some((key, line)) = self.key.take() else { return drop((self.group.take(), line)) };
        let group = self.group.as_ref().map_or("", |(group, _)| group);
        let path = format!("{group}.{key}");
        if let Some(first) = self.entries.iter().find(|entry| entry.path == path) {
            let first = first.line;
            self.wrong(line, format!("{path} stands in line {first} already: leave one of them out"));
            return;
        }
        // A key without a value keeps what holds without it.
        if let Some(text) = text {
            self.entries.push(Entry { path, text, line });
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
            ("a: 1\nb:\n  c: 2\n", vec![entry("b.c", "2", 3)], vec![1]),
            ("a:\n  b:\n    c: 1\n  d: 2\n", vec![entry("a.d", "2", 4)], vec![3]),
            ("- a\n", vec![], vec![1]),
            ("words\n", vec![], vec![1]),
            ("a:\n  b: &x 1\n  c: *x\n  d: 3\n", vec![entry("a.b", "1", 2), entry("a.d", "3", 4)], vec![3]),
            ("a:\n  b: 1\n---\nc:\n  d: 2\n", vec![entry("a.b", "1", 2)], vec![3]),
            ("a:\n  b: \"1\n", vec![], vec![2]),
        ];
        for (text, entries, wrong) in cases {
            assert_eq!(told(text), (entries, wrong), "{text}");
        }
        assert_eq!(told(&"#".repeat(70_000)).1, [1]);
    }
}
