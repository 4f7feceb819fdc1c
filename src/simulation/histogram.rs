//! Latency histograms with cumulative buckets.

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::construct::{Candidate, ask, number, steps, texts, whole};
use super::{Bounds, Model, Situation, attempts, between, pick, table};
use crate::core::figure::Figure;
use crate::core::instance::Outcome;
use crate::core::question::Kind;
use crate::core::rng::Stream;

/// The upper bounds of the finite buckets, in ms.
const LIMITS: [[i64; 5]; 4] = [
    [50, 100, 200, 400, 800],
    [100, 250, 500, 1000, 2000],
    [40, 80, 160, 320, 640],
    [100, 200, 400, 700, 1000],
];

pub const HISTOGRAM: Model = Model {
    name: "histogram",
    version: 2,
    summary: "Latency histograms with cumulative buckets, as in Prometheus.",
    rules: &[
        "A row counts all requests that took at most its bound, so each row includes the rows \
         above it.",
        "To get a quantile of all instances, add up their buckets first.",
        "The rank is the quantile times the number of requests. The first bucket that reaches the \
         rank holds it, and within the bucket the requests are spread evenly; the first bucket \
         begins at 0.",
        "If the rank falls into the bucket without a bound, the quantile is the highest bound.",
    ],
    rivals: &["A rank that is no whole number, or at the end of a bucket, does not occur."],
    asks: &[
        ask(
            "quantile",
            &[Kind::Numeric, Kind::Single],
            &["quantile"],
            "A quantile of all requests.",
        ),
        ask(
            "slower",
            &[Kind::Numeric],
            &["bound", "from", "to"],
            "The requests above a bound between two readings of the counters.",
        ),
        ask(
            "mean-gap",
            &[Kind::Numeric],
            &["quantile"],
            "The distance of the mean of two instances' quantiles from the true one.",
        ),
    ],
    bounds: &[
        whole(
            "instances",
            (1, 3),
            (2, 2),
            "The number of instances (ask `quantile`).",
        ),
        whole(
            "unbounded",
            (0, 30),
            (0, 0),
            "How often, in percent, the quantile is in the bucket without a bound.",
        ),
    ],
    draw,
};

/// The requests in each bucket, not cumulative; the last bucket has no bound.
type Counts = [i64; 6];

/// A quantile in percent of the bounded buckets `limits`, and how it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Found {
    /// Four times the value, which is exact for quarters.
    quarters: i64,
    bucket: usize,
    rank: i64,
    /// The requests before the bucket, and in it.
    before: i64,
    count: i64,
}

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    attempts(4000, random, |random| {
        let limits = pick(&LIMITS, random);
        match ask {
            "quantile" => quantile(limits, bounds, random),
            "slower" => slower(limits, random),
            "mean-gap" => mean_gap(limits, random),
            _ => None,
        }
    })
}

/// Returns the range of a bounded bucket.
fn range(limits: [i64; 5], bucket: usize) -> (i64, i64) {
    (
        if bucket == 0 { 0 } else { limits[bucket - 1] },
        limits[bucket],
    )
}

/// Returns the quantile if rank and value are exact and the rank isn't at the end of a bucket.
fn find(limits: [i64; 5], counts: &Counts, percent: i64) -> Option<Found> {
    let total: i64 = counts.iter().sum();
    if total * percent % 100 != 0 {
        return None;
    }
    let rank = total * percent / 100;
    let mut before = 0;
    let mut bucket = 0;
    while before + counts[bucket] < rank {
        before += counts[bucket];
        bucket += 1;
    }
    if before + counts[bucket] == rank {
        return None;
    }
    if bucket == limits.len() {
        return Some(Found {
            quarters: 4 * limits[4],
            bucket,
            rank,
            before,
            count: counts[bucket],
        });
    }
    let (low, high) = range(limits, bucket);
    let part = 4 * (high - low) * (rank - before);
    let exact = part % counts[bucket] == 0;
    exact.then(|| Found {
        quarters: 4 * low + part / counts[bucket],
        bucket,
        rank,
        before,
        count: counts[bucket],
    })
}

fn sum(all: &[Counts]) -> Counts {
    let mut total = [0; 6];
    for counts in all {
        for (total, count) in total.iter_mut().zip(counts) {
            *total += count;
        }
    }
    total
}

/// Returns the running totals.
fn cumulative(counts: &Counts) -> Counts {
    let mut running = 0;
    counts.map(|count| {
        running += count;
        running
    })
}

