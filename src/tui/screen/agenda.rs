//! The practice screen: what there is to do now, the plan for the coming days, and the available drills.
//!
//! ```text
//!   Practice                                              3 practice days
//!
//! ▸ Start      12 due · 2 sure and wrong · 3 new          ◂ 15 min ▸
//!   Interview  ◂ Tue 15 Dec, in 23 days ▸
//!   Progress
//!
//!             Mon  Tue  Wed  Thu  Fri  Sat  Sun
//!   16 Nov                                  12
//!   23 Nov      3    4    ·    1 ...
//!
//!   Wrong last time          14 questions
//! ```

use ratatui::text::{Line, Span};

use super::{Cursor, Screen, fixed, pointer};
use crate::app::agenda::{Agenda, DrillLine};
use crate::app::effect::Effect;
use crate::app::keymap::{Action, Context};
use crate::app::settings::Minutes;
use crate::core::calendar::Date;
use crate::core::practice::Drill;
use crate::core::schedule::{RETENTION, desired_retention};
use crate::core::time::Day;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::theme::Role;
use crate::tui::widget::writer::Writer;
use crate::tui::widget::{calendar, count, prose};

/// The number of days from today at which a new interview date starts.
const FIRST: i32 = 14;
/// The number of entries above the drills.
const ABOVE: usize = 4;
/// The minutes of a short round of practice, and of the usual one.
const SHORT: u32 = 5;
const USUAL: u32 = 15;

/// The widest list beside the calendar.
const WIDEST: usize = 72;

#[derive(Default)]
pub struct AgendaScreen {
    cursor: Cursor,
    /// The competency whose facets are shown, as an index into the drills.
    unfolded: Option<usize>,
}

#[derive(Clone, Copy)]
enum Entry<'a> {
    Start,
    /// Practice of another length: five minutes, or fifteen if five are set.
    Short,
    Interview,
    Progress,
    /// A drill: its index, its line, and whether it is a facet.
    Drill(usize, &'a DrillLine, bool),
}

impl AgendaScreen {
    fn entries<'a>(&self, agenda: &'a Agenda) -> Vec<Entry<'a>> {
        let mut entries = vec![
            Entry::Start,
            Entry::Short,
            Entry::Interview,
            Entry::Progress,
        ];
        for (i, line) in agenda.drills.iter().enumerate() {
            entries.push(Entry::Drill(i, line, false));
            if self.unfolded == Some(i) {
                entries.extend(line.facets.iter().map(|facet| Entry::Drill(i, facet, true)));
            }
        }
        entries
    }

    fn change(&mut self, more: bool, turn: &mut Turn) {
        let Some(agenda) = turn.model.agenda.take() else {
            return;
        };
        match self.entries(&agenda).get(self.cursor.at) {
            Some(Entry::Start) => {
                let next = match more {
                    true => Minutes::CHOICES.into_iter().find(|m| *m > agenda.minutes),
                    false => Minutes::CHOICES
                        .into_iter()
                        .rev()
                        .find(|m| *m < agenda.minutes),
                };
                let minutes = next.unwrap_or(agenda.minutes);
                turn.effect(Effect::ShowPractice { minutes });
            }
            Some(Entry::Interview) => move_interview(if more { 1 } else { -1 }, &agenda, turn),
            Some(Entry::Drill(i, _, _)) => {
                self.unfolded = if more {
                    Some(*i).filter(|i| !agenda.drills[*i].facets.is_empty())
                } else {
                    None
                };
                self.cursor.at = ABOVE + i;
            }
            _ => {}
        }
        turn.model.agenda = Some(agenda);
    }

    fn open(&mut self, turn: &mut Turn) {
        let Some(agenda) = turn.model.agenda.take() else {
            return;
        };
        let minutes = agenda.minutes;
        match self.entries(&agenda).get(self.cursor.at) {
            Some(Entry::Start | Entry::Short) if agenda.idle.is_some() => {
                turn.tell("nothing right now: choose a set below");
            }
            Some(Entry::Start) => turn.effect(Effect::Practise {
                drill: Drill::Daily,
                minutes,
            }),
            Some(Entry::Short) => turn.effect(Effect::Practise {
                drill: Drill::Daily,
                minutes: other_length(&agenda),
            }),
            Some(Entry::Interview) => {
                turn.tell(
                    "left and right change the date, [ and ] by a week; backspace removes it",
                );
            }
            Some(Entry::Progress) => turn.effect(Effect::ShowProgress),
            Some(Entry::Drill(_, line, _)) => turn.effect(Effect::Practise {
                drill: line.drill.clone(),
                minutes,
            }),
            None => {}
        }
        turn.model.agenda = Some(agenda);
    }
}

