//! The shell around the pure parts. A [`Workspace`] holds decks, history and settings and answers questions about them;
//! [`Shell`] runs sessions over it and performs the effects of the interface; [`stage`] serves second windows.

mod adaptive;
mod agenda;
mod backlog;
mod backup;
mod bank;
mod begin;
mod browse;
mod compare;
mod copy;
mod deck_page;
mod deepen;
mod derive;
mod dispute;
mod due;
mod export;
mod folder;
mod growth;
mod home;
pub mod homework;
mod items;
mod manage;
mod meeting;
mod past;
mod people;
mod practice;
mod progress;
mod queue;
mod refused;
mod replay;
mod rescore;
pub mod room;
mod running;
mod scored;
mod settings_file;
pub mod stage;
mod start;
mod workspace;
mod zone;

pub use backlog::Unstored;
pub use backup::{BackupContents, BackupError, Unpacked};
pub use deepen::Deepening;
pub use dispute::Dispute;
pub use due::{UncountedDue, count_due};
pub use folder::{BadConfig, Folder, create_whole, replace_whole};
pub use refused::Refused;
pub use rescore::{CorrectionKind, Rescored, SlotCorrection};
pub use scored::{StoredResult, Summary};
pub use start::StartRequest;
pub use workspace::{OpenStore, Workspace};

use std::sync::Arc;

use crate::app::browse::SeenLine;
use crate::app::effect::{Effect, News, Started, StartedMeeting};
use crate::app::people::PeopleRequest;
use crate::app::room::RoomNews;
use crate::core::form::Item;
use crate::core::id::SessionId;
use crate::core::time::Day;
use crate::session::{Draw, Mode};
use crate::store::{NewSession, State};
use meeting::ActiveMeeting;
use running::Running;

/// Runs sessions over a workspace, and performs the effects of the interface.
pub struct Shell {
    pub workspace: Workspace,
    /// The running session, claimed by this process, with its unsaved events.
    running: Option<Running>,
    /// The running mentor session.
    meeting: Option<ActiveMeeting>,
    /// The homework that is taken.
    homework: Option<homework::PreparedHomework>,
    /// True once the person has been told that the history's file was replaced.
    is_loss_told: bool,
    /// The day of practice at the last effect.
    today: Day,
    /// The home screen still shows what was due on another day.
    is_home_stale: bool,
    /// Passes the messages of people who joined a mentor session to the interface.
    room_listener: Option<RoomListener>,
}

/// A callback for each message. It returns `false` when the receiver is gone.
type RoomListener = Arc<dyn Fn(RoomNews) -> bool + Send + Sync>;

impl Shell {
    pub fn new(workspace: Workspace) -> Self {
        let today = workspace.today();
        Self {
            workspace,
            running: None,
            meeting: None,
            homework: None,
            is_loss_told: false,
            today,
            is_home_stale: false,
            room_listener: None,
        }
    }

    /// Sets the function that is called with the messages of people who joined a mentor session.
    pub fn listen_to_room(&mut self, tell: impl Fn(RoomNews) -> bool + Send + Sync + 'static) {
        self.room_listener = Some(Arc::new(tell));
    }

    /// Performs one effect of the interface and returns the resulting messages.
    ///
    /// If the effect changes the home screen, the new home screen comes first.
    pub fn perform(&mut self, effect: Effect) -> Vec<News> {
        self.heed_day();
        let mut news = self.attempt(effect).unwrap_or_else(told);
        news.extend(self.notice_loss());
        news
    }

    /// Notices that another day has begun, or that the clock was changed, since the last effect.
    fn heed_day(&mut self) {
        let today = self.workspace.today();
        if std::mem::replace(&mut self.today, today) != today {
            // A store that cannot be written says so at the next answer.
            let _ = self.workspace.store.heed_clock(today);
            self.is_home_stale = true;
        }
    }

