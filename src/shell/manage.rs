//! Deleting, restoring and naming past sessions.

use super::{Refused, Shell, Workspace, told};
use crate::app::effect::News;
use crate::core::id::SessionId;
use crate::store::{SessionRow, State};

impl Shell {
    /// Discards a session that waits to be resumed, or says why it can't be discarded.
    pub(super) fn discard_listed(&mut self, id: &SessionId) -> Vec<News> {
        let discarded = self.discard(id).map(|()| Vec::new());
        self.with_home(discarded.unwrap_or_else(told))
    }

    /// Deletes a session and shows the history again.
    pub(super) fn delete(&mut self, id: &SessionId) -> Result<Vec<News>, Refused> {
        self.workspace.delete(id)?;
        let words =
            "deleted: it can be restored here for 30 days; practice still knows its answers"
                .to_owned();
        let past = News::History(self.workspace.past()?);
        Ok(self.with_home(vec![past, News::Told(words)]))
    }

    /// Names a session and shows the history again.
    pub(super) fn rename(&mut self, id: &SessionId, name: &str) -> Result<Vec<News>, Refused> {
        self.workspace.rename(id, name)?;
        let past = News::History(self.workspace.past()?);
        Ok(self.with_home(vec![past]))
    }

    /// Restores a session, or says why it can't be restored.
    pub(super) fn restore(&mut self, id: &SessionId) -> Vec<News> {
        let words = match self.workspace.restore(id) {
            Ok(()) => "restored".to_owned(),
            Err(refused) => refused.to_string(),
        };
        self.with_home(vec![News::Told(words)])
    }
}

impl Workspace {
    /// Deletes a session that the history lists. It can be restored for 30 days.
    ///
    /// # Errors
    /// It is open in another process, or there is no such session.
    pub fn delete(&mut self, id: &SessionId) -> Result<(), Refused> {
        let _claim = self.store.claim(id)?;
        let wall_ms = self.wall_ms();
        match self.stored(id)?.state {
            State::Open => self.store.discard(id, wall_ms)?,
            State::Finished | State::Discarded => self.store.delete(id, wall_ms)?,
        }
        Ok(())
    }

    /// Names a session, or removes its name if the new one is empty.
    ///
    /// # Errors
    /// The name is too long, or there is no such session.
    pub fn rename(&mut self, id: &SessionId, name: &str) -> Result<(), Refused> {
        Ok(self.store.name_session(id, name)?)
    }

    /// Returns the session of the history whose id begins with `name`.
    ///
    /// # Errors
    /// There is no such session, or more than one.
    pub fn listed_session(&self, name: &str) -> Result<SessionRow, Refused> {
        let listed = self.store.past(self.person, self.wall_ms(), u32::MAX)?;
        let mut matching = listed
            .into_iter()
            .filter(|listed| listed.id.as_str().starts_with(name));
        match (matching.next(), matching.next()) {
            (Some(found), None) => Ok(found),
            (Some(_), Some(_)) => Err(Refused::Ambiguous(name.to_owned())),
            (None, _) => Err(Refused::NotListed(name.to_owned())),
        }
    }
}
