//! The data that every command uses: decks, history, settings and the current person.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::home::{iso, moment, practice_day, wall_ms};
use super::{Folder, Refused};
use crate::app::effect::OpenedResult;
use crate::app::settings::Settings;
use crate::core::id::{DeckId, PersonId, SessionId};
use crate::core::text::Text;
use crate::core::time::Day;
use crate::deck::cache::Cache;
use crate::deck::load::Library;
use crate::report::{Heading, Report};
use crate::session::Mode;
use crate::store::{Person, State, Store, StoreError, StoredSession};

/// A way to open the history in a file.
pub type OpenStore = fn(&Path) -> Result<Store, StoreError>;

/// The decks, history and settings of the current person. It answers queries about them and runs no session.
pub struct Workspace {
    pub(super) folder: Folder,
    pub settings: Settings,
    pub library: Library,
    pub(super) store: Store,
    pub(super) person: PersonId,
    /// The files of own decks that count for the score because they were used before, until the person was told.
    pub(super) newly_counting: Vec<Text>,
    /// The clock, in Unix milliseconds.
    clock: Box<dyn Fn() -> i64>,
}

impl Workspace {
    /// Opens the decks and the history of the data folder, and the decks at `paths`.
    ///
    /// # Errors
    /// A problem with the history's file or its folder.
    pub fn open(folder: Folder, settings: Settings, paths: &[PathBuf]) -> Result<Self, StoreError> {
        Self::open_with(folder, settings, paths, Store::open)
    }

    /// Does the same as [`Workspace::open`], with another way to open the history.
    ///
    /// # Errors
    /// A problem with the history's file or its folder.
    pub fn open_with(
        folder: Folder,
        settings: Settings,
        paths: &[PathBuf],
        open: OpenStore,
    ) -> Result<Self, StoreError> {
        let history = folder.history();
        // They are opened in parallel, because the first question waits for both.
        let (store, library) = thread::scope(|scope| {
            let opening = thread::Builder::new().spawn_scoped(scope, || open(&history));
            let library = Library::load_with(paths, Some(folder.path()), folder.cache().map(Cache));
            let opened = opening.ok().and_then(|opening| opening.join().ok());
            (opened.unwrap_or_else(|| open(&history)), library)
        });
        let (person, clock) = (PersonId::YOU, Box::new(wall_ms));
        let mut workspace = Self {
            folder,
            settings,
            library,
            store: store?,
            person,
            newly_counting: Vec::new(),
            clock,
        };
        workspace.keep_counting()?;
        if !workspace.store.is_read_only() {
            workspace.derive()?;
            workspace.rescore()?;
        }
        workspace.sync_interview_date()?;
        Ok(workspace)
    }

    /// Lets own decks that were used before count for the score, as they did.
    fn keep_counting(&mut self) -> Result<(), StoreError> {
        let (told, new): (Vec<_>, Vec<_>) = self
            .store
            .counted_decks()?
            .into_iter()
            .partition(|(_, is_told)| *is_told);
        let ids = |decks: Vec<(DeckId, bool)>| decks.into_iter().map(|(id, _)| id).collect();
        let (told, new): (Vec<DeckId>, Vec<DeckId>) = (ids(told), ids(new));
        self.library.keep_counting(&told);
        self.newly_counting = self.library.keep_counting(&new);
        Ok(())
    }

