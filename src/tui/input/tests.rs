use proptest::prelude::*;

use super::*;

fn plain(code: Code) -> Input {
    Input::Key(Key::plain(code))
}

fn char(c: char) -> Input {
    plain(Code::Char(c))
}

fn held(code: Code, ctrl: bool, alt: bool) -> Input {
    Input::Key(Key { code, ctrl, alt })
}

/// Decodes the parts, each fed at the given time; a lone ESC expires in between.
fn decode_at(parts: &[(u64, &[u8])]) -> Vec<Decoded> {
    let mut decoder = Decoder::default();
    let mut decoded = Vec::new();
    for (at, bytes) in parts {
        decoded.extend(decoder.expire(Millis(*at)));
        decoded.extend(decoder.feed(Millis(*at), bytes));
    }
    decoded.extend(decoder.expire(Millis(u64::MAX)));
    decoded
}

fn inputs(decoded: Vec<Decoded>) -> Vec<Input> {
    let input = |decoded| match decoded {
        Decoded::Input(input) => Some(input),
        Decoded::Background { .. } | Decoded::Attributes => None,
    };
    decoded.into_iter().filter_map(input).collect()
}

fn decode(bytes: &[u8]) -> Vec<Input> {
    inputs(decode_at(&[(0, bytes)]))
}

/// Returns keys, mouse reports and pastes with the bytes that terminals send for them.
fn known() -> Vec<(&'static [u8], Input)> {
    vec![
        (b"a", char('a')),
        ("é".as_bytes(), char('é')),
        ("🦀".as_bytes(), char('🦀')),
        (b"\r", plain(Code::Enter)),
        (b"\n", plain(Code::Enter)),
        (b"\t", plain(Code::Tab)),
        (b"\x7f", plain(Code::Backspace)),
        (b"\x08", plain(Code::Backspace)),
        (b"\x03", held(Code::Char('c'), true, false)),
        (b"\0", held(Code::Char(' '), true, false)),
        (b"\x1c", held(Code::Char('4'), true, false)),
        (b"\x1ba", held(Code::Char('a'), false, true)),
        (b"\x1b\x7f", held(Code::Backspace, false, true)),
        (b"\x1b\x05", held(Code::Char('e'), true, true)),
        ("\x1bé".as_bytes(), held(Code::Char('é'), false, true)),
        (b"\x1b[A", plain(Code::Up)),
        (b"\x1bOB", plain(Code::Down)),
        (b"\x9bC", plain(Code::Right)),
        (b"\x1b[1;5A", held(Code::Up, true, false)),
        (b"\x1b\x1b[D", held(Code::Left, false, true)),
        (b"\x1b[Z", plain(Code::BackTab)),
        (b"\x1b[3~", plain(Code::Delete)),
        (b"\x1b[5;3~", held(Code::PageUp, false, true)),
        (b"\x1b[97;5u", held(Code::Char('a'), true, false)),
        (b"\x1b[97:65;2u", char('A')),
        (b"\x1b[27u", plain(Code::Esc)),
        (b"\x1b[27;5;106~", held(Code::Char('j'), true, false)),
        (b"\x1b[<0;10;5M", Input::Click { column: 9, row: 4 }),
        (b"\x1b[<32;1;1M", Input::Drag { column: 0, row: 0 }),
        (b"\x1b[<64;1;1M", Input::Wheel { up: true }),
        (b"\x1b[<69;1;1M", Input::Wheel { up: false }),
        (b"\x1b[M !!", Input::Click { column: 0, row: 0 }),
        (
            b"\x1b[200~two\r\n\x1b[A lines\x1b[201~",
            Input::Paste("two\r\n\u{1b}[A lines".to_owned()),
        ),
        (
            b"\x1b[200~\x1b[201\x1b[201~",
            Input::Paste("\u{1b}[201".to_owned()),
        ),
    ]
}

/// Returns replies that terminals send without any key press.
fn replies() -> Vec<&'static [u8]> {
    vec![
        b"\x1b]11;rgb:2e2e/3434/4040\x1b\\",
        b"\x1b]11;rgb:ff/ff/ff\x07",
        b"\x1b]4;1;rgb:cdcd/0000/0000\x07",
        b"\x1b]52;c;YWJjMTIz\x1b\\",
        b"\x1b]la title with 123\x1b\\",
        b"\x1bP>|xterm(390)\x1b\\",
        b"\x1bP1+r524742=38\x1b\\",
        b"\x1b_Gi=31;OK\x1b\\",
        b"\x1b^private 123\x1b\\",
        b"\x1b[?62;1;4c",
        b"\x1b[>41;390;0c",
        b"\x1b[24;80R",
        b"\x1b[?24;80R",
        b"\x1b[0n",
        b"\x1b[?997;1n",
        b"\x1b[?1u",
        b"\x1b[?2026;2$y",
        b"\x1b[8;24;80t",
        b"\x1b[I",
        b"\x1b[O",
        b"\x1b[<35;33;12M",
        b"\x1b[<0;3;1m",
        b"\x1b[MC43",
        b"\x1b[[A",
        b"\x1b[15~",
        b"\x1b[57358u",
        b"\x1b[97;1:3u",
        b"\x9b?62c",
        b"\x9d11;rgb:00/00/00\x9c",
    ]
}

