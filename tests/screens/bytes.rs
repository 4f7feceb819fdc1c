//! What juniors who join from elsewhere receive before the reveal, for every built-in question.

use aethos::core::blueprint::Blueprint;
use aethos::core::form::{BankId, Code, Form, Planned, freeze};
use aethos::core::id::PersonId;
use aethos::core::question::{Kind, Question};
use aethos::core::response::Confidence;
use aethos::core::text::Text;
use aethos::core::time::Millis;
use aethos::deck::load::Library;
use aethos::session::Stamped;
use aethos::session::meeting::{Event, Meeting, OwnSeat, Seat, Stage, Step, seated_line};
use serde_json::Value;

use super::mentor::{dense, secrets};

const PRIVATE: &str = "PRIVATE-of-the-mentor-or-of-Ben";

/// Appends all strings of a JSON value, and fails for fields that only an answered question has.
fn strings(value: &Value, text: &mut String) {
    match value {
        Value::String(part) => *text += &dense(part),
        Value::Array(parts) => parts.iter().for_each(|part| strings(part, text)),
        Value::Object(fields) => {
            for (name, field) in fields {
                let is_private = [
                    "why",
                    "key",
                    "credit",
                    "misconception",
                    "explanation",
                    "steps",
                    "seed",
                ];
                // The steps of an ordering are its choices.
                let is_choices = name == "steps" && field.as_array().is_some();
                assert!(!is_private.contains(&name.as_str()) || is_choices, "{name}");
                strings(field, text);
            }
        }
        _ => {}
    }
}

fn happen(meeting: &mut Meeting, event: Event) -> bool {
    let at = Millis::ZERO;
    meeting.apply(&Stamped { at, event }).is_ok()
}

/// Returns the line that the first participant receives.
fn line(meeting: &Meeting, names: &[Text]) -> String {
    let stage = Stage::of(meeting, names, &Blueprint::default()).apart();
    let stage = serde_json::to_string(&stage).unwrap();
    seated_line(&stage, &OwnSeat::of(meeting, 0, &names[0], 1))
}

/// Leads a question through both votes to the split, and returns every line on the way.
fn lines_before_the_reveal(form: Form, question: Question) -> Vec<String> {
    let seats = [2, 3].map(|person| Seat {
        person: PersonId(person),
    });
    let mut meeting = Meeting::new(form, vec![question].into(), seats.into());
    let names: Vec<Text> = ["Mina", "Ben-1"].map(Text::from).into();
    let mut lines = Vec::new();
    let (slot, seat, text) = (0, 1, PRIVATE.to_owned());
    for event in [
        Event::Asked { slot },
        Event::Confident {
            slot,
            seat,
            confidence: Some(Confidence::Sure),
        },
        Event::Explained {
            slot,
            seat,
            text: text.clone(),
        },
        Event::Evidence {
            slot,
            seat,
            text: text.clone(),
        },
        Event::PersonNoted {
            seat,
            text: text.clone(),
        },
        Event::QuestionNoted { slot, text },
        Event::Committed,
        Event::AskedAgain,
        Event::Committed,
        Event::SplitShown,
    ] {
        happen(&mut meeting, event);
        assert!(!matches!(meeting.step(), Step::Revealed | Step::Ready));
        lines.push(line(&meeting, &names));
    }
    assert!(happen(&mut meeting, Event::Revealed));
    lines
}

#[test]
fn no_line_for_a_junior_tells_the_answer_of_any_built_in_question_before_the_reveal() {
    let library = Library::load(&[], None);
    let (mut simulated, mut checked) = (0, 0);
    for loaded in &library.decks {
        for at in 0..loaded.deck.entries.len() {
            let question = loaded.question(at).unwrap();
            if question.retired.is_some() || question.kind() == Kind::Recall {
                continue;
            }
            let planned = [Planned {
                deck: &loaded.deck.id,
                competency: &loaded.deck.competency,
                question: &question,
                fresh: true,
                rows_seen: &[],
            }];
            let form = freeze(Code::new(at as u64, 1, 0, 0, BankId::default()), &planned);
            let asked = form.concrete(vec![question.clone()]).remove(0);
            let mut private = secrets(&asked);
            private.extend(asked.discussion.iter().map(|text| dense(text.as_str())));
            if let Some(instance) = &form.items[0].instance {
                simulated += 1;
                // A step may repeat what the figure says.
                let mut given = String::new();
                strings(
                    &serde_json::to_value(&instance.figures).unwrap(),
                    &mut given,
                );
                let steps = instance.steps.iter().map(|step| dense(step.as_str()));
                private.extend(steps.filter(|step| !given.contains(step.as_str())));
            }
            for line in lines_before_the_reveal(form, asked.clone()) {
                let mut text = String::new();
                strings(&serde_json::from_str(&line).unwrap(), &mut text);
                assert!(!line.contains(PRIVATE) && !line.contains("Ben-1"), "{line}");
                for secret in private.iter().filter(|secret| secret.chars().count() > 24) {
                    assert!(!text.contains(secret.as_str()), "{}: {secret}", question.id);
                }
                checked += 1;
            }
        }
    }
    assert!(
        simulated > 20 && checked > 6000,
        "{simulated} simulated, {checked} lines"
    );
}
