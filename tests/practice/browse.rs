//! Browsing what was seen, over a history that grew as it does in the program.

use std::collections::BTreeSet;
use std::time::Duration;

use aethos::app::browse::{FoundQuestions, SeenQuery};
use aethos::core::practice::Drill;
use aethos::core::response::Confidence;
use aethos::core::seen::{SeenFilter, Topic};
use aethos::session::Event;
use aethos::shell::{Folder, Workspace};

use super::large::on_processor;
use super::life::{Id, Life, Said};

fn find(life: &Life, query: &SeenQuery) -> FoundQuestions {
    life.shell.workspace.find_seen(query).unwrap()
}

fn ids(found: &FoundQuestions) -> BTreeSet<Id> {
    let lines = found.lines.iter();
    lines
        .map(|line| (line.deck.clone(), line.question.clone()))
        .collect()
}

fn with(filter: SeenFilter) -> SeenQuery {
    SeenQuery {
        filter,
        ..SeenQuery::default()
    }
}

fn about(text: &str) -> SeenQuery {
    SeenQuery {
        text: text.to_owned(),
        ..SeenQuery::default()
    }
}

#[test]
fn what_was_seen_is_found_by_its_last_answer() {
    let mut life = Life::new(5);
    assert!(find(&life, &SeenQuery::default()).lines.is_empty());
    let said = life.assess(40);
    let of = |is: fn(&Said) -> bool| -> BTreeSet<Id> {
        said.iter().filter(|said| is(said)).map(Said::id).collect()
    };
    assert_eq!(ids(&find(&life, &SeenQuery::default())), of(|_| true));
    assert_eq!(
        ids(&find(&life, &with(SeenFilter::Right))),
        of(Said::is_right)
    );
    assert_eq!(
        ids(&find(&life, &with(SeenFilter::Wrong))),
        of(|said| !said.is_right())
    );
    assert_eq!(
        ids(&find(&life, &with(SeenFilter::SureAndWrong))),
        of(|said| !said.is_right() && said.confidence == Confidence::Sure)
    );
    assert!(find(&life, &with(SeenFilter::Noted)).lines.is_empty());

    // A later answer in practice replaces the one of the assessment, and comes first.
    life.sleep(1);
    let practised = life.practise(&Drill::Wrong, 10);
    let found = find(&life, &SeenQuery::default());
    assert_eq!(found.lines.len(), of(|_| true).len());
    let last = practised.last().unwrap();
    assert_eq!(found.lines[0].question, last.id().1);
    assert_eq!(found.lines[0].last.unwrap().score, last.score);
}

#[test]
fn every_question_that_is_found_opens_where_it_was_answered() {
    let mut life = Life::new(6);
    life.assess(24);
    life.sleep(1);
    life.practise(&Drill::Wrong, 10);
    for line in find(&life, &SeenQuery::default()).lines {
        let shown = life.shell.workspace.show_seen(&line).unwrap();
        let item = shown.opened.session.item(shown.slot);
        assert_eq!((&item.deck, &item.question), (&line.deck, &line.question));
        let outcome = &shown.opened.assessment.outcomes[shown.slot];
        assert_eq!(
            line.last.is_some_and(|last| last.is_right()),
            outcome.is_right()
        );
    }
}

#[test]
fn words_and_topics_narrow_the_search() {
    let mut life = Life::new(7);
    life.assess(80);
    let blueprint = life.shell.workspace.library.outline.blueprint.clone();
    let all = find(&life, &SeenQuery::default()).lines;
    let one = &all[all.len() / 2];
    let words = one.stem.line().to_uppercase();
    let words: Vec<&str> = words.split_whitespace().take(4).collect();
    let found = find(&life, &about(&words.join(" ")));
    assert!(ids(&found).contains(&(one.deck.clone(), one.question.clone())));
    assert!(found.lines.len() < all.len());
    // The names of keys in a deck are not part of a question.
    assert!(find(&life, &about("lead_in")).lines.is_empty());
    assert!(
        find(&life, &about("nothing has this word: qqq"))
            .lines
            .is_empty()
    );

    let mut listed = 0;
    for competency in &blueprint.competencies {
        let topic = |topic| SeenQuery {
            topic: Some(topic),
            ..SeenQuery::default()
        };
        let of_all = find(&life, &topic(Topic::Competency(competency.id.clone())));
        let mut of_facets = BTreeSet::new();
        for facet in &competency.facets {
            let found = find(&life, &topic(Topic::Facet(facet.id.clone())));
            assert!(found.lines.iter().all(|line| line.facet == facet.title));
            of_facets.extend(ids(&found));
            // A title is found as a text, too.
            let titled = find(&life, &about(&facet.title.line()));
            assert!(ids(&titled).is_superset(&ids(&found)), "{}", facet.title);
        }
        assert_eq!(ids(&of_all), of_facets);
        listed += of_all.lines.len();
    }
    assert_eq!(listed, all.len());
}

#[test]
fn an_answer_that_still_counts_is_not_given_away() {
    let mut life = Life::new(8);
    let id = life.begin_adaptive();
    assert!(find(&life, &SeenQuery::default()).lines.is_empty());
    life.shell.perform(aethos::app::Effect::Leave);
    life.shell.perform(aethos::app::Effect::FinishOpen(id));
    assert_eq!(find(&life, &SeenQuery::default()).lines.len(), 1);
}

