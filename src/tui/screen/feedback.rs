//! The feedback on one question of practice: the verdict, the correct answer, and the reasons.
//!
//! ```text
//!   ▰▰▰▱▱▱▱▱▱▱ 4/12  due  Data consistency · Consensus      9:12 left
//!
//!   ✗ wrong   question 4 · 0:41 · you said: sure
//!   the question in one line
//!
//!   the chosen option, the key, and their reasons
//!
//!   Grade: again. It comes back in a few questions.
//!
//!   explanation, sources, the other options, notes
//! ```

use ratatui::text::Line;

use super::question::{clock_line, header};
use super::review::{Explained, NoteEntry};
use super::{Screen, reads};
use crate::app::effect::{CopyRequest, Effect};
use crate::app::key::Key;
use crate::app::keymap::{Action, Context};
use crate::core::practice::Grade;
use crate::session::{Event, Session};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::running::Running;
use crate::tui::theme::Role;
use crate::tui::widget::prose;
use crate::tui::widget::writer::PAIR;

pub struct FeedbackScreen {
    slot: usize,
    /// The criterion of an open question that is being rated.
    criterion: usize,
    /// The note or dispute being written.
    jotting: Option<NoteEntry>,
    /// True if the whole question is shown instead of one line.
    is_whole: bool,
    scroll: Scroll,
}

/// The keys for the grade of a card.
const GRADES: &str = "1 again, 2 hard, 3 good, 4 easy";

const READ: Scroll = Scroll {
    offset: 0,
    free: true,
};

/// Shows the feedback on a question whose answer is final.
pub fn open(slot: usize, turn: &mut Turn) {
    let Some(running) = &turn.model.running else {
        return;
    };
    if running.session().sheet(slot).awaits_grade() {
        grade(slot, turn);
    }
    look_up(slot, turn);
    let Some(running) = &turn.model.running else {
        return;
    };
    let jotting = NoteEntry::resumed(&running.id, slot, running.session().sheet(slot), turn.model);
    let scroll = Scroll {
        free: jotting.is_none(),
        ..READ
    };
    turn.only(FeedbackScreen {
        slot,
        criterion: 0,
        jotting,
        is_whole: false,
        scroll,
    });
}

/// Grades a question by its answer, if it can be graded yet.
fn grade(slot: usize, turn: &mut Turn) {
    let Some(session) = turn.model.running.as_ref().map(|running| running.session()) else {
        return;
    };
    let earned = session
        .automatic_grade(slot)
        .filter(|earned| session.sheet(slot).grade != Some(*earned));
    if let Some(grade) = earned {
        // The event is only rejected if nothing is graded.
        let _ = turn.record(Event::Graded { slot, grade });
    }
}

fn look_up(slot: usize, turn: &mut Turn) {
    let Some(running) = &turn.model.running else {
        return;
    };
    let item = Box::new(running.session().item(slot).clone());
    turn.effect(Effect::LookUp { slot, item });
}

impl FeedbackScreen {
    fn record(&self, event: Event, turn: &mut Turn) {
        if let Err(refused) = turn.record(event) {
            turn.tell(refused.to_string());
        }
    }

    fn draft_jotting(&self, turn: &mut Turn) {
        let id = turn
            .model
            .running
            .as_ref()
            .map(|running| running.id.clone());
        if let (Some(jotting), Some(id)) = (&self.jotting, id) {
            turn.draft_field(id, jotting.field(), jotting.text());
        }
    }

    fn finish_jotting(&mut self, turn: &mut Turn) {
        if let Some(jotting) = self.jotting.take() {
            let (kept, field) = (jotting.kept(), jotting.field());
            self.record(jotting.finish(), turn);
            if let Some(id) = turn
                .model
                .running
                .as_ref()
                .map(|running| running.id.clone())
            {
                turn.draft_field(id, field, "");
            }
            if let Some(kept) = kept {
                turn.tell(kept);
            }
        }
    }

