//! The sentences of a report, shared by all formats for people.

use super::calibration::ConfidenceLine;
use super::model::{CompetencyLine, Estimate, GapLine, Report, Summary, UnscoredLine};
use super::review::Review;
use crate::core::response::Confidence;
use crate::core::scoring::hundredths;
use crate::core::time::Millis;
use crate::session::present::Verdict;

pub const KIND: &str = "self-assessment, unsupervised";

pub const MEANING: &str = "The score estimates the share of all questions on this competency in \
    the decks that you would get right, from 0 to 100. Only some of them were asked, so it isn't \
    exact: \"62, plausibly 44 to 78\" means that 62 is the best estimate, and that the true share \
    lies between 44 and 78 nine times in ten. More questions narrow the range. The chance level \
    is the average score of blind guessing.";

pub const ORDER: &str = "The competencies are in the order of the source document. If two ranges \
    overlap, these answers don't show which of the two is stronger.";

pub const OVERALL: &str = "The overall score is the weighted mean over all competencies asked. \
    Its level is that of a person with this score who is equally good at all of them.";

pub const APART: &str = "Also asked, but not part of the score:";

/// Formats the counts: `7 questions: 4 answered, 1 omitted, 2 not reached`
pub fn tally(report: &Report) -> String {
    let t = &report.tally;
    let fates = [
        (t.answered, "answered"),
        (t.omitted, "omitted"),
        (t.timed_out, "open when the time ran out"),
        (t.not_reached, "not reached (kept unseen for another time)"),
    ];
    let phrases: Vec<String> = fates
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, fate)| format!("{n} {fate}"))
        .collect();
    if report.continues.is_empty() {
        return format!("{}: {}", questions(t.questions), phrases.join(", "));
    }
    let parts: Vec<String> = report
        .continues
        .iter()
        .map(|c| c.questions.to_string())
        .collect();
    let (parts, new) = (parts.join(" + "), t.questions);
    format!(
        "{parts} + {new} questions, all of which count for the scores; of the {new} new ones: {}",
        phrases.join(", ")
    )
}

/// Formats the number of right answers: `22 of 24`. Open questions are not counted.
pub fn right(questions: &[Review]) -> String {
    let scored = questions
        .iter()
        .filter(|review| review.verdict != Verdict::Written);
    let right = questions
        .iter()
        .filter(|review| review.verdict == Verdict::Right);
    format!("{} of {}", right.count(), scored.count())
}

/// Formats the time: `47:20 used, limit 50:00`
pub fn time(report: &Report) -> String {
    match report.limit_ms {
        Some(limit) => format!("{} used, limit {}", report.spent_ms.clock(), limit.clock()),
        None => format!("{} used, no limit", report.spent_ms.clock()),
    }
}

/// Returns a sentence each about the end of an adaptive assessment, new variants, gaps and expiry.
pub fn incidents(report: &Report) -> Vec<String> {
    let mut phrases: Vec<String> = report.adaptive.iter().cloned().collect();
    phrases.extend(report.variants_sentence.clone());
    let gap = |gap: &GapLine| {
        format!(
            "Interruption of {} at {}; the clock was stopped.",
            gap.length_ms.clock(),
            gap.at_ms.clock()
        )
    };
    // Interruptions shorter than a second are not mentioned.
    let is_long = |gap: &&GapLine| gap.length_ms >= Millis::seconds(1);
    phrases.extend(report.gaps.iter().filter(is_long).map(gap));
    if let Some(at) = report.expired_at_ms {
        phrases.push(match report.within_limit {
            Some(_) => format!(
                "Time was up at {}. The session continued without a limit, so both results are \
                 given.",
                at.clock()
            ),
            None => format!("Time was up at {}.", at.clock()),
        });
    }
    phrases
}

/// Formats a score with its interval: `62, plausibly 44 to 78`
pub fn estimate(estimate: &Estimate) -> String {
    format!(
        "{:.0}, plausibly {:.0} to {:.0}",
        estimate.score, estimate.low, estimate.high
    )
}

/// Formats the overall score: `62, plausibly 44 to 78: mid to senior, taken over everything`
pub fn overall(overall: &Estimate) -> String {
    let standing = overall.standing.as_deref().unwrap_or_default();
    format!("{}: {standing}; {}", estimate(overall), overall.aside)
}

/// Formats the score of a competency: `62, plausibly 44 to 78, from 5 questions`, or only `2 of 3`.
pub fn score(line: &CompetencyLine) -> String {
    match &line.estimate {
        Some(e) => format!("{}, from {}", estimate(e), questions(line.scored)),
        None => few(line),
    }
}

fn few(line: &CompetencyLine) -> String {
    match line.scored {
        0 => "no questions that count".to_owned(),
        n if line.answered == 0 => format!("none of {n} answered"),
        n => format!("{} of {n}", hundredths(line.points)),
    }
}

/// Returns the details of a competency's score, most important first.
pub fn details(line: &CompetencyLine) -> Vec<String> {
    let mut phrases = Vec::new();
    if let Some(standing) = line.estimate.as_ref().and_then(|e| e.standing.as_ref()) {
        phrases.push(standing.clone());
        phrases.extend(
            line.estimate
                .as_ref()
                .map(|estimate| estimate.aside.clone()),
        );
    }
    if let Some(rating) = line.self_rating {
        phrases.push(format!("you said {rating}"));
    }
    phrases.push(format!(
        "{} of {} scored",
        line.scored,
        questions(line.planned)
    ));
    if line.scored > 0 {
        phrases.push(format!("chance level {:.0}", line.chance));
    }
    phrases.push(format!("facets {} of {}", line.facets_touched, line.facets));
    phrases.push(format!("omitted {}", line.omitted));
    phrases.push(format!("not reached {}", line.not_reached));
    phrases.push(format!("time {}", line.spent_ms.clock()));
    phrases
}

