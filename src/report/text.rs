//! The report as plain text: 80 columns, no colour.

use textwrap::{Options, WordSplitter};
use unicode_width::UnicodeWidthStr;

use super::model::{CompetencyLine, Report};
use super::review::Review;
use super::words;
use crate::core::figure::{Charset, draw};
use crate::core::text::Text;
use crate::session::LEVEL_AND_RANGE;
use crate::session::assessment::FormerScores;
use crate::session::present::{Line, Mark, Part, lines};

const COLUMNS: usize = 80;
/// The width of a bar in columns.
const BAR: usize = 41;
/// The width of the title before a bar in columns.
const TITLE: usize = 34;

/// Formats the report in lines of at most 80 columns; only listings keep their own width.
pub fn text(report: &Report) -> String {
    let mut page = Page::default();
    let heading = &report.heading;
    page.heading(
        &format!("Result: {}, {}", heading.person.line(), heading.day.line()),
        '=',
    );
    page.line(0, words::KIND);
    page.line(
        0,
        &format!(
            "{}, session {}",
            report.name.line(),
            Text::new(heading.session.as_str()).line()
        ),
    );
    page.line(0, &words::tally(report));
    page.line(0, &words::time(report));
    for incident in words::incidents(report) {
        page.line(0, &incident);
    }
    result(&mut page, report);
    confidence(&mut page, report);
    page.heading("Next steps", '-');
    for (n, action) in (1..).zip(&report.next) {
        page.hanging(0, &format!("{n}. "), action);
    }
    if !report.questions.is_empty() {
        page.heading("Questions", '-');
    }
    for question in &report.questions {
        review(&mut page, question);
    }
    page.text
}

/// Formats a summary: the counts, the scores and the next steps, without the questions.
pub fn summary_text(report: &Report) -> String {
    let mut page = Page::default();
    page.line(
        0,
        &format!("{} right. {}.", report.right, words::tally(report)),
    );
    if let Some(overall) = &report.result.overall {
        page.line(0, &format!("Overall: {}.", words::overall(overall)));
    }
    if let Some(too_few) = &report.result.too_few {
        page.line(0, too_few);
    }
    if let Some(words) = &report.apart_from_role {
        page.line(0, words);
    }
    for line in &report.result.competencies {
        page.line(
            0,
            &format!("{}: {}.", line.title.line(), words::score(line)),
        );
    }
    if let Some(rated) = report.rated() {
        page.line(0, &words::rated(rated));
    }
    page.line(0, "Next steps:");
    for (n, action) in (1..).zip(&report.next) {
        page.hanging(0, &format!("{n}. "), action);
    }
    page.text
}

/// Formats a question of the report with its answer and explanation; `None` if there is no such number.
pub fn review_text(report: &Report, number: usize) -> Option<String> {
    let found = report
        .questions
        .iter()
        .find(|review| review.number == number)?;
    let mut page = Page::default();
    review(&mut page, found);
    Some(page.text)
}

/// Formats the parts of a question in lines of at most 80 columns, with the signs and lines of `charset`.
pub fn question_text(parts: &[Part], charset: Charset) -> String {
    let mut page = Page {
        charset,
        ..Page::default()
    };
    page.parts(parts);
    page.text
}

fn result(page: &mut Page, report: &Report) {
    page.heading("Score", '-');
    if let Some(overall) = &report.result.overall {
        page.bar("overall", &words::bar(overall, BAR));
        page.line(4, &words::overall(overall));
        page.blank();
    }
    for line in report
        .result
        .too_few
        .iter()
        .chain(&report.apart_from_role)
        .cloned()
        .chain(report.former_scores.iter().map(FormerScores::sentence))
    {
        page.line(0, &line);
        page.blank();
    }
    for line in &report.result.competencies {
        competency(page, line);
    }
    if let Some(since) = &report.since {
        page.line(0, &since.sentence);
        page.blank();
    }
    page.line(0, words::MEANING);
    page.line(0, LEVEL_AND_RANGE);
    page.line(0, words::OVERALL);
    page.line(0, words::ORDER);
    if let Some(within) = &report.within_limit {
        page.heading("Within the time limit", '-');
        for line in words::within_limit(within) {
            page.line(0, &line);
        }
    }
    if !report.apart.is_empty() {
        page.blank();
        page.line(0, words::APART);
        for line in &report.apart {
            page.line(4, &words::unscored(line));
        }
    }
    if let Some(rated) = report.rated() {
        page.blank();
        page.line(0, &words::rated(rated));
    }
}

