//! An alert on the burn rate of an error budget, with a long and a short window.

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::construct::{Candidate, ask, choice, number, steps, texts, whole, word};
use super::{Bounds, Model, Situation, attempts, between, chance, pick, table};
use crate::core::figure::{Drawing, Figure};
use crate::core::instance::{Alternative, Outcome};
use crate::core::question::Kind;
use crate::core::rng::Stream;

/// The length of a bucket in minutes.
const BUCKET: i64 = 5;
/// The first bucket, from 1, after which an alert may fire, and the number of choices.
const FIRST: usize = 4;
const CHOICES: usize = 4;

pub const BURN_RATE: Model = Model {
    name: "burn-rate",
    version: 4,
    summary: "An alert that fires while the burn rate in a long and a short window is too high.",
    rules: &[
        "The burn rate of a window is its errors divided by its requests, divided by the share of \
         errors that the objective allows.",
        "After each bucket, the alert fires if the burn rate of both windows, which end there, is \
         above the factor.",
        "Before the first row there were no errors and as many requests per bucket as in it.",
    ],
    rivals: &["A burn rate that equals the factor does not occur."],
    asks: &[
        ask(
            "fires",
            &[Kind::Single],
            &[],
            "The bucket after which the alert fires first.",
        ),
        ask(
            "ends",
            &[Kind::Single],
            &[],
            "The bucket after which the alert first stops firing.",
        ),
        ask(
            "budget",
            &[Kind::Numeric],
            &[],
            "The errors that are left of the budget.",
        ),
        ask(
            "fewest",
            &[Kind::Numeric],
            &["bucket"],
            "The fewest errors in one bucket with which the alert fires.",
        ),
    ],
    bounds: &[
        whole("buckets", (8, 12), (8, 8), "The number of buckets."),
        whole("long", (3, 8), (3, 3), "The long window in buckets."),
        whole("short", (1, 3), (1, 1), "The short window in buckets."),
        word(
            "traffic",
            &["even", "uneven"],
            "Whether the buckets have different numbers of requests.",
        ),
    ],
    draw,
};

/// An alert; `allowed` errors per 100,000 requests.
#[derive(Clone, Debug)]
struct Alert {
    allowed: i64,
    factor: i64,
    long: usize,
    short: usize,
    requests: Vec<i64>,
    errors: Vec<i64>,
}

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    // Drawn once, so that rejected draws don't make one class of answers more likely.
    let class = random.below(60) as usize;
    let short_decides = chance(50, random);
    let ends_at = FIRST + 1 + class % CHOICES;
    // The spike that leaves the long window must be in the figure.
    let long = bounds.range("long").1 as usize;
    let long_ends = !short_decides && ends_at > long && long > bounds.range("short").1 as usize + 1;
    let fires_for = between(1, long as i64 - 2, random) as usize;
    attempts(3000, random, |random| {
        let course = match ask {
            "ends" if long_ends => Course::AgesOutAt(ends_at, fires_for),
            "ends" => Course::EndsAt(ends_at),
            "fires" | "fewest" if short_decides => Course::ResumesAt(FIRST + class % CHOICES),
            _ => Course::Open,
        };
        let alert = draw_alert(course, bounds, random);
        if (1..=alert.errors.len()).any(|end| is_tied(&alert, end)) {
            return None;
        }
        match ask {
            "fires" => fires(&alert, short_decides, FIRST + class % CHOICES),
            "ends" => ends(&alert, ends_at, long_ends.then_some(fires_for)),
            "budget" => budget(&alert, random),
            "fewest" => fewest(&alert, short_decides, FIRST + class % CHOICES),
            _ => None,
        }
    })
}

/// How the errors of an incident go.
#[derive(Clone, Copy, Debug)]
enum Course {
    /// They begin and go on to the last bucket.
    Open,
    /// They end at about this bucket.
    EndsAt(usize),
    /// An early spike leaves the long window with the first of these buckets. Later errors last until then, for as many
    /// buckets as the second number says.
    AgesOutAt(usize, usize),
    /// After a spike there are few, and in this bucket many again.
    ResumesAt(usize),
}

