//! The questions that were seen: the list, the search, and the review of what was found.

use aethos::app::browse::SeenLine;
use aethos::app::effect::{CopyRequest, Effect, News, Remark};
use aethos::app::settings::Settings;
use aethos::core::practice::Drill;
use aethos::core::question::Kind;
use aethos::core::seen::{LastAnswer, SeenFilter, Topic};
use aethos::core::text::Text;
use aethos::core::time::Millis;

use super::states::{State, finish};
use super::support::desk::Desk;
use super::{content, dark};

pub const STATES: &[State] = &[
    ("browse", |desk| browse(desk, "down")),
    ("browse_typed", |desk| {
        browse(desk, "");
        desk.write("raft");
    }),
    ("browse_wrong", |desk| browse(desk, "down right")),
    ("browse_no_match", |desk| {
        browse(desk, "");
        desk.write("zebulon");
        desk.press("enter");
    }),
    ("browse_nothing_seen", |desk| {
        desk.press("/");
    }),
    ("browse_topics", |desk| browse(desk, "down s down down")),
    ("history_delete_dialog", |desk| {
        desk.news(News::History(content::history()));
        desk.press("X");
    }),
    ("history_rename", |desk| {
        desk.news(News::History(content::history()));
        desk.press("down down down e");
    }),
    ("review_found", |desk| browse(desk, "down down enter")),
    ("review_found_note", |desk| {
        browse(desk, "down enter i");
        desk.write(" Ask Ada.");
    }),
];

/// Opens the search from a result whose questions were seen, and presses keys.
fn browse(desk: &mut Desk, keys: &str) {
    finish(desk);
    let opened = desk.app.model.opened.as_deref().expect("it is finished");
    let blueprint = content::blueprint();
    let line = |slot: usize| {
        let (item, question) = (opened.session.item(slot), opened.session.question(slot));
        let outcome = &opened.assessment.outcomes[slot];
        let remark = |text: &str| Remark {
            day: "21 Nov".to_owned(),
            text: Text::new(text),
        };
        SeenLine {
            deck: item.deck.clone(),
            question: item.question.clone(),
            session: opened.id.clone(),
            slot: Some(slot),
            day: "21 Nov 2026".to_owned(),
            facet: blueprint
                .facet(&item.facet)
                .map(|(_, facet)| facet.title.clone())
                .unwrap_or_default(),
            lead_in: question.fill(&question.lead_in, item.row),
            stem: question.fill(&question.stem, item.row),
            last: outcome.scored.as_ref().map(|scored| LastAnswer {
                score: scored.value,
                confidence: opened.session.sheet(slot).confidence,
            }),
            seconds: item.seconds,
            is_open: item.kind == Kind::Open,
            note: (slot == 0).then(|| remark("Look this up.")),
            dispute: (slot == 2).then(|| remark("Both hold.")),
            is_flagged: slot == 1,
        }
    };
    desk.seen_questions = (0..opened.session.len()).map(line).collect();
    desk.reviewed = Some(opened.clone());
    desk.press("/");
    desk.press(keys);
}

fn desk(keys: &str) -> Desk {
    let mut desk = Desk::new(content::home(), Settings::default(), dark(), (80, 24));
    browse(&mut desk, keys);
    desk
}

#[test]
fn typing_narrows_the_list_and_backspace_widens_it() {
    let mut desk = desk("");
    let all = desk.app.model.browse.found.lines.len();
    desk.write("raft");
    let some = desk.app.model.browse.found.lines.len();
    assert!(0 < some && some < all, "{some} of {all}");
    desk.press("enter backspace");
    assert_eq!(desk.app.model.browse.found.lines.len(), all);
}

#[test]
fn the_arrows_choose_the_kind_of_answer_and_s_the_topic() {
    let mut desk = desk("down right");
    assert_eq!(desk.app.model.browse.query.filter, SeenFilter::Wrong);
    desk.press("left left");
    assert_eq!(desk.app.model.browse.query.filter, SeenFilter::Disputed);
    desk.press("s down down enter");
    let topic = desk.app.model.browse.query.topic.clone();
    let facet = content::blueprint().competencies[0].facets[0].id.clone();
    assert_eq!(topic, Some(Topic::Facet(facet)));
    assert!(desk.picture().contains("Trade-offs"), "{}", desk.picture());
}

