//! Mentor sessions: the stage and the console at every step, with one person and with four.

use aethos::app::effect::{Effect, News, StartedMeeting};
use aethos::app::keymap::Keymap;
use aethos::app::people::PeopleRequest;
use aethos::app::room::RoomNews;
use aethos::app::settings::Settings;
use aethos::core::id::{PersonId, SessionId};
use aethos::core::question::{Interaction, Question};
use aethos::core::response::Confidence;
use aethos::core::text::Text;
use aethos::core::time::{Day, Millis};
use aethos::session::meeting::{
    Event, Meeting, OwnSeat, RoomFrame, RoomPlace, RoomVote, Round, Seat, Step,
};
use aethos::session::present::Places;
use aethos::tui::App;
use aethos::tui::page::Look;

use super::content::{self, CODE, LONG, MATCHING, MULTIPLE, NUMERIC, OPEN, ORDERING, SINGLE};
use super::states::State;
use super::support::desk::Desk;
use super::support::questions::form;

pub const STATES: &[State] = &[
    ("mentor_ready", |desk| sit(desk, 1, SINGLE)),
    ("mentor_asking", |desk| {
        sit(desk, 1, SINGLE);
        desk.press("enter b 3");
    }),
    ("mentor_asking_multiple", |desk| {
        sit(desk, 1, MULTIPLE);
        desk.press("enter a d");
    }),
    ("mentor_asking_ordering", |desk| {
        sit(desk, 1, ORDERING);
        desk.press("enter J J 2");
    }),
    ("mentor_asking_matching", |desk| {
        sit(desk, 1, MATCHING);
        desk.press("enter a b");
    }),
    ("mentor_asking_number", |desk| {
        sit(desk, 1, NUMERIC);
        desk.press("enter");
        desk.write("8k");
    }),
    ("mentor_asking_open", |desk| {
        sit(desk, 1, OPEN);
        desk.press("enter");
        desk.write("It depends.");
    }),
    ("mentor_long", |desk| {
        sit(desk, 1, LONG);
        desk.press("enter");
    }),
    ("mentor_committed", |desk| {
        sit(desk, 1, SINGLE);
        desk.press("enter b 3 enter");
    }),
    ("mentor_console", |desk| {
        sit(desk, 1, SINGLE);
        desk.press("enter b 3 enter tab space down 2");
    }),
    ("mentor_evidence", |desk| {
        sit(desk, 1, SINGLE);
        desk.press("enter b 3 enter tab e");
        desk.write("A majority has to say so first.");
    }),
    ("mentor_revealed", |desk| {
        sit(desk, 1, SINGLE);
        desk.press("enter c 4 enter enter");
    }),
    ("mentor_revealed_multiple", |desk| {
        sit(desk, 1, MULTIPLE);
        desk.press("enter a d enter enter");
    }),
    ("mentor_revealed_ordering", |desk| {
        sit(desk, 1, ORDERING);
        desk.press("enter J J 2 enter enter");
    }),
    ("mentor_revealed_matching", |desk| {
        sit(desk, 1, MATCHING);
        desk.press("enter a a c enter enter");
    }),
    ("mentor_revealed_number", |desk| {
        sit(desk, 1, NUMERIC);
        desk.press("enter");
        desk.write("8k");
        desk.press("enter enter enter");
    }),
    ("mentor_open_console", |desk| {
        open_answer(desk);
        desk.press("enter tab 2 1 3 2");
    }),
    ("mentor_open_own", |desk| {
        open_answer(desk);
        desk.press("enter tab 2 1 tab enter 1");
    }),
    ("mentor_open_both", |desk| {
        open_answer(desk);
        desk.press("enter tab 2 1 tab enter 1 3");
    }),
    ("mentor_talk", |desk| {
        sit(desk, 1, SINGLE);
        desk.press("enter c 4 enter enter i");
        desk.write("Watch the terms.");
        desk.press("enter I");
        desk.write("Too long a stem.");
        desk.press("enter");
    }),
    ("mentor_paused", |desk| {
        sit(desk, 1, SINGLE);
        desk.press("enter b z");
    }),
    ("mentor_closing", closing),
    ("mentor_closing_written", |desk| {
        closing(desk);
        desk.press("e");
        desk.write("First the term, then the answer.");
        desk.press("enter down e");
        desk.write("Read chapter 6");
        desk.press("enter");
        desk.write("+2w");
        desk.press("enter down down e");
        desk.write("2026-12-15");
        desk.press("enter");
    }),
    ("mentor_nothing_written_dialog", |desk| {
        closing(desk);
        desk.press("down down down enter");
    }),
    ("mentor_leave_dialog", |desk| {
        sit(desk, 1, SINGLE);
        desk.press("enter q");
    }),
    ("mentor_resume_dialog", |desk| {
        let open = content::open_session();
        desk.app.model.home.open = vec![aethos::app::effect::OpenSession {
            mode: aethos::session::Mode::Mentor,
            people: vec!["Ada".into(), "Ben".into()],
            ..open
        }];
        desk.press("enter");
    }),
    ("mentor_help", |desk| {
        sit(desk, 1, SINGLE);
        desk.press("enter ?");
    }),
    ("several_ready", |desk| {
        sit(desk, 4, SINGLE);
        desk.press("tab");
    }),
    ("several_fingers", |desk| {
        sit(desk, 4, SINGLE);
        desk.press("enter 2 1");
    }),
    ("several_fingers_console", |desk| {
        sit(desk, 4, SINGLE);
        desk.press("enter 2 1 tab");
    }),
    ("chat_field", |desk| {
        sit(desk, 4, SINGLE);
        desk.press("enter p");
        desk.paste("Ada: b3 because a majority\nBen b");
    }),
    ("chat_read", |desk| {
        sit(desk, 4, SINGLE);
        desk.press("enter tab");
        desk.paste(CHAT);
    }),
    ("chat_name", |desk| {
        sit(desk, 4, SINGLE);
        desk.press("enter tab");
        desk.paste("Ada  [2:02 PM]\nb3\nkim.l  [2:03 PM]\nc2 no majority\n");
        desk.press("down down");
    }),
    ("chat_on_stage", |desk| {
        sit(desk, 4, SINGLE);
        desk.press("enter");
        desk.paste(CHAT);
    }),
    ("several_absent", |desk| {
        sit(desk, 4, SINGLE);
        desk.press("tab right T enter 2 1");
    }),
    ("several_latecomer", |desk| {
        sit(desk, 4, SINGLE);
        desk.press("tab a");
        desk.write("Eva");
    }),
    ("several_committed", |desk| {
        sit(desk, 4, SINGLE);
        desk.press("enter 2 1 2 3 enter");
    }),
    ("several_cue", |desk| {
        sit(desk, 4, SINGLE);
        desk.press("enter 2 1 2 3 enter tab");
    }),
    ("several_second_vote", |desk| {
        sit(desk, 4, SINGLE);
        desk.press("enter 2 1 2 3 enter enter 2 2 1");
    }),
    ("several_split", |desk| {
        sit(desk, 4, SINGLE);
        desk.press("enter 2 1 2 3 enter enter 2 2 1 2 enter enter");
    }),
    ("several_movement", |desk| {
        sit(desk, 4, SINGLE);
        desk.press("enter 2 1 2 3 enter enter 2 2 1 2 enter enter tab right");
    }),
    ("several_aloud", |desk| {
        sit(desk, 4, MULTIPLE);
        desk.press("enter tab 1 2 1 enter");
    }),
    ("several_revealed", |desk| {
        sit(desk, 4, SINGLE);
        desk.press("enter 2 1 2 3 enter enter 2 2 1 2 enter enter enter");
    }),
    ("several_hot_seat", |desk| {
        sit(desk, 4, SINGLE);
        desk.press("H enter a 2 enter c");
    }),
    ("several_numbers_split", |desk| {
        sit(desk, 4, NUMERIC);
        desk.press("H enter");
        for number in ["20", "8k", "20", "5"] {
            desk.write(number);
            desk.press("enter enter");
        }
        desk.press("enter v");
    }),
    ("several_closing", |desk| {
        sit(desk, 4, SINGLE);
        desk.press("enter 2 1 2 3 enter v enter v");
    }),
    ("several_closing_console", |desk| {
        sit(desk, 4, SINGLE);
        desk.press("enter 2 1 2 3 enter v enter v tab right e");
        desk.write("Ask for the term.");
        desk.press("enter");
    }),
    ("room_ready", |desk| {
        sit(desk, 4, SINGLE);
        open_room(desk);
        desk.press("tab");
    }),
    ("room_stage", |desk| {
        sit(desk, 4, SINGLE);
        open_room(desk);
    }),
    ("room_name", |desk| {
        sit(desk, 4, SINGLE);
        open_room(desk);
        knock(desk, 3, "xkim");
        desk.press("tab down");
    }),
    ("room_shared", |desk| {
        sit(desk, 4, SINGLE);
        open_room(desk);
        knock_as(desk, 3, "quiz", Some("cem"));
        desk.press("tab right right");
    }),
    ("room_asking", |desk| {
        sit(desk, 4, SINGLE);
        open_room(desk);
        desk.press("enter tab");
        room_vote(desk);
    }),
    ("room_peeked", |desk| {
        sit(desk, 4, SINGLE);
        open_room(desk);
        desk.press("enter tab");
        room_vote(desk);
        desk.press("V");
    }),
    ("joined_waiting", |desk| into_joined(desk, None)),
    ("joined_lobby", |desk| {
        let name = "xkim".into();
        into_joined(desk, Some(RoomFrame::Lobby { name }));
    }),
    ("joined_shut", |desk| {
        let folder = Some("/tmp/aethos-pat".into());
        into_joined(desk, Some(RoomFrame::Shut { folder }));
    }),
    ("joined_stopped", |desk| {
        into_joined(desk, Some(RoomFrame::Stopped));
    }),
    ("joined_ready", |desk| joined(desk, SINGLE, "")),
    ("joined_voted", |desk| joined(desk, SINGLE, "enter")),
    ("joined_reason", |desk| {
        joined(desk, SINGLE, "enter");
        desk.press("b 3 i");
        desk.write("A majority decides.");
    }),
    ("joined_number", |desk| {
        joined(desk, NUMERIC, "enter");
        desk.write("8k");
    }),
    ("joined_revealed", |desk| {
        joined(desk, SINGLE, "enter enter enter enter");
    }),
    ("window_waiting", |desk| window(desk, "")),
    ("window_asking", |desk| window(desk, "enter b 3")),
    ("window_revealed", |desk| {
        window(desk, "enter b 3 enter enter");
    }),
    ("window_code", |desk| {
        sit(desk, 1, CODE);
        desk.press("enter");
        into_window(desk);
    }),
];

