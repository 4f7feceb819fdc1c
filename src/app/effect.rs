//! The requests of the screens ([`Effect`]) and the replies of the shell ([`News`]).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::agenda::{Agenda, PracticeLine, Progress};
use super::browse::{FoundQuestions, SeenLine, SeenQuery, SeenQuestion};
use super::export::{ExportOffer, ExportRequest};
use super::items::ItemsPage;
use super::people::{PeopleRequest, PeopleView};
use super::room::{RoomNews, RoomUpdate};
use super::settings::Settings;
use crate::core::blueprint::{Blueprint, Point};
use crate::core::form::Item;
use crate::core::id::{CompetencyId, DeckId, PersonId, PointId, QuestionId, SessionId};
use crate::core::measure::Calibration;
use crate::core::practice::Drill;
use crate::core::question::Level;
use crate::core::text::Text;
use crate::core::time::{Day, Millis};
use crate::session::assessment::{Assessment, FormerScores};
use crate::session::meeting::{
    self, Meeting, MeetingPlan, RoomFrame, RoomMessage, RoomPlace, Stage,
};
use crate::session::{Comparison, Draw, Mode, Session, Stamped, TextField};

/// The number of questions in quick, standard and deep assessments.
pub const QUICK: usize = 24;
pub const STANDARD: usize = 40;
pub const DEEP: usize = 80;
/// The default for the maximum number of questions in a deepening.
pub const DEEPENING: usize = 16;

/// A request that the shell must carry out, in order.
#[derive(Clone, Debug)]
pub enum Effect {
    Start(Setup),
    /// Asks more questions where this assessment leaves more than one level plausible.
    Deepen(SessionId),
    /// Starts practice for this many minutes.
    Practise {
        drill: Drill,
        minutes: u32,
    },
    /// Repeats the assessment with this form code, drawn from these decks.
    Repeat {
        code: String,
        decks: Vec<DeckId>,
    },
    Resume(SessionId),
    FinishOpen(SessionId),
    Discard(SessionId),
    /// Deletes a session from the history; it can be restored for 30 days.
    Delete(SessionId),
    /// Names a session; an empty name removes the earlier one.
    RenameSession(SessionId, String),
    /// Restores a discarded session so that it can be resumed.
    Restore(SessionId),
    /// Checks whether a new day has begun, which changes the due questions.
    CheckDay,
    /// Makes events durable before the next frame: all of them or none.
    Save(Vec<Stamped>),
    /// Saves the text of a field, so that half-typed text is not lost.
    Draft {
        slot: usize,
        text: String,
    },
    /// Saves the text of a field whose event is stored only when the focus leaves the field.
    DraftField {
        session: SessionId,
        field: TextField,
        text: String,
    },
    /// Chooses the next questions of the running session, which grows.
    Draw(Box<Session>),
    /// Asks this question next in the running practice session.
    Ask {
        session: Box<Session>,
        deck: DeckId,
        question: QuestionId,
    },
    /// Looks up the additional information shown with the feedback on this question.
    LookUp {
        slot: usize,
        item: Box<Item>,
    },
    /// Lists the questions of this question's facet.
    ListFacet(Box<Item>),
    /// Scores the running session, which has just been finished.
    Score(Box<Session>),
    /// Shows what can be practised in this many minutes.
    ShowPractice {
        minutes: u32,
    },
    ShowProgress,
    /// Leaves the running session, which can be resumed later.
    Leave,
    /// Retries saving the events that could not be stored.
    SaveAgain,
    /// Checks that the history's file is still the one that was opened.
    CheckHistory,
    /// Saves the content of the lost history to a new file next to it, and continues there.
    Rescue,
    /// Starts the prepared mentor session.
    Meet(MeetingPlan),
    /// Makes events of the mentor's session durable before the next frame: all of them or none.
    SaveMeeting(Vec<Stamped<meeting::Event>>),
    /// Shows this stage in the second windows.
    Show(Box<Stage>),
    /// Opens the running mentor session for people who join from elsewhere.
    OpenRoom(RoomPlace),
    CloseRoom,
    /// Updates the screens of those who joined, once everything that they show as cast is stored.
    ToRoom(Box<RoomUpdate>),
    /// Sends a message to the session that this program joined.
    ToMentor(RoomMessage),
    ListHistory,
    /// Compares the stated confidence of all answers with their results.
    Calibrate,
    ListDecks,
    /// Shows which questions of a deck the person has seen.
    ShowDeck(DeckId),
    /// Shows what the answers say about the questions of a deck.
    ShowItems(DeckId),
    Open(SessionId),
    /// Searches the questions that the person has seen.
    FindSeen(SeenQuery),
    /// Opens a question that was found for review.
    ShowSeen(Box<SeenLine>),
    /// Saves an addition to a closed session: a note, or the points of a rubric.
    Amend(SessionId, Stamped),
    /// Copies a question or a result to the clipboard.
    Copy(CopyRequest),
    /// Passes a text to the terminal's clipboard; `what` names it in the message.
    ToClipboard {
        text: String,
        what: &'static str,
    },
    /// Offers formats and places for the report of a session.
    OfferExport(SessionId),
    Export(ExportRequest),
    SaveSettings(Settings),
    /// Handles a request about the people whom the user mentors.
    People(Box<PeopleRequest>),
    /// Releases the terminal until the process is continued.
    Suspend,
    Quit,
}

