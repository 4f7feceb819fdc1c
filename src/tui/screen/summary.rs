//! The summary after practice: what was asked, the results, and the next dates.
//!
//! ```text
//!   Practice is over           14:20
//!
//!   12 questions: 8 right, 1 partly right, 2 wrong, 1 not known
//!
//!   Data consistency       ✓ 3   ◐ 1   ✗ 1
//! ```

use std::collections::BTreeMap;

use ratatui::text::Line;

use super::{Screen, fixed, reads};
use crate::app::effect::{Effect, OpenedResult};
use crate::app::keymap::{Action, Context};
use crate::app::settings::Minutes;
use crate::core::fill::FEEDBACK;
use crate::core::id::CompetencyId;
use crate::core::practice::{Drill, Grade, QueueReason};
use crate::session::Session;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::theme::Role;
use crate::tui::widget::writer::Writer;
use crate::tui::widget::{count, prose};

/// The widest list of competencies beside what comes back.
const WIDEST: usize = 60;

#[derive(Default)]
pub struct SummaryScreen {
    scroll: Scroll,
}

/// The number of answers per outcome.
#[derive(Clone, Copy, Default)]
struct Outcomes {
    right: usize,
    partly: usize,
    wrong: usize,
    unknown: usize,
    /// Answers whose grade was undone, so that they don't count.
    undone: usize,
}

impl Outcomes {
    fn of(session: &Session, slots: impl Iterator<Item = usize>) -> Self {
        let mut tally = Outcomes::default();
        for slot in slots {
            let earned = session.outcome(slot).value().max(
                session.rated(slot).map_or(0.0, |(points, all)| {
                    f64::from(points) / f64::from(all.max(1))
                }),
            );
            match session.sheet(slot).answer {
                _ if session.sheet(slot).grade_taken_back => tally.undone += 1,
                _ if session.is_right(slot) => tally.right += 1,
                None => tally.unknown += 1,
                Some(_) if earned > 0.0 => tally.partly += 1,
                Some(_) => tally.wrong += 1,
            }
        }
        tally
    }

    fn all(self) -> usize {
        self.right + self.partly + self.wrong + self.unknown + self.undone
    }

    /// Returns the non-zero counts, such as `8 right, 1 partly right, 2 wrong`.
    fn words(self) -> String {
        let kinds = [
            (self.right, "right"),
            (self.partly, "partly right"),
            (self.wrong, "wrong"),
            (self.unknown, "not known"),
            (self.undone, "undone"),
        ];
        let parts = kinds
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, words)| format!("{n} {words}"));
        parts.collect::<Vec<_>>().join(", ")
    }
}

/// Returns the questions that were answered or marked as not known, in their order.
fn done(session: &Session) -> impl Iterator<Item = usize> + '_ {
    (0..session.len()).filter(|slot| session.sheet(*slot).revealed)
}

/// Returns the slots of the questions whose last answer was not fully correct.
fn not_right(session: &Session) -> Vec<usize> {
    let is_last = |slot: &usize| {
        let item = session.item(*slot);
        !done(session).any(|later| {
            let other = session.item(later);
            later > *slot && other.question == item.question && other.deck == item.deck
        })
    };
    done(session)
        .filter(is_last)
        .filter(|slot| !session.is_right(*slot))
        .collect()
}

impl Screen for SummaryScreen {
    fn context(&self) -> Context {
        Context::Summary
    }

    fn scroll(&self) -> Scroll {
        self.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        let Some(opened) = &turn.model.opened else {
            return turn.home();
        };
        let session = &opened.session;
        match action {
            Action::WrongOnes => {
                let wrong: Vec<usize> = done(session)
                    .filter(|slot| !session.is_right(*slot))
                    .collect();
                turn.review("Not right", wrong, "no answer was wrong");
            }
            Action::Practise => match not_right(session) {
                slots if slots.is_empty() => turn.tell("no answer was wrong in the end"),
                slots => {
                    let effect = practise(session, &slots);
                    turn.effect(effect);
                }
            },
            Action::Search => turn.go(Route::Browse),
            Action::Up | Action::Down => self.scroll.by(turn.seen, 1, action == Action::Down),
            Action::Back | Action::Enter => {
                turn.effect(Effect::Leave);
                turn.home_at_practice();
            }
            Action::Leave => turn.effect(Effect::Quit),
            _ => {
                self.scroll.leap(action, turn.seen);
            }
        }
    }