/// A part of a chat with three votes, and two lines that are none.
const CHAT: &str = "Ada: b3 because a majority has to say so first\n[14:02] Ben  c 2\nCem - a4\nDua: b or c?\nhello";

fn questions() -> Vec<Question> {
    let mut questions = content::questions();
    questions[SINGLE].discussion = Some(Text::new(
        "What if the clocks of all five could be trusted within 1 ms?",
    ));
    questions
}

/// Starts a session with this many people; the question `first` is asked first.
fn sit(desk: &mut Desk, people: usize, first: usize) {
    let mut questions = questions();
    questions.rotate_left(first);
    questions.truncate(3);
    let form = form(&content::blueprint(), &questions, |_| true);
    let seats = (0..people)
        .map(|n| Seat {
            person: PersonId(2 + n as i64),
        })
        .collect();
    let names = ["Ada", "Ben", "Cem", "Dua"].map(Text::from);
    desk.news(News::Met(Box::new(StartedMeeting {
        id: SessionId::new("20261122-1"),
        meeting: Meeting::new(form, questions.into(), seats),
        names: names[..people].to_vec(),
        points: [(content::point().id, content::point())].into(),
        today: Day(20_779),
        notice: None,
    })));
    desk.now += Millis::minutes(12);
}

fn open_answer(desk: &mut Desk) {
    sit(desk, 1, OPEN);
    desk.press("enter");
    desk.write("It is cheap to run and dear to change.");
    desk.press("tab");
}

