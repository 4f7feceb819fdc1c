//! The app: a stack of screens over one model. Pure: time and news come in, effects go out.

use std::collections::BTreeMap;

use ratatui::Frame;

use super::key::Input;
use super::meeting::RunningMeeting;
use super::page::{self, Look, Seen};
use super::running::Running;
use super::screen::{self, Screen};
use crate::app::agenda::Agenda;
use crate::app::effect::{Effect, Home, News, Opened};
use crate::app::key::{Code, Key};
use crate::app::keymap::{Action, Context, is_letter_of};
use crate::app::people::{People, Roster, Shown};
use crate::app::settings::{Settings, ThemeChoice};
use crate::core::id::SessionId;
use crate::core::time::Millis;
use crate::session::meeting::Stage;
use crate::session::{Event, Mode, Phase, TextField};

/// How long to wait before what could not be stored is tried again.
const SAVE_AGAIN: Millis = Millis::seconds(1);

/// What all screens share.
pub struct Model {
    pub home: Home,
    pub settings: Settings,
    pub running: Option<Running>,
    pub opened: Option<Box<Opened>>,
    /// What there is to practise, while its screen is open.
    pub agenda: Option<Box<Agenda>>,
    pub people: People,
    /// The text in fields that is no event yet.
    pub field_drafts: BTreeMap<(SessionId, TextField), String>,
    /// The mentor's session under way.
    pub meeting: Option<Box<RunningMeeting>>,
    /// What a second window shows; nothing while it waits for a session.
    pub stage: Option<Box<Stage>>,
    /// A sentence for the status line, until the next key.
    pub told: Option<String>,
    /// Why the last events are not stored yet.
    pub unsaved: Option<String>,
}

/// One step of a screen: the moment, what all share, and what comes of it.
pub struct Turn<'a> {
    pub now: Millis,
    pub model: &'a mut Model,
    pub seen: &'a Seen,
    /// The input came too soon to be meant for what is on the screen.
    pub is_hasty: bool,
    pub(super) effects: Vec<Effect>,
    moves: Vec<Move>,
    /// Something appeared on the screen that a key cannot have been meant for yet.
    has_appeared: bool,
}

enum Move {
    Push(Box<dyn Screen>),
    Pop,
    /// Back to the home screen, and from there to the one given.
    Root(Option<Box<dyn Screen>>),
}

impl Turn<'_> {
    pub fn effect(&mut self, effect: Effect) {
        if matches!(effect, Effect::Leave | Effect::Quit) {
            // Time that was charged is charged to whoever comes back, too. Without a session there is none.
            let _ = self.record(Event::Ticked);
        }
        self.effects.push(effect);
    }

    /// Notes that the screen shows something new: a key that arrives too soon was not meant for it.
    pub fn appeared(&mut self) {
        self.has_appeared = true;
    }

    /// Returns whether what is rated by this action is on the screen; tells the person otherwise.
    pub fn shows(&mut self, rated: Action) -> bool {
        let is_shown = self.seen.shows(rated);
        if !is_shown {
            self.tell("what this key rates was off the screen: look, then press it again");
        }
        is_shown
    }

    pub fn push(&mut self, screen: impl Screen + 'static) {
        self.moves.push(Move::Push(Box::new(screen)));
    }

    pub fn pop(&mut self) {
        self.moves.push(Move::Pop);
    }

    pub fn home(&mut self) {
        self.moves.push(Move::Root(None));
    }

    pub fn only(&mut self, screen: impl Screen + 'static) {
        self.moves.push(Move::Root(Some(Box::new(screen))));
    }

    pub fn tell(&mut self, words: impl Into<String>) {
        self.model.told = Some(words.into());
    }
}

pub struct App {
    pub model: Model,
    pub look: Look,
    /// Whether the terminal's background is dark, where it has said so.
    is_dark: Option<bool>,
    stack: Vec<Box<dyn Screen>>,
    /// When the top of the stack last changed.
    since: Millis,
    /// The input came so soon after that nobody can have read what is on the screen.
    is_hasty: bool,
    has_opened_dialog: bool,
}

/// What cannot be undone ignores input that arrives this soon after its screen opened.
const DELIBERATE: Millis = Millis(300);

impl App {
    pub fn new(settings: Settings, look: Look, home: Home) -> Self {
        let model = Model {
            home,
            settings,
            running: None,
            opened: None,
            agenda: None,
            people: People::default(),
            field_drafts: BTreeMap::new(),
            meeting: None,
            stage: None,
            told: None,
            unsaved: None,
        };
        let stack: Vec<Box<dyn Screen>> = vec![Box::new(screen::home::HomeScreen::default())];
        Self { model, look, is_dark: None, stack, since: Millis::ZERO, is_hasty: false, has_opened_dialog: false }
    }

    /// A second window: it shows the stage of the session in the first, and nothing else.
    pub fn window(settings: Settings, look: Look, home: Home) -> Self {
        Self {
            stack: vec![Box::new(screen::meeting::window::WindowScreen::default())],
            ..Self::new(settings, look, home)
        }
    }

