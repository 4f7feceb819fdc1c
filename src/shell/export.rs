//! Reports of sessions as files.

use std::path::{Path, PathBuf};

use super::{Refused, Workspace, folder};
use crate::app::effect::{HistoryRow, OpenedResult};
use crate::app::export::{ExportOffer, ExportRequest, ReportFormat, ReportScope};
use crate::core::id::SessionId;
use crate::report::{self, PastScore, Report};
use crate::session::present::Verdict;

impl Workspace {
    /// Returns the places where the report of a session can be written.
    pub(super) fn export_offer(&self, id: &SessionId) -> ExportOffer {
        let folders = [
            ("this folder", std::env::current_dir().ok()),
            ("your home folder", etcetera::home_dir().ok()),
            (
                "the data folder",
                std::path::absolute(self.folder.path()).ok(),
            ),
        ];
        // A folder whose path isn't valid Unicode can be used on the command line only.
        let offered = |(what, folder): (_, Option<PathBuf>)| {
            Some((what, folder?.to_str().map(str::to_owned)?))
        };
        ExportOffer {
            session: id.clone(),
            name: format!("aethos-{id}"),
            folders: folders.into_iter().filter_map(offered).collect(),
        }
    }

    /// Writes the report of a session to a new file and returns a message with its full path.
    pub(super) fn export(&self, request: &ExportRequest) -> Result<String, Refused> {
        let opened = self.open_result(&request.session)?;
        let text = self.report_as(&opened, request.format, request.scope);
        let (folder, ending) = (Path::new(&request.folder), request.format.ending());
        let path =
            folder::write_new(folder, &request.name, ending, &text).map_err(Refused::Report)?;
        Ok(format!("written to {}", path.display()))
    }

    /// Returns the scores of all finished assessments of the person that are comparable with `this` one, oldest first. An unreadable history gives none.
    fn past_scores(&self, this: &SessionId) -> Vec<PastScore> {
        let titles: Vec<_> = self.library.outline.blueprint.scored().collect();
        let past = self.past_of_person(self.person).unwrap_or_default();
        let own = past.iter().find(|row| row.id == *this);
        let own = own.map(|row| row.own_decks.clone()).unwrap_or_default();
        let scored = past
            .into_iter()
            .rev()
            .filter(|row| row.is_scored() && row.own_decks == own);
        let score = |row: HistoryRow| {
            let scores = titles.iter().zip(row.competencies);
            PastScore {
                day: row.date,
                is_this: row.id == *this,
                overall: row.overall,
                competencies: scores
                    .filter_map(|(competency, score)| Some((competency.title.clone(), score?)))
                    .collect(),
            }
        };
        scored.map(score).collect()
    }

    /// Returns the report of an opened session in this format.
    pub fn report_as(
        &self,
        opened: &OpenedResult,
        format: ReportFormat,
        scope: ReportScope,
    ) -> String {
        let report = || limited(self.report(opened), scope);
        match format {
            ReportFormat::Text => report::text(&report()),
            ReportFormat::Markdown => report::markdown(&report()),
            ReportFormat::Html => report::html(&report(), &self.past_scores(&opened.id)),
            ReportFormat::Json => report::json(&report()),
            ReportFormat::Csv => report::csv(&self.rows_of_session(opened)),
        }
    }
}

/// Returns the report with the questions of this scope.
pub(super) fn limited(mut report: Report, scope: ReportScope) -> Report {
    match scope {
        ReportScope::All => {}
        ReportScope::Wrong => report
            .questions
            .retain(|review| matches!(review.verdict, Verdict::Partly | Verdict::Wrong)),
        ReportScope::Summary => report.questions.clear(),
    }
    report
}
