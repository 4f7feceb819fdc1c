//! Answers as CSV (RFC 4180), one row per answer.

use std::fmt::Write;

/// The cells of one answer of one person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnswerRow {
    pub session: String,
    /// `2026-11-21`
    pub day: String,
    /// `assess`, `practise` or `mentor`.
    pub mode: &'static str,
    pub person: String,
    /// Its number in the form, from 1.
    pub number: usize,
    pub deck: String,
    pub question: String,
    pub competency: String,
    pub facet: String,
    pub level: &'static str,
    pub kind: &'static str,
    /// The score of the final answer, in [0, 1].
    pub score: Option<f64>,
    /// The score of the first vote in a mentor's session.
    pub first_score: Option<f64>,
    pub confidence: &'static str,
    /// Mean level of reasoning, 0 to 3.
    pub reasoning: Option<f64>,
    pub verdict: &'static str,
    /// The reason for bringing it back, if it is to be asked again.
    pub bring_back: &'static str,
    /// True if the person saw the question for the first time.
    pub fresh: Option<bool>,
    /// Why they chose the answer, in their own words; empty if nothing was written.
    pub reason: String,
}

const HEAD: &str = "session,day,mode,person,number,deck,question,competency,facet,level,type,score,first_score,\
                    confidence,reasoning,verdict,bring_back,fresh,reason";

/// Formats the header and the rows, with CRLF line ends.
pub fn csv(rows: &[AnswerRow]) -> String {
    let mut text = format!("{HEAD}\r\n");
    for row in rows {
        let number =
            |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.3}"));
        let cells = [
            cell(&row.session),
            cell(&row.day),
            cell(row.mode),
            cell(&row.person),
            row.number.to_string(),
            cell(&row.deck),
            cell(&row.question),
            cell(&row.competency),
            cell(&row.facet),
            cell(row.level),
            cell(row.kind),
            number(row.score),
            number(row.first_score),
            cell(row.confidence),
            number(row.reasoning),
            cell(row.verdict),
            cell(row.bring_back),
            row.fresh.map_or(String::new(), |fresh| fresh.to_string()),
            cell(&row.reason),
        ];
        // Writing to a string does not fail.
        let _ = write!(text, "{}\r\n", cells.join(","));
    }
    text
}

/// Escapes a cell: it can't be read as a formula, and nothing in it ends the cell.
fn cell(text: &str) -> String {
    let text = if text.trim_start().starts_with(['=', '+', '-', '@']) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    if text.contains([',', '"', ';']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_ends_early() {
        for (text, expected) in [
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("+1", "'+1"),
            ("-2", "'-2"),
            ("@SUM", "'@SUM"),
            (" =1", "' =1"),
            ("\t=1", "'=1"),
            ("a,b", "\"a,b\""),
            ("raft.001", "raft.001"),
        ] {
            assert_eq!(cell(text), expected, "{text:?}");
        }
    }
}