#[test]
fn a_question_that_was_found_can_be_practised_alone_or_with_the_others() {
    let mut desk = desk("down p");
    let Some(Effect::Practise {
        drill: Drill::These(all),
        ..
    }) = desk.asked.last()
    else {
        panic!("practice starts")
    };
    let open = desk
        .seen_questions
        .iter()
        .filter(|line| line.is_open)
        .count();
    assert_eq!(all.len(), desk.seen_questions.len() - open);
    desk.press("down enter p");
    let Some(Effect::Practise {
        drill: Drill::These(one),
        ..
    }) = desk.asked.last()
    else {
        panic!("practice starts")
    };
    assert_eq!(one.len(), 1);
    assert_eq!(one[0].1, desk.seen_questions[1].question);
}

#[test]
fn a_note_from_any_session_is_shown_continued_and_saved() {
    let mut desk = desk("down enter");
    assert!(desk.picture().contains("Your result") || desk.picture().contains("Seen  1 of"));
    desk.press("i");
    desk.write(" Ask Ada.");
    desk.press("tab");
    let Some(Effect::Amend(_, stamped)) = desk
        .asked
        .iter()
        .rfind(|effect| matches!(effect, Effect::Amend(..)))
    else {
        panic!("the note is saved")
    };
    let saved = format!("{:?}", stamped.event);
    assert!(saved.contains("Look this up. Ask Ada."), "{saved}");
    desk.press("end");
    assert!(
        desk.picture().contains("Look this up. Ask Ada."),
        "{}",
        desk.picture()
    );
}

#[test]
fn the_review_turns_to_the_next_question_that_was_found() {
    let mut desk = desk("down enter n n N");
    assert!(desk.picture().contains("Seen  2 of"), "{}", desk.picture());
    desk.press("esc");
    assert_eq!(
        desk.app.model.browse.marked, 1,
        "the list is at the same question"
    );
    desk.press("esc");
    assert!(desk.picture().contains("Your result"), "{}", desk.picture());
}

#[test]
fn y_copies_the_question_that_practice_explains() {
    let feedback = super::states::STATES
        .iter()
        .find(|(name, _)| *name == "feedback_wrong");
    let (_, get_there) = feedback.expect("there is such a screen");
    let mut desk = Desk::usual(content::home(), Settings::default());
    get_there(&mut desk);
    desk.press("y");
    let Some(Effect::Copy(CopyRequest::Practised { session, slot, .. })) = desk.asked.last() else {
        panic!("{:?}", desk.asked.last())
    };
    assert!(session.sheet(*slot).revealed, "its answer is known already");
}

#[test]
fn y_copies_what_is_reviewed_or_the_result() {
    let mut desk = desk("down enter y");
    assert!(matches!(
        desk.asked.last(),
        Some(Effect::Copy(CopyRequest::Question(_, 0)))
    ));
    desk.press("esc esc y");
    assert!(matches!(
        desk.asked.last(),
        Some(Effect::Copy(CopyRequest::Result(_)))
    ));
    desk.news(News::Copied {
        text: "# Result".to_owned(),
        what: "the result",
    });
    assert!(
        matches!(desk.asked.last(), Some(Effect::ToClipboard { text, .. }) if text == "# Result")
    );
}

#[test]
fn the_history_renames_and_deletes_after_a_question() {
    let mut desk = Desk::new(content::home(), Settings::default(), dark(), (80, 24));
    desk.news(News::History(content::history()));
    desk.press("e");
    desk.write("first");
    desk.press("enter");
    assert!(matches!(desk.asked.last(), Some(Effect::RenameSession(_, name)) if name == "first"));
    desk.news(News::History(content::history()));
    desk.press("X");
    assert!(
        desk.picture().contains("Delete this session?"),
        "{}",
        desk.picture()
    );
    desk.now += Millis(500);
    desk.press("enter");
    assert!(
        !matches!(desk.asked.last(), Some(Effect::Delete(_))),
        "the first choice keeps it"
    );
    desk.press("X down");
    desk.now += Millis(500);
    desk.press("enter");
    assert!(matches!(desk.asked.last(), Some(Effect::Delete(_))));
}
