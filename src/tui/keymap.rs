//! Which key does what where. The default map is the table below, the user's
//! changes are data too, and the help over every screen is made from the result.

use std::collections::BTreeMap;

use super::key::Key;

/// What a person wants, whatever key or click says so.
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
    /// An option, a right entry, or a line of a list, by its number from 0.
    Choose(usize),
    /// A line was pressed and the pointer moved here.
    DragTo(usize),
    /// A number key: how sure, or one's own level.
    Digit(u8),
    Strike,
    Clear,
    Flag,
    Next,
    Previous,
    Overview,
    Finish,
    MoveUp,
    MoveDown,
    LeaveField,
    Note,
    /// The person does not know the answer.
    Unknown,
    Pause,
    /// It was easy: an explicit grade.
    Easy,
    Dispute,
    /// The other questions of the facet.
    Others,
    Practise,
    Retry,
    WrongOnes,
    SureAndWrong,
    Deepen,
    Calibration,
    Export,
    SetUp,
    Settings,
    Practice,
    Progress,
    Suspend,
    Add,
    Rename,
    Forget,
    Prepare,
    Cohort,
    Kept,
    NotKept,
    Handout,
    HandoutWithAnswers,
    /// From the stage to the mentor's console, and back.
    Console,
    /// The legal step that is not the usual one.
    Other,
    Undo,
    HotSeat,
    QuestionNote,
    /// To write in the marked line: evidence, or what is agreed.
    Write,
    BringBack,
}

/// Where a key is pressed. Keys of [`Context::Anywhere`] work in all of them.
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
}

