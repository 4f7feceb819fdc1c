//! Answers for a spreadsheet (RFC 4180): a row for each.

use std::fmt::Write;

/// One answer of one person, as cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnswerRow {
    pub session: String,
    /// `2026-11-21`
    pub day: String,
    /// `assess`, `practise` or `mentor`.
    pub mode: &'static str,
    pub person: String,
    /// Its place in the form, from 1.
    pub number: usize,
    pub deck: String,
    pub question: String,
    pub competency: String,
    pub facet: String,
    pub level: &'static str,
    pub kind: &'static str,
    /// In [0, 1]: the answer that stood at the end.
    pub score: Option<f64>,
    /// The first vote with a mentor.
    pub first_score: Option<f64>,
    pub confidence: &'static str,
    /// Mean level of reasoning, 0 to 3.
    pub reasoning: Option<f64>,
    pub verdict: &'static str,
    /// Why it is to be asked again.
    pub bring_back: &'static str,
    /// The first time that the person saw it.
    pub fresh: Option<bool>,
}

const HEAD: &str = "session,day,mode,person,number,deck,question,competency,facet,level,type,score,first_score,\
                    confidence,reasoning,verdict,bring_back,fresh";

/// The rows under their heading, with lines that end as the RFC wants it.
pub fn csv(rows: &[AnswerRow]) -> String {
    let mut text = format!("{HEAD}\r\n");
    for row in rows {
        let number = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.3}"));
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
        ];
        // Writing to a string does not fail.
        let _ = write!(text, "{}\r\n", cells.join(","));
    }
    text
}

/// A cell that no spreadsheet takes for a formula, and that nothing in it ends.
fn cell(text: &str) -> String {
    let text = if text.trim_start().starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() };
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    if text.contains([',', '"', ';']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
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
