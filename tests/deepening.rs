//! Deepenings: one measurement over two assessments.

#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod sitting;

use aethos::core::form::Growing;
use aethos::core::id::{ChoiceId, CompetencyId, DeckId, FacetId, QuestionId, SessionId};
use aethos::core::measure::{Measure, Need, Parameters};
use aethos::core::question::{Level, Question};
use aethos::core::response::{Answer, Confidence};
use aethos::core::time::{Limit, Millis};
use aethos::session::assessment::{Assessment, Bank, Scores};
use aethos::session::{
    Chooser, Comparison, Conclusion, CountedAnswer, EarlierAnswers, Event, Offered, Session,
    Stamped,
};
use sitting::*;

/// The positions of the single questions.
const SINGLES: [usize; 4] = [QUORUM, LEASE, SHARDS, 8];

fn bank() -> Bank {
    let mut bank = Bank::default();
    for (competency, slot) in [("data-consistency", QUORUM), ("scalability", SHARDS)] {
        for level in Level::ALL {
            let question = Question {
                level,
                ..questions()[slot].clone()
            };
            (0..10).for_each(|_| bank.add(&CompetencyId::new(competency), &question));
        }
    }
    bank
}

/// Repeats the four single questions `n` times, and cycles through these answers.
fn answered(n: usize, picks: &[u8]) -> Session {
    let all = questions();
    let questions: Vec<Question> = (0..n)
        .flat_map(|_| SINGLES.map(|slot| all[slot].clone()))
        .collect();
    let mut session = session_of(questions, Limit::Untimed);
    for (slot, pick) in (0..session.len()).zip(picks.iter().cycle()) {
        for event in [
            Event::Shown { slot },
            Event::Answered {
                slot,
                answer: Answer::Picked(vec![ChoiceId(*pick)]),
            },
            Event::Confident {
                slot,
                confidence: Some(Confidence::Sure),
            },
        ] {
            session
                .apply(&Stamped {
                    at: session.at() + Millis::seconds(5),
                    event,
                })
                .unwrap();
        }
    }
    session
        .apply(&Stamped {
            at: session.at(),
            event: Event::Finished,
        })
        .unwrap();
    session
}

fn measures(scores: &Scores) -> Vec<Measure> {
    scores
        .competencies
        .iter()
        .map(|line| line.measure.clone().unwrap())
        .collect()
}

fn continued(parts: &[&Session]) -> Assessment {
    let mut earlier = EarlierAnswers::default();
    let mut last = None;
    for (n, session) in parts.iter().enumerate() {
        let assessment = Assessment::continuing(earlier, session, &blueprint(), &bank());
        earlier = EarlierAnswers::after(SessionId::new(format!("part-{n}")), session, &assessment);
        last = Some(assessment);
    }
    last.unwrap()
}

#[test]
fn parts_measure_what_one_long_assessment_would() {
    let part = answered(2, &[1, 0, 1, 1, 2]);
    let other = answered(1, &[1, 1]);
    let whole = {
        let picks: Vec<u8> = [&part, &part, &other]
            .iter()
            .flat_map(|session| session.sheets())
            .map(|sheet| match &sheet.answer {
                Some(Answer::Picked(picks)) => picks[0].0,
                _ => unreachable!("all are single questions"),
            })
            .collect();
        Assessment::of(&answered(5, &picks), &blueprint(), &bank())
    };
    let parts = continued(&[&part, &part, &other]);
    for (found, expected) in measures(&parts.scores).iter().zip(measures(&whole.scores)) {
        assert!(
            (found.score - expected.score).abs() < 1e-9 && (found.sd - expected.sd).abs() < 1e-9,
            "{found:?}"
        );
        assert!(
            (found.low - expected.low).abs() < 1e-9 && (found.high - expected.high).abs() < 1e-9,
            "{found:?}"
        );
    }
    let (found, expected) = (parts.scores.overall.unwrap(), whole.scores.overall.unwrap());
    assert!((found.score - expected.score).abs() < 1e-9 && (found.sd - expected.sd).abs() < 1e-9);
    for (line, expected) in parts
        .scores
        .competencies
        .iter()
        .zip(&whole.scores.competencies)
    {
        assert_eq!((line.planned, line.scored, line.earlier), (10, 10, 8));
        assert!(
            (line.points - expected.points).abs() < 1e-9
                && (line.chance - expected.chance).abs() < 1e-9
        );
        assert_eq!(line.facets_touched, expected.facets_touched);
        assert_eq!(
            line.slots.len(),
            2,
            "only its own questions can be reviewed"
        );
    }
    assert_eq!(parts.earlier.count(other.len()), "8 + 8 + 4");
    assert_eq!(
        parts.calibration.unwrap().n,
        4,
        "what was said of the earlier ones stands in their result"
    );
}

