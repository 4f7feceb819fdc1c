//! The key map: assigns keys to actions in each context. It consists of the default table below and the user's
//! changes; the help of every screen is generated from it.

mod lookup;
mod table;

pub use lookup::{BadKeys, Binding, Keymap, Patch, is_letter_of};

/// An action that a key or a click triggers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Top,
    Bottom,
    Enter,
    Toggle,
    Back,
    Leave,
    Help,
    /// Gives the mouse to the terminal, to select text, or takes it back.
    Mouse,
    /// Chooses an option, an entry on the right, or a line of a list, by its index from 0.
    Choose(usize),
    /// A drag of the pressed line to this line.
    DragTo(usize),
    /// A number key: states a confidence or the person's own level.
    Digit(u8),
    Strike,
    Clear,
    /// Flags the question; in the overview, goes to the next flagged one.
    Flag,
    /// Goes to the next question; in the overview, to the next one without an answer.
    Next,
    Previous,
    /// Shows how far the session, or the person, has come.
    Overview,
    Finish,
    MoveUp,
    MoveDown,
    LeaveField,
    Note,
    /// States that the person does not know the answer.
    Unknown,
    Pause,
    /// Grades the question as easy.
    Easy,
    Dispute,
    /// Lists the other questions of the facet.
    Others,
    /// Opens practice, or practises what was not right.
    Practise,
    Retry,
    WrongOnes,
    SureAndWrong,
    /// Gives points to the written answers that have none yet.
    RateWritten,
    Deepen,
    /// Compares confidence with accuracy, or people with each other.
    Compare,
    /// Shows what the answers say about the questions of a deck.
    Statistics,
    /// Writes what the screen shows to a file.
    Export,
    SetUp,
    Settings,
    Suspend,
    Add,
    /// Edits the highlighted line: a name, evidence, an agreement, or the answer in the field.
    Edit,
    Forget,
    /// Opens the people, or prepares a session with them.
    Prepare,
    HandoutWithAnswers,
    /// Switches to the other view of the screen: the mentor's console, or the other measure.
    Switch,
    /// Takes the alternative to the usual next step.
    Other,
    Undo,
    /// Suspends the question in practice, or resumes asking it.
    SuspendQuestion,
    HotSeat,
    QuestionNote,
    BringBack,
    /// Opens a field for votes copied out of a chat.
    ChatVotes,
    /// Opens the session for people who join from elsewhere, or closes it for them.
    OpenRoom,
    /// Shows votes on the console while the vote is open.
    Peek,
    /// Asks again who a person is that joined.
    Who,
    /// Says that a participant is absent, or here again.
    Presence,
    /// Searches the questions that the person has seen.
    Search,
    /// Copies the question or the result to the clipboard.
    Copy,
}

/// The place where a key is pressed. Keys of [`Context::Anywhere`] work in all contexts except fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    Anywhere,
    Home,
    Setup,
    Question,
    Feedback,
    Pause,
    Field,
    Overview,
    Result,
    Summary,
    Review,
    List,
    History,
    Agenda,
    Dialog,
    People,
    Person,
    Cohort,
    Prepare,
    /// A mentor's session, on the stage and on the console.
    Mentor,
    /// The questions that the person has seen.
    Browse,
    /// The screen of a participant who joined a session from elsewhere.
    Joined,
}

/// What the key that quits does while a session is running: a dialog offers to quit or to go to the home screen.
pub const LEAVE: (&str, &str) = ("leave", "leave the session; you can resume it");

impl Context {
    /// Returns true on the screens of a session of one person, which is left before aethos quits.
    pub fn is_in_session(self) -> bool {
        matches!(
            self,
            Self::Question | Self::Feedback | Self::Pause | Self::Overview
        )
    }

    const ALL: [(Context, &'static str); 22] = [
        (Context::Anywhere, "anywhere"),
        (Context::Home, "home"),
        (Context::Setup, "setup"),
        (Context::Question, "question"),
        (Context::Feedback, "feedback"),
        (Context::Pause, "pause"),
        (Context::Field, "field"),
        (Context::Overview, "overview"),
        (Context::Result, "result"),
        (Context::Summary, "summary"),
        (Context::Review, "review"),
        (Context::List, "list"),
        (Context::History, "history"),
        (Context::Agenda, "agenda"),
        (Context::Dialog, "dialog"),
        (Context::People, "people"),
        (Context::Person, "person"),
        (Context::Cohort, "cohort"),
        (Context::Prepare, "prepare"),
        (Context::Mentor, "mentor"),
        (Context::Browse, "browse"),
        (Context::Joined, "joined"),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}
