//! The shell around the pure parts: it owns the decks, the history and the
//! settings, and performs what the interface asks for.

mod adaptive;
mod agenda;
mod backlog;
mod bank;
mod compare;
mod deepen;
mod derive;
mod dispute;
mod folder;
mod growth;
mod home;
mod meeting;
mod people;
mod practice;
mod progress;
mod queue;
mod refused;
mod replay;
mod running;
mod scored;
mod settings_file;
pub mod stage;
mod start;
mod zone;

use std::path::PathBuf;
use std::thread;

pub use backlog::Unstored;
pub use deepen::{BUDGET, Deepening};
pub use dispute::Dispute;
pub use folder::{BadConfig, Folder};
pub use refused::Refused;
pub use scored::{Kept, Summary};
pub use start::Wanted;
pub use zone::zone_problem;

use crate::app::effect::{Effect, Met, News, Opened, Started};
use crate::app::settings::Settings;
use crate::core::id::{PersonId, SessionId};
use crate::core::text::Text;
use crate::core::time::Day;
use crate::deck::load::Library;
use crate::report::{self, Heading, Report};
use crate::session::Mode;
use crate::store::{NewSession, Person, State, Store, StoreError};
use meeting::Minutes;
use running::Running;

/// Everything that outlives a screen.
pub struct Shell {
    folder: Folder,
    pub settings: Settings,
    pub library: Library,
    store: Store,
    person: PersonId,
    /// The session under way: claimed by this process, its events on their way to the store.
    running: Option<Running>,
    /// Unix time in milliseconds.
    clock: Box<dyn Fn() -> i64>,
    /// The mentor's session under way.
    meeting: Option<Minutes>,
}

impl Shell {
    /// Opens the decks and the history of the data folder.
    ///
    /// # Errors
    /// What is wrong with the history's file or its folder.
    pub fn open(folder: Folder, settings: Settings, paths: &[PathBuf]) -> Result<Self, StoreError> {
        let history = folder.history();
        // At the same time, for whoever waits for the first question.
        let (store, library) = thread::scope(|scope| {
            let opening = thread::Builder::new().spawn_scoped(scope, || Store::open(&history));
            let library = Library::load(paths, Some(folder.path()));
            let opened = opening.ok().and_then(|opening| opening.join().ok());
            (opened.unwrap_or_else(|| Store::open(&history)), library)
        });
        let (person, clock) = (PersonId::YOU, Box::new(home::wall_ms));
        let mut shell = Self { folder, settings, library, store: store?, person, running: None, meeting: None, clock };
        shell.derive()?;
        shell.rescore()?;
        shell.aim()?;
        Ok(shell)
    }

    /// The same shell by another wall clock, in Unix milliseconds: no time limit depends on it, but days do.
    pub fn with_clock(self, clock: impl Fn() -> i64 + 'static) -> Self {
        Self { clock: Box::new(clock), ..self }
    }

    pub(super) fn wall_ms(&self) -> i64 {
        (self.clock)()
    }

    /// The person's day.
    pub fn today(&self) -> Day {
        home::day_of(self.wall_ms())
    }

    /// Has the person's schedule aim at the interview of the settings.
    fn aim(&mut self) -> Result<(), StoreError> {
        self.store.aim(self.person, self.settings.interview.map(|date| date.0))
    }

    /// Goes on as another person; one not known yet is added.
    ///
    /// # Errors
    /// A name that cannot be one, or what the store says.
    pub fn be(&mut self, name: &str) -> Result<(), StoreError> {
        self.person = match self.store.person(name)? {
            Some(person) => person.id,
            None => self.store.add_person(name)?.id,
        };
        self.aim()
    }

    /// Goes on as a person who is known already.
    ///
    /// # Errors
    /// A sentence that names those who are.
    pub fn be_known(&mut self, name: &str) -> Result<Person, String> {
        match self.store.person(name) {
            Ok(Some(person)) => {
                self.person = person.id;
                self.aim().map_err(|error| error.to_string())?;
                Ok(person)
            }
            Ok(None) => {
                let people = self.store.people().unwrap_or_default();
                let names: Vec<&str> = people.iter().map(|p| p.name.as_str()).collect();
                Err(format!("there is no person {name:?}: there are {}", names.join(", ")))
            }
            Err(error) => Err(error.to_string()),
        }
    }

