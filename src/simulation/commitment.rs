//! Reserved capacity next to capacity on demand.

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::construct::{Candidate, ask, number, steps, texts, whole};
use super::{Bounds, Model, Situation, attempts, between, pick, table};
use crate::core::question::Kind;
use crate::core::rng::Stream;

/// The hours of a day and of a month.
const DAY: i64 = 24;
const MONTH: i64 = 720;

pub const COMMITMENT: Model = Model {
    name: "commitment",
    version: 3,
    summary: "Units that are reserved and paid for every hour, and units on demand for the rest.",
    rules: &[
        "A reserved unit is paid for every hour, used or not; everything above the reserved units \
         runs on demand and is paid for per hour used.",
        "Only whole units can be reserved.",
    ],
    rivals: &["Ties between two numbers of units are rejected."],
    asks: &[
        ask(
            "cheapest",
            &[Kind::Numeric, Kind::Single],
            &["reserved", "demand"],
            "The cheapest number of reserved units.",
        ),
        ask(
            "cost",
            &[Kind::Numeric, Kind::Single],
            &["reserved", "demand", "units"],
            "The cost of a day with a number of reserved units.",
        ),
        ask(
            "break-even",
            &[Kind::Numeric, Kind::Single],
            &["reserved", "demand", "fee"],
            "The fewest hours a month for which a reservation is strictly cheaper.",
        ),
    ],
    bounds: &[whole(
        "periods",
        (3, 8),
        (5, 5),
        "The number of periods of a day.",
    )],
    draw,
};

/// The use of a day and the prices of a unit and hour, in cents.
struct Day {
    /// Hours and units of each period.
    periods: Vec<(i64, i64)>,
    reserved: i64,
    demand: i64,
}

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    // Drawn once, so that rejected draws don't make one class of answers more likely.
    let class = random.below(2520) as usize;
    attempts(600, random, |random| {
        let demand = between(9, 40, random);
        let reserved = demand * between(45, 80, random) / 100;
        let periods = draw_periods(bounds.number("periods", random), random)?;
        match ask {
            "cheapest" => cheapest(&priced(periods, class, random)?),
            "cost" => cost(
                &Day {
                    periods,
                    reserved,
                    demand,
                },
                random,
            ),
            "break-even" => break_even(reserved, demand, class, random),
            _ => None,
        }
    })
}

/// Draws prices at which each of the levels of use is the cheapest equally often, also the lowest
/// and the highest.
fn priced(periods: Vec<(i64, i64)>, class: usize, random: &mut Stream) -> Option<Day> {
    let mut levels = periods.clone();
    levels.sort_unstable_by_key(|&(_, units)| units);
    let key = class % levels.len();
    let hours_from = |level: usize| levels[level..].iter().map(|(hours, _)| hours).sum::<i64>();
    let demand = between(20, 60, random);
    // The reserved price lies between what the hours of this level and of the next one cost.
    let (from, to) = (
        (hours_from(key + 1) * demand / DAY + 1).max(demand / 6),
        (hours_from(key) * demand - 1) / DAY,
    );
    (from <= to).then(|| Day {
        periods,
        reserved: between(from, to, random),
        demand,
    })
}

/// Draws periods of 2 hours or more that differ in their units and add up to a day.
fn draw_periods(count: i64, random: &mut Stream) -> Option<Vec<(i64, i64)>> {
    let mut hours = vec![2; count as usize];
    for _ in 0..DAY - 2 * count {
        hours[random.below(count as u64) as usize] += 1;
    }
    let base = between(3, 20, random);
    let mut units: Vec<i64> = hours
        .iter()
        .map(|_| base + between(0, 24, random))
        .collect();
    let periods: Vec<(i64, i64)> = hours.into_iter().zip(units.iter().copied()).collect();
    units.sort_unstable();
    units.dedup();
    (units.len() == count as usize).then_some(periods)
}

/// Returns the hours in which at least `unit` units are used.
fn hours_of(day: &Day, unit: i64) -> i64 {
    day.periods
        .iter()
        .filter(|p| p.1 >= unit)
        .map(|p| p.0)
        .sum()
}