fn closing(desk: &mut Desk) {
    sit(desk, 1, SINGLE);
    desk.press(
        "enter b 3 enter tab 2 tab enter enter a d enter tab 1 tab enter enter enter enter enter",
    );
}

/// Opens the session for others; Ada and Ben join.
fn open_room(desk: &mut Desk) {
    desk.news(News::RoomOpened {
        path: "/tmp/aethos-pat/join.sock".to_owned(),
        place: RoomPlace::default(),
    });
    knock(desk, 1, "ada");
    knock(desk, 2, "ben");
}

fn knock(desk: &mut Desk, guest: u64, login: &str) {
    knock_as(desk, guest, login, None);
}

fn knock_as(desk: &mut Desk, guest: u64, login: &str, name: Option<&str>) {
    desk.news(News::Room(RoomNews::Knocked {
        guest,
        login: Some(login.into()),
        name: name.map(Text::from),
    }));
}

/// Ada votes for the option b, and gives a reason.
fn room_vote(desk: &mut Desk) {
    let vote = RoomVote {
        n: 1,
        question: 1,
        round: Round::First,
        answer: Some(Places::Picked(vec![1])),
        confidence: Some(Confidence::Fairly),
        reason: "a majority has to say so first".to_owned(),
    };
    desk.news(News::Room(RoomNews::Voted { guest: 1, vote }));
}

