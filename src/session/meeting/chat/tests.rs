//! Votes copied out of chat windows, in the forms in which the programs copy them.

use proptest::prelude::*;

use super::*;
use crate::core::question::Interaction;
use crate::core::response::Confidence;
use crate::session::meeting::Round;
use crate::session::meeting::tests::{
    MATCHING, MULTIPLE, NUMERIC, ORDERING, SINGLE, happen, meeting,
};
use crate::session::present::Places;

const ROSTER: [&str; 4] = ["Mina Okafor", "Ben Ode", "Cem", "Ana-María Ruiz"];

fn names() -> ChatNames {
    ChatNames::new(&ROSTER.map(Text::new))
}

/// Returns a meeting of the roster that asks a question of a type. No option is a number.
fn asking(slot: usize) -> Meeting {
    let mut meeting = meeting(ROSTER.len());
    let mut questions = meeting.questions.to_vec();
    for question in &mut questions {
        if let Interaction::Single(options) | Interaction::Multiple { options, .. } =
            &mut question.interaction
        {
            for option in options {
                option.text = "an option".into();
            }
        }
    }
    meeting.questions = questions.into();
    happen(&mut meeting, Event::Asked { slot }).unwrap();
    meeting
}

fn reading(slot: usize, pasted: &str) -> ChatReading {
    ChatReading::of(pasted, &names(), &asking(slot))
}

/// Returns the votes as `seat:letters+confidence`, such as `0:b3`, with the reasons.
fn votes(slot: usize, reading: &ChatReading) -> Vec<String> {
    let meeting = asking(slot);
    let vote = |ChatVote { seat, vote, .. }: &ChatVote| {
        let said = vote
            .confidence
            .map_or(String::new(), |said| format!("{}", said as usize + 1));
        let reason = if vote.reason.is_empty() {
            String::new()
        } else {
            format!(" {}", vote.reason)
        };
        let spelled = Places::of(&vote.answer, &meeting.form.items[slot]).spelled();
        format!("{seat}:{spelled}{said}{reason}")
    };
    reading.votes.iter().map(vote).collect()
}

/// Asserts that the paste gives these votes, no unread line and no unknown name.
fn reads(program: &str, pasted: &str, expected: &[&str]) {
    let reading = reading(SINGLE, pasted);
    assert_eq!(votes(SINGLE, &reading), expected, "{program}");
    assert_eq!(reading.unread, [], "{program}");
    assert_eq!(reading.unknown, [], "{program}");
}

