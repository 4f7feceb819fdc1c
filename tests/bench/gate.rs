//! Statistics with their standard errors and the values that they must reach.

/// The value that the mean over the seeds must reach, minus one standard error.
#[derive(Clone, Copy)]
pub enum Gate {
    AtLeast(f64),
    Within(f64, f64),
    /// No gate: the value is printed for comparison.
    None,
}

/// A printer for the rows of the benchmark, which counts the gates that fail.
pub struct Gates {
    /// The number of standard errors by which a statistic may miss its gate.
    slack: f64,
    missed: Vec<String>,
}

impl Gates {
    pub fn new(slack: f64) -> Self {
        Self {
            slack,
            missed: Vec::new(),
        }
    }

    /// Prints a row for a statistic that has one value per seed.
    pub fn row(&mut self, name: &str, values: &[f64], gate: Gate) {
        let (mean, error) = mean_and_error(values);
        let wanted = match gate {
            Gate::AtLeast(least) => format!("at least {least:.3}"),
            Gate::Within(least, most) => format!("{least:.2} to {most:.2}"),
            Gate::None => String::new(),
        };
        let line = format!(
            "{name:<38} {mean:.3} ({error:.3})  {wanted:<15} {}",
            self.verdict(name, mean, error, gate)
        );
        println!("{}", line.trim_end());
    }

    /// Prints the time of a step and its limit, which is `most` times the slack, in milliseconds.
    pub fn time(&mut self, name: &str, milliseconds: f64, most: f64) {
        let most = most * self.slack;
        let is_kept = milliseconds <= most;
        if !is_kept {
            self.missed.push(name.to_owned());
        }
        println!(
            "{name:<38} {milliseconds:.3} ms       at most {most:<7.1} {}",
            if is_kept { "ok" } else { "MISSED" }
        );
    }

    /// Returns a table cell for a value that must reach `least`, and marks a value that doesn't.
    pub fn cell(&mut self, name: &str, values: &[f64], least: f64) -> String {
        let (mean, error) = mean_and_error(values);
        let mark = if self.verdict(name, mean, error, Gate::AtLeast(least)) == "ok" {
            " "
        } else {
            "!"
        };
        format!("{mean:.3}{mark}")
    }

    fn verdict(&mut self, name: &str, mean: f64, error: f64, gate: Gate) -> &'static str {
        let slack = self.slack * error;
        let holds = match gate {
            Gate::AtLeast(least) => mean >= least - slack,
            Gate::Within(least, most) => (least - slack..=most + slack).contains(&mean),
            Gate::None => return "",
        };
        if holds {
            return "ok";
        }
        self.missed.push(format!("{name}: {mean:.3} ({error:.3})"));
        "MISSED"
    }

    /// Returns the gates that fail.
    pub fn missed(&self) -> &[String] {
        &self.missed
    }
}

fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>()
        / (n - 1.0).max(1.0);
    (mean, (variance / n).sqrt())
}
