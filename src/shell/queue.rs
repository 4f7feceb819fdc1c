//! The practice queue, built from what the person remembers, their weak spots and the blueprint.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::bank::{Bank, Place};
use super::{Refused, Workspace};
use crate::core::fill::{FEEDBACK, Offer, Room, by_weight, fill};
use crate::core::id::{CompetencyId, DeckId, FacetId, QuestionId};
use crate::core::measure::{missing_for_score, wilson};
use crate::core::practice::{Drill, QueueReason, Queued};
use crate::core::question::Kind;
use crate::core::time::Day;
use crate::session::Mode;
use crate::store::{Due, Remembered, SessionRow, StoreError};

/// The number of answers searched for wrong ones.
const LATEST: u32 = 1000;
/// The maximum number of due questions considered per day; no one answers more.
const OF_A_DAY: usize = 2000;
/// The number of newest sessions searched for a result.
pub(super) const SESSIONS: u32 = 20;

impl Workspace {
    /// Returns the questions to practise in the given number of minutes, in the order of asking.
    ///
    /// [`Drill::Daily`] takes the due questions, then confident mistakes, then the weakest competency, then new
    /// questions by blueprint. Each takes its expected time and the time to read the feedback. The queue stays the same
    /// during a day until something is answered. The questions come from `decks`, or from all decks if the list is
    /// empty.
    ///
    /// # Errors
    /// [`Refused::Idle`] with a suggestion if there is nothing to practise; or a failure of the store.
    pub fn queue(
        &self,
        drill: &Drill,
        minutes: u32,
        decks: &[DeckId],
    ) -> Result<Vec<Queued>, Refused> {
        let bank = Bank::of(self, decks);
        let offers = self.offers(&bank, drill, minutes)?;
        if offers.is_empty() {
            return Err(Refused::Idle(self.idle(&bank, drill)?));
        }
        let queued = |offer: &Offer| {
            let (d, e) = offer.place;
            let deck = &self.library.decks[d].deck;
            Queued {
                deck: deck.id.clone(),
                question: deck.entries[e].id.clone(),
                why: offer.why,
            }
        };
        Ok(offers.iter().map(queued).collect())
    }