#[test]
fn copies_of_the_usual_chat_programs_are_read() {
    let both = ["0:b3 because the leader cannot reach a majority", "1:c2"];
    reads(
        "lines",
        "Mina: b3 because the leader cannot reach a majority\n[14:02] Ben Ode  c 2\nCem - d\n",
        &[both[0], both[1], "2:d"],
    );
    reads(
        "Slack app",
        "Mina Okafor  [2:02 PM]\nb3 because the leader cannot reach a majority\n\nBen Ode  [2:03 PM]\nc2\n",
        &both,
    );
    reads(
        "Slack in a browser",
        "Mina Okafor\n  2:02 PM\nb3 because the leader cannot reach a majority\n:+1:\n2\nBen Ode :palm_tree:\n  2:03 PM\nb1\n2:04\nc2\n2 replies\n",
        &both,
    );
    reads(
        "Teams",
        "[14:02] Mina Okafor (External)\nb3 because the leader cannot reach a majority\n\n[14:03] Ode, Ben\nc2\n",
        &both,
    );
    reads(
        "Teams with dates",
        "Mina Okafor\n11/29 2:02 PM\nb3\nbecause the leader cannot reach a majority\nBen Ode\n11/29 2:03 PM\nEdited\nc2\n",
        &both,
    );
    reads(
        "Zoom saved",
        "14:02:31 From Mina Okafor to Everyone:\n\tb3 because the leader cannot reach a majority\n14:03:02 From Ben Ode to Pat Mentor(Direct Message):\n\tc2\n",
        &both,
    );
    reads(
        "Zoom in one line",
        "14:02:31\t From  Mina Okafor : b3 because the leader cannot reach a majority\n14:03:02\t From  Ben Ode to Host (privately) : c2\n",
        &both,
    );
    reads(
        "Zoom window",
        "Mina Okafor to Everyone 2:02 PM\nb3 because the leader cannot reach a majority\nBen Ode to You (Direct Message) 2:03 PM\nc2\n",
        &both,
    );
    reads(
        "Discord",
        "Mina Okafor — Today at 14:02\nb3 because the leader cannot reach a majority\nbenode — Yesterday at 2:03 PM\nc2\n",
        &both,
    );
    reads(
        "Discord compact",
        "[14:02]Mina Okafor: b3 because the leader cannot reach a majority\n[14:03]Ben Ode: c2\n",
        &both,
    );
    reads(
        "Discord in lines",
        "Mina Okafor\n —\n29/11/2026 14:02\nb3 because the leader cannot reach a majority\nBen Ode\n —\n14:03\nc2",
        &both,
    );
    reads(
        "Google Meet",
        "Mina Okafor\n14:02\nb3 because the leader cannot reach a majority\nBen Ode14:03\nc2\n",
        &both,
    );
    reads(
        "WhatsApp",
        "[14:02, 29/11/2026] Mina Okafor: b3 because the leader\ncannot reach a majority\n[14:03, 29/11/2026] ~ Ben Ode: c2\n",
        &both,
    );
    reads(
        "WhatsApp export",
        "29/11/2026, 14:02 - Mina Okafor: b3 because the leader cannot reach a majority\n29/11/2026, 14:03 - Ben Ode: c2\n",
        &both,
    );
    reads(
        "IRC",
        "14:02 <@mina> b3 because the leader cannot reach a majority\n14:02 -!- kim has joined #quiz\n14:03 < ben_ode> c2\n",
        &both,
    );
    reads(
        "WeeChat",
        "14:02:33     mina | b3 because the leader cannot reach a majority\n14:03:01  ben.ode | c2\n",
        &both,
    );
    reads(
        "CR from a terminal",
        "Mina: b3 because the leader cannot reach a majority\rBen: c2",
        &both,
    );
}

#[test]
fn a_later_vote_of_the_same_person_corrects_the_earlier_one() {
    reads("lines", "Mina: b3\nBen: a\nmina: c1\n", &["0:c1", "1:a"]);
    reads("header", "Mina Okafor\n14:02\nb3\n14:03\nd4", &["0:d4"]);
}

#[test]
fn names_are_found_by_their_parts_and_only_if_they_are_certain() {
    for (name, seat) in [
        ("MINA", 0),
        ("Okafor, Mina", 0),
        ("@mina.okafor", 0),
        ("Mina O.", 0),
        ("Ben O", 1),
        ("Cem Yılmaz (he/him)", 2),
        ("ana maria ruiz", 3),
        ("Ana-Maria", 3),
    ] {
        assert_eq!(names().find(name), Sender::Seat(seat), "{name}");
    }
    for name in ["Kim", "M", "Mina Petrova", "", "🦀", "Okaf"] {
        assert_eq!(names().find(name), Sender::Unknown, "{name}");
    }
    let two = ChatNames::new(&["Ben Ode", "Ben Kim"].map(Text::new));
    assert_eq!(two.find("Ben"), Sender::Several(vec![0, 1]));
    assert_eq!(two.find("Ben K."), Sender::Seat(1));
}

#[test]
fn unknown_and_ambiguous_names_are_asked_once_and_remembered() {
    let meeting = asking(SINGLE);
    let mut names = ChatNames::new(&["Ben Ode", "Ben Kim", "Cem", "Ada"].map(Text::new));
    let pasted = "Ben: a2\nxX_kim_Xx: d\nZoe: b\nxX_kim_Xx: c4\nCem: b";
    let reading = ChatReading::of(pasted, &names, &meeting);
    assert_eq!(votes(SINGLE, &reading), ["2:b"]);
    let asked: Vec<_> = reading
        .unknown
        .iter()
        .map(|u| (u.name.as_str(), u.vote.as_str(), u.candidates.clone()))
        .collect();
    assert_eq!(
        asked,
        [
            ("Ben", "a2", vec![0, 1]),
            ("xX_kim_Xx", "c4", vec![]),
            ("Zoe", "b", vec![])
        ]
    );
    names.assign("Ben", Some(0));
    names.assign("xX_kim_Xx", Some(1));
    names.assign("Zoe", None);
    let reading = ChatReading::of(pasted, &names, &meeting);
    assert_eq!(votes(SINGLE, &reading), ["0:a2", "1:c4", "2:b"]);
    assert_eq!(reading.unknown, []);
    assert_eq!(reading.unread, []);
}

