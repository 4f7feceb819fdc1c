//! Pages about mentor sessions: one for a person, and one about a session for the mentor.

use super::document::{Document, PageFormat};
use super::markdown::capitalised;
use crate::core::blueprint::Blueprint;
use crate::core::form::Item;
use crate::core::id::{CompetencyId, PersonId};
use crate::core::question::Question;
use crate::core::text::Text;
use crate::core::time::Day;
use crate::session::meeting::{
    Agreement, AnswerRecord, MeetingRecord, MentoringProgress, SeatRecord,
};
use crate::session::present::{Asked, Marks, Places, Revealed};

/// The first line of all pages about a person.
pub const KIND: &str = "practice record, not an evaluation";

/// The names of people and competencies.
pub struct People<'a> {
    pub names: &'a [(PersonId, Text)],
    pub blueprint: &'a Blueprint,
}

impl People<'_> {
    /// Returns the name of a person, or a number if the person was erased.
    pub fn name(&self, person: PersonId) -> String {
        let known = self.names.iter().find(|(id, _)| *id == person);
        known.map_or_else(|| format!("person {}", person.0), |(_, name)| name.line())
    }

    fn title(&self, id: &CompetencyId) -> String {
        self.blueprint
            .competency(id)
            .map_or_else(|| Text::new(id.as_str()).line(), |c| c.title.line())
    }
}

/// Formats the page for a person. It has none of the mentor's private notes. `records` are oldest first.
pub fn person_page(
    people: &People,
    person: PersonId,
    progress: &MentoringProgress,
    records: &[MeetingRecord],
    today: Day,
    format: PageFormat,
) -> String {
    let mut page = begin(people, person, progress, today);
    let waiting = progress.waiting();
    if !waiting.is_empty() {
        page.heading(2, "Questions to ask again");
        for back in waiting {
            page.entry(&format!(
                "{}, {}: {}",
                back.day,
                back.reason.words(),
                back.about.line()
            ));
        }
    }
    page.heading(2, "Asked twice");
    page.entry(&format!(
        "The same question: {}",
        progress.same_question.words()
    ));
    page.entry(&format!("Its twin: {}", progress.twins.words()));
    for record in records.iter().rev() {
        let Some(seat) = record.seat_of(person) else {
            continue;
        };
        page.heading(2, &format!("Session of {}", record.day));
        seat_lines(&mut page, people, record, seat);
        for (asked, mark) in record.items.iter().zip(&record.seats[seat].marks) {
            page.entry(&format!("{}: {}", words(mark), asked.about.line()));
            reason_line(&mut page, "Your reason", mark);
        }
    }
    page.write(format)
}

/// Formats a short page for a person about some sessions, newest first: what was agreed, what was said, and each missed
/// question in full with its explanation. It has none of the mentor's private notes. `records` are oldest first, and
/// `question` returns a question as it was asked, if it can still be read.
pub fn recent_page(
    people: &People,
    person: PersonId,
    progress: &MentoringProgress,
    records: &[MeetingRecord],
    question: impl Fn(&Item) -> Option<Question>,
    today: Day,
    format: PageFormat,
) -> String {
    let mut page = begin(people, person, progress, today);
    for record in records.iter().rev() {
        let Some(seat) = record.seat_of(person) else {
            continue;
        };
        page.heading(2, &format!("Session of {}", record.day));
        seat_lines(&mut page, people, record, seat);
        let answered = || record.items.iter().zip(&record.seats[seat].marks);
        for (asked, mark) in answered() {
            if mark.is_right() != Some(false) {
                page.entry(&format!("{}: {}", words(mark), asked.about.line()));
            }
        }
        for (asked, mark) in answered() {
            if mark.is_right() == Some(false) {
                page.heading(3, &format!("Question {}: {}", asked.number, words(mark)));
                match question(&asked.item) {
                    Some(question) => missed(&mut page, &question, &asked.item, mark),
                    None => page.paragraph(&asked.about.line()),
                }
            }
        }
    }
    page.write(format)
}

/// Writes a question in full, with the person's answer and reason, the key and the explanation.
fn missed(page: &mut Document, question: &Question, item: &Item, mark: &AnswerRecord) {
    let asked = Asked::of(question, item);
    page.parts(asked.parts());
    if !mark.reason.is_empty() {
        page.paragraph(&format!("Your reason: “{}”", mark.reason.line()));
    }
    let answer = mark.answer.as_ref();
    let places = answer.map(|answer| Places::of(answer, item));
    let revealed = Revealed::of(question, item, None, |_| None);
    let marks = Marks {
        answer: places.as_ref(),
        ..Marks::default()
    };
    page.parts(revealed.parts(&asked, &marks));
}

/// Begins the page of a person with their agreements.
fn begin(people: &People, person: PersonId, progress: &MentoringProgress, today: Day) -> Document {
    let mut page = Document::default();
    page.heading(1, &format!("{}, {today}", people.name(person)));
    page.paragraph(&capitalised(KIND));
    agreements(&mut page, progress, today);
    page
}

