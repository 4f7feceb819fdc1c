//! Reports of a session, in every format.

mod sitting;

use std::collections::BTreeMap;

use aethos::core::blueprint::Point;
use aethos::core::id::{ChoiceId, CompetencyId, FacetId, PointId, SessionId};
use aethos::core::question::{Interaction, Level, Question};
use aethos::core::response::{Answer, Confidence};
use aethos::core::text::Text;
use aethos::core::time::{Limit, Millis};
use aethos::report::{self, Heading, Report};
use aethos::session::assessment::{Assessment, Bank};
use aethos::session::calibration::{meaning, verdict};
use aethos::session::present::{Part, Verdict};
use aethos::session::{Event, Session, Stamped};
use proptest::prelude::*;
use sitting::*;
use unicode_width::UnicodeWidthStr;

fn points() -> BTreeMap<PointId, Point> {
    let facets: Vec<FacetId> = blueprint()
        .competencies
        .iter()
        .flat_map(|c| c.facets.iter().map(|f| f.id.clone()))
        .collect();
    let point = |facet: FacetId| {
        let id = PointId::new(format!("{facet}/kp1"));
        let point = Point {
            id: id.clone(),
            text: format!("What is to know of {facet}.").as_str().into(),
            facet,
            level: Level::Senior,
            references: vec!["Lynch, Distributed Algorithms, 1996".into()],
        };
        (id, point)
    };
    facets.into_iter().map(point).collect()
}

/// Returns twenty questions of each level for each competency, as in a form.
fn bank(session: &Session) -> Bank {
    let mut bank = Bank::default();
    for slot in 0..session.len() {
        for level in Level::ALL {
            let question = Question {
                level,
                ..session.question(slot).clone()
            };
            (0..20).for_each(|_| bank.add(&session.item(slot).competency, &question));
        }
    }
    bank
}

/// The slot of the question about a tip.
const TIP: usize = 9;

fn heading() -> Heading {
    Heading {
        session: SessionId::new("20261121-1405"),
        day: "21 Nov 2026, 14:05".into(),
        person: "Ada".into(),
        started_at: "2026-11-21T14:05:00+00:00".to_owned(),
        finished_at: Some("2026-11-21T14:45:00+00:00".to_owned()),
    }
}

fn report(session: &Session) -> Report {
    let blueprint = blueprint();
    let assessment = Assessment::of(session, &blueprint, &bank(session));
    Report::of(session, &assessment, &blueprint, &points(), heading())
}

fn ids(ids: &[u8]) -> Vec<ChoiceId> {
    ids.iter().copied().map(ChoiceId).collect()
}

fn picked(picks: &[u8]) -> Answer {
    Answer::Picked(ids(picks))
}

/// Applies events to a session, ten seconds apart.
struct Play(Session);

impl Play {
    fn tell(&mut self, event: Event) -> &mut Self {
        let at = self.0.at() + Millis::seconds(10);
        self.0.apply(&Stamped { at, event }).unwrap();
        self
    }

    fn answer(&mut self, slot: usize, answer: Answer, confidence: Confidence) -> &mut Self {
        self.tell(Event::Shown { slot })
            .tell(Event::Answered { slot, answer });
        self.tell(Event::Confident {
            slot,
            confidence: Some(confidence),
        })
    }
}

/// A session with every question type and every outcome: right, partly right, wrong, omitted, not reached.
fn finished() -> Session {
    use Confidence::{Fairly, Guess, Sure, Unsure};
    let mut play = Play(session());
    let senior = Event::Rated {
        competency: CompetencyId::new("data-consistency"),
        level: Level::Senior,
    };
    play.tell(senior)
        .answer(QUORUM, picked(&[1]), Sure)
        .answer(LEASE, picked(&[0]), Sure)
        .tell(Event::Noted {
            slot: LEASE,
            text: "What about *clock* skew?".into(),
        })
        .answer(CONFLICTS, picked(&[0, 1]), Fairly)
        .answer(COMMIT, Answer::Ordered(ids(&[0, 2, 1, 3])), Unsure)
        .tell(Event::Gap {
            length: Millis::minutes(93),
        })
        .answer(
            ISOLATION,
            Answer::Matched(vec![Some(ChoiceId(0)), Some(ChoiceId(3)), None]),
            Unsure,
        )
        .answer(BUDGET, Answer::Number("0.12".into()), Guess)
        .tell(Event::Shown { slot: HOTSPOT })
        .tell(Event::Answered {
            slot: HOTSPOT,
            answer: Answer::Written("I would split\nthe key.".into()),
        })
        .tell(Event::Shown { slot: SHARDS })
        .tell(Event::Flagged {
            slot: SHARDS,
            on: true,
        })
        .tell(Event::Struck {
            slot: SHARDS,
            choice: ChoiceId(0),
            on: true,
        })
        .answer(TIP, picked(&[2]), Fairly)
        .tell(Event::Finished)
        .tell(Event::RubricRated {
            slot: HOTSPOT,
            criterion: 0,
            points: 1,
        })
        .tell(Event::RubricRated {
            slot: HOTSPOT,
            criterion: 1,
            points: 3,
        });
    play.0
}

