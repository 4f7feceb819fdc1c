//! `aethos decks --items`: what answers say about questions.

use std::io::{self, Write};

use serde::Serialize;

use super::{Exit, Failed};
use crate::app::items::ItemLine;
use crate::core::text::Text;
use crate::shell::Workspace;

/// A format of the item analysis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ItemFormat {
    #[default]
    Text,
    Json,
    /// A row for each question; the picks of its options are in one cell each
    Csv,
}

/// The options of the item analysis.
pub struct ItemsRequest<'a> {
    pub people: &'a [String],
    /// Questions with fewer answers are left out.
    pub min: usize,
    pub format: ItemFormat,
}

/// A question in the output. The names of the fields are documented and must not change.
///
/// Shares, facility and chance are in [0, 1]; times are in milliseconds. Below 10 answers, everything but counts is
/// `null`.
#[derive(Serialize)]
struct Line {
    deck: String,
    question: String,
    n: usize,
    /// The number of answers with the full score.
    right: usize,
    facility: Option<f64>,
    chance: Option<f64>,
    /// The correlation of the score with that of the rest of the session.
    discrimination: Option<f64>,
    median_ms: Option<u64>,
    fair_ms: u64,
    sure_and_wrong: Option<f64>,
    options: Vec<OptionLine>,
    flags: Vec<&'static str>,
}

#[derive(Serialize)]
struct OptionLine {
    text: Text,
    key: bool,
    picks: usize,
    /// The picks by the third of the answers whose rest of the session was worst, and best.
    lower: Option<usize>,
    upper: Option<usize>,
}

pub fn run(
    wanted: &ItemsRequest,
    workspace: &mut Workspace,
    out: &mut dyn Write,
) -> Result<Exit, Failed> {
    let mut people = Vec::new();
    for name in wanted.people {
        people.push(
            workspace
                .switch_to_known_person(name)
                .map_err(Failed::usage)?,
        );
    }
    let lines = workspace.item_lines(&people)?;
    let lines: Vec<Line> = lines
        .iter()
        .filter(|line| line.statistics.n >= wanted.min)
        .map(Line::of)
        .collect();
    match wanted.format {
        ItemFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &lines).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        ItemFormat::Csv => out.write_all(table(&lines)?.as_bytes())?,
        ItemFormat::Text => text(&lines, out)?,
    }
    Ok(Exit::Fine)
}

impl Line {
    fn of(line: &ItemLine) -> Self {
        let statistics = &line.statistics;
        let detail = statistics.detail.as_ref();
        let round = |value: f64| (value * 1000.0).round() / 1000.0;
        let options = line.options.iter().enumerate().map(|(n, text)| OptionLine {
            text: text.clone(),
            key: line.item.keys[n],
            picks: statistics.picks[n],
            lower: detail.map(|detail| detail.lower[n]),
            upper: detail.map(|detail| detail.upper[n]),
        });
        Self {
            deck: Text::new(line.deck.as_str()).line(),
            question: Text::new(line.question.as_str()).line(),
            n: statistics.n,
            right: statistics.right,
            facility: detail.map(|detail| round(detail.facility)),
            chance: line.item.chance.map(round),
            discrimination: detail.and_then(|detail| detail.discrimination.map(round)),
            median_ms: detail.and_then(|detail| Some(detail.median?.0)),
            fair_ms: line.item.fair.0,
            sure_and_wrong: detail.and_then(|detail| detail.sure_and_wrong.map(round)),
            options: options.collect(),
            flags: detail
                .iter()
                .flat_map(|detail| &detail.flags)
                .map(|flag| flag.words())
                .collect(),
        }
    }
}

fn text(lines: &[Line], out: &mut dyn Write) -> io::Result<()> {
    if lines.is_empty() {
        return writeln!(out, "No question has enough answers yet.");
    }
    let widest = lines
        .iter()
        .map(|line| line.deck.len() + line.question.len() + 1);
    let width = widest.max().unwrap_or(0).max(8);
    writeln!(
        out,
        "{:width$}  {:>4}  {:>5}  {:>5}  {:>6}  {:>7}  {:>10}  FLAGS",
        "QUESTION", "N", "RIGHT", "MEAN", "CHANCE", "DISCR", "TIME/FAIR"
    )?;
    let share = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.2}"));
    for line in lines {
        let time = line.median_ms.map_or("-".to_owned(), |median| {
            format!("{}/{} s", median / 1000, line.fair_ms / 1000)
        });
        let name = format!("{}/{}", line.deck, line.question);
        let words = format!(
            "{name:width$}  {:>4}  {:>5}  {:>5}  {:>6}  {:>7}  {time:>10}  {}",
            line.n,
            line.right,
            share(line.facility),
            share(line.chance),
            share(line.discrimination),
            line.flags.join(", ")
        );
        writeln!(out, "{}", words.trim_end())?;
    }
    writeln!(
        out,
        "\nBelow 10 answers there are only counts. The numbers describe the people who answered as much as the questions."
    )
}

/// Returns a table with a row for each question.
fn table(lines: &[Line]) -> Result<String, Failed> {
    let failed = |error: csv::Error| Failed::Io(io::Error::other(error));
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let head = [
        "deck",
        "question",
        "n",
        "right",
        "facility",
        "chance",
        "discrimination",
        "median_ms",
        "fair_ms",
        "sure_and_wrong",
        "picks",
        "lower",
        "upper",
        "flags",
    ];
    writer.write_record(head).map_err(failed)?;
    let number = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.3}"));
    for line in lines {
        let counts = |count: &dyn Fn(&OptionLine) -> Option<usize>| {
            let counts = line.options.iter().filter_map(count);
            counts.map(|n| n.to_string()).collect::<Vec<_>>().join(" ")
        };
        let cells = [
            safe(&line.deck),
            safe(&line.question),
            line.n.to_string(),
            line.right.to_string(),
            number(line.facility),
            number(line.chance),
            number(line.discrimination),
            line.median_ms.map_or(String::new(), |ms| ms.to_string()),
            line.fair_ms.to_string(),
            number(line.sure_and_wrong),
            counts(&|option| Some(option.picks)),
            counts(&|option| option.lower),
            counts(&|option| option.upper),
            line.flags.join("; "),
        ];
        writer.write_record(cells).map_err(failed)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| Failed::Io(io::Error::other(error.to_string())))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Returns the text of a cell that no spreadsheet takes for a formula.
fn safe(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}
