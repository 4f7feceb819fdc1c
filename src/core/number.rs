//! Numbers as people write them.

pub fn show(value: f64) -> String {
    value.to_string()
}