    pub(super) fn offers<'a>(
        &self,
        bank: &Bank<'a>,
        drill: &Drill,
        minutes: u32,
    ) -> Result<Vec<Offer<'a>>, StoreError> {
        let seed = self.today().0.unsigned_abs().into();
        let room = Room {
            seconds: u64::from(minutes) * 60,
            factor: self.settings.time_multiplier.get(),
            new: self.new_left(drill)?,
        };
        let tiers = match drill {
            Drill::Daily => self.daily(bank, room, seed)?,
            Drill::Wrong => vec![self.wrong(bank)?],
            Drill::SureAndWrong => vec![self.sure_and_wrong(bank)?],
            Drill::Flagged => vec![self.flagged(bank)?],
            Drill::Suspended => vec![suspended(bank)?],
            Drill::Competency(id) => vec![self.of_competency(bank, id, None)?],
            Drill::Facet(facet) => match self.library.outline.blueprint.facet(facet) {
                Some((competency, _)) => {
                    vec![self.of_competency(bank, &competency.id, Some(facet))?]
                }
                None => Vec::new(),
            },
            // All of the named questions are practised, whatever the time.
            Drill::These(named) => return these(bank, named),
        };
        Ok(fill(tiers, room, seed))
    }

    /// Returns the number of new questions still allowed today; only the daily queue has a limit.
    fn new_left(&self, drill: &Drill) -> Result<usize, StoreError> {
        match drill {
            Drill::Daily => {
                let had = self.store.count_new(self.person, self.today())?;
                Ok((self.settings.new_per_day as usize).saturating_sub(had))
            }
            _ => Ok(usize::MAX),
        }
    }

    pub(super) fn wrong<'a>(&self, bank: &Bank<'a>) -> Result<Vec<Offer<'a>>, StoreError> {
        latest(bank, self.store.wrong(self.person, LATEST)?)
    }

    pub(super) fn sure_and_wrong<'a>(&self, bank: &Bank<'a>) -> Result<Vec<Offer<'a>>, StoreError> {
        latest(bank, self.store.sure_and_wrong(self.person, LATEST)?)
    }

    pub(super) fn flagged<'a>(&self, bank: &Bank<'a>) -> Result<Vec<Offer<'a>>, StoreError> {
        let flagged = self.store.flagged(self.person)?;
        let places = flagged
            .iter()
            .filter_map(|r| bank.place(r.deck.as_str(), r.question.as_str()));
        // An open question has no correct answer to recall.
        let suspended = bank.suspended()?;
        let places = places
            .filter(|place| bank.entry(*place).kind != Kind::Open && !suspended.contains(place));
        Ok(places
            .map(|place| bank.offer(place, QueueReason::Chosen, 0))
            .collect())
    }

    /// Returns the daily queue. The reasons are tried in order until the time is filled; the remaining ones are
    /// skipped.
    fn daily<'a>(
        &self,
        bank: &Bank<'a>,
        room: Room,
        seed: u64,
    ) -> Result<Vec<Vec<Offer<'a>>>, StoreError> {
        let is_full = |tiers: &[Vec<Offer>]| {
            let each: HashMap<Place, u64> = tiers
                .iter()
                .flatten()
                .map(|o| (o.place, o.cost(room.factor)))
                .collect();
            each.values().sum::<u64>() >= room.seconds
        };
        let mut tiers = vec![self.due(bank, room)?];
        if !is_full(&tiers) {
            let today = self.today();
            let is_fresh = |r: &Remembered| r.last.day != today || r.last.mode != Mode::Practise;
            let suspended = bank.suspended()?;
            let place = |r: &Remembered| {
                bank.place(r.deck.as_str(), r.question.as_str())
                    .filter(|place| !suspended.contains(place))
            };
            let sure = self.store.sure_and_wrong(self.person, LATEST)?;
            let sure = sure.iter().filter(|r| is_fresh(r));
            let offer = |r| {
                Some(bank.offer(
                    place(r)?,
                    QueueReason::SureAndWrong,
                    -i64::from(r.last.day.0),
                ))
            };
            tiers.push(sure.filter_map(offer).collect());
            if !is_full(&tiers) {
                let mut weak = Vec::new();
                if let Some((competency, _)) = self.weakest(&self.newest()?)? {
                    let id = &self.library.outline.blueprint.competencies[competency].id;
                    let wrong = self.store.wrong(self.person, LATEST)?;
                    let places = wrong.iter().filter(|r| is_fresh(r)).filter_map(place);
                    let places = places.filter(|place| bank.competency(*place) == id);
                    weak.extend(places.map(|place| bank.offer(place, QueueReason::Weak, 0)));
                    let (_, new) = bank.of_competency(id)?;
                    weak.extend(new.into_iter().map(|place| Offer {
                        new: true,
                        ..bank.offer(place, QueueReason::Weak, 1)
                    }));
                }
                let mut groups = Vec::new();
                for competency in bank.asked_about() {
                    let (seen, new) = bank.of_competency(&competency.id)?;
                    let offer = |place| Offer {
                        new: true,
                        ..bank.offer(place, QueueReason::New, 0)
                    };
                    let offers = new.into_iter().map(offer).collect();
                    // Tips and role have weight 0, but a person who names their decks expects questions from them.
                    groups.push((competency.weight.max(1), seen.len(), offers));
                }
                // The number is doubled because some of them may belong to the weakest competency.
                let most = 2 * (room.seconds / u64::from(FEEDBACK) + 1);
                tiers.extend([weak, by_weight(groups, seed, most as usize)]);
            }
        }
        Ok(tiers)
    }

    /// Returns the due questions, longest overdue first, and slightly more than fit.
    fn due<'a>(&self, bank: &Bank<'a>, room: Room) -> Result<Vec<Offer<'a>>, StoreError> {
        let suspended = bank.suspended()?;
        let (mut spent, mut last, mut of_day) = (0, None, 0);
        let mut due: Vec<Offer> = Vec::new();
        self.store.each_due(
            self.person,
            Day(i32::MIN)..=self.today(),
            |Due {
                 deck,
                 question,
                 day,
                 ..
             }| {
                of_day = if last == Some(day) { of_day + 1 } else { 0 };
                // The seed decides the order within a day, so all questions of the day are needed, up to a limit.
                if spent >= room.seconds && (last != Some(day) || of_day > OF_A_DAY) {
                    return false;
                }
                last = Some(day);
                if let Some(place) = bank
                    .place(deck, question)
                    .filter(|place| !suspended.contains(place))
                {
                    let offer = bank.offer(place, QueueReason::Due, day.0.into());
                    spent += offer.cost(room.factor);
                    due.push(offer);
                }
                true
            },
        )?;
        Ok(due)
    }

    /// Calls `due` with the location of each question due on these days, until it returns `false`.
    pub(super) fn each_due(
        &self,
        bank: &Bank,
        days: RangeInclusive<Day>,
        mut due: impl FnMut(Place, Due) -> bool,
    ) -> Result<(), StoreError> {
        let suspended = bank.suspended()?;
        self.store.each_due(self.person, days, |found| {
            let place = bank
                .place(found.deck, found.question)
                .filter(|place| !suspended.contains(place));
            place.is_none_or(|place| due(place, found))
        })
    }

    /// Returns the number of questions due by a day.
    pub(super) fn count_due(&self, bank: &Bank, until: Day) -> Result<usize, StoreError> {
        let mut count = 0;
        self.each_due(bank, Day(i32::MIN)..=until, |_, _| {
            count += 1;
            true
        })?;
        Ok(count)
    }

    /// Returns the first day after `today` with a due question.
    fn next_due(&self, bank: &Bank, today: Day) -> Result<Option<Day>, StoreError> {
        let mut next = None;
        self.each_due(bank, today.plus(1)..=Day(i32::MAX), |_, due| {
            next = Some(due.day);
            false
        })?;
        Ok(next)
    }

    /// Returns the questions of a competency or facet: due ones first, then wrong ones, then unanswered ones, then the
    /// rest, longest ago first.
    fn of_competency<'a>(
        &self,
        bank: &Bank<'a>,
        id: &CompetencyId,
        facet: Option<&FacetId>,
    ) -> Result<Vec<Offer<'a>>, StoreError> {
        let today = self.today();
        let mut ranks: HashMap<Place, i64> = HashMap::new();
        for r in self.store.remembered_of(self.person, id)? {
            let Some(place) = bank.place(r.deck.as_str(), r.question.as_str()) else {
                continue;
            };
            let rank = match r.last.score < 1.0 {
                _ if r.due <= today => 0,
                true => 1,
                false => 3 + i64::from(r.last.day.0.max(0)),
            };
            ranks.insert(place, rank);
        }
        let (seen, new) = bank.of_competency(id)?;
        let asked = seen.into_iter().chain(new);
        let asked =
            asked.filter(|place| facet.is_none_or(|facet| bank.entry(*place).facet == *facet));
        Ok(asked
            .map(|p| bank.offer(p, QueueReason::Chosen, ranks.get(&p).copied().unwrap_or(2)))
            .collect())
    }

    /// Returns the newest sessions, which are searched for a result.
    pub(super) fn newest(&self) -> Result<Vec<SessionRow>, StoreError> {
        self.store.list(self.person, Mode::Assess, None, SESSIONS)
    }

    /// Returns the index of the scored competency with the lowest lower bound in the newest result among `listed`.
    /// Without a result, the share of questions whose last answer was correct decides, if as many were answered as a
    /// score needs. Before all of them comes a competency with several answers that were all wrong, but too few for a
    /// score: also returns their number, because it is all that is known.
    pub(super) fn weakest(
        &self,
        listed: &[SessionRow],
    ) -> Result<Option<(usize, Option<u32>)>, StoreError> {
        let all_wrong = self.all_wrong()?;
        if all_wrong.is_some() {
            return Ok(all_wrong.map(|(i, answers)| (i, Some(answers))));
        }
        Ok(self.weakest_by_score(listed)?.map(|i| (i, None)))
    }

    /// Returns the competency whose answers were all wrong and are too few for a score, and their number. One answer may
    /// be a slip.
    fn all_wrong(&self) -> Result<Option<(usize, u32)>, StoreError> {
        let competencies = self.library.outline.blueprint.competencies.iter();
        let mut most: Option<(usize, u32)> = None;
        for (i, competency) in competencies.enumerate().filter(|(_, c)| c.is_scored()) {
            let (_, wrong, all) = self.store.right_and_wrong(self.person, &competency.id)?;
            let is_few = all > 1 && missing_for_score(all as usize) > 0;
            if wrong == all && is_few && most.is_none_or(|(_, answers)| all > answers) {
                most = Some((i, all));
            }
        }
        Ok(most)
    }

    fn weakest_by_score(&self, listed: &[SessionRow]) -> Result<Option<usize>, StoreError> {
        let blueprint = &self.library.outline.blueprint;
        let measured = listed.iter().filter(|l| self.is_of_role(l)).find_map(|l| {
            let bounds: Vec<Option<f64>> = self
                .past_of(l)
                .map(|past| past.competencies)
                .unwrap_or_default()
                .iter()
                .map(|c| c.map(|(_, low, _)| low))
                .collect();
            let scored = (0..blueprint.competencies.len())
                .filter(|i| blueprint.competencies[*i].is_scored());
            let bounds = scored.zip(bounds).filter_map(|(i, low)| Some((i, low?)));
            bounds.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(i, _)| i)
        });
        if measured.is_some() {
            return Ok(measured);
        }
        let mut weakest: Option<(usize, f64)> = None;
        for (i, competency) in blueprint
            .competencies
            .iter()
            .enumerate()
            .filter(|(_, c)| c.is_scored())
        {
            let (right, _, all) = self.store.right_and_wrong(self.person, &competency.id)?;
            if missing_for_score(all as usize) > 0 {
                continue;
            }
            let (low, _) = wilson(f64::from(right) / f64::from(all), f64::from(all));
            if weakest.is_none_or(|(_, lowest)| low < lowest) {
                weakest = Some((i, low));
            }
        }
        Ok(weakest.map(|(i, _)| i))
    }

    /// Returns a sentence with the reason why there is nothing to practise and a suggestion.
    pub(super) fn idle(&self, bank: &Bank, drill: &Drill) -> Result<String, StoreError> {
        let kept = |id: &CompetencyId| match bank.kept_of(id)? {
            0 if bank.has_only_written(id) => Ok::<_, StoreError>(
                "it has only written questions, which practice doesn't ask".to_owned(),
            ),
            0 => Ok("it has no questions left".to_owned()),
            n => Ok(format!(
                "its {n} unseen questions are kept for an assessment"
            )),
        };
        let blueprint = &self.library.outline.blueprint;
        Ok(match drill {
            Drill::Wrong => "you have no wrong answers so far: practise what is due, or take an \
                             assessment"
                .to_owned(),
            Drill::SureAndWrong => {
                "no answer you were sure of was wrong: practise what is due, or take an assessment"
                    .to_owned()
            }
            Drill::Flagged => "no question is flagged: press f on a question to flag it".to_owned(),
            Drill::Suspended => {
                "no question is suspended: press - on a question to suspend it".to_owned()
            }
            Drill::Competency(id) => match blueprint.competency(id) {
                Some(c) => format!("{} has nothing to practise: {}", c.title.line(), kept(id)?),
                None => format!("unknown competency {id}: `aethos decks --facets` lists them"),
            },
            Drill::Facet(id) => match blueprint.facet(id) {
                Some((competency, facet)) => {
                    format!(
                        "{} has nothing to practise: {}",
                        facet.title.line(),
                        kept(&competency.id)?
                    )
                }
                None => format!("unknown facet {id}: `aethos decks --facets` lists them"),
            },
            Drill::These(_) => "none of these questions is in a deck any more: `aethos decks` \
                                lists the decks"
                .to_owned(),
            Drill::Daily => {
                let next = self.next_due(bank, self.today())?;
                let next = next.map_or("nothing is due".to_owned(), |day| {
                    format!(
                        "nothing is due before {}, {}",
                        day.words(),
                        ahead(day, self.today())
                    )
                });
                if self.new_left(drill)? == 0 && self.settings.new_per_day > 0 {
                    let limit = self.settings.new_per_day;
                    return Ok(format!(
                        "{next}, and today's {limit} new questions are done: practise a single \
                         competency for more (`aethos practice --only NAME`)"
                    ));
                }
                let mut kept = 0;
                for competency in blueprint.scored() {
                    kept += bank.kept_of(&competency.id)?;
                }
                let instead = match kept {
                    0 => "and no unseen question is left: practise a single competency",
                    _ => {
                        "and the unseen questions are kept for an assessment: take one, or \
                         practise a single competency"
                    }
                };
                format!("{next}, {instead}")
            }
        })
    }
}

