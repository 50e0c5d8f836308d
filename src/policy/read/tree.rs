//! What stands in a YAML file? Texts, lists and mappings, each with its place; numbers are texts still.
//!
//! What could grow without bound is refused while it is read: an alias is a reference, whose values are counted and never
//! copied, and nothing here calls itself, so that no depth of nesting overflows the stack.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

use crate::domain::limits;
use crate::policy::syntax::At;

use super::characters::{Ahead, Characters, Prepared};
use super::reading::{Reading, show};

/// A value, and where it is named: at an alias, that is the alias.
#[derive(Debug, Clone)]
pub(super) struct Child {
    pub(super) at: At,
    node: Rc<Node>,
}

#[derive(Debug)]
struct Node {
    value: Value,
    values: usize,
    height: usize,
}

/// What was written.
#[derive(Debug)]
pub(super) enum Value {
    /// Nothing, `~` or `null`.
    Nothing,
    /// A text, whatever it means.
    Text(String),
    List(Vec<Child>),
    Mapping(Mapping),
}

/// Keys and values, no key twice.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    pub(super) entries: Vec<Entry>,
    /// A key could not be read, so that one that is missing may have been meant by it.
    pub(super) is_maimed: bool,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_at: At,
    pub(super) value: Child,
}

impl Child {
    pub(super) fn value(&self) -> &Value {
        &self.node.value
    }
}

/// A list or mapping whose end has not come yet.
struct Open {
    at: At,
    anchor: usize,
    value: Value,
    /// Of a mapping: the key whose value comes next; without a text where it cannot be one.
    key: Option<(Option<String>, At)>,
}

struct Builder<'r, 's> {
    reading: &'r mut Reading<'s>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Rc<Node>>,
    values: usize,
    documents: usize,
    root: Option<Child>,
}

/// Reads one file. None where it is no YAML or beyond a limit, which was then noted.
pub(super) fn tree(text: &str, file: u16, reading: &mut Reading<'_>) -> Option<Child> {
    let begin = At { file, line: 1, column: 1 };
    if text.len() > limits::POLICY_FILE_BYTES {
        let message =
            format!("the file has {} bytes, and at most {} are read", text.len(), limits::POLICY_FILE_BYTES);
        reading.hinted(begin, "file-too-large", message, "make several files of it");
        return None;
    }
    let (prepared, ahead) = (Prepared::new(text, file), Ahead::default());
    let mut builder =
        Builder { reading, open: Vec::new(), anchors: BTreeMap::new(), values: 0, documents: 0, root: None };
    let mut last = begin;
    for event in Parser::new(Characters::new(&prepared.text, &ahead)) {
        if ahead.is_too_far() {
            let hint = "give what stands in {} and [] lines of its own";
            builder.reading.hinted(
                last,
                "too-long",
                "what follows is too long to be read in one piece",
                hint,
            );
            return None;
        }
        ahead.begin_anew();
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                builder.no_yaml(&error, prepared.place(*error.marker()));
                return None;
            }
        };
        last = prepared.place(span.start);
        if builder.take(event, last).is_break() {
            return None;
        }
    }
    Some(builder.root.unwrap_or_else(|| Child { at: begin, node: leaf(Value::Nothing) }))
}

fn leaf(value: Value) -> Rc<Node> {
    Rc::new(Node { value, values: 1, height: 0 })
}

fn too_many_values(at: At, reading: &mut Reading<'_>) {
    let message = format!("the file has more than {} values, aliases included", limits::POLICY_VALUES);
    reading.hinted(at, "too-many-values", message, "make several files of it, or name fewer values by alias");
}

impl Builder<'_, '_> {
    fn no_yaml(&mut self, error: &ScanError, at: At) {
        if error.info() == "recursion limit exceeded" {
            let _stop = self.too_deep(at);
        } else {
            self.reading.error(at, "yaml", format!("this is no YAML: {}", error.info()));
        }
    }

    fn too_deep(&mut self, at: At) -> ControlFlow<()> {
        let message = format!("lists and mappings are nested more than {} deep", limits::POLICY_LEVELS);
        self.reading.error(at, "too-deep", message);
        ControlFlow::Break(())
    }