impl Context {
    const ALL: [(Context, &'static str); 20] = [
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
    ];

    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// A line of the map: in which context, the action's name in the settings, its keys, a word for the footer, a sentence for the help.
struct Entry(Context, &'static str, &'static [&'static str], Action, &'static str, &'static str);

const DEFAULT: &[Entry] = &[
    Entry(Context::Anywhere, "up", &["up", "k"], Action::Up, "up", "one line up"),
    Entry(Context::Anywhere, "down", &["down", "j"], Action::Down, "down", "one line down"),
    Entry(Context::Anywhere, "page-up", &["pageup", "ctrl+u"], Action::PageUp, "scroll up", "scroll a page up"),
    Entry(Context::Anywhere, "page-down", &["pagedown", "ctrl+d"], Action::PageDown, "scroll", "scroll a page down"),
    Entry(Context::Anywhere, "top", &["home"], Action::Top, "top", "to the beginning"),
    Entry(Context::Anywhere, "bottom", &["end"], Action::Bottom, "end", "to the end"),
    Entry(Context::Anywhere, "enter", &["enter"], Action::Enter, "open", "do what the marked line says"),
    Entry(Context::Anywhere, "back", &["esc"], Action::Back, "back", "one step back"),
    Entry(Context::Anywhere, "leave", &["q", "ctrl+c"], Action::Leave, "leave", "leave aethos; nothing is lost"),
    Entry(
        Context::Anywhere,
        "suspend",
        &["ctrl+z"],
        Action::Suspend,
        "suspend",
        "back to the shell for now; `fg` returns",
    ),
    Entry(Context::Anywhere, "help", &["?"], Action::Help, "keys", "all keys of this screen"),
    Entry(Context::Home, "set-up", &["s"], Action::SetUp, "set up", "choose competencies, length and time first"),
    Entry(Context::Home, "practice", &["p"], Action::Practice, "practice", "see what there is to practise"),
    Entry(Context::Home, "settings", &[","], Action::Settings, "settings", "theme, time multiplier, confidence"),
    Entry(Context::Setup, "less", &["left", "h"], Action::Left, "less", "less of what the marked line offers"),
    Entry(Context::Setup, "more", &["right", "l"], Action::Right, "more", "more of what the marked line offers"),
    Entry(Context::Setup, "toggle", &["space"], Action::Toggle, "in or out", "take the competency in, or leave it out"),
    Entry(
        Context::Question,
        "toggle",
        &["space"],
        Action::Toggle,
        "choose",
        "choose the marked option, or take it back",
    ),
    Entry(Context::Question, "strike", &["x"], Action::Strike, "strike", "strike the marked option out"),
    Entry(Context::Question, "clear", &["backspace", "delete"], Action::Clear, "clear", "take the answer back"),
    Entry(Context::Question, "flag", &["f", "F"], Action::Flag, "flag", "flag the question to come back to it"),
    Entry(Context::Question, "next", &["n", "right", "l"], Action::Next, "next", "the next question"),
    Entry(Context::Question, "previous", &["p", "left", "h"], Action::Previous, "back", "the question before"),
    Entry(
        Context::Question,
        "overview",
        &["g", "G"],
        Action::Overview,
        "overview",
        "all questions, and the end of the session",
    ),
    Entry(
        Context::Question,
        "enter",
        &["enter"],
        Action::Enter,
        "check",
        "choose what is marked; then go on, in practice: check it",
    ),
    Entry(Context::Question, "unknown", &["u"], Action::Unknown, "don't know", "in practice: say that you do not know"),
    Entry(
        Context::Question,
        "pause",
        &["z"],
        Action::Pause,
        "pause",
        "in practice: hide the question and stop the clock",
    ),
    Entry(Context::Question, "move-up", &["K", "ctrl+up"], Action::MoveUp, "move up", "move the marked step up"),
    Entry(
        Context::Question,
        "move-down",
        &["J", "ctrl+down"],
        Action::MoveDown,
        "move down",
        "move the marked step down",
    ),
    Entry(Context::Question, "field", &["tab"], Action::LeaveField, "field", "into the field, and out of it"),
    Entry(Context::Feedback, "enter", &["enter"], Action::Enter, "next", "read on to the end, then the next question"),
    Entry(Context::Feedback, "next", &["n", "right", "l"], Action::Next, "next", "the next question"),
    Entry(Context::Feedback, "previous", &["p", "left", "h"], Action::Previous, "back", "the question before"),
    Entry(Context::Feedback, "easy", &["e"], Action::Easy, "easy", "it was easy, ask it much later; or take that back"),
    Entry(Context::Feedback, "note", &["i"], Action::Note, "note", "write a note of your own"),
    Entry(Context::Feedback, "dispute", &["!"], Action::Dispute, "dispute", "say why the question or its key is wrong"),
    Entry(Context::Feedback, "others", &["o"], Action::Others, "others", "the other questions of this facet"),
    Entry(Context::Feedback, "flag", &["f"], Action::Flag, "flag", "flag the question for another time"),
    Entry(Context::Feedback, "pause", &["z"], Action::Pause, "pause", "hide the question, stop the clock"),
    Entry(
        Context::Feedback,
        "overview",
        &["g", "G"],
        Action::Overview,
        "overview",
        "all questions, and the end of the session",
    ),
    Entry(
        Context::Pause,
        "go-on",
        &["z", "enter", "space"],
        Action::Pause,
        "go on",
        "show the question, start the clock",
    ),
    Entry(
        Context::Field,
        "leave-field",
        &["tab", "esc"],
        Action::LeaveField,
        "leave the field",
        "leave the field; what is in it stays",
    ),
    Entry(Context::Overview, "left", &["left", "h"], Action::Left, "left", "one question to the left"),
    Entry(Context::Overview, "right", &["right", "l"], Action::Right, "right", "one question to the right"),
    Entry(Context::Overview, "finish", &["e"], Action::Finish, "finish", "end the session and see the result"),
    Entry(
        Context::Result,
        "wrong",
        &["w"],
        Action::WrongOnes,
        "wrong ones",
        "go through the questions that were not right",
    ),
    Entry(
        Context::Result,
        "sure-and-wrong",
        &["s"],
        Action::SureAndWrong,
        "sure and wrong",
        "go through those you were sure of",
    ),
    Entry(
        Context::Result,
        "deepen",
        &["d"],
        Action::Deepen,
        "deepen",
        "more questions where more than one level is plausible",
    ),
    Entry(Context::Result, "practise", &["p"], Action::Practise, "practise", "practise those that were not right"),
    Entry(
        Context::Result,
        "retry",
        &["r"],
        Action::Retry,
        "retry",
        "the same form once more; what you have seen does not count",
    ),
    Entry(Context::Result, "export", &["e"], Action::Export, "export", "write the report to a file"),
    Entry(Context::Review, "next", &["n", "right", "l"], Action::Next, "next", "the next question"),
    Entry(Context::Review, "previous", &["p", "left", "h"], Action::Previous, "previous", "the question before"),
    Entry(Context::Review, "note", &["i"], Action::Note, "note", "write a note of your own"),
    Entry(Context::Review, "dispute", &["!"], Action::Dispute, "dispute", "say why the question or its key is wrong"),
    Entry(
        Context::Summary,
        "wrong",
        &["w"],
        Action::WrongOnes,
        "wrong ones",
        "go through the questions that were not right",
    ),
    Entry(Context::Summary, "practise", &["p"], Action::Practise, "practise", "practise those that were not right"),
    Entry(Context::Summary, "enter", &["enter"], Action::Enter, "home", "to the home screen"),
    Entry(Context::List, "less", &["left", "h"], Action::Left, "less", "the value before"),
    Entry(Context::List, "more", &["right", "l", "space"], Action::Right, "change", "the next value"),
    Entry(Context::History, "previous-score", &["left", "h"], Action::Left, "score before", "the competency before"),
    Entry(Context::History, "next-score", &["right", "l", "tab"], Action::Right, "next score", "the next competency"),
    Entry(
        Context::History,
        "calibration",
        &["c"],
        Action::Calibration,
        "how sure",
        "how sure you were of all your answers, beside how many were right",
    ),
    Entry(Context::Agenda, "less", &["left", "h"], Action::Left, "less", "less of what the marked line offers"),
    Entry(Context::Agenda, "more", &["right", "l"], Action::Right, "more", "more of what the marked line offers"),
    Entry(Context::Agenda, "facets", &["space"], Action::Toggle, "facets", "show the facets of the marked competency"),
    Entry(Context::Agenda, "progress", &["p"], Action::Progress, "progress", "what you recall, and when you practised"),
    Entry(
        Context::Agenda,
        "clear",
        &["x", "backspace", "delete"],
        Action::Clear,
        "forget the date",
        "forget the date of the interview",
    ),
    Entry(Context::Dialog, "left", &["left", "h"], Action::Left, "left", "the choice before"),
    Entry(Context::Mentor, "next-step", &["enter"], Action::Enter, "next", "the next step; the footer says which"),
    Entry(Context::Mentor, "other-step", &["v"], Action::Other, "other", "the other step that may follow"),
    Entry(Context::Mentor, "undo", &["u"], Action::Undo, "undo", "take the last step back; what was said stays"),
    Entry(Context::Mentor, "console", &["tab"], Action::Console, "console", "the mentor's console, and back"),
    Entry(Context::Mentor, "hot-seat", &["h"], Action::HotSeat, "hot seat", "each at the keyboard, or all by fingers"),
    Entry(Context::Mentor, "note", &["n"], Action::Note, "note", "a private note to the person"),
    Entry(Context::Mentor, "question-note", &["N"], Action::QuestionNote, "question note", "a note to the question"),
    Entry(Context::Mentor, "write", &["e", "E"], Action::Write, "write", "write evidence, or in the marked line"),
    Entry(Context::Mentor, "bring-back", &["b", "B"], Action::BringBack, "bring back", "ask it again later, or not"),
    Entry(Context::Mentor, "pause", &["z"], Action::Pause, "pause", "hide the question and stop the clock"),
    Entry(Context::Mentor, "tick", &["space"], Action::Toggle, "tick", "tick the marked line, or choose it"),
    Entry(Context::Mentor, "clear", &["backspace", "delete"], Action::Clear, "correct", "take the last one back"),
    Entry(Context::Mentor, "move-up", &["K", "ctrl+up"], Action::MoveUp, "move up", "move the marked step up"),
    Entry(
        Context::Mentor,
        "move-down",
        &["J", "ctrl+down"],
        Action::MoveDown,
        "move down",
        "move the marked step down",
    ),
    Entry(Context::Mentor, "field", &["i"], Action::LeaveField, "type", "into the field"),
    Entry(Context::Mentor, "person-before", &["left"], Action::Left, "before", "the person before"),
    Entry(Context::Mentor, "next-person", &["right"], Action::Right, "next person", "the next person"),
    Entry(
        Context::Mentor,
        "leave-session",
        &["q", "ctrl+c"],
        Action::Leave,
        "leave",
        "leave the session; it can be resumed",
    ),
    Entry(Context::Dialog, "right", &["right", "l"], Action::Right, "right", "the next choice"),
    Entry(Context::Home, "mentor", &["m"], Action::Prepare, "mentor", "the people whom you mentor"),
    Entry(Context::People, "take", &["space"], Action::Toggle, "take along", "take the person into the next session"),
    Entry(Context::People, "prepare", &["m"], Action::Prepare, "session", "prepare a session with those taken along"),
    Entry(Context::People, "cohort", &["c"], Action::Cohort, "cohort", "all people side by side, by competency"),
    Entry(Context::People, "add", &["a"], Action::Add, "add", "add a person"),
    Entry(Context::People, "rename", &["r"], Action::Rename, "rename", "give the person another name"),
    Entry(Context::People, "forget", &["f"], Action::Forget, "forget", "forget the person, or erase all that is kept"),
    Entry(Context::People, "export", &["e"], Action::Export, "export", "write the person's page to a file"),
    Entry(Context::Person, "earlier", &["left", "h"], Action::Left, "earlier", "earlier months"),
    Entry(Context::Person, "later", &["right", "l"], Action::Right, "later", "later months"),
    Entry(
        Context::Person,
        "measure",
        &["tab", "space"],
        Action::Toggle,
        "reasoning",
        "right answers, or how well they were reasoned",
    ),
    Entry(
        Context::Person,
        "kept",
        &["y"],
        Action::Kept,
        "kept",
        "the marked agreement was kept; again takes that back",
    ),
    Entry(
        Context::Person,
        "not-kept",
        &["n"],
        Action::NotKept,
        "not kept",
        "the marked agreement was not kept; again takes that back",
    ),
    Entry(Context::Person, "prepare", &["m"], Action::Prepare, "session", "prepare a session with this person"),
    Entry(Context::Person, "export", &["e"], Action::Export, "export", "write the person's page to a file"),
    Entry(Context::Cohort, "left", &["left", "h"], Action::Left, "left", "people further to the left"),
    Entry(Context::Cohort, "right", &["right", "l"], Action::Right, "right", "people further to the right"),
    Entry(Context::Prepare, "less", &["left", "h"], Action::Left, "one less", "a question less of the marked line"),
    Entry(Context::Prepare, "more", &["right", "l"], Action::Right, "one more", "a question more of the marked line"),
    Entry(
        Context::Prepare,
        "toggle",
        &["space"],
        Action::Toggle,
        "in or out",
        "take the question in or leave it out, open a competency's facets",
    ),
    Entry(
        Context::Prepare,
        "handout",
        &["p"],
        Action::Handout,
        "print",
        "write the questions to a file, without answers",
    ),
    Entry(
        Context::Prepare,
        "handout-answers",
        &["P"],
        Action::HandoutWithAnswers,
        "print with answers",
        "write the questions with their answers",
    ),
];

/// The user's changes: `question.flag` -> keys.
pub type Patch = BTreeMap<String, Vec<String>>;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKeys {
    #[error("keys: there is no action {0:?}; `aethos config` lists them")]
    NoSuchAction(String),
    #[error("keys.{action:?}: {problem}")]
    NoSuchKey { action: String, problem: String },
    #[error("keys: {key} would do both {one} and {other}; give one of them another key")]
    Clash { key: String, one: String, other: String },
}

pub struct Keymap(Vec<Binding>);

pub struct Binding {
    pub context: Context,
    pub name: &'static str,
    /// The keys of the default map, as they are written.
    pub names: &'static [&'static str],
    pub keys: Vec<Key>,
    pub action: Action,
    pub word: &'static str,
    pub sentence: &'static str,
}

impl Binding {
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.context.name(), self.name)
    }
}

impl Keymap {
    /// The default map with the user's changes.
    ///
    /// # Errors
    /// An action or key that does not exist, or a key with two meanings in one place.
    pub fn new(patch: &Patch) -> Result<Self, BadKeys> {
        let mut map = Vec::with_capacity(DEFAULT.len());
        for Entry(context, name, names, action, word, sentence) in DEFAULT {
            let full = format!("{}.{name}", context.name());
            let keys = match patch.get(&full) {
                Some(keys) => parse(&full, keys.iter().map(String::as_str))?,
                None => parse(&full, names.iter().copied())?,
            };
            map.push(Binding { context: *context, name, names, keys, action: *action, word, sentence });
        }
        let map = Self(map);
        if let Some(unknown) = patch.keys().find(|name| !map.0.iter().any(|b| b.full_name() == **name)) {
            return Err(BadKeys::NoSuchAction(unknown.clone()));
        }
        map.refuse_clashes()?;
        Ok(map)
    }

