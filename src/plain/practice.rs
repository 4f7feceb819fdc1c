//! Practice in lines: feedback after each answer, then the next question.

use super::{Dialogue, Step, Stop, explain, show};
use crate::core::practice::Grade;
use crate::session::Event;

const PROMPT: &str = "Enter next, ? help> ";

const HELP: &str = "Enter alone: the next question\n\
    easy: it was easy, ask it much later; again undoes it\n\
    undo: undo the grade, or restore it\n\
    suspend: practice stops asking this question, or asks it again\n\
    note: write a note of your own\n\
    dispute: say why the question or its answer is wrong\n\
    flag: mark the question to return to, or unmark it\n\
    pause: the clock stops until you continue\n\
    back: the previous question\n\
    overview: list all questions and jump to one\n\
    leave: stop here and resume later\n\
    Short forms: e = easy, u = undo, - = suspend, i = note, ! = dispute, f = flag, z = pause, p = back, \
    g = overview, q = leave";

impl Dialogue<'_> {
    /// Makes the answer final and shows the key, if the answer is complete.
    pub(super) fn check(&mut self, slot: usize) -> Result<Step, Stop> {
        if self.session().can_skip(slot) {
            return if slot + 1 < self.session().len() {
                Ok(Step::To(slot + 1))
            } else {
                self.draw_next()
            };
        }
        if let Err(unready) = self.session().ready(slot) {
            self.say(&show::sentence(&unready.to_string()))?;
            return Ok(Step::Stay);
        }
        self.reveal(slot)
    }

    /// Clears the answer and shows the key.
    pub(super) fn give_up(&mut self, slot: usize) -> Result<Step, Stop> {
        if self.session().sheet(slot).answer.is_some() {
            let answer = self.session().question(slot).blank();
            self.apply(self.session().answering(slot, answer))?;
        }
        self.reveal(slot)
    }

    /// Makes the answer final, with its grade if it needs no rating: both are saved, or neither.
    fn reveal(&mut self, slot: usize) -> Result<Step, Stop> {
        let mut events = match self.driver.record(Event::Revealed { slot }) {
            Ok(revealed) => vec![revealed],
            Err(rejected) => {
                self.say(&show::sentence(&rejected.to_string()))?;
                return Ok(Step::Stay);
            }
        };
        if self.session().sheet(slot).awaits_grade()
            && let Some(grade) = self.session().automatic_grade(slot)
        {
            // The event is only rejected if nothing is graded.
            events.extend(self.driver.record(Event::Graded { slot, grade }));
        }
        (self.save)(&events).map_err(Stop::Failed)?;
        Ok(Step::To(slot))
    }

    /// Shows the feedback on a question and executes commands. Returns the question to show next.
    pub(super) fn feedback(&mut self, slot: usize) -> Result<usize, Stop> {
        self.say(&explain::question(self.session(), slot))?;
        if self.session().sheet(slot).awaits_grade() {
            let interaction = &self.session().question(slot).interaction;
            let is_card = interaction.is_card();
            if interaction.is_open() {
                self.rate_open_answer(slot)?;
            }
            // An answer that the person does not rate counts as not known.
            let grade = match is_card {
                true => self.ask_grade()?,
                false => self.session().automatic_grade(slot).unwrap_or(Grade::Again),
            };
            self.apply(Event::Graded { slot, grade })?;
        }
        self.say(&explain::grade(self.session(), slot))?;
        loop {
            let line = self.prompt(PROMPT)?;
            let step = match line.trim().to_lowercase().as_str() {
                "" | "n" | "next" if slot + 1 < self.session().len() => Step::To(slot + 1),
                "" | "n" | "next" => self.draw_next()?,
                "p" | "back" if slot > 0 => Step::To(slot - 1),
                "g" | "overview" => self.overview(slot)?,
                "q" | "leave" => return Err(self.leave()?),
                other => {
                    self.edit(slot, other)?;
                    Step::Stay
                }
            };
            match step {
                Step::To(next) => return Ok(next),
                Step::Stay if self.session().is_over() => return Ok(slot),
                Step::Stay => {}
            }
        }
    }

    /// Asks how well a card was known.
    fn ask_grade(&mut self) -> Result<Grade, Stop> {
        loop {
            let line = self.prompt("your grade: 1 again, 2 hard, 3 good, 4 easy> ")?;
            match line.trim().to_lowercase().as_str() {
                "q" | "leave" => return Err(self.leave()?),
                word => match grade_of(word) {
                    Some(grade) => return Ok(grade),
                    None => self.say("Type a number from 1 to 4, or q to leave.")?,
                },
            }
        }
    }

    /// Executes a command that changes the grade, note, dispute or flag of this question.
    fn edit(&mut self, slot: usize, line: &str) -> Result<(), Stop> {
        let sheet = self.session().sheet(slot);
        if let Some(grade) = grade_of(line)
            && self.session().question(slot).interaction.is_card()
        {
            self.apply(Event::Graded { slot, grade })?;
            return self.say(&explain::grade(self.session(), slot));
        }
        match line {
            "e" | "easy" if !self.session().is_right(slot) => {
                self.say("Only a right answer can be rated easy.")?;
            }
            "e" | "easy" => {
                let earned = self.session().automatic_grade(slot).unwrap_or(Grade::Again);
                let grade = if sheet.grade == Some(Grade::Easy) {
                    earned
                } else {
                    Grade::Easy
                };
                self.apply(Event::Graded { slot, grade })?;
                self.say(&explain::grade(self.session(), slot))?;
            }
            "u" | "undo" => self.undo(slot)?,
            "-" | "suspend" => self.suspend(slot)?,
            "i" | "note" => {
                let text = self
                    .prompt("your note, Enter alone for none> ")?
                    .trim()
                    .to_owned();
                let words = if text.is_empty() {
                    "No note."
                } else {
                    "Saved."
                };
                self.apply(Event::Noted { slot, text })?;
                self.say(words)?;
            }
            "!" | "dispute" => {
                let reason = self
                    .prompt("what is wrong with it? Enter alone takes the dispute back> ")?
                    .trim()
                    .to_owned();
                let words = match reason.is_empty() {
                    true => "No longer disputed.",
                    false => "Disputed: `aethos decks --disputed` lists it.",
                };
                self.apply(Event::Disputed { slot, reason })?;
                self.say(words)?;
            }
            "f" | "flag" => {
                let on = !sheet.flagged;
                self.apply(Event::Flagged { slot, on })?;
                self.say(if on { "Flagged." } else { "No longer flagged." })?;
            }
            "z" | "pause" => {
                self.apply(Event::Paused)?;
                self.paused()?;
            }
            "?" | "help" => self.say(HELP)?,
            _ => self.say("Press Enter for the next question, or type ? for help.")?,
        }
        Ok(())
    }

    /// Suspends the question, or ends its suspension.
    pub(super) fn suspend(&mut self, slot: usize) -> Result<(), Stop> {
        let on = !self.session().is_stopped(slot);
        self.apply(Event::Suspended { slot, on })?;
        self.say(match on {
            true if self.session().can_skip(slot) => {
                "Suspended: practice won't ask it again. Type n to continue without answering."
            }
            true => "Suspended: practice won't ask it again.",
            false => "Practice will ask it again.",
        })
    }

    /// Takes the grade back, or gives it again.
    fn undo(&mut self, slot: usize) -> Result<(), Stop> {
        if self.session().sheet(slot).grade.is_some() {
            self.apply(Event::GradeTakenBack { slot })?;
            return self.say("The grade was undone: it doesn't count.");
        }
        let grade = match self.session().question(slot).interaction.is_card() {
            true => self.ask_grade()?,
            false => self.session().automatic_grade(slot).unwrap_or(Grade::Again),
        };
        self.apply(Event::Graded { slot, grade })?;
        self.say(&explain::grade(self.session(), slot))
    }

    /// Waits until the person continues, without charging time.
    pub(super) fn paused(&mut self) -> Result<(), Stop> {
        let line = self.prompt("Paused: the clock is stopped. Enter continues, q leaves> ")?;
        if matches!(line.trim().to_lowercase().as_str(), "q" | "leave") {
            return Err(self.leave()?);
        }
        self.apply(Event::Resumed)?;
        Ok(())
    }

    /// Asks whether to continue after the planned time. Finishes the session if not, and returns false.
    pub(super) fn asks_to_continue(&mut self) -> Result<bool, Stop> {
        loop {
            let line = self
                .prompt("Your time is up. Finish (e), or go on without a clock (u)? q leaves> ")?;
            match line.trim().to_lowercase().as_str() {
                "e" | "finish" => {
                    self.apply(Event::Finished)?;
                    self.say(&show::summary(self.session()))?;
                    return Ok(false);
                }
                "u" | "untimed" => return self.apply(Event::WentOn),
                "q" | "leave" => return Err(self.leave()?),
                _ => {}
            }
        }
    }
}

/// Returns the grade for a number from 1 to 4 or a word.
fn grade_of(typed: &str) -> Option<Grade> {
    match typed.parse::<usize>() {
        Ok(n) => Grade::ALL.get(n.checked_sub(1)?).copied(),
        Err(_) => Grade::parse(typed),
    }
}