/// A request to copy something to the clipboard.
#[derive(Clone, Debug)]
pub enum CopyRequest {
    /// The question at this slot, with its answer and its key.
    Question(Box<OpenedResult>, usize),
    /// A question of the running practice whose answer is final.
    Practised {
        id: SessionId,
        session: Box<Session>,
        slot: usize,
    },
    /// The result without its questions.
    Result(Box<OpenedResult>),
}

/// A message from the shell to the screens.
#[derive(Clone, Debug)]
pub enum News {
    Home(Box<Home>),
    /// The texts that were being typed into fields of a session.
    FieldDrafts(SessionId, BTreeMap<TextField, String>),
    Running(Box<Started>),
    Drawn(Box<Draw>),
    LookedUp(Box<QuestionContext>),
    Facet(Vec<FacetQuestion>),
    Opened(Box<OpenedResult>),
    /// The homework is finished; the sentence says which file to send back.
    HandedIn(String),
    Met(Box<StartedMeeting>),
    /// This person is to be added to the running mentor session.
    Latecomer {
        person: PersonId,
        name: Text,
        /// True if the person was added to the people just now, false if they were known.
        is_new: bool,
    },
    /// The number of second windows that show the stage.
    Windows(usize),
    /// The stage for a second window; `None` while there is no session.
    Stage(Option<Box<Stage>>),
    /// The session is open for others, at the path of its socket.
    RoomOpened {
        path: String,
        place: RoomPlace,
    },
    Room(RoomNews),
    /// What the session that this program joined shows; `None` without a connection.
    Joined(Option<Box<RoomFrame>>),
    History(Vec<HistoryRow>),
    Found(Box<FoundQuestions>),
    SeenShown(Box<SeenQuestion>),
    Calibrated(Box<CalibrationView>),
    Decks(Vec<DeckLine>),
    Deck(Box<DeckPage>),
    Items(Box<ItemsPage>),
    Practice(Box<Agenda>),
    Progress(Box<Progress>),
    People(Box<PeopleView>),
    /// The events of the last action could not be stored; they are kept in memory and saving is retried.
    Unsaved(String),
    Saved,
    /// The history's file was replaced, moved or deleted. All of its data can be saved to the file at `path`.
    Lost {
        why: String,
        path: String,
    },
    Export(ExportOffer),
    /// A text for the clipboard, and what it is.
    Copied {
        text: String,
        what: &'static str,
    },
    Told(String),
}

/// The data of the home and set-up screens.
#[derive(Clone, Debug, Default)]
pub struct Home {
    pub blueprint: Arc<Blueprint>,
    /// The sessions offered for resuming, newest first; the newest of each mode is included if there is room.
    pub open: Vec<OpenSession>,
    /// The number of further sessions that can be resumed; the history lists them.
    pub more_open: usize,
    pub last: Option<LastAssessment>,
    /// The number of sessions in the history.
    pub sessions: usize,
    pub decks: usize,
    pub questions: usize,
    /// The available questions of each competency, in the order of the blueprint.
    pub stock: Vec<Stock>,
    /// The practice line; `None` if it can't be read.
    pub practice: Option<PracticeLine>,
    /// The number of people whom the user mentors.
    pub people: usize,
    /// Decks with errors, and other notices.
    pub notices: Vec<String>,
    /// The time until the next practice day begins, when this is no longer current; zero if unknown.
    pub until_tomorrow: Millis,
}

