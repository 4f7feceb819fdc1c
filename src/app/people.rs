//! What the screens about a mentor's people ask for, and what they show.

use crate::core::id::{PersonId, SessionId};
use crate::core::text::Text;
use crate::core::time::Day;
use crate::session::meeting::{Agreement, Cohort, DraftMeeting, MeetingPlan, MentoringProgress};

/// What the shell is asked for.
#[derive(Clone, Debug)]
pub enum Wish {
    Roster,
    Add(String),
    Rename(PersonId, String),
    /// Takes the name away, and with `erase` everything that is kept of the person.
    Forget {
        person: PersonId,
        erase: bool,
    },
    Person(PersonId),
    Cohort,
    /// Who comes to the next session.
    Prepare(Vec<PersonId>),
    /// An agreement of `person` was kept or not; `None` takes that back.
    Kept {
        person: PersonId,
        session: SessionId,
        seat: usize,
        place: usize,
        kept: Option<bool>,
    },
    /// Write the person's page to a file.
    Export(PersonId),
    /// Write the questions to a file.
    Handout {
        plan: MeetingPlan,
        answers: bool,
    },
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum Shown {
    Roster(Roster),
    Person(PersonPage),
    Cohort(CohortPage),
    Prepared(Prepared),
}

/// What was shown last of each.
#[derive(Clone, Debug, Default)]
pub struct People {
    pub roster: Option<Roster>,
    pub person: Option<PersonPage>,
    pub cohort: Option<CohortPage>,
    pub prepared: Option<Prepared>,
}

impl People {
    pub fn show(&mut self, shown: Shown) {
        match shown {
            Shown::Roster(roster) => self.roster = Some(roster),
            Shown::Person(page) => self.person = Some(page),
            Shown::Cohort(page) => self.cohort = Some(page),
            Shown::Prepared(prepared) => self.prepared = Some(prepared),
        }
    }
}

/// Everybody but the user, as they were added.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    pub today: Day,
    pub lines: Vec<RosterLine>,
    /// Why sessions are missing from it.
    pub losses: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct RosterLine {
    pub id: PersonId,
    pub name: Text,
    pub last: Option<Day>,
    /// The day that was set for the next session.
    pub next: Option<Day>,
    /// Sessions with the mentor, and of their own.
    pub meetings: usize,
    pub own: usize,
    /// Events about them in either: what erasing would delete.
    pub events: usize,
    /// Due ones first, by date.
    pub open: Vec<Agreement>,
    /// Questions to be asked again.
    pub waiting: usize,
}

/// One person, looked back at.
#[derive(Clone, Debug)]
pub struct PersonPage {
    pub id: PersonId,
    pub name: Text,
    pub today: Day,
    pub growth: MentoringProgress,
    /// Their own assessments, newest first.
    pub own: Vec<OwnLine>,
    /// Practice sessions of their own.
    pub practice: usize,
}

/// An assessment that the person took alone.
#[derive(Clone, Debug)]
pub struct OwnLine {
    pub day: String,
    /// The overall score and the ends of its 90 % interval.
    pub score: Option<(f64, f64, f64)>,
}

impl PersonPage {
    /// The agreements in the order of the screen: open ones, those due first, then the newest that were decided.
    pub fn agreements(&self) -> Vec<&Agreement> {
        let decided = self.growth.agreements.iter().filter(|agreement| !agreement.is_open());
        self.growth.open_agreements().into_iter().chain(decided.take(DECIDED)).collect()
    }
}

/// Agreements shown that are kept or not: the newest.
const DECIDED: usize = 3;

#[derive(Clone, Debug, Default)]
pub struct CohortPage {
    /// In the order of the cohort's people.
    pub names: Vec<Text>,
    pub cohort: Cohort,
}

/// The next session, as it is being prepared.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub today: Day,
    /// In the order of the draft's people.
    pub names: Vec<Text>,
    /// What is open: the index of the person in the draft, and the agreement.
    pub agreed: Vec<(usize, Agreement)>,
    pub draft: DraftMeeting,
}
