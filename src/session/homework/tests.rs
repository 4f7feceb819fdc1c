use proptest::prelude::*;

use super::*;
use crate::core::form::{Form, Item};
use crate::core::id::{ChoiceId, CompetencyId, DeckId, FacetId, PersonId, QuestionId, SessionId};
use crate::core::question::{Kind, Level};
use crate::core::response::{Answer, Confidence};
use crate::core::text::Text;
use crate::core::time::Millis;
use crate::session::{Event as Taken, Session, Stamped};

fn question(n: usize) -> FormQuestion {
    FormQuestion {
        deck: DeckId::new("deck"),
        id: QuestionId::new(format!("facet.{n:03}")),
        competency: CompetencyId::new("data-consistency"),
        facet: FacetId::new("facet"),
        level: Level::Mid,
        kind: Kind::Single,
        seconds: 60,
        stem: Text::new("A stem."),
        lead_in: Text::new("Which one?"),
        select: None,
        unit: Text::default(),
        tolerance: None,
        in_order: false,
        left: Vec::new(),
        choices: ["one", "two", "three", "four"].map(Text::new).to_vec(),
        code: None,
        figures: Vec::new(),
    }
}

fn form() -> HomeworkForm {
    let people = vec![Text::new("Anna"), Text::new("Boris")];
    HomeworkForm::new(
        SessionId::new("20261129-1"),
        "week3",
        people,
        None,
        None,
        vec![question(1), question(2)],
    )
}

fn assignment(form: &HomeworkForm) -> Assignment {
    let questions: Vec<_> = form
        .questions
        .iter()
        .map(|sent| sent.question.question())
        .collect();
    let items: Vec<Item> = form
        .questions
        .iter()
        .zip(&questions)
        .map(|(sent, question)| {
            let mut item = sent.question.item(question, 1);
            item.order = [2, 0, 3, 1].map(ChoiceId).to_vec();
            item
        })
        .collect();
    let setup = AssignmentSetup {
        people: vec![PersonId(2), PersonId(3)],
        title: "week3".to_owned(),
        due: None,
        minutes: None,
        hashes: form.questions.iter().map(|sent| sent.hash).collect(),
    };
    let form_of_mentor = Form {
        code: String::new(),
        items,
        growing: None,
    };
    Assignment::new(form.id.clone(), setup, form_of_mentor, questions.into())
}

/// Returns the lines of an attempt in which the person picks these places of the form file.
fn attempt(form: &HomeworkForm, seat: usize, id: &str, picks: &[u8]) -> Vec<String> {
    let (own, questions) = form.for_seat(seat);
    let multiplier = crate::core::time::Multiplier::ONE;
    let session = Session::new(own, questions.into(), form.limit(multiplier), multiplier);
    let mut log = Vec::new();
    for (slot, pick) in picks.iter().enumerate() {
        let text = format!("because of {pick}");
        log.extend([
            Taken::Shown { slot },
            Taken::Answered {
                slot,
                answer: Answer::Picked(vec![ChoiceId(*pick)]),
            },
            Taken::Confident {
                slot,
                confidence: Some(Confidence::Sure),
            },
            Taken::Noted { slot, text },
        ]);
    }
    log.push(Taken::Finished);
    let log: Vec<(i64, Stamped)> = (0..)
        .zip(log)
        .map(|(at, event)| {
            let at = Millis(at);
            (at.0 as i64, Stamped { at, event })
        })
        .collect();
    let lines = result_lines(&form.id, seat, &SessionId::new(id), &session, &log);
    lines.iter().map(ResultLine::to_text).collect()
}

fn collect<'a>(assignment: &mut Assignment, lines: impl IntoIterator<Item = &'a String>) {
    for line in lines {
        if let Some(Ok(line)) = read_line(line) {
            let seat = line.seat;
            let line = Box::new(line);
            assignment.apply(&Event::Received { seat, line });
        }
    }
}

fn state(assignment: &Assignment) -> Vec<Vec<Attempt>> {
    (0..2).map(|seat| assignment.attempts(seat)).collect()
}

#[test]
fn an_answer_means_the_same_option_in_the_form_and_in_the_deck() {
    let form = form();
    let mut assignment = assignment(&form);
    collect(&mut assignment, &attempt(&form, 0, "a", &[0, 3]));
    let counted = assignment.counted(0).unwrap();
    assert!(counted.is_complete());
    let answers: Vec<_> = counted
        .answers
        .iter()
        .map(|given| given.answer.clone())
        .collect();
    let picked = |id| Some(Answer::Picked(vec![ChoiceId(id)]));
    assert_eq!(answers, [picked(2), picked(1)]);
    assert_eq!(counted.answers[1].reason, "because of 3");
    assert_eq!(assignment.meeting().unwrap().seats.len(), 1);
}

