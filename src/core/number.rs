//! Parsing and formatting of numbers.

mod show;
#[cfg(test)]
mod tests;

use super::text::Text;

pub use show::{show, show_within};

/// The reason why a typed number was rejected: a sentence shown next to its field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotANumber {
    #[error("Type a number, such as 1500, 1.5k or 1e6.")]
    Empty,
    #[error("\"{0}\" is not a number. Write it as 1500, 1.5k or 1e6.")]
    NoDigits(Text),
    #[error("\"{rest}\" after the number is not understood.{hint}")]
    Rest { rest: Text, hint: String },
    #[error(
        "A comma, a space or _ separates groups of digits, as in 1,000,000. Write a decimal with a point: 1.5."
    )]
    Separator,
    #[error(
        "\"{typed}\" can mean {decimal} or a number with a separator. Write a decimal with a point: {decimal}."
    )]
    DecimalComma { typed: Text, decimal: Text },
    #[error(
        "\"{0}\" has more than one point. Separate groups of digits with a comma, as in 1,000,000."
    )]
    Points(Text),
    #[error(
        "\"{0}\" can be a range or a subtraction. Type one number, or put spaces around the minus."
    )]
    Range(Text),
    #[error(
        "A percent sign can be read in two ways in this calculation. Write 0.1 instead of 10%."
    )]
    Percent,
    #[error(
        "\"{typed}\" has points between groups of digits. Write a decimal with a point: {decimal}."
    )]
    PointsAndComma { typed: Text, decimal: Text },
    #[error("A division by zero has no result.")]
    DivisionByZero,
    #[error("This number is too large or too small to calculate with.")]
    OutOfRange,
}

/// Parses `1500`, `-2.5`, `1e6`, `1_000_000`, `1,000,000`, `1 000 000`, `10k` and `10M` (thousands and millions),
/// `4Ki` and `4Mi` (1024 and its square), each optionally followed by `unit`, and arithmetic with such numbers:
/// `4800/560`.
///
/// `99.9%` is 99.9 if the unit is `%`, and 0.999 if there is no unit. A calculation accepts `%` only if that is the
/// unit: `5% + 5%` is 10, but `50% * 50%` and a division by a percentage are refused.
///
/// # Errors
///
/// Rejects everything else: infinity and NaN, other suffixes and units, and ambiguous numbers.
pub fn parse(text: &str, unit: &str) -> Result<f64, NotANumber> {
    let plain: String = text.trim().chars().map(plain).collect();
    let unit = unit.trim();
    let Some(first) = operator(&plain) else {
        return one(&plain, unit, Rule::Current);
    };
    if plain.as_bytes().get(first) == Some(&b'-') && !plain[..first].ends_with(' ') {
        return Err(NotANumber::Range(excerpt(&plain)));
    }
    if unit == "%" {
        return calculate(&plain, unit);
    }
    let calculation = plain.strip_suffix(unit).unwrap_or(&plain);
    if calculation.contains('%') {
        Err(NotANumber::Percent)
    } else {
        calculate(calculation, "")
    }
}

/// Returns how people of another language would read a number: `1.500` as 1,500, and `1,500` as 1.5. `None` if all
/// people read it alike.
pub fn other_reading(text: &str) -> Option<String> {
    let number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let text = text.trim().trim_start_matches(['-', '+']);
    let digits = &text[..text.find(|c| !number(c)).unwrap_or(text.len())];
    let (at, separator) = digits.match_indices(['.', ',']).next()?;
    let (whole, group) = (&digits[..at], &digits[at + 1..]);
    let is_group = group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
    if !is_group || !(1..=3).contains(&whole.len()) || whole.starts_with('0') {
        return None;
    }
    Some(match separator {
        "." => format!("{whole},{group}"),
        _ => show(format!("{whole}.{group}").parse().ok()?),
    })
}

/// Parses a number by the rule of version 0.1, so that old answers keep their value: `0,125` is 125, and neither
/// spaces between digits nor calculations are read.
///
/// # Errors
///
/// Rejects everything that version 0.1 rejected.
pub fn parse_as_0_1(text: &str, unit: &str) -> Result<f64, NotANumber> {
    let text = text.trim();
    let plain = text.strip_prefix('\u{2212}').map(|rest| format!("-{rest}"));
    one(plain.as_deref().unwrap_or(text), unit.trim(), Rule::Of01)
}

/// The rule for separators between digits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// The rule of version 0.1: no spaces, and groups may begin with 0.
    Of01,
    Current,
}