    /// Returns true if the answer needs no rating by the person any more.
    fn is_rated(&self, session: &Session) -> bool {
        session.sheet(self.slot).grade.is_some() || session.automatic_grade(self.slot).is_some()
    }

    /// Goes to the next question; an open question and a card have to be rated first.
    fn next(&self, turn: &mut Turn) {
        let Some(session) = turn.model.running.as_ref().map(|running| running.session()) else {
            return;
        };
        if !self.is_rated(session) && session.question(self.slot).interaction.is_card() {
            turn.tell(format!("grade yourself first: {GRADES}"));
        } else if !self.is_rated(session) {
            turn.tell(
                "rate your answer first: the number keys give points to the marked criterion",
            );
        } else if self.slot + 1 < session.len() {
            turn.go(Route::Question(self.slot + 1));
        } else {
            turn.draw_next();
        }
    }

    /// Switches the grade of a correct answer between easy and the earned one.
    fn easy(&self, turn: &mut Turn) {
        let Some(session) = turn.model.running.as_ref().map(|running| running.session()) else {
            return;
        };
        let (slot, is_easy) = (
            self.slot,
            session.sheet(self.slot).grade == Some(Grade::Easy),
        );
        match session.automatic_grade(slot) {
            _ if session.question(slot).interaction.is_card() => {
                return self.grade_card(Grade::Easy, turn);
            }
            _ if !session.is_right(slot) => {
                return turn.tell("only a right answer can be rated easy");
            }
            Some(earned) => self.record(
                Event::Graded {
                    slot,
                    grade: if is_easy { earned } else { Grade::Easy },
                },
                turn,
            ),
            None => return,
        }
        look_up(slot, turn);
    }

    /// Gives a card the person's own grade.
    fn grade_card(&self, grade: Grade, turn: &mut Turn) {
        let slot = self.slot;
        self.record(Event::Graded { slot, grade }, turn);
        look_up(slot, turn);
    }

    /// Removes the grade, or restores it.
    fn undo(&self, turn: &mut Turn) {
        let Some(session) = turn.model.running.as_ref().map(|running| running.session()) else {
            return;
        };
        match (
            session.sheet(self.slot).grade,
            session.automatic_grade(self.slot),
        ) {
            (Some(_), _) => {
                turn.remove_grade(self.slot);
                look_up(self.slot, turn);
            }
            (None, Some(grade)) => {
                self.record(
                    Event::Graded {
                        slot: self.slot,
                        grade,
                    },
                    turn,
                );
                look_up(self.slot, turn);
            }
            (None, None) => {}
        }
    }

    /// Copies the question with its answer to the clipboard.
    fn copy(&self, turn: &mut Turn) {
        if let Some(running) = &turn.model.running {
            let request = CopyRequest::Practised {
                id: running.id.clone(),
                session: Box::new(running.session().clone()),
                slot: self.slot,
            };
            turn.effect(Effect::Copy(request));
        }
    }

    fn rate(&mut self, points: u32, criteria: usize, turn: &mut Turn) {
        let (slot, criterion) = (self.slot, self.criterion);
        if !turn.shows(Action::Choose(criterion)) {
            return self.scroll.follow();
        }
        match turn.record(Event::RubricRated {
            slot,
            criterion,
            points,
        }) {
            Ok(()) => {
                self.criterion = (criterion + 1).min(criteria - 1);
                self.scroll.follow();
                grade(slot, turn);
                look_up(slot, turn);
            }
            Err(refused) => turn.tell(refused.to_string()),
        }
    }
}

/// Returns the number of criteria to rate, if something was written.
fn criteria(session: &Session, slot: usize) -> usize {
    match session.sheet(slot).answer {
        Some(_) => session.question(slot).interaction.rubric().len(),
        None => 0,
    }
}

impl Screen for FeedbackScreen {
    fn context(&self) -> Context {
        if self.jotting.is_some() {
            Context::Field
        } else {
            Context::Feedback
        }
    }

