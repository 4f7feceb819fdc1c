use super::*;
use proptest::prelude::*;

#[test]
fn a_group_of_three_digits_has_two_readings() {
    for (text, other) in [
        ("24.000", Some("24,000")),
        ("1.125 s", Some("1125")),
        ("1,125", Some("1.125")),
        ("-1,500 s", Some("-1.5")),
        ("1,000/8", Some("0.125")),
        ("8/1,000", Some("8")),
        ("1,000/2,000", None),
        ("1,000/2.5", None),
        ("1.5", None),
        ("1500", None),
        ("0.125", None),
        ("1,000,000", None),
        ("1234.567", None),
        ("", None),
    ] {
        assert_eq!(other_reading(text, "s").as_deref(), other, "{text}");
    }
}

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
    assert!(says("1e-400").contains("too small"));
    for text in ["2_4", "1_0000", "0_125"] {
        assert!(says(text).contains("separates groups of digits"), "{text}");
    }
    assert!(parse("-0", "").unwrap().is_sign_positive());
    assert_eq!(parse("0e-400", ""), Ok(0.0));
}

#[test]
fn an_answer_of_version_0_1_keeps_its_value() {
    for (text, old, new) in [
        ("0,125", Some(125.0), None),
        ("2_4", Some(24.0), None),
        ("1e-400", Some(0.0), None),
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
fn a_suffix_before_a_unit_with_a_scale_is_refused_with_its_reading() {
    for (text, unit, message) in [
        (
            "104k",
            "thousand EUR",
            "\"104k\" would be 104,000 thousand EUR. Write 104 for 104 thousand EUR, or 104,000 if you mean that.",
        ),
        (
            "4Mi",
            "MiB",
            "\"4Mi\" would be 4,194,304 MiB. Write 4 for 4 MiB, or 4,194,304 if you mean that.",
        ),
    ] {
        assert_eq!(parse(text, unit).unwrap_err().to_string(), message);
        assert!(parse(&format!("2 * {text}"), unit).is_err());
        assert!(
            parse_as_0_1(text, unit).is_ok(),
            "an old answer keeps its value"
        );
        assert!(
            parse_as_second(text, unit).is_ok(),
            "an old answer keeps its value"
        );
    }
    assert_eq!(parse("104", "thousand EUR"), Ok(104.0));
    assert_eq!(parse("104k", "EUR"), Ok(104_000.0));
    assert!(!parse("5 x", "MiB").unwrap_err().to_string().contains("Ki"));
}

#[test]
fn a_minus_between_numbers_needs_a_space_on_both_sides() {
    for text in ["10-3", "10 -3", "10- 3", "3 -4", "4800/560-1", "7 - 3 -1"] {
        let error = parse(text, "").unwrap_err();
        assert!(matches!(error, NotANumber::Range(_)), "{text}: {error}");
        assert!(error.to_string().contains("two numbers or a subtraction"));
    }
    assert_eq!(parse("10 - 3", ""), Ok(7.0));
    assert_eq!(parse("10 - -3", ""), Ok(13.0));
    assert_eq!(parse("-6/-2", ""), Ok(3.0));
    assert_eq!(parse("2e-3 - 1e-3", ""), Ok(0.001));
    assert_eq!(
        parse_as_second("10 -3", ""),
        Ok(7.0),
        "an old answer keeps its value"
    );
}

#[test]
fn a_unit_may_have_another_spelling() {
    for (text, unit, value) in [
        ("800 min", "min", 800.0),
        ("800 minutes", "min", 800.0),
        ("1 request", "requests", 1.0),
        ("4800/560 seconds", "s", 4800.0 / 560.0),
        ("99.9 percent", "%", 99.9),
        ("2k ops per second", "ops/s", 2000.0),
    ] {
        assert_eq!(parse(text, unit), Ok(value), "{text:?}");
    }
    assert!(parse("800 hours", "min").is_err());
    assert_eq!(
        parse("50 percent * 50 percent", "%"),
        Err(NotANumber::Percent)
    );
}

#[test]
fn characters_that_nobody_sees_are_ignored() {
    for text in ["\u{feff}", "\u{200b}", " \u{200b}\u{feff} "] {
        assert_eq!(parse(text, "ms"), Err(NotANumber::Empty), "{text:?}");
    }
    assert_eq!(parse("\u{feff}5\u{200b} ms", "ms"), Ok(5.0));
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
        "\"s\" after the number is not understood. You can add k, M, Ki or Mi, or the unit, ms."
    );
    assert_eq!(
        message("0,125"),
        "\"0,125\" can mean 0.125 or a number with a separator. Write a decimal with a point: 0.125."
    );
    assert!(message("10-20").contains("a range, two numbers or a subtraction"));
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
        (1e15 / 3.0, "333,333,333,333,333"),
        (1e15 / 3e3, "333,333,333,333"),
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
