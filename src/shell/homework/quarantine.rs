//! The folder for lines and files that could not be collected, each with the reason.

use std::fs;
use std::io;
use std::path::PathBuf;

use crate::core::id::{Fingerprint, SessionId};
use crate::core::text::Text;
use crate::shell::{Folder, create_whole};
use crate::store::private_folder;

impl Folder {
    /// Returns the folder for what could not be collected.
    pub fn quarantine(&self) -> PathBuf {
        self.path().join("quarantine")
    }

    /// Keeps what was refused. The same content is kept once, whatever its file is called.
    ///
    /// # Errors
    /// A failure of the file system.
    pub(super) fn keep_refused(
        &self,
        whose: Option<(&SessionId, usize)>,
        why: &str,
        content: &str,
    ) -> io::Result<PathBuf> {
        let folder = self.quarantine();
        private_folder(&folder)?;
        let hash = &Fingerprint::of(&format!("{why}\n{content}")).to_string()[..16];
        let name = match whose {
            Some((form, seat)) => format!("{}{hash}.txt", prefix(form, seat)),
            None => format!("unknown-{hash}.txt"),
        };
        let path = folder.join(name);
        let text = format!("# Not collected: {}\n{content}\n", Text::new(why).line());
        match create_whole(&path, &text) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(path),
        }
    }

    /// Deletes what was refused of a person's results.
    ///
    /// # Errors
    /// A failure of the file system.
    pub(in crate::shell) fn forget_refused(&self, form: &SessionId, seat: usize) -> io::Result<()> {
        let prefix = prefix(form, seat);
        let entries = match fs::read_dir(self.quarantine()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(&prefix) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

fn prefix(form: &SessionId, seat: usize) -> String {
    format!("{form}-{seat}-")
}
