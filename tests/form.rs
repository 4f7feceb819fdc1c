//! Forms: fair shares, new questions first, and codes that reproduce a form anywhere.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use aethos::core::blueprint::Blueprint;
use aethos::core::form::{
    BadCode, BankId, Candidate, Code, Form, Plan, Planned, Request, SEEDS, Seen, allocate, freeze,
    plan,
};
use aethos::core::id::{ChoiceId, CompetencyId, DeckId};
use aethos::core::measure::MIN_SCORED;
use aethos::core::question::{Interaction, Question, Row};
use proptest::prelude::*;
use support::questions::{competency, multiple, numeric, options, ordering, question};

/// Eight competencies with their weights in percent, then tips and role.
const WEIGHTS: [u32; 10] = [10, 10, 17, 15, 18, 8, 11, 11, 0, 0];
const SCORED: u16 = 0xff;
const BANK: BankId = BankId {
    edition: 2,
    check: 0x2a5,
};

fn blueprint() -> Blueprint {
    let competencies = WEIGHTS
        .iter()
        .enumerate()
        .map(|(i, weight)| competency(&format!("c{i}"), "A competency", *weight, &[]));
    Blueprint {
        competencies: competencies.collect(),
        tips: Vec::new(),
    }
}

/// A question of a pool, with the fields that selection needs.
#[derive(Clone, Debug)]
struct Entry {
    competency: usize,
    facet: String,
    family: Option<String>,
    written: bool,
    seen: Seen,
}

/// Generates many small cells rather than few large ones; questions never seen have no last time.
fn pool(families: bool, history: bool) -> impl Strategy<Value = Vec<Entry>> {
    let family = if families {
        prop_oneof![4 => Just(None), 1 => (0..9u32).prop_map(Some)].boxed()
    } else {
        Just(None).boxed()
    };
    let times = if history { 0..4u32 } else { 0..1u32 };
    let entry = (
        0..10usize,
        0..5u32,
        family,
        prop::bool::weighted(0.1),
        times,
        1..50u64,
    );
    let entry = entry.prop_map(|(competency, facet, family, written, times, last)| Entry {
        competency,
        facet: format!("c{competency}-f{facet}"),
        family: family.map(|f| format!("family {f}")),
        written,
        seen: Seen {
            times,
            last: if times == 0 { 0 } else { last },
        },
    });
    prop::collection::vec(entry, 0..160)
}

fn request() -> impl Strategy<Value = Request> {
    let cells = prop_oneof![Just(SCORED), 1..0x400u16];
    (0..SEEDS, 1..90usize, cells, 0..4usize).prop_map(|(seed, size, competencies, written)| {
        Request::Draw {
            seed,
            size,
            competencies,
            written,
        }
    })
}

fn planned(pool: &[Entry], request: &Request) -> Result<Plan, BadCode> {
    let candidates: Vec<Candidate> = pool
        .iter()
        .map(|e| Candidate {
            competency: e.competency,
            facet: &e.facet,
            family: e.family.as_deref(),
            written: e.written,
            seen: e.seen,
        })
        .collect();
    plan(&blueprint(), &candidates, request, BANK)
}

/// Returns a numeric question, one with options to shuffle, or one with numeric options, in turn.
fn written_out(i: usize) -> Question {
    let interaction = match i % 4 {
        0 => numeric(
            "a * b",
            &[("a", &[1.0, 2.0, 3.0]), ("b", &[5.0, 7.0])],
            "ms",
            &[],
        ),
        1 => Interaction::Single(options(&[
            ("one", 1.0),
            ("two", 0.0),
            ("three", 0.0),
            ("four", 0.5),
        ])),
        2 => multiple(options(&[
            ("10", 1.0),
            ("9", 0.0),
            ("100", 1.0),
            ("1k", 0.0),
        ])),
        _ => ordering(&["first", "second", "third", "fourth"]),
    };
    question(&format!("q{i:03}"), "a facet", interaction)
}

/// Freezes the form of a plan for a person who has had these rows of each question.
fn frozen(plan: &Plan, rows_seen: impl Fn(usize) -> Vec<Row>) -> Form {
    let (deck, competency) = (DeckId::new("deck"), CompetencyId::new("c0"));
    let questions: Vec<(Question, Vec<Row>)> = plan
        .picks
        .iter()
        .map(|i| (written_out(*i), rows_seen(*i)))
        .collect();
    let planned: Vec<Planned> = questions
        .iter()
        .map(|(question, rows)| Planned {
            deck: &deck,
            competency: &competency,
            question,
            fresh: rows.is_empty(),
            rows_seen: rows,
        })
        .collect();
    freeze(plan.code.clone(), &planned)
}

