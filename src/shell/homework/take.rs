//! Taking a homework: an ordinary session in a file of its own, which ends with a result file.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::collect::ENDING;
use crate::app::effect::{News, Started};
use crate::core::form::Item;
use crate::core::id::{PersonId, SessionId};
use crate::core::question::Question;
use crate::core::time::Limit;
use crate::session::homework::{FormQuestion, HomeworkForm, TakenHomework, result_lines};
use crate::session::{Event, Mode, Session};
use crate::shell::backlog::Backlog;
use crate::shell::begin::new_id;
use crate::shell::replay::read_setup;
use crate::shell::running::Running;
use crate::shell::{Refused, Shell, Unstored, Workspace, replace_whole};
use crate::store::{NewSession, State, Store};

/// The maximum number of attempts that are looked at.
const ATTEMPTS: u32 = 1000;

/// A homework that a person takes.
#[derive(Clone, Debug)]
pub struct PreparedHomework {
    pub form: HomeworkForm,
    pub seat: usize,
    /// The file to send back.
    pub result: PathBuf,
    /// True to record in the person's own history which questions they have seen.
    pub keeps: bool,
}

/// The reason why the result file can't be written.
#[derive(Debug, thiserror::Error)]
#[error("{} can't be written: {error}; your answers are saved, and the same command tries again", .file.display())]
pub struct TakeError {
    file: PathBuf,
    error: io::Error,
}

impl PreparedHomework {
    /// Prepares the form in the file at `path` for the person at `seat`. The result is written beside the form.
    pub fn new(form: HomeworkForm, seat: usize, path: &Path, keeps: bool) -> Self {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let name = form.people.get(seat).map(|name| name.line());
        let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
        let name: String = name
            .unwrap_or_default()
            .to_lowercase()
            .chars()
            .map(plain)
            .collect();
        let result = path.with_file_name(format!("{stem}-{name}.{ENDING}"));
        Self {
            form,
            seat,
            result,
            keeps,
        }
    }

    /// Returns what the homework asks, for whom, how long it takes and when it is due.
    fn briefing(&self, limit: Limit) -> String {
        let HomeworkForm { title, due, .. } = &self.form;
        let (name, questions) = (
            self.form.people[self.seat].line(),
            self.form.questions.len(),
        );
        let plural = if questions == 1 { "" } else { "s" };
        let time = match limit {
            Limit::Within(limit) => format!("{} min", limit.0.div_ceil(60_000)),
            Limit::Untimed => "no time limit".to_owned(),
        };
        let due = due.map_or(String::new(), |due| format!(", due on {}", due.0.words()));
        format!(
            "The homework {} for {name}: {questions} question{plural}, {time}{due}.",
            title.line()
        )
    }

    fn is_of(&self, start: &NewSession) -> bool {
        read_setup::<TakenHomework>(start)
            .is_ok_and(|taken| taken.form == self.form.id && taken.seat == self.seat)
    }
}

impl Shell {
    /// Starts a homework, or resumes an attempt that was interrupted. `None` if it was finished before and `again` is
    /// false; its result file is then written again.
    ///
    /// # Errors
    /// A failure of the store, or the result can't be written.
    pub fn take(
        &mut self,
        homework: PreparedHomework,
        again: bool,
    ) -> Result<Option<Started>, Refused> {
        let attempts = self.workspace.attempts_at(&homework)?;
        let open = attempts.iter().find(|(_, state)| *state == State::Open);
        let is_finished = attempts.iter().any(|(_, state)| *state == State::Finished);
        self.homework = Some(homework.clone());
        if let Some((id, _)) = open {
            return self.resume(id).map(Some);
        }
        if is_finished && !again {
            self.workspace.write_result(&homework)?;
            return Ok(None);
        }
        self.begin_homework(&homework).map(Some)
    }

