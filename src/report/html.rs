//! The report as one HTML file: no scripts, nothing from the network, readable on paper and on a phone.
//!
//! The templates are in `html/`. They escape all text; none of them may contain the filter `safe`. Notes of people are
//! never written, because this file is meant to be shared.

mod blocks;
mod charts;
mod svg;

use askama::Template;

use super::document::{Document, Piece};
use super::model::{CompetencyLine, Report};
use super::review::Review;
use super::{overview, words};
use crate::core::text::Text;
use crate::core::time::Day;
use crate::session::LEVEL_AND_RANGE;
use crate::session::assessment::FormerScores;
use crate::session::present::Verdict;
use blocks::{Block, blocks};
use svg::Svg;

/// The size in bytes below which a report stays.
const LIMIT: usize = 500_000;
/// The number of past assessments whose scores are listed; the chart shows all.
const LISTED: usize = 60;
/// The maximum number of questions whose times are listed in a report that would be too large.
const TIMES_LISTED: usize = 300;

/// A finished assessment of the same person.
#[derive(Clone, Debug)]
pub struct PastScore {
    pub day: Day,
    /// True for the assessment that the report is about.
    pub is_this: bool,
    /// The score with its 90% interval; `None` with too few answers.
    pub overall: Option<(f64, f64, f64)>,
    /// The title of each competency with a score, and the score with its interval.
    pub competencies: Vec<(Text, (f64, f64, f64))>,
}

#[derive(Template)]
#[template(path = "page.html", config = "src/report/html/askama.toml")]
struct Page<'a> {
    report: &'a Report,
    title: String,
    kind: String,
    facts: Vec<String>,
    counts: String,
    overall: Option<Score>,
    competencies: Vec<Score>,
    former: Vec<String>,
    within_limit: Vec<String>,
    apart: Vec<String>,
    rated: Option<String>,
    facets: Vec<Competency>,
    calibration: Option<Calibration>,
    sure_and_wrong: Vec<(usize, String)>,
    past: Vec<Past>,
    /// The number of past assessments that are not listed.
    earlier: usize,
    past_chart: Option<Svg>,
    times_chart: Option<Svg>,
    times: Vec<Time>,
    questions: Vec<Question>,
    /// Says what was left out of a report that would be too large.
    left_out: String,
}

/// A page about a person or a homework.
#[derive(Template)]
#[template(path = "document.html", config = "src/report/html/askama.toml")]
struct DocumentPage {
    title: String,
    sections: Vec<Section>,
}

enum Section {
    /// A heading with its level.
    Heading(usize, String),
    Blocks(Vec<Block>),
}

/// A score with its bar.
struct Score {
    title: String,
    words: String,
    bar: Option<Svg>,
    details: String,
}

/// The verdicts of a competency by facet.
struct Competency {
    title: String,
    facets: Vec<Facet>,
}