/// Returns the requested number of questions of each cell, by the largest-remainder method.
fn wanted(request: &Request) -> BTreeMap<(usize, bool), usize> {
    let Request::Draw {
        size,
        competencies,
        written,
        ..
    } = request
    else {
        unreachable!()
    };
    let cells: Vec<usize> = (0..WEIGHTS.len())
        .filter(|i| competencies >> i & 1 == 1)
        .collect();
    let weights: Vec<u32> = cells.iter().map(|i| WEIGHTS[*i]).collect();
    let shares = |written, n| {
        cells
            .iter()
            .zip(allocate(&weights, n))
            .map(move |(cell, share)| ((*cell, written), share))
    };
    shares(false, *size).chain(shares(true, *written)).collect()
}

/// Returns the unused questions that give no other question away.
fn left_over<'a>(pool: &'a [Entry], picks: &'a [usize]) -> impl Iterator<Item = &'a Entry> {
    let families: BTreeSet<&str> = picks
        .iter()
        .filter_map(|i| pool[*i].family.as_deref())
        .collect();
    let free = move |e: &Entry| e.family.as_deref().is_none_or(|f| !families.contains(f));
    pool.iter()
        .enumerate()
        .filter(|(i, _)| !picks.contains(i))
        .map(|(_, e)| e)
        .filter(move |e| free(e))
}

fn cell(entry: &Entry) -> (usize, bool) {
    (entry.competency, entry.written)
}

#[test]
fn the_shares_of_the_usual_form() {
    assert_eq!(allocate(&WEIGHTS[..8], 40), [4, 4, 7, 6, 7, 3, 5, 4]);
    assert_eq!(
        allocate(&WEIGHTS[..8], 24),
        [3; 8],
        "a score of each competency"
    );
    assert_eq!(allocate(&WEIGHTS[..8], 30), [3, 3, 5, 5, 5, 3, 3, 3]);
    assert_eq!(allocate(&WEIGHTS[..8], 1), [0, 0, 0, 0, 1, 0, 0, 0]);
    assert_eq!(allocate(&[0, 0], 5), [3, 2]);
    assert_eq!(allocate(&[], 0), [0; 0]);
}

