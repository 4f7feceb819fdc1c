//! Sentences about the calibration of stated confidence, shared by screens and reports.

use super::words::figures;
use crate::core::measure::{Calibration, Statement, Tendency, Verdict};
use crate::core::response::Confidence;

/// Returns a sentence with the verdict about the stated confidence, and one about the statements that it is not true
/// of.
pub fn verdict(calibration: &Calibration) -> String {
    let other = |than: Tendency| exceptions(calibration, |tendency| tendency != than);
    let all = exceptions(calibration, |_| true);
    match calibration.verdict() {
        Verdict::TooFew => "Too few answers to judge your confidence.".to_owned(),
        Verdict::Tends(tendency) => {
            let word = match tendency {
                Tendency::Overconfident => "Overconfident",
                Tendency::Underconfident => "Underconfident",
            };
            let but = but(&other(tendency));
            format!("{word} {}.{but}", size(calibration))
        }
        Verdict::Reversed => {
            format!(
                "You were surer of your wrong answers than of your right ones.{}",
                sentence(&all)
            )
        }
        Verdict::Unseparated => format!(
            "Your confidence didn't separate your right answers from your wrong ones, as far as \
             these answers show.{}",
            sentence(&all)
        ),
        Verdict::Matched if all.is_empty() => {
            "Your confidence matched your accuracy, as far as these answers show.".to_owned()
        }
        Verdict::Matched => {
            format!(
                "On average your confidence matched your accuracy.{}",
                but(&all)
            )
        }
    }
}

/// Returns the size of the bias, with its interval.
fn size(calibration: &Calibration) -> String {
    let points = |share: f64| 100.0 * share.abs();
    let (near, far) = (points(calibration.bias_low), points(calibration.bias_high));
    format!(
        "by about {:.0} points, plausibly {:.0} to {:.0}",
        points(calibration.bias),
        near.min(far),
        near.max(far)
    )
}

/// Returns words that name the statements with a tendency for which `is_meant` is true; empty without any.
fn exceptions(calibration: &Calibration, is_meant: impl Fn(Tendency) -> bool) -> String {
    let name = |statement: &Statement| {
        let tendency = statement
            .tendency()
            .filter(|tendency| is_meant(*tendency))?;
        let said = Confidence::ALL
            .into_iter()
            .find(|confidence| confidence.probability() == statement.stated)
            .map_or("sure", Confidence::words);
        let than = match tendency {
            Tendency::Overconfident => "less often than you said",
            Tendency::Underconfident => "more often than you said",
        };
        Some(format!("\"{said}\" was right {than}"))
    };
    let named: Vec<String> = calibration.statements.iter().filter_map(name).collect();
    match named.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, first)) => format!("{}, and {last}", first.join(", ")),
    }
}

/// Returns a sentence, after a space, that contrasts `words` with the one before; empty without words.
fn but(words: &str) -> String {
    match words {
        "" => String::new(),
        words => format!(" But {words}."),
    }
}

/// Returns a sentence, after a space, of `words`; empty without words.
fn sentence(words: &str) -> String {
    match words {
        "" => String::new(),
        words => format!(" {words}."),
    }
}

/// Returns a sentence about the meaning of each figure over all assessments.
pub fn meaning(calibration: &Calibration) -> Vec<String> {
    let surest = calibration
        .statements
        .last()
        .filter(|_| calibration.verdict() != Verdict::TooFew);
    let expected = surest.map(|surest| {
        let words = Confidence::ALL
            .into_iter()
            .find(|c| c.probability() == surest.stated);
        let said = words.map_or("sure", Confidence::words);
        format!(
            "Next time you say \"{said}\", expect about {:.0}% right.",
            100.0 * surest.smoothed
        )
    });
    let only = "Only your first answer to each question counts here.".to_owned();
    expected
        .into_iter()
        .chain(figures(calibration))
        .chain([only])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the calibration of answers: for each statement, the number of answers and of correct ones.
    fn calibration(answers: &[(Confidence, usize, usize)]) -> Calibration {
        let answers: Vec<(f64, f64)> = answers
            .iter()
            .flat_map(|(said, n, right)| {
                (0..*n).map(move |i| (said.probability(), f64::from(u8::from(i < *right))))
            })
            .collect();
        Calibration::of(&answers).unwrap()
    }

    #[test]
    fn a_statement_that_does_not_fit_is_named_although_the_mean_fits() {
        let found = calibration(&[(Confidence::Guess, 40, 28), (Confidence::Sure, 40, 20)]);
        let words = verdict(&found);
        assert!(
            words.starts_with("Your confidence didn't separate"),
            "{words}"
        );
        assert!(
            words.contains("\"guess\" was right more often than you said"),
            "{words}"
        );
        assert!(
            words.contains("\"sure\" was right less often than you said"),
            "{words}"
        );
        let fits = calibration(&[(Confidence::Unsure, 40, 20), (Confidence::Sure, 40, 38)]);
        assert!(!verdict(&fits).contains("But"));
    }

    #[test]
    fn a_statement_at_its_limit_is_not_blamed() {
        let matched = "Your confidence matched your accuracy, as far as these answers show.";
        assert_eq!(
            verdict(&calibration(&[(Confidence::Sure, 80, 80)])),
            matched
        );
        assert_eq!(
            verdict(&calibration(&[(Confidence::Guess, 24, 0)])),
            matched
        );
        let both = calibration(&[(Confidence::Guess, 24, 0), (Confidence::Sure, 80, 80)]);
        assert_eq!(verdict(&both), matched);
    }

    #[test]
    fn reversed_confidence_does_not_match() {
        let found = calibration(&[(Confidence::Guess, 5, 5), (Confidence::Sure, 5, 0)]);
        let words = verdict(&found);
        assert!(!words.contains("matched"), "{words}");
        assert!(words.starts_with("You were surer of your wrong"), "{words}");
    }
}
