//! Formulas of numeric questions.

#[derive(Clone, Debug)]
pub struct Formula;

#[derive(Debug, thiserror::Error)]
#[error("not a formula")]
pub struct FormulaError {
    /// In bytes from the start of the source.
    pub at: usize,
}

impl Formula {
    pub fn parse(_source: &str, _params: &[&str]) -> Result<Self, FormulaError> {
        Ok(Self)
    }

    pub fn evaluate(&self, _values: &[f64]) -> f64 {
        0.0
    }

    pub fn uses(&self, _index: usize) -> bool {
        true
    }
}
