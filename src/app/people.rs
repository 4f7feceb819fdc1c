//! The requests of the screens about the people whom a mentor looks after, and their data.

use crate::core::id::{PersonId, SessionId};
use crate::core::text::Text;
use crate::core::time::Day;
use crate::session::meeting::{
    Agreement, Cohort, DraftMeeting, MeetingPlan, MeetingRecord, MentoringProgress, Tally,
};
use crate::session::present::{Asked, Revealed};

/// A request to the shell.
#[derive(Clone, Debug)]
pub enum PeopleRequest {
    Roster,
    Add(String),
    /// Adds a person to the running mentor session. A name that is not known yet is added to the people first.
    AddToSession(String),
    Rename(PersonId, String),
    /// Removes the person's name and, with `erase`, all data of the person.
    Forget {
        person: PersonId,
        erase: bool,
    },
    Person(PersonId),
    Cohort,
    /// Prepares a session with these participants.
    Prepare(Vec<PersonId>),
    /// Stores whether `person` kept an agreement; `None` withdraws that.
    Kept {
        person: PersonId,
        session: SessionId,
        seat: usize,
        place: usize,
        kept: Option<bool>,
    },
    /// Stores that a question is not brought back for `person`.
    Drop {
        person: PersonId,
        session: SessionId,
        slot: usize,
    },
    /// Stores an agreement that was made after the last session.
    Agree {
        person: PersonId,
        text: String,
        due: Option<Day>,
    },
    /// Stores the private note of the last session.
    Note {
        person: PersonId,
        text: String,
    },
    /// Reads a past session of a person.
    Session {
        person: PersonId,
        session: SessionId,
    },
    /// Writes the person's page to a file.
    Export(PersonId),
    /// Reads the question at this index of a plan.
    Question {
        plan: MeetingPlan,
        at: usize,
    },
    /// Writes the questions to a file.
    Handout {
        plan: MeetingPlan,
        answers: bool,
    },
}

/// A reply of the shell.
#[derive(Clone, Debug)]
pub enum PeopleView {
    Roster(Roster),
    Person(PersonPage),
    Cohort(CohortPage),
    Prepared(MeetingDraft),
    Question(DraftQuestion),
    Session(Box<SessionPage>),
}

/// The latest data of each screen.
#[derive(Clone, Debug, Default)]
pub struct People {
    pub roster: Option<Roster>,
    pub person: Option<PersonPage>,
    pub cohort: Option<CohortPage>,
    pub prepared: Option<MeetingDraft>,
    /// The question that is read on the screen about the draft.
    pub question: Option<DraftQuestion>,
    pub session: Option<Box<SessionPage>>,
}

impl People {
    pub fn show(&mut self, shown: PeopleView) {
        match shown {
            PeopleView::Roster(roster) => self.roster = Some(roster),
            PeopleView::Person(page) => self.person = Some(page),
            PeopleView::Cohort(page) => self.cohort = Some(page),
            PeopleView::Prepared(prepared) => self.prepared = Some(prepared),
            PeopleView::Question(question) => self.question = Some(question),
            PeopleView::Session(page) => self.session = Some(page),
        }
    }
}

/// All people except the user, in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    pub today: Day,
    pub lines: Vec<RosterLine>,
    /// The reasons why sessions are missing from the roster.
    pub losses: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct RosterLine {
    pub id: PersonId,
    pub name: Text,
    pub last: Option<Day>,
    /// The day of the next session, if one is set.
    pub next: Option<Day>,
    /// The number of sessions with the mentor.
    pub meetings: usize,
    pub own: usize,
    /// Events about them in both kinds of session, which erasing would delete.
    pub events: usize,
    /// Open agreements, those with a due date first, by date.
    pub open: Vec<Agreement>,
    /// The number of questions to be asked again.
    pub waiting: usize,
}

/// The page about one person.
#[derive(Clone, Debug)]
pub struct PersonPage {
    pub id: PersonId,
    pub name: Text,
    pub today: Day,
    pub growth: MentoringProgress,
    /// Their sessions and homework, newest first.
    pub sessions: Vec<SessionLine>,
    /// The private note of the last session, which may be empty; `None` if there was no session.
    pub note: Option<Text>,
    /// Their own assessments, newest first.
    pub own: Vec<OwnLine>,
    /// The number of their own practice sessions.
    pub practice: usize,
}

