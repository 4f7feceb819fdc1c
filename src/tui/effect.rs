//! What the app asks of the shell, and what it is told.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::theme;
use crate::core::blueprint::{Blueprint, Point};
use crate::core::id::{CompetencyId, PointId, SessionId};
use crate::core::question::Level;
use crate::core::text::Text;
use crate::core::time::{Day, Millis, Multiplier};
use crate::session::assessment::Assessment;
use crate::session::meeting::{self, Meeting, Plan, Stage};
use crate::session::{Draw, Mode, Session, Stamped};

/// What the shell must do, in order.
#[derive(Clone, Debug)]
pub enum Effect {
    Start(Setup),
    Resume(SessionId),
    FinishOpen(SessionId),
    Discard(SessionId),
    /// Make an event durable before the next frame.
    Save(Stamped),
    /// Keep what stands in a field, so that half-typed text survives as well.
    Draft {
        slot: usize,
        text: String,
    },
    /// Choose what comes after the last question of the running session, which is adaptive.
    Draw(Box<Session>),
    /// Score the running session, which has just been finished.
    Score(Box<Session>),
    /// The running session is left as it is; it can be resumed.
    Leave,
    /// Begin a mentor's session as it was prepared.
    Meet(Plan),
    /// Make an event of the mentor's session durable before the next frame.
    SaveMeeting(Stamped<meeting::Event>),
    /// Show this in the second windows.
    Show(Box<Stage>),
    ListHistory,
    ListDecks,
    Open(SessionId),
    /// Something was added to a session that is over: a note, points of a rubric.
    Amend(SessionId, Stamped),
    Export(SessionId),
    Keep(Settings),
    /// Give the terminal back until the process is continued.
    Suspend,
    Quit,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum News {
    Home(Box<Home>),
    Running(Box<Started>),
    Drawn(Box<Draw>),
    Opened(Box<Opened>),
    Met(Box<Met>),
    /// So many second windows show the stage.
    Windows(usize),
    /// What a second window shows; nothing while there is no session.
    Stage(Option<Box<Stage>>),
    History(Vec<Past>),
    Decks(Vec<DeckLine>),
    /// The events of the last action could not be stored; they are kept and tried again.
    Unsaved(String),
    Saved,
    Told(String),
}

/// What the home and set-up screens show.
#[derive(Clone, Debug, Default)]
pub struct Home {
    pub blueprint: Arc<Blueprint>,
    pub open: Option<OpenSession>,
    /// The day of the last finished assessment, and its score with the interval.
    pub last: Option<String>,
    pub sessions: usize,
    pub decks: usize,
    pub questions: usize,
    /// Per competency of the blueprint: what there is to ask.
    pub stock: Vec<Stock>,
    /// Decks with mistakes, and other things worth a line.
    pub notices: Vec<String>,
}

/// The questions of one competency, open ones apart.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stock {
    pub questions: usize,
    pub unseen: usize,
    pub written: usize,
    /// Fair time for all of `questions`, in seconds.
    pub seconds: u64,
}

#[derive(Clone, Debug)]
pub struct OpenSession {
    pub id: SessionId,
    pub mode: Mode,
    pub day: String,
    pub answered: usize,
    pub questions: usize,
    pub left: Option<Millis>,
}

/// What a person chose before starting.
#[derive(Clone, Debug)]
pub struct Setup {
    /// A bit per place in the blueprint.
    pub competencies: u16,
    pub size: usize,
    pub written: usize,
    pub time: TimeChoice,
    /// Each question is chosen by the answers before it; `size` is then the most there are.
    pub adaptive: bool,
    pub ratings: BTreeMap<CompetencyId, Level>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeChoice {
    /// The sum of the questions' fair times.
    Fair,
    Within(Millis),
    Untimed,
}

/// A session that has begun, or goes on.
#[derive(Clone, Debug)]
pub struct Started {
    pub id: SessionId,
    pub session: Session,
    /// What was typed into fields and not yet taken over as an answer.
    pub drafts: BTreeMap<usize, String>,
    pub notice: Option<String>,
}

/// A mentor's session that has begun, or goes on.
#[derive(Clone, Debug)]
pub struct Met {
    pub id: SessionId,
    pub meeting: Meeting,
    /// By seat.
    pub names: Vec<Text>,
    /// What the questions sample, to listen for.
    pub points: BTreeMap<PointId, Point>,
    /// The day on the person's calendar.
    pub today: Day,
    pub notice: Option<String>,
}

/// A finished session to look at.
#[derive(Clone, Debug)]
pub struct Opened {
    pub id: SessionId,
    pub session: Session,
    pub assessment: Assessment,
    pub points: BTreeMap<PointId, Point>,
}

/// A line of the history.
#[derive(Clone, Debug)]
pub struct Past {
    pub id: SessionId,
    pub day: String,
    pub questions: usize,
    pub answered: usize,
    pub spent: Millis,
    pub finished: bool,
    /// Score, low and high end of its 90 % interval; none where too little was answered.
    pub overall: Option<(f64, f64, f64)>,
    /// The same per competency of the blueprint.
    pub competencies: Vec<Option<(f64, f64, f64)>>,
}

/// A line of the list of decks.
#[derive(Clone, Debug)]
pub struct DeckLine {
    pub title: String,
    pub questions: usize,
    pub facets: (usize, usize),
    pub builtin: bool,
    /// Rendered diagnostics of the deck, each a line of text.
    pub problems: Vec<String>,
}

/// What a person may set once and for all; `config.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub theme: theme::Choice,
    /// Scales every time limit and warning, 1.0 to 10.0.
    pub time_multiplier: Multiplier,
    /// Ask how sure one is.
    pub confidence: bool,
    /// Changed keys: action name -> keys.
    pub keys: super::keymap::Patch,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: theme::Choice::default(),
            time_multiplier: Multiplier::ONE,
            confidence: true,
            keys: Default::default(),
        }
    }
}
