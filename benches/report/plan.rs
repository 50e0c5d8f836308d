//! What is measured at a size, and in which folders?

use std::path::{Path, PathBuf};

use quoin::exchange::generate::{GenerateOptions, Mode};

/// SKUs, at every size.
const SKUS: u32 = 100_000;
/// Price points a contract: a tenth of the assortment, as in the measures that are to be reached.
const POINTS_A_LIST: u64 = 10_000;
/// Fewer would be too few contracts to measure.
const SIZE_LEAST: u64 = 1_000_000;

/// What is generated.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Price points, about.
    pub size: u64,
    /// As docs/GENERATOR.md describes it.
    pub structured: GenerateOptions,
    /// The matrix's worst case.
    pub random: GenerateOptions,
}

impl Plan {
    /// Of a size: lists of 10,000 points of 100,000 SKUs, as many as it takes.
    pub fn new(size: u64) -> Self {
        assert!(size >= SIZE_LEAST, "{size} price points are too few to measure: at least {SIZE_LEAST}");
        let contracts = u32::try_from(size.div_ceil(POINTS_A_LIST)).unwrap();
        let standard = GenerateOptions::standard().unwrap();
        let structured = GenerateOptions { skus: SKUS, contracts, cells: Some(size), ..standard };
        let random = GenerateOptions { mode: Mode::Random, ..structured.clone() };
        Self { size, structured, random }
    }
}

/// Cargo's folder for what is built.
pub fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().to_owned()
}

/// Where generated files are kept between runs.
pub fn bench_data() -> PathBuf {
    target().join("bench-data")
}

/// An empty folder of this run.
pub fn fresh_folder(name: &str) -> PathBuf {
    let folder = bench_data().join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The repository's folder.
pub fn root() -> &'static Path {
    // Other crates of the repository share this file; they stand below.
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    above.into_iter().find(|folder| folder.join("BENCHMARKS.md").exists()).unwrap()
}

/// Puts a picture beside the documentation.
pub fn draw(name: &str, svg: &str) {
    let folder = root().join("docs/pictures");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.svg")), svg).unwrap();
}
