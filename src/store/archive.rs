//! Backups: several files in one `SQLite` file, each with its digest; and copies of a history that is in use.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::create::create;
use super::error::reason;
use super::open::set_journal_mode;
use super::{Store, StoreError, beside};

/// `SQLite`'s application id, which identifies a backup of aethos: "aetb".
const APPLICATION: u32 = 0x6165_7462;
/// The version of the layout. A newer one is refused.
const FORMAT: u32 = 1;
/// The maximum size of all files of a backup, in bytes.
const LARGEST: i64 = 4 << 30;
/// How long to wait for another process before a history counts as in use.
const IN_USE: Duration = Duration::from_millis(300);

const SCHEMA: &str = "
    CREATE TABLE backup (format INTEGER NOT NULL, made_at INTEGER NOT NULL, program TEXT NOT NULL, digest BLOB NOT NULL) STRICT;
    CREATE TABLE file (name TEXT PRIMARY KEY, digest BLOB NOT NULL, content BLOB NOT NULL) STRICT;
";

/// A file in a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchivedFile {
    /// Its path from the data folder, with `/` between its parts.
    pub name: String,
    pub content: Vec<u8>,
}

/// A backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    /// When it was made, in Unix milliseconds.
    pub made_at: i64,
    /// The version of aethos that made it.
    pub program: String,
    pub files: Vec<ArchivedFile>,
}

/// The reason why a backup can't be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error("{} already exists: add --force to replace it", .0.display())]
    Exists(PathBuf),
    #[error("{} can't be written: {why}", .file.display())]
    Unwritable { file: PathBuf, why: String },
    #[error("{} can't be read: {why}", .file.display())]
    Unreadable { file: PathBuf, why: String },
    #[error("{} is not a backup of aethos: `aethos backup FILE` writes one", .0.display())]
    NotBackup(PathBuf),
    #[error("{} was written by a newer aethos: update aethos to restore it", .0.display())]
    Newer(PathBuf),
    #[error("{} is damaged ({what}); nothing was changed: use another backup", .file.display())]
    Damaged { file: PathBuf, what: String },
    #[error("{} is incomplete: {there} of {all} bytes are there; nothing was changed: copy the file again, or use another backup", .file.display())]
    Incomplete { file: PathBuf, there: u64, all: u64 },
}

impl Archive {
    /// Writes the backup to a new file, or over an existing one if `replaces` is true. The file is complete or absent.
    ///
    /// # Errors
    /// The file exists, or the file system fails.
    pub fn write(&self, file: &Path, replaces: bool) -> Result<(), ArchiveError> {
        let unwritable = |why: String| ArchiveError::Unwritable {
            file: file.to_owned(),
            why,
        };
        if !replaces && fs::symlink_metadata(file).is_ok() {
            return Err(ArchiveError::Exists(file.to_owned()));
        }
        let part = beside(file, ".part");
        // What a killed backup left behind.
        let _ = fs::remove_file(&part);
        create(&part).map_err(|error| unwritable(error.to_string()))?;
        let written = self
            .write_into(&part)
            .map_err(|error| unwritable(error.to_string()))
            .and_then(|()| {
                let sync = || fs::File::open(&part)?.sync_all();
                sync().map_err(|error: io::Error| unwritable(error.to_string()))?;
                fs::rename(&part, file).map_err(|error| unwritable(error.to_string()))
            });
        if written.is_err() {
            // The original error is more useful than that of the removal.
            let _ = fs::remove_file(&part);
        }
        written
    }

    fn write_into(&self, file: &Path) -> rusqlite::Result<()> {
        let mut connection = Connection::open(file)?;
        connection.pragma_update_and_check(None, "journal_mode", "off", |_| Ok(()))?;
        connection.pragma_update(None, "application_id", APPLICATION)?;
        let transaction = connection.transaction()?;
        transaction.execute_batch(SCHEMA)?;
        for file in &self.files {
            let digest = blake3::hash(&file.content);
            let row = (&file.name, digest.as_bytes(), &file.content);
            transaction.execute("INSERT INTO file VALUES (?1, ?2, ?3)", row)?;
        }
        let row = (FORMAT, self.made_at, &self.program, self.digest());
        transaction.execute("INSERT INTO backup VALUES (?1, ?2, ?3, ?4)", row)?;
        transaction.commit()?;
        connection.close().map_err(|(_, error)| error)
    }