#[test]
fn as_text() {
    insta::assert_snapshot!(report::text(&report(&finished())));
}

#[test]
fn as_markdown() {
    insta::assert_snapshot!(report::markdown(&report(&finished())));
}

#[test]
fn as_json() {
    insta::assert_snapshot!(report::json(&report(&finished())));
}

#[test]
fn a_session_that_went_on_after_its_limit_has_both_results() {
    let mut play = Play(session());
    for slot in [QUORUM, LEASE, CONFLICTS] {
        play.answer(slot, picked(&[1]), Confidence::Unsure);
    }
    play.tell(Event::Shown { slot: COMMIT })
        .tell(Event::Expired)
        .tell(Event::WentOn);
    play.tell(Event::Answered {
        slot: COMMIT,
        answer: Answer::Ordered(ids(&[0, 1, 2, 3])),
    })
    .tell(Event::Finished);
    let report = report(&play.0);
    let within = report.within_limit.as_ref().unwrap();
    let points = |summary: &report::Summary| {
        summary
            .competencies
            .iter()
            .map(|line| line.points)
            .sum::<f64>()
    };
    assert!(points(within) < points(&report.result));
    for format in [report::text(&report), report::markdown(&report)] {
        assert!(
            format.contains("Time was up at 1:50. The session continued without a limit"),
            "{format}"
        );
        assert!(format.contains("Within the time limit"), "{format}");
        assert!(
            format
                .matches("Too few answers for an overall score")
                .count()
                == 2,
            "{format}"
        );
    }
}

#[test]
fn a_question_cut_off_by_the_limit_is_neither_wrong_nor_omitted() {
    let mut play = Play(session());
    play.answer(QUORUM, picked(&[1]), Confidence::Sure);
    play.tell(Event::Shown { slot: LEASE }).tell(Event::Expired);
    let finished = Stamped {
        at: play.0.at(),
        event: Event::Finished,
    };
    play.0.apply(&finished).unwrap();
    let text = report::text(&report(&play.0));
    assert!(
        text.contains("10 questions: 1 answered, 1 open when the time ran out, 8 not reached"),
        "{text}"
    );
    assert!(text.contains("2. Leases: ○ time ran out"), "{text}");
    assert!(text.contains("Time was up at 0:50."), "{text}");
}

/// Asserts that every output uses the same words for the verdict, each option, and the confidence.
#[test]
fn every_format_says_the_same_of_an_answer() {
    let report = report(&finished());
    let (text, markdown) = (report::text(&report), report::markdown(&report));
    let told = |words: &str| {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = |format: &str| {
            format
                .replace('\\', "")
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .contains(&words)
        };
        assert!(line(&text) && line(&markdown), "{words:?} is not in both");
    };
    for question in &report.questions {
        told(&format!(
            "{} {}",
            question.verdict.mark().signs().0,
            question.verdict.words()
        ));
        for part in question.presented.parts() {
            let Part::Entry(entry) = part else { continue };
            entry.beneath().iter().for_each(|(_, words)| told(words));
        }
    }
    let calibration = Assessment::of(&finished(), &blueprint(), &bank(&finished()))
        .calibration
        .unwrap();
    told(&verdict(&calibration));
    // The page of all assessments ends like the screen.
    let page = report::calibration_text(Some(&report::CalibrationSummary::of(&calibration)), 1);
    assert!(
        page.ends_with(&(meaning(&calibration).join("\n") + "\n"))
            && page.contains(&verdict(&calibration)),
        "{page}"
    );
}