/// Draws an incident with this course.
fn draw_alert(course: Course, bounds: &Bounds, random: &mut Stream) -> Alert {
    let count = bounds.number("buckets", random) as usize;
    let even = bounds.word("traffic") != "uneven";
    let usual = 10 * between(401, 1999, random);
    let traffic = |random: &mut Stream| {
        if even {
            usual
        } else {
            usual * between(60, 160, random) / 100
        }
    };
    let requests: Vec<i64> = (0..count).map(|_| traffic(random)).collect();
    let allowed = pick(&[100, 200, 500], random);
    let factor = pick(&[3, 5, 6, 8, 10], random);
    let long = bounds.number("long", random) as usize;
    let short = bounds.number("short", random) as usize;
    let incident = match course {
        Course::Open => between(1, 5, random) as usize..count,
        Course::EndsAt(until) => {
            between(0, 2, random) as usize..until - 1 - between(0, 1, random) as usize
        }
        Course::ResumesAt(bucket) => bucket - 1..count,
        Course::AgesOutAt(until, fires_for) => until.saturating_sub(fires_for + 1)..until,
    };
    let spike = match course {
        Course::ResumesAt(bucket) => Some(between(0, bucket as i64 - 3, random) as usize),
        Course::AgesOutAt(until, _) => until.checked_sub(long + 1),
        _ => None,
    };
    let ages_out = matches!(course, Course::AgesOutAt(..));
    let percent = |i: usize, random: &mut Stream| match spike {
        Some(spike) if i == spike => long as i64 * between(60, 105, random),
        Some(_) if ages_out && i < incident.start => between(2, 40, random),
        Some(_) if ages_out && i < incident.end => between(101, 190, random),
        Some(_) if ages_out => between(10, 140, random),
        Some(_) if i < incident.start => between(5, 90, random),
        None if i < incident.start => between(0, 25, random),
        _ if i < incident.end => between(50, 380, random),
        _ => between(2, 130, random),
    };
    let errors = (0..count)
        .map(|i| requests[i] * allowed * factor / 100_000 * percent(i, random) / 100)
        .collect();
    Alert {
        allowed,
        factor,
        long,
        short,
        requests,
        errors,
    }
}

/// Returns errors and requests of the window of `length` buckets that ends after bucket `end`.
fn window(alert: &Alert, end: usize, length: usize) -> (i64, i64) {
    let past = length.saturating_sub(end) as i64;
    let from = end.saturating_sub(length);
    let errors: i64 = alert.errors[from..end].iter().sum();
    let requests: i64 = alert.requests[from..end].iter().sum();
    (errors, requests + past * alert.requests[0])
}

/// Returns the burn rate compared with the factor: errors and the number that equals the factor,
/// both times 100,000.
fn compared(alert: &Alert, end: usize, length: usize) -> (i64, i64) {
    let (errors, requests) = window(alert, end, length);
    (errors * 100_000, requests * alert.allowed * alert.factor)
}

fn is_above(alert: &Alert, end: usize, length: usize) -> bool {
    let (errors, limit) = compared(alert, end, length);
    errors > limit
}

fn is_tied(alert: &Alert, end: usize) -> bool {
    [alert.long, alert.short].iter().any(|&length| {
        let (errors, limit) = compared(alert, end, length);
        errors == limit
    })
}

fn is_firing(alert: &Alert, end: usize) -> bool {
    is_above(alert, end, alert.long) && is_above(alert, end, alert.short)
}

fn percent(hundred_thousandths: i64) -> String {
    format!("{}%", hundred_thousandths as f64 / 1000.0)
}

fn figures(alert: &Alert, more: &[(&str, String)]) -> Vec<Figure> {
    let mut settings = vec![
        ("errors allowed", percent(alert.allowed)),
        ("factor", alert.factor.to_string()),
        ("long window", buckets(alert.long)),
        ("short window", buckets(alert.short)),
    ];
    settings.extend_from_slice(more);
    let settings = settings
        .into_iter()
        .map(|(name, value)| vec![name.to_owned(), value])
        .collect();
    let row = |i: usize| {
        vec![
            (i + 1).to_string(),
            alert.requests[i].to_string(),
            alert.errors[i].to_string(),
        ]
    };
    vec![
        table(
            "The settings of the alert.",
            &["setting", "value"],
            settings,
            &[1],
        ),
        table(
            "The requests and errors of each bucket.",
            &["bucket", "requests", "errors"],
            (0..alert.errors.len()).map(row).collect(),
            &[0, 1, 2],
        ),
    ]
}