    /// Returns a digest of all names and contents.
    fn digest(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.made_at.to_le_bytes());
        hasher.update(blake3::hash(self.program.as_bytes()).as_bytes());
        for file in &self.files {
            hasher.update(blake3::hash(file.name.as_bytes()).as_bytes());
            hasher.update(blake3::hash(&file.content).as_bytes());
        }
        *hasher.finalize().as_bytes()
    }

    /// Reads a backup and checks that it is what was written.
    ///
    /// # Errors
    /// It is no backup, or it is damaged.
    pub fn read(file: &Path) -> Result<Self, ArchiveError> {
        let unreadable = |error: io::Error| ArchiveError::Unreadable {
            file: file.to_owned(),
            why: error.to_string(),
        };
        let found = fs::metadata(file).map_err(unreadable)?;
        if !found.is_file() {
            return Err(ArchiveError::NotBackup(file.to_owned()));
        }
        let all = size_of_backup(file).map_err(unreadable)?;
        if let Some(all) = all.filter(|all| *all > found.len()) {
            return Err(ArchiveError::Incomplete {
                file: file.to_owned(),
                there: found.len(),
                all,
            });
        }
        let damaged = |what: String| ArchiveError::Damaged {
            file: file.to_owned(),
            what,
        };
        let not_backup = |_| ArchiveError::NotBackup(file.to_owned());
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        // Absolute, so that SQLite does not take `:memory:` for something else.
        let path = std::path::absolute(file).map_err(unreadable)?;
        let connection = Connection::open_with_flags(path, flags).map_err(not_backup)?;
        let settings =
            "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;";
        connection.execute_batch(settings).map_err(not_backup)?;
        let id: u32 = connection
            .pragma_query_value(None, "application_id", |row| row.get(0))
            .map_err(not_backup)?;
        if id != APPLICATION {
            return Err(ArchiveError::NotBackup(file.to_owned()));
        }
        let (archive, format, digest) = Self::read_from(&connection)
            .map_err(|error| damaged(reason(&error)))
            .map_err(|error| match format_of(&connection) {
                Some(format) if format > FORMAT => ArchiveError::Newer(file.to_owned()),
                _ => error,
            })?;
        if format > FORMAT {
            return Err(ArchiveError::Newer(file.to_owned()));
        }
        if archive.digest()[..] != digest {
            return Err(damaged("its content differs from its digest".to_owned()));
        }
        Ok(archive)
    }

    fn read_from(connection: &Connection) -> rusqlite::Result<(Self, u32, Vec<u8>)> {
        let sql = "SELECT coalesce(sum(length(content)), 0) FROM file";
        let size: i64 = connection.query_row(sql, [], |row| row.get(0))?;
        if size > LARGEST {
            return Err(rusqlite::Error::QueryReturnedNoRows);
        }
        let mut statement = connection.prepare("SELECT name, content FROM file ORDER BY rowid")?;
        let files = statement.query_map([], |row| {
            Ok(ArchivedFile {
                name: row.get(0)?,
                content: row.get(1)?,
            })
        })?;
        let files = files.collect::<rusqlite::Result<Vec<_>>>()?;
        let sql = "SELECT made_at, program, format, digest FROM backup";
        connection.query_row(sql, [], |row| {
            let (made_at, program) = (row.get(0)?, row.get(1)?);
            let archive = Self {
                made_at,
                program,
                files,
            };
            Ok((archive, row.get(2)?, row.get(3)?))
        })
    }
}