/// Draws counts with which the rank is in `bucket`: the lower buckets share what makes it whole.
fn draw_counts(
    limits: [i64; 5],
    percent: i64,
    bucket: usize,
    random: &mut Stream,
) -> Option<Counts> {
    let mut counts: Counts = [0; 6];
    counts[bucket] = 10 * between(2, 12, random);
    for count in &mut counts[bucket + 1..] {
        *count = between(1, 16, random);
    }
    let rest: i64 = counts[bucket..].iter().sum();
    let inside = between(1, counts[bucket] - 1, random);
    let missing = percent * rest - 100 * inside;
    let mut left = missing / (100 - percent);
    if missing % (100 - percent) != 0 || left < 10 * bucket as i64 || bucket == 0 {
        return None;
    }
    for i in (1..bucket).rev() {
        counts[i] = left * between(15, 60, random) / 100;
        left -= counts[i];
    }
    counts[0] = left;
    let found = find(limits, &counts, percent)?;
    (found.bucket == bucket).then_some(counts)
}

/// Splits `counts` at random among `instances`.
fn split(counts: &Counts, instances: usize, random: &mut Stream) -> Vec<Counts> {
    let mut parts = vec![[0; 6]; instances];
    for (bucket, &count) in counts.iter().enumerate() {
        let mut left = count;
        for (i, part) in parts.iter_mut().enumerate() {
            let last = i + 1 == instances;
            let share = if last {
                left
            } else {
                left * between(20, 70, random) / 100
            };
            part[bucket] = share;
            left -= share;
        }
    }
    parts
}

fn figure(limits: [i64; 5], columns: &[&str], all: &[Counts]) -> Figure {
    let running: Vec<Counts> = all.iter().map(cumulative).collect();
    let row = |bucket: usize| {
        let bound = limits
            .get(bucket)
            .map_or("no bound".to_owned(), |limit| format!("{limit} ms"));
        let cells = running.iter().map(|counts| counts[bucket].to_string());
        std::iter::once(bound).chain(cells).collect()
    };
    let columns: Vec<&str> = std::iter::once("at most")
        .chain(columns.iter().copied())
        .collect();
    let right: Vec<usize> = (0..columns.len()).collect();
    table(
        "Cumulative counts of requests by duration.",
        &columns,
        (0..6).map(row).collect(),
        &right,
    )
}

fn scenario(limits: [i64; 5], all: &[Counts], asked: Value) -> Value {
    json!({
        "unit": "ms",
        "bounds": limits,
        "last-bucket": "no bound",
        "cumulative-counts": all.iter().map(cumulative).collect::<Vec<_>>(),
        "interpolation": "linear, the first bucket begins at 0, the last one gives its lower bound",
        "asked": asked,
    })
}

/// Returns the sentences that find the quantile.
fn lines(limits: [i64; 5], counts: &Counts, percent: i64, found: Found) -> Vec<String> {
    let total: i64 = counts.iter().sum();
    let mut lines = vec![format!(
        "The rank is {percent}% of {total} = {}.",
        found.rank
    )];
    let reached = found.before + counts[found.bucket];
    lines.push(match found.bucket {
        5 => format!(
            "Only {} requests took at most {} ms, so the rank is in the bucket without a bound.",
            found.before, limits[4]
        ),
        bucket => format!(
            "Up to {} ms there are {} requests, up to {} ms there are {reached}.",
            range(limits, bucket).0,
            found.before,
            limits[bucket]
        ),
    });
    if found.bucket < 5 {
        let (low, high) = range(limits, found.bucket);
        lines.push(format!(
            "The rank is {} of the {} in this bucket: {low} + {} x {} / {} = {} ms.",
            found.rank - found.before,
            counts[found.bucket],
            high - low,
            found.rank - found.before,
            counts[found.bucket],
            found.quarters as f64 / 4.0
        ));
    } else {
        lines.push(format!(
            "The result is the highest bound, {} ms.",
            limits[4]
        ));
    }
    lines
}