    /// Opens the set-up screen over home, as `aethos assess` does.
    pub fn open_setup(&mut self) {
        self.stack.push(Box::new(screen::setup::SetupScreen::new(&self.model)));
    }

    /// Opens the roster over home, as `aethos mentor` does.
    pub fn open_roster(&mut self, roster: Roster) {
        self.model.people.show(Shown::Roster(roster));
        self.stack.push(Box::new(screen::people::roster::RosterScreen::default()));
    }

    /// Changes the look; a theme that follows the terminal keeps following it.
    pub fn set_look(&mut self, look: Look) {
        self.look = look;
        if let Some(dark) = self.is_dark {
            self.see_background(dark);
        }
    }

    /// Follows the terminal's background, unless the settings name a theme.
    pub fn see_background(&mut self, dark: bool) {
        self.is_dark = Some(dark);
        if self.model.settings.theme == ThemeChoice::Auto {
            self.look.theme = self.look.theme.on(dark);
        }
    }

    /// Returns whether a dialog has opened since the last call.
    pub fn has_opened_dialog(&mut self) -> bool {
        std::mem::take(&mut self.has_opened_dialog)
    }

    /// Does what a person asked for with an input that was read at the moment `arrived`.
    pub fn input(&mut self, now: Millis, arrived: Millis, input: Input, seen: &Seen) -> Vec<Effect> {
        self.model.told = None;
        self.is_hasty = self.since > Millis::ZERO && arrived.less(self.since) < DELIBERATE;
        self.turn(now, seen, |screen, look, turn| match input {
            Input::Key(key) => press(screen, look, key, turn),
            Input::Click { column, row } => match turn.seen.click(column, row) {
                Some(Action::Help) => turn.push(screen::help::HelpScreen::new(screen.context())),
                Some(action) => screen.act(action, turn),
                None => {}
            },
            Input::Drag { column, row } => {
                if let Some(Action::Choose(i)) = turn.seen.click(column, row) {
                    screen.act(Action::DragTo(i), turn);
                }
            }
            Input::Wheel { up } => screen.wheel(up, turn),
            Input::Paste(text) => screen.paste(&text, turn),
            Input::Resize => {}
        })
    }

    /// Time went by; `stopped` says that the process is known to have stood still.
    pub fn tick(&mut self, now: Millis, stopped: bool) -> Vec<Effect> {
        self.turn(now, &Seen::default(), |_, _, turn| {
            turn.tick(stopped);
            turn.tick_meeting(stopped);
            if turn.model.unsaved.is_some() {
                turn.effect(Effect::SaveAgain);
            }
        })
    }

    /// What the shell has to say.
    pub fn news(&mut self, now: Millis, news: News) -> Vec<Effect> {
        self.turn(now, &Seen::default(), |screen, _, turn| match news {
            News::Home(home) => turn.model.home = *home,
            News::FieldDrafts(id, drafts) => {
                let drafts = drafts.into_iter().map(|(field, text)| ((id.clone(), field), text));
                turn.model.field_drafts.extend(drafts);
            }
            News::Running(started) => {
                let drafts = started.drafts.clone();
                turn.model.told = started.notice.clone();
                turn.model.opened = None;
                turn.model.agenda = None;
                turn.model.running = Some(Running::new(*started, now));
                screen::question::begin(drafts, turn);
            }
            News::Drawn(draw) => turn.drawn(*draw),
            News::LookedUp(beside) => {
                if let Some(running) = &mut turn.model.running {
                    running.beside = *beside;
                }
            }
            News::Facet(others) => turn.push(screen::others::OthersScreen::new(others)),
            News::Opened(opened) => {
                turn.model.running = None;
                let mode = opened.session.mode;
                turn.model.opened = Some(opened);
                match mode {
                    Mode::Practise => turn.only(screen::summary::SummaryScreen::default()),
                    _ => turn.only(screen::result::ResultScreen::default()),
                }
            }
            News::Met(met) => {
                turn.model.told = met.notice.clone();
                turn.model.opened = None;
                turn.model.meeting = Some(Box::new(RunningMeeting::new(*met, now)));
                screen::meeting::begin(turn);
            }
            News::Windows(windows) => {
                if let Some(running) = &mut turn.model.meeting {
                    running.windows = windows;
                }
            }
            News::Stage(stage) => {
                let place = |stage: &Stage| (stage.question, std::mem::discriminant(&stage.scene));
                let moved = turn.model.stage.as_deref().map(place) != stage.as_deref().map(place);
                turn.model.stage = stage;
                if moved {
                    screen.act(Action::Next, turn);
                }
            }
            News::Unsaved(why) => turn.model.unsaved = Some(why),
            News::Saved => turn.model.unsaved = None,
            News::Lost { why, path } => turn.push(screen::dialog::Dialog::lost(&why, &path)),
            News::Told(words) => turn.tell(words),
            News::History(past) => turn.push(screen::history::HistoryScreen::new(past)),
            News::Calibrated(calibrated) => turn.push(screen::calibration::CalibrationScreen::new(*calibrated)),
            News::Practice(agenda) => {
                turn.model.agenda = Some(agenda);
                if screen.context() != Context::Agenda {
                    turn.push(screen::agenda::AgendaScreen::default());
                }
            }
            News::Progress(progress) => turn.push(screen::progress::ProgressScreen::new(progress)),
            News::People(shown) => turn.model.people.show(*shown),
            News::Decks(decks) => turn.push(screen::decks::DecksScreen::new(decks)),
        })
    }

