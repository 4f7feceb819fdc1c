//! Collecting results: whatever comes back, in any order and any number of times.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::file::read_bounded;
use crate::core::id::{PersonId, SessionId};
use crate::core::text::Text;
use crate::session::homework::{Assignment, Attempt, BadLine, Event, ResultLine, read_line};
use crate::shell::home::day_of;
use crate::shell::{Refused, Workspace};

/// The largest result file, in bytes.
const MAX_RESULT: usize = 4_000_000;
/// The extension of result files.
pub(super) const ENDING: &str = "result";

/// The outcome of collecting files.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    /// The assignments to which the files belong.
    pub assignments: BTreeSet<SessionId>,
    pub new_lines: usize,
    /// Sentences about what was refused, with the place where it is kept.
    pub refused: Vec<String>,
}

/// Who has handed in a homework.
#[derive(Clone, Debug)]
pub struct HomeworkStatus {
    pub title: Text,
    pub people: usize,
    pub handed_in: usize,
    pub late: usize,
    pub missing: Vec<Text>,
    /// Sentences about results that are incomplete, contradictory or about changed questions.
    pub remarks: Vec<String>,
}

/// The lines of a file: the new ones by assignment, and the others by the reason why they are refused.
#[derive(Default)]
struct Reading {
    new: BTreeMap<SessionId, Vec<Event>>,
    bad: BTreeMap<Refusal, Vec<String>>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Refusal {
    /// The assignment and the seat that the line names.
    whose: Option<(SessionId, usize)>,
    why: BadLine,
}

impl Workspace {
    /// Collects result files, and the result files in folders.
    ///
    /// # Errors
    /// A path that can't be read, or a failure of the store.
    pub fn collect(&mut self, paths: &[PathBuf]) -> Result<Collected, Refused> {
        let mut collected = Collected::default();
        let mut assignments = BTreeMap::new();
        for path in files(paths).map_err(Refused::Result)? {
            self.collect_file(&path, &mut assignments, &mut collected)?;
        }
        Ok(collected)
    }

    fn collect_file(
        &mut self,
        path: &Path,
        assignments: &mut BTreeMap<SessionId, Option<Assignment>>,
        collected: &mut Collected,
    ) -> Result<(), Refused> {
        let name = Text::new(&path.display().to_string()).line();
        let bytes = match read_bounded(path, MAX_RESULT) {
            Ok(bytes) => bytes,
            Err(error) => {
                collected.refused.push(format!("{name}: {error}"));
                return Ok(());
            }
        };
        let text = String::from_utf8_lossy(&bytes);
        let mut reading = Reading::default();
        for line in text.lines() {
            if let Some(read) = read_line(line) {
                self.sort_line(line, read, assignments, &mut reading);
            }
        }
        self.refuse(&name, &text, &reading, collected)?;
        for (form, events) in reading.new {
            collected.assignments.insert(form.clone());
            collected.new_lines += events.len();
            self.change_assignment(&form, events)?;
        }
        Ok(())
    }

    /// Takes a line over, or sorts it under the reason why not.
    fn sort_line(
        &self,
        text: &str,
        read: Result<ResultLine, BadLine>,
        assignments: &mut BTreeMap<SessionId, Option<Assignment>>,
        reading: &mut Reading,
    ) {
        let whose = match &read {
            Ok(line) => Some((line.form.clone(), line.seat)),
            Err(_) => claimed(text),
        };
        let read = match read {
            Ok(line) => self.admitted(&line, assignments).map(|()| line),
            // A damaged line may still hold what a person wrote.
            Err(why) => match whose.as_ref() {
                Some((form, seat)) if self.is_forgotten(form, *seat, assignments) => {
                    Err(BadLine::Forgotten)
                }
                _ => Err(why),
            },
        };
        let line = match read {
            Ok(line) => line,
            Err(why) => {
                let lines = reading.bad.entry(Refusal { whose, why }).or_default();
                return lines.push(text.to_owned());
            }
        };
        let events = reading.new.entry(line.form.clone()).or_default();
        if let Some(Some(assignment)) = assignments.get_mut(&line.form)
            && !assignment.has(&line)
        {
            let (seat, line) = (line.seat, Box::new(line));
            let event = Event::Received { seat, line };
            assignment.apply(&event);
            events.push(event);
        }
    }

    /// Keeps what was refused of a file, and says so.
    fn refuse(
        &self,
        name: &str,
        text: &str,
        reading: &Reading,
        collected: &mut Collected,
    ) -> Result<(), Refused> {
        if reading.new.is_empty() && reading.bad.is_empty() {
            let kept = self.quarantine(None, "it has no answers in it", text)?;
            let words = format!("{name}: it has no answers in it; kept in {kept}");
            collected.refused.push(words);
        }
        for (Refusal { whose, why }, lines) in &reading.bad {
            let n = match lines.len() {
                1 => "1 line".to_owned(),
                n => format!("{n} lines"),
            };
            // Nothing about a person who was forgotten is kept.
            let kept = match why {
                BadLine::Forgotten => "not kept".to_owned(),
                why => {
                    let whose = whose.as_ref().map(|(form, seat)| (form, *seat));
                    let kept = self.quarantine(whose, &why.to_string(), &lines.join("\n"))?;
                    format!("kept in {kept}")
                }
            };
            let words = format!("{name}, {n}: {why}; {kept}");
            collected.refused.push(words);
        }
        Ok(())
    }

