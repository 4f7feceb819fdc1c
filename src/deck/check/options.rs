//! Rules against options that give the key away by their length, words or similarity.

use super::super::diagnostic_code::DiagnosticCode;
use super::absolutes::{is_hedged, is_sweeping};
use super::relations::{combines, implied, opposite_of_key};
use super::tokens::{content, is_same_word, jaccard, set, stem, words};
use super::{Finding, Place, choices, finding, lead_ins, length, ranges, single, texts};
use crate::core::question::{Choice, Interaction, Question};
use crate::core::text::Text;

pub fn rules(question: &Question, out: &mut Vec<Finding>) {
    let options = choices(question);
    if let Some((options, key)) = single(question) {
        key_length(options, key, out);
        cue_words(options, key, out);
        clang(question, options, key, out);
        likeness(options, key, out);
        form_of_the_key(options, key, out);
        first_word(options, key, out);
        reasons(options, key, out);
        relations(options, key, out);
        number_of_things(question, options, key, out);
    }
    same_entries(question, out);
    if !options.is_empty() {
        lengths(options, out);
        catch_alls(options, out);
        numbers(question, options, out);
        twins(options, out);
        beginnings(options, out);
    }
}

/// L01, L01b: the key must not be much longer or shorter than every distractor.
fn key_length(options: &[Choice], key: usize, out: &mut Vec<Finding>) {
    let others = || {
        options
            .iter()
            .enumerate()
            .filter(|(i, _)| *i != key)
            .map(|(_, o)| length(o))
    };
    let (Some(longest), Some(shortest)) = (others().max(), others().min()) else {
        return;
    };
    let own = length(&options[key]);
    if own as f64 > 1.2 * longest as f64 && own >= longest + 10 {
        let message = format!("the key has {own} characters, the longest distractor {longest}");
        out.push(finding(
            DiagnosticCode::KeyLongest,
            Place::Option(key),
            message,
            "write the distractors to the length of the key, or move its reason to `why`",
        ));
    }
    if (own as f64) < shortest as f64 / 1.2 && own + 10 <= shortest {
        let message = format!("the key has {own} characters, the shortest distractor {shortest}");
        out.push(finding(
            DiagnosticCode::KeyShortest,
            Place::Option(key),
            message,
            "shorten the distractors, or say the key as fully as they are said",
        ));
    }
}

/// L02, L02b: options of similar length.
fn lengths(options: &[Choice], out: &mut Vec<Finding>) {
    let lengths: Vec<usize> = options.iter().map(length).collect();
    let (Some(most), Some(least)) = (lengths.iter().max(), lengths.iter().min()) else {
        return;
    };
    let ratio = *most as f64 / (*least).max(1) as f64;
    let at = lengths.iter().position(|l| l == most).unwrap_or(0);
    let message = format!("the longest option has {most} characters, the shortest {least}");
    let help = "give all options the same shape and about the same length";
    if ratio > 3.0 && most - least > 20 {
        out.push(finding(
            DiagnosticCode::LengthsApart,
            Place::Option(at),
            message,
            help,
        ));
    } else if ratio > 1.5 && most - least > 20 {
        out.push(finding(
            DiagnosticCode::LengthsUneven,
            Place::Option(at),
            message,
            help,
        ));
    }
}

/// L03, L24: no option that refers to other options.
fn catch_alls(options: &[Choice], out: &mut Vec<Finding>) {
    for (i, option) in options.iter().enumerate() {
        let w = words(option.text.as_str());
        let starts = |first: &[&str]| w.first().is_some_and(|x| first.contains(&x.as_str()));
        let about = w.iter().take(4).any(|x| {
            matches!(
                x.as_str(),
                "above" | "below" | "these" | "those" | "options" | "answers"
            )
        });
        if starts(&["all", "none", "both", "any", "neither"]) && about && w.len() <= 6 {
            let help = "options are shuffled: replace it with an option that makes sense on its \
                        own";
            out.push(finding(
                DiagnosticCode::CatchAll,
                Place::Option(i),
                "the option speaks of the other options",
                help,
            ));
        }
        let letters = |x: &String| x.len() == 1 && x.chars().all(|c| c.is_ascii_alphanumeric());
        let pair = w.len() <= 4
            && w.iter().filter(|x| letters(x)).count() >= 2
            && w.iter().any(|x| x == "and" || x == "or");
        if pair || combines(option.text.as_str()) {
            let help = "ask for several with type = \"multiple\" instead";
            out.push(finding(
                DiagnosticCode::KType,
                Place::Option(i),
                "the option combines others by their letters or numbers",
                help,
            ));
        }
    }
}