/// Replaces typographic dashes, spaces and arithmetic signs with their ASCII forms.
fn plain(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
        '\u{d7}' | '\u{b7}' | '\u{22c5}' => '*',
        '\u{f7}' | '\u{2215}' => '/',
        other => other,
    }
}

/// Returns the position of the first operator: one that follows a number and is followed by another.
///
/// The sign of an exponent is not an operator, nor is the slash in `5 reads/s`.
fn operator(text: &str) -> Option<usize> {
    let mut signs = text.match_indices(['+', '-', '*', '/']);
    signs.find_map(|(at, sign)| {
        let (before, after) = (
            &text[..at],
            text[at..].trim_start_matches(sign).trim_start(),
        );
        let is_exponent = before.ends_with(['e', 'E'])
            && before[..before.len() - 1].ends_with(|c: char| c.is_ascii_digit());
        let follows_number = before.contains(|c: char| c.is_ascii_digit());
        let number_follows = after
            .trim_start_matches(['-', '+'])
            .starts_with(|c: char| c.is_ascii_digit() || c == '.');
        (follows_number && number_follows && !is_exponent).then_some(at)
    })
}

/// Calculates sums of products of numbers, from left to right. Each number may have `unit` after it.
///
/// A product accepts at most one percentage, and none as a divisor.
fn calculate(text: &str, unit: &str) -> Result<f64, NotANumber> {
    let (mut sum, mut product, mut operation, mut rest) = (0.0, 1.0, b'*', text);
    let mut has_percent = false;
    loop {
        let end = operator(rest).unwrap_or(rest.len());
        let value = one(&rest[..end], unit, Rule::Current)?;
        let is_percent = rest[..end].contains('%');
        has_percent &= matches!(operation, b'*' | b'/');
        if is_percent && (has_percent || operation == b'/') {
            return Err(NotANumber::Percent);
        }
        has_percent |= is_percent;
        if operation == b'/' && value == 0.0 {
            return Err(NotANumber::DivisionByZero);
        }
        match operation {
            b'*' => product *= value,
            b'/' => product /= value,
            sign => {
                sum += product;
                product = if sign == b'-' { -value } else { value };
            }
        }
        let Some(next) = rest.as_bytes().get(end) else {
            break;
        };
        (operation, rest) = (*next, &rest[end + 1..]);
    }
    let value: f64 = sum + product;
    value
        .is_finite()
        .then_some(value)
        .ok_or(NotANumber::OutOfRange)
}

/// Parses a single number.
fn one(text: &str, unit: &str, rule: Rule) -> Result<f64, NotANumber> {
    let text = text.trim();
    if text.is_empty() {
        return Err(NotANumber::Empty);
    }
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let (digits, rest) = unsigned.split_at(mantissa(unsigned, rule));
    if !digits.contains(|c: char| c.is_ascii_digit()) {
        return Err(NotANumber::NoDigits(excerpt(text)));
    }
    let plain = without_separators(digits, rule)?;
    let (written, rest) = rest.split_at(exponent(rest));
    let (tens, factor) = scale(rest.trim(), unit)?;
    let written: i32 = if written.is_empty() {
        0
    } else {
        written[1..].parse().map_err(|_| NotANumber::OutOfRange)?
    };
    // The exponent is appended as text, because 1.005 times 1000 is not exactly 1005.
    let joined = format!("{plain}e{}", written.saturating_add(tens));
    let value: f64 = sign
        * joined
            .parse::<f64>()
            .map_err(|_| NotANumber::NoDigits(excerpt(text)))?
        * factor;
    let is_lost = rule == Rule::Current && value == 0.0 && !is_zero(&plain);
    // A negative zero is shown with its sign, which means nothing to a reader.
    (value.is_finite() && !is_lost)
        .then_some(value + 0.0)
        .ok_or(NotANumber::OutOfRange)
}

/// Returns true if the number with these digits is zero, and not only too small for an `f64`.
pub fn is_zero(digits: &str) -> bool {
    let mantissa = digits.split(['e', 'E']).next().unwrap_or(digits);
    !mantissa.contains(|c: char| matches!(c, '1'..='9'))
}

/// Returns how many bytes from the start are digits, separators or the decimal point.
///
/// A space is a separator only before another digit, and never under the rule of version 0.1.
fn mantissa(text: &str, rule: Rule) -> usize {
    let bytes = text.as_bytes();
    let is_part = |at: &usize| match bytes[*at] {
        b' ' => {
            rule == Rule::Current && *at > 0 && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
        }
        byte => byte.is_ascii_digit() || matches!(byte, b',' | b'_' | b'.'),
    };
    (0..bytes.len()).take_while(is_part).count()
}

