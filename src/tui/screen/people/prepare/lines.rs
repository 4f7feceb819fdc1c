//! The lines of the screen that prepares a session.

use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use super::super::when;
use crate::app::people::{LastMeeting, MeetingDraft};
use crate::core::id::{CompetencyId, FacetId};
use crate::core::text::Text;
use crate::session::meeting::{DraftMeeting, MeetingCandidate};
use crate::tui::app::Model;
use crate::tui::page::{Look, Page};
use crate::tui::screen::{TEXT, fixed};
use crate::tui::theme::Role;
use crate::tui::widget::prose;

/// The maximum width of a name, in columns.
const LONGEST_NAME: usize = 16;
/// The room that the title of a competency needs beside a question, in columns.
const LONGEST_COMPETENCY: usize = 46;

/// Shows the participants.
pub(super) fn who(prepared: &MeetingDraft, page: &mut Page, look: &Look, width: usize) {
    let names: Vec<String> = prepared.names.iter().map(|name| name.line()).collect();
    let lines = prose::labelled("With", &names.join(", "), width, look, Role::Strong);
    lines.into_iter().for_each(|line| page.push(line));
    page.blank();
}

/// Returns the name of a participant with a colon, or nothing if there is only one.
fn whose(prepared: &MeetingDraft, person: usize) -> String {
    match prepared.names.get(person) {
        Some(name) if prepared.names.len() > 1 => format!("{}: ", name.line()),
        _ => String::new(),
    }
}

/// Shows what was said and noted at the end of each person's last session.
pub(super) fn last_time(prepared: &MeetingDraft, page: &mut Page, look: &Look, width: usize) {
    if prepared.last.is_empty() {
        return;
    }
    page.blank();
    page.push(look.line("Last time", Role::Strong));
    for (person, LastMeeting { day, said, note }) in &prepared.last {
        let label = format!("  {}", day.near(prepared.today));
        let name = whose(prepared, *person);
        let mut words = Vec::new();
        if !said.is_empty() {
            words.push(format!("“{}”", said.line()));
        }
        if !note.is_empty() {
            words.push(format!("Your note: {}", note.line()));
        }
        if words.is_empty() {
            words.push("no summary and no note".to_owned());
        }
        let text = format!("{name}{}", words.join("  "));
        let lines = prose::labelled(&label, &text, width.min(TEXT), look, Role::Text);
        lines.into_iter().for_each(|line| page.push(line));
    }
}

/// Shows how much time each question gets, and what was said the last time if there are no agreements.
pub(super) fn explain_time(prepared: &MeetingDraft, page: &mut Page, look: &Look, width: usize) {
    let how = match width {
        60.. => {
            "Each question gets twice its fair time to answer and explain, plus 3 min to discuss."
        }
        _ => "twice the fair time plus 3 min each",
    };
    for line in prose::wrap(how, width.min(TEXT).saturating_sub(2), 0) {
        page.push(look.line(format!("  {line}"), Role::Dim));
    }
    // The heading of the first agreement shows it otherwise.
    if prepared.agreed.is_empty() {
        last_time(prepared, page, look, width);
    }
}

/// Shows how many questions of which levels are chosen.
pub(super) fn level_summary(draft: &DraftMeeting, page: &mut Page, look: &Look, width: usize) {
    let summary = draft.level_summary();
    for line in prose::wrap(&summary, width.min(TEXT).saturating_sub(8), 0) {
        page.push(look.line(format!("        {line}"), Role::Dim));
    }
}

pub(super) fn agreed_line(
    prepared: &MeetingDraft,
    at: usize,
    look: &Look,
    width: usize,
) -> Vec<Span<'static>> {
    let (person, agreement) = &prepared.agreed[at];
    let (word, role) = when(agreement, prepared.today);
    let text = format!("{}{}", whose(prepared, *person), agreement.text.line());
    vec![
        look.span(format!("{}  ", fixed(&word, 10)), role),
        look.span(
            fixed(&text, width.saturating_sub(14)).trim_end().to_owned(),
            Role::Text,
        ),
    ]
}

/// Shows a question of the draft: its facet, type and level, and whether it is new to all participants.
pub(super) fn chosen_line(
    prepared: &MeetingDraft,
    at: usize,
    model: &Model,
    look: &Look,
    width: usize,
) -> Vec<Span<'static>> {
    let draft = &prepared.draft;
    let Some(place) = draft.in_order().get(at).copied() else {
        return Vec::new();
    };
    let candidate = &draft.candidates[place];
    let facet = facet_title(&candidate.facet, model);
    let history = match candidate.seen {
        _ if draft.is_brought_back(place) => "brought back",
        0 => "new",
        _ => "seen before",
    };
    let about = match width {
        60.. => format!("{}, {}, {history}", candidate.kind.word(), candidate.level),
        _ => candidate.level.to_string(),
    };
    let lead = format!("{:>2}  ", at + 1);
    let facets = draft.chosen().map(|chosen| &chosen.facet);
    let longest = facets.map(|facet| facet_title(facet, model).width()).max();
    let room = match width {
        60.. => longest.unwrap_or(0).clamp(16, (width - 44).max(16)),
        _ => width.saturating_sub(17),
    };
    let mut spans = vec![
        look.span(lead, Role::Dim),
        look.span(format!("{}  ", fixed(&facet, room)), Role::Text),
        look.span(
            fixed(&about, width.saturating_sub(room + 8).min(36)),
            Role::Dim,
        ),
    ];
    let competency = model.home.blueprint.competency(&candidate.competency);
    if let Some(competency) = competency.filter(|_| width >= room + 8 + 36 + LONGEST_COMPETENCY) {
        spans.push(look.span(format!("  {}", competency.title.line()), Role::Dim));
    }
    spans
}