/// Writes the open agreements and how many were kept.
fn agreements(page: &mut Document, progress: &MentoringProgress, today: Day) {
    page.heading(2, "Agreed");
    let open = progress.open_agreements();
    if open.is_empty() {
        page.paragraph("There are no open agreements.");
    }
    for agreement in &open {
        page.entry(&agreed(agreement, today));
    }
    if let (kept, known @ 1..) = progress.kept() {
        page.paragraph(&format!("Kept so far: {kept} of {known}."));
    }
    if let Some(day) = progress.next {
        page.paragraph(&format!("The next session: {day}."));
    }
}

/// Formats the mentor's page about a session. It has the private note about a person only if there was one participant.
pub fn session_page(people: &People, record: &MeetingRecord) -> String {
    let mut page = Document::default();
    let names: Vec<String> = record
        .seats
        .iter()
        .map(|seat| people.name(seat.person))
        .collect();
    page.heading(
        1,
        &format!("Session of {} with {}", record.day, names.join(", ")),
    );
    page.paragraph(&capitalised(KIND));
    page.entry(&format!(
        "session {}, {}",
        record.session,
        record.spent.clock()
    ));
    if let Some(day) = record.next_meeting {
        page.entry(&format!("next session {day}"));
    }
    let alone = record.seats.len() == 1;
    for (
        place,
        SeatRecord {
            person, closing, ..
        },
    ) in record.seats.iter().enumerate()
    {
        page.heading(2, &people.name(*person));
        seat_lines(&mut page, people, record, place);
        if alone && !closing.note.trim().is_empty() {
            page.paragraph(&format!("Your private note: {}", closing.note));
        }
    }
    page.heading(2, "Questions");
    for (i, asked) in record.items.iter().enumerate() {
        let item = &asked.item;
        page.heading(3, &format!("{}. {}", asked.number, item.question));
        page.entry(&format!(
            "{}, {}, {}",
            people.title(&item.competency),
            item.facet,
            item.level
        ));
        page.paragraph(&asked.about.line());
        for seat in &record.seats {
            let mark = &seat.marks[i];
            page.entry(&format!("{}: {}", people.name(seat.person), words(mark)));
            reason_line(&mut page, "Reason", mark);
            page.under(&mark.evidence.line());
        }
        if !asked.note.is_empty() {
            page.paragraph(&format!("Note about the question: {}", asked.note.line()));
        }
    }
    page.write(PageFormat::Markdown)
}

/// Writes a person's results per competency, their own words and their agreements.
fn seat_lines(page: &mut Document, people: &People, record: &MeetingRecord, seat: usize) {
    for (competency, tally) in record.tallies(seat) {
        page.entry(&format!("{}: {}", people.title(&competency), tally.words()));
    }
    let closing = &record.seats[seat].closing;
    if !closing.said.trim().is_empty() {
        page.paragraph(&format!("In their own words: {}", closing.said));
    }
    for (agreement, kept) in closing.agreements.iter().zip(closing.kept) {
        let Some((text, due)) = agreement else {
            continue;
        };
        let due = due.map_or(String::new(), |day| format!(", by {day}"));
        let kept = kept.map_or("", |kept| if kept { ", kept" } else { ", not kept" });
        page.entry(&format!("Agreed{due}{kept}: {}", Text::new(text).line()));
    }
    for later in &closing.later {
        let due = later.due.map_or(String::new(), |day| format!(", by {day}"));
        let made = later.made;
        page.entry(&format!(
            "Agreed on {made}{due}: {}",
            Text::new(&later.text).line()
        ));
    }
}

/// Writes the reason that a person gave for an answer, if there is one.
fn reason_line(page: &mut Document, label: &str, mark: &AnswerRecord) {
    if !mark.reason.is_empty() {
        page.under(&format!("{label}: “{}”", mark.reason.line()));
    }
}

/// Formats an agreement: `due since 20 Nov 2026: read section 5`
fn agreed(agreement: &Agreement, today: Day) -> String {
    match agreement.due {
        Some(day) if agreement.is_due(today) => {
            format!("due since {day}: {}", agreement.text.line())
        }
        Some(day) => format!("by {day}: {}", agreement.text.line()),
        None => agreement.text.line(),
    }
}

/// Formats an answer: `right, weak reason; fairly sure; reasoning 1.0; comes back`
fn words(mark: &AnswerRecord) -> String {
    let mut words = vec![
        mark.verdict
            .map_or("discussed", |verdict| verdict.words())
            .to_owned(),
    ];
    if let [Some(first), Some(second)] = mark.votes
        && first != second
    {
        words.push(
            if second > first {
                "better after the discussion"
            } else {
                "worse after the discussion"
            }
            .to_owned(),
        );
    }
    words.extend(
        mark.confidence
            .map(|confidence| confidence.words().to_owned()),
    );
    words.extend(mark.reasoning.map(|level| format!("reasoning {level:.1}")));
    words.extend(mark.bring_back.map(|_| "comes back".to_owned()));
    words.join("; ")
}