/// L04, L05: no absolutes in distractors only, and no hedges in the key only.
fn cue_words(options: &[Choice], key: usize, out: &mut Vec<Finding>) {
    let texts = texts(options);
    let is_distractor = |i: &usize| *i != key;
    let distractors = || (0..texts.len()).filter(is_distractor);
    if let Some(i) = distractors().find(|i| is_sweeping(texts[*i]))
        && !is_sweeping(texts[key])
    {
        let help = "people who know nothing avoid always and never: take the word out, or use one in the key as well";
        out.push(finding(
            DiagnosticCode::Absolute,
            Place::Option(i),
            "a distractor is absolute and the key is not",
            help,
        ));
    }
    if is_hedged(texts[key]) && !distractors().any(|i| is_hedged(texts[i])) {
        let help = "hedge a distractor too, or state the key as plainly as the others";
        out.push(finding(
            DiagnosticCode::Hedge,
            Place::Option(key),
            "only the key is hedged",
            help,
        ));
    }
}

/// L59, L60: no option that implies another, and no key whose opposite is the only one.
fn relations(options: &[Choice], key: usize, out: &mut Vec<Finding>) {
    let texts = texts(options);
    if let Some((i, j)) = implied(&texts) {
        let message = format!("the option implies option {}", j + 1);
        let help = "if the one is right, so is the other: make them exclude each other";
        out.push(finding(
            DiagnosticCode::Implied,
            Place::Option(i),
            message,
            help,
        ));
    }
    if let Some(i) = opposite_of_key(&texts, key) {
        let help = "the key is one of the two: replace it, or give other options opposites too";
        out.push(finding(
            DiagnosticCode::Opposite,
            Place::Option(i),
            "the option says the opposite of the key, and no others are opposites",
            help,
        ));
    }
}

/// L10: the key is not the only option in the singular or plural that the lead-in asks for.
fn number_of_things(question: &Question, options: &[Choice], key: usize, out: &mut Vec<Finding>) {
    if lead_ins::number_fits_only_key(&question.lead_in.line(), &texts(options), key) {
        let help = "ask so that one thing and several things fit, or give all options one number";
        out.push(finding(
            DiagnosticCode::FirstWord,
            Place::Option(key),
            "only the key is in the singular or plural that the lead-in asks for",
            help,
        ));
    }
}

/// L07: no content word that the stem shares only with the key.
fn clang(question: &Question, options: &[Choice], key: usize, out: &mut Vec<Finding>) {
    let asked_text = format!("{} {}", question.stem, question.lead_in);
    let asked = content(&asked_text);
    let in_key = content(options[key].text.as_str());
    let elsewhere: Vec<_> = options
        .iter()
        .enumerate()
        .filter(|(i, _)| *i != key)
        .map(|(_, o)| content(o.text.as_str()))
        .collect();
    let echo = in_key.iter().find(|w| {
        asked.contains(*w)
            && !elsewhere.iter().any(|other| other.contains(*w))
            && says_again(&asked_text, options[key].text.as_str(), w)
    });
    if let Some(word) = echo {
        let message = format!("the stem and the key share \"{word}...\", and no distractor does");
        let help = "say the key in other words, or let a distractor use the word as well";
        out.push(finding(
            DiagnosticCode::Clang,
            Place::Option(key),
            message,
            help,
        ));
    }
}

/// Returns true if both texts contain the same word with this stem, and not only related ones.
fn says_again(asked: &str, key: &str, of: &str) -> bool {
    let with_stem =
        |text: &str| -> Vec<String> { words(text).into_iter().filter(|w| stem(w) == of).collect() };
    let said = with_stem(asked);
    with_stem(key)
        .iter()
        .any(|w| said.iter().any(|other| is_same_word(w, other)))
}

