//! Drafts in text fields that are not stored as events yet.

use std::collections::BTreeMap;

use super::app::Turn;
use crate::app::effect::Effect;
use crate::core::id::SessionId;
use crate::session::TextField;

impl Turn<'_> {
    /// Restores the texts that were being typed into fields of a session.
    pub fn restore_field_drafts(
        &mut self,
        session: &SessionId,
        drafts: BTreeMap<TextField, String>,
    ) {
        let drafts = drafts
            .into_iter()
            .map(|(field, text)| ((session.clone(), field), text));
        self.model.field_drafts.extend(drafts);
    }

    /// Stores the draft in a text field of a session; empty text removes the draft.
    pub fn draft_field(&mut self, session: SessionId, field: TextField, text: &str) {
        let drafts = &mut self.model.field_drafts;
        match text {
            "" if drafts.remove(&(session.clone(), field.clone())).is_none() => return,
            "" => {}
            text => drop(drafts.insert((session.clone(), field.clone()), text.to_owned())),
        }
        self.effect(Effect::DraftField {
            session,
            field,
            text: text.to_owned(),
        });
    }
}
