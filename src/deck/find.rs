//! Finds deck files under the paths that a user named and in the data folder.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::diagnostic::Diagnostic;
use super::diagnostic_code::DiagnosticCode;
use super::source::display_path;

/// The largest depth of nested folders that are searched.
const MAX_DEPTH: usize = 4;
/// The largest number of folder entries that are visited in total.
const MAX_ENTRIES: usize = 20_000;

/// A search for deck files: the unique files found so far, in order, and the problems of unreadable paths.
#[derive(Debug, Default)]
pub struct DeckFinder {
    pub files: Vec<PathBuf>,
    pub diagnostics: Vec<Diagnostic>,
    known: HashSet<PathBuf>,
    looked_at: usize,
    /// The number of deck files found so far, including duplicates.
    seen: usize,
}

impl DeckFinder {
    /// Adds a file, whatever its name, or the `*.toml` files of a folder.
    pub fn add(&mut self, path: &Path) {
        match path.metadata() {
            Ok(metadata) if metadata.is_dir() => {
                let before = (self.seen, self.diagnostics.len());
                self.folder(path, 1);
                if before == (self.seen, self.diagnostics.len()) {
                    let problem = Diagnostic::of_file(
                        DiagnosticCode::NoDecks,
                        &display_path(path),
                        0,
                        "there is no deck in this folder",
                    );
                    self.diagnostics.push(problem.help(
                        "a deck is a file whose name ends in .toml; `aethos new` writes one",
                    ));
                }
            }
            Ok(_) => self.file(path.to_owned()),
            Err(error) => self.unreadable(path, &error),
        }
    }

    /// Adds the deck files of a folder, which may be missing.
    pub fn add_if_there(&mut self, folder: &Path) {
        match folder.metadata() {
            Ok(metadata) if metadata.is_dir() => self.folder(folder, 1),
            Err(_) if folder.symlink_metadata().is_err() => {}
            _ => self.add(folder),
        }
    }

    /// Adds the deck files of a folder and its subfolders, except hidden ones, which belong to other tools.
    ///
    /// Links to folders are not followed inside a folder, because they may form a cycle.
    fn folder(&mut self, folder: &Path, depth: usize) {
        let mut entries: Vec<_> = match fs::read_dir(folder) {
            Ok(entries) => entries.flatten().take(MAX_ENTRIES + 1).collect(),
            Err(error) => return self.unreadable(folder, &error),
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            self.looked_at += 1;
            if self.looked_at > MAX_ENTRIES {
                if self.looked_at == MAX_ENTRIES + 1 {
                    let message = format!(
                        "more than {MAX_ENTRIES} entries: the rest of the folder is not looked at"
                    );
                    self.diagnostics.push(Diagnostic::of_file(
                        DiagnosticCode::TooLarge,
                        &display_path(folder),
                        0,
                        message,
                    ));
                }
                return;
            }
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            let path = entry.path();
            let is_deck = path
                .extension()
                .is_some_and(|extension| extension == "toml");
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth < MAX_DEPTH => self.folder(&path, depth + 1),
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

    fn unreadable(&mut self, path: &Path, error: &io::Error) {
        self.diagnostics.push(unreadable(path, error));
    }
}

/// Describes a file or folder that can't be read, and what to do about it.
pub fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let target = fs::read_link(path).ok();
    let (message, help) = match (error.kind(), target) {
        (io::ErrorKind::NotFound, Some(target)) => (
            format!(
                "cannot be read: it is a link to {}, which doesn't exist",
                display_path(&target).line()
            ),
            "correct or remove the link",
        ),
        (io::ErrorKind::NotFound, None) => (
            "cannot be read: there is no such file or folder".to_owned(),
            "check the path; `aethos decks` lists the decks that are there",
        ),
        (io::ErrorKind::PermissionDenied, _) => (
            "cannot be read: you have no permission to read it".to_owned(),
            "allow it (`chmod u+r`, and u+x for a folder), or copy the deck to a folder of yours",
        ),
        _ => (format!("cannot be read: {error}"), ""),
    };
    let problem = Diagnostic::of_file(DiagnosticCode::Unreadable, &display_path(path), 0, message);
    match help {
        "" => problem,
        help => problem.help(help),
    }
}