fn buckets(n: usize) -> String {
    format!("{n} bucket{}", if n == 1 { "" } else { "s" })
}

/// Returns the sentence about the window whose last bucket is `end`.
fn explain_window(alert: &Alert, end: usize, length: usize) -> String {
    let (errors, requests) = window(alert, end, length);
    let rate = errors as f64 / requests as f64 * 100_000.0 / alert.allowed as f64;
    format!(
        "{errors} of {requests} requests over {}: burn rate {rate:.3}",
        buckets(length)
    )
}

fn explain(alert: &Alert, end: usize) -> String {
    let verdict = if is_firing(alert, end) {
        "it fires"
    } else {
        "it doesn't fire"
    };
    format!(
        "After bucket {end}: {}, {}; {verdict}.",
        explain_window(alert, end, alert.long),
        explain_window(alert, end, alert.short)
    )
}

fn situation(alert: &Alert, asked: Value, lines: Vec<String>, outcome: Outcome) -> Situation {
    Situation {
        scenario: json!({
            "bucket-minutes": BUCKET,
            "allowed-errors-per-100000": alert.allowed,
            "factor": alert.factor,
            "comparison": "above",
            "long-window-buckets": alert.long,
            "short-window-buckets": alert.short,
            "past": {"requests-per-bucket": alert.requests[0], "errors": 0},
            "requests": alert.requests,
            "errors": alert.errors,
            "asked": asked,
        }),
        figures: figures(alert, &[]),
        texts: texts([]),
        outcome,
        steps: steps(lines),
        solved: Vec::new(),
    }
}

/// A misconception about an alert: a rule that says after which bucket it fires or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slip {
    /// The short window alone decides.
    ShortAlone,
    /// The long window alone decides.
    LongAlone,
    /// One of the windows is enough to fire; both must be below the factor to end it.
    Either,
    /// The rows before the figure don't count.
    NoPast,
    /// It takes two evaluations in a row.
    Twice,
    /// The last bucket alone decides.
    OwnBucket,
    /// Each bucket of the long window must be above the factor to fire, and below to end it.
    EachBucket,
    /// The change of the errors from the bucket before decides.
    Trend,
    /// The short window alone makes it fire and ends it.
    ShortThroughout,
}

const SLIPS: [Slip; 9] = [
    Slip::ShortAlone,
    Slip::LongAlone,
    Slip::Either,
    Slip::NoPast,
    Slip::OwnBucket,
    Slip::Twice,
    Slip::EachBucket,
    Slip::Trend,
    Slip::ShortThroughout,
];

/// The label of a bucket that follows from no misconception.
const NO_SLIP: &str = "Doesn't compare both windows after each bucket.";

