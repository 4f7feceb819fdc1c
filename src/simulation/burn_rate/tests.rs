use serde_json::Value;

use super::{BURN_RATE, SLIPS, Slip};
use crate::core::instance::Instance;
use crate::core::question::Kind;
use crate::simulation::contract;
use crate::simulation::draws::{
    exactly, instances, int, misconceptions, number, numbers, options, word,
};

#[test]
fn the_contract_holds() {
    let large = [
        ("buckets", exactly(12)),
        ("long", exactly(6)),
        ("short", exactly(2)),
        ("traffic", word("uneven")),
    ];
    contract::holds(&BURN_RATE, "fires", Kind::Single, &[]);
    contract::holds(&BURN_RATE, "fires", Kind::Single, &large);
    contract::holds(&BURN_RATE, "ends", Kind::Single, &[("buckets", exactly(9))]);
    contract::holds(&BURN_RATE, "budget", Kind::Numeric, &[]);
    contract::holds(&BURN_RATE, "fewest", Kind::Numeric, &[]);
    contract::holds(&BURN_RATE, "fewest", Kind::Numeric, &large);
}

/// Returns after which buckets the alert fires, with the past as buckets of its own.
fn firing(scenario: &Value, errors: &[i64]) -> Vec<bool> {
    let past = 20;
    let usual = int(&scenario["past"]["requests-per-bucket"]);
    let mut requests = vec![usual; past];
    requests.extend(numbers(&scenario["requests"]));
    let mut all = vec![0; past];
    all.extend(errors);
    let objective = int(&scenario["allowed-errors-per-100000"]) as f64 / 100_000.0;
    let factor = int(&scenario["factor"]) as f64;
    let windows = ["long-window-buckets", "short-window-buckets"];
    let is_above = |end: usize, name: &str| {
        let from = end - int(&scenario[name]) as usize;
        let errors: i64 = all[from..end].iter().sum();
        let total: i64 = requests[from..end].iter().sum();
        errors as f64 / total as f64 / objective > factor
    };
    (past + 1..=all.len())
        .map(|end| windows.iter().all(|name| is_above(end, name)))
        .collect()
}

/// The windows after a bucket, each as whether its burn rate is above the factor.
struct Burn {
    long: bool,
    short: bool,
    /// The long and the short window without the buckets before the figure.
    shown: bool,
    /// The bucket alone.
    own: bool,
    errors: i64,
}

/// Returns what the burn rates are after each bucket, summed up anew from the scenario.
fn burns(scenario: &Value) -> Vec<Burn> {
    let (requests, errors) = (numbers(&scenario["requests"]), numbers(&scenario["errors"]));
    let usual = int(&scenario["past"]["requests-per-bucket"]) as f64;
    let objective = int(&scenario["allowed-errors-per-100000"]) as f64 / 100_000.0;
    let factor = int(&scenario["factor"]) as f64;
    let is_above = |end: usize, length: usize, with_past: bool| {
        let first = end.saturating_sub(length);
        let past = if with_past {
            length.saturating_sub(end)
        } else {
            0
        };
        let failed: i64 = errors[first..end].iter().sum();
        let all: i64 = requests[first..end].iter().sum();
        failed as f64 / (all as f64 + past as f64 * usual) / objective > factor
    };
    let long = int(&scenario["long-window-buckets"]) as usize;
    let short = int(&scenario["short-window-buckets"]) as usize;
    (1..=errors.len())
        .map(|end| Burn {
            long: is_above(end, long, true),
            short: is_above(end, short, true),
            shown: is_above(end, long, false) && is_above(end, short, false),
            own: is_above(end, 1, true),
            errors: errors[end - 1],
        })
        .collect()
}