    fn turn(&mut self, now: Millis, seen: &Seen, step: impl FnOnce(&mut dyn Screen, &Look, &mut Turn)) -> Vec<Effect> {
        let mut turn = Turn {
            now,
            model: &mut self.model,
            seen,
            is_hasty: self.is_hasty,
            effects: Vec::new(),
            moves: Vec::new(),
            has_appeared: false,
        };
        // The stack is never empty: home is never popped.
        let top = self.stack.last_mut().expect("home is at the bottom");
        step(top.as_mut(), &self.look, &mut turn);
        let Turn { effects, moves, has_appeared, .. } = turn;
        let has_moved = !moves.is_empty() || has_appeared;
        for step in moves {
            match step {
                Move::Push(screen) => self.stack.push(screen),
                Move::Pop if self.stack.len() > 1 => drop(self.stack.pop()),
                Move::Pop => {}
                Move::Root(screen) => {
                    // What waits may be another than before: home begins with its first line.
                    self.stack = vec![Box::new(screen::home::HomeScreen::default())];
                    self.stack.extend(screen);
                }
            }
        }
        if has_moved | self.expire() {
            self.since = now;
            self.has_opened_dialog |= self.stack.last().is_some_and(|top| top.context() == Context::Dialog);
        }
        effects
    }

    /// Opens the question that expiry asks over whatever is on the screen; `true` if it was not there yet.
    fn expire(&mut self) -> bool {
        let expired = self.model.running.as_ref().is_some_and(|r| r.session.phase() == Phase::Expired);
        let asking = self.stack.last().is_some_and(|s| s.context() == Context::Dialog && s.is_about_time());
        let opens = expired && !asking;
        if opens {
            self.stack.push(Box::new(screen::dialog::Dialog::time_is_up(&self.model)));
        }
        opens
    }

    /// The next moment at which something changes by itself; `None` sleeps until a key.
    pub fn next_wake(&self, now: Millis) -> Option<Millis> {
        let again = self.model.unsaved.as_ref().map(|_| now + SAVE_AGAIN);
        self.next_moment(now).into_iter().chain(again).min()
    }

    /// The next moment at which a session changes by itself.
    fn next_moment(&self, now: Millis) -> Option<Millis> {
        if let Some(running) = &self.model.meeting {
            return running.next_wake(now);
        }
        let running = self.model.running.as_ref()?;
        let left = running.remaining().filter(|left| *left > Millis::ZERO)?;
        // Just after the second turns, so that each second is drawn once.
        Some(now + Millis(left.0 % 1000 + 1))
    }

    pub fn view(&self, frame: &mut Frame) -> Seen {
        let top = self.stack.last().expect("home is at the bottom");
        let width = usize::from(page::column(frame.area())).max(1);
        let mut page = top.view(&self.model, &self.look, width);
        if let Some(why) = &self.model.unsaved {
            let words = format!("NOT SAVED: {why}");
            page.status = Some(self.look.line(words, super::theme::Role::Bad));
        } else if let Some(told) = &self.model.told {
            page.status = Some(self.look.line(told.clone(), super::theme::Role::Warn));
        }
        page::draw(frame, page, &self.look, top.context(), top.scroll())
    }
}

/// What a key does on this screen: it is typed into the field, chooses by its letter, or is looked up in the key map.
fn press(screen: &mut dyn Screen, look: &Look, key: Key, turn: &mut Turn) {
    let context = screen.context();
    if context == Context::Field {
        match look.keymap.action(Context::Field, key) {
            Some(action @ Action::LeaveField) => screen.act(action, turn),
            _ if key.typed().is_none() && look.keymap.action(Context::Anywhere, key) == Some(Action::Suspend) => {
                turn.effect(Effect::Suspend);
            }
            _ if key.ctrl && key.code == Code::Char('c') => screen.act(Action::Leave, turn),
            _ => screen.press(key, turn),
        }
        return;
    }
    let letter = key.typed().filter(|c| is_letter_of(*c, screen.letters(turn.model)));
    match letter.map(|c| Action::Choose(usize::from(c as u8 - b'a'))) {
        Some(choose) => screen.act(choose, turn),
        None => match look.keymap.action(context, key) {
            Some(Action::Suspend) => turn.effect(Effect::Suspend),
            Some(Action::Help) => turn.push(screen::help::HelpScreen::new(context)),
            Some(action) => screen.act(action, turn),
            // With Caps Lock a capital means its small letter, unless it means something of its own.
            None => {
                if let Some(capital) = key.typed().filter(char::is_ascii_uppercase) {
                    press(screen, look, Key::plain(Code::Char(capital.to_ascii_lowercase())), turn);
                }
            }
        },
    }
}