/// Draws the screen of Ada, who joined a session and voted, after these keys of the mentor.
fn joined(desk: &mut Desk, first: usize, keys: &str) {
    sit(desk, 4, first);
    open_room(desk);
    if let Some((first, rest)) = keys.split_once(' ') {
        desk.press(first);
        room_vote(desk);
        desk.press(rest);
    } else {
        desk.press(keys);
        room_vote(desk);
    }
    let Some(running) = &desk.app.model.meeting else {
        return;
    };
    let stage = Box::new(running.stage(&content::blueprint()).apart());
    let own = OwnSeat::of(running.meeting(), 0, &"Ada".into(), 1);
    into_joined(desk, Some(RoomFrame::Seated { stage, own }));
}

/// Turns the desk into the screen of a participant.
fn into_joined(desk: &mut Desk, frame: Option<RoomFrame>) {
    let keymap = Keymap::new(&Default::default()).expect("the default keys do not clash");
    let look = Look {
        theme: desk.app.look.theme,
        keymap,
        height: 0,
    };
    desk.app = App::joined(Settings::default(), look, content::home());
    desk.news(News::Joined(frame.map(Box::new)));
}

/// Draws the second window after these keys in the first.
fn window(desk: &mut Desk, keys: &str) {
    if !keys.is_empty() {
        sit(desk, 1, SINGLE);
        desk.press(keys);
    }
    into_window(desk);
}

/// Turns the desk into the second window.
fn into_window(desk: &mut Desk) {
    let keymap = Keymap::new(&Default::default()).expect("the default keys do not clash");
    let look = Look {
        theme: desk.app.look.theme,
        keymap,
        height: 0,
    };
    desk.app = App::window(Settings::default(), look, content::home());
    let last = desk.stages.last().cloned();
    desk.news(News::Stage(last.map(Box::new)));
}

/// Returns the texts of a question that participants may see only after the reveal.
pub fn secrets(question: &Question) -> Vec<String> {
    let mut secrets: Vec<&Text> = vec![&question.explanation];
    secrets.extend(question.references.iter().map(|reference| &reference.title));
    match &question.interaction {
        Interaction::Single(options) | Interaction::Multiple { options, .. } => {
            secrets.extend(options.iter().map(|option| &option.why));
        }
        Interaction::Ordering { steps, .. } => secrets.extend(steps.iter().map(|step| &step.why)),
        Interaction::Matching { left, .. } => secrets.extend(left.iter().map(|left| &left.why)),
        Interaction::Numeric(numeric) => {
            secrets.extend(numeric.wrong.iter().map(|wrong| &wrong.why));
        }
        Interaction::Recall(_) => {}
        Interaction::Open {
            model_answer,
            rubric,
        } => {
            secrets.push(model_answer);
            secrets.extend(rubric.iter().flat_map(|c| [&c.criterion, &c.evidence]));
        }
    }
    secrets.iter().map(|text| dense(text.as_str())).collect()
}

pub fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Checks every drawn step with one person and with four, for every question type, for texts shown too early.
#[test]
fn the_drawn_stage_tells_nothing_before_its_time_and_nothing_private_ever() {
    for people in [1, 4] {
        for first in [SINGLE, MULTIPLE, ORDERING, MATCHING, NUMERIC, OPEN] {
            let mut desk = Desk::usual(content::home(), Settings::default());
            desk.resize(100, 300);
            sit(&mut desk, people, first);
            if people > 1 {
                desk.press("H");
            }
            let meeting = |desk: &Desk| {
                desk.app
                    .model
                    .meeting
                    .as_ref()
                    .expect("it is under way")
                    .meeting()
                    .clone()
            };
            let question = meeting(&desk).questions[0].clone();
            let mut seen = Vec::new();
            while meeting(&desk).slot() == 0 && meeting(&desk).step() != Step::Closing {
                let asking = matches!(meeting(&desk).step(), Step::Asking(_));
                let typed = matches!(
                    question.interaction,
                    Interaction::Numeric(_) | Interaction::Open { .. }
                );
                if asking && typed {
                    desk.press("tab");
                }
                // Enters everything that a mentor can write down, and returns to the stage.
                desk.press("tab space 1 e");
                desk.write("PRIVATE-evidence");
                desk.press("enter i");
                desk.write("PRIVATE-note");
                desk.press("enter I");
                desk.write("PRIVATE-question-note");
                desk.press("enter b tab down");
                let step = meeting(&desk).step();
                let picture = dense(&desk.picture());
                seen.push(step);
                assert!(!picture.contains("PRIVATE"), "{step:?}: {picture}");
                for private in [
                    "bringback:",
                    "Listenfor",
                    "Key:",
                    "withprompting",
                    "weakreason",
                    "sureandwrong",
                ] {
                    assert!(
                        !picture.to_lowercase().contains(&private.to_lowercase()),
                        "{private} at {step:?}"
                    );
                }
                let told = secrets(&question)
                    .into_iter()
                    .filter(|secret| picture.contains(secret))
                    .count();
                match step {
                    Step::Revealed => assert!(told > 0, "the reveal tells: {picture}"),
                    _ => assert_eq!(told, 0, "{step:?} of {people}: {picture}"),
                }
                let names = ["Ada", "Ben", "Cem", "Dua"]
                    .iter()
                    .filter(|name| picture.contains(**name))
                    .count();
                let turn = people > 1 && matches!(step, Step::Asking(_));
                assert!(names <= usize::from(turn), "{step:?}: {picture}");
                if let Step::Asking(_) = step {
                    let slot = 0;
                    if typed {
                        desk.press("e");
                    }
                    while meeting(&desk).step() == step
                        && (people == 1 || meeting(&desk).seat_at_keyboard().is_some())
                    {
                        match question.interaction {
                            Interaction::Numeric(_) | Interaction::Open { .. } => {
                                desk.write("12");
                                desk.press("tab");
                            }
                            Interaction::Ordering { .. } => desk.press("J"),
                            _ => desk.press("a b c"),
                        }
                        desk.press("enter");
                    }
                    let voted = |round: Round| meeting(&desk).sheet(slot, 0).vote(round).is_some();
                    assert!(
                        voted(Round::First) || voted(Round::Second),
                        "{first}: an answer came in"
                    );
                }
                if matches!(meeting(&desk).step(), Step::Asking(_)) || meeting(&desk).step() == step
                {
                    desk.press("enter");
                }
            }
            assert!(seen.contains(&Step::Revealed), "{seen:?}");
            assert_eq!(
                seen.contains(&Step::Split),
                people > 1 && first != OPEN,
                "{seen:?}"
            );
            // The second windows receive the same value, so this holds for them, too.
            let sent = desk
                .stages
                .iter()
                .map(|stage| serde_json::to_string(stage).expect("it is data"));
            assert!(sent.into_iter().all(|line| !line.contains("PRIVATE")));
        }
    }
}

