//! Does the README's tour run as it is written, and print what it shows?
//!
//! Every `sh` block of the tour goes into one shell, in order, in a folder beside the repository's `data`, with the built
//! `quoin` on the PATH. A `text` block after it is what it printed. Two things differ from what is written: the port,
//! which may be taken on a machine that runs tests, and characters shown as `?`, which stand for any one.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::sources::{root, text};

const HEADING: &str = "## A five-minute tour";
const ADDRESS: &str = "127.0.0.1:7480";
/// A server that does not come up would be waited for without end.
const MOST_SECONDS: &str = "120";
/// Stands between the outputs of two blocks.
const NEXT: &str = "----- next block of the tour -----";

/// Commands, and what they print if that is shown.
#[derive(Debug, PartialEq)]
struct Block {
    commands: String,
    shown: Option<String>,
}

/// The blocks of the section that begins with [`HEADING`].
fn tour(markdown: &str) -> Vec<Block> {
    let section = markdown.split_once(HEADING).unwrap().1;
    let section = section.split("\n## ").next().unwrap();
    let mut blocks: Vec<Block> = Vec::new();
    // Outside, inside, outside, ...: fences cut the text.
    for fenced in section.split("\n```").skip(1).step_by(2) {
        let (language, body) = fenced.split_once('\n').unwrap();
        match language {
            "sh" => blocks.push(Block { commands: body.to_owned(), shown: None }),
            "text" => blocks.last_mut().unwrap().shown = Some(body.trim_end().to_owned()),
            other => panic!("a block of the tour is \"{other}\": write sh or text"),
        }
    }
    blocks
}

/// Is this what is shown?
fn alike(shown: &str, printed: &str) -> bool {
    shown.chars().count() == printed.chars().count()
        && shown.chars().zip(printed.chars()).all(|(shown, printed)| shown == '?' || shown == printed)
}

/// Runs all commands in one shell and gives what each block printed.
fn run(blocks: &[Block], folder: &Path) -> Vec<String> {
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    // Whatever breaks off, the server of the tour must not go on: it is the last process in the background.
    let mut script = String::from("set -e\ntrap 'kill $! 2>/dev/null || true' EXIT\n");
    for block in blocks {
        script.push_str(&block.commands.replace(ADDRESS, &address));
        script.push_str(&format!("\necho '{NEXT}'\n"));
    }
    symlink(root().join("data"), folder.join("data")).unwrap();
    let binaries = Path::new(env!("CARGO_BIN_EXE_quoin")).parent().unwrap();
    let path = format!("{}:{}", binaries.display(), std::env::var("PATH").unwrap());
    let output = Command::new("timeout")
        .args([MOST_SECONDS, "sh", "-c", &script])
        .current_dir(folder)
        .env("PATH", path)
        .env_remove("QUOIN_DATA")
        .env_remove("QUOIN_LOG")
        .env("QUOIN_OPS_LISTEN", "none")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the tour broke off:\n{printed}\n{said}");
    printed.split(NEXT).map(|part| part.replace(&address, ADDRESS)).collect()
}

#[test]
fn the_tour_prints_what_the_readme_shows() {
    let blocks = tour(&text(Path::new("README.md")));
    let shown = blocks.iter().filter(|block| block.shown.is_some()).count();
    assert!(blocks.len() >= 10 && shown >= 8, "{} blocks, {shown} with output", blocks.len());
    let folder = tempfile::tempdir().unwrap();
    let printed = run(&blocks, folder.path());
    let mut broken = Vec::new();
    for (block, printed) in blocks.iter().zip(&printed) {
        let Some(shown) = &block.shown else { continue };
        let printed = printed.trim_matches('\n');
        if !alike(shown, printed) {
            broken.push(format!(
                "{}\nprints\n\n{printed}\n\nwhere this is shown:\n\n{shown}\n",
                block.commands
            ));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn blocks_are_told_apart() {
    let markdown = "```sh\nnot of it\n```\n## A five-minute tour\nSo.\n```sh\na\nb\n```\nThen\n```sh\nc\n```\nprints\n\
                    ```text\n d\n e\n```\n## Next\n```sh\nnot of it\n```\n";
    let block = |commands: &str, shown: Option<&str>| Block {
        commands: commands.to_owned(),
        shown: shown.map(str::to_owned),
    };
    assert_eq!(tour(markdown), [block("a\nb", None), block("c", Some(" d\n e"))]);
    let cases = [
        ("at ??:?? o'clock", true),
        ("at 10:3? o'clock", true),
        ("at 10:30", false),
        ("at ??:?1 o'clock", false),
    ];
    for (shown, expected) in cases {
        assert_eq!(alike(shown, "at 10:30 o'clock"), expected, "{shown}");
    }
}
