//! Resumes the interrupted sessions of a history, and finishes them.

use aethos::app::effect::{Effect, News};
use aethos::shell::{Folder, Shell, Workspace};
use serde_json::{Value, json};

use super::home::Home;

/// 15 March 2026 at 10:00 UTC, nearly everywhere the same day.
const LATER: i64 = 1_773_568_800_000;

fn shell(home: &Home) -> Shell {
    let folder = Folder::at(home.data());
    let settings = folder.settings().unwrap();
    Shell::new(
        Workspace::open(folder, settings, &[])
            .unwrap()
            .with_clock(|| LATER),
    )
}

/// Returns what the home screen offers to resume, and the state of each session once resumed.
pub fn resume(home: &Home) -> Value {
    let mut shell = shell(home);
    let open = shell.workspace.home().open;
    let mut found = Vec::new();
    for offered in open {
        let resumed = match &shell.perform(Effect::Resume(offered.id.clone()))[..] {
            [News::Running(started)] => json!({
                "spent_ms": started.session.at(),
                "slot": started.session.slot(),
                "answered": started.session.answered(),
                "questions": started.session.len(),
                "left_ms": started.session.remaining(started.session.at()),
                "drafts": started.drafts,
            }),
            [News::Met(met)] => json!({
                "spent_ms": met.meeting.at(),
                "slot": met.meeting.slot(),
                "answered": met.meeting.answers(),
                "questions": met.meeting.len(),
                "names": met.names.iter().map(aethos::core::text::Text::line).collect::<Vec<_>>(),
            }),
            other => panic!("{} cannot be resumed: {other:?}", offered.id),
        };
        shell.perform(Effect::Leave);
        found.push(json!({
            "id": offered.id,
            "mode": offered.mode.word(),
            "answered": offered.answered,
            "questions": offered.questions,
            "left_ms": offered.left,
            "resumed": resumed,
        }));
    }
    found.into()
}

/// Finishes every session that the home screen offers to resume.
pub fn finish(home: &Home) {
    let mut shell = shell(home);
    for offered in shell.workspace.home().open {
        shell.perform(Effect::FinishOpen(offered.id));
    }
    assert!(
        shell.workspace.home().open.is_empty(),
        "nothing waits any more"
    );
}
