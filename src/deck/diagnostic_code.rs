//! The table of stable codes for everything that can be wrong with a deck.

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
        /// A stable code for a kind of problem in a deck.
        ///
        /// `D` codes are about the structure of a deck, `L` codes about the writing of one question, `S` codes about the
        /// draws of a simulated question, and `B` codes about the whole question bank. A code keeps its meaning forever,
        /// and the code of a removed check (B3) is never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum DiagnosticCode {$(#[doc = $doc] $name,)*}

        impl DiagnosticCode {
            pub const ALL: &[DiagnosticCode] = &[$(DiagnosticCode::$name,)*];

            /// Returns the code itself, such as `D05`.
            pub fn name(self) -> &'static str {
                match self {$(DiagnosticCode::$name => $number,)*}
            }

            pub fn severity(self) -> Severity {
                match self {$(DiagnosticCode::$name => Severity::$severity,)*}
            }

            /// Returns a one-line explanation.
            pub fn doc(self) -> &'static str {
                match self {$(DiagnosticCode::$name => $doc,)*}
            }
        }
    };
}

codes! {
    Unreadable "D01" Error "A file or folder can't be read, or isn't a regular file."
    TooLarge "D02" Error "A file over 2 GB, or a line or question over 1 MB."
    NotText "D03" Error "A NUL, or bytes that are not UTF-8."
    Syntax "D04" Error "Not TOML."
    UnknownKey "D05" Error "A key that the format does not have at this place."
    MissingKey "D06" Error "A required key is missing."
    WrongType "D07" Error "A value of the wrong type."
    BadValue "D08" Error "A value that is out of its range or not one of the allowed words."
    Empty "D09" Error "An empty text."
    Duplicate "D10" Error "Two decks, questions or entries have the same id."
    UnknownName "D11" Error "A competency, facet, knowledge point or tip that the blueprint does not have, or a lane, span or node that the figure does not have."
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
    TooMany "D27" Error "More than 250,000 questions in a file, or more than 1,000 of them with errors: the rest of the file is not read."
    OtherCopy "D28" Warning "A file with the id of another deck, whose file is named after that id. It is not used: usually it is a copy that a sync tool left behind."
    NoDecks "D29" Error "A folder without a deck: the name of a deck ends in .toml, and hidden files and folders are skipped."
    FigureNumbers "D30" Error "Numbers of a figure that contradict one another, such as an interval that ends before it begins, or a point outside of its ring."
    KeyLongest "L01" Error "The key is more than 1.2 times as long as the longest distractor. In open banks the longest option is the key in up to 96% of the questions: people who know that need no knowledge."
    KeyShortest "L01b" Error "The key is much shorter than the shortest distractor, so it stands out."
    LengthsUneven "L02" Warning "The longest option is more than 1.5 times as long as the shortest: the eye goes to it."
    LengthsApart "L02b" Error "The longest option is more than three times as long as the shortest."
    CatchAll "L03" Error "An option about other options, such as `all of the above`: options are shuffled, and one known option decides it."
    Absolute "L04" Warning "Always, never, must, or a claim about all cases or none (Every node votes) in a distractor and not in the key: test-wise people avoid them."
    Hedge "L05" Warning "May, can, often, tend to, as a rule in the key alone: test-wise people pick what is hedged."
    Negative "L06" Error "A negation in small letters in a lead-in: it is read over, and then reading is tested, not knowledge."
    Clang "L07" Warning "A rare word that the stem shares with the key alone points at the key. \
                         On 10 to 22% of professional questions it does so harmlessly: waive it \
                         with a reason then."
    Convergence "L08" Warning "The key shares most words with the other options: distractors made by changing one thing each point at what they have in common."
    OddOneOut "L09" Warning "The key shares the fewest words with the other options, and stands out."
    FirstWord "L10" Warning "The key begins with another kind of word than the distractors, or only some options fit the lead-in's grammar: only the key is a plural where the lead-in asks for several."
    FullStop "L11" Error "Only the key ends, or does not end, with a full stop."
    NumberOrder "L12" Error "Options that are numbers are not in order; they are shown sorted."
    RangesOverlap "L12b" Error "Ranges overlap, so that more than one is right."
    Twins "L13" Error "Two options, steps or entries say the same: nobody can tell which is the key."
    ExplanationLength "L14" Warning "An explanation outside of 350 to 900 characters teaches too little or is not read."
    NoExplanation "L14b" Error "An explanation of less than 120 characters."
    Rationale "L15" Error "A rationale too short to say why an option is right or wrong."
    FairTime "L17" Warning "Seconds outside of 1.0 to 1.6 times what reading (3 words a second), thinking and handling need."
    Reading "L18" Warning "A stem above school grade 16, or a sentence of more than 40 words: reading would be tested."
    LeadIn "L19" Warning "A lead-in that is not one closed question of at most 25 words."
    Short "L20" Warning "A senior question without a situation."
    SameBeginning "L21" Warning "All options begin with the same three words, which belong to the lead-in."
    Reason "L22" Error "Only the key gives a reason."
    Punctuation "L23" Warning "The key has more commas, colons and brackets than the distractors: qualifications give it away."
    KType "L24" Error "An option that combines others."
    Position "L25" Error "A text that names an option by its letter or place; a shuffle makes it false."
    NumberAsked "L27" Error "A multiple question whose lead-in does not say how many are right."
    SameExplanation "L28" Error "Two questions with the same explanation, unless they are of one family and show different things or have different keys."
    IdPattern "L30" Error "An id that is not the facet, a dot and three digits."
    FewWrong "L31" Warning "A numeric question with fewer than two recognised wrong results."
    Rubric "L32" Warning "A rubric of fewer than four points."
    Expiry "L33" Warning "A fact of a product that can change, without the day it was looked up."
    Source "L34" Error "A reference that is not a primary source."
    LongOption "L35" Warning "An option of more than 110 characters wraps to three lines."
    Phrase "L36" Warning "A phrase that says nothing: best practice, obviously, simply."
    SeniorRecall "L37" Warning "A senior question that only asks to recall."
    Placeholder "L41" Error "Braces in a text that name no parameter: only {name}, {value} and {=formula}, without spaces, are replaced, and only in numeric questions."
    HiddenParam "L42" Error "A parameter that neither stem, lead-in nor listing shows: nobody can calculate the answer without it."
    Revealed "L43" Error "{value}, or a {=formula} with the same result, in a stem or lead-in gives the answer away."
    ExampleUnmarked "L44" Warning "A text read after answering with a number of the example, which is wrong for every other row: write `for example`, or use {value}, {name} and {=formula}."
    LongText "L45" Error "A text of more than 1,500 words, or a title, unit or other text of one line of more than 60: nobody reads it, and other rules do not apply to the question."
    TrivialAlt "L46" Warning "The alt of a figure has fewer than five words or repeats the caption. People who cannot see the figure learn from it what the figure is, before they read its data."
    RevealingAlt "L47" Error "The alt of a figure asks the question or says the answer: it says what the figure is, and the rest is in its data."
    TooWide "L48" Warning "A figure is wider than 76 columns, or some of its labels are not shown in whole."
    OutsideAxes "L49" Warning "A point, threshold or shaded span of a chart is outside of its axes and is not shown."
    Unconnected "L50" Warning "A node without edges or a lane without events is part of a figure and has no part in its story."
    SameLabels "L51" Error "Two series of a chart have the same label, so that only their colours tell them apart."
    DiffLine "L52" Warning "A line of a diff begins with none of space, + and -."
    ReasonClause "L53" Warning "An option that gives its reason: people judge the reason and need no stem. Reasons belong in `why`."
    LeadInKind "L54" Warning "A lead-in that asks which sentence is true, for yes or no, or two things at once."
    BackReference "L55" Warning "A step that refers back to another one, which tells its place by grammar."
    Rounding "L56" Warning "A numeric question that refuses its rounded result for some row and does not say how to round."
    HalfCredit "L57" Warning "Half credit for an option in a question that says what must hold."
    Edition "L58" Warning "A reference to a book with several editions that does not say which."
    Implied "L59" Warning "An option implies another: if it is right, so is the other, so people rule it out without the stem."
    Opposite "L60" Warning "An option says the opposite of the key and no others are opposites: people see that the key is one of the two."
    Endless "L61" Error "A numeric question with a tolerance of 0 and a result that no finite number of digits equals."
    Waiver "L40" Error "A waiver without a rule or without a reason."
    LongestIsKey "B1" Error "The longest option is the key more or less often than chance, over all single questions."
    MedianLength "B2" Error "Keys are longer or shorter than their distractors, by the median over all single questions."
    Guessable "B4" Warning "A guesser that learns from the options alone, cross-validated, finds keys better than chance."
    Strategy "B5" Error "A fixed strategy finds keys better than chance."
    AbsoluteRates "B6" Error "Absolutes occur in distractors much more, or less, often than in \
                              keys."
    NearDuplicate "B7" Error "Two questions that ask nearly the same, unless they are of one family and show different things or have different keys."
    FewAnswers "B8" Error "Parameters that give fewer than six different right answers."
    ManyWaivers "B10" Error "More than 5% of the questions waive a rule."
    LongestSets "B12" Error "The longest options are the keys of multiple questions too often."
    AskNotOfType "S01" Error "An ask of a model that does not fit the type of the question."
    NoInstance "S02" Error "A simulated question whose model finds no situation within the bounds, or finds one too rarely."
    BadInstance "S03" Error "An instance of a simulated question that contradicts itself or breaks a limit of figures."
    Unbalanced "S04" Warning "An option or a rank is right more often than by chance in the instances of a simulated question, so people who know that need not read the figure."
    TooLikeOneAnother "S05" Warning "A simulated question with too few different situations or answers: people will remember them."
    SlowDraw "S06" Warning "Instances of a simulated question that take more than 20 ms to draw."
}

#[cfg(test)]
mod tests {
    use super::DiagnosticCode;

    #[test]
    fn every_code_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<_> =
            DiagnosticCode::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), DiagnosticCode::ALL.len());
    }
}
