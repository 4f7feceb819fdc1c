//! Parsing of texts, words and numbers.

use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::DeValue;

use super::{integer, number};
use crate::core::text::Text;
use crate::deck::diagnostic::{nearest, quoted};
use crate::deck::diagnostic_code::DiagnosticCode;
use crate::deck::format::Key;
use crate::deck::table::{TableReader, is_control};

/// The largest length of an id, in bytes.
const MAX_ID_BYTES: usize = 100;
/// The largest length of an address, in bytes.
const MAX_URL_BYTES: usize = 1000;

impl TableReader<'_> {
    pub(super) fn text(&mut self, key: &Key, span: Range<usize>, raw: &str) -> Option<Text> {
        let (text, dropped) = Text::counting(raw);
        // A raw control character is a TOML syntax error and has been reported already.
        let is_reported = self.origin.text[span.clone()].contains(is_control);
        let is_empty = text.as_str().trim().is_empty();
        if dropped > 0 && !is_reported && !is_empty {
            let message = format!(
                "`{}` has characters that control a terminal or hide: {dropped} removed",
                key.name
            );
            self.report(DiagnosticCode::Unclean, span.clone(), message);
        }
        if text.as_str().contains('\u{fe0f}') {
            let message = format!(
                "`{}` has an emoji with a variation selector; terminals disagree about its width",
                key.name
            );
            self.report(DiagnosticCode::Emoji, span.clone(), message);
        }
        if is_empty {
            let message = match raw.is_empty() {
                true => format!("`{}` is empty", key.name),
                false => format!("`{}` has only invisible characters", key.name),
            };
            let help = match key.is_optional() {
                true => format!(
                    "leave the line out, or write text in the quotes: {}",
                    key.doc
                ),
                false => key.doc.to_owned(),
            };
            self.report_with(DiagnosticCode::Empty, span, message, help);
            return None;
        }
        Some(text)
    }

    pub(super) fn id(&mut self, key: &Key, span: Range<usize>, raw: &str) -> Option<String> {
        let allowed = |b: u8| {
            b.is_ascii_lowercase()
                || b.is_ascii_digit()
                || matches!(b, b'.' | b'-' | b'/' | b'_' | b'+')
        };
        if raw.is_empty() {
            self.report_with(
                DiagnosticCode::Empty,
                span,
                format!("`{}` is empty", key.name),
                key.doc,
            );
            return None;
        }
        if raw.len() > MAX_ID_BYTES || !raw.bytes().all(allowed) {
            let message = format!("{} in `{}` is no id", quoted(raw), key.name);
            self.report_with(
                DiagnosticCode::BadValue,
                span,
                message,
                format!("an id is at most {MAX_ID_BYTES} of a-z, 0-9, `.`, `-` and `/`"),
            );
            return None;
        }
        Some(raw.to_owned())
    }

    pub(super) fn word(
        &mut self,
        key: &Key,
        span: Range<usize>,
        raw: &str,
        words: &[&str],
    ) -> Option<String> {
        if words.contains(&raw) {
            return Some(raw.to_owned());
        }
        let message = format!("`{}` cannot be {}", key.name, quoted(raw));
        let help = match nearest(raw, words.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("it is one of {}", words.join(", ")),
        };
        self.report_with(DiagnosticCode::BadValue, span, message, help);
        None
    }

    pub(super) fn date(&mut self, key: &Key, span: Range<usize>, raw: &str) -> Option<Text> {
        if raw.len() == 10 && raw.parse::<jiff::civil::Date>().is_ok() {
            return Some(Text::new(raw));
        }
        let message = format!("`{}` has to be a day such as \"2026-11-22\"", key.name);
        self.report(DiagnosticCode::BadValue, span, message);
        None
    }

    pub(super) fn url(&mut self, key: &Key, span: Range<usize>, raw: &str) -> Option<Text> {
        let rest = ["https://", "http://"]
            .iter()
            .find_map(|scheme| raw.strip_prefix(scheme));
        let is_part = |c: char| !c.is_whitespace() && !c.is_control();
        if rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(is_part))
            && raw.len() <= MAX_URL_BYTES
        {
            return Some(Text::new(raw));
        }
        let message = format!(
            "`{}` has to be an address such as \"https://example.org/runbook\"",
            key.name
        );
        self.report(DiagnosticCode::BadValue, span, message);
        None
    }

    pub(super) fn integer(
        &mut self,
        key: &Key,
        value: &Spanned<DeValue>,
        range: RangeInclusive<i64>,
    ) -> Option<i64> {
        let integer = integer(value.get_ref()).filter(|n| range.contains(n));
        if integer.is_none() {
            let allowed = format!("from {} to {}", range.start(), range.end());
            self.out_of_range(key, value.span(), &allowed);
        }
        integer
    }

    pub(super) fn number(
        &mut self,
        key: &Key,
        value: &Spanned<DeValue>,
        range: RangeInclusive<f64>,
    ) -> Option<f64> {
        let number = number(value.get_ref()).filter(|n| range.contains(n));
        if number.is_none() {
            let allowed = match *range.end() {
                f64::MAX => format!("{} or more", range.start()),
                most => format!("from {} to {most}", range.start()),
            };
            self.out_of_range(key, value.span(), &allowed);
        }
        number
    }

    fn out_of_range(&mut self, key: &Key, at: Range<usize>, allowed: &str) {
        let message = format!("`{}` has to be {allowed}", key.name);
        self.report(DiagnosticCode::BadValue, at, message);
    }
}
