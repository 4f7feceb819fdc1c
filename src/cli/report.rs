//! `aethos report`: writes the report of a session in the requested format.

use std::io::Write;

use clap_complete::engine::ArgValueCandidates;

use super::{Exit, Failed, OutputArgs, complete};
use crate::app::export::{ReportFormat, ReportScope};
use crate::app::settings::Target;
use crate::report::{PageFormat, csv};
use crate::session::Mode;
use crate::shell::{Refused, Workspace};
use crate::store::Person;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  aethos report\n  aethos report 20261122 --format json | jq .result.overall\n  \
                        aethos report -o report.html\n  aethos report --person Mina --format csv > mina.csv"
)]
pub struct Args {
    /// The session: its id or the start of it; default: the last finished one
    #[arg(add = ArgValueCandidates::new(complete::sessions))]
    pub session: Option<String>,
    /// Format; default: by the ending of FILE, else text
    #[arg(long, value_enum)]
    pub format: Option<ReportFormat>,
    #[command(flatten)]
    output: OutputArgs,
    /// The level whose probability is shown; default: your target level
    #[arg(long, value_name = "LEVEL", value_enum)]
    pub target: Option<Target>,
    /// The person whose session is meant
    #[arg(long, value_name = "NAME", add = ArgValueCandidates::new(complete::people))]
    pub person: Option<String>,
}

impl Args {
    fn format(&self) -> ReportFormat {
        let ending = self
            .output
            .output
            .as_deref()
            .and_then(|path| path.extension())
            .and_then(|e| e.to_str());
        let of_ending = ending.and_then(ReportFormat::of_ending);
        self.format.or(of_ending).unwrap_or(ReportFormat::Text)
    }
}

pub fn run(args: &Args, workspace: &mut Workspace, out: &mut dyn Write) -> Result<Exit, Failed> {
    if let Some(target) = args.target {
        workspace.settings.target = target;
    }
    let person = match &args.person {
        Some(name) => Some(
            workspace
                .switch_to_known_person(name)
                .map_err(Failed::usage)?,
        ),
        None => None,
    };
    let written = match (args.format(), &person) {
        (ReportFormat::Csv, Some(person)) if args.session.is_none() => {
            csv(&workspace.rows_of_person(person)?)
        }
        (ReportFormat::Json, Some(person)) => with_mentoring(args, workspace, person)?,
        (ReportFormat::Html, Some(person)) => assessment_or_page(args, workspace, person)?,
        (format, _) => of_session(args, format, workspace)?,
    };
    args.output.write(&written, out)?;
    Ok(Exit::Fine)
}

fn of_session(args: &Args, format: ReportFormat, workspace: &Workspace) -> Result<String, Failed> {
    if let (ReportFormat::Csv, Some(name)) = (format, &args.session)
        && let Some(meeting) = workspace.find_meeting(name)?
    {
        return Ok(csv(&workspace.rows_of_meeting(&meeting)?));
    }
    if let (ReportFormat::Csv, Some(name)) = (format, &args.session)
        && let Some(practice) = workspace.find_practice(name)?
    {
        return Ok(csv(&workspace.rows_of_practice(&practice)?));
    }
    let found = workspace.find_session(args.session.as_deref());
    let id = match (found, &args.session) {
        (Err(Refused::NoSession(_)), Some(name)) => return Err(without_report(name, workspace)?),
        (found, _) => found?,
    };
    let opened = workspace.open_result(&id)?;
    Ok(workspace.report_as(&opened, format, ReportScope::All))
}

/// Says why there is no report of the session whose id begins with `name`, and what there is instead.
fn without_report(name: &str, workspace: &Workspace) -> Result<Failed, Failed> {
    let Some((id, mode, _)) = workspace.session_named(name)? else {
        return Ok(Refused::NoSession(name.to_owned()).into());
    };
    if mode == Mode::Mentor {
        workspace.refuse_open(name)?;
    }
    let instead = match mode {
        Mode::Mentor => format!(
            "session {id} is a mentor session: `aethos mentor export {id}` writes its page, and `aethos report {id} \
             --format csv` its answers"
        ),
        Mode::Practise => format!(
            "session {id} is practice, which has no score to report: `aethos report {id} --format csv` writes its answers"
        ),
        Mode::Assess => format!(
            "session {id} is another person's: name them with --person; `aethos mentor people` lists the people"
        ),
        Mode::Homework | Mode::Assigned => {
            format!(
                "session {id} is homework, which has no report: `aethos mentor homework NAME` shows it"
            )
        }
    };
    Ok(Failed::Refused(instead))
}

/// Returns the report of a person's assessment, or the page about their mentor sessions if there is no assessment.
fn assessment_or_page(
    args: &Args,
    workspace: &Workspace,
    person: &Person,
) -> Result<String, Failed> {
    let report = of_session(args, ReportFormat::Html, workspace);
    let is_mentored = workspace.mentoring_of(person.id)?.meetings > 0;
    match report {
        Err(_) if args.session.is_none() && is_mentored => {
            Ok(workspace.page_of_person(person.id, PageFormat::Html)?)
        }
        report => report,
    }
}

/// Returns the report of a person's assessment together with a summary of their mentoring sessions; either may be
/// missing.
fn with_mentoring(args: &Args, workspace: &Workspace, person: &Person) -> Result<String, Failed> {
    let mentoring = workspace.mentoring_of(person.id)?;
    let report = of_session(args, ReportFormat::Json, workspace);
    if mentoring.meetings == 0 {
        return report;
    }
    let mut object = match report {
        Ok(report) => serde_json::from_str(&report).map_err(std::io::Error::from)?,
        Err(missing) if args.session.is_some() => return Err(missing),
        Err(_) => serde_json::json!({ "format": 1, "person": person.name, "kind": mentoring.kind }),
    };
    object["mentoring"] = serde_json::to_value(&mentoring).map_err(std::io::Error::from)?;
    let mut text = serde_json::to_string_pretty(&object).map_err(std::io::Error::from)?;
    text.push('\n');
    Ok(text)
}
