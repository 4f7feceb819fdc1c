//! The number of due questions, counted without reading any deck.

use std::collections::HashSet;

use super::home::{practice_day, wall_ms};
use super::{Folder, Refused};
use crate::core::id::PersonId;
use crate::core::time::Day;
use crate::store::Store;

/// Counts the questions due today that are not suspended. Does not create a history if there is none.
///
/// # Errors
/// A history that can't be read.
pub fn count_due(folder: &Folder) -> Result<usize, Refused> {
    let history = folder.history();
    if history.symlink_metadata().is_err() {
        return Ok(0);
    }
    let settings = folder.settings().unwrap_or_default();
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
