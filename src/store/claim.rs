//! Session locks: a lock on a file next to the history allows only one process at a time to continue a session.
//!
//! The operating system releases the lock when its process ends for any reason, so a lock file left behind by a killed
//! process blocks no one.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::create::{keep_private, private};
#[cfg(unix)]
use super::identity::place;
use super::{Store, StoreError, beside, session};
use crate::core::id::SessionId;

/// The suffix of lock files.
const ENDING: &str = ".lock";
/// How often a held lock is tried: a process that has just started may hold it to remove it.
const ATTEMPTS: u32 = 10;

/// The exclusive right to continue a session; released when dropped.
#[derive(Debug)]
pub struct Claim {
    /// `None` for an in-memory history, which no other process can open.
    lock: Option<(PathBuf, File)>,
}

impl Store {
    /// Claims `session` for this process.
    ///
    /// # Errors
    /// [`StoreError::Claimed`] with the id of the process that holds the session.
    pub fn claim(&self, session: &SessionId) -> Result<Claim, StoreError> {
        self.claim_within(ATTEMPTS, session)
    }

    fn claim_within(&self, mut attempts: u32, session: &SessionId) -> Result<Claim, StoreError> {
        session::checked(session)?;
        self.check_writable()?;
        let Some(file) = &self.file else {
            return Ok(Claim { lock: None });
        };
        let path = beside(file, &format!("-{session}{ENDING}"));
        loop {
            let mut lock = private()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)
                .map_err(|error| StoreError::writing(&path, &error))?;
            keep_private(&lock);
            match lock.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) if attempts > 1 => {
                    attempts -= 1;
                    thread::sleep(Duration::from_millis(2));
                    continue;
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(StoreError::Claimed {
                        session: session.clone(),
                        pid: holder(&mut lock),
                    });
                }
                Err(TryLockError::Error(error)) => return Err(StoreError::writing(&path, &error)),
            }
            // The previous holder may have removed the file between our open and our lock.
            if is_still(&path, &lock) {
                sign(&mut lock).map_err(|error| StoreError::writing(&path, &error))?;
                return Ok(Claim {
                    lock: Some((path, lock)),
                });
            }
        }
    }
}

impl Store {
    /// Claims every session that another process could hold: those with a lock file.
    ///
    /// # Errors
    /// [`StoreError::Claimed`] with the first session held by another process for which `concerns` returns true.
    pub(super) fn claim_all(
        &self,
        concerns: impl Fn(&SessionId) -> bool,
    ) -> Result<Vec<Claim>, StoreError> {
        let locked = self.locked()?.into_iter().filter(concerns);
        locked.map(|id| self.claim(&id)).collect()
    }

    /// Removes the lock files of killed processes.
    pub(super) fn remove_stale_locks(&self) {
        for id in self.locked().unwrap_or_default() {
            // A claim that succeeds removes its file; one that fails is held by another process.
            drop(self.claim_within(1, &id));
        }
    }

    /// Returns the sessions that have a lock file.
    fn locked(&self) -> Result<Vec<SessionId>, StoreError> {
        let Some((folder, name)) = self
            .file
            .as_deref()
            .and_then(|file| file.parent().zip(file.file_name()))
        else {
            return Ok(Vec::new());
        };
        let prefix = format!("{}-", name.to_string_lossy());
        let entries = fs::read_dir(folder).map_err(|error| StoreError::reading(folder, &error))?;
        let id_of = |name: &str| {
            let id = name.strip_prefix(&prefix)?.strip_suffix(ENDING)?;
            Some(SessionId::new(id)).filter(|id| session::checked(id).is_ok())
        };
        let names = entries.flatten().map(|entry| entry.file_name());
        Ok(names.filter_map(|name| id_of(name.to_str()?)).collect())
    }
}

fn sign(lock: &mut File) -> io::Result<()> {
    lock.set_len(0)?;
    lock.write_all(std::process::id().to_string().as_bytes())
}

/// The holder writes its process id after it has locked the file, so this retries for a moment.
fn holder(lock: &mut File) -> Option<u32> {
    for _ in 0..10 {
        let mut text = String::new();
        lock.rewind().ok()?;
        lock.take(20).read_to_string(&mut text).ok()?;
        if let Ok(pid) = text.parse() {
            return Some(pid);
        }
        thread::sleep(Duration::from_millis(1));
    }
    None
}

#[cfg(unix)]
fn is_still(path: &Path, lock: &File) -> bool {
    match (fs::metadata(path), lock.metadata()) {
        (Ok(named), Ok(held)) => place(&named) == place(&held),
        _ => false,
    }
}

/// On other platforms a file in use can't be removed.
#[cfg(not(unix))]
fn is_still(path: &Path, _: &File) -> bool {
    path.exists()
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some((path, _)) = &self.lock {
            // The file is removed while still locked. If that fails, the file stays but blocks no one.
            let _ = fs::remove_file(path);
        }
    }
}