/// L08, L09: the key must not be the option most or least similar to the others.
fn likeness(options: &[Choice], key: usize, out: &mut Vec<Finding>) {
    if options.len() < 3 {
        return;
    }
    let likeness = likenesses(options);
    let others = || {
        likeness
            .iter()
            .enumerate()
            .filter(|(i, _)| *i != key)
            .map(|(_, l)| *l)
    };
    let best = others().fold(f64::MIN, f64::max);
    let worst = others().fold(f64::MAX, f64::min);
    if likeness[key] >= best + 0.05 {
        let help = "options that each differ from the key in one thing point at it: vary the distractors among themselves";
        out.push(finding(
            DiagnosticCode::Convergence,
            Place::Option(key),
            "the key is most like the other options",
            help,
        ));
    }
    if likeness[key] <= worst - 0.05 {
        let help = "let the key share words and shape with the distractors";
        out.push(finding(
            DiagnosticCode::OddOneOut,
            Place::Option(key),
            "the key is least like the other options",
            help,
        ));
    }
}

/// Returns the mean similarity of each option to the others.
pub fn likenesses(options: &[Choice]) -> Vec<f64> {
    let sets: Vec<_> = options.iter().map(|o| set(o.text.as_str())).collect();
    let mean = |i: usize| {
        let sum: f64 = (0..sets.len())
            .filter(|j| *j != i)
            .map(|j| jaccard(&sets[i], &sets[j]))
            .sum();
        sum / (sets.len() - 1).max(1) as f64
    };
    (0..sets.len()).map(mean).collect()
}

/// L11, L23: the key has a final full stop only if the distractors do, and no more punctuation than they have.
fn form_of_the_key(options: &[Choice], key: usize, out: &mut Vec<Finding>) {
    let stop = |o: &Choice| o.text.as_str().trim_end().ends_with('.');
    let others: Vec<bool> = options
        .iter()
        .enumerate()
        .filter(|(i, _)| *i != key)
        .map(|(_, o)| stop(o))
        .collect();
    if others.iter().all(|s| *s == others[0]) && others[0] != stop(&options[key]) {
        let help = "end all options with a full stop, or none";
        out.push(finding(
            DiagnosticCode::FullStop,
            Place::Option(key),
            "the key ends otherwise than the distractors",
            help,
        ));
    }
    let marks = |o: &Choice| {
        o.text
            .as_str()
            .chars()
            .filter(|c| ",;:(-–—".contains(*c))
            .count() as f64
    };
    let others = options
        .iter()
        .enumerate()
        .filter(|(i, _)| *i != key)
        .map(|(_, o)| marks(o));
    let mean = others.sum::<f64>() / (options.len() - 1).max(1) as f64;
    if marks(&options[key]) - mean > 1.5 {
        let help = "qualifications in the key alone give it away: say them in the stem or in `why`";
        out.push(finding(
            DiagnosticCode::Punctuation,
            Place::Option(key),
            "the key has more punctuation than the distractors",
            help,
        ));
    }
}

/// L10: the right option should begin with the same part of speech as the wrong ones.
fn first_word(options: &[Choice], key: usize, out: &mut Vec<Finding>) {
    let class = |o: &Choice| {
        let first = words(o.text.as_str())
            .into_iter()
            .next()
            .unwrap_or_default();
        match first.as_str() {
            w if w.ends_with("ing") && w.len() > 5 => 1,
            "to" => 2,
            "a" | "an" | "the" => 3,
            "by" | "with" | "in" | "on" | "at" | "for" => 4,
            w if w.chars().all(|c| c.is_ascii_digit()) => 5,
            _ => 0,
        }
    };
    let others: Vec<u8> = options
        .iter()
        .enumerate()
        .filter(|(i, _)| *i != key)
        .map(|(_, o)| class(o))
        .collect();
    if others.len() >= 2
        && others.iter().all(|c| *c == others[0])
        && class(&options[key]) != others[0]
    {
        let help = "begin all options with the same kind of word";
        out.push(finding(
            DiagnosticCode::FirstWord,
            Place::Option(key),
            "the key begins with another kind of word than the distractors",
            help,
        ));
    }
}

