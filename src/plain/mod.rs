//! A session as a line-based dialogue for screen readers, pipes and tests.
//!
//! Each event is saved before the next prompt, so that no acknowledged answer is
//! lost, no matter how the dialogue ends.

mod answer;
mod command;
mod ending;
mod explain;
mod growing;
mod line;
mod practice;
mod rating;
mod show;

use std::io::{self, BufRead, Write};

use command::Command;
use line::{Line, MAX_LINE_BYTES};

use crate::core::response::{Answer, Confidence};
use crate::core::time::Millis;
use crate::session::{Draw, Driver, Event, Mode, Phase, Rejected, Session, Stamped};

/// The maximum number of characters of a reason.
const MAX_REASON: usize = 400;

/// The way in which a dialogue ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Finished,
    /// Left by `q`, at the end of the input, or because the output was closed. The session can be resumed.
    Left,
}

/// A reading of the monotonic clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    pub at: Millis,
    /// True if the process is known to have been stopped since the last reading; otherwise silence is reading time.
    pub stopped: bool,
}

/// Runs `session` until it ends or `input` ends.
///
/// `draw` chooses the next question of an adaptive or practice session; if it returns `None`, the session is finished.
/// `save` stores events, all of them or none, and is called for all events in order. With `confidence`, each answer is followed by a
/// question about the confidence.
///
/// # Errors
///
/// Those of `save`, of `input`, and of `output` other than a broken pipe, which is [`End::Left`].
pub fn run(
    session: &mut Session,
    now: &mut dyn FnMut() -> ClockReading,
    draw: &mut dyn FnMut(&Session) -> Option<Draw>,
    save: &mut dyn FnMut(&[Stamped]) -> io::Result<()>,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
    confidence: bool,
) -> io::Result<End> {
    let mut dialogue = Dialogue {
        driver: Driver::waiting(session, now().at),
        now,
        draw,
        save,
        input,
        output,
        confidence,
    };
    match dialogue.run_to_end() {
        Err(Stop::Failed(error)) => Err(error),
        Ok(()) | Err(Stop::Left) if dialogue.session().phase() == Phase::Finished => {
            Ok(End::Finished)
        }
        Ok(()) | Err(Stop::Left) => Ok(End::Left),
    }
}

struct Dialogue<'a> {
    driver: Driver<&'a mut Session>,
    now: &'a mut dyn FnMut() -> ClockReading,
    draw: &'a mut dyn FnMut(&Session) -> Option<Draw>,
    save: &'a mut dyn FnMut(&[Stamped]) -> io::Result<()>,
    input: &'a mut dyn BufRead,
    output: &'a mut dyn Write,
    confidence: bool,
}

/// The reason why the dialogue stops.
enum Stop {
    Left,
    Failed(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Stop::Left
        } else {
            Stop::Failed(error)
        }
    }
}

/// The next step of the dialogue.
enum Step {
    /// Ask again.
    Stay,
    /// Show this question.
    To(usize),
}

