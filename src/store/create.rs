//! Creates a history, and the files and folders around it, which are private to their owner.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::error::{Inside, StoreError};
use super::{MEMORY, beside, migrate, review};

/// The endings of a database and of the files that `SQLite` puts beside it.
const JOURNALS: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// Creates a history under a temporary name and renames it when it is complete, so a failure leaves no incomplete
/// file.
pub(super) fn begin(file: &Path, is_there: bool) -> Result<(), StoreError> {
    let writing = |error: &io::Error| StoreError::writing(file, error);
    let folder = file.parent().unwrap_or(Path::new("."));
    private_folder(folder).map_err(|error| writing(&error))?;
    let fresh = beside(
        file,
        &format!(".{:016x}.new", RandomState::new().build_hasher().finish()),
    );
    let image = empty().map_err(|error| error.about(file));
    let made = image.and_then(|image| write_empty(&fresh, image).map_err(|error| writing(&error)));
    let named = made.and_then(|()| name(&fresh, file, is_there).map_err(|error| writing(&error)));
    for ending in JOURNALS {
        // Most of these files no longer exist.
        let _ = fs::remove_file(beside(&fresh, ending));
    }
    named
}

/// Returns the bytes of an empty history. They are assembled in memory, because each step in a file would wait for the
/// disk several times.
fn empty() -> Result<Vec<u8>, Inside> {
    let mut connection = Connection::open_in_memory()?;
    migrate::migrate(&mut connection, Path::new(MEMORY))?;
    review::mark_derived(&connection)?;
    Ok(connection.serialize("main")?.to_vec())
}

/// The bytes in the header of a database that name its journal, and their value for a write-ahead log.
pub(super) const JOURNAL_MODE: Range<usize> = 18..20;
const WRITE_AHEAD: u8 = 2;

/// Writes an empty history to a new file, which is on the disk afterwards. It has a write-ahead log, or the rollback
/// journal on a file system without support for the former.
fn write_empty(fresh: &Path, mut image: Vec<u8>) -> io::Result<()> {
    let mut file = new_private(fresh)?;
    // A database has a header of 100 bytes.
    let rollback = image[JOURNAL_MODE].to_vec();
    image[JOURNAL_MODE].fill(WRITE_AHEAD);
    file.write_all(&image)?;
    if !is_readable(fresh) {
        file.seek(SeekFrom::Start(JOURNAL_MODE.start as u64))?;
        file.write_all(&rollback)?;
    }
    file.sync_all()
}

fn is_readable(file: &Path) -> bool {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(file, flags)
        .and_then(|connection| migrate::is_current(&connection))
        .is_ok_and(|is_current| is_current)
}

/// Renames the new file to its final name, unless another process was faster.
fn name(fresh: &Path, file: &Path, is_there: bool) -> io::Result<()> {
    if is_there {
        return fs::rename(fresh, file);
    }
    match fs::hard_link(fresh, file) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // Not every file system supports hard links.
        Err(_) if !file.exists() => fs::rename(fresh, file),
        named => named,
    }
}

/// Creates the folder and its missing parents, which only their owner can use, whatever the umask.
///
/// # Errors
/// A failure of the file system.
pub fn private_folder(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        private_folder(parent)?;
    }
    #[allow(unused_mut, reason = "set on Unix")]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        // Another process was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        Err(error) => Err(error),
        Ok(()) => {
            #[cfg(unix)]
            restrict(fs::metadata(folder)?, 0o700, |mode| {
                fs::set_permissions(folder, mode)
            });
            Ok(())
        }
    }
}

/// Creates an empty file that only its owner can use, whatever the umask; `SQLite` gives its journal the same
/// permissions.
pub(super) fn create(file: &Path) -> io::Result<()> {
    new_private(file).map(drop)
}

/// Creates a file for writing that only its owner can use, whatever the umask.
///
/// # Errors
/// There is such a file, or the file system fails.
pub fn new_private(file: &Path) -> io::Result<File> {
    let file = private().write(true).create_new(true).open(file)?;
    keep_private(&file);
    Ok(file)
}

/// Returns options that create a file for its owner only, unless the umask takes even that right.
pub(super) fn private() -> OpenOptions {
    #[allow(unused_mut, reason = "set on Unix")]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Gives the owner of a new file the rights that the umask took.
pub(super) fn keep_private(file: &File) {
    #[cfg(unix)]
    if let Ok(found) = file.metadata() {
        restrict(found, 0o600, |mode| file.set_permissions(mode));
    }
    #[cfg(not(unix))]
    let _ = file;
}

/// Sets the permissions if they differ. A file system without permissions can't, and needs none.
#[cfg(unix)]
fn restrict(found: fs::Metadata, mode: u32, set: impl FnOnce(fs::Permissions) -> io::Result<()>) {
    use std::os::unix::fs::PermissionsExt;
    if found.permissions().mode() & 0o777 != mode {
        let _ = set(fs::Permissions::from_mode(mode));
    }
}

/// How old the file of an unfinished creation must be to be removed; a creation takes milliseconds.
const ABANDONED: Duration = Duration::from_secs(60);

/// Removes what processes left that were killed while they created this history.
pub(super) fn remove_leftovers(file: &Path) {
    let Some((Ok(entries), name)) = file.parent().map(fs::read_dir).zip(file.file_name()) else {
        return;
    };
    let is_old = |entry: &fs::DirEntry| {
        let changed = entry.metadata().and_then(|found| found.modified());
        changed.is_ok_and(|changed| changed.elapsed().is_ok_and(|age| age > ABANDONED))
    };
    for entry in entries.flatten() {
        if is_temporary(&entry.file_name(), name) && is_old(&entry) {
            // A leftover does no harm, so it may stay if it cannot be removed.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Returns true for the temporary names of a history and of the files that `SQLite` puts beside them.
fn is_temporary(found: &OsStr, history: &OsStr) -> bool {
    let rest = |found: &str| {
        let rest = found.strip_prefix(history.to_str()?)?.strip_prefix('.')?;
        let (number, ending) = rest.split_once(".new")?;
        let is_number = number.len() == 16 && number.bytes().all(|byte| byte.is_ascii_hexdigit());
        Some(is_number && JOURNALS.contains(&ending))
    };
    found.to_str().and_then(rest).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::super::Store;
    use super::*;

    #[test]
    fn what_a_killed_creation_left_is_removed_after_a_minute() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("history.db");
        let leave = |name: &str, age: u64| {
            let file = File::create(folder.path().join(name)).unwrap();
            let then = SystemTime::now() - Duration::from_secs(age);
            file.set_modified(then).unwrap();
        };
        leave("history.db.0123456789abcdef.new", 90);
        leave("history.db.0123456789abcdef.new-wal", 90);
        leave("history.db.fedcba9876543210.new", 5);
        leave("history.db.mine.new", 90);
        leave("homework.db.0123456789abcdef.new", 90);
        drop(Store::open(&file).unwrap());
        let names = fs::read_dir(folder.path()).unwrap().flatten();
        let mut names: Vec<_> = names.map(|entry| entry.file_name()).collect();
        names.sort();
        let kept = [
            "history.db",
            "history.db.fedcba9876543210.new",
            "history.db.mine.new",
            "homework.db.0123456789abcdef.new",
        ];
        assert_eq!(names, kept);
    }
}
