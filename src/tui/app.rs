//! The app: a stack of screens over one model. It is pure: time and news come in, effects go out.

use std::collections::BTreeMap;

use ratatui::Frame;

use super::key::Input;
use super::meeting::RunningMeeting;
use super::page::{self, Look, Rendered};
use super::running::Running;
use super::screen::read_only::ReadOnlyScreen;
use super::screen::{self, Screen};
use crate::app::agenda::Agenda;
use crate::app::browse::Browse;
use crate::app::effect::{
    Effect, Home, News, OpenedResult, STANDARD, Setup, Started, StartedMeeting,
};
use crate::app::key::{Code, Key};
use crate::app::keymap::{Action, Context, is_letter_of};
use crate::app::people::{People, PeopleView, Roster};
use crate::app::settings::{Settings, ThemeChoice};
use crate::core::id::SessionId;
use crate::core::time::Millis;
use crate::session::meeting::{RoomFrame, Stage};
use crate::session::{Event, Mode, Phase, TextField};

/// The delay before storing unsaved events is retried.
const SAVE_AGAIN: Millis = Millis::seconds(1);

/// The state shared by all screens.
pub struct Model {
    pub home: Home,
    pub settings: Settings,
    pub running: Option<Running>,
    pub opened: Option<Box<OpenedResult>>,
    /// What there is to practise, while the practice screen is open.
    pub agenda: Option<Box<Agenda>>,
    pub people: People,
    /// The search among the questions that the person has seen.
    pub browse: Browse,
    /// The drafts in text fields that are not stored as events yet.
    pub field_drafts: BTreeMap<(SessionId, TextField), String>,
    /// The running mentor session.
    pub meeting: Option<Box<RunningMeeting>>,
    /// What a second window shows; `None` while it waits for a session.
    pub stage: Option<Box<Stage>>,
    /// What the session that this program joined shows; `None` without a connection.
    pub joined: Option<Box<RoomFrame>>,
    /// The number of questions that was last chosen for an assessment.
    pub size: usize,
    /// A message in the status line, shown until the next key.
    pub told: Option<String>,
    /// The reason why the last events are not stored yet.
    pub unsaved: Option<String>,
}

/// One step of a screen: the current time, the shared state, and the resulting effects.
pub struct Turn<'a> {
    pub now: Millis,
    pub model: &'a mut Model,
    pub seen: &'a Rendered,
    /// True if the input arrived too soon to be meant for the current screen.
    pub is_hasty: bool,
    pub(super) effects: Vec<Effect>,
    moves: Vec<StackChange>,
    /// True if something new appeared, so that keys pressed before are not meant for it.
    has_appeared: bool,
    /// True if the input was refused as too early.
    is_refused: bool,
}

enum StackChange {
    Push(Box<dyn Screen>),
    Pop,
    /// Returns to the home screen, with practice marked.
    HomeAtPractice,
    /// Returns to the home screen and opens the given screen from there.
    Root(Option<Box<dyn Screen>>),
}

