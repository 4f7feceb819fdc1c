//! `aethos assess`: runs an assessment on the screen or as a line dialogue.

use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter};

use super::dialogue::dialogue;
use super::interactive::{self, Opening};
use super::named::{Named, competencies};
use super::{Exit, Failed, complete};
use crate::app::effect::{DEEP, DEEPENING, QUICK, STANDARD, TimeChoice};
use crate::app::settings::{Settings, Target};
use crate::core::form::{Code, LARGEST, SEEDS};
use crate::core::id::DeckId;
use crate::core::question::Kind;
use crate::core::time::{Millis, parse_span};
use crate::shell::{Deepening, Shell, StartRequest, Workspace};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  aethos assess --quick\n  aethos assess data-consistency \
                  --questions 8 --untimed\n  aethos assess --form 7K3-QX9.2\n  aethos assess \
                  --adaptive --quick\n  aethos assess --deepen\n  aethos assess mine.toml \
                  --plain\n\nWithout a size or a form code, a set-up screen asks for them."
)]
pub struct Args {
    /// Decks to use: names such as data-consistency, files or folders; default: all
    #[arg(add = ArgValueCompleter::new(complete::decks))]
    pub decks: Vec<std::ffi::OsString>,
    /// Number of questions, distributed over the competencies by weight
    #[arg(long, value_name = "N", conflicts_with_all = ["quick", "deep", "form"])]
    pub questions: Option<usize>,
    /// 24 questions
    #[arg(long, conflicts_with_all = ["deep", "form"])]
    pub quick: bool,
    /// 80 questions
    #[arg(long, conflicts_with = "form")]
    pub deep: bool,
    /// Choose each question by your earlier answers: fewer questions, only new ones, no going back
    #[arg(long, conflicts_with = "form")]
    pub adaptive: bool,
    /// Ask more questions where a finished assessment left a level unclear; default: the last one
    #[arg(long, value_name = "SESSION", num_args = 0..=1, add = ArgValueCandidates::new(complete::sessions), conflicts_with_all = ["quick", "deep", "form", "adaptive", "written"])]
    pub deepen: Option<Option<String>>,
    /// Number of additional open questions, which you rate yourself
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=8), conflicts_with_all = ["form", "adaptive"])]
    pub written: u8,
    /// Time limit, such as 45m or 1h30m; default: the sum of the fair times of the questions
    #[arg(long, value_name = "TIME", value_parser = |text: &str| parse_span(text), conflicts_with = "untimed")]
    pub time: Option<Millis>,
    /// No time limit
    #[arg(long)]
    pub untimed: bool,
    /// Repeat the form with this code
    #[arg(long, value_name = "CODE")]
    pub form: Option<String>,
    /// The person who is assessed; an unknown name is added
    #[arg(long, value_name = "NAME", add = ArgValueCandidates::new(complete::people))]
    pub person: Option<String>,
    /// Seed for choosing the questions
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(0..SEEDS), conflicts_with = "form")]
    pub seed: Option<u64>,
    /// The level you aim for; saved in the settings
    #[arg(long, value_name = "LEVEL", value_enum)]
    pub target: Option<Target>,
    /// Plain lines of text instead of screens: for screen readers, pipes and tests
    #[arg(long)]
    pub plain: bool,
}

impl Args {
    fn size(&self) -> Option<usize> {
        self.questions
            .or(self.quick.then_some(QUICK))
            .or(self.deep.then_some(DEEP))
    }
}

pub fn run(args: &Args) -> Result<Exit, Failed> {
    let code = args
        .form
        .as_deref()
        .map(Code::parse)
        .transpose()
        .map_err(|bad| Failed::Usage(bad.to_string()))?;
    let plain = args.plain || !interactive::is_possible();
    let named = Named::of(&args.decks);
    let mut workspace = super::workspace(&named.paths)?;
    if let Some(name) = &args.person {
        workspace.switch_person(name)?;
    }
    if let Some(target) = args.target {
        workspace
            .keep_settings(Settings {
                target,
                ..workspace.settings.clone()
            })
            .map_err(Failed::to_begin)?;
    }
    let decks = named.decks(&workspace.library)?;
    workspace.refuse_drafts(&decks)?;
    if let Some(session) = &args.deepen {
        let deepening = deepening(args, session.as_deref(), &workspace, decks)?;
        if plain {
            let mut shell = Shell::new(workspace);
            let started = shell.deepen(&deepening).map_err(Failed::to_begin)?;
            return dialogue(shell, started);
        }
        return interactive::run(workspace, Opening::Deepening(Box::new(deepening)));
    }
    let wanted = wanted(args, code, &workspace, decks)?;
    if plain {
        let mut shell = Shell::new(workspace);
        let started = shell.start(&wanted).map_err(Failed::to_begin)?;
        return dialogue(shell, started);
    }
    let opening = match args.size().is_some()
        || args.adaptive
        || wanted.form.is_some()
        || !args.decks.is_empty()
        || args.written > 0
    {
        true => Opening::Session(Box::new(wanted)),
        false => Opening::Setup,
    };
    interactive::run(workspace, opening)
}

fn deepening(
    args: &Args,
    session: Option<&str>,
    workspace: &Workspace,
    decks: Vec<DeckId>,
) -> Result<Deepening, Failed> {
    let session = workspace.find_session(session)?;
    let (size, time, seed) = (
        args.questions.unwrap_or(DEEPENING).max(1),
        time(args),
        args.seed,
    );
    Ok(Deepening {
        session,
        decks,
        size,
        time,
        seed,
    })
}

fn time(args: &Args) -> TimeChoice {
    match (args.time, args.untimed) {
        (Some(limit), _) => TimeChoice::Within(limit),
        (None, true) => TimeChoice::Untimed,
        (None, false) => TimeChoice::Fair,
    }
}

fn has_open_questions(workspace: &Workspace, decks: &[DeckId]) -> bool {
    let loaded = workspace.library.decks.iter().map(|loaded| &loaded.deck);
    loaded
        .filter(|deck| decks.is_empty() || decks.contains(&deck.id))
        .flat_map(|deck| &deck.entries)
        .any(|entry| entry.kind == Kind::Open)
}

fn wanted(
    args: &Args,
    form: Option<Code>,
    workspace: &Workspace,
    decks: Vec<DeckId>,
) -> Result<StartRequest, Failed> {
    let competencies = competencies(&decks, workspace);
    let there = workspace.stock(competencies, &decks).min(LARGEST);
    let size = match args.size() {
        Some(0) => {
            return Err(Failed::Usage("--questions: must be at least 1".to_owned()));
        }
        Some(n) if args.adaptive => n,
        Some(n) if there == 0 => {
            let words = format!(
                "--questions {n}: there are no closed questions; `--written 2` asks two open ones"
            );
            return Err(Failed::Usage(words));
        }
        Some(n) if n > there => {
            let words = format!(
                "--questions {n}: only {there} are available; `aethos decks` lists the decks"
            );
            return Err(Failed::Usage(words));
        }
        Some(n) => n,
        None if there == 0 && args.written == 0 && has_open_questions(workspace, &decks) => {
            let words = "these decks have open questions only: `--written 2` asks two of them, \
                         and you rate your answers yourself";
            return Err(Failed::Usage(words.to_owned()));
        }
        None if args.adaptive => STANDARD,
        None => STANDARD.min(there),
    };
    let written = usize::from(args.written);
    let (time, ratings, seed, adaptive) =
        (time(args), Default::default(), args.seed, args.adaptive);
    Ok(StartRequest {
        competencies,
        size,
        written,
        time,
        ratings,
        form,
        seed,
        decks,
        adaptive,
    })
}
