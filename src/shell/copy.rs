//! What the clipboard gets: a question under review, or the summary of a result.

use super::{Refused, Workspace, export};
use crate::app::effect::{CopyRequest, News, OpenedResult};
use crate::app::export::ReportScope;
use crate::report;

impl Workspace {
    /// Returns what a request copies, as Markdown, and what it is called.
    ///
    /// # Errors
    /// The session cannot be read back.
    pub(super) fn copied(&self, request: &CopyRequest) -> Result<News, Refused> {
        Ok(match request {
            CopyRequest::Question(opened, slot) => self.copied_question(opened, *slot)?,
            CopyRequest::Practised { id, session, slot } => {
                let opened = self.opened_unscored(id.clone(), (**session).clone());
                self.copied_question(&opened, *slot)?
            }
            CopyRequest::Result(opened) => {
                let report = export::limited(self.report(opened), ReportScope::Summary);
                News::Copied {
                    text: report::markdown(&report),
                    what: "the result without its questions",
                }
            }
        })
    }

    fn copied_question(&self, opened: &OpenedResult, slot: usize) -> Result<News, Refused> {
        let text = report::question_markdown(&self.report(opened), slot + 1);
        Ok(News::Copied {
            text: text.ok_or(Refused::Changed)?,
            what: "the question with its answer",
        })
    }
}
