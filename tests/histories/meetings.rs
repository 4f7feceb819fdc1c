//! Writes the mentor sessions of the histories.

use aethos::app::effect::Effect;
use aethos::app::people::PeopleRequest;
use aethos::core::id::{PersonId, SessionId};
use aethos::core::question::Interaction;
use aethos::core::response::Confidence;
use aethos::core::time::{Day, Millis};
use aethos::session::Stamped;
use aethos::session::meeting::{Event as Said, Meeting, MeetingPlan, Rater, Round};
use aethos::shell::StartRequest;

use super::write::{FIRST, FOUR, Player};
use super::year::answer;

impl Player {
    /// Begins a meeting: with a seed its questions are new to everybody, without one they are the questions to repeat.
    pub fn meet(&mut self, names: &[&str], seed: Option<u64>) -> (SessionId, Meeting) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let people = self.shell.workspace.people_named(&names).unwrap();
        let plan = match seed {
            Some(seed) => {
                let wanted = StartRequest {
                    written: 1,
                    ..self.wanted(4, seed)
                };
                let questions = self.shell.workspace.propose(&people, &wanted).unwrap();
                MeetingPlan { people, questions }
            }
            None => self.shell.workspace.plan_of(people, 4).unwrap(),
        };
        let met = self.shell.meet(&plan).unwrap();
        (met.id, met.meeting)
    }

    pub fn minute(&mut self, meeting: &mut Meeting, seconds: u64, event: Said) {
        self.spend(seconds);
        let stamped = Stamped {
            at: meeting.at() + Millis::seconds(seconds),
            event,
        };
        meeting
            .apply(&stamped)
            .unwrap_or_else(|refused| panic!("{stamped:?}: {refused}"));
        let news = self.shell.save_meeting(vec![stamped]);
        assert!(news.is_empty(), "{news:?}");
    }

    /// Votes on the current question for the first `seats` people.
    pub fn vote(&mut self, meeting: &mut Meeting, seats: usize) {
        let (slot, round) = (meeting.slot(), meeting.round());
        for seat in 0..seats {
            let right = self.chance.below(10) < 5 + 3 * u64::from(round == Round::Second);
            let answer = answer(&meeting.questions[slot], &meeting.form.items[slot], right);
            self.minute(
                meeting,
                15,
                Said::Voted {
                    slot,
                    round,
                    seat,
                    answer,
                },
            );
            let confidence = Some(Confidence::ALL[self.chance.below(4) as usize]);
            self.minute(
                meeting,
                2,
                Said::Confident {
                    slot,
                    seat,
                    confidence,
                },
            );
        }
    }

    /// Plays a question to its reveal, following the steps that the meeting advises.
    pub fn ask(&mut self, meeting: &mut Meeting, slot: usize) {
        let seats = meeting.seats.len();
        self.minute(meeting, 5, Said::Asked { slot });
        self.vote(meeting, seats);
        self.minute(meeting, 20, Said::Committed);
        for seat in 0..seats {
            let level = Some(self.chance.below(4) as u8);
            self.minute(
                meeting,
                10,
                Said::Reasoned {
                    slot,
                    seat,
                    criterion: 0,
                    level,
                },
            );
            self.minute(
                meeting,
                10,
                Said::Evidence {
                    slot,
                    seat,
                    text: format!("Named the reason, {seat}."),
                },
            );
        }
        self.minute(
            meeting,
            1,
            Said::Heard {
                slot,
                seat: 0,
                point: 0,
                on: true,
            },
        );
        while !meeting.is_revealed(slot) {
            let next = meeting.next().unwrap();
            let asks = next == Said::AskedAgain;
            self.minute(meeting, 30, next);
            if asks {
                self.vote(meeting, seats);
            }
        }
        if let Interaction::Open { .. } = meeting.questions[slot].interaction {
            for (seat, by) in
                (0..seats).flat_map(|seat| [(seat, Rater::Own), (seat, Rater::Mentor)])
            {
                self.minute(
                    meeting,
                    5,
                    Said::Rated {
                        slot,
                        seat,
                        by,
                        criterion: 0,
                        points: Some(1),
                    },
                );
            }
        }
    }

    /// Ends a meeting with a summary, a note and agreements for each person.
    fn close_meeting(&mut self, meeting: &mut Meeting, next: Day) {
        self.minute(meeting, 10, Said::Closing);
        for seat in 0..meeting.seats.len() {
            self.minute(
                meeting,
                30,
                Said::Said {
                    seat,
                    text: format!("Majorities count all nodes, {seat}."),
                },
            );
            self.minute(
                meeting,
                30,
                Said::PersonNoted {
                    seat,
                    text: format!("Quick today, {seat}."),
                },
            );
            let due = (seat != 1).then(|| next.plus(-1));
            let text = format!("Read section {} of the Raft paper", 5 + seat);
            self.minute(
                meeting,
                30,
                Said::Agreed {
                    seat,
                    place: 0,
                    text,
                    due,
                },
            );
        }
        self.minute(
            meeting,
            30,
            Said::Agreed {
                seat: 0,
                place: 1,
                text: "Draw it".to_owned(),
                due: None,
            },
        );
        self.minute(meeting, 5, Said::NextMeeting { day: Some(next) });
        self.minute(meeting, 5, Said::Finished);
        self.leave();
    }
}

