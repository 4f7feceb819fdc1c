//! Parsing and formatting of numbers.

use super::text::Text;

/// The number of significant digits shown, few enough to hide the rounding errors of binary fractions.
const DIGITS: usize = 12;
/// The number of digits from which thousands are separated.
const SEPARATED: usize = 5;
/// Integers below this are shown in full; `f64` represents each of them exactly.
const EXACT: f64 = 1e15;

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
    let value = sign
        * joined
            .parse::<f64>()
            .map_err(|_| NotANumber::NoDigits(excerpt(text)))?
        * factor;
    value
        .is_finite()
        .then_some(value)
        .ok_or(NotANumber::OutOfRange)
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

/// Returns only the digits: groups of three between commas or spaces, or groups of any length between `_`.
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
        Some('_') => groups.iter().all(|group| !group.is_empty()),
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

/// Returns the multiplier of a suffix, a unit or both, as a power of ten and a factor.
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

/// Formats a number for reading: rounded to 12 digits, with thousands separated from 10,000 on, and very large and
/// very small numbers as `1.5e20`. [`parse`] accepts the result.
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
    let plain = format!("{rounded:.decimals$}");
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_as_people_write_them() {
        for (text, value) in [
            ("1e6", 1e6),
            ("1_000_000", 1e6),
            ("1,000,000", 1e6),
            ("10k", 1e4),
            ("1.005 k", 1005.0),
            ("10M", 1e7),
            ("4Ki", 4096.0),
            ("4Mi", 4_194_304.0),
            (" 42 ", 42.0),
            ("-2.5", -2.5),
            ("\u{2212}3", -3.0),
            ("+7", 7.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("1E-3", 0.001),
            ("12,345.678", 12_345.678),
            ("24 000", 24_000.0),
            ("1\u{a0}234\u{202f}567.5", 1_234_567.5),
            ("24\u{2009}000k", 24e6),
            ("\u{2013}5", -5.0),
            ("1e\u{2212}3", 0.001),
            ("4800/560", 4800.0 / 560.0),
            ("4,800 / 2k", 2.4),
            ("3 \u{d7} 4 + 10 \u{f7} 4 - 1", 13.5),
            ("-6/-2", 3.0),
            ("2e3*1e-3", 2.0),
        ] {
            assert_eq!(parse(text, ""), Ok(value), "{text:?}");
            assert_eq!(parse(text, "reads/s"), Ok(value), "{text:?}");
            assert_eq!(
                parse(&format!("{text} reads/s"), "reads/s"),
                Ok(value),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_refused_number_says_how_to_write_it() {
        let says = |text: &str| parse(text, "").unwrap_err().to_string();
        assert_eq!(says("1/0"), "A division by zero has no result.");
        assert!(says("1.234,5").contains("1234.5"), "{}", says("1.234,5"));
        assert!(says("12.345.678,90").contains("12345678.90"));
        assert!(says("1e300*1e300").contains("too large"));
    }

    #[test]
    fn an_answer_of_version_0_1_keeps_its_value() {
        for (text, old, new) in [
            ("0,125", Some(125.0), None),
            ("\u{2212}3", Some(-3.0), Some(-3.0)),
            ("24 000", None, Some(24_000.0)),
            ("4800/560", None, Some(4800.0 / 560.0)),
            ("1,000", Some(1000.0), Some(1000.0)),
            ("5 ms", Some(5.0), Some(5.0)),
        ] {
            assert_eq!(parse_as_0_1(text, "ms").ok(), old, "{text:?}");
            assert_eq!(parse(text, "ms").ok(), new, "{text:?}");
        }
    }

    #[test]
    fn a_percent_sign_means_what_was_asked_for() {
        assert_eq!(parse("99.9%", "%"), Ok(99.9));
        assert_eq!(parse("99.9", "%"), Ok(99.9));
        assert_eq!(parse("99.9 %", ""), Ok(0.999));
        assert!(parse("99.9%", "ms").is_err());
    }

    #[test]
    fn a_calculation_accepts_a_percent_sign_only_as_its_unit() {
        for (text, value) in [
            ("5%+5%", 10.0),
            ("50%/2", 25.0),
            ("20% - 10%", 10.0),
            ("100 - 99.9 - 0.05%", 0.05),
            ("2 * 5% + 3 * 10%", 40.0),
            ("50/2", 25.0),
        ] {
            let read = parse(text, "%").unwrap();
            assert!((read - value).abs() < 1e-9, "{text:?} is read as {read}");
        }
        for text in ["50% * 50%", "50%*2*10%", "5/20%", "50%/50%"] {
            assert_eq!(parse(text, "%"), Err(NotANumber::Percent), "{text:?}");
        }
        for text in ["10%*200", "200*10%", "200 ms * 10%", "200 * 10% ms"] {
            assert_eq!(parse(text, "ms"), Err(NotANumber::Percent), "{text:?}");
            assert_eq!(parse(text, ""), Err(NotANumber::Percent), "{text:?}");
        }
    }

    #[test]
    fn a_unit_is_not_taken_for_a_suffix() {
        assert_eq!(parse("5 events", "events"), Ok(5.0));
        assert_eq!(parse("5e3events", "events"), Ok(5000.0));
        assert_eq!(parse("3 M", "M"), Ok(3.0));
        assert_eq!(parse("2kms", "ms"), Ok(2000.0));
    }

    #[test]
    fn anything_else_is_refused_with_a_sentence() {
        for text in [
            "",
            "  ",
            "NaN",
            "inf",
            "-infinity",
            "1e999",
            "1e308M",
            "1e99999999999",
            "abc",
            "-",
            ".",
            "1,5",
            "0,125",
            "00,125",
            "1,00,000",
            "1.234.567",
            "24 00",
            "1,000 000",
            "24  000",
            "10-20",
            "10\u{2013}20",
            "4800/",
            "4800/0",
            "/560",
            "4800/560 s",
            "1/2/x",
            "1_",
            "_1",
            "1__0",
            "1,000_000",
            "1.5.2",
            "1.0,5",
            "0x10",
            "5 s",
            "5 G",
            "1 2",
            "--1",
            "+-1",
            "٣",
            "1e",
            "1%%",
            "10kk",
        ] {
            let error = parse(text, "ms").expect_err(text).to_string();
            assert!(error.ends_with('.'), "{error}");
        }
        let message = |text| parse(text, "ms").unwrap_err().to_string();
        assert_eq!(
            message("5 s"),
            "\"s\" after the number is not understood. There may be k, M, Ki or Mi or the unit, ms."
        );
        assert_eq!(
            message("0,125"),
            "\"0,125\" can mean 0.125 or a number with a separator. Write a decimal with a point: 0.125."
        );
        assert!(message("10-20").contains("a range or a subtraction"));
        assert!(message("1.234.567").contains("more than one point"));
        assert_eq!(
            message("fast"),
            "\"fast\" is not a number. Write it as 1500, 1.5k or 1e6."
        );
        assert_eq!(
            message("x\u{1b}[2J"),
            "\"x[2J\" is not a number. Write it as 1500, 1.5k or 1e6."
        );
    }

    #[test]
    fn numbers_as_people_read_them() {
        for (value, text) in [
            (0.1 + 0.2, "0.3"),
            (100.0 - 99.9, "0.1"),
            (720.0 * (100.0 - 99.9) / 0.9, "80"),
            (120_000.0, "120,000"),
            (9999.0, "9999"),
            (10_000.0, "10,000"),
            (0.005, "0.005"),
            (1.25, "1.25"),
            (12_345.678, "12,345.678"),
            (99.95, "99.95"),
            (9999.99999999, "9999.99999999"),
            (9999.9999999999, "10,000"),
            (1_099_511_627_776.0, "1,099,511,627,776"),
            (1.5e20, "1.5e20"),
            (1e-9, "1e-9"),
            (-12_500.0, "-12,500"),
            (-0.0, "0"),
            (1.0 / 3.0, "0.333333333333"),
        ] {
            assert_eq!(show(value), text);
        }
        assert_eq!(
            [show(f64::NAN), show(f64::INFINITY)],
            ["not a number", "infinite"]
        );
    }

    #[test]
    fn a_value_is_shown_as_exactly_as_its_tolerance_allows() {
        for (value, tolerance, text) in [
            (515.506849315, 5.15506849315, "515.5"),
            (8.5714285714, 0.1714, "8.57"),
            (1_234_567.8, 25_000.0, "1,234,568"),
            (0.000123456, 0.000001, "0.0001235"),
            (43.2, 0.0, "43.2"),
            (4.0, 0.1, "4"),
        ] {
            assert_eq!(show_within(value, tolerance), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_can_be_typed(value in any::<f64>()) {
            let read = parse(&show(value), "").unwrap();
            prop_assert!((read - value).abs() <= value.abs() * 1e-11);
            prop_assert_eq!(show(read), show(value));
        }

        #[test]
        fn everyday_numbers_are_shown_as_they_are(cents in -1_000_000_000i64..1_000_000_000) {
            let value = cents as f64 / 100.0;
            prop_assert_eq!(parse(&show(value), ""), Ok(value));
        }

        #[test]
        fn nothing_typed_panics(text in any::<String>(), unit in "[a-z%/]{0,3}") {
            let _ = parse(&text, &unit);
        }

        #[test]
        fn nothing_like_a_number_panics(text in "[-+0-9.,_eEkMi% ]{0,12}") {
            prop_assert!(parse(&text, "").map_or(true, f64::is_finite));
        }
    }
}