#[test]
fn a_message_of_an_unknown_person_is_not_given_to_the_one_above() {
    let reading = reading(
        SINGLE,
        "Mina Okafor\n14:02\nb3\nKim Lee\n14:03\nc2\nkim\n14:04\nd\nno, wait\n14:05\na",
    );
    assert_eq!(votes(SINGLE, &reading), ["0:b3"]);
    let asked: Vec<_> = reading
        .unknown
        .iter()
        .map(|unknown| unknown.name.as_str())
        .collect();
    assert_eq!(
        asked,
        ["Kim Lee", "kim", "no, wait"],
        "rather than taking the vote for one of the person above"
    );
}

#[test]
fn what_is_no_vote_is_listed() {
    let cases = [
        ("b5", NotAVote::Confidence),
        ("e", NotAVote::Beyond('d')),
        ("7", NotAVote::Beyond('d')),
        ("b or c", NotAVote::Words),
        ("b, c", NotAVote::Ambiguous),
        ("b, maybe c", NotAVote::Words),
        ("23", NotAVote::Ambiguous),
        ("a leader is needed", NotAVote::Words),
        ("hello", NotAVote::Words),
        ("a 3 node cluster", NotAVote::Words),
        ("bb", NotAVote::Words),
        ("b/c", NotAVote::Ambiguous),
        ("not b", NotAVote::Words),
        ("b3 c2", NotAVote::Ambiguous),
        ("b3 or c2", NotAVote::Words),
    ];
    for (text, why) in cases {
        let reading = reading(SINGLE, &format!("Mina: {text}"));
        assert_eq!(votes(SINGLE, &reading), [""; 0], "{text}");
        assert_eq!(
            reading
                .unread
                .iter()
                .map(|line| line.why)
                .collect::<Vec<_>>(),
            [why],
            "{text}"
        );
    }
    let reading = reading(SINGLE, "b3\nMina: c\nd4\nhello");
    assert_eq!(votes(SINGLE, &reading), ["0:c"]);
    let unread: Vec<_> = reading
        .unread
        .iter()
        .map(|line| (line.line, line.why))
        .collect();
    assert_eq!(
        unread,
        [
            (1, NotAVote::Nameless),
            (3, NotAVote::Nameless),
            (4, NotAVote::Words)
        ]
    );
}

#[test]
fn a_digit_is_no_option_if_it_can_be_a_value_or_a_confidence() {
    let meeting = asking(SINGLE);
    let mut question = meeting.questions[SINGLE].clone();
    let mut set = |texts: [&str; 4]| {
        if let Interaction::Single(options) = &mut question.interaction {
            for (option, text) in options.iter_mut().zip(texts) {
                option.text = text.into();
            }
        }
        question.clone()
    };
    let order = &meeting.form.items[SINGLE].order;
    for (texts, typed) in [
        (["0", "1", "2", "3"], "2"),
        (["0", "1", "2", "3"], "2 3"),
        (["about 5 ms", "more", "less", "3 ms"], "1"),
        (["one replica", "none", "three", "two replicas"], "2"),
        (["after 2 nodes", "later", "at once", "never"], "2 because"),
    ] {
        assert_eq!(
            read_vote(&set(texts), order, typed),
            Err(NotAVote::Value),
            "{texts:?} {typed}"
        );
    }
    assert!(read_vote(&set(["0", "1", "2", "3"]), order, "c2").is_ok());
    assert!(read_vote(&set(["none", "some", "most", "all"]), order, "2").is_ok());
    // The confidence on a line of its own, in one message or in the next.
    for pasted in [
        "Cem: b - because the breaker opens\nCem: 4",
        "Cem\n14:02\nb because the breaker opens\n4",
    ] {
        reads(pasted, pasted, &["2:b4 because the breaker opens"]);
    }
    for (pasted, counts) in [
        ("Cem: b\nMina: a\nCem: 4", ["0:a", "2:b"].as_slice()),
        ("Cem: b3\nCem: 4", &["2:b3"]),
        ("Cem: 2\nCem: 4", &["2:b"]),
        ("Cem: b\nCem: 4 because it opens", &["2:b"]),
        ("Cem\n14:02\nb3\n4", &["2:b3"]),
    ] {
        let reading = reading(SINGLE, pasted);
        assert_eq!(votes(SINGLE, &reading), counts, "{pasted}");
        let why: Vec<NotAVote> = reading.unread.iter().map(|line| line.why).collect();
        assert_eq!(why, [NotAVote::PerhapsConfidence], "{pasted}");
    }
    // The same vote again, and one with a confidence, leave nothing open.
    reads("again", "Cem: 2\nCem: 2\nCem: 3 4", &["2:c4"]);
    let mut meeting = meeting;
    let first = ChatReading::of("Cem: b", &names(), &meeting);
    for event in meeting.recording(&first.votes) {
        happen(&mut meeting, event).unwrap();
    }
    let later = ChatReading::of("Cem: 4", &names(), &meeting);
    assert_eq!((later.votes.len(), later.unread.len()), (0, 1));
}

