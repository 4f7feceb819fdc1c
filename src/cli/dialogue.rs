//! A session without the screen, for `--plain`.

use std::cell::RefCell;
use std::io::{self, BufRead, Read, Write};

use super::{Exit, Failed};
use crate::app::Watch;
use crate::app::effect::{Effect, News, Started};
use crate::plain;
use crate::report::{self, Report, Review};
use crate::session::Phase;
use crate::session::present::Verdict;
use crate::shell::Shell;

/// The maximum length of a typed line in bytes.
const MAX_LINE: u64 = 1000;

/// Runs a session as questions and answers in lines of text.
pub fn dialogue(shell: Shell, started: Started) -> Result<Exit, Failed> {
    // The shell both chooses the questions and stores the events.
    let shell = RefCell::new(shell);
    let mut session = started.session;
    let mut output = io::stdout().lock();
    let mut input = io::stdin().lock();
    if let Some(notice) = &started.notice {
        writeln!(output, "Note: {notice}.")?;
    }
    let watch = Watch::new();
    let confidence = shell.borrow().workspace.settings.confidence;
    let mut unsaved = Vec::new();
    let end = plain::run(
        &mut session,
        &mut || plain::ClockReading {
            at: watch.now(),
            stopped: false,
        },
        &mut |session| shell.borrow_mut().draw(session),
        &mut |events| {
            for news in shell.borrow_mut().save_all(events.to_vec()) {
                if let News::Unsaved(why) = news {
                    unsaved.push(why);
                }
            }
            Ok(())
        },
        &mut input,
        &mut output,
        confidence,
    )?;
    let is_unsaved = !unsaved.is_empty();
    for why in unsaved {
        writeln!(output, "Not saved: {why}")?;
    }
    if is_unsaved {
        shell.borrow_mut().store_rest()?;
    }
    if end == plain::End::Left && session.has_no_answers() {
        let mut shell = shell.into_inner();
        for effect in [Effect::Leave, Effect::Discard(started.id)] {
            shell.perform(effect);
        }
        return Ok(Exit::Fine);
    }
    if end == plain::End::Left || session.phase() != Phase::Finished {
        writeln!(output, "`aethos` on a terminal offers to resume it.")?;
        return Ok(Exit::Fine);
    }
    let counts = session.mode.counts();
    let mut shell = shell.into_inner();
    for news in shell.score_running(session) {
        if let News::Opened(opened) = news
            && counts
        {
            let report = shell.workspace.report(&opened);
            writeln!(output, "\n{}", report::summary_text(&report))?;
            look_back(&report, &mut input, &mut output)?;
        }
    }
    Ok(Exit::Fine)
}

/// Shows the questions that the person asks for, until the input ends or they quit.
fn look_back(report: &Report, input: &mut dyn BufRead, output: &mut dyn Write) -> io::Result<()> {
    let is_wrong = |review: &&Review| {
        !matches!(
            review.verdict,
            Verdict::Right | Verdict::Written | Verdict::NotReached
        )
    };
    let wrong = report.questions.iter().filter(is_wrong);
    let wrong: Vec<usize> = wrong.map(|review| review.number).collect();
    loop {
        write!(
            output,
            "question number, w wrong ones, s sure and wrong, r full report, Enter quit> "
        )?;
        output.flush()?;
        let mut line = String::new();
        if Read::take(&mut *input, MAX_LINE).read_line(&mut line)? == 0 {
            return writeln!(output);
        }
        let asked = match line.trim().to_lowercase().as_str() {
            "" | "q" | "quit" => return Ok(()),
            "r" | "report" => {
                write!(output, "{}", report::text(report))?;
                continue;
            }
            "w" | "wrong" => wrong.clone(),
            "s" | "sure" => report.sure_and_wrong.clone(),
            number => number.parse().into_iter().collect(),
        };
        let found: Vec<String> = asked
            .into_iter()
            .filter_map(|number| report::review_text(report, number))
            .collect();
        match found.is_empty() {
            true => writeln!(output, "There is no such question.")?,
            false => write!(output, "{}", found.concat())?,
        }
    }
}
