//! Writes drafts as a deck file, with a TODO at the place of everything that they lack.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Body, Choice, Draft, is_address};
use crate::core::id::Fingerprint;
use crate::core::question::{Demand, Kind};

/// The head of the deck, and the place of its questions in the blueprint.
#[derive(Clone, Debug)]
pub struct Head {
    pub id: String,
    pub title: String,
    pub competency: String,
    /// The facet of questions that name none.
    pub facet: String,
    /// The facets that questions may name.
    pub facets: BTreeSet<String>,
}

/// Returns true if the questions lack something. Cards are complete.
pub fn is_draft(drafts: &[Draft]) -> bool {
    drafts.iter().any(|draft| draft.kind() != Kind::Recall)
}

/// Writes a deck, with the mark of a draft if the questions lack something.
pub fn write(head: &Head, drafts: &[Draft]) -> String {
    let (remark, mark) = match is_draft(drafts) {
        true => (
            "# Imported questions. They can be practised at once. Complete what is marked with TODO (`aethos check` lists it),\n\
             # then remove `draft = true`: until then, no assessment asks these questions.",
            "draft = true\n",
        ),
        false => (
            "# Imported cards, for practice. A card keeps its history while its id stays the same.",
            "",
        ),
    };
    let mut deck = format!(
        "{remark}\n\n[deck]\nid = {}\ntitle = {}\nversion = \"0.1.0\"\nlanguage = \"en\"  # TODO check the language of the \
         texts\ncompetency = {}\n{mark}",
        quoted(&head.id),
        quoted(&head.title),
        quoted(&head.competency),
    );
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut cards = BTreeSet::new();
    for draft in drafts {
        // The innermost category comes last, and so do tags.
        let categories = draft.category.rsplit(['/', ':', ' ']);
        let facet = [draft.facet.as_str()]
            .into_iter()
            .chain(categories)
            .find(|facet| head.facets.contains(*facet))
            .unwrap_or(&head.facet);
        if draft.kind() == Kind::Recall {
            card(draft, facet, &mut cards, &mut deck);
            continue;
        }
        let number = numbers.entry(facet).or_default();
        *number += 1;
        question(draft, facet, *number, &mut deck);
    }
    deck
}

/// Writes a card. Its id is derived from the id of its note or from its front, so that a later import of changed notes
/// keeps the history of the others.
fn card(draft: &Draft, facet: &str, ids: &mut BTreeSet<String>, deck: &mut String) {
    let source = match draft.title.as_str() {
        "" => &draft.lead_in,
        title => title,
    };
    let digest = Fingerprint::of(source).to_string();
    let id = format!("{facet}.{}", digest.get(..8).unwrap_or_default());
    let mut unique = id.clone();
    let mut n = 1;
    while !ids.insert(unique.clone()) {
        n += 1;
        unique = format!("{id}-{n}");
    }
    deck.push('\n');
    if !draft.category.is_empty() {
        let line = draft.category.split_whitespace().collect::<Vec<_>>();
        deck.push_str(&format!("# category: {}\n", line.join(" ")));
    }
    let mut key = |name: &str, value: String| deck.push_str(&format!("{name} = {value}\n"));
    key("[[question]]\nid", quoted(&unique));
    key("facet", quoted(facet));
    key("type", quoted(Kind::Recall.word()));
    key("front", quoted(&draft.lead_in));
    if let Body::Recall(back) = &draft.body
        && !back.is_empty()
    {
        key("back", quoted(back));
    }
    if !draft.explanation.is_empty() {
        key("explanation", quoted(&draft.explanation));
    }
    sources(draft, deck);
}

fn sources(draft: &Draft, deck: &mut String) {
    for source in &draft.sources {
        deck.push_str(&format!(
            "  [[question.reference]]\n  title = {}\n",
            quoted(source)
        ));
        if is_address(source) {
            deck.push_str(&format!("  url = {}\n", quoted(source)));
        }
    }
}

fn question(draft: &Draft, facet: &str, number: usize, deck: &mut String) {
    deck.push('\n');
    for (name, text) in [("", &draft.title), ("category: ", &draft.category)] {
        if !text.is_empty() {
            let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            deck.push_str(&format!("# {name}{line}\n"));
        }
    }
    let mut key = |name: &str, value: String| deck.push_str(&format!("{name} = {value}\n"));
    key("[[question]]\nid", quoted(&format!("{facet}.{number:03}")));
    key("facet", quoted(facet));
    match draft.level {
        Some(level) => key("level", quoted(level.word())),
        None => key(
            "# TODO level",
            "\"mid\"  # junior, mid, senior, staff or principal".to_owned(),
        ),
    }
    match draft.demand {
        Some(demand) => key("demand", quoted(demand.word())),
        None => key(
            "# TODO demand",
            "\"apply\"  # recall, apply, diagnose, judge or design".to_owned(),
        ),
    }
    key("type", quoted(draft.kind().word()));
    key("seconds", seconds(draft).to_string());
    match draft.stem.as_str() {
        "" => key("# TODO stem", "\"the situation\"".to_owned()),
        stem => key("stem", quoted(stem)),
    }
    if let Some((language, code)) = &draft.code {
        key("code_lang", quoted(language));
        key("code", quoted(code));
    }
    key("lead_in", quoted(&draft.lead_in));
    if let Body::Multiple(options) = &draft.body {
        let keys = options.iter().filter(|option| option.credit >= 1.0);
        key("select", keys.count().to_string());
    }
    match draft.explanation.as_str() {
        "" => key(
            "# TODO explanation",
            "\"the mechanism, and why the tempting answers fail\"".to_owned(),
        ),
        explanation => key("explanation", quoted(explanation)),
    }
    body(&draft.body, deck);
    sources(draft, deck);
    if draft.sources.is_empty() {
        deck.push_str("  # TODO [[question.reference]]\n  # title = \"a primary source\"\n");
    }
}