/// Returns the bucket after which the alert changes if `text` were true.
fn followed(text: &str, scenario: &Value) -> Option<usize> {
    let burns = burns(scenario);
    let fires = |burn: &Burn| burn.long && burn.short;
    let start = burns.iter().position(fires).unwrap();
    let long = int(&scenario["long-window-buckets"]) as usize;
    let after = |at: usize, n: usize| at.checked_sub(n).map(|at| &burns[at]);
    let first = |holds: &dyn Fn(usize) -> bool| (0..burns.len()).find(|&at| holds(at));
    let end = |holds: &dyn Fn(usize) -> bool| (start + 1..burns.len()).find(|&at| holds(at));
    let last_long = |at: usize| (at + 1 >= long).then(|| &burns[at + 1 - long..=at]);
    let at = match text {
        "The short window alone makes it fire." => first(&|at| burns[at].short),
        "The long window alone makes it fire." => first(&|at| burns[at].long),
        "It fires when one of the windows is above the factor." => {
            first(&|at| burns[at].long || burns[at].short)
        }
        "A window has only the buckets of the figure." => first(&|at| burns[at].shown),
        "Both windows must be above the factor twice in a row." => {
            first(&|at| fires(&burns[at]) && after(at, 1).is_some_and(fires))
        }
        "It fires after the first bucket that is itself above the factor." => {
            first(&|at| burns[at].own)
        }
        "Each bucket of the long window must be above the factor." => {
            first(&|at| last_long(at).is_some_and(|all| all.iter().all(|burn| burn.own)))
        }
        "It fires as soon as the errors rise." => {
            first(&|at| after(at, 1).is_some_and(|before| before.errors < burns[at].errors))
        }
        "It ends when the short window is below the factor." => end(&|at| !burns[at].short),
        "The short window alone makes it fire and ends it." => {
            let start = first(&|at| burns[at].short).unwrap();
            (start + 1..burns.len()).find(|&at| !burns[at].short)
        }
        "It ends when the long window is below the factor." => end(&|at| !burns[at].long),
        "It ends when both windows are below the factor." => {
            end(&|at| !burns[at].long && !burns[at].short)
        }
        "It ends when it would not fire twice in a row." => {
            end(&|at| at > start + 1 && !fires(&burns[at]) && !fires(&burns[at - 1]))
        }
        "It ends after the first bucket that is itself below the factor." => {
            end(&|at| !burns[at].own)
        }
        "Each bucket of the long window must be below the factor." => {
            end(&|at| last_long(at).is_some_and(|all| all.iter().all(|burn| !burn.own)))
        }
        "It ends as soon as the errors fall." => end(&|at| burns[at].errors < burns[at - 1].errors),
        other => panic!("unknown: {other}"),
    };
    at.map(|at| at + 1)
}

#[test]
fn each_misconception_about_the_alert_leads_to_its_bucket() {
    let large = [
        ("buckets", exactly(12)),
        ("long", exactly(6)),
        ("short", exactly(2)),
    ];
    let longer = [("buckets", exactly(9))];
    for (ask, given) in [("fires", &large[..]), ("fires", &[]), ("ends", &longer)] {
        let (mut named, mut wrong) = (0, 0);
        for drawn in instances(&BURN_RATE, ask, Kind::Single, given)
            .iter()
            .take(500)
        {
            for (bucket, text) in misconceptions(drawn) {
                wrong += 1;
                if text != super::NO_SLIP {
                    named += 1;
                    let led = followed(&text, &drawn.scenario);
                    assert_eq!(
                        led.map(|end| format!("after bucket {end}")),
                        Some(bucket),
                        "{text}"
                    );
                }
            }
        }
        assert!(
            3 * named > wrong,
            "{ask}: only {named} of {wrong} have a misconception"
        );
    }
}

#[test]
fn each_misconception_about_the_fewest_errors_leads_to_its_number() {
    for drawn in instances(&BURN_RATE, "fewest", Kind::Numeric, &[])
        .iter()
        .take(500)
    {
        let s = &drawn.scenario;
        let known = numbers(&s["errors"]);
        let (long, short) = (
            int(&s["long-window-buckets"]) as usize,
            int(&s["short-window-buckets"]) as usize,
        );
        let requests = |length: usize| {
            let all = numbers(&s["requests"]);
            let past = length.saturating_sub(all.len()) as i64;
            let shown: i64 = all[all.len() - length.min(all.len())..].iter().sum();
            shown + past * int(&s["past"]["requests-per-bucket"])
        };
        let earlier = |length: usize| -> i64 {
            known[known.len() - (length - 1).min(known.len())..]
                .iter()
                .sum()
        };
        let above = |factor: i64, length: usize, earlier: i64| {
            let per = int(&s["allowed-errors-per-100000"]) * factor;
            (0..)
                .find(|n| (n + earlier) * 100_000 > requests(length) * per)
                .unwrap()
        };
        let factor = int(&s["factor"]);
        let both =
            |factor| above(factor, long, earlier(long)).max(above(factor, short, earlier(short)));
        for (value, text) in misconceptions(drawn) {
            let led = match text.as_str() {
                "One window above the factor is enough." => {
                    above(factor, long, earlier(long)).min(above(factor, short, earlier(short)))
                }
                "Earlier errors of the long window don't count." => above(factor, long, 0),
                "The alert looks at the last bucket alone." => above(factor, 1, 0),
                "The number of errors is rounded down." => both(factor) - 1,
                "Only the short window counts, and its earlier errors don't." => {
                    above(factor, short, 0)
                }
                "Only errors above the allowed share count for the burn rate." => both(factor + 1),
                "Earlier errors raise the threshold of the long window." => {
                    above(factor, long, -earlier(long))
                }
                other => panic!("unknown: {other}"),
            };
            assert_eq!(led.to_string(), value, "{text} {s}");
        }
    }
}