/// Returns the minutes of the second offer: five, or fifteen if five are set.
fn other_length(agenda: &Agenda) -> u32 {
    match agenda.minutes {
        ..=SHORT => USUAL,
        _ => SHORT,
    }
}

/// Moves the date of the interview by some days, or sets it if there is none.
fn move_interview(days: i32, agenda: &Agenda, turn: &mut Turn) {
    let tomorrow = agenda.today.plus(1);
    let day = match agenda.interview.filter(|_| !agenda.is_past()) {
        None if days > 0 => agenda.today.plus(FIRST),
        None => tomorrow,
        Some(day) => day.plus(days).max(tomorrow),
    };
    set_interview(Some(day), agenda, turn);
}

/// Saves the date in the settings and requests a new queue and plan.
fn set_interview(day: Option<Day>, agenda: &Agenda, turn: &mut Turn) {
    turn.model.settings.interview = day.map(Date);
    let settings = turn.model.settings.clone();
    turn.effect(Effect::SaveSettings(settings));
    turn.effect(Effect::ShowPractice {
        minutes: agenda.minutes,
    });
}

impl Screen for AgendaScreen {
    fn context(&self) -> Context {
        Context::Agenda
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        let n = turn
            .model
            .agenda
            .as_ref()
            .map_or(0, |agenda| self.entries(agenda).len());
        if self.cursor.act(action, n, turn) {
            return;
        }
        match action {
            Action::Enter => self.open(turn),
            Action::Choose(i) => {
                let again = self.cursor.at == i;
                self.cursor.at = i.min(n.saturating_sub(1));
                if again {
                    self.open(turn);
                }
            }
            Action::Left | Action::Right => self.change(action == Action::Right, turn),
            Action::Previous | Action::Next => {
                if let Some(agenda) = turn.model.agenda.take() {
                    if let Some(Entry::Interview) = self.entries(&agenda).get(self.cursor.at) {
                        let days = if action == Action::Next { 7 } else { -7 };
                        move_interview(days, &agenda, turn);
                    }
                    turn.model.agenda = Some(agenda);
                }
            }
            Action::Toggle => {
                let agenda = turn.model.agenda.as_ref();
                let marked =
                    agenda.and_then(|agenda| self.entries(agenda).get(self.cursor.at).copied());
                if let Some(Entry::Drill(i, ..)) = marked {
                    self.change(self.unfolded != Some(i), turn);
                }
            }
            Action::Search => turn.go(Route::Browse),
            Action::Overview => turn.effect(Effect::ShowProgress),
            Action::Clear => {
                if let Some(agenda) = turn.model.agenda.take() {
                    if agenda.interview.is_some() {
                        set_interview(None, &agenda, turn);
                    }
                    turn.model.agenda = Some(agenda);
                }
            }
            Action::Back => {
                turn.model.agenda = None;
                turn.pop();
            }
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn is_pair(&self, _: &Model) -> bool {
        true
    }

    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool {
        let Some(agenda) = &model.agenda else {
            return false;
        };
        let entries = self.entries(agenda);
        let at = entries.get(self.cursor.at).copied();
        match action {
            Action::Enter => match at {
                Some(Entry::Start | Entry::Short) => agenda.idle.is_none(),
                at => !matches!(at, Some(Entry::Interview)),
            },
            Action::Left | Action::Right => matches!(at, Some(Entry::Start | Entry::Interview)),
            Action::Previous | Action::Next => matches!(at, Some(Entry::Interview)),
            Action::Toggle => matches!(at, Some(Entry::Drill(_, line, is_facet))
                if is_facet || !line.facets.is_empty()),
            Action::Overview | Action::Search => true,
            Action::Clear => agenda.interview.is_some(),
            _ => Cursor::works(action, entries.len(), scrolls),
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("Practice", Role::Title),
            ..Page::default()
        };
        let Some(agenda) = &model.agenda else {
            return page;
        };
        if agenda.streak.goes_on(agenda.today) && width >= 30 {
            let days = agenda.streak.days as usize;
            page.right = look.line(count(days, "practice day"), Role::Dim);
        }
        let mut writer = Writer {
            page: &mut page,
            look,
            width,
        };
        if writer.has_two_columns() {
            let columns = (width * 11 / 20).min(WIDEST);
            writer.two_columns(
                columns,
                |left| {
                    notices(left.page, agenda, look, left.width);
                    self.list(agenda, false, left);
                },
                |right| plan(right.page, agenda, look, right.width),
            );
        } else {
            notices(writer.page, agenda, look, width);
            self.list(agenda, true, &mut writer);
        }
        page.footer = self
            .entries(agenda)
            .get(self.cursor.at)
            .map_or_else(Vec::new, |entry| hints(*entry, agenda));
        page
    }
}

impl AgendaScreen {
    /// Draws the entries; `with_plan` puts the plan of the coming days above the drills.
    fn list(&self, agenda: &Agenda, with_plan: bool, writer: &mut Writer) {
        let (look, width) = (writer.look, writer.width);
        for (i, entry) in self.entries(agenda).into_iter().enumerate() {
            if let Entry::Drill(0, _, false) = entry {
                writer.page.blank();
                if with_plan {
                    plan(writer.page, agenda, look, width);
                }
                writer.page.push(look.line("  Or choose a set", Role::Dim));
            }
            let marked = i == self.cursor.at;
            let mut spans = vec![look.span(pointer(marked, look), Role::Key)];
            match entry {
                Entry::Start => start(&mut spans, agenda, look, width),
                Entry::Short => {
                    let minutes = other_length(agenda);
                    spans.push(look.span("or only    ", Role::Dim));
                    spans.push(look.span(format!("{minutes} min"), Role::Text));
                }
                Entry::Interview => interview(&mut spans, agenda, look),
                Entry::Progress => {
                    spans.push(look.span("Progress   ", Role::Strong));
                    if width >= 50 {
                        spans.push(look.span("recall, practice days and time", Role::Dim));
                    }
                }
                Entry::Drill(_, line, is_facet) => drill(&mut spans, line, is_facet, look, width),
            }
            writer
                .page
                .choice(Line::from(spans), Action::Choose(i), marked, look);
            match entry {
                Entry::Start => {
                    for line in parts(agenda, width) {
                        writer.page.push(look.line(line, Role::Dim));
                    }
                }
                Entry::Short => writer.page.blank(),
                _ => {}
            }
        }
    }
}

/// Returns the keys of the marked line, followed by those of the screen.
fn hints(entry: Entry, agenda: &Agenda) -> Vec<Action> {
    let own: &[Action] = match entry {
        Entry::Start => &[Action::Enter, Action::Right, Action::Left],
        Entry::Interview if agenda.interview.is_some() => {
            &[Action::Right, Action::Left, Action::Next, Action::Clear]
        }
        Entry::Interview => &[Action::Right, Action::Left],
        Entry::Progress | Entry::Short => &[Action::Enter],
        Entry::Drill(_, line, is_facet) if is_facet || !line.facets.is_empty() => {
            &[Action::Enter, Action::Toggle]
        }
        Entry::Drill(..) => &[Action::Enter],
    };
    own.iter()
        .chain(&[Action::Overview, Action::Search, Action::Back])
        .copied()
        .collect()
}

fn start(spans: &mut Vec<Span<'static>>, agenda: &Agenda, look: &Look, width: usize) {
    spans.push(look.span("Start      ", Role::Strong));
    let questions: usize = agenda.parts.iter().map(|(_, n)| n).sum();
    let words = match agenda.seconds.div_ceil(60) {
        _ if agenda.idle.is_some() => "nothing right now".to_owned(),
        minutes if width >= 60 => format!("{}, about {minutes} min", count(questions, "question")),
        minutes => format!("{questions} q, {minutes} min"),
    };
    let room = width.saturating_sub(2 + 11 + 12);
    spans.push(look.span(fixed(&words, room), Role::Text));
    spans.push(look.span(look.theme.mark("◂ ", "< "), Role::Key));
    spans.push(look.span(format!("{:>3} min", agenda.minutes), Role::Text));
    spans.push(look.span(look.theme.mark(" ▸", " >"), Role::Key));
}

/// Returns the lines below the queue that explain why its questions were chosen.
fn parts(agenda: &Agenda, width: usize) -> Vec<String> {
    let mut words: Vec<String> = agenda
        .parts
        .iter()
        .map(|(why, n)| format!("{n} {}", why.words()))
        .collect();
    let due = agenda
        .parts
        .iter()
        .find(|(why, _)| *why == crate::core::practice::QueueReason::Due)
        .map_or(0, |(_, n)| *n);
    if agenda.due > due {
        words.push(format!("{} left for later", agenda.due - due));
    }
    let mut lines = prose::wrap(&words.join(" · "), width.saturating_sub(13), 0);
    if let Some(weakest) = &agenda.weakest {
        lines.extend(prose::wrap(
            &format!("weakest: {}", weakest.words()),
            width.saturating_sub(13),
            0,
        ));
    }
    lines
        .iter()
        .map(|line| format!("             {line}"))
        .collect()
}

fn interview(spans: &mut Vec<Span<'static>>, agenda: &Agenda, look: &Look) {
    spans.push(look.span("Interview  ", Role::Strong));
    spans.push(look.span(look.theme.mark("◂ ", "< "), Role::Key));
    let words = match agenda.interview {
        Some(day) if agenda.is_past() => format!("was on {}", day.words()),
        Some(day) => match day.since(agenda.today) {
            0 => format!("{}, today", day.words()),
            1 => format!("{}, tomorrow", day.words()),
            n => format!("{}, in {n} days", day.words()),
        },
        None => "no date set".to_owned(),
    };
    spans.push(look.span(words, Role::Text));
    spans.push(look.span(look.theme.mark(" ▸", " >"), Role::Key));
}

fn drill(
    spans: &mut Vec<Span<'static>>,
    line: &DrillLine,
    is_facet: bool,
    look: &Look,
    width: usize,
) {
    let indent = if is_facet { "  " } else { "" };
    let room = width.saturating_sub(16).min(44);
    spans.push(look.span(fixed(&format!("{indent}{}", line.title), room), Role::Text));
    let role = if line.questions == 0 {
        Role::Dim
    } else {
        Role::Text
    };
    spans.push(look.span(format!(" {:>5}", line.questions), role));
    if width >= 60 {
        spans.push(look.span(
            if line.questions == 1 {
                " question"
            } else {
                " questions"
            },
            Role::Dim,
        ));
    }
}

fn notices(page: &mut Page, agenda: &Agenda, look: &Look, width: usize) {
    let mut said = Vec::new();
    if agenda.streak.last.is_none() && agenda.idle.is_none() {
        let words = "Each answer is explained at once, and questions you miss come back days \
                     later. Press Enter to start with new questions. If you take an assessment \
                     first, practice starts with your weak areas.";
        for line in prose::wrap(words, width.saturating_sub(2), 0) {
            page.push(look.line(format!("  {line}"), Role::Dim));
        }
        page.blank();
    }
    if agenda.is_past() {
        let date = agenda
            .interview
            .map_or(String::new(), |day| day.to_string());
        said.push(format!(
            "Your interview was on {date}. If there is another one, set its date below; \
             backspace removes this one."
        ));
    }
    said.extend(agenda.idle.as_ref().map(|why| format!("Right now {why}.")));
    for words in said {
        for line in prose::wrap(&words, width.saturating_sub(2), 0) {
            page.push(look.line(format!("  {line}"), Role::Warn));
        }
        page.blank();
    }
}

/// Draws the coverage, the questions that are due in the coming days, and notes about them.
fn plan(page: &mut Page, agenda: &Agenda, look: &Look, width: usize) {
    let coverage = agenda.coverage.words(agenda.today, agenda.interview);
    for line in prose::wrap(&coverage, width.saturating_sub(2), 0) {
        page.push(look.line(format!("  {line}"), Role::Text));
    }
    let total: u32 = agenda.plan.days.iter().map(|(_, n, _)| n).sum();
    let seconds: u64 = agenda.plan.days.iter().map(|(_, _, seconds)| seconds).sum();
    let until = match agenda.interview.filter(|_| !agenda.is_past()) {
        Some(_) => "until the interview".to_owned(),
        None => format!("in the next {} days", agenda.plan.days.len()),
    };
    let words = format!(
        "Due {until}: {}, {} min",
        count(total as usize, "question"),
        seconds.div_ceil(60)
    );
    for line in prose::wrap(&words, width.saturating_sub(2), 0) {
        page.push(look.line(format!("  {line}"), Role::Dim));
    }
    let days: Vec<(Day, u32)> = agenda
        .plan
        .days
        .iter()
        .map(|(day, n, _)| (*day, *n))
        .collect();
    let interview = agenda.interview.filter(|_| !agenda.is_past());
    for line in calendar::load(&days, interview, agenda.plan.kept, look, width) {
        page.push(line);
    }
    let notes = notes(agenda, look);
    for note in notes {
        for (i, line) in prose::wrap(&note, width.saturating_sub(4), 0)
            .into_iter()
            .enumerate()
        {
            page.push(look.line(
                format!("  {}{line}", if i == 0 { "" } else { "  " }),
                Role::Dim,
            ));
        }
    }
    page.blank();
}

/// Returns notes about the plan: what its signs mean, and what is not in it.
fn notes(agenda: &Agenda, look: &Look) -> Vec<String> {
    let interview = agenda.interview.filter(|_| !agenda.is_past());
    let mut notes = Vec::new();
    if interview.is_some() {
        notes.push(format!("{} interview", look.theme.mark("◆", "!")));
    }
    if agenda.plan.kept.is_some() {
        notes.push(format!(
            "{} assessment day: unseen questions are kept for it",
            look.theme.mark("□", "A")
        ));
    }
    if desired_retention(agenda.today, interview) > RETENTION {
        notes.push("the last week: more reviews".to_owned());
    }
    notes.extend(agenda.plan.catching_up(agenda.minutes));
    notes.extend(agenda.plan.beyond(agenda.minutes, interview.is_some()));
    if !agenda.nothing_new.is_empty() {
        notes.push(format!(
            "nothing new in {}: the unseen questions there are kept for an assessment",
            agenda.nothing_new.join(", ")
        ));
    }
    notes
}
