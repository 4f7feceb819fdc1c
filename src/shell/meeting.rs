//! Storage of a mentor's session, and its stage for the second windows.

use std::collections::{BTreeMap, HashSet};

use super::backlog::{Backlog, Unstored, unsaved};
use super::begin::new_id;
use super::replay::read_setup;
use super::room::Room;
use super::stage::Stages;
use super::start::{Exposures, StartRequest};
use super::{Refused, Shell, Workspace};
use crate::app::effect::{News, StartedMeeting};
use crate::app::room::RoomUpdate;
use crate::core::form::{self, BankId, Code, Form, Planned};
use crate::core::id::{DeckId, PersonId, QuestionId};
use crate::core::question::{Question, Row};
use crate::core::response::Answer;
use crate::core::scoring;
use crate::core::text::Text;
use crate::core::time::{Limit, Millis, Multiplier};
use crate::session::meeting::{
    Event, LevelChoice, LevelDraw, LevelRange, Meeting, MeetingPlan, RoomPlace, Seat, Seating,
    Stage,
};
use crate::session::{Mode, Stamped, TextField};
use crate::store::{NewSession, Person, State, Store, StoreError, StoredEvent};

/// The running mentor session.
pub(super) struct ActiveMeeting {
    backlog: Backlog<Event>,
    /// `None` if there are no second windows.
    stages: Option<Stages>,
    windows: usize,
    /// The server of those who joined, while the session is open for others.
    room: Option<Room>,
    /// What they are to show once all events are stored.
    held: Option<RoomUpdate>,
}

impl Shell {
    /// Starts a session from a plan. Nothing is stored before its first event.
    ///
    /// # Errors
    /// No participants, or a question that is broken or not in the library.
    pub fn meet(&mut self, plan: &MeetingPlan) -> Result<StartedMeeting, Refused> {
        if plan.people.is_empty() {
            return Err(Refused::NobodyThere);
        }
        let (form, questions, sources) = self.workspace.freeze_plan(plan)?;
        let wall = self.workspace.wall_ms();
        let seating = Seating {
            people: plan.people.clone(),
        };
        let start = NewSession {
            id: new_id(wall),
            person: PersonId::YOU,
            mode: Mode::Mentor,
            started_at: wall,
            form: form.clone(),
            limit: Limit::Untimed,
            multiplier: Multiplier::ONE,
            setup: serde_json::to_string(&seating).unwrap_or_default(),
        };
        let backlog = Backlog::begin(&self.workspace.store, start, sources, Vec::new())?;
        Ok(self.sit_down(
            backlog,
            Meeting::new(form, questions.into(), seats(&seating)),
        ))
    }

    fn sit_down(&mut self, backlog: Backlog<Event>, meeting: Meeting) -> StartedMeeting {
        let (stages, notice) = match Stages::open(self.workspace.folder.path()) {
            Ok(stages) => (Some(stages), None),
            Err(why) => (None, Some(why.to_string())),
        };
        let id = backlog.id.clone();
        self.meeting = Some(ActiveMeeting {
            backlog,
            stages,
            windows: 0,
            room: None,
            held: None,
        });
        let competencies: HashSet<_> = meeting
            .form
            .items
            .iter()
            .map(|item| item.competency.clone())
            .collect();
        let points = competencies
            .iter()
            .flat_map(|id| self.workspace.library.outline.points_of(id));
        StartedMeeting {
            id,
            names: self.workspace.names_at(&meeting),
            points: points
                .map(|point| (point.id.clone(), point.clone()))
                .collect::<BTreeMap<_, _>>(),
            today: self.workspace.today(),
            meeting,
            notice,
        }
    }

    /// Stores an event of the running session, with all unsaved events before it.
    pub fn save_meeting(&mut self, events: Vec<Stamped<Event>>) -> Vec<News> {
        let (wall_ms, day) = (self.workspace.wall_ms(), self.workspace.today());
        let Some(meeting) = &mut self.meeting else {
            return Vec::new();
        };
        for stamped in events {
            meeting.backlog.push(StoredEvent {
                wall_ms,
                day,
                stamped,
                score: None,
            });
        }
        let result = meeting.backlog.store(&mut self.workspace.store);
        let mut news = meeting.backlog.told_of(result);
        news.extend(meeting.windows());
        meeting.show_held();
        news
    }