    fn take(&mut self, event: Event<'_>, at: At) -> ControlFlow<()> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    let hint = "make a file of each";
                    self.reading.hinted(at, "several-documents", "a second document begins here", hint);
                    return ControlFlow::Break(());
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.no_tag(tag.is_some(), at);
                return self.scalar(text.into_owned(), style, anchor, at);
            }
            Event::SequenceStart(anchor, tag) => {
                self.no_tag(tag.is_some(), at);
                return self.begin(Value::List(Vec::new()), anchor, at);
            }
            Event::MappingStart(anchor, tag) => {
                self.no_tag(tag.is_some(), at);
                return self.begin(Value::Mapping(Mapping::default()), anchor, at);
            }
            Event::SequenceEnd | Event::MappingEnd => return self.end(),
            Event::Alias(anchor) => return self.alias(anchor, at),
        }
        ControlFlow::Continue(())
    }

    fn no_tag(&mut self, has_tag: bool, at: At) {
        if has_tag {
            self.reading.error(
                at,
                "tag",
                "a tag stands here: leave it out, values are read as their keys say",
            );
        }
    }

    fn begin(&mut self, value: Value, anchor: usize, at: At) -> ControlFlow<()> {
        if self.open.len() >= limits::POLICY_LEVELS {
            return self.too_deep(at);
        }
        self.open.push(Open { at, anchor, value, key: None });
        ControlFlow::Continue(())
    }

    fn end(&mut self) -> ControlFlow<()> {
        let Some(mut open) = self.open.pop() else { return ControlFlow::Continue(()) };
        if let Value::Mapping(mapping) = &mut open.value {
            self.no_key_twice(mapping);
        }
        self.finish(open.value, open.anchor, open.at)
    }

    fn no_key_twice(&mut self, mapping: &mut Mapping) {
        let mut first: BTreeMap<&str, At> = BTreeMap::new();
        let mut again: BTreeSet<At> = BTreeSet::new();
        for entry in &mapping.entries {
            let Some(there) = first.insert(&entry.key, entry.key_at) else { continue };
            let message = format!("the key {} stands twice: before at {there}", show(&entry.key));
            self.reading.error(entry.key_at, "duplicate-key", message);
            again.insert(entry.key_at);
        }
        if !again.is_empty() {
            mapping.entries.retain(|entry| !again.contains(&entry.key_at));
        }
    }

    fn scalar(&mut self, text: String, style: ScalarStyle, anchor: usize, at: At) -> ControlFlow<()> {
        let is_nothing =
            style == ScalarStyle::Plain && matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL");
        if self.wants_key() && !(is_nothing && text.is_empty()) {
            if text == "<<" {
                let hint = "name what is shared by an alias, key by key";
                self.reading.hinted(at, "merge-key", "merge keys (<<) are not read", hint);
                self.key(None, at);
            } else {
                self.key(Some(text.clone()), at);
            }
            if anchor > 0 {
                self.anchors.insert(anchor, leaf(Value::Text(text)));
            }
            return ControlFlow::Continue(());
        }
        self.finish(if is_nothing { Value::Nothing } else { Value::Text(text) }, anchor, at)
    }

    fn wants_key(&self) -> bool {
        self.open.last().is_some_and(|open| matches!(open.value, Value::Mapping(_)) && open.key.is_none())
    }

    fn key(&mut self, text: Option<String>, at: At) {
        if let Some(open) = self.open.last_mut() {
            open.key = Some((text, at));
        }
    }

    fn finish(&mut self, value: Value, anchor: usize, at: At) -> ControlFlow<()> {
        let of = |children: &mut dyn Iterator<Item = &Child>| {
            children.fold((1_usize, 0), |(values, height), child| {
                (values.saturating_add(child.node.values), child.node.height.max(height))
            })
        };
        let (values, height) = match &value {
            Value::Nothing | Value::Text(_) => (1, 0),
            Value::List(items) => of(&mut items.iter()),
            Value::Mapping(mapping) => of(&mut mapping.entries.iter().map(|entry| &entry.value)),
        };
        let is_list_or_mapping = matches!(value, Value::List(_) | Value::Mapping(_));
        let node = Rc::new(Node { value, values, height: height + usize::from(is_list_or_mapping) });
        if anchor > 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        self.attach(Child { at, node }, 1)
    }

    fn alias(&mut self, anchor: usize, at: At) -> ControlFlow<()> {
        let Some(node) = self.anchors.get(&anchor).map(Rc::clone) else {
            self.reading.error(at, "circular-alias", "an alias stands inside of what it names");
            return ControlFlow::Break(());
        };
        if self.open.len() + node.height > limits::POLICY_LEVELS {
            return self.too_deep(at);
        }
        let values = node.values;
        self.attach(Child { at, node }, values)
    }

    /// Puts a value where it belongs: into the list or mapping that is open, or at the root.
    fn attach(&mut self, child: Child, values: usize) -> ControlFlow<()> {
        self.values = self.values.saturating_add(values);
        if self.values > limits::POLICY_VALUES {
            too_many_values(child.at, self.reading);
            return ControlFlow::Break(());
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(child);
            return ControlFlow::Continue(());
        };
        match (&mut open.value, open.key.take()) {
            (Value::List(items), _) => items.push(child),
            (Value::Mapping(mapping), Some((Some(key), key_at))) => {
                mapping.entries.push(Entry { key, key_at, value: child });
            }
            (Value::Mapping(mapping), Some((None, _))) => mapping.is_maimed = true,
            (Value::Mapping(_), None) => {
                open.key = Some((None, child.at));
                self.reading.error(child.at, "bad-key", "this is no key: write a text");
            }
            (Value::Nothing | Value::Text(_), _) => {}
        }
        ControlFlow::Continue(())
    }
}