/// Formats a future day as `tomorrow` or `in 3 days`.
pub(super) fn ahead(day: Day, today: Day) -> String {
    match day.since(today) {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        n => format!("in {n} days"),
    }
}

/// Returns queue entries for these questions, latest answer first.
fn latest<'a>(bank: &Bank<'a>, remembered: Vec<Remembered>) -> Result<Vec<Offer<'a>>, StoreError> {
    let suspended = bank.suspended()?;
    let offer = |r: &Remembered| {
        let place = bank
            .place(r.deck.as_str(), r.question.as_str())
            .filter(|place| !suspended.contains(place))?;
        Some(bank.offer(place, QueueReason::Chosen, -i64::from(r.last.day.0)))
    };
    Ok(remembered.iter().filter_map(offer).collect())
}

/// Returns the questions that the person suspended or disputes, for another look.
pub(super) fn suspended<'a>(bank: &Bank<'a>) -> Result<Vec<Offer<'a>>, StoreError> {
    let closed = bank
        .suspended()?
        .iter()
        .filter(|place| bank.entry(**place).kind != Kind::Open);
    Ok(closed
        .map(|place| bank.offer(*place, QueueReason::Suspended, 0))
        .collect())
}

/// Returns queue entries for these questions in their order, each once.
fn these<'a>(
    bank: &Bank<'a>,
    named: &[(DeckId, QuestionId)],
) -> Result<Vec<Offer<'a>>, StoreError> {
    let suspended = bank.suspended()?;
    let mut offers: Vec<Offer> = Vec::new();
    for (deck, question) in named {
        let Some(place) = bank.place(deck.as_str(), question.as_str()) else {
            continue;
        };
        let is_open = bank.entry(place).kind == Kind::Open;
        if !is_open && !bank.is_kept(place)? && offers.iter().all(|offer| offer.place != place) {
            let why = match suspended.contains(&place) {
                true => QueueReason::Suspended,
                false => QueueReason::Chosen,
            };
            offers.push(bank.offer(place, why, 0));
        }
    }
    Ok(offers)
}
