//! Preparation of a mentor's session: choosing questions to bring back and new ones.

use std::cmp::Reverse;

use super::record::BringBackReason;
use super::{LevelDraw, LevelRange, MeetingPlan};
use crate::core::id::{CompetencyId, DeckId, FacetId, PersonId, QuestionId};
use crate::core::question::{Kind, Level};
use crate::core::text::Text;
use crate::core::time::{Day, Millis};

/// The default number of questions of a session.
pub const DEFAULT_QUESTIONS: usize = 6;
/// The estimated time for discussing a question, in addition to answering and explaining.
const DISCUSSION: Millis = Millis::minutes(3);

/// A question that the mentor can choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingCandidate {
    pub deck: DeckId,
    pub question: QuestionId,
    pub competency: CompetencyId,
    pub facet: FacetId,
    pub level: Level,
    pub kind: Kind,
    /// The time allowed for answering, in seconds.
    pub seconds: u32,
    pub family: Option<String>,
    /// The number of participants who have seen it before.
    pub seen: usize,
}

/// A question to bring back for a participant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BringBackCandidate {
    /// Its index in [`DraftMeeting::candidates`].
    pub candidate: usize,
    pub person: PersonId,
    pub reason: BringBackReason,
    pub day: Day,
    /// A one-line summary of the question.
    pub about: Text,
    /// Their final answer at that time, in words; empty if none was recorded.
    pub answer: Text,
}

/// A session in preparation: participants, candidate questions, and the chosen ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftMeeting {
    pub people: Vec<PersonId>,
    pub candidates: Vec<MeetingCandidate>,
    /// Sure and wrong first; of the same reason, the longest waiting first.
    pub bring_back: Vec<BringBackCandidate>,
    /// If it has a range, only questions of these levels are added, nearest to the preferred one first.
    levels: LevelDraw,
    /// If set, only questions of this type are added.
    kind: Option<Kind>,
    /// Indices of the chosen candidates, in the order of choosing.
    chosen: Vec<usize>,
    /// The number of questions and the order of competencies that were last suggested.
    suggested: (usize, Vec<CompetencyId>),
}

impl DraftMeeting {
    pub fn new(
        people: Vec<PersonId>,
        candidates: Vec<MeetingCandidate>,
        bring_back: Vec<BringBackCandidate>,
    ) -> Self {
        Self {
            people,
            candidates,
            bring_back,
            levels: LevelDraw::default(),
            kind: None,
            chosen: Vec::new(),
            suggested: (0, Vec::new()),
        }
    }

    /// Chooses `n` questions. Up to half of them are questions to bring back, in their order. The others are
    /// taken from the competencies in turn, in the order of `wanted`.
    pub fn suggest(&mut self, n: usize, wanted: &[CompetencyId]) {
        self.suggested = (n, wanted.to_vec());
        self.draw();
    }

    /// Returns the levels from which questions are added, if not from all.
    pub fn levels(&self) -> Option<LevelRange> {
        self.levels.range
    }

    /// Draws the suggested questions again from other levels. What the mentor chose otherwise is dropped.
    pub fn draw_from(&mut self, levels: Option<LevelRange>) {
        self.levels.range = levels;
        self.levels.too_few = None;
        self.draw();
    }

    /// Returns the type of the questions that are added, if not of all types.
    pub fn kind(&self) -> Option<Kind> {
        self.kind
    }

    /// Draws the suggested questions again, only those of a type. What the mentor chose otherwise is dropped.
    pub fn draw_kind(&mut self, kind: Option<Kind>) {
        self.kind = kind;
        self.draw();
    }

    /// Draws from the questions around a level, if there are enough of them.
    pub fn match_level(&mut self, level: Level) {
        let all = self.chosen.len();
        let range = LevelRange::around(level);
        self.draw_from(Some(range));
        if self.chosen.len() < all {
            self.draw_from(None);
            self.levels.too_few = Some(range);
        }
    }

    fn draw(&mut self) {
        let (n, wanted) = self.suggested.clone();
        self.chosen.clear();
        for place in 0..self.bring_back.len() {
            let candidate = self.bring_back[place].candidate;
            if self.chosen.len() < n.div_ceil(2)
                && !self.is_chosen(candidate)
                && !self.shares_family_with_chosen(candidate)
            {
                self.chosen.push(candidate);
            }
        }
        while self.chosen.len() < n {
            let before = self.chosen.len();
            for competency in &wanted {
                if self.chosen.len() < n {
                    self.add(competency, None);
                }
            }
            if self.chosen.len() == before {
                break;
            }
        }
        self.levels.missing = n.saturating_sub(self.chosen.len());
    }