impl Slip {
    /// Returns the misconception about the beginning or the end of an alert as a sentence.
    fn text(self, fires: bool) -> &'static str {
        match (self, fires) {
            (Slip::ShortAlone, true) => "The short window alone makes it fire.",
            (Slip::ShortAlone, false) => "It ends when the short window is below the factor.",
            (Slip::LongAlone, true) => "The long window alone makes it fire.",
            (Slip::LongAlone, false) => "It ends when the long window is below the factor.",
            (Slip::Either, true) => "It fires when one of the windows is above the factor.",
            (Slip::Either, false) => "It ends when both windows are below the factor.",
            (Slip::NoPast, _) => "A window has only the buckets of the figure.",
            (Slip::Twice, true) => "Both windows must be above the factor twice in a row.",
            (Slip::Twice, false) => "It ends when it would not fire twice in a row.",
            (Slip::OwnBucket, true) => {
                "It fires after the first bucket that is itself above the factor."
            }
            (Slip::OwnBucket, false) => {
                "It ends after the first bucket that is itself below the factor."
            }
            (Slip::EachBucket, true) => "Each bucket of the long window must be above the factor.",
            (Slip::EachBucket, false) => "Each bucket of the long window must be below the factor.",
            (Slip::Trend, true) => "It fires as soon as the errors rise.",
            (Slip::Trend, false) => "It ends as soon as the errors fall.",
            (Slip::ShortThroughout, _) => "The short window alone makes it fire and ends it.",
        }
    }

    /// Returns the bucket after which the alert first fires under this rule.
    fn first(self, alert: &Alert) -> Option<usize> {
        let count = alert.errors.len();
        let long = |end| is_above(alert, end, alert.long);
        let short = |end| is_above(alert, end, alert.short);
        let own = |end| is_above(alert, end, 1);
        let shown = |end: usize| {
            let within = |length: usize| is_above(alert, end, length.min(end));
            within(alert.long) && within(alert.short)
        };
        (1..=count).find(|&end| match self {
            Slip::ShortAlone | Slip::ShortThroughout => short(end),
            Slip::LongAlone => long(end),
            Slip::Either => long(end) || short(end),
            Slip::NoPast => shown(end),
            Slip::Twice => end > 1 && is_firing(alert, end - 1) && is_firing(alert, end),
            Slip::OwnBucket => own(end),
            Slip::EachBucket => end >= alert.long && (end + 1 - alert.long..=end).all(own),
            Slip::Trend => end > 1 && alert.errors[end - 1] > alert.errors[end - 2],
        })
    }

    /// Returns the bucket after which the alert that fires after `start` ends under this rule.
    fn end(self, alert: &Alert, start: usize) -> Option<usize> {
        let count = alert.errors.len();
        let long = |end| is_above(alert, end, alert.long);
        let short = |end| is_above(alert, end, alert.short);
        let own = |end| is_above(alert, end, 1);
        let start = match self {
            Slip::ShortThroughout => self.first(alert)?,
            _ => start,
        };
        (start + 1..=count).find(|&end| match self {
            Slip::ShortAlone | Slip::ShortThroughout => !short(end),
            Slip::LongAlone => !long(end),
            Slip::Either => !long(end) && !short(end),
            Slip::NoPast => false,
            Slip::Twice => end > start + 1 && !is_firing(alert, end - 1) && !is_firing(alert, end),
            Slip::OwnBucket => !own(end),
            Slip::EachBucket => {
                end >= alert.long && (end + 1 - alert.long..=end).all(|end| !own(end))
            }
            Slip::Trend => alert.errors[end - 1] < alert.errors[end - 2],
        })
    }
}

/// Returns the options for the buckets from `from` on, of which `key` is right. Each wrong one is
/// what the first possible slip leads to.
fn options(
    alert: &Alert,
    from: usize,
    key: usize,
    fires: bool,
    leads_to: impl Fn(Slip) -> Option<usize>,
) -> Vec<Alternative> {
    (from..from + CHOICES)
        .map(|end| {
            let text = format!("after bucket {end}");
            let why = explain(alert, end);
            if end == key {
                return Alternative::right(&text, &why);
            }
            let slip = SLIPS.iter().find(|slip| leads_to(**slip) == Some(end));
            let misconception = slip.map_or(NO_SLIP, |slip| slip.text(fires));
            Alternative::wrong(&text, &why, misconception)
        })
        .collect()
}

/// Asks for the bucket after which the alert fires first. With `short_decides`, the long window alone would give another
/// one, which is seldom so by chance.
fn fires(alert: &Alert, short_decides: bool, target: usize) -> Option<Situation> {
    let first = (1..=alert.errors.len()).find(|&end| is_firing(alert, end));
    if first != Some(target) {
        return None;
    }
    let [short, long] = [Slip::ShortAlone, Slip::LongAlone].map(|slip| slip.first(alert));
    let decides = match short_decides {
        true => long != first,
        false => [short, long] != [first, first],
    };
    decides.then_some(())?;
    let lines = (1..=target)
        .filter(|&end| is_above(alert, end, alert.short) || is_above(alert, end, alert.long));
    let lines = lines.map(|end| explain(alert, end)).collect();
    let options = options(alert, FIRST, target, true, |slip| slip.first(alert));
    Some(situation(
        alert,
        json!("first bucket after which it fires"),
        lines,
        choice(options, CHOICES)?,
    ))
}

