//! The choices for a report that is written to a file.

use crate::core::id::SessionId;

/// A format of reports. This is the only list of formats; commands and screens are derived from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ReportFormat {
    Text,
    Markdown,
    /// One file for a browser, with the figures drawn; without notes
    Html,
    Json,
    /// A row for each answer; with --person and no session, for all their sessions
    Csv,
}

impl ReportFormat {
    /// The formats in the order in which a screen offers them.
    pub const OFFERED: [ReportFormat; 5] = [
        ReportFormat::Markdown,
        ReportFormat::Html,
        ReportFormat::Text,
        ReportFormat::Json,
        ReportFormat::Csv,
    ];

    pub fn title(self) -> &'static str {
        match self {
            ReportFormat::Text => "text",
            ReportFormat::Markdown => "Markdown",
            ReportFormat::Html => "HTML, to print or share",
            ReportFormat::Json => "JSON, for programs",
            ReportFormat::Csv => "CSV, a row for each answer",
        }
    }

    /// Returns what a file in this format is good for.
    pub fn about(self) -> &'static str {
        match self {
            ReportFormat::Text => "Plain text, as `aethos report` prints it.",
            ReportFormat::Markdown => {
                "Text for notes, wikis and pull requests. Figures are drawn with characters."
            }
            ReportFormat::Html => {
                "One file that a browser shows and prints, with figures as drawings. Your private notes are left out."
            }
            ReportFormat::Json => {
                "Every answer and score, for programs. The fields are described in docs/reports.md."
            }
            ReportFormat::Csv => "A table for spreadsheets, with a row for each answer.",
        }
    }

    /// Returns the ending of the names of files in this format.
    pub fn ending(self) -> &'static str {
        match self {
            ReportFormat::Text => "txt",
            ReportFormat::Markdown => "md",
            ReportFormat::Html => "html",
            ReportFormat::Json => "json",
            ReportFormat::Csv => "csv",
        }
    }

    /// Returns the format of files with this ending.
    pub fn of_ending(ending: &str) -> Option<Self> {
        let ending = match ending {
            "markdown" => "md",
            "htm" => "html",
            ending => ending,
        };
        let mut formats = Self::OFFERED.into_iter();
        formats.find(|format| format.ending() == ending)
    }
}

/// The questions that a report contains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReportScope {
    #[default]
    All,
    /// Only the questions whose answer was not fully right.
    Wrong,
    /// Scores and next steps only.
    Summary,
}

impl ReportScope {
    pub const ALL: [ReportScope; 3] = [ReportScope::All, ReportScope::Wrong, ReportScope::Summary];

    pub fn title(self) -> &'static str {
        match self {
            ReportScope::All => "everything",
            ReportScope::Wrong => "only what was not right",
            ReportScope::Summary => "the summary, without questions",
        }
    }

    /// Returns what is in a report of this scope.
    pub fn about(self) -> &'static str {
        match self {
            ReportScope::All => {
                "The scores, the next steps, and every question with your answer, the correct \
                 answer and the explanation."
            }
            ReportScope::Wrong => {
                "The scores, the next steps, and the questions that you did not get fully right."
            }
            ReportScope::Summary => {
                "Only the scores and the next steps. No question is given away."
            }
        }
    }
}

/// A request to write the report of a session to a new file.
#[derive(Clone, Debug)]
pub struct ExportRequest {
    pub session: SessionId,
    pub format: ReportFormat,
    pub scope: ReportScope,
    /// The folder, as it was offered.
    pub folder: String,
    /// The name of the file without its ending.
    pub name: String,
}

/// The places for a report.
#[derive(Clone, Debug)]
pub struct ExportOffer {
    pub session: SessionId,
    /// The name of the file without its ending.
    pub name: String,
    /// What each folder is, and its full path; the first one is the default.
    pub folders: Vec<(&'static str, String)>,
}