/// L22: the key must not be the only option with a reason.
fn reasons(options: &[Choice], key: usize, out: &mut Vec<Finding>) {
    let reason = |o: &Choice| {
        let text = o.text.as_str().to_lowercase();
        text.contains("because") || text.contains("so that") || text.contains("therefore")
    };
    if reason(&options[key])
        && !options
            .iter()
            .enumerate()
            .any(|(i, o)| i != key && reason(o))
    {
        let help = "move the reason to `why`, or let distractors give theirs";
        out.push(finding(
            DiagnosticCode::Reason,
            Place::Option(key),
            "only the key gives a reason",
            help,
        ));
    }
}

/// L12, L12b: numbers in order, and ranges that don't overlap.
fn numbers(question: &Question, options: &[Choice], out: &mut Vec<Finding>) {
    let values: Option<Vec<f64>> = options
        .iter()
        .map(|o| crate::core::number::parse(o.text.as_str(), "").ok())
        .collect();
    if let Some(values) = values {
        let up = values.windows(2).all(|w| w[0] < w[1]);
        let down = values.windows(2).all(|w| w[0] > w[1]);
        if !up && !down {
            let help = "write numeric options in ascending order, as they are shown";
            out.push(finding(
                DiagnosticCode::NumberOrder,
                Place::Option(0),
                "the options are numbers and in no order",
                help,
            ));
        }
    }
    if ranges::overlap(&question.lead_in.line(), &texts(options)) {
        let help = "let each range begin where the one before it ends";
        out.push(finding(
            DiagnosticCode::RangesOverlap,
            Place::Option(0),
            "ranges overlap: more than one is right",
            help,
        ));
    }
}

/// L13: no two options with the same meaning.
fn twins(options: &[Choice], out: &mut Vec<Finding>) {
    let sets: Vec<_> = options.iter().map(|o| words(o.text.as_str())).collect();
    for i in 0..sets.len() {
        for j in 0..i {
            let (a, b) = (
                sets[i].iter().cloned().collect(),
                sets[j].iter().cloned().collect(),
            );
            if sets[i] == sets[j] || (jaccard(&a, &b) >= 0.9 && sets[i].len() != sets[j].len()) {
                let message = format!("the option says the same as option {}", j + 1);
                out.push(finding(
                    DiagnosticCode::Twins,
                    Place::Option(i),
                    message,
                    "replace one of them by another misconception",
                ));
            }
        }
    }
}

/// L13: no two steps, and no two entries on a side, with the same words. Nobody can tell them apart.
fn same_entries(question: &Question, out: &mut Vec<Finding>) {
    let sides: Vec<(&'static str, &'static str, Vec<&Text>)> = match &question.interaction {
        Interaction::Ordering { steps, .. } => {
            vec![(
                "step",
                "step",
                steps.iter().map(|step| &step.text).collect(),
            )]
        }
        Interaction::Matching { left, right } => vec![
            (
                "left",
                "left entry",
                left.iter().map(|left| &left.text).collect(),
            ),
            ("right", "right entry", right.iter().collect()),
        ],
        _ => return,
    };
    for (table, what, texts) in sides {
        let said: Vec<_> = texts.iter().map(|text| plain(text)).collect();
        for (i, words) in said.iter().enumerate() {
            let earlier = said[..i].iter().position(|earlier| earlier == words);
            if let Some(j) = earlier.filter(|_| !words.is_empty()) {
                let message = format!("the {what} says the same as {what} {}", j + 1);
                let help = "write what tells it from the other one, or replace it";
                let place = Place::Entry(table, i);
                out.push(finding(DiagnosticCode::Twins, place, message, help));
            }
        }
    }
}

/// Returns a text in lower case, with single spaces and without a final full stop: entries that differ in nothing else
/// look the same. Signs stay, as in `a < b`.
fn plain(text: &Text) -> String {
    let words: Vec<&str> = text.as_str().split_whitespace().collect();
    words.join(" ").trim_end_matches('.').to_lowercase()
}

/// L21: no three words with which all options begin.
fn beginnings(options: &[Choice], out: &mut Vec<Finding>) {
    let first: Vec<Vec<String>> = options
        .iter()
        .map(|o| words(o.text.as_str()).into_iter().take(3).collect())
        .collect();
    if first.iter().all(|w| w.len() == 3 && *w == first[0]) {
        let message = format!("all options begin with \"{}\"", first[0].join(" "));
        out.push(finding(
            DiagnosticCode::SameBeginning,
            Place::Option(0),
            message,
            "move these words to the lead-in",
        ));
    }
}
