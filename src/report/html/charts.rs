//! The charts of a report: scores, calibration, change over time, and times.

use super::PastScore;
use super::svg::Svg;
use crate::core::figure::{Anchor, Fill, Ink, Pen, Rect, VectorImage};
use crate::core::time::Millis;
use crate::report::calibration::CalibrationSummary;
use crate::report::model::Estimate;
use crate::report::overview::QuestionTime;

/// Draws a score with its interval on a scale from 0 to 100, and the chance level.
pub fn score(title: &str, estimate: &Estimate, chance: Option<f64>) -> Svg {
    let mut image = VectorImage::new(328.0);
    image.height = 34.0;
    let x = |percent: f64| 14.0 + 3.0 * percent.clamp(0.0, 100.0);
    let pen = Pen::thin(Ink::Axis);
    image.line([(x(0.0), 12.0), (x(100.0), 12.0)], pen);
    for at in [0.0, 25.0, 50.0, 75.0, 100.0] {
        image.line([(x(at), 8.0), (x(at), 16.0)], pen);
        let label = format!("{at:.0}");
        image.label((x(at), 31.0), Anchor::Middle, label, Ink::Dim);
    }
    let (low, high) = (x(estimate.low), x(estimate.high));
    let bar = Rect::new(low, 6.0, (high - low).max(1.0), 12.0);
    let ink = Ink::Series(0);
    image.area(bar, Fill::Pale(ink), Some(Pen::thin(ink)));
    if let Some(chance) = chance {
        let pen = Pen::dashed(Ink::Marker);
        image.line([(x(chance), 1.0), (x(chance), 23.0)], pen);
    }
    image.dot((x(estimate.score), 12.0), 5.0, Fill::Full(ink), None);
    let chance = chance.map(|chance| format!("; chance level {chance:.0}"));
    let words = crate::report::words::estimate(estimate);
    let chance = chance.unwrap_or_default();
    Svg::of(&image, format!("{title}: {words}{chance}"))
}

/// Draws the share of right answers for each stated confidence against the diagonal.
pub fn calibration(summary: &CalibrationSummary) -> Svg {
    let mut image = VectorImage::new(340.0);
    image.height = 330.0;
    let x = |share: f64| 46.0 + 270.0 * share;
    let y = |share: f64| 282.0 - 270.0 * share;
    for percent in [0, 25, 50, 75, 100] {
        let share = f64::from(percent) / 100.0;
        image.line(
            [(x(0.0), y(share)), (x(1.0), y(share))],
            Pen::thin(Ink::Axis),
        );
        let label = format!("{percent}%");
        image.label((40.0, y(share) + 4.0), Anchor::End, label.clone(), Ink::Dim);
        image.label((x(share), 300.0), Anchor::Middle, label, Ink::Dim);
    }
    image.label((x(0.5), 322.0), Anchor::Middle, "you said", Ink::Dim);
    image.label((x(0.02), y(0.95)), Anchor::Start, "right", Ink::Dim);
    image.line(
        [(x(0.0), y(0.0)), (x(1.0), y(1.0))],
        Pen::dashed(Ink::Marker),
    );
    let mut ends = Vec::new();
    for line in &summary.statements {
        let (at, pen) = (
            x(line.stated),
            Pen {
                width: 2.0,
                ..Pen::thin(Ink::Series(0))
            },
        );
        image.line([(at, y(line.low)), (at, y(line.high))], pen);
        for end in [line.low, line.high] {
            image.line([(at - 6.0, y(end)), (at + 6.0, y(end))], pen);
        }
        image.dot((at, y(line.right)), 6.0, Fill::Full(Ink::Series(0)), None);
        let (said, right) = (line.said.words(), 100.0 * line.right);
        ends.push(format!("{said}: {right:.0}% of {} right", line.n));
    }
    Svg::of(&image, format!("Calibration. {}", ends.join("; ")))
}

