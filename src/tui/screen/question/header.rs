//! The header line of a question: progress, topic and time.

use ratatui::text::Line;
use unicode_width::UnicodeWidthStr;

use crate::core::practice::QueueReason;
use crate::core::time::Millis;
use crate::tui::app::Model;
use crate::tui::page::Look;
use crate::tui::running::Running;
use crate::tui::screen::fixed;
use crate::tui::theme::Role;
use crate::tui::widget::bar;

/// The columns of the progress bar.
const BAR: usize = 10;

/// Draws the progress, the position, the reason why practice asks the question, and its topic.
pub fn header(
    slot: usize,
    model: &Model,
    running: &Running,
    look: &Look,
    width: usize,
) -> Line<'static> {
    let session = running.session();
    let item = session.item(slot);
    let mut spans = Vec::new();
    let of = if session.is_adaptive() && width >= 70 {
        " of at most "
    } else {
        "/"
    };
    spans.push(look.span(format!("{}{of}{}", slot + 1, session.most()), Role::Strong));
    if session.sheet(slot).flagged {
        spans.push(look.span(look.theme.mark(" ⚑", " !"), Role::Warn));
    }
    let why = session.reason(slot);
    if let Some(why) = why.filter(|why| *why != QueueReason::Chosen) {
        spans.push(look.span(format!("  {}", why.words()), Role::Key));
    }
    let mut room = width.saturating_sub(clock_line(running, look, width).width() + 2);
    room = room.saturating_sub(spans.iter().map(|s| s.width()).sum());
    let has_bar = width >= 70;
    if has_bar {
        room = room.saturating_sub(BAR + 1);
    }
    let topic = model.home.blueprint.facet(&item.facet);
    let topic = topic.map_or(String::new(), |(competency, facet)| {
        let whole = format!("  {} · {}", competency.title, facet.title);
        match has_bar {
            true if whole.width() <= room => whole,
            true => format!("  {}", facet.title),
            false => format!("  {}", competency.title),
        }
    });
    if has_bar {
        let done = if session.mode.reveals() {
            session.done()
        } else {
            session.answered()
        };
        let mut bar = bar::progress(done, session.most(), BAR, look);
        bar.push(look.span(" ", Role::Text));
        spans.splice(0..0, bar);
    }
    spans.push(look.span(fixed(&topic, room).trim_end().to_owned(), Role::Dim));
    Line::from(spans)
}

/// Draws the remaining time, or the elapsed time if there is no limit.
pub fn clock_line(running: &Running, look: &Look, width: usize) -> Line<'static> {
    match running.remaining() {
        Some(Millis::ZERO) if !running.session().mode.expires() => {
            look.line("time is over", Role::Dim)
        }
        Some(left) => {
            let role = if running.session().warning(running.spent()).is_some() {
                Role::Warn
            } else {
                Role::Strong
            };
            look.line(
                if width >= 60 {
                    format!("{} left", left.clock())
                } else {
                    left.clock()
                },
                role,
            )
        }
        None if width >= 60 => look.line("untimed", Role::Dim),
        None => Line::default(),
    }
}
