//! Saves what an open history holds after its file was replaced, moved or deleted.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::open::{create, free_name};
use super::{Loss, Store, StoreError};

impl Store {
    /// Returns the path for a rescued history: a new file beside this one.
    pub fn rescue_path(&self) -> PathBuf {
        free_name(self.name())
    }

    /// Opens a new history at `path`, with all that this one had where that can still be read.
    ///
    /// # Errors
    /// The new file cannot be written.
    pub fn rescue(&self, path: &Path) -> Result<Store, StoreError> {
        let copied = match self.check_file() {
            // The old file is open as long as this store is, even without a name.
            Err(StoreError::Lost { loss: Loss::Gone | Loss::Replaced | Loss::Journal, .. }) => self.copy_to(path),
            _ => false,
        };
        let rescued = match Store::open(path) {
            Err(_) if copied => {
                // A copy of what is damaged helps nobody; a new file takes at least the session under way.
                fs::remove_file(path).map_err(|error| StoreError::writing(path, &error))?;
                Store::open(path)?
            }
            opened => opened?,
        };
        // The number is the one that was set; without it the usual patience holds.
        if let Ok(patience) = self.connection.pragma_query_value(None, "busy_timeout", |row| row.get::<_, u32>(0)) {
            rescued.set_patience(Duration::from_millis(patience.into()));
        }
        Ok(rescued)
    }

    fn copy_to(&self, path: &Path) -> bool {
        let Some(text) = path.to_str() else { return false };
        if create(path).is_err() {
            return false;
        }
        let copied = self.connection.execute("VACUUM INTO ?1", [text]).is_ok();
        if !copied {
            // Half a copy is none.
            let _ = fs::remove_file(path);
        }
        copied
    }
}
