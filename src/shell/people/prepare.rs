//! Preparation of the next session: candidate questions for the participants, and the printed handout.

use std::collections::{HashMap, HashSet};

use crate::app::people::{DraftQuestion, LastMeeting, MeetingDraft};
use crate::core::id::{CompetencyId, DeckId, PersonId, QuestionId};
use crate::core::question::{Kind, Level};
use crate::core::text::Text;
use crate::deck::load::question_from;
use crate::report::{self, Handout};
use crate::session::meeting::{
    BringBack, BringBackCandidate, Cohort, DEFAULT_QUESTIONS, DraftMeeting, LevelChoice,
    MeetingCandidate, MeetingPlan, MentoringProgress, level_of_group,
};
use crate::session::present::{Asked, Places, Revealed};
use crate::shell::meeting::Proposed;
use crate::shell::scored::sample;
use crate::shell::{Refused, Workspace};

impl Workspace {
    /// Returns a draft with suggested questions for a session with these people, matched to their level if it is known.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn prepare(&self, people: Vec<PersonId>) -> Result<MeetingDraft, Refused> {
        let mut prepared = self.prepare_with(people, DEFAULT_QUESTIONS)?;
        if let Some(level) = self.level_of(&prepared.draft.people)? {
            prepared.draft.match_level(level);
        }
        Ok(prepared)
    }

    /// Returns the level that suits these people by their answers so far, if it is known.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn level_of(&self, people: &[PersonId]) -> Result<Option<Level>, Refused> {
        let records = self.records(None)?;
        let levels = people
            .iter()
            .filter_map(|person| MentoringProgress::of(&records, *person).level);
        Ok(level_of_group(levels.collect()))
    }

    fn prepare_with(&self, people: Vec<PersonId>, n: usize) -> Result<MeetingDraft, Refused> {
        let names = people
            .iter()
            .map(|id| Ok(self.person_of(*id)?.name))
            .collect::<Result<_, Refused>>()?;
        let records = self.records(None)?;
        let candidates = self.to_choose_from(&people)?;
        let places: HashMap<(&DeckId, &QuestionId), usize> = candidates
            .iter()
            .enumerate()
            .map(|(place, candidate)| ((&candidate.deck, &candidate.question), place))
            .collect();
        let (mut last, mut back, mut agreed) = (Vec::new(), Vec::new(), Vec::new());
        for (place, person) in people.iter().enumerate() {
            let growth = MentoringProgress::of(&records, *person);
            last.extend(LastMeeting::of(&records, *person).map(|last| (place, last)));
            agreed.extend(
                growth
                    .open_agreements()
                    .into_iter()
                    .map(|agreement| (place, agreement.clone())),
            );
            back.extend(growth.waiting().into_iter().filter_map(|waiting| {
                let candidate = *places.get(&(&waiting.item.deck, &waiting.item.question))?;
                let answer = self.answer_in_words(waiting);
                Some(BringBackCandidate {
                    candidate,
                    answer,
                    person: *person,
                    reason: waiting.reason,
                    day: waiting.day,
                    about: waiting.about.clone(),
                })
            }));
        }
        back.sort_by_key(|back| (back.reason, back.day));
        agreed.sort_by_key(|(_, agreement)| (agreement.due.is_none(), agreement.due));
        // Topics that were missed most come first, then topics that no one was asked about.
        let cohort = Cohort::of(&records, &people);
        let blueprint = &self.library.outline.blueprint;
        let is_scored =
            |id: &CompetencyId| blueprint.scored().any(|competency| competency.id == *id);
        let known = cohort
            .columns
            .into_iter()
            .filter(|column| !column.has_too_few_answers())
            .map(|column| column.competency);
        let mut wanted: Vec<CompetencyId> = known.filter(is_scored).collect();
        for competency in blueprint.scored() {
            if !wanted.contains(&competency.id) {
                wanted.push(competency.id.clone());
            }
        }
        let mut draft = DraftMeeting::new(people, candidates, back);
        draft.suggest(n, &wanted);
        Ok(MeetingDraft {
            today: self.today(),
            names,
            last,
            agreed,
            draft,
        })
    }

    /// Returns the questions of a session with these people as the screen that prepares it draws them, from some levels;
    /// also what was drawn for whom.
    ///
    /// # Errors
    /// There are no questions of these levels, or a failure of the store.
    pub fn draw_meeting(
        &self,
        people: Vec<PersonId>,
        n: usize,
        choice: LevelChoice,
    ) -> Result<Proposed, Refused> {
        let mut draft = self.prepare_with(people, n)?.draft;
        match choice {
            LevelChoice::Any => {}
            LevelChoice::Within(range) => draft.draw_from(Some(range)),
            LevelChoice::Matched => {
                if let Some(level) = self.level_of(&draft.people)? {
                    draft.match_level(level);
                }
            }
        }
        let summary = draft.level_summary();
        match draft.plan().questions {
            none if none.is_empty() && draft.levels().is_some() => Err(Refused::NoneOfLevel),
            none if none.is_empty() => Err(Refused::Nothing),
            questions => Ok((questions, summary)),
        }
    }

    /// Returns the answer that a question got in its last session, in words; empty if there is none.
    fn answer_in_words(&self, back: &BringBack) -> Text {
        let source = self.store.source(back.item.fingerprint).ok().flatten();
        let deck = Text::new(back.item.deck.as_str());
        let question = source.and_then(|source| question_from(&source.text, &deck).ok());
        let (Some(question), Some(answer)) = (question, &back.answer) else {
            return Text::default();
        };
        let asked = Asked::of(&back.item.concrete(question), &back.item);
        Text::new(&Places::of(answer, &back.item).words(&asked))
    }

    /// Returns a plan with `n` questions as suggested by [`Workspace::prepare`].
    ///
    /// # Errors
    /// The errors of [`Workspace::prepare`].
    pub fn plan_of(&self, people: Vec<PersonId>, n: usize) -> Result<MeetingPlan, Refused> {
        Ok(self.prepare_with(people, n)?.draft.plan())
    }

    /// Returns all questions that allow a vote; a very large deck is sampled evenly.
    fn to_choose_from(&self, people: &[PersonId]) -> Result<Vec<MeetingCandidate>, Refused> {
        let seen: Vec<HashSet<(DeckId, QuestionId)>> = people
            .iter()
            .map(|person| Ok(self.store.exposures(*person)?.into_keys().collect()))
            .collect::<Result<_, Refused>>()?;
        let mut candidates = Vec::new();
        for d in self.decks_in_order(&[]) {
            let deck = &self.library.decks[d].deck;
            if self
                .library
                .outline
                .blueprint
                .competency(&deck.competency)
                .is_none()
            {
                continue;
            }
            let entries = sample(deck.entries.len()).map(|place| &deck.entries[place]);
            for entry in entries.filter(|entry| entry.kind != Kind::Recall) {
                let id = (deck.id.clone(), entry.id.clone());
                candidates.push(MeetingCandidate {
                    seen: seen.iter().filter(|seen| seen.contains(&id)).count(),
                    deck: id.0,
                    question: id.1,
                    competency: deck.competency.clone(),
                    facet: entry.facet.clone(),
                    level: entry.level,
                    kind: entry.kind,
                    // The expected time of an open question is for writing an answer; here it is only discussed.
                    seconds: if entry.kind == Kind::Open {
                        entry.seconds.min(300)
                    } else {
                        entry.seconds
                    },
                    family: entry.family.as_deref().map(str::to_owned),
                });
            }
        }
        Ok(candidates)
    }

    /// Returns the question at an index of a plan as it will be asked, with its answer.
    ///
    /// # Errors
    /// A question that is broken or in no deck, or an index that is not in the plan.
    pub fn draft_question(&self, plan: &MeetingPlan, at: usize) -> Result<DraftQuestion, Refused> {
        let (form, questions, _) = self.freeze_plan(plan)?;
        let (Some(item), Some(question)) = (form.items.get(at), questions.get(at)) else {
            return Err(Refused::Nothing);
        };
        let discussion = question.discussion.as_ref();
        Ok(DraftQuestion {
            at,
            asked: Asked::of(question, item),
            revealed: Revealed::of(question, item, None, |_| None),
            discussion: discussion
                .map(|text| question.fill(text, item.row))
                .unwrap_or_default(),
        })
    }

    /// Returns the questions of a plan as a handout, with keys and rationales only if `answers` is true.
    ///
    /// # Errors
    /// A question that is broken or in no deck.
    pub fn handout(&self, plan: &MeetingPlan, answers: bool) -> Result<String, Refused> {
        let (form, questions, _) = self.freeze_plan(plan)?;
        let names = plan
            .people
            .iter()
            .map(|person| Ok(self.person_of(*person)?.name))
            .collect::<Result<_, Refused>>()?;
        let questions: Vec<_> = form.items.into_iter().zip(questions).collect();
        let blueprint = &self.library.outline.blueprint;
        Ok(report::handout(&Handout {
            people: names,
            day: self.today(),
            blueprint,
            questions: &questions,
            answers,
        }))
    }
}