    fn refuse_clashes(&self) -> Result<(), BadKeys> {
        for (i, one) in self.0.iter().enumerate() {
            for other in self.0[i + 1..].iter().filter(|b| b.context == one.context) {
                if let Some(key) = one.keys.iter().find(|k| other.keys.contains(k)) {
                    let (one, other) = (one.full_name(), other.full_name());
                    return Err(BadKeys::Clash { key: key.to_string(), one, other });
                }
            }
        }
        Ok(())
    }

    /// What a key means here; the context's own keys come before those that work anywhere.
    pub fn action(&self, context: Context, key: Key) -> Option<Action> {
        let bound = |context| self.0.iter().find(|b| b.context == context && b.keys.contains(&key));
        let anywhere = || if context == Context::Field { None } else { bound(Context::Anywhere) };
        if let Some(binding) = bound(context).or_else(anywhere) {
            return Some(binding.action);
        }
        match key.typed()? {
            c @ '0'..='9' => Some(Action::Digit(c as u8 - b'0')),
            _ => None,
        }
    }

    /// The first key of an action here that is not taken by the letters `a` to the `letters`-th.
    pub fn hint(&self, context: Context, action: Action, letters: usize) -> Option<(Key, &'static str)> {
        let of = |c| self.0.iter().find(|b| b.context == c && b.action == action);
        // In a field keys are text, all but Enter.
        let works = context != Context::Field || action == Action::Enter;
        let anywhere = || of(Context::Anywhere).filter(|_| works);
        let binding = of(context).or_else(anywhere)?;
        let free = |key: &&Key| key.typed().is_none_or(|c| !is_letter_of(c, letters));
        Some((*binding.keys.iter().find(free)?, binding.word))
    }

