//! The roster: all people with their last session, agreements and questions to ask again.

use ratatui::text::Line;
use unicode_width::UnicodeWidthStr;

use super::when;
use crate::app::effect::Effect;
use crate::app::keymap::{Action, Context};
use crate::app::people::{PeopleRequest, Roster, RosterLine};
use crate::core::id::PersonId;
use crate::core::time::Day;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::screen::{Cursor, Screen, fixed, pointer};
use crate::tui::theme::Role;
use crate::tui::widget::{count, prose};

/// The maximum number of agreements shown under a name; the person's own screen shows all.
const AGREEMENTS: usize = 2;
/// The least width of the column of names on a screen that is not narrow, and the room that is needed beside it.
const LEAST_NAME: usize = 26;
const BESIDE_NAME: usize = 46;

#[derive(Default)]
pub struct RosterScreen {
    cursor: Cursor,
    /// The participants of the next session.
    taken: Vec<PersonId>,
}

impl RosterScreen {
    /// Opens the roster with current data.
    pub fn open(turn: &mut Turn) {
        turn.push(Self::default());
        turn.effect(Effect::People(Box::new(PeopleRequest::Roster)));
    }

    fn marked<'a>(&self, model: &'a Model) -> Option<&'a RosterLine> {
        lines(model).get(self.at(model))
    }

    /// Returns the index of the marked line; people may have been forgotten since it was marked.
    fn at(&self, model: &Model) -> usize {
        self.cursor.at.min(lines(model).len().saturating_sub(1))
    }

    /// Returns the selected people in the order of the roster, or else the marked one.
    fn coming(&self, model: &Model) -> Vec<PersonId> {
        let taken: Vec<PersonId> = lines(model)
            .iter()
            .map(|line| line.id)
            .filter(|id| self.taken.contains(id))
            .collect();
        if taken.is_empty() {
            self.marked(model).map(|line| line.id).into_iter().collect()
        } else {
            taken
        }
    }
}

fn lines(model: &Model) -> &[RosterLine] {
    model
        .people
        .roster
        .as_ref()
        .map_or(&[], |roster| &roster.lines)
}

impl Screen for RosterScreen {
    fn context(&self) -> Context {
        Context::People
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        self.cursor.at = self.at(turn.model);
        if self.cursor.act(action, lines(turn.model).len(), turn) {
            return;
        }
        if let Action::Choose(i) = action {
            self.cursor.at = i;
        }
        let marked = self.marked(turn.model).cloned();
        match (action, marked) {
            (Action::Add, _) => turn.go(Route::AddPerson),
            (Action::Back, _) => turn.pop(),
            (Action::Leave, _) => turn.effect(Effect::Quit),
            (_, None) => turn.tell("no people yet: a adds one"),
            (Action::Edit, Some(line)) => turn.go(Route::Rename(line)),
            (Action::Forget, Some(line)) => turn.go(Route::Forget(line)),
            (Action::Enter | Action::Choose(_), Some(line)) => turn.go(Route::Person(line.id)),
            (Action::Export, Some(line)) => {
                turn.effect(Effect::People(Box::new(PeopleRequest::Export(line.id))));
            }
            (Action::Toggle, Some(line)) => match self.taken.iter().position(|id| *id == line.id) {
                Some(at) => drop(self.taken.remove(at)),
                None => self.taken.push(line.id),
            },
            (Action::Prepare, Some(_)) => {
                let coming = self.coming(turn.model);
                turn.go(Route::Prepare(coming));
            }
            (Action::Compare, Some(_)) => turn.go(Route::Cohort),
            _ => {}
        }
    }

    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool {
        let lines = lines(model);
        match action {
            Action::Add => true,
            Action::Enter
            | Action::Toggle
            | Action::Prepare
            | Action::Compare
            | Action::Edit
            | Action::Forget
            | Action::Export => !lines.is_empty(),
            _ => Cursor::works(action, lines.len(), scrolls),
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("Mentor", Role::Title),
            ..Page::default()
        };
        let Some(roster) = &model.people.roster else {
            return page;
        };
        if roster.lines.is_empty() {
            let words = "No people yet. Press a to add someone you mentor. This page will then \
                         show your sessions, agreements and the questions to ask again. None of \
                         it leaves this machine.";
            prose::wrap(words, width, 0)
                .into_iter()
                .for_each(|line| page.push(look.line(line, Role::Dim)));
            page.footer = vec![Action::Add, Action::Back];
            return page;
        }
        let coming = roster
            .lines
            .iter()
            .filter(|line| self.taken.contains(&line.id))
            .count();
        page.right = match coming {
            0 => look.line(people(roster.lines.len()), Role::Dim),
            n => look.line(
                format!("{n} of {} selected", people(roster.lines.len())),
                Role::Key,
            ),
        };
        for (i, line) in roster.lines.iter().enumerate() {
            self.person(
                (i, i == self.at(model)),
                line,
                roster,
                &mut page,
                look,
                width,
            );
        }
        for loss in &roster.losses {
            for line in prose::wrap(&format!("! {loss}"), width, 2) {
                page.push(look.line(line, Role::Warn));
            }
        }
        page.footer = vec![
            Action::Enter,
            Action::Toggle,
            Action::Prepare,
            Action::Compare,
            Action::Add,
            Action::Edit,
            Action::Forget,
            Action::Back,
        ];
        page
    }
}