#[test]
fn keys_mouse_reports_and_pastes_are_decoded() {
    for (bytes, input) in known() {
        assert_eq!(
            decode(bytes),
            [input],
            "{:?}",
            bytes.escape_ascii().to_string()
        );
    }
    assert_eq!(decode(b"\x1b"), [plain(Code::Esc)]);
    assert_eq!(decode(b"\x1b\x1b"), [plain(Code::Esc), plain(Code::Esc)]);
}

#[test]
fn a_reply_is_discarded_wherever_it_is_split_and_however_late_its_rest_comes() {
    for reply in replies() {
        for split in 0..=reply.len() {
            for gap in [0, 39, 500, 5_000] {
                let (first, rest) = reply.split_at(split);
                let parts = [(0, first), (gap, rest), (gap + 1, &b"z"[..])];
                let mut expected = vec![char('z')];
                if gap >= LONE_ESCAPE.0 && first == b"\x1b" {
                    // This ESC can't be distinguished from the Esc key before the rest arrives.
                    expected.splice(0..0, [plain(Code::Esc), Input::EscapeWithdrawn]);
                    // Without a request, only a report that nobody could type is recognized this late.
                    if gap > LATE_SEQUENCE.0 && !report::is_rest(rest) {
                        continue;
                    }
                }
                if gap > UNFINISHED.0 && rest.len() == 1 && reply.starts_with(b"\x1b[") {
                    // One byte after so long is a key, unless it ends parameters.
                    if split == 2 || matches!(reply[2], b'M' | b'[') {
                        continue;
                    }
                }
                let what = reply.escape_ascii().to_string();
                assert_eq!(
                    inputs(decode_at(&parts)),
                    expected,
                    "{what} split at {split}, {gap} ms"
                );
            }
        }
    }
}

#[test]
fn replies_are_told_apart() {
    let dark = |bytes: &[u8]| decode_at(&[(0, bytes)]);
    assert_eq!(
        dark(b"\x1b]11;rgb:2e2e/3434/4040\x1b\\"),
        [Decoded::Background { dark: true }]
    );
    assert_eq!(
        dark(b"\x1b]11;rgba:ff/ff/ff/80\x07"),
        [Decoded::Background { dark: false }]
    );
    assert_eq!(dark(b"\x1b]11;rgb:ffff/zz/0\x07"), []);
    assert_eq!(dark(b"\x1b]10;rgb:ffff/ffff/ffff\x07"), []);
    assert_eq!(dark(b"\x1b[?62;4c"), [Decoded::Attributes]);
}

#[test]
fn a_sequence_without_its_end_does_not_take_the_keyboard_away() {
    for begun in [&b"\x1b]11;rgb:"[..], b"\x1bP", b"\x1b["] {
        assert_eq!(
            inputs(decode_at(&[(0, begun), (11_000, b"b")])),
            [char('b')],
            "after ten seconds"
        );
        assert_eq!(
            inputs(decode_at(&[(0, begun), (90, b"\x1b[A"), (91, b"b")])),
            [plain(Code::Up), char('b')]
        );
        let interrupt = held(Code::Char('c'), true, false);
        assert_eq!(
            inputs(decode_at(&[(0, begun), (90, b"\x03"), (91, b"b")])),
            [interrupt, char('b')]
        );
    }
    // The Esc key ends a string, and later input is read as keys.
    assert_eq!(
        inputs(decode_at(&[(0, b"\x1b]11;"), (90, b"\x1b"), (500, b"b")])),
        [char('b')]
    );
    let lost = Input::Paste("lost".to_owned());
    assert_eq!(
        inputs(decode_at(&[(0, b"\x1b[200~lost"), (10_500, b"b")])),
        [lost, char('b')]
    );
}

