//! The decks that count for the score because they were asked before decks had to state it.

use super::{Store, StoreError};
use crate::core::id::DeckId;

impl Store {
    /// Returns the decks that keep counting, each with whether the person was told.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn counted_decks(&self) -> Result<Vec<(DeckId, bool)>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT deck, told FROM counted_deck ORDER BY deck";
            let mut statement = connection.prepare_cached(sql)?;
            let decks = statement.query_map([], |row| {
                Ok((DeckId::new(row.get::<_, String>(0)?), row.get(1)?))
            })?;
            Ok(decks.collect::<Result<_, _>>()?)
        })
    }

    /// Marks that the person was told which decks keep counting.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn tell_counted_decks(&mut self) -> Result<(), StoreError> {
        self.write(|transaction| {
            transaction.execute("UPDATE counted_deck SET told = 1 WHERE NOT told", [])?;
            Ok(())
        })
    }
}
