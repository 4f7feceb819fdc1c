//! The report in Markdown (`CommonMark` with tables).
//!
//! Text from decks and people is escaped: it can't become a heading, a link, HTML or the end of a listing.

use super::model::Report;
use super::review::Review;
use super::words;
use crate::core::figure::{Charset, draw};
use crate::core::text::{Block, Text};
use crate::session::LEVEL_AND_RANGE;
use crate::session::assessment::FormerScores;
use crate::session::present::{Entry, Mark, Part};

/// The width of a bar in columns.
const BAR: usize = 41;

/// Formats the report as Markdown.
pub fn markdown(report: &Report) -> String {
    let mut page = Page::default();
    let heading = &report.heading;
    page.heading(
        1,
        &format!("Result: {}, {}", heading.person.line(), heading.day.line()),
    );
    page.paragraph(&capitalised(words::KIND));
    page.entry(&format!(
        "{}, session {}",
        report.name.line(),
        Text::new(heading.session.as_str()).line()
    ));
    page.entry(&words::tally(report));
    page.entry(&words::time(report));
    for incident in words::incidents(report) {
        page.entry(&incident);
    }
    result(&mut page, report);
    confidence(&mut page, report);
    page.heading(2, "Next steps");
    for (n, action) in (1..).zip(&report.next) {
        page.item(&format!("{n}. "), action);
    }
    if !report.questions.is_empty() {
        page.heading(2, "Questions");
    }
    for question in &report.questions {
        review(&mut page, question);
    }
    page.text
}

/// Formats one question of the report with its answer and explanation; `None` if there is no such number.
pub fn question_markdown(report: &Report, number: usize) -> Option<String> {
    let mut questions = report.questions.iter();
    let found = questions.find(|review| review.number == number)?;
    let mut page = Page::default();
    review(&mut page, found);
    Some(page.text)
}

fn result(page: &mut Page, report: &Report) {
    page.heading(2, "Score");
    page.paragraph(words::MEANING);
    page.paragraph(LEVEL_AND_RANGE);
    page.paragraph(words::OVERALL);
    page.paragraph(words::ORDER);
    if let Some(since) = &report.since {
        page.paragraph(&since.sentence);
    }
    if let Some(overall) = &report.result.overall {
        page.heading(3, "Overall");
        page.paragraph(&words::overall(overall));
        page.fence("", &format!("0 {} 100", words::bar(overall, BAR)));
    }
    for line in report
        .result
        .too_few
        .iter()
        .chain(&report.apart_from_role)
        .cloned()
        .chain(report.former_scores.iter().map(FormerScores::sentence))
    {
        page.paragraph(&line);
    }
    for line in &report.result.competencies {
        page.heading(3, &line.title.line());
        page.paragraph(&words::score(line));
        if let Some(estimate) = &line.estimate {
            page.fence("", &format!("0 {} 100", words::bar(estimate, BAR)));
        }
        for detail in words::details(line).iter().chain(&line.missing) {
            page.entry(detail);
        }
    }
    if let Some(within) = &report.within_limit {
        page.heading(3, "Within the time limit");
        for line in words::within_limit(within) {
            page.entry(&line);
        }
    }
    if !report.apart.is_empty() {
        page.heading(3, "Not part of the score");
        page.paragraph(words::APART);
        for line in &report.apart {
            page.entry(&words::unscored(line));
        }
    }
    if let Some(rated) = report.rated() {
        page.paragraph(&words::rated(rated));
    }
}

fn confidence(page: &mut Page, report: &Report) {
    let Some(summary) = &report.confidence else {
        return;
    };
    page.heading(2, "Confidence");
    for line in &summary.statements {
        page.entry(&words::statement(line));
    }
    page.paragraph(&summary.verdict);
    summary.figures.iter().for_each(|line| page.paragraph(line));
    let sure = report.questions.iter();
    let sure: Vec<&Review> = sure
        .filter(|q| report.sure_and_wrong.contains(&q.number))
        .collect();
    if !sure.is_empty() {
        page.heading(3, "Sure and wrong");
    }
    for question in sure {
        page.entry(&words::title(question));
    }
}

fn review(page: &mut Page, review: &Review) {
    page.heading(3, &words::title(review));
    page.entry(&words::origin(review));
    page.entry(&words::circumstances(review));
    let asked = &review.presented.asked;
    page.parts(&asked.parts());
    page.paragraph(&asked.rule.line());
    page.parts(&review.presented.parts());
    for point in &review.points {
        page.entry(&format!("To know: {}", point.text.line()));
        for reference in &point.references {
            page.entry(&format!("Source: {}", reference.line()));
        }
    }
    if !review.note.is_empty() {
        page.paragraph(&format!("Your note: {}", review.note.line()));
    }
}

/// Capitalises the first letter and adds a full stop.
pub(super) fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect::<String>() + ".")
        .unwrap_or_default()
}

/// The width of a figure in a fence, in columns.
const FIGURE_COLUMNS: usize = 76;

/// A Markdown writer. All methods except `fence` escape their text.
#[derive(Default)]
pub(super) struct Page {
    pub(super) text: String,
    /// True if the last block is a list that an entry can continue.
    list: bool,
    /// The indent of text under the last entry, in columns.
    indent: usize,
}

