//! Form files in TOML, and bounded reading of files that others have sent.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use super::super::settings_file::place;
use crate::core::figure::{Drawing, Figure};
use crate::session::homework::{BadForm, HomeworkForm};

/// The largest size of a form, in bytes. Larger ones are refused when they are read.
pub const MAX_FORM: usize = 200_000;
/// The largest number of parts of a figure.
const MAX_PARTS: usize = 200;

/// The comment at the start of a form.
const HEAD: &str = "\
# Homework. Answer it with: aethos take FILE
# This file has no answers in it. Nobody watches you, and anyone who has aethos can print the
# answers of its built-in decks, so what counts is your reason: one line for each answer.

";

/// The reason why a form file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    #[error("{file} can't be read: {error}")]
    Unreadable { file: String, error: io::Error },
    #[error("{file} is no homework of aethos: {why}; ask your mentor to send it again")]
    Broken { file: String, why: String },
    #[error(
        "the form has {0} bytes, and {MAX_FORM} are allowed: ask fewer questions with --questions"
    )]
    TooLarge(usize),
}

/// Reads at most `limit` bytes of a regular file.
///
/// # Errors
/// The file can't be read, is no regular file, or is longer.
pub fn read_bounded(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is not a regular file",
        ));
    }
    let mut bytes = Vec::new();
    let mut limited = fs::File::open(path)?.take(limit as u64 + 1);
    limited.read_to_end(&mut bytes)?;
    match bytes.len() > limit {
        true => Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "it is too large",
        )),
        false => Ok(bytes),
    }
}

/// Reads and checks a form.
///
/// # Errors
/// It can't be read, or can't be asked.
pub fn read_form(path: &Path) -> Result<HomeworkForm, FormError> {
    let file = path.display().to_string();
    let bytes = read_bounded(path, MAX_FORM).map_err(|error| FormError::Unreadable {
        file: file.clone(),
        error,
    })?;
    let broken = |why: String| FormError::Broken {
        file: file.clone(),
        why,
    };
    let text = String::from_utf8(bytes).map_err(|_| broken("it is not UTF-8".to_owned()))?;
    let form: HomeworkForm = toml::from_str(&text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let (line, column) = place(&text, at);
        broken(format!(
            "line {line}, column {column} is not what `aethos mentor assign` writes"
        ))
    })?;
    form.check()
        .map_err(|bad: BadForm| broken(bad.to_string()))?;
    for sent in &form.questions {
        if !sent.question.figures.iter().all(is_sound) {
            let why = format!(
                "question {} has a figure that can't be drawn",
                sent.question.id
            );
            return Err(broken(why));
        }
    }
    Ok(form)
}

/// Returns the text of a form file.
///
/// # Errors
/// It is too large.
pub fn form_text(form: &HomeworkForm) -> Result<String, FormError> {
    let toml = toml::to_string_pretty(form).map_err(|error| FormError::Broken {
        file: "the form".to_owned(),
        why: error.to_string(),
    })?;
    let text = format!("{HEAD}{toml}");
    match text.len() > MAX_FORM {
        true => Err(FormError::TooLarge(text.len())),
        false => Ok(text),
    }
}

/// Returns true if the figure refers only to parts that it has.
fn is_sound(figure: &Figure) -> bool {
    let is_small = figure.parts() <= MAX_PARTS;
    is_small
        && match &figure.drawing {
            Drawing::Timeline(timeline) => {
                let lanes = timeline.lanes.len();
                (1..=8).contains(&lanes)
                    && timeline.intervals.iter().all(|i| i.lane < lanes)
                    && timeline.events.iter().all(|event| event.lane < lanes)
                    && timeline
                        .messages
                        .iter()
                        .all(|message| message.from_lane < lanes && message.to_lane < lanes)
            }
            Drawing::Table(table) => {
                let columns = table.columns.len();
                table.rows.iter().all(|row| row.len() == columns)
                    && table
                        .highlighted
                        .iter()
                        .all(|(row, column)| *row < table.rows.len() && *column < columns)
            }
            Drawing::Trace(_) | Drawing::Chart(_) | Drawing::Graph(_) | Drawing::Ring(_) => true,
        }
}
