//! The command-line arguments that select what to practise, and for which interview date.

use clap_complete::engine::ArgValueCandidates;

use super::{Failed, complete};
use crate::core::blueprint::Blueprint;
use crate::core::calendar::Date;
use crate::core::practice::Drill;
use crate::deck::diagnostic::nearest;
use crate::shell::Workspace;

/// The sets of questions that have a name of their own.
pub const WORDS: [&str; 4] = ["wrong", "sure-wrong", "flagged", "suspended"];

#[derive(Debug, Default, clap::Args)]
pub struct DrillArgs {
    /// Practise only: wrong, sure-wrong, flagged, suspended, tips, a competency or a facet
    #[arg(long, value_name = "WHAT", add = ArgValueCandidates::new(complete::drills))]
    pub only: Option<String>,
    /// Date of your interview, such as 2026-12-15, or none; saved in the settings
    #[arg(long, value_name = "DATE")]
    pub interview: Option<String>,
    /// Print your recall and practice days
    #[arg(long)]
    pub progress: bool,
}

/// Parses the name of a drill; returns the daily queue for `None`.
///
/// # Errors
/// An unknown name; the message suggests the closest known one.
pub fn drill(word: Option<&str>, blueprint: &Blueprint) -> Result<Drill, Failed> {
    let Some(word) = word else {
        return Ok(Drill::Daily);
    };
    let asked = folded(word);
    match asked.as_str() {
        "wrong" => return Ok(Drill::Wrong),
        "sure-wrong" | "sure-and-wrong" => return Ok(Drill::SureAndWrong),
        "flagged" => return Ok(Drill::Flagged),
        "suspended" => return Ok(Drill::Suspended),
        _ => {}
    }
    for competency in &blueprint.competencies {
        if asked == competency.id.as_str() || asked == folded(competency.title.as_str()) {
            return Ok(Drill::Competency(competency.id.clone()));
        }
    }
    for facet in blueprint
        .competencies
        .iter()
        .flat_map(|competency| &competency.facets)
    {
        if asked == facet.id.as_str() || asked == folded(facet.title.as_str()) {
            return Ok(Drill::Facet(facet.id.clone()));
        }
    }
    let competencies = blueprint
        .competencies
        .iter()
        .map(|competency| competency.id.as_str());
    let facets = blueprint
        .competencies
        .iter()
        .flat_map(|c| &c.facets)
        .map(|facet| facet.id.as_str());
    let words = WORDS.into_iter().chain(competencies.clone());
    let hint = match nearest(&asked, words.clone().chain(facets)) {
        Some(near) => format!("did you mean {near}?"),
        None => {
            format!(
                "use {}, or a facet of `aethos decks --facets`",
                words.collect::<Vec<_>>().join(", ")
            )
        }
    };
    Err(Failed::Usage(format!("--only {word:?} is unknown: {hint}")))
}

/// Returns the text in lower case, with hyphens instead of spaces.
fn folded(word: &str) -> String {
    word.trim()
        .to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join("-")
}

/// Saves the interview date in the settings; `none` removes it.
///
/// # Errors
/// An invalid or past date, or settings that cannot be written.
pub fn keep_interview(text: &str, workspace: &mut Workspace) -> Result<(), Failed> {
    let interview = match text.trim() {
        "none" => None,
        text => {
            let date: Date = text
                .parse()
                .map_err(|bad| Failed::Usage(format!("--interview {text:?}: {bad}, or none")))?;
            if date.0 < workspace.today() {
                let today = Date(workspace.today());
                return Err(Failed::Usage(format!(
                    "--interview {date} is in the past: today is {today}"
                )));
            }
            Some(date)
        }
    };
    let settings = crate::app::settings::Settings {
        interview,
        ..workspace.settings.clone()
    };
    Ok(workspace.keep_settings(settings)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deck::outline::Outline;

    fn found(word: &str) -> Result<Drill, String> {
        drill(Some(word), &Outline::builtin().blueprint).map_err(|failed| failed.to_string())
    }

    #[test]
    fn a_word_means_a_drill() {
        use crate::core::id::{CompetencyId, FacetId};
        assert_eq!(found("wrong"), Ok(Drill::Wrong));
        assert_eq!(found("Sure-Wrong"), Ok(Drill::SureAndWrong));
        assert_eq!(
            found("tips"),
            Ok(Drill::Competency(CompetencyId::new("tips")))
        );
        assert_eq!(
            found("Data Consistency"),
            Ok(Drill::Competency(CompetencyId::new("data-consistency")))
        );
        assert_eq!(
            found("consistent-hashing"),
            Ok(Drill::Facet(FacetId::new("consistent-hashing")))
        );
    }

    #[test]
    fn a_word_that_means_none_is_met_with_the_nearest() {
        assert!(found("wrogn").unwrap_err().contains("did you mean wrong?"));
        assert!(
            found("data-consistancy")
                .unwrap_err()
                .contains("did you mean data-consistency?")
        );
        assert!(
            found("everything")
                .unwrap_err()
                .contains("use wrong, sure-wrong, flagged, suspended")
        );
    }
}