/// Holds two meetings of four people, two weeks apart, and a third with a person who is erased afterwards.
pub fn mentor(player: &mut Player) {
    let (id, mut meeting) = player.meet(&FOUR, Some(8));
    player.ask(&mut meeting, 0);
    player.minute(
        &mut meeting,
        5,
        Said::QuestionNoted {
            slot: 0,
            text: "Too easy for Dua.".to_owned(),
        },
    );
    // The mentor decides differently from the verdicts.
    for seat in [2, 3] {
        let on = !meeting.brings_back(0, seat);
        player.minute(&mut meeting, 5, Said::BringBack { slot: 0, seat, on });
    }
    player.minute(&mut meeting, 5, Said::Undone);
    player.minute(&mut meeting, 5, Said::Revealed);
    player.minute(&mut meeting, 5, Said::Paused);
    player.spend(300);
    player.minute(&mut meeting, 0, Said::Resumed);
    player.minute(&mut meeting, 5, Said::HotSeat { on: true });
    player.ask(&mut meeting, 1);
    player.minute(&mut meeting, 10, Said::Ticked);
    player.minute(&mut meeting, 0, Said::HotSeat { on: false });
    player.spend(60);
    player.minute(
        &mut meeting,
        0,
        Said::Gap {
            length: Millis::seconds(60),
        },
    );
    for slot in 2..meeting.len() {
        player.ask(&mut meeting, slot);
    }
    player.close_meeting(&mut meeting, FIRST.plus(14));

    player.go_to(14);
    let people: Vec<PersonId> = meeting.seats.iter().map(|seat| seat.person).collect();
    for (seat, kept) in [(0, Some(true)), (1, Some(false))] {
        let wish = PeopleRequest::Kept {
            person: people[seat],
            session: id.clone(),
            seat,
            place: 0,
            kept,
        };
        player.shell.perform(Effect::People(Box::new(wish)));
    }
    let (_, mut meeting) = player.meet(&FOUR, None);
    for slot in 0..meeting.len() {
        player.ask(&mut meeting, slot);
    }
    player.close_meeting(&mut meeting, FIRST.plus(28));

    player.go_to(15);
    let (_, mut meeting) = player.meet(&["Ada", "Zoe"], Some(9));
    player.minute(&mut meeting, 1, Said::HotSeat { on: true });
    player.minute(&mut meeting, 1, Said::Asked { slot: 0 });
    player.vote(&mut meeting, 2);
    player.minute(&mut meeting, 1, Said::HandedOn);
    player.minute(&mut meeting, 1, Said::HandedOn);
    player.minute(&mut meeting, 1, Said::Committed);
    player.minute(&mut meeting, 1, Said::Finished);
    player.leave();
    let zoe = player.shell.workspace.mentored_by_name("Zoe").unwrap();
    player.shell.workspace.forget(&zoe, true).unwrap();
}