/// The last finished assessment.
#[derive(Clone, Debug)]
pub struct LastAssessment {
    /// Such as `21 Nov`.
    pub day: String,
    /// The overall score with its interval; `None` with too few answers.
    pub score: Option<(f64, f64, f64)>,
    /// The score and interval of each scored competency, in the order of the blueprint.
    pub competencies: Vec<Option<(f64, f64, f64)>>,
}

impl LastAssessment {
    /// Returns the day and the score, such as `21 Nov, 64 (57-71)`.
    pub fn words(&self) -> String {
        let day = &self.day;
        match self.score {
            Some((score, low, high)) => format!("{day}, {score:.0} ({low:.0}-{high:.0})"),
            None => day.clone(),
        }
    }
}

/// The questions of one competency, with open questions apart.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stock {
    pub questions: usize,
    pub unseen: usize,
    pub written: usize,
    /// The fair time for all of `questions`, in seconds.
    pub seconds: u64,
}

#[derive(Clone, Debug)]
pub struct OpenSession {
    pub id: SessionId,
    pub mode: Mode,
    /// The participants of a mentor session.
    pub people: Vec<Text>,
    /// The name that the person gave to it.
    pub name: Option<Text>,
    pub day: String,
    /// The time of day at which it began, such as `14:05`.
    pub time: String,
    pub answered: usize,
    pub questions: usize,
    pub left: Option<Millis>,
}

impl OpenSession {
    /// Returns the participants of a mentor session, such as `Ada and Ben` or `Ada and 3 others`; empty without any.
    pub fn with(&self) -> String {
        match self.people.as_slice() {
            [] => String::new(),
            [only] => only.line(),
            [one, other] => format!("{} and {}", one.line(), other.line()),
            [first, others @ ..] => format!("{} and {} others", first.line(), others.len()),
        }
    }
}

/// The choices of a person for an assessment.
#[derive(Clone, Debug)]
pub struct Setup {
    /// One bit per competency of the blueprint.
    pub competencies: u16,
    pub size: usize,
    pub written: usize,
    pub time: TimeChoice,
    /// Each question depends on the previous answers; `size` is then the maximum number of questions.
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

/// A session that was started or resumed.
#[derive(Clone, Debug)]
pub struct Started {
    pub id: SessionId,
    pub session: Session,
    /// Text typed into fields but not yet submitted as an answer, by slot.
    pub drafts: BTreeMap<usize, String>,
    pub notice: Option<String>,
}

/// Information shown with the feedback on a question that is not part of the session.
#[derive(Clone, Debug, Default)]
pub struct QuestionContext {
    /// The slot of the question in its session.
    pub slot: usize,
    /// The knowledge points of the question.
    pub points: BTreeMap<PointId, Point>,
    /// The person's notes on it in earlier sessions, newest first.
    pub notes: Vec<Remark>,
    /// When the question will be repeated if its grade stays the same, such as `in 3 days`.
    pub returns: Option<String>,
    /// Practice does not ask this question, because the person suspended or disputed it.
    pub suspended: bool,
}

/// A note of an earlier session.
#[derive(Clone, Debug)]
pub struct Remark {
    pub day: String,
    pub text: Text,
}

/// A question of a facet, as an entry of a list.
#[derive(Clone, Debug)]
pub struct FacetQuestion {
    pub deck: DeckId,
    pub question: QuestionId,
    pub level: Level,
    /// The question, if the person has seen it.
    pub lead_in: Option<Text>,
    /// The number of unseen questions of this level that it represents, otherwise 1.
    pub count: usize,
}

/// A mentor's session that was started or resumed.
#[derive(Clone, Debug)]
pub struct StartedMeeting {
    pub id: SessionId,
    pub meeting: Meeting,
    /// The names by seat.
    pub names: Vec<Text>,
    /// The knowledge points that the questions cover.
    pub points: BTreeMap<PointId, Point>,
    /// The day in the person's calendar.
    pub today: Day,
    pub notice: Option<String>,
}

/// A finished session opened for review.
#[derive(Clone, Debug)]
pub struct OpenedResult {
    pub id: SessionId,
    pub session: Session,
    pub assessment: Assessment,
    pub points: BTreeMap<PointId, Point>,
}

/// A line of the history.
#[derive(Clone, Debug)]
pub struct HistoryRow {
    pub id: SessionId,
    pub mode: Mode,
    /// The name that the person gave to it.
    pub name: Option<Text>,
    pub day: String,
    /// The day as a value.
    pub date: Day,
    /// The start and end of the session, in ISO 8601.
    pub started_at: String,
    pub finished_at: Option<String>,
    pub questions: usize,
    pub answered: usize,
    pub spent: Millis,
    pub state: HistoryState,
    /// The score with the low and high ends of its 90% interval; `None` with too few answers.
    pub overall: Option<(f64, f64, f64)>,
    /// The score and interval of each competency, in the order of the blueprint.
    pub competencies: Vec<Option<(f64, f64, f64)>>,
    /// The assessments that it deepens.
    pub continues: Vec<SessionId>,
    /// Its decks that don't count for the score of the role: with any, its scores are apart from it.
    pub own_decks: Vec<DeckId>,
    /// The comparison with the previous assessment.
    pub before: PreviousComparison,
    /// The scores by earlier versions of the scoring.
    pub former: Vec<FormerScores>,
}

impl HistoryRow {
    /// Returns true for a finished assessment, which can have a score.
    pub fn is_scored(&self) -> bool {
        self.mode == Mode::Assess && matches!(self.state, HistoryState::Finished)
    }

