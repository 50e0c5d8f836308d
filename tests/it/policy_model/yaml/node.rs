//! What is YAML made of, as far as it is written here? Texts, lists, mappings.

use std::fmt::{Display, Write};

/// A node.
#[derive(Debug, Clone)]
pub enum Node {
    /// As it is, quotes and all.
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

/// A word or number that needs no quotes.
pub fn plain(text: impl Display) -> Node {
    Node::Text(text.to_string())
}

/// A text in double quotes.
pub fn quoted(text: impl AsRef<str>) -> Node {
    Node::Text(format!("\"{}\"", text.as_ref().replace('\\', "\\\\").replace('"', "\\\"")))
}

/// A list; one value stands for a list of itself.
pub fn list(items: impl Iterator<Item = Node>) -> Node {
    let mut items: Vec<Node> = items.collect();
    match items.len() {
        1 => items.remove(0),
        _ => Node::List(items),
    }
}

/// A mapping of the keys that are there.
pub fn map(keys: Vec<(&str, Option<Node>)>) -> Node {
    Node::Map(keys.into_iter().filter_map(|(key, node)| Some((key.to_owned(), node?))).collect())
}

impl Node {
    /// The outermost levels as blocks, what is within them on a line.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let Self::Map(keys) = self else { panic!("a file is a mapping") };
        for (key, node) in keys {
            match node {
                Self::List(items) => {
                    writeln!(out, "{key}:").unwrap();
                    for item in items {
                        item.block(&mut out);
                    }
                }
                Self::Map(entries) => {
                    writeln!(out, "{key}:").unwrap();
                    for (key, node) in entries {
                        writeln!(out, "  {}: {}", inline_text(&quoted(key)), inline_text(node)).unwrap();
                    }
                }
                Self::Text(text) => writeln!(out, "{key}: {text}").unwrap(),
            }
        }
        out
    }

    fn block(&self, out: &mut String) {
        let Self::Map(keys) = self else {
            writeln!(out, "  - {}", inline_text(self)).unwrap();
            return;
        };
        for (number, (key, node)) in keys.iter().enumerate() {
            let dash = if number == 0 { '-' } else { ' ' };
            writeln!(out, "  {dash} {key}: {}", inline_text(node)).unwrap();
        }
    }
}

fn inline_text(node: &Node) -> String {
    let inner = |texts: Vec<String>| texts.join(", ");
    match node {
        Node::Text(text) => text.clone(),
        Node::List(items) => format!("[{}]", inner(items.iter().map(inline_text).collect())),
        Node::Map(entries) => {
            let entry = |(key, node): &(String, Node)| {
                format!("{}: {}", inline_text(&quoted(key)), inline_text(node))
            };
            format!("{{ {} }}", inner(entries.iter().map(entry).collect()))
        }
    }
}