#[test]
fn one_key_leads_through_a_whole_session_and_what_was_recorded_is_the_session() {
    for people in [1, 4] {
        let mut desk = Desk::usual(content::home(), Settings::default());
        sit(&mut desk, people, SINGLE);
        let start = desk
            .app
            .model
            .meeting
            .as_ref()
            .expect("it has begun")
            .meeting()
            .clone();
        while let Some(mentoring) = desk
            .app
            .model
            .meeting
            .as_ref()
            .filter(|m| m.meeting().step() != Step::Closing)
        {
            let live = format!("{:?}", mentoring.meeting());
            assert_eq!(format!("{:?}", start.clone().replay(&desk.minutes)), live);
            desk.press("enter");
        }
        // The rows are on the console if there are several people.
        let opened = if people > 1 { "enter " } else { "" };
        desk.press(&format!("{opened}enter"));
        desk.write("Terms first.");
        desk.press("enter");
        assert!(desk.app.model.meeting.is_some(), "Enter writes");
        desk.press("down down down enter");
        assert!(desk.app.model.meeting.is_none(), "{}", desk.picture());
        assert_eq!(
            desk.minutes.last().map(|stamped| &stamped.event),
            Some(&Event::Finished)
        );
    }
}

#[test]
fn a_second_window_reads_on_with_the_first() {
    let mut desk = Desk::usual(content::home(), Settings::default());
    sit(&mut desk, 4, LONG);
    desk.press("enter");
    let sent = |desk: &Desk| desk.stages.last().map(|stage| stage.read);
    assert_eq!(sent(&desk), Some(0));
    desk.press("pagedown");
    assert!(
        sent(&desk).is_some_and(|read| (1..1000).contains(&read)),
        "{:?}",
        sent(&desk)
    );
    desk.press("end");
    assert_eq!(sent(&desk), Some(1000));
    desk.resize(60, 20);
    into_window(&mut desk);
    assert!(
        desk.picture().contains("Neither, as both fail together."),
        "{}",
        desk.picture()
    );
    // Scrolling in this window keeps its position.
    desk.press("home");
    desk.press("down");
    assert!(
        desk.picture().contains("Paragraph 2."),
        "{}",
        desk.picture()
    );
}

#[test]
fn a_pause_costs_no_time_and_hides_the_question() {
    let mut desk = Desk::usual(content::home(), Settings::default());
    sit(&mut desk, 1, SINGLE);
    desk.press("enter b z");
    assert!(desk.picture().contains("A short break.") && !desk.picture().contains("switch fault"));
    desk.wait_until(desk.now + Millis::minutes(10));
    desk.press("a enter");
    desk.wait_until(desk.now + Millis::seconds(181));
    desk.press("tab");
    assert!(desk.picture().contains("15 min"), "{}", desk.picture());
    let meeting = &desk
        .app
        .model
        .meeting
        .as_ref()
        .expect("it goes on")
        .meeting();
    assert_eq!(meeting.at().0 / 60_000, 15);
    assert!(
        matches!(meeting.step(), Step::Asking(_)) && meeting.answers() == 1,
        "Enter went on and took no step"
    );
}

