//! A server that remembers the key of an operation.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Claims the key, then the effect, then stores the reply.
    Claim,
    /// The effect, then stores the key with the reply.
    Record,
    /// All in one transaction.
    Atomic,
}

impl Strategy {
    pub fn word(self) -> &'static str {
        match self {
            Strategy::Claim => "claim-first",
            Strategy::Record => "record-after",
            Strategy::Atomic => "atomic",
        }
    }
}

/// What goes wrong with an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Fine,
    RequestLost,
    ReplyLost,
    /// The server crashes before the effect; with a claim, after the claim.
    CrashBefore,
    /// The server crashes after the effect and before the key or reply is stored; if all of it is
    /// atomic, after the commit.
    CrashAfter,
}

impl Fate {
    pub fn text(self, strategy: Strategy) -> &'static str {
        match (self, strategy) {
            (Fate::Fine, _) => "nothing",
            (Fate::RequestLost, _) => "request lost",
            (Fate::ReplyLost, _) => "reply lost",
            (Fate::CrashBefore, Strategy::Claim) => "crash between claim and effect",
            (Fate::CrashBefore, Strategy::Record) => "crash before the effect",
            (Fate::CrashBefore, Strategy::Atomic) => "crash before the commit",
            (Fate::CrashAfter, Strategy::Claim) => "crash between effect and storing the reply",
            (Fate::CrashAfter, Strategy::Record) => "crash between effect and storing the key",
            (Fate::CrashAfter, Strategy::Atomic) => "crash right after the commit",
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Fate::Fine => "none",
            Fate::RequestLost => "request-lost",
            Fate::ReplyLost => "reply-lost",
            Fate::CrashBefore => "crash-before-effect",
            Fate::CrashAfter => "crash-after-effect",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Attempt {
    pub at: i64,
    pub fate: Fate,
}

/// What the client receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    New,
    Stored,
    Conflict,
}

/// What an attempt leads to.
#[derive(Clone, Debug)]
pub struct Result {
    pub effect: bool,
    /// `None` if no reply reaches the client.
    pub reply: Option<Reply>,
    /// The server found no key and began with the operation.
    pub executes: bool,
    /// The attempt came at the moment at which a key ends.
    pub at_the_end: bool,
    pub why: String,
}

/// A key that the server knows.
#[derive(Clone)]
pub struct Key {
    since: i64,
    has_reply: bool,
}

/// Returns the results of the attempts, which are in the order of their times.
pub fn run(strategy: Strategy, lifetime: i64, attempts: &[Attempt]) -> Vec<Result> {
    let mut key: Option<Key> = None;
    attempts
        .iter()
        .map(|attempt| handle(strategy, lifetime, attempt, &mut key))
        .collect()
}

/// Returns what the last of `attempts` receives if each attempt that finds the key extends its
/// lifetime.
pub fn last_reply_with_extensions(
    strategy: Strategy,
    lifetime: i64,
    attempts: &[Attempt],
) -> Option<Reply> {
    with_extensions(strategy, lifetime, attempts).pop()?.reply
}

/// Returns whether each attempt has an effect; with `is_renewed`, each attempt that finds the key
/// extends its lifetime.
pub fn effects(
    strategy: Strategy,
    lifetime: i64,
    attempts: &[Attempt],
    is_renewed: bool,
) -> Vec<bool> {
    let results = match is_renewed {
        true => with_extensions(strategy, lifetime, attempts),
        false => run(strategy, lifetime, attempts),
    };
    results.into_iter().map(|result| result.effect).collect()
}

fn with_extensions(strategy: Strategy, lifetime: i64, attempts: &[Attempt]) -> Vec<Result> {
    let mut key: Option<Key> = None;
    let mut results = Vec::new();
    for attempt in attempts {
        results.push(handle(strategy, lifetime, attempt, &mut key));
        if let Some(found) = &mut key
            && attempt.fate != Fate::RequestLost
        {
            found.since = attempt.at;
        }
    }
    results
}

/// Handles one attempt.
pub fn handle(
    strategy: Strategy,
    lifetime: i64,
    attempt: &Attempt,
    key: &mut Option<Key>,
) -> Result {
    let (at, fate) = (attempt.at, attempt.fate);
    if fate == Fate::RequestLost {
        let why = "The request never reaches the server.".to_owned();
        return Result {
            effect: false,
            reply: None,
            executes: false,
            at_the_end: false,
            why,
        };
    }
    let end = key.as_ref().map(|key| key.since + lifetime);
    let at_the_end = end == Some(at);
    let heard = |reply| (fate != Fate::ReplyLost).then_some(reply);
    if let Some(found) = key.as_ref().filter(|key| at < key.since + lifetime) {
        let (reply, why) = match found.has_reply {
            true => (Reply::Stored, "is stored, so the server returns its reply"),
            false => (
                Reply::Conflict,
                "is claimed and has no reply, so the server answers 409",
            ),
        };
        let why = format!("The key from {} s {why}.", found.since);
        return Result {
            effect: false,
            reply: heard(reply),
            executes: false,
            at_the_end,
            why,
        };
    }
    let effect = fate != Fate::CrashBefore;
    let stored = match strategy {
        Strategy::Claim => Some(!matches!(fate, Fate::CrashBefore | Fate::CrashAfter)),
        Strategy::Record => (!matches!(fate, Fate::CrashBefore | Fate::CrashAfter)).then_some(true),
        Strategy::Atomic => (fate != Fate::CrashBefore).then_some(true),
    };
    *key = stored.map(|has_reply| Key {
        since: at,
        has_reply,
    });
    let crashed = matches!(fate, Fate::CrashBefore | Fate::CrashAfter);
    let before = match end {
        Some(end) => format!("The key ended at {end} s: the server"),
        None => "No key is known: the server".to_owned(),
    };
    let what = if effect {
        "carries out the effect"
    } else {
        "crashes before the effect"
    };
    let left = match (stored, crashed) {
        (Some(true), _) => format!(" and keeps the key until {} s.", at + lifetime),
        (Some(false), _) => format!(" and leaves a claim until {} s.", at + lifetime),
        (None, _) => " and leaves no key.".to_owned(),
    };
    let reply = if crashed { None } else { heard(Reply::New) };
    let why = format!("{before} {what}{left}");
    Result {
        effect,
        reply,
        executes: true,
        at_the_end,
        why,
    }
}
