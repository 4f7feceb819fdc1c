//! Formulas of numeric questions: `+ - * / ^ ( )`, `min max ceil floor sqrt ln log2`, numbers and parameters.
//!
//! Formulas come from decks, which are untrusted. A formula is compiled once into a flat list in
//! postfix order. Evaluation then takes one step per symbol, and no source can exceed the limits
//! on length and nesting.

mod parser;

/// A formula over a list of parameters.
#[derive(Clone, Debug)]
pub struct Formula {
    source: Box<str>,
    postfix: Box<[Op]>,
}

/// The reason why a formula was rejected, with its position.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FormulaError {
    /// The byte offset in the source, on a character boundary.
    pub at: usize,
    /// A sentence without the position; quoted source text is escaped.
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Op {
    Number(f64),
    /// The value of the parameter with this index.
    Param(usize),
    Negate,
    Call(Function),
    /// The minimum of this many values.
    Min(usize),
    Max(usize),
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Function {
    Ceil,
    Floor,
    Sqrt,
    Ln,
    Log2,
}

impl Formula {
    /// Compiles `source`, resolving names in `params`.
    ///
    /// `^` is right-associative and binds more tightly than a sign on its left: `-2^2` is -4, `2^-1` is 0.5.
    ///
    /// # Errors
    ///
    /// Anything but the operators, functions, numbers and `params`; a source of more than
    /// 1,000 bytes; nesting deeper than 64 levels.
    pub fn parse(source: &str, params: &[&str]) -> Result<Self, FormulaError> {
        Ok(Self {
            source: source.into(),
            postfix: parser::postfix(source, params)?.into(),
        })
    }

    /// Returns the formula of a fixed value.
    pub fn constant(value: f64) -> Self {
        Self {
            source: super::number::show(value).into(),
            postfix: [Op::Number(value)].into(),
        }
    }

    /// Returns true if it is only a number.
    pub fn is_constant(&self) -> bool {
        matches!(*self.postfix, [Op::Number(_)])
    }

    /// Evaluates the formula for `values`, in the order of the `params` it was parsed with.
    ///
    /// Undefined operations such as a division by zero give infinity or NaN; a missing value gives NaN.
    pub fn evaluate(&self, values: &[f64]) -> f64 {
        let mut stack: Vec<f64> = Vec::new();
        for op in &self.postfix {
            // The parser emits operands before their operator, so the stack is never empty here.
            let mut take = || stack.pop().unwrap_or(f64::NAN);
            let value = match *op {
                Op::Number(value) => value,
                Op::Param(index) => values.get(index).copied().unwrap_or(f64::NAN),
                Op::Negate => -take(),
                Op::Call(function) => function.of(take()),
                Op::Min(n) => (1..n).fold(take(), |least, _| pick(least, take(), f64::min)),
                Op::Max(n) => (1..n).fold(take(), |most, _| pick(most, take(), f64::max)),
                Op::Add => take() + take(),
                Op::Multiply => take() * take(),
                Op::Subtract => {
                    let right = take();
                    take() - right
                }
                Op::Divide => {
                    let right = take();
                    take() / right
                }
                Op::Power => {
                    let exponent = take();
                    take().powf(exponent)
                }
            };
            stack.push(value);
        }
        stack.pop().unwrap_or(f64::NAN)
    }

    /// Returns the source text.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns true if the formula uses the parameter with this index.
    pub fn uses(&self, index: usize) -> bool {
        self.postfix.contains(&Op::Param(index))
    }
}

impl Function {
    fn of(self, value: f64) -> f64 {
        match self {
            Function::Ceil => value.ceil(),
            Function::Floor => value.floor(),
            Function::Sqrt => value.sqrt(),
            Function::Ln => value.ln(),
            Function::Log2 => value.log2(),
        }
    }
}

/// Applies `by` unless an argument is NaN: `f64::min` and `f64::max` would hide it.
fn pick(a: f64, b: f64, by: fn(f64, f64) -> f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else {
        by(a, b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(source: &str) -> f64 {
        Formula::parse(source, &["n", "e"])
            .unwrap()
            .evaluate(&[20.0, 0.9])
    }

    fn error(source: &str) -> (usize, String) {
        let error = Formula::parse(source, &["n", "e"]).unwrap_err();
        (error.at, error.message)
    }

    #[test]
    fn arithmetic_binds_as_on_paper() {
        assert_eq!(value("1 + 2*3 - 4/2"), 5.0);
        assert_eq!(value("10 - 4 - 3"), 3.0);
        assert_eq!(value("2^3^2"), 512.0);
        assert_eq!(value("-2^2"), -4.0);
        assert_eq!(value("2^-1 * --4"), 2.0);
        assert_eq!(value("(1+2)*n"), 60.0);
        assert_eq!(value("720*e/(100-n)"), 8.1);
        assert_eq!(value("1.5e3 + 1_000 + .5 + 2E+1 + 1e-1"), 2520.6);
    }

    #[test]
    fn functions() {
        assert_eq!(value("min(3, 1+1, n) + max(n, 4)"), 22.0);
        assert_eq!(
            value("ceil(1.2) + floor(1.8) + sqrt(16) + log2(8) + ln(1)"),
            10.0
        );
    }

    #[test]
    fn what_is_undefined_is_returned_and_not_hidden() {
        assert_eq!(value("1/0"), f64::INFINITY);
        assert!(value("0/0").is_nan());
        assert!(value("min(0/0, 1)").is_nan());
        assert!(Formula::parse("n", &["n"]).unwrap().evaluate(&[]).is_nan());
    }

    #[test]
    fn used_parameters_are_known() {
        let formula = Formula::parse("2*e", &["n", "e"]).unwrap();
        assert_eq!(
            (formula.uses(0), formula.uses(1), formula.source()),
            (false, true, "2*e")
        );
    }

    #[test]
    fn errors_name_the_place_and_what_would_be_right() {
        assert_eq!(
            error("2 * m"),
            (
                4,
                "\"m\" is not a parameter of this question; it has n, e.".into()
            )
        );
        assert_eq!(
            error("2 n"),
            (
                2,
                "An operator (+ - * / ^) was expected here, not 'n'.".into()
            )
        );
        assert_eq!(
            error("(1+2"),
            (4, "A closing parenthesis was expected here.".into())
        );
        assert_eq!(
            error("1)"),
            (1, "This parenthesis was never opened.".into())
        );
        assert_eq!(
            error("1+"),
            (
                2,
                "The formula ends where a number, a parameter or ( was expected.".into()
            )
        );
        assert_eq!(error("min(1)"), (0, "min takes two values or more.".into()));
        assert_eq!(error("1+ln(1,2)"), (2, "ln takes one value, not 2.".into()));
        assert_eq!(
            error("system(1)"),
            (
                0,
                "\"system\" is not a function; there are min, max, ceil, floor, sqrt, ln and log2."
                    .into()
            )
        );
        assert_eq!(error("1e999").0, 0);
        assert_eq!(error("1 × 2").0, 2);
        for source in [
            "",
            "n.e",
            "1..2",
            "n = 2",
            "n; n",
            "\u{1b}[2J",
            "2e",
            "2e+",
            "1e+-3",
            ".",
        ] {
            error(source);
        }
    }

    #[test]
    fn depth_and_length_are_bounded() {
        for (open, close) in [("(", ")"), ("-", ""), ("2^", ""), ("sqrt(", ")")] {
            let nested = |n: usize| format!("{}1{}", open.repeat(n), close.repeat(n));
            assert!(Formula::parse(&nested(63), &[]).is_ok(), "{open}");
            assert!(error(&nested(64)).1.contains("64 levels"), "{open}");
        }
        assert!(Formula::parse(&format!("1{}", "+1".repeat(499)), &[]).is_ok());
        assert!(error(&"1+".repeat(100_000)).1.contains("200000 bytes"));
    }

    proptest! {
        #[test]
        fn nothing_written_in_a_deck_panics(source in "[-+*/^(),.0-9a-z_ é]{0,80}", values: [f64; 2]) {
            match Formula::parse(&source, &["n", "e"]) {
                Ok(formula) => { formula.evaluate(&values); }
                Err(error) => prop_assert!(source.is_char_boundary(error.at)),
            }
        }

        #[test]
        fn any_text_is_parsed_or_refused(source in any::<String>()) {
            if let Err(error) = Formula::parse(&source, &[]) {
                prop_assert!(source.is_char_boundary(error.at));
            }
        }
    }
}