    fn scroll(&self) -> Scroll {
        self.scroll
    }

    fn press(&mut self, key: Key, turn: &mut Turn) {
        self.scroll.follow();
        if self
            .jotting
            .as_mut()
            .is_some_and(|jotting| jotting.press(key))
        {
            self.finish_jotting(turn);
        }
        self.draft_jotting(turn);
    }

    fn paste(&mut self, text: &str, turn: &mut Turn) {
        let jotting = self.jotting.as_mut();
        turn.tell_if(jotting.and_then(|jotting| jotting.paste(text)));
        self.draft_jotting(turn);
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        let Some(session) = turn.model.running.as_ref().map(|running| running.session()) else {
            return turn.home();
        };
        let (slot, criteria) = (self.slot, criteria(session, self.slot));
        let sheet = session.sheet(slot);
        let is_card = session.question(slot).interaction.is_card();
        match action {
            Action::Digit(n @ 1..=4) if is_card => {
                self.grade_card(Grade::ALL[usize::from(n) - 1], turn);
            }
            Action::LeaveField => self.finish_jotting(turn),
            Action::Next => self.next(turn),
            Action::Enter => self.next(turn),
            Action::Toggle => {
                self.is_whole = !self.is_whole;
                self.scroll = READ;
            }
            Action::Previous if slot > 0 => turn.go(Route::Question(slot - 1)),
            Action::Previous => turn.tell("this is the first question"),
            Action::Easy => self.easy(turn),
            Action::Undo => self.undo(turn),
            Action::SuspendQuestion => turn.suspend_question(slot),
            Action::Note => self.jotting = Some(NoteEntry::note(slot, &sheet.note)),
            Action::Dispute => self.jotting = Some(NoteEntry::dispute(slot, &sheet.dispute)),
            Action::Others => {
                let item = Box::new(session.item(slot).clone());
                turn.effect(Effect::ListFacet(item));
            }
            Action::Flag => {
                let on = !sheet.flagged;
                self.record(Event::Flagged { slot, on }, turn);
            }
            Action::Digit(points) if criteria > 0 => self.rate(u32::from(points), criteria, turn),
            Action::Choose(i) if i < criteria => self.criterion = i,
            Action::Copy => self.copy(turn),
            Action::Pause => turn.pause(),
            Action::Overview => turn.go(Route::Overview(slot)),
            Action::Up | Action::Down => self.scroll.by(turn.seen, 1, action == Action::Down),
            Action::Leave | Action::Back => {
                self.finish_jotting(turn);
                turn.go(Route::Leave);
            }
            _ => {
                self.scroll.leap(action, turn.seen);
            }
        }
        if self.jotting.is_some() {
            self.scroll.follow();
        }
    }