fn quantile(limits: [i64; 5], bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let percent = pick(&[50, 75, 80, 90, 95], random);
    let instances = bounds.number("instances", random) as usize;
    let is_unbounded = between(1, 100, random) <= bounds.number("unbounded", random);
    let bucket = if is_unbounded {
        5
    } else {
        between(1, 4, random) as usize
    };
    let counts = draw_counts(limits, percent, bucket, random)?;
    let found = find(limits, &counts, percent)?;
    let parts = split(&counts, instances, random);
    let running = cumulative(&counts);
    if found.quarters % 4 != 0 {
        return None;
    }
    let key = found.quarters / 4;
    let candidates = wrong_quantiles(limits, &parts, percent, found);
    let names = ["instance 1", "instance 2", "instance 3"];
    let columns: &[&str] = if instances == 1 {
        &["requests"]
    } else {
        &names[..instances]
    };
    let mut steps_of = Vec::new();
    if instances > 1 {
        steps_of.push(format!(
            "Together the rows are {}.",
            running.map(|n| n.to_string()).join(", ")
        ));
    }
    steps_of.extend(lines(limits, &counts, percent, found));
    Some(Situation {
        scenario: scenario(limits, &parts, json!({"quantile-percent-of-all": percent})),
        figures: vec![figure(limits, columns, &parts)],
        texts: texts([("quantile", format!("{percent}%"))]),
        outcome: number(key, "ms", candidates)?,
        steps: steps(steps_of),
        solved: if instances > 1 {
            vec![figure(limits, &["all"], &[counts])]
        } else {
            Vec::new()
        },
    })
}

/// Returns the numbers that wrong rules give for a quantile, rounded to whole numbers.
fn wrong_quantiles(
    limits: [i64; 5],
    parts: &[Counts],
    percent: i64,
    found: Found,
) -> Vec<Candidate<'static>> {
    let counts = sum(parts);
    let running = cumulative(&counts);
    let mut bounded = counts;
    bounded[5] = 0;
    let each = parts.iter().map(|part| near(limits, part, percent));
    let mut wrong = vec![
        (
            rounded(near(limits, &running, percent)),
            "The rows count only their own bucket.",
            "Adds up the rows, although each includes the rows above.".to_owned(),
        ),
        (
            limits[4] * percent / 100,
            "The quantile is that share of the highest bound.",
            format!("Takes {percent}% of the highest bound."),
        ),
    ];
    let mean = each.sum::<f64>() / parts.len() as f64;
    let truth = found.quarters as f64 / 4.0;
    // A mean that is nearly right would only test the rounding.
    if parts.len() > 1 && (mean - truth).abs() > truth / 50.0 {
        wrong.push((
            rounded(mean),
            "The quantile is the mean of the instances' quantiles.",
            "Takes the mean of the quantiles of the instances.".to_owned(),
        ));
    }
    wrong.extend(match found.bucket {
        5 => wrong_unbounded(limits, &bounded, percent, found),
        bucket => wrong_in_bucket(
            range(limits, bucket),
            counts[bucket],
            running[bucket],
            found,
        ),
    });
    wrong
}

/// Returns what wrong rules give for a rank in the bucket over `(low, high]` with `count` requests.
/// `running` requests took at most `high`.
fn wrong_in_bucket(
    (low, high): (i64, i64),
    count: i64,
    running: i64,
    found: Found,
) -> Vec<Candidate<'static>> {
    let inside = found.rank - found.before;
    let part = |of: i64, rank: i64, count: i64| rounded((of * rank) as f64 / count as f64);
    vec![
        (
            high,
            "A quantile is the bound of its bucket.",
            "Takes the upper end of the bucket.".to_owned(),
        ),
        (
            low,
            "A quantile is the lower end of its bucket.",
            "Takes the lower end of the bucket.".to_owned(),
        ),
        (
            i64::midpoint(low, high),
            "A quantile is the middle of its bucket.",
            "Takes the middle of the bucket.".to_owned(),
        ),
        (
            high - part(high - low, inside, count),
            "The rank counts down from the upper end of its bucket.",
            "Goes down from the upper end of the bucket.".to_owned(),
        ),
        (
            part(high, found.rank, running),
            "The bucket begins at 0.",
            "Spreads all requests up to the bound evenly from 0.".to_owned(),
        ),
    ]
}

