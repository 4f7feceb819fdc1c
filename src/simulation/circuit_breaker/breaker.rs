//! The states of a circuit breaker.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Closed,
    Open,
    HalfOpen,
}

impl State {
    pub fn text(self) -> &'static str {
        match self {
            State::Closed => "Closed",
            State::Open => "Open",
            State::HalfOpen => "Half open",
        }
    }
}

/// When a closed breaker opens.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    Consecutive {
        failures: usize,
    },
    /// At least `percent` of the last `calls` calls failed.
    Window {
        calls: usize,
        percent: usize,
    },
}

#[derive(Clone, Debug)]
pub struct Config {
    pub rule: Rule,
    pub wait: i64,
    pub successes: usize,
    pub outages: Vec<(i64, i64)>,
}

/// A misconception: a rule that replaces the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip {
    /// The end of the wait closes the breaker.
    WaitCloses,
    /// The breaker is open until the outage is over, and then closed.
    OutageDecides,
    /// One success closes a half-open breaker, whatever the settings say.
    FirstSuccessCloses,
    /// The first success of a half-open breaker doesn't count.
    FirstSuccessIsLost,
    /// The breaker stays open until a call comes after the wait.
    NextCall,
    /// A refused call starts the wait anew.
    RefusalExtends,
    /// A failure of a half-open breaker doesn't start a new wait.
    StaysHalfOpen,
    /// A success doesn't reset the count of failures.
    CountsAllFailures,
    /// A window counts before it has all of its calls.
    CountsFromFirst,
    /// A window has all calls since the breaker closed.
    CountsAllCalls,
    /// The breaker opens at the first failure.
    FirstFailureOpens,
    /// A closed breaker is half open after a failure.
    FailureHalfOpens,
}

impl Slip {
    pub const ALL: [Slip; 12] = [
        Slip::WaitCloses,
        Slip::OutageDecides,
        Slip::FirstSuccessCloses,
        Slip::FirstSuccessIsLost,
        Slip::NextCall,
        Slip::RefusalExtends,
        Slip::StaysHalfOpen,
        Slip::CountsAllFailures,
        Slip::CountsFromFirst,
        Slip::CountsAllCalls,
        Slip::FirstFailureOpens,
        Slip::FailureHalfOpens,
    ];

    /// Returns the misconception as a sentence.
    pub fn text(self) -> &'static str {
        match self {
            Slip::WaitCloses => "The breaker closes when the wait is over.",
            Slip::OutageDecides => "The breaker is open until the outage is over, and then closed.",
            Slip::FirstSuccessCloses => "The first success closes a half-open breaker.",
            Slip::FirstSuccessIsLost => "The first success of a half-open breaker doesn't count.",
            Slip::NextCall => "The breaker stays open until a call comes after the wait.",
            Slip::RefusalExtends => "A refused call starts the wait again.",
            Slip::StaysHalfOpen => "A half-open breaker stays half open after a failure.",
            Slip::CountsAllFailures => "A success between two failures doesn't reset the count.",
            Slip::CountsFromFirst => "The share counts before there are as many calls as it needs.",
            Slip::CountsAllCalls => "The share is that of all calls since the breaker closed.",
            Slip::FirstFailureOpens => "The first failure opens the breaker.",
            Slip::FailureHalfOpens => "A failure makes a closed breaker half open.",
        }
    }
}

/// What happens to a call.
#[derive(Clone, Debug)]
pub struct Call {
    /// The state in which the breaker meets the call.
    pub before: State,
    pub refused: bool,
    pub failed: bool,
    pub opens: bool,
    pub closes: bool,
}

impl Call {
    pub fn succeeded(&self) -> bool {
        !self.refused && !self.failed
    }
}

/// A breaker between two calls.
struct Breaker<'a> {
    config: &'a Config,
    slip: Option<Slip>,
    /// When it opened last, until it closes.
    opened: Option<i64>,
    /// A call has come since it became half open.
    is_probed: bool,
    /// The successes since it became half open.
    successes: usize,
    /// The calls since it closed; true for a failure.
    failures: Vec<bool>,
}