#[test]
fn fewer_than_three_questions_have_no_bar() {
    let mut play = Play(session());
    play.answer(QUORUM, picked(&[1]), Confidence::Sure).answer(
        LEASE,
        picked(&[0]),
        Confidence::Sure,
    );
    play.tell(Event::Finished);
    let report = report(&play.0);
    let text = report::text(&report);
    assert!(report.result.overall.is_none());
    assert!(text.contains("Data consistency\n    1 of 2\n"), "{text}");
    assert!(!text.contains('●'), "{text}");
}

#[test]
fn a_bias_is_named_only_from_ten_statements_on() {
    let answered = |slots: usize, confidence: Confidence| {
        let questions = (0..slots)
            .map(|n| sitting::questions()[n % 2].clone())
            .collect();
        let mut play = Play(session_of(questions, Limit::Untimed));
        (0..slots).for_each(|slot| {
            play.answer(slot, picked(&[0]), confidence);
        });
        report(&play.0).confidence.unwrap().tendency
    };
    assert_eq!(answered(9, Confidence::Sure), None);
    assert_eq!(answered(10, Confidence::Sure), Some("overconfident"));
    let report = report(&finished());
    assert!(report::text(&report).contains("Too few answers to judge your confidence."));
}

#[test]
fn nobody_is_ranked_passed_or_certified() {
    let report = report(&finished());
    for format in [
        report::text(&report),
        report::markdown(&report),
        report::json(&report),
    ] {
        let lower = format.to_lowercase();
        for word in [
            "percentile",
            "pass mark",
            "passed",
            "failed",
            "certificate",
            "weakest",
            "rank",
            "posterior",
        ] {
            assert!(!lower.contains(word), "{word}");
        }
    }
}

#[test]
fn every_fate_is_told_in_words() {
    use Verdict::{Omitted, Partly, Right, Written, Wrong};
    let report = report(&finished());
    let verdicts: Vec<Verdict> = report.questions.iter().map(|q| q.verdict).collect();
    assert_eq!(
        verdicts,
        [
            Right, Wrong, Partly, Partly, Partly, Wrong, Written, Omitted, Partly
        ]
    );
}

#[test]
fn a_question_that_was_not_reached_keeps_its_key() {
    let report = report(&finished());
    assert_eq!(report.tally.not_reached, 1);
    let numbers: Vec<usize> = report.questions.iter().map(|q| q.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 10]);
}

/// Creates a session in which every text of every option, stem, note and answer is `words`.
fn full_of(words: &str) -> Session {
    let mut questions = questions();
    for question in &mut questions {
        question.stem = words.into();
        question.lead_in = words.into();
        question.explanation = words.into();
        question.references[0].title = words.into();
        if let Interaction::Single(options) | Interaction::Multiple { options, .. } =
            &mut question.interaction
        {
            for option in options {
                (option.text, option.why, option.misconception) =
                    (words.into(), words.into(), Some(words.into()));
            }
        }
    }
    let code = questions[LEASE].code.as_mut().unwrap();
    (code.language, code.text) = (words.into(), words.into());
    let mut play = Play(session_of(questions, Limit::Untimed));
    play.answer(LEASE, picked(&[0]), Confidence::Sure)
        .tell(Event::Noted {
            slot: LEASE,
            text: words.into(),
        })
        .tell(Event::Shown { slot: HOTSPOT })
        .tell(Event::Answered {
            slot: HOTSPOT,
            answer: Answer::Written(words.into()),
        })
        .tell(Event::Finished);
    play.0
}

/// Returns the lines of Markdown outside of listings.
fn outside_listings(markdown: &str) -> Vec<&str> {
    let mut fence: Option<&str> = None;
    let mut outside = Vec::new();
    for line in markdown.lines() {
        let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
        match fence {
            None if ticks.len() >= 3 => fence = Some(ticks),
            None => outside.push(line),
            Some(open) if ticks.len() >= open.len() && line.trim_end() == ticks => fence = None,
            Some(_) => {}
        }
    }
    assert_eq!(fence, None, "a listing was never closed");
    outside
}

