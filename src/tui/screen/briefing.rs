//! The briefing before an assessment: what is asked, how long it takes, and its rules. The clock starts afterwards.
//!
//! ```text
//!   Before you start
//!
//!   40 questions on 8 competencies: about 90 min.    Topics            questions     time   last result
//!                                                    Data consistency          4    8 min   61  45-76
//!   • You can change answers, flag questions ...     Fault tolerance           3    6 min   70  55-83
//!
//! ▸ Start the clock
//!   Rate yourself     optional, to compare it with your result
//! ```

use ratatui::text::{Line, Span};

use super::setup::{Promise, RATINGS, about_minutes, topics_of};
use super::{Cursor, Screen, fixed, pointer};
use crate::app::effect::{DEEPENING, Effect, Setup, TimeChoice};
use crate::app::keymap::{Action, Context};
use crate::core::id::{DeckId, SessionId};
use crate::core::time::Millis;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::theme::Role;
use crate::tui::widget::count;
use crate::tui::widget::writer::Writer;

mod table;

/// The widest text beside the topics.
const WIDEST: usize = 72;

pub struct BriefingScreen {
    planned: Planned,
    cursor: Cursor,
    /// True while the self-ratings are listed.
    is_rating: bool,
}

/// The assessment that starts with the clock.
enum Planned {
    Form(Setup),
    /// A form whose set-up screen is below this one, with the self-ratings.
    SetUp(Setup),
    Deepening(SessionId),
    Repetition(Repetition),
}

/// A form that was taken before and is taken again.
pub struct Repetition {
    pub code: String,
    pub decks: Vec<DeckId>,
    pub topics: Vec<Topic>,
}

/// The questions of one competency in the planned assessment.
#[derive(Clone, Copy)]
pub struct Topic {
    /// The index of the competency in the blueprint.
    pub competency: usize,
    pub questions: usize,
    /// The sum of their fair times, in seconds.
    pub seconds: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Entry {
    Start,
    Rate,
    /// The self-rating in the competency with this index in the blueprint.
    Rating(usize),
    SetUp,
}

impl BriefingScreen {
    pub fn form(setup: Setup) -> Self {
        Self::new(Planned::Form(setup))
    }

    pub fn set_up(setup: Setup) -> Self {
        Self::new(Planned::SetUp(setup))
    }

    pub fn repetition(repetition: Repetition) -> Self {
        Self::new(Planned::Repetition(repetition))
    }

    pub fn deepening(id: SessionId) -> Self {
        Self::new(Planned::Deepening(id))
    }

    fn new(planned: Planned) -> Self {
        // On a small screen, the rules are read before a line is marked.
        let scroll = Scroll {
            offset: 0,
            free: true,
        };
        Self {
            planned,
            cursor: Cursor { at: 0, scroll },
            is_rating: false,
        }
    }

    fn entries(&self, model: &Model) -> Vec<Entry> {
        let Planned::Form(setup) = &self.planned else {
            return vec![Entry::Start];
        };
        let competencies = model.home.blueprint.competencies.iter().enumerate();
        let rated = competencies
            .filter(|(i, c)| self.is_rating && c.is_scored() && setup.competencies >> i & 1 == 1)
            .map(|(i, _)| Entry::Rating(i));
        [Entry::Start, Entry::Rate]
            .into_iter()
            .chain(rated)
            .chain([Entry::SetUp])
            .collect()
    }

    fn open(&mut self, entry: Entry, turn: &mut Turn) {
        match entry {
            // Repeated Enter from the previous screen must not start the clock.
            Entry::Start if turn.is_hasty => {}
            Entry::Start => turn.effect(match &self.planned {
                Planned::Form(setup) | Planned::SetUp(setup) => Effect::Start(setup.clone()),
                Planned::Deepening(id) => Effect::Deepen(id.clone()),
                Planned::Repetition(Repetition { code, decks, .. }) => Effect::Repeat {
                    code: code.clone(),
                    decks: decks.clone(),
                },
            }),
            Entry::Rate => {
                self.is_rating = !self.is_rating;
                self.cursor.at += usize::from(self.is_rating);
            }
            Entry::Rating(_) => {
                let entries = self.entries(turn.model);
                let next = entries.get(self.cursor.at + 1);
                // After the last rating, Enter leads to the start.
                let is_last = !matches!(next, Some(Entry::Rating(_)));
                self.cursor.at = if is_last { 0 } else { self.cursor.at + 1 };
            }
            Entry::SetUp => {
                let Planned::Form(setup) = &self.planned else {
                    return;
                };
                turn.pop();
                turn.go(Route::SetUp(setup.clone()));
            }
        }
    }