impl Turn<'_> {
    /// Refuses an input that arrived too early to be meant for this screen. The next one may also be too early.
    pub fn refuse(&mut self) {
        self.is_refused = true;
        self.tell("that key came too early to be meant for this: press it again");
    }

    pub fn effect(&mut self, effect: Effect) {
        if matches!(effect, Effect::Leave | Effect::Quit) {
            // A resumed session keeps the elapsed time. Without a session there is none to record.
            let _ = self.record(Event::Ticked);
        }
        self.effects.push(effect);
    }

    /// Charges the elapsed time to the running session; `stopped` is true if the process is known to have been stopped.
    fn charge(&mut self, stopped: bool) {
        self.tick(stopped);
        self.tick_meeting(stopped);
    }

    /// Records that the screen shows something new, so that a key that arrives too soon is ignored.
    pub fn appeared(&mut self) {
        self.has_appeared = true;
    }

    /// Returns true if the question that this action rates is on the screen; otherwise tells the person.
    pub fn shows(&mut self, rated: Action) -> bool {
        let is_shown = self.seen.shows(rated);
        if !is_shown {
            self.tell("what this key rates was off the screen: look, then press it again");
        }
        is_shown
    }

    pub fn push(&mut self, screen: impl Screen + 'static) {
        self.moves.push(StackChange::Push(Box::new(screen)));
    }

    pub fn pop(&mut self) {
        self.moves.push(StackChange::Pop);
    }

    pub fn home(&mut self) {
        self.moves.push(StackChange::Root(None));
    }

    /// Returns to the home screen with practice marked, so that Enter pressed once too often starts no assessment.
    pub fn home_at_practice(&mut self) {
        self.moves.push(StackChange::HomeAtPractice);
    }

    pub fn only(&mut self, screen: impl Screen + 'static) {
        self.moves.push(StackChange::Root(Some(Box::new(screen))));
    }

    /// Requests the question that is marked in the search, unless it is open already.
    pub fn show_seen(&mut self) {
        let browse = &self.model.browse;
        if let (Some(line), None) = (browse.line(), browse.shown()) {
            self.effects.push(Effect::ShowSeen(Box::new(line.clone())));
        }
    }

    /// Starts the clock of a session that was started or resumed, and shows its question.
    pub fn begin(&mut self, started: Started) {
        let drafts = started.drafts.clone();
        self.model.told = started.notice.clone();
        self.model.opened = None;
        self.model.agenda = None;
        self.model.running = Some(Running::new(started, self.now));
        screen::question::begin(drafts, self);
    }

    /// Starts the clock of a mentor session that was started or resumed, and shows it.
    fn begin_meeting(&mut self, met: StartedMeeting) {
        self.model.told = met.notice.clone();
        self.model.opened = None;
        self.model.meeting = Some(Box::new(RunningMeeting::new(met, self.now)));
        screen::meeting::begin(self);
    }

    /// Asks before homework starts the clock; other sessions begin at once.
    fn open_session(&mut self, started: Started) {
        match &started.notice {
            Some(briefing) if started.session.mode == Mode::Homework => {
                let briefing = briefing.clone();
                self.push(screen::dialog::Dialog::before_homework(briefing, started));
            }
            _ => self.begin(started),
        }
    }

    /// Shows the result of a finished session, and nothing below it but the home screen.
    fn show_result(&mut self, opened: Box<OpenedResult>) {
        let mode = opened.session.mode;
        self.model.running = None;
        self.model.opened = Some(opened);
        match mode {
            Mode::Practise => self.only(screen::summary::SummaryScreen::default()),
            _ => self.only(screen::result::ResultScreen::default()),
        }
    }

    /// Keeps the data of the home screen, and requests those of the practice screen again if it is open.
    fn take_home(&mut self, home: Home, shown: Context) {
        self.model.home = home;
        if let (Context::Agenda, Some(agenda)) = (shown, &self.model.agenda) {
            let minutes = agenda.minutes;
            self.effect(Effect::ShowPractice { minutes });
        }
    }

    /// Keeps what a second window shows; returns true if it is another question or scene than before.
    fn take_stage(&mut self, stage: Option<Box<Stage>>) -> bool {
        let place = |stage: &Stage| (stage.question, std::mem::discriminant(&stage.scene));
        let before = self.model.stage.as_deref().map(place);
        let moved = before != stage.as_deref().map(place);
        self.model.stage = stage;
        moved
    }

    pub fn tell(&mut self, words: impl Into<String>) {
        self.model.told = Some(words.into());
    }

    /// Tells the person something if there is something to tell.
    pub fn tell_if(&mut self, words: Option<String>) {
        if let Some(words) = words {
            self.tell(words);
        }
    }
}

pub struct App {
    pub model: Model,
    pub look: Look,
    /// True if the terminal reported a dark background; `None` without a report.
    is_dark: Option<bool>,
    stack: Vec<Box<dyn Screen>>,
    /// The time at which the top of the stack last changed.
    since: Millis,
    /// How long after that time irreversible actions ignore input.
    deliberate: Millis,
    /// True if the input arrived before a person could have read the screen.
    is_hasty: bool,
    /// The time at which the next day begins, so that the home screen and the practice screen count anew.
    day_ends: Option<Millis>,
    has_opened_dialog: bool,
    /// True if the last input was the Esc key and opened the dialog that is shown.
    has_escape_opened_dialog: bool,
}

/// Returns the time just after the end of the day of this home screen; `None` if it is unknown.
fn day_end(now: Millis, home: &Home) -> Option<Millis> {
    let is_known = home.until_tomorrow > Millis::ZERO;
    is_known.then(|| now + home.until_tomorrow + Millis::seconds(1))
}

/// How long after a screen opens irreversible actions ignore input.
const DELIBERATE: Millis = Millis(300);

/// The same for a dialog that opens by itself, while the person may be typing an answer.
const DELIBERATE_UNASKED: Millis = Millis(1000);