    /// Opens the meeting for people who join from elsewhere.
    pub(super) fn open_room(&mut self, place: RoomPlace) -> News {
        let (Some(meeting), Some(tell)) = (&mut self.meeting, self.room_listener.clone()) else {
            return News::Told("there is no session to join".to_owned());
        };
        match Room::open(&place, move |news| tell(news)) {
            Ok(room) => {
                let path = room.path().display().to_string();
                meeting.room = Some(room);
                News::RoomOpened { path, place }
            }
            Err(why) => News::Told(why.to_string()),
        }
    }

    /// Disconnects those who joined.
    pub(super) fn close_room(&mut self) -> Vec<News> {
        if let Some(meeting) = &mut self.meeting {
            (meeting.room, meeting.held) = (None, None);
        }
        Vec::new()
    }

    /// Updates the screens of those who joined.
    pub(super) fn show_room(&mut self, update: RoomUpdate) -> Vec<News> {
        if let Some(meeting) = &mut self.meeting {
            meeting.held = Some(update);
            meeting.show_held();
        }
        Vec::new()
    }

    /// Sends the stage to the second windows.
    pub(super) fn show(&mut self, stage: &Stage) -> Vec<News> {
        let Some(meeting) = &mut self.meeting else {
            return Vec::new();
        };
        if let Some(stages) = &meeting.stages {
            stages.show(stage);
        }
        meeting.windows().into_iter().collect()
    }

    /// Stores the unsaved events of the meeting.
    pub(super) fn catch_up_meeting(&mut self) -> Result<(), StoreError> {
        let Some(meeting) = &mut self.meeting else {
            return Ok(());
        };
        meeting
            .backlog
            .store(&mut self.workspace.store)
            .map_err(|Unstored(why)| why)
    }

    /// Retries storing the unsaved events of the meeting.
    pub(super) fn save_meeting_again(&mut self) -> Vec<News> {
        let Some(meeting) = &mut self.meeting else {
            return Vec::new();
        };
        let result = meeting.backlog.store(&mut self.workspace.store);
        let news = meeting.backlog.told_of(result);
        meeting.show_held();
        news
    }

    /// Notes the people who take part from now on, so that the session can be stored in another history.
    pub(super) fn know_latecomers(&mut self, news: &[News]) {
        for news in news {
            if let (Some(meeting), News::Latecomer { person, name, .. }) = (&mut self.meeting, news)
            {
                let (id, name) = (*person, name.clone());
                meeting.backlog.know(Person { id, name });
            }
        }
    }

    /// Stores the running meeting in another history and continues there.
    pub(super) fn move_meeting_to(&mut self, store: &mut Store) -> Result<(), StoreError> {
        let Some(meeting) = &mut self.meeting else {
            return Ok(());
        };
        meeting.backlog.move_to(store).map_err(|Unstored(why)| why)
    }

    /// Resumes an unfinished meeting and claims it for this process.
    ///
    /// # Errors
    /// Another process has claimed it, it is over, or it cannot be read back.
    pub(super) fn resume_meeting(
        &mut self,
        start: NewSession,
        state: State,
    ) -> Result<StartedMeeting, Refused> {
        let id = start.id.clone();
        let claim = self.workspace.store.claim(&id)?;
        if state != State::Open {
            return Err(StoreError::Closed {
                session: id,
                state: state.word(),
            }
            .into());
        }
        let (meeting, _) = self.workspace.meeting_back(start)?;
        let away = self
            .workspace
            .store
            .last_wall_ms(&id)?
            .map(|last| self.workspace.wall_ms().saturating_sub(last));
        let backlog = Backlog::resume(&self.workspace, id, claim)?;
        let mut met = self.sit_down(backlog, meeting);
        if let Some(length) = away
            .and_then(|away| u64::try_from(away).ok())
            .filter(|away| *away > 0)
        {
            let gap = Stamped {
                at: met.meeting.at(),
                event: Event::Gap {
                    length: Millis(length),
                },
            };
            if met.meeting.apply(&gap).is_ok() {
                met.notice = unsaved(self.save_meeting(vec![gap])).or(met.notice);
            }
        }
        Ok(met)
    }

