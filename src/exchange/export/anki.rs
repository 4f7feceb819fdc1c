//! Writes notes for Anki's import of text files.

use csv::{QuoteStyle, Terminator, WriterBuilder};

use super::{Exported, Outgoing};
use crate::exchange::draft::{Body, Choice, Draft};

/// The lines before the notes, which name the columns.
const HEADER: &str = "#separator:tab\n#html:true\n#notetype column:1\n#guid column:2\n#deck column:3\n#tags column:6\n";

/// Writes every question as a note with a front and a back.
pub fn write(questions: &[Outgoing]) -> Exported {
    let mut exported = Exported::default();
    let is_card = |question: &Outgoing| matches!(question.draft.body, Body::Recall(_));
    if !questions.iter().all(is_card) {
        exported
            .note("Anki shows cards: options and answers became texts, which Anki does not check");
    }
    let mut writer = WriterBuilder::new()
        .delimiter(b'\t')
        .quote_style(QuoteStyle::Necessary)
        .terminator(Terminator::Any(b'\n'))
        .from_writer(Vec::new());
    for question in questions {
        let draft = &question.draft;
        let (front, back) = (html(&front(draft)), html(&back(draft)));
        let level = draft.level.map_or("", |level| level.word());
        let tags = format!("{} {level}", draft.facet);
        let deck = question.deck.as_str();
        let notetype = match &draft.body {
            Body::Recall(_) if front.contains("{{c1::") => "Cloze",
            _ => "Basic",
        };
        // Writing to memory does not fail.
        let _ = writer.write_record([notetype, &question.name, deck, &front, &back, tags.trim()]);
        exported.add(question, Ok(Vec::new()));
    }
    exported.text.push_str(HEADER);
    let bytes = writer.into_inner().unwrap_or_default();
    exported.text.push_str(&String::from_utf8_lossy(&bytes));
    exported
}

fn letters(options: &[Choice]) -> impl Iterator<Item = (char, &Choice)> {
    ('a'..='z').zip(options)
}

/// Returns the question with its options.
fn front(draft: &Draft) -> String {
    if matches!(draft.body, Body::Recall(_)) {
        return draft.asked().replace("{{", "{{c1::");
    }
    let mut lines: Vec<String> = match &draft.body {
        Body::Single(options) | Body::Multiple(options) => letters(options)
            .map(|(letter, option)| format!("{letter}) {}", option.text))
            .collect(),
        Body::Matching(pairs, spare) => {
            let mut right: Vec<&String> =
                pairs.iter().map(|pair| &pair.right).chain(spare).collect();
            right.sort();
            right.dedup();
            let left = pairs.iter().map(|pair| format!("- {}", pair.left));
            let right = right.into_iter().map(|text| format!("→ {text}"));
            left.chain(right).collect()
        }
        Body::Ordering(steps) => {
            let mut steps: Vec<String> = steps.iter().map(|step| format!("- {step}")).collect();
            steps.sort();
            steps
        }
        Body::Numeric(number) if !number.unit.is_empty() => vec![format!("(in {})", number.unit)],
        Body::Numeric(_) | Body::Open(_) | Body::Recall(_) => Vec::new(),
    };
    lines.insert(0, String::new());
    (draft.asked() + "\n" + &lines.join("\n")).trim().to_owned()
}

/// Returns the answer with its explanation.
fn back(draft: &Draft) -> String {
    let lines: Vec<String> = match &draft.body {
        Body::Single(options) | Body::Multiple(options) => letters(options)
            .filter(|(_, option)| option.credit >= 1.0)
            .map(|(letter, option)| match option.why.as_str() {
                "" => format!("{letter}) {}", option.text),
                why => format!("{letter}) {}\n{why}", option.text),
            })
            .collect(),
        Body::Matching(pairs, _) => pairs
            .iter()
            .map(|pair| format!("- {} → {}", pair.left, pair.right))
            .collect(),
        Body::Ordering(steps) => (1..)
            .zip(steps)
            .map(|(n, step)| format!("{n}. {step}"))
            .collect(),
        Body::Numeric(number) => vec![format!("{} {}", number.value, number.unit)],
        Body::Open(text) | Body::Recall(text) => vec![text.clone()],
    };
    format!("{}\n\n{}", lines.join("\n").trim(), draft.lesson())
        .trim()
        .to_owned()
}

/// Returns a text as HTML, with its fenced listings as preformatted text.
fn html(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    let mut is_code = false;
    for (n, line) in text.lines().enumerate() {
        if line.starts_with("```") {
            is_code = !is_code;
            html.push_str(if is_code { "<pre>" } else { "</pre>" });
            continue;
        }
        let is_first = n == 0 || html.ends_with("<pre>") || html.ends_with("</pre>");
        html.push_str(match (is_first, is_code) {
            (true, _) => "",
            (false, true) => "\n",
            (false, false) => "<br>",
        });
        html.push_str(&html_escape::encode_text(line));
    }
    if is_code {
        html.push_str("</pre>");
    }
    html
}
