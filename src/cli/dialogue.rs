//! A session without the screen, for `--plain`.

use std::cell::RefCell;
use std::io::{self, Write};

use super::{Exit, Failed};
use crate::app::Watch;
use crate::app::effect::{Effect, News, Started};
use crate::plain;
use crate::report;
use crate::session::Phase;
use crate::shell::Shell;

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
        &mut |stamped| {
            for news in shell.borrow_mut().save(stamped.clone()) {
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
            write!(
                output,
                "\n{}",
                report::text(&shell.workspace.report(&opened))
            )?;
        }
    }
    Ok(Exit::Fine)
}
