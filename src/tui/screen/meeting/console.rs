//! The mentor's console: the correct answer, follow-up questions, the given answers and the quality of the reasoning.
//!
//! Notes from earlier sessions are not shown here, so that the score depends only on the reasoning heard now.

use super::MeetingScreen;
use super::rows::{Row, rows};
use crate::core::question::{Criterion, Interaction, Question};
use crate::core::text::Text;
use crate::session::meeting::{Cue, Rater, Round, SeatSheet, Step, discussion_pairs, vote_changes};
use crate::session::present::{Asked, Places, Revealed};
use crate::tui::app::Model;
use crate::tui::meeting::RunningMeeting;
use crate::tui::page::{Look, Page};
use crate::tui::theme::Role;
use crate::tui::widget::prose;
use crate::tui::widget::question::Answering;
use crate::tui::widget::writer::Writer;

/// The widest question beside what is private.
const WIDEST: usize = 76;
/// The rows of a screen around the body.
const AROUND: usize = 7;
/// The fewest rows of the question.
const LEAST: usize = 6;

/// The meaning of each level of reasoning.
pub const ANCHORS: [&str; 4] = [
    "none",
    "with prompting",
    "unprompted, with an example",
    "names what it doesn't cover",
];

impl MeetingScreen {
    pub(super) fn view_console(
        &self,
        mentoring: &RunningMeeting,
        model: &Model,
        look: &Look,
        width: usize,
    ) -> Page {
        let meeting = mentoring.meeting();
        let mut page = Page {
            left: look.line("Console", Role::Title),
            ..Page::default()
        };
        if !meeting.is_empty() && meeting.step() != Step::Ready {
            let asked = (0..meeting.len())
                .filter(|slot| meeting.was_asked(*slot))
                .count();
            let words = if width >= 60 { "  private" } else { "" };
            page.left = look.line(
                format!("Console  {asked}/{}{words}", meeting.len()),
                Role::Title,
            );
        }
        let minutes = mentoring.spent().0 / 60_000;
        let minutes = if meeting.is_paused() {
            "paused".to_owned()
        } else {
            format!("{minutes} min")
        };
        page.right = look.line(minutes, Role::Dim);
        let mut onto = Writer {
            page: &mut page,
            look,
            width,
        };
        if onto.has_two_columns() {
            let columns = (width / 2).min(WIDEST);
            onto.two_columns(
                columns,
                |left| self.context(mentoring, model, left),
                |right| self.private(mentoring, right),
            );
        } else {
            // The question is on the stage.
            if matches!(meeting.step(), Step::Ready | Step::Closing) {
                self.context(mentoring, model, &mut onto);
            }
            self.private(mentoring, &mut onto);
        }
        self.view_line(&mut page, look, width);
        page
    }

    /// Shows what the rest of the console is about: the plan, the question, or the results.
    fn context(&self, mentoring: &RunningMeeting, model: &Model, onto: &mut Writer) {
        let meeting = mentoring.meeting();
        match meeting.step() {
            Step::Ready => self.plan(mentoring, model, onto),
            Step::Closing => {
                self.view_chat(mentoring, onto);
                self.who(mentoring, onto);
                self.tallies(mentoring, model, onto);
            }
            _ if meeting.is_empty() => {}
            _ => {
                let slot = meeting.slot();
                let asked = Asked::of(&meeting.questions[slot], &meeting.form.items[slot]);
                let rows = usize::from(onto.look.height)
                    .saturating_sub(AROUND)
                    .max(LEAST);
                onto.excerpt(rows, "The stage shows all of it.", |onto| {
                    onto.question(&asked, &Answering::default());
                });
            }
        }
    }

    /// Shows what the mentor reads and notes.
    fn private(&self, mentoring: &RunningMeeting, onto: &mut Writer) {
        let meeting = mentoring.meeting();
        match meeting.step() {
            Step::Ready => {
                self.view_chat(mentoring, onto);
                self.guests(mentoring, onto);
            }
            // People look at what is written together.
            Step::Closing => {
                let (look, width) = (onto.look, onto.width);
                return self.view_closing(mentoring, onto.page, look, width);
            }
            _ if meeting.is_empty() => {}
            _ => self.about_question(mentoring, onto),
        }
        self.notes(mentoring, onto);
    }

