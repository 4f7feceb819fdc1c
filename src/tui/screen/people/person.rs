//! The screen about one person: agreements, questions to ask again, and answers by month.

use ratatui::text::Line;

use super::person_table::{Measure, table};
use super::when;
use crate::app::effect::Effect;
use crate::app::keymap::{Action, Context};
use crate::app::people::{OwnLine, PeopleRequest, PersonPage, decide};
use crate::core::id::{PersonId, SessionId};
use crate::session::meeting::Agreement;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::screen::{Cursor, Screen, fixed, pointer};
use crate::tui::theme::Role;
use crate::tui::widget::{count, prose};

/// The maximum number of questions to ask again that are shown.
const WAITING: usize = 5;

pub struct PersonScreen {
    person: PersonId,
    /// The cursor in the list of agreements.
    cursor: Cursor,
    /// The agreement that was decided last; the cursor follows it to its new position.
    decided: Option<(SessionId, usize)>,
    measure: Measure,
    /// The number of months by which the table is scrolled back.
    months_back: usize,
}

impl PersonScreen {
    pub fn open(person: PersonId, turn: &mut Turn) {
        let (cursor, measure) = (Cursor::default(), Measure::default());
        turn.push(Self {
            person,
            cursor,
            decided: None,
            measure,
            months_back: 0,
        });
        turn.effect(Effect::People(Box::new(PeopleRequest::Person(person))));
    }

    /// Returns the page of this person; `None` while it is being read.
    fn page<'a>(&self, model: &'a Model) -> Option<&'a PersonPage> {
        model
            .people
            .person
            .as_ref()
            .filter(|page| page.id == self.person)
    }

    /// Marks the selected agreement as kept, then as not kept, then as open again.
    fn decide(&mut self, turn: &mut Turn) {
        let Some(page) = self.page(turn.model) else {
            return;
        };
        let agreements = page.agreements();
        let Some(agreement) = agreements.get(self.at(&agreements)) else {
            turn.tell("there are no agreements yet");
            return;
        };
        let (wish, _) = decide(self.person, agreement);
        self.decided = Some((agreement.session.clone(), agreement.place));
        turn.effect(Effect::People(Box::new(wish)));
    }

    /// Returns the index of the marked agreement.
    fn at(&self, agreements: &[&Agreement]) -> usize {
        let is_decided = |agreement: &&Agreement| {
            self.decided
                .as_ref()
                .is_some_and(|(id, place)| agreement.session == *id && agreement.place == *place)
        };
        let marked = agreements.iter().position(is_decided);
        marked.unwrap_or(self.cursor.at.min(agreements.len().saturating_sub(1)))
    }
}