fn body(body: &Body, deck: &mut String) {
    let why = |why: &str, todo: &str| match why {
        "" => format!("  # TODO why = \"{todo}\"\n"),
        why => format!("  why = {}\n", quoted(why)),
    };
    match body {
        Body::Single(options) | Body::Multiple(options) => {
            let has_half = options
                .iter()
                .any(|option| option.credit > 0.0 && option.credit < 1.0);
            for option in options {
                choice(
                    option,
                    has_half,
                    &why(&option.why, "why it is right or wrong"),
                    deck,
                );
            }
        }
        Body::Matching(pairs, spare) => {
            let mut right: Vec<&str> = Vec::new();
            for text in pairs.iter().map(|pair| &pair.right).chain(spare) {
                if !right.contains(&text.as_str()) {
                    right.push(text);
                }
            }
            for pair in pairs {
                let id = right
                    .iter()
                    .position(|text| *text == pair.right)
                    .unwrap_or(0)
                    + 1;
                deck.push_str(&format!(
                    "  [[question.left]]\n  text = {}\n  match = \"r{id}\"\n",
                    quoted(&pair.left)
                ));
                deck.push_str(&why(&pair.why, "why these two belong together"));
            }
            for (n, text) in (1..).zip(right) {
                deck.push_str(&format!(
                    "  [[question.right]]\n  id = \"r{n}\"\n  text = {}\n",
                    quoted(text)
                ));
            }
        }
        Body::Numeric(number) => {
            deck.push_str(&format!(
                "  [question.answer]\n  formula = \"{}\"\n  tolerance_abs = {:?}\n",
                number.value, number.tolerance
            ));
            if !number.unit.is_empty() {
                deck.push_str(&format!("  unit = {}\n", quoted(&number.unit)));
            }
            for (wrong, reason) in &number.wrong {
                deck.push_str(&format!(
                    "  [[question.answer.wrong]]\n  formula = \"{wrong}\"\n  why = {}\n",
                    quoted(reason)
                ));
            }
        }
        Body::Recall(_) => {}
        Body::Ordering(steps) => {
            for step in steps {
                deck.push_str(&format!("  [[question.step]]\n  text = {}\n", quoted(step)));
                deck.push_str(&why("", "why it comes here"));
            }
        }
        Body::Open(answer) => {
            if !answer.is_empty() {
                deck.push_str(&format!("model_answer = {}\n", quoted(answer)));
            }
            deck.push_str("# TODO model_answer and [[question.rubric]], with criterion, points and evidence\n");
        }
    }
}

fn choice(option: &Choice, has_half: bool, why: &str, deck: &mut String) {
    deck.push_str(&format!(
        "  [[question.option]]\n  text = {}\n",
        quoted(&option.text)
    ));
    if option.credit >= 1.0 {
        deck.push_str("  correct = true\n");
    }
    if has_half {
        deck.push_str(&format!("  credit = {:.1}\n", option.credit));
    }
    deck.push_str(why);
    if option.credit < 1.0 {
        deck.push_str(
            "  # TODO misconception = \"the wrong belief behind it\"
",
        );
    }
}

/// Returns the fair time: reading at three words per second, thinking, and handling by type.
fn seconds(draft: &Draft) -> u32 {
    let count = |text: &str| text.split_whitespace().count();
    let texts = [&draft.stem, &draft.lead_in]
        .map(|text| count(text))
        .iter()
        .sum::<usize>();
    let (inside, handling) = match &draft.body {
        Body::Single(options) => (options.iter().map(|option| count(&option.text)).sum(), 0),
        Body::Multiple(options) => (options.iter().map(|option| count(&option.text)).sum(), 10),
        Body::Matching(pairs, _) => {
            let words = pairs
                .iter()
                .map(|pair| count(&pair.left) + count(&pair.right));
            (words.sum::<usize>(), 30)
        }
        Body::Numeric(_) => (0, 40),
        Body::Ordering(steps) => (steps.iter().map(|step| count(step)).sum(), 20),
        Body::Open(_) | Body::Recall(_) => (0, 560),
    };
    let thinking = match draft.demand {
        Some(Demand::Recall) => 15,
        _ => 40,
    };
    let needed = (texts + inside) as u32 / 3 + thinking + handling;
    (needed + needed / 5).clamp(5, 3600)
}

/// Returns a text as a TOML string on one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
