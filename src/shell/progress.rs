//! A person's progress in practice.

use std::collections::BTreeMap;

use super::{Refused, Workspace};
use crate::app::agenda::Progress;
use crate::core::progress::Recalls;
use crate::core::time::{Day, Millis};

/// The number of days in the heat map: 53 weeks, so that every day of the last year is included.
const YEAR: i32 = 53 * 7;
const DAY_MS: i64 = 86_400_000;

impl Workspace {
    /// Returns the share recalled per competency, the answers per day of the last year, and the time per week.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn progress(&self) -> Result<Progress, Refused> {
        let (today, person) = (self.today(), self.person);
        let known = self.store.recalls(person)?;
        let blueprint = &self.library.outline.blueprint;
        let mut all = Recalls::default();
        let recalls = blueprint.competencies.iter().map(|competency| {
            let found = known
                .iter()
                .find(|(id, _)| *id == competency.id)
                .map(|(_, recalls)| *recalls);
            let recalls = found.unwrap_or_default();
            all.tried += recalls.tried;
            all.recalled += recalls.recalled;
            (competency.title.line(), recalls)
        });
        let recalls = recalls.collect();
        let mut weeks: BTreeMap<Day, Millis> = BTreeMap::new();
        for practised in self
            .store
            .practised(person, self.wall_ms() - i64::from(YEAR) * DAY_MS)?
        {
            // The stored day of an answer is used, so that days and weeks agree in every time zone.
            let day = practised
                .day
                .unwrap_or_else(|| self.practice_day(practised.started_at));
            *weeks.entry(day.monday()).or_default() += practised.spent;
        }
        Ok(Progress {
            today,
            recalls,
            all,
            days: self.store.answers_by_day(person, today.plus(-YEAR))?,
            streak: self.streak(today)?,
            weeks: weeks.into_iter().collect(),
        })
    }
}
