//! Numbers as people write them.

pub fn show(value: f64) -> String {
    value.to_string()
}

pub fn parse(text: &str, _unit: &str) -> Result<f64, ()> {
    text.parse().map_err(drop)
}