#[test]
fn a_competency_without_new_questions_is_shown_from_the_earlier_ones() {
    let first = answered(3, &[1, 0]);
    let mut second = answered(1, &[1]);
    second
        .form
        .items
        .iter_mut()
        .for_each(|item| item.competency = CompetencyId::new("data-consistency"));
    let parts = continued(&[&first, &second]);
    let line = &parts.scores.competencies[1];
    assert_eq!(
        (
            line.id.as_str(),
            line.scored,
            line.earlier,
            line.slots.len()
        ),
        ("scalability", 6, 6, 0)
    );
    assert!(line.measure.is_some());
}

#[test]
fn what_is_missing_is_said_and_stops_being_said() {
    let need = |session: &Session| {
        Assessment::of(session, &blueprint(), &bank())
            .scores
            .competencies[0]
            .need
            .unwrap()
    };
    // With half of the answers right throughout, the level becomes clear.
    let more = |n| match need(&answered(n, &[2])) {
        Need::Nothing => 0,
        Need::About(more) => more,
        Need::Many => 21,
    };
    assert!(
        more(2) > 0 && more(10) == 0,
        "{:?}",
        (2..=10).map(more).collect::<Vec<_>>()
    );
    assert_eq!(
        need(&answered(3, &[0])),
        Need::Nothing,
        "six wrong answers are clear enough"
    );
    // Two questions of a competency are too few for a score.
    let few = answered(1, &[0]);
    assert!(matches!(need(&few), Need::About(1..) | Need::Many));
    let scores = Assessment::of(&few, &blueprint(), &bank()).scores;
    let said = scores.missing().unwrap();
    assert!(
        said.contains("Questions needed for a score: ") && said.contains("Data consistency 1"),
        "{said}"
    );
}

#[test]
fn a_change_is_told_only_where_it_is_one() {
    let assessed =
        |picks: &[u8]| Assessment::of(&answered(10, picks), &blueprint(), &bank()).scores;
    let since = |earlier, later: &Scores| {
        Comparison::between(
            SessionId::new("1"),
            "21 Nov 2026".to_owned(),
            earlier,
            later,
        )
        .unwrap()
        .summary(later)
    };
    let (bad, good) = (assessed(&[0, 0, 0, 1]), assessed(&[1]));
    assert_eq!(since(&good, &good), "Since 21 Nov 2026: no clear change.");
    let told = since(&bad, &good);
    assert!(
        told.starts_with("Since 21 Nov 2026: overall +") && told.contains("; Data consistency: +"),
        "{told}"
    );
    assert!(since(&good, &bad).contains("overall -"));
}