/// Asks for the bucket after which the alert first stops firing. If `long_ends`, after as many buckets, the long window is
/// below the factor and the short one still above it, and otherwise it is the other way round.
fn ends(alert: &Alert, target: usize, long_ends: Option<usize>) -> Option<Situation> {
    let count = alert.errors.len();
    let start = (1..=count).find(|&end| is_firing(alert, end))?;
    let stop = (start..=count).find(|&end| !is_firing(alert, end))?;
    let still_above = match long_ends {
        Some(_) => alert.short,
        None => alert.long,
    };
    let is_drawn_so = long_ends.is_none_or(|fires_for| stop - start == fires_for);
    if stop != target || !is_drawn_so || !is_above(alert, stop, still_above) {
        return None;
    }
    let lines = (start..=target).map(|end| explain(alert, end)).collect();
    let options = options(alert, FIRST + 1, target, false, |slip| {
        slip.end(alert, start)
    });
    Some(situation(
        alert,
        json!("first bucket after firing after which it does not fire"),
        lines,
        choice(options, CHOICES)?,
    ))
}

/// Asks for the errors that are left of the budget of a month.
fn budget(alert: &Alert, random: &mut Stream) -> Option<Situation> {
    let used: i64 = alert.errors.iter().sum();
    let requests: i64 = alert.requests.iter().sum();
    let month = 1_000_000 * between(2, 40, random);
    let total = month * alert.allowed / 100_000;
    let before = total * between(5, 60, random) / 100;
    let key = total - before - used;
    let window = requests * alert.allowed / 100_000;
    let high: i64 = (0..alert.errors.len())
        .filter(|&i| is_firing(alert, i + 1))
        .map(|i| alert.errors[i])
        .sum();
    let candidates = vec![
        (
            total - used,
            "The budget is new with each incident.",
            format!("Forgets the {before} errors before the figure."),
        ),
        (
            total - before - (used - window),
            "Errors within the objective don't use the budget.",
            "Counts only the errors beyond the allowed share of these buckets.".to_owned(),
        ),
        (
            total - before - high,
            "Only errors while the alert fires use the budget.",
            "Counts only the buckets after which the alert fires.".to_owned(),
        ),
        (
            total - before,
            "The errors of an incident count later.",
            "Leaves out the errors of the figure.".to_owned(),
        ),
        (
            total - before - used * alert.factor,
            "Errors count as often as the factor says.",
            "Multiplies the errors by the factor.".to_owned(),
        ),
        (
            key - window,
            "Requests that have been served bring no budget any more.",
            format!(
                "Takes the budget of the month without the {window} errors allowed in these buckets."
            ),
        ),
        (
            before + used,
            "The budget is what was used.",
            "Is the errors so far.".to_owned(),
        ),
    ];
    if key <= 0 {
        return None;
    }
    let lines = vec![
        format!(
            "The budget of the month is {} of {month} requests = {total} errors.",
            percent(alert.allowed)
        ),
        format!("The buckets have {used} errors, and {before} were before them."),
        format!("{total} - {before} - {used} = {key}."),
    ];
    let mut s = situation(
        alert,
        json!({"budget-left-of-month-with-requests": month, "errors-before": before}),
        lines,
        number(key, "errors", candidates)?,
    );
    s.figures = figures(
        alert,
        &[
            ("requests in the month", month.to_string()),
            ("errors before, this month", before.to_string()),
        ],
    );
    Some(s)
}

/// Returns the errors in a window of `length` buckets before its last bucket, which is the last one of all.
fn earlier_errors(alert: &Alert, length: usize) -> i64 {
    let end = alert.errors.len();
    window(alert, end, length).0 - alert.errors[end - 1]
}

/// Returns the fewest errors with which the last window of `length` buckets is above the factor.
fn least_in_window(alert: &Alert, factor: i64, length: usize) -> i64 {
    let (_, requests) = window(alert, alert.errors.len(), length);
    requests * alert.allowed * factor / 100_000 + 1
}

/// Returns the fewest errors in the last bucket with which a window of `length` buckets is above
/// the factor.
fn least(alert: &Alert, factor: i64, length: usize) -> i64 {
    least_in_window(alert, factor, length) - earlier_errors(alert, length)
}

