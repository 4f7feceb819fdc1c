//! The data of the practice screen and of the practice line on the home screen.

use std::collections::HashMap;

use super::bank::Bank;
use super::queue::suspended;
use super::{Refused, Workspace};
use crate::app::agenda::{Agenda, Coverage, DrillLine, PACE_DAYS, Plan, PracticeLine, Weakest};
use crate::core::id::FacetId;
use crate::core::practice::{Drill, QueueReason};
use crate::core::progress::Streak;
use crate::core::time::Day;
use crate::core::workload::spread;
use crate::store::{SessionRow, StoreError};

/// The number of days in the plan if no interview date is set.
const AHEAD: i32 = 14;
/// The maximum number of days in the plan.
const FARTHEST: i32 = 26 * 7;
/// The number of days before the interview for which the reserved assessment is planned.
const KEPT_BEFORE: i32 = 3;
/// The maximum streak, in days, that the home screen counts; counting a longer one would delay it.
const COUNTED: usize = 400;

impl Workspace {
    /// Returns what there is to practise in the given number of minutes, and the plan for the coming days.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn agenda(&self, minutes: u32) -> Result<Agenda, Refused> {
        let bank = Bank::of(self, &[]);
        let today = self.today();
        let offers = self.offers(&bank, &Drill::Daily, minutes)?;
        let of = |why: QueueReason| offers.iter().filter(|offer| offer.why == why).count();
        let parts = [
            QueueReason::Due,
            QueueReason::SureAndWrong,
            QueueReason::Weak,
            QueueReason::New,
        ]
        .map(|why| (why, of(why)));
        let factor = self.settings.time_multiplier.get();
        let weakest = self.named_weakest(&self.newest()?)?;
        let mut nothing_new = Vec::new();
        for competency in self.library.outline.blueprint.scored() {
            if bank.kept_of(&competency.id)? > 0 && bank.of_competency(&competency.id)?.1.is_empty()
            {
                nothing_new.push(competency.title.line());
            }
        }
        let interview = self.settings.interview.map(|date| date.0);
        Ok(Agenda {
            today,
            minutes,
            parts: parts.into_iter().filter(|(_, n)| *n > 0).collect(),
            seconds: offers.iter().map(|offer| offer.cost(factor)).sum(),
            due: self.count_due(&bank, today)?,
            weakest,
            idle: if offers.is_empty() {
                Some(self.idle(&bank, &Drill::Daily)?)
            } else {
                None
            },
            nothing_new,
            plan: self.load_ahead(&bank, today, interview, minutes)?,
            coverage: self.coverage(&bank, today)?,
            drills: self.drills(&bank)?,
            interview,
            streak: self.streak(today)?,
        })
    }

    /// Returns how many of the questions in the sets by competency the person has answered, and how many of late for the
    /// first time.
    fn coverage(&self, bank: &Bank, today: Day) -> Result<Coverage, StoreError> {
        let (mut all, mut seen) = (0, 0);
        for competency in &self.library.outline.blueprint.competencies {
            let (answered, new) = bank.of_competency(&competency.id)?;
            seen += answered.len();
            all += answered.len() + new.len();
        }
        let from = today.plus(1 - PACE_DAYS);
        Ok(Coverage {
            seen,
            all,
            recent: self.store.count_new_since(self.person, from)?,
        })
    }

    /// Distributes the questions due before the interview over days with the given number of minutes. Repetitions
    /// scheduled by that practice are not included.
    fn load_ahead(
        &self,
        bank: &Bank,
        today: Day,
        interview: Option<Day>,
        minutes: u32,
    ) -> Result<Plan, StoreError> {
        let ahead = interview.filter(|interview| *interview >= today);
        let last = ahead
            .unwrap_or(today.plus(AHEAD - 1))
            .min(today.plus(FARTHEST));
        let (costs, later) = self.costs_of_due(bank, today, last, Day(i32::MAX))?;
        let workload = spread(&costs, u64::from(minutes) * 60);
        let caught_up = workload.caught_up.map(|day| today.plus(day as i32));
        let days = (0..)
            .zip(workload.days)
            .map(|(n, (questions, seconds))| (today.plus(n), questions, seconds));
        let kept = ahead
            .map(|interview| interview.plus(-KEPT_BEFORE))
            .filter(|kept| *kept >= today);
        Ok(Plan {
            days: days.collect(),
            caught_up: (caught_up != Some(today)).then_some(caught_up),
            kept,
            later,
            left: workload.left,
        })
    }

    /// Returns for each day from today to `last` the seconds of each question that becomes due on it, where overdue ones
    /// count for today, and the number of questions that become due after `last` and up to `end`.
    fn costs_of_due(
        &self,
        bank: &Bank,
        today: Day,
        last: Day,
        end: Day,
    ) -> Result<(Vec<Vec<u64>>, u32), StoreError> {
        let mut costs: Vec<Vec<u64>> = vec![Vec::new(); last.since(today) as usize + 1];
        let mut later = 0;
        let factor = self.settings.time_multiplier.get();
        self.each_due(bank, Day(i32::MIN)..=end, |place, due| {
            match costs.get_mut(due.day.since(today).max(0) as usize) {
                Some(costs) => costs.push(bank.offer(place, QueueReason::Due, 0).cost(factor)),
                None => later += 1,
            }
            true
        })?;
        Ok((costs, later))
    }

    /// Returns the number of questions due today, and how many the plan of [`Workspace::load_ahead`] has for tomorrow.
    fn due_today_and_tomorrow(
        &self,
        bank: &Bank,
        today: Day,
    ) -> Result<(usize, usize), StoreError> {
        let tomorrow = today.plus(1);
        let interview = self.settings.interview.map(|date| date.0);
        let last = match interview {
            Some(interview) if interview >= today => interview.min(tomorrow),
            _ => tomorrow,
        };
        let (costs, _) = self.costs_of_due(bank, today, last, last)?;
        let seconds = u64::from(self.settings.minutes_per_day.get()) * 60;
        let planned = spread(&costs, seconds).days;
        let of_tomorrow = planned.get(1).map_or(0, |(questions, _)| *questions);
        Ok((costs[0].len(), of_tomorrow as usize))
    }

    fn drills(&self, bank: &Bank) -> Result<Vec<DrillLine>, StoreError> {
        let (wrong, sure_and_wrong) = (self.wrong(bank)?.len(), self.sure_and_wrong(bank)?.len());
        let flagged = self.flagged(bank)?.len();
        let mut lines: Vec<DrillLine> = [
            (Drill::Wrong, "Wrong last time", wrong),
            (Drill::SureAndWrong, "Sure and wrong", sure_and_wrong),
            (Drill::Flagged, "Flagged", flagged),
            (
                Drill::Suspended,
                "Suspended or disputed",
                suspended(bank)?.len(),
            ),
        ]
        .into_iter()
        .filter(|(drill, _, questions)| *drill != Drill::Suspended || *questions > 0)
        .map(|(drill, title, questions)| DrillLine {
            drill,
            title: title.to_owned(),
            questions,
            facets: Vec::new(),
        })
        .collect();
        for competency in &self.library.outline.blueprint.competencies {
            let mut of_facet: HashMap<&FacetId, usize> = HashMap::new();
            let (seen, new) = bank.of_competency(&competency.id)?;
            for place in seen.iter().chain(&new) {
                *of_facet.entry(&bank.entry(*place).facet).or_default() += 1;
            }
            let questions = of_facet.values().sum();
            let facets = competency.facets.iter().map(|facet| DrillLine {
                drill: Drill::Facet(facet.id.clone()),
                title: facet.title.line(),
                questions: of_facet.get(&facet.id).copied().unwrap_or(0),
                facets: Vec::new(),
            });
            let (drill, facets) = (Drill::Competency(competency.id.clone()), facets.collect());
            lines.push(DrillLine {
                drill,
                title: competency.title.line(),
                questions,
                facets,
            });
        }
        Ok(lines)
    }

    /// Returns the streak up to today.
    pub(super) fn streak(&self, today: Day) -> Result<Streak, StoreError> {
        let mut days = Vec::new();
        // After a flight to the west, the last practice may have the date of tomorrow, or even of the day after.
        let mut before = today.plus(3);
        while let Some(day) = self
            .store
            .day_before(self.person, before)?
            .filter(|_| days.len() < COUNTED)
        {
            days.push(day);
            before = day;
        }
        Ok(Streak::of(days.into_iter()))
    }

    /// Returns the weakest competency with its title.
    fn named_weakest(&self, listed: &[SessionRow]) -> Result<Option<Weakest>, StoreError> {
        let weakest = self.weakest(listed)?;
        let competencies = &self.library.outline.blueprint.competencies;
        Ok(weakest.map(|(i, all_wrong)| Weakest {
            title: competencies[i].title.line(),
            all_wrong,
        }))
    }

    /// Returns the line of practice on the home screen.
    pub(super) fn practice_line(&self, listed: &[SessionRow]) -> Result<PracticeLine, StoreError> {
        let today = self.today();
        let weakest = self.named_weakest(listed)?;
        let (bank, streak) = (Bank::of(self, &[]), self.streak(today)?);
        let (due, due_tomorrow) = self.due_today_and_tomorrow(&bank, today)?;
        Ok(PracticeLine {
            due,
            due_tomorrow,
            sure_and_wrong: self.sure_and_wrong(&bank)?.len(),
            weakest,
            streak: if streak.goes_on(today) {
                streak.days
            } else {
                0
            },
        })
    }
}