#[test]
fn votes_on_one_option_are_read_with_confidence_and_reason() {
    let cases = [
        ("b", "b"),
        ("B", "b"),
        ("b)", "b"),
        ("(b)", "b"),
        ("b 3", "b3"),
        ("b/3", "b3"),
        ("b, sure", "b4"),
        ("b fairly sure", "b3"),
        ("b not sure because it is late", "b2 because it is late"),
        ("b - guess", "b1"),
        ("2", "b"),
        ("2 3", "b3"),
        ("Option b", "b"),
        ("my answer: b3", "b3"),
        ("`b3`", "b3"),
        ("b3 (edited)", "b3"),
        ("b3 the leader is cut off", "b3 the leader is cut off"),
        ("b: it is cut off", "b it is cut off"),
        ("b because of c", "b because of c"),
        ("a3 a leader", "a3 a leader"),
        ("c2 no majority", "c2 no majority"),
        ("a, because", "a because"),
    ];
    for (text, expected) in cases {
        assert_eq!(
            votes(SINGLE, &reading(SINGLE, &format!("Cem: {text}"))),
            [format!("2:{expected}")],
            "{text}"
        );
    }
}

#[test]
fn every_type_that_letters_or_numbers_can_answer_is_read() {
    let cases: [(usize, &[(&str, &str)]); 4] = [
        (
            MULTIPLE,
            &[
                ("ac", "ac"),
                ("a c", "ac"),
                ("c, a", "ac"),
                ("a and c 3", "ac3"),
                ("13", "ac"),
                ("1 3 4", "ac4"),
                ("132", "ac2"),
                ("ac4 because", "ac4 because"),
                ("c", "c"),
                ("a+c, sure", "ac4"),
            ],
        ),
        (
            ORDERING,
            &[
                ("cabd", "cabd"),
                ("c a b d", "cabd"),
                ("c > a > b > d", "cabd"),
                ("c, a, b, d, 4", "cabd4"),
                ("3124", "cabd"),
                ("31243", "cabd3"),
                ("3 1 2 4 4", "cabd4"),
                ("cabd3", "cabd3"),
                ("c-a-b-d because c is first", "cabd because c is first"),
            ],
        ),
        (
            MATCHING,
            &[
                ("1c 2a", "1c 2a"),
                ("1c2a", "1c 2a"),
                ("1-c, 2-a 3", "1c 2a3"),
                ("2a", "2a"),
                ("ca", "1c 2a"),
                ("c a 2", "1c 2a2"),
                ("cc1", "1c 2c1"),
                ("1=c 2=a because", "1c 2a because"),
            ],
        ),
        (
            NUMERIC,
            &[
                ("42.5", "42.5"),
                ("42.5 req", "42.5 req"),
                ("42.5 3", "42.53"),
                ("1 500", "1 500"),
                ("4800/560", "4800/560"),
                ("42.5 (3)", "42.53"),
                ("1.5k sure", "1.5k4"),
                ("~42.", "42."),
                (
                    "42.5 req 2 because of the queue",
                    "42.5 req2 because of the queue",
                ),
            ],
        ),
    ];
    for (slot, votes_of_type) in cases {
        for (text, expected) in votes_of_type {
            let reading = reading(slot, &format!("Cem: {text}"));
            assert_eq!(
                votes(slot, &reading),
                [format!("2:{expected}")],
                "{text}: {:?}",
                reading.unread
            );
        }
    }
}

