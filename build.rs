//! Writes the built-in decks with their indexes, so that the program doesn't scan them at each start, and the version
//! with its commit.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

// The program's own scanner, of which only a part is used here.
#[allow(dead_code)]
#[path = "src/deck/fast_scan.rs"]
mod fast_scan;
#[allow(dead_code)]
#[path = "src/deck/index.rs"]
mod index;
#[allow(dead_code)]
#[path = "src/deck/packed.rs"]
mod packed;

use index::{Chunk, IndexWriter};
use packed::{MAX_DICTIONARY, PackWriter};

/// A deck that is built in.
struct Deck {
    name: PathBuf,
    text: Vec<u8>,
    questions: Vec<Chunk>,
    index: Vec<u8>,
}

fn main() -> io::Result<()> {
    for path in [
        "build.rs",
        "quizzes",
        "src/deck/fast_scan.rs",
        "src/deck/index.rs",
        "src/deck/packed.rs",
    ] {
        println!("cargo::rerun-if-changed={path}");
    }
    println!("cargo::rustc-env=AETHOS_VERSION={}", version());
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let mut decks = Vec::new();
    for entry in fs::read_dir("quizzes")? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            decks.push(Deck::read(&path)?);
        }
    }
    // The order in which files are listed differs between machines; the program must not.
    decks.sort_by(|a, b| a.name.cmp(&b.name));
    let dictionary = dictionary(&decks);
    for deck in &decks {
        let file = |extension: &str| out.join(deck.name.with_extension(extension));
        fs::write(file("head"), deck.head())?;
        fs::write(file("packed"), deck.pack(&dictionary))?;
        fs::write(file("index"), &deck.index)?;
    }
    fs::write(out.join("dictionary"), dictionary)
}

impl Deck {
    fn read(path: &Path) -> io::Result<Self> {
        let text = fs::read(path)?;
        let (questions, index) = index_of(&text);
        let name = PathBuf::from(path.file_stem().unwrap_or_default());
        Ok(Self {
            name,
            text,
            questions,
            index,
        })
    }

    /// Returns the text before the first question.
    fn head(&self) -> &[u8] {
        let end = self
            .questions
            .first()
            .map_or(self.text.len(), |first| first.start as usize);
        &self.text[..end]
    }

    fn question(&self, chunk: &Chunk) -> &[u8] {
        &self.text[chunk.start as usize..][..chunk.len as usize]
    }

    fn pack(&self, dictionary: &[u8]) -> Vec<u8> {
        let mut pack = PackWriter::default();
        for chunk in &self.questions {
            pack.push(chunk.start, self.question(chunk), dictionary);
        }
        pack.finish()
    }
}

/// Returns questions spread over all decks, as examples of what questions have in common.
fn dictionary(decks: &[Deck]) -> Vec<u8> {
    let questions: Vec<&[u8]> = decks
        .iter()
        .flat_map(|deck| deck.questions.iter().map(|chunk| deck.question(chunk)))
        .collect();
    let bytes: usize = questions.iter().map(|text| text.len()).sum();
    let step = bytes.div_ceil(MAX_DICTIONARY).max(1);
    let mut dictionary: Vec<u8> = questions
        .into_iter()
        .step_by(step)
        .flatten()
        .copied()
        .collect();
    dictionary.truncate(MAX_DICTIONARY);
    dictionary
}

/// Returns the version and, where it is known, the commit: `0.1.0 (1a2b3c4d5)`.
fn version() -> String {
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    match commit() {
        Some(commit) => format!("{version} ({})", commit.get(..9).unwrap_or(&commit)),
        None => version,
    }
}

/// Returns the commit from which the program is built: from `AETHOS_COMMIT`, from the file that `cargo package` adds,
/// or in a release build from the repository. A development build doesn't ask, because each commit would rebuild it.
fn commit() -> Option<String> {
    const PACKAGED: &str = ".cargo_vcs_info.json";
    println!("cargo::rerun-if-env-changed=AETHOS_COMMIT");
    let is_hash = |text: &String| text.len() >= 7 && text.chars().all(|c| c.is_ascii_hexdigit());
    if let Some(given) = env::var("AETHOS_COMMIT").ok().filter(is_hash) {
        return Some(given);
    }
    if let Ok(packaged) = fs::read_to_string(PACKAGED) {
        println!("cargo::rerun-if-changed={PACKAGED}");
        let hash = packaged.split("\"sha1\": \"").nth(1)?.split('"').next()?;
        return Some(hash.to_owned()).filter(is_hash);
    }
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    // A packaged program inside another repository isn't built from that repository's commit.
    if !is_release || !Path::new(".git").exists() {
        return None;
    }
    if let Some(log) =
        git(&["rev-parse", "--git-path", "logs/HEAD"]).filter(|log| Path::new(log).exists())
    {
        println!("cargo::rerun-if-changed={log}");
    }
    git(&["rev-parse", "HEAD"]).filter(is_hash)
}

/// Returns the output of a git command, or `None` without git or a repository.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// Returns the positions of a deck's questions, and its index.
fn index_of(text: &[u8]) -> (Vec<Chunk>, Vec<u8>) {
    let mut questions = Vec::new();
    let mut index = IndexWriter::default();
    let mut start = fast_scan::next_header(text, 0, true).unwrap_or(text.len());
    let mut line = 1 + lines(&text[..start]);
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let Some((found, len)) = fast_scan::scan_question(rest, true) else {
            break;
        };
        let chunk = Chunk {
            start: start as u32,
            len: len as u32,
            line,
        };
        index.push(chunk, &found);
        questions.push(chunk);
        line += lines(&rest[..len]);
        start += len;
    }
    (questions, index.finish())
}

fn lines(text: &[u8]) -> u32 {
    memchr::memchr_iter(b'\n', text).count() as u32
}