    fn quarantine(
        &self,
        whose: Option<(&SessionId, usize)>,
        why: &str,
        content: &str,
    ) -> Result<String, Refused> {
        // Only the ids of stored assignments are used in file names.
        let whose = whose.filter(|(form, _)| self.store.load(form).is_ok_and(|of| of.is_some()));
        let path = self.folder.keep_refused(whose, why, content);
        Ok(path.map_err(Refused::Result)?.display().to_string())
    }

    /// Checks that a line belongs to an assignment of this history, and to a person who was not forgotten.
    fn admitted(
        &self,
        line: &ResultLine,
        assignments: &mut BTreeMap<SessionId, Option<Assignment>>,
    ) -> Result<(), BadLine> {
        let assignment = self
            .known(&line.form, assignments)
            .ok_or(BadLine::Foreign)?;
        assignment.admit(line)?;
        match self.is_forgotten(&line.form, line.seat, assignments) {
            true => Err(BadLine::Forgotten),
            false => Ok(()),
        }
    }

    /// Returns an assignment of this history.
    fn known<'a>(
        &self,
        form: &SessionId,
        assignments: &'a mut BTreeMap<SessionId, Option<Assignment>>,
    ) -> Option<&'a Assignment> {
        let known = assignments.entry(form.clone()).or_insert_with(|| {
            let ids = self.store.assignments(None).unwrap_or_default();
            ids.contains(form).then(|| self.assignment(form).ok())?
        });
        known.as_ref()
    }

    /// Returns true if the person in a seat of an assignment was forgotten.
    fn is_forgotten(
        &self,
        form: &SessionId,
        seat: usize,
        assignments: &mut BTreeMap<SessionId, Option<Assignment>>,
    ) -> bool {
        self.known(form, assignments).is_some_and(|assignment| {
            let person = assignment.setup.people.get(seat);
            person.is_none_or(|person| self.name_of(*person).is_none())
        })
    }

    fn name_of(&self, id: PersonId) -> Option<Text> {
        let people = self.store.people().ok()?;
        people
            .into_iter()
            .find(|person| person.id == id)
            .map(|person| person.name)
    }

    /// Returns the name of the person at a seat of an assignment, or a number if the person was forgotten.
    pub fn name_at(&self, assignment: &Assignment, seat: usize) -> Text {
        let person = assignment.setup.people.get(seat).copied();
        person
            .and_then(|person| self.name_of(person))
            .unwrap_or_else(|| Text::new(&format!("person {}", seat + 1)))
    }

    /// Returns who has handed in a homework.
    pub fn homework_status(&self, assignment: &Assignment) -> HomeworkStatus {
        let people = assignment.setup.people.len();
        let due = assignment.setup.due;
        let mut status = HomeworkStatus {
            title: Text::new(&assignment.setup.title),
            people,
            handed_in: 0,
            late: 0,
            missing: Vec::new(),
            remarks: Vec::new(),
        };
        for seat in 0..people {
            let name = self.name_at(assignment, seat);
            let Some(attempt) = assignment.counted(seat) else {
                status.missing.push(name);
                continue;
            };
            status.handed_in += 1;
            let is_late = |wall: i64| due.is_some_and(|due| day_of(wall) > due.0);
            status.late += usize::from(attempt.finished.is_some_and(is_late));
            status.remarks.extend(remarks(&name, &attempt));
            let attempts = assignment.attempts(seat).len();
            if attempts > 1 {
                status.remarks.push(format!(
                    "{name}: {attempts} attempts, the first complete one counts"
                ));
            }
        }
        status
    }
}

/// Returns sentences about what is doubtful in an attempt.
fn remarks(name: &Text, attempt: &Attempt) -> Vec<String> {
    let mut remarks = Vec::new();
    if !attempt.is_complete() {
        remarks.push(format!(
            "{name}: the file is not whole; ask for it again, what is there is kept"
        ));
    }
    if attempt.is_contradictory {
        remarks.push(format!("{name}: two files disagree about the same answer"));
    }
    for (number, given) in (1..).zip(&attempt.answers) {
        if given.is_changed {
            remarks.push(format!(
                "{name}: question {number} was changed after you sent it; the answer is kept apart and doesn't count"
            ));
        }
    }
    remarks
}

/// Returns the files at the paths, and the results in folders, in the order of their names.
fn files(paths: &[PathBuf]) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        let named =
            |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        if !fs::metadata(path).map_err(named)?.is_dir() {
            files.push(path.clone());
            continue;
        }
        let mut inside = Vec::new();
        for entry in fs::read_dir(path).map_err(named)? {
            let file = entry.map_err(named)?.path();
            if file.extension().is_some_and(|ending| ending == ENDING) {
                inside.push(file);
            }
        }
        inside.sort();
        files.extend(inside);
    }
    Ok(files)
}

/// Returns the form and the seat that a damaged line names, so that it is kept, and forgotten, with that person's.
fn claimed(text: &str) -> Option<(SessionId, usize)> {
    let (_, rest) = text.split_once("\"form\":\"")?;
    let (form, rest) = rest.split_once("\",\"seat\":")?;
    let (seat, _) = rest.split_once(',')?;
    Some((SessionId::new(form), seat.parse().ok()?))
}