fn competency(page: &mut Page, line: &CompetencyLine) {
    match &line.estimate {
        Some(estimate) => page.bar(&line.title.line(), &words::bar(estimate, BAR)),
        None => page.line(0, &line.title.line()),
    }
    page.line(4, &words::score(line));
    page.line(4, &words::details(line).join("; "));
    line.missing
        .iter()
        .for_each(|missing| page.line(4, missing));
    page.blank();
}

fn confidence(page: &mut Page, report: &Report) {
    let Some(summary) = &report.confidence else {
        return;
    };
    page.heading("Confidence", '-');
    for line in &summary.statements {
        page.line(0, &words::statement(line));
    }
    page.line(0, &summary.verdict);
    summary.figures.iter().for_each(|line| page.line(0, line));
    let sure = report.questions.iter();
    let sure: Vec<&Review> = sure
        .filter(|q| report.sure_and_wrong.contains(&q.number))
        .collect();
    if !sure.is_empty() {
        page.blank();
        page.line(0, "You were sure of these wrong answers:");
    }
    for question in sure {
        page.line(4, &words::title(question));
    }
}

fn review(page: &mut Page, review: &Review) {
    page.blank();
    page.line(0, &words::title(review));
    page.line(3, &words::origin(review));
    page.line(3, &words::circumstances(review));
    page.blank();
    let asked = &review.presented.asked;
    page.parts(&asked.parts());
    page.line(3, &format!("({})", asked.rule));
    page.blank();
    page.parts(&review.presented.parts());
    page.blank();
    for point in &review.points {
        page.hanging(3, "To know: ", &point.text.line());
        for reference in &point.references {
            page.hanging(12, "- ", &reference.line());
        }
    }
    if !review.note.is_empty() {
        page.hanging(3, "Your note: ", &review.note.line());
    }
}

/// A writer of wrapped lines.
struct Page {
    text: String,
    charset: Charset,
}

impl Default for Page {
    fn default() -> Self {
        Self {
            text: String::new(),
            charset: Charset::Unicode,
        }
    }
}

impl Page {
    fn raw(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// Writes a blank line, unless the last line is blank.
    fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn heading(&mut self, text: &str, under: char) {
        self.blank();
        self.line(0, text);
        self.raw(&String::from(under).repeat(text.width().min(COLUMNS)));
        self.blank();
    }

    fn line(&mut self, indent: usize, text: &str) {
        self.hanging(indent, "", text);
    }

    /// Writes `text` after `mark`, with continuation lines aligned to its first word.
    fn hanging(&mut self, indent: usize, mark: &str, text: &str) {
        let first = format!("{}{mark}", " ".repeat(indent));
        let rest = " ".repeat(first.width());
        let options = Options::new(COLUMNS)
            .initial_indent(&first)
            .subsequent_indent(&rest)
            .word_splitter(WordSplitter::NoHyphenation);
        for line in textwrap::wrap(text, options) {
            self.raw(&line);
        }
    }

    fn parts(&mut self, parts: &[Part]) {
        for line in lines(parts) {
            match line {
                Line::Blank => self.blank(),
                Line::Text { lead, text } => self.hanging(3, &lead, &text),
                Line::Beneath {
                    mark: Mark::None,
                    text,
                } => self.line(6, &text),
                Line::Beneath { mark, text } => {
                    let sign = match self.charset {
                        Charset::Unicode => mark.signs().0,
                        Charset::Ascii => mark.signs().1,
                    };
                    self.line(6, &format!("{sign} {text}"));
                }
                Line::Listing(code) => self.listing(&code.lines()),
                Line::Figure(figure) => {
                    let picture = draw(&figure, COLUMNS - 4, self.charset);
                    self.listing(&picture.text());
                }
            }
        }
    }

    fn listing(&mut self, lines: &[String]) {
        for line in lines {
            self.raw(&format!("    {line}"));
        }
    }

    /// Writes a bar beside its title, or below a long title.
    fn bar(&mut self, title: &str, bar: &str) {
        if title.width() <= TITLE {
            let padding = " ".repeat(TITLE - title.width());
            self.raw(&format!("{title}{padding} 0 {bar} 100"));
        } else {
            self.line(0, title);
            self.raw(&format!("{} 0 {bar} 100", " ".repeat(TITLE)));
        }
    }
}
