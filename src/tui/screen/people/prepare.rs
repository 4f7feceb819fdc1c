//! The preparation of a session: participants, agreements, questions to ask again, and further questions.

mod lines;

use ratatui::text::{Line, Span};

use crate::app::effect::Effect;
use crate::app::keymap::{Action, Context};
use crate::app::people::{MeetingDraft, PeopleRequest, decide};
use crate::core::id::{CompetencyId, FacetId, PersonId};
use crate::core::question::{Kind, Level};
use crate::session::meeting::{DraftMeeting, LevelRange};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::screen::{Cursor, Screen, pointer};
use crate::tui::theme::Role;
use crate::tui::widget::count;

use lines::{
    agreed_line, back_line, chosen_line, competency_line, explain_time, facet_line, filter_line,
    last_time, level_summary, old_answer, who,
};

/// The maximum number of open agreements shown; the screen of each person shows all.
const AGREED: usize = 6;
/// The maximum number of questions to ask again that are offered.
const BACK: usize = 8;

pub struct PrepareScreen {
    people: Vec<PersonId>,
    cursor: Cursor,
    /// The competency whose facets are shown.
    unfolded: Option<CompetencyId>,
}

#[derive(Clone, PartialEq)]
enum Entry {
    Start,
    Agreed(usize),
    /// A chosen question, by its index in the plan.
    Chosen(usize),
    Level,
    Kind,
    Back(usize),
    Competency(CompetencyId),
    Facet(CompetencyId, FacetId),
}

impl PrepareScreen {
    pub fn open(people: Vec<PersonId>, turn: &mut Turn) {
        turn.push(Self {
            people: people.clone(),
            cursor: Cursor::default(),
            unfolded: None,
        });
        turn.effect(Effect::People(Box::new(PeopleRequest::Prepare(people))));
    }

    fn entries(&self, prepared: &MeetingDraft, model: &Model) -> Vec<Entry> {
        let mut entries = vec![Entry::Start];
        entries.extend((0..prepared.agreed.len().min(AGREED)).map(Entry::Agreed));
        entries.extend((0..prepared.draft.chosen().count()).map(Entry::Chosen));
        entries.extend((0..prepared.draft.bring_back.len().min(BACK)).map(Entry::Back));
        entries.extend([Entry::Level, Entry::Kind]);
        for competency in &model.home.blueprint.competencies {
            if !prepared
                .draft
                .candidates
                .iter()
                .any(|candidate| candidate.competency == competency.id)
            {
                continue;
            }
            entries.push(Entry::Competency(competency.id.clone()));
            if self.unfolded.as_ref() == Some(&competency.id) {
                let facets = competency.facets.iter().map(|facet| facet.id.clone());
                entries.extend(facets.map(|facet| Entry::Facet(competency.id.clone(), facet)));
            }
        }
        entries
    }

