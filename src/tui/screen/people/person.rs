//! The screen about one person: agreements, questions to ask again, sessions, and answers by month.

use ratatui::text::Line;

use super::person_table::{Measure, like_with_like, table};
use super::when;
use crate::app::effect::Effect;
use crate::app::keymap::{Action, Context};
use crate::app::people::{OwnLine, PeopleRequest, PersonPage, SessionLine, decide};
use crate::core::id::{PersonId, SessionId};
use crate::core::time::Day;
use crate::session::meeting::Agreement;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::screen::{Cursor, Screen, TEXT, fixed, pointer};
use crate::tui::theme::Role;
use crate::tui::widget::writer::Writer;
use crate::tui::widget::{count, prose};

/// The maximum number of questions to ask again that are shown.
const WAITING: usize = 5;
/// The number of sessions that are shown at first, newest first.
const SESSIONS: usize = 4;
/// The widest lists beside the table.
const WIDEST: usize = 76;

pub struct PersonScreen {
    person: PersonId,
    /// The cursor in the list of [`Entry`]s.
    cursor: Cursor,
    /// True if all sessions are listed.
    all_sessions: bool,
    /// The agreement that was decided last; the cursor follows it to its new position.
    decided: Option<(SessionId, usize)>,
    measure: Measure,
    /// The number of months by which the table is scrolled back.
    months_back: usize,
}

/// A line that can be marked. The indices are those of the lists on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    Agreement(usize),
    Back(usize),
    Session(usize),
    /// Shows all sessions.
    More,
}