    /// Shows the participants and the planned questions before the first question.
    fn plan(&self, mentoring: &RunningMeeting, model: &Model, onto: &mut Writer) {
        let name = |(seat, name): (usize, &Text)| match mentoring.meeting().is_away(seat) {
            true => format!("{name} (absent)"),
            false => name.line(),
        };
        let names: Vec<String> = mentoring.names.iter().enumerate().map(name).collect();
        onto.labelled("With", &names.join(", "), Role::Strong);
        if mentoring.room.is_none() {
            self.who(mentoring, onto);
        }
        onto.title("Questions");
        for (i, item) in mentoring.meeting().form.items.iter().enumerate() {
            let facet = model
                .home
                .blueprint
                .facet(&item.facet)
                .map_or_else(String::new, |(_, facet)| facet.title.line());
            onto.labelled(
                &format!("{:>2}", i + 1),
                &format!("{facet} ({}, {})", item.kind.word(), item.level),
                Role::Text,
            );
        }
    }

    fn about_question(&self, mentoring: &RunningMeeting, onto: &mut Writer) {
        let meeting = mentoring.meeting();
        let slot = meeting.slot();
        let question = &meeting.questions[slot];
        let item = &meeting.form.items[slot];
        let key = Revealed::of(question, item, None, |_| None).one_line(&Asked::of(question, item));
        if let Some(key) = key {
            onto.labelled("Key:", &key, Role::Good);
        }
        if let Some(discussion) = &question.discussion {
            onto.labelled("Ask next:", &discussion.line(), Role::Text);
        }
        if !meeting.is_with_one() {
            self.cue(mentoring, slot, onto);
            self.roster(mentoring, slot, onto);
        }
        self.view_chat(mentoring, onto);
        self.who(mentoring, onto);
        self.scored(mentoring, slot, question, onto);
        let sheet = meeting.sheet(slot, self.seat);
        if !sheet.reason.is_empty() && !self.hides_votes(mentoring) {
            let reason = Text::new(&sheet.reason).line();
            onto.labelled("Their reason:", &reason, Role::Text);
        }
        onto.page.blank();
        let evidence = Text::new(&sheet.evidence).line();
        onto.labelled(
            "Evidence:",
            if evidence.is_empty() { "-" } else { &evidence },
            Role::Text,
        );
        if meeting.is_revealed(slot) {
            let why = match (sheet.bring_back, meeting.verdict(slot, self.seat)) {
                (Some(_), _) => "your decision".to_owned(),
                (None, Some(verdict)) => format!("by verdict: {}", verdict.words()),
                (None, None) => "no verdict yet".to_owned(),
            };
            let on = if meeting.brings_back(slot, self.seat) {
                "yes"
            } else {
                "no"
            };
            onto.labelled("Bring back:", &format!("{on}, {why}"), Role::Text);
        }
        let note = Text::new(meeting.note(slot)).line();
        if !note.is_empty() {
            onto.labelled("Question note:", &note, Role::Text);
        }
        if let Interaction::Open { model_answer, .. } = &question.interaction {
            // The model answer comes last because it is long; the rows to score are above it.
            onto.title("Model answer");
            onto.prose(model_answer, Role::Text);
        }
    }