impl Page {
    /// Writes a block after a blank line.
    fn block(&mut self, block: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(block);
        self.text.push('\n');
        self.list = false;
    }

    pub(super) fn heading(&mut self, level: usize, words: &str) {
        self.block(&format!("{} {}", "#".repeat(level), inline(words)));
    }

    pub(super) fn paragraph(&mut self, words: &str) {
        if !words.is_empty() {
            self.block(&escape(words));
        }
    }

    pub(super) fn strong(&mut self, words: &str) {
        if !words.is_empty() {
            self.block(&format!("**{}**", inline(words)));
        }
    }

    pub(super) fn entry(&mut self, words: &str) {
        self.item("- ", words);
    }

    pub(super) fn item(&mut self, mark: &str, words: &str) {
        let line = format!("{mark}{}", escape(words));
        if self.list {
            self.text.push_str(&line);
            self.text.push('\n');
        } else {
            self.block(&line);
        }
        (self.list, self.indent) = (true, mark.len());
    }

    /// Writes a paragraph that belongs to the entry above it.
    pub(super) fn under(&mut self, words: &str) {
        if !words.is_empty() {
            self.block(&format!("{}{}", " ".repeat(self.indent), escape(words)));
            self.list = true;
        }
    }

    pub(super) fn blocks(&mut self, text: &Text) {
        for block in text.blocks() {
            match block {
                Block::Paragraph(words) => self.paragraph(&words),
                Block::Entry {
                    mark: "-" | "*",
                    text,
                } => self.entry(&text),
                Block::Entry { mark, text } => self.item(&format!("{mark} "), &text),
                Block::Code(text) => self.fence("", &text),
            }
        }
    }

    /// Writes the parts of a question.
    pub(super) fn parts(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Prose(text) => self.blocks(text),
                Part::Listing(code) => self.fence(&code.language.line(), &code.lines().join("\n")),
                Part::Figure(figure) => {
                    self.paragraph(&figure.alt.line());
                    let picture = draw(figure, FIGURE_COLUMNS, Charset::Unicode);
                    self.fence("", &picture.text().join("\n"));
                }
                Part::LeadIn(text) => self.strong(&text.line()),
                Part::Aside(text) => self.paragraph(text),
                Part::Heading(words) => self.strong(words),
                Part::Entry(line) => self.question_entry(line),
                Part::Labelled(label, text) => self.paragraph(&format!("{label}: {}", text.line())),
                Part::Source(text) => self.entry(&text.line()),
                Part::Criterion(_, rating) => {
                    let (criterion, evidence) = (rating.criterion.line(), rating.evidence.line());
                    self.entry(&format!(
                        "{criterion} ({}). Look for: {evidence}",
                        rating.given()
                    ));
                }
            }
        }
    }

    fn question_entry(&mut self, entry: &Entry) {
        match entry.lead.as_str() {
            "" => self.entry(&entry.text.line()),
            number if number.bytes().all(|b| b.is_ascii_digit()) => {
                self.item(&format!("{number}. "), &entry.text.line());
            }
            letter => self.entry(&format!("{letter}) {}", entry.text.line())),
        }
        for (mark, text) in entry.beneath() {
            match mark {
                Mark::None => self.under(&text),
                mark => self.under(&format!("{} {text}", mark.signs().0)),
            }
        }
    }

    /// Writes a listing, fenced by more backticks than it contains in a row.
    pub(super) fn fence(&mut self, language: &str, listing: &str) {
        let longest = listing.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        let word = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '#' | '.');
        let language: String = language.chars().filter(word).collect();
        self.block(&format!(
            "{fence}{language}\n{}\n{fence}",
            listing.trim_end_matches('\n')
        ));
    }
}

/// Escapes Markdown and HTML in a line of its own.
fn escape(words: &str) -> String {
    let escaped = inline(words);
    let first = escaped.split(' ').next().unwrap_or_default();
    // At the start of a line, these would begin a list, a numbered entry or the underline of a heading.
    let number = first.trim_end_matches(['.', ')']);
    let counts = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    match first.chars().next() {
        Some('-' | '+' | '=') => format!("\\{escaped}"),
        Some(_) if counts && number.len() < first.len() => {
            format!("{number}\\{}", &escaped[number.len()..])
        }
        _ => escaped,
    }
}

/// Escapes Markdown and HTML in text that follows other text on its line.
fn inline(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len() + 8);
    for (place, word) in words.split_whitespace().enumerate() {
        if place > 0 {
            escaped.push(' ');
        }
        for c in word.chars() {
            if matches!(
                c,
                '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' | '#' | '!'
            ) {
                escaped.push('\\');
            }
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_text_is_a_mark() {
        assert_eq!(
            escape("# a *b* <img src=x> [l](u)"),
            "\\# a \\*b\\* \\<img src=x\\> \\[l\\](u)"
        );
        assert_eq!(escape("- x\n- y"), "\\- x - y");
        assert_eq!(escape("1. x 2. y"), "1\\. x 2. y");
        assert_eq!(escape("=== a"), "\\=== a");
    }

    #[test]
    fn a_listing_cannot_end_its_fence() {
        let mut page = Page::default();
        page.fence("ru`st\nx", "a\n````\nb\n");
        assert_eq!(page.text, "`````rustx\na\n````\nb\n`````\n");
    }
}