#[test]
fn notes_are_found_and_searched() {
    let mut life = Life::new(9);
    life.assess(24);
    let line = find(&life, &SeenQuery::default()).lines.remove(3);
    let shown = life.shell.workspace.show_seen(&line).unwrap();
    let noted = Event::Noted {
        slot: shown.slot,
        text: "Ask Zebulon about this.".to_owned(),
    };
    let stamped = aethos::session::Stamped {
        at: shown.opened.session.at(),
        event: noted,
    };
    life.shell.amend(&line.session, stamped).unwrap();
    for query in [with(SeenFilter::Noted), about("zebulon")] {
        let found = find(&life, &query);
        assert_eq!(found.lines.len(), 1, "{query:?}");
        assert!(found.lines[0].is(&line));
        let note = found.lines[0].note.as_ref().unwrap();
        assert_eq!(note.text.as_str(), "Ask Zebulon about this.");
    }
}

const SEEN: usize = 100_000;

/// Fills a history with questions that were each asked once, with their texts.
fn fill(folder: &std::path::Path) {
    let mut connection = rusqlite::Connection::open(folder.join("history.db")).unwrap();
    let transaction = connection.transaction().unwrap();
    transaction
        .execute_batch(
            "INSERT INTO session (key, id, person, mode, state, started_at, digest, start)
                 VALUES (1, 'large', 1, 'practise', 'finished', 0, 0, '{}')",
        )
        .unwrap();
    let stem = "A service keeps its leader in a lease of ten seconds and serves reads from it. "
        .repeat(20);
    for n in 0..SEEN {
        let id = format!("consensus-paxos-raft.{n:06}");
        let source = format!(
            "[[question]]\nid = \"{id}\"\nfacet = \"consensus-paxos-raft\"\npoints = [\"consensus-paxos-raft/kp1\"]\nlevel = \"senior\"\n\
             demand = \"apply\"\ntype = \"single\"\nseconds = 60\nstem = \"Case {n}. {stem}\"\nlead_in = \"What holds?\"\nexplanation = \"So it is.\"\n\
             [[question.option]]\ntext = \"A.\"\ncorrect = true\nwhy = \"Yes.\"\n[[question.option]]\ntext = \"B.\"\nmisconception = \"Two agree.\"\nwhy = \"No.\"\n\
             [[question.option]]\ntext = \"C.\"\nmisconception = \"Time tells.\"\nwhy = \"No.\"\n"
        );
        let fingerprint = aethos::core::id::Fingerprint::of(&source);
        let sql =
            "INSERT INTO question (fingerprint, deck, id, source) VALUES (?1, 'large', ?2, ?3)";
        let row = (fingerprint.bytes(), &id, &source);
        transaction
            .prepare_cached(sql)
            .unwrap()
            .execute(row)
            .unwrap();
        let sql = "INSERT INTO exposure (person, deck, question, fingerprint, row, times, wall, mode, session, nth)
                   VALUES (1, 'large', ?2, ?1, 0, 1, 0, 'practise', 1, ?3)";
        let row = (fingerprint.bytes(), &id, n as i64);
        transaction
            .prepare_cached(sql)
            .unwrap()
            .execute(row)
            .unwrap();
        let sql = "INSERT INTO review (person, deck, question, session, slot, wall, day, grade, score, confidence, mode, competency, seconds, nth)
                   VALUES (1, 'large', ?1, 1, ?2, 0, 1, 'good', ?3, 1, 'practise', 'data-consistency', 60, ?2)";
        let score = f64::from(u8::from(n % 1000 != 0));
        transaction
            .prepare_cached(sql)
            .unwrap()
            .execute((&id, n as i64, score))
            .unwrap();
        let sql = "INSERT INTO memory (person, deck, question, due, stability, difficulty, last, reviews, lapses,
                       recalled, score, confidence, mode, competency, seconds)
                   VALUES (1, 'large', ?1, 9, 20.0, 5.0, 1, 1, 0, 0, ?2, 1, 'practise', 'data-consistency', 60)";
        transaction
            .prepare_cached(sql)
            .unwrap()
            .execute((&id, score))
            .unwrap();
    }
    transaction.commit().unwrap();
}

#[test]
#[ignore = "a measurement, to be run in release: cargo test --release --test practice -- --ignored --nocapture"]
fn a_hundred_thousand_seen_questions_are_searched_in_a_second() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Workspace::open(Folder::at(folder.path()), Default::default(), &[]).unwrap();
    drop(open());
    fill(folder.path());
    let workspace = open();
    let queries = [
        ("all", SeenQuery::default(), 200),
        ("wrong", with(SeenFilter::Wrong), 100),
        ("noted", with(SeenFilter::Noted), 0),
        ("unanswered", with(SeenFilter::Unanswered), 0),
        ("a word of every question", about("lease"), 200),
        ("one question", about("500.  lease"), 101),
        ("no question", about("zebulon"), 0),
        ("a name of a key", about("misconception"), 0),
    ];
    for (what, query, n) in queries {
        let mut spans: Vec<Duration> = (0..5)
            .map(|_| {
                let before = on_processor();
                let found = workspace.find_seen(&query).unwrap();
                assert!(
                    found.lines.len() <= n.max(1),
                    "{what}: {}",
                    found.lines.len()
                );
                on_processor().saturating_sub(before)
            })
            .collect();
        spans.sort();
        println!("{what}: {:?}", spans[2]);
        assert!(spans[2] < Duration::from_secs(1), "{what}: {:?}", spans[2]);
    }
}
