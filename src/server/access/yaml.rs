//! What stands in a small YAML file? Texts, lists and mappings, each with its line; anchors, tags and depth are refused.

use saphyr_parser::{Event, Parser};

/// Deepest nesting.
const LEVELS: usize = 6;
/// Values of one file.
const VALUES: usize = 200_000;

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
    /// Any scalar; numbers are texts still.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Keys, with the line of each, and values; no key twice.
    Mapping(Vec<(String, usize, Node)>),
}

/// A list or mapping whose end has not come yet, and of a mapping the key whose value comes next.
struct Open {
    node: Node,
    key: Option<(String, usize)>,
}

/// Reads one document.
///
/// # Errors
/// The line, and what is wrong there.
pub fn read(text: &str) -> Result<Option<Node>, (usize, String)> {
    let (mut open, mut root): (Vec<Open>, Option<Node>) = (Vec::new(), None);
    let mut values = 0_usize;
    for event in Parser::new_from_str(text) {
        let (event, span) =
            event.map_err(|error| (error.marker().line(), format!("this is no YAML: {}", error.info())))?;
        let line = span.start.line();
        values += 1;
        if values > VALUES {
            return Err((line, format!("the file has more than {VALUES} values")));
        }
        let begun = match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => continue,
            Event::DocumentStart(_) if root.is_some() => {
                return Err((line, "a second document begins here: make one of them".to_owned()));
            }
            Event::DocumentStart(_) => continue,
            Event::Alias(_) => return Err((line, "aliases are not read here: write it out".to_owned())),
            Event::Scalar(_, _, anchor, ref tag)
            | Event::SequenceStart(anchor, ref tag)
            | Event::MappingStart(anchor, ref tag)
                if anchor > 0 || tag.is_some() =>
            {
                return Err((line, "anchors and tags are not read here: leave it out".to_owned()));
            }
            Event::Scalar(text, ..) => {
                let text = text.into_owned();
                if let Some(Open { node: Node { value: Value::Mapping(entries), .. }, key }) = open.last_mut()
                    && key.is_none()
                {
                    if entries.iter().any(|(known, ..)| *known == text) {
                        return Err((line, format!("the key {text:?} stands twice")));
                    }
                    *key = Some((text, line));
                    continue;
                }
                Node { line, value: Value::Text(text) }
            }
            Event::SequenceStart(..) => {
                begin(&mut open, Node { line, value: Value::List(Vec::new()) })?;
                continue;
            }
            Event::MappingStart(..) => {
                begin(&mut open, Node { line, value: Value::Mapping(Vec::new()) })?;
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(ended) => ended.node,
                None => continue,
            },
        };
        attach(&mut open, &mut root, begun);
    }
    Ok(root)
}

fn begin(open: &mut Vec<Open>, node: Node) -> Result<(), (usize, String)> {
    if open.len() >= LEVELS {
        return Err((node.line, format!("lists and mappings are nested more than {LEVELS} deep")));
    }
    if let Some(Open { node: Node { value: Value::Mapping(_), .. }, key: None }) = open.last() {
        return Err((node.line, "this is no key: write a text".to_owned()));
    }
    open.push(Open { node, key: None });
    Ok(())
}

fn attach(open: &mut [Open], root: &mut Option<Node>, node: Node) {
    let Some(last) = open.last_mut() else {
        *root = Some(node);
        return;
    };
    match (&mut last.node.value, last.key.take()) {
        (Value::List(items), _) => items.push(node),
        (Value::Mapping(entries), Some((key, line))) => entries.push((key, line, node)),
        (Value::Mapping(_), None) | (Value::Text(_), _) => {}
    }
}
