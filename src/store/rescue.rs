//! Saves the data of an open history after its file was replaced, moved or deleted.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::create::create;
use super::open::free_name;
use super::{Loss, Store, StoreError};

impl Store {
    /// Returns the path for a rescued history: a new file beside this one.
    pub fn rescue_path(&self) -> PathBuf {
        free_name(self.name())
    }

    /// Creates a new history at `path` with all readable data of this one and opens it.
    ///
    /// # Errors
    /// The new file can't be written.
    pub fn rescue(&self, path: &Path) -> Result<Store, StoreError> {
        let copied = match self.check_file() {
            // The old file stays open as long as this store exists, even without a name.
            Err(StoreError::Lost {
                loss: Loss::Gone | Loss::Replaced | Loss::Journal,
                ..
            }) => self.copy_to(path),
            _ => false,
        };
        let rescued = match Store::open(path) {
            Err(_) if copied => {
                // A copy of a damaged history is useless; a new file can at least store the current session.
                fs::remove_file(path).map_err(|error| StoreError::writing(path, &error))?;
                Store::open(path)?
            }
            opened => opened?,
        };
        // This restores the timeout that was set; if it can't be read, the default applies.
        if let Ok(patience) = self
            .connection
            .pragma_query_value(None, "busy_timeout", |row| row.get::<_, u32>(0))
        {
            rescued.set_patience(Duration::from_millis(patience.into()));
        }
        Ok(rescued)
    }

    fn copy_to(&self, path: &Path) -> bool {
        let Some(text) = path.to_str() else {
            return false;
        };
        if create(path).is_err() {
            return false;
        }
        let copied = self.connection.execute("VACUUM INTO ?1", [text]).is_ok();
        if !copied {
            // An incomplete copy is useless.
            let _ = fs::remove_file(path);
        }
        copied
    }
}
