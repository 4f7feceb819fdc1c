//! Formatting of numbers for reading.

/// The number of significant digits shown, few enough to hide the rounding errors of binary fractions.
const DIGITS: usize = 12;
/// The number of digits from which thousands are separated.
const SEPARATED: usize = 5;
/// Integers below this are shown in full; `f64` represents each of them exactly.
const EXACT: f64 = 1e15;

/// Formats a number for reading: rounded to 12 digits, with thousands separated from 10,000 on, and very large and
/// very small numbers as `1.5e20`. [`super::parse`] accepts the result.
pub fn show(value: f64) -> String {
    if !value.is_finite() {
        return if value.is_nan() {
            "not a number"
        } else {
            "infinite"
        }
        .to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let size = value.abs();
    if size < EXACT && size.fract() == 0.0 {
        return format!("{sign}{}", separate(&format!("{size:.0}")));
    }
    let scientific = format!("{size:.*e}", DIGITS - 1);
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-6..15).contains(&exponent) {
        return format!("{sign}{digits}e{exponent}");
    }
    let decimals = (digits.len().saturating_sub(2) as i32 - exponent).max(0) as usize;
    let rounded: f64 = scientific.parse().unwrap_or(size);
    // A number with more than 12 digits before the point is not rounded to zeros, which look like digits.
    let shown = if exponent >= DIGITS as i32 {
        size
    } else {
        rounded
    };
    let plain = format!("{shown:.decimals$}");
    match plain.split_once('.') {
        Some((whole, fraction)) => format!("{sign}{}.{fraction}", separate(whole)),
        None => format!("{sign}{}", separate(&plain)),
    }
}

/// Formats a value to the precision that `tolerance` allows: 515.5 instead of 515.506849315 within 5.
pub fn show_within(value: f64, tolerance: f64) -> String {
    if !value.is_finite() || !tolerance.is_finite() || tolerance <= 0.0 {
        return show(value);
    }
    let decimals = (1.0 - tolerance.log10().floor()).clamp(0.0, 15.0);
    let scale = 10f64.powf(decimals);
    let rounded = (value * scale).round() / scale;
    if rounded.is_finite() {
        show(rounded)
    } else {
        show(value)
    }
}

/// Returns `whole` with a comma before every three digits, from 10,000 on.
fn separate(whole: &str) -> String {
    if whole.len() < SEPARATED {
        return whole.to_owned();
    }
    let mut separated = String::with_capacity(whole.len() * 4 / 3);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            separated.push(',');
        }
        separated.push(digit);
    }
    separated
}