    /// Performs one effect of the interface, and returns what came of it.
    pub fn perform(&mut self, effect: Effect) -> Vec<News> {
        let result = match effect {
            Effect::Start(setup) => {
                let wanted = Wanted::from(&setup);
                return self.begun(|shell| shell.start(&wanted));
            }
            Effect::Deepen(id) => return self.begun(|shell| shell.deepen(&Deepening::of(id))),
            Effect::Practise { drill, minutes } => return self.begun(|shell| shell.practise(&drill, minutes, &[])),
            Effect::Repeat { code, decks } => return self.begun(|shell| shell.repeat(&code, &decks)),
            Effect::Resume(id) => match self.meeting_of(&id) {
                Some((start, state)) => return self.met(|shell| shell.resume_meeting(start, state)),
                None => return self.begun(|shell| shell.resume(&id)),
            },
            Effect::FinishOpen(id) => match self.meeting_of(&id) {
                Some((start, state)) => self.finish_meeting(start, state),
                None => self.finish_open(&id),
            },
            Effect::Meet(plan) => return self.met(|shell| shell.meet(&plan)),
            Effect::SaveMeeting(stamped) => {
                let saved = self.save_meeting(stamped);
                return saved.into_iter().chain(self.windows()).collect();
            }
            Effect::Show(stage) => {
                self.show(&stage);
                return self.windows();
            }
            Effect::Discard(id) => self.discard(&id),
            Effect::Save(stamped) => return self.save(stamped),
            Effect::Draw(session) => {
                let drawn = self.draw(&session).map(|draw| News::Drawn(Box::new(draw)));
                return drawn.into_iter().collect();
            }
            Effect::Ask { session, deck, question } => {
                let asked = self.ask(&session, &deck, &question).map(|draw| News::Drawn(Box::new(draw)));
                let unreadable =
                    || News::Told("this question cannot be read any more: its deck has changed".to_owned());
                return vec![asked.unwrap_or_else(unreadable)];
            }
            Effect::LookUp { slot, item } => {
                return vec![News::LookedUp(Box::new(self.beside(slot, &item)))];
            }
            Effect::ListFacet(item) => return vec![News::Facet(self.others(&item))],
            Effect::Draft { slot, text } => return self.draft(slot, &text),
            Effect::Score(session) => return self.score_running(*session),
            Effect::Leave => {
                let lost = self.store_rest().err();
                self.running = None;
                self.meeting = None;
                Ok([News::Saved].into_iter().chain(lost.map(News::Told)).collect())
            }
            Effect::ListHistory => self.past().map(|past| vec![News::History(past)]),
            Effect::Calibrate => self.calibration().map(|calibrated| vec![News::Calibrated(Box::new(calibrated))]),
            Effect::ListDecks => return vec![News::Decks(self.deck_lines())],
            Effect::Open(id) => self.open_result(&id).map(|opened| vec![News::Opened(Box::new(opened))]),
            Effect::Amend(id, stamped) => self.amend(&id, stamped).map(|()| Vec::new()),
            Effect::ShowPractice { minutes } => {
                self.agenda(minutes).map(|agenda| vec![News::Practice(Box::new(agenda))])
            }
            Effect::ShowProgress => self.progress().map(|progress| vec![News::Progress(Box::new(progress))]),
            Effect::Export(id) => return vec![News::Told(self.export(&id))],
            Effect::Keep(settings) => {
                return self.keep_settings(settings).err().map(News::Told).into_iter().collect();
            }
            Effect::People(wish) => return self.people(*wish),
            // These concern the terminal alone.
            Effect::Suspend | Effect::Quit => return Vec::new(),
        };
        let mut news = result.unwrap_or_else(|refused| vec![News::Told(refused.to_string())]);
        if self.running.is_none()
            && !news.iter().any(|n| {
                matches!(
                    n,
                    News::History(_) | News::Opened(_) | News::Calibrated(_) | News::Practice(_) | News::Progress(_)
                )
            })
        {
            news.insert(0, News::Home(Box::new(self.home())));
        }
        news
    }