impl Dialogue<'_> {
    fn run_to_end(&mut self) -> Result<(), Stop> {
        self.say(&show::opening(self.session()))?;
        if self.session().is_empty() {
            return Ok(());
        }
        match self.session().phase() {
            Phase::Expired => self.time_is_up()?,
            Phase::Paused => self.paused()?,
            _ => self.expire_if_due()?,
        }
        let mut slot = self.session().slot_to_resume();
        while !self.session().is_over() {
            if self.session().slot() != Some(slot) {
                self.apply(Event::Shown { slot })?;
            }
            if self.session().sheet(slot).revealed {
                slot = self.feedback(slot)?;
                continue;
            }
            self.say(&show::question(self.session(), slot, self.driver.spent()))?;
            slot = self.ask(slot)?;
        }
        self.rate_open_answers()
    }

    /// Executes lines until the session is over or another question is due. Returns the question to show next.
    fn ask(&mut self, slot: usize) -> Result<usize, Stop> {
        loop {
            let line = self.prompt(&command::prompt(&self.session().question(slot).interaction))?;
            let step = match self.is_late()? {
                true => Step::Stay,
                false => self.execute(slot, &line)?,
            };
            self.expire_if_due()?;
            match step {
                Step::To(next) => return Ok(next),
                Step::Stay if self.session().is_over() => return Ok(slot),
                Step::Stay => {}
            }
        }
    }

    /// Executes a command or takes the line as an answer.
    fn execute(&mut self, slot: usize, line: &str) -> Result<Step, Stop> {
        let mode = self.session().mode;
        let is_answered = self.session().sheet(slot).answer.is_some();
        let interaction = &self.session().question(slot).interaction;
        match command::read(line, interaction, mode, is_answered) {
            Some(Command::Repeat) => return Ok(Step::To(slot)),
            Some(Command::Next) => return self.next(slot),
            Some(Command::Back) if self.session().is_adaptive() => {
                self.say(&show::sentence(&Rejected::Closed.to_string()))?;
            }
            Some(Command::Back) if slot > 0 => return Ok(Step::To(slot - 1)),
            Some(Command::Back) => self.say("This is the first question.")?,
            Some(Command::Unknown) => return self.give_up(slot),
            Some(Command::Pause) => {
                self.apply(Event::Paused)?;
                self.paused()?;
                return Ok(Step::To(slot));
            }
            Some(Command::Suspend) => self.suspend(slot)?,
            Some(Command::Overview) => return self.overview(slot),
            Some(Command::Finish) => self.finish()?,
            Some(Command::Help) => self.say(&command::help(
                &self.session().question(slot).interaction,
                mode,
            ))?,
            Some(Command::Leave) => return Err(self.leave()?),
            Some(Command::Flag) => {
                let on = !self.session().sheet(slot).flagged;
                self.apply(Event::Flagged { slot, on })?;
                self.say(if on { "Flagged." } else { "No longer flagged." })?;
            }
            Some(Command::TakeBack) => {
                let answer = self.session().question(slot).blank();
                self.apply(self.session().answering(slot, answer))?;
                self.say("This question has no answer now.")?;
            }
            None => return self.answer(slot, line),
        }
        Ok(Step::Stay)
    }

    /// Parses and applies an answer, and asks for the confidence.
    fn answer(&mut self, slot: usize, line: &str) -> Result<Step, Stop> {
        if self.session().question(slot).interaction.is_open() {
            return self.write(slot, line);
        }
        let (question, before) = (
            self.session().question(slot),
            self.session().sheet(slot).answer.as_ref(),
        );
        let reading = match answer::read(question, self.session().item(slot), before, line) {
            Ok(reading) => reading,
            Err(why) => {
                self.say(&why)?;
                return Ok(Step::Stay);
            }
        };
        if !self.apply(self.session().answering(slot, reading.answer))? {
            return Ok(Step::Stay);
        }
        self.say(&reading.understood)?;
        if !reading.complete {
            return Ok(Step::Stay);
        }
        if self.confidence
            && let Some(command) = self.ask_confidence(slot)?
        {
            return self.execute(slot, &command);
        }
        if self.session().is_due_to_expire(self.driver.spent()) {
            return Ok(Step::Stay);
        }
        if self.session().mode == Mode::Homework {
            self.ask_reason(slot)?;
        }
        self.next(slot)
    }

    /// Returns true, and says so, if the line that was just read arrived after the time limit, so that it has no effect.
    fn is_late(&mut self) -> Result<bool, Stop> {
        let is_late = self.session().is_due_to_expire(self.driver.spent());
        if is_late {
            self.say("The time was up before this line arrived, so it does not count.")?;
        }
        Ok(is_late)
    }

    /// Reads the lines of an open answer and saves each at once.
    fn write(&mut self, slot: usize, first: &str) -> Result<Step, Stop> {
        let mut text = String::new();
        let mut line = first.to_owned();
        while line.trim() != "." {
            if text.len() + line.len() > MAX_LINE_BYTES {
                self.say(
                    "This answer has reached its maximum length: the last line was not added.",
                )?;
                break;
            }
            text.push_str(&line);
            text.push('\n');
            self.apply(
                self.session()
                    .answering(slot, Answer::Written(text.trim_end().to_owned())),
            )?;
            line = self.prompt("> ")?;
            if self.is_late()? {
                return Ok(Step::Stay);
            }
        }
        if text.trim().is_empty() {
            self.say("Nothing was written.")?;
            return Ok(Step::Stay);
        }
        self.say(&show::written(&text))?;
        self.next(slot)
    }

    /// Asks for the confidence of an answer. Returns the line if it is a command, such as `next`, instead.
    fn ask_confidence(&mut self, slot: usize) -> Result<Option<String>, Stop> {
        loop {
            let line = self.prompt("how sure (1 guess to 4 sure)> ")?;
            if self.is_late()? {
                return Ok(None);
            }
            let confidence = match line.trim().to_lowercase().as_str() {
                "" => None,
                "1" | "guess" => Some(Confidence::Guess),
                "2" | "unsure" => Some(Confidence::Unsure),
                "3" | "fairly" | "fairly sure" => Some(Confidence::Fairly),
                "4" | "sure" => Some(Confidence::Sure),
                typed if command::leaves_question(typed) => return Ok(Some(line)),
                _ => {
                    self.say("Type 1 (guess), 2 (unsure), 3 (fairly sure) or 4 (sure), or just press Enter.")?;
                    continue;
                }
            };
            if self.session().sheet(slot).confidence != confidence {
                self.apply(Event::Confident { slot, confidence })?;
            }
            return Ok(None);
        }
    }

    /// Asks for the reason of an answer, in one line.
    fn ask_reason(&mut self, slot: usize) -> Result<(), Stop> {
        let line = self.prompt("why, in one line; Enter alone leaves it as it is> ")?;
        let text: String = line.trim().chars().take(MAX_REASON).collect();
        if !text.is_empty() {
            self.apply(Event::Noted { slot, text })?;
        }
        Ok(())
    }

    /// Goes to the next question, or to the overview after the last one.
    fn next(&mut self, slot: usize) -> Result<Step, Stop> {
        if self.session().mode == Mode::Practise {
            return self.check(slot);
        }
        if self.session().is_adaptive() {
            return self.draw_next();
        }
        if slot + 1 < self.session().len() {
            return Ok(Step::To(slot + 1));
        }
        if self.session().is_due_to_expire(self.driver.spent()) {
            return Ok(Step::Stay);
        }
        self.say("That was the last question.")?;
        self.overview(slot)
    }

    /// Prints the overview and asks for a question number.
    fn overview(&mut self, slot: usize) -> Result<Step, Stop> {
        self.say(&show::overview(self.session()))?;
        loop {
            let line = self.prompt("question number, e finish, q leave, Enter back> ")?;
            match (line.trim(), line.trim().parse::<usize>()) {
                ("", _) => return Ok(Step::To(slot)),
                (_, Ok(number)) if number > 0 && self.session().is_closed(number - 1) => {
                    self.say(&show::sentence(&Rejected::Closed.to_string()))?;
                }
                (_, Ok(number)) if (1..=self.session().len()).contains(&number) => {
                    return Ok(Step::To(number - 1));
                }
                ("e" | "E" | "finish", _) => {
                    self.finish()?;
                    return Ok(if self.session().is_over() {
                        Step::Stay
                    } else {
                        Step::To(slot)
                    });
                }
                ("q" | "Q" | "leave", _) => return Err(self.leave()?),
                _ => self.say(&format!(
                    "Type a number from 1 to {}.",
                    self.session().len()
                ))?,
            }
        }
    }

    /// Applies the event and saves it. Prints the reason and returns false if the session rejects it.
    fn apply(&mut self, event: Event) -> Result<bool, Stop> {
        let stamped = match self.driver.record(event) {
            Ok(stamped) => stamped,
            Err(rejected) => {
                self.say(&show::sentence(&rejected.to_string()))?;
                return Ok(false);
            }
        };
        (self.save)(&[stamped]).map_err(Stop::Failed)?;
        Ok(true)
    }

    fn session(&self) -> &Session {
        self.driver.session
    }

    fn say(&mut self, lines: &str) -> Result<(), Stop> {
        writeln!(self.output, "{lines}")?;
        Ok(())
    }

    /// Prompts for a line and returns it without its end. Leaves the session at the end of the input.
    fn prompt(&mut self, prompt: &str) -> Result<String, Stop> {
        loop {
            write!(self.output, "{prompt}")?;
            self.output.flush()?;
            let line = line::read(self.input)?;
            let moment = (self.now)();
            for gap in self.driver.advance(moment.at, moment.stopped) {
                (self.save)(&[gap]).map_err(Stop::Failed)?;
            }
            match line {
                Line::Whole(line) => return Ok(line),
                Line::TooLong => self.say("This line is too long and was ignored.")?,
                Line::None => {
                    self.say("")?;
                    return Err(self.leave()?);
                }
            }
        }
    }
}
