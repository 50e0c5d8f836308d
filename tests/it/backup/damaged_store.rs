//! Does `quoin check` say what is damaged and where, all of it, and does opening refuse logs that RocksDB would cut short?

use std::fs;
use std::path::{Path, PathBuf};

use quoin::engine::check::check_folder;
use quoin::engine::{Engine, EngineOptions};
use quoin::store::{Family, OpenError, Store, StoreOptions, TableFile};

use super::{copy, data, flip, lived_in};

/// The folder of a world that is closed, and its table files.
fn closed() -> (crate::quotes::world::World, PathBuf, Vec<TableFile>) {
    let mut world = lived_in();
    let files = world.engine().store().files().unwrap();
    world.engine = None;
    let folder = data(&world);
    (world, folder, files)
}

fn faults(folder: &Path) -> Vec<String> {
    check_folder(folder).unwrap().faults
}

fn of(files: &[TableFile], family: Family) -> &TableFile {
    files.iter().find(|file| file.family == family).unwrap()
}

#[test]
fn a_sound_folder_has_no_fault_and_is_not_changed() {
    let (_world, folder, _) = closed();
    let before = super::files_below(&folder);
    let report = check_folder(&folder).unwrap();
    assert_eq!((report.faults, report.notes), (Vec::<String>::new(), Vec::<String>::new()));
    assert!(report.records > 50 && report.rows > 0 && report.publications > 2 && report.policies == 1);
    assert_eq!(super::files_below(&folder), before);
}

#[test]
fn damage_is_named_by_file_family_and_what_lies_beside_it_and_all_of_it() {
    let (_world, folder, files) = closed();
    for family in [Family::Quotes, Family::Documents, Family::Rows, Family::Log] {
        flip(&folder.join("db").join(&of(&files, family).name), 60, 0x10);
    }
    let told = faults(&folder);
    for family in ["quotes", "documents", "rows", "log"] {
        let file = &files.iter().find(|file| file.family.name() == family).unwrap().name;
        let expected = format!("db/{file} of {family}");
        assert!(told.iter().any(|fault| fault.starts_with(&expected)), "{expected}: {told:#?}");
    }
    assert!(told.iter().any(|fault| fault.contains("price list \"base\"")), "the list is named: {told:#?}");
}

/// A table of many blocks, two of which are damaged: what lies beside each is named.
#[test]
fn keys_beside_the_damage_are_told_in_words() {
    let mut world = lived_in();
    for number in 0..60 {
        super::did(&mut world, &format!("create A bolt={} id=many-{number} ref=PO-{number}", 1 + number));
    }
    world.reopen();
    let files = world.engine().store().files().unwrap();
    let largest =
        files.iter().filter(|file| file.family == Family::Quotes).max_by_key(|file| file.bytes).unwrap();
    world.engine = None;
    let folder = data(&world);
    let at = usize::try_from(largest.bytes / 2).unwrap();
    flip(&folder.join("db").join(&largest.name), at, 0x01);
    let told = faults(&folder);
    let expected = format!("db/{} of quotes, between ", largest.name);
    let fault = told.iter().find(|fault| fault.starts_with(&expected)).unwrap_or_else(|| panic!("{told:#?}"));
    assert!(fault.contains("quote ") && fault.contains("block checksum mismatch"), "{fault}");
}

#[test]
fn files_that_nothing_names_are_noted_and_are_no_damage() {
    let (_world, folder, _) = closed();
    fs::write(folder.join("db/009999.sst"), "old").unwrap();
    fs::write(folder.join("letters.txt"), "mine").unwrap();
    fs::create_dir_all(folder.join("staging")).unwrap();
    fs::write(folder.join("staging/rows-1-0.sst"), "half").unwrap();
    let report = check_folder(&folder).unwrap();
    assert_eq!(report.faults, Vec::<String>::new());
    for expected in ["db/009999.sst belongs to nothing", "letters.txt is no part", "staging/ holds 1 files"] {
        assert!(report.notes.iter().any(|note| note.contains(expected)), "{expected}: {:?}", report.notes);
    }
}

/// What is changed in a log, and why RocksDB alone would say nothing of it.
const UNSEEN: [(&str, usize, u8); 3] = [
    ("the length of the first fragment, which then reaches past the end", 5, 0x40),
    ("its kind, which then is that of a recycled file", 6, 0x04),
    ("its checksum", 0, 0x01),
];

fn newest_log(folder: &Path) -> PathBuf {
    let entries = fs::read_dir(folder.join("db")).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|ending| ending == "log")).max().unwrap()
}

fn manifest(folder: &Path) -> PathBuf {
    let current = fs::read_to_string(folder.join("db/CURRENT")).unwrap();
    folder.join("db").join(current.trim())
}

/// Where each fragment of a log begins, as its lengths say it.
fn fragments(bytes: &[u8]) -> Vec<usize> {
    let (mut at, mut found) = (0, Vec::new());
    while at + 7 <= bytes.len() {
        if 32_768 - at % 32_768 < 7 {
            at += 32_768 - at % 32_768;
            continue;
        }
        found.push(at);
        at += 7 + usize::from(u16::from_le_bytes([bytes[at + 4], bytes[at + 5]]));
    }
    found
}

#[test]
fn flips_that_look_like_a_torn_tail_are_refused_and_named() {
    let (world, sound, _) = closed();
    let mut tried = 0;
    for which in [newest_log, manifest] {
        let starts = fragments(&fs::read(which(&sound)).unwrap());
        assert!(starts.len() > 2, "{starts:?}");
        for start in [starts[0], starts[starts.len() / 2], starts[starts.len() - 1]] {
            for (what, offset, by) in UNSEEN {
                tried += 1;
                let folder = world.folder.path().join(format!("flipped-{tried}"));
                copy(&sound, &folder);
                let path = which(&folder);
                flip(&path, start + offset, by);
                let name = path.file_name().unwrap().to_str().unwrap();
                let told = faults(&folder);
                let damaged = |text: &String| text.contains(name) && text.contains(&format!("byte {start}:"));
                assert!(told.iter().any(damaged), "{what} at {start} of {name}: {told:?}");
                match Store::open(&folder, &StoreOptions::default()).unwrap_err() {
                    OpenError::Corrupt { what: said, .. } => assert!(said.contains(name), "{what}: {said}"),
                    other => panic!("{what}: {other}"),
                }
            }
        }
    }
}

#[test]
fn a_tail_that_is_torn_at_any_byte_is_forgiven() {
    let (world, sound, _) = closed();
    let bytes = fs::read(newest_log(&sound)).unwrap();
    let starts = fragments(&bytes);
    let last = starts[starts.len() - 1];
    for (number, end) in (last + 1..bytes.len()).step_by(97).enumerate() {
        let folder = world.folder.path().join(format!("torn-{number}"));
        copy(&sound, &folder);
        fs::write(newest_log(&folder), &bytes[..end]).unwrap();
        let report = check_folder(&folder).unwrap();
        assert_eq!(report.faults, Vec::<String>::new(), "torn at {end}");
        assert!(report.notes.iter().any(|note| note.contains("ends within")), "{:?}", report.notes);
        Engine::open(&EngineOptions::new(&folder)).unwrap();
    }
}