#[test]
fn on_the_hot_seat_a_key_hands_the_keyboard_back() {
    let mut desk = Desk::usual(content::home(), Settings::default());
    sit(&mut desk, 4, SINGLE);
    desk.press("H enter a enter");
    assert!(desk.picture().contains("At the keyboard: Ben"));
    desk.press("U");
    assert!(desk.picture().contains("At the keyboard: Ada"));
    desk.press("c enter b");
    let mentoring = desk.app.model.meeting.as_ref().expect("it goes on");
    let picks = |seat: usize| {
        format!(
            "{:?}",
            mentoring.meeting().sheet(0, seat).vote(Round::First)
        )
    };
    assert!(
        picks(0).contains("ChoiceId(2)") && picks(1).contains("ChoiceId(1)"),
        "{} {}",
        picks(0),
        picks(1)
    );
}

/// Returns true if the key of the first question is on the stage.
fn is_revealed(desk: &Desk) -> bool {
    let mentoring = desk.app.model.meeting.as_ref();
    mentoring.is_some_and(|mentoring| mentoring.meeting().is_revealed(0))
}

#[test]
fn what_is_private_is_written_on_the_console_wherever_the_key_was_pressed() {
    for key in ["i", "I", "e"] {
        let mut desk = Desk::usual(content::home(), Settings::default());
        sit(&mut desk, 4, SINGLE);
        desk.press("enter 2 1 2 3");
        while !is_revealed(&desk) {
            desk.press("enter");
        }
        desk.press(key);
        desk.write("slow");
        assert!(
            desk.picture().contains("Console"),
            "{key}: {}",
            desk.picture()
        );
        desk.press("enter tab");
        assert!(
            !desk.picture().contains("slow") && !desk.picture().contains("Console"),
            "{key}: {}",
            desk.picture()
        );
    }
}

#[test]
fn no_key_but_the_switch_shows_the_answer_while_it_is_hidden() {
    for before in ["enter", "enter 2 1 2 3 enter"] {
        for key in ["i", "I", "e", "b", "P"] {
            let mut desk = Desk::usual(content::home(), Settings::default());
            sit(&mut desk, 4, SINGLE);
            desk.press(before);
            desk.press(key);
            assert!(
                !desk.picture().contains("Console"),
                "{before}, {key}: {}",
                desk.picture()
            );
        }
        let mut desk = Desk::usual(content::home(), Settings::default());
        sit(&mut desk, 4, SINGLE);
        desk.press(before);
        desk.press("i");
        assert!(desk.picture().contains("switch to it first"));
        desk.press("tab i");
        desk.write("slow");
        assert!(desk.picture().contains("Console") && desk.picture().contains("slow"));
        desk.press("enter tab +");
        desk.write("Fay");
        assert!(desk.picture().contains("Fay") && !desk.picture().contains("Console"));
    }
}

/// The names of those with a seat, and the frames of the others.
type Told = (Vec<(u64, String)>, Vec<(u64, RoomFrame)>);

/// Returns what the connections were told last: the names of those with a seat, and the frames of the others.
fn told(desk: &Desk) -> Told {
    let update = desk.asked.iter().rev().find_map(|effect| match effect {
        Effect::ToRoom(update) => Some(update),
        _ => None,
    });
    let update = update.expect("the connections were told something");
    let seats = update.seats.iter().map(|(id, own)| (*id, own.name.line()));
    (seats.collect(), update.others.clone())
}

#[test]
fn someone_in_the_wrong_seat_is_asked_about_again_and_the_vote_stays() {
    let mut desk = Desk::usual(content::home(), Settings::default());
    sit(&mut desk, 4, SINGLE);
    open_room(&mut desk);
    // Someone else takes the name of Cem; the console shows the login.
    knock_as(&mut desk, 3, "eve", Some("cem"));
    desk.press("tab");
    assert!(
        desk.picture().contains("joined       eve as cem"),
        "{}",
        desk.picture()
    );
    desk.press("right right L");
    assert!(matches!(
        told(&desk).1.as_slice(),
        [(3, RoomFrame::Lobby { .. })]
    ));
    assert!(desk.picture().contains("Wants to join with the login eve."));
    desk.press("4");
    assert!(told(&desk).0.contains(&(3, "Dua".to_owned())), "she is Dua");
    // The same name with another login is still Cem's.
    knock_as(&mut desk, 4, "quiz", Some("cem"));
    assert!(told(&desk).0.contains(&(4, "Cem".to_owned())));
}

