//! One process to a session: a lock on a file beside the history, held for as long as the session is open.
//!
//! The operating system lets go of the lock when the holder ends in whatever
//! way, so that a file left behind by a killed process bars nobody.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

#[cfg(unix)]
use super::identity::place;
use super::open::private;
use super::{Store, StoreError, beside, session};
use crate::core::id::SessionId;

/// What the name of a lock file ends with.
const ENDING: &str = ".lock";

/// The right to continue a session; given back when dropped.
#[derive(Debug)]
pub struct Claim {
    /// `None` for a history in memory, which no other process sees.
    lock: Option<(PathBuf, File)>,
}

impl Store {
    /// Claims `session` for this process.
    ///
    /// # Errors
    /// [`StoreError::Claimed`] with the process that has it.
    pub fn claim(&self, session: &SessionId) -> Result<Claim, StoreError> {
        session::checked(session)?;
        self.check_writable()?;
        let Some(file) = &self.file else { return Ok(Claim { lock: None }) };
        let path = beside(file, &format!("-{session}{ENDING}"));
        loop {
            let mut lock = private()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)
                .map_err(|error| StoreError::writing(&path, &error))?;
            match lock.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(StoreError::Claimed { session: session.clone(), pid: holder(&mut lock) });
                }
                Err(TryLockError::Error(error)) => return Err(StoreError::writing(&path, &error)),
            }
            // The holder before may have removed the file between our open and our lock.
            if is_still(&path, &lock) {
                sign(&mut lock).map_err(|error| StoreError::writing(&path, &error))?;
                return Ok(Claim { lock: Some((path, lock)) });
            }
        }
    }
}

impl Store {
    /// Claims all sessions that another process could hold: those with a lock file.
    ///
    /// # Errors
    /// [`StoreError::Claimed`] with the first one that another process has and of which `concerns` holds.
    pub(super) fn claim_all(&self, concerns: impl Fn(&SessionId) -> bool) -> Result<Vec<Claim>, StoreError> {
        let Some((folder, name)) = self.file.as_deref().and_then(|file| file.parent().zip(file.file_name())) else {
            return Ok(Vec::new());
        };
        let prefix = format!("{}-", name.to_string_lossy());
        let entries = fs::read_dir(folder).map_err(|error| StoreError::reading(folder, &error))?;
        let mut claims = Vec::new();
        for entry in entries.flatten() {
            let name = entry.file_name();
            let id = name.to_str().and_then(|name| name.strip_prefix(&prefix)?.strip_suffix(ENDING));
            let Some(id) = id.map(SessionId::new).filter(|id| session::checked(id).is_ok() && concerns(id)) else {
                continue;
            };
            claims.push(self.claim(&id)?);
        }
        Ok(claims)
    }
}

fn sign(lock: &mut File) -> io::Result<()> {
    lock.set_len(0)?;
    lock.write_all(std::process::id().to_string().as_bytes())
}

/// The holder locks first and signs then, so a moment of patience finds the number.
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

/// Elsewhere a file in use cannot be removed.
#[cfg(not(unix))]
fn is_still(path: &Path, _: &File) -> bool {
    path.exists()
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some((path, _)) = &self.lock {
            // Removed while still locked; where that fails, the file stays and bars nobody.
            let _ = fs::remove_file(path);
        }
    }
}