    /// Records that the home screen told which decks keep counting.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn record_told(&mut self) -> Result<(), StoreError> {
        match self.newly_counting.is_empty() || self.store.is_read_only() {
            true => Ok(()),
            false => self.store.tell_counted_decks(),
        }
    }

    /// Replaces the wall clock with one that returns Unix milliseconds. It affects days, but not time limits.
    pub fn with_clock(self, clock: impl Fn() -> i64 + 'static) -> Self {
        let mut workspace = Self {
            clock: Box::new(clock),
            ..self
        };
        let today = workspace.today();
        // A store that cannot be written reports it at the first answer.
        let _ = workspace.store.heed_clock(today);
        workspace
    }

    pub(super) fn wall_ms(&self) -> i64 {
        (self.clock)()
    }

    /// Sets how long a call waits for another program that has locked the history.
    pub fn set_patience(&self, patience: Duration) {
        self.store.set_patience(patience);
    }

    /// Returns the path of the history's file.
    pub fn history(&self) -> &Path {
        self.store.name()
    }

    /// Returns a line for each damaged part of the history that was read so far.
    pub fn damage(&self) -> Vec<String> {
        self.store.damage()
    }

    /// Checks a small history for damage and adds what is wrong to [`Workspace::damage`].
    pub fn check_small_history(&mut self) {
        let today = self.today();
        // An error is added to the damage as well, and whatever is read next returns it again.
        let _ = self.store.check_small(today);
    }

    /// Checks the whole history for damage and returns a line for each problem, or `None` if there is no history.
    ///
    /// # Errors
    /// The history cannot be read at all.
    pub fn verify_history(&self) -> Result<Option<Vec<String>>, StoreError> {
        self.store
            .is_in_file()
            .then(|| self.store.verify())
            .transpose()
    }

    /// Returns the person's day of practice.
    pub fn today(&self) -> Day {
        self.practice_day(self.wall_ms())
    }

    /// Returns the day of practice at a moment in Unix milliseconds.
    pub(super) fn practice_day(&self, wall_ms: i64) -> Day {
        practice_day(wall_ms, self.settings.day_starts_at)
    }

    /// Copies the interview date of the settings to the person's schedule.
    fn sync_interview_date(&mut self) -> Result<(), StoreError> {
        if self.store.is_read_only() {
            return Ok(());
        }
        self.store
            .aim(self.person, self.settings.interview.map(|date| date.0))
    }

    /// Switches to the person with this name and adds them if they are new.
    ///
    /// # Errors
    /// An invalid name, or a failure of the store.
    pub fn switch_person(&mut self, name: &str) -> Result<(), StoreError> {
        self.person = match self.store.person(name)? {
            Some(person) => person.id,
            None => self.store.add_person(name)?.id,
        };
        self.sync_interview_date()
    }

    /// Switches to an existing person.
    ///
    /// # Errors
    /// [`Refused::UnknownPerson`] with the known names, or a failure of the store.
    pub fn switch_to_known_person(&mut self, name: &str) -> Result<Person, Refused> {
        let Some(person) = self.store.person(name)? else {
            let known = self
                .store
                .people()?
                .into_iter()
                .map(|person| person.name.line())
                .collect();
            return Err(Refused::UnknownPerson {
                name: name.to_owned(),
                known,
            });
        };
        self.person = person.id;
        self.sync_interview_date()?;
        Ok(person)
    }

    /// Applies the settings and writes them to the data folder.
    ///
    /// # Errors
    /// They could not be written; they still apply until the end of the program.
    pub fn keep_settings(&mut self, settings: Settings) -> Result<(), Refused> {
        let before = std::mem::replace(&mut self.settings, settings);
        self.sync_interview_date()?;
        self.folder
            .save(&before, &self.settings)
            .map_err(Refused::Settings)
    }

    /// Loads the stored data of a session.
    ///
    /// # Errors
    /// There is no such session, or a failure of the store.
    pub(super) fn stored(&self, id: &SessionId) -> Result<StoredSession, StoreError> {
        self.store.load(id)?.ok_or_else(|| StoreError::NoSession {
            session: id.clone(),
        })
    }

    /// Builds the report of an opened session.
    pub fn report(&self, opened: &OpenedResult) -> Report {
        let (started, person) = self.start_and_person(&opened.id);
        let finished = self
            .stored(&opened.id)
            .ok()
            .and_then(|stored| stored.finished_at);
        let heading = Heading {
            session: opened.id.clone(),
            day: Text::new(&moment(started)),
            person,
            started_at: iso(started),
            finished_at: finished.map(iso),
        };
        let blueprint = &self.library.outline.blueprint;
        Report::of(
            &opened.session,
            &opened.assessment,
            blueprint,
            &opened.points,
            heading,
        )
    }

    /// Returns the start of a session in Unix milliseconds and the name of its person.
    pub(super) fn start_and_person(&self, id: &SessionId) -> (i64, Text) {
        let Ok(StoredSession { start, .. }) = self.stored(id) else {
            return Default::default();
        };
        let people = self.store.people().unwrap_or_default();
        let name = people
            .into_iter()
            .find(|person| person.id == start.person)
            .map(|person| person.name);
        (start.started_at, name.unwrap_or_default())
    }

    /// Finds the newest finished assessment, or the one whose id begins with `name`.
    ///
    /// # Errors
    /// There is no such session, or more than one.
    pub fn find_session(&self, name: Option<&str>) -> Result<SessionId, Refused> {
        let listed = self.store.list(self.person, Mode::Assess, None, 1000)?;
        let Some(name) = name else {
            let newest = listed
                .into_iter()
                .find(|listed| listed.state == State::Finished);
            return newest
                .map(|listed| listed.id)
                .ok_or(Refused::NothingFinished);
        };
        let mut matching = listed
            .into_iter()
            .map(|listed| listed.id)
            .filter(|id| id.as_str().starts_with(name));
        match (matching.next(), matching.next()) {
            (Some(id), None) => Ok(id),
            (Some(_), Some(_)) => Err(Refused::Ambiguous(name.to_owned())),
            (None, _) => Err(Refused::NoSession(name.to_owned())),
        }
    }
}
