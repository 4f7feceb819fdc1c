//! What the dialogue prints: whole lines, in the order in which they are to be heard.

use super::answer::{letters, spell};
use crate::core::question::{Criterion, Interaction};
use crate::core::scoring;
use crate::core::text::{Block, Text};
use crate::core::time::Millis;
use crate::session::{Mode, Session, Sheet};

/// One line about the session, before anything else.
pub fn opening(session: &Session) -> String {
    let n = session.most();
    let left = match session.remaining(session.at()) {
        Some(left) => format!("{} left", left.clock()),
        None => "no limit".to_owned(),
    };
    let questions = if n == 1 { "question" } else { "questions" };
    if session.mode == Mode::Practise {
        return format!("Practice: {n} {questions}, {} done, {left}. Type ? for help.", session.done());
    }
    let most = if session.is_adaptive() { "at most " } else { "" };
    let name = sentence(&Text::new(&session.form.name()).line());
    format!(
        "{}: {most}{n} {questions}, {} answered, {left}. Type ? for help.",
        name.trim_end_matches('.'),
        session.answered()
    )
}

/// Everything needed to answer a question, and the time that is left.
pub fn question(session: &Session, slot: usize, spent: Millis) -> String {
    let (item, sheet, question) = (session.item(slot), session.sheet(slot), session.question(slot));
    let mut lines = vec![String::new(), header(session, slot, spent)];
    lines.extend(blocks(&question.fill(&question.stem, item.row)));
    if let Some(code) = &question.code {
        lines.push(format!("Code ({}):", code.language.line()));
        lines.push(question.fill(&code.text, item.row).as_str().trim_end().to_owned());
        lines.push("End of code.".to_owned());
    }
    lines.extend(blocks(&question.fill(&question.lead_in, item.row)));
    lines.push(scoring::rule(&question.interaction));
    if let Interaction::Matching { left, .. } = &question.interaction {
        lines.extend((1..).zip(left).map(|(n, left)| format!("{n}) {}", left.text.line())));
    }
    let texts = texts(&question.interaction);
    let choice = |(letter, id): (char, crate::core::id::ChoiceId)| {
        texts.get(id.index()).map(|text| format!("{letter}) {}", text.line()))
    };
    lines.extend(letters(&item.order).filter_map(choice));
    lines.extend(sheet.answer.as_ref().map(|answer| format!("Your answer so far: {}.", spell(answer, &item.order))));
    if sheet.flagged {
        lines.push("Flagged.".to_owned());
    }
    lines.join("\n")
}

/// `Question 3 of 7, data consistency. 0:25 left: the last seconds.`
fn header(session: &Session, slot: usize, spent: Millis) -> String {
    let competency = Text::new(session.item(slot).competency.as_str()).line().replace('-', " ");
    let why = session.item(slot).why.map(|why| format!(", {}", why.words())).unwrap_or_default();
    let left = match session.remaining(spent) {
        Some(Millis::ZERO) if !session.mode.expires() => " Time is over".to_owned(),
        left => left.map(|left| format!(" {} left", left.clock())).unwrap_or_default(),
    };
    let warning =
        session.warning(spent).filter(|_| session.mode.expires()).map(|words| format!(": {words}")).unwrap_or_default();
    let time = if left.is_empty() { left } else { format!("{left}{warning}.") };
    let most = if session.is_adaptive() { "at most " } else { "" };
    format!("Question {} of {most}{}, {competency}{why}.{time}", slot + 1, session.most())
}

/// What practice came to, in a line, and what is disputed.
pub fn summary(session: &Session) -> String {
    let done: Vec<usize> = (0..session.len()).filter(|slot| session.sheet(*slot).revealed).collect();
    let right = done.iter().filter(|slot| session.is_right(**slot)).count();
    let unknown = done.iter().filter(|slot| session.sheet(**slot).answer.is_none()).count();
    let not_right = done.len() - right - unknown;
    let time = session.at().clock();
    let mut lines = vec![format!(
        "Practice is over: {} done in {time}, {right} right, {not_right} not right, {unknown} not known.",
        done.len()
    )];
    for slot in (0..session.len()).filter(|slot| !session.sheet(*slot).dispute.is_empty()) {
        let dispute = Text::new(&session.sheet(slot).dispute).line();
        lines.push(format!("You dispute {}: {dispute}", session.item(slot).question));
    }
    lines.join("\n")
}

/// What the letters stand for, by [`crate::core::id::ChoiceId`].
fn texts(interaction: &Interaction) -> Vec<&Text> {
    match interaction {
        Interaction::Single(options) | Interaction::Multiple { options, .. } => {
            options.iter().map(|option| &option.text).collect()
        }
        Interaction::Ordering { steps, .. } => steps.iter().map(|step| &step.text).collect(),
        Interaction::Matching { right, .. } => right.iter().collect(),
        Interaction::Numeric(_) | Interaction::Open { .. } => Vec::new(),
    }
}

/// A line per paragraph and list entry: the terminal or the reader breaks them.
pub fn blocks(text: &Text) -> Vec<String> {
    let line = |block| match block {
        Block::Paragraph(text) => text,
        Block::Entry { mark, text } => format!("{mark} {text}"),
        Block::Code(text) => text,
    };
    text.blocks().into_iter().map(line).collect()
}

/// A line per question, after the counts.
pub fn overview(session: &Session) -> String {
    let fate = |sheet: &Sheet| match (&sheet.answer, sheet.shown) {
        (Some(_), _) => "answered",
        (None, true) if sheet.revealed => "not known",
        (None, true) => "blank",
        (None, false) => "not seen",
    };
    let line = |(number, sheet): (usize, &Sheet)| {
        format!("{number} {}{}", fate(sheet), if sheet.flagged { ", flagged" } else { "" })
    };
    let lines: Vec<String> = (1..).zip(session.sheets()).map(line).collect();
    format!("Overview. {}\n{}", counts(session), lines.join("\n"))
}

/// `4 of 7 answered, 1 flagged, 2 not seen.`; in practice `4 of 7 done, 1 flagged.`
pub fn counts(session: &Session) -> String {
    if session.mode.reveals() {
        return format!("{} of {} done, {} flagged.", session.done(), session.most(), session.flagged());
    }
    let unseen = session.sheets().iter().filter(|sheet| !sheet.shown).count();
    format!("{} of {} answered, {} flagged, {unseen} not seen.", session.answered(), session.len(), session.flagged())
}

pub fn written(text: &str) -> String {
    format!("Your answer: {}.", lines(text))
}

/// `3 lines of text`
pub fn lines(text: &str) -> String {
    match text.trim_end().lines().count() {
        1 => "1 line of text".to_owned(),
        n => format!("{n} lines of text"),
    }
}

/// A model answer to rate one's own by.
pub fn model_answer(session: &Session, slot: usize) -> String {
    let mut told = vec![String::new(), format!("Rate your answer to question {}. A model answer:", slot + 1)];
    if let Interaction::Open { model_answer, .. } = &session.question(slot).interaction {
        told.extend(blocks(model_answer));
    }
    told.join("\n")
}

pub fn criterion(criterion: &Criterion) -> String {
    let (words, evidence) = (criterion.criterion.line(), criterion.evidence.line());
    format!("{words} (0 to {} points). Look for: {evidence}", criterion.points)
}

/// `words` with a capital and a full stop.
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
