//! Tests of cached indexes.

use std::fmt::Write;

use super::super::outline::Outline;
use super::super::scan::scan_text;
use super::*;

struct Case {
    folder: tempfile::TempDir,
    outline: Outline,
}

impl Case {
    fn new() -> Self {
        let case = Self {
            folder: tempfile::tempdir().unwrap(),
            outline: Outline::builtin(),
        };
        let mut text = "[deck]\nid = \"large\"\n".to_owned();
        for n in 0..1500 {
            let retired = if n % 7 == 0 {
                "retired = \"old\"\n"
            } else {
                ""
            };
            // Two questions have the same id, and one has no level.
            let id = if n == 40 { 39 } else { n };
            let level = if n == 50 { "" } else { "level = \"mid\"\n" };
            write!(
                text,
                "\n[[question]]\nid = \"q.{id}\"\nfacet = \"consensus-paxos-raft\"\n{level}{retired}type = \"single\"\n\
                 seconds = 60\nstem = \"{n:0>100}\"\n",
            )
            .unwrap();
        }
        fs::write(case.deck(), text).unwrap();
        case
    }

    fn deck(&self) -> PathBuf {
        self.folder.path().join("large.toml")
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    /// Indexes the deck as if it were old enough.
    fn index(&self) -> Option<PathBuf> {
        let later = SystemTime::now() + 2 * SETTLED;
        Cache(&self.cache()).index(&self.deck(), later).unwrap();
        let mut files = fs::read_dir(self.cache()).unwrap().flatten();
        let found = files.next().map(|entry| entry.path());
        assert!(files.next().is_none());
        found
    }

    fn restored(&self) -> Option<(Scan, Checks)> {
        let (deck, _) = open(&self.deck()).unwrap();
        let facets = self.outline.facets();
        Cache(&self.cache()).restore(&self.deck(), &deck, &Text::new("large"), &facets)
    }
}

#[test]
fn a_deck_is_restored_as_it_was_scanned() {
    let case = Case::new();
    assert!(case.restored().is_none());
    case.index();
    let text = fs::read_to_string(case.deck()).unwrap();
    let scanned = scan_text(&text, &Text::new("large"), &case.outline.facets());
    assert!(scanned.entries.len() > 1000 && !scanned.retired.is_empty());
    assert!(scanned.deferred.len() == 1 && scanned.incomplete.len() == 1);
    let (scan, checks) = case.restored().unwrap();
    assert_eq!(format!("{scan:?}"), format!("{scanned:?}"));
    for chunk in &scan.chunks {
        let text = &text[chunk.start as usize..][..chunk.len as usize];
        assert!(checks.fit(chunk.start, text.as_bytes()));
    }
}

#[test]
fn a_damaged_index_is_not_used() {
    let case = Case::new();
    let file = case.index().unwrap();
    let bytes = fs::read(&file).unwrap();
    for at in (0..bytes.len()).step_by(997).chain([bytes.len() - 1]) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x10;
        fs::write(&file, &damaged).unwrap();
        assert!(case.restored().is_none(), "byte {at}");
        fs::write(&file, &bytes[..at]).unwrap();
        assert!(case.restored().is_none(), "{at} bytes");
    }
    fs::write(&file, &bytes).unwrap();
    assert!(case.restored().is_some());
}

#[test]
fn an_index_with_a_valid_checksum_does_no_harm_whatever_it_holds() {
    let case = Case::new();
    let file = case.index().unwrap();
    let bytes = fs::read(&file).unwrap();
    let content = &bytes[..bytes.len() - CHECK];
    for at in (FORMAT.len()..content.len()).step_by(61) {
        let mut forged = content.to_vec();
        forged[at] ^= 0xff;
        forged.extend(*blake3::hash(&forged).as_bytes());
        fs::write(&file, forged).unwrap();
        if let Some((scan, checks)) = case.restored() {
            let length = fs::metadata(case.deck()).unwrap().len();
            for chunk in scan.chunks {
                assert!(u64::from(chunk.start) + u64::from(chunk.len) <= length);
                checks.fit(chunk.start, b"another text");
            }
        }
    }
}

#[test]
fn a_deck_that_changed_is_scanned() {
    let case = Case::new();
    case.index();
    let text = fs::read(case.deck()).unwrap();
    // The same bytes in a new file.
    let copy = case.folder.path().join("copy");
    fs::write(&copy, &text).unwrap();
    fs::rename(&copy, case.deck()).unwrap();
    assert!(case.restored().is_none());
    case.index();
    assert!(case.restored().is_some());
    // The same file with another time.
    let file = File::options().append(true).open(case.deck()).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(60))
        .unwrap();
    assert!(case.restored().is_none());
}

#[test]
fn a_question_that_differs_from_its_index_is_refused_and_the_index_deleted() {
    let case = Case::new();
    let file = case.index().unwrap();
    let (scan, checks) = case.restored().unwrap();
    assert!(!checks.fit(scan.chunks[3].start, b"another question"));
    assert!(!file.exists() && case.restored().is_none());
}

#[test]
fn what_may_still_change_or_is_small_or_broken_is_not_indexed() {
    let case = Case::new();
    let cache = case.cache();
    Cache(&cache)
        .index(&case.deck(), SystemTime::now())
        .unwrap();
    assert!(!cache.exists());
    let mut text = fs::read(case.deck()).unwrap();
    text[150_000] = 0xff;
    fs::write(case.deck(), &text).unwrap();
    assert!(case.index().is_none());
    fs::write(case.deck(), "[deck]\nid = \"small\"\n[[question]]\n").unwrap();
    assert!(case.index().is_none());
    Cache(&cache)
        .index(Path::new("/no/such/deck"), SystemTime::now())
        .unwrap();
}