/// Asks for the fewest errors in one bucket with which the alert fires after it.
/// With `short_decides`, the short window needs more errors than the long one, which is seldom so by chance.
fn fewest(alert: &Alert, short_decides: bool, asked: usize) -> Option<Situation> {
    let mut alert = alert.clone();
    alert.requests.truncate(asked);
    alert.errors.truncate(asked);
    let windows = [alert.long, alert.short];
    let [long, short] = windows.map(|length| least(&alert, alert.factor, length));
    let exact = windows.iter().any(|&length| {
        let (_, requests) = window(&alert, asked, length);
        requests * alert.allowed * alert.factor % 100_000 == 0
    });
    if long == short || long < 1 || short < 1 || exact || is_firing(&alert, asked - 1) {
        return None;
    }
    (!short_decides || short > long).then_some(())?;
    let key = long.max(short);
    let lines = vec![
        explain_least(&alert, alert.long),
        explain_least(&alert, alert.short),
        format!("Both must be above, so {key}."),
    ];
    let outcome = number(key, "errors", wrong_fewest(&alert))?;
    alert.errors[asked - 1] = 0;
    let mut s = situation(
        &alert,
        json!({"fewest-errors-in-bucket": asked}),
        lines,
        outcome,
    );
    s.texts = texts([("bucket", asked.to_string())]);
    hide_last_errors(&mut s, asked);
    Some(s)
}

/// Returns the numbers of errors that wrong rules give for the last bucket.
fn wrong_fewest(alert: &Alert) -> Vec<Candidate<'static>> {
    let windows = [alert.long, alert.short];
    let [long, short] = windows.map(|length| least(alert, alert.factor, length));
    let without_past = windows.map(|length| least_in_window(alert, alert.factor, length));
    let with_next_factor = windows.map(|length| least(alert, alert.factor + 1, length));
    vec![
        (
            long.min(short),
            "One window above the factor is enough.",
            "Satisfies only one of the two windows.".to_owned(),
        ),
        (
            without_past[0],
            "Earlier errors of the long window don't count.",
            "Forgets the errors of the earlier buckets.".to_owned(),
        ),
        (
            least(alert, alert.factor, 1),
            "The alert looks at the last bucket alone.",
            "Compares the bucket alone with the factor.".to_owned(),
        ),
        (
            long.max(short) - 1,
            "The number of errors is rounded down.",
            "Is just below the factor.".to_owned(),
        ),
        (
            without_past[1],
            "Only the short window counts, and its earlier errors don't.",
            "Looks at the short window and forgets earlier errors.".to_owned(),
        ),
        (
            with_next_factor[0].max(with_next_factor[1]),
            "Only errors above the allowed share count for the burn rate.",
            format!(
                "Needs a burn rate above {}, one more than the factor.",
                alert.factor + 1
            ),
        ),
        (
            without_past[0] + earlier_errors(alert, alert.long),
            "Earlier errors raise the threshold of the long window.",
            "Adds the earlier errors instead of subtracting them.".to_owned(),
        ),
    ]
}

/// Returns the sentence that computes the errors with which the last window of `length` buckets is above the factor.
fn explain_least(alert: &Alert, length: usize) -> String {
    let (_, requests) = window(alert, alert.errors.len(), length);
    format!(
        "Over {}: {} x {} of {requests} requests is {:.2} errors; {} of them are there, so the bucket needs {}.",
        buckets(length),
        alert.factor,
        percent(alert.allowed),
        (requests * alert.allowed * alert.factor) as f64 / 100_000.0,
        earlier_errors(alert, length),
        least(alert, alert.factor, length)
    )
}

/// Replaces the errors of the last bucket, which is number `asked`, by a question mark.
fn hide_last_errors(s: &mut Situation, asked: usize) {
    s.scenario["errors"][asked - 1] = Value::Null;
    if let Some(Drawing::Table(table)) = s.figures.last_mut().map(|figure| &mut figure.drawing)
        && let Some(cell) = table.rows.last_mut().and_then(|row| row.last_mut())
    {
        *cell = "?".into();
    }
}