    /// Adds a question of a competency, or of one of its facets. Prefers questions that no participant has seen, then
    /// facets with the fewest chosen questions, then the preferred level, then lower ones. Returns false if no question is left.
    pub fn add(&mut self, competency: &CompetencyId, facet: Option<&FacetId>) -> bool {
        let of_facet = |id: &FacetId| {
            self.chosen
                .iter()
                .filter(|chosen| self.candidates[**chosen].facet == *id)
                .count()
        };
        let is_wanted = |candidate: &MeetingCandidate| {
            candidate.competency == *competency
                && facet.is_none_or(|facet| candidate.facet == *facet)
                && self.passes_filters(candidate)
        };
        let free = (0..self.candidates.len()).filter(|place| {
            is_wanted(&self.candidates[*place])
                && !self.is_chosen(*place)
                && !self.shares_family_with_chosen(*place)
        });
        let best = free.min_by_key(|place| {
            let candidate = &self.candidates[*place];
            (
                candidate.seen,
                of_facet(&candidate.facet),
                self.levels()
                    .map_or(0, |levels| levels.distance(candidate.level)),
                candidate.level,
                *place,
            )
        });
        self.chosen.extend(best);
        best.is_some()
    }

    /// Returns true if the level and type filters accept the candidate. Without a type filter, several people are asked
    /// only questions on which all of them can vote by showing fingers.
    pub fn passes_filters(&self, candidate: &MeetingCandidate) -> bool {
        let is_wanted = match self.kind {
            Some(kind) => candidate.kind == kind,
            None => self.people.len() < 2 || candidate.kind == Kind::Single,
        };
        is_wanted
            && self
                .levels()
                .is_none_or(|levels| levels.contains(candidate.level))
    }

    /// Removes the last added question of a competency, or of one of its facets. Returns false if there is none.
    pub fn remove(&mut self, competency: &CompetencyId, facet: Option<&FacetId>) -> bool {
        let is_meant = |place: &usize| {
            let candidate = &self.candidates[*place];
            candidate.competency == *competency
                && facet.is_none_or(|facet| candidate.facet == *facet)
        };
        let last = self.chosen.iter().rposition(is_meant);
        last.map(|at| self.chosen.remove(at)).is_some()
    }

    /// Chooses a candidate, or removes it if it is chosen.
    pub fn toggle(&mut self, candidate: usize) {
        match self.chosen.iter().position(|chosen| *chosen == candidate) {
            Some(at) => drop(self.chosen.remove(at)),
            None if candidate < self.candidates.len() => self.chosen.push(candidate),
            None => {}
        }
    }

    /// Returns true if the candidate is chosen.
    pub fn is_chosen(&self, candidate: usize) -> bool {
        self.chosen.contains(&candidate)
    }

    /// Returns true if another question of its family was chosen.
    fn shares_family_with_chosen(&self, candidate: usize) -> bool {
        let MeetingCandidate { deck, family, .. } = &self.candidates[candidate];
        let alike = |other: &MeetingCandidate| other.deck == *deck && other.family == *family;
        family.is_some()
            && self
                .chosen()
                .any(|other| *other != self.candidates[candidate] && alike(other))
    }

    /// Returns the chosen candidates in the order of choosing.
    pub fn chosen(&self) -> impl Iterator<Item = &MeetingCandidate> {
        self.chosen.iter().map(|place| &self.candidates[*place])
    }

    /// Returns what is chosen from which levels, and how many questions of other levels are brought back.
    pub fn level_summary(&self) -> String {
        let levels = self.chosen().map(|candidate| candidate.level);
        let is_drawn = |level: &Level| self.levels().is_none_or(|range| range.contains(*level));
        let (drawn, others): (Vec<Level>, Vec<Level>) = levels.partition(is_drawn);
        let back = match others.len() {
            0 => String::new(),
            n => format!(", and {n} to bring back"),
        };
        let draw = LevelDraw {
            missing: self
                .levels
                .missing
                .min(self.suggested.0.saturating_sub(self.chosen.len())),
            ..self.levels
        };
        format!("{}{back}", draw.summary(drawn.into_iter()))
    }

    /// Returns the estimated length of the session: per question, twice its time (to answer and to explain) plus the
    /// discussion.
    pub fn estimated_minutes(&self) -> u64 {
        let span = self
            .chosen()
            .map(|candidate| Millis::seconds(2 * u64::from(candidate.seconds)) + DISCUSSION);
        span.fold(Millis::ZERO, |sum, span| sum + span)
            .0
            .div_ceil(60_000)
    }

    /// Returns true if the candidate is a question to bring back.
    pub fn is_brought_back(&self, candidate: usize) -> bool {
        self.bring_back
            .iter()
            .any(|back| back.candidate == candidate)
    }