#[test]
fn answers_that_do_not_fit_their_type_are_listed() {
    let cases: [(usize, &[&str]); 4] = [
        (
            MULTIPLE,
            &["abcd", "aa", "1", "a x", "ab cd", "bad idea", "1a", "abc"],
        ),
        (ORDERING, &["ca", "cabb", "caa", "3125", "31", "c a b d a"]),
        (
            MATCHING,
            &["3a", "1c 1a", "cab", "12", "1c 2a 3 4", "1c 2a3b"],
        ),
        (
            NUMERIC,
            &[
                "many",
                "42.5 7",
                "42 ms of 3",
                "forty",
                "between 1 and 2",
                "req",
            ],
        ),
    ];
    for (slot, texts) in cases {
        for text in texts {
            let reading = reading(slot, &format!("Cem: {text}"));
            assert_eq!(votes(slot, &reading), [""; 0], "{text}");
            assert_eq!(reading.unread.len(), 1, "{text}");
        }
    }
}

#[test]
fn a_correction_after_the_vote_was_closed_opens_it_and_closes_it_again() {
    let mut meeting = asking(SINGLE);
    let paste = |meeting: &mut Meeting, pasted: &str| {
        let events = meeting.recording(&ChatReading::of(pasted, &names(), meeting).votes);
        for event in &events {
            happen(meeting, event.clone()).unwrap();
        }
        events.len()
    };
    assert_eq!(paste(&mut meeting, "Mina: b3 because\nBen: a"), 4);
    assert_eq!(
        paste(&mut meeting, "Mina: b3 because\nBen: a"),
        0,
        "the same again changes nothing"
    );
    happen(&mut meeting, Event::Committed).unwrap();
    assert_eq!(paste(&mut meeting, "Ben: c2\nCem: d"), 5);
    assert_eq!(meeting.step(), Step::Committed(Round::First));
    assert_eq!(meeting.answers(), 3);
    let sheet = meeting.sheet(0, 0);
    assert_eq!(
        (sheet.confidence, sheet.reason.as_str()),
        (Some(Confidence::Fairly), "because")
    );
    assert_eq!(
        paste(&mut meeting, "Mina: c"),
        4,
        "another answer without a reason or confidence"
    );
    let sheet = meeting.sheet(0, 0);
    assert_eq!((sheet.confidence, sheet.reason.as_str()), (None, ""));
    happen(&mut meeting, Event::SplitShown).unwrap();
    assert!(!meeting.takes_votes());
}

fn piece() -> impl Strategy<Value = String> {
    let known = [
        "Mina Okafor",
        "Mina",
        "Ben Ode",
        "Ben",
        "Kim",
        "Cem",
        "b3",
        "c 2",
        "d",
        "because",
        "14:02",
        "[14:02]",
        ": ",
        " - ",
        "\n",
        "\n\n",
        " — ",
        "  ",
        "<mina> ",
        "to Everyone",
        "From ",
        "2:02 PM",
        "1c 2a",
        "42.5",
        "(",
        ")",
        "> ",
        "acd",
        "\t",
        "👍",
        "You",
        "a",
        "1 3 4",
    ];
    prop_oneof![
        12 => proptest::sample::select(known.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn any_paste_is_read_without_a_vote_for_someone_who_is_not_named(
        pieces in proptest::collection::vec(piece(), 0..40),
        kind in 0_usize..5,
    ) {
        let pasted = pieces.concat();
        let meeting = asking(kind);
        let reading = ChatReading::of(&pasted, &names(), &meeting);
        let clean = pasted.replace("\r\n", "\n").replace('\r', "\n");
        let lines: Vec<&str> = clean.split('\n').collect();
        for vote in &reading.votes {
            let line = lines[vote.line - 1].to_lowercase();
            let first = ROSTER[vote.seat].split([' ', '-']).next().unwrap().to_lowercase();
            let last = ROSTER[vote.seat].split([' ', '-']).next_back().unwrap().to_lowercase();
            prop_assert!(line.contains(&first) || line.contains(&last), "{:?} of {line:?}", vote);
            prop_assert_eq!(vote.vote.answer.fits(&meeting.questions[kind].interaction), Ok(()));
        }
        // All votes can be recorded.
        let mut meeting = meeting;
        for event in meeting.recording(&reading.votes) {
            prop_assert_eq!(happen(&mut meeting, event), Ok(()));
        }
        prop_assert_eq!(meeting.answers(), reading.votes.len());
    }
}