proptest! {
    #[test]
    fn shares_sum_up_and_are_near_the_exact_share_or_enough_for_a_score(
        weights in prop::collection::vec(0..100u32, 1..12), n in 0..1000usize,
    ) {
        let shares = allocate(&weights, n);
        // A competency without weight counts as 10.
        let weights: Vec<f64> = weights.iter().map(|w| if *w == 0 { 10.0 } else { f64::from(*w) }).collect();
        let total: f64 = weights.iter().sum();
        prop_assert_eq!(shares.iter().sum::<usize>(), n);
        let for_all = n >= MIN_SCORED * shares.len();
        for (share, weight) in shares.iter().zip(&weights) {
            let exact = n as f64 * weight / total;
            let is_near = (*share as f64 - exact).abs() < 1.0;
            // Only what others need for a score is taken away.
            let gave = for_all && (*share as f64) < exact && *share >= MIN_SCORED;
            let is_least = for_all && *share == MIN_SCORED;
            prop_assert!(is_near || gave || is_least, "{:?} of {:?}", shares, weights);
            prop_assert!(!for_all || *share >= MIN_SCORED, "{:?} of {:?}", shares, weights);
        }
    }

    #[test]
    fn nothing_is_borrowed_and_a_shortage_is_said(pool in pool(true, true), request in request()) {
        let plan = planned(&pool, &request).unwrap();
        let mut there: BTreeMap<(usize, bool), usize> = BTreeMap::new();
        plan.picks.iter().for_each(|i| *there.entry(cell(&pool[*i])).or_default() += 1);
        let wanted = wanted(&request);
        prop_assert!(there.keys().all(|cell| wanted.contains_key(cell)));
        let mut short: Vec<(usize, usize, usize)> =
            plan.short.iter().map(|s| (s.competency, s.wanted, s.there)).collect();
        for (cell_wanted, n) in &wanted {
            let has = there.get(cell_wanted).copied().unwrap_or(0);
            prop_assert!(has <= *n);
            if has < *n {
                let said = short.iter().position(|s| *s == (cell_wanted.0, *n, has));
                prop_assert!(said.is_some(), "{:?} is short of {} and nobody says so", cell_wanted, n);
                short.remove(said.unwrap());
                prop_assert!(left_over(&pool, &plan.picks).all(|e| cell(e) != *cell_wanted));
            }
        }
        prop_assert!(short.is_empty(), "no shortage: {:?}", short);
    }

    #[test]
    fn a_question_is_asked_once_and_with_none_of_its_family(pool in pool(true, true), request in request()) {
        let plan = planned(&pool, &request).unwrap();
        prop_assert_eq!(plan.picks.iter().collect::<BTreeSet<_>>().len(), plan.picks.len());
        let families: Vec<&str> = plan.picks.iter().filter_map(|i| pool[*i].family.as_deref()).collect();
        prop_assert_eq!(families.iter().collect::<BTreeSet<_>>().len(), families.len());
        // Open questions take longest and come last.
        prop_assert!(plan.picks.is_sorted_by_key(|i| pool[*i].written));
    }

    #[test]
    fn what_was_seen_less_often_comes_first(pool in pool(true, true), request in request()) {
        let plan = planned(&pool, &request).unwrap();
        for pick in plan.picks.iter().map(|i| &pool[*i]) {
            // A family that was free at the time of this choice may be used by now, so only the rest can be checked.
            for left in left_over(&pool, &plan.picks).filter(|e| cell(e) == cell(pick)) {
                prop_assert!(pick.seen.times <= left.seen.times, "{:?} before {:?}", pick, left);
            }
        }
    }

    #[test]
    fn of_equally_often_seen_ones_the_longest_ago_comes_first(pool in pool(false, true), request in request()) {
        let plan = planned(&pool, &request).unwrap();
        let same = |a: &Entry, b: &Entry| a.facet == b.facet && cell(a) == cell(b) && a.seen.times == b.seen.times;
        for pick in plan.picks.iter().map(|i| &pool[*i]) {
            for left in left_over(&pool, &plan.picks).filter(|e| same(e, pick)) {
                prop_assert!(pick.seen.last <= left.seen.last, "{:?} before {:?}", pick, left);
            }
        }
    }

    #[test]
    fn facets_are_spread_evenly_while_everything_is_new(pool in pool(false, false), mut request in request()) {
        let Request::Draw { written, .. } = &mut request else { unreachable!() };
        *written = 0;
        let plan = planned(&pool, &request).unwrap();
        let mut asked: BTreeMap<&str, usize> = BTreeMap::new();
        plan.picks.iter().for_each(|i| *asked.entry(&pool[*i].facet).or_default() += 1);
        for left in left_over(&pool, &plan.picks).filter(|e| !e.written) {
            let here = asked.get(left.facet.as_str()).copied().unwrap_or(0);
            for pick in plan.picks.iter().map(|i| &pool[*i]).filter(|e| cell(e) == cell(left)) {
                prop_assert!(asked[pick.facet.as_str()] <= here + 1, "{} has {}, {} has {}",
                    pick.facet, asked[pick.facet.as_str()], left.facet, here);
            }
        }
    }

    #[test]
    fn a_code_gives_the_same_form_to_somebody_with_another_history(
        pool in pool(true, true), request in request(), others in prop::collection::vec((0..4u32, 1..50u64), 160),
        rows in prop::collection::vec(0..6u32, 0..6), other_rows in prop::collection::vec(0..6u32, 0..6),
    ) {
        let drawn = planned(&pool, &request).unwrap();
        let form = frozen(&drawn, |i| rows.iter().map(|row| Row((row + i as u32) % 6)).collect());

        let mut other = pool.clone();
        other.iter_mut().zip(others).for_each(|(e, (times, last))| e.seen = Seen { times, last });
        let repeated = planned(&other, &Request::Repeat(Code::parse(&form.code).unwrap())).unwrap();
        prop_assert_eq!(&repeated.short, &drawn.short);
        let mut again = frozen(&repeated, |_| other_rows.iter().map(|row| Row(*row)).collect());
        // Whether a question is new depends on the person and is not part of the form.
        again.items.iter_mut().zip(&form.items).for_each(|(again, item)| again.fresh = item.fresh);
        prop_assert_eq!(again, form);
    }

    #[test]
    fn a_code_that_was_made_up_gives_some_form_or_a_reason(
        pool in pool(true, true), digits in "[0-9A-HJKMNP-TV-Z]{6,40}",
    ) {
        if let Ok(code) = Code::parse(&digits)
            && let Ok(plan) = planned(&pool, &Request::Repeat(code))
        {
            prop_assert!(plan.picks.iter().all(|i| *i < pool.len()));
            frozen(&plan, |_| Vec::new());
        }
    }

    #[test]
    fn a_row_of_numbers_is_new_while_there_is_a_new_one(seed in 0..SEEDS, seen in prop::collection::btree_set(0..6u32, 0..6)) {
        let plan = Plan { code: Code::new(seed, 1, SCORED, 0, BANK), picks: vec![0], short: Vec::new() };
        let row = frozen(&plan, |_| seen.iter().map(|row| Row(*row)).collect()).items[0].row;
        prop_assert!(row.0 < 6 && (seen.len() == 6 || !seen.contains(&row.0)), "{:?} of {:?}", row, seen);
    }
}