#[test]
fn alerts_agree_with_sums_over_a_longer_list() {
    for drawn in instances(&BURN_RATE, "fires", Kind::Single, &[]) {
        let firing = firing(&drawn.scenario, &numbers(&drawn.scenario["errors"]));
        let first = firing.iter().position(|&fires| fires).unwrap() + 1;
        assert!(
            options(&drawn).contains(&(format!("after bucket {first}"), true)),
            "{}",
            drawn.scenario
        );
    }
    for drawn in instances(&BURN_RATE, "ends", Kind::Single, &[("buckets", exactly(9))]) {
        let firing = firing(&drawn.scenario, &numbers(&drawn.scenario["errors"]));
        let first = firing.iter().position(|&fires| fires).unwrap();
        let end = first + firing[first..].iter().position(|&fires| !fires).unwrap() + 1;
        assert!(
            options(&drawn).contains(&(format!("after bucket {end}"), true)),
            "{}",
            drawn.scenario
        );
    }
    for drawn in instances(&BURN_RATE, "fewest", Kind::Numeric, &[])
        .iter()
        .take(300)
    {
        let known = numbers(&drawn.scenario["errors"]);
        let fires = |errors: &i64| {
            let all: Vec<i64> = known.iter().copied().chain([*errors]).collect();
            firing(&drawn.scenario, &all).last() == Some(&true)
        };
        assert_eq!(
            (0..100_000).find(fires),
            Some(number(drawn)),
            "{}",
            drawn.scenario
        );
    }
    for drawn in instances(&BURN_RATE, "budget", Kind::Numeric, &[]) {
        let asked = &drawn.scenario["asked"];
        let month = int(&asked["budget-left-of-month-with-requests"]);
        let allowed = int(&drawn.scenario["allowed-errors-per-100000"]);
        let used: i64 = numbers(&drawn.scenario["errors"]).iter().sum();
        let left = month * allowed / 100_000 - int(&asked["errors-before"]) - used;
        assert_eq!(left, number(&drawn), "{}", drawn.scenario);
    }
}

#[test]
fn each_window_often_decides_when_the_alert_fires() {
    let drawn = instances(&BURN_RATE, "fires", Kind::Single, &[]);
    let first = |burns: &[Burn], fires: fn(&Burn) -> bool| burns.iter().position(fires);
    let decided = |alone: fn(&Burn) -> bool| {
        let differs = |instance: &&Instance| {
            let burns = burns(&instance.scenario);
            first(&burns, alone) != first(&burns, |burn| burn.long && burn.short)
        };
        drawn.iter().filter(differs).count()
    };
    let (long, short) = (decided(|burn| burn.long), decided(|burn| burn.short));
    assert!(
        long * 5 > drawn.len() * 2,
        "the short window decides in {long} draws"
    );
    assert!(
        short * 5 > drawn.len() * 2,
        "the long window decides in {short} draws"
    );
}

#[test]
fn each_window_often_decides_when_the_alert_ends() {
    let given = [("buckets", exactly(9)), ("long", exactly(4))];
    for given in [&given[..], &given[..1]] {
        let drawn = instances(&BURN_RATE, "ends", Kind::Single, given);
        let mut led = [0; SLIPS.len()];
        let mut from_start = [0; 6];
        for instance in &drawn {
            let right = options(instance).into_iter().find(|option| option.1);
            let right = right.unwrap().0;
            let all = burns(&instance.scenario);
            let start = all.iter().position(|burn| burn.long && burn.short).unwrap() + 1;
            for (slip, count) in SLIPS.iter().zip(&mut led) {
                if *slip != Slip::NoPast {
                    let end = followed(slip.text(false), &instance.scenario);
                    let text = end.map(|end| format!("after bucket {end}"));
                    *count += usize::from(text.as_ref() == Some(&right));
                }
            }
            for (later, count) in from_start.iter_mut().enumerate() {
                *count += usize::from(right == format!("after bucket {}", start + later));
            }
        }
        let percent = led.map(|count| 100 * count / drawn.len());
        assert!(
            percent.iter().all(|p| *p <= 60),
            "{given:?} {percent:?} {from_start:?}"
        );
        let most = from_start.iter().max().unwrap() * 100 / drawn.len();
        // A long window of three buckets can end it after one bucket only.
        assert!(most <= 45 || given.len() == 1, "{from_start:?}");
    }
}