    fn begun(&mut self, begin: impl FnOnce(&mut Self) -> Result<Started, Refused>) -> Vec<News> {
        match begin(self) {
            Ok(started) => vec![News::Running(Box::new(started))],
            Err(refused) => vec![News::Told(refused.to_string())],
        }
    }

    fn met(&mut self, begin: impl FnOnce(&mut Self) -> Result<Met, Refused>) -> Vec<News> {
        match begin(self) {
            Ok(met) => vec![News::Met(Box::new(met))],
            Err(refused) => vec![News::Told(refused.to_string())],
        }
    }

    /// The start of a session, if it is a mentor's.
    fn meeting_of(&self, id: &SessionId) -> Option<(NewSession, State)> {
        let stored = self.store.load(id).ok().flatten()?;
        (stored.start.mode == Mode::Mentor).then_some((stored.start, stored.state))
    }

    /// Takes settings over and keeps them in the data folder.
    ///
    /// # Errors
    /// A sentence that says what could not be kept, and why; the settings hold until the end of the program.
    pub fn keep_settings(&mut self, settings: Settings) -> Result<(), String> {
        let before = std::mem::replace(&mut self.settings, settings);
        self.aim().map_err(|error| error.to_string())?;
        self.folder.save(&before, &self.settings).map_err(|error| format!("the settings could not be kept: {error}"))
    }

    /// Writes the report of a session beside where aethos was started, never over another file.
    fn export(&mut self, id: &SessionId) -> String {
        let text = match self.open_result(id) {
            Ok(opened) => report::markdown(&self.report(&opened)),
            Err(refused) => return refused.to_string(),
        };
        match folder::write_new(&format!("aethos-{id}"), "md", &text) {
            Ok(path) => format!("written to {}", path.display()),
            Err(error) => format!("the report could not be written: {error}"),
        }
    }

    /// The report of a session that was opened.
    pub fn report(&self, opened: &Opened) -> Report {
        let started = self.store.load(&opened.id).ok().flatten().map_or(0, |stored| stored.start.started_at);
        let person = self.person_name(&opened.id);
        let heading = Heading { session: opened.id.clone(), day: Text::new(&home::moment(started)), person };
        let blueprint = &self.library.outline.blueprint;
        Report::of(&opened.session, &opened.assessment, blueprint, &opened.points, heading)
    }

    fn person_name(&self, id: &SessionId) -> Text {
        let person = self.store.load(id).ok().flatten().map(|stored| stored.start.person);
        let people = self.store.people().unwrap_or_default();
        people.into_iter().find(|p| Some(p.id) == person).map(|p| p.name).unwrap_or_default()
    }

    /// The newest finished session, or the one whose id begins with `name`.
    ///
    /// # Errors
    /// A sentence that says what there is instead.
    pub fn find_session(&self, name: Option<&str>) -> Result<SessionId, String> {
        let listed = self.store.list(self.person, Mode::Assess, None, 1000).map_err(|e| e.to_string())?;
        match name {
            None => listed
                .into_iter()
                .find(|l| l.state == crate::store::State::Finished)
                .map(|l| l.id)
                .ok_or_else(|| "there is no finished session yet".to_owned()),
            Some(name) => {
                let mut matching = listed.into_iter().filter(|l| l.id.as_str().starts_with(name)).map(|l| l.id);
                match (matching.next(), matching.next()) {
                    (Some(id), None) => Ok(id),
                    (Some(_), Some(_)) => {
                        Err(format!("more than one session begins with {name:?}; `aethos history` lists them"))
                    }
                    _ => Err(format!("there is no session {name:?}; `aethos history` lists them")),
                }
            }
        }
    }
}