/// Generates arbitrary combinations of Markdown and HTML syntax.
fn marks() -> impl Strategy<Value = String> {
    let pieces = [
        "```",
        "````",
        "`",
        "# ",
        "## x",
        "\n",
        "\n\n",
        "- ",
        "1. ",
        "2) ",
        "---",
        "===",
        "***",
        "**",
        "_",
        "> ",
        "<b>",
        "<!--",
        "[a](b)",
        "![a](b)",
        "[a]: b",
        "&lt;",
        "|",
        "~~~",
        "\\",
        "    ",
        "x",
        " ",
        "\u{1b}[2J",
        "\u{202e}",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..16)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_breaks_out_of_markdown(words in marks()) {
        let headings = |session: &Session| {
            let markdown = report::markdown(&report(session));
            outside_listings(&markdown).iter().filter(|line| line.trim_start().starts_with('#')).count()
        };
        prop_assert_eq!(headings(&full_of(&words)), headings(&full_of("x")));
        let markdown = report::markdown(&report(&full_of(&words)));
        for line in outside_listings(&markdown) {
            let live = ["\\\\", "\\<", "\\>", "\\[", "\\`"].iter().fold(line.to_owned(), |l, mark| l.replace(mark, "x"));
            prop_assert!(!live.contains(['<', '>', '[', '`']), "{}", line);
            // A thematic break, or the underline of a heading.
            let rule = ['-', '=', '*', '_'].iter().any(|mark| live.len() > 1 && live.trim_matches(*mark).is_empty());
            prop_assert!(!rule, "{}", line);
        }
    }

    #[test]
    fn no_format_moves_a_cursor_and_lines_stay_in_80_columns(words in any::<String>()) {
        let report = report(&full_of(&words));
        let text = report::text(&report);
        for format in [&text, &report::markdown(&report), &report::json(&report)] {
            prop_assert_eq!(Text::counting(format).1, 0);
        }
        let listing = "    ";
        for line in text.lines().filter(|line| !line.starts_with(listing)) {
            prop_assert!(line.width() <= 80, "{}", line);
        }
    }
}

/// Returns the sentences about what to review: that of the report, and that of the result screen.
fn reviewing(assessment: &Assessment, session: &Session) -> (String, Option<String>) {
    let report = Report::of(session, assessment, &blueprint(), &points(), heading());
    (report.next[0].clone(), assessment.sure_and_right())
}

#[test]
fn only_answers_that_were_given_are_called_right_or_sure() {
    use Confidence::{Fairly, Guess, Sure};
    let mut play = Play(session());
    play.tell(Event::Shown { slot: QUORUM })
        .tell(Event::Shown { slot: LEASE });
    let assess = |session: &Session| Assessment::of(session, &blueprint(), &bank(session));
    let left_out = reviewing(&assess(&play.0), &play.0);
    assert_eq!(
        left_out.0,
        "No answer was scored: read the explanations of the questions you left blank."
    );
    assert_eq!(left_out.1, None);

    play.answer(QUORUM, picked(&[1]), Fairly);
    let fairly = reviewing(&assess(&play.0), &play.0);
    assert_eq!(
        fairly.0,
        "No answer was wrong: read the explanations of the question you left blank."
    );
    assert_eq!(fairly.1, None, "no answer was stated as sure");

    play.answer(QUORUM, picked(&[1]), Guess);
    let guessed = reviewing(&assess(&play.0), &play.0).0;
    assert!(
        guessed.contains("the answer you guessed and the question you left blank"),
        "{guessed}"
    );

    play.answer(QUORUM, picked(&[1]), Sure);
    let mut assessment = assess(&play.0);
    assert_eq!(
        reviewing(&assessment, &play.0).1.unwrap(),
        "Nothing you were sure of was wrong."
    );
    assessment
        .earlier
        .sessions
        .push((SessionId::new("20261120-1405"), 20));
    let deepening = reviewing(&assessment, &play.0);
    assert!(
        deepening
            .0
            .starts_with("No answer in this session was wrong"),
        "{deepening:?}"
    );
    assert_eq!(
        deepening.1.unwrap(),
        "Nothing you were sure of in this session was wrong."
    );
}

#[test]
fn a_score_is_rounded_once() {
    let session = finished();
    let mut assessment = Assessment::of(&session, &blueprint(), &bank(&session));
    let measure = assessment
        .scores
        .competencies
        .iter_mut()
        .find_map(|line| line.measure.as_mut())
        .unwrap();
    measure.score = 73.468;
    let report = Report::of(&session, &assessment, &blueprint(), &points(), heading());
    assert!(
        report::text(&report).contains("73, plausibly"),
        "{}",
        report::text(&report)
    );
    let json: serde_json::Value = serde_json::from_str(&report::json(&report)).unwrap();
    let scores = json["result"]["competencies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| &line["estimate"]["score"]);
    assert!(
        scores.clone().any(|score| *score == 73.5),
        "{:?}",
        scores.collect::<Vec<_>>()
    );
}
