//! Which files does the repository hold, and what does their code say once comments are gone?

use std::path::{Path, PathBuf};

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files, relative to the root, sorted; build output, git's own folder and machine-local files left out.
pub fn files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let relative = path.strip_prefix(root()).unwrap();
            if ["target", "peers/target", ".git", ".cargo"]
                .iter()
                .any(|skipped| relative == Path::new(skipped))
            {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(relative.to_path_buf());
            }
        }
    }
    found.sort();
    found
}

pub fn with_extension(extension: &str) -> Vec<PathBuf> {
    files().into_iter().filter(|path| path.extension().is_some_and(|found| found == extension)).collect()
}

pub fn text(path: &Path) -> String {
    String::from_utf8(std::fs::read(root().join(path)).unwrap())
        .unwrap_or_else(|_| panic!("{} is not UTF-8", path.display()))
}

/// Code without `//` comments, line by line. (A `//` inside a string cuts its line too, which hides nothing that matters.)
pub fn code(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}
