//! The cohort screen: a table of competencies by people, sorted by how much a session would help.

use ratatui::text::Line;
use unicode_width::UnicodeWidthStr;

use super::{cell, legend};
use crate::app::effect::Effect;
use crate::app::keymap::{Action, Context};
use crate::app::people::{CohortPage, PeopleRequest};
use crate::core::text::Text;
use crate::session::meeting::Column;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::screen::{Cursor, Screen, TEXT, fixed, pointer};
use crate::tui::theme::Role;
use crate::tui::widget::prose;

/// The smallest number of columns per person.
const CELL: usize = 9;
/// The maximum number of facets listed for the marked competency.
const FACETS: usize = 4;

#[derive(Default)]
pub struct CohortScreen {
    cursor: Cursor,
    /// The index of the marked person, whose column is always shown.
    person: usize,
}

impl CohortScreen {
    pub fn open(turn: &mut Turn) {
        turn.push(Self::default());
        turn.effect(Effect::People(Box::new(PeopleRequest::Cohort)));
    }
}

/// Returns the numbers of competencies and of people.
fn size(model: &Model) -> (usize, usize) {
    let page = model.people.cohort.as_ref();
    page.map_or((0, 0), |page| (page.cohort.columns.len(), page.names.len()))
}

impl Screen for CohortScreen {
    fn context(&self) -> Context {
        Context::Cohort
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        let (columns, people) = size(turn.model);
        if self.cursor.act(action, columns, turn) {
            return;
        }
        match action {
            Action::Choose(i) => self.cursor.at = i.min(columns.saturating_sub(1)),
            Action::Left => self.person = self.person.saturating_sub(1),
            Action::Right => self.person = (self.person + 1).min(people.saturating_sub(1)),
            Action::Enter => {
                let cohort = turn.model.people.cohort.as_ref();
                let person = cohort.and_then(|page| page.cohort.people.get(self.person).copied());
                if let Some(person) = person {
                    turn.go(Route::Person(person));
                }
            }
            Action::Back => turn.pop(),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn has_long_lines(&self) -> bool {
        true
    }

    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool {
        let (columns, people) = size(model);
        match action {
            Action::Enter => columns > 0 && people > 0,
            Action::Left | Action::Right => columns > 0 && people > 1,
            _ => Cursor::works(action, columns, scrolls),
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("Cohort", Role::Title),
            ..Page::default()
        };
        let Some(CohortPage { names, cohort }) = &model.people.cohort else {
            return page;
        };
        page.words = vec![(Action::Enter, "open the person")];
        page.footer = vec![Action::Enter, Action::Right, Action::Left, Action::Back];
        if cohort.columns.is_empty() {
            let words = "No sessions yet. The first one will appear here.";
            prose::wrap(words, width, 0)
                .into_iter()
                .for_each(|line| page.push(look.line(line, Role::Dim)));
            return page;
        }
        if width >= 60 {
            page.right = look.line("first votes, the latest for each question", Role::Dim);
        }
        let title = if width >= 60 { 26 } else { 16 };
        let all = if width >= 60 { 14 } else { 11 };
        let room = width.saturating_sub(title + all);
        let cell_width = cell_width(names, room);
        let shown = (room / cell_width).max(1);
        let marked = self.person.min(names.len().saturating_sub(1));
        let first = marked / shown * shown;
        let people = first..(first + shown).min(names.len());
        let mut head = vec![
            look.span(
                format!("{} ", fixed("  What to work on", title - 1)),
                Role::Strong,
            ),
            look.span(fixed("missed", all), Role::Strong),
        ];
        for person in people.clone() {
            let (lead, role) = match person == marked {
                true => (look.theme.mark("• ", "* "), Role::Key),
                false => ("", Role::Dim),
            };
            let name = format!("{lead}{}", names[person].line());
            head.push(look.span(format!("{} ", fixed(&name, cell_width - 1)), role));
        }
        if people.end < names.len() {
            head.push(look.span(look.theme.mark("▸", ">"), Role::Key));
        }
        page.push(Line::from(head));
        for (i, column) in cohort.columns.iter().enumerate() {
            let marked = i == self.cursor.at;
            let mut spans = vec![
                look.span(pointer(marked, look), Role::Key),
                look.span(
                    format!("{} ", fixed(&name_of(column, model), title - 3)),
                    Role::Text,
                ),
                missed(column, all, look),
            ];
            for tally in &column.people[people.clone()] {
                let (text, role) = cell(tally, look);
                spans.push(look.span(fixed(&text, cell_width), role));
            }
            page.choice(Line::from(spans), Action::Choose(i), marked, look);
        }
        let counted = match width >= 60 {
            true => "",
            false => "First votes. ",
        };
        let legend = prose::wrap(&format!("  {counted}{}", legend(look)), width.min(TEXT), 2);
        legend
            .into_iter()
            .for_each(|line| page.push(look.line(line, Role::Dim)));
        if let Some(column) = cohort.columns.get(self.cursor.at) {
            detail(column, model, &mut page, look, width);
        }
        page
    }
}

/// Returns the width of a person's column: where `room` columns are enough for all people, no name is cut.
fn cell_width(names: &[Text], room: usize) -> usize {
    // The mark and the gap to the next column take three.
    let longest = names.iter().map(|name| name.line().width() + 3).max();
    let share = room / names.len().max(1);
    longest.unwrap_or(CELL).min(share).max(CELL)
}

fn name_of(column: &Column, model: &Model) -> String {
    let known = model.home.blueprint.competency(&column.competency);
    known.map_or_else(
        || column.competency.to_string(),
        |competency| competency.title.line(),
    )
}

fn missed(column: &Column, width: usize, look: &Look) -> ratatui::text::Span<'static> {
    let words = format!("{} of {}", column.all.missed(), column.all.answered);
    if column.has_too_few_answers() {
        look.span(fixed(&format!("({words})"), width), Role::Dim)
    } else {
        look.span(fixed(&words, width), Role::Strong)
    }
}

/// Shows the topics of the wrong answers in the marked competency.
fn detail(column: &Column, model: &Model, page: &mut Page, look: &Look, width: usize) {
    let blueprint = &model.home.blueprint;
    let facets: Vec<String> = column
        .facets
        .iter()
        .take(FACETS)
        .map(|(id, tally)| {
            let title = blueprint
                .facet(id)
                .map_or_else(|| id.to_string(), |(_, facet)| facet.title.line());
            format!("{title} ({} of {})", tally.missed(), tally.answered)
        })
        .collect();
    let mut words = format!("{}: ", name_of(column, model));
    match facets.as_slice() {
        [] => words.push_str("nothing was missed"),
        facets => words.push_str(&format!("missed in {}", facets.join(", "))),
    }
    if column.waiting > 0 {
        words.push_str(&format!("; {} to bring back", column.waiting));
    }
    page.blank();
    prose::wrap(&words, width.min(TEXT), 2)
        .into_iter()
        .for_each(|line| page.push(look.line(line, Role::Text)));
}
