//! The formats and how they are recognized.

use super::{aiken, anki, table};

/// A format of questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Moodle's text format.
    Gift,
    Aiken,
    /// A table with a header, separated by commas, semicolons or tabs.
    Csv,
    /// Notes of Anki as text.
    Anki,
}

/// The reason why a text is in none of the formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    #[error(
        "it is Moodle XML, which is not read: in Moodle's question bank, export the questions in GIFT format instead"
    )]
    MoodleXml,
    #[error(
        "it is QTI, which is not read: export GIFT, Aiken or CSV from the program that wrote it, or import it into Moodle \
         and export GIFT there"
    )]
    Qti,
    #[error("it is an aethos deck already: use `aethos check` and `aethos practice` with it")]
    Deck,
    #[error("it is HTML or XML, which is not read: export GIFT, Aiken or CSV")]
    Markup,
    #[error("its format is not recognized: name it with --format gift, aiken, csv or anki")]
    Other,
}

impl Format {
    pub const ALL: [Format; 4] = [Format::Gift, Format::Aiken, Format::Csv, Format::Anki];

    /// Recognizes the format of a text by its content and the name of its file.
    ///
    /// # Errors
    /// The text is in another format, which is named if it is known.
    pub fn detect(text: &str, name: &str) -> Result<Self, Unknown> {
        let end = text
            .char_indices()
            .nth(4000)
            .map_or(text.len(), |(at, _)| at);
        let head = text[..end].trim_start();
        let name = name.to_lowercase();
        let ends = |ending: &str| name.ends_with(ending);
        if head.starts_with('<') && !ends(".gift") {
            return Err(match () {
                () if head.contains("<quiz") => Unknown::MoodleXml,
                () if ["<questestinterop", "<assessment", "imsqti"]
                    .iter()
                    .any(|mark| head.contains(mark)) =>
                {
                    Unknown::Qti
                }
                () => Unknown::Markup,
            });
        }
        if head.lines().next().is_some_and(anki::is_header) {
            return Ok(Format::Anki);
        }
        match () {
            () if ends(".gift") => Ok(Format::Gift),
            () if [".csv", ".tsv", ".tab"].iter().any(|ending| ends(ending)) => Ok(Format::Csv),
            () if ends(".toml") || text.contains("[[question]]") => Err(Unknown::Deck),
            () => Self::of_content(text),
        }
    }

    fn of_content(text: &str) -> Result<Self, Unknown> {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let first = lines
            .find(|line| !line.starts_with("sep="))
            .unwrap_or_default();
        if table::is_header(first) {
            return Ok(Format::Csv);
        }
        let lines = || text.lines().map(str::trim_start);
        if lines().any(|line| line.starts_with("$CATEGORY:") || line.starts_with("::")) {
            return Ok(Format::Gift);
        }
        if lines().any(|line| aiken::answer(line).is_some()) {
            return Ok(Format::Aiken);
        }
        if let Some((_, rest)) = text.split_once('{')
            && rest.contains('}')
        {
            return Ok(Format::Gift);
        }
        // Anki before 2.1.54 wrote notes without a line about their columns.
        let has_fields = |line: &str| line.trim().contains('\t');
        let mut rows = text.lines().filter(|line| !line.trim().is_empty());
        if rows.clone().next().is_some() && rows.all(has_fields) {
            return Ok(Format::Anki);
        }
        Err(Unknown::Other)
    }
}