/// Returns what wrong rules give for a rank in the bucket without a bound. `bounded` are the
/// requests in the other ones.
fn wrong_unbounded(
    limits: [i64; 5],
    bounded: &Counts,
    percent: i64,
    found: Found,
) -> Vec<Candidate<'static>> {
    let (low, high) = (limits[3], limits[4]);
    let all: i64 = bounded.iter().sum();
    vec![
        (
            rounded(near(limits, bounded, percent)),
            "Requests without a bound don't count.",
            format!("Takes the quantile of the {all} requests up to {high} ms."),
        ),
        (
            low,
            "The quantile is the lower end of the last bucket with a bound.",
            format!("Takes {low} ms, but more requests took longer."),
        ),
        (
            i64::midpoint(low, high),
            "The quantile is the middle of the last bucket with a bound.",
            format!("Takes the middle of {low} and {high} ms."),
        ),
        (
            2 * high - low,
            "The last bucket is as wide as the one before it, and its end counts.",
            format!("Adds {} ms to the highest bound.", high - low),
        ),
        (
            2 * high,
            "The last bucket ends at twice the highest bound, and its end counts.",
            "Doubles the highest bound.".to_owned(),
        ),
        (
            high + rounded((high * (found.rank - found.before)) as f64 / found.count as f64),
            "The last bucket ends at twice the highest bound.",
            "Spreads the requests without a bound evenly up to twice the highest bound.".to_owned(),
        ),
    ]
}

/// Returns the nearest whole number.
fn rounded(value: f64) -> i64 {
    value.round() as i64
}

/// Returns the quantile, also if its rank is no whole number.
fn near(limits: [i64; 5], counts: &Counts, percent: i64) -> f64 {
    let total: i64 = counts.iter().sum();
    let rank = total * percent;
    let mut before = 0;
    for (bucket, count) in counts.iter().enumerate().take(limits.len()) {
        let here = 100 * count;
        if before + here >= rank {
            let (low, high) = range(limits, bucket);
            return low as f64 + ((high - low) * (rank - before)) as f64 / here.max(1) as f64;
        }
        before += here;
    }
    limits[4] as f64
}

/// Asks how many requests were slower than a bound between two readings of the counters.
fn slower(limits: [i64; 5], random: &mut Stream) -> Option<Situation> {
    let draw = |most: i64, random: &mut Stream| {
        let mut counts: Counts = [0; 6];
        for (i, count) in counts.iter_mut().enumerate() {
            *count = between(most / 8, most, random) / (1 + i as i64);
        }
        counts
    };
    let first = draw(9000, random);
    let growth = draw(600, random);
    let second = sum(&[first, growth]);
    let bound = between(1, 3, random) as usize;
    let key = above(&growth, bound);
    let hour = between(8, 20, random);
    let minute = 5 * between(0, 10, random);
    let (from, to) = (
        format!("{hour:02}:{minute:02}"),
        format!("{hour:02}:{:02}", minute + 5),
    );
    let within = growth.iter().sum::<i64>() - key;
    let candidates = wrong_slower_counts(&second, &growth, bound);
    let (a, b) = (cumulative(&first), cumulative(&second));
    Some(Situation {
        scenario: scenario(
            limits,
            &[first, second],
            json!({"requests-between-readings-above": limits[bound]}),
        ),
        figures: vec![figure(limits, &[&from, &to], &[first, second])],
        texts: texts([
            ("bound", limits[bound].to_string()),
            ("from", from),
            ("to", to),
        ]),
        outcome: number(key, "requests", candidates)?,
        steps: steps(vec![
            format!("All requests: {} - {} = {}.", b[5], a[5], b[5] - a[5]),
            format!(
                "At most {} ms: {} - {} = {within}.",
                limits[bound], b[bound], a[bound]
            ),
            format!("Slower: {} - {within} = {key}.", b[5] - a[5]),
        ]),
        solved: Vec::new(),
    })
}

/// Returns the requests in the buckets above the one with the index `bound`.
fn above(counts: &Counts, bound: usize) -> i64 {
    counts[bound + 1..].iter().sum()
}

/// Returns the numbers of slower requests that wrong rules give, if the counters grew by `growth` to `second`.
fn wrong_slower_counts(second: &Counts, growth: &Counts, bound: usize) -> Vec<Candidate<'static>> {
    let running = cumulative(growth);
    vec![
        (
            above(second, bound),
            "A counter shows the last minutes.",
            "Uses the later reading alone, which counts since the start.".to_owned(),
        ),
        (
            growth.iter().sum::<i64>() - above(growth, bound),
            "The row counts the slower requests.",
            "Counts the requests that took at most the bound.".to_owned(),
        ),
        (
            growth[bound + 1],
            "Only the next bucket is slower.",
            "Counts the next bucket alone.".to_owned(),
        ),
        (
            running[5] - running[bound + 1],
            "The bucket after the bound still meets it.",
            "Leaves out the bucket above the bound.".to_owned(),
        ),
        (
            growth[bound..].iter().sum(),
            "A bucket begins at its bound.",
            "Also counts the bucket that ends at the bound.".to_owned(),
        ),
        (
            running[bound + 1..].iter().sum(),
            "The rows count only their own bucket.",
            "Adds up rows that include each other.".to_owned(),
        ),
        (
            growth.iter().sum(),
            "Every request of the five minutes counts.",
            "Counts all requests of the five minutes.".to_owned(),
        ),
    ]
}

