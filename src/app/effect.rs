//! What the screens ask for ([`Effect`]), and what they are told ([`News`]).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::agenda::{Agenda, PracticeLine, Progress};
use super::people::{Shown, Wish};
use super::settings::Settings;
use crate::core::blueprint::{Blueprint, Point};
use crate::core::form::Item;
use crate::core::id::{CompetencyId, DeckId, PointId, QuestionId, SessionId};
use crate::core::measure::Calibration;
use crate::core::practice::Drill;
use crate::core::question::Level;
use crate::core::text::Text;
use crate::core::time::{Day, Millis};
use crate::session::assessment::{Assessment, FormerScores};
use crate::session::meeting::{self, Meeting, MeetingPlan, Stage};
use crate::session::{Comparison, Draw, Mode, Session, Stamped, TextField};

/// Questions of an assessment: quick, standard and deep.
pub const QUICK: usize = 24;
pub const STANDARD: usize = 40;
pub const DEEP: usize = 80;

/// What the shell must do, in order.
#[derive(Clone, Debug)]
pub enum Effect {
    Start(Setup),
    /// Ask more where this assessment leaves more than one level plausible.
    Deepen(SessionId),
    /// Practise for so many minutes.
    Practise {
        drill: Drill,
        minutes: u32,
    },
    /// The assessment of this form code once more, made from these decks.
    Repeat {
        code: String,
        decks: Vec<DeckId>,
    },
    Resume(SessionId),
    FinishOpen(SessionId),
    Discard(SessionId),
    /// Make a discarded session wait again.
    Restore(SessionId),
    /// Make an event durable before the next frame.
    Save(Stamped),
    /// Keep what stands in a field, so that half-typed text survives as well.
    Draft {
        slot: usize,
        text: String,
    },
    /// Keep the text in a field that becomes an event only when the field is left.
    DraftField {
        session: SessionId,
        field: TextField,
        text: String,
    },
    /// Choose what comes after the last question of the running session, which grows.
    Draw(Box<Session>),
    /// Ask this question next in the running session, which is practice.
    Ask {
        session: Box<Session>,
        deck: DeckId,
        question: QuestionId,
    },
    /// Find what belongs beside the feedback on this question of the running session.
    LookUp {
        slot: usize,
        item: Box<Item>,
    },
    /// List the questions of this one's facet.
    ListFacet(Box<Item>),
    /// Score the running session, which has just been finished.
    Score(Box<Session>),
    /// What there is to practise in so many minutes.
    ShowPractice {
        minutes: u32,
    },
    ShowProgress,
    /// The running session is left as it is; it can be resumed.
    Leave,
    /// Try again to store what waits.
    SaveAgain,
    /// Look whether the history's file is still the one that was opened.
    CheckHistory,
    /// Save what the lost history held to a new file beside it, and go on there.
    Rescue,
    /// Begin a mentor's session as it was prepared.
    Meet(MeetingPlan),
    /// Make an event of the mentor's session durable before the next frame.
    SaveMeeting(Stamped<meeting::Event>),
    /// Show this in the second windows.
    Show(Box<Stage>),
    ListHistory,
    /// Hold what was said of all answers against what came of them.
    Calibrate,
    ListDecks,
    Open(SessionId),
    /// Something was added to a session that is over: a note, points of a rubric.
    Amend(SessionId, Stamped),
    Export(SessionId),
    Keep(Settings),
    /// Look after the people whom the user mentors.
    People(Box<Wish>),
    /// Give the terminal back until the process is continued.
    Suspend,
    Quit,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum News {
    Home(Box<Home>),
    /// The texts that were being typed into fields of a session.
    FieldDrafts(SessionId, BTreeMap<TextField, String>),
    Running(Box<Started>),
    Drawn(Box<Draw>),
    LookedUp(Box<Beside>),
    Facet(Vec<Other>),
    Opened(Box<Opened>),
    Met(Box<Met>),
    /// So many second windows show the stage.
    Windows(usize),
    /// What a second window shows; nothing while there is no session.
    Stage(Option<Box<Stage>>),
    History(Vec<Past>),
    Calibrated(Box<Calibrated>),
    Decks(Vec<DeckLine>),
    Practice(Box<Agenda>),
    Progress(Box<Progress>),
    People(Box<Shown>),
    /// The events of the last action could not be stored; they are kept and tried again.
    Unsaved(String),
    Saved,
    /// The history's file was replaced, moved or deleted; all of it can be saved to the file at `path`.
    Lost {
        why: String,
        path: String,
    },
    Told(String),
}

/// What the home and set-up screens show.
#[derive(Clone, Debug, Default)]
pub struct Home {
    pub blueprint: Arc<Blueprint>,
    /// The newest sessions that can be resumed, in order.
    pub open: Vec<OpenSession>,
    /// How many more can be resumed; the history lists them.
    pub more_open: usize,
    /// The day of the last finished assessment, and its score with the interval.
    pub last: Option<String>,
    pub sessions: usize,
    pub decks: usize,
    pub questions: usize,
    /// Per competency of the blueprint: what there is to ask.
    pub stock: Vec<Stock>,
    /// What the line of practice says; none where it cannot be read.
    pub practice: Option<PracticeLine>,
    /// Whom the user mentors.
    pub people: usize,
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

/// What belongs beside the feedback on a question and is not in the session.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The question's place in the session.
    pub slot: usize,
    /// The knowledge points that it is about.
    pub points: BTreeMap<PointId, Point>,
    /// What the person noted on it in earlier sessions, the newest first.
    pub notes: Vec<Remark>,
    /// When it comes back by the grade that it has now, such as `in 3 days`.
    pub returns: Option<String>,
    /// Practice leaves it out, because the person suspended or disputed it.
    pub suspended: bool,
}

/// A note of an earlier session.
#[derive(Clone, Debug)]
pub struct Remark {
    pub day: String,
    pub text: Text,
}

/// A question of a facet, to be chosen from.
#[derive(Clone, Debug)]
pub struct Other {
    pub deck: DeckId,
    pub question: QuestionId,
    pub level: Level,
    pub lead_in: Text,
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
    pub mode: Mode,
    pub day: String,
    /// When it began and was finished, in ISO 8601.
    pub started_at: String,
    pub finished_at: Option<String>,
    pub questions: usize,
    pub answered: usize,
    pub spent: Millis,
    pub state: PastState,
    /// Score, low and high end of its 90 % interval; none where too little was answered.
    pub overall: Option<(f64, f64, f64)>,
    /// The same per competency of the blueprint.
    pub competencies: Vec<Option<(f64, f64, f64)>>,
    /// The assessments that it deepens.
    pub continues: Vec<SessionId>,
    /// How it compares with the assessment before it.
    pub before: Before,
    /// What earlier versions of the scoring gave.
    pub former: Vec<FormerScores>,
}

impl Past {
    /// Returns whether this is an assessment that has been finished, so that it can have a score.
    pub fn is_scored(&self) -> bool {
        self.mode == Mode::Assess && matches!(self.state, PastState::Finished)
    }
}

/// Returns what is said of a session of this mode.
pub fn session(mode: Mode) -> &'static str {
    match mode {
        Mode::Assess => "assessment",
        Mode::Practise => "practice",
        Mode::Mentor => "mentor session",
    }
}

/// Returns what is said of the questions that a session of this mode has dealt with.
pub fn done(mode: Mode) -> &'static str {
    match mode {
        Mode::Assess => "answered",
        Mode::Practise => "done",
        Mode::Mentor => "talked about",
    }
}

/// The state of a session in the history.
#[derive(Clone, Debug)]
pub enum PastState {
    /// It can be resumed.
    Waiting(OpenSession),
    Finished,
    /// It was discarded, and can be restored until this day.
    Discarded {
        until: String,
    },
}

/// An assessment beside the one before it.
#[derive(Clone, Debug, Default)]
pub enum Before {
    /// There is none before it, or it was not finished, or they have nothing in common.
    #[default]
    Nothing,
    /// The decks have changed in between: only the result itself can compare the two.
    OtherBank,
    Compared(Comparison),
}

/// What a person said of all their answers beside what came of them.
#[derive(Clone, Debug)]
pub struct Calibrated {
    /// Finished assessments in which anything was said.
    pub sessions: usize,
    /// `None` where nothing was ever said.
    pub calibration: Option<Calibration>,
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
