//! Backup of the data folder to one file, and its restoration.

use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use super::home::{iso, moment, wall_ms};
use super::settings_file::writable_target;
use super::{BadConfig, Folder};
use crate::core::id::PersonId;
use crate::core::text::Text;
use crate::store::{
    Archive, ArchiveError, ArchivedFile, Store, StoreError, new_private, private_folder,
};

/// The histories in the data folder.
const HISTORIES: [&str; 2] = ["history.db", "homework.db"];
const CONFIG: &str = "config.toml";
const DECKS: &str = "decks";
/// How deep folders of decks may be nested.
const DEEPEST: usize = 8;

/// The reason why a backup can't be made or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Config(#[from] BadConfig),
    #[error("{} can't be read: {error}", .file.display())]
    Unreadable { file: PathBuf, error: io::Error },
    #[error("{} can't be written: {error}", .file.display())]
    Unwritable { file: PathBuf, error: io::Error },
    #[error("there is nothing to back up in {} yet", .0.display())]
    Nothing(PathBuf),
    #[error(
        "the backup contains the file {0:?}, which is none of aethos; nothing was changed: use another backup"
    )]
    Stranger(Text),
    #[error("the backup's {file} is damaged ({what}); nothing was changed: use another backup")]
    Damaged { file: &'static str, what: String },
}

/// What a backup holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackupContents {
    /// When it was made, such as `21 Nov 2026, 14:05`.
    pub made_at: String,
    pub sessions: usize,
    /// The number of them that can be resumed.
    pub open: usize,
    /// The number of people you mentor.
    pub people: usize,
    pub has_homework: bool,
    pub has_settings: bool,
    pub decks: usize,
    /// Damaged parts of the history, a line each.
    pub damage: Vec<String>,
}

impl Folder {
    /// Writes a consistent copy of the histories, the settings and the own decks to one file, while other processes may
    /// use them.
    ///
    /// # Errors
    /// There is nothing to back up, or a file can't be read or written.
    pub fn back_up(&self, file: &Path, replaces: bool) -> Result<BackupContents, BackupError> {
        let mut files = Vec::new();
        let mut contents = BackupContents::default();
        for name in HISTORIES {
            let mut store = Store::open_existing(&self.path().join(name))?;
            if store.is_in_file() {
                contents.add_history(name, &store)?;
                files.push(ArchivedFile {
                    name: name.to_owned(),
                    content: store.snapshot()?,
                });
            }
        }
        let config = self.config();
        if config.is_file() {
            files.push(ArchivedFile {
                name: CONFIG.to_owned(),
                content: read(&config)?,
            });
        }
        decks(&self.path().join(DECKS), DECKS, DEEPEST, &mut files)?;
        if files.is_empty() {
            return Err(BackupError::Nothing(self.path().to_owned()));
        }
        let made_at = wall_ms();
        contents.add_files(made_at, &files);
        let archive = Archive {
            made_at,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            files,
        };
        let special = |error: io::Error| ArchiveError::Unwritable {
            file: file.to_owned(),
            why: error.to_string(),
        };
        // A link stays, and the file that it leads to is replaced.
        let file = match replaces {
            true => &writable_target(file).map_err(special)?,
            false => file,
        };
        archive.write(file, replaces)?;
        Ok(contents)
    }

    /// Returns true if there is data that a restoration would put aside.
    pub fn has_data(&self) -> bool {
        let names = HISTORIES.into_iter().chain([CONFIG, DECKS]);
        names
            .into_iter()
            .any(|name| self.path().join(name).exists())
    }