impl Breaker<'_> {
    fn state(&self, now: i64) -> State {
        match self.opened {
            None => State::Closed,
            Some(at) if self.slip == Some(Slip::OutageDecides) => {
                match self.config.outages.iter().rfind(|(from, _)| *from <= at) {
                    Some((_, to)) if now < *to => State::Open,
                    _ => State::Closed,
                }
            }
            Some(at) if now < at + self.config.wait => State::Open,
            Some(_) if self.slip == Some(Slip::WaitCloses) => State::Closed,
            Some(_) => State::HalfOpen,
        }
    }

    /// Returns the state as it is shown between two calls.
    fn shown(&self, now: i64) -> State {
        match (self.slip, self.state(now)) {
            (Some(Slip::FailureHalfOpens), State::Closed)
                if self.failures.last() == Some(&true) =>
            {
                State::HalfOpen
            }
            (Some(Slip::NextCall), State::HalfOpen) if !self.is_probed => State::Open,
            (_, state) => state,
        }
    }

    /// Returns how many successes close the half-open breaker.
    fn needed(&self) -> usize {
        match self.slip {
            Some(Slip::FirstSuccessCloses) => 1,
            Some(Slip::FirstSuccessIsLost) => self.config.successes + 1,
            _ => self.config.successes,
        }
    }

    fn must_open(&self) -> bool {
        let failures = &self.failures;
        match self.config.rule {
            _ if self.slip == Some(Slip::FirstFailureOpens) => failures.last() == Some(&true),
            Rule::Consecutive { failures: n } if self.slip == Some(Slip::CountsAllFailures) => {
                failures.iter().filter(|failed| **failed).count() >= n
            }
            Rule::Consecutive { failures: n } => {
                failures.iter().rev().take_while(|failed| **failed).count() >= n
            }
            Rule::Window { calls, percent } => {
                let last = match self.slip {
                    Some(Slip::CountsAllCalls) => failures.as_slice(),
                    _ => &failures[failures.len().saturating_sub(calls)..],
                };
                let failed = last.iter().filter(|failed| **failed).count();
                let is_full = last.len() >= calls || self.slip == Some(Slip::CountsFromFirst);
                is_full && failed * 100 >= percent * last.len()
            }
        }
    }

    fn call(&mut self, now: i64) -> Call {
        let before = self.state(now);
        let failed = self
            .config
            .outages
            .iter()
            .any(|(from, to)| (*from..*to).contains(&now));
        let refused = before == State::Open;
        let mut call = Call {
            before,
            refused,
            failed,
            opens: false,
            closes: false,
        };
        self.is_probed |= before == State::HalfOpen;
        match before {
            State::Open => {
                call.failed = false;
                if self.slip == Some(Slip::RefusalExtends) {
                    self.opened = Some(now);
                }
            }
            State::Closed => {
                if self.opened.take().is_some() {
                    self.forget();
                }
                self.failures.push(failed);
                call.opens = self.must_open();
            }
            State::HalfOpen if failed && self.slip == Some(Slip::StaysHalfOpen) => {}
            State::HalfOpen if failed => call.opens = true,
            State::HalfOpen => {
                self.successes += 1;
                call.closes = self.successes == self.needed();
            }
        }
        if call.opens || call.closes {
            self.opened = call.opens.then_some(now);
            self.forget();
        }
        call
    }

    /// Clears the counts, as opening and closing do.
    fn forget(&mut self) {
        self.successes = 0;
        self.is_probed = false;
        self.failures.clear();
    }
}

fn breaker(config: &Config, slip: Option<Slip>) -> Breaker<'_> {
    Breaker {
        config,
        slip,
        opened: None,
        is_probed: false,
        successes: 0,
        failures: Vec::new(),
    }
}

/// Returns what happens to the calls at `times`, which ascend, by the right rules or with a slip.
pub fn run(config: &Config, times: &[i64], slip: Option<Slip>) -> Vec<Call> {
    let mut breaker = breaker(config, slip);
    times.iter().map(|time| breaker.call(*time)).collect()
}

/// Returns the state at `time`, after all calls before it, by the right rules or with a slip.
pub fn state_at(config: &Config, times: &[i64], time: i64, slip: Option<Slip>) -> State {
    let mut breaker = breaker(config, slip);
    for &at in times.iter().filter(|at| **at < time) {
        breaker.call(at);
    }
    breaker.shown(time)
}
