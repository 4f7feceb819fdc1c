//! Compares the fast scanner of decks with the `toml` crate: both find the same questions in any valid deck.

use std::collections::HashMap;

use aethos::core::id::FacetId;
use aethos::core::text::Text;
use aethos::deck::scan::{Scan, scan_text};
use proptest::prelude::*;

const FACETS: [&str; 3] = ["alpha", "beta", "gamma-1"];
const LEVELS: [&str; 5] = ["junior", "mid", "senior", "staff", "principal"];
const TYPES: [&str; 6] = [
    "single", "multiple", "ordering", "matching", "numeric", "open",
];

/// Generates the ways in which TOML can write a plain word.
fn written(word: &'static str) -> impl Strategy<Value = String> {
    prop_oneof![
        6 => Just(format!("\"{word}\"")),
        1 => Just(format!("'{word}'")),
        1 => Just(format!("\"\"\"{word}\"\"\"")),
        1 => Just(format!("'''\n{word}'''")),
        1 => Just(format!("\"\\u{:04x}{}\"", u32::from(word.as_bytes()[0]), &word[1..])),
    ]
}

/// Generates the ways in which TOML can write a key.
fn key(name: &'static str) -> impl Strategy<Value = String> {
    prop_oneof![8 => Just(name.to_owned()), 1 => Just(format!("\"{name}\"")), 1 => Just(format!("'{name}'"))]
}

fn between() -> impl Strategy<Value = &'static str> {
    prop_oneof![6 => Just(" = "), 1 => Just("="), 1 => Just("\t=  "), 1 => Just(" =")]
}

fn line_end() -> impl Strategy<Value = &'static str> {
    prop_oneof![6 => Just("\n"), 1 => Just("\r\n"), 1 => Just("  # [[question]]\n"), 1 => Just("# a \" quote\n"), 1 => Just("\n\n")]
}

fn pair(name: &'static str, value: BoxedStrategy<String>) -> BoxedStrategy<String> {
    (key(name), between(), value, line_end())
        .prop_map(|(key, equals, value, end)| key + equals + &value + end)
        .boxed()
}

/// Generates lines that selection doesn't need, but that may mislead a scanner.
fn noise() -> BoxedStrategy<String> {
    prop_oneof![
        Just("stem = \"\"\"\nSome text.\n[[question]]\nid = \"inside\"\n\"\"\"\n".to_owned()),
        Just("stem = '''\n[[question]]\nlevel = \"staff\" \\'''\n".to_owned()),
        Just("stem = \"\"\"ends in quotes \"\"\"\"\"\n".to_owned()),
        Just("stem = \"\"\"an escaped \\\"\"\" inside\n[[question]]\n\"\"\"\n".to_owned()),
        Just("stem = \"# no comment\" # a comment\n".to_owned()),
        Just("points = [\n  \"a]\", # ]\n  'b',\n]\n".to_owned()),
        Just("points = [\"[[question]]\", \"\"\"\n[[question]]\n\"\"\"]\n".to_owned()),
        Just("points = [\"\"\"\n[[question]]\n\"\"\",\n  'b',\n]\n".to_owned()),
        Just("checked = { on = \"2026-01-01\", against = \"[[question]]\" }\n".to_owned()),
        Just("# [[question]]\n".to_owned()),
        Just("  \t\n".to_owned()),
    ]
    .boxed()
}

/// Generates subtables of a question, which must not be searched for its own keys.
fn below() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just(String::new()),
        1 => Just("[[question.option]]\nid = \"an option\"\ntext = \"\"\"\n[[question]]\n\"\"\"\n".to_owned()),
        1 => Just("  [question.extra]\n  level = \"none\"\n  facet = 'x'\n".to_owned()),
    ]
}