/// Twelve questions per competency, three per facet like in the built-in decks; three of them are open.
fn large_pool() -> Vec<Entry> {
    let entry = |i: usize| Entry {
        competency: i / 12,
        facet: format!("c{}-f{}", i / 12, i % 12 / 3),
        family: (i % 12 == 4 || i % 12 == 7).then(|| format!("family {}", i / 12)),
        written: i % 40 == 11,
        seen: Seen::default(),
    };
    (0..120).map(entry).collect()
}

#[test]
fn the_code_of_other_decks_is_refused() {
    let drawn = planned(
        &large_pool(),
        &Request::Draw {
            seed: 1,
            size: 24,
            competencies: SCORED,
            written: 0,
        },
    )
    .unwrap();
    let code = Code::parse(&drawn.code.to_string()).unwrap();
    let candidates: Vec<Candidate> = Vec::new();
    let refused = |edition, check| {
        let (bank, request) = (BankId { edition, check }, Request::Repeat(code.clone()));
        plan(&blueprint(), &candidates, &request, bank).unwrap_err()
    };
    assert_eq!(refused(2, BANK.check + 1), BadCode::OtherDecks);
    assert_eq!(
        refused(3, BANK.check),
        BadCode::EarlierEdition {
            code: BANK.edition,
            decks: 3
        }
    );
    assert_eq!(
        refused(3, BANK.check + 1),
        BadCode::EarlierEdition {
            code: BANK.edition,
            decks: 3
        }
    );
    // Decks of the user alone have no edition.
    assert_eq!(refused(1, BANK.check), BadCode::OtherDecks);
}

#[test]
fn a_code_of_a_later_edition_says_so() {
    let request = Request::Draw {
        seed: 1,
        size: 24,
        competencies: SCORED,
        written: 0,
    };
    let drawn = |edition| {
        let bank = BankId { edition, ..BANK };
        plan(&blueprint(), &[], &request, bank).unwrap().code
    };
    let code = Code::parse(&drawn(4).to_string()).unwrap();
    assert_eq!(
        plan(&blueprint(), &[], &Request::Repeat(code), BANK).unwrap_err(),
        BadCode::LaterEdition {
            code: 4,
            decks: BANK.edition
        }
    );
    assert!(!drawn(1).to_string().contains('.'));
}

#[test]
fn a_code_that_passes_over_more_questions_than_there_are_is_refused() {
    let mut pool = large_pool();
    // A person who has seen nearly everything gets the questions that would come last.
    pool.iter_mut()
        .filter(|e| e.facet.ends_with("f0"))
        .for_each(|e| e.seen = Seen { times: 1, last: 1 });
    let request = Request::Draw {
        seed: 1,
        size: 24,
        competencies: SCORED,
        written: 0,
    };
    let code = Code::parse(&planned(&pool, &request).unwrap().code.to_string()).unwrap();
    pool.retain(|e| e.facet.ends_with("f1"));
    assert_eq!(
        planned(&pool, &Request::Repeat(code)).unwrap_err(),
        BadCode::OtherDecks
    );
}

/// A seed gives the same form forever, because printed codes outlive versions of the program.
#[test]
fn this_form_is_frozen() {
    let mut pool = large_pool();
    pool[48..51]
        .iter_mut()
        .for_each(|e| e.seen = Seen { times: 2, last: 5 });
    let request = Request::Draw {
        seed: 123_456,
        size: 16,
        competencies: SCORED,
        written: 1,
    };
    let form = frozen(&planned(&pool, &request).unwrap(), |_| {
        vec![Row(0), Row(1), Row(2)]
    });
    let order = |order: &[ChoiceId]| order.iter().map(|id| id.0.to_string()).collect::<String>();
    let lines: Vec<String> = form
        .items
        .iter()
        .map(|item| {
            format!(
                "{} row {} {}",
                item.question,
                item.row.0,
                order(&item.order)
            )
        })
        .collect();
    assert_eq!(form.code, "VRJ-0N5-0G7-Z1M-21G-0.2");
    assert_eq!(
        lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>(),
        [
            "q074 row 0 1023",
            "q044 row 5",
            "q009 row 0 2031",
            "q086 row 0 1023",
            "q019 row 0 3120",
            "q075 row 0 3210",
            "q003 row 0 2103",
            "q031 row 0 1230",
            "q029 row 0 1302",
            "q054 row 0 1023",
            "q041 row 0 3021",
            "q025 row 0 1203",
            "q093 row 0 2013",
            "q057 row 0 3102",
            "q053 row 0 3210",
            "q064 row 3",
            "q051 row 0 3021"
        ]
    );
}