    /// Returns the content of a line, without the pointer.
    fn line(
        &self,
        entry: &Entry,
        prepared: &MeetingDraft,
        model: &Model,
        look: &Look,
        width: usize,
    ) -> Vec<Span<'static>> {
        let draft = &prepared.draft;
        match entry {
            Entry::Start => vec![look.span("Start", Role::Strong)],
            Entry::Agreed(at) => agreed_line(prepared, *at, look, width),
            Entry::Chosen(at) => chosen_line(prepared, *at, model, look, width),
            Entry::Level => {
                let level = draft.levels().and_then(LevelRange::aim);
                filter_line("level ", level.map(Level::word), look)
            }
            Entry::Kind => filter_line("type  ", draft.kind().map(Kind::word), look),
            Entry::Back(at) => back_line(prepared, *at, look, width),
            Entry::Competency(id) => {
                let is_open = self.unfolded.as_ref() == Some(id);
                competency_line((id, is_open), draft, model, look, width)
            }
            Entry::Facet(_, id) => facet_line(id, draft, model, look, width),
        }
    }

    /// Changes the marked line; `more` is true for the right arrow and false for the left one.
    fn change(&mut self, entry: Entry, more: bool, turn: &mut Turn) {
        let Some(prepared) = &mut turn.model.people.prepared else {
            return;
        };
        let draft = &mut prepared.draft;
        let (competency, facet) = match &entry {
            Entry::Start => return,
            Entry::Agreed(at) => {
                let agreement = prepared.agreed.get_mut(*at);
                if let Some((person, agreement)) = agreement {
                    let (request, kept) = decide(draft.people[*person], agreement);
                    agreement.kept = kept;
                    turn.effect(Effect::People(Box::new(request)));
                }
                return;
            }
            Entry::Chosen(at) => return self.swap(*at, more, turn),
            Entry::Level => {
                let aim = draft.levels().and_then(LevelRange::aim);
                let level = step(&Level::ALL, aim, more);
                draft.draw_from(level.map(LevelRange::around));
                return;
            }
            Entry::Kind => {
                // The last kind, the card, is not asked in meetings.
                draft.draw_kind(step(
                    &Kind::ALL[..Kind::Recall as usize],
                    draft.kind(),
                    more,
                ));
                return;
            }
            Entry::Back(at) => return toggle_back(draft, *at),
            Entry::Competency(competency) => (competency, None),
            Entry::Facet(competency, facet) => (competency, Some(facet)),
        };
        let done = if more {
            draft.add(competency, facet)
        } else {
            draft.remove(competency, facet)
        };
        if !done && more {
            turn.tell("there is no other question of that kind");
        }
    }

    /// Swaps a chosen question for another one; the cursor follows the new one.
    fn swap(&mut self, at: usize, forward: bool, turn: &mut Turn) {
        let Some(prepared) = &mut turn.model.people.prepared else {
            return;
        };
        let draft = &mut prepared.draft;
        let chosen = draft.in_order().get(at).copied();
        match chosen.and_then(|candidate| draft.swap(candidate, forward)) {
            Some(new) => {
                let place = draft.in_order().iter().position(|chosen| *chosen == new);
                self.cursor.at = (self.cursor.at + place.unwrap_or(at)).saturating_sub(at);
            }
            None => turn.tell("there is no other question on this topic"),
        }
    }

    /// Includes or excludes the question on the marked line, or opens a competency.
    fn toggle(&mut self, entry: Entry, turn: &mut Turn) {
        match (entry, &mut turn.model.people.prepared) {
            (Entry::Chosen(at), Some(prepared)) => {
                if let Some(candidate) = prepared.draft.in_order().get(at) {
                    prepared.draft.toggle(*candidate);
                }
            }
            (entry, _) => self.fold(entry, turn),
        }
    }

    fn fold(&mut self, entry: Entry, turn: &mut Turn) {
        match entry {
            Entry::Competency(id) if self.unfolded.as_ref() == Some(&id) => self.unfolded = None,
            Entry::Competency(id) => self.unfolded = Some(id),
            entry => self.change(entry, true, turn),
        }
    }
}

fn toggle_back(draft: &mut DraftMeeting, at: usize) {
    if let Some(candidate) = draft.bring_back.get(at).map(|back| back.candidate) {
        draft.toggle(candidate);
    }
}

/// Returns the next or previous value of a list; `None` means any value.
fn step<T: Copy + PartialEq>(all: &[T], value: Option<T>, more: bool) -> Option<T> {
    let values: Vec<Option<T>> = std::iter::once(None)
        .chain(all.iter().copied().map(Some))
        .collect();
    let at = values.iter().position(|other| *other == value).unwrap_or(0);
    values[(at + if more { 1 } else { values.len() - 1 }) % values.len()]
}