#[test]
fn single_keys_after_an_introducer_that_was_typed_are_dead_for_a_second() {
    for begun in [
        &b"\x1b]"[..],
        b"\x1bP",
        b"\x1bX",
        b"\x1b_",
        b"\x1b^",
        b"\x1b[",
        b"\x1bO",
        b"\x1b[200~",
        b"\x1b[200~a",
    ] {
        // A digit ends no sequence.
        let mut parts = vec![(0, begun)];
        parts.extend((1..30).map(|n| (n * 100, &b"7"[..])));
        let keys = inputs(decode_at(&parts));
        let alive = keys.iter().filter(|key| **key == char('7')).count();
        assert!(alive >= 19, "{}: {alive} of 29 keys", begun.escape_ascii());
    }
}

#[test]
fn ctrl_c_ends_an_unfinished_paste_and_typed_keys_do_after_a_second() {
    let interrupt = held(Code::Char('c'), true, false);
    let pasted = |text: &str| Input::Paste(text.to_owned());
    assert_eq!(
        inputs(decode_at(&[
            (0, b"\x1b[200~two"),
            (100, b"\x03"),
            (101, b"b")
        ])),
        [pasted("two"), interrupt, char('b')]
    );
    assert_eq!(
        inputs(decode_at(&[
            (0, b"\x1b[200~two"),
            (500, b"x"),
            (1_100, b"\x1b[A")
        ])),
        [pasted("twox"), plain(Code::Up)]
    );
    // A paste over a slow connection goes on.
    assert_eq!(
        inputs(decode_at(&[
            (0, b"\x1b[200~two "),
            (1_500, b"words"),
            (3_000, b"\x1b[201~")
        ])),
        [pasted("two words")]
    );
}

#[test]
fn the_rest_of_a_late_sequence_withdraws_its_escape() {
    let escape = [plain(Code::Esc), Input::EscapeWithdrawn];
    for rest in [
        &b"]11;rgb:2e2e/3434/4040\x1b\\"[..],
        b"[?62c",
        b"[<35;33;12M",
        b"[<0;3;1M",
        b"[M !!",
        b"_Gi=1;OK\x1b\\",
    ] {
        assert_eq!(
            inputs(decode_at(&[(0, b"\x1b"), (60, rest)])),
            escape,
            "{}",
            rest.escape_ascii()
        );
    }
    let up = [plain(Code::Esc), Input::EscapeWithdrawn, plain(Code::Up)];
    assert_eq!(inputs(decode_at(&[(0, b"\x1b"), (60, b"[A")])), up);
    // Letters that are typed after the Esc key remain letters.
    for letter in [b"O", b"P", b"X"] {
        let keys = [plain(Code::Esc), char(letter[0].into()), char('b')];
        assert_eq!(
            inputs(decode_at(&[(0, b"\x1b"), (60, letter), (200, b"b")])),
            keys
        );
    }
}

#[test]
fn a_report_that_stalls_after_its_escape_is_no_key() {
    let reports = [
        &b"\x1b[<35;10;5M"[..],
        b"\x1b[<0;3;1m",
        b"\x1b]11;rgb:2e2e/3434/4040\x1b\\",
        b"\x1b]11;rgb:ff/ff/ff\x07",
        b"\x1b[?62;1;4c",
        b"\x1b[?2026;2$y",
        b"\x1b[24;80R",
        b"\x1b[8;24;80t",
        b"\x1b[I",
        b"\x1b[O",
        b"\x1bP>|xterm(390)\x1b\\",
        b"\x1b_Gi=31;OK\x1b\\",
    ];
    for report in reports {
        for pause in [1_001, 1_500, 4_000, 9_000] {
            let parts = [(0, &report[..1]), (pause, &report[1..])];
            assert_eq!(
                inputs(decode_at(&parts)),
                [plain(Code::Esc), Input::EscapeWithdrawn],
                "{} after {pause} ms",
                report.escape_ascii()
            );
        }
        // The connection stalls twice.
        for split in 3..report.len() {
            let parts = [
                (0, &report[..1]),
                (1_500, &report[1..split]),
                (3_000, &report[split..]),
                (3_001, b"z"),
            ];
            if split < 5 && !matches!(report[2], b'<' | b'?') {
                continue;
            }
            let expected = [plain(Code::Esc), Input::EscapeWithdrawn, char('z')];
            let what = report.escape_ascii().to_string();
            assert_eq!(inputs(decode_at(&parts)), expected, "{what} at {split}");
        }
    }
    // A mouse report whose bytes all arrive late.
    let mut parts: Vec<(u64, &[u8])> = Vec::new();
    let report = b"\x1b[<35;1M";
    parts.extend(
        report
            .chunks(1)
            .enumerate()
            .map(|(n, byte)| (1_100 * n as u64, byte)),
    );
    assert_eq!(
        inputs(decode_at(&parts)),
        [plain(Code::Esc), char('['), Input::EscapeWithdrawn]
    );
}