    /// Returns true for a finished assessment whose score is one of the role.
    pub fn is_of_role(&self) -> bool {
        self.is_scored() && self.own_decks.is_empty()
    }
}

/// Returns the word for a session of this mode.
pub fn session(mode: Mode) -> &'static str {
    match mode {
        Mode::Assess => "assessment",
        Mode::Practise => "practice",
        Mode::Mentor => "mentor session",
        Mode::Homework | Mode::Assigned => "homework",
    }
}

/// Returns the word for the questions completed in a session of this mode.
pub fn done(mode: Mode) -> &'static str {
    match mode {
        Mode::Assess | Mode::Homework | Mode::Assigned => "answered",
        Mode::Practise => "done",
        Mode::Mentor => "discussed",
    }
}

/// The state of a session in the history.
#[derive(Clone, Debug)]
pub enum HistoryState {
    /// It can be resumed.
    Waiting(OpenSession),
    Finished,
    /// It was discarded before its end, or deleted after it, and can be restored until this day.
    Discarded {
        until: String,
        is_deleted: bool,
    },
}

/// The comparison of an assessment with the previous one.
#[derive(Clone, Debug, Default)]
pub enum PreviousComparison {
    /// No previous assessment, an unfinished one, or one without common competencies.
    #[default]
    Nothing,
    /// The decks have changed since then, so only the result screen can compare the two.
    OtherBank {
        /// True if the two were scored on different editions of the built-in decks.
        different_editions: bool,
    },
    Compared(Comparison),
}

/// The stated confidence of all of a person's answers compared with their results.
#[derive(Clone, Debug)]
pub struct CalibrationView {
    /// The number of finished assessments with any stated confidence.
    pub sessions: usize,
    /// `None` if no confidence was ever stated.
    pub calibration: Option<Calibration>,
}

/// A line of the list of decks.
#[derive(Clone, Debug)]
pub struct DeckLine {
    /// `None` for a file that is not a deck.
    pub id: Option<DeckId>,
    pub title: String,
    pub questions: usize,
    pub facets: (usize, usize),
    pub builtin: bool,
    /// True if it counts for the score of the role.
    pub counts: bool,
    /// The formatted diagnostics of the deck, one line of text each.
    pub problems: Vec<String>,
}

/// The questions of a deck, by facet.
#[derive(Clone, Debug)]
pub struct DeckPage {
    pub id: DeckId,
    pub title: Text,
    pub facets: Vec<FacetCoverage>,
}

/// The questions on one facet. Those that the person has not seen are only counted, so that they stay new.
#[derive(Clone, Debug)]
pub struct FacetCoverage {
    pub title: Text,
    pub questions: usize,
    /// The level and the lead-in of each question that the person has seen.
    pub seen: Vec<(Level, Text)>,
}