/// Draws the overall score of each assessment over time.
pub fn past(past: &[PastScore]) -> Svg {
    let mut image = VectorImage::new(720.0);
    image.height = 230.0;
    let y = |score: f64| 190.0 - 1.8 * score.clamp(0.0, 100.0);
    for at in [0.0, 25.0, 50.0, 75.0, 100.0] {
        image.line([(40.0, y(at)), (700.0, y(at))], Pen::thin(Ink::Axis));
        image.label(
            (34.0, y(at) + 4.0),
            Anchor::End,
            format!("{at:.0}"),
            Ink::Dim,
        );
    }
    let (Some(first), Some(last)) = (past.first(), past.last()) else {
        return Svg::of(&image, "No assessments".to_owned());
    };
    let days = last.day.since(first.day);
    let mut places: Vec<f64> = Vec::new();
    let apart = (640.0 / past.len() as f64).min(if days == 0 { 60.0 } else { 14.0 });
    for one in past {
        let share = f64::from(one.day.since(first.day)) / f64::from(days.max(1));
        let at = 50.0 + 640.0 * share;
        // Assessments of the same day are drawn beside one another.
        let least = places.last().map_or(at, |before| before + apart);
        places.push(at.max(least));
    }
    let over = places.last().map_or(0.0, |last| (last - 690.0).max(0.0));
    let ink = |one: &PastScore| {
        if one.is_this {
            Ink::Strong
        } else {
            Ink::Series(0)
        }
    };
    let mut scored = 0;
    for (one, at) in past.iter().zip(&places) {
        let Some((score, low, high)) = one.overall else {
            continue;
        };
        let at = (at - over).max(44.0);
        image.line(
            [(at, y(low)), (at, y(high))],
            Pen {
                width: 2.0,
                ..Pen::thin(ink(one))
            },
        );
        image.dot(
            (at, y(score)),
            if one.is_this { 6.0 } else { 4.5 },
            Fill::Full(ink(one)),
            None,
        );
        scored += 1;
    }
    image.label(
        (50.0, 212.0),
        Anchor::Start,
        first.day.to_string(),
        Ink::Dim,
    );
    if first.day != last.day {
        image.label((690.0, 212.0), Anchor::End, last.day.to_string(), Ink::Dim);
    }
    let (from, to) = (first.day, last.day);
    Svg::of(
        &image,
        format!("Overall scores of {scored} assessments with their intervals, from {from} to {to}"),
    )
}

/// Draws the time of each question as a column, and its fair time as a line across it. Returns `None` without questions.
pub fn times(times: &[QuestionTime]) -> Option<Svg> {
    let longest = times.iter().map(|time| time.spent.max(time.fair)).max()?;
    // A very long time is cut off, so that the others can be compared.
    let fair = times.iter().map(|time| time.fair).max()?;
    let top = longest.min(Millis(fair.0.saturating_mul(3))).0.max(1000) as f64;
    let mut image = VectorImage::new(720.0);
    image.height = 210.0;
    let y = |time: Millis| 170.0 - 150.0 * (time.0 as f64 / top).min(1.0);
    for share in [0.0, 0.5, 1.0] {
        let time = Millis((top * share) as u64);
        image.line([(52.0, y(time)), (712.0, y(time))], Pen::thin(Ink::Axis));
        image.label((46.0, y(time) + 4.0), Anchor::End, time.clock(), Ink::Dim);
    }
    let step = 656.0 / times.len() as f64;
    let every = (26.0 / step).ceil().max(1.0) as usize;
    let width = (0.7 * step).clamp(1.0, 40.0);
    let left = |n: usize| 54.0 + step * n as f64;
    let ink = Ink::Series(0);
    for (is_over, fill) in [(false, Fill::Pale(ink)), (true, Fill::Full(ink))] {
        for (n, time) in times.iter().enumerate() {
            if is_over == (time.spent > time.fair) {
                let top = y(time.spent);
                let bar = Rect::new(left(n), top, width, 170.0 - top);
                image.bar(bar, fill, Some(Pen::thin(ink)));
            }
        }
    }
    let pen = Pen {
        width: 2.5,
        ..Pen::thin(Ink::Strong)
    };
    for (n, time) in times.iter().enumerate() {
        let at = y(time.fair);
        image.line([(left(n) - 1.5, at), (left(n) + width + 1.5, at)], pen);
    }
    for (n, time) in times.iter().enumerate().step_by(every) {
        let at = (left(n) + width / 2.0, 187.0);
        image.label(at, Anchor::Middle, time.number.to_string(), Ink::Dim);
    }
    image.label((712.0, 206.0), Anchor::End, "question", Ink::Dim);
    let over = times.iter().filter(|time| time.spent > time.fair).count();
    let n = times.len();
    Some(Svg::of(
        &image,
        format!(
            "Time per question; {over} of {n} took longer than their fair time, which is a thick line"
        ),
    ))
}
