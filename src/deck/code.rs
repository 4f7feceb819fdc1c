//! The stable codes of everything that can be wrong with a deck, in one table.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    Error,
    Warning,
}

impl Severity {
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

macro_rules! codes {
    ($($name:ident $number:literal $severity:ident $doc:literal)*) => {
        /// `D..`: the structure of a deck. A code never changes its meaning and is never used again.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {$(#[doc = $doc] $name,)*}

        impl Code {
            pub const ALL: &[Code] = &[$(Code::$name,)*];

            /// Such as `D05`.
            pub fn name(self) -> &'static str {
                match self {$(Code::$name => $number,)*}
            }

            pub fn severity(self) -> Severity {
                match self {$(Code::$name => Severity::$severity,)*}
            }

            /// What it means, in a line.
            pub fn doc(self) -> &'static str {
                match self {$(Code::$name => $doc,)*}
            }
        }
    };
}

codes! {
    Unreadable "D01" Error "A file or folder cannot be read, or is no regular file."
    TooLarge "D02" Error "A file over 2 GB, or a line or question over 1 MB."
    NotText "D03" Error "A NUL, or bytes that are not UTF-8."
    Syntax "D04" Error "Not TOML."
    UnknownKey "D05" Error "A key that the format does not have at this place."
    MissingKey "D06" Error "A required key is missing."
    WrongType "D07" Error "A value of the wrong type."
    BadValue "D08" Error "A value that is out of its range or not one of the allowed words."
    Empty "D09" Error "An empty text."
    Duplicate "D10" Error "Two decks, questions or entries have the same id."
    UnknownName "D11" Error "A competency, facet, knowledge point or tip that the blueprint does not have."
    NotOfType "D12" Error "A key that questions of this type do not have."
    Count "D13" Error "Too few or too many options, steps, entries, criteria or values."
    Keying "D14" Error "`correct`, `credit` and `select` contradict one another or the type of the question."
    Matching "D15" Error "A left entry is matched with a right entry that does not exist, or too few right entries are to spare."
    FreePair "D16" Error "A pair in `free` does not name two different steps of the question."
    Formula "D17" Error "A formula that cannot be read."
    NotFinite "D18" Error "A formula has no finite result for some row of parameters."
    UnusedParam "D19" Error "A parameter that the formula does not use."
    WrongTooNear "D20" Error "A wrong formula comes within two tolerances of the right value for some row of parameters."
    Example "D21" Error "The example does not give the value that it states."
    Listing "D22" Error "A listing of more than 20 lines or 76 columns."
    Unclean "D23" Warning "Characters that a terminal must not be sent were removed from a text."
    Emoji "D24" Warning "An emoji with a variation selector, which terminals draw with different widths."
    NoQuestions "D25" Warning "A deck without questions."
    FileName "D26" Warning "The id of a deck is not the name of its file."
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn every_code_is_used_once_and_counts_up() {
        let names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        let mut sorted = names.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(names, sorted);
    }
}