fn facet_title(id: &FacetId, model: &Model) -> String {
    let facet = model.home.blueprint.facet(id);
    facet.map_or_else(
        || Text::new(id.as_str()).line(),
        |(_, facet)| facet.title.line(),
    )
}

/// Shows the answer that the person gave to the marked question the last time.
pub(super) fn old_answer(
    prepared: &MeetingDraft,
    at: usize,
    page: &mut Page,
    look: &Look,
    width: usize,
) {
    let answer = &prepared.draft.bring_back[at].answer;
    if answer.is_empty() {
        return;
    }
    let lines = prose::labelled("    answered", &answer.line(), width, look, Role::Dim);
    lines.into_iter().for_each(|line| page.push(line));
}

fn check(chosen: bool, look: &Look) -> Span<'static> {
    match chosen {
        true => look.span(look.theme.mark("✓ ", "x "), Role::Good),
        false => look.span(look.theme.mark("· ", ". "), Role::Dim),
    }
}

pub(super) fn filter_line(
    label: &'static str,
    word: Option<&'static str>,
    look: &Look,
) -> Vec<Span<'static>> {
    vec![
        look.span(label, Role::Dim),
        look.span(look.theme.mark("◂ ", "< "), Role::Key),
        look.span(word.unwrap_or("any"), Role::Text),
        look.span(look.theme.mark(" ▸", " >"), Role::Key),
    ]
}

pub(super) fn back_line(
    prepared: &MeetingDraft,
    at: usize,
    look: &Look,
    width: usize,
) -> Vec<Span<'static>> {
    let draft = &prepared.draft;
    let back = &draft.bring_back[at];
    let whose = draft
        .people
        .iter()
        .position(|person| *person == back.person);
    let name = whose
        .and_then(|place| prepared.names.get(place))
        .filter(|_| draft.people.len() > 1);
    let names = prepared.names.iter().map(|name| name.line().width());
    let longest = names.max().unwrap_or(0).min(LONGEST_NAME);
    let name = name.map_or(String::new(), |name| {
        format!("{} ", fixed(&name.line(), longest))
    });
    let what = format!(
        "{} {} {name}",
        fixed(&back.day.near(prepared.today), 6),
        fixed(back.reason.words(), 14)
    );
    let room = width.saturating_sub(4 + what.chars().count());
    vec![
        check(draft.is_chosen(back.candidate), look),
        look.span(what, Role::Text),
        look.span(
            fixed(&back.about.line(), room).trim_end().to_owned(),
            Role::Dim,
        ),
    ]
}

/// Returns the number of chosen questions, and of those that no participant has seen.
fn counts(draft: &DraftMeeting, is: impl Fn(&MeetingCandidate) -> bool) -> (usize, usize) {
    let chosen = draft.chosen().filter(|candidate| is(candidate)).count();
    let new = draft
        .candidates
        .iter()
        .filter(|candidate| is(candidate) && candidate.seen == 0 && draft.passes_filters(candidate))
        .count();
    (chosen, new)
}

fn offered((chosen, new): (usize, usize), look: &Look) -> Vec<Span<'static>> {
    let role = if chosen > 0 { Role::Strong } else { Role::Dim };
    vec![
        look.span(format!("{chosen:>2}"), role),
        look.span(format!("   {new} new"), Role::Dim),
    ]
}

/// Returns the line of a competency; `is_open` if its facets are listed below it.
pub(super) fn competency_line(
    (id, is_open): (&CompetencyId, bool),
    draft: &DraftMeeting,
    model: &Model,
    look: &Look,
    width: usize,
) -> Vec<Span<'static>> {
    let title = model
        .home
        .blueprint
        .competency(id)
        .map_or(String::new(), |c| c.title.line());
    let mark = if is_open { "- " } else { "+ " };
    let mut spans = vec![
        look.span(mark, Role::Dim),
        look.span(fixed(&title, title_width(model, width)), Role::Text),
    ];
    spans.extend(offered(
        counts(draft, |candidate| candidate.competency == *id),
        look,
    ));
    spans
}

/// Returns the width of the column of competencies and facets: that of the longest title, if there is room for it.
fn title_width(model: &Model, width: usize) -> usize {
    let competencies = &model.home.blueprint.competencies;
    let of_competencies = competencies.iter().map(|one| one.title.line().width());
    let facets = competencies.iter().flat_map(|one| &one.facets);
    let of_facets = facets.map(|facet| facet.title.line().width() + 2);
    let longest = of_competencies.chain(of_facets).max().unwrap_or(0);
    (longest + 1).min(width.saturating_sub(20))
}

pub(super) fn facet_line(
    id: &FacetId,
    draft: &DraftMeeting,
    model: &Model,
    look: &Look,
    width: usize,
) -> Vec<Span<'static>> {
    let title = model
        .home
        .blueprint
        .facet(id)
        .map_or(String::new(), |(_, facet)| facet.title.line());
    let room = title_width(model, width).saturating_sub(2);
    let mut spans = vec![
        look.span("    ", Role::Dim),
        look.span(fixed(&title, room), Role::Text),
    ];
    spans.extend(offered(
        counts(draft, |candidate| candidate.facet == *id),
        look,
    ));
    spans
}