#[test]
fn keys_long_after_escape_remain_keys() {
    for keys in [
        "[", "]", "q", "[[", "]]", "[7", "P1", "a3", "[q", "]q", "Pa", "_a", "[]",
    ] {
        let typed = std::iter::once(plain(Code::Esc)).chain(keys.chars().map(char));
        let typed: Vec<Input> = typed.collect();
        let at_once = [(0, &b"\x1b"[..]), (1_500, keys.as_bytes())];
        assert_eq!(inputs(decode_at(&at_once)), typed, "{keys}");
        let mut apart = vec![(0, &b"\x1b"[..])];
        let singles = keys.as_bytes().chunks(1).enumerate();
        apart.extend(singles.map(|(n, key)| (1_500 + 300 * n as u64, key)));
        assert_eq!(inputs(decode_at(&apart)), typed, "{keys}");
    }
}

#[test]
fn a_long_paste_is_cut_and_its_end_is_found() {
    let mut bytes = b"\x1b[200~".to_vec();
    bytes.resize(bytes.len() + LONGEST_PASTE + 3, b'x');
    bytes.extend(b"\x1b[201~q");
    let decoded = decode(&bytes);
    assert_eq!(decoded.len(), 2);
    assert!(matches!(&decoded[0], Input::Paste(text) if text.len() == LONGEST_PASTE));
    assert_eq!(decoded[1], char('q'));
}

/// Generates bytes that form sequences more often than random ones.
fn byte() -> impl Strategy<Value = u8> {
    let telling =
        b"\x1b\x1b\x1b[]OPX_^\\M<>?;:0123456789~ucmARIO\x07\x18\x9b\x9c\x9d\xc3\xa9\r\n\x03"
            .to_vec();
    prop_oneof![3 => proptest::sample::select(telling), 1 => any::<u8>()]
}

fn piece() -> impl Strategy<Value = Vec<u8>> {
    let known: Vec<Vec<u8>> = known()
        .into_iter()
        .map(|(bytes, _)| bytes.to_vec())
        .collect();
    let replies: Vec<Vec<u8>> = replies().into_iter().map(<[u8]>::to_vec).collect();
    prop_oneof![
        proptest::sample::select(known),
        proptest::sample::select(replies),
        proptest::collection::vec(byte(), 0..12),
    ]
}

/// Asserts that bytes are decoded equally whether read at once or in parts, and that no state grows.
fn splits_decide_nothing(bytes: &[u8], lengths: &[usize]) {
    let whole = decode_at(&[(0, bytes)]);
    let mut decoder = Decoder::default();
    let mut decoded = Vec::new();
    let mut rest = bytes;
    let mut lengths = lengths.iter().cycle();
    while !rest.is_empty() {
        let (part, after) = rest.split_at((*lengths.next().unwrap_or(&1)).clamp(1, rest.len()));
        decoded.extend(decoder.feed(Millis(0), part));
        assert!(decoder.buffer.len() <= LONGEST_PASTE + PASTE_END.len());
        rest = after;
    }
    decoded.extend(decoder.expire(Millis(u64::MAX)));
    assert_eq!(decoded, whole, "{}", bytes.escape_ascii());
}

proptest! {
    #[test]
    fn the_ends_of_reads_decide_nothing(
        pieces in proptest::collection::vec(piece(), 0..8),
        lengths in proptest::collection::vec(1_usize..9, 1..6),
    ) {
        splits_decide_nothing(&pieces.concat(), &lengths);
    }

    #[test]
    fn known_input_between_replies_is_all_that_arrives(
        places in proptest::collection::vec((any::<proptest::sample::Index>(), any::<proptest::sample::Index>()), 1..8),
        lengths in proptest::collection::vec(1_usize..9, 1..6),
    ) {
        let (known, replies) = (known(), replies());
        let mut bytes = Vec::new();
        let mut expected = Vec::new();
        for (input, reply) in places {
            let (sent, input) = &known[input.index(known.len())];
            bytes.extend_from_slice(sent);
            expected.push(input.clone());
            bytes.extend_from_slice(replies[reply.index(replies.len())]);
        }
        prop_assert_eq!(decode(&bytes), expected);
        splits_decide_nothing(&bytes, &lengths);
    }
}

#[test]
#[ignore = "a million inputs; .ci/full runs it"]
fn a_million_inputs_decode_alike_however_they_are_split() {
    let config = ProptestConfig {
        cases: 1_000_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let input = (
        proptest::collection::vec(piece(), 0..6),
        proptest::collection::vec(1_usize..9, 1..4),
    );
    proptest::test_runner::TestRunner::new(config)
        .run(&input, |(pieces, lengths)| {
            splits_decide_nothing(&pieces.concat(), &lengths);
            Ok(())
        })
        .unwrap_or_else(|failed| panic!("{failed}"));
}