/// Returns the choices of a deepening of these answers, with `n` new questions per competency, all answered alike.
fn deepened(earlier: &EarlierAnswers, n: usize, score: f64) -> (Vec<CompetencyId>, Conclusion) {
    let competencies: Vec<CompetencyId> = blueprint().scored().map(|c| c.id.clone()).collect();
    let curves = competencies.iter().map(|id| bank().curve(id)).collect();
    let all = questions();
    let of = [QUORUM, SHARDS].map(|slot| &all[slot]);
    let offered = |k: usize, i: usize| Offered {
        deck: DeckId::new("new"),
        id: QuestionId::new(format!("{k}.{i}")),
        entry: i,
        competency: k,
        facet: of[k].facet.clone(),
        family: None,
        parameters: Parameters::of(Level::ALL[i % 5], 0.25),
    };
    let offered = (0..2)
        .flat_map(|k| (0..n).map(move |i| (k, i)))
        .map(|(k, i)| offered(k, i))
        .collect();
    let mut chooser = Chooser::new(competencies.clone(), curves, offered, earlier.clone());
    let mut asked: Vec<(Offered, Question)> = Vec::new();
    loop {
        // A session of the questions asked so far, all answered with the same option.
        let mut session = session_of(
            asked.iter().map(|(_, question)| question.clone()).collect(),
            Limit::Untimed,
        );
        for (item, (offered, _)) in session.form.items.iter_mut().zip(&asked) {
            (item.deck, item.question) = (offered.deck.clone(), offered.id.clone());
        }
        let answer = Answer::Picked(vec![ChoiceId(u8::from(score > 0.5))]);
        for slot in 0..session.len() {
            for event in [
                Event::Shown { slot },
                Event::Answered {
                    slot,
                    answer: answer.clone(),
                },
            ] {
                session
                    .apply(&Stamped {
                        at: session.at(),
                        event,
                    })
                    .unwrap();
            }
        }
        session.form.growing = Some(Growing {
            budget: 16,
            seed: 7,
            deepens: true,
        });
        match chooser.next(&session) {
            Ok(offered) => {
                let mut question = of[offered.competency].clone();
                question.level = Level::ALL[offered.entry % 5];
                asked.push((offered.clone(), question));
            }
            Err(because) => {
                return (
                    asked
                        .iter()
                        .map(|(o, _)| competencies[o.competency].clone())
                        .collect(),
                    because,
                );
            }
        }
    }
}

#[test]
fn it_asks_only_where_more_than_one_level_is_plausible_and_ends_when_none_is() {
    let mut first = answered(9, &[0, 0, 1, 0]);
    // Nearly all questions are about consistency, so its level is clear. One about scalability gives no score.
    for (slot, item) in first.form.items.iter_mut().enumerate() {
        let id = if slot < 1 {
            "scalability"
        } else {
            "data-consistency"
        };
        item.competency = CompetencyId::new(id);
    }
    let assessment = Assessment::of(&first, &blueprint(), &bank());
    let earlier = EarlierAnswers::after(SessionId::new("1"), &first, &assessment);
    let (asked, because) = deepened(&earlier, 20, 0.0);
    assert_eq!(because, Conclusion::Settled);
    assert!(!asked.is_empty() && asked.len() < 16, "{asked:?}");
    assert!(
        asked.iter().all(|id| id.as_str() == "scalability"),
        "{asked:?}"
    );
    assert_eq!(
        asked,
        deepened(&earlier, 20, 0.0).0,
        "by nothing but seed and answers"
    );

    let (asked, because) = deepened(&earlier, 1, 0.0);
    assert_eq!((asked.len(), because), (1, Conclusion::Exhausted));
    let (asked, because) = deepened(&EarlierAnswers::default(), 40, 1.0);
    assert!(
        matches!(because, Conclusion::Budget | Conclusion::Settled),
        "{because:?}"
    );
    assert!(
        asked.iter().any(|id| id.as_str() == "scalability") && asked.len() > 4,
        "both are in doubt: {asked:?}"
    );
    let clear = answered(20, &[0]);
    let clear = EarlierAnswers::after(
        SessionId::new("1"),
        &clear,
        &Assessment::of(&clear, &blueprint(), &bank()),
    );
    assert_eq!(deepened(&clear, 20, 0.0), (Vec::new(), Conclusion::Settled));
}

#[test]
fn blanks_alone_settle_no_level() {
    let blank = |competency: &str| CountedAnswer {
        competency: CompetencyId::new(competency),
        facet: FacetId::new("all"),
        parameters: Parameters::of(Level::Mid, 0.25),
        score: 0.0,
        omitted: true,
        spent: Millis::seconds(5),
    };
    let earlier = EarlierAnswers {
        answers: (0..10).map(|_| blank("scalability")).collect(),
        ..EarlierAnswers::default()
    };
    let (asked, _) = deepened(&earlier, 4, 1.0);
    assert!(
        asked.contains(&CompetencyId::new("scalability")),
        "a competency without an answer has no level: {asked:?}"
    );
}