fn people(n: usize) -> String {
    if n == 1 {
        "1 person".to_owned()
    } else {
        format!("{n} people")
    }
}

impl RosterScreen {
    fn person(
        &self,
        (i, marked): (usize, bool),
        line: &RosterLine,
        roster: &Roster,
        page: &mut Page,
        look: &Look,
        width: usize,
    ) {
        let comes = self.taken.contains(&line.id);
        let names = roster.lines.iter().map(|line| line.name.line().width());
        let name = match width {
            60.. => names
                .max()
                .unwrap_or(0)
                .min(width - BESIDE_NAME)
                .max(LEAST_NAME),
            _ => width.saturating_sub(20),
        };
        let last = match line.last {
            Some(day) if width >= 60 => format!("last {day}"),
            Some(day) => format!("last {}", day.short()),
            None => "no session yet".to_owned(),
        };
        let mut spans = vec![
            look.span(pointer(marked, look), Role::Key),
            look.span(
                if comes {
                    look.theme.mark("✓ ", "x ")
                } else {
                    "  "
                },
                Role::Good,
            ),
            look.span(fixed(&line.name.line(), name), Role::Strong),
            look.span(
                fixed(&format!(" {last}"), if width >= 60 { 19 } else { 16 }),
                Role::Text,
            ),
        ];
        let back = if line.waiting == 0 {
            String::new()
        } else {
            format!("{} to bring back", line.waiting)
        };
        if width >= 60 && !back.is_empty() {
            spans.push(look.span(format!("  {back}"), Role::Text));
        }
        page.choice(Line::from(spans), Action::Choose(i), marked, look);
        if width < 60 && !back.is_empty() {
            page.push(look.line(format!("    {back}"), Role::Dim));
        }
        plans(line, roster.today, page, look, width);
        // Where nothing is below any name, the names are a plain list.
        let has_plans = |line: &RosterLine| line.next.is_some() || !line.open.is_empty();
        if width >= 60 && roster.lines.iter().any(has_plans) {
            page.blank();
        }
    }
}

/// Writes what is planned with a person: the next session and the open agreements.
fn plans(line: &RosterLine, today: Day, page: &mut Page, look: &Look, width: usize) {
    let mut plan = |word: &str, role, words: &str| {
        page.push(Line::from(vec![
            look.span(format!("    {}  ", fixed(word, 10)), role),
            look.span(
                fixed(words, width.saturating_sub(16)).trim_end().to_owned(),
                Role::Dim,
            ),
        ]));
    };
    let due = line.next.is_some_and(|next| next <= today);
    // A narrow screen shows only agreements that are due.
    if let Some(next) = line.next.filter(|_| due || width >= 60) {
        let (word, role) = if due {
            ("DUE", Role::Warn)
        } else {
            ("next", Role::Text)
        };
        plan(
            word,
            role,
            &format!(
                "session {} {}",
                if due { "set for" } else { "on" },
                next.near(today)
            ),
        );
    }
    for agreement in line.open.iter().take(AGREEMENTS) {
        let (word, role) = when(agreement, today);
        plan(&word, role, &agreement.text.line());
    }
    if line.open.len() > AGREEMENTS {
        page.push(look.line(
            format!(
                "    and {}",
                count(line.open.len() - AGREEMENTS, "more agreement")
            ),
            Role::Dim,
        ));
    }
}
