//! Parsing and formatting of numbers.

mod reading;
mod show;
#[cfg(test)]
mod tests;
mod unit;

use super::text::Text;

pub use reading::other_reading;
pub use show::{show, show_within};
pub use unit::{one_of, with_unit};

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
        "\"{0}\" can be a range, two numbers or a subtraction. Type one number, or put spaces on both sides of the minus."
    )]
    Range(Text),
    #[error(
        "\"{typed}\" would be {value} {unit}. Write {plain} for {plain} {unit}, or {value} if you mean that."
    )]
    Scaled {
        typed: Text,
        plain: Text,
        value: Text,
        unit: Text,
    },
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

impl NotANumber {
    /// Returns true if only a part of the text is a clear number, so that the part must not be taken for the whole.
    pub fn is_ambiguous(&self) -> bool {
        matches!(self, Self::Range(_) | Self::Scaled { .. })
    }
}

/// Parses `1500`, `-2.5`, `1e6`, `1_000_000`, `1,000,000`, `1 000 000`, `10k` and `10M` (thousands and millions),
/// `4Ki` and `4Mi` (1024 and its square), each optionally followed by `unit` in a usual spelling, and arithmetic with
/// such numbers: `4800/560`. A minus between two numbers has spaces on both sides, because `10-3` can be a range, and
/// `10 -3` two numbers.
///
/// `99.9%` is 99.9 if the unit is `%`, and 0.999 if there is no unit. A calculation accepts `%` only if that is the
/// unit: `5% + 5%` is 10, but `50% * 50%` and a division by a percentage are refused.
///
/// # Errors
///
/// Rejects everything else: infinity and NaN, other suffixes and units, and ambiguous numbers, such as `104k` in
/// `thousand EUR`.
pub fn parse(text: &str, unit: &str) -> Result<f64, NotANumber> {
    Reader::new(unit, Rule::Current).read(text)
}

/// Parses a number by the rule of the answers stored as `number-2`, so that they keep their value: `10 -3` is 7, and
/// `104k` in `thousand EUR` is 104,000 of them. The unit has only one spelling.
///
/// # Errors
///
/// Rejects everything that this rule rejected.
pub fn parse_as_second(text: &str, unit: &str) -> Result<f64, NotANumber> {
    Reader::new(unit, Rule::Second).read(text)
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
    Reader::new(unit, Rule::Of01).one(plain.as_deref().unwrap_or(text))
}

/// The rule by which a number is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// The rule of version 0.1: no spaces, no calculations, and groups may begin with 0.
    Of01,
    /// The rule of the answers stored as `number-2`: only the first minus needs a space before it, and a unit has one
    /// spelling, whatever its scale.
    Second,
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

/// A reader of numbers in the unit that a question asks for.
#[derive(Clone, Copy)]
struct Reader<'a> {
    asked: &'a str,
    /// The unit that each number may have after it; empty within a calculation whose unit is at its end.
    unit: &'a str,
    rule: Rule,
}

impl<'a> Reader<'a> {
    fn new(unit: &'a str, rule: Rule) -> Self {
        let unit = unit.trim();
        Self {
            asked: unit,
            unit,
            rule,
        }
    }

    fn read(self, text: &str) -> Result<f64, NotANumber> {
        let cleaned = Text::new(text);
        let text = match self.rule {
            // Invisible characters, such as a byte order mark, are not part of a number.
            Rule::Current => cleaned.as_str(),
            _ => text,
        };
        let plain: String = text.trim().chars().map(plain).collect();
        let Some(first) = operator(&plain) else {
            return self.one(&plain);
        };
        let is_unclear = match self.rule {
            Rule::Current => has_unclear_minus(&plain),
            _ => plain.as_bytes().get(first) == Some(&b'-') && !plain[..first].ends_with(' '),
        };
        if is_unclear {
            return Err(NotANumber::Range(excerpt(&plain)));
        }
        if self.unit == "%" {
            return self.calculate(&plain);
        }
        let calculation = match self.rule {
            Rule::Current => unit::before_unit(&plain, self.unit),
            _ => plain.strip_suffix(self.unit).unwrap_or(&plain),
        };
        if is_percentage(calculation) {
            return Err(NotANumber::Percent);
        }
        Self { unit: "", ..self }.calculate(calculation)
    }