    /// Returns the indices of the chosen candidates in the order of asking. Questions to bring back come first, while
    /// there is time for them.
    pub fn in_order(&self) -> Vec<usize> {
        let mut places = self.chosen.clone();
        places.sort_by_key(|place| Reverse(self.is_brought_back(*place)));
        places
    }

    /// Replaces a chosen candidate by the next one of its competency, or by the one before it, and returns the new one.
    /// Candidates of the same facet come first, and those that no participant has seen. Returns `None` if there is no
    /// other one.
    pub fn swap(&mut self, candidate: usize, forward: bool) -> Option<usize> {
        let at = self.chosen.iter().position(|chosen| *chosen == candidate)?;
        let mut others = self.clone();
        others.chosen.remove(at);
        let competency = &self.candidates[candidate].competency;
        let mut free: Vec<usize> = (0..self.candidates.len())
            .filter(|place| {
                let other = &self.candidates[*place];
                other.competency == *competency
                    && (*place == candidate || self.passes_filters(other))
                    && !others.is_chosen(*place)
                    && !others.shares_family_with_chosen(*place)
            })
            .collect();
        free.sort_by_key(|place| {
            let other = &self.candidates[*place];
            let distance = self
                .levels()
                .map_or(0, |levels| levels.distance(other.level));
            (&other.facet, other.seen, distance, other.level, *place)
        });
        let now = free.iter().position(|place| *place == candidate)?;
        let step = if forward { 1 } else { free.len() - 1 };
        let new = free[(now + step) % free.len()];
        self.chosen[at] = new;
        (new != candidate).then_some(new)
    }