    /// Finishes an unfinished meeting in its current state.
    pub(super) fn finish_meeting(
        &mut self,
        start: NewSession,
        state: State,
    ) -> Result<Vec<News>, Refused> {
        let mut met = self.resume_meeting(start, state)?;
        let mut news = Vec::new();
        for (field, text) in self.workspace.store.field_drafts(&met.id)? {
            let event = match field {
                TextField::Vote { slot, seat, .. } => typed_vote(&met.meeting, slot, seat, text),
                _ => field.meeting_event(text),
            };
            let stamped = event.map(|event| Stamped {
                at: met.meeting.at(),
                event,
            });
            if let Some(stamped) = stamped.filter(|stamped| met.meeting.apply(stamped).is_ok()) {
                news.extend(self.save_meeting(vec![stamped]));
                self.workspace.store.save_field_draft(&met.id, &field, "")?;
            }
        }
        news.extend(self.save_meeting(vec![Stamped {
            at: met.meeting.at(),
            event: Event::Finished,
        }]));
        self.meeting = None;
        news.push(News::Told(
            "the session is closed; its notes are saved".to_owned(),
        ));
        Ok(news)
    }
}

/// Returns the event of a vote that was being typed; `None` if the text is not readable or the vote is over.
fn typed_vote(meeting: &Meeting, slot: usize, seat: usize, text: String) -> Option<Event> {
    let question = meeting.questions.get(slot)?;
    let answer = scoring::recordable(question, Answer::typed(question, text));
    let is_current = slot == meeting.slot() && seat < meeting.seats.len();
    (is_current && !answer.is_blank()).then(|| meeting.voting(slot, seat, answer))
}

impl ActiveMeeting {
    /// Updates the screens of those who joined, unless an event is not stored yet: a vote that they show as cast must
    /// survive a crash.
    fn show_held(&mut self) {
        if self.backlog.is_stored()
            && let (Some(room), Some(update)) = (&self.room, self.held.take())
        {
            room.show(&update);
        }
    }

    /// Reports the number of second windows if it has changed.
    fn windows(&mut self) -> Option<News> {
        let windows = self.stages.as_ref()?.windows();
        let changed = std::mem::replace(&mut self.windows, windows) != windows;
        changed.then_some(News::Windows(windows))
    }
}

/// The suggested questions, and a summary of the levels drawn, such as "for juniors: 5 junior, 3 mid".
pub type Proposed = (Vec<(DeckId, QuestionId)>, String);

impl Workspace {
    /// Returns the questions that any of these people have seen.
    fn seen_by(&self, people: &[PersonId]) -> Result<Exposures, StoreError> {
        let mut seen = Exposures::default();
        for person in people {
            for (question, exposure) in self.store.exposures(*person)? {
                let all = seen.entry(question).or_default();
                all.times = all.times.saturating_add(exposure.times);
                all.last = all.last.max(exposure.last);
                all.rows.extend(exposure.rows);
            }
        }
        Ok(seen)
    }

    /// Freezes the questions of a plan and returns the form with its source texts. Parameters that a participant has
    /// seen are avoided if others exist.
    ///
    /// # Errors
    /// A question that is broken, retired or in no deck.
    pub(super) fn freeze_plan(
        &self,
        plan: &MeetingPlan,
    ) -> Result<(Form, Vec<Question>, Vec<String>), Refused> {
        let exposures = self.seen_by(&plan.people)?;
        let (mut decks, mut questions, mut sources) = (Vec::new(), Vec::new(), Vec::new());
        for (deck, id) in &plan.questions {
            let gone = || Refused::Gone(id.clone());
            let loaded = self.library.deck(deck).ok_or_else(gone)?;
            let entry = loaded
                .deck
                .entries
                .iter()
                .position(|entry| entry.id == *id)
                .ok_or_else(gone)?;
            questions.push(loaded.question(entry).map_err(|_| gone())?);
            sources.push(loaded.source_of(entry).map_err(|_| gone())?);
            decks.push(&loaded.deck);
        }
        let rows = |key: &(DeckId, QuestionId)| -> Vec<Row> {
            exposures
                .get(key)
                .map(|x| x.rows.iter().copied().collect())
                .unwrap_or_default()
        };
        let rows: Vec<Vec<Row>> = plan.questions.iter().map(rows).collect();
        let planned: Vec<Planned> = decks
            .iter()
            .zip(&questions)
            .zip(plan.questions.iter().zip(&rows))
            .map(|((deck, question), (key, rows))| Planned {
                deck: &deck.id,
                competency: &deck.competency,
                question,
                fresh: !exposures.contains_key(key),
                rows_seen: rows,
            })
            .collect();
        let code = Code::new(plan.seed(), planned.len(), 0, 0, BankId::default());
        let form = form::freeze(code, &planned);
        let questions = form.concrete(questions);
        // The mentor chose the questions, so no code can reproduce them.
        Ok((
            Form {
                code: String::new(),
                ..form
            },
            questions,
            sources,
        ))
    }

