//! The Aiken format: a question, its options as `A. text`, and a line `ANSWER: A`.

use super::draft::{Body, Choice, Draft, Imported};

/// A question being read.
#[derive(Default)]
struct Question {
    line: usize,
    text: Vec<String>,
    options: Vec<(char, String)>,
}

/// Reads the questions of an Aiken file.
pub fn read(text: &str) -> Imported {
    let mut imported = Imported::default();
    let mut question = Question::default();
    let mut after_blank = false;
    for (n, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() {
            after_blank = true;
            continue;
        }
        if let Some(letters) = answer(line) {
            let question = std::mem::take(&mut question);
            finish(question, n, letters, &mut imported);
        } else if let Some((letter, text)) = option(line).filter(|_| !question.text.is_empty()) {
            question.options.push((letter, text.to_owned()));
        } else if question.options.is_empty() {
            if question.text.is_empty() {
                question.line = n;
            }
            question.text.push(line.to_owned());
        } else if after_blank {
            // Another question begins, so this one has no answer.
            refuse(&question, n, &mut imported);
            question = Question {
                line: n,
                text: vec![line.to_owned()],
                options: Vec::new(),
            };
        } else if let Some((_, text)) = question.options.last_mut() {
            text.push(' ');
            text.push_str(line);
        }
        after_blank = false;
    }
    if !question.text.is_empty() {
        refuse(&question, text.lines().count(), &mut imported);
    }
    imported
}

fn refuse(question: &Question, line: usize, imported: &mut Imported) {
    let message = match question.options.len() {
        0 => format!(
            "no option follows the question by line {line}: options begin with `A.` or `A)`"
        ),
        _ => format!("no line `ANSWER: A` follows its options by line {line}"),
    };
    imported.refuse(question.line, message);
}

/// Adds a question whose answer is on `line`.
fn finish(question: Question, line: usize, letters: &str, imported: &mut Imported) {
    if question.text.is_empty() {
        return imported.refuse(line, "`ANSWER:` without a question before it");
    }
    let letters: Vec<&str> = letters
        .split([',', ' ', ';'])
        .filter(|letter| !letter.is_empty())
        .collect();
    let is_key = |letter: char| {
        letters
            .iter()
            .any(|key| key.chars().eq([letter]) || key.to_uppercase().chars().eq([letter]))
    };
    let known = |key: &&&str| {
        let key = key.to_uppercase();
        question
            .options
            .iter()
            .any(|(letter, _)| key.chars().eq([*letter]))
    };
    if let Some(unknown) = letters.iter().find(|key| !known(key)) {
        return imported.refuse(
            question.line,
            format!("the answer on line {line} is `{unknown}`, and no option has this letter"),
        );
    }
    let options: Vec<Choice> = question
        .options
        .iter()
        .map(|(letter, text)| Choice {
            text: text.clone(),
            credit: if is_key(*letter) { 1.0 } else { 0.0 },
            ..Choice::default()
        })
        .collect();
    let mut draft = Draft {
        line: question.line,
        body: match letters.len() {
            0 | 1 => Body::Single(options),
            _ => Body::Multiple(options),
        },
        ..Draft::default()
    };
    draft.set_question(&question.text.join("\n"));
    imported.add(draft, Vec::new());
}

/// Returns the letters of a line such as `ANSWER: B`.
pub fn answer(line: &str) -> Option<&str> {
    let start = line
        .get(..7)
        .filter(|start| start.eq_ignore_ascii_case("ANSWER:"))?;
    Some(line[start.len()..].trim())
}

/// Splits a line such as `A. text` or `A) text`.
pub fn option(line: &str) -> Option<(char, &str)> {
    let mut chars = line.chars();
    let letter = chars.next().filter(char::is_ascii_alphabetic)?;
    let text = chars.as_str().strip_prefix(['.', ')'])?;
    text.starts_with([' ', '\t'])
        .then(|| (letter.to_ascii_uppercase(), text.trim()))
}