/// Returns how many bytes an exponent such as `e6` or `e-6` takes at the start; 0 if the `e` begins a unit.
fn exponent(text: &str) -> usize {
    let Some(rest) = text.strip_prefix(['e', 'E']) else {
        return 0;
    };
    let sign = usize::from(rest.starts_with(['+', '-']));
    match rest[sign..].bytes().take_while(u8::is_ascii_digit).count() {
        0 => 0,
        digits => 1 + sign + digits,
    }
}

/// Returns only the digits of groups of three between commas, spaces or `_`; version 0.1 read groups of any length
/// between `_`.
///
/// The first of several groups must not begin with 0 under the current rule, because most people who write `0,125` mean a decimal.
fn without_separators(digits: &str, rule: Rule) -> Result<String, NotANumber> {
    if let Some(decimal) = with_decimal_comma(digits) {
        let (typed, decimal) = (excerpt(digits), Text::new(&decimal));
        return Err(NotANumber::PointsAndComma { typed, decimal });
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if fraction.contains('.') {
        return Err(NotANumber::Points(excerpt(digits)));
    }
    let separators: Vec<char> = whole.chars().filter(|c| !c.is_ascii_digit()).collect();
    let groups: Vec<&str> = whole.split([',', ' ', '_']).collect();
    let fits = match separators.first() {
        None => true,
        Some('_') if rule == Rule::Of01 => groups.iter().all(|group| !group.is_empty()),
        Some(_) => {
            (1..=3).contains(&groups[0].len())
                && (rule == Rule::Of01 || !groups[0].starts_with('0'))
                && groups[1..].iter().all(|group| group.len() == 3)
        }
    };
    let alike = separators.windows(2).all(|pair| pair[0] == pair[1]);
    if !fits
        && separators == [',']
        && fraction.is_empty()
        && !digits.contains('.')
        && !groups[1].is_empty()
    {
        let decimal = Text::new(&format!(
            "{}.{}",
            if groups[0].is_empty() { "0" } else { groups[0] },
            groups[1]
        ));
        return Err(NotANumber::DecimalComma {
            typed: excerpt(digits),
            decimal,
        });
    }
    if !fits || !alike || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotANumber::Separator);
    }
    Ok(digits.replace([',', ' ', '_'], ""))
}

/// Returns digits such as `1.234,5` with a decimal point, `1234.5`; `None` for digits that are written otherwise.
fn with_decimal_comma(digits: &str) -> Option<String> {
    let (whole, fraction) = digits.split_once(',')?;
    let groups: Vec<&str> = whole.split('.').collect();
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_grouped = groups.len() > 1
        && (1..=3).contains(&groups[0].len())
        && groups[1..].iter().all(|group| group.len() == 3);
    (is_grouped && groups.iter().all(|group| are_digits(group)) && are_digits(fraction))
        .then(|| format!("{}.{fraction}", groups.concat()))
}

/// Returns the multiplier of what follows a number, as a power of ten and a factor: `k` is (3, 1), `Ki` is (0, 1024),
/// and the unit of the question is (0, 1).
fn scale(rest: &str, unit: &str) -> Result<(i32, f64), NotANumber> {
    if rest.is_empty() || rest == unit {
        return Ok((0, 1.0));
    }
    if rest == "%" && unit.is_empty() {
        return Ok((-2, 1.0));
    }
    let suffixes = [
        ("Ki", (0, 1024.0)),
        ("Mi", (0, 1024.0 * 1024.0)),
        ("k", (3, 1.0)),
        ("M", (6, 1.0)),
    ];
    suffixes
        .into_iter()
        .find(|(suffix, _)| {
            rest.strip_prefix(suffix)
                .map(str::trim_start)
                .is_some_and(|after| after.is_empty() || after == unit)
        })
        .map(|(_, by)| by)
        .ok_or_else(|| NotANumber::Rest {
            rest: excerpt(rest),
            hint: hint(unit),
        })
}

fn hint(unit: &str) -> String {
    let unit = if unit.is_empty() {
        String::new()
    } else {
        format!(" or the unit, {unit}")
    };
    format!(" There may be k, M, Ki or Mi{unit}.")
}

/// Returns a cleaned excerpt of the typed text that fits next to its field.
fn excerpt(typed: &str) -> Text {
    let mut short: String = typed.chars().take(16).collect();
    if short.len() < typed.len() {
        short.push_str("...");
    }
    Text::new(&short)
}