    /// Reads a backup, checks it completely, and unpacks it beside the data, which stays as it is.
    ///
    /// # Errors
    /// The backup is damaged, or the data folder can't be written.
    pub fn unpack(&self, file: &Path) -> Result<Unpacked, BackupError> {
        let archive = Archive::read(file)?;
        for file in &archive.files {
            if !is_known(&file.name) {
                return Err(BackupError::Stranger(Text::new(&file.name)));
            }
        }
        let staged = self.free("restoring");
        let mut unpacked = Unpacked {
            folder: self.clone(),
            staged,
            contents: BackupContents::default(),
        };
        let contents = &mut unpacked.contents;
        contents.add_files(archive.made_at, &archive.files);
        for file in &archive.files {
            write(&unpacked.staged.join(&file.name), &file.content)?;
        }
        for name in HISTORIES {
            let store = Store::open_existing(&unpacked.staged.join(name))?;
            if store.is_in_file() {
                // Practice can go on with a damaged row, which its commands name.
                if let Some(what) = store.verify_answers()?.into_iter().next() {
                    return Err(BackupError::Damaged { file: name, what });
                }
                contents.add_history(name, &store)?;
            }
        }
        Folder::at(&unpacked.staged).settings()?;
        Ok(unpacked)
    }

    /// Returns a path in the data folder that doesn't exist.
    fn free(&self, name: &str) -> PathBuf {
        let path = |n: usize| match n {
            1 => self.path().join(name),
            n => self.path().join(format!("{name}-{n}")),
        };
        let mut paths = (1..10_000).map(path);
        paths.find(|path| !path.exists()).unwrap_or_else(|| path(1))
    }
}

/// A backup that was checked and unpacked beside the data. Dropping it removes what was unpacked.
#[derive(Debug)]
pub struct Unpacked {
    folder: Folder,
    staged: PathBuf,
    pub contents: BackupContents,
}