    /// Shows the result of the first vote, with advice while a second one is possible, and the result of the second.
    fn cue(&self, mentoring: &RunningMeeting, slot: usize, onto: &mut Writer) {
        let meeting = mentoring.meeting();
        if matches!(meeting.step(), Step::Asking(Round::First)) {
            return;
        }
        let (right, votes) = meeting.count_right(slot, Round::First);
        if let Some(cue) = meeting.cue() {
            let advice = match meeting.step() {
                Step::Committed(Round::First) => format!(". {}", capital(cue.words())),
                _ => String::new(),
            };
            let words = format!("{right} of {votes} right{advice}");
            onto.labelled("First vote:", &words, Role::Strong);
            let is_open = matches!(
                meeting.step(),
                Step::Committed(Round::First) | Step::Asking(Round::Second)
            );
            let pairs = discussion_pairs(meeting, slot);
            if is_open && cue == Cue::Pairs && !pairs.is_empty() {
                let name = |seat: usize| mentoring.name(seat);
                let pairs: Vec<String> = pairs
                    .into_iter()
                    .map(|(one, other)| format!("{} and {}", name(one), name(other)))
                    .collect();
                onto.labelled("Pairs:", &pairs.join(" · "), Role::Text);
            }
        }
        let (again, votes) = meeting.count_right(slot, Round::Second);
        if votes > 0 {
            let (gained, lost) = vote_changes(meeting, slot);
            let words = format!(
                "{again} of {votes} right: {gained} from wrong to right, {lost} from \
                         right to wrong"
            );
            onto.labelled("Second vote:", &words, Role::Strong);
        }
    }

    fn who(&self, mentoring: &RunningMeeting, onto: &mut Writer) {
        let meeting = mentoring.meeting();
        if meeting.is_with_one() {
            return;
        }
        let arrows = onto.look.theme.mark("← →", "left, right");
        onto.title(&format!(
            "{}   {} of {}, {arrows}",
            mentoring.name(self.seat),
            self.seat + 1,
            meeting.seats.len()
        ));
    }

    /// Shows the points heard, the rubric points, and the level of reasoning.
    fn scored(
        &self,
        mentoring: &RunningMeeting,
        slot: usize,
        question: &Question,
        onto: &mut Writer,
    ) {
        let meeting = mentoring.meeting();
        let sheet = meeting.sheet(slot, self.seat);
        if meeting.is_with_one()
            && !self.hides_votes(mentoring)
            && let Some(answer) = sheet.last_vote()
        {
            let said = sheet.confidence.map_or(String::new(), |confidence| {
                format!(", {}", confidence.words())
            });
            let verdict = meeting
                .verdict(slot, 0)
                .map_or(String::new(), |verdict| format!(": {}", verdict.words()));
            let answer = Places::of(answer, &meeting.form.items[slot]).spelled();
            onto.labelled("Answer:", &format!("{answer}{said}{verdict}"), Role::Strong);
        }
        let mut group = None;
        for (i, row) in rows(meeting, slot).into_iter().enumerate() {
            let title = match row {
                Row::Aloud => "Answered aloud: 1 right, 2 wrong, 0 no answer",
                Row::Point(_) => "Listen for",
                Row::Points(_) if meeting.is_revealed(slot) => "Points",
                Row::Points(_) => "Your points, before the person gives theirs",
                Row::Level(_) => "Their reasoning, 0 to 3",
            };
            if group.replace(title) != Some(title) {
                onto.title(title);
            }
            self.scored_row(mentoring, slot, question, (i, row), onto);
        }
    }

    /// Shows a row to score, and for the marked level of reasoning what each level means.
    fn scored_row(
        &self,
        mentoring: &RunningMeeting,
        slot: usize,
        question: &Question,
        (i, row): (usize, Row),
        onto: &mut Writer,
    ) {
        let meeting = mentoring.meeting();
        let sheet = meeting.sheet(slot, self.seat);
        let marked = i == self.row && !self.is_writing() && !self.asks_name(mentoring);
        let rubric = question.interaction.rubric();
        let (lead, text, role) = match row {
            Row::Aloud => judged_aloud(sheet.judged[meeting.round() as usize]),
            Row::Point(point) => {
                let id = &question.points[point];
                let listened = mentoring.points.get(id);
                let text = listened.map_or(id.as_str().to_owned(), |point| point.text.line());
                listened_for(text, sheet.heard.contains(&point), onto.look)
            }
            Row::Points(criterion) => match rubric.get(criterion) {
                Some(rated) => rubric_points(rated, criterion, sheet),
                None => return,
            },
            Row::Level(criterion) => {
                let level = sheet.levels.get(&criterion).copied();
                reasoning_level(rubric.get(criterion), level)
            }
        };
        onto.row(i, marked, &lead, &text, role);
        if matches!(row, Row::Level(_)) && marked {
            write_anchors(onto);
        }
    }