/// Returns the cost of a day with `units` reserved units, in cents.
fn daily_cost(day: &Day, units: i64) -> i64 {
    let rest: i64 = day
        .periods
        .iter()
        .map(|&(hours, used)| hours * (used - units).max(0))
        .sum();
    DAY * units * day.reserved + rest * day.demand
}

fn unit_hours(day: &Day) -> i64 {
    day.periods.iter().map(|(hours, units)| hours * units).sum()
}

fn situation(day: &Day, asked: Value) -> Situation {
    let mut from = 0;
    let mut rows = Vec::new();
    for &(hours, units) in &day.periods {
        rows.push(vec![
            format!("{from:02}:00-{:02}:00", from + hours),
            hours.to_string(),
            units.to_string(),
        ]);
        from += hours;
    }
    let period = |&(hours, units): &(i64, i64)| json!({"hours": hours, "units": units});
    Situation {
        scenario: json!({
            "periods": day.periods.iter().map(period).collect::<Vec<_>>(),
            "reserved-cents-per-unit-and-hour": day.reserved,
            "on-demand-cents-per-unit-and-hour": day.demand,
            "asked": asked,
        }),
        figures: vec![table(
            "The units in use during a day.",
            &["time", "hours", "units used"],
            rows,
            &[1, 2],
        )],
        texts: texts([
            ("reserved", day.reserved.to_string()),
            ("demand", day.demand.to_string()),
        ]),
        outcome: crate::core::instance::Outcome::Order { steps: Vec::new() },
        steps: Vec::new(),
        solved: Vec::new(),
    }
}

/// Returns a quotient rounded to the nearest whole number.
fn rounded(number: i64, by: i64) -> i64 {
    (2 * number + by) / (2 * by)
}

/// Returns the units of the longest period, if only one period is the longest.
fn the_longest(day: &Day) -> Option<i64> {
    let most = day.periods.iter().map(|p| p.0).max()?;
    let mut longest = day.periods.iter().filter(|p| p.0 == most);
    let first = longest.next()?;
    longest.next().is_none().then_some(first.1)
}

/// Asks for the number of reserved units with which a day costs least.
fn cheapest(day: &Day) -> Option<Situation> {
    let most = day.periods.iter().map(|p| p.1).max()?;
    let costs: Vec<i64> = (0..=most).map(|units| daily_cost(day, units)).collect();
    let best = *costs.iter().min()?;
    let key = costs.iter().position(|&cost| cost == best)? as i64;
    let ties = costs.iter().filter(|&&cost| cost == best).count();
    if ties != 1 {
        return None;
    }
    let mut levels: Vec<i64> = day.periods.iter().map(|p| p.1).collect();
    levels.sort_unstable();
    let mut s = situation(day, json!("cheapest number of reserved units"));
    let needed = DAY * day.reserved;
    let mut lines = vec![format!(
        "A reserved unit costs 24 x {} = {needed} cents a day, as much as {needed} / {} = {:.2} hours on demand.",
        day.reserved,
        day.demand,
        needed as f64 / day.demand as f64
    )];
    for &units in &levels {
        let hours = hours_of(day, units);
        let verdict = if hours * day.demand > needed {
            "reserve"
        } else {
            "don't reserve"
        };
        lines.push(format!(
            "At least {units} units are used for {hours} h: {verdict} them."
        ));
    }
    lines.push(format!("The highest level that pays off is {key}."));
    s.outcome = number(key, "units", wrong_reservations(day)?)?;
    s.steps = steps(lines);
    Some(s)
}