/// `sure: 7 of 9 right, 78 %, plausibly 50 to 92 %`
pub fn statement(line: &ConfidenceLine) -> String {
    let right = (line.right * line.n as f64).round();
    let percent = |share: f64| 100.0 * share;
    format!(
        "{} (means {:.0}%): {right} of {} right, {:.0}%, plausibly {:.0} to {:.0}%",
        line.said.words(),
        percent(line.stated),
        line.n,
        percent(line.right),
        percent(line.low),
        percent(line.high)
    )
}

/// Formats level, type, time, confidence and other circumstances of an answer.
pub fn circumstances(review: &Review) -> String {
    let mut phrases = vec![
        review.level.to_string(),
        review.kind.word().to_owned(),
        format!("time {}", review.spent_ms.clock()),
    ];
    phrases.extend(review.confidence.map(said));
    if review.flagged {
        phrases.push("flagged".to_owned());
    }
    if !review.fresh {
        phrases.push("seen before, so it doesn't count".to_owned());
    }
    if let Some(reason) = &review.withdrawn {
        phrases.push(format!("withdrawn, so it doesn't count: {}", reason.line()));
    }
    phrases.join(", ")
}

fn said(confidence: Confidence) -> String {
    format!("you said: {}", confidence.words())
}

/// Returns the next steps: what to review first, more questions where the evidence is thin, and a later test.
pub fn next_actions(result: &Summary, first_review: String) -> Vec<String> {
    let wide = |line: &&CompetencyLine| {
        line.estimate.as_ref().is_none_or(|e| {
            e.standing
                .as_ref()
                .is_some_and(|standing| standing.contains(" to "))
        })
    };
    let open: Vec<String> = result
        .competencies
        .iter()
        .filter(wide)
        .map(|line| line.title.line())
        .collect();
    let is_scored = |line: &CompetencyLine| line.estimate.is_some();
    let deepen = match open.len() {
        0 if result.shortfall.is_some() => {
            "Every competency asked has a single level: take another assessment with more \
             competencies for an overall score."
                .to_owned()
        }
        0 => "Every competency has a single level: more questions would add little for now."
            .to_owned(),
        _ if !result.competencies.iter().any(is_scored) => {
            "Answer questions in every competency (`aethos assess --deepen`): none has a score yet."
                .to_owned()
        }
        n if n == result.competencies.len() => {
            "Answer more questions in every competency (`aethos assess --deepen`): every range is \
             still too wide for a single level."
                .to_owned()
        }
        _ => format!(
            "Answer more questions where there is no single level yet (`aethos assess --deepen`): {}.",
            open.join(", ")
        ),
    };
    let retest =
        "Take another assessment in a few weeks: only questions you haven't seen count.".to_owned();
    vec![first_review, deepen, retest]
}

pub fn questions(n: usize) -> String {
    count(n, "question", "questions")
}

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Draws an interval on a scale of `width` places from 0 to 100: `···├────●──┤···`.
pub fn bar(estimate: &Estimate, width: usize) -> String {
    let place = |percent: f64| {
        ((percent / 100.0).clamp(0.0, 1.0) * (width.max(1) - 1) as f64).round() as usize
    };
    let (low, middle, high) = (
        place(estimate.low),
        place(estimate.score),
        place(estimate.high),
    );
    (0..width)
        .map(|at| match at {
            _ if at == middle => '●',
            _ if at == low => '├',
            _ if at == high => '┤',
            _ if low < at && at < high => '─',
            _ => '·',
        })
        .collect()
}

/// Formats the title of a question: its number, facet and verdict.
pub fn title(review: &Review) -> String {
    let verdict = review.verdict;
    format!(
        "{}. {}: {} {}",
        review.number,
        review.facet.line(),
        verdict.mark().signs().0,
        verdict.words()
    )
}

/// Formats the origin of a question: its place in the source document and its id.
pub fn origin(review: &Review) -> String {
    let place = if review.place.is_empty() {
        String::new()
    } else {
        format!(" ({})", review.place.line())
    };
    format!(
        "{}{place}, {}/{}",
        review.competency.line(),
        review.deck,
        review.id
    )
}

/// Returns the overall score and the competency scores at the time limit.
pub fn within_limit(summary: &Summary) -> Vec<String> {
    let overall = summary
        .overall
        .as_ref()
        .map(|e| format!("overall: {}", estimate(e)));
    let overall = overall.or_else(|| summary.too_few.clone());
    let lines = summary
        .competencies
        .iter()
        .map(|line| format!("{}: {}", line.title.line(), score(line)));
    overall.into_iter().chain(lines).collect()
}

pub fn rated((own, all): (u32, u32)) -> String {
    format!("Open questions, rated by you: {own} of {all} points.")
}

pub fn unscored(line: &UnscoredLine) -> String {
    format!(
        "{}: {} of {}",
        line.title.line(),
        hundredths(line.points),
        line.asked
    )
}
