//! Writes the indexes of the built-in decks, so that the program doesn't scan them at each start.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

// The program's own scanner, of which only a part is used here.
#[allow(dead_code)]
#[path = "src/deck/fast_scan.rs"]
mod fast_scan;
#[allow(dead_code)]
#[path = "src/deck/index.rs"]
mod index;

use index::{Chunk, IndexWriter};

fn main() -> io::Result<()> {
    for path in [
        "build.rs",
        "quizzes",
        "src/deck/fast_scan.rs",
        "src/deck/index.rs",
    ] {
        println!("cargo::rerun-if-changed={path}");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    for entry in fs::read_dir("quizzes")? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            let name = Path::new(path.file_stem().unwrap_or_default()).with_extension("index");
            fs::write(out.join(name), index_of(&fs::read(&path)?))?;
        }
    }
    Ok(())
}

/// Returns the index of a deck.
fn index_of(text: &[u8]) -> Vec<u8> {
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
        line += lines(&rest[..len]);
        start += len;
    }
    index.finish()
}

fn lines(text: &[u8]) -> u32 {
    memchr::memchr_iter(b'\n', text).count() as u32
}