#[test]
fn who_was_sent_away_by_mistake_can_come_again() {
    let mut desk = Desk::usual(content::home(), Settings::default());
    sit(&mut desk, 4, SINGLE);
    open_room(&mut desk);
    knock(&mut desk, 3, "xkim");
    desk.press("tab 0");
    assert!(matches!(
        told(&desk).1.as_slice(),
        [(3, RoomFrame::Refused { .. })]
    ));
    desk.news(News::Room(RoomNews::Left { guest: 3 }));
    knock(&mut desk, 4, "xkim");
    assert!(matches!(
        told(&desk).1.as_slice(),
        [(4, RoomFrame::Lobby { .. })]
    ));
    desk.press("3");
    assert!(told(&desk).0.contains(&(4, "Cem".to_owned())));
}

#[test]
fn who_was_not_planned_gets_a_seat_when_they_join() {
    let mut desk = Desk::usual(content::home(), Settings::default());
    sit(&mut desk, 4, SINGLE);
    open_room(&mut desk);
    knock_as(&mut desk, 3, "quiz", Some("Eva"));
    desk.press("tab a enter");
    let asked = desk.asked.iter().rev().find_map(|effect| match effect {
        Effect::People(request) => Some((**request).clone()),
        _ => None,
    });
    let Some(PeopleRequest::AddToSession(name)) = asked else {
        panic!("the name of who waits is written already: {asked:?}");
    };
    assert_eq!(name, "Eva");
    let latecomer = || News::Latecomer {
        person: PersonId(77),
        name: "Eva".into(),
        is_new: true,
    };
    desk.news(latecomer());
    assert!(told(&desk).0.contains(&(3, "Eva".to_owned())));
    assert!(desk.picture().contains("Eva takes part now"));
    desk.news(latecomer());
    let running = desk.app.model.meeting.as_ref().expect("it runs");
    assert_eq!((running.names.len(), running.meeting().seats.len()), (5, 5));
}

#[test]
fn a_name_that_is_left_adds_nobody() {
    let mut desk = Desk::usual(content::home(), Settings::default());
    sit(&mut desk, 4, SINGLE);
    desk.press("tab a");
    desk.write("Eva");
    desk.press("esc");
    assert!(desk.picture().contains("nobody was added"));
    let adds = |effect: &Effect| matches!(effect, Effect::People(_));
    assert!(!desk.asked.iter().any(adds));
}

#[test]
fn a_digit_per_person_says_whose_answer_was_right() {
    let mut desk = Desk::usual(content::home(), Settings::default());
    sit(&mut desk, 4, ORDERING);
    desk.press("enter tab 1 2 0 1");
    let judged = |desk: &Desk| -> Vec<Option<bool>> {
        let running = desk.app.model.meeting.as_ref().expect("it runs");
        let sheets = running.meeting().sheets(0);
        sheets.iter().map(|sheet| sheet.judged[0]).collect()
    };
    assert_eq!(judged(&desk), [Some(true), Some(false), None, Some(true)]);
    desk.press("left left up up up space");
    assert_eq!(judged(&desk)[1], None, "wrong, then nothing");
}

#[test]
fn a_vote_is_corrected_by_moving_to_the_person() {
    let mut desk = Desk::usual(content::home(), Settings::default());
    sit(&mut desk, 4, SINGLE);
    desk.press("enter 2 1 2");
    let votes = |desk: &Desk| -> Vec<Option<String>> {
        let running = desk.app.model.meeting.as_ref().expect("it runs");
        let meeting = running.meeting();
        let vote = |seat: usize| meeting.sheet(0, seat).vote(Round::First);
        (0..4)
            .map(|seat| vote(seat).map(|v| format!("{v:?}")))
            .collect()
    };
    let before = votes(&desk);
    desk.press("left left");
    assert!(desk.picture().contains("Ben: how many fingers?"));
    desk.press("3");
    let after = votes(&desk);
    assert_ne!(before[1], after[1]);
    assert_eq!((&before[0], &before[2]), (&after[0], &after[2]));
    assert!(
        desk.picture().contains("Dua: how many fingers?"),
        "the next one without a vote: {}",
        desk.picture()
    );
}

#[test]
fn fingers_of_those_who_are_absent_are_not_asked_for() {
    let mut desk = Desk::usual(content::home(), Settings::default());
    sit(&mut desk, 4, SINGLE);
    desk.press("tab right T enter 2");
    assert!(desk.picture().contains("absent"), "{}", desk.picture());
    assert!(
        desk.picture().contains("Cem: how many fingers?"),
        "{}",
        desk.picture()
    );
    desk.press("tab");
    assert!(desk.picture().contains("1 of 3"), "{}", desk.picture());
}

