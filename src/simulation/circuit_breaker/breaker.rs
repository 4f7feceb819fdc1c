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
    /// When it opened last, until it closes.
    opened: Option<i64>,
    /// The successes since it became half open.
    successes: usize,
    /// The calls since it closed; true for a failure.
    failures: Vec<bool>,
}

impl Breaker<'_> {
    fn state(&self, now: i64) -> State {
        match self.opened {
            None => State::Closed,
            Some(at) if now < at + self.config.wait => State::Open,
            Some(_) => State::HalfOpen,
        }
    }

    fn must_open(&self) -> bool {
        let failures = &self.failures;
        match self.config.rule {
            Rule::Consecutive { failures: n } => {
                failures.iter().rev().take_while(|failed| **failed).count() >= n
            }
            Rule::Window { calls, percent } => {
                let last = &failures[failures.len().saturating_sub(calls)..];
                let failed = last.iter().filter(|failed| **failed).count();
                last.len() == calls && failed * 100 >= percent * calls
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
        match before {
            State::Open => call.failed = false,
            State::Closed => {
                self.failures.push(failed);
                call.opens = self.must_open();
            }
            State::HalfOpen if failed => call.opens = true,
            State::HalfOpen => {
                self.successes += 1;
                call.closes = self.successes == self.config.successes;
            }
        }
        if call.opens || call.closes {
            self.opened = call.opens.then_some(now);
            self.successes = 0;
            self.failures.clear();
        }
        call
    }
}

fn breaker(config: &Config) -> Breaker<'_> {
    Breaker {
        config,
        opened: None,
        successes: 0,
        failures: Vec::new(),
    }
}

/// Returns what happens to the calls at `times`, which ascend.
pub fn run(config: &Config, times: &[i64]) -> Vec<Call> {
    let mut breaker = breaker(config);
    times.iter().map(|time| breaker.call(*time)).collect()
}

/// Returns the state at `time`, after all calls before it.
pub fn state_at(config: &Config, times: &[i64], time: i64) -> State {
    let mut breaker = breaker(config);
    for &at in times.iter().filter(|at| **at < time) {
        breaker.call(at);
    }
    breaker.state(time)
}