    /// Sets the self-rating of a competency: 1 to 4 for the levels, 0 for none.
    fn rate(&mut self, i: usize, rating: usize, model: &Model) {
        let Planned::Form(setup) = &mut self.planned else {
            return;
        };
        let id = &model.home.blueprint.competencies[i].id;
        match rating.checked_sub(1).and_then(|i| RATINGS.get(i)) {
            Some(level) => setup.ratings.insert(id.clone(), *level),
            None => setup.ratings.remove(id),
        };
    }

    /// Returns the self-rating of a competency as its number key; 0 without one.
    fn rating(&self, i: usize, model: &Model) -> usize {
        let Planned::Form(setup) = &self.planned else {
            return 0;
        };
        let level = setup.ratings.get(&model.home.blueprint.competencies[i].id);
        let place = level.and_then(|level| RATINGS.iter().position(|of| of == level));
        place.map_or(0, |place| place + 1)
    }

    /// Returns what is asked and how long it takes.
    fn length(&self, model: &Model) -> String {
        let setup = match &self.planned {
            Planned::Form(setup) | Planned::SetUp(setup) => setup,
            Planned::Repetition(again) => {
                let questions = again.topics.iter().map(|topic| topic.questions).sum();
                let seconds = again.topics.iter().map(|topic| topic.seconds).sum();
                let time = Millis::seconds(seconds);
                let minutes = model
                    .settings
                    .time_multiplier
                    .scale(time)
                    .0
                    .div_ceil(60_000);
                return format!(
                    "{} on {}: {minutes} min. It is the same form again, and questions that you \
                     have seen don't count for the score.",
                    count(questions, "question"),
                    competencies(again.topics.len()),
                );
            }
            Planned::Deepening(_) => {
                return format!(
                    "At most {DEEPENING} more questions, where your level is unclear. The new \
                     result also counts your earlier answers."
                );
            }
        };
        let most = if setup.adaptive { "At most " } else { "" };
        let competencies = competencies(setup.competencies.count_ones() as usize);
        let time = match setup.time {
            TimeChoice::Fair => {
                let minutes = about_minutes(model, setup);
                format!("about {minutes} min, depending on the questions drawn")
            }
            TimeChoice::Within(limit) => {
                let minutes = model.settings.time_multiplier.scale(limit).0 / 60_000;
                format!("{minutes} min")
            }
            TimeChoice::Untimed => "no time limit".to_owned(),
        };
        let written = match setup.written {
            0 => String::new(),
            n => format!(", and {}", count(n, "open question")),
        };
        let questions = count(setup.size, "question");
        format!("{most}{questions} on {competencies}{written}: {time}.")
    }

    /// Returns the rules of the assessment.
    fn rules(&self, model: &Model) -> Vec<String> {
        let (adaptive, untimed) = match &self.planned {
            Planned::Form(setup) | Planned::SetUp(setup) => {
                (setup.adaptive, setup.time == TimeChoice::Untimed)
            }
            Planned::Deepening(_) => (true, false),
            Planned::Repetition(_) => (false, false),
        };
        let order = match adaptive {
            true => "Each question depends on your answers so far, so you can't go back.",
            false => "You can change answers, flag questions and return to them until you finish.",
        };
        let mut rules = vec![
            order,
            "You can leave at any time: everything is saved, and the clock stops.",
            "No question scores below 0, so answer even if you are unsure.",
        ];
        if model.settings.confidence {
            rules.push(
                "After an answer, 1 to 4 say how sure you are. That doesn't change your score.",
            );
        }
        if !untimed {
            rules.push("When the time is up, you can finish or continue without a limit.");
        }
        rules.push("The answers are explained at the end.");
        let promise = match &self.planned {
            Planned::Form(setup) | Planned::SetUp(setup) => Some(Promise::of(setup, model)),
            Planned::Deepening(_) | Planned::Repetition(_) => None,
        };
        let rules = rules.into_iter().map(str::to_owned);
        promise
            .map(Promise::sentence)
            .into_iter()
            .chain(rules)
            .collect()
    }

    fn line(&self, entry: Entry, model: &Model, look: &Look, width: usize) -> Vec<Span<'static>> {
        let (name, aside) = match entry {
            Entry::Start => ("Start the clock", ""),
            Entry::Rate => ("Rate yourself", "to compare it with your result; optional"),
            Entry::SetUp => ("Change the set-up", "topics, length and time"),
            Entry::Rating(i) => {
                let title = &model.home.blueprint.competencies[i].title;
                let word = match self.rating(i, model).checked_sub(1) {
                    Some(level) => RATINGS[level].to_string(),
                    None => "not rated".to_owned(),
                };
                let room = width.saturating_sub(20).min(28);
                return vec![
                    look.span(fixed(&format!("  {}", title.as_str()), room), Role::Text),
                    look.span(look.theme.mark(" ◂ ", " < "), Role::Key),
                    look.span(word, Role::Text),
                    look.span(look.theme.mark(" ▸", " >"), Role::Key),
                ];
            }
        };
        let mut spans = vec![look.span(format!("{name:<19}"), Role::Strong)];
        if width >= 60 {
            spans.push(look.span(aside, Role::Dim));
        }
        spans
    }
}

