//! `aethos practice --progress`: shows the progress in practice as text.

use std::io::{self, Write};

use super::{Exit, Failed};
use crate::app::agenda::{Agenda, Progress};
use crate::core::progress::ENOUGH_RECALLS;
use crate::core::time::Day;
use crate::shell::Workspace;

/// The number of days listed.
const DAYS: i32 = 14;

pub fn run(workspace: &Workspace, out: &mut dyn Write) -> Result<Exit, Failed> {
    let progress = workspace.progress()?;
    let agenda = workspace.agenda(workspace.settings.minutes_per_day.get())?;
    if progress.streak.last.is_none() {
        writeln!(
            out,
            "Nothing practised yet. `aethos practice` starts with new questions and explains each \
             at once;"
        )?;
        writeln!(out, "`aethos assess` first shows where to start.")?;
        return Ok(Exit::Fine);
    }
    let streak = match progress.streak.goes_on(progress.today) {
        true => progress.streak.days,
        false => 0,
    };
    let fit = match agenda.plan.days.first() {
        Some((_, fit, _)) if (*fit as usize) < agenda.due => {
            let fit = match fit {
                1 => "1 fits".to_owned(),
                fit => format!("{fit} fit"),
            };
            format!(", of which {fit} into {} min", agenda.minutes)
        }
        _ => String::new(),
    };
    writeln!(
        out,
        "{} due today{fit}. Current streak: {streak} (short breaks allowed).",
        agenda.due
    )?;
    if let Some(day) = agenda.interview {
        writeln!(out, "Interview on {day}.")?;
    }
    recalls(&progress, out)?;
    let is_recent = |(day, _): &&(Day, u32)| progress.today.since(*day) < DAYS;
    let mut recent = progress.days.iter().filter(is_recent).peekable();
    if recent.peek().is_some() {
        writeln!(out, "\nAnswers in the last {DAYS} days")?;
    }
    for (day, answers) in recent {
        writeln!(out, "  {:<12} {answers:>5}", day.words())?;
    }
    if !progress.weeks.is_empty() {
        writeln!(out, "\nTime by week")?;
    }
    for (monday, spent) in &progress.weeks {
        writeln!(
            out,
            "  {:<12} {:>5} min",
            monday.to_string(),
            spent.0.div_ceil(60_000)
        )?;
    }
    plan(&agenda, out)?;
    Ok(Exit::Fine)
}

/// Writes the share of questions recalled, per competency.
fn recalls(progress: &Progress, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "\nStill known when asked again (percent, 90% range, answers)"
    )?;
    if progress.all.tried == 0 {
        writeln!(
            out,
            "  nothing yet: this counts from the second time a question is asked"
        )?;
    }
    for (title, recalls) in &progress.recalls {
        let Some((share, low, high)) = recalls.share() else {
            continue;
        };
        let few = if recalls.tried < ENOUGH_RECALLS {
            "  few"
        } else {
            ""
        };
        writeln!(
            out,
            "  {title:<26} {share:>3.0}  {low:>2.0}-{high:<3.0} {:>5}{few}",
            recalls.tried
        )?;
    }
    Ok(())
}

/// Writes the number of questions due on each of the coming days.
fn plan(agenda: &Agenda, out: &mut dyn Write) -> io::Result<()> {
    if let Some(words) = agenda.plan.catching_up(agenda.minutes) {
        writeln!(out, "\nMore is due than fits into a day: {words}.")?;
    }
    let mut days = agenda
        .plan
        .days
        .iter()
        .filter(|(_, questions, _)| *questions > 0)
        .peekable();
    if days.peek().is_some() {
        writeln!(out, "\nDue in the coming days")?;
    }
    for (day, questions, seconds) in days {
        let kept = if agenda.plan.kept == Some(*day) {
            "  assessment day"
        } else {
            ""
        };
        writeln!(
            out,
            "  {:<12} {questions:>5} {:>5} min{kept}",
            day.words(),
            seconds.div_ceil(60)
        )?;
    }
    let is_ahead = agenda.interview.is_some() && !agenda.is_past();
    match agenda.plan.beyond(agenda.minutes, is_ahead) {
        Some(words) if is_ahead => writeln!(out, "  {words}")?,
        Some(_) => {
            let later = agenda.plan.later + agenda.plan.left;
            writeln!(out, "  {:<12} {later:>5}", "later")?;
        }
        None => {}
    }
    Ok(())
}
