//! The output of the dialogue: whole lines, in the order in which a screen reader speaks them.

use super::answer::spell;
use crate::core::figure::describe;
use crate::core::text::Text;
use crate::core::time::Millis;
use crate::session::present::{Asked, Entry, Line, Part, lines};
use crate::session::{Mode, Session, Sheet};

/// Formats the first line of a session.
pub fn opening(session: &Session) -> String {
    let n = session.most();
    let left = match session.remaining(session.at()) {
        Some(left) => format!("{} left", left.clock()),
        None => "no limit".to_owned(),
    };
    let questions = if n == 1 { "question" } else { "questions" };
    if session.mode == Mode::Practise {
        return format!(
            "Practice: {n} {questions}, {} done, {left}. Type ? for help.",
            session.done()
        );
    }
    if session.mode == Mode::Homework {
        let answered = session.answered();
        return format!("Homework: {n} {questions}, {answered} answered, {left}. Type ? for help.");
    }
    let most = if session.is_adaptive() {
        "at most "
    } else {
        ""
    };
    let name = sentence(&Text::new(&session.form.name()).line());
    format!(
        "{}: {most}{n} {questions}, {} answered, {left}. Type ? for help.",
        name.trim_end_matches('.'),
        session.answered()
    )
}

/// Formats a question with its choices, the current answer and the remaining time.
pub fn question(session: &Session, slot: usize, spent: Millis) -> String {
    let (item, sheet) = (session.item(slot), session.sheet(slot));
    let asked = Asked::of(session.question(slot), item);
    let mut lines = vec![String::new(), header(session, slot, spent)];
    lines.extend(parts(&asked.parts()));
    lines.extend(parts(&asked.choices()));
    lines.extend(
        sheet
            .answer
            .as_ref()
            .map(|answer| format!("Your answer so far: {}.", spell(answer, item))),
    );
    if sheet.flagged {
        lines.push("Flagged.".to_owned());
    }
    lines.join("\n")
}

/// Formats the header: `Question 3 of 7, data consistency. 0:25 left: less than 30 seconds left.`
fn header(session: &Session, slot: usize, spent: Millis) -> String {
    let competency = Text::new(session.item(slot).competency.as_str())
        .line()
        .replace('-', " ");
    let why = session
        .reason(slot)
        .map(|why| format!(", {}", why.words()))
        .unwrap_or_default();
    let left = match session.remaining(spent) {
        Some(Millis::ZERO) if !session.mode.expires() => " Time is up".to_owned(),
        left => left
            .map(|left| format!(" {} left", left.clock()))
            .unwrap_or_default(),
    };
    let warning = session
        .warning(spent)
        .filter(|_| session.mode.expires())
        .map(|words| format!(": {words}"))
        .unwrap_or_default();
    let time = if left.is_empty() {
        left
    } else {
        format!("{left}{warning}.")
    };
    let most = if session.is_adaptive() {
        "at most "
    } else {
        ""
    };
    format!(
        "Question {} of {most}{}, {competency}{why}.{time}",
        slot + 1,
        session.most()
    )
}

/// Formats the result of practice and the disputes.
pub fn summary(session: &Session) -> String {
    let done: Vec<usize> = (0..session.len())
        .filter(|slot| session.sheet(*slot).revealed)
        .collect();
    let right = done.iter().filter(|slot| session.is_right(**slot)).count();
    let unknown = done
        .iter()
        .filter(|slot| session.sheet(**slot).answer.is_none() && !session.is_right(**slot))
        .count();
    let not_right = done.len() - right - unknown;
    let time = session.at().clock();
    let mut lines = vec![format!(
        "Practice finished: {} done in {time}, {right} right, {not_right} not right, {unknown} \
         you didn't know.",
        done.len()
    )];
    for slot in (0..session.len()).filter(|slot| !session.sheet(*slot).dispute.is_empty()) {
        let dispute = Text::new(&session.sheet(slot).dispute).line();
        lines.push(format!(
            "You dispute {}: {dispute}",
            session.item(slot).question
        ));
    }
    lines.join("\n")
}

/// Returns one line per paragraph, list entry or option. The terminal or screen reader wraps them.
pub fn parts(parts: &[Part]) -> Vec<String> {
    let mut printed = Vec::new();
    let parts: Vec<Part> = parts.iter().map(word_first).collect();
    for line in lines(&parts) {
        match line {
            Line::Blank => {}
            Line::Text { lead, text } => printed.push(format!("{lead}{text}")),
            Line::Beneath { text, .. } => printed.push(text),
            Line::Listing(code) => {
                let language = code.language.line();
                printed.push(if language.is_empty() {
                    "Code:".to_owned()
                } else {
                    format!("Code ({language}):")
                });
                printed.push(code.lines().join("\n"));
                printed.push("End of code.".to_owned());
            }
            Line::Figure(figure) => {
                let mut lines = describe(&figure);
                if let Some(alt) = lines.first_mut() {
                    alt.insert_str(0, "Figure: ");
                }
                printed.extend(lines);
                printed.push("End of figure.".to_owned());
            }
        }
    }
    printed
}

/// Moves the word of an entry, such as `right`, before its text, so that it is heard first.
fn word_first(part: &Part) -> Part {
    let Part::Entry(entry) = part else {
        return part.clone();
    };
    if entry.word.is_empty() {
        return part.clone();
    }
    let word = sentence(&entry.word);
    Part::Entry(Entry {
        text: Text::new(&format!(
            "{}: {}",
            word.trim_end_matches('.'),
            entry.text.line()
        )),
        word: String::new(),
        ..entry.clone()
    })
}

/// Formats the counts and one line per question.
pub fn overview(session: &Session) -> String {
    let fate = |sheet: &Sheet| match (&sheet.answer, sheet.shown) {
        (Some(_), _) => "answered",
        (None, true) if sheet.revealed => "not known",
        (None, true) => "blank",
        (None, false) => "not seen",
    };
    let line = |(number, sheet): (usize, &Sheet)| {
        format!(
            "{number} {}{}",
            fate(sheet),
            if sheet.flagged { ", flagged" } else { "" }
        )
    };
    let lines: Vec<String> = (1..).zip(session.sheets()).map(line).collect();
    format!("Overview. {}\n{}", counts(session), lines.join("\n"))
}

/// Formats the counts: `4 of 7 answered, 1 flagged, 2 not seen.`; in practice `4 of 7 done, 1 flagged.`
pub fn counts(session: &Session) -> String {
    if session.mode.reveals() {
        return format!(
            "{} of {} done, {} flagged.",
            session.done(),
            session.most(),
            session.flagged()
        );
    }
    let unseen = session.sheets().iter().filter(|sheet| !sheet.shown).count();
    let reasons = match session.without_reason().len() {
        0 => String::new(),
        n => format!(", {n} without a reason"),
    };
    format!(
        "{} of {} answered{reasons}, {} flagged, {unseen} not seen.",
        session.answered(),
        session.len(),
        session.flagged()
    )
}

pub fn written(text: &str) -> String {
    format!("Your answer: {}.", text_lines(text))
}

/// Formats the length of a text: `3 lines of text`
pub fn text_lines(text: &str) -> String {
    match text.trim_end().lines().count() {
        1 => "1 line of text".to_owned(),
        n => format!("{n} lines of text"),
    }
}

/// Returns `words` with a capital letter and a full stop.
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters
        .next()
        .map(|first| first.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