/// Returns the size in bytes that a backup says it has; `None` if the file doesn't begin like a backup.
fn size_of_backup(file: &Path) -> io::Result<Option<u64>> {
    let mut header = Vec::new();
    fs::File::open(file)?.take(100).read_to_end(&mut header)?;
    let number = |at: usize| -> Option<u32> {
        let bytes = header.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(bytes))
    };
    let is_backup = header.starts_with(b"SQLite format 3\0") && number(68) == Some(APPLICATION);
    let page = match header.get(16..18) {
        // The largest page size doesn't fit into its two bytes.
        Some([0, 1]) => 65_536,
        Some([high, low]) => u64::from(u16::from_be_bytes([*high, *low])),
        _ => return Ok(None),
    };
    Ok(number(28)
        .filter(|_| is_backup)
        .map(|pages| u64::from(pages) * page))
}

fn format_of(connection: &Connection) -> Option<u32> {
    let sql = "SELECT format FROM backup";
    connection.query_row(sql, [], |row| row.get(0)).ok()
}

impl Store {
    /// Returns the content of a file with everything that is saved in this history at one moment, whatever other
    /// processes write meanwhile.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn snapshot(&mut self) -> Result<Vec<u8>, StoreError> {
        // SQLite reads all pages in one transaction, those in the write-ahead log included.
        self.check_file()?;
        let copied = self.connection.serialize("main").map(|data| data.to_vec());
        copied.map_err(|error| self.explain(error.into()))
    }

    /// Closes the history so that its file can be moved: everything is in this one file afterwards.
    ///
    /// # Errors
    /// [`StoreError::Claimed`] if a session runs in another process, [`StoreError::InUse`] if another process has the
    /// history open.
    pub fn close_to_move(self) -> Result<(), StoreError> {
        self.check_writable()?;
        self.check_file()?;
        let _claims = self.claim_all(|_| true)?;
        self.set_patience(IN_USE);
        let in_use = |_| StoreError::InUse {
            file: self.name().to_owned(),
        };
        // SQLite gives up the write-ahead log only for the last connection. With a rollback journal in memory, a process
        // that is killed leaves none beside the file.
        set_journal_mode(&self.connection, "memory")
            .map_err(in_use)
            .and_then(|mode| match mode.as_str() {
                "memory" => Ok(()),
                _ => Err(in_use(rusqlite::Error::QueryReturnedNoRows)),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive() -> Archive {
        let file = |name: &str, content: &[u8]| ArchivedFile {
            name: name.to_owned(),
            content: content.to_vec(),
        };
        Archive {
            made_at: 1_700_000_000_000,
            program: "0.1.0".to_owned(),
            files: vec![
                file("config.toml", b"theme = \"light\"\n"),
                file("decks/mine.toml", &[b'x'; 9000]),
            ],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a b.backup");
        archive().write(&file, false).unwrap();
        assert_eq!(Archive::read(&file).unwrap(), archive());
        let refused = archive().write(&file, false).unwrap_err();
        assert!(matches!(refused, ArchiveError::Exists(_)), "{refused}");
        archive().write(&file, true).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn every_changed_or_missing_byte_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("backup");
        archive().write(&file, false).unwrap();
        let whole = fs::read(&file).unwrap();
        for at in (0..whole.len()).step_by(97) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x10;
            fs::write(&file, &bytes).unwrap();
            // Some bytes of SQLite's pages mean nothing.
            assert!(
                Archive::read(&file).is_err() || Archive::read(&file).unwrap() == archive(),
                "byte {at}"
            );
        }
        for length in [0, 50, 4096, whole.len() / 2, whole.len() - 1] {
            fs::write(&file, &whole[..length]).unwrap();
            let refused = Archive::read(&file).unwrap_err();
            let is_incomplete = matches!(refused, ArchiveError::Incomplete { .. });
            assert!(is_incomplete || length < 100, "{length} bytes: {refused}");
        }
    }

    #[test]
    fn other_files_are_no_backups() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("history.db");
        drop(Store::open(&file).unwrap());
        let refused = Archive::read(&file).unwrap_err();
        assert!(matches!(refused, ArchiveError::NotBackup(_)), "{refused}");
        fs::write(&file, "a text").unwrap();
        let refused = Archive::read(&file).unwrap_err();
        assert!(matches!(refused, ArchiveError::NotBackup(_)), "{refused}");
    }
}
