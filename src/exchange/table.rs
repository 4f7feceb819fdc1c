//! Tables of questions: CSV and TSV with a header, as spreadsheets write them.

use csv::StringRecord;

use super::draft::{Body, Choice, Draft, Imported, Number};
use super::rows;
use crate::core::question::{Demand, Level};

/// The characters with which a spreadsheet begins a formula; an apostrophe before them makes it a text.
pub(super) const FORMULA: [char; 4] = ['=', '+', '-', '@'];

/// The meaning of a column.
#[derive(Clone, Debug, PartialEq)]
enum Column {
    Title,
    Question,
    Stem,
    /// An option, by its number from 0.
    Option(usize),
    /// The rationale of an option.
    Why(usize),
    /// The letters, numbers or texts of the right options, or a number.
    Key,
    Tolerance,
    Unit,
    Explanation,
    Level,
    Demand,
    Facet,
    Category,
    Source,
    Unknown(String),
}

impl Column {
    fn of(name: &str) -> Self {
        let name = name.trim().trim_start_matches('\u{feff}').to_lowercase();
        let words: Vec<&str> = name
            .split([' ', '_', '-'])
            .filter(|word| !word.is_empty())
            .collect();
        let joined = words.join(" ");
        match joined.as_str() {
            "id" | "title" | "name" | "number" | "nr" | "no" => Column::Title,
            "question" | "question text" | "text" | "prompt" | "lead in" => Column::Question,
            "stem" | "situation" => Column::Stem,
            "correct" | "answer" | "key" | "correct answer" | "right answer" | "solution" => {
                Column::Key
            }
            "tolerance" => Column::Tolerance,
            "unit" => Column::Unit,
            "explanation" | "feedback" | "general feedback" => Column::Explanation,
            "level" | "difficulty" => Column::Level,
            "demand" => Column::Demand,
            "facet" => Column::Facet,
            "category" | "topic" | "tags" => Column::Category,
            "reference" | "source" | "url" => Column::Source,
            _ => match (joined.rsplit_once(' '), joined.as_str()) {
                (None, letter) if letter.len() == 1 && position(letter).is_some() => {
                    Column::Option(position(letter).unwrap_or(0))
                }
                (Some(("option" | "answer" | "choice", n)), _) if position(n).is_some() => {
                    Column::Option(position(n).unwrap_or(0))
                }
                (Some(("why" | "feedback" | "rationale", n)), _) if position(n).is_some() => {
                    Column::Why(position(n).unwrap_or(0))
                }
                (Some(("reference" | "source", n)), _) if position(n).is_some() => Column::Source,
                _ => match joined.strip_prefix("option").and_then(position) {
                    Some(n) => Column::Option(n),
                    None => Column::Unknown(joined),
                },
            },
        }
    }
}

/// Returns the number from 0 that a letter or a number from 1 means.
fn position(word: &str) -> Option<usize> {
    match word.as_bytes() {
        [letter @ b'a'..=b'z'] => Some(usize::from(letter - b'a')),
        _ => word
            .parse::<usize>()
            .ok()?
            .checked_sub(1)
            .filter(|n| *n < 26),
    }
}

/// Returns true for the first line of a table of questions.
pub fn is_header(line: &str) -> bool {
    let columns: Vec<Column> = line
        .split(separator(line))
        .map(|name| Column::of(name.trim_matches('"')))
        .collect();
    columns.contains(&Column::Question) && columns.contains(&Column::Key)
}

/// Returns the separator that is most frequent in the header.
fn separator(header: &str) -> char {
    let count = |separator: &char| header.matches(*separator).count();
    [',', ';', '\t']
        .into_iter()
        .max_by_key(count)
        .unwrap_or(',')
}

/// Reads the questions of a table.
pub fn read(text: &str) -> Imported {
    let mut imported = Imported::default();
    let (named, skipped) = named_separator(text);
    let text = &text[skipped..];
    let header = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let separator = named.unwrap_or_else(|| separator(header));
    let before = usize::from(skipped > 0);
    let mut columns: Option<Vec<Column>> = None;
    let read = rows::each(text, separator as u8, |line, record| {
        let line = line + before;
        match &columns {
            Some(columns) => row(line, columns, record, &mut imported),
            None => columns = head(line, record, &mut imported),
        }
        columns.is_some()
    });
    if let Err(broken) = read {
        imported.refuse(broken.line + before, broken.message);
    }
    imported
}

/// Returns the separator in a first line such as `sep=;`, which Excel reads, and the length of the line.
fn named_separator(text: &str) -> (Option<char>, usize) {
    let length = text.find('\n').map_or(text.len(), |at| at + 1);
    let line = text[..length].trim_end().trim_matches('"');
    let name = line.strip_prefix("sep=").map(str::chars);
    match name.and_then(|mut name| name.next()) {
        Some(separator) if separator.is_ascii() => (Some(separator), length),
        _ => (None, 0),
    }
}

/// Reads the header; refuses a table without a column for the question or the answer.
fn head(line: usize, record: &StringRecord, imported: &mut Imported) -> Option<Vec<Column>> {
    let columns: Vec<Column> = record.iter().map(Column::of).collect();
    for (needed, name) in [(Column::Question, "question"), (Column::Key, "correct")] {
        if !columns.contains(&needed) {
            imported.refuse(
                line,
                format!("no column is named `{name}`: the first line names the columns, such as question, a, b, c, correct"),
            );
            return None;
        }
    }
    for (n, (column, name)) in columns.iter().zip(record).enumerate() {
        if let Column::Unknown(name) = column {
            imported.note(line, format!("the column `{name}` is not used"));
        } else if columns[..n].contains(column) && *column != Column::Source {
            let message = format!("the column `{name}` is not used: another one means the same");
            imported.note(line, message);
        }
    }
    Some(columns)
}