/// Returns the numbers of units that wrong rules reserve; `None` if a rule reserves none.
fn wrong_reservations(day: &Day) -> Option<Vec<Candidate<'static>>> {
    let most = day.periods.iter().map(|p| p.1).max()?;
    let least = day.periods.iter().map(|p| p.1).min()?;
    // The highest level of use whose hours pay for a reservation.
    let highest = |pays: &dyn Fn(i64) -> bool| {
        let levels = day.periods.iter().map(|p| p.1);
        levels.filter(|&units| pays(hours_of(day, units))).max()
    };
    let mut candidates = vec![
        (
            least,
            "Only what is always used is worth a reservation.",
            "Reserves the least that is used, but units that run most of the day pay off too."
                .to_owned(),
        ),
        (
            most,
            "Reserved is cheaper per hour, so all units are reserved.",
            "Reserves the most that is used, and pays for idle hours.".to_owned(),
        ),
        (
            rounded(unit_hours(day), DAY),
            "The mean use is reserved.",
            format!(
                "Reserves the mean, {} unit hours in {DAY} hours, whatever the prices are.",
                unit_hours(day)
            ),
        ),
        (
            rounded(most * day.reserved, day.demand),
            "The share of the price is the share of the peak.",
            "Multiplies the peak by the ratio of the prices.".to_owned(),
        ),
        (
            highest(&|hours| 2 * hours >= DAY)?,
            "A unit pays off if it is used for half of the day.",
            "Reserves what is used for 12 hours or more, whatever the prices are.".to_owned(),
        ),
        (
            highest(&|hours| hours * day.demand > DAY * (day.demand - day.reserved))?,
            "The discount is the share of the day for which a unit must be used.",
            format!(
                "Takes {} of {} cents as the share of the day.",
                day.demand - day.reserved,
                day.demand
            ),
        ),
        (
            rounded(most + least, 2),
            "Half-way between the least and the most is a good compromise.",
            "Takes the middle between the least and the most.".to_owned(),
        ),
    ];
    candidates.extend(the_longest(day).map(|units| {
        let why = "Looks at the longest period instead of the hours above each level.";
        (
            units,
            "The use of the longest period is reserved.",
            why.to_owned(),
        )
    }));
    Some(candidates)
}

fn cost(day: &Day, random: &mut Stream) -> Option<Situation> {
    let most = day.periods.iter().map(|p| p.1).max()?;
    let least = day.periods.iter().map(|p| p.1).min()?;
    let units = between(least + 1, most - 1, random);
    let key = daily_cost(day, units);
    let above: i64 = day
        .periods
        .iter()
        .map(|&(hours, used)| hours * (used - units).max(0))
        .sum();
    let below: i64 = day
        .periods
        .iter()
        .map(|&(hours, used)| hours * used.min(units))
        .sum();
    let idle = DAY * units - below;
    let candidates = vec![
        (
            below * day.reserved + above * day.demand,
            "A reserved unit is paid for only while it is used.",
            format!("Leaves out {idle} idle unit hours of the reserved units."),
        ),
        (
            DAY * units * day.reserved,
            "Reserved units cover the whole use.",
            format!("Leaves out the {above} unit hours above {units}."),
        ),
        (
            unit_hours(day) * day.demand,
            "Everything is paid on demand.",
            "Takes the price on demand for all unit hours.".to_owned(),
        ),
        (
            unit_hours(day) * day.reserved,
            "Everything is paid at the reserved price.",
            "Takes the reserved price for all unit hours.".to_owned(),
        ),
        (
            DAY * units * day.reserved + DAY * (most - units) * day.demand,
            "The peak is paid all day.",
            "Pays for the peak above the reserved units in every hour.".to_owned(),
        ),
        (
            DAY * units * day.reserved + unit_hours(day) * day.demand,
            "Reserved hours are paid on top of the use.",
            "Pays for all unit hours on demand as well.".to_owned(),
        ),
        (
            DAY * units * day.reserved + (above - idle).max(0) * day.demand,
            "Idle reserved hours are set off against the peak.",
            "Uses idle hours of one period in another one.".to_owned(),
        ),
    ];
    if above == 0 || idle == 0 {
        return None;
    }
    let mut s = situation(day, json!({"cost-of-a-day-with-reserved": units}));
    s.texts.extend(texts([("units", units.to_string())]));
    s.outcome = number(key, "cents", candidates)?;
    let mut lines = vec![format!(
        "Reserved: 24 x {units} x {} = {} cents.",
        day.reserved,
        DAY * units * day.reserved
    )];
    for &(hours, used) in day.periods.iter().filter(|p| p.1 > units) {
        lines.push(format!(
            "{used} units for {hours} h: {} more than reserved, {} unit hours.",
            used - units,
            hours * (used - units)
        ));
    }
    lines.push(format!(
        "On demand: {above} x {} = {} cents. Together {key} cents.",
        day.demand,
        above * day.demand
    ));
    s.steps = steps(lines);
    Some(s)
}