fn question(number: usize) -> BoxedStrategy<String> {
    let id = prop_oneof![
        6 => Just(format!("\"q.{number:03}\"")),
        1 => Just(format!("'q.{number:03}'")),
        1 => Just(format!("\"Q {number}\"")),
    ];
    let seconds = prop_oneof![6 => (1u32..500).prop_map(|n| n.to_string()), 1 => Just("1_0".to_owned()), 1 => Just("0x1f".to_owned())];
    let word = |words: &'static [&'static str]| {
        proptest::sample::select(words)
            .prop_flat_map(written)
            .boxed()
    };
    let family = prop_oneof![2 => Just(String::new()), 1 => pair("family", word(&FACETS))];
    let lines = (
        pair("id", id.boxed()),
        pair("facet", word(&FACETS)),
        pair("level", word(&LEVELS)),
        pair("type", word(&TYPES)),
        pair("seconds", seconds.boxed()),
        family,
        proptest::option::of(noise()),
    );
    let header = prop_oneof![6 => Just("[[question]]\n"), 1 => Just("  [[question]]  # next\n"), 1 => Just("[[question]]\r\n")];
    (header, lines, below())
        .prop_flat_map(|(header, (a, b, c, d, e, f, g), below)| {
            let lines = vec![a, b, c, d, e, f, g.unwrap_or_default()];
            (Just(header), Just(lines).prop_shuffle(), Just(below))
        })
        .prop_map(|(header, lines, below)| header.to_owned() + &lines.concat() + &below)
        .boxed()
}

fn deck() -> impl Strategy<Value = String> {
    (1usize..6)
        .prop_flat_map(|n| (0..n).map(question).collect::<Vec<_>>())
        .prop_map(|questions| format!("[deck]\nid = \"d\"\n\n{}", questions.concat()))
}

fn scan(text: &str) -> Scan {
    let facets: HashMap<&str, FacetId> = FACETS
        .iter()
        .map(|name| (*name, FacetId::new(name)))
        .collect();
    scan_text(text, &Text::new("d.toml"), &facets)
}

/// Parses a whole deck with the `toml` crate, and returns its questions.
fn fields(text: &str) -> Option<Vec<toml::Table>> {
    let table: toml::Table = text.parse().ok()?;
    let questions = table.get("question")?.as_array()?;
    questions
        .iter()
        .map(|question| question.as_table().cloned())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_fast_scan_agrees_with_the_full_parser_or_says_that_it_does_not_know(text in deck()) {
        let Some(questions) = fields(&text) else { return Ok(()) };
        let scan = scan(&text);
        prop_assert!(scan.problems.is_empty(), "{:?}", scan.problems);
        let mut starts: Vec<u32> = scan.chunks.iter().chain(&scan.deferred).map(|chunk| chunk.start).collect();
        starts.sort_unstable();
        prop_assert_eq!(starts.len(), questions.len(), "{}", text);
        for (entry, chunk) in scan.entries.iter().zip(&scan.chunks) {
            let place = starts.binary_search(&chunk.start).expect("every chunk has a start");
            let question = &questions[place];
            let text_of = |key: &str| question.get(key).and_then(toml::Value::as_str);
            prop_assert_eq!(Some(entry.id.as_str()), text_of("id"));
            prop_assert_eq!(Some(entry.facet.as_str()), text_of("facet"));
            prop_assert_eq!(Some(entry.level.word()), text_of("level"));
            prop_assert_eq!(Some(entry.kind.word()), text_of("type"));
            prop_assert_eq!(entry.family.as_deref(), text_of("family"));
            prop_assert_eq!(Some(i64::from(entry.seconds)), question.get("seconds").and_then(toml::Value::as_integer));
        }
    }
}

#[test]
fn plain_questions_are_read_by_the_fast_scan() {
    let text = "[deck]\nid = \"d\"\n[[question]]\nid = \"q.1\"\nfacet = \"alpha\"\nlevel = \"mid\"\ntype = \"open\"\nseconds = 60\n";
    let scan = scan(text);
    assert_eq!((scan.entries.len(), scan.deferred.len()), (1, 0));
}
