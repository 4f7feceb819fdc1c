//! The drawing of a question: as it is asked, while it is answered, and when it is revealed.

mod choices;
mod matching;
mod ordering;
pub mod pad;
mod typed;

use ratatui::text::Line;

use super::prose;
use super::writer::Writer;
use crate::app::keymap::Action;
use crate::core::number;
use crate::core::question::Kind;
use crate::core::response::Confidence;
use crate::session::present::{Asked, Body, Entry, Mark, Part, Places, Rating};
use crate::tui::page::{Click, Look, Row};
use crate::tui::theme::Role;
use choices::State;
pub use pad::Pad;

/// An answer in progress.
#[derive(Clone, Copy, Default)]
pub struct Answering<'a> {
    pub given: Option<&'a Places>,
    /// The indices of struck-out options.
    pub struck: &'a [usize],
    /// The marked line and the text field, if the answer is given at this keyboard.
    pub pad: Option<&'a Pad>,
    /// The sentence on how a text is stored.
    pub kept: &'static str,
}

impl Writer<'_> {
    /// Draws a question as it is asked, with its choices; in two columns if there is room and something to look at.
    pub fn question(&mut self, asked: &Asked, answering: &Answering) {
        if !self.has_two_columns() || !asked.has_figure() {
            self.parts(&asked.parts(), None);
            return self.choices(asked, answering);
        }
        let mut parts = asked.parts();
        let lead_in = parts.pop();
        self.pair(
            |left| left.parts(&parts, None),
            |right| {
                right.parts(lead_in.as_slice(), None);
                right.choices(asked, answering);
            },
        );
    }

    /// Draws a question without its choices, and `rest` below it; or on its right if there is room and something to look
    /// at.
    pub fn question_and(&mut self, asked: &Asked, rest: impl FnOnce(&mut Writer)) {
        let parts = asked.parts();
        if self.has_two_columns() && asked.has_figure() {
            return self.pair(|left| left.parts(&parts, None), rest);
        }
        self.parts(&parts, None);
        self.page.blank();
        rest(self);
    }

    /// Draws the rule for answering and the choices or the text field.
    fn choices(&mut self, asked: &Asked, answering: &Answering) {
        self.words(&asked.rule.line(), Role::Dim);
        self.page.blank();
        let first = self.page.body.len();
        let at = answering.pad.and_then(|pad| pad.at);
        match &asked.body {
            Body::Options { select, options } => self.options(*select, options, answering),
            Body::Steps(steps) => self.steps(steps, answering),
            Body::Entries { left, right } => {
                let chosen = match answering.given {
                    Some(Places::Matched(pairs)) => pairs.as_slice(),
                    _ => &[],
                };
                self.entries(left, right, chosen, at);
            }
            Body::Number { unit } => match answering.pad.and_then(Pad::open_field) {
                Some((field, typing)) => self.number_field(field, typing, unit.as_str()),
                None => self.written(answering.given, unit.as_str()),
            },
            Body::Words => match answering.pad.and_then(Pad::open_field) {
                Some((field, typing)) => self.text_field(field, typing, answering.kept),
                None => self.written(answering.given, ""),
            },
            Body::Card => {}
        }
        if answering.pad.is_some() {
            // A field is complete once its first row is visible.
            let last = match asked.lettered().is_empty() {
                true => first,
                false => {
                    let mut rows = self.page.body.iter();
                    let last = rows.rposition(|row| !row.clicks.is_empty());
                    last.map_or(first, |last| last.max(first))
                }
            };
            self.page.answers = Some((first, last));
        }
    }

    /// Draws options without an answer, each followed by what `beneath` adds.
    pub fn bare_options(
        &mut self,
        select: usize,
        asked: &Asked,
        mut beneath: impl FnMut(usize, &mut Self),
    ) {
        for (i, text) in asked.lettered().iter().enumerate() {
            self.option(
                i,
                text.as_str(),
                State {
                    several: select > 1,
                    ..State::default()
                },
            );
            beneath(i, self);
        }
    }

    /// Draws the parts of a question; `rated` is the marked criterion if the answer can be rated here.
    pub fn parts(&mut self, parts: &[Part], rated: Option<usize>) {
        let mut rest = parts;
        while let Some((part, after)) = rest.split_first() {
            rest = after;
            if let (Part::Figure(left), Some(Part::Figure(right))) = (part, after.first())
                && self.figures_side_by_side(left, right)
            {
                rest = &after[1..];
                continue;
            }
            self.part(part, rated);
        }
    }

    pub fn part(&mut self, part: &Part, rated: Option<usize>) {
        match part {
            Part::Prose(text) => self.prose(text, Role::Text),
            Part::Listing(code) => {
                self.gap();
                prose::code(code, self.width, self.look)
                    .into_iter()
                    .for_each(|line| self.page.push(line));
            }
            Part::Figure(figure) => self.figure(figure),
            Part::LeadIn(text) => {
                self.gap();
                self.prose(text, Role::Strong);
            }
            Part::Aside(text) => self.words(text, Role::Dim),
            Part::Heading(words) => self.title(words),
            Part::Entry(entry) => self.entry(entry),
            Part::Labelled(label, text) => {
                self.gap();
                self.labelled(label, &text.line(), Role::Text);
            }
            Part::Source(text) => self.bullet(&text.line()),
            Part::Criterion(place, rating) => self.criterion(*place, rating, rated),
        }
    }

    /// Draws the sign, the text, the word about it, and the explanation below.
    fn entry(&mut self, entry: &Entry) {
        let (sign, role) = sign(entry.mark, self.look);
        let lead = if entry.lead.is_empty() {
            sign.to_owned()
        } else {
            format!("{sign} {}", entry.lead)
        };
        let indent = lead.chars().count() + 1;
        let text_role = if entry.word.is_empty() {
            Role::Text
        } else {
            Role::Strong
        };
        let mut lines = prose::wrap(entry.text.as_str(), self.width.saturating_sub(indent), 0);
        let room = lines.last().map_or(0, |last| {
            self.width.saturating_sub(indent + last.chars().count())
        });
        let word = if entry.word.is_empty() {
            String::new()
        } else {
            format!("  {}", entry.word)
        };
        let below = room < word.chars().count();
        if below {
            lines.push(String::new());
        }
        let last = lines.len() - 1;
        for (n, line) in lines.into_iter().enumerate() {
            let lead = if n == 0 {
                format!("{lead} ")
            } else {
                " ".repeat(indent)
            };
            let mut spans = vec![self.look.span(lead, role), self.look.span(line, text_role)];
            if n == last {
                spans.push(self.look.span(
                    if below {
                        word.trim_start()
                    } else {
                        word.as_str()
                    },
                    role,
                ));
            }
            self.page.push(Line::from(spans));
        }
        for (label, text) in &entry.notes {
            let text = if label.is_empty() {
                text.line()
            } else {
                format!("{label}: {}", text.line())
            };
            self.beneath(&text);
        }
    }

    fn beneath(&mut self, text: &str) {
        for line in prose::wrap(text, self.width.saturating_sub(5), 0) {
            self.page
                .push(self.look.line(format!("     {line}"), Role::Dim));
        }
    }

    fn criterion(&mut self, place: usize, rating: &Rating, rated: Option<usize>) {
        if place == 0 && rated.is_some() {
            self.words(
                "The number keys give points to the marked criterion.",
                Role::Dim,
            );
        }
        let lead = format!("{}  ", rating.given());
        self.row(
            place,
            rated == Some(place),
            &lead,
            &rating.criterion.line(),
            Role::Text,
        );
        self.beneath(&format!("Look for: {}", rating.evidence.line()));
    }

    /// Draws the confidence levels with the stated one. While a number is being typed none can be chosen, because
    /// digits belong to the number.
    pub fn confidence(&mut self, said: Option<Confidence>, typing: bool) {
        if typing {
            self.page.blank();
            self.words("Press Enter, then rate your confidence.", Role::Dim);
            return;
        }
        let label = match self.width {
            60.. => "How sure?   ",
            44.. => "Sure? ",
            _ => "",
        };
        let mut spans = vec![self.look.span(label, Role::Dim)];
        let mut clicks = Vec::new();
        let mut x = label.len();
        for (i, confidence) in Confidence::ALL.into_iter().enumerate() {
            let chosen = said == Some(confidence);
            let words = match self.width {
                60.. => confidence.words(),
                _ => confidence.words().split(' ').next().unwrap_or(""),
            };
            let mark = if chosen {
                self.look.theme.mark("●", "*")
            } else {
                " "
            };
            let text = format!("{mark}{} {words}", i + 1);
            let columns = text.chars().count();
            clicks.push(Click {
                from: x,
                width: columns,
                action: Action::Digit(i as u8 + 1),
            });
            spans.push(
                self.look
                    .span(text, if chosen { Role::Chosen } else { Role::Text }),
            );
            let gap = if self.width >= 60 { 3 } else { 1 };
            spans.push(self.look.span(" ".repeat(gap), Role::Text));
            x += columns + gap;
        }
        self.page.blank();
        self.page.body.push(Row {
            line: Line::from(spans),
            clicks,
            fill: None,
        });
        // The confidence belongs to the answer, so both are kept in view.
        self.page.focus = self
            .page
            .focus
            .map(|(first, _)| (first, self.page.body.len() - 1));
    }

    /// Draws the typed answer without a text field.
    fn written(&mut self, answer: Option<&Places>, unit: &str) {
        let Some(Places::Typed(text)) = answer else {
            return;
        };
        for line in text.as_str().lines() {
            for line in prose::wrap(
                &number::with_unit(line, unit),
                self.width.saturating_sub(2),
                0,
            ) {
                self.page
                    .push(self.look.line(format!("  {line}"), Role::Chosen));
            }
        }
    }
}

/// Returns the sign and the role of a mark.
pub fn sign(mark: Mark, look: &Look) -> (&'static str, Role) {
    let role = match mark {
        Mark::None | Mark::Given => Role::Text,
        Mark::Right => Role::Good,
        Mark::Partly | Mark::Blank => Role::Warn,
        Mark::Wrong => Role::Bad,
        Mark::Unseen => Role::Dim,
    };
    let (unicode, ascii) = mark.signs();
    (look.theme.mark(unicode, ascii), role)
}

/// Returns the specific keys of a question type, for the footer.
pub fn hints(kind: Kind) -> &'static [Action] {
    match kind {
        Kind::Single | Kind::Multiple => &[Action::Strike],
        Kind::Ordering => &[Action::MoveUp, Action::MoveDown],
        Kind::Matching => &[Action::Clear],
        Kind::Numeric | Kind::Open => &[Action::LeaveField],
        Kind::Recall => &[],
    }
}
