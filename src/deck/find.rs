//! Finds deck files in what a person named and in the data folder.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::code::Code;
use super::diagnostic::Diagnostic;
use super::source::shown;

/// Folders in folders are followed so deep.
const DEEPEST: usize = 4;
/// Entries of folders that are looked at, over all.
const MOST: usize = 20_000;

/// Deck files, each once and in order, and what could not be looked into.
#[derive(Debug, Default)]
pub struct Found {
    pub files: Vec<PathBuf>,
    pub diagnostics: Vec<Diagnostic>,
    known: HashSet<PathBuf>,
    looked_at: usize,
    /// Deck files seen so far, including those that were known already.
    seen: usize,
}

impl Found {
    /// Adds a file, whatever its name, or the `*.toml` files of a folder.
    pub fn add(&mut self, path: &Path) {
        match path.metadata() {
            Ok(metadata) if metadata.is_dir() => {
                let before = (self.seen, self.diagnostics.len());
                self.folder(path, 1);
                if before == (self.seen, self.diagnostics.len()) {
                    let problem =
                        Diagnostic::of_file(Code::NoDecks, &shown(path), 0, "there is no deck in this folder");
                    self.diagnostics
                        .push(problem.help("a deck is a file whose name ends in .toml; `aethos new` writes one"));
                }
            }
            Ok(_) => self.file(path.to_owned()),
            Err(error) => self.unreadable(path, &error),
        }
    }

    /// Adds a folder that need not be there.
    pub fn add_if_there(&mut self, folder: &Path) {
        match folder.metadata() {
            Ok(metadata) if metadata.is_dir() => self.folder(folder, 1),
            Err(_) if folder.symlink_metadata().is_err() => {}
            _ => self.add(folder),
        }
    }

    /// Adds the decks of a folder and of those in it, except hidden ones, which tools keep for themselves.
    ///
    /// A link to a folder is not followed from within a folder: it may lead in a circle.
    fn folder(&mut self, folder: &Path, depth: usize) {
        let mut entries: Vec<_> = match fs::read_dir(folder) {
            Ok(entries) => entries.flatten().take(MOST + 1).collect(),
            Err(error) => return self.unreadable(folder, &error),
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            self.looked_at += 1;
            if self.looked_at > MOST {
                if self.looked_at == MOST + 1 {
                    let message = format!("more than {MOST} entries: the rest of the folder is not looked at");
                    self.diagnostics.push(Diagnostic::of_file(Code::TooLarge, &shown(folder), 0, message));
                }
                return;
            }
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            let path = entry.path();
            let is_deck = path.extension().is_some_and(|extension| extension == "toml");
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth < DEEPEST => self.folder(&path, depth + 1),
                Ok(kind) if kind.is_dir() || !is_deck => {}
                Ok(_) => match path.metadata() {
                    Ok(metadata) if metadata.is_dir() => {}
                    Ok(_) => self.file(path),
                    Err(error) => self.unreadable(&path, &error),
                },
                Err(error) => self.unreadable(&path, &error),
            }
        }
    }

    fn file(&mut self, path: PathBuf) {
        self.seen += 1;
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        if self.known.insert(real) {
            self.files.push(path);
        }
    }

    fn unreadable(&mut self, path: &Path, error: &std::io::Error) {
        self.diagnostics.push(Diagnostic::of_file(
            Code::Unreadable,
            &shown(path),
            0,
            format!("cannot be read: {error}"),
        ));
    }
}