fn row(line: usize, columns: &[Column], record: &StringRecord, imported: &mut Imported) {
    let mut losses = Vec::new();
    if record.iter().any(|cell| unguarded(cell).len() < cell.len()) {
        imported.note(
            line,
            "an apostrophe before = + - or @, which keeps a cell from being a formula, was removed",
        );
    }
    match draft(line, columns, record, &mut losses) {
        Ok(draft) => imported.add(draft, losses),
        Err(why) => imported.refuse(line, why),
    }
}

fn draft(
    line: usize,
    columns: &[Column],
    record: &StringRecord,
    losses: &mut Vec<String>,
) -> Result<Draft, String> {
    let value = |column: Column| {
        let at = columns.iter().position(|known| *known == column)?;
        let value = record.get(at).filter(|value| !value.is_empty())?;
        Some(unguarded(value).to_owned())
    };
    let text = |column: Column| value(column).unwrap_or_default();
    let unnamed = record.iter().skip(columns.len());
    for extra in unnamed.filter(|value| !value.is_empty()) {
        losses.push(format!("`{extra}` is in a column without a name"));
    }
    let level = text(Column::Level);
    if !level.is_empty() && Level::parse(&level.to_lowercase()).is_none() {
        losses.push(format!(
            "the level `{level}` is not one of junior, mid, senior, staff and principal"
        ));
    }
    let demand = text(Column::Demand);
    if !demand.is_empty() && Demand::parse(&demand.to_lowercase()).is_none() {
        losses.push(format!(
            "the demand `{demand}` is not one of recall, apply, diagnose, judge and design"
        ));
    }
    let sources = columns.iter().zip(record);
    let sources = sources
        .filter(|(column, value)| **column == Column::Source && !value.is_empty())
        .map(|(_, value)| unguarded(value).to_owned());
    let mut draft = Draft {
        line,
        title: text(Column::Title),
        category: text(Column::Category),
        facet: text(Column::Facet),
        level: Level::parse(&level.to_lowercase()),
        demand: Demand::parse(&demand.to_lowercase()),
        explanation: text(Column::Explanation),
        sources: sources.collect(),
        ..Draft::default()
    };
    match value(Column::Stem) {
        Some(stem) => {
            draft.stem = stem;
            draft.lead_in = text(Column::Question);
            draft.take_listing();
        }
        None => draft.set_question(&text(Column::Question)),
    }
    let key =
        value(Column::Key).ok_or("its key is missing: the column of the right answer is empty")?;
    let options: Vec<(usize, Choice)> = (0..26)
        .filter_map(|n| {
            let choice = Choice {
                text: value(Column::Option(n))?,
                why: text(Column::Why(n)),
                ..Choice::default()
            };
            Some((n, choice))
        })
        .collect();
    draft.body = match options.is_empty() {
        true => numeric(&key, &text(Column::Tolerance), text(Column::Unit))?,
        false => keyed(options, &key)?,
    };
    Ok(draft)
}

/// Returns a cell without the apostrophe that keeps a spreadsheet from reading it as a formula.
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if text.trim_start_matches('\'').starts_with(FORMULA) => text,
        _ => cell,
    }
}

/// Marks the options that the key names by letter, number, text or column, such as `Answer 3`.
pub(super) fn keyed(mut options: Vec<(usize, Choice)>, key: &str) -> Result<Body, String> {
    let whole = options.iter().position(|(_, option)| option.text == key);
    let named: Vec<&str> = match whole {
        Some(_) => vec![key],
        None => key
            .split([',', ';', '|', '\n'])
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .collect(),
    };
    let mut keys = 0;
    for name in named {
        let place = position(&name.to_lowercase()).or(match Column::of(name) {
            Column::Option(n) => Some(n),
            _ => None,
        });
        let at = options.iter().position(|(_, option)| option.text == name);
        let at = at.or_else(|| options.iter().position(|(n, _)| Some(*n) == place));
        let at = at.ok_or_else(|| format!("the right answer `{name}` is none of its options"))?;
        keys += usize::from(options[at].1.credit < 1.0);
        options[at].1.credit = 1.0;
    }
    let options = options.into_iter().map(|(_, option)| option).collect();
    Ok(match keys {
        0 | 1 => Body::Single(options),
        _ => Body::Multiple(options),
    })
}

fn numeric(key: &str, tolerance: &str, unit: String) -> Result<Body, String> {
    let number = |text: &str| {
        text.replace(',', ".")
            .parse::<f64>()
            .ok()
            .filter(|n| n.is_finite())
    };
    let value = number(key).ok_or("it has no options, and its answer is not a number")?;
    let tolerance = match tolerance {
        "" => 0.0,
        text => number(text)
            .ok_or_else(|| format!("the tolerance `{text}` is not a number"))?
            .abs(),
    };
    Ok(Body::Numeric(Number {
        value,
        tolerance,
        unit,
        wrong: Vec::new(),
    }))
}