#[test]
fn a_question_is_skipped_without_its_answer() {
    let mut desk = Desk::usual(content::home(), Settings::default());
    sit(&mut desk, 1, SINGLE);
    desk.press("enter b n");
    let meeting = desk.app.model.meeting.as_ref().expect("it goes on");
    let meeting = meeting.meeting();
    assert_eq!(
        (meeting.slot(), meeting.step()),
        (1, Step::Asking(Round::First))
    );
    assert!(!meeting.is_revealed(0));
}

/// Returns the running session.
fn meeting(desk: &Desk) -> &Meeting {
    let running = desk.app.model.meeting.as_ref();
    running.expect("it runs").meeting()
}

fn shows(desk: &mut Desk, words: &str) {
    let picture = desk.picture();
    assert!(picture.contains(words), "no {words:?} in {picture}");
}

#[test]
fn fingers_are_typed_for_those_who_did_not_join() {
    let mut desk = Desk::usual(content::home(), Settings::default());
    sit(&mut desk, 4, SINGLE);
    open_room(&mut desk);
    desk.press("enter");
    room_vote(&mut desk);
    shows(&mut desk, "Cem: how many fingers? (3 of 4)");
    shows(&mut desk, "open: 2 of 4 joined, 1 voted");
    let own = meeting(&desk).sheet(0, 0).clone();
    desk.press("1 2 3 backspace 3");
    assert_eq!(meeting(&desk).sheet(0, 0), &own, "her vote stays");
    let has_vote = |seat: usize| meeting(&desk).sheet(0, seat).vote(Round::First).is_some();
    assert_eq!([1, 2, 3].map(has_vote), [false, true, true]);
    desk.press("4");
    shows(&mut desk, "everyone in the room has voted");

    // Who lost the connection after a vote is not in the room either.
    desk.press("backspace backspace");
    desk.news(News::Room(RoomNews::Left { guest: 1 }));
    desk.press("backspace");
    assert_eq!(meeting(&desk).sheet(0, 0), &own);
    shows(&mut desk, "Cem: how many fingers? (3 of 4)");
}

#[test]
fn a_vote_that_the_mentor_changes_on_purpose_is_announced_to_its_owner() {
    let mut desk = Desk::usual(content::home(), Settings::default());
    sit(&mut desk, 4, SINGLE);
    open_room(&mut desk);
    desk.press("enter");
    room_vote(&mut desk);
    let frame = |desk: &Desk| {
        let running = desk.app.model.meeting.as_ref().expect("it runs");
        let stage = Box::new(running.stage(&content::blueprint()).apart());
        let own = OwnSeat::of(running.meeting(), 0, &"Ada".into(), 1);
        RoomFrame::Seated { stage, own }
    };
    let before = frame(&desk);
    desk.press("left left");
    shows(
        &mut desk,
        "Ada votes from elsewhere; a digit changes the vote (1 of 4)",
    );
    desk.press("3");
    let after = frame(&desk);
    into_joined(&mut desk, Some(before));
    shows(&mut desk, "your vote counts");
    desk.news(News::Joined(Some(Box::new(after))));
    shows(&mut desk, "your mentor entered c as your vote");
    desk.press("b");
    shows(&mut desk, "sending your vote");
}

#[test]
fn after_the_end_of_a_session_no_connection_is_lost() {
    let mut desk = Desk::usual(content::home(), Settings::default());
    joined(&mut desk, SINGLE, "enter enter enter enter v");
    desk.news(News::Joined(Some(Box::new(RoomFrame::Stopped))));
    shows(&mut desk, "The session is over.");
}

#[test]
fn nothing_is_brought_back_from_the_closing() {
    let mut desk = Desk::usual(content::home(), Settings::default());
    closing(&mut desk);
    let brings_back = |desk: &Desk| {
        let meeting = meeting(desk);
        (0..meeting.len())
            .map(|slot| meeting.brings_back(slot, 0))
            .collect::<Vec<bool>>()
    };
    let before = brings_back(&desk);
    desk.press("b tab b");
    assert_eq!(brings_back(&desk), before);
    desk.press("?");
    assert!(!desk.picture().contains("bring the question back"));
}

#[test]
fn a_private_note_is_not_on_the_page_that_is_written_together() {
    let mut desk = Desk::usual(content::home(), Settings::default());
    closing(&mut desk);
    desk.press("i");
    desk.write("Nervous at first");
    desk.press("enter");
    assert!(!desk.picture().contains("Nervous"), "{}", desk.picture());
    shows(&mut desk, "your private note is saved");
}
