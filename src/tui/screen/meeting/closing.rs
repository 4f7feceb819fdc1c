//! The closing of a session: the results, and the agreements that are written together.

use super::MeetingScreen;
use super::rows::Closing;
use crate::core::text::Text;
use crate::tui::app::Model;
use crate::tui::meeting::RunningMeeting;
use crate::tui::page::{Look, Page};
use crate::tui::theme::Role;
use crate::tui::widget::writer::Writer;

impl MeetingScreen {
    /// Shows the results of the person that the console is about.
    pub(super) fn tallies(&self, mentoring: &RunningMeeting, model: &Model, onto: &mut Writer) {
        for (id, tally) in mentoring.meeting().tallies(Some(self.seat)) {
            let title = model.home.blueprint.competency(&id);
            let title = title.map_or(id.to_string(), |competency| competency.title.line());
            onto.labelled(&format!("{title}:"), &tally.words(), Role::Text);
        }
    }

    /// Shows what the person takes away, to be written together.
    pub(super) fn view_closing(
        &self,
        mentoring: &RunningMeeting,
        page: &mut Page,
        look: &Look,
        width: usize,
    ) {
        let meeting = mentoring.meeting();
        let closing = meeting.closing(self.seat);
        let mut onto = Writer { page, look, width };
        onto.title("Write together");
        for (i, row) in Closing::rows(meeting, self.seat).into_iter().enumerate() {
            let marked = i == self.row && self.line.is_none();
            let (lead, text) = match row {
                Closing::End => {
                    let role = if marked { Role::Strong } else { Role::Text };
                    onto.gap();
                    onto.row(i, marked, "", "End the session", role);
                    continue;
                }
                Closing::Said => ("own words  ".to_owned(), Text::new(&closing.said).line()),
                Closing::Agreement(place) => {
                    let agreed = closing.agreements[place].as_ref();
                    let due = agreed
                        .and_then(|(_, due)| *due)
                        .map_or(String::new(), |due| format!(", by {due}"));
                    let text = agreed.map_or(String::new(), |(text, _)| {
                        format!("{}{due}", Text::new(text).line())
                    });
                    (format!("agreed {}   ", place + 1), text)
                }
                Closing::NextMeeting => (
                    "next time  ".to_owned(),
                    meeting
                        .next_meeting()
                        .map(|day| day.to_string())
                        .unwrap_or_default(),
                ),
            };
            let text = if text.is_empty() {
                "-".to_owned()
            } else {
                text
            };
            onto.row(i, marked, &lead, &text, Role::Text);
        }
        if !self.console {
            self.view_line(page, look, width);
        }
    }
}
