//! How long does it take to read a policy's text, and to compile it for the catalogue?

use std::time::Instant;

use quoin::domain::catalogue::Catalogue;
use quoin::domain::ids::ListId;
use quoin::engine::policy::PolicyFile;
use quoin::policy::finding::Source;
use quoin::policy::read::read;
use quoin::policy::{CompiledPolicy, ListMembers};
use roaring::RoaringBitmap;

use super::figures::{Figures, median};
use super::policies::Policy;

const TIMES: usize = 5;

/// For policies that name no price list.
pub struct NoLists;

impl ListMembers for NoLists {
    fn skus_of(&self, list: ListId) -> RoaringBitmap {
        panic!("no policy of the report names a price list, and here is one: {list:?}");
    }
}

/// What the files say. Panics where something is wrong with them.
pub fn parsed(files: &[PolicyFile]) -> quoin::policy::syntax::Policy {
    let sources: Vec<Source<'_>> =
        files.iter().map(|file| Source { name: &file.name, text: &file.text }).collect();
    read(&sources).unwrap_or_else(|found| panic!("{:#?}", &found[..found.len().min(3)]))
}

/// Medians of some times.
pub fn measure(policy: &Policy<'_>, catalogue: &Catalogue, figures: &mut Figures) {
    let files = policy.files();
    let bytes: usize = files.iter().map(|file| file.text.len()).sum();
    figures.text("policy_text_mb", &super::megabytes(u64::try_from(bytes).unwrap()));
    let (mut reading, mut compiling) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let begun = Instant::now();
        let read = parsed(&files);
        reading.push(micros(begun));
        assert_eq!(read.rules.len(), policy.rules());
        let begun = Instant::now();
        let compiled = CompiledPolicy::new(1, read, catalogue, &NoLists);
        compiling.push(micros(begun));
        assert!(compiled.classes() > policy.groups(), "{} classes of goods", compiled.classes());
    }
    figures.decimal("policy_read_ms", median(reading), 3);
    figures.decimal("policy_compile_ms", median(compiling), 3);
}

fn micros(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_micros()).unwrap()
}