    /// Suggests questions by blueprint for these people, starting with those that none of them has seen.
    ///
    /// # Errors
    /// There are no questions, or the store cannot be read.
    pub fn propose(
        &self,
        people: &[PersonId],
        wanted: &StartRequest,
    ) -> Result<Vec<(DeckId, QuestionId)>, Refused> {
        Ok(self.propose_from(people, wanted, LevelChoice::Any)?.0)
    }

    /// Suggests questions like [`Workspace::propose`], from some levels. Also returns what was drawn for whom. Where the level of the people is known and there are too few questions around it, all
    /// levels are drawn from.
    ///
    /// # Errors
    /// There are no questions of these levels, or the store cannot be read.
    pub fn propose_from(
        &self,
        people: &[PersonId],
        wanted: &StartRequest,
        choice: LevelChoice,
    ) -> Result<Proposed, Refused> {
        let exposures = self.seen_by(people)?;
        let draw = |levels| self.plan_from(wanted, levels, &exposures, &HashSet::new());
        let range = match choice {
            LevelChoice::Any => None,
            LevelChoice::Within(range) => Some(range),
            LevelChoice::Matched => self.level_of(people)?.map(LevelRange::around),
        };
        let mut levels = LevelDraw {
            range,
            ..LevelDraw::default()
        };
        let (_, mut places) = draw(range)?;
        if choice == LevelChoice::Matched && range.is_some() {
            let (_, all) = draw(None)?;
            if places.len() < all.len() {
                (levels.range, levels.too_few, places) = (None, range, all);
            }
        }
        if places.is_empty() {
            return Err(match levels.range {
                Some(_) => Refused::NoneOfLevel,
                None => Refused::Nothing,
            });
        }
        levels.missing = (wanted.size + wanted.written).saturating_sub(places.len());
        let level = |(d, e): &(usize, usize)| self.library.decks[*d].deck.entries[*e].level;
        let drawn = levels.summary(places.iter().map(level));
        let named = |(d, e): (usize, usize)| {
            let deck = &self.library.decks[d].deck;
            (deck.id.clone(), deck.entries[e].id.clone())
        };
        Ok((places.into_iter().map(named).collect(), drawn))
    }

    /// Returns the people with these names and adds the unknown ones.
    ///
    /// # Errors
    /// An invalid name, or a failure of the store.
    pub fn people_named(&mut self, names: &[String]) -> Result<Vec<PersonId>, StoreError> {
        let mut people = Vec::new();
        for name in names {
            let person = match self.store.person(name)? {
                Some(person) => person.id,
                None => self.store.add_person(name)?.id,
            };
            if !people.contains(&person) {
                people.push(person);
            }
        }
        Ok(people)
    }

    /// Returns the names by seat; a person forgotten in the meantime is shown as a number.
    fn names_at(&self, meeting: &Meeting) -> Vec<Text> {
        let people = self.store.people().unwrap_or_default();
        let name = |(n, seat): (usize, &Seat)| {
            let known = people
                .iter()
                .find(|person| person.id == seat.person)
                .map(|person| person.name.clone());
            known.unwrap_or_else(|| Text::new(&format!("person {}", n + 1)))
        };
        meeting.seats.iter().enumerate().map(name).collect()
    }

    /// Replays a stored meeting from its log; returns it with the number of its events.
    pub(super) fn meeting_back(&self, start: NewSession) -> Result<(Meeting, u32), Refused> {
        let seating: Seating = read_setup(&start)?;
        if seating.people.is_empty() {
            return Err(Refused::Unreadable(start.id, "no participants".to_owned()));
        }
        let questions = self.questions_back(&start.id, start.form.items.iter())?;
        let events = self.store.events(&start.id)?;
        let count = events.len() as u32;
        Ok((
            Meeting::new(start.form, questions, seats(&seating)).replay(&events),
            count,
        ))
    }
}

fn seats(seating: &Seating) -> Vec<Seat> {
    seating
        .people
        .iter()
        .map(|person| Seat { person: *person })
        .collect()
}