    fn is_pair(&self, _: &Model) -> bool {
        true
    }

    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool {
        let Some(running) = &model.running else {
            return false;
        };
        let (session, slot) = (running.session(), self.slot);
        let is_card = session.question(slot).interaction.is_card();
        match action {
            Action::LeaveField => self.jotting.is_some(),
            Action::Previous => slot > 0,
            Action::Easy if is_card => true,
            Action::Easy => session.is_right(slot) && session.automatic_grade(slot).is_some(),
            Action::Undo => self.is_rated(session),
            Action::Digit(n) if is_card => (1..=4).contains(&n),
            Action::Digit(_) => criteria(session, slot) > 0,
            Action::Enter | Action::Next => self.is_rated(session),
            Action::Toggle
            | Action::SuspendQuestion
            | Action::Note
            | Action::Dispute
            | Action::Others
            | Action::Flag
            | Action::Copy
            | Action::Pause
            | Action::Overview => true,
            _ => reads(action, scrolls),
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let Some(running) = &model.running else {
            return Page::default();
        };
        let (session, slot) = (running.session(), self.slot);
        let mut page = Page {
            left: header(slot, model, running, look, width),
            ..Page::default()
        };
        page.right = clock_line(running, look, width);
        let outcome = session.outcome(slot);
        let points = &running.beside.points;
        let criterion = (criteria(session, slot) > 0).then_some(self.criterion);
        let explained = Explained {
            session,
            slot,
            outcome: &outcome,
            points,
            criterion,
        };
        explained.draw_verdict(&mut page, look, width);
        let grade = returns(running, slot);
        let shown = (self.is_whole, grade.as_str());
        explained.draw_reason_first(shown, &model.home.blueprint, &mut page, look, width);
        notes(running, slot, &mut page, look, width);
        match &self.jotting {
            Some(jotting) => jotting.draw(&mut page, look, width),
            None => {
                let sheet = session.sheet(slot);
                NoteEntry::draw_kept((&sheet.note, &sheet.dispute), &mut page, look, width);
            }
        }
        page.status = session
            .warning(running.spent())
            .map(|words| look.line(words, Role::Warn));
        page.footer = HINTS.to_vec();
        if session.question(slot).interaction.is_card() {
            page.digits = Some((4, "grade"));
        }
        // In two columns, the whole question is beside the reasons.
        if width >= PAIR {
            page.footer.retain(|action| *action != Action::Toggle);
        }
        if self.jotting.is_some() {
            page.words.push((Action::LeaveField, "save"));
            page.footer = vec![Action::LeaveField];
        }
        page
    }
}

/// The footer's keys; the help screen lists all.
const HINTS: [Action; 9] = [
    Action::Enter,
    Action::Toggle,
    Action::Easy,
    Action::Others,
    Action::Note,
    Action::Dispute,
    Action::Pause,
    Action::Flag,
    Action::Leave,
];

/// Returns the sentence with the grade and the time at which the question comes back.
fn returns(running: &Running, slot: usize) -> String {
    let session = running.session();
    let Some(grade) = session.sheet(slot).grade else {
        return match session.automatic_grade(slot) {
            Some(_) => "The grade was undone: this answer doesn't count. U restores it.".to_owned(),
            None if session.question(slot).interaction.is_card() => {
                format!("How well did you know it? {GRADES}")
            }
            None => "Rate your answer below: your points decide the grade.".to_owned(),
        };
    };
    let word = grade.words();
    let beside = Some(&running.beside).filter(|beside| beside.slot == slot);
    let later = beside.and_then(|beside| beside.returns.as_ref());
    match (
        session.repetition(slot, beside.is_some_and(|beside| beside.suspended)),
        later,
    ) {
        (Some(repetition), _) => format!("Grade: {word}. {repetition}"),
        (None, Some(when)) => format!("Grade: {word}. It will come back {when}."),
        (None, None) => format!("Grade: {word}."),
    }
}

/// Shows the person's earlier notes on this question.
fn notes(running: &Running, slot: usize, page: &mut Page, look: &Look, width: usize) {
    let session = running.session();
    let item = session.item(slot);
    let is_same = |other: &usize| {
        let other = session.item(*other);
        other.question == item.question && other.deck == item.deck
    };
    let here = (0..slot)
        .rev()
        .filter(is_same)
        .map(|slot| session.sheet(slot).note.as_str());
    let here = here
        .filter(|note| !note.is_empty())
        .map(|note| ("a few questions ago", note.into()));
    let earlier = running
        .beside
        .notes
        .iter()
        .filter(|_| running.beside.slot == slot);
    let earlier = earlier.map(|remark| (remark.day.as_str(), remark.text.clone()));
    for (n, (day, text)) in here.chain(earlier).enumerate() {
        if n == 0 {
            page.blank();
            page.push(look.line("Your earlier notes", Role::Title));
        }
        page.push(Line::from(look.span(day.to_owned(), Role::Dim)));
        prose::prose(&text, width, look, Role::Text)
            .into_iter()
            .for_each(|line| page.push(line));
    }
}