/// A past session in the list of a person.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionLine {
    pub session: SessionId,
    pub day: Day,
    /// The other participants.
    pub with: Vec<Text>,
    /// Their answers to all questions.
    pub tally: Tally,
    /// The person's own summary.
    pub said: Text,
}

impl SessionLine {
    /// Returns the line about a session, if the person took part. `name` returns the names of the others.
    pub fn of(
        record: &MeetingRecord,
        person: PersonId,
        name: impl Fn(PersonId) -> Text,
    ) -> Option<Self> {
        let at = &record.seats[record.seat_of(person)?];
        let others = record.seats.iter().map(|seat| seat.person);
        let mut tally = Tally::default();
        at.marks.iter().for_each(|mark| tally.add(mark));
        Some(Self {
            session: record.session.clone(),
            day: record.day,
            with: others.filter(|of| *of != person).map(name).collect(),
            tally,
            said: Text::new(at.closing.said.trim()),
        })
    }
}

/// A past session.
#[derive(Clone, Debug)]
pub struct SessionPage {
    /// The names by seat.
    pub names: Vec<Text>,
    pub record: MeetingRecord,
}

/// An assessment that the person took alone.
#[derive(Clone, Debug)]
pub struct OwnLine {
    pub day: String,
    /// The overall score and the ends of its 90% interval.
    pub score: Option<(f64, f64, f64)>,
}

impl PersonPage {
    /// Returns the agreements in the order of the screen: open ones with the first due date first, then the newest
    /// decided ones.
    pub fn agreements(&self) -> Vec<&Agreement> {
        let decided = self
            .growth
            .agreements
            .iter()
            .filter(|agreement| !agreement.is_open());
        self.growth
            .open_agreements()
            .into_iter()
            .chain(decided.take(DECIDED))
            .collect()
    }
}

/// Returns the request that marks an agreement as kept, then as not kept, then as open again, with the new mark.
pub fn decide(person: PersonId, agreement: &Agreement) -> (PeopleRequest, Option<bool>) {
    let kept = match agreement.kept {
        None => Some(true),
        Some(true) => Some(false),
        Some(false) => None,
    };
    let request = PeopleRequest::Kept {
        person,
        session: agreement.session.clone(),
        seat: agreement.seat,
        place: agreement.place,
        kept,
    };
    (request, kept)
}

/// The number of decided agreements that are shown, newest first.
const DECIDED: usize = 3;

#[derive(Clone, Debug, Default)]
pub struct CohortPage {
    /// The names in the order of the cohort's people.
    pub names: Vec<Text>,
    pub cohort: Cohort,
}

/// The next session while it is being prepared.
#[derive(Clone, Debug)]
pub struct MeetingDraft {
    pub today: Day,
    /// The names in the order of the draft's people.
    pub names: Vec<Text>,
    /// Closing remarks of each person's last session, with the index of the person in the draft.
    pub last: Vec<(usize, LastMeeting)>,
    /// Open agreements, each with the index of the person in the draft.
    pub agreed: Vec<(usize, Agreement)>,
    pub draft: DraftMeeting,
}

/// A question of a session in preparation, as it will be asked.
#[derive(Clone, Debug)]
pub struct DraftQuestion {
    /// Its index in the plan.
    pub at: usize,
    pub asked: Asked,
    pub revealed: Revealed,
    /// What to discuss after the reveal; empty if the question doesn't say.
    pub discussion: Text,
}

/// The end of a person's last session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastMeeting {
    pub day: Day,
    /// The person's own summary.
    pub said: Text,
    /// The mentor's private note.
    pub note: Text,
}

impl LastMeeting {
    /// Returns the last session of a person in which something was said or noted, or else the last one. `records` are
    /// oldest first.
    pub fn of(records: &[MeetingRecord], person: PersonId) -> Option<Self> {
        let mut attended = records.iter().rev().filter_map(|record| {
            let closing = &record.seats[record.seat_of(person)?].closing;
            Some(Self {
                day: record.day,
                said: Text::new(closing.said.trim()),
                note: Text::new(closing.note.trim()),
            })
        });
        let newest = attended.clone().next();
        attended
            .find(|last| !last.said.is_empty() || !last.note.is_empty())
            .or(newest)
    }
}