impl Screen for PersonScreen {
    fn context(&self) -> Context {
        Context::Person
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        let Some(page) = self.page(turn.model) else {
            if action == Action::Back {
                turn.pop();
            }
            return;
        };
        let (agreements, months) = (page.agreements(), page.growth.months.len());
        self.cursor.at = self.at(&agreements);
        let agreements = agreements.len();
        if matches!(
            action,
            Action::Up | Action::Down | Action::Top | Action::Bottom | Action::Choose(_)
        ) {
            self.decided = None;
        }
        match action {
            // Below the last agreement, the arrow keys scroll.
            Action::Down if self.cursor.at + 1 >= agreements => {
                self.cursor.scroll.towards(turn.seen, true);
            }
            Action::Up if self.cursor.scroll.free && turn.seen.offset > 0 => {
                self.cursor.scroll.towards(turn.seen, false);
            }
            Action::Top | Action::Bottom => {
                self.cursor
                    .scroll
                    .by(turn.seen, turn.seen.last_offset, action == Action::Bottom);
            }
            _ if self.cursor.act(action, agreements, turn) => {}
            Action::Choose(i) => self.cursor.at = i.min(agreements.saturating_sub(1)),
            Action::Left => self.months_back = (self.months_back + 1).min(months.saturating_sub(1)),
            Action::Right => self.months_back = self.months_back.saturating_sub(1),
            Action::Switch => self.measure = self.measure.other(),
            Action::Toggle => self.decide(turn),
            Action::Prepare => turn.go(Route::Prepare(vec![self.person])),
            Action::Export => {
                turn.effect(Effect::People(Box::new(PeopleRequest::Export(self.person))));
            }
            Action::Back => turn.pop(),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool {
        let Some(page) = self.page(model) else {
            return action == Action::Back;
        };
        let agreements = page.agreements().len();
        match action {
            Action::Toggle => agreements > 0,
            Action::Switch => page.growth.meetings > 0,
            Action::Left | Action::Right => page.growth.months.len() > 1,
            Action::Prepare | Action::Export => true,
            _ => Cursor::works(action, agreements, scrolls),
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page::default();
        let Some(person) = self.page(model) else {
            return page;
        };
        let growth = &person.growth;
        page.left = look.line(person.name.line(), Role::Title);
        page.right = match growth.last {
            Some(day) if width >= 60 => {
                let next = growth.next.map_or(String::new(), |next| {
                    format!(", next {}", next.near(person.today))
                });
                look.line(
                    format!("{}, last {day}{next}", count(growth.meetings, "session")),
                    Role::Dim,
                )
            }
            Some(day) => look.line(format!("last {}", day.short()), Role::Dim),
            None => look.line("no session yet", Role::Dim),
        };
        page.footer = vec![
            Action::Prepare,
            Action::Toggle,
            Action::Switch,
            Action::Left,
            Action::Back,
            Action::Export,
        ];
        self.agreed(person, &mut page, look, width);
        if growth.meetings > 0 {
            waiting(person, &mut page, look, width);
            page.blank();
            table(
                growth,
                &model.home.blueprint,
                self.measure,
                self.months_back,
                &mut page,
                look,
                width,
            );
            like_with_like(person, &mut page, look, width);
        }
        apart(person, &mut page, look, width);
        page
    }
}

impl PersonScreen {
    fn agreed(&self, person: &PersonPage, page: &mut Page, look: &Look, width: usize) {
        let (kept, known) = person.growth.kept();
        let so_far = if known > 0 {
            format!("   kept so far: {kept} of {known}")
        } else {
            String::new()
        };
        page.push(Line::from(vec![
            look.span("Agreed", Role::Strong),
            look.span(so_far, Role::Dim),
        ]));
        let agreements = person.agreements();
        if agreements.is_empty() {
            page.push(look.line("  nothing yet", Role::Dim));
        }
        let at = self.at(&agreements);
        for (i, agreement) in agreements.into_iter().enumerate() {
            let marked = i == at;
            let (word, role) = when(agreement, person.today);
            let line = Line::from(vec![
                look.span(pointer(marked, look), Role::Key),
                look.span(format!("{}  ", fixed(&word, 10)), role),
                look.span(
                    fixed(&agreement.text.line(), width.saturating_sub(14))
                        .trim_end()
                        .to_owned(),
                    Role::Text,
                ),
            ]);
            page.choice(line, Action::Choose(i), marked, look);
        }
    }
}

fn waiting(person: &PersonPage, page: &mut Page, look: &Look, width: usize) {
    let growth = &person.growth;
    let came = match growth.returned {
        (_, 0) => String::new(),
        (right, n) => format!("   asked again so far: {n}, of which {right} right"),
    };
    page.blank();
    page.push(Line::from(vec![
        look.span(
            format!("To bring back: {}", growth.bring_back.len()),
            Role::Strong,
        ),
        look.span(if width >= 60 { came } else { String::new() }, Role::Dim),
    ]));
    for back in growth.bring_back.iter().take(WAITING) {
        let what = format!(
            "  {}  {}  ",
            fixed(&back.day.near(person.today), 6),
            fixed(back.reason.words(), 14)
        );
        let room = width.saturating_sub(what.chars().count());
        page.push(Line::from(vec![
            look.span(what, Role::Text),
            look.span(
                fixed(&back.about.line(), room).trim_end().to_owned(),
                Role::Dim,
            ),
        ]));
    }
    if growth.bring_back.len() > WAITING {
        page.push(look.line(
            format!("  and {} more", growth.bring_back.len() - WAITING),
            Role::Dim,
        ));
    }
}

/// Shows the questions that were asked twice; only these count as a change.
fn like_with_like(person: &PersonPage, page: &mut Page, look: &Look, width: usize) {
    page.blank();
    page.push(look.line(
        "Asked early and late, first votes, with a 90% range",
        Role::Strong,
    ));
    let growth = &person.growth;
    for (label, change) in [
        ("  same question", &growth.same_question),
        ("  its twin     ", &growth.twins),
    ] {
        let lines = prose::labelled(label, &change.words(), width, look, Role::Text);
        lines.into_iter().for_each(|line| page.push(line));
    }
    let words = "  A twin is another question of the same family, or of the same facet and level. \
                 Questions are brought back because they went badly, so part of any improvement \
                 is chance.";
    prose::wrap(words, width, 2)
        .into_iter()
        .for_each(|line| page.push(look.line(line, Role::Dim)));
}

/// Shows what the person did alone, which is never combined with the sessions.
fn apart(person: &PersonPage, page: &mut Page, look: &Look, width: usize) {
    if person.own.is_empty() && person.practice == 0 {
        return;
    }
    page.blank();
    page.push(look.line("On their own, outside of sessions", Role::Strong));
    for OwnLine { day, score } in &person.own {
        let score = match score {
            Some((score, low, high)) if width >= 60 => {
                format!("{score:.0}, plausibly {low:.0} to {high:.0}")
            }
            Some((score, low, high)) => format!("{score:.0} ({low:.0}-{high:.0})"),
            None => "no score".to_owned(),
        };
        page.push(Line::from(vec![
            look.span(format!("  {}", fixed(day, 13)), Role::Text),
            look.span(if width >= 60 { "assessment  " } else { "" }, Role::Dim),
            look.span(score, Role::Text),
        ]));
    }
    if person.practice > 0 {
        page.push(look.line(
            format!("  {} of practice", count(person.practice, "session")),
            Role::Text,
        ));
    }
}
