//! Idempotency keys: retries, lost messages, crashes and keys that expire.

mod lifetime;
mod server;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::json;

use self::lifetime::lifetime;
use self::server::{
    Attempt, Fate, Reply, Result, Strategy, effects, handle, last_reply_with_extensions, run,
};
use super::construct::{ask, steps, texts, whole, word};
use super::{Bounds, Model, Situation, attempts, between, chance, in_words, pick, table};
use crate::core::instance::{Alternative, Outcome};
use crate::core::question::Kind;
use crate::core::rng::Stream;

pub const MODEL: Model = Model {
    name: "idempotency",
    version: 2,
    summary: "A client retries one operation with one key at a server that remembers keys.",
    rules: &[
        "All attempts belong to one operation and carry the same key. The server takes no time.",
        "A request that is lost never reaches the server; a reply that is lost leaves everything \
         else as it was.",
        "Claim first: the server claims the key, carries out the effect, and stores the reply \
         with the key. While a claim has no reply, further attempts get 409.",
        "Record after: the server carries out the effect and then stores the key with the reply.",
        "Atomic: effect, key and reply are committed in one transaction.",
        "A stored reply is returned without another effect.",
        "The key is valid over [claim or store, that time + lifetime); finding it doesn't extend \
         it. After that, the server knows nothing of it.",
        "A crash between two of these parts leaves what was done before it, and no reply is sent.",
    ],
    rivals: &["Each attempt that finds the key extends its lifetime."],
    asks: &[
        ask(
            "effects",
            &[Kind::Multiple],
            &["lifetime", "count"],
            "Which attempts cause an effect?",
        ),
        ask(
            "receives",
            &[Kind::Single],
            &["lifetime", "time"],
            "What does the client receive (claim first)?",
        ),
        ask(
            "lifetime",
            &[Kind::Numeric],
            &[],
            "The smallest lifetime with a single effect.",
        ),
    ],
    bounds: &[
        whole("attempts", (5, 6), (5, 5), "The number of attempts."),
        word(
            "strategy",
            &["claim", "record", "atomic"],
            "What the server does, for `effects`.",
        ),
    ],
    draw,
};

struct Scene {
    strategy: Strategy,
    /// How long a key is valid, in seconds.
    lifetime: i64,
    attempts: Vec<Attempt>,
}

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let count = bounds.number("attempts", random) as usize;
    let strategy = match bounds.word("strategy") {
        "record" => Strategy::Record,
        "atomic" => Strategy::Atomic,
        _ => Strategy::Claim,
    };
    let mut effects: Vec<usize> = (0..count).collect();
    random.shuffle(&mut effects);
    effects.truncate(2 + random.below(2) as usize);
    let reply = pick(&[Reply::New, Reply::Stored, Reply::Conflict], random);
    let deciding = random.below(4) as usize;
    let mut draw_effects = |tries, deciding| {
        attempts(tries, random, |random| {
            let scene = draw_scene(strategy, count, Some(&effects), random)?;
            effects_of(&scene, &effects, deciding)
        })
    };
    match ask {
        "lifetime" => attempts(3000, random, |random| lifetime(count, random)),
        "receives" => attempts(3000, random, |random| {
            receives(
                &draw_scene(Strategy::Claim, count, None, random)?,
                reply,
                random,
            )
        }),
        // Not every set of effects leaves room for the lifetime to decide.
        _ if strategy == Strategy::Record => {
            draw_effects(300, Some(deciding)).or_else(|| draw_effects(3000, None))
        }
        _ => draw_effects(3000, None),
    }
}

/// Draws attempts, of which exactly those in `effects` have one, if it is given.
fn draw_scene(
    strategy: Strategy,
    count: usize,
    effects: Option<&[usize]>,
    random: &mut Stream,
) -> Option<Scene> {
    let lifetime = between(20, 60, random);
    let start = between(1, 40, random);
    let mut key = None;
    let mut drawn: Vec<Attempt> = Vec::new();
    for i in 0..count {
        let (attempt, next) = attempts(12, random, |random| {
            let longest = if chance(30, random) {
                lifetime * 5 / 4
            } else {
                lifetime / 3
            };
            let at = drawn
                .last()
                .map_or(start, |last| last.at + between(2, longest, random));
            let attempt = Attempt {
                at,
                fate: draw_fate(random),
            };
            let mut next = key.clone();
            let result = handle(strategy, lifetime, &attempt, &mut next);
            let crashes = matches!(attempt.fate, Fate::CrashBefore | Fate::CrashAfter);
            let is_done = matches!(result.reply, Some(Reply::New | Reply::Stored));
            let fits = !result.at_the_end
                && (!crashes || result.executes)
                && (!is_done || i + 1 == count)
                && effects.is_none_or(|effects| result.effect == effects.contains(&i));
            fits.then_some((attempt, next))
        })?;
        key = next;
        drawn.push(attempt);
    }
    Some(Scene {
        strategy,
        lifetime,
        attempts: drawn,
    })
}

