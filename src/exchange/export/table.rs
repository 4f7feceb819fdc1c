//! Writes a table of questions, with the columns that the import reads.

use csv::{QuoteStyle, Terminator, WriterBuilder};

use super::{Exported, Outgoing};
use crate::core::question::{Demand, Level};
use crate::exchange::draft::{Body, Choice, Draft};
use crate::exchange::table::{FORMULA, keyed};

/// The names of the columns before the options.
const FIRST: [&str; 6] = ["id", "facet", "level", "demand", "stem", "question"];
/// The names of the columns after the options.
const LAST: [&str; 4] = ["correct", "tolerance", "unit", "explanation"];

/// Writes the questions with options and those with a number.
pub fn write(questions: &[Outgoing]) -> Exported {
    let mut exported = Exported::default();
    exported.note("the table has no columns for fair time, knowledge points and misconceptions, which were not kept");
    let mut rows: Vec<(&Draft, Key)> = Vec::new();
    for question in questions {
        let mut losses = Vec::new();
        let written = key(&question.draft.body, &mut losses).map(|key| {
            rows.push((&question.draft, key));
            losses
        });
        exported.add(question, written);
    }
    let options = rows.iter().map(|(draft, _)| options_of(draft).len()).max();
    let sources = rows.iter().map(|(draft, _)| draft.sources.len()).max();
    let (options, sources) = (options.unwrap_or(0), sources.unwrap_or(0));
    let mut writer = WriterBuilder::new()
        .quote_style(QuoteStyle::Necessary)
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    let letters = || ('a'..='z').take(options);
    let mut header: Vec<String> = FIRST.map(str::to_owned).to_vec();
    header.extend(letters().map(String::from));
    header.extend(letters().map(|letter| format!("why {letter}")));
    header.extend(LAST.map(str::to_owned));
    header.extend((1..=sources).map(|n| format!("reference {n}")));
    // Writing to memory does not fail.
    let _ = writer.write_record(&header);
    for (draft, key) in rows {
        let _ = writer.write_record(row(draft, key, options, sources));
    }
    // Spreadsheets take a file without this mark for windows-1252.
    exported.text.push('\u{feff}');
    let bytes = writer.into_inner().unwrap_or_default();
    exported.text.push_str(&String::from_utf8_lossy(&bytes));
    exported
}

/// The cells that say what is right.
#[derive(Default)]
struct Key {
    correct: String,
    tolerance: String,
    unit: String,
}

fn options_of(draft: &Draft) -> &[Choice] {
    match &draft.body {
        Body::Single(options) | Body::Multiple(options) => options,
        _ => &[],
    }
}

fn row(draft: &Draft, key: Key, options: usize, sources: usize) -> Vec<String> {
    let mut stem = draft.stem.clone();
    if let Some((language, code)) = &draft.code {
        stem.push_str(&format!("\n\n```{language}\n{code}\n```"));
    }
    let mut row = vec![
        draft.title.clone(),
        draft.facet.clone(),
        draft.level.map_or("", Level::word).to_owned(),
        draft.demand.map_or("", Demand::word).to_owned(),
        cell(stem.trim()),
        cell(&draft.lead_in),
    ];
    let choices = options_of(draft);
    let choice = |n: usize| choices.get(n).cloned().unwrap_or_default();
    row.extend((0..options).map(|n| cell(&choice(n).text)));
    row.extend((0..options).map(|n| cell(&choice(n).why)));
    row.extend([
        key.correct,
        key.tolerance,
        key.unit,
        cell(&draft.explanation),
    ]);
    let source = |n: usize| draft.sources.get(n).map_or("", String::as_str);
    row.extend((0..sources).map(|n| cell(source(n))));
    row
}

/// Returns the cells that say what is right, or the reason why a table can't have the question.
fn key(body: &Body, losses: &mut Vec<String>) -> Result<Key, String> {
    match body {
        Body::Single(options) | Body::Multiple(options) => {
            let is_half = |option: &Choice| option.credit > 0.0 && option.credit < 1.0;
            if options.iter().any(is_half) {
                losses.push("half credit was not kept".to_owned());
            }
            named(options).map(|correct| Key {
                correct,
                ..Key::default()
            })
        }
        Body::Numeric(number) => {
            if !number.wrong.is_empty() {
                losses.push("the wrong numbers with their rationales were not kept".to_owned());
            }
            Ok(Key {
                correct: number.value.to_string(),
                tolerance: number.tolerance.to_string(),
                unit: cell(&number.unit),
            })
        }
        Body::Recall(_) => Err("a table has no cards: use --format anki".to_owned()),
        Body::Matching(..) => Err("a table has no matching questions".to_owned()),
        Body::Ordering(_) => Err("a table has no ordering questions".to_owned()),
        Body::Open(_) => Err("a table has no open questions".to_owned()),
    }
}

/// Names the right options by their letters, or by their texts if a text is a letter, too.
fn named(options: &[Choice]) -> Result<String, String> {
    let keys = || {
        ('a'..='z')
            .zip(options)
            .filter(|(_, option)| option.credit >= 1.0)
    };
    let letters = keys().map(|(letter, _)| letter.to_string());
    let texts = keys().map(|(_, option)| option.text.clone());
    let is_understood = |name: &String| {
        let blank = options.iter().map(|option| Choice {
            credit: 0.0,
            ..option.clone()
        });
        let read = keyed(blank.enumerate().collect(), name);
        let is_key = |option: &Choice| option.credit >= 1.0;
        matches!(read, Ok(Body::Single(read) | Body::Multiple(read))
            if read.iter().map(is_key).eq(options.iter().map(is_key)))
    };
    [
        letters.collect::<Vec<_>>().join(", "),
        texts.collect::<Vec<_>>().join("; "),
    ]
    .into_iter()
    .find(is_understood)
    .ok_or_else(|| "its options are letters, so a table can't name the right ones".to_owned())
}

/// Returns a text that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    match text.trim_start_matches('\'').starts_with(FORMULA) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}