    /// Everything that works in `context`, its own keys first; what has no key of its own left there is not in it.
    pub fn help(&self, context: Context) -> impl Iterator<Item = &Binding> {
        let own = self.0.iter().filter(move |b| b.context == context);
        let is_own = move |b: &Binding| self.0.iter().any(|own| own.context == context && own.action == b.action);
        let anywhere = self.0.iter().filter(move |b| b.context == Context::Anywhere && context != Context::Field);
        let reaches = move |b: &Binding| b.keys.iter().any(|key| self.action(context, *key) == Some(b.action));
        own.chain(anywhere.filter(move |b| !is_own(b) && reaches(b)))
    }

    pub fn bindings(&self) -> &[Binding] {
        &self.0
    }
}

/// Is `c` one of the first `n` letters, which choose an option?
pub fn is_letter_of(c: char, n: usize) -> bool {
    c.is_ascii_lowercase() && usize::from(c as u8 - b'a') < n
}

fn parse<'a>(action: &str, keys: impl Iterator<Item = &'a str>) -> Result<Vec<Key>, BadKeys> {
    keys.map(|key| key.parse().map_err(|problem| BadKeys::NoSuchKey { action: action.to_owned(), problem })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_map_has_no_clash() {
        assert!(Keymap::new(&Patch::new()).is_ok());
    }

    #[test]
    fn a_user_may_move_a_key_but_not_onto_another() {
        let patch = |action: &str, key: &str| Patch::from([(action.to_owned(), vec![key.to_owned()])]);
        let map = Keymap::new(&patch("question.flag", "m")).unwrap();
        assert_eq!(map.action(Context::Question, "m".parse().unwrap()), Some(Action::Flag));
        assert_eq!(map.action(Context::Question, "f".parse().unwrap()), None);
        assert!(matches!(Keymap::new(&patch("question.flag", "x")), Err(BadKeys::Clash { .. })));
        assert!(matches!(Keymap::new(&patch("question.fly", "x")), Err(BadKeys::NoSuchAction(_))));
        assert!(matches!(Keymap::new(&patch("question.flag", "hyper")), Err(BadKeys::NoSuchKey { .. })));
    }

    #[test]
    fn letters_of_options_take_precedence_in_the_footer() {
        let map = Keymap::new(&Patch::new()).unwrap();
        let key = |letters| map.hint(Context::Question, Action::Flag, letters).unwrap().0.to_string();
        assert_eq!((key(4), key(6)), ("f".to_owned(), "F".to_owned()));
    }
}
