//! Draft questions: what other formats know of a question, and what was lost or refused on the way.

use crate::core::question::{Demand, Kind, Level};
use crate::core::text::Text;

/// The largest length of the texts of a question, in bytes.
pub const MAX_BYTES: usize = 100_000;
/// The largest number of options, pairs and right entries.
pub const MAX_ENTRIES: usize = 12;
/// The largest number of correct options of a question with several.
const MAX_KEYS: usize = 5;

/// A question that may lack a level, rationales, sources and more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// The line of the source on which it begins, from 1.
    pub line: usize,
    /// The title or id that the source gives it; may be empty.
    pub title: String,
    /// The category or the tags of the source; may be empty.
    pub category: String,
    pub facet: String,
    pub level: Option<Level>,
    pub demand: Option<Demand>,
    /// The situation; may be empty.
    pub stem: String,
    /// A listing with its language.
    pub code: Option<(String, String)>,
    pub lead_in: String,
    pub body: Body,
    pub explanation: String,
    /// The title or the address of each source.
    pub sources: Vec<String>,
}

/// What is answered, and how.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Single(Vec<Choice>),
    Multiple(Vec<Choice>),
    /// The pairs, and right entries that match nothing.
    Matching(Vec<Pair>, Vec<String>),
    Numeric(Number),
    /// The steps in their right order.
    Ordering(Vec<String>),
    /// A card, with its back; the lead-in is its front, with blanks in double braces.
    Recall(String),
    /// A text, with a good answer that may be empty.
    Open(String),
}

impl Default for Body {
    fn default() -> Self {
        Body::Open(String::new())
    }
}

/// An option.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    pub text: String,
    /// 1 for a key; in a single question 0.5 for half credit.
    pub credit: f64,
    pub why: String,
}

/// Two entries that belong together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pair {
    pub left: String,
    pub right: String,
    pub why: String,
}

/// A number with the accepted distance from it, and wrong numbers with their reasons.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Number {
    pub value: f64,
    pub tolerance: f64,
    pub unit: String,
    pub wrong: Vec<(f64, String)>,
}

/// Something that did not arrive unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    /// The line in the source, from 1; 0 for the whole file.
    pub line: usize,
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// A remark about the file; nothing was lost.
    Note,
    /// A question arrived without a part of it.
    Loss,
    /// Something that is not a question was left out.
    Skipped,
    /// A question could not be converted.
    Refused,
}

impl ProblemKind {
    pub fn word(self) -> &'static str {
        match self {
            ProblemKind::Note => "note",
            ProblemKind::Loss => "loss",
            ProblemKind::Skipped => "skipped",
            ProblemKind::Refused => "refused",
        }
    }
}

impl Problem {
    pub fn new(kind: ProblemKind, line: usize, message: impl Into<String>) -> Self {
        let message = Text::new(&message.into()).line();
        Self {
            kind,
            line,
            message,
        }
    }
}

/// The questions of a file.
#[derive(Debug, Default)]
pub struct Imported {
    pub drafts: Vec<Draft>,
    pub problems: Vec<Problem>,
    /// The number of drafts with a loss.
    pub with_loss: usize,
}

impl Imported {
    /// Adds a question, or the reason why it can't become one.
    pub fn add(&mut self, draft: Draft, mut losses: Vec<String>) {
        let line = draft.line;
        match settled(draft, &mut losses) {
            Ok(draft) => {
                losses.dedup();
                self.with_loss += usize::from(!losses.is_empty());
                self.drafts.push(draft);
                let losses = losses.into_iter();
                self.problems
                    .extend(losses.map(|what| Problem::new(ProblemKind::Loss, line, what)));
            }
            Err(why) => self.refuse(line, why),
        }
    }

    pub fn refuse(&mut self, line: usize, why: impl Into<String>) {
        self.problems
            .push(Problem::new(ProblemKind::Refused, line, why));
    }

    pub fn skip(&mut self, line: usize, what: impl Into<String>) {
        self.problems
            .push(Problem::new(ProblemKind::Skipped, line, what));
    }

    pub fn note(&mut self, line: usize, what: impl Into<String>) {
        self.problems
            .push(Problem::new(ProblemKind::Note, line, what));
    }

    pub fn count(&self, kind: ProblemKind) -> usize {
        let of_kind = |problem: &&Problem| problem.kind == kind;
        self.problems.iter().filter(of_kind).count()
    }
}

impl Draft {
    pub fn kind(&self) -> Kind {
        match &self.body {
            Body::Single(_) => Kind::Single,
            Body::Multiple(_) => Kind::Multiple,
            Body::Matching(..) => Kind::Matching,
            Body::Numeric(_) => Kind::Numeric,
            Body::Ordering(_) => Kind::Ordering,
            Body::Recall(_) => Kind::Recall,
            Body::Open(_) => Kind::Open,
        }
    }

    /// Sets stem, listing and lead-in from one text: the lead-in is its last paragraph, or the question at the end of
    /// its only one.
    pub fn set_question(&mut self, text: &str) {
        let text = text.trim();
        let is_question = |text: &str| text.ends_with('?');
        let is_picture = |text: &str| {
            let name = text
                .trim()
                .strip_prefix('[')
                .and_then(|text| text.strip_suffix(']'));
            name.is_some_and(|name| name.contains('.') && !name.contains([' ', ']']))
        };
        let sentence = [". ", "! ", "? ", ".\n"]
            .iter()
            .filter_map(|end| Some(text.rfind(end)? + end.len()))
            .max();
        let at = match (text.rfind("\n\n"), sentence) {
            // A fenced listing and the mark of a picture are no lead-ins.
            (Some(at), _) if !text[at..].contains("```") && !is_picture(&text[at..]) => Some(at),
            (None, Some(at)) if is_question(text) && !text.contains("```") => Some(at),
            _ => None,
        };
        let (stem, lead_in) = at.map_or(("", text), |at| text.split_at(at));
        self.stem = stem.trim().to_owned();
        self.lead_in = lead_in.trim().to_owned();
        self.take_listing();
    }