    /// Returns the plan of the session.
    pub fn plan(&self) -> MeetingPlan {
        let places = self.in_order();
        let question = |place: usize| {
            (
                self.candidates[place].deck.clone(),
                self.candidates[place].question.clone(),
            )
        };
        MeetingPlan {
            people: self.people.clone(),
            questions: places.into_iter().map(question).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(
        n: usize,
        competency: &str,
        facet: &str,
        level: Level,
        seen: usize,
    ) -> MeetingCandidate {
        MeetingCandidate {
            deck: DeckId::new("deck"),
            question: QuestionId::new(format!("{facet}.{n:03}")),
            competency: CompetencyId::new(competency),
            facet: FacetId::new(facet),
            level,
            kind: Kind::Single,
            seconds: 60,
            family: None,
            seen,
        }
    }

    fn draft() -> DraftMeeting {
        let candidates = vec![
            candidate(0, "data", "raft", Level::Senior, 1),
            candidate(1, "data", "raft", Level::Mid, 0),
            candidate(2, "data", "models", Level::Senior, 0),
            candidate(3, "faults", "retries", Level::Mid, 0),
            candidate(4, "faults", "retries", Level::Senior, 0),
        ];
        let (person, reason, about) = (PersonId(2), BringBackReason::Missed, Text::default());
        let bring_back = vec![BringBackCandidate {
            candidate: 0,
            person,
            reason,
            day: Day(1),
            about,
            answer: Text::default(),
        }];
        DraftMeeting::new(vec![PersonId(2)], candidates, bring_back)
    }

    fn asked(draft: &DraftMeeting) -> Vec<String> {
        draft
            .plan()
            .questions
            .into_iter()
            .map(|(_, question)| question.to_string())
            .collect()
    }

    #[test]
    fn what_waits_comes_first_then_each_competency_in_turn_with_new_facets_before_old_ones() {
        let mut draft = draft();
        draft.suggest(4, &[CompetencyId::new("faults"), CompetencyId::new("data")]);
        assert_eq!(
            asked(&draft),
            ["raft.000", "retries.003", "models.002", "retries.004"]
        );
        assert_eq!(draft.estimated_minutes(), 4 * 5);
        draft.suggest(
            40,
            &[CompetencyId::new("faults"), CompetencyId::new("data")],
        );
        assert_eq!(asked(&draft).len(), 5);
    }

    #[test]
    fn a_question_is_added_by_facet_and_level_and_taken_away_again() {
        let mut draft = draft();
        let (data, raft) = (CompetencyId::new("data"), FacetId::new("raft"));
        draft.candidates[1].level = Level::Junior;
        draft.draw_from(Some(LevelRange::around(Level::Senior)));
        assert!(draft.add(&data, Some(&raft)));
        assert!(
            !draft.add(&data, Some(&raft)),
            "there is one near that level"
        );
        assert_eq!(asked(&draft), ["raft.000"]);
        draft.draw_from(Some(LevelRange::around(Level::Junior)));
        draft.toggle(0);
        assert_eq!(
            draft.level_summary(),
            "for juniors: no questions, and 1 to bring back"
        );
        assert!(draft.remove(&data, None));
        assert!(!draft.remove(&data, None));
    }

    #[test]
    fn another_level_draws_the_questions_again_nearest_first() {
        let mut draft = draft();
        draft.bring_back.clear();
        draft.candidates[3].level = Level::Junior;
        let wanted = [CompetencyId::new("faults"), CompetencyId::new("data")];
        draft.suggest(2, &wanted);
        assert_eq!(asked(&draft), ["retries.003", "raft.001"]);
        assert_eq!(draft.level_summary(), "from all levels: 1 junior, 1 mid");
        draft.draw_from(Some(LevelRange::around(Level::Senior)));
        assert_eq!(asked(&draft), ["retries.004", "models.002"]);
        assert_eq!(draft.level_summary(), "for seniors: 2 senior");
        draft.draw_from(Some(LevelRange::around(Level::Junior)));
        assert_eq!(asked(&draft), ["retries.003", "raft.001"]);
        assert_eq!(draft.level_summary(), "for juniors: 1 junior, 1 mid");
        draft.match_level(Level::Principal);
        assert_eq!(
            draft.levels(),
            None,
            "there are too few questions near that level"
        );
        assert_eq!(asked(&draft).len(), 2);
        assert_eq!(
            draft.level_summary(),
            "from all levels, because there are too few for principal engineers: 1 junior, 1 mid"
        );
        draft.suggest(9, &wanted);
        draft.draw_from(Some(LevelRange::around(Level::Senior)));
        let summary = draft.level_summary();
        assert!(
            summary.ends_with("fewer than wanted, because there are no more"),
            "{summary}"
        );
    }

    #[test]
    fn a_chosen_question_is_swapped_for_another_one_of_its_competency_and_back() {
        let mut draft = draft();
        let (data, raft) = (CompetencyId::new("data"), FacetId::new("raft"));
        draft.add(&data, Some(&raft));
        assert_eq!(asked(&draft), ["raft.001"]);
        assert_eq!(draft.swap(1, true), Some(0));
        assert_eq!(asked(&draft), ["raft.000"]);
        assert_eq!(draft.swap(0, true), Some(2));
        assert_eq!(draft.swap(2, true), Some(1));
        assert_eq!(draft.swap(1, false), Some(2));
        draft.toggle(0);
        draft.toggle(1);
        assert_eq!(draft.swap(2, true), None, "the others are chosen, too");
        assert_eq!(draft.swap(4, true), None, "it is not chosen");
    }

    #[test]
    fn an_open_question_is_found_among_the_others() {
        let mut draft = draft();
        draft.candidates[4].kind = Kind::Open;
        draft.draw_kind(Some(Kind::Open));
        assert!(draft.add(&CompetencyId::new("faults"), None));
        assert!(
            !draft.add(&CompetencyId::new("faults"), None),
            "there is one of that type"
        );
        assert_eq!(asked(&draft), ["retries.004"]);
    }

    #[test]
    fn several_people_are_asked_what_they_can_vote_on_unless_a_type_is_chosen() {
        let mut draft = draft();
        draft.bring_back.clear();
        draft.candidates[3].kind = Kind::Open;
        draft.candidates[4].kind = Kind::Ordering;
        draft.people.push(PersonId(3));
        let wanted = [CompetencyId::new("faults"), CompetencyId::new("data")];
        draft.suggest(2, &wanted);
        assert_eq!(asked(&draft), ["raft.001", "models.002"]);
        draft.draw_kind(Some(Kind::Ordering));
        assert_eq!(asked(&draft), ["retries.004"]);
    }

    #[test]
    fn another_type_draws_the_questions_again() {
        let mut draft = draft();
        draft.bring_back.clear();
        draft.candidates[4].kind = Kind::Numeric;
        draft.suggest(2, &[CompetencyId::new("faults"), CompetencyId::new("data")]);
        assert_eq!(asked(&draft), ["retries.003", "raft.001"]);
        draft.draw_kind(Some(Kind::Numeric));
        assert_eq!(asked(&draft), ["retries.004"]);
        draft.draw_kind(None);
        assert_eq!(asked(&draft), ["retries.003", "raft.001"]);
    }

    #[test]
    fn two_of_a_family_are_not_suggested_together() {
        let mut draft = draft();
        draft
            .candidates
            .iter_mut()
            .for_each(|candidate| candidate.family = Some("one".to_owned()));
        draft.suggest(4, &[CompetencyId::new("faults"), CompetencyId::new("data")]);
        assert_eq!(asked(&draft), ["raft.000"]);
    }
}
