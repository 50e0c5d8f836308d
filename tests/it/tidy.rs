//! Does the tree keep its habits: files that say what they answer, small files, telling names, links that resolve?

use std::path::Path;

use crate::sources::{files, root, text, with_extension};

const LINES_WANTED: usize = 300;
const LINES_MOST: usize = 400;
const NAMES_THAT_SAY_NOTHING: &[&str] =
    &["util", "utils", "helper", "helpers", "common", "misc", "types", "manager", "managers"];

fn hold(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
}

#[test]
fn every_source_file_opens_with_the_question_it_answers() {
    let sources = with_extension("rs");
    assert!(sources.len() > 3, "the walk found {} source files", sources.len());
    let broken: Vec<String> =
        sources.iter().filter(|p| !text(p).starts_with("//! ")).map(|p| p.display().to_string()).collect();
    hold("files that do not open with `//!`", &broken);
}

#[test]
fn files_stay_small() {
    let long: Vec<(usize, String)> = with_extension("rs")
        .iter()
        .filter(|path| path.starts_with("src"))
        .map(|path| (text(path).lines().count(), path.display().to_string()))
        .filter(|(lines, _)| *lines > LINES_WANTED)
        .collect();
    for (lines, path) in &long {
        println!("past {LINES_WANTED} lines: {path} ({lines})");
    }
    let broken: Vec<String> =
        long.into_iter().filter(|(lines, _)| *lines > LINES_MOST).map(|(_, path)| path).collect();
    hold("files past the most lines: they hold two ideas", &broken);
}

#[test]
fn names_say_what_they_hold() {
    let says_nothing = |path: &Path| {
        path.components().any(|part| {
            let stem = part.as_os_str().to_str().unwrap().split('.').next().unwrap().to_lowercase();
            NAMES_THAT_SAY_NOTHING.contains(&stem.as_str())
        })
    };
    let broken: Vec<String> =
        files().iter().filter(|path| says_nothing(path)).map(|path| path.display().to_string()).collect();
    hold("names that say nothing", &broken);
}

#[test]
fn relative_links_in_the_docs_resolve() {
    let mut seen = 0;
    let mut broken = Vec::new();
    for path in with_extension("md") {
        for link in links(&text(&path)) {
            seen += 1;
            let target = link.split('#').next().unwrap();
            let resolved = root().join(path.parent().unwrap()).join(target);
            if !target.is_empty() && !resolved.exists() {
                broken.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(seen > 0, "found no relative link at all");
    hold("links that lead nowhere", &broken);
}

/// Relative targets of `[text](target)` and `[name]: target` outside code fences.
fn links(markdown: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut fenced = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        for (at, _) in line.match_indices("](") {
            found.extend(line[at + 2..].split([')', ' ']).next().map(str::to_owned));
        }
        if let Some((_, target)) = line.strip_prefix('[').and_then(|rest| rest.split_once("]: ")) {
            found.extend(target.split(' ').next().map(str::to_owned));
        }
    }
    found.retain(|link| !link.contains("://") && !link.starts_with("mailto:"));
    found
}

#[test]
fn links_are_found_in_all_their_forms() {
    let text =
        "see [a](A.md), [b](docs/B.md#part \"title\")\n[c]: ../C.md\n```\n[no](no.md)\n```\n[d](https://x.y)";
    assert_eq!(links(text), ["A.md", "docs/B.md#part", "../C.md"]);
}

#[test]
fn no_path_of_one_machine() {
    let folders = ["work", "root", "farm"].map(|name| format!("/{name}/"));
    let mut broken = Vec::new();
    for path in files() {
        let Ok(text) = String::from_utf8(std::fs::read(root().join(&path)).unwrap()) else { continue };
        for (number, line) in text.lines().enumerate() {
            if folders.iter().any(|folder| line.contains(folder.as_str())) {
                broken.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    hold("paths of one machine", &broken);
}