#[test]
fn an_answer_to_a_changed_question_is_kept_apart() {
    let sent = form();
    let mut changed = sent.clone();
    changed.questions[1].question.choices[0] = Text::new("something else");
    assert_eq!(changed.changed(), [2]);
    let mut assignment = assignment(&sent);
    collect(&mut assignment, &attempt(&changed, 1, "a", &[0, 0]));
    let counted = assignment.counted(1).unwrap();
    assert!(counted.has_changed());
    assert!(counted.answers[0].answer.is_some());
    assert!(counted.answers[1].is_changed && counted.answers[1].answer.is_none());
}

#[test]
fn lines_of_others_and_damaged_lines_are_refused_with_a_reason() {
    let form = form();
    let assignment = assignment(&form);
    let line = attempt(&form, 0, "a", &[0, 0]).remove(1);
    assert!(read_line(&line).unwrap().is_ok());
    assert_eq!(
        read_line(&line[..line.len() - 3]),
        Some(Err(BadLine::Damaged))
    );
    assert_eq!(
        read_line(&line.replace("\"n\":1", "\"n\":7")),
        Some(Err(BadLine::Damaged))
    );
    assert_eq!(read_line("# a comment"), None);
    let mut line = read_line(&line).unwrap().unwrap();
    line.seat = 2;
    assert_eq!(assignment.admit(&line), Err(BadLine::NoSuchPerson));
    line.seat = 0;
    line.form = SessionId::new("another");
    assert_eq!(assignment.admit(&line), Err(BadLine::Foreign));
    line.form = form.id.clone();
    line.stamped.event = Taken::Answered {
        slot: 0,
        answer: Answer::Picked(vec![ChoiceId(9)]),
    };
    assert_eq!(assignment.admit(&line), Err(BadLine::AnswerMismatch));
}

#[test]
fn everyone_gets_the_same_questions_in_an_order_of_their_own() {
    let questions: Vec<FormQuestion> = (1..=8).map(question).collect();
    let form = HomeworkForm {
        questions: HomeworkForm::new(SessionId::new("x"), "t", Vec::new(), None, None, questions)
            .questions,
        ..form()
    };
    let orders = |seat| {
        let (form, _) = form.for_seat(seat);
        form.items
            .into_iter()
            .map(|item| item.order)
            .collect::<Vec<_>>()
    };
    assert_ne!(orders(0), orders(1));
    assert_eq!(orders(0), orders(0));
}

proptest! {
    #[test]
    fn shuffled_and_repeated_lines_give_the_same_state(
        picks in prop::collection::vec(prop::collection::vec(0u8..4, 2), 1..4),
        order in any::<prop::sample::Index>().prop_flat_map(|_| prop::collection::vec(any::<u32>(), 80)),
        repeated in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let form = form();
        let lines: Vec<String> = picks
            .iter()
            .enumerate()
            .flat_map(|(n, picks)| attempt(&form, n % 2, &format!("attempt-{n}"), picks))
            .collect();
        let mut plain = assignment(&form);
        collect(&mut plain, &lines);
        let mut mixed: Vec<&String> = lines.iter().collect();
        mixed.extend(repeated.iter().map(|at| at.get(&lines)));
        let mut keyed: Vec<(u32, &String)> = order.iter().copied().cycle().zip(mixed).collect();
        keyed.sort();
        let mut shuffled = assignment(&form);
        collect(&mut shuffled, keyed.into_iter().map(|(_, line)| line));
        prop_assert_eq!(state(&plain), state(&shuffled));
    }

    #[test]
    fn a_torn_file_loses_only_what_was_torn_off_and_a_whole_copy_restores_it(cut in 0usize..2000) {
        let form = form();
        let whole = attempt(&form, 0, "a", &[1, 2]).join("\n");
        let cut = (0..=cut.min(whole.len())).rev().find(|at| whole.is_char_boundary(*at)).unwrap();
        let torn: Vec<String> = whole[..cut].lines().map(str::to_owned).collect();
        let all: Vec<String> = whole.lines().map(str::to_owned).collect();
        let mut once = assignment(&form);
        collect(&mut once, &all);
        let mut twice = assignment(&form);
        collect(&mut twice, &torn);
        prop_assert!(twice.attempts(0).iter().all(|attempt| attempt.is_complete() == (cut == whole.len())));
        collect(&mut twice, &all);
        prop_assert_eq!(state(&once), state(&twice));
    }

    #[test]
    fn any_text_is_read_without_panic(text in ".{0,300}") {
        let _ = read_line(&text);
    }
}