    fn attempt(&mut self, effect: Effect) -> Result<Vec<News>, Refused> {
        let workspace = &mut self.workspace;
        Ok(match effect {
            Effect::Start(setup) => begun(self.start(&StartRequest::from(&setup))?),
            Effect::Deepen(id) => begun(self.deepen(&Deepening::of(id))?),
            Effect::Practise { drill, minutes } => begun(self.practise(&drill, minutes, &[])?),
            Effect::Repeat { code, decks } => begun(self.repeat(&code, &decks)?),
            Effect::Meet(plan) => met(self.meet(&plan)?),
            Effect::Resume(id) => self.with_drafts(&id, |shell| shell.resume_any(&id))?,
            Effect::FinishOpen(id) => self.with_drafts(&id, |shell| Ok(shell.finish_any(&id)))?,
            Effect::Discard(id) => self.discard_listed(&id),
            Effect::Delete(id) => self.delete(&id)?,
            Effect::RenameSession(id, name) => self.rename(&id, &name)?,
            Effect::Restore(id) => self.restore(&id),
            Effect::Leave => self.leave(),
            Effect::CheckDay if std::mem::take(&mut self.is_home_stale) => {
                self.with_home(Vec::new())
            }
            Effect::CheckDay => Vec::new(),
            Effect::SaveAgain => self.save_again(),
            Effect::CheckHistory => Vec::new(),
            Effect::Rescue => self.news_of_rescue(),
            Effect::Score(session) => {
                let scored = self.score_running(*session);
                self.with_home(scored)
            }
            Effect::Save(events) => self.save_all(events),
            Effect::Draft { slot, text } => self.draft(slot, &text),
            Effect::DraftField {
                session,
                field,
                text,
            } => self.draft_field(&session, &field, &text),
            Effect::Draw(session) => drawn(self.draw(&session)),
            Effect::Ask {
                session,
                deck,
                question,
            } => {
                let draw = self.ask(&session, &deck, &question);
                drawn(Some(draw.ok_or(Refused::Changed)?))
            }
            Effect::SaveMeeting(events) => self.save_meeting(events),
            Effect::Show(stage) => self.show(&stage),
            Effect::OpenRoom(place) => vec![self.open_room(place)],
            Effect::CloseRoom => self.close_room(),
            Effect::ToRoom(update) => self.show_room(*update),
            // Only a program that joined a session has one to send messages to.
            Effect::ToMentor(_) => Vec::new(),
            Effect::LookUp { slot, item } => vec![self.look_up(slot, &item)],
            Effect::Amend(id, stamped) => self.amend(&id, stamped).map(|()| Vec::new())?,
            Effect::ListFacet(item) => vec![News::Facet(workspace.others(&item))],
            Effect::FindSeen(query) => vec![News::Found(Box::new(workspace.find_seen(&query)?))],
            Effect::ShowSeen(line) => self.show_seen(&line)?,
            Effect::Copy(request) => vec![workspace.copied(&request)?],
            Effect::ListHistory => vec![News::History(workspace.past()?)],
            Effect::Calibrate => vec![News::Calibrated(Box::new(workspace.calibration()?))],
            Effect::ListDecks => vec![News::Decks(workspace.deck_lines())],
            Effect::ShowDeck(deck) => {
                let page = workspace.deck_page(&deck).map(Box::new);
                page.map(News::Deck).into_iter().collect()
            }
            Effect::ShowItems(deck) => {
                let page = workspace.items_page(&deck)?.map(Box::new);
                page.map(News::Items).into_iter().collect()
            }
            Effect::Open(id) => self.open_result(&id)?,
            Effect::ShowPractice { minutes } => {
                vec![News::Practice(Box::new(workspace.agenda(minutes)?))]
            }
            Effect::ShowProgress => vec![News::Progress(Box::new(workspace.progress()?))],
            Effect::OfferExport(id) => vec![News::Export(workspace.export_offer(&id))],
            Effect::Export(request) => vec![News::Told(workspace.export(&request)?)],
            Effect::SaveSettings(settings) => {
                workspace.keep_settings(settings).map(|()| Vec::new())?
            }
            Effect::People(request) => self.people(*request)?,
            // The caller handles effects on the terminal.
            Effect::Suspend | Effect::Quit | Effect::ToClipboard { .. } => Vec::new(),
        })
    }

    /// Handles a request about people, and remembers those who joined the running session late.
    fn people(&mut self, request: PeopleRequest) -> Result<Vec<News>, Refused> {
        let news = self.workspace.people(request)?;
        self.know_latecomers(&news);
        Ok(news)
    }

    /// Resumes an assessment, practice or a mentor session.
    ///
    /// # Errors
    /// There is no such session, or it is open elsewhere.
    pub fn resume_any(&mut self, id: &SessionId) -> Result<Vec<News>, Refused> {
        Ok(match self.meeting_of(id) {
            Some((start, state)) => met(self.resume_meeting(start, state)?),
            None => begun(self.resume(id)?),
        })
    }

    /// Finishes a session that waits to be resumed, or says why it can't be finished.
    fn finish_any(&mut self, id: &SessionId) -> Vec<News> {
        let finished = match self.meeting_of(id) {
            Some((start, state)) => self.finish_meeting(start, state),
            None => self.finish_open(id),
        };
        self.with_home(finished.unwrap_or_else(told))
    }

    /// Opens the result of a session.
    fn open_result(&mut self, id: &SessionId) -> Result<Vec<News>, Refused> {
        self.with_drafts(id, |shell| {
            let opened = shell.workspace.open_result(id)?;
            Ok(vec![News::Opened(Box::new(opened))])
        })
    }

    /// Opens a question that was found for review.
    fn show_seen(&mut self, line: &SeenLine) -> Result<Vec<News>, Refused> {
        self.with_drafts(&line.session, |shell| {
            let shown = shell.workspace.show_seen(line)?;
            Ok(vec![News::SeenShown(Box::new(shown))])
        })
    }

    /// Leaves the running session, and reports events that could not be stored.
    fn leave(&mut self) -> Vec<News> {
        let lost = self.store_rest().err();
        self.running = None;
        self.meeting = None;
        let lost = lost.map(|lost| News::Told(lost.to_string()));
        self.with_home([News::Saved].into_iter().chain(lost).collect())
    }

    /// Looks up what is shown with the feedback on a question.
    fn look_up(&self, slot: usize, item: &Item) -> News {
        let running = self.running.as_ref().map(Running::id);
        News::LookedUp(Box::new(
            self.workspace.question_context(running, slot, item),
        ))
    }

    /// Prepends the current home screen to other messages.
    fn with_home(&self, mut news: Vec<News>) -> Vec<News> {
        news.insert(0, News::Home(Box::new(self.workspace.home())));
        news
    }

    /// Returns the start of a session if it is a mentor session.
    fn meeting_of(&self, id: &SessionId) -> Option<(NewSession, State)> {
        let stored = self.workspace.stored(id).ok()?;
        (stored.start.mode == Mode::Mentor).then_some((stored.start, stored.state))
    }
}

fn drawn(draw: Option<Draw>) -> Vec<News> {
    let draw = draw.map(Box::new);
    draw.map(News::Drawn).into_iter().collect()
}

fn begun(started: Started) -> Vec<News> {
    vec![News::Running(Box::new(started))]
}

fn met(met: StartedMeeting) -> Vec<News> {
    vec![News::Met(Box::new(met))]
}

fn told(refused: Refused) -> Vec<News> {
    vec![News::Told(refused.to_string())]
}
