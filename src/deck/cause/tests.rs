use super::header::bad_header;
use super::*;

#[test]
fn a_header_that_is_right_has_no_mistake() {
    for header in [
        "[deck]",
        "[[question]]",
        "[[question.option]]  # the key",
        "[question.answer]",
        "[[question.answer.wrong]]",
        "[question.params]",
        "[question.params.n]",
        "[question.answer.example]",
        "[question.checked]",
        "[2, 3],",
        "[somebody.elses]",
    ] {
        assert_eq!(bad_header(header, 0), None, "{header}");
    }
}

#[test]
fn a_bad_header_is_corrected() {
    for (header, meant) in [
        ("[question.option]", "[[question.option]]"),
        ("  [question.answer.wrong]", "[[question.answer.wrong]]"),
        ("[[question.answer]]", "[question.answer]"),
        ("[question.answers]", "[question.answer]"),
        ("[[option]]", "[[question.option]]"),
        ("[answer]", "[question.answer]"),
        ("[[wrong]]", "[[question.answer.wrong]]"),
        ("[[question.wrong]]", "[[question.answer.wrong]]"),
        ("[[quesion.optoin]]", "[[question.option]]"),
        ("[[question.option]", "[[question.option]]"),
        ("[question]", "[[question]]"),
        ("[[deck]]", "[deck]"),
    ] {
        let cause = bad_header(header, 0).unwrap();
        assert!(
            cause.help.trim_end_matches(", every time") == format!("write it as {meant}"),
            "{header}: {cause:?}"
        );
    }
}

#[test]
fn a_bracket_is_missed_where_it_was_opened() {
    let text = "points = [\"a\"\nlevel = \"mid\"\nseconds = 5\n";
    let cause = unclosed_bracket(text, &Lines::of(text)).unwrap();
    assert_eq!(cause.span, 9..10);
    for fine in [
        "free = [\n  [2, 3],\n]\na = 1\n",
        "n = {\n  a = [1, 2],\n  b = 2\n}\n[question.x]\n",
    ] {
        assert_eq!(unclosed_bracket(fine, &Lines::of(fine)), None, "{fine}");
    }
}