impl PersonScreen {
    pub fn open(person: PersonId, turn: &mut Turn) {
        let (cursor, measure) = (Cursor::default(), Measure::default());
        turn.push(Self {
            person,
            cursor,
            all_sessions: false,
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

    fn entries(&self, page: &PersonPage) -> Vec<Entry> {
        let sessions = page.sessions.len();
        let shown = match self.all_sessions {
            true => sessions,
            false => sessions.min(SESSIONS),
        };
        let agreements = (0..page.agreements().len()).map(Entry::Agreement);
        let back = (0..page.growth.waiting().len().min(WAITING)).map(Entry::Back);
        agreements
            .chain(back)
            .chain((0..shown).map(Entry::Session))
            .chain((shown < sessions).then_some(Entry::More))
            .collect()
    }

    /// Returns the index of the marked line, which follows an agreement that was just decided.
    fn at(&self, page: &PersonPage) -> usize {
        let is_decided = |agreement: &&Agreement| {
            self.decided
                .as_ref()
                .is_some_and(|(id, place)| agreement.session == *id && agreement.place == *place)
        };
        let last = self.entries(page).len().saturating_sub(1);
        let decided = page.agreements().iter().position(is_decided);
        decided.unwrap_or(self.cursor.at.min(last))
    }

    fn marked(&self, page: &PersonPage) -> Option<Entry> {
        self.entries(page).get(self.at(page)).copied()
    }

    /// Marks the selected agreement as kept, then as not kept, then as open again.
    fn decide(&mut self, turn: &mut Turn) {
        let Some(page) = self.page(turn.model) else {
            return;
        };
        let agreements = page.agreements();
        let marked = match self.marked(page) {
            Some(Entry::Agreement(at)) => agreements.get(at),
            _ => None,
        };
        let Some(agreement) = marked else {
            return turn.tell("mark an agreement first");
        };
        let (wish, _) = decide(self.person, agreement);
        self.decided = Some((agreement.session.clone(), agreement.place));
        turn.effect(Effect::People(Box::new(wish)));
    }

    /// Opens the marked session, or marks the agreement.
    fn open_marked(&mut self, turn: &mut Turn) {
        let Some(page) = self.page(turn.model) else {
            return;
        };
        match self.marked(page) {
            Some(Entry::Session(at)) => {
                let session = page.sessions[at].session.clone();
                turn.go(Route::PastSession(self.person, session));
            }
            Some(Entry::More) => self.all_sessions = true,
            Some(Entry::Agreement(_)) => self.decide(turn),
            Some(Entry::Back(_)) | None => {}
        }
    }

    /// Takes the marked question off the list of those to bring back.
    fn drop_marked(&mut self, turn: &mut Turn) {
        let Some(page) = self.page(turn.model) else {
            return;
        };
        let Some(Entry::Back(at)) = self.marked(page) else {
            return turn.tell("mark a question to bring back first");
        };
        let back = page.growth.waiting()[at];
        let request = PeopleRequest::Drop {
            person: self.person,
            session: back.session.clone(),
            slot: back.slot,
        };
        turn.effect(Effect::People(Box::new(request)));
        turn.tell("it is not asked again unless it goes wrong again");
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
        let (entries, months) = (self.entries(page).len(), page.growth.months.len());
        let note = page.note.clone();
        self.cursor.at = self.at(page);
        if matches!(
            action,
            Action::Up | Action::Down | Action::Top | Action::Bottom | Action::Choose(_)
        ) {
            self.decided = None;
        }
        match action {
            // Below the last line, the arrow keys scroll.
            Action::Down if self.cursor.at + 1 >= entries => {
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
            _ if self.cursor.act(action, entries, turn) => {}
            Action::Choose(i) => {
                self.cursor.at = i.min(entries.saturating_sub(1));
                self.open_marked(turn);
            }
            Action::Enter => self.open_marked(turn),
            Action::Forget => self.drop_marked(turn),
            Action::Add if note.is_some() => turn.go(Route::Agree(self.person)),
            Action::Note if note.is_some() => {
                turn.go(Route::NotePerson(self.person, note.unwrap_or_default()));
            }
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

    fn is_pair(&self, _: &Model) -> bool {
        true
    }

    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool {
        let Some(page) = self.page(model) else {
            return action == Action::Back;
        };
        let (entries, marked) = (self.entries(page).len(), self.marked(page));
        match action {
            Action::Toggle => matches!(marked, Some(Entry::Agreement(_))),
            Action::Enter => !matches!(marked, None | Some(Entry::Back(_))),
            Action::Forget => matches!(marked, Some(Entry::Back(_))),
            Action::Add | Action::Note => page.note.is_some(),
            Action::Switch => page.growth.meetings > 0,
            Action::Left | Action::Right => page.growth.months.len() > 1,
            Action::Prepare | Action::Export => true,
            _ => Cursor::works(action, entries, scrolls),
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
        let (act, word) = match self.marked(person) {
            Some(Entry::Session(_)) => (Action::Enter, "open"),
            Some(Entry::More) => (Action::Enter, "show all"),
            Some(Entry::Back(_)) => (Action::Forget, "drop"),
            Some(Entry::Agreement(_)) | None => (Action::Toggle, "kept"),
        };
        page.words = vec![(act, word)];
        page.footer = vec![
            Action::Prepare,
            act,
            Action::Add,
            Action::Note,
            Action::Switch,
            Action::Left,
            Action::Back,
            Action::Export,
        ];
        page.footer.retain(|action| {
            person.note.is_some() || !matches!(action, Action::Add | Action::Note)
        });
        let mut writer = Writer {
            page: &mut page,
            look,
            width,
        };
        if writer.has_two_columns() {
            let columns = (width / 2).min(WIDEST);
            writer.two_columns(
                columns,
                |left| {
                    self.agreed(person, left.page, look, left.width);
                    self.asked_and_held(person, left);
                },
                |right| {
                    note(person, right);
                    self.growth(person, model, right);
                },
            );
        } else {
            self.agreed(person, writer.page, look, width);
            writer.gap();
            note(person, &mut writer);
            self.asked_and_held(person, &mut writer);
            self.growth(person, model, &mut writer);
        }
        page
    }
}

impl PersonScreen {
    /// Draws the questions to ask again and the sessions.
    fn asked_and_held(&self, person: &PersonPage, writer: &mut Writer) {
        if person.growth.meetings > 0 {
            writer.gap();
            self.waiting(person, writer.page, writer.look, writer.width);
            self.sessions(person, writer.page, writer.look, writer.width);
        }
    }

    /// Draws the answers by month, the questions asked twice, and what the person did alone.
    fn growth(&self, person: &PersonPage, model: &Model, writer: &mut Writer) {
        let (look, width) = (writer.look, writer.width);
        if person.growth.meetings > 0 {
            writer.gap();
            table(
                &person.growth,
                &model.home.blueprint,
                self.measure,
                self.months_back,
                writer.page,
                look,
                width,
            );
            like_with_like(&person.growth, writer.page, look, width);
        }
        apart(person, writer, look, width);
    }

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
        let at = self.at(person);
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

impl PersonScreen {
    fn waiting(&self, person: &PersonPage, page: &mut Page, look: &Look, width: usize) {
        let (growth, waiting) = (&person.growth, person.growth.waiting());
        let came = match growth.returned {
            (_, 0) => String::new(),
            (right, n) => format!("   asked again so far: {n}, of which {right} right"),
        };
        page.push(Line::from(vec![
            look.span(format!("To bring back: {}", waiting.len()), Role::Strong),
            look.span(if width >= 60 { came } else { String::new() }, Role::Dim),
        ]));
        let (first, at) = (person.agreements().len(), self.at(person));
        for (i, back) in waiting.iter().take(WAITING).enumerate() {
            let marked = first + i == at;
            let what = format!(
                "{}  {}  ",
                fixed(&back.day.near(person.today), 6),
                fixed(back.reason.words(), 14)
            );
            let room = width.saturating_sub(2 + what.chars().count());
            let line = Line::from(vec![
                look.span(pointer(marked, look), Role::Key),
                look.span(what, Role::Text),
                look.span(
                    fixed(&back.about.line(), room).trim_end().to_owned(),
                    Role::Dim,
                ),
            ]);
            page.choice(line, Action::Choose(first + i), marked, look);
        }
        if waiting.len() > WAITING {
            page.push(look.line(format!("  and {} more", waiting.len() - WAITING), Role::Dim));
        }
    }

    fn sessions(&self, person: &PersonPage, page: &mut Page, look: &Look, width: usize) {
        page.blank();
        page.push(look.line("Sessions", Role::Strong));
        let at = self.at(person);
        for (i, entry) in self.entries(person).into_iter().enumerate() {
            let marked = i == at;
            let mut spans = vec![look.span(pointer(marked, look), Role::Key)];
            match entry {
                Entry::Session(n) => {
                    let (what, more) = session_line(&person.sessions[n], person.today);
                    let room = width.saturating_sub(2 + what.chars().count());
                    spans.push(look.span(what, Role::Text));
                    let more = fixed(&more, room).trim_end().to_owned();
                    spans.push(look.span(more, Role::Dim));
                }
                Entry::More => {
                    let more = person.sessions.len() - SESSIONS;
                    spans.push(look.span(format!("and {more} earlier ones"), Role::Dim));
                }
                Entry::Agreement(_) | Entry::Back(_) => continue,
            }
            page.choice(Line::from(spans), Action::Choose(i), marked, look);
        }
    }
}

/// Draws the mentor's note about the person.
fn note(person: &PersonPage, writer: &mut Writer) {
    let Some(note) = person.note.as_ref().filter(|note| !note.is_empty()) else {
        return;
    };
    let width = writer.width.min(TEXT);
    let lines = prose::labelled("Your note:", &note.line(), width, writer.look, Role::Text);
    lines.into_iter().for_each(|line| writer.page.push(line));
}

/// Returns the day and the result of a session, and who else took part with the person's own words.
fn session_line(session: &SessionLine, today: Day) -> (String, String) {
    let tally = &session.tally;
    let right = match tally.answered {
        0 => "discussed".to_owned(),
        n => format!("{} of {n}", tally.right),
    };
    let with: Vec<String> = session.with.iter().map(|name| name.line()).collect();
    let mut more = Vec::new();
    if !with.is_empty() {
        more.push(format!("with {}", with.join(", ")));
    }
    if !session.said.is_empty() {
        more.push(format!("“{}”", session.said.line()));
    }
    let what = format!(
        "{}  {}  ",
        fixed(&session.day.near(today), 6),
        fixed(&right, 9)
    );
    (what, more.join("  "))
}

/// Shows what the person did alone, which is never combined with the sessions.
fn apart(person: &PersonPage, writer: &mut Writer, look: &Look, width: usize) {
    if person.own.is_empty() && person.practice == 0 {
        return;
    }
    writer.gap();
    let page = &mut *writer.page;
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
