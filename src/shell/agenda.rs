//! What the practice screen and the home screen's line of it show.

use std::collections::HashMap;

use super::Shell;
use super::bank::Bank;
use super::start::Refused;
use crate::core::id::FacetId;
use crate::core::practice::{Drill, Why};
use crate::core::progress::Streak;
use crate::core::queue::FEEDBACK;
use crate::core::time::Day;
use crate::store::{Listed, StoreError};
use crate::tui::agenda::{Agenda, DrillLine, Plan, PracticeLine};

/// Days of the plan where no interview is set.
const AHEAD: i32 = 14;
/// The longest plan that is drawn.
const FARTHEST: i32 = 26 * 7;
/// The assessment that is kept is for so many days before the interview.
const KEPT_BEFORE: i32 = 3;
/// Days of which a streak is counted on the home screen, which must not wait for a long one.
const COUNTED: usize = 400;

impl Shell {
    /// What there is to practise in so many minutes, and in the days to come.
    ///
    /// # Errors
    /// What the store says.
    pub fn agenda(&self, minutes: u32) -> Result<Agenda, Refused> {
        let bank = Bank::of(self)?;
        let (today, person) = (self.today(), self.person);
        let offers = self.offers(&bank, &Drill::Daily, minutes)?;
        let of = |why: Why| offers.iter().filter(|offer| offer.why == why).count();
        let parts = [Why::Due, Why::SureAndWrong, Why::Weak, Why::New].map(|why| (why, of(why)));
        let factor = self.settings.time_multiplier.get();
        let competencies = &self.library.outline.blueprint.competencies;
        let weakest = self.weakest(&self.newest()?)?;
        let is_exhausted = |i: &usize| bank.kept_of(*i) > 0 && bank.new_of(*i).next().is_none();
        let interview = self.settings.interview.map(|date| date.0);
        Ok(Agenda {
            today,
            minutes,
            parts: parts.into_iter().filter(|(_, n)| *n > 0).collect(),
            seconds: offers.iter().map(|offer| offer.cost(factor)).sum(),
            due: self.store.count_due(person, today)?,
            weakest: weakest.map(|i| competencies[i].title.line()),
            idle: if offers.is_empty() { Some(self.idle(&bank, &Drill::Daily)?) } else { None },
            nothing_new: (0..competencies.len()).filter(is_exhausted).map(|i| competencies[i].title.line()).collect(),
            plan: self.load_ahead(today, interview)?,
            drills: self.drills(&bank)?,
            interview,
            streak: self.streak(today)?,
        })
    }

    /// What comes due on each day until the interview. What comes again after it was practised is not in it.
    fn load_ahead(&self, today: Day, interview: Option<Day>) -> Result<Plan, StoreError> {
        let ahead = interview.filter(|interview| *interview >= today);
        let last = ahead.unwrap_or(today.plus(AHEAD - 1)).min(today.plus(FARTHEST));
        let mut days: Vec<(Day, u32, u64)> = (0..=last.since(today)).map(|n| (today.plus(n), 0, 0)).collect();
        let mut later = 0;
        for (day, questions, seconds) in self.store.load_until(self.person, Day(i32::MAX))? {
            // What was due before is due today.
            match days.get_mut(day.since(today).max(0) as usize) {
                Some(line) => {
                    line.1 += questions;
                    line.2 += seconds + u64::from(questions * FEEDBACK);
                }
                None => later += questions,
            }
        }
        let factor = self.settings.time_multiplier.get();
        days.iter_mut().for_each(|line| line.2 = (line.2 as f64 * factor).round() as u64);
        let kept = ahead.map(|interview| interview.plus(-KEPT_BEFORE)).filter(|kept| *kept >= today);
        Ok(Plan { days, kept, later })
    }

    fn drills(&self, bank: &Bank) -> Result<Vec<DrillLine>, StoreError> {
        let count = |drill: &Drill| Ok::<_, StoreError>(self.offers(bank, drill, 24 * 60)?.len());
        let mut lines = Vec::new();
        for (drill, title) in
            [(Drill::Wrong, "Wrong last time"), (Drill::SureAndWrong, "Sure and wrong"), (Drill::Flagged, "Flagged")]
        {
            let questions = count(&drill)?;
            lines.push(DrillLine { drill, title: title.to_owned(), questions, facets: Vec::new() });
        }
        for (i, competency) in self.library.outline.blueprint.competencies.iter().enumerate() {
            let mut of_facet: HashMap<&FacetId, usize> = HashMap::new();
            let remembered = self.store.remembered_of(self.person, &competency.id)?;
            let answered = remembered.iter().filter_map(|r| bank.place(r.deck.as_str(), r.question.as_str()));
            for place in answered.chain(bank.new_of(i)) {
                *of_facet.entry(&bank.entry(place).facet).or_default() += 1;
            }
            let questions = of_facet.values().sum();
            let facets = competency.facets.iter().map(|facet| DrillLine {
                drill: Drill::Facet(facet.id.clone()),
                title: facet.title.line(),
                questions: of_facet.get(&facet.id).copied().unwrap_or(0),
                facets: Vec::new(),
            });
            let (drill, facets) = (Drill::Competency(competency.id.clone()), facets.collect());
            lines.push(DrillLine { drill, title: competency.title.line(), questions, facets });
        }
        Ok(lines)
    }

    /// The streak up to today.
    pub(super) fn streak(&self, today: Day) -> Result<Streak, StoreError> {
        let mut days = Vec::new();
        let mut before = today.plus(1);
        while let Some(day) = self.store.day_before(self.person, before)?.filter(|_| days.len() < COUNTED) {
            days.push(day);
            before = day;
        }
        Ok(Streak::of(days.into_iter()))
    }

    /// The line of practice on the home screen, from indexes alone.
    pub(super) fn practice_line(&self, listed: &[Listed]) -> Result<PracticeLine, StoreError> {
        let today = self.today();
        let weakest = self.weakest(listed)?;
        let title = |i: usize| self.library.outline.blueprint.competencies[i].title.line();
        let streak = self.streak(today)?;
        Ok(PracticeLine {
            due: self.store.count_due(self.person, today)?,
            weakest: weakest.map(title),
            streak: if streak.goes_on(today) { streak.days } else { 0 },
        })
    }
}
