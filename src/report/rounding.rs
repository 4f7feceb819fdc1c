//! Rounding of numbers when they are written as JSON. Texts are formatted from the exact numbers, so each is rounded
//! once.

use serde::{Serialize, Serializer};

/// A number, or an optional one.
pub trait Number: Serialize {
    /// Rounds to a multiple of `1 / parts`.
    fn rounded(&self, parts: f64) -> Self;
}

impl Number for f64 {
    fn rounded(&self, parts: f64) -> Self {
        (self * parts).round() / parts
    }
}

impl Number for Option<f64> {
    fn rounded(&self, parts: f64) -> Self {
        self.map(|number| number.rounded(parts))
    }
}

/// Serialises a percentage with one decimal.
pub fn tenths<S: Serializer>(number: &impl Number, serializer: S) -> Result<S::Ok, S::Error> {
    number.rounded(10.0).serialize(serializer)
}

/// Serialises a share or a score with three decimals.
pub fn thousandths<S: Serializer>(number: &impl Number, serializer: S) -> Result<S::Ok, S::Error> {
    number.rounded(1000.0).serialize(serializer)
}