struct Facet {
    title: String,
    count: String,
    /// Number, class, sign and words of each verdict.
    verdicts: Vec<(usize, &'static str, &'static str, &'static str)>,
}

struct Calibration {
    chart: Svg,
    statements: Vec<String>,
    sentences: Vec<String>,
}

struct Past {
    day: String,
    is_this: bool,
    overall: String,
    competencies: Vec<String>,
}

struct Time {
    number: usize,
    facet: String,
    spent: String,
    fair: String,
    is_over: bool,
}

struct Question {
    number: usize,
    facet: String,
    sign: &'static str,
    verdict: &'static str,
    class: &'static str,
    origin: String,
    circumstances: String,
    asked: Vec<Block>,
    rule: String,
    answer: Vec<Block>,
    /// The knowledge points of the question, each with its sources.
    points: Vec<(String, Vec<String>)>,
    is_left_out: bool,
}

/// Formats the report as an HTML page. `past` are all assessments so far, oldest first.
pub fn html(report: &Report, past: &[PastScore]) -> String {
    let heading = &report.heading;
    let mut facts = vec![
        super::markdown::capitalised(words::KIND),
        super::markdown::capitalised(&format!(
            "{}, session {}",
            report.name.line(),
            heading.session
        )),
        format!("{}.", words::time(report)),
    ];
    facts.extend(words::incidents(report));
    let within_limit = report.within_limit.as_ref();
    let page = Page {
        title: format!("Result: {}, {}", heading.person.line(), heading.day.line()),
        kind: super::markdown::capitalised(words::KIND),
        facts,
        counts: format!("{}.", words::tally(report)),
        overall: overall(report),
        competencies: report.result.competencies.iter().map(Score::of).collect(),
        former: former(report),
        within_limit: within_limit.map(words::within_limit).unwrap_or_default(),
        apart: report.apart.iter().map(words::unscored).collect(),
        rated: report.rated().map(words::rated),
        facets: report.facets.iter().map(Competency::of).collect(),
        calibration: calibration(report),
        sure_and_wrong: sure_and_wrong(report),
        past: past.iter().rev().take(LISTED).map(Past::of).collect(),
        earlier: past.len().saturating_sub(LISTED),
        past_chart: (past.len() > 1).then(|| charts::past(past)),
        times_chart: charts::times(&report.times),
        times: report.times.iter().map(Time::of).collect(),
        questions: report.questions.iter().map(Question::of).collect(),
        left_out: String::new(),
        report,
    };
    page.within_limit()
}

/// Formats a document as an HTML page. Its first heading is the title.
pub(super) fn document(document: &Document) -> String {
    let mut sections: Vec<Section> = Vec::new();
    let mut title = String::new();
    for piece in &document.0 {
        let added = match piece {
            Piece::Heading(level, words) => {
                if title.is_empty() {
                    title.clone_from(words);
                }
                sections.push(Section::Heading(*level, words.clone()));
                continue;
            }
            Piece::Paragraph(words) | Piece::Under(words) => vec![Block::Paragraph(words.clone())],
            Piece::Entry(words) => {
                if let Some(Section::Blocks(blocks)) = sections.last_mut()
                    && let Some(Block::List(entries)) = blocks.last_mut()
                {
                    entries.push((String::new(), words.clone()));
                    continue;
                }
                vec![Block::List(vec![(String::new(), words.clone())])]
            }
            Piece::Parts(parts) => blocks(parts),
        };
        match sections.last_mut() {
            Some(Section::Blocks(blocks)) => blocks.extend(added),
            _ => sections.push(Section::Blocks(added)),
        }
    }
    // Writing to a string does not fail.
    DocumentPage { title, sections }
        .render()
        .unwrap_or_default()
}

fn overall(report: &Report) -> Option<Score> {
    let overall = report.result.overall.as_ref()?;
    Some(Score {
        title: "Overall".to_owned(),
        words: words::overall(overall),
        bar: Some(charts::score("Overall", overall, None)),
        details: String::new(),
    })
}

fn former(report: &Report) -> Vec<String> {
    let former = report.former_scores.iter().map(FormerScores::sentence);
    former.collect()
}

fn calibration(report: &Report) -> Option<Calibration> {
    let summary = report.confidence.as_ref()?;
    let mut sentences = vec![summary.verdict.clone()];
    sentences.extend(summary.figures.iter().cloned());
    Some(Calibration {
        chart: charts::calibration(summary),
        statements: summary.statements.iter().map(words::statement).collect(),
        sentences,
    })
}

/// Returns the number and the facet of each question whose answer was sure and wrong.
fn sure_and_wrong(report: &Report) -> Vec<(usize, String)> {
    let is_wrong = |time: &&overview::QuestionTime| report.sure_and_wrong.contains(&time.number);
    let wrong = report.times.iter().filter(is_wrong);
    wrong.map(|time| (time.number, time.facet.line())).collect()
}

impl Page<'_> {
    /// Returns true if the report contains this question.
    #[allow(
        clippy::trivially_copy_pass_by_ref,
        reason = "the template passes a reference"
    )]
    fn has(&self, number: &usize) -> bool {
        self.questions
            .iter()
            .any(|question| question.number == *number && !question.is_left_out)
    }

    /// Writes the page. If it is too large, it leaves out questions, first those that were right, and says so.
    fn within_limit(mut self) -> String {
        // Writing to a string does not fail.
        let write = |page: &Self| page.render().unwrap_or_default();
        let whole = write(&self);
        if whole.len() < LIMIT {
            return whole;
        }
        if self.times.len() > TIMES_LISTED {
            self.times.clear();
        }
        let mut order: Vec<usize> = (0..self.questions.len()).collect();
        // The sort is stable, so that questions of equal weight stay in their order.
        order.sort_by_key(|place| self.questions[*place].weight(&self.report.sure_and_wrong));
        let (mut fits, mut too_many) = (0, order.len());
        while fits + 1 < too_many {
            let middle = usize::midpoint(fits, too_many);
            self.keep(&order[..middle]);
            match write(&self).len() < LIMIT {
                true => fits = middle,
                false => too_many = middle,
            }
        }
        self.keep(&order[..fits]);
        write(&self)
    }

    /// Leaves out all questions but those at these places.
    fn keep(&mut self, places: &[usize]) {
        for question in &mut self.questions {
            question.is_left_out = true;
        }
        for place in places {
            self.questions[*place].is_left_out = false;
        }
        let table = match self.times.is_empty() {
            true => "the table of times, and ",
            false => "",
        };
        self.left_out = format!(
            "This page shows {} of {} questions, so that the file stays small; it leaves out {table}right answers first. \
             All questions are in the Markdown report: aethos report {} -o report.md",
            places.len(),
            self.questions.len(),
            self.report.heading.session
        );
    }
}