    /// Calculates sums of products of numbers, from left to right. Each number may have the unit after it.
    ///
    /// A product accepts at most one percentage, and none as a divisor.
    fn calculate(self, text: &str) -> Result<f64, NotANumber> {
        let (mut sum, mut product, mut operation, mut rest) = (0.0, 1.0, b'*', text);
        let mut has_percent = false;
        loop {
            let end = operator(rest).unwrap_or(rest.len());
            let value = self.one(&rest[..end])?;
            let is_percent = is_percentage(&rest[..end]);
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
    fn one(self, text: &str) -> Result<f64, NotANumber> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NotANumber::Empty);
        }
        let (sign, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (-1.0, rest),
            None => (1.0, text.strip_prefix('+').unwrap_or(text)),
        };
        let (digits, rest) = unsigned.split_at(mantissa(unsigned, self.rule));
        if !digits.contains(|c: char| c.is_ascii_digit()) {
            return Err(NotANumber::NoDigits(excerpt(text)));
        }
        let plain = without_separators(digits, self.rule)?;
        let (written, rest) = rest.split_at(exponent(rest));
        let (tens, factor) = self.scale(rest.trim())?;
        let written: i32 = if written.is_empty() {
            0
        } else {
            written[1..].parse().map_err(|_| NotANumber::OutOfRange)?
        };
        // The exponent is appended as text, because 1.005 times 1000 is not exactly 1005.
        let read = |tens: i32, factor: f64| {
            let joined = format!("{plain}e{}", written.saturating_add(tens));
            let value = joined.parse::<f64>().map(|value| sign * value * factor);
            value.map_err(|_| NotANumber::NoDigits(excerpt(text)))
        };
        let value = read(tens, factor)?;
        let is_scaled = tens > 0 || factor > 1.0;
        if self.rule == Rule::Current && is_scaled && unit::has_scale(self.asked) {
            return Err(NotANumber::Scaled {
                typed: excerpt(text),
                plain: Text::new(&show(read(0, 1.0)?)),
                value: Text::new(&show(value)),
                unit: Text::new(self.asked),
            });
        }
        let is_lost = self.rule != Rule::Of01 && value == 0.0 && !is_zero(&plain);
        // A negative zero is shown with its sign, which means nothing to a reader.
        (value.is_finite() && !is_lost)
            .then_some(value + 0.0)
            .ok_or(NotANumber::OutOfRange)
    }

    /// Returns the multiplier of what follows a number, as a power of ten and a factor: `k` is (3, 1), `Ki` is
    /// (0, 1024), and the unit of the question is (0, 1).
    fn scale(self, rest: &str) -> Result<(i32, f64), NotANumber> {
        let is_unit = |text: &str| match self.rule {
            Rule::Current => unit::is_same(text, self.unit),
            _ => text == self.unit,
        };
        if rest.is_empty() || is_unit(rest) {
            return Ok((0, 1.0));
        }
        if rest == "%" && self.unit.is_empty() {
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
                    .is_some_and(|after| after.is_empty() || is_unit(after))
            })
            .map(|(_, by)| by)
            .ok_or_else(|| NotANumber::Rest {
                rest: excerpt(rest),
                hint: hint(self.unit),
            })
    }
}

/// Returns true if a minus between two numbers lacks a space on either side.
fn has_unclear_minus(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = operator(rest) {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        let is_minus = rest.as_bytes()[at] == b'-';
        if is_minus && !(before.ends_with(' ') && after.starts_with(' ')) {
            return true;
        }
        rest = after;
    }
    false
}

/// Returns true if a number in a calculation is a percentage.
fn is_percentage(text: &str) -> bool {
    let text = text.to_lowercase();
    ["%", "percent", "per cent", "pct"]
        .iter()
        .any(|percent| text.contains(percent))
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
        b' ' => rule != Rule::Of01 && *at > 0 && bytes.get(at + 1).is_some_and(u8::is_ascii_digit),
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

/// Returns examples of numbers that can be typed where `unit` is asked for.
pub fn examples(unit: &str) -> &'static str {
    match unit {
        "%" => "99.9 or 99.9%",
        "" => "1500, 1.5k, 2e6, 4Ki, 99.9%",
        _ if unit::has_scale(unit) => "1500, 1.5, 2e6, 720/9",
        _ => "1500, 1.5k, 2e6, 4Ki, 720/9",
    }
}

/// Returns what may follow a number.
fn hint(unit: &str) -> String {
    match unit {
        "" => " You can add k, M, Ki or Mi.".to_owned(),
        _ if unit::has_scale(unit) => format!(" You can add the unit, {unit}."),
        _ => format!(" You can add k, M, Ki or Mi, or the unit, {unit}."),
    }
}

/// Returns a cleaned excerpt of the typed text that fits next to its field.
fn excerpt(typed: &str) -> Text {
    let mut short: String = typed.chars().take(16).collect();
    if short.len() < typed.len() {
        short.push_str("...");
    }
    Text::new(&short)
}