/// Asks how far the mean of two quantiles is from the quantile of all requests.
fn mean_gap(limits: [i64; 5], random: &mut Stream) -> Option<Situation> {
    let percent = pick(&[50, 80, 90], random);
    let mut parts = Vec::new();
    for _ in 0..2 {
        let bucket = between(1, 4, random) as usize;
        parts.push(draw_counts(limits, percent, bucket, random)?);
    }
    let all = sum(&parts);
    let found = find(limits, &all, percent)?;
    let each = [
        find(limits, &parts[0], percent)?,
        find(limits, &parts[1], percent)?,
    ];
    let (one, two) = (each[0].quarters, each[1].quarters);
    let gap = one + two - 2 * found.quarters;
    if gap % 8 != 0 || gap == 0 || one % 4 != 0 || two % 4 != 0 || found.quarters % 4 != 0 {
        return None;
    }
    let (one, two, truth) = (one / 4, two / 4, found.quarters / 4);
    let key = (gap / 8).abs();
    let candidates = wrong_gaps([one, two], &parts, truth, limits[found.bucket.min(4)]);
    let mut all_lines = vec![
        format!(
            "Instance 1: {}",
            lines(limits, &parts[0], percent, each[0]).join(" ")
        ),
        format!(
            "Instance 2: {}",
            lines(limits, &parts[1], percent, each[1]).join(" ")
        ),
        format!(
            "Together: {}",
            lines(limits, &all, percent, found).join(" ")
        ),
    ];
    all_lines.push(format!(
        "The mean of {one} and {two} is {}, and the true quantile is {truth}: {key} ms apart.",
        (one + two) as f64 / 2.0
    ));
    let outcome: Outcome = number(key, "ms", candidates)?;
    Some(Situation {
        scenario: scenario(
            limits,
            &parts,
            json!({"distance-of-mean-of-quantiles-percent": percent}),
        ),
        figures: vec![figure(limits, &["instance 1", "instance 2"], &parts)],
        texts: texts([("quantile", format!("{percent}%"))]),
        outcome,
        steps: steps(all_lines),
        solved: vec![figure(limits, &["all"], &[all])],
    })
}

/// Returns the distances that wrong rules give. The two instances count `parts` and have the quantiles `one` and `two`;
/// that of all requests is `truth`, in the bucket up to `limit`.
fn wrong_gaps(
    [one, two]: [i64; 2],
    parts: &[Counts],
    truth: i64,
    limit: i64,
) -> Vec<Candidate<'static>> {
    let (n, m) = (parts[0].iter().sum::<i64>(), parts[1].iter().sum::<i64>());
    let weighted = (one * n + two * m) as f64 / (n + m) as f64;
    vec![
        (
            rounded((weighted - truth as f64).abs()),
            "The mean weights each quantile by the requests of its instance.",
            "Weights the quantiles by the requests.".to_owned(),
        ),
        (
            (one - two).abs(),
            "The error is as large as the distance between the instances.",
            "Subtracts the two quantiles from each other.".to_owned(),
        ),
        (
            (one.max(two) - truth).abs(),
            "The higher quantile stands for both instances.",
            "Compares the higher quantile with the true one.".to_owned(),
        ),
        (
            (one.min(two) - truth).abs(),
            "The lower quantile stands for both instances.",
            "Compares the lower quantile with the true one.".to_owned(),
        ),
        (
            (one - two).abs() / 2,
            "The quantile of one instance is the true one.",
            "Compares the mean with one instance.".to_owned(),
        ),
        (
            (i64::midpoint(one, two) - limit).abs(),
            "The true quantile is the bound of its bucket.",
            "Takes the upper end of the bucket as the true quantile.".to_owned(),
        ),
    ]
}
