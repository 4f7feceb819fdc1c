//! The start of a session with the questions chosen for it.

use std::collections::BTreeMap;

use super::backlog::Backlog;
use super::deepen::Deepening;
use super::running::Running;
use super::start::{NewForm, StartRequest, entropy};
use super::{Refused, Shell, Workspace};
use crate::app::effect::{Started, TimeChoice};
use crate::core::form::{BadCode, Code};
use crate::core::id::{CompetencyId, DeckId, SessionId};
use crate::core::practice::Drill;
use crate::core::question::Level;
use crate::core::time::{Limit, Millis};
use crate::session::{Event, Mode, Session, Stamped};
use crate::store::NewSession;

impl Shell {
    /// Draws a form, freezes it, and starts a session with it.
    ///
    /// # Errors
    /// The decks cannot provide the form, or the store cannot be read. Nothing is written yet.
    pub fn start(&mut self, wanted: &StartRequest) -> Result<Started, Refused> {
        let workspace = &self.workspace;
        let beginning = match wanted.adaptive {
            true => workspace.first(wanted),
            false => workspace.draw_form(wanted),
        };
        let beginning = beginning.map_err(|refused| workspace.blame(refused, &wanted.decks))?;
        let limit = workspace.limit(wanted.time, beginning.seconds);
        self.begin(Mode::Assess, beginning, limit, &wanted.ratings)
    }

    /// Starts a session that continues a finished assessment.
    ///
    /// # Errors
    /// There is nothing to ask: no level is in doubt, or no new question is left.
    pub fn deepen(&mut self, deepening: &Deepening) -> Result<Started, Refused> {
        let beginning = self.workspace.deeper(deepening)?;
        let limit = self.workspace.limit(deepening.time, beginning.seconds);
        self.begin(Mode::Assess, beginning, limit, &Default::default())
    }

    /// Starts practice of `drill` for about `minutes`, with questions of `decks`, or of all decks if the list is empty.
    ///
    /// # Errors
    /// There is nothing to practise, or a failure of the store. Nothing is written to it yet.
    pub fn practise(
        &mut self,
        drill: &Drill,
        minutes: u32,
        decks: &[DeckId],
    ) -> Result<Started, Refused> {
        let beginning = self
            .workspace
            .first_to_practise(drill, minutes, decks)
            .map_err(|refused| self.workspace.blame(refused, decks))?;
        self.begin(
            Mode::Practise,
            beginning,
            Limit::Within(Millis::minutes(minutes.into())),
            &BTreeMap::new(),
        )
    }

    /// Starts another assessment with the form of `code`; questions that were seen before do not count.
    ///
    /// # Errors
    /// The errors of [`Shell::start`]; the decks may have changed since.
    pub fn repeat(&mut self, code: &str, decks: &[DeckId]) -> Result<Started, Refused> {
        let mut wanted = StartRequest {
            competencies: 0,
            size: 0,
            written: 0,
            time: TimeChoice::Fair,
            ratings: BTreeMap::new(),
            form: Some(Code::parse(code)?),
            seed: None,
            decks: Vec::new(),
            adaptive: false,
        };
        let started = match self.start(&wanted) {
            Err(Refused::Code(
                BadCode::OtherDecks | BadCode::EarlierEdition { .. } | BadCode::NoEdition(_),
            )) => {
                // The form was drawn from these decks only.
                wanted.decks = decks.to_vec();
                self.start(&wanted)
            }
            started => started,
        }?;
        let seen = started
            .session
            .form
            .items
            .iter()
            .filter(|item| !item.fresh)
            .count();
        let notice = match started.session.len() {
            n if n == seen => {
                "you have seen all of these questions: none will count for the score".to_owned()
            }
            n => format!("you have seen {seen} of {n}: they will not count for the score"),
        };
        Ok(Started {
            notice: Some(notice),
            ..started
        })
    }

    /// Starts a session. Nothing is written before its first question is shown.
    fn begin(
        &mut self,
        mode: Mode,
        beginning: NewForm,
        limit: Limit,
        ratings: &BTreeMap<CompetencyId, Level>,
    ) -> Result<Started, Refused> {
        let NewForm {
            form,
            questions,
            sources,
            notice,
            growth,
            setup,
            ..
        } = beginning;
        let multiplier = self.workspace.settings.time_multiplier;
        let wall = self.workspace.wall_ms();
        let id = new_id(wall);
        let mut session =
            Session::new(form.clone(), questions.into(), limit, multiplier).in_mode(mode);
        let rated: Vec<Stamped> = ratings
            .iter()
            .map(|(competency, level)| Event::Rated {
                competency: competency.clone(),
                level: *level,
            })
            .map(|event| Stamped {
                at: Millis::ZERO,
                event,
            })
            .collect();
        for stamped in &rated {
            // A rating before the first question is always valid.
            let _ = session.apply(stamped);
        }
        let start = NewSession {
            id: id.clone(),
            person: self.workspace.person,
            mode,
            started_at: wall,
            form,
            limit,
            multiplier,
            setup,
        };
        let rated = rated
            .into_iter()
            .map(|stamped| self.logged(stamped))
            .collect();
        let backlog = Backlog::begin(&self.workspace.store, start, sources, rated)?;
        self.running = Some(Running::new(backlog, growth));
        Ok(Started {
            id,
            session,
            drafts: BTreeMap::new(),
            notice,
        })
    }
}

/// Returns a session id such as `20261122-170512-3f90a`. Ids sort by time, with milliseconds in the last part, and
/// their beginning is easy to type.
pub(super) fn new_id(wall: i64) -> SessionId {
    let stamp = jiff::Timestamp::from_millisecond(wall).unwrap_or_default();
    let (second, millisecond) = (stamp.strftime("%Y%m%d-%H%M%S"), wall.rem_euclid(1000));
    SessionId::new(format!(
        "{second}-{millisecond:03x}{:02x}",
        entropy() & 0xff
    ))
}

impl Workspace {
    /// Returns the errors of a named deck as the reason for which there is no question, if it has any.
    fn blame(&self, refused: Refused, decks: &[DeckId]) -> Refused {
        let lacks_questions = matches!(
            refused,
            Refused::Nothing
                | Refused::NoneOfLevel
                | Refused::NothingNew
                | Refused::NothingToPractise
                | Refused::Broken(_)
                | Refused::Idle(_)
        );
        let named = decks.iter().filter_map(|id| self.library.deck(id));
        let broken = named
            .filter(|_| lacks_questions)
            .find(|loaded| self.library.check(loaded).errors() > 0);
        broken.map_or(refused, |loaded| Refused::BrokenDeck(loaded.file.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::home::last_moment;
    use super::*;

    #[test]
    fn a_session_at_the_last_moment_is_named_by_its_date() {
        let id = new_id(last_moment());
        assert!(id.as_str().starts_with("99991230-220000-000"), "{id}");
    }
}