fn draw_fate(random: &mut Stream) -> Fate {
    match random.below(10) {
        0 | 1 => Fate::RequestLost,
        2 | 3 => Fate::ReplyLost,
        4 | 5 => Fate::CrashBefore,
        6 | 7 => Fate::CrashAfter,
        _ => Fate::Fine,
    }
}

impl Scene {
    fn results(&self) -> Vec<Result> {
        run(self.strategy, self.lifetime, &self.attempts)
    }
}

/// Returns true if the lifetime decides: a renewed or an endless one would give other effects, or at
/// least an attempt finds a valid key.
fn lifetime_decides(scene: &Scene, results: &[Result], deciding: usize) -> bool {
    let under = |lifetime, is_renewed| {
        let others = effects(scene.strategy, lifetime, &scene.attempts, is_renewed);
        results.iter().zip(others).any(|(a, b)| a.effect != b)
    };
    match deciding {
        0 => under(scene.lifetime, true),
        1 | 2 => under(i64::from(i32::MAX), false),
        _ => (0..results.len())
            .any(|i| !results[i].executes && scene.attempts[i].fate != Fate::RequestLost),
    }
}

fn effects_of(scene: &Scene, wanted: &[usize], deciding: Option<usize>) -> Option<Situation> {
    let results = scene.results();
    let fine = |i: usize| scene.attempts[i].fate == Fate::Fine;
    let is_naive = (0..results.len()).all(|i| results[i].effect == fine(i));
    if is_naive || deciding.is_some_and(|of| !lifetime_decides(scene, &results, of)) {
        return None;
    }
    let options = results.iter().enumerate().map(|(i, result)| {
        let text = format!("The attempt at {} s", scene.attempts[i].at);
        if result.effect {
            return Alternative::right(&text, &result.why);
        }
        let misconception = match (scene.attempts[i].fate, result.reply) {
            (Fate::RequestLost, _) => "Every attempt that the client sends reaches the server.",
            (Fate::CrashBefore, _) => "A crash comes after the effect.",
            (_, Some(Reply::Conflict)) => "A claim ends with the crash of the server.",
            _ => "A retry repeats the effect as long as the client has no reply.",
        };
        Alternative::wrong(&text, &result.why, misconception)
    });
    let outcome = Outcome::Several {
        options: options.collect(),
    };
    let count = in_words(wanted.len()).to_owned();
    Some(situation(
        scene,
        &results,
        outcome,
        &[("count", count)],
        None,
    ))
}

fn receives(scene: &Scene, wanted: Reply, random: &mut Stream) -> Option<Situation> {
    let results = scene.results();
    let heard = |i: &usize| results[*i].reply == Some(wanted) && *i >= 2;
    let places: Vec<usize> = (0..results.len()).filter(heard).collect();
    if places.is_empty() || results.iter().filter(|result| result.effect).count() == 0 {
        return None;
    }
    let place = pick(&places, random);
    let result = &results[place];
    let options = [Reply::New, Reply::Stored, Reply::Conflict].map(|reply| {
        let text = match reply {
            Reply::New => "The reply to a new effect",
            Reply::Stored => "A stored reply",
            Reply::Conflict => "409, in progress",
        };
        if reply == wanted {
            return Alternative::right(text, &result.why);
        }
        let slip = SLIPS
            .iter()
            .find(|slip| slip.reply(scene, place) == Some(reply));
        let misconception = slip.map_or(NO_SLIP, |slip| slip.text());
        let why = why_not(scene, &results, place, reply);
        Alternative::wrong(text, &why, misconception)
    });
    let at = scene.attempts[place].at;
    let outcome = Outcome::One {
        options: options.to_vec(),
    };
    let time = ("time", format!("{at} s"));
    Some(situation(scene, &results, outcome, &[time], Some(at)))
}

/// A misconception about what an attempt receives: a rule that replaces the right one.
#[derive(Clone, Copy, Debug)]
enum Slip {
    /// The key is valid for ever.
    NeverEnds,
    /// Each attempt that finds the key extends its lifetime.
    Extends,
    /// A crash also removes the claim, as if the key had never been used.
    CrashReleases,
    /// A crash after the effect leaves a stored reply.
    EffectStores,
    /// A lost reply leaves no key.
    LossForgets,
    /// A lost reply leaves a claim without a reply.
    LossClaims,
    /// A request that is lost claims the key.
    LostRequestClaims,
}

