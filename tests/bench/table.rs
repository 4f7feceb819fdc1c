//! A table of measurements and their limits.

use std::fmt;

/// An upper limit of a measurement.
#[derive(Clone, Copy)]
pub enum Budget {
    Median(f64),
    MedianAndP99(f64, f64),
    /// No limit: the value is printed for comparison.
    None,
}

struct Row {
    what: String,
    unit: &'static str,
    samples: Vec<f64>,
    budget: Budget,
}

#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
}

impl Table {
    /// Adds a row. A row without samples counts as a missed budget.
    pub fn add(
        &mut self,
        what: impl Into<String>,
        unit: &'static str,
        mut samples: Vec<f64>,
        budget: Budget,
    ) {
        samples.sort_by(f64::total_cmp);
        self.rows.push(Row {
            what: what.into(),
            unit,
            samples,
            budget,
        });
    }
}

/// Returns the quantile of sorted samples by nearest rank.
fn percentile(samples: &[f64], share: f64) -> f64 {
    let rank = (samples.len() as f64 * share).ceil() as usize;
    samples.get(rank.max(1) - 1).copied().unwrap_or(f64::NAN)
}

pub fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    percentile(&sorted, 0.5)
}

impl Row {
    fn cells(&self) -> [String; 6] {
        let median = percentile(&self.samples, 0.5);
        let p99 = percentile(&self.samples, 0.99);
        let (measured, budget, kept) = match self.budget {
            Budget::Median(most) => (number(median), number(most), Some(median <= most)),
            Budget::MedianAndP99(most, most_p99) => (
                format!("{} / {}", number(median), number(p99)),
                format!("{} / {}", number(most), number(most_p99)),
                Some(median <= most && p99 <= most_p99),
            ),
            Budget::None => (number(median), String::new(), None),
        };
        let verdict = match kept {
            None => "",
            Some(true) => "ok",
            Some(false) => "MISS",
        };
        let n = self.samples.len().to_string();
        [
            self.what.clone(),
            measured,
            budget,
            self.unit.to_owned(),
            n,
            verdict.to_owned(),
        ]
    }
}

fn number(n: f64) -> String {
    match n {
        n if n.is_nan() => "not measured".to_owned(),
        n if n.fract() == 0.0 => format!("{n}"),
        n => format!("{n:.2}"),
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let head = ["what", "measured", "at most", "unit", "n", ""].map(str::to_owned);
        let rows: Vec<[String; 6]> = std::iter::once(head)
            .chain(self.rows.iter().map(Row::cells))
            .collect();
        let widths: [usize; 6] = std::array::from_fn(|i| {
            rows.iter()
                .map(|row| row[i].chars().count())
                .max()
                .unwrap_or(0)
        });
        for row in &rows {
            let [what, measured, budget, unit, n, verdict] = row;
            let line = format!(
                "{what:<w0$}  {measured:>w1$}  {budget:>w2$}  {unit:<w3$}  {n:>w4$}  {verdict}",
                w0 = widths[0],
                w1 = widths[1],
                w2 = widths[2],
                w3 = widths[3],
                w4 = widths[4],
            );
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}
