//! What an export writes, an import reads back.

use proptest::prelude::*;

use super::Outgoing;
use crate::exchange::draft::{Body, Choice, Draft, Number, Pair};
use crate::exchange::{Format, Imported, aiken};

/// Texts with everything that has a meaning in one of the formats.
fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        3 => "[a-zA-Z0-9]{1,8}",
        1 => prop::sample::select(vec![
            "~", "=", "#", "{", "}", ":", "\\", "\\n", "%", "%50%", "[html]", "<b>", "&amp;", "//", "::", "####", "T",
            "A.", "ANSWER:", ",", ";", "\"", "'", "-", "+1", "@x", "'=1", "é", "…", "x?", "a. b?", "_____",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(word, 1..6).prop_map(|words| words.join(" "))
}

/// A text of several lines and paragraphs.
fn prose() -> impl Strategy<Value = String> {
    prop::collection::vec((text(), prop::sample::select(vec!["\n", "\n\n"])), 1..3).prop_map(
        |lines| {
            let lines: String = lines.into_iter().map(|(line, end)| line + end).collect();
            lines.trim().to_owned()
        },
    )
}

/// Options with different texts, of which the first `keys` are right.
fn options(keys: usize) -> impl Strategy<Value = Vec<Choice>> {
    let option = (text(), prop_oneof![Just(String::new()), prose()]);
    prop::collection::vec(option, 4..6)
        .prop_map(move |options| {
            let choices = options.into_iter().enumerate();
            let choices: Vec<Choice> = choices
                .map(|(n, (text, why))| Choice {
                    text: format!("{text} {n}"),
                    credit: if n < keys { 1.0 } else { 0.0 },
                    why,
                })
                .collect();
            choices
        })
        .prop_shuffle()
}

fn matching() -> impl Strategy<Value = Body> {
    let pairs = prop::collection::vec((text(), text()), 3..6);
    (pairs, prop::collection::vec(text(), 0..3)).prop_map(|(pairs, spare)| {
        let pairs = pairs.into_iter().enumerate();
        let pairs = pairs.map(|(n, (left, right))| Pair {
            left: format!("{left} {n}"),
            right: format!("{right} {n}"),
            why: String::new(),
        });
        Body::Matching(pairs.collect(), spare)
    })
}

fn number() -> impl Strategy<Value = Body> {
    let wrong = prop::option::of(text());
    (-1e6..1e6f64, 0.0..10.0f64, wrong).prop_map(|(value, tolerance, wrong)| {
        Body::Numeric(Number {
            value,
            tolerance,
            unit: String::new(),
            wrong: wrong.into_iter().map(|why| (value + 100.0, why)).collect(),
        })
    })
}

fn draft(body: impl Strategy<Value = Body>) -> impl Strategy<Value = Draft> {
    let code = prop::option::of(Just(("go".to_owned(), "a := b{}\n\n  // c".to_owned())));
    let lesson = (prose(), prop::collection::vec(text(), 0..3));
    (prose(), code, text(), body, lesson).prop_map(|(stem, code, lead_in, body, lesson)| Draft {
        title: "clocks.001".to_owned(),
        category: "data-consistency/clocks".to_owned(),
        stem,
        code,
        lead_in,
        body,
        explanation: lesson.0,
        sources: lesson.1,
        ..Draft::default()
    })
}

/// Writes a question and reads it back.
fn round_trip(draft: &Draft, format: Format) -> Imported {
    let question = Outgoing {
        name: "deck/clocks.001".to_owned(),
        deck: "Deck".to_owned(),
        draft: draft.clone(),
        losses: Vec::new(),
    };
    let exported = format.write(&[question]);
    assert_eq!(exported.written, 1, "{exported:?}");
    format.read(exported.text.trim_start_matches('\u{feff}'))
}

fn assert_same(draft: &Draft, imported: &Imported) {
    assert_eq!(imported.problems, [], "{imported:?}");
    let [read] = &imported.drafts[..] else {
        panic!("one question, not {:?}", imported.drafts)
    };
    let expected = Draft {
        line: read.line,
        category: read.category.clone(),
        ..draft.clone()
    };
    assert_eq!(*read, expected);
}

proptest! {
    #[test]
    fn gift_carries_questions_with_options(
        one in draft(options(1).prop_map(Body::Single)), several in draft(options(2).prop_map(Body::Multiple)),
    ) {
        assert_same(&one, &round_trip(&one, Format::Gift));
        assert_same(&several, &round_trip(&several, Format::Gift));
    }

    #[test]
    fn gift_carries_half_credit(mut half in draft(options(1).prop_map(Body::Single))) {
        if let Body::Single(options) = &mut half.body
            && let Some(wrong) = options.iter_mut().find(|option| option.credit == 0.0)
        {
            wrong.credit = 0.5;
        }
        assert_same(&half, &round_trip(&half, Format::Gift));
    }

    #[test]
    fn gift_carries_pairs_and_numbers(pairs in draft(matching()), number in draft(number())) {
        assert_same(&pairs, &round_trip(&pairs, Format::Gift));
        assert_same(&number, &round_trip(&number, Format::Gift));
    }

    #[test]
    fn gift_carries_the_text_of_an_essay(essay in draft(Just(Body::Open(String::new())))) {
        let mut imported = round_trip(&essay, Format::Gift);
        imported.problems.clear();
        assert_same(&essay, &imported);
    }

    #[test]
    fn a_table_carries_options_and_numbers(
        one in draft(options(1).prop_map(Body::Single)), several in draft(options(3).prop_map(Body::Multiple)),
        mut number in draft(number()),
    ) {
        if let Body::Numeric(number) = &mut number.body {
            number.wrong.clear();
        }
        for question in [one, several, number] {
            let mut imported = round_trip(&question, Format::Csv);
            imported.problems.retain(|problem| !problem.message.starts_with("an apostrophe"));
            let question = Draft { facet: String::new(), ..question };
            assert_same(&question, &imported);
        }
    }

    #[test]
    fn aiken_carries_question_options_and_key(one in draft(options(1).prop_map(Body::Single))) {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let asked = words(&one.asked());
        let line = asked.join(" ");
        prop_assume!(aiken::option(&line).is_none() && aiken::answer(&line).is_none());
        let imported = round_trip(&one, Format::Aiken);
        let read = &imported.drafts[0];
        assert_eq!(words(&format!("{} {}", read.stem, read.lead_in)), asked);
        let (Body::Single(read), Body::Single(options)) = (&read.body, &one.body) else {
            panic!("{read:?}")
        };
        for (read, option) in read.iter().zip(options) {
            assert_eq!((words(&read.text), read.credit), (words(&option.text), option.credit));
        }
    }

    #[test]
    fn notes_carry_cards(front in text(), blank in text(), back in prose()) {
        let plain = |text: String| text.replace(['{', '}'], "(").replace("::", ":");
        let (front, blank) = (plain(front), plain(blank));
        let cloze = format!("{front} {{{{{blank}}}}}");
        for front in [front, cloze] {
            let card = Draft {
                lead_in: front,
                body: Body::Recall(back.clone()),
                ..Draft::default()
            };
            let imported = round_trip(&card, Format::Anki);
            prop_assert_eq!(&imported.problems, &[]);
            let read = &imported.drafts[0];
            prop_assert_eq!((&read.lead_in, &read.body), (&card.lead_in, &card.body));
        }
    }

    #[test]
    fn no_text_breaks_a_line_of_notes(one in draft(options(1).prop_map(Body::Single))) {
        let question = Outgoing { draft: one, ..Outgoing::default() };
        let exported = Format::Anki.write(&[question.clone(), question]);
        let notes = exported.text.lines().filter(|line| !line.starts_with('#'));
        assert_eq!(notes.filter(|line| line.contains("Basic\t")).count(), 2);
    }
}