impl Unpacked {
    /// Puts the present data aside and the backup in its place; returns the folder of the former data, if there was any.
    /// If that fails, the present data is put back.
    ///
    /// # Errors
    /// A session runs in another process, another process has the history open, or a file can't be moved.
    pub fn restore(self) -> Result<Option<PathBuf>, BackupError> {
        for name in HISTORIES {
            match Store::open_existing(&self.folder.path().join(name)) {
                Ok(store) if store.is_in_file() => store.close_to_move()?,
                // A history that can't be opened is a reason to restore one.
                Ok(_) | Err(StoreError::Damaged { .. } | StoreError::NotDatabase { .. }) => {}
                Err(StoreError::Unpaired { .. } | StoreError::BadJournal { .. }) => {}
                Err(StoreError::Orphaned { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let day = iso(wall_ms());
        let day = day.split('T').next().unwrap_or_default();
        let aside = self.folder.free(&format!("before-restore-{day}"));
        let mut moved: Vec<(PathBuf, PathBuf)> = Vec::new();
        let result = self.exchange(&aside, &mut moved);
        if result.is_err() {
            for (from, to) in moved.iter().rev() {
                // The original error is more useful than another one.
                let _ = fs::rename(to, from);
            }
        }
        result?;
        Ok(aside.exists().then_some(aside))
    }

    fn exchange(
        &self,
        aside: &Path,
        moved: &mut Vec<(PathBuf, PathBuf)>,
    ) -> Result<(), BackupError> {
        let mut rename = |from: PathBuf, to: PathBuf| {
            let result = fs::rename(&from, &to);
            result.map_err(|error| BackupError::Unwritable {
                file: to.clone(),
                error,
            })?;
            moved.push((from, to));
            Ok::<(), BackupError>(())
        };
        let journals = ["", "-wal", "-shm", "-journal"];
        let histories = HISTORIES.iter().flat_map(|name| {
            journals
                .iter()
                .map(move |journal| format!("{name}{journal}"))
        });
        let names: Vec<String> = histories
            .chain([CONFIG.to_owned(), DECKS.to_owned()])
            .collect();
        for name in &names {
            let from = self.folder.path().join(name);
            if fs::symlink_metadata(&from).is_ok() {
                private_folder(aside).map_err(|error| BackupError::Unwritable {
                    file: aside.to_owned(),
                    error,
                })?;
                rename(from, aside.join(name))?;
            }
        }
        for name in &names {
            let from = self.staged.join(name);
            if fs::symlink_metadata(&from).is_ok() {
                rename(from, self.folder.path().join(name))?;
            }
        }
        sync(self.folder.path());
        Ok(())
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        // What stays is only a copy of the backup.
        let _ = fs::remove_dir_all(&self.staged);
    }
}

impl BackupContents {
    fn add_history(&mut self, name: &str, store: &Store) -> Result<(), StoreError> {
        if name == HISTORIES[0] {
            self.sessions = store.session_ids()?.len();
            self.open = store.waiting_sessions(PersonId::YOU)?.len();
            let others = store.people()?.into_iter();
            self.people = others.filter(|person| person.id != PersonId::YOU).count();
        }
        self.damage.extend(store.damage());
        Ok(())
    }

    fn add_files(&mut self, made_at: i64, files: &[ArchivedFile]) {
        let has = |name: &str| files.iter().any(|file| file.name == name);
        self.made_at = moment(made_at);
        self.has_homework = has(HISTORIES[1]);
        self.has_settings = has(CONFIG);
        let prefix = format!("{DECKS}/");
        let decks = files.iter().filter(|file| file.name.starts_with(&prefix));
        self.decks = decks.count();
    }
}

/// Adds the files of a folder of decks, except hidden ones.
fn decks(
    folder: &Path,
    name: &str,
    depth: usize,
    files: &mut Vec<ArchivedFile>,
) -> Result<(), BackupError> {
    let unreadable = |error| BackupError::Unreadable {
        file: folder.to_owned(),
        error,
    };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut entries = entries
        .collect::<io::Result<Vec<_>>>()
        .map_err(unreadable)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let Some(own) = entry.file_name().to_str().map(str::to_owned) else {
            continue;
        };
        let name = format!("{name}/{own}");
        // Follows links, because a deck may be in another folder.
        let found = fs::metadata(&path);
        match found {
            _ if own.starts_with('.') => {}
            Ok(found) if found.is_dir() && depth > 0 => decks(&path, &name, depth - 1, files)?,
            Ok(found) if found.is_file() => files.push(ArchivedFile {
                name,
                content: read(&path)?,
            }),
            _ => {}
        }
    }
    Ok(())
}

/// Returns true for the names that a backup can have: paths that stay inside the data folder.
fn is_known(name: &str) -> bool {
    let is_plain = |part: Component| matches!(part, Component::Normal(_));
    let is_inside = Path::new(name).components().all(is_plain) && !name.contains('\\');
    let is_deck = name
        .strip_prefix("decks/")
        .is_some_and(|deck| !deck.is_empty() && !deck.contains(':'));
    is_inside && (HISTORIES.contains(&name) || name == CONFIG || is_deck)
}

fn read(file: &Path) -> Result<Vec<u8>, BackupError> {
    fs::read(file).map_err(|error| BackupError::Unreadable {
        file: file.to_owned(),
        error,
    })
}

/// Writes a new file that only its owner can read, and its folders.
fn write(file: &Path, content: &[u8]) -> Result<(), BackupError> {
    let written = || -> io::Result<()> {
        if let Some(folder) = file.parent() {
            private_folder(folder)?;
        }
        let mut file = new_private(file)?;
        file.write_all(content)?;
        file.sync_all()
    };
    written().map_err(|error| BackupError::Unwritable {
        file: file.to_owned(),
        error,
    })
}

/// Makes the renamed files of a folder survive a power cut, where the system can.
fn sync(folder: &Path) {
    if let Ok(folder) = fs::File::open(folder) {
        // Some file systems can't.
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_data_folder() {
        for name in [
            "history.db",
            "config.toml",
            "decks/a.toml",
            "decks/team/b.toml",
        ] {
            assert!(is_known(name), "{name}");
        }
        for name in [
            "",
            "decks",
            "decks/",
            "/etc/passwd",
            "decks/../x",
            "../history.db",
            "history.db-wal",
            "decks/./../../x",
            "decks\\..\\x",
            "decks/C:x",
            "other/x",
        ] {
            assert!(!is_known(name), "{name}");
        }
    }
}