    fn begin_homework(&mut self, homework: &PreparedHomework) -> Result<Started, Refused> {
        let (form, questions) = homework.form.for_seat(homework.seat);
        let sources = homework.form.questions.iter().map(|sent| {
            // All fields have a JSON form.
            serde_json::to_string(&sent.question).unwrap_or_default()
        });
        let wall = self.workspace.wall_ms();
        let multiplier = self.workspace.settings.time_multiplier;
        let limit = homework.form.limit(multiplier);
        let taken = TakenHomework {
            form: homework.form.id.clone(),
            title: homework.form.title.clone(),
            seat: homework.seat,
            name: homework.form.people[homework.seat].clone(),
        };
        let start = NewSession {
            id: new_id(wall),
            person: PersonId::YOU,
            mode: Mode::Homework,
            started_at: wall,
            form: form.clone(),
            limit,
            multiplier,
            setup: serde_json::to_string(&taken).unwrap_or_default(),
        };
        let id = start.id.clone();
        let backlog = Backlog::begin(&self.workspace.store, start, sources.collect(), Vec::new())?;
        self.running = Some(Running::new(backlog, None));
        let session = Session::new(form, questions.into(), limit, multiplier);
        Ok(Started {
            id,
            session: session.in_mode(Mode::Homework),
            drafts: Default::default(),
            notice: Some(homework.briefing(limit)),
        })
    }

    /// Writes the result of the homework that has just been finished.
    pub(in crate::shell) fn end_homework(&mut self) -> Vec<News> {
        if let Err(lost) = self.catch_up() {
            return vec![News::Unsaved(lost.to_string())];
        }
        self.running = None;
        let Some(homework) = self.homework.clone() else {
            return Vec::new();
        };
        let words = match self.workspace.write_result(&homework) {
            Ok(()) => homework.sentence(),
            Err(why) => why.to_string(),
        };
        vec![News::HandedIn(words)]
    }
}

impl PreparedHomework {
    /// Returns the sentence that says which file to send back.
    pub fn sentence(&self) -> String {
        format!(
            "Your answers are in {}. Send this file back to your mentor.",
            self.result.display()
        )
    }
}

impl Workspace {
    /// Returns the attempts at a homework, oldest first.
    fn attempts_at(&self, homework: &PreparedHomework) -> Result<Vec<(SessionId, State)>, Refused> {
        let mut attempts = Vec::new();
        for listed in self
            .store
            .list(self.person, Mode::Homework, None, ATTEMPTS)?
        {
            if homework.is_of(&self.stored(&listed.id)?.start) {
                attempts.push((listed.id, listed.state));
            }
        }
        attempts.reverse();
        Ok(attempts)
    }

    /// Writes all finished attempts to the result file, and records in the person's own history what they have seen if
    /// they want that.
    fn write_result(&self, homework: &PreparedHomework) -> Result<(), Refused> {
        let mut lines = vec![format!(
            "# Answers of {} to the homework {}. Send this file back to your mentor.",
            homework.form.people[homework.seat].line(),
            homework.form.title.line()
        )];
        for (id, state) in self.attempts_at(homework)? {
            if state != State::Finished {
                continue;
            }
            let (session, _) = self.session_back(&self.stored(&id)?.start)?;
            let log = self.store.log::<Event>(&id)?;
            let form = &homework.form.id;
            let result = result_lines(form, homework.seat, &id, &session, &log);
            lines.extend(result.iter().map(|line| line.to_text()));
            if homework.keeps {
                self.keep_in_own_history(&id)?;
            }
        }
        let text = lines.join("\n") + "\n";
        replace_whole(&homework.result, &text).map_err(|error| {
            Refused::Take(TakeError {
                file: homework.result.clone(),
                error,
            })
        })
    }

    /// Copies a finished attempt to the person's own history, where its questions count as seen.
    fn keep_in_own_history(&self, id: &SessionId) -> Result<(), Refused> {
        let claim = self.store.claim(id)?;
        let mut backlog = Backlog::<Event>::resume(self, id.clone(), claim)?;
        let mut own = Store::open(&self.folder.path().join("history.db"))?;
        backlog.move_to(&mut own).map_err(|unstored| {
            let Unstored(why) = unstored;
            Refused::from(why)
        })
    }

    /// Returns the questions of a homework, which are stored as the form had them.
    pub(in crate::shell) fn homework_questions(
        &self,
        id: &SessionId,
        items: &[Item],
    ) -> Result<Arc<[Question]>, Refused> {
        let unreadable = |why: String| Refused::Unreadable(id.clone(), why);
        let question = |item: &Item| {
            let source = self.store.source(item.fingerprint)?;
            let source = source
                .ok_or_else(|| unreadable(format!("the text of {} is missing", item.question)))?;
            let question: FormQuestion = serde_json::from_str(&source.text)
                .map_err(|error| unreadable(format!("{}: {error}", item.question)))?;
            Ok(question.question())
        };
        items.iter().map(question).collect()
    }
}