    fn notes(&self, mentoring: &RunningMeeting, onto: &mut Writer) {
        let note = Text::new(&mentoring.meeting().closing(self.seat).note).line();
        if !note.is_empty() {
            onto.page.blank();
            onto.labelled("Private note:", &note, Role::Text);
        }
    }

    /// Shows the line being written.
    pub(super) fn view_line(&self, page: &mut Page, look: &Look, width: usize) {
        let Some(line) = &self.line else { return };
        page.blank();
        for words in prose::wrap(line.about.words(), width, 0) {
            page.push(look.line(words, Role::Title));
        }
        line.field.draw(page, look, width);
    }
}

/// Returns the lead, the text and the role of the row about an answer given aloud.
fn judged_aloud(is_right: Option<bool>) -> (String, String, Role) {
    let (words, role) = match is_right {
        Some(right) => (right_or_wrong(right), Role::Chosen),
        None => ("no answer noted", Role::Text),
    };
    (String::new(), words.to_owned(), role)
}

/// Returns the lead, the text and the role of the row of a point to listen for.
fn listened_for(text: String, is_heard: bool, look: &Look) -> (String, String, Role) {
    let (tick, role) = match is_heard {
        true => (look.theme.mark("▣ ", "[x] "), Role::Chosen),
        false => (look.theme.mark("□ ", "[ ] "), Role::Text),
    };
    (tick.to_owned(), text, role)
}

/// Returns the lead, the text and the role of the row with the points for the criterion `rated`, which has the index
/// `criterion`.
fn rubric_points(rated: &Criterion, criterion: usize, sheet: &SeatSheet) -> (String, String, Role) {
    let by = |rater| {
        let points = sheet.points.get(&(rater, criterion));
        points.map_or("-".to_owned(), u32::to_string)
    };
    let mut given = format!("{} of {}", by(Rater::Mentor), rated.points);
    if sheet.points.contains_key(&(Rater::Own, criterion)) {
        given = format!("{given}, own {}", by(Rater::Own));
    }
    let text = format!("{} ({})", rated.criterion.line(), rated.evidence.line());
    (format!("{given}  "), text, Role::Text)
}

/// Returns the lead, the text and the role of the row with the level of reasoning for a criterion.
fn reasoning_level(criterion: Option<&Criterion>, level: Option<u8>) -> (String, String, Role) {
    let of = criterion.map_or("how well they explained it".to_owned(), |criterion| {
        criterion.criterion.line()
    });
    let anchor = level.and_then(|level| ANCHORS.get(usize::from(level)));
    let lead = level.map_or("-  ".to_owned(), |level| format!("{level}  "));
    let role = level.map_or(Role::Text, |_| Role::Chosen);
    let text = match anchor {
        Some(anchor) => format!("{of}: {anchor}"),
        None => of,
    };
    (lead, text, role)
}

/// Writes what each level of reasoning means.
fn write_anchors(onto: &mut Writer) {
    let anchors: Vec<String> = ANCHORS
        .iter()
        .enumerate()
        .map(|(level, words)| format!("{level} {words}"))
        .collect();
    for line in prose::wrap(&anchors.join(" · "), onto.width.saturating_sub(5), 0) {
        onto.page
            .push(onto.look.line(format!("     {line}"), Role::Dim));
    }
}

/// Returns the word for an answer that is right, or not.
pub(super) fn right_or_wrong(right: bool) -> &'static str {
    if right { "right" } else { "wrong" }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or(String::new(), |first| {
        first.to_uppercase().collect::<String>() + chars.as_str()
    })
}