/// Asks for the fewest hours of use in a month for which a reservation is cheaper.
fn break_even(reserved: i64, demand: i64, class: usize, random: &mut Stream) -> Option<Situation> {
    let fee = pick(&[200, 300, 400, 500, 600, 900], random);
    let monthly = MONTH * reserved + fee;
    let key = monthly / demand + 1;
    // In a quarter of the draws the costs can be equal, which isn't cheaper.
    let is_tie = monthly % demand == 0;
    if !(60..MONTH - 20).contains(&key) || is_tie != class.is_multiple_of(4) {
        return None;
    }
    let rows = vec![
        vec![
            "reserved, every hour".to_owned(),
            format!("{reserved} cents/h"),
        ],
        vec!["reserved, fee per month".to_owned(), format!("{fee} cents")],
        vec![
            "on demand, hour used".to_owned(),
            format!("{demand} cents/h"),
        ],
    ];
    Some(Situation {
        scenario: json!({
            "hours-of-the-month": MONTH,
            "reserved-cents-per-hour": reserved,
            "fee-cents-per-month": fee,
            "on-demand-cents-per-hour": demand,
            "asked": "fewest whole hours used for which reserved is strictly cheaper",
        }),
        figures: vec![table(
            "The prices of a unit.",
            &["price", "value"],
            rows,
            &[1],
        )],
        texts: texts([
            ("reserved", reserved.to_string()),
            ("demand", demand.to_string()),
            ("fee", fee.to_string()),
        ]),
        outcome: number(key, "hours", wrong_break_evens(reserved, demand, fee))?,
        steps: steps(vec![
            format!(
                "A reserved unit costs {MONTH} x {reserved} + {fee} = {monthly} cents a month, used or not."
            ),
            format!(
                "On demand, {} hours cost {} cents, which is {}, and {key} hours cost {}, which is more.",
                key - 1,
                (key - 1) * demand,
                if is_tie { "as much" } else { "less" },
                key * demand
            ),
        ]),
        solved: Vec::new(),
    })
}

/// Returns the numbers of hours that wrong rules give for the break-even.
fn wrong_break_evens(reserved: i64, demand: i64, fee: i64) -> Vec<Candidate<'static>> {
    let monthly = MONTH * reserved + fee;
    let is_tie = monthly % demand == 0;
    vec![
        (
            MONTH * reserved / demand + 1,
            "The fee of the month doesn't count.",
            format!("Leaves out the fee of {fee} cents."),
        ),
        (
            monthly / demand,
            match is_tie {
                true => "An equal cost is cheaper.",
                false => "The number of hours is rounded down.",
            },
            match is_tie {
                true => "Both cost the same then.".to_owned(),
                false => "Rounds down; on demand is still cheaper then.".to_owned(),
            },
        ),
        (
            MONTH / 2,
            "A reservation pays off from half of the time.",
            "Ignores the prices.".to_owned(),
        ),
        (
            fee / (demand - reserved).max(1) + 1,
            "A reservation is paid only for the hours used.",
            "Divides the fee by the difference of the prices, as if unused hours were free."
                .to_owned(),
        ),
        (
            MONTH,
            "A reservation pays off only if it is used all the time.",
            "Is every hour of the month.".to_owned(),
        ),
        (
            (MONTH * reserved + 2 * fee) / demand + 1,
            "The fee is paid on both sides.",
            "Counts the fee twice.".to_owned(),
        ),
        (
            MONTH * (demand - reserved) / demand + 1,
            "The discount is the share of hours that must be used.",
            "Takes the discount instead of the price.".to_owned(),
        ),
    ]
}