const SLIPS: [Slip; 7] = [
    Slip::NeverEnds,
    Slip::Extends,
    Slip::CrashReleases,
    Slip::EffectStores,
    Slip::LossForgets,
    Slip::LossClaims,
    Slip::LostRequestClaims,
];

/// The label of an option that follows from no misconception.
const NO_SLIP: &str = "Doesn't follow the attempts one by one.";

impl Slip {
    /// Returns the misconception as a sentence.
    fn text(self) -> &'static str {
        match self {
            Slip::NeverEnds => "A key stays valid until the operation is finished.",
            Slip::Extends => "Each attempt that finds the key extends its lifetime.",
            Slip::CrashReleases => "A crash of the server releases its claim.",
            Slip::EffectStores => "The reply is stored together with the effect.",
            Slip::LossForgets => "A retry repeats the effect as long as the client has no reply.",
            Slip::LossClaims => "A reply that is lost isn't stored, so the claim stays open.",
            Slip::LostRequestClaims => "A request that is lost claims the key.",
        }
    }

    /// Returns what the attempt at `place` receives under this rule.
    fn reply(self, scene: &Scene, place: usize) -> Option<Reply> {
        let (from, to) = match self {
            Slip::LossForgets | Slip::LossClaims => (Fate::ReplyLost, Fate::CrashAfter),
            Slip::LostRequestClaims => (Fate::RequestLost, Fate::CrashBefore),
            Slip::EffectStores => (Fate::CrashAfter, Fate::ReplyLost),
            _ => (Fate::Fine, Fate::Fine),
        };
        let mut attempts = scene.attempts[..=place].to_vec();
        for attempt in attempts.iter_mut().filter(|attempt| attempt.fate == from) {
            attempt.fate = to;
        }
        let strategy = match self {
            Slip::CrashReleases | Slip::LossForgets => Strategy::Record,
            _ => Strategy::Claim,
        };
        let lifetime = match self {
            Slip::NeverEnds => i64::from(i32::MAX),
            _ => scene.lifetime,
        };
        match self {
            Slip::Extends => last_reply_with_extensions(strategy, lifetime, &attempts),
            _ => run(strategy, lifetime, &attempts).pop()?.reply,
        }
    }
}

/// Explains why the attempt at `place` doesn't receive `reply`.
fn why_not(scene: &Scene, results: &[Result], place: usize, reply: Reply) -> String {
    let at = scene.attempts[place].at;
    let begun = (0..place).rfind(|&i| results[i].executes);
    let since = begun.map(|i| scene.attempts[i].at);
    match (results[place].reply, since) {
        (Some(Reply::New), _) | (_, None) => {
            let before = match since {
                Some(since) => format!(
                    "The key from {since} s ended at {} s",
                    since + scene.lifetime
                ),
                None => format!("No request reached the server before {at} s"),
            };
            match reply {
                Reply::Stored => format!("{before}, so there is no stored reply."),
                _ => format!("{before}, so there is no claim."),
            }
        }
        (_, Some(since)) => match reply {
            Reply::New => format!(
                "The key from {since} s is valid until {} s, so the operation doesn't begin again.",
                since + scene.lifetime
            ),
            Reply::Stored => format!("The crash at {since} s left the claim without a reply."),
            Reply::Conflict => format!("The key from {since} s has a reply."),
        },
    }
}

fn situation(
    scene: &Scene,
    results: &[Result],
    outcome: Outcome,
    values: &[(&str, String)],
    time: Option<i64>,
) -> Situation {
    let rows = scene.attempts.iter().enumerate().map(|(i, attempt)| {
        let fate = attempt.fate.text(scene.strategy).to_owned();
        vec![(i + 1).to_string(), attempt.at.to_string(), fate]
    });
    let alt = "The attempts of a client with one idempotency key, and what goes wrong.";
    let columns = ["attempt", "time (s)", "what goes wrong"];
    let lines = scene
        .attempts
        .iter()
        .zip(results)
        .map(|(a, r)| format!("At {} s: {}", a.at, r.why));
    let mut all = texts([("lifetime", format!("{} s", scene.lifetime))]);
    all.extend(
        values
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.as_str().into())),
    );
    let fates: BTreeSet<&str> = scene.attempts.iter().map(|a| a.fate.word()).collect();
    let attempts = scene
        .attempts
        .iter()
        .map(|attempt| json!({ "at": attempt.at, "fate": attempt.fate.word() }));
    Situation {
        scenario: json!({
            "unit": "s",
            "strategy": scene.strategy.word(),
            "lifetime": scene.lifetime,
            "attempts": attempts.collect::<Vec<_>>(),
            "fates": fates,
            "time": time,
        }),
        figures: vec![table(alt, &columns, rows.collect(), &[0, 1])],
        texts: all,
        outcome,
        steps: steps(lines.collect()),
        solved: Vec::new(),
    }
}
