//! The factory of screens that open at once. A screen names the [`Route`] that it leads to. Screens that need data from the
//! shell open in `tui/app.rs` when it arrives.

use super::app::Turn;
use super::screen::briefing::{BriefingScreen, Repetition};
use super::screen::browse::BrowseScreen;
use super::screen::competency::CompetencyScreen;
use super::screen::dialog::Dialog;
use super::screen::overview::OverviewScreen;
use super::screen::pause::PauseScreen;
use super::screen::people::cohort::CohortScreen;
use super::screen::people::forget::forget;
use super::screen::people::name::NameScreen;
use super::screen::people::person::PersonScreen;
use super::screen::people::prepare::PrepareScreen;
use super::screen::people::reading::PlannedQuestion;
use super::screen::people::roster::RosterScreen;
use super::screen::people::session::PastSession;
use super::screen::read_only::ReadOnlyScreen;
use super::screen::review::ReviewScreen;
use super::screen::settings::SettingsScreen;
use super::screen::setup::SetupScreen;
use super::screen::topics::TopicsScreen;
use super::screen::{feedback, question};
use crate::app::effect::{HistoryRow, OpenSession, Setup};
use crate::app::items::ItemLine;
use crate::app::people::RosterLine;
use crate::core::id::{PersonId, SessionId};
use crate::core::text::Text;
use crate::session::Draw;

/// A screen to open, with the content to show.
pub enum Route {
    SetUp(Setup),
    /// The rules of this assessment, before it starts.
    Briefing(Setup),
    /// The same for choices that were made on the set-up screen below.
    SetUpBriefing(Setup),
    /// The rules of a deepening of this assessment.
    DeepeningBriefing(SessionId),
    /// The rules of a form that is taken again.
    RepetitionBriefing(Repetition),
    Settings,
    /// A question of the running session, or the feedback on it if its answer is final.
    Question(usize),
    Feedback(usize),
    /// All questions of the running session, with the one at this place marked; behind the last one, the end.
    Overview(usize),
    Pause,
    /// The competency at this place of the result.
    Competency(usize),
    /// These questions of an opened session, from the one at the index `at`.
    Review {
        title: &'static str,
        slots: Vec<usize>,
        at: usize,
    },
    /// What the answers say about this question.
    Item(Box<ItemLine>),
    /// The questions that the person has seen.
    Browse,
    /// The topics to which a search can be limited.
    Topics,
    /// The question that is marked in the search.
    Found,
    Roster,
    Person(PersonId),
    Cohort,
    Prepare(Vec<PersonId>),
    /// A past session of a person.
    PastSession(PersonId, SessionId),
    /// A field for an agreement that is made between sessions.
    Agree(PersonId),
    /// A field for the private note about a person, with the current one.
    NotePerson(PersonId, Text),
    /// The question at this index of the session that is being prepared.
    DraftQuestion(usize),
    AddPerson,
    Rename(RosterLine),
    Forget(RosterLine),
    /// Asks what to do with an unfinished session.
    Resume(OpenSession),
    /// Asks whether to delete a session.
    Delete(Box<HistoryRow>),
    /// A field for the name of a session, with its current name.
    RenameSession(SessionId, Option<Text>),
    /// Asks whether to restore a session that can be restored until this day.
    Restore(Box<HistoryRow>),
    /// Asks whether to finish the running session.
    Finish,
    /// Asks whether to continue with the next question after the planned minutes.
    MinutesAreOver(Draw),
    /// Asks whether to leave the running session.
    Leave,
    EndMeeting,
    LeaveMeeting,
}

impl Turn<'_> {
    /// Opens these questions for review, or says why there are none.
    pub fn review(&mut self, title: &'static str, slots: Vec<usize>, why_none: &str) {
        match slots.is_empty() {
            true => self.tell(why_none),
            false => self.go(Route::Review {
                title,
                slots,
                at: 0,
            }),
        }
    }

    /// Opens another screen above the current one, or replaces the current one if a session continues there.
    pub fn go(&mut self, route: Route) {
        let model = &*self.model;
        match route {
            Route::Question(slot) => question::show(slot, self),
            Route::Feedback(slot) => feedback::open(slot, self),
            Route::Browse => BrowseScreen::open(self),
            Route::Roster => RosterScreen::open(self),
            Route::Person(person) => PersonScreen::open(person, self),
            Route::Cohort => CohortScreen::open(self),
            Route::Prepare(people) => PrepareScreen::open(people, self),
            Route::PastSession(person, session) => PastSession::open(person, session, self),
            Route::Agree(person) => self.push(NameScreen::agreement(person)),
            Route::NotePerson(person, note) => self.push(NameScreen::note(person, &note)),
            Route::DraftQuestion(at) => PlannedQuestion::open(at, self),
            Route::SetUp(setup) => self.push(SetupScreen::new(setup, model)),
            Route::Briefing(setup) => self.push(BriefingScreen::form(setup)),
            Route::SetUpBriefing(setup) => self.push(BriefingScreen::set_up(setup)),
            Route::DeepeningBriefing(id) => self.push(BriefingScreen::deepening(id)),
            Route::RepetitionBriefing(again) => self.push(BriefingScreen::repetition(again)),
            Route::Settings => self.push(SettingsScreen::default()),
            Route::Overview(slot) => self.push(OverviewScreen::new(slot)),
            Route::Pause => self.push(PauseScreen),
            Route::Competency(line) => self.push(CompetencyScreen::new(line)),
            Route::Review { title, slots, at } => self.push(ReviewScreen::new(title, slots, at)),
            Route::Item(line) => self.push(ReadOnlyScreen::new(line)),
            Route::Found => self.push(ReviewScreen::found()),
            Route::Topics => self.push(TopicsScreen::new(model)),
            Route::AddPerson => self.push(NameScreen::add()),
            Route::Rename(line) => self.push(NameScreen::rename(line.id, &line.name)),
            Route::Forget(line) => self.push(forget(&line)),
            Route::Resume(open) => self.push(Dialog::resume(&open)),
            Route::Delete(past) => self.push(Dialog::delete(&past)),
            Route::RenameSession(id, name) => self.push(NameScreen::session(id, name)),
            Route::Restore(past) => self.push(Dialog::restore(&past)),
            Route::Finish => self.push(Dialog::finish(model)),
            Route::MinutesAreOver(next) => self.push(Dialog::minutes_are_over(model, next)),
            Route::Leave => self.push(Dialog::leave(model)),
            Route::EndMeeting => self.push(Dialog::end_meeting()),
            Route::LeaveMeeting => self.push(Dialog::leave_meeting(model)),
        }
    }
}