    fn is_pair(&self, _: &Model) -> bool {
        true
    }

    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool {
        let Some(opened) = &model.opened else {
            return false;
        };
        let session = &opened.session;
        match action {
            Action::WrongOnes => done(session).any(|slot| !session.is_right(slot)),
            Action::Practise => !not_right(session).is_empty(),
            Action::Enter | Action::Search => true,
            _ => reads(action, scrolls),
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("Practice finished", Role::Title),
            ..Page::default()
        };
        let Some(opened) = &model.opened else {
            return page;
        };
        let session = &opened.session;
        page.right = look.line(session.at().clock(), Role::Dim);
        let all = Outcomes::of(session, done(session));
        let words = match all.all() {
            0 => "Nothing was answered.".to_owned(),
            n => {
                let twice = done(session)
                    .filter(|slot| session.item(*slot).why == Some(QueueReason::Again))
                    .count();
                let asked = count(n - twice, "question");
                match twice {
                    0 => format!("{asked}: {}.", all.words()),
                    _ => format!(
                        "{asked}, {twice} of them twice; {n} answers: {}.",
                        all.words()
                    ),
                }
            }
        };
        let mut writer = Writer {
            page: &mut page,
            look,
            width,
        };
        writer.words(&words, Role::Strong);
        let words = "Practice doesn't affect your scores; it decides which questions come back, \
                     and when.";
        writer.words(words, Role::Dim);
        writer.gap();
        if writer.has_two_columns() {
            let columns = (width / 2).min(WIDEST);
            writer.two_columns(
                columns,
                |left| by_competency(opened, model, left.page, look, left.width),
                |right| {
                    come_back(session, model, right);
                    disputed(session, right);
                },
            );
        } else {
            by_competency(opened, model, writer.page, look, width);
            come_back(session, model, &mut writer);
            disputed(session, &mut writer);
        }
        page.footer = vec![
            Action::WrongOnes,
            Action::Practise,
            Action::Enter,
            Action::Search,
            Action::Leave,
        ];
        page
    }
}

/// Returns the effect that starts practice of the questions in these slots.
pub fn practise(session: &Session, slots: &[usize]) -> Effect {
    let (mut these, mut seconds) = (Vec::new(), 0);
    for item in slots.iter().map(|slot| session.item(*slot)) {
        let id = (item.deck.clone(), item.question.clone());
        if !these.contains(&id) {
            these.push(id);
            seconds += item.seconds + FEEDBACK;
        }
    }
    // The drill asks all of these questions, so the minutes don't matter.
    Effect::Practise {
        drill: Drill::These(these),
        minutes: Minutes::default().get().max(seconds.div_ceil(60)),
    }
}

fn by_competency(opened: &OpenedResult, model: &Model, page: &mut Page, look: &Look, width: usize) {
    let session = &opened.session;
    let mut slots: BTreeMap<&CompetencyId, Vec<usize>> = BTreeMap::new();
    for slot in done(session) {
        slots
            .entry(&session.item(slot).competency)
            .or_default()
            .push(slot);
    }
    for competency in &model.home.blueprint.competencies {
        let Some(slots) = slots.remove(&competency.id) else {
            continue;
        };
        let tally = Outcomes::of(session, slots.into_iter());
        let room = 24.min(width / 2);
        let title = format!(
            "{} ",
            fixed(competency.title.as_str(), room.saturating_sub(1))
        );
        if width >= 60 {
            page.push(Line::from(vec![
                look.span(title, Role::Text),
                look.span(tally.words(), Role::Dim),
            ]));
        } else {
            let words = format!("{} of {} right", tally.right, tally.all());
            page.push(Line::from(vec![
                look.span(title, Role::Text),
                look.span(words, Role::Dim),
            ]));
        }
    }
}

/// Shows the number of questions per grade, lowest grade first, because those come back first.
fn come_back(session: &Session, model: &Model, writer: &mut Writer) {
    let is_first = |slot: &usize| session.item(*slot).why != Some(QueueReason::Again);
    let of = |grade| {
        done(session)
            .filter(is_first)
            .filter(move |slot| session.sheet(*slot).grade == Some(grade))
    };
    let grades = [
        (Grade::Again, "again"),
        (Grade::Hard, "hard"),
        (Grade::Good, "good"),
        (Grade::Easy, "easy"),
    ];
    let counts = grades.map(|(grade, word)| (of(grade).count(), word));
    let parts: Vec<String> = counts
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{n} {word}"))
        .collect();
    if parts.is_empty() {
        return;
    }
    writer.gap();
    writer.labelled("Grades:", &parts.join(", "), Role::Text);
    let is_asked = |slot: &usize| !session.sheet(*slot).is_suspended();
    for (n, slot) in of(Grade::Again).filter(is_asked).enumerate() {
        if n == 0 {
            writer.title("These come back first");
        }
        let (item, question) = (session.item(slot), session.question(slot));
        let facet = model
            .home
            .blueprint
            .facet(&item.facet)
            .map_or(item.facet.as_str(), |(_, f)| f.title.as_str());
        let words = format!(
            "{facet}: {}",
            question.fill(&question.lead_in, item.row).line()
        );
        let line = fixed(&words, writer.width).trim_end().to_owned();
        writer.page.push(writer.look.line(line, Role::Text));
    }
}

fn disputed(session: &Session, writer: &mut Writer) {
    let disputed = (0..session.len()).filter(|slot| !session.sheet(*slot).dispute.is_empty());
    for (n, slot) in disputed.enumerate() {
        if n == 0 {
            writer.title("You dispute");
        }
        let words = format!(
            "{}: {}",
            session.item(slot).question,
            crate::core::text::Text::new(&session.sheet(slot).dispute).line()
        );
        prose::wrap(&words, writer.width, 2)
            .into_iter()
            .for_each(|line| writer.page.push(writer.look.line(line, Role::Text)));
    }
}