impl Screen for PrepareScreen {
    fn context(&self) -> Context {
        Context::Prepare
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        let of_these = |prepared: &&MeetingDraft| prepared.draft.people == self.people;
        let Some(prepared) = turn.model.people.prepared.as_ref().filter(of_these) else {
            if action == Action::Back {
                turn.pop();
            }
            return;
        };
        let (entries, plan) = (self.entries(prepared, turn.model), prepared.draft.plan());
        if self.cursor.act(action, entries.len(), turn) {
            return;
        }
        if let Action::Choose(i) = action {
            self.cursor.at = i.min(entries.len().saturating_sub(1));
        }
        let entry = entries.get(self.cursor.at).cloned().unwrap_or(Entry::Start);
        match action {
            Action::Enter | Action::Choose(_) if entry == Entry::Start => {
                match plan.questions.len() {
                    0 => turn.tell("choose at least one question"),
                    _ => turn.effect(Effect::Meet(plan)),
                }
            }
            Action::Toggle => self.toggle(entry, turn),
            Action::Enter | Action::Choose(_) => match entry {
                Entry::Chosen(at) => turn.go(Route::DraftQuestion(at)),
                entry => self.fold(entry, turn),
            },
            Action::Right | Action::Left if matches!(entry, Entry::Agreed(_)) => {}
            Action::Right => self.change(entry, true, turn),
            Action::Left => self.change(entry, false, turn),
            Action::Export | Action::HandoutWithAnswers if plan.questions.is_empty() => {
                turn.tell("choose at least one question");
            }
            Action::Export | Action::HandoutWithAnswers => {
                let answers = action == Action::HandoutWithAnswers;
                turn.effect(Effect::People(Box::new(PeopleRequest::Handout {
                    plan,
                    answers,
                })));
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
        let of_these = |prepared: &&MeetingDraft| prepared.draft.people == self.people;
        let Some(prepared) = model.people.prepared.as_ref().filter(of_these) else {
            return action == Action::Back;
        };
        let entries = self.entries(prepared, model);
        let at = entries.get(self.cursor.at);
        match action {
            Action::Enter => true,
            Action::Left | Action::Right => {
                !matches!(at, None | Some(Entry::Start | Entry::Agreed(_)))
            }
            Action::Toggle => matches!(
                at,
                Some(Entry::Agreed(_) | Entry::Chosen(_) | Entry::Back(_) | Entry::Competency(_))
            ),
            Action::Export | Action::HandoutWithAnswers => {
                !prepared.draft.plan().questions.is_empty()
            }
            _ => Cursor::works(action, entries.len(), scrolls),
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let title = if width >= 60 {
            "Prepare a session"
        } else {
            "Prepare"
        };
        let mut page = Page {
            left: look.line(title, Role::Title),
            ..Page::default()
        };
        let of_these = |prepared: &&MeetingDraft| prepared.draft.people == self.people;
        let Some(prepared) = model.people.prepared.as_ref().filter(of_these) else {
            return page;
        };
        let draft = &prepared.draft;
        let asked = count(draft.chosen().count(), "question");
        page.right = look.line(
            format!("{asked}, about {} min", draft.estimated_minutes()),
            Role::Key,
        );
        who(prepared, &mut page, look, width);
        let entries = self.entries(prepared, model);
        for (i, entry) in entries.iter().cloned().enumerate() {
            let marked = i == self.cursor.at;
            let mut spans = vec![look.span(pointer(marked, look), Role::Key)];
            spans.extend(self.line(&entry, prepared, model, look, width));
            heading(&entry, prepared, &mut page, look, width);
            page.choice(Line::from(spans), Action::Choose(i), marked, look);
            match entry {
                Entry::Start => explain_time(prepared, &mut page, look, width),
                Entry::Level => level_summary(draft, &mut page, look, width),
                Entry::Back(at) if marked => old_answer(prepared, at, &mut page, look, width),
                _ => {}
            }
        }
        page.words = words(entries.get(self.cursor.at));
        page.footer = footer(entries.get(self.cursor.at));
        page
    }
}

/// Returns the keys that the footer shows for the marked line.
fn footer(entry: Option<&Entry>) -> Vec<Action> {
    let mut actions = vec![
        Action::Enter,
        Action::Right,
        Action::Left,
        Action::Export,
        Action::Back,
        Action::HandoutWithAnswers,
    ];
    match entry {
        Some(Entry::Facet(..)) => drop(actions.remove(0)),
        Some(Entry::Chosen(_)) => actions.insert(3, Action::Toggle),
        _ => {}
    }
    actions
}

/// Returns the key labels for the marked line.
fn words(entry: Option<&Entry>) -> Vec<(Action, &'static str)> {
    match entry {
        None | Some(Entry::Start) => vec![(Action::Enter, "start the session")],
        Some(Entry::Agreed(_)) => vec![(Action::Enter, "kept")],
        Some(Entry::Chosen(_)) => vec![
            (Action::Enter, "read"),
            (Action::Right, "another one"),
            (Action::Left, "the one before"),
            (Action::Toggle, "leave out"),
        ],
        Some(Entry::Back(_)) => vec![(Action::Enter, "include")],
        Some(Entry::Level | Entry::Kind) => {
            vec![
                (Action::Enter, "change"),
                (Action::Right, "next"),
                (Action::Left, "before"),
            ]
        }
        Some(Entry::Competency(_)) => vec![(Action::Enter, "facets")],
        // Same as the right arrow.
        Some(Entry::Facet(..)) => Vec::new(),
    }
}

/// Writes the heading above the first line of each part.
fn heading(entry: &Entry, prepared: &MeetingDraft, page: &mut Page, look: &Look, width: usize) {
    let words = match entry {
        Entry::Agreed(0) => {
            last_time(prepared, page, look, width);
            match prepared.agreed.len() {
                0..=AGREED => "Agreed".to_owned(),
                n => format!("Agreed, the first {AGREED} of {n}"),
            }
        }
        Entry::Chosen(0) => "Questions".to_owned(),
        Entry::Back(0) => "To bring back".to_owned(),
        Entry::Level => "To choose".to_owned(),
        _ => return,
    };
    page.blank();
    page.push(look.line(words, Role::Strong));
}
