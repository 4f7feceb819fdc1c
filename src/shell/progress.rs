//! Where somebody stands in practice.

use std::collections::BTreeMap;

use super::{Refused, Workspace};
use crate::app::agenda::Progress;
use crate::core::progress::Recalls;
use crate::core::time::{Day, Millis};

/// Days of the heat map: 53 weeks, so that a year is whole whatever day it is.
const YEAR: i32 = 53 * 7;
const DAY_MS: i64 = 86_400_000;

impl Workspace {
    /// What is recalled of each competency, the year day by day, and the time of each week.
    ///
    /// # Errors
    /// What the store says.
    pub fn progress(&self) -> Result<Progress, Refused> {
        let (today, person) = (self.today(), self.person);
        let known = self.store.recalls(person)?;
        let blueprint = &self.library.outline.blueprint;
        let mut all = Recalls::default();
        let recalls = blueprint.competencies.iter().map(|competency| {
            let found = known.iter().find(|(id, _)| *id == competency.id).map(|(_, recalls)| *recalls);
            let recalls = found.unwrap_or_default();
            all.tried += recalls.tried;
            all.recalled += recalls.recalled;
            (competency.title.line(), recalls)
        });
        let recalls = recalls.collect();
        let mut weeks: BTreeMap<Day, Millis> = BTreeMap::new();
        for practised in self.store.practised(person, self.wall_ms() - i64::from(YEAR) * DAY_MS)? {
            // The days of the answers, so that days and weeks agree in every time zone.
            let day = practised.day.unwrap_or_else(|| self.practice_day(practised.started_at));
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
