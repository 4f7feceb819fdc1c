//! The number of due questions, counted without reading any deck.

use std::collections::HashSet;
use std::io;

use super::home::{practice_day, wall_ms};
use super::{BadConfig, Folder};
use crate::core::id::PersonId;
use crate::core::time::Day;
use crate::store::{Store, StoreError};

/// The reason why the due questions can't be counted.
#[derive(Debug, thiserror::Error)]
pub enum UncountedDue {
    #[error(transparent)]
    Config(#[from] BadConfig),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Counts the questions due today that are not suspended. Does not create a history if there is none.
///
/// # Errors
/// A history or settings that can't be read.
pub fn count_due(folder: &Folder) -> Result<usize, UncountedDue> {
    let history = folder.history();
    let settings = folder.settings()?;
    let found = history.symlink_metadata();
    // Creating an empty history in memory would take longer than a prompt may wait.
    if found.is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        return Ok(0);
    }
    let today = practice_day(wall_ms(), settings.day_starts_at);
    let store = Store::open(&history)?;
    let suspended: HashSet<(String, String)> = store
        .suspended(PersonId::YOU)?
        .into_iter()
        .map(|(deck, question)| (deck.to_string(), question.to_string()))
        .collect();
    let mut count = 0;
    store.each_due(PersonId::YOU, Day(i32::MIN)..=today, |due| {
        let place = (due.deck.to_owned(), due.question.to_owned());
        count += usize::from(!suspended.contains(&place));
        true
    })?;
    Ok(count)
}