fn competencies(n: usize) -> String {
    match n {
        1 => "1 competency".to_owned(),
        n => format!("{n} competencies"),
    }
}

impl Screen for BriefingScreen {
    fn context(&self) -> Context {
        Context::Setup
    }

    fn is_pair(&self, _: &Model) -> bool {
        true
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        let entries = self.entries(turn.model);
        if self.cursor.return_to_view(action, turn) {
            return;
        }
        // Enter starts the clock, as the footer says, even while the line is still below.
        let starts = action == Action::Enter && self.cursor.at == 0;
        if !starts && self.cursor.act(action, entries.len(), turn) {
            return;
        }
        let at = entries[self.cursor.at.min(entries.len() - 1)];
        match (action, at) {
            (Action::Choose(i), _) if i < entries.len() => {
                self.cursor.at = i;
                self.open(entries[i], turn);
            }
            (Action::Left | Action::Right | Action::Toggle, Entry::Rating(i)) => {
                let (rating, all) = (self.rating(i, turn.model), RATINGS.len() + 1);
                let step = if action == Action::Left { all - 1 } else { 1 };
                self.rate(i, (rating + step) % all, turn.model);
            }
            (Action::Digit(rating), Entry::Rating(i)) => {
                self.rate(i, usize::from(rating), turn.model);
                let next = entries.get(self.cursor.at + 1);
                self.cursor.at += usize::from(matches!(next, Some(Entry::Rating(_))));
            }
            (Action::Enter, _) => self.open(at, turn),
            (Action::Back, _) => turn.pop(),
            (Action::Leave, _) => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool {
        let entries = self.entries(model);
        let at = entries.get(self.cursor.at);
        match action {
            Action::Enter => true,
            Action::Left | Action::Right | Action::Digit(_) => {
                matches!(at, Some(Entry::Rating(_)))
            }
            _ => Cursor::works(action, entries.len(), scrolls),
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("Before you start", Role::Title),
            ..Page::default()
        };
        if self.is_rating && width >= 60 {
            page.right = look.line("1 junior  2 mid  3 senior  4 staff  0 none", Role::Dim);
        }
        let mut writer = Writer {
            page: &mut page,
            look,
            width,
        };
        let entries = self.entries(model);
        if writer.has_two_columns() {
            let columns = (width / 2).min(WIDEST);
            writer.two_columns(
                columns,
                |left| self.rules_and_start(&entries, model, left),
                |right| table::draw(&self.topics(model), model, right),
            );
        } else {
            self.rules_and_start(&entries, model, &mut writer);
        }
        let (keys, word): (&[Action], _) = match entries.get(self.cursor.at) {
            Some(Entry::Rating(_)) => (&[Action::Right, Action::Left, Action::Enter], "next"),
            Some(Entry::Rate) => (&[Action::Enter], "rate"),
            Some(Entry::SetUp) => (&[Action::Enter], "set up"),
            _ => (&[Action::Enter], "start"),
        };
        page.words = vec![(Action::Enter, word)];
        page.footer = keys.iter().chain(&[Action::Back]).copied().collect();
        page
    }
}

impl BriefingScreen {
    /// Draws what is asked, the rules, and the entries.
    fn rules_and_start(&self, entries: &[Entry], model: &Model, writer: &mut Writer) {
        let (look, width) = (writer.look, writer.width);
        writer.words(&self.length(model), Role::Strong);
        writer.gap();
        for rule in self.rules(model) {
            writer.bullet(&rule);
        }
        writer.gap();
        for (i, entry) in entries.iter().enumerate() {
            let marked = i == self.cursor.at;
            let mut spans = vec![look.span(pointer(marked, look), Role::Key)];
            spans.extend(self.line(*entry, model, look, width));
            writer
                .page
                .choice(Line::from(spans), Action::Choose(i), marked, look);
        }
    }

    /// Returns the topics of the assessment. An adaptive one decides later how many questions it asks on each.
    fn topics(&self, model: &Model) -> Vec<Topic> {
        let adaptive = |chosen: u16| {
            let competencies = model.home.blueprint.competencies.iter().enumerate();
            let scored = competencies.filter(|(i, c)| c.is_scored() && chosen >> i & 1 == 1);
            let topic = |(competency, _)| Topic {
                competency,
                questions: 0,
                seconds: 0,
            };
            scored.map(topic).collect()
        };
        match &self.planned {
            Planned::Form(setup) | Planned::SetUp(setup) if setup.adaptive => {
                adaptive(setup.competencies)
            }
            Planned::Form(setup) | Planned::SetUp(setup) => topics_of(model, setup),
            Planned::Deepening(_) => adaptive(u16::MAX),
            Planned::Repetition(again) => again.topics.clone(),
        }
    }
}