impl App {
    pub fn new(settings: Settings, look: Look, home: Home) -> Self {
        let day_ends = day_end(Millis::ZERO, &home);
        let model = Model {
            home,
            settings,
            running: None,
            opened: None,
            agenda: None,
            people: People::default(),
            browse: Browse::default(),
            field_drafts: BTreeMap::new(),
            meeting: None,
            stage: None,
            joined: None,
            size: STANDARD,
            told: None,
            unsaved: None,
        };
        let stack: Vec<Box<dyn Screen>> = vec![Box::new(screen::home::HomeScreen::default())];
        Self {
            model,
            look,
            is_dark: None,
            stack,
            since: Millis::ZERO,
            deliberate: DELIBERATE,
            is_hasty: false,
            day_ends,
            has_opened_dialog: false,
            has_escape_opened_dialog: false,
        }
    }

    /// Creates a second window, which only shows the stage of the session in the first one.
    pub fn window(settings: Settings, look: Look, home: Home) -> Self {
        Self {
            stack: vec![Box::new(screen::meeting::window::WindowScreen::default())],
            ..Self::new(settings, look, home)
        }
    }

    /// Creates the program of a participant who joins a session from elsewhere.
    pub fn joined(settings: Settings, look: Look, home: Home) -> Self {
        Self {
            stack: vec![Box::new(screen::joined::JoinedScreen::default())],
            ..Self::new(settings, look, home)
        }
    }

    /// Opens the set-up screen above the home screen, as `aethos assess` does.
    pub fn open_setup(&mut self) {
        let setup = Setup {
            size: STANDARD,
            ..screen::home::usual(&self.model, STANDARD)
        };
        let screen = screen::setup::SetupScreen::new(setup, &self.model);
        self.stack.push(Box::new(screen));
    }

    /// Opens the roster above the home screen, as `aethos mentor` does.
    pub fn open_roster(&mut self, roster: Roster) {
        self.model.people.show(PeopleView::Roster(roster));
        self.stack
            .push(Box::new(screen::people::roster::RosterScreen::default()));
    }

    /// Changes the look; with theme `auto`, the background of the terminal is still followed.
    pub fn set_look(&mut self, look: Look) {
        self.look = look;
        if let Some(dark) = self.is_dark {
            self.see_background(dark);
        }
    }

    /// Adapts the theme to the terminal's background, unless the settings name a theme.
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