    /// Moves a fenced listing with a language at the end of the stem to its own field, if it is small enough.
    pub(super) fn take_listing(&mut self) {
        let Some(at) = self.stem.find("```") else {
            return;
        };
        let (before, fenced) = self.stem.split_at(at);
        let Some(inner) = fenced
            .strip_prefix("```")
            .and_then(|rest| rest.strip_suffix("\n```"))
        else {
            return;
        };
        let Some((language, code)) = inner.split_once('\n') else {
            return;
        };
        let is_name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"+-_.".contains(&b);
        let is_small = code.lines().count() <= 20 && code.lines().all(|line| line.len() <= 76);
        if !language.is_empty()
            && language.bytes().all(is_name)
            && is_small
            && !code.contains("```")
        {
            self.code = Some((language.to_owned(), code.to_owned()));
            self.stem = before.trim_end().to_owned();
        }
    }

    /// Returns all texts.
    fn texts(&mut self) -> Vec<&mut String> {
        let mut texts = vec![
            &mut self.title,
            &mut self.category,
            &mut self.stem,
            &mut self.lead_in,
            &mut self.explanation,
        ];
        texts.extend(self.code.iter_mut().map(|(_, code)| code));
        texts.extend(&mut self.sources);
        match &mut self.body {
            Body::Single(options) | Body::Multiple(options) => {
                for option in options {
                    texts.extend([&mut option.text, &mut option.why]);
                }
            }
            Body::Matching(pairs, spare) => {
                for pair in pairs {
                    texts.extend([&mut pair.left, &mut pair.right, &mut pair.why]);
                }
                texts.extend(spare);
            }
            Body::Numeric(number) => {
                texts.push(&mut number.unit);
                texts.extend(number.wrong.iter_mut().map(|(_, why)| why));
            }
            Body::Ordering(steps) => texts.extend(steps),
            Body::Open(text) | Body::Recall(text) => texts.push(text),
        }
        texts
    }
}

/// Cleans the texts of a draft and checks that it can be a question.
fn settled(mut draft: Draft, losses: &mut Vec<String>) -> Result<Draft, String> {
    let mut dropped = 0;
    let mut bytes = 0;
    for text in draft.texts() {
        let (clean, without) = Text::counting(&text.replace('\u{a0}', " "));
        dropped += without;
        *text = clean.as_str().trim_matches(['\n', ' ']).to_owned();
        bytes += text.len();
    }
    if bytes > MAX_BYTES {
        return Err(format!("its texts are over {} KB long", MAX_BYTES / 1000));
    }
    if dropped > 0 {
        losses.push(match dropped {
            1 => "a character that a terminal must not be sent was removed".to_owned(),
            n => format!("{n} characters that a terminal must not be sent were removed"),
        });
    }
    if draft.lead_in.is_empty() {
        return Err("it has no text".to_owned());
    }
    draft.title = draft.title.split_whitespace().collect::<Vec<_>>().join(" ");
    check_body(&draft.body)?;
    Ok(draft)
}

fn check_body(body: &Body) -> Result<(), String> {
    let count = |n: usize, what: &str| match n {
        0 => Err(format!("it has no {what}")),
        1 => Err(format!("it has only one of its {what}")),
        n if n > MAX_ENTRIES => Err(format!(
            "it has {n} {what}, and at most {MAX_ENTRIES} are possible"
        )),
        _ => Ok(()),
    };
    let filled = |texts: &mut dyn Iterator<Item = &String>, what: &str| match texts
        .enumerate()
        .find(|(_, text)| text.is_empty())
    {
        Some((n, _)) => Err(format!("number {} of its {what} is empty", n + 1)),
        None => Ok(()),
    };
    let keys = |options: &[Choice]| options.iter().filter(|option| option.credit >= 1.0).count();
    match body {
        Body::Single(options) | Body::Multiple(options) => {
            count(options.len(), "options")?;
            filled(&mut options.iter().map(|option| &option.text), "options")?;
        }
        Body::Matching(pairs, spare) => {
            count(pairs.len(), "pairs")?;
            count(pairs.len() + spare.len(), "entries to match with")?;
            let texts = pairs.iter().flat_map(|pair| [&pair.left, &pair.right]);
            filled(&mut texts.chain(spare), "entries")?;
        }
        Body::Numeric(number) if !number.value.is_finite() || !number.tolerance.is_finite() => {
            return Err("its number is out of range".to_owned());
        }
        Body::Ordering(steps) => {
            count(steps.len(), "steps")?;
            filled(&mut steps.iter(), "steps")?;
        }
        Body::Numeric(_) | Body::Open(_) | Body::Recall(_) => {}
    }
    match body {
        Body::Single(options) => match keys(options) {
            1 => Ok(()),
            0 => Err("none of its options is correct".to_owned()),
            n => Err(format!(
                "{n} of its options are correct, and a single question has one key"
            )),
        },
        Body::Multiple(options) => match keys(options) {
            n if n < 2 => Err("fewer than two of its options are correct".to_owned()),
            n if n == options.len() => {
                Err("all of its options are correct: there is nothing to choose".to_owned())
            }
            n if n > MAX_KEYS => Err(format!(
                "{n} of its options are correct, and at most {MAX_KEYS} are possible"
            )),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Returns true for an address of the web that a deck can cite.
pub fn is_address(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty())
        && text.len() <= 1000
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}