impl Score {
    fn of(line: &CompetencyLine) -> Self {
        let title = line.title.line();
        let bar = line
            .estimate
            .as_ref()
            .map(|estimate| charts::score(&title, estimate, Some(line.chance)));
        let mut details = super::markdown::capitalised(&words::details(line).join("; "));
        if let Some(missing) = &line.missing {
            details += " ";
            details += missing;
        }
        Self {
            words: words::score(line),
            bar,
            details,
            title,
        }
    }
}

impl Competency {
    fn of(competency: &overview::CompetencyFacets) -> Self {
        let facets = competency.facets.iter().map(|facet| {
            let right = |(_, verdict): &&(usize, Verdict)| *verdict == Verdict::Right;
            let verdicts = &facet.verdicts;
            Facet {
                title: facet.title.line(),
                count: match verdicts.len() {
                    0 => "not asked".to_owned(),
                    n => format!("{} of {n} right", verdicts.iter().filter(right).count()),
                },
                verdicts: verdicts
                    .iter()
                    .map(|(n, verdict)| {
                        let sign = verdict.mark().signs().0;
                        (*n, class(*verdict), sign, verdict.words())
                    })
                    .collect(),
            }
        });
        Self {
            title: competency.title.line(),
            facets: facets.collect(),
        }
    }
}

impl Past {
    fn of(past: &PastScore) -> Self {
        let words = |(score, low, high): (f64, f64, f64)| {
            format!("{score:.0}, plausibly {low:.0} to {high:.0}")
        };
        let competencies = past.competencies.iter();
        Self {
            day: past.day.to_string(),
            is_this: past.is_this,
            overall: past
                .overall
                .map_or_else(|| "too few answers that count".to_owned(), words),
            competencies: competencies
                .map(|(title, score)| format!("{}: {}", title.line(), words(*score)))
                .collect(),
        }
    }
}

impl Time {
    fn of(time: &overview::QuestionTime) -> Self {
        Self {
            number: time.number,
            facet: time.facet.line(),
            spent: time.spent.clock(),
            fair: time.fair.clock(),
            is_over: time.spent > time.fair,
        }
    }
}

impl Question {
    fn of(review: &Review) -> Self {
        let presented = &review.presented;
        let points = review.points.iter().map(|point| {
            let references = point.references.iter().map(|reference| reference.line());
            (point.text.line(), references.collect())
        });
        Self {
            number: review.number,
            facet: review.facet.line(),
            sign: review.verdict.mark().signs().0,
            verdict: review.verdict.words(),
            class: class(review.verdict),
            origin: words::origin(review),
            circumstances: words::circumstances(review),
            asked: blocks(&presented.asked.parts()),
            rule: presented.asked.rule.line(),
            answer: blocks(&presented.parts()),
            points: points.collect(),
            is_left_out: false,
        }
    }

    /// Returns a lower number for a question that is more worth reading.
    fn weight(&self, sure_and_wrong: &[usize]) -> u8 {
        match self.class {
            _ if sure_and_wrong.contains(&self.number) => 0,
            "wrong" => 1,
            "partly" => 2,
            "right" => 4,
            _ => 3,
        }
    }
}

/// Returns the class of a verdict, which gives it a colour.
fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Right => "right",
        Verdict::Partly => "partly",
        Verdict::Wrong => "wrong",
        _ => "open",
    }
}