    /// Handles an input that was read at the time `arrived`.
    pub fn input(
        &mut self,
        now: Millis,
        arrived: Millis,
        input: Input,
        seen: &Rendered,
    ) -> Vec<Effect> {
        self.model.told = None;
        // A key that is held down leaves no pause in which time would be charged.
        let mut effects = self.turn(now, &Rendered::default(), |_, _, turn| turn.charge(false));
        self.is_hasty =
            self.since > Millis::ZERO && arrived.saturating_sub(self.since) < self.deliberate;
        let is_escape = input == Input::Key(Key::plain(Code::Esc));
        let opened_by_escape = std::mem::take(&mut self.has_escape_opened_dialog);
        let depth = self.stack.len();
        effects.extend(self.turn(now, seen, |screen, look, turn| match input {
            Input::Key(key) => press(screen, look, key, turn),
            Input::Click { column, row } => match turn.seen.click(column, row) {
                Some(Action::Help) => show_help(screen, look, turn),
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
            Input::EscapeWithdrawn if opened_by_escape => turn.pop(),
            Input::EscapeWithdrawn => {}
        }));
        self.has_escape_opened_dialog =
            is_escape && self.stack.len() > depth && self.has_opened_dialog;
        effects
    }

    /// Updates the clock; `stopped` is true if the process is known to have been stopped.
    pub fn tick(&mut self, now: Millis, stopped: bool) -> Vec<Effect> {
        self.turn(now, &Rendered::default(), |_, _, turn| {
            turn.charge(stopped);
            if turn.model.unsaved.is_some() {
                turn.effect(Effect::SaveAgain);
            }
        })
    }

    /// Handles a message from the shell.
    pub fn news(&mut self, now: Millis, news: News) -> Vec<Effect> {
        if let News::Home(home) = &news {
            self.day_ends = day_end(now, home);
        }
        self.turn(now, &Rendered::default(), |screen, _, turn| match news {
            News::Home(home) => turn.take_home(*home, screen.context()),
            News::FieldDrafts(id, drafts) => turn.restore_field_drafts(&id, drafts),
            News::Running(started) => turn.open_session(*started),
            News::Drawn(draw) => turn.drawn(*draw),
            News::LookedUp(beside) => {
                if let Some(running) = &mut turn.model.running {
                    running.beside = *beside;
                }
            }
            News::Facet(others) => {
                let screen = screen::others::OthersScreen::new(others, turn.model);
                turn.push(screen);
            }
            News::Opened(opened) => turn.show_result(opened),
            News::HandedIn(words) => {
                turn.model.running = None;
                turn.only(screen::handed_in::HandedInScreen::new(words));
            }
            News::Met(met) => turn.begin_meeting(*met),
            News::Latecomer {
                person,
                name,
                is_new,
            } => turn.seat_latecomer(person, name, is_new),
            News::Windows(windows) => {
                if let Some(running) = &mut turn.model.meeting {
                    running.windows = windows;
                }
            }
            News::Stage(stage) => {
                if turn.take_stage(stage) {
                    screen.act(Action::Next, turn);
                }
            }
            News::RoomOpened { path, place } => turn.room_opened(path, place),
            News::Room(news) => turn.room_news(news),
            News::Joined(frame) => {
                turn.model.joined = frame;
                screen.act(Action::Next, turn);
            }
            News::Unsaved(why) => turn.model.unsaved = Some(why),
            News::Saved => turn.model.unsaved = None,
            News::Lost { why, path } => turn.push(screen::dialog::Dialog::lost(&why, &path)),
            News::Export(offer) => turn.push(screen::export::ExportScreen::new(offer)),
            News::Copied { text, what } => turn.effect(Effect::ToClipboard { text, what }),
            News::Told(words) => turn.tell(words),
            News::History(past) => turn.push(screen::history::HistoryScreen::new(past)),
            News::Found(found) => {
                turn.model.browse.take(*found);
                turn.show_seen();
            }
            News::SeenShown(shown) => turn.model.browse.show(*shown),
            News::Calibrated(calibrated) => turn.push(ReadOnlyScreen::new(*calibrated)),
            News::Practice(agenda) => {
                turn.model.agenda = Some(agenda);
                if screen.context() != Context::Agenda {
                    turn.push(screen::agenda::AgendaScreen::default());
                }
            }
            News::Progress(progress) => turn.push(ReadOnlyScreen::new(progress)),
            News::People(shown) => turn.model.people.show(*shown),
            News::Items(items) => turn.push(screen::items::ItemsScreen::new(*items)),
            News::Deck(deck) => turn.push(ReadOnlyScreen::new(deck)),
            News::Decks(decks) => turn.push(screen::decks::DecksScreen::new(decks)),
        })
    }

    fn turn(
        &mut self,
        now: Millis,
        seen: &Rendered,
        step: impl FnOnce(&mut dyn Screen, &Look, &mut Turn),
    ) -> Vec<Effect> {
        let mut turn = Turn {
            now,
            model: &mut self.model,
            seen,
            is_hasty: self.is_hasty,
            effects: Vec::new(),
            moves: Vec::new(),
            has_appeared: false,
            is_refused: false,
        };
        // The stack is never empty, because the home screen is never popped.
        let top = self.stack.last_mut().expect("home is at the bottom");
        step(top.as_mut(), &self.look, &mut turn);
        let Turn {
            effects,
            moves,
            has_appeared,
            is_refused,
            ..
        } = turn;
        let has_moved = !moves.is_empty() || has_appeared;
        for step in moves {
            match step {
                StackChange::Push(screen) => self.stack.push(screen),
                StackChange::Pop if self.stack.len() > 1 => drop(self.stack.pop()),
                StackChange::Pop => {}
                StackChange::HomeAtPractice => {
                    let home = screen::home::HomeScreen::at_practice(&self.model);
                    self.stack = vec![Box::new(home)];
                }
                StackChange::Root(screen) => {
                    // The home screen may list other entries now, so its cursor starts at the first line.
                    self.stack = vec![Box::new(screen::home::HomeScreen::default())];
                    self.stack.extend(screen);
                }
            }
        }
        let has_expired = self.expire();
        if has_moved || has_expired {
            self.since = now;
            self.deliberate = match has_expired {
                true => DELIBERATE_UNASKED,
                false => DELIBERATE,
            };
            self.has_opened_dialog |= self
                .stack
                .last()
                .is_some_and(|top| top.context() == Context::Dialog);
        } else if is_refused {
            // Typing that goes on is not meant for the screen either: the person must pause first.
            self.since = now;
        }
        effects
    }

    /// Opens the time-is-up dialog above the current screen; returns `true` if it was not open yet.
    fn expire(&mut self) -> bool {
        let expired = self
            .model
            .running
            .as_ref()
            .is_some_and(|r| r.session().phase() == Phase::Expired);
        // Its help may be above it.
        let asking = self.stack.iter().any(|screen| screen.is_about_time());
        let opens = expired && !asking;
        if opens {
            self.stack
                .push(Box::new(screen::dialog::Dialog::time_is_up(&self.model)));
        }
        opens
    }

    /// Returns the next time at which something changes without input; `None` means to wait for a key.
    pub fn next_wake(&self, now: Millis) -> Option<Millis> {
        let again = self.model.unsaved.as_ref().map(|_| now + SAVE_AGAIN);
        let tomorrow = self.day_ends.filter(|ends| *ends > now);
        let wakes = self.next_moment(now).into_iter().chain(again);
        wakes.chain(tomorrow).min()
    }

    /// Returns the next time at which a session changes without input.
    fn next_moment(&self, now: Millis) -> Option<Millis> {
        if let Some(running) = &self.model.meeting {
            return running.next_wake(now);
        }
        let running = self.model.running.as_ref()?;
        let left = running.remaining().filter(|left| *left > Millis::ZERO)?;
        // Wake up just after a second ends, so that each second is drawn once.
        Some(now + Millis(left.0 % 1000 + 1))
    }

    pub fn view(&mut self, frame: &mut Frame) -> Rendered {
        self.look.height = frame.area().height;
        let top = self.stack.last().expect("home is at the bottom");
        let is_pair = top.is_pair(&self.model) || top.has_long_lines();
        let width = usize::from(page::column(frame.area(), is_pair)).max(1);
        let mut page = top.view(&self.model, &self.look, width);
        page.is_pair = is_pair;
        page.footer
            .retain(|action| top.works(*action, &self.model, true));
        if let Some(why) = &self.model.unsaved {
            let words = format!("NOT SAVED: {why}");
            page.status = Some(self.look.line(words, super::theme::Role::Bad));
        } else if let Some(told) = &self.model.told {
            page.status = Some(self.look.line(told.clone(), super::theme::Role::Warn));
        }
        page::draw(frame, page, &self.look, top.context(), top.scroll())
    }
}

/// Opens the help of a screen. In the help, the same key closes it.
fn show_help(screen: &dyn Screen, look: &Look, turn: &mut Turn) {
    if screen.is_help() {
        return turn.pop();
    }
    let scrolls = turn.seen.last_offset > 0;
    let help = screen::help::HelpScreen::new(screen, turn.model, look, scrolls);
    turn.push(help);
}

fn switch_mouse(turn: &mut Turn) {
    let settings = &mut turn.model.settings;
    settings.mouse = !settings.mouse;
    let words = match settings.mouse {
        true => "the mouse works here again",
        false => "the mouse selects text now; the same key takes it back",
    };
    let settings = settings.clone();
    turn.effect(Effect::SaveSettings(settings));
    turn.tell(words);
}

/// Handles a key: it is typed into the field, selects by letter, or is looked up in the key map.
fn press(screen: &mut dyn Screen, look: &Look, key: Key, turn: &mut Turn) {
    let context = screen.context();
    if context == Context::Field {
        match look.keymap.action(Context::Field, key) {
            Some(action @ Action::LeaveField) => screen.act(action, turn),
            _ if key.typed().is_none()
                && look.keymap.action(Context::Anywhere, key) == Some(Action::Suspend) =>
            {
                turn.effect(Effect::Suspend);
            }
            _ if key.ctrl && key.code == Code::Char('c') => screen.act(Action::Leave, turn),
            _ => screen.press(key, turn),
        }
        return;
    }
    let letter = key
        .typed()
        .filter(|c| is_letter_of(*c, screen.letters(turn.model)));
    match letter.map(|c| Action::Choose(usize::from(c as u8 - b'a'))) {
        Some(choose) => screen.act(choose, turn),
        None => match look.keymap.action(context, key) {
            Some(Action::Suspend) => turn.effect(Effect::Suspend),
            Some(Action::Help) => show_help(screen, look, turn),
            Some(Action::Mouse) => switch_mouse(turn),
            Some(action) => screen.act(action, turn),
            // With Caps Lock, a capital letter means its small letter, unless it has a meaning of its own.
            None => {
                if let Some(capital) = key.typed().filter(char::is_ascii_uppercase) {
                    press(
                        screen,
                        look,
                        Key::plain(Code::Char(capital.to_ascii_lowercase())),
                        turn,
                    );
                }
            }
        },
    }
}
